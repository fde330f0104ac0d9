"""The mend of an enum that is made anew with more labels: ADD VALUE does it, and writes no table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.checks.migrations._mends import can_leave
from runcrew_lint.checks.migrations._repeating import once_only
from runcrew_lint.checks.migrations._together import is_behind_hidden, splits
from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation, Transaction
from runcrew_lint.domains.migrations.locks.terms import casts_of
from runcrew_lint.domains.migrations.quoting import qualified
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.states import TypeKind
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place


def enum_mend(step: Step) -> MendRequest | None:
    """The mend of a change of a column's type that is a part of it.

    The type is renamed away, made anew with its old labels and more, the columns are cast to it, and the old
    one is dropped. None where anything else stands in between, where something is done before that can't be
    done twice, since ADD VALUE is committed on its own, and where the old labels are not known.
    """
    migration, lineage = step.migration, step.lineage
    operations = migration.upgrade
    bounds = _bounds(operations, step.at)
    if bounds is None or migration.tool != "alembic" or not can_leave(lineage):
        return None
    first, last = bounds
    group = operations[first : last + 1]
    calls = {each.call for each in group}
    alone = not any(each.call in calls for each in (*operations[:first], *operations[last + 1 :]))
    if (
        not alone
        or not all(_is_part(each, group[1]) for each in group[2:-1])
        or not all(map(_is_plain, group))
    ):
        return None
    if (
        is_behind_hidden(migration, last)
        or splits(migration, first)
        or any(at < first for at in once_only(operations, group[0].conditions))
    ):
        return None
    statements = _added(lineage.steps(migration)[first][1], group[1])
    if not statements:
        return None
    told: tuple[tuple[str, Plain], ...] = (
        ("calls", tuple((each.start, each.end) for each in sorted(calls))),
        ("statements", tuple(statements)),
        ("begun", lineage.begun),
        ("guarded", bool(lineage.others)),
    )
    return MendRequest("python_enums.extended", Place(migration.path, step.operation.call), told)


def _bounds(operations: Sequence[Operation], at: int) -> tuple[int, int] | None:
    """Where the old type is renamed away before the step, and made anew right behind; where it is dropped."""
    for first in range(at - 2, -1, -1):
        renamed, made = operations[first], operations[first + 1]
        if (
            renamed.kind is Kind.ALTER_TYPE_OBJECT
            and renamed.words == "rename to"
            and renamed.target is not None
        ):
            if made.kind is not Kind.CREATE_TYPE or made.words != "enum" or made.name != renamed.name:
                return None
            gone = renamed.target.name
            for last in range(at + 1, len(operations)):
                each = operations[last]
                if each.kind is Kind.DROP_TYPE and each.name.rpartition(".")[2] == gone:
                    return first, last
            return None
    return None


def _is_part(each: Operation, made: Operation) -> bool:
    """Whether it casts a column to the new type, label by label."""
    if each.kind is not Kind.ALTER_TYPE:
        return False
    (column, *others) = each.columns
    is_cast = not each.text or casts_of(each.text, column.name) is not None
    return not others and is_cast and column.type.rpartition(".")[2] == made.name.rpartition(".")[2]


def _is_plain(each: Operation) -> bool:
    once = not each.repeats and not each.helper and not each.conditions
    return once and each.transaction is Transaction.MIGRATION


def _added(before: Schema, made: Operation) -> list[str]:
    """The statements that make the old labels the new ones; none where that takes more than adding some."""
    schema, _, name = made.name.rpartition(".")
    relation = Relation(schema, name)
    known = before.type(relation)
    if known is None or known.kind is not TypeKind.ENUM or not known.made_in:
        return []
    old = list(known.labels)
    if [each for each in made.values if each in old] != old or len(set(made.values)) != len(made.values):
        return []
    return list(_statements(qualified(relation), old, made.values))


def _statements(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for at, label in enumerate(new):
        if label not in old:
            beside = f"AFTER {_text(new[at - 1])}" if at else f"BEFORE {_text(old[0])}" if old else ""
            yield f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS {_text(label)} {beside}".strip()


def _text(label: str) -> str:
    return "'{}'".format(label.replace("'", "''"))
