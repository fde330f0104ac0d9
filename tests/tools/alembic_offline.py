"""Holds our reading of revisions against what Alembic itself would send.

    python -m tests.tools.alembic_offline FOLDER...

Each revision whose imports are harmless is run as `alembic upgrade --sql` and `downgrade --sql` would run it,
without a database; the SQL that comes out is read, and must be the operations that we read from the Python.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Form, Kind, Operation
from runcrew_lint.domains.migrations.statements import read as read_sql
from runcrew_lint.text import Source
from tests.migrations.reading import NoReading

HARMLESS = frozenset(
    """
    alembic sqlalchemy typing datetime uuid json enum collections __future__ textwrap re string
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def harmless(tree: ast.Module) -> bool:
    """Whether a revision imports nothing but what can be run without asking."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = ["." if node.level else str(node.module)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "exec", "eval")
        ):
            return False
        else:
            continue
        if any(name.partition(".")[0] not in HARMLESS for name in names):
            return False
    return True


def sent(path: Path, direction: str) -> str | None:
    """The SQL of one direction of a revision; None where it can't be run without a database."""
    buffer = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    )
    spec = importlib.util.spec_from_file_location("revision_under_test", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    try:
        with Operations.context(context):
            spec.loader.exec_module(module)
            getattr(module, direction, lambda: None)()
    except Exception:  # it asks the database for something
        return None
    return buffer.getvalue()


def told(operations: Iterable[Operation]) -> list[tuple[object, ...]]:
    """What both must agree on, an operation a row; rows and transactions are not the schema's."""
    return [
        (
            each.kind.value,
            "" if each.kind.value in ("drop index", "create sequence") else str(each.table),
            each.name if each.kind.value not in ("comment on table", "other") else "",
            tuple((column.name, column.type, column.default, column.nullable) for column in each.columns),
            # CREATE TABLE is rendered with its key first and the rest as SQLAlchemy sorts it.
            sorted((one.kind.value, one.name, one.columns, str(one.references)) for one in each.constraints),
            tuple(key.strip("()") for key in each.index.keys) if each.index else (),
            each.concurrently,
            next((column.comment for column in each.columns), None) if each.kind in _COMMENTS else None,
        )
        for operation in operations
        if not operation.kind.is_data
        for each in _sent_apart(operation)
    ]


_COMMENTS = (Kind.COMMENT_COLUMN, Kind.COMMENT_TABLE)


def _sent_apart(operation: Operation) -> Iterator[Operation]:
    """A call as Alembic sends it: keys of a new column, and comments, are statements of their own."""
    apart = [
        each
        for each in operation.constraints
        if each.kind in (ConstraintKind.UNIQUE, ConstraintKind.FOREIGN_KEY)
        and operation.kind is Kind.ADD_COLUMN
        and operation.form is not Form.SQL
    ]
    kept = tuple(each for each in operation.constraints if each not in apart)
    yield replace(operation, constraints=kept)
    for constraint in apart:
        yield replace(
            operation, kind=Kind.ADD_CONSTRAINT, name=constraint.name, columns=(), constraints=(constraint,)
        )
    for column in operation.columns if operation.kind is Kind.CREATE_TABLE else ():
        if column.comment is not None:
            yield replace(
                operation,
                kind=Kind.COMMENT_COLUMN,
                columns=(Column(column.name, comment=column.comment),),
                constraints=(),
            )


def same(ours: Sequence[tuple[object, ...]], theirs: Sequence[tuple[object, ...]]) -> bool:
    """Whether the rows are equal; comments come last of a table, an index behind its columns."""
    return sorted(map(repr, ours)) == sorted(map(repr, theirs)) and _in_order(ours) == _in_order(theirs)


def _in_order(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    late = ("comment on column", "comment on table", "create index", "add constraint")
    return [row for row in rows if row[0] not in late]


def main(folders: list[str]) -> None:
    """Compare every revision under the folders, and print what differs."""
    counts: Counter[str] = Counter()
    for path in sorted(each for folder in folders for each in Path(folder).rglob("*.py") if each.is_file()):
        text = path.read_text(errors="replace")
        if "down_revision =" not in text and "down_revision:" not in text:
            continue
        try:
            tree = ast.parse(text)
        except SyntaxError:
            counts["for another Python"] += 1
            continue
        if not harmless(tree):
            continue
        found = alembic.read(Source(str(path), text), NoReading())
        if found is None or found.unresolved:
            continue
        for direction, ours in (("upgrade", found.upgrade), ("downgrade", found.downgrade)):
            if any(each.conditions for each in ours):
                continue
            sql = sent(path, direction)
            if sql is None:
                counts["not offline"] += 1
                continue
            theirs = told(each for each in read_sql(sql) if isinstance(each, Operation))
            mine = told(ours)
            counts["equal" if same(mine, theirs) else "different"] += 1
            counts["operations"] += len(theirs)
            if not same(mine, theirs):
                gone = [each for each in theirs if each not in mine]
                more = [each for each in mine if each not in theirs]
                print(f"{path} {direction}\n  sent {gone[:2]}\n  read {more[:2]}")
    print(dict(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
