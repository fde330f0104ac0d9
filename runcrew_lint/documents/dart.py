"""Dart as tree-sitter's grammar reads it; loaded only where somebody asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from runcrew_lint.documents.grammar import Tree
from runcrew_lint.text import Source


def parse(source: Source) -> Tree:
    """The file's tree; what does not parse is in it as errors.

    Errors:
        Tangled where there are too many of them.
    """
    return Tree(source, _parser(), (b"*/", b"''';", b'""";'))


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_dart

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_dart.language()))
