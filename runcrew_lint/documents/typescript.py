"""TypeScript and JavaScript as tree-sitter's grammar of TSX reads them; loaded only where somebody asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from runcrew_lint.documents import grammar
from runcrew_lint.text import Source

_COMMENTS = frozenset({"comment", "html_comment"})


class Tree(grammar.Tree):
    """A parsed file."""

    def at(self, start: int, end: int) -> Any:
        """The smallest node that covers these characters."""
        return self.root.descendant_for_byte_range(self.byte(start), self.byte(end))


def parse(source: Source) -> Tree:
    """The file's tree; what does not parse is in it as errors.

    Errors:
        Tangled where there are too many of them.
    """
    return Tree(source, _parser(source.path), (b"`", b"*/"))


def is_comment(node: Any) -> bool:
    """Whether a node is a comment."""
    return node is not None and node.type in _COMMENTS


@cache
def _parser_of(kind: str) -> Any:
    import tree_sitter
    import tree_sitter_typescript as scripts

    language = scripts.language_tsx() if kind == "tsx" else scripts.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(language))


def _parser(path: str) -> Any:
    # `<T>value` casts are TypeScript's alone, JSX everybody else's.
    return _parser_of("typescript" if path.endswith((".ts", ".mts", ".cts")) else "tsx")
