"""Mends of columns and names in calls: a default, a deprecation for a drop, a name for what has none."""

from __future__ import annotations

import ast
import re

from runcrew_lint.documents import python
from runcrew_lint.mends.python_call import (
    bare,
    given,
    is_literal,
    is_none,
    parsed,
    shifted,
    with_arguments,
    written,
)
from runcrew_lint.mends.python_constraints import call_at
from runcrew_lint.mends.python_site import (
    Site,
    function_of,
    indentation,
    names_of_op,
    newline_after,
    site_of,
)
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_DROP = ("table_name", "column_name")


def server_default(request: MendRequest, source: Source) -> Fix | None:
    """Gives a new column a server default.

    Refused is a column that is not built by a call of `Column`, one with a `**`, and a default that is SQL
    where SQLAlchemy's `text` is not at hand.

    Arguments of the request:
        default: the text of the default; `sql` says that it is an expression, `truth` that it is one of the
            two truths, for more databases than PostgreSQL: to SQLite 'false' is a text.
    """
    told = dict(request.arguments)
    default = str(told["default"])
    call = call_at(source, request.place.span)
    edit = _with_default(source, call, default, sql=bool(told["sql"]), truth=bool(told.get("truth")))
    if edit is None:
        return None
    said = default or "the empty text"
    return Fix(f"gives the rows that are there a server default, {said}", Safety.UNSAFE, (edit,))


def _with_default(
    source: Source, call: ast.Call | None, default: str, *, sql: bool, truth: bool = False
) -> Edit | None:
    """A `Column(...)` with a server default; None for another call."""
    if call is None:
        return None
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    module = call.func.value if isinstance(call.func, ast.Attribute) else None
    if name != "Column" and not (isinstance(call.func, ast.Name) and call.func.id == "Column"):
        return None
    value = f'"{default}"'
    if sql or truth:
        if not isinstance(module, ast.Name):
            return None
        value = f"{module.id}.{default}()" if truth else f'{module.id}.text("{default}")'
    span = python.span(source, call)
    tree = parsed(source.text[span.start : span.end])
    made = with_arguments(tree, {"server_default": value}) if tree is not None else None
    if made is None:
        return None
    return Edit(source.path, span, shifted(made, "", "\r\n" if "\r\n" in source.text else "\n"))


def filled(request: MendRequest, source: Source) -> Fix | None:
    """Lets the rows have a value as downgrade() brings required columns back: by a default that goes at once.

    Refused is what `server_default` refuses, and a column that is not added by a statement of its own.

    Arguments of the request:
        columns: for each the start and end of its `Column(...)` and of the call that adds it, its name, its
            table's and schema's, and its default as in `server_default`.
    """
    columns = dict(request.arguments)["columns"]
    calls = _calls_in(source, "downgrade")
    edits: list[Edit] = []
    values: list[str] = []
    for each in columns if isinstance(columns, tuple) else ():
        *places, name, table, schema, default, sql = each if isinstance(each, tuple) else ()
        start, end, first, last = (int(str(place)) for place in places)
        given = _with_default(source, calls.get(Span(start, end)), str(default), sql=bool(sql))
        gone = _without_default(source, calls.get(Span(first, last)), str(name), str(table), str(schema))
        if given is None or gone is None:
            return None
        edits += (given, gone)
        values.append(str(default) or "the empty text")
    said = ", ".join(dict.fromkeys(values))
    title = f"gives the rows a value as the column comes back, {said}, by a default that goes at once"
    return Fix(title, Safety.UNSAFE, tuple(edits)) if edits else None


def _without_default(
    source: Source, call: ast.Call | None, name: str, table: str, schema: str
) -> Edit | None:
    """The line behind an add_column that drops its column's default; None where the call stands not alone."""
    if call is None or not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return None
    span = python.span(source, call)
    base, newline = indentation(source, span.start), newline_after(source, span.end)
    if call.func.attr != "add_column" or not base or newline is None:
        return None
    receiver = call.func.value.id
    where = [f'"{table}"'] if receiver in names_of_op(source) else []
    also = [f'schema="{schema}"'] if where and schema else []
    arguments = ", ".join([*where, f'"{name}"', "server_default=None", *also])
    end = source.text.find("\n", span.end) + 1
    at = end or len(source.text)
    line = f"{base}{receiver}.alter_column({arguments}){newline}"
    return Edit(source.path, Span(at, at), line if end else newline + line)


def _calls_in(source: Source, name: str) -> dict[Span, ast.Call]:
    function = function_of(source, name)
    nodes = (
        (node for node in ast.walk(function) if isinstance(node, ast.Call)) if function is not None else ()
    )
    return {python.span(source, node): node for node in nodes}


