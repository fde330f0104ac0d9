"""Mends that write a revision's downgrade(), or what it lacks, as the mirror of its upgrade()."""

from __future__ import annotations

import ast

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import Around, around_of
from runcrew_lint.mends.python_site import (
    function_of,
    indentation,
    names_of_op,
    newline_after,
    statement_lines,
)
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span

_WIDTH = 100
_UNIT = "    "
_NAMED = ("create_foreign_key", "create_unique_constraint", "create_primary_key")
_MARK = "# ###"  # autogenerate's own comments say nothing


def written(request: MendRequest, source: Source) -> Fix | None:
    """Writes what takes upgrade() back.

    Refused is a downgrade() that says something in a docstring or a comment: it may be why there is nothing.

    Arguments of the request:
        calls: for each its method, its arguments, its keywords as pairs, and whether an autocommit_block
            holds it.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    up, down = function_of(source, "upgrade"), function_of(source, "downgrade")
    lines = _asked(request, source, up)
    if up is None or not lines:
        return None
    edit = _added(source, up, lines) if down is None else _filled(source, down, lines)
    title = "writes downgrade() as the mirror of upgrade()"
    return Fix(title, Safety.UNSAFE, (edit,)) if edit is not None else None


def completed(request: MendRequest, source: Source) -> Fix | None:
    """Adds to the end of downgrade() what it has missed.

    Refused is a downgrade() that may end before its last statement.

    Arguments of the request:
        calls, lock_timeout, statement_timeout, begun: as in `written`.
    """
    down = function_of(source, "downgrade")
    lines = _asked(request, source, down)
    if down is None or not lines:
        return None
    last = python.span(source, down.body[-1])
    base = indentation(source, python.span(source, down.body[0]).start)
    ends = any(isinstance(each, (ast.Return, ast.Raise)) for each in ast.walk(down))
    newline = newline_after(source, last.end)
    if ends or not base or newline is None:
        return None
    stop = statement_lines(source, down.body[-1]).end
    text = "".join(f"{base}{line}\n" for line in lines)
    if not source.text[:stop].endswith("\n"):
        text = "\n" + text
    what = "what it has missed" if len(lines) > 1 else "the one step that it has missed"
    edit = Edit(source.path, Span(stop, stop), text)
    return Fix(f"adds {what} to downgrade()", Safety.UNSAFE, (edit,))


def _asked(request: MendRequest, source: Source, function: ast.FunctionDef | None) -> list[str] | None:
    """The lines that a request asks for, by the name that the function has for `op`.

    None where upgrade() asks for the dialect: what it does on another database is not known.
    """
    up = function_of(source, "upgrade")
    span = python.span(source, up) if up is not None else Span(0, 0)
    if "dialect" in source.text[span.start : span.end]:
        return None
    told = dict(request.arguments)
    given = {each.arg for each in function.args.args} if function is not None else set()
    alias = "op" if "op" in given else min(names_of_op(source), default="")
    calls = told["calls"]
    return _lines(calls if isinstance(calls, tuple) else (), alias, around_of(told)) if alias else None


def _lines(calls: tuple[Plain, ...], alias: str, around: Around) -> list[str] | None:
    lines: list[str] = []
    block: list[str] = []
    for each in calls:
        method, arguments, keywords, in_block = each if isinstance(each, tuple) else ("", (), (), False)
        text = _call(alias, str(method), arguments, keywords)
        if text is None:
            return None
        if in_block:
            block += text
            continue
        lines += _closed(block, alias, around)
        block = []
        lines += text
    return [*lines, *_closed(block, alias, around)]


def _closed(block: list[str], alias: str, around: Around) -> list[str]:
    if not block:
        return []
    return [*around.opened(alias), *(_UNIT + each for each in around.within(alias, block))]


def _call(alias: str, method: str, arguments: Plain, keywords: Plain) -> list[str] | None:
    given = arguments if isinstance(arguments, tuple) else ()
    named = keywords if isinstance(keywords, tuple) else ()
    if method == "execute":
        line = execute(alias, str(given[0]))
        return [line] if line is not None else None
    pairs = [each for each in named if isinstance(each, tuple)]
    texts = [*map(_word, given)]
    if method in _NAMED:  # no naming convention makes another name of it
        texts[0] = f"{alias}.f({texts[0]})"
    words = [*texts, *(f"{name}={_word(value)}" for name, value in pairs)]
    line = f"{alias}.{method}({', '.join(words)})"
    if len(line) <= _WIDTH - 2 * len(_UNIT):
        return [line]
    return [f"{alias}.{method}(", *(f"{_UNIT}{each}," for each in words), ")"]


def _word(value: Plain) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_word, value))}]"
    if isinstance(value, str) and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return repr(value)


def _added(source: Source, up: ast.FunctionDef, lines: list[str]) -> Edit:
    """A downgrade() behind upgrade(), with the same arguments."""
    last = _end(source, up)
    at = source.line_starts[last] if last < len(source.line_starts) else len(source.text)
    before = "" if source.text[:at].endswith("\n") else "\n"
    returns = f" -> {ast.unparse(up.returns)}" if up.returns is not None else ""
    head = f"def downgrade({ast.unparse(up.args)}){returns}:"
    body = "".join(f"{_UNIT}{line}\n" for line in lines)
    return Edit(source.path, Span(at, at), f"{before}\n\n{head}\n{body}")


def _filled(source: Source, down: ast.FunctionDef, lines: list[str]) -> Edit | None:
    """The lines in place of the `pass` of a downgrade() that says no more than that."""
    (only, *others) = down.body
    first = down.lineno if not down.body else (down.returns or down).lineno
    span = python.span(source, only)
    base = source.text[source.line_starts[only.lineno - 1] : span.start]
    comments = [source.line(at).partition("#") for at in range(first, _end(source, down) + 1)]
    said = any(mark and not f"#{text}".startswith(_MARK) for _, mark, text in comments)
    if others or said or not isinstance(only, ast.Pass) or base.strip():
        return None
    return Edit(source.path, span, f"\n{base}".join(lines))


def _end(source: Source, function: ast.FunctionDef) -> int:
    """The last line of a function with the comments that stand indented behind it."""
    line = function.end_lineno or function.lineno
    while line < len(source.line_starts) and source.line(line + 1).startswith((" ", "\t")):
        line += 1
    return line
