"""An eas command that would ask a person, in CI."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import way
from runcrew_lint.domains.delivery.calls import EAS, PROFILED, Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command, naming the flags that it lacks."""
    seen: set[object] = set()
    for edge in repository.derive(delivery_map_of).edges:
        where = (edge.call, edge.script, edge.step)
        if edge.did.verb is None or edge.action not in EAS or edge.did.hides or where in seen:
            continue
        lacks = _lacks(edge)
        if lacks:
            seen.add(where)
            yield _fault(edge, lacks)


def _lacks(edge: Edge) -> list[str]:
    did = edge.did
    found = []
    silent = did.has("--non-interactive", "--json")
    if edge.action is Action.UPDATE:
        chosen = did.has("--auto") or (did.has("--branch", "--channel") and did.has("--message", "-m"))
        return [] if silent or chosen else ["--non-interactive"]
    if not silent:
        found.append("--non-interactive")
    if edge.action in PROFILED and not did.has("--platform", "-p") and not did.tool.endswith("auto-submit"):
        found.append("--platform")
    return found


def _fault(edge: Edge, lacks: list[str]) -> Fault:
    word, mend = edge.did.verb, None
    if lacks == ["--non-interactive"] and word is not None and edge.script is None:
        arguments = (
            ("title", "adds `--non-interactive`"),
            ("text", f"{edge.action.value} --non-interactive"),
            ("was", edge.action.value),
            ("safety", "safe"),
        )
        mend = MendRequest("text.replace", word, arguments)
    flags = " and ".join(f"`{each}`" for each in lacks)
    return Fault(
        edge.at,
        f"`eas {edge.action.value}` runs here without {flags}: where it has a question there is nobody to "
        "answer, and the job fails or hangs until its timeout",
        tuple(way(edge)),
        mend=mend,
    )
