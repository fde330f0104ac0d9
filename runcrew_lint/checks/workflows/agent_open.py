"""Agents that do what a stranger's text says."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.expression_names import paths
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Expression,
    ExpressionError,
    Literal,
    parse,
    pieces,
)
from runcrew_lint.domains.workflows.facts import Step, Text, Trigger, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# Agents by their action: the input that lets in everybody where the action itself asks who began it, or "".
# Source: the README and documents on security of each action, as of 2026-11.
_AGENTS = {
    "anthropics/claude-code-action": "allowed_non_write_users",
    "anthropics/claude-code-base-action": "",
    "google-github-actions/run-gemini-cli": "",
    "openai/codex-action": "allow-users",
}
# What anybody can cause in a public repository, with its secrets, and by which of its types.
_STRANGERS = {
    "issues": ("opened", "edited", "reopened"),
    "issue_comment": ("created", "edited"),
    "discussion": ("created", "edited"),
    "discussion_comment": ("created", "edited"),
    "pull_request_target": ("opened", "edited", "reopened", "synchronize", "ready_for_review"),
}
_EVENT = "github.event_name"
_OBJECT = lazily(r"github\.event\.(issue|comment|discussion|pull_request|review)\b")
# What asks who it is, or rests on something that may have: another job, a step, a label that a member sets.
_ASKS = lazily(
    r"author_association|actor|sender|login|label|assignee|merged|head\.repo|environment|\Aneeds\.|\Asteps\."
    r"|\Ainputs\.|\Avars\.|repository"
)


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a step."""
    triggers = [each for each in fact.triggers if _is_a_strangers(each)]
    for job in fact.jobs if triggers else ():
        if job.needs or job.environment:
            continue  # a job before it, or whoever approves, may have asked
        for step in job.steps:
            wide = _lets_in(step)
            met = next(
                (each for each in triggers if _comes_to(each.event, (job.condition, step.condition))), None
            )
            if wide is not None and met:
                yield _fault(fact, step, met, wide)


def _is_a_strangers(trigger: Trigger) -> bool:
    able = _STRANGERS.get(trigger.event, ())
    return bool(able) and (trigger.types is None or any(each.value in able for each in trigger.types))


def _lets_in(step: Step) -> str | None:
    """The input by which an agent lets in everybody, "" where it asks nobody; None where it asks."""
    name = action_of(step.uses.value) if step.uses else ""
    if name not in _AGENTS:
        return None
    said = step.input(_AGENTS[name]) if _AGENTS[name] else None
    if said is not None:
        return said.name if said.value.strip() == "*" else None
    return None if _AGENTS[name] else ""


def _comes_to(event: str, conditions: tuple[Text | None, ...]) -> bool:
    """Whether an event surely passes conditions that ask of it nothing but what it is and says."""
    return all(each is None or _passes(event, each.value) for each in conditions)


def _passes(event: str, text: str) -> bool:
    found = pieces(text)
    inner = found[0].text if len(found) == 1 and found[0].is_expression else text
    try:
        return any(_is_open(event, each) for each in _ways(parse(inner.strip())))
    except ExpressionError:
        return False


def _ways(tree: Expression) -> Iterator[Expression]:
    """The sides of an `||`, each of which is enough."""
    if isinstance(tree, Binary) and tree.operator == "||":
        yield from _ways(tree.left)
        yield from _ways(tree.right)
    else:
        yield tree


def _is_open(event: str, way: Expression) -> bool:
    asked = [".".join((head.name, *rest)) for head, rest in paths(way)]
    spoken_of = {found[1] for each in asked if (found := _OBJECT.match(each))}
    if any(_ASKS.search(each) for each in asked) or not spoken_of.issubset(_objects(event)):
        return False
    named = list(_events(way))
    return event in named if named else _EVENT not in asked


def _objects(event: str) -> set[str]:
    """What an event tells of: `issue_comment` of an issue and a comment."""
    return (
        {"pull_request"} if event.startswith("pull_request") else {event.removesuffix("s"), *event.split("_")}
    )


def _events(tree: Expression) -> Iterator[str]:
    """The events that a way names as its own."""
    if isinstance(tree, Binary) and tree.operator in ("&&", "||"):
        yield from _events(tree.left)
        yield from _events(tree.right)
    elif isinstance(tree, Binary) and tree.operator == "==":
        sides = (tree.left, tree.right)
        if any(".".join((head.name, *rest)) == _EVENT for each in sides for head, rest in paths(each)):
            yield from (str(each.value) for each in sides if isinstance(each, Literal))


def _fault(fact: Workflow, step: Step, trigger: Trigger, wide: str) -> Fault:
    uses = step.uses.value.partition("@")[0] if step.uses else ""
    asks = f"`{wide}: '*'` lets in everybody" if wide else "neither an `if` nor the action asks who wrote it"
    said = step.input(wide) if wide else None
    return Fault(
        Place(fact.path, said.span if said else step.uses.span if step.uses else step.span),
        f"`{uses}` works through what a stranger writes (`{trigger.event}`), with this job's token and "
        f"secrets at hand, and {asks}: a text that gives it orders is enough to use them",
        (Related(Place(fact.path, trigger.span), "anybody can set this off"),),
    )
