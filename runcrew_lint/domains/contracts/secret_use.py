"""Where workflows name secrets and variables of GitHub's, and what they bind them to.

A name that is computed (`secrets[format('{0}_KEY', matrix.env)]`) is each of the names that a written matrix
and the workflow's own `env` make of it, or it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.lattice import Value, known, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import evaluate, to_text
from runcrew_lint.domains.workflows.expression_names import parts
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Call,
    Context,
    Expression,
    ExpressionError,
    Literal,
    Property,
    parse,
)
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Workflow
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_NAMED = lazily(r"\b(secrets|vars)\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*'([A-Za-z_][\w-]*)'\s*\])")
_COMPUTED = lazily(r"\b(?:secrets|vars)\s*\[\s*[^'\s]|\b(?:secrets|vars)\s*\[\s*'[^']*'\s*[^'\s\]]")
_EXPRESSION = lazily(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}", re.DOTALL)
# Functions that answer yes or no.
_ANSWERS = frozenset(("contains", "startswith", "endswith", "success", "failure", "always", "cancelled"))
# GitHub's own, there in every run.
_OWN = frozenset(("GITHUB_TOKEN", "ACTIONS_STEP_DEBUG", "ACTIONS_RUNNER_DEBUG"))


class SecretUse(NamedTuple):
    """One secret (`kind` secrets) or variable (`vars`) that a workflow names.

    `name` is "" where it is computed and not known; `written` is the expression then.
    """

    kind: str
    name: str
    place: Place
    written: str = ""


class Bound(NamedTuple):
    """A variable that gets a secret's value, and where."""

    name: str
    secret: str
    place: Place


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """The secrets and variables of a text, GitHub's own left out."""
    for found in _NAMED.finditer(text):
        name = found[2] or found[3]
        if name.upper() not in _OWN:
            yield found[1], name


def secret_of(text: str) -> str:
    """The first secret that a text holds, "" for none; one that is only asked about it does not hold."""
    if not _NAMED.search(text):
        return ""
    held = (part for inner in _EXPRESSION.findall(text) or [text] for part in _held(inner))
    return next((name for each in held for kind, name in named_in(each) if kind == "secrets"), "")


def _held(written: str) -> Iterator[str]:
    """What the value of an expression is made of: all of it where it does not parse."""
    try:
        yield from _values(parse(written.strip()))
    except ExpressionError:
        yield written


def _values(tree: Expression) -> Iterator[str]:
    """The properties that an expression's value may be, or is made of."""
    if isinstance(tree, Binary):
        if tree.operator == "||":
            yield from _values(tree.left)
        if tree.operator in ("&&", "||"):  # of `a && b` nothing is left but what is false, or b
            yield from _values(tree.right)
    elif isinstance(tree, Call):
        if tree.name.lower() not in _ANSWERS:
            for argument in tree.arguments:
                yield from _values(argument)
    elif isinstance(tree, Property):
        if isinstance(tree.of, Context) and isinstance(tree.key, Literal):
            yield f"{tree.of.name}.{tree.key.value}"
        else:
            yield from _values(tree.of)


def uses_in(workflow: Workflow) -> Iterator[SecretUse]:
    """Every one that a workflow names, in its expressions alone."""
    for job in (None, *workflow.jobs):
        for text, span in _texts(workflow, job):
            if "secrets" not in text and "vars" not in text:
                continue
            for inner in _EXPRESSION.findall(text):
                place = Place(workflow.path, span)
                yield from (SecretUse(kind, name, place) for kind, name in named_in(inner))
                if _COMPUTED.search(inner):
                    yield from _computed(workflow, job, inner, place)


def _computed(workflow: Workflow, job: Job | None, text: str, place: Place) -> Iterator[SecretUse]:
    try:
        tree = parse(text.strip())
    except ExpressionError:
        return
    for part in parts(tree):
        if not isinstance(part, Property) or isinstance(part.key, Literal):
            continue
        if isinstance(part.of, Context) and part.of.name in ("secrets", "vars"):
            value = evaluate(part.key, lambda path: _value(workflow, job, path))
            for each in value.options:
                yield SecretUse(part.of.name, to_text(each), place)
            if value.is_unknown:
                yield SecretUse(part.of.name, "", place, " ".join(text.split()))


def _value(workflow: Workflow, job: Job | None, path: tuple[str, ...]) -> Value:
    """What is written of a context: a closed matrix, and `env` without expressions."""
    name = ".".join(path[1:])
    if path[0] == "env":
        pairs = (*(job.env if job else ()), *workflow.env)
        said = next((each.value for each in pairs if each.name.lower() == name), "${{")
        return known(said) if "${{" not in said else unknown("it is known when it runs")
    if path[0] != "matrix" or job is None or job.matrix_is_open:
        return unknown("it is known when it runs")
    axes = [axis for axis in job.matrix if axis.name.lower() == path[1]]
    cells = [cell for axis in axes for cell in axis.cells] + [*job.matrix_include]
    texts = [text for cell in cells for key, text in cell if key.lower() == name]
    if any(axis.open for axis in axes) or any("${{" in each for each in texts):
        return unknown("it is known when it runs")
    return one_of(texts, "the matrix has several")


def _texts(workflow: Workflow, job: Job | None) -> Iterator[tuple[str, Span]]:
    if job is None:
        yield from _pairs(workflow.env)
    else:
        yield from _pairs((*job.env, *job.inputs, *job.secrets, *job.outputs))
        for said in (job.condition, job.environment, job.name, *job.runs_on):
            if said:
                yield _whole(said.value), said.span
        for container in job.containers:
            for said in (container.image, container.username, container.password):
                if said:
                    yield said.value, said.span
        for step in job.steps:
            yield from _pairs((*step.env, *step.inputs))
            if step.condition:
                yield _whole(step.condition.value), step.condition.span
            if step.run and "${{" in step.run.script:
                yield step.run.script, step.run.span


def _whole(condition: str) -> str:
    """An `if:` is an expression without its braces, too."""
    return condition if "${{" in condition else f"${{{{ {condition} }}}}"


def _pairs(pairs: tuple[Pair, ...]) -> Iterator[tuple[str, Span]]:
    return ((each.value, each.span) for each in pairs)


def bound_in(workflow: Workflow) -> Iterator[Bound]:
    """Every environment variable that is given a secret, on each level."""
    for pair in workflow.env:
        if secret := secret_of(pair.value):
            yield Bound(pair.name, secret, Place(workflow.path, pair.span))
    for job in workflow.jobs:
        for level in (job.env, *(step.env for step in job.steps)):
            for pair in level:
                if secret := secret_of(pair.value):
                    yield Bound(pair.name, secret, Place(workflow.path, pair.span))


def secrets_around(workflow: Workflow, job: Job, step: Step) -> dict[str, str]:
    """The variables of a step that hold a secret, and which."""
    found: dict[str, str] = {}
    for level in (workflow.env, job.env, step.env):
        for pair in level:
            found.pop(pair.name, None)
            if secret := secret_of(pair.value):
                found[pair.name] = secret
    return found
