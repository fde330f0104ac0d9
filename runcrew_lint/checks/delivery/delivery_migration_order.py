"""A deploy whose migration is missing, comes too late, or can be skipped."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.facts import MigrationRunner
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import touches
from runcrew_lint.domains.delivery.sequence import Order, Run, is_push, order_of, runs_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a deploy of the backend, in a repository that Alembic migrates."""
    edges = repository.derive(delivery_map_of).edges
    elsewhere = any(_is_real(each) for each in edges if each.action is Action.MIGRATE)
    found = list(_faults(edges, policy, elsewhere))
    if not found or not repository.has("AlembicEnvironment"):  # few repositories need to be searched for it
        return
    if not elsewhere and repository.facts(MigrationRunner):
        found = list(_faults(edges, policy, True))
    yield from found


def _faults(edges: tuple[Edge, ...], policy: Policy, elsewhere: bool) -> Iterator[Fault]:
    seen: set[object] = set()
    for run in runs_of(edges):
        if not is_push(run.occasion):
            continue
        for deploy in _deploys(run):
            fault = _judged(run, deploy, policy, elsewhere)
            if fault and (deploy.call, deploy.step) not in seen:
                seen.add((deploy.call, deploy.step))
                yield fault


def _deploys(run: Run) -> tuple[Edge, ...]:
    """The last deploy of the backend of each job: those before it may only start a database."""
    last = {each.site.id: each for each in run.of(Action.DEPLOY) if each.did.part == "backend"}
    return tuple(last.values())


def _is_real(edge: Edge) -> bool:
    """Whether it migrates a database that stays: one that the job brings along does not."""
    return not edge.site.database or edge.did.target.is_unknown


def _judged(run: Run, deploy: Edge, policy: Policy, elsewhere: bool) -> Fault | None:
    own = touches(deploy, policy)
    migrations = [
        each
        for each in run.of(Action.MIGRATE)
        if _is_real(each) and (own is Reach.UNSAID or touches(each, policy) in (own, Reach.UNSAID))
    ]
    before = [each for each in migrations if order_of(each, deploy) is Order.BEFORE]
    if before:
        told = [_skipped(each, deploy) for each in before]
        return None if None in told else told[0]
    after = [each for each in migrations if order_of(each, deploy) is Order.AFTER]
    if after:
        return _late(deploy, after[0])
    if migrations:
        return _beside(deploy, migrations[0])
    if elsewhere or run.of(Action.UNKNOWN):
        return None
    return Fault(
        deploy.at,
        f"{deploy.when} deploys with `{short(deploy)}` and nothing runs the migrations: new "
        "code meets the old schema",
        tuple(way(deploy)),
        help="run `alembic upgrade head` before the new version is rolled out",
        severity=None if deploy.sure else Severity.WARNING,
    )


def _late(deploy: Edge, migration: Edge) -> Fault:
    return Fault(
        deploy.at,
        f"the new version is rolled out here before `{short(migration)}` has run: until then it works on the "
        "old schema, and stays there if the migration fails",
        (*way(deploy), Related(migration.at, "the migration comes only here")),
        help="run the migration first, then roll out",
    )


def _beside(deploy: Edge, migration: Edge) -> Fault:
    return Fault(
        deploy.at,
        f"the job `{deploy.site.id}` rolls the new version out without waiting for `{migration.site.id}`, "
        "which runs the migrations: which of them comes first is chance",
        (*way(deploy), Related(migration.at, "the migration")),
        help=f"`needs: [{migration.site.id.rpartition(' / ')[2]}]` on the job that deploys",
    )


def _skipped(migration: Edge, deploy: Edge) -> Fault | None:
    """Where the deploy goes on although the migration did not run, or failed."""
    if migration.forgiven:
        return Fault(
            migration.at,
            f"`{short(migration)}` may fail and the deploy goes on: the new version then works on the old "
            "schema",
            (*way(migration), Related(deploy.at, "the deploy that goes on")),
            help="let the job fail: no `|| true`, no `continue-on-error`, no script without `set -e`",
        )
    anyway = deploy.anyway if migration.site.id == deploy.site.id else deploy.site.anyway
    if anyway:
        return Fault(
            deploy.at,
            f"this runs even where `{short(migration)}` has failed, since its condition asks for the status "
            "itself: the new version then works on the old schema",
            (*way(deploy), Related(migration.at, "the migration")),
            help="take `always()` off it, or ask for the migration's result",
        )
    doubts = migration.doubts - deploy.doubts - {migration.call}
    if doubts:
        place = min(doubts)
        return Fault(
            migration.at,
            f"a condition that is not known can skip `{short(migration)}` while the deploy goes on: where it "
            "does, the new version works on the old schema",
            (*way(migration), Related(place, "the condition"), Related(deploy.at, "the deploy that goes on")),
            help="run the migration on every deploy: it does nothing where there is nothing to do",
            severity=Severity.WARNING,
        )
    return None
