"""Changes of a column's type, for the rules that share them out among each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import is_empty, is_used
from runcrew_lint.checks.migrations._order import before
from runcrew_lint.checks.migrations._references import loosened
from runcrew_lint.domains.migrations.facts import Column, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.locks.casts import UTC_NAMES, ZONES_KEPT_SINCE, parse
from runcrew_lint.domains.migrations.locks.terms import casts_of
from runcrew_lint.domains.migrations.narrowing import missing_labels, narrowing
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.tuples import NamedTuple

_AT_ZONE = lazily(
    r"""\(*\s*"?(?P<column>\w+)"?(?:\s*::[\w ]*\w)?\s*+\)*+\s*+(?<=\s)"""
    r"""at\s+time\s+zone\s+'(?P<zone>[^']*)'\s*\)*\Z""",
    re.IGNORECASE,
)
_STAMPS = {"timestamp without time zone", "timestamp with time zone"}


class Retyping(NamedTuple):
    """A step that gives a column another type.

    Arguments:
        old: "" where it is not known.
        lost: what becomes of values that do not fit the new one, "" where all do.
    """

    step: Step
    column: Column
    old: str
    lost: str

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.step.operation.table}.{self.column.name}"

    @property
    def needless_zone(self) -> str:
        """The name of UTC in `USING column AT TIME ZONE 'UTC'` that the plain change could do without.

        Under TimeZone UTC the plain change means the same and writes nothing anew, from 12 on.
        """
        at_zone = _AT_ZONE.match(self.step.operation.text.strip())
        if at_zone is None or at_zone["column"] != self.column.name or self.step.major < ZONES_KEPT_SINCE:
            return ""
        if at_zone["zone"].strip().lower() not in UTC_NAMES or parse(self.column.type).name not in _STAMPS:
            return ""
        if self.old and {parse(self.old).name, parse(self.column.type).name} != _STAMPS:
            return ""
        return at_zone["zone"]


def retypings(repository: Repository, policy: Policy) -> Iterator[Retyping]:
    """Each change of a type in a table that may hold rows and was there before."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TYPE):
        if step.may_be_new_table or is_empty(step):
            continue
        column = step.operation.columns[0]
        state = step.schema.column(step.operation.table, column.name)
        known = state is not None and not {"*", "type"} & set(state.column.unknown)
        old = state.column.type if state is not None and known else ""
        old = old or step.operation.option("existing type")
        yield Retyping(step, column, old, _lost(step, column, old))


def is_waited_for(change: Retyping, policy: Policy) -> bool:
    """Whether others wait for the table."""
    return is_used(change.step, policy)


def _lost(step: Step, column: Column, old: str) -> str:
    said = loosened(step, column) if old else ""
    if said:
        return f"{said}, and the server refuses such a key (42804)"
    using = step.operation.text
    casts = casts_of(using, column.name) if using else ()
    if not old or not column.type or casts is None:
        return ""  # what an expression makes of a value is its author's care
    lost = narrowing(old, casts, column.type, step.schema)
    gone = missing_labels(old, casts, column.type, step.schema)
    return "" if lost and gone and set(gone) <= _cleared(step) else lost


def _cleared(step: Step) -> set[str]:
    """The texts that statements on the table's rows name before the step: they make room for the change."""
    return {
        text
        for each in before(step.operation, step.migration.upgrade)
        if each.kind in (Kind.UPDATE, Kind.DELETE) and each.table.key == step.operation.table.key
        for text in each.values
    }
