"""What a file says to whoever reads it: without its comments, and without the places of anything.

Two texts that mean the same differ by comments and blanks alone. What a reader keeps as source text counts
with its comments: some texts that mean the same are taken for different ones, and never the other way round.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from runcrew_lint.documents.tree import plain
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_FENCED = lazily(r"(?ms)^ {0,3}(?:```|~~~).*?^ {0,3}(?:```|~~~)")


def meaning(source: Source) -> Any:
    """What the file says, as plain values; None for a format that nobody here reads.

    Errors:
        Unreadable, SyntaxError or RecursionError where it does not read.
    """
    for names, read in _READERS:
        if names.fullmatch(source.path):
            return read(source)
    return None


def _yaml(source: Source) -> Any:
    from runcrew_lint.documents import yaml

    return [plain(document) for document in yaml.parse_all(source)]


def _toml(source: Source) -> Any:
    from runcrew_lint.documents import toml

    return plain(toml.parse(source))


def _dockerfile(source: Source) -> Any:
    from runcrew_lint.documents import dockerfile

    read = dockerfile.parse(source)
    said = [(each.keyword, each.rest.text, _placeless(each.heredocs)) for each in read.instructions]
    return _placeless(read.directives), said


def _nginx(source: Source) -> Any:
    from runcrew_lint.documents import nginx

    return _placeless(nginx.parse(source))


def _hcl(source: Source) -> Any:
    from runcrew_lint.documents import hcl

    return _placeless(hcl.parse(source))


def _env(source: Source) -> Any:
    from runcrew_lint.documents import env

    return _placeless(env.parse(source))


def _sql(source: Source) -> Any:
    from runcrew_lint.documents import sql

    return [(each.kind, each.value) for each in sql.tokens(source.text)]


def _shell(source: Source) -> Any:
    from runcrew_lint.documents import shell

    return _leaves(source, shell.tree_of(source.text.encode("utf-8", "surrogatepass")))


def _script(source: Source) -> Any:
    from runcrew_lint.documents import typescript

    return _leaves(source, typescript.parse(source).root)


def _dart(source: Source) -> Any:
    from runcrew_lint.documents import dart

    return _leaves(source, dart.parse(source).root)


def _markdown(source: Source) -> Any:
    """What stands in fences: a comment there is shown."""
    return _FENCED.findall(source.text)


def _leaves(source: Source, root: Any) -> list[tuple[str, bytes]]:
    """What a tree of tree-sitter's holds, comments left out, with what stands between the leaves."""
    written = source.text.encode("utf-8", "surrogatepass")
    found, stack = [], [root]
    while stack:
        node = stack.pop()
        if "comment" in node.type:
            continue
        if not node.children:
            found.append((node.type, written[node.start_byte : node.end_byte]))
            continue
        stack.extend(reversed(node.children))
        ends = [node.start_byte, *(each.end_byte for each in node.children)]
        starts = [*(each.start_byte for each in node.children), node.end_byte]
        between = b"".join(written[end:start] for end, start in zip(ends, starts, strict=True))
        if between.strip():
            found.append((node.type, between))
    return found


def _placeless(value: Any) -> Any:
    """Any value of a reader as plain tuples, its spans left out."""
    if isinstance(value, Span):
        return None
    if is_dataclass(value):
        return tuple(_placeless(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, tuple | list):
        return tuple(map(_placeless, value))
    return value


_READERS: tuple[tuple[re.Pattern[str], Callable[[Source], Any]], ...] = tuple(
    (re.compile(rf"(?:.*/)?(?:{names})", re.IGNORECASE | re.DOTALL), read)
    for names, read in (
        (r"[^/]+\.pyi?", lambda source: ast.dump(ast.parse(source.text))),
        (r"[^/]+\.ya?ml", _yaml),
        (r"[^/]+\.toml", _toml),
        (r"(?:[^/]+\.)?(?:Docker|Container)file(?:\.[^/]+)?", _dockerfile),
        (r"[^/]+\.(?:conf|nginx)", _nginx),
        (r"[^/]+\.(?:tf|tfvars|hcl)", _hcl),
        (r"\.env(?:\.[^/]+)?|[^/]+\.env", _env),
        (r"[^/]+\.sql", _sql),
        (r"[^/]+\.(?:sh|bash)", _shell),
        (r"[^/]+\.[cm]?[jt]sx?", _script),
        (r"[^/]+\.dart", _dart),
        (r"[^/]+\.md", _markdown),
    )
)
