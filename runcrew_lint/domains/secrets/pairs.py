"""A name and the value that a file gives it: what every format's reader answers with."""

from __future__ import annotations

from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Pair(NamedTuple):
    """`value` as the reading program has it, `span` its characters in the file, quotes not included.

    `keys` lead to it in a document (mapping keys, table headers, classes), outermost first.
    """

    name: str
    value: str
    span: Span
    keys: tuple[str, ...] = ()
