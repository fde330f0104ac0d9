"""A call of one of Alembic's operations: its arguments by name, and what a change is told as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runcrew_lint.domains.migrations.columns import Place
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.said import text_of
from runcrew_lint.domains.migrations.values import REST, Unknown, Value, unknown_of
from runcrew_lint.frozen import mutable

Fields = dict[str, Any]
Change = tuple[Kind, Fields]  # an operation's kind, and its fields as keyword arguments
MISSING = Unknown("the argument is missing")


@mutable
class Arguments:
    """A call's arguments by Alembic's own parameter names; `more` are those of a star parameter."""

    given: Mapping[str, Value]
    more: Sequence[Value]
    place: Place
    batch: Relation | None = None

    def get(self, name: str, otherwise: Value = None) -> Value:
        """An argument, or what it is when it is not given."""
        given = self.given
        return given[name] if name in given else given.get(REST, otherwise)

    def text(self, name: str, what: str) -> str:
        """A text that must be known."""
        return text_of(self.get(name, MISSING), what)

    def flag(self, name: str) -> bool:
        """Whether a flag is known to be on."""
        return self.get(name) is True

    def table(self, name: str = "table_name") -> Relation:
        """The table that is acted on: the batch's, else the argument's with its schema."""
        if self.batch is not None:
            return self.batch
        given = self.given
        if "schema" not in given and REST not in given and type(given.get(name)) is str:
            return Relation("", given[name])
        return Relation(self.schema(), self.text(name, "the table"))

    def schema(self, name: str = "schema") -> str:
        """The schema: "" where none is given, "?" where it can't be known."""
        value = self.get(name)
        if value is None:
            return ""
        return str(value) if isinstance(value, str) else "?"


def why(value: Value) -> str:
    """Why a value is not known."""
    unknown = unknown_of(value)
    return unknown.why if unknown else "it is not known"
