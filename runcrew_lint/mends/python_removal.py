"""Statements taken out of a function: their lines and comments, and what is left in their place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set

from runcrew_lint.documents import python
from runcrew_lint.mends.python_headings import comments_of, goes, gone
from runcrew_lint.mends.python_site import indentation, is_timeout, newline_after, statement_lines
from runcrew_lint.model.mend import Edit
from runcrew_lint.text import Source, Span


def removed(
    source: Source,
    function: ast.FunctionDef,
    puts: Mapping[Span, Sequence[str]],
    *,
    behind: bool,
    within: bool = False,
) -> list[Edit] | None:
    """The edits that take calls out of a function; None where one can't be taken out alone.

    A call can be that is a statement directly in the function, or in a batch directly in it; a batch that has
    nothing left goes, too, and a function that has nothing left says `pass`.

    Arguments:
        puts: the span of each call, and the lines that come in its place.
        behind: whether the lines for a call of a batch go behind the batch, else before it.
        within: whether they take its place in the batch instead; then the calls may stand in an `if`, too.
    """
    edits: list[Edit] = []
    found: set[Span] = set()
    for body in _bodies(function.body) if within else [function.body]:
        edits += _out_of_body(source, function, body, puts, found, behind=behind, within=within)
    if found != set(puts) or not all(_is_alone(source, each) for each in puts):
        return None
    return edits


def leaves_announced(source: Source, function: ast.FunctionDef, spans: Set[Span]) -> bool:
    """Whether it would still say what it is about to do (`logger.info("indexing")`), and not do it."""
    announced = gone_since = False
    for statement in function.body:
        if _announces(statement):
            if announced and gone_since:
                return True
            announced, gone_since = True, False
        elif goes(source, statement, spans):
            gone_since = True
        else:
            announced = False
    return announced and gone_since


_TELLS = frozenset({"debug", "info", "warning", "log", "echo", "write"})


def _announces(statement: ast.stmt) -> bool:
    """Whether it tells a person something and does nothing else."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not call.args:
        return False
    called = call.func
    tells = called.attr in _TELLS if isinstance(called, ast.Attribute) else ast.unparse(called) == "print"
    return tells and isinstance(call.args[-1], (ast.Constant, ast.JoinedStr))


def _bodies(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """A list of statements, and those of each `if` in it."""
    yield body
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _bodies(statement.body)
            yield from _bodies(statement.orelse)


def _out_of_body(
    source: Source,
    function: ast.FunctionDef,
    body: list[ast.stmt],
    puts: Mapping[Span, Sequence[str]],
    found: set[Span],
    *,
    behind: bool,
    within: bool,
) -> list[Edit]:
    """The edits that take calls out of one list of statements; what is taken is added to `found`."""
    edits: list[Edit] = []
    run: list[ast.stmt] = []  # statements right below each other of which nothing stays
    timeouts: list[ast.stmt] = []
    is_empty = True
    cut = {span for span, lines in puts.items() if not lines}
    for statement in body:
        span = python.span(source, statement)
        if span in puts:
            found.add(span)
            is_empty = is_empty and not puts[span]
            if run and not puts[span] and _follows(source, run[-1], statement):
                edits[-1] = edits[-1]._replace(span=gone(source, body, run[0], statement, cut))
            else:
                edits.append(_replaced(source, body, statement, puts[span], cut))
                run = []
            run = [] if puts[span] else [*run, statement]
            continue
        run = []
        if is_timeout(source, statement):
            timeouts.append(statement)
            continue
        if not isinstance(statement, ast.With):
            is_empty = False
            continue
        taken = _in_batch(source, statement, puts)
        found |= taken
        said = {each: comments_of(source, each, function, taken) for each in taken}
        lines = [line for each in sorted(taken) if puts[each] for line in (*said[each], *puts[each])]
        is_empty = is_empty and len(taken) == len(statement.body) and not lines
        if within and lines:
            spans = {python.span(source, each): each for each in statement.body}
            inside = statement.body
            edits += [_replaced(source, inside, spans[each], puts[each], cut) for each in sorted(taken)]
        else:
            edits += _out_of_batch(source, body, statement, taken, lines, behind=behind)
    if not (is_empty and edits):
        return edits
    base = indentation(source, python.span(source, body[0]).start) or "    "
    start, end = edits[-1].span
    end_of_line = "\n" if source.text[start:end].endswith("\n") else ""
    edits[-1] = edits[-1]._replace(text=f"{base}pass{end_of_line}")
    edits += [_replaced(source, body, each, (), cut) for each in timeouts]
    return _from_line_above(source, edits)


def _from_line_above(source: Source, edits: list[Edit]) -> list[Edit]:
    """The edits, beginning at the end of the line above: a fix that would put a timeout there has to wait."""
    at = min(range(len(edits)), key=lambda each: edits[each].span.start)
    (start, end), text = edits[at].span, edits[at].text
    if source.text[start - 1 : start] == "\n":
        edits[at] = edits[at]._replace(span=Span(start - 1, end), text="\n" + text)
    return edits


def _is_alone(source: Source, span: Span) -> bool:
    """Whether nothing else stands on a statement's lines."""
    return indentation(source, span.start) is not None and newline_after(source, span.end) is not None


def _in_batch(source: Source, statement: ast.With, puts: Mapping[Span, Sequence[str]]) -> set[Span]:
    """The calls that stand directly in a `with ... as name` and are to go."""
    if len(statement.items) != 1 or not isinstance(statement.items[0].optional_vars, ast.Name):
        return set()
    spans = (python.span(source, each) for each in statement.body if isinstance(each, ast.Expr))
    return {span for span in spans if span in puts}


def _replaced(
    source: Source, body: list[ast.stmt], statement: ast.stmt, lines: Sequence[str], cut: Set[Span]
) -> Edit:
    if not lines:
        return Edit(source.path, gone(source, body, statement, statement, cut), "")
    span = python.span(source, statement)
    base = indentation(source, span.start) or ""
    return Edit(source.path, span, f"\n{base}".join(lines))


def _out_of_batch(
    source: Source,
    body: list[ast.stmt],
    statement: ast.With,
    taken: set[Span],
    lines: Sequence[str],
    *,
    behind: bool,
) -> list[Edit]:
    if len(taken) == len(statement.body):
        return [_replaced(source, body, statement, lines, taken)]
    edits = [
        Edit(source.path, gone(source, statement.body, each, each, taken), "")
        for each in statement.body
        if python.span(source, each) in taken
    ]
    if lines:
        whole = statement_lines(source, statement)
        base = indentation(source, python.span(source, statement).start)
        text = "".join(f"{base}{line}\n" for line in lines)
        at = whole.end if behind else whole.start
        if not source.text[:at].endswith("\n"):
            text = "\n" + text
        edits.append(Edit(source.path, Span(at, at), text))
    return edits


def _follows(source: Source, one: ast.stmt, other: ast.stmt) -> bool:
    """Whether nothing but blank lines stands between two statements."""
    return not source.text[statement_lines(source, one).end : python.span(source, other).start].strip()
