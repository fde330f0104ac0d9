"""infrastructure-unread: infrastructure that a program makes, which is not read here."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.facts import CloudKit
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault for the whole repository, at its first project of the CDK."""
    kits = repository.facts(CloudKit)
    if kits:
        first, *others = kits
        yield Fault(
            Place(first.path, first.span),
            f"the infrastructure is made by a {first.language} program of the AWS CDK, which is known "
            "only when it "
            "runs: no rule on databases, buckets, networks or alarms looked at it",
            related=tuple(Related(Place(each.path, each.span), "nor at this one") for each in others),
        )
