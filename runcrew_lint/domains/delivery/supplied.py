"""What a step is given by name: GitHub's secrets and variables, and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.domains.delivery.contexts import Contexts, Scope
from runcrew_lint.domains.delivery.reached import Given
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.expressions import pieces
from runcrew_lint.domains.workflows.facts import Pair, Step
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

# Vite, Next.js, Create React App, Vue CLI, Nuxt, Gatsby, Expo, SvelteKit and Astro put these into the page.
_BUILT_IN = lazily(r"(?:VITE|(?:NEXT_|NUXT_|EXPO_)?PUBLIC|REACT_APP|VUE_APP|GATSBY)_")


def supplied(step: Step, scope: Scope, context: Contexts) -> tuple[Given, ...]:
    """The secrets, variables and addresses that are really taken on this occasion.

    Of `cond && secrets.A || secrets.B` that is the one which the condition lets through; where it is not
    known, both are named by one text, and a reader can't tell.
    """
    found: dict[Given, None] = {}
    for pair, inner, place in _variables(scope, context):
        found.update(dict.fromkeys(_given(pair.value, inner, context, place)))
    for pair in step.inputs:
        found.update(dict.fromkeys(_given(pair.value, scope, context, Place(scope.path, pair.span))))
    if step.run:
        place = Place(scope.path, step.run.span)
        for piece in pieces(step.run.script):
            text = f"${{{{{piece.text}}}}}" if piece.is_expression else piece.text
            found.update(dict.fromkeys(_given(text, scope, context, place)))
    return tuple(found)


def is_built_in(pair: Pair) -> bool:
    """Whether a build of a web client writes the variable into what it makes."""
    return _BUILT_IN.match(pair.name) is not None


def built_in(scope: Scope, context: Contexts) -> tuple[Given, ...]:
    """What a build of a web client that runs here puts into what it makes, for those who ship it later."""
    return tuple(
        given._replace(built_in=True)
        for pair, inner, place in _variables(scope, context)
        if is_built_in(pair)
        for given in _given(pair.value, inner, context, place)
    )


def _variables(scope: Scope, context: Contexts) -> Iterator[tuple[Pair, Scope, Place]]:
    """The variables in force, each with what it sees itself."""
    for level, pairs in enumerate(scope.env):
        inner = replace(scope, env=scope.env[level + 1 :])
        path = scope.path if level == 0 else context.workflow.path
        for pair in pairs:
            yield pair, inner, Place(path, pair.span)


def _given(text: str, scope: Scope, context: Contexts, place: Place) -> Iterator[Given]:
    if "${{" in text:
        context.named = set()
        value = context.text(text, scope)
        named, context.named = context.named, None
        if len(named) == 1:
            yield Given("secret", named.pop(), place)
    elif "://" in text:
        yield Given("url", text, place)
        return
    else:
        return
    for option in value.options:
        if "://" in to_text(option):
            yield Given("url", to_text(option), place)
