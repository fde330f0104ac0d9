"""How a file's format marks a comment, by the file's name."""

from __future__ import annotations

import re

from runcrew_lint.patterns import lazily

HASH, SLASH, DASH, MARKUP = "#", "//", "--", "<!--"
_MARKS = {
    **dict.fromkeys(("ts", "tsx", "js", "jsx", "mjs", "cjs", "json", "jsonc", "json5", "dart", "go"), SLASH),
    **dict.fromkeys(("java", "kt", "kts", "gradle", "swift", "groovy", "xcconfig"), SLASH),
    **dict.fromkeys(("md", "mdx", "html", "xml", "plist", "svg", "vue"), MARKUP),
    "sql": DASH,
}
# Where a line with a `#` is certain to be a comment; elsewhere one is read as such, and none is written.
_HASHED = lazily(
    r"(?:.*/)?(?:[^/]+\.(?:py|pyi|ya?ml|toml|sh|bash|zsh|rb|tf|tfvars|hcl|conf|nginx|env|mk|just|properties|ini|cfg)"
    r"|\.env(?:\.[^/]+)?|(?:[^/]+\.)?(?:Docker|Container)file(?:\.[^/]+)?|(?:GNU)?makefile|\.?justfile|Procfile"
    r"|Gemfile|CODEOWNERS|\.[\w-]*ignore|(?:[^/]*[._-])?requirements(?:[._-][^/]*)?\.txt)\Z",
    re.IGNORECASE,
)
_WITHOUT = (
    "json",
    "mdx",
    "vue",
)  # what some tool reads strictly, or of which we can't tell where one may stand


def mark_of(path: str) -> str:
    """What a comment begins with, where a file of this name has any."""
    return _MARKS.get(_extension(path), HASH)


def comment(path: str, words: str) -> str | None:
    """A line of a file that is a comment; None where its format has none, or nobody here knows it."""
    mark, extension = mark_of(path), _extension(path)
    if extension in _WITHOUT or (mark == HASH and not _HASHED.match(path)):
        return None
    return f"{mark} {words} -->" if mark == MARKUP else f"{mark} {words}"


def _extension(path: str) -> str:
    return path.rpartition(".")[2].lower()
