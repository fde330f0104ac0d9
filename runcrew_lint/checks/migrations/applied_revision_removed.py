"""applied-revision-removed: a revision that others have run already is gone."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from runcrew_lint.checks.migrations._remembered import remembers
from runcrew_lint.domains.fact import Base
from runcrew_lint.domains.migrations import script
from runcrew_lint.domains.migrations.edited import revision_in
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.scripts import order_of
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source

_SHOWN = 5
# The tools that hold all that has run against the scripts that are there, before they run anything.
_HOLDS = {
    "sqlx": "`sqlx migrate run`",
    "sql-migrate": "`sql-migrate up`",
    "supabase": "`supabase db push`",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault an environment that has lost revisions which the base has; no `--since`, no base.

    A revision that lies in another file now is not gone. An environment that is gone as a whole leaves no
    file to point at. Of scripts only those count whose tool remembers which of them have run.
    """
    base = repository.worktree.base
    if base is None:
        return
    lineages = repository.derive(history_of).lineages
    here = {each.revision for lineage in lineages for each in lineage.migrations}
    there = frozenset(repository.worktree.paths)
    for lineage in lineages:
        if any(each.tool != "alembic" for each in lineage.migrations):
            yield from _scripts(lineage, base, there, policy)
            continue
        gone = [(path, name) for path, name in _gone(lineage, base, there) if name not in here]
        if gone:
            yield _fault(lineage, gone, base)


class _AsItWas:
    """The base's files, as a reader asks for others."""

    def __init__(self, base: Base, policy: Policy) -> None:
        self._base, self.policy = base, policy

    def consult(self, path: str) -> Source | None:
        """Another file of the base."""
        return self._base.text(path) if path in self._base.paths else None


def _scripts(lineage: Lineage, base: Base, there: frozenset[str], policy: Policy) -> Iterator[Fault]:
    folder = lineage.migrations[0].folder
    here = {each.revision for each in lineage.migrations}
    reading = _AsItWas(base, policy)
    gone: list[Migration] = []
    for path in sorted(each for each in base.paths if each.endswith(".sql") and each not in there):
        source = base.text(path) if path.startswith(f"{folder}/" if folder else "") else None
        was = script.read(source, reading) if source is not None else None
        if was is not None and was.folder == folder and was.revision not in here and remembers(was):
            gone.append(was)
    if gone:
        first, more = gone[0], f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        place = next((each for each in lineage.order if each.path > first.path), lineage.order[-1])
        have, holds = "are" if more else "is", _stops(gone, lineage, base)
        old = holds or "a database that has run it keeps it"
        yield Fault(
            Place(place.path, place.upgrade_span),
            f"{first.revision}{more}, which {base.name} has, {have} gone: {old}, "
            "and a new one never gets what it did",
            notes=(_shown([each.path for each in gone]),),
        )


def _stops(gone: list[Migration], lineage: Lineage, base: Base) -> str:
    """How the tool stops on databases that have run what is gone, "" where it goes on.

    Flyway takes what comes behind its last script for one of the future. golang-migrate knows the version at
    which a database stands, and no others.
    """
    tool, last = gone[0].tool, max(order_of(each) for each in gone)
    if tool in _HOLDS:
        return f"{_HOLDS[tool]} stops on a database that has run it"
    if tool == "flyway" and min(order_of(each) for each in gone) < max(map(order_of, lineage.order)):
        return "`flyway migrate` stops on a database that has run it"
    older = [order_of(each) for each in lineage.order if each.path in base.paths]
    if tool == "golang-migrate" and all(each < last for each in older):
        return "`migrate up` stops on a database that stands there"
    return ""


def _gone(lineage: Lineage, base: Base, there: frozenset[str]) -> Iterator[tuple[str, str]]:
    folders = {dirname(each.path) for each in lineage.migrations}
    for path in sorted(base.paths):
        if path.endswith(".py") and path not in there and dirname(path) in folders:
            source = base.text(path)
            revision = revision_in(source) if source is not None else ""
            if revision:
                yield path, revision


def _fault(lineage: Lineage, gone: list[tuple[str, str]], base: Base) -> Fault:
    names = {name for _, name in gone}
    after = next((each for each in lineage.order if names.intersection(each.down_revisions)), None)
    place: Migration = after or lineage.order[-1]
    first = gone[0][1]
    more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    have = "are" if more else "is"
    return Fault(
        Place(place.path, place.down_revision_span if after else place.revision_span),
        f"{first}{more}, which {base.name} has, {have} gone: a database that stands there can't be "
        "upgraded any more, Alembic does not find where it is",
        notes=(_shown([path for path, _ in gone]),),
    )


def _shown(paths: list[str]) -> Note:
    more = (f"{len(paths) - _SHOWN} more",) if len(paths) > _SHOWN else ()
    return Note("gone", ", ".join((*paths[:_SHOWN], *more)))
