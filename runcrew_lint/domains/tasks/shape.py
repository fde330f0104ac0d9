"""What a tree says of a task and its containers; a scalar of `UNKNOWN` style is known only later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.tasks.facts import (
    Awaited,
    Command,
    Container,
    Given,
    Mapped,
    Setting,
    TaskDefinition,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

UNKNOWN = "unknown"
# What `envsubst`, sed or a pipeline of AWS puts in: ${TAG}, {{tag}}, <IMAGE1_NAME>.
_FILLED = lazily(r"\$\{?\w|\{\{|<\w+>")


def task_of(path: str, title: str, task: Mapping, containers: Node | None) -> TaskDefinition:
    """A task definition; its keys are those of the API.

    Arguments:
        task: the definition; an empty one where a file holds a list of containers alone.
    """
    runs_on = [each.value for each in _items(at(task, "requiresCompatibilities")) if isinstance(each, Scalar)]
    return TaskDefinition(
        path,
        task.span,
        title,
        text_at(task, "networkMode") or "",
        bool(task.entries),
        "FARGATE" in runs_on,
        at(task, "cpu") is not None and at(task, "memory") is not None,
        tuple(_container(each) for each in _items(containers) if isinstance(each, Mapping)),
    )


def _container(node: Mapping) -> Container:
    name = at(node, "name")
    known = _given(name)
    return Container(
        known.value if known else None,
        name.span if name else node.span,
        _given(at(node, "image")),
        _command(at(node, "entryPoint"), at(node, "command")),
        _command(at(node, "healthCheck", "command")),
        tuple(_ports(at(node, "portMappings"))),
        tuple(_settings(at(node, "environment"), "value")),
        tuple(_settings(at(node, "secrets"), "valueFrom")),
        tuple(_awaited(at(node, "dependsOn"))),
    )


def _given(node: Node | None) -> Given | None:
    if not isinstance(node, Scalar) or (node.value is None and node.style != UNKNOWN):
        return None
    text = None if node.style == UNKNOWN else str(node.value)
    return Given(None if text is not None and _FILLED.search(text) else text, node.span)


def _command(*parts: Node | None) -> Command | None:
    said = [part for part in parts if part is not None and (_items(part) or isinstance(part, Scalar))]
    words = [_given(each) for part in said for each in (_items(part) or (part,))]
    known = tuple(each.value if each else None for each in words)
    return Command(known, said[-1].span) if said and words != [None] else None


def _ports(node: Node | None) -> Iterator[Mapped]:
    for each in _items(node):
        number = _number(at(each, "containerPort"))
        if number:
            yield Mapped(number, _number(at(each, "hostPort")), each.span)


def _settings(node: Node | None, value: str) -> Iterator[Setting]:
    for each in _items(node):
        name, found = text_at(each, "name"), at(each, value)
        if name and isinstance(found, Scalar):
            text = None if found.style == UNKNOWN else "" if found.value is None else str(found.value)
            yield Setting(name, Given(text, found.span))


def _awaited(node: Node | None) -> Iterator[Awaited]:
    for each in _items(node):
        name = _given(at(each, "containerName"))
        if name and name.value:
            yield Awaited(name.value, text_at(each, "condition") or "", name.span)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _number(node: Node | None) -> int:
    text = str(node.value) if isinstance(node, Scalar) and node.style != UNKNOWN else ""
    return int(text) if re.fullmatch(r"\d{1,5}", text) else 0


def empty(span: Span) -> Mapping:
    """What stands for the definition where a file holds a list of containers alone."""
    return Mapping(span, ())
