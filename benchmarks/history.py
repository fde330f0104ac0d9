"""A generated Alembic history: the same files for the same seed, in the proportions of real ones.

The proportions were counted in a public history of 447 revisions (2.6 kB a file on average; 1.5 SQL
literals a file; a third of the files use more than literal calls).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

_REVISION = re.compile(r"^revision\b[^=]*=\s*['\"](\w+)", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision\b.*$", re.MULTILINE)
_WORD = re.compile(r"['\"](\w+)")
HEAD = '''"""{message}

Revision ID: {revision}
Revises: {parent}
Create Date: {date} 10:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = "{revision}"
down_revision: Union[str, None] = {parent!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

'''
TYPES = ("sa.Integer()", "sa.String(length=255)", "sa.Text()", "sa.Boolean()", "sa.DateTime(timezone=True)",
         "postgresql.UUID(as_uuid=True)", "postgresql.JSONB(astext_type=sa.Text())")  # fmt: skip

_MADE = re.compile(r'create_table\(\s*"(\w+)"')
_INDEX = """def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_index("ix_newest", "{table}", ["id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_index("ix_newest", table_name="{table}")
"""


def write(folder: Path, revisions: int, seed: int = 447) -> Path:
    """Writes alembic.ini and `revisions` files under `folder`; returns the versions folder."""
    versions = folder / "alembic" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (folder / "alembic" / "env.py").write_text("from alembic import context\n\ncontext.run_migrations()\n")
    random_ = random.Random(seed)
    for number in range(revisions):
        revision = f"{number + 1:012x}"
        text = "\n".join(_file(random_, number, revision))
        (versions / f"{revision}_step_{number}.py").write_text(text)
    return versions


def with_an_index(file: Path) -> str:
    """The text of a generated revision that builds one index and no more: its one finding has a fix."""
    head = file.read_text().partition("def upgrade")[0]
    made = (_MADE.search(each.read_text()) for each in sorted(file.parent.glob("*.py")))
    return head + _INDEX.format(table=next(found[1] for found in made if found))


def _file(random_: random.Random, number: int, revision: str) -> Iterator[str]:
    parent = f"{number:012x}" if number else None
    day = f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
    yield HEAD.format(message=f"step {number}", revision=revision, parent=parent, date=day)
    operations = [random_.choice(_OPERATIONS)(random_, number) for _ in range(random_.randint(2, 7))]
    yield "def upgrade() -> None:"
    for up, _ in operations:
        yield from (f"    {line}" for line in up)
    yield from ("", "", "def downgrade() -> None:")
    for _, down in reversed(operations):
        yield from (f"    {line}" for line in down)
    yield ""


Both = tuple[list[str], list[str]]


def _column(random_: random.Random) -> str:
    name, kind = f"c_{random_.randrange(10**6)}", random_.choice(TYPES)
    extra = random_.choice(("nullable=True", "nullable=True", 'nullable=False, server_default="x"'))
    return f'sa.Column("{name}", {kind}, {extra})'


def _create_table(random_: random.Random, number: int) -> Both:
    table = f"t_{number}_{random_.randrange(10**6)}"
    columns = [f"    {_column(random_)}," for _ in range(random_.randint(3, 12))]
    key = [
        '    sa.Column("id", sa.Integer(), nullable=False),',
        *columns,
        '    sa.PrimaryKeyConstraint("id"),',
    ]
    return [f'op.create_table(\n        "{table}",', *key, ")"], [f'op.drop_table("{table}")']


def _add_column(random_: random.Random, number: int) -> Both:
    table, column = f"t_{random_.randrange(number + 1)}", _column(random_)
    return [f'op.add_column("{table}", {column})'], [
        f'op.drop_column("{table}", "{column.split(chr(34))[1]}")'
    ]


def _index(random_: random.Random, number: int) -> Both:
    table, name = f"t_{random_.randrange(number + 1)}", f"ix_{number}_{random_.randrange(10**6)}"
    return [f'op.create_index("{name}", "{table}", ["id"])'], [
        f'op.drop_index("{name}", table_name="{table}")'
    ]


def _sql(random_: random.Random, number: int) -> Both:
    table = f"t_{random_.randrange(number + 1)}"
    text = random_.choice((
        f"UPDATE {table} SET id = id + 1 WHERE id IS NOT NULL",
        f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS extra_{number} text",
        f"CREATE INDEX IF NOT EXISTS ix_raw_{number} ON {table} (id)",
        f"COMMENT ON TABLE {table} IS 'kept'",
    ))  # fmt: skip
    return ["op.execute(", f'    "{text}"', ")"], ['op.execute("SELECT 1")']


def _batch(random_: random.Random, number: int) -> Both:
    table, column = f"t_{random_.randrange(number + 1)}", _column(random_)
    up = [
        f'with op.batch_alter_table("{table}", schema=None) as batch_op:',
        f"    batch_op.add_column({column})",
    ]
    down = [up[0], f'    batch_op.drop_column("{column.split(chr(34))[1]}")']
    return up, down


def _loop(random_: random.Random, number: int) -> Both:
    tables = [f"t_{random_.randrange(number + 1)}" for _ in range(3)]
    up = [f"for table in {tables!r}:", f'    op.add_column(table, sa.Column("by_{number}", sa.Text()))']
    return up, [f"for table in {tables!r}:", f'    op.drop_column(table, "by_{number}")']


def _connection(random_: random.Random, number: int) -> Both:
    table = f"t_{random_.randrange(number + 1)}"
    up = [
        "connection = op.get_bind()",
        f'connection.execute(sa.text("DELETE FROM {table} WHERE id = :id"), {{"id": 1}})',
    ]
    return up, ["pass"]


_OPERATIONS = (_create_table, _add_column, _add_column, _index, _sql, _sql, _batch, _loop, _connection)


def newest(versions: Path) -> Path:
    """The revision that nothing comes after, as a team changes it; of several, the last by name."""
    texts = {file: file.read_text() for file in versions.glob("*.py")}
    named = {file: found[1] for file, text in texts.items() if (found := _REVISION.search(text))}
    lines = (line for text in texts.values() for line in _BEFORE.findall(text))
    before = {word for line in lines for word in _WORD.findall(line)}
    return max(file for file, revision in named.items() if revision not in before)
