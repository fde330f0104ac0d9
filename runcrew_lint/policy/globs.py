"""The globs that a policy names files by."""

from __future__ import annotations

import re
from collections.abc import Iterable


def glob_pattern(glob: str) -> re.Pattern[str]:
    """A policy glob as a pattern on a POSIX path.

    `*` stays within a folder, `**` crosses them, a glob without a slash matches a name anywhere, and
    a folder's glob holds for all that is in it.
    """
    anchored = "/" in glob.rstrip("/")
    parts = []
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^]]+\]|.", glob.strip("/")):
        parts.append({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token) or _literal(token))
    head = "" if anchored else "(?:.*/)?"
    return re.compile(f"{head}{''.join(parts)}(?:/.*)?\\Z")


def _literal(token: str) -> str:
    if token[0] == "[" and len(token) > 2:
        inside = re.sub(r"[\\[]", r"\\\g<0>", token[1:-1]).replace("!", "^", token[1] == "!")
        return f"[{inside}]"
    return re.escape(token)


def matched(paths: Iterable[str], globs: Iterable[str]) -> frozenset[str]:
    """Those of the paths that one of the globs names."""
    patterns = [glob_pattern(glob) for glob in globs]
    return frozenset(path for path in paths if any(pattern.match(path) for pattern in patterns))
