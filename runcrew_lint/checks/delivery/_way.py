"""How a finding shows the way to a command, and what it calls it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.delivery.quoted import script
from runcrew_lint.model.finding import Related

_VERBS = {
    Action.BUILD: "builds",
    Action.SUBMIT: "submits",
    Action.UPDATE: "updates",
    Action.MIGRATE: "migrates",
    Action.DEPLOY: "deploys",
    Action.INVALIDATE: "deploys",
    Action.COPY: "copies files to",
    Action.INFRASTRUCTURE: "changes the infrastructure of",
    Action.STORE: "sends to the store",
    Action.DISTRIBUTE: "distributes",
    Action.PUSH: "pushes",
}


def way(edge: Edge) -> Iterator[Related]:
    """The trigger, the command in the workflow and the script, where they are not the finding's own place."""
    yield Related(edge.trigger, f"{edge.when} starts this workflow")
    if edge.call != edge.at:
        yield Related(edge.call, "here the action comes to it")
    yield from script(edge)
    if edge.profile_place:
        yield Related(edge.profile_place, f"the profile `{edge.profile.known}`")


def verb(edge: Edge) -> str:
    """What the command does, in the third person."""
    return _VERBS.get(edge.action, "delivers")


def key(edge: Edge) -> object:
    """What makes two edges one finding: the same command reached by the same step."""
    return edge.call, edge.script, edge.step, edge.did.action
