"""Where a statement of a revision stands: its indentation, line ends, and the function that holds it.

The statement is found by `ast`, which has its place at hand; only its own text is parsed again, so that
a fix costs no second parse of the whole file and can't touch what lies outside the statement.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.documents import python
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_REST_OF_LINE = lazily(r"[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")


@frozen
class Site:
    """A call that is a statement of its own in upgrade() or downgrade().

    `base` is the line's indentation, `unit` one level of it; `autocommit` says that an
    autocommit_block holds it already, and `shift` by how much what is mended goes to the right of the line.
    """

    source: Source
    function: ast.FunctionDef
    call: ast.Call
    span: Span
    base: str
    unit: str
    newline: str
    autocommit: bool
    shift: str = ""

    @property
    def text(self) -> str:
        """The statement as it is written."""
        return self.source.text[self.span.start : self.span.end]

    @property
    def receiver(self) -> str:
        """What the call is a method of, as `op` of `op.execute(...)`; "" for anything but a name."""
        called = self.call.func
        is_plain = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
        return called.value.id if is_plain else ""  # type: ignore[attr-defined]

    @property
    def method(self) -> str:
        """The called method's name."""
        return self.call.func.attr if isinstance(self.call.func, ast.Attribute) else ""

    @property
    def is_of_op(self) -> bool:
        """Whether it calls a method of `alembic.op`, or of what env.py hands to the function as `op`."""
        given = {each.arg for each in self.function.args.args} & {"op"}
        return self.receiver in names_of_op(self.source) | given

    def lines(self, statements: list[str]) -> str:
        """The statements one below the other, at the site; the first goes where the old one began."""
        return (self.newline + self.base).join(statements)

    @property
    def deeper(self) -> str:
        """By how much a block at the site moves a statement to the right."""
        return self.shift if self.autocommit else self.shift + self.unit

    @property
    def is_on_postgres(self) -> bool:
        """Whether it stands in an `if` that asks for PostgreSQL."""
        return runs_on_postgres(self.function, self.call)

    def one_deeper(self) -> Site:
        """The site of what goes into an `if` that is put around it."""
        return replace(self, base=self.base + self.unit, shift=self.shift + self.unit)


def runs_on_postgres(function: ast.FunctionDef, call: ast.Call) -> bool:
    """Whether a call of a function is asked for PostgreSQL: by an `if`, an `else`, or a return before it."""
    for node in ast.walk(function):
        if not isinstance(node, ast.If):
            continue
        if _asks_for_postgres(node.test) and _holds(node.body, call):
            return True
        leaves = node in function.body and isinstance(node.body[-1], ast.Return)
        behind = leaves and (node.end_lineno or node.lineno) < call.lineno
        if _asks_for_others(node.test) and (behind or _holds(node.orelse, call)):
            return True
    return False


def _asks_for_postgres(test: ast.expr) -> bool:
    """Whether a condition is that a name is PostgreSQL's, and perhaps more."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(map(_asks_for_postgres, test.values))
    return _compares(test, ast.Eq)


def _asks_for_others(test: ast.expr) -> bool:
    """Whether a condition is that a name is not PostgreSQL's, or something else."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(map(_asks_for_others, test.values))
    return _compares(test, ast.NotEq)


def _compares(test: ast.expr, by: type[ast.cmpop]) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], by):
        return False
    sides = (test.left, test.comparators[0])
    return len(test.ops) == 1 and any(
        isinstance(each, ast.Constant) and each.value == "postgresql" for each in sides
    )


def _holds(body: list[ast.stmt], call: ast.Call) -> bool:
    return any(node is call for statement in body for node in ast.walk(statement))


def names_of_op(source: Source) -> frozenset[str]:
    """What the module calls `alembic.op`."""
    found = set()
    for statement in source.derive(python.parse).body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "alembic" and not statement.level:
            found |= {each.asname or each.name for each in statement.names if each.name == "op"}
        elif isinstance(statement, ast.Import):
            found |= {each.asname for each in statement.names if each.name == "alembic.op" and each.asname}
    return frozenset(found)


def function_of(source: Source, name: str) -> ast.FunctionDef | None:
    """The module's function of that name, where it has one."""
    found = [
        each
        for each in source.derive(python.parse).body
        if isinstance(each, ast.FunctionDef) and each.name == name
    ]
    return found[-1] if found else None


def site_of(
    source: Source, span: Span, functions: tuple[str, ...] = ("upgrade",), *, looped: bool = False
) -> Site | None:
    """The site of the statement at a span, which stands directly in a function, in an `if` or in an
    autocommit_block of it; None for any other, and where something else stands on its lines.

    Arguments:
        looped: whether it may stand in a `for`, too.
    """
    holders = (ast.If, ast.For) if looped else (ast.If,)
    for function in source.derive(python.parse).body:
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for statement, autocommit in _statements(function.body, holders, autocommit=False):
                if isinstance(statement.value, ast.Call) and python.span(source, statement) == span:
                    return made(source, function, statement.value, span, autocommit)
    return None


