"""database-unprotected: a managed database without backups, encryption, or a guard against its deletion."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, Resource, is_off, is_true, modules_of, number
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_TYPES = ("aws_db_instance", "aws_rds_cluster")
_NO_SNAPSHOT = "leaves no snapshot when it is destroyed"
_SOURCES = ("replicate_source_db", "replication_source_identifier")


def check(repository: Repository, policy: Policy, *, days: int = 7) -> Iterator[Fault]:
    """One fault a database, at the first attribute that is wrong or at its head, naming all that is."""
    for module in repository.derive(modules_of):
        for resource in module.of(*_TYPES):
            wrong = list(_wrong(module, resource, days))
            if wrong:
                place = next((place for place, _ in wrong if place), resource.place)
                told = "; ".join(said for _, said in wrong)
                alone = Severity.WARNING if told == _NO_SNAPSHOT and _is_guarded(module, resource) else None
                yield Fault(place, f"{resource.type}.{resource.name} {told}", severity=alone)


def _is_guarded(module: Module, resource: Resource) -> bool:
    """Whether it may be that somebody must first take a guard away before it can be destroyed."""
    return not is_off(module.said(resource.block, "deletion_protection"), default=False)


def _wrong(module: Module, resource: Resource, days: int) -> Iterator[tuple[Place | None, str]]:
    block = resource.block

    def place(name: str) -> Place | None:
        attribute = block.attribute(name)
        return resource.at(attribute) if attribute else None

    # What is in a replica is in what it replicates, too, and is made anew from it.
    is_replica = any(map(block.attribute, _SOURCES))
    is_copy = is_replica or block.attribute("snapshot_identifier")
    kept = module.said(block, "backup_retention_period")
    default = 1 if resource.type == "aws_rds_cluster" else 0
    count = default if kept is None else number(kept)
    if count is not None and count < days and not is_replica:
        yield (
            place("backup_retention_period"),
            f"keeps its backups for {count} days, where a fault may be noticed later",
        )
    if is_off(module.said(block, "deletion_protection"), default=False) and not is_replica:
        yield (
            place("deletion_protection"),
            "has no deletion_protection, so one plan that replaces it drops the data",
        )
    if is_off(module.said(block, "storage_encrypted"), default=False) and not is_copy:
        yield (
            place("storage_encrypted"),
            "is not encrypted at rest, and can't be made so later without a copy",
        )
    if is_true(module.said(block, "publicly_accessible")):
        yield place("publicly_accessible"), "has an address on the internet"
    if is_true(module.said(block, "skip_final_snapshot")) and not is_replica:
        yield place("skip_final_snapshot"), _NO_SNAPSHOT
