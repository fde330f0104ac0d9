"""What the variables and parameters of a Makefile's or justfile's recipe hold."""

from __future__ import annotations

import re

from runcrew_lint.domains.delivery.expansion import Look
from runcrew_lint.domains.delivery.facts import Recipe, Recipes
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.patterns import lazily


def values_of(
    file: Recipes, recipe: Recipe, arguments: tuple[Argument, ...], given: dict[str, Value], look: Look
) -> dict[str, Value]:
    """What the variables and parameters of a recipe hold; the command line wins, then the file."""
    values: dict[str, Value] = {}
    for each in file.variables:
        values[each.name] = (
            unknown(f"`{each.name}` is computed in {file.path}") if each.value is None else known(each.value)
        )
    for index, each in enumerate(recipe.parameters):
        if index < len(arguments):
            values[each.name] = arguments[index].value
        else:
            values[each.name] = (
                unknown(f"`{each.name}` is not given") if each.value is None else known(each.value)
            )
    return values | given


_REFERENCE = lazily(r"\$[({]([\w.-]+)[)}]")


def expanded(hole: str, values: dict[str, Value], look: Look, depth: int = 0) -> Value:
    """What `$(NAME)` or `{{ name }}` holds, the names in it expanded in turn."""
    name = hole.strip("${}() \t")
    value = values.get(name) or look(name)
    if value is None:
        return unknown(f"`{name}` is set nowhere that can be read")
    if not value.is_known or depth > 5:
        return value
    text = to_text(value.known)
    if "$" not in text:
        return value
    missing = ""

    def filled(found: re.Match[str]) -> str:
        nonlocal missing
        inner = expanded(found[0], values, look, depth + 1)
        if not inner.is_known:
            missing = inner.reason or f"`{found[1]}` has several values"
            return ""
        return to_text(inner.known)

    whole = _REFERENCE.sub(filled, text)
    return (
        unknown(missing)
        if missing
        else known(whole)
        if "$" not in whole
        else unknown(f"`{name}` is computed")
    )