def _statements(
    body: list[ast.stmt], holders: tuple[type[ast.If] | type[ast.For], ...], *, autocommit: bool
) -> Iterator[tuple[ast.Expr, bool]]:
    """The expression statements, those in holders included, with whether an autocommit_block holds them."""
    for statement in body:
        if isinstance(statement, ast.Expr):
            yield statement, autocommit
        elif isinstance(statement, holders):
            yield from _statements([*statement.body, *statement.orelse], holders, autocommit=autocommit)
        elif isinstance(statement, ast.With) and not autocommit and is_autocommit(statement):
            yield from _statements(statement.body, holders, autocommit=True)


def is_autocommit(statement: ast.With) -> bool:
    """Whether it is an autocommit_block and nothing else."""
    subject = statement.items[0].context_expr
    return (
        len(statement.items) == 1
        and isinstance(subject, ast.Call)
        and isinstance(subject.func, ast.Attribute)
        and subject.func.attr == "autocommit_block"
    )


def made(
    source: Source, function: ast.FunctionDef, call: ast.Call, span: Span, autocommit: bool
) -> Site | None:
    """The site of a call that is a statement; None where something else stands on its lines."""
    base = indentation(source, span.start)
    unit = indentation(source, python.span(source, function.body[0]).start)
    newline = newline_after(source, span.end)
    if base is None or not unit or newline is None:
        return None
    return Site(source, function, call, span, base, unit, newline, autocommit)


def indentation(source: Source, offset: int) -> str | None:
    """What stands before an offset on its line, where that is blank."""
    line = source.position(offset).line
    before = source.text[source.line_starts[line - 1] : offset]
    return before if not before.strip(" \t") else None


def newline_after(source: Source, offset: int) -> str | None:
    """How the line ends on which a statement ends; None where another one follows on it."""
    rest = _REST_OF_LINE.match(source.text, offset)
    if rest is None:
        return None
    return "\r\n" if source.text.startswith("\r\n", rest.end()) else "\n"


# Autogenerate's marks around its commands belong to no one statement, nor does code that is commented out.
_GENERATED = ("# ###", "### commands", "### end")
_CODE = lazily(r"#\s*(?:with\s+)?(?:\w*op|bind|conn(?:ection)?|session)\.\w+\(")


def comments_above(source: Source, line: int, base: str) -> int:
    """The first of the comment lines right above a line that belong to it; the line itself where none do.

    Lines are counted from 0; `base` is the indentation that the comments share with what they are about.
    """
    first = line
    while first > 0:
        above = source.line(first)
        if not above.startswith(f"{base}#") or above.strip().startswith(_GENERATED):
            break
        if _CODE.match(above.strip()):
            return line
        first -= 1
    return first


_SET = lazily(r"""\w+\.execute\((["'])SET LOCAL \w+ = [^"]*\1\)""")
_ASKED = lazily(r"""if \w+\.get_context\(\)\.dialect\.name == (["'])postgresql\1:""")


def behind_line_above(source: Source, line: int) -> int:
    """Where an edit begins that puts a block at the start of a line: at the end of the line before it.

    There a fix might put a SET LOCAL, which the block would end with nothing in its transaction; one that is
    there goes, with the `if` that keeps it from other databases. Lines are counted from 0.
    """
    end = source.text.rfind("\n", 0, source.line_starts[line])
    base, above = _indented(source, line), line - 1
    if not _SET.fullmatch(source.line(line).strip()):
        return end
    if _indented(source, above) != base:
        above -= 1
        if _indented(source, above) != base or not _ASKED.fullmatch(source.line(above + 1).strip()):
            return end
    return source.text.rfind("\n", 0, source.line_starts[above])


def is_timeout(source: Source, statement: ast.stmt) -> bool:
    """Whether it sets a timeout for the rest of the transaction, on PostgreSQL, and does nothing else."""
    lines = source.text[slice(*python.span(source, statement))].splitlines()
    asked, said = lines if len(lines) == 2 else ("", lines[0])
    if asked and not _ASKED.fullmatch(asked.strip()):
        return False
    return "_timeout = " in said and _SET.fullmatch(said.strip()) is not None


def _indented(source: Source, line: int) -> str:
    text = source.line(line + 1)
    return text[: len(text) - len(text.lstrip())]


def statement_lines(source: Source, first: ast.stmt, last: ast.stmt | None = None) -> Span:
    """The whole lines of statements, with the last line's end."""
    start = source.line_starts[first.lineno - 1]
    end = (last or first).end_lineno or first.lineno
    stop = source.line_starts[end] if end < len(source.line_starts) else len(source.text)
    return Span(start, stop)


def names_in(site: Site) -> set[str]:
    """The names that a call's text holds."""
    return {node.id for node in ast.walk(site.call) if isinstance(node, ast.Name)}


def statements_in(statement: ast.stmt) -> Iterator[ast.stmt]:
    """A statement and those inside it; no expression holds one, and most of a revision are expressions."""
    yield statement
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        inner = getattr(statement, field, ())
        for each in inner if isinstance(inner, list) else ():
            yield from statements_in(each)


def set_in(function: ast.FunctionDef) -> set[str]:
    """The names that a function gives a value, its arguments included."""
    return {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {each.arg for each in function.args.args}


def is_docstring(statement: ast.stmt) -> bool:
    """Whether it is a text and nothing else."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def comment_behind(source: Source, end: int) -> str:
    """The comment on the line that a statement ends in, with the blanks before it; "" for none."""
    found = _REST_OF_LINE.match(source.text, end)
    return found[0].rstrip() if found is not None else ""
