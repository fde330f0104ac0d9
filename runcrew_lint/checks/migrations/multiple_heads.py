"""multiple-heads: a history that ends in more than one place."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.graph import free_bases, histories
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault for each environment and branch with several heads, at the youngest of them.

    Heads of different labelled branches are meant to live side by side. Where a parent can't be
    known, so can't the heads. Heads that come from different bases are multiple-bases'.
    """
    del policy
    for lineage in repository.derive(history_of).lineages:
        if not lineage.is_whole:
            continue
        for heads in _branches(lineage):
            if len(heads) > 1:
                yield _fault(lineage, heads)


def _branches(lineage: Lineage) -> list[list[Migration]]:
    found: dict[tuple[frozenset[str], str], list[Migration]] = {}
    apart = histories(lineage) if len(free_bases(lineage)) > 1 else {}
    for head in lineage.heads:
        named = (lineage.branch_of(head.revision), apart.get(head.revision, ""))
        found.setdefault(named, []).append(head)
    return list(found.values())


def _fault(lineage: Lineage, heads: list[Migration]) -> Fault:
    youngest, others = heads[-1], heads[:-1]
    names = ", ".join(each.revision for each in heads[:-1])
    parent = others[-1].revision
    return Fault(
        _place(youngest),
        f"{names} and {youngest.revision} are {'both' if len(others) == 1 else 'all'} heads, so "
        "`alembic upgrade head` refuses to run",
        related=tuple(Related(_place(each), f"{each.revision} is a head, too") for each in others),
        help=f"set down_revision to {parent!r} while this is not deployed, else run `alembic merge heads`",
        mend=_mend(lineage, youngest, parent),
    )


def _place(migration: Migration) -> Place:
    return Place(migration.path, migration.down_revision_span)


def _mend(lineage: Lineage, youngest: Migration, parent: str) -> MendRequest | None:
    """The first revision of the youngest branch, behind the other head."""
    others = lineage.up_to(parent)
    first = youngest
    while True:
        if len(first.down_revisions) != 1 or not first.parents_known:
            return None
        before = first.down_revisions[0]
        if before in others:
            break
        if before not in lineage.by_revision or len(lineage.children[before]) > 1:
            return None
        first = lineage.by_revision[before]
    told = (("parent", parent), ("was", before))
    return MendRequest("python_columns.reparented", _place(first), told)
