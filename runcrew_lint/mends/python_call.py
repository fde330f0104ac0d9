"""One call as libcst's lossless tree: what it names, and keyword arguments in the style of the others."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from runcrew_lint.mends.python_site import Site

Call = cst.Call


def parsed(text: str) -> cst.Call | None:
    """The call that a text is, as one statement."""
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


def code(node: cst.CSTNode) -> str:
    """A node as it is written."""
    return cst.Module([]).code_for_node(node)


def given(call: cst.Call, names: tuple[str, ...]) -> dict[str, cst.BaseExpression] | None:
    """The arguments by name, where `names` are those of the positions; None for starred ones."""
    found: dict[str, cst.BaseExpression] = {}
    for position, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword is not None:
            found[arg.keyword.value] = arg.value
        elif position < len(names):
            found[names[position]] = arg.value
        else:
            return None
    return found


def is_none(value: cst.BaseExpression | None) -> bool:
    """Whether it is left out, or None."""
    return value is None or (isinstance(value, cst.Name) and value.value == "None")


def is_literal(value: cst.BaseExpression | None) -> bool:
    """A text, or `op.f(...)` of one."""
    if isinstance(value, cst.Call):
        is_f = isinstance(value.func, cst.Attribute) and value.func.attr.value == "f"
        return is_f and len(value.args) == 1 and is_literal(value.args[0].value)
    return isinstance(value, cst.SimpleString) and "\n" not in value.value and "b" not in value.prefix.lower()


def is_repeatable(value: cst.BaseExpression | None) -> bool:
    """A text that is the same however often it is asked for: of literals, names, and what is put together of
    them, or `op.f(...)` of one.
    """
    if isinstance(value, cst.Call):
        is_f = isinstance(value.func, cst.Attribute) and value.func.attr.value == "f"
        return is_f and len(value.args) == 1 and is_repeatable(value.args[0].value)
    if isinstance(value, cst.BinaryOperation):
        one_line = "\n" not in code(value)
        parts = (value.left, value.right)
        return isinstance(value.operator, cst.Add) and one_line and all(map(is_repeatable, parts))
    if isinstance(value, cst.FormattedString):
        return all(isinstance(each, cst.FormattedStringText) or _is_name(each) for each in value.parts)
    return is_literal(value) or (isinstance(value, cst.Name) and value.value != "None")


def _is_name(part: cst.BaseFormattedStringContent) -> bool:
    return isinstance(part, cst.FormattedStringExpression) and isinstance(part.expression, cst.Name)


def bare(value: cst.BaseExpression) -> str:
    """A text, or `op.f(...)` of one, without the line breaks and comments it may be written with."""
    if isinstance(value, cst.Call):
        return f"{code(value.func)}({bare(value.args[0].value)})"
    if isinstance(value, cst.SimpleString):
        return value.value
    return code(value)


def is_exploded(call: cst.Call) -> bool:
    """Whether each argument has a line of its own, and a comma behind it."""
    if not call.args:
        return False
    before = call.whitespace_before_args
    last = call.args[-1].comma
    return isinstance(before, cst.ParenthesizedWhitespace) and isinstance(last, cst.Comma)


def written(called: str, arguments: list[str], site: Site, *, exploded: bool) -> str:
    """A new call where a block at the site puts it; a line for each argument where exploded."""
    if not exploded:
        return f"{called}({', '.join(arguments)})"
    outer = site.newline + site.base + ("" if site.autocommit else site.unit)
    inner = outer + site.unit
    return f"{called}({inner}{f',{inner}'.join(arguments)},{outer})"


def with_arguments(call: cst.Call, keywords: Mapping[str, str]) -> cst.Call | None:
    """The call with these keyword arguments, set where they stand, else added in the call's own style.

    None where a `**` may hold one of them already.
    """
    if any(arg.star == "**" for arg in call.args):
        return None
    values = {name: cst.parse_expression(value) for name, value in keywords.items()}
    args = [
        arg.with_changes(value=values[arg.keyword.value])
        if arg.keyword is not None and arg.keyword.value in values
        else arg
        for arg in call.args
    ]
    standing = {arg.keyword.value for arg in args if arg.keyword is not None}
    for name, value in values.items():
        if name not in standing:
            args = _appended(call, args, keyword(name, value))
    return call.with_changes(args=args)


def without_keyword(call: cst.Call, name: str) -> cst.Call | None:
    """The call without a keyword argument; None where it has none of that name, or nothing else."""
    at = next((at for at, arg in enumerate(call.args) if arg.keyword and arg.keyword.value == name), None)
    if at is None or len(call.args) == 1 or any(arg.star for arg in call.args):
        return None
    gone, args = call.args[at], [*call.args[:at], *call.args[at + 1 :]]
    if at == len(args):  # the end of the call is the end of the one before it
        end = {"comma": gone.comma, "whitespace_after_arg": gone.whitespace_after_arg}
        args[-1] = args[-1].with_changes(**end)
    return call.with_changes(args=args)


def with_first(call: cst.Call, name: str, value: str) -> cst.Call | None:
    """The call with its first parameter, which is called `name`, set anew; None where it is not given."""
    for at, arg in enumerate(call.args):
        if arg.star == "" and (
            (arg.keyword is None and at == 0) or (arg.keyword and arg.keyword.value == name)
        ):
            made = arg.with_changes(value=cst.parse_expression(value))
            return call.with_changes(args=[*call.args[:at], made, *call.args[at + 1 :]])
    return None


def says_false(call: cst.Call, name: str) -> bool:
    """Whether a keyword argument is False, in so many words."""
    said = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == name]
    return any(isinstance(value, cst.Name) and value.value == "False" for value in said)


def on_table(call: cst.Call, table: Mapping[str, str], *, keywords_alone: bool = False) -> cst.Call | None:
    """A call on a batch as the same call of `op`, which names the table: as its second argument, or by name.

    Arguments:
        table: `table_name`, and `schema` where there is one, as they are written.
    """
    if any(arg.star for arg in call.args) or not call.args:
        return None
    told, names = call, dict(table)
    first = call.args[0]
    if not keywords_alone and first.keyword is None and isinstance(first.comma, cst.Comma):
        second = cst.Arg(cst.parse_expression(names.pop("table_name")), comma=first.comma)
        told = call.with_changes(args=[first.with_changes(comma=_plain(first.comma)), second, *call.args[1:]])
    return with_arguments(told, names) if names else told


def _plain(comma: cst.Comma) -> cst.Comma:
    return comma.with_changes(whitespace_after=_without_comment(comma.whitespace_after))


def keyword(name: str, value: cst.BaseExpression) -> cst.Arg:
    """`name=value`."""
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(value, keyword=cst.Name(name), equal=tight)


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
    plain = last.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*args[:-1], plain, added]


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


def shifted(call: cst.Call, by: str, newline: str) -> str:
    """The call as a statement, moved to the right.

    Lines inside brackets move with it, lines inside a text do not: that is what libcst knows.
    """
    line = cst.SimpleStatementLine([cst.Expr(call)])
    if not by:
        return cst.Module([line], default_newline=newline).code.rstrip("\r\n")
    block = cst.If(cst.Name("x"), cst.IndentedBlock([line], indent=by))
    text = cst.Module([block], default_newline=newline).code
    return text.partition(newline)[2].removeprefix(by).rstrip("\r\n")
