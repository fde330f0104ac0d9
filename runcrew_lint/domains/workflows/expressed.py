"""A workflow or an action to its `Expressions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.documents import yaml
from runcrew_lint.documents.scalars import later
from runcrew_lint.documents.schema import Problem
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.documents.tree import Mapping, Node, PlainScalar, Scalar, Sequence, at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.workflows.availability import Available, Path, in_action, in_workflow
from runcrew_lint.domains.workflows.commands import commands
from runcrew_lint.domains.workflows.conditions import conditions
from runcrew_lint.domains.workflows.defined import Definitions
from runcrew_lint.domains.workflows.exposed import exposures
from runcrew_lint.domains.workflows.expression_facts import Expressions, Script
from runcrew_lint.domains.workflows.expression_names import Known, wrongs
from runcrew_lint.domains.workflows.expressions import ExpressionError, pieces
from runcrew_lint.domains.workflows.flows import flows
from runcrew_lint.domains.workflows.nodes import entries, inputs, texts
from runcrew_lint.domains.workflows.reread import rereads
from runcrew_lint.domains.workflows.scripts import scripts
from runcrew_lint.domains.workflows.trusted import trusted
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_REREADS = lazily(r"\beval\s|sh\s+-c\s|GITHUB_(?:ENV|PATH)")


def read(source: Source, _reading: Reading) -> Expressions | None:
    """The expressions of one file; None for an action that runs no steps.

    Errors:
        Unreadable where the file is no YAML.
    """
    root = source.derive(yaml.parse)
    is_action = not source.path.startswith(".github/workflows/")
    if is_action and at(root, "runs", "steps") is None:
        return None
    found: dict[Span, Problem] = {}
    definitions = Definitions(root, is_action)
    for scalar, path in scalars(root):
        if not _may_tell(scalar.value, path):
            continue
        available = in_action(path) if is_action else in_workflow(path)
        for each in _problems(source, scalar, path, available, definitions):
            found.setdefault(each.span, each)
    runs = tuple(scripts(source, root, is_action))
    return Expressions(
        source.path,
        is_action,
        _events(root),
        tuple(_bounded(root)),
        tuple(sorted(found.values())),
        (*conditions(source, root, is_action), *trusted(source, root)),
        runs,
        tuple(exposures(source, root, runs)),
        tuple(commands(source, root, is_action)),
        tuple(flows(source, root, is_action)) if any(map(_asks, runs)) else (),
        tuple(rereads(source, root, is_action)) if _REREADS.search(source.text) else (),
    )


def _asks(script: Script) -> bool:
    """Whether one of its expressions takes in what was handed over by name."""
    names = (name for hole in script.holes for name in hole.names)
    return any(name.startswith(("steps.", "needs.", "matrix.", "env.")) for name in names)


def _events(root: Node) -> tuple[str, ...]:
    node = at(root, "on")
    if isinstance(node, Mapping):
        return tuple(str(entry.key.value) for entry in entries(node))
    return tuple(each.value for each in texts(node))


def _bounded(root: Node) -> Iterator[str]:
    for event in ("workflow_dispatch", "workflow_call"):
        for each in inputs(at(root, "on", event, "inputs")):
            if each.kind in ("boolean", "number", "choice", "environment"):
                yield each.name.lower()


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Scalar, Path]]:
    """Every scalar with the keys and indexes that lead to it."""
    stack: list[tuple[Node, Path]] = [(node, path)]
    while stack:
        node, path = stack.pop()
        if isinstance(node, Scalar):
            yield node, path
        elif isinstance(node, Sequence):
            stack += [(item, (*path, index)) for index, item in enumerate(node.items)]
        else:
            stack += [(entry.value, (*path, str(entry.key.value))) for entry in node.effective()]


def _may_tell(value: PlainScalar, path: Path) -> bool:
    """Whether an expression stands there: nearly all scalars hold none."""
    return isinstance(value, str) and ("${{" in value or path[-1:] == ("if",))


def _problems(
    source: Source, scalar: Scalar, path: Path, available: Available | None, definitions: Definitions
) -> Iterator[Problem]:
    text = scalar.value
    if available is None or not isinstance(text, str):
        return
    places = later(source.text, scalar)
    if "${{" not in text:
        if text.strip():
            head = len(text) - len(text.lstrip())
            yield from _of(places, text.strip(), head, available, definitions.at(path))
        return
    known = definitions.at(path)
    end = 0
    for piece in pieces(text):
        if piece.is_expression:
            inner = text[piece.start + 3 : piece.end - 2]
            head = piece.start + 3 + len(inner) - len(inner.lstrip())
            yield from _of(places, piece.text, head, available, known)
            end = piece.end
        else:
            end = piece.start
    opened = text.find("${{", end)
    if opened >= 0:
        yield Problem(places().span(opened, opened + 3), "this `${{` is never closed")


def _of(
    places: Callable[[], Spliced], text: str, head: int, available: Available, known: Known
) -> Iterator[Problem]:
    def place(offset: int) -> Span:
        start = min(head + offset, max(len(places().text) - 1, 0))
        return places().span(start, start + 1)

    if not text:
        yield Problem(place(0), "there is nothing between `${{` and `}}`")
        return
    try:
        for wrong in wrongs(text, available, known):
            yield Problem(place(wrong.at), wrong.message, wrong.near, wrong.idle)
    except ExpressionError as error:
        yield Problem(place(error.at), f"`{_short(text)}` is no expression: {error.message}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
