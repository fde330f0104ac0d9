"""Mends of an UPDATE that gives new columns one value: they come with it, as their default."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from runcrew_lint.documents import python
from runcrew_lint.documents.sql import Token, statements
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.mends.python_call import parsed, shifted, with_arguments
from runcrew_lint.mends.python_removal import removed
from runcrew_lint.mends.python_site import function_of, indentation, names_of_op
from runcrew_lint.mends.python_text import given_alone
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

# Functions that give one value to a whole transaction.
_OF_TRANSACTION = frozenset({"now()", "current_timestamp", "current_date", "localtimestamp"})
_TYPE = lazily(r"::\s*\w+(?:\s+\w+)*(?:\[\])?")


class _Column(NamedTuple):
    """A column that is filled.

    Arguments:
        span: its `Column(...)`.
        default: the one it has already, as SQL; "" for none.
        required: whether it has to have a value in the end, so that its new default stays.
        tight: the call that makes it NOT NULL and may go, since that is said where it is added; else empty.
    """

    name: str
    span: Span
    default: str
    required: bool
    tight: Span


class _Fill(NamedTuple):
    """An UPDATE, and what it fills.

    Arguments:
        quiet: the other UPDATEs of the table in between.
        batch: whether the columns are added in a batch, so that their defaults go in one.
    """

    span: Span
    table: str
    schema: str
    columns: tuple[_Column, ...]
    quiet: tuple[Span, ...]
    batch: bool


def by_default(request: MendRequest, source: Source) -> Fix | None:
    """Gives new columns the value that an UPDATE gives them as a server default, in place of the UPDATE.

    Where the column may be left out in the end its default is dropped again; else it stays, as running code
    inserts rows without the column, and is refused where it would say something of those. Refused are, too,
    an UPDATE that is not a statement of its own on `op` or a batch, a value that is not a constant, a column
    that is not built by a call of `Column`, and one that another UPDATE in between names.

    Arguments of the request:
        function: the one that they stand in.
        fills: for each UPDATE what `_Fill` says, spans as start and end; they are made together.
        guarded: whether other databases run the revision, too: to SQLite 'true' is a text and no truth.
    """
    told = dict(request.arguments)
    function = function_of(source, str(told["function"]))
    if function is None:
        return None
    fills = [*map(_fill, _listed(told["fills"]))]
    loose = [
        each._replace(columns=tuple(column._replace(tight=Span(0, 0)) for column in each.columns))
        for each in fills
    ]
    guarded = bool(told.get("guarded"))
    tried = (_made(request.place.span, source, function, each, guarded=guarded) for each in (fills, loose))
    return next(filter(None, tried), None)


def _made(
    place: Span, source: Source, function: ast.FunctionDef, fills: Sequence[_Fill], *, guarded: bool
) -> Fix | None:
    columns: list[_Column] = []
    edits: list[Edit] = []
    puts: dict[Span, Sequence[str]] = {}
    for fill in fills:
        made = _filled(source, function, fill, guarded=guarded)
        if made is not None:
            columns += fill.columns
            edits += made[0]
            puts[fill.span] = made[1]
            puts |= {each.tight: () for each in fill.columns if each.tight.end}
    if place not in puts:
        return None
    gone = removed(source, function, puts, behind=False, within=True)
    if gone is None:
        return None
    what = "the new column" if len(columns) == 1 else "the new columns"
    kept = list(dict.fromkeys(each.name for each in columns if each.required))
    if kept:
        title = f"gives {what} a server default in place of the UPDATE, and keeps that of {', '.join(kept)}"
        return Fix(title, Safety.UNSAFE, (*edits, *gone))
    title = f"gives {what} a server default for a moment, in place of the UPDATE"
    if not edits:
        title = "takes the UPDATE away, as the new column has that value by its default"
    return Fix(title, Safety.SAFE, (*edits, *gone))


def _listed(value: Plain) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else ()


def _span(start: Plain, end: Plain) -> Span:
    return Span(int(str(start)), int(str(end)))


def _fill(value: Plain) -> _Fill:
    start, end, table, schema, columns, quiet, batch = _listed(value)
    made = tuple(
        _Column(str(name), _span(first, last), str(default), bool(required), _span(start, end))
        for name, first, last, default, required, start, end in map(_listed, _listed(columns))
    )
    spans = tuple(_span(*_listed(each)) for each in _listed(quiet))
    return _Fill(_span(start, end), str(table), str(schema), made, spans, bool(batch))


def _filled(
    source: Source, function: ast.FunctionDef, fill: _Fill, *, guarded: bool
) -> tuple[list[Edit], list[str]] | None:
    """The edits of the columns, and the lines that take the UPDATE's place; None where it can't be."""
    call = _call_at(function, source, fill.span)
    sql = _sent(call) if call is not None else None
    values = _values(sql) if sql is not None else None
    if call is None or values is None or set(values) != {each.name for each in fill.columns}:
        return None
    names = re.compile("|".join(rf"\b{re.escape(each.name)}\b" for each in fill.columns), re.IGNORECASE)
    if any(names.search(source.text, *each) for each in fill.quiet):
        return None
    edits = []
    for each in fill.columns:
        value = values[each.name]
        if guarded and value.is_sql:
            return None  # SQLite adds no column with such a default
        if each.default:
            known = each.default.partition("::")[0].strip("' ").lower()
            is_text = guarded and value.is_truth and each.default.startswith("'")
            if value.is_sql or is_text or value.text.lower() != known:
                return None
            continue
        if each.required and not _says_nothing(value):
            return None  # what the rows of yesterday are need not be true of those to come
        edit = _with_default(source, function, each, value, guarded=guarded)
        if edit is None:
            return None
        edits.append(edit)
    lines = _let_go(source, function, call, fill)
    return (edits, lines) if lines is not None else None


_NEUTRAL = frozenset(
    {*("", "0", "0.0", "false", "f", "{}", "[]"), *("now()", "current_timestamp", "current_date")}
)


def _says_nothing(value: _Value) -> bool:
    text = value.text.partition("::")[0].strip("' ") if value.is_sql else value.text
    return text.lower() in _NEUTRAL


def _call_at(function: ast.FunctionDef, source: Source, span: Span) -> ast.Call | None:
    """The call at a span, where it is a statement of its own."""
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if python.span(source, node) == span:
                return node.value
    return None


def _sent(call: ast.Call) -> str | None:
    """The SQL that `execute` is given, where all of it is written there."""
    text = given_alone(call)
    if isinstance(text, ast.JoinedStr) and len(text.values) == 1:
        text = text.values[0]
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


class _Value(NamedTuple):
    """A constant.

    Arguments:
        is_sql: whether it has to be told as SQL, not as a text.
        is_truth: whether it is the word for one of the two truths.
    """

    text: str
    is_sql: bool = False
    is_truth: bool = False


def _values(sql: str) -> dict[str, _Value] | None:
    """The constant that each column is set to; None for any other value."""
    try:
        found = statements(sql)
    except Unreadable:
        return None
    if len(found) != 1:
        return None
    cursor = Cursor(sql, found[0])
    if not cursor.take("update") or not cursor.dotted() or not cursor.take("set"):
        return None
    values: dict[str, _Value] = {}
    while True:
        name = cursor.name()
        if name is None or not cursor.take("="):
            return None
        first = cursor.at
        text = cursor.until(",")
        value = _constant(cursor.tokens[first : cursor.at], text)
        if value is None:
            return None
        values[name] = value
        if not cursor.take(","):
            return values


def _constant(tokens: Sequence[Token], text: str) -> _Value | None:
    if not tokens or "\\" in text or "\n" in text or '"' in text or ":" in text.replace("::", ""):
        return None
    first = tokens[0]
    if text == f"'{first.value}'":
        return _Value(first.value)
    if text.isdigit() or text.lower() in ("true", "false"):
        return _Value(text, is_truth=not text.isdigit())
    is_cast = first.kind in ("text", "number") and _TYPE.fullmatch(text[first.end - first.start :].strip())
    if is_cast or "".join(text.lower().split()) in _OF_TRANSACTION:
        return _Value(text, is_sql=True)
    return None


def _with_default(
    source: Source, function: ast.FunctionDef, column: _Column, value: _Value, *, guarded: bool
) -> Edit | None:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    call = next((node for node in calls if python.span(source, node) == column.span), None)
    called = call.func if call is not None else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    module = called.value if isinstance(called, ast.Attribute) else None
    is_built = value.is_sql or (value.is_truth and guarded)
    if name != "Column" or (is_built and not isinstance(module, ast.Name)):
        return None
    written = f'"{value.text}"'
    if is_built and module is not None:
        inner = f"text({written})" if value.is_sql else f"{value.text.lower()}()"
        written = f"{ast.unparse(module)}.{inner}"
    tree = parsed(source.text[column.span.start : column.span.end])
    told = {"server_default": written, **({"nullable": "False"} if column.tight.end else {})}
    made = with_arguments(tree, told) if tree is not None else None
    if made is None:
        return None
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return Edit(source.path, column.span, shifted(made, "", newline))


def _let_go(source: Source, function: ast.FunctionDef, call: ast.Call, fill: _Fill) -> list[str] | None:
    """The lines that drop the defaults that are not to stay; None where neither `op` nor a batch sends it."""
    called = call.func
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return None
    receiver = called.value.id
    is_op = receiver in names_of_op(source)
    if called.attr != "execute" or not (is_op or receiver in _batches(function, source, fill.span)):
        return None
    let = [f'"{each.name}"' for each in fill.columns if not each.required and not each.default]
    if not let:
        return []
    where = [f'"{fill.table}"', *([f'schema="{fill.schema}"'] if fill.schema else [])]
    if not is_op:
        return [f"{receiver}.alter_column({each}, server_default=None)" for each in let]
    if not fill.batch:
        table, *schema = where
        return [
            f"{receiver}.alter_column({', '.join([table, each, 'server_default=None', *schema])})"
            for each in let
        ]
    unit = indentation(source, python.span(source, function.body[0]).start) or "    "
    return [
        f"with {receiver}.batch_alter_table({', '.join(where)}) as batch_op:",
        *(f"{unit}batch_op.alter_column({each}, server_default=None)" for each in let),
    ]


def _batches(function: ast.FunctionDef, source: Source, span: Span) -> set[str]:
    """The names of the batches that a place stands directly in."""
    aliases = names_of_op(source)
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.With) and any(python.span(source, each) == span for each in node.body):
            for item in node.items:
                opened = item.context_expr
                if isinstance(opened, ast.Call) and isinstance(opened.func, ast.Attribute):
                    is_batch = opened.func.attr == "batch_alter_table"
                    of = getattr(opened.func.value, "id", "")
                    if is_batch and of in aliases and isinstance(item.optional_vars, ast.Name):
                        found.add(item.optional_vars.id)
    return found
