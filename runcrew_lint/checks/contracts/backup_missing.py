"""backup-missing: no schedule dumps the database into object storage."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Purpose
from runcrew_lint.domains.containers.stores import short_name, store_of
from runcrew_lint.domains.contracts.databases import Role, Server, servers_of
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_STORED = lazily(
    r"\bs3\b|s3://|s3api|s3cmd|gsutil|gs://|gcloud\s+storage|azcopy|az\s+storage|rclone|restic|wal-g|pgbackrest|barman"
    r"|\bmc\s+(?:cp|mirror|pipe)|b2\s+upload|r2\b|object.?stor"
)
_OUT = (Action.DEPLOY, Action.MIGRATE, Action.COPY)
_KEEPERS = lazily(r"backup|wal-g|pgbackrest|barman")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a repository that runs its own production database and migrates or deploys from here."""
    # Of a managed database's backups, database-unprotected speaks.
    production = (each for each in repository.derive(servers_of) if each.role is Role.PRODUCTION)
    servers = [each for each in production if not each.managed]
    if not servers or _kept(repository):
        return
    found = repository.derive(delivery_map_of)
    out = any(each.action in _OUT for each in found.edges)
    if not out:
        return
    dumps = [
        each for each in found.edges if each.occasion.event == "schedule" and each.action is Action.BACKUP
    ]
    stored = [each for each in dumps if _is_stored(each, repository)]
    if stored:
        return
    yield _fault(servers[0], dumps)


def _is_stored(dump: Edge, repository: Repository) -> bool:
    """Whether the job of a dump names object storage; what a script or another program does is not known."""
    if dump.script is not None or dump.did.tool not in ("pg_dump", "pg_dumpall"):
        return True
    jobs = [
        job for each in repository.facts(Workflow) for job in each.jobs
        if Place(each.path, job.span) == dump.site.place
    ]  # fmt: skip
    said = [step.run.script if step.run else step.uses.value if step.uses else ""
            for job in jobs for step in job.steps]  # fmt: skip
    return not jobs or any(_STORED.search(each.lower()) for each in said)


def _kept(repository: Repository) -> bool:
    """Whether a service of the compose files keeps backups itself."""
    return any(
        store_of(service) is None and _KEEPERS.search(f"{service.name} {short_name(service)}")
        for project in repository.facts(ComposeProject)
        if project.purpose is not Purpose.TEST
        for service in project.services
    )


def _fault(server: Server, dumps: list[Edge]) -> Fault:
    if dumps:
        return Fault(
            dumps[0].at,
            f"`{dumps[0].command[:60]}` dumps the database every day and nothing sends the dump to object "
            "storage: it goes with the machine that it lies on",
            (Related(server.place, "the database"),),
            help="send it on: `pg_dump ... | aws s3 cp - s3://BUCKET/...`",
        )
    return Fault(
        server.place,
        f"{server.what} keeps production's data, and no scheduled workflow dumps it into object storage: "
        "a lost disk is a lost database",
        help="a workflow on `schedule` with `pg_dump ... | aws s3 cp - s3://BUCKET/...`",
    )
