"""Dart as tree-sitter's grammar reads it; loaded only where somebody asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from runcrew_lint.text import Source, Span


class Tree:
    """A parsed file. Offsets are characters; tree-sitter's own are bytes."""

    def __init__(self, source: Source) -> None:
        self._bytes = source.text.encode("utf-8", "surrogatepass")
        self._plain = len(self._bytes) == len(source.text)
        self.root: Any = _parser().parse(self._bytes).root_node

    def span(self, node: Any) -> Span:
        """A node's place."""
        return Span(self._offset(node.start_byte), self._offset(node.end_byte))

    def text(self, node: Any) -> str:
        """A node's characters."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def _offset(self, at: int) -> int:
        return at if self._plain else len(self._bytes[:at].decode("utf-8", "surrogatepass"))


def parse(source: Source) -> Tree:
    """The file's tree; what does not parse is in it as errors."""
    return Tree(source)


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_dart

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_dart.language()))
