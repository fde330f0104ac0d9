"""Mends of Python files, on libcst's lossless parse of the one statement that changes.

The statement is found by `ast`, which has its place at hand; only its own text is parsed again, so that
a fix costs no second parse of the whole file and can't touch what lies outside the statement.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from runcrew_lint.documents import python
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class _Site:
    """A call that is a statement of its own in upgrade() or downgrade().

    `base` is the line's indentation, `unit` one level of it; `autocommit` says that an
    autocommit_block holds it already.
    """

    call: ast.Call
    span: Span
    base: str
    unit: str
    newline: str
    autocommit: bool


def concurrent_index(request: MendRequest, source: Source) -> Fix | None:
    """Builds an index CONCURRENTLY, outside the transaction, and so that it can be tried again.

    A build that failed leaves an INVALID index behind, which `if_not_exists` would take for the real
    one: so the index is dropped first if it is there. Refused is a call whose index, table or schema is
    no literal, and one that is not a statement directly in upgrade(), in an `if` or in an
    autocommit_block of it.
    """
    site = _site(source, request.place.span)
    if site is None:
        return None
    text = source.text[site.span.start : site.span.end]
    call = _parsed(text)
    if call is None or not isinstance(call.func, cst.Attribute):
        return None
    named = _named(call)
    if named is None:
        return None
    exploded = _is_exploded(call)
    drop = _drop_index(call.func, named, exploded, site.unit)
    create = _with_arguments(
        call, {"postgresql_concurrently": cst.Name("True"), "if_not_exists": cst.Name("True")}
    )
    lines = _rendered([drop, create], site)
    if site.autocommit:
        new = lines
    else:
        alias = cst.Module([]).code_for_node(call.func.value)
        new = f"with {alias}.get_context().autocommit_block():{site.newline}{lines}"
    edit = Edit(source.path, site.span, new)
    return Fix("builds the index CONCURRENTLY, outside the transaction", Safety.SAFE, (edit,))


def autocommit_block(request: MendRequest, source: Source) -> Fix | None:
    """Wraps a call of `op` in an autocommit_block, outside the transaction.

    Refused is a call on anything but `alembic.op` (a connection of its own has a transaction of its
    own), and one that is not a statement directly in upgrade() or downgrade(), or in an `if` of it.
    """
    site = _site(source, request.place.span, ("upgrade", "downgrade"))
    if site is None or site.autocommit:
        return None
    called = site.call.func
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return None
    call = _parsed(source.text[site.span.start : site.span.end])
    if call is None or called.value.id not in _names_of_op(source):
        return None
    moved = _shifted(call, site.unit, site.newline)
    head = f"with {called.value.id}.get_context().autocommit_block():"
    new = f"{head}{site.newline}{site.base}{site.unit}{moved}"
    edit = Edit(source.path, site.span, new)
    return Fix("runs it outside the transaction, in an autocommit_block", Safety.SAFE, (edit,))


def _names_of_op(source: Source) -> frozenset[str]:
    """What the module calls `alembic.op`."""
    return frozenset(
        each.asname or each.name
        for statement in source.derive(python.parse).body
        if isinstance(statement, ast.ImportFrom) and statement.module == "alembic" and not statement.level
        for each in statement.names
        if each.name == "op"
    )


def _site(source: Source, span: Span, functions: tuple[str, ...] = ("upgrade",)) -> _Site | None:
    module = source.derive(python.parse)
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for statement, autocommit in _statements(function.body, autocommit=False):
                if isinstance(statement.value, ast.Call) and python.span(source, statement) == span:
                    return _made_site(source, function, statement.value, span, autocommit)
    return None


def _statements(body: list[ast.stmt], *, autocommit: bool) -> Iterator[tuple[ast.Expr, bool]]:
    """The expression statements that run at most once, with whether an autocommit_block holds them."""
    for statement in body:
        if isinstance(statement, ast.Expr):
            yield statement, autocommit
        elif isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse], autocommit=autocommit)
        elif isinstance(statement, ast.With) and not autocommit and _is_autocommit(statement):
            yield from _statements(statement.body, autocommit=True)


def _is_autocommit(statement: ast.With) -> bool:
    subject = statement.items[0].context_expr
    return (
        len(statement.items) == 1
        and isinstance(subject, ast.Call)
        and isinstance(subject.func, ast.Attribute)
        and subject.func.attr == "autocommit_block"
    )


def _made_site(
    source: Source, function: ast.FunctionDef, call: ast.Call, span: Span, autocommit: bool
) -> _Site | None:
    base = _indentation(source, span.start)
    unit = _indentation(source, python.span(source, function.body[0]).start)
    rest = _REST_OF_LINE.match(source.text, span.end)
    if base is None or not unit or rest is None:
        return None  # something else stands on the statement's lines
    newline = "\r\n" if source.text.startswith("\r\n", rest.end()) else "\n"
    return _Site(call, span, base, unit, newline, autocommit)


def _indentation(source: Source, offset: int) -> str | None:
    line = source.position(offset).line
    before = source.text[source.line_starts[line - 1] : offset]
    return before if not before.strip(" \t") else None


def _parsed(text: str) -> cst.Call | None:
    try:
        statement = cst.parse_statement(text)
    except cst.ParserSyntaxError:
        return None
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    (expression,) = statement.body
    if isinstance(expression, cst.Expr) and isinstance(expression.value, cst.Call):
        return expression.value
    return None


@dataclass(frozen=True, slots=True)
class _Named:
    """What names the index: literals, so that saying them twice means the same."""

    index: cst.BaseExpression
    table: cst.BaseExpression
    schema: cst.BaseExpression | None


def _named(call: cst.Call) -> _Named | None:
    given: dict[str, cst.BaseExpression] = {}
    for position, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword is not None:
            given[arg.keyword.value] = arg.value
        elif position < 4:
            given[("index_name", "table_name", "columns", "schema")[position]] = arg.value
    index, table = given.get("index_name"), given.get("table_name")
    schema = given.get("schema")
    if isinstance(schema, cst.Name) and schema.value == "None":
        schema = None
    if index is None or table is None or not _is_literal(index) or not _is_literal(table):
        return None
    if schema is not None and not _is_literal(schema):
        return None
    return _Named(_bare(index), _bare(table), _bare(schema) if schema is not None else None)


def _is_literal(value: cst.BaseExpression) -> bool:
    """A text, or `op.f(...)` of one."""
    if isinstance(value, cst.Call):
        is_f = isinstance(value.func, cst.Attribute) and value.func.attr.value == "f"
        return is_f and len(value.args) == 1 and _is_literal(value.args[0].value)
    return isinstance(value, cst.SimpleString) and "\n" not in value.value and "b" not in value.prefix.lower()


def _bare(value: cst.BaseExpression) -> cst.BaseExpression:
    """A text, or `op.f(...)` of one, without the line breaks and comments it may be written with."""
    if isinstance(value, cst.Call):
        return cst.Call(value.func, [cst.Arg(_bare(value.args[0].value))])
    return value


def _drop_index(func: cst.Attribute, named: _Named, exploded: bool, unit: str) -> cst.Call:
    keywords: list[tuple[str, cst.BaseExpression]] = [("table_name", named.table)]
    if named.schema is not None:
        keywords.append(("schema", named.schema))
    keywords += [("postgresql_concurrently", cst.Name("True")), ("if_exists", cst.Name("True"))]
    args = [cst.Arg(named.index), *(_keyword(name, value) for name, value in keywords)]
    plain = cst.Call(func.with_changes(attr=cst.Name("drop_index")), args)
    if not exploded:
        return plain
    inner, outer = _line_break(unit), _line_break("")
    separated = [arg.with_changes(comma=cst.Comma(whitespace_after=inner)) for arg in args[:-1]]
    last = args[-1].with_changes(comma=cst.Comma(whitespace_after=outer))
    return plain.with_changes(args=[*separated, last], whitespace_before_args=inner)


def _keyword(name: str, value: cst.BaseExpression) -> cst.Arg:
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(value, keyword=cst.Name(name), equal=tight)


def _line_break(indentation: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(indentation))


def _is_exploded(call: cst.Call) -> bool:
    """Whether each argument has a line of its own, and a comma behind it."""
    before = call.whitespace_before_args
    last = call.args[-1].comma
    return isinstance(before, cst.ParenthesizedWhitespace) and isinstance(last, cst.Comma)


def _with_arguments(call: cst.Call, keywords: dict[str, cst.BaseExpression]) -> cst.Call:
    """The call with these keyword arguments, set where they stand, else added in the call's own style."""
    args = [
        arg.with_changes(value=keywords[arg.keyword.value])
        if arg.keyword is not None and arg.keyword.value in keywords
        else arg
        for arg in call.args
    ]
    standing = {arg.keyword.value for arg in args if arg.keyword is not None}
    for name, value in keywords.items():
        if name not in standing:
            args = _appended(call, args, _keyword(name, value))
    return call.with_changes(args=args)


