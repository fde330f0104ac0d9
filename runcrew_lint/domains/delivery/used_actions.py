"""What a step that uses an action does, by data/actions.json."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import NO_PROFILE, Action, Call
from runcrew_lint.domains.delivery.contexts import Contexts, Scope
from runcrew_lint.domains.delivery.launchers import Program
from runcrew_lint.domains.delivery.programs import program_calls
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import Value, known
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.facts import Step
from runcrew_lint.domains.workflows.known_actions import (
    Deed,
    KnownAction,
    Marks,
    action_of,
    known_action,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

_SAYS = lazily(r"deploy|rollout|publish|release|upload-to|distribut|testflight|play-?store", re.IGNORECASE)
# Of whom no action delivers by itself, whatever it is called.
_SETUP = lazily(r"(?:\A|/)(?:actions/|github/|setup-|docker/)|/(?:setup|cache|checkout)[^/]*\Z")


def action_calls(step: Step, scope: Scope, context: Contexts) -> tuple[tuple[Call, ...], str]:
    """What the step's action does, and the step in a line."""
    uses = step.uses.value if step.uses else ""
    found = known_action(uses)
    if found is None:
        return (), uses
    if found.program:
        given = step.input(found.args)
        text = context.text(given.value, scope) if given else known(found.default)
        place = Place(scope.path, given.span if given else step.span)
        words = (
            tuple(Argument(known(each), place) for each in to_text(text.known).split())
            if text.is_known
            else ()
        )
        calls = program_calls(Program(found.program, words)) if words else None
        return tuple(calls or ()), f"{found.program} {to_text(text.known) if text.is_known else '…'}"
    said = f"type: {uses.removeprefix('eas:')}" if uses.startswith("eas:") else uses
    return tuple(_calls(found, step, scope, context)), said


def is_strange(uses: str) -> bool:
    """Whether an action that nobody here knows may deliver, as its name says."""
    name = action_of(uses)
    return known_action(uses) is None and bool(_SAYS.search(name)) and not _SETUP.search(name)


def _calls(found: KnownAction, step: Step, scope: Scope, context: Contexts) -> Iterator[Call]:
    place = Place(scope.path, step.uses.span if step.uses else step.span)
    for deed in found.does:
        if not _applies(deed, step, scope, context):
            continue
        options = tuple(_options(step, scope, context))
        profile, at = NO_PROFILE, place
        if deed.profile:
            said = step.input(deed.profile)
            profile = context.text(said.value, scope) if said else known(deed.production)
            at = Place(scope.path, said.span) if said else place
            yield Call(
                Action(deed.action), profile, at if said else None, options, deed.tool, deed.part, live=False
            )
            continue
        target = _target(deed, step, scope, context)
        live = _may_have(deed.live, step, scope, context)
        yield Call(Action(deed.action), profile, None, options, deed.tool, deed.part, target, live)


def _options(step: Step, scope: Scope, context: Contexts) -> Iterator[Argument]:
    """Its inputs as the words `--name=value`, so that a check asks them like a program's."""
    for each in step.inputs:
        value = context.text(each.value, scope)
        words = tuple(f"--{each.name}={to_text(option)}" for option in value.options)
        yield Argument(Value(words, value.reason), Place(scope.path, each.span))


def _applies(deed: Deed, step: Step, scope: Scope, context: Contexts) -> bool:
    if deed.given and not any(step.input(each) for each in deed.given):
        return False
    values = ((_input(name, step, scope, context), text) for name, text in deed.unless)
    if any(value.is_known and to_text(value.known) == text for value, text in values):
        return False
    return not deed.when or _may_have(deed.when, step, scope, context)


def _may_have(marks: Marks, step: Step, scope: Scope, context: Contexts) -> bool:
    """Whether one of these inputs may hold its text."""
    values = ((_input(name, step, scope, context), text) for name, text in marks)
    return any(
        value.is_unknown or any(text in to_text(each) for each in value.options) for value, text in values
    )


def _input(name: str, step: Step, scope: Scope, context: Contexts) -> Value:
    said = step.input(name)
    return context.text(said.value, scope) if said else known("")


def _target(deed: Deed, step: Step, scope: Scope, context: Contexts) -> Value:
    texts: list[str] = []
    for name in deed.target:
        if name.startswith("env:"):
            value = context.env(name.removeprefix("env:"), scope)
        else:
            said = step.input(name)
            value = context.text(said.value, scope) if said else None
        if value is not None and not value.is_known:
            return value
        if value is not None:
            texts.append(to_text(value.known))
    return known(" ".join(texts))
