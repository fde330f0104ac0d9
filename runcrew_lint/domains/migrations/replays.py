"""Histories, played through: each operation with the schema just before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from runcrew_lint.domains.migrations.facts import NOWHERE, Kind, Migration, Operation
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.schema import Schema, Setting
from runcrew_lint.tuples import NamedTuple

END = Operation(Kind.OTHER, NOWHERE)  # stands behind a revision's last operation, with the schema it leaves
Steps = tuple[tuple[Operation, Schema], ...]


class Played(NamedTuple):
    """A revision, and the steps that its upgrade takes, END among them."""

    migration: Migration
    steps: Steps


class _Replay(NamedTuple):
    settings: Mapping[str, Setting]
    naming: Mapping[str, str]
    played: tuple[Played, ...]


class Replays:
    """The last replay of each history: where a revision changes, those before it are not played again.

    A process that judges again and again hands it from run to run.
    """

    def __init__(self) -> None:
        self._last: dict[str, _Replay] = {}

    def of(
        self,
        name: str,
        order: Sequence[Migration],
        settings: Mapping[str, Setting],
        naming: Mapping[str, str],
    ) -> tuple[Played, ...]:
        """A history's revisions, in their order.

        Arguments:
            name: tells histories of one repository apart.
            settings: what holds on the connection before each revision.
            naming: the naming convention, by kind of constraint.
        """
        last = self._last.get(name)
        stands = last.played if last and (last.settings, last.naming) == (settings, naming) else ()
        played: list[Played] = []
        for migration, known in zip_longest(order, stands[: len(order)]):
            if known is None or known.migration is not migration:
                break
            played.append(known)
        schema = played[-1].steps[-1][1] if played else Schema()
        played += _played(order[len(played) :], schema, settings, naming)
        self._last[name] = _Replay(settings, naming, tuple(played))
        return self._last[name].played


def _played(
    order: Iterable[Migration], schema: Schema, settings: Mapping[str, Setting], naming: Mapping[str, str]
) -> Iterable[Played]:
    for migration in order:
        steps = []
        schema = schema.entering(migration.revision, settings)
        for operation in migration.upgrade:
            steps.append((operation, schema))
            schema = schema.after(named(operation, naming), migration.revision)
        yield Played(migration, (*steps, (END, schema)))
