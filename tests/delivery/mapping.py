"""The delivery map of files that lie in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from runcrew_lint.domains.delivery.calls import EAS
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source
from tests.workflows.reading import Files

POLICY = Policy(
    "test",
    branches=("main", "develop", "feature/*"),
    release_tags=("v*",),
    environments=(
        Environment("staging", "staging", branch="develop"),
        Environment("production", "production", tag="v*"),
    ),
)
READ = ("workflow", "eas-workflow", "package", "project", "recipes", "eas")


class Worktree:
    """Files without a repository around them."""

    is_git = False
    base = None

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths

    def is_tracked(self, path: str) -> bool:
        return path in self.paths

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        return frozenset(paths) & frozenset()


def repository(
    files: dict[str, str],
    policy: Policy = POLICY,
    kept: dict[type, Any] | None = None,
    more: tuple[str, ...] = (),
) -> Repository:
    """A repository of which the delivery map's kinds of facts are read, and `more`."""
    facts, read = [], (*READ, *more)
    reading = Files(files, policy)
    for path, text in sorted(files.items()):
        for name in read:
            if KINDS[name].claims.match(path):
                module, _, function = KINDS[name].reader.partition(":")
                reader = getattr(import_module(f"runcrew_lint.domains.{module}"), function)
                facts.append(reader(Source(path, text), reading))
    return Repository(Worktree(sorted(files)), policy, [each for each in facts if each], read, kept=kept)


def delivery(
    files: dict[str, str], policy: Policy = POLICY, kept: dict[type, Any] | None = None
) -> DeliveryMap:
    return repository(files, policy, kept).derive(delivery_map_of)


def workflow(steps: str, on: str = "push", job: str = "") -> str:
    """A workflow of one job; `steps` are YAML list items."""
    lines = "".join(f"      {line}\n" for line in steps.strip("\n").splitlines())
    return f"on: {on}\njobs:\n  build:\n    runs-on: x\n{job}    steps:\n{lines}"


def profiles(edges: Iterable[Edge], event: str = "push", name: str = "develop") -> list[str]:
    """What one occasion builds and submits: `action profile`, `?` for what is not known, `~` for what may."""
    found = []
    for edge in edges:
        if edge.action in EAS and (edge.occasion.event, edge.occasion.name or edge.occasion.base) == (
            event,
            name,
        ):
            said = "|".join(str(each) for each in edge.profile.options) or "?"
            found.append(f"{edge.action.value} {said}{'' if edge.sure else ' ~'}")
    return found
