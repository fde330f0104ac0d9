"""Conditions that say something else than they seem to: always the same, or right by accident."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Mapping, Node, Scalar, at, walk
from runcrew_lint.domains.lattice import Value, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import condition, is_true, truth_of
from runcrew_lint.domains.workflows.expression_facts import Condition
from runcrew_lint.domains.workflows.expression_names import parts, paths
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Literal,
    parse,
    pieces,
)
from runcrew_lint.domains.workflows.nodes import entries, step_nodes, texts
from runcrew_lint.text import Source

_RESULTS = ("success", "failure", "cancelled", "skipped")
_STATUS_LAST = frozenset(("result", "outcome", "conclusion"))


def conditions(source: Source, root: Node, is_action: bool) -> Iterator[Condition]:
    """What is wrong with the conditions of one file."""
    events = _events(root)
    asked = set()
    for scalar in _ifs(root, is_action):
        asked.add(scalar.span)
        yield from _judged(source, scalar, events)
    for node in walk(root):
        if isinstance(node, Scalar) and isinstance(node.value, str) and "&&" in node.value:
            if node.span not in asked:
                yield from _chosen(node)


def _ifs(root: Node, is_action: bool) -> Iterator[Scalar]:
    holders: list[Node] = list(step_nodes(at(root, "runs", "steps"))) if is_action else []
    for job in entries(at(root, "jobs")):
        holders += [job.value, *step_nodes(at(job.value, "steps"))]
    for holder in holders:
        found = at(holder, "if")
        if isinstance(found, Scalar) and isinstance(found.value, str) and found.value.strip():
            yield found


def _events(root: Node) -> tuple[str, ...] | None:
    """The events that the file is for; None where a caller's or an author's other ones may come."""
    node = at(root, "on")
    names = [str(each.key.value) for each in entries(node)] if isinstance(node, Mapping) else []
    names = names or [each.value for each in texts(node)]
    return tuple(names) if names and "workflow_call" not in names else None


def _judged(source: Source, scalar: Scalar, events: tuple[str, ...] | None) -> Iterator[Condition]:
    text = str(scalar.value)
    found = pieces(text)
    expressions = [each for each in found if each.is_expression]
    if expressions and len(found) > 1:
        yield _around(source, scalar, text)
        return
    inner = expressions[0].text if expressions else text.strip()
    try:
        tree = parse(inner)
    except ExpressionError:
        return
    if isinstance(tree, Literal):
        return  # switched off, or on, on purpose
    told = list(_parts(source, scalar, tree))
    yield from told
    answer = truth_of(condition(inner, lambda path: _lookup(path, events))[0])
    if answer is None or told or _asks_status(tree):
        return
    why = "whatever happens"
    if events and any("event_name" in names for _, names in paths(tree)):
        if answer:
            return  # it changes nothing
        why = f"on every event that starts this workflow ({', '.join(events)})"
    runs = "so it always runs" if answer else "so it never runs"
    yield Condition(scalar.span, "constant", f"`{_short(inner)}` is {str(answer).lower()} {why}, {runs}")


def _chosen(scalar: Scalar) -> Iterator[Condition]:
    """The values that expressions outside of conditions choose."""
    for piece in pieces(str(scalar.value)):
        if not piece.is_expression:
            continue
        try:
            tree = parse(piece.text)
        except ExpressionError:
            continue
        for part in parts(tree):
            if isinstance(part, Binary) and part.operator == "||":
                yield from _ternary(scalar, part)


def _around(source: Source, scalar: Scalar, text: str) -> Condition:
    """A text around braces is a text that is not empty, and so true."""
    written = source.text[scalar.span.start : scalar.span.end]
    bare = text.strip()
    what = "text stands around the braces"
    if len(pieces(bare)) == 1:
        what = f"the line end that `{scalar.style}` keeps stands behind the braces"
    instead = ""
    inside = [each.text for each in pieces(bare) if each.is_expression]
    if scalar.style in ("|", ">") and len(pieces(bare)) == 1:
        head, _, tail = written.partition("\n")
        instead = f"{head.rstrip()}-\n{tail}" if head.strip() in ("|", ">") else ""
    elif not scalar.style and "\n" not in written:
        whole = "".join(each.text for each in pieces(bare))
        instead = whole if _parses(whole) and len(inside) < 20 and not _needs_quotes(whole) else ""
    return Condition(
        scalar.span,
        "constant",
        f"{what}, which makes it a text that is never empty: the condition is always true",
        written,
        instead,
    )


def _parses(text: str) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def _needs_quotes(text: str) -> bool:
    return text[:1] in "!&*[]{}|>'\"%@`#,?-" or ": " in text or " #" in text


def _lookup(path: tuple[str, ...], events: tuple[str, ...] | None) -> Value:
    if path == ("github", "event_name") and events:
        return one_of(events, "several events start it")
    return unknown("it is known when it runs")


def _asks_status(tree: Expression) -> bool:
    """Whether it asks for the status: `always()` is meant to be."""
    return any(isinstance(each, Call) and each.name in ("always", "success", "failure", "cancelled")
               for each in parts(tree))  # fmt: skip


def _parts(source: Source, scalar: Scalar, tree: Expression) -> Iterator[Condition]:
    for part in parts(tree):
        if isinstance(part, Binary) and part.operator in ("==", "!="):
            message = _impossible(part)
            if message:
                always = "true" if part.operator == "!=" else "false"
                yield Condition(scalar.span, "constant", f"{message}: the comparison is always {always}")
        elif isinstance(part, Binary) and part.operator == "||":
            yield from _or(scalar, part)
            yield from _ternary(scalar, part)
        elif isinstance(part, Call) and part.name == "contains" and len(part.arguments) == 2:
            yield from _contains(source, scalar, part)


def _impossible(part: Binary) -> str:
    """Why a value can never be a literal that it is compared with."""
    for value, literal in ((part.left, part.right), (part.right, part.left)):
        found = list(paths(value))
        if not isinstance(literal, Literal) or not isinstance(literal.value, str) or len(found) != 1:
            continue
        text = literal.value
        context, names = found[0]
        if value not in (context,) and isinstance(value, (Call, Binary)):
            continue
        name = ".".join((context.name, *names))
        if name in ("github.ref",) and text and not text.lower().startswith("refs/"):
            return f"`github.ref` begins with `refs/`, as `refs/heads/main` does, and is never `{text}`"
        if name in ("github.ref_name", "github.head_ref", "github.base_ref") and text.startswith("refs/"):
            return f"`{name}` is a short name such as `main` and never `{text}`"
        if (
            context.name in ("needs", "steps")
            and len(names) == 2
            and names[1] in _STATUS_LAST
            and text
            and text.lower() not in _RESULTS
        ):
            return f"`{name}` is one of {', '.join(_RESULTS)} and never `{text}`"
        if name == "github.ref_type" and text not in ("branch", "tag"):
            return f"`github.ref_type` is `branch` or `tag` and never `{text}`"
    return ""


def _or(scalar: Scalar, part: Binary) -> Iterator[Condition]:
    """`x == 'a' || 'b'`: a text on its own is true."""
    for side, other in ((part.right, part.left), (part.left, part.right)):
        compares = isinstance(other, Binary) and other.operator in ("==", "!=", "||")
        if isinstance(side, Literal) and isinstance(side.value, str) and side.value and compares:
            yield Condition(
                scalar.span,
                "constant",
                f"`|| '{side.value}'` stands alone and compares with nothing: a text that is not empty is "
                "true, and so is the whole condition",
            )
            return


def _ternary(scalar: Scalar, part: Binary) -> Iterator[Condition]:
    """`test && middle || last` where the middle is false: it is always `last`."""
    left = part.left
    if not (isinstance(left, Binary) and left.operator == "&&" and isinstance(left.right, Literal)):
        return
    if not is_true(left.right.value):
        yield Condition(scalar.span, "unsound", ternary_message(left.right))


def ternary_message(middle: Literal) -> str:
    """What is wrong with a middle that counts as false."""
    shown = "''" if middle.value == "" else "null" if middle.value is None else str(middle.value).lower()
    return (
        f"`... && {shown} || ...` never gives {shown}: that counts as false, so what stands behind `||` is "
        "taken either way"
    )


def _contains(source: Source, scalar: Scalar, part: Call) -> Iterator[Condition]:
    text, item = part.arguments
    if not (isinstance(text, Literal) and isinstance(text.value, str)) or isinstance(item, Literal):
        return
    name = next((".".join((context.name, *names)) for context, names in paths(item)), "the value")
    words = text.value.replace(",", " ").split()
    written = source.text[scalar.span.start : scalar.span.end]
    quoted = "'" + text.value.replace("'", "''") + "'"
    instead = ""
    plain = all('"' not in each and "'" not in each and "\\" not in each for each in words)
    if words and plain and written.count(quoted) == 1 and scalar.style not in ("'", '"'):
        listed = ", ".join(f'"{each}"' for each in words)
        instead = written.replace(quoted, f"fromJSON('[{listed}]')")
    part_of = words[0][:-1] if words else ""
    yield Condition(
        scalar.span,
        "unsound",
        f"`contains('{_short(text.value)}', {name})` looks for a part of that text: `{part_of}` is in it, "
        "too, and so is the empty text",
        written,
        instead,
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
