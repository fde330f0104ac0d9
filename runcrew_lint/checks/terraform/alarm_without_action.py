"""alarm-without-action: an alarm that turns red where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.terraform._alarms import alarms
from runcrew_lint.documents.hcl import Kind
from runcrew_lint.domains.terraform.modules import is_off
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each alarm without alarm_actions, with none in the list, or with its actions switched off.

    One that scales something or feeds a composite alarm has what it is for elsewhere.
    """
    for module, alarm in alarms(repository):
        actions = module.said(alarm.block, "alarm_actions")
        empty = actions is None or (actions.kind is Kind.LIST and not actions.items)
        off = is_off(module.said(alarm.block, "actions_enabled"), default=True)
        if not (empty or off) or any(True for _ in module.refers(alarm, "aws_cloudwatch_composite_alarm")):
            continue
        said = alarm.block.attribute("actions_enabled" if off else "alarm_actions")
        lack = "has its actions switched off" if off else "has no alarm_actions"
        yield Fault(
            alarm.at(said) if said else alarm.place,
            f"{alarm.name} {lack}, so it turns red in a console that nobody has open",
        )
