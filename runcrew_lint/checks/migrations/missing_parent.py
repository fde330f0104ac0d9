"""missing-parent: a revision that follows one that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.identifiers import nearest
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Note, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each parent or dependency that no file of the revision's environment is.

    A parent may be in a file beside the others that can't be read, or is named for it and no revision:
    that is another rule's. Where the environment has revisions that this repository does not hold, it may
    be among them: it is told at info.
    """
    del policy
    paths = repository.worktree.paths
    for lineage in repository.derive(history_of).lineages:
        unread = _unread(lineage, paths)
        for migration, missing, word in lineage.missing:
            if not lineage.unread and not any(missing in name for name in unread):
                yield _fault(lineage, migration, missing, word)


def _unread(lineage: Lineage, paths: Sequence[str]) -> list[str]:
    """The names of the other Python files in the lineage's folders."""
    read = {each.path for each in lineage.migrations}
    folders = {each.rpartition("/")[0] for each in read}
    python = (path for path in paths if path.endswith(".py") and path.rpartition("/")[0] in folders)
    return [path.rpartition("/")[2].removesuffix(".py") for path in python if path not in read]


def _fault(lineage: Lineage, migration: Migration, missing: str, word: str) -> Fault:
    parent = word == "down_revision"
    place = Place(migration.path, migration.down_revision_span if parent else migration.depends_on_span)
    outside = lineage.outside
    if not outside and not parent and not lineage.setups:
        outside = "the environment that loads this folder"
    if outside:
        return Fault(
            place,
            f"{word} names {missing}, which is not in this repository: whether it exists can't be known here",
            help=f"make sure that {missing} comes with it",
            notes=(Note("elsewhere", f"more revisions come from {outside}"),),
            severity=Severity.INFO,
        )
    shown = missing or "''"
    meant = nearest(missing, (*lineage.by_revision, *(() if parent else lineage.labels)))
    near = lineage.by_revision.get(lineage.labels.get(meant, meant))
    related = (Related(Place(near.path, near.revision_span), f"{meant} is here"),) if near is not None else ()
    return Fault(
        place,
        f"{word} names {shown}, a revision that no file here is, so Alembic can't load the history",
        related=related,
        notes=(Note("environment", f"{lineage.name}, {len(lineage.migrations)} revisions"),),
        help=f"write {meant!r}" if meant else "",
    )
