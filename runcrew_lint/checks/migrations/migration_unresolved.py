"""migration-unresolved: what of a revision no rule can judge, and why."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.files import is_data
from runcrew_lint.domains.migrations.facts import NOWHERE, RUNS, ForeignMigration, Kind, Migration
from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.domains.migrations.identifiers import nearest
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.scripts import lone_ways_back
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each part of a revision that can't be known without running it.

    A `migrations.after` of the policy that names no revision is told here, too: it settles nothing, and
    which revisions it meant can't be known.
    """
    history = repository.derive(history_of)
    yield from _settled_nowhere(history, policy.migrations.after)
    for left in history.left:
        more = f"the {left.count} scripts of {left.folder or '.'} are" if left.count > 1 else "this script is"
        yield Fault(Place(left.first, NOWHERE), f"{more} not judged: {left.why}", help=left.help)
    scripts = [each for lineage in history.lineages for each in lineage.order if each.tool != "alembic"]
    if scripts:
        for path in lone_ways_back(repository.worktree.paths, scripts):
            yield Fault(
                Place(path, NOWHERE),
                "this script takes back one that is not here, so it is not read and no rule judges it",
                help="bring back the script that it belongs to, or delete it",
            )
    yield from _foreign(repository)
    for lineage in history.lineages:
        if lineage not in history.postgres and lineage.migrations:
            yield _elsewhere(lineage)
    for lineage in history.postgres:
        yield from _behind_unread(lineage)
        for migration in lineage.judged(policy.migrations.after):
            # A helper that both directions call is told once.
            for each in {(each.span, each.what): each for each in migration.unresolved}.values():
                follows = "it is judged as if it did" if each.what == RUNS else "no rule judges it"
                place = migration.place(each.span, each.direction)
                yield Fault(place, f"{each.what} can't be known here ({each.why}), so {follows}")
            yield from _columns(migration)


def _foreign(repository: Repository) -> Iterator[Fault]:
    """The first migration of each tool that is not read."""
    found: dict[str, list[str]] = {}
    for each in repository.facts(ForeignMigration):
        if not is_data(each.path):
            found.setdefault(each.whose, []).append(each.path)
    for whose, paths in found.items():
        what = f"these {len(paths)} migrations are" if len(paths) > 1 else "this migration is"
        yield Fault(
            Place(min(paths), NOWHERE),
            f"{what} not judged ({whose}): what happens to the database is not known here",
            help="look at the locks of each by hand, or have the tool write out its SQL and lint that",
        )


def _behind_unread(lineage: Lineage) -> Iterator[Fault]:
    """The first revision behind a file that could not be read."""
    behind = lineage.behind_unread
    if behind:
        more = f" and the {len(behind) - 1} after it do" if len(behind) > 1 else " does"
        yield Fault(
            Place(behind[0].path, behind[0].down_revision_span),
            f"what this revision{more} to older tables is not judged: {', '.join(lineage.unread)} "
            "could not be read, and may have changed them before",
        )


def _elsewhere(lineage: Lineage) -> Fault:
    """A history that another database runs, as its folder or its settings say."""
    of = lineage.dialect
    settled = [each for each in lineage.setups if of in (each.dialect, each.types)]
    if any(each.dialect == "?" for each in lineage.setups):  # then the settings' URL does not count
        settled = [each for each in settled if each.path.endswith(".py")]
    brought = [each for each in lineage.setups if each.drivers == of]
    setup = next(iter([*settled, *brought]), None)
    count = len(lineage.migrations)
    revisions = f"{count} revision{'s' * (count > 1)}"
    said = f"the {revisions} lie in a folder that is named for {of}"
    if setup is not None:
        does = "the project around it installs and starts no other database than"
        if setup in settled:
            does = "it connects to" if setup.dialect == of else "it imports the types of"
        said = f"this is what {revisions} run with, and {does} {of}"
    return Fault(
        Place(setup.path if setup is not None else lineage.migrations[0].path, NOWHERE),
        f"{said}: what is true of PostgreSQL alone (locks, rewrites, transactions) is not judged",
        help="" if setup is None else "if another database runs them in the end, let env.py name it",
    )


def _settled_nowhere(history: History, after: str) -> Iterator[Fault]:
    """The policy's `migrations.after`, where no history has such a revision."""
    known = [each for lineage in history.lineages for each in lineage.order]
    if not after or not known or any(each.revision == after for each in known):
        return
    settings = [
        each.path
        for lineage in history.lineages
        for each in sorted(lineage.setups, key=lambda setup: setup.path)
        if each.sections
    ]
    place = Place(settings[0], NOWHERE) if settings else Place(known[0].path, known[0].revision_span)
    meant = nearest(after, (each.revision for each in known))
    yield Fault(
        place,
        f"the policy's migrations.after names {after}, which is no revision here, so it settles none of them "
        "and all are judged",
        help=f"write {meant!r} there" if meant else "name the last revision that is settled",
    )


def _columns(migration: Migration) -> Iterator[Fault]:
    """Added columns of which it is not known whether they are required, or have a default."""
    for operation in migration.upgrade:
        if operation.kind is not Kind.ADD_COLUMN:
            continue
        column = operation.columns[0]
        for attribute, what in (("nullable", "is NOT NULL"), ("default", "has a server default")):
            if attribute in column.unknown and not (attribute == "default" and column.nullable):
                name = f"{operation.table}.{column.name}"
                yield Fault(
                    Place(migration.path, operation.span),
                    f"whether {name} {what} can't be known here, so no rule judges it",
                )
