"""Mends of constraints: added NOT VALID, and validated by a revision of a later deploy."""

from __future__ import annotations

import ast

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import around_of, on_postgres
from runcrew_lint.mends.python_call import parsed, shifted, with_arguments
from runcrew_lint.mends.python_site import site_of
from runcrew_lint.mends.python_text import execute, sent_by
from runcrew_lint.mends.revision import follow_of, followed
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span


def not_valid(request: MendRequest, source: Source) -> Fix | None:
    """Adds foreign keys and CHECKs NOT VALID, and writes the revision that validates them.

    All constraints of a revision go together, so that there is one revision to follow it; refused is what
    stands in a text with other statements or actions, and a call with a `**`.

    Arguments of the request:
        keys: for each constraint the start and end of its call and of its statement, its name, "" where it is
            gone when the history ends, and its table, quoted for SQL.
        head, id, folder, template, file_template, today: as in `revision.Follow`.
        autocommit: whether an autocommit_block works here.
        guarded: whether other databases run the revisions, too: none of them knows VALIDATE.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    keys, follow = told["keys"], follow_of(told)
    if not isinstance(keys, tuple):
        return None
    edits: dict[Edit, None] = {}
    valid: dict[str, list[str]] = {}
    names: list[str] = []
    for key in keys:
        *places, name, table = key if isinstance(key, tuple) else ()
        start, end, first, last = (int(str(each)) for each in places)
        edit = _not_valid(source, Span(start, end), Span(first, last))
        if edit is None:
            return None
        edits[edit] = None  # it may be another turn of a loop
        if name:
            names.append(str(name))
            valid.setdefault(str(table), []).append(f"VALIDATE CONSTRAINT {name}")
    # One statement reads a table once for all of its CHECKs.
    lines = [execute("op", f"ALTER TABLE {table} {', '.join(each)}") for table, each in valid.items()]
    if None in lines:
        return None
    if not lines:
        title = "adds the constraint NOT VALID, and validates nothing: a later revision drops it again"
        if len(keys) > 1:
            title = (
                f"adds {len(keys)} constraints NOT VALID, and validates nothing: they are dropped again later"
            )
        return Fix(title, Safety.SAFE, tuple(edits))
    written = [line for line in lines if line is not None]
    if told["autocommit"]:  # the locks of what came before it are let go first
        around = around_of(told)
        written = [*around.opened("op"), *(f"    {line}" for line in around.within("op", written))]
    if told.get("guarded"):
        written = [on_postgres("op"), *(f"    {line}" for line in written)]
    what = names[0] if len(names) == 1 else f"{len(names)} constraints"
    new = followed(follow, f"validate {what.strip(chr(34))}", written, ())
    if new is None:
        return None
    validates = "validates"
    if len(names) < len(keys):  # a later revision drops the others
        validates = f"validates {what if len(names) == 1 else f'{len(names)} of them'}"
        what = f"{len(keys)} constraints"
    title = f"adds {what} NOT VALID, and {validates} in a new revision, {new.path}, that a later deploy runs"
    return Fix(title, Safety.SAFE, tuple(edits), (new,))


def _not_valid(source: Source, span: Span, statement: Span) -> Edit | None:
    """One constraint's edit; each finding of a revision asks for those of all the others, too."""
    made = source.derive(_made)
    if (span, statement) not in made:
        made[span, statement] = _edit(source, span, statement)
    return made[span, statement]


def _made(_source: Source) -> dict[tuple[Span, Span], Edit | None]:
    return {}


def _edit(source: Source, span: Span, statement: Span) -> Edit | None:
    call = call_at(source, span)
    if call is None or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr == "execute":
        return _in_sql(source, span, statement)
    if call.func.attr not in ("create_foreign_key", "create_check_constraint"):
        return None
    tree = parsed(source.text[span.start : span.end])
    made = with_arguments(tree, {"postgresql_not_valid": "True"}) if tree is not None else None
    if made is None:
        return None
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return Edit(source.path, span, shifted(made, "", newline))


def _in_sql(source: Source, span: Span, statement: Span) -> Edit | None:
    site = site_of(source, span)
    sent = sent_by(site, statement) if site is not None else None
    if sent is None or sent.words[:2] != ("alter", "table"):
        return None
    depth = 0
    for word in sent.words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 0:
            return None  # of several actions the end is not this one's
    place = sent.start + sent.tokens[-1].end
    return Edit(source.path, Span(place, place), f" {sent.cased('NOT VALID')}")


def call_at(source: Source, span: Span) -> ast.Call | None:
    """The call at a span in upgrade(); None for one in a helper."""
    return source.derive(_calls).get(span)


def _calls(source: Source) -> dict[Span, ast.Call]:
    found: dict[Span, ast.Call] = {}
    for function in source.derive(python.parse).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    found.setdefault(python.span(source, node), node)
    return found
