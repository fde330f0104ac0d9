"""What the rules on alarms share."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, Resource, modules_of
from runcrew_lint.repository import Repository


def alarms(repository: Repository) -> Iterator[tuple[Module, Resource]]:
    """Every alarm of CloudWatch with its module."""
    for module in repository.derive(modules_of):
        for each in module.of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"):
            yield module, each
