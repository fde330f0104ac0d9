"""logs-kept-forever: a log group without an end."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import modules_of, number
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each log group that says no retention_in_days, or 0, which means for ever."""
    for module in repository.derive(modules_of):
        for group in module.of("aws_cloudwatch_log_group"):
            said = group.block.attribute("retention_in_days")
            if said is None or number(module.value(said.value)) == 0:
                yield Fault(
                    group.at(said) if said else group.place,
                    f"{group.name} is kept for ever: its cost grows each month, and so does what it "
                    "holds of people",
                )