def deprecated(request: MendRequest, source: Source) -> Fix | None:
    """Leaves a column that was to be dropped, with a comment that says since when it is deprecated.

    What downgrade() did to bring it back takes the comment away again. Refused is a drop whose names are no
    literals, or that is not a statement directly in upgrade(), a downgrade() that does not add this column in
    one statement, and a comment of either that says what is dropped or comes back, and would then be wrong.

    Arguments of the request:
        table, column: their names.
        nullable: whether rows without a value are welcome already, or have to be from now on.
        required: whether downgrade() makes it NOT NULL again.
        today: the date, "YYYY-MM-DD".
    """
    told = dict(request.arguments)
    site = site_of(source, request.place.span)
    call = parsed(site.text) if site is not None else None
    names = given(call, _DROP) if call is not None else None
    if site is None or names is None or not site.is_of_op or site.method != "drop_column":
        return None
    if set(names) - {*_DROP, "schema"} or not all(is_literal(names.get(each)) for each in _DROP):
        return None
    back = _added(source, str(told["table"]), str(told["column"]))
    schema = names.get("schema")
    if back is None or not (is_none(schema) or is_literal(schema)):
        return None
    if any(_says_it_goes(source, each) for each in ("upgrade", "downgrade")):
        return None
    arguments = [bare(names[each]) for each in _DROP]
    named = [f"schema={bare(schema)}"] if schema is not None and not is_none(schema) else []
    loose = [] if told["nullable"] else ["nullable=True"]
    tight = ["nullable=False"] if told["required"] else []
    comment = f'comment="deprecated: {told["today"]}"'
    called = f"{site.receiver}.alter_column"
    forth = written(called, [*arguments, *loose, comment, *named], site, exploded=False)
    undo = written(called, [*arguments, *tight, "comment=None", *named], site, exploded=False)
    edits = (Edit(source.path, site.span, forth), Edit(source.path, back.span, undo))
    return Fix(
        f"deprecates the column from {told['today']} on in place of the drop, which is for a later revision",
        Safety.UNSAFE,
        edits,
    )


_GOES = lazily(
    r"#.*\b(?:drop|remov|delet|re-?(?:instat|stor|creat|add|introduc)|populat|brings? back|los[es])",
    re.IGNORECASE,
)


def _says_it_goes(source: Source, name: str) -> bool:
    """Whether a comment in a function tells of what is dropped there, or comes back."""
    function = function_of(source, name)
    lines = source.text.splitlines()[function.lineno : function.end_lineno] if function is not None else ()
    return any(_GOES.search(line) for line in lines if "#" in line)


def _added(source: Source, table: str, column: str) -> Site | None:
    """The one statement of downgrade() that adds the column."""
    function = function_of(source, "downgrade")
    found = []
    for node in ast.walk(function) if function is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
            if node.func.attr == "add_column" and table in texts[:1] and column in texts:
                found.append(site_of(source, python.span(source, node), ("downgrade",)))
    return found[0] if len(found) == 1 else None


def named(request: MendRequest, source: Source) -> Fix | None:
    """Gives a constraint the name that the server would pick, in place of the None that a call begins with.

    Arguments of the request:
        name: the name.
    """
    name = str(dict(request.arguments)["name"])
    edit = _named(source, call_at(source, request.place.span), name)
    return Fix(f"names it {name}, as the server would", Safety.UNSAFE, (edit,)) if edit is not None else None


def dropped_by_name(request: MendRequest, source: Source) -> Fix | None:
    """Says in downgrade() which constraints it drops, in place of None.

    Arguments of the request:
        calls: for each drop the start and end of its call, and the name.
    """
    calls = dict(request.arguments)["calls"]
    by_span = _calls_in(source, "downgrade")
    edits = []
    for each in calls if isinstance(calls, tuple) else ():
        start, end, name = each if isinstance(each, tuple) else (0, 0, "")
        edit = _named(source, by_span.get(Span(int(str(start)), int(str(end)))), str(name))
        if edit is None:
            return None
        edits.append(edit)
    title = "drops the constraint by the name that the server gave it"
    if len(edits) > 1:
        title = f"drops {len(edits)} constraints by the names that the server gave them"
    return Fix(title, Safety.UNSAFE, tuple(edits))


def _named(source: Source, call: ast.Call | None, name: str) -> Edit | None:
    """The name in place of the None that a call is given as one; None where it is not given just one."""
    if call is None or "'" in name or '"' in name:
        return None
    nothing = [
        each
        for each in (*call.args[:1], *(word.value for word in call.keywords if word.arg == "constraint_name"))
        if isinstance(each, ast.Constant) and each.value is None
    ]
    if len(nothing) != 1:
        return None
    start, end = python.span(source, call)
    text = source.text[start:end]
    quote = "'" if text.count("'") > text.count('"') else '"'
    return Edit(source.path, python.span(source, nothing[0]), f"{quote}{name}{quote}")


def reparented(request: MendRequest, source: Source) -> Fix | None:
    """Puts a revision behind another one.

    Arguments of the request:
        parent: the revision that it is to come after.
        was: the one it comes after now.
    """
    told = dict(request.arguments)
    start = request.place.span.start
    value = next(
        (
            each.value
            for each in source.derive(python.parse).body
            if isinstance(each, (ast.Assign, ast.AnnAssign))
            and python.span(source, each) == request.place.span
        ),
        None,
    )
    if value is None:
        return None
    span = python.span(source, value)
    quote = source.text[span.end - 1]
    if source.text[span.start : span.end] != f"{quote}{told['was']}{quote}":
        return None
    edit = Edit(source.path, span, f"{quote}{told['parent']}{quote}")
    revises = f"Revises: {told['was']}"
    head = source.text.find(revises)
    behind = source.text[head + len(revises) : head + len(revises) + 1]
    edits = [edit]
    if 0 <= head < start and not behind.strip():  # the docstring says it for people
        at = request.place.span._replace(start=head, end=head + len(revises))
        edits.insert(0, Edit(source.path, at, f"Revises: {told['parent']}"))
    return Fix(
        f"puts it behind {told['parent']}, so that there is one head less", Safety.UNSAFE, tuple(edits)
    )
