"""applied-revision-removed: a revision that others have run already is gone."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from runcrew_lint.domains.fact import Base
from runcrew_lint.domains.migrations.edited import revision_in
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 5


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault an environment that has lost revisions which the base has; no `--since`, no base.

    A revision that lies in another file now is not gone. An environment that is gone as a whole leaves no
    file to point at.
    """
    del policy
    base = repository.worktree.base
    if base is None:
        return
    lineages = repository.derive(history_of).lineages
    here = {each.revision for lineage in lineages for each in lineage.migrations}
    there = frozenset(repository.worktree.paths)
    for lineage in lineages:
        gone = [(path, name) for path, name in _gone(lineage, base, there) if name not in here]
        if gone:
            yield _fault(lineage, gone, base)


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
    shown = [path for path, _ in gone[:_SHOWN]]
    if len(gone) > _SHOWN:
        shown.append(f"{len(gone) - _SHOWN} more")
    return Fault(
        Place(place.path, place.down_revision_span if after else place.revision_span),
        f"{first}{more}, which {base.name} has, {have} gone: a database that stands there can't be "
        "upgraded any more, Alembic does not find where it is",
        notes=(Note("gone", ", ".join(shown)),),
    )
