"""alarms-missing: a database, a service or a load balancer of production that no alarm watches."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, modules_of, texts
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# What runs, the namespace of its metrics, and what an alarm on it would tell.
_WATCHED = (
    (("aws_db_instance", "aws_rds_cluster"), "AWS/RDS", "", "the database runs out of space or connections"),
    (("aws_ecs_service",), "AWS/ECS", "", "the service has used up its processor or memory"),
    (("aws_lb", "aws_alb"), "AWS/ApplicationELB", "5XX", "the load balancer answers with errors"),
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a kind of resource, at the first of it, where no alarm of any folder reads its metrics.

    Silent where an alarm is made by a module from elsewhere, or its namespace is a variable.
    """
    modules = repository.derive(modules_of)
    namespaces = [text for module in modules for text in _alarms(module)]
    if any("AWS/" not in each for each in namespaces) or any(map(_buys_alarms, modules)):
        return
    for types, namespace, metric, harm in _WATCHED:
        first = next((each for module in modules for each in module.of(*types)), None)
        watched = any(namespace in each and metric in each.upper() for each in namespaces)
        if first is not None and not watched:
            yield Fault(
                first.place,
                f"no alarm reads {namespace}{f' for {metric}' if metric else ''}, so users tell the "
                f"team when {harm}",
            )


def _alarms(module: Module) -> Iterator[str]:
    for alarm in module.of("aws_cloudwatch_metric_alarm"):
        yield " ".join(texts(alarm.block))


def _buys_alarms(module: Module) -> bool:
    """Whether a module from elsewhere may make alarms."""
    return any(
        block.kind == "module"
        and any(word in " ".join(texts(block)).lower() for word in ("alarm", "monitor", "datadog"))
        for file in module.files
        for block in file.blocks
    )