def _appended(call: cst.Call, args: list[cst.Arg], new: cst.Arg) -> list[cst.Arg]:
    last = args[-1]
    between = _separator(call, args)
    if isinstance(last.comma, cst.Comma):
        closing = last.comma.whitespace_after
        added = new.with_changes(comma=cst.Comma(whitespace_after=_without_comment(closing)))
        comma = last.comma.with_changes(whitespace_after=_continued(closing, between))
        return [*args[:-1], last.with_changes(comma=comma), added]
    closing = last.whitespace_after_arg
    added = new.with_changes(whitespace_after_arg=_without_comment(closing))
    comma = cst.Comma(whitespace_after=_continued(closing, between))
    bare = last.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*args[:-1], bare, added]


def _separator(call: cst.Call, args: list[cst.Arg]) -> cst.BaseParenthesizableWhitespace:
    """How the call parts its arguments: a space, or a line break with an indentation."""
    if len(args) > 1 and isinstance(args[-2].comma, cst.Comma):
        style = args[-2].comma.whitespace_after
    else:
        style = call.whitespace_before_args
    if isinstance(style, cst.ParenthesizedWhitespace):
        return _without_comment(style)
    return cst.SimpleWhitespace(" ")


def _without_comment(
    style: cst.BaseParenthesizableWhitespace,
) -> cst.BaseParenthesizableWhitespace:
    if isinstance(style, cst.ParenthesizedWhitespace):
        return cst.ParenthesizedWhitespace(indent=style.indent, last_line=style.last_line)
    return style


