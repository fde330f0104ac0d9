"""security-definer-search-path: a function with its owner's rights finds its tables by its caller's path."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._order import behind
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_PATH = "set search_path"
_ALTERED = ("alter function", "alter procedure", "alter routine")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each function that becomes SECURITY DEFINER and is left without a search path of its own.

    SET search_path FROM CURRENT sets one; TO DEFAULT does not. An ALTER later in the revision may set it.
    """
    history = repository.derive(history_of)
    for step in judged_steps(history, policy, Kind.CREATE_FUNCTION, Kind.OTHER):
        operation = step.operation
        if operation.kind is Kind.OTHER and operation.words not in _ALTERED:
            continue
        if _is_definer(operation) and not _has_path(operation) and not _is_mended(step):
            yield told(
                step,
                f"{operation.name} runs with its owner's rights and finds names by its caller's search path: "
                "whoever may create a table or function there runs as the owner",
            )


def _is_definer(operation: Operation) -> bool:
    return ("security", "definer") in operation.options


def _has_path(operation: Operation) -> bool:
    path = dict(operation.options).get(_PATH)
    return path is not None and path.strip().lower() not in ("default", "to default", "= default")


def _is_mended(step: Step) -> bool:
    """Whether a later ALTER of the revision gives the function its path."""
    return any(
        each.kind is Kind.OTHER
        and each.words in _ALTERED
        and each.name == step.operation.name
        and _has_path(each)
        for each in behind(step.operation, step.migration.upgrade)
    )
