"""TypeScript and JavaScript as tree-sitter's grammar of TSX reads them; loaded only where somebody asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from runcrew_lint.text import Source

_COMMENTS = frozenset({"comment", "html_comment"})


class Tree:
    """A parsed file. Offsets are characters; tree-sitter's own are bytes."""

    def __init__(self, source: Source) -> None:
        self._bytes = source.text.encode("utf-8", "surrogatepass")
        self._plain = len(self._bytes) == len(source.text)
        self._text = source.text
        self.root: Any = _parser(source.path).parse(self._bytes).root_node

    def at(self, start: int, end: int) -> Any:
        """The smallest node that covers these characters."""
        return self.root.descendant_for_byte_range(self._to_bytes(start), self._to_bytes(end))

    def offset(self, at: int) -> int:
        """The character at a byte."""
        return at if self._plain else len(self._bytes[:at].decode("utf-8", "surrogatepass"))

    def text(self, node: Any) -> str:
        """A node's characters."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def _to_bytes(self, at: int) -> int:
        return at if self._plain else len(self._text[:at].encode("utf-8", "surrogatepass"))


def parse(source: Source) -> Tree:
    """The file's tree; what does not parse is in it as errors."""
    return Tree(source)


def is_comment(node: Any) -> bool:
    """Whether a node is a comment."""
    return node is not None and node.type in _COMMENTS


@cache
def _parser_of(kind: str) -> Any:
    import tree_sitter
    import tree_sitter_typescript as grammar

    language = grammar.language_tsx() if kind == "tsx" else grammar.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(language))


def _parser(path: str) -> Any:
    # `<T>value` casts are TypeScript's alone, JSX everybody else's.
    return _parser_of("typescript" if path.endswith((".ts", ".mts", ".cts")) else "tsx")
