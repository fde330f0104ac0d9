"""Parts of a workflow's tree as texts and pairs; what has another shape is passed over."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence, at
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.facts import Input, Pair, Text


def entries(node: Node | None) -> Iterator[Entry]:
    """A mapping's entries; nothing else has any."""
    return node.effective() if isinstance(node, Mapping) else iter(())


def items(node: Node | None) -> tuple[Node, ...]:
    """A sequence's items; nothing else has any."""
    return node.items if isinstance(node, Sequence) else ()


def step_nodes(node: Node | None) -> Iterator[Node]:
    """The steps of a list, those of a `parallel` group each on its own, in the order written."""
    for item in items(node):
        group = item.get("parallel") if isinstance(item, Mapping) else None
        if isinstance(group, Sequence):
            yield from step_nodes(group)
        else:
            yield item


def text(node: Node | None) -> Text | None:
    """A scalar as GitHub reads it; nothing for null and for collections."""
    if isinstance(node, Scalar) and node.value is not None:
        return Text(to_text(node.value), node.span)
    return None


def texts(node: Node | None) -> tuple[Text, ...]:
    """One scalar, or the scalars of a list."""
    nodes = (node,) if isinstance(node, Scalar) else items(node)
    return tuple(found for each in nodes if (found := text(each)))


def pairs(node: Node | None) -> tuple[Pair, ...]:
    """The scalar entries of a mapping; a null is the empty text."""
    return tuple(
        Pair(str(entry.key.value), entry.key.span, to_text(entry.value.value), entry.value.span)
        for entry in entries(node)
        if isinstance(entry.value, Scalar)
    )


def input_of(node: Node | None, name: str) -> Node | None:
    """What a `with` gives for an input; names don't mind case."""
    return next((each.value for each in entries(node) if str(each.key.value).lower() == name.lower()), None)


def values(node: Node | None) -> tuple[Pair, ...]:
    """What `outputs` declares: each name with the text of its `value`."""
    return tuple(
        Pair(str(entry.key.value), entry.key.span, found.value, found.span)
        for entry in entries(node)
        if (found := text(at(entry.value, "value")))
    )


def inputs(node: Node | None) -> tuple[Input, ...]:
    """What `inputs` declares."""
    found = []
    for entry in entries(node):
        default = text(at(entry.value, "default"))
        kind = text(at(entry.value, "type"))
        required = text(at(entry.value, "required"))
        found.append(
            Input(
                str(entry.key.value),
                entry.key.span,
                kind.value if kind else "string",
                default.value if default else None,
                tuple(each.value for each in texts(at(entry.value, "options"))),
                bool(required and required.value.lower() == "true"),
            )
        )
    return tuple(found)
