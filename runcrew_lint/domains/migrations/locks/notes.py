"""An effect in words: the notes of a finding."""

from __future__ import annotations

from collections.abc import Iterable

from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.domains.migrations.locks.effect import Effect
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.finding import Note

_SHOWN = 4


def effect_notes(effect: Effect, schema: Schema, revision: str, major: int) -> tuple[Note, ...]:
    """The locks that others wait for, what is rewritten and read under them, and what can't be known.

    Arguments:
        schema: the one just before the statement.
        revision: the one that runs: nobody waits for what it made itself.
        major: PostgreSQL's.
    """
    return tuple(_notes(effect, schema, revision, major))


def _notes(effect: Effect, schema: Schema, revision: str, major: int) -> Iterable[Note]:
    tables = {
        name: mode
        for name, mode in effect.locks.items()
        if schema.table_of_index(name) is None and not _is_new(name, schema, revision)
    }
    strongest = max(tables.values(), default=None)
    felt = sorted({mode for mode in tables.values() if mode.blocks_writes or mode is strongest}, reverse=True)
    for mode in felt:
        names = [_with_origin(name, schema) for name, each in tables.items() if each is mode]
        yield Note("lock", f"{mode} on {_joined(names)}, PostgreSQL {major}: {_waiting(mode)}")
    indexes = [name for name in effect.rebuilds if not _is_new(name, schema, revision)]
    rewritten = sorted(name for name in effect.rewrites if name in tables)
    if rewritten:
        with_indexes = f" with {_count(len(indexes), 'index', 'indexes')}" if indexes else ""
        yield Note("rewrite", f"{_joined(map(str, rewritten))}{with_indexes}, under that lock")
    elif indexes:
        yield Note("rebuild", f"{_joined(map(str, sorted(indexes)))}, under that lock")
    scanned = sorted(name for name in effect.scans if name in tables and name not in effect.rewrites)
    if scanned:
        yield Note("scan", f"all rows of {_joined(map(str, scanned))}, under that lock")
    for doubt in effect.doubts:
        yield Note(f"may {doubt.what}", f"{doubt.relation}: {doubt.why}")


def _waiting(mode: LockMode) -> str:
    return f"{mode.blocks} wait" if mode.blocks else "reads and writes go on"


def _is_new(name: Relation, schema: Schema, revision: str) -> bool:
    table = schema.table(name)
    if table is not None:
        return bool(revision) and table.made_in == revision
    index = schema.index(name)
    return index is not None and bool(revision) and index.made_in == revision


def _with_origin(name: Relation, schema: Schema) -> str:
    table = schema.table(name)
    return f"{name} (created in {table.made_in})" if table is not None and table.made_in else str(name)


def _joined(names: Iterable[str]) -> str:
    listed = list(names)
    if len(listed) > _SHOWN:
        return f"{', '.join(listed[:_SHOWN])} and {len(listed) - _SHOWN} more"
    return " and ".join(filter(None, (", ".join(listed[:-1]), *listed[-1:])))


def _count(number: int, one: str, many: str) -> str:
    return f"its {one}" if number == 1 else f"{number} {many}"
