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
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Operation
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


def told(operations: Iterator[Operation] | tuple[Operation, ...]) -> list[tuple[object, ...]]:
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
        )
        for each in operations
        if not each.kind.is_data
    ]


def main(folders: list[str]) -> None:
    """Compare every revision under the folders, and print what differs."""
    counts: Counter[str] = Counter()
    for path in sorted(each for folder in folders for each in Path(folder).rglob("*.py") if each.is_file()):
        text = path.read_text(errors="replace")
        if ("down_revision =" not in text and "down_revision:" not in text) or not harmless(ast.parse(text)):
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
            same = told(ours) == theirs
            counts["equal" if same else "different"] += 1
            counts["operations"] += len(theirs)
            if not same:
                gone = [each for each in theirs if each not in told(ours)]
                more = [each for each in told(ours) if each not in theirs]
                print(f"{path} {direction}\n  sent {gone[:2]}\n  read {more[:2]}")
    print(dict(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
