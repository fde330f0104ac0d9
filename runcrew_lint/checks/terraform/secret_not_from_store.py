"""secret-not-from-store: a container's secret is an environment variable in its task definition."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.names import names_of
from runcrew_lint.domains.tasks.tasks import tasks_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_FAKE = frozenset(("fake", "dummy", "test", "none", "null", "unused"))
_FILLED = lazily(r"[${<]")  # what a pipeline replaces before it registers the task


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each entry of `environment` that a secret's name has; an empty or made-up value is none."""
    names = names_of(policy.secrets)
    for task in repository.derive(tasks_of):
        for container in task.containers:
            for entry in container.settings:
                value = entry.value.value
                if value == "" or names.named(entry.name) is None:
                    continue
                if (
                    value
                    and not _FILLED.search(value)
                    and (value.lower() in _FAKE or names.is_placeholder(value))
                ):
                    continue
                place = Place(task.path, entry.value.span)
                yield Fault(
                    place,
                    f"{entry.name} is in the task definition in the clear: everyone who may describe a task "
                    "or read this file has it, and a new value needs a new deployment",
                    veiled=(place,) if value is not None else (),
                )