def _continued(
    closing: cst.BaseParenthesizableWhitespace, between: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """What stands before the new argument: the old end's comments, then the way the call parts its own."""
    if not isinstance(closing, cst.ParenthesizedWhitespace) or closing.first_line.comment is None:
        if not isinstance(closing, cst.ParenthesizedWhitespace) or not closing.empty_lines:
            return between
    last_line = between.last_line if isinstance(between, cst.ParenthesizedWhitespace) else closing.last_line
    return closing.with_changes(last_line=last_line)


def _rendered(calls: list[cst.Call], site: _Site) -> str:
    """The statements one level deeper than the site, or at it inside an autocommit_block.

    The first line goes where the old statement began; the others get the site's indentation. Lines
    inside brackets move with their statement, lines inside a text do not: that is what libcst knows.
    """
    deeper = "" if site.autocommit else site.unit
    texts = [_shifted(call, deeper, site.newline) for call in calls]
    # In `_drop_index` an exploded argument is indented from the statement; the old call's lines carry
    # the site's own indentation in their text.
    texts[0] = texts[0].replace(site.newline, site.newline + site.base)
    joined = (site.newline + site.base + deeper).join(texts)
    return joined if site.autocommit else site.base + deeper + joined


def _shifted(call: cst.Call, by: str, newline: str) -> str:
    line = cst.SimpleStatementLine([cst.Expr(call)])
    if not by:
        return cst.Module([line], default_newline=newline).code.rstrip("\r\n")
    block = cst.If(cst.Name("x"), cst.IndentedBlock([line], indent=by))
    code = cst.Module([block], default_newline=newline).code
    return code.partition(newline)[2].removeprefix(by).rstrip("\r\n")
