"""What the mend of an UPDATE of new columns refuses, beside what it makes where it can."""

from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.model.mend import Plain
from runcrew_lint.text import Source
from tests.mends.test_refusals import BLOCK, asked, made_of, source, span_of

COLUMN = 'sa.Column("a", sa.Integer())'
ADD = f'op.add_column("runs", {COLUMN})'
GONE = 'op.alter_column("runs", "a", server_default=None)'


def fill(value: str) -> str:
    return f'op.execute("UPDATE runs SET a = {value}")'


FILL = fill("1")


def filled(
    upgrade: str,
    call: str = FILL,
    column: str = COLUMN,
    *,
    names: tuple[str, ...] = ("a",),
    function: str = "upgrade",
    default: str = "",
    required: bool = False,
    quiet: str = "",
    batch: bool = False,
    schema: str = "",
) -> tuple[str, str] | None:
    """upgrade() with the UPDATE gone, and the title."""
    text = source(upgrade)
    columns: Plain = tuple((each, *span_of(text, column), default, required, 0, 0) for each in names)
    between: Plain = (tuple(span_of(text, quiet)),) if quiet else ()
    told: Plain = ((*span_of(text, call), "runs", schema, columns, between, batch),)
    fix = asked("python_fills.by_default", text, call, function=function, fills=told)
    if fix is None:
        return None
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]), fix.title


@pytest.mark.parametrize(
    ("value", "column", "default"),
    [
        ("1", COLUMN, '"1"'),
        ("true", COLUMN, '"true"'),
        ("'x'", COLUMN, '"x"'),
        ("'{}'::jsonb", COLUMN, "sa.text(\"'{}'::jsonb\")"),
        ("now()", COLUMN, 'sa.text("now()")'),
        ("NOW ( )", COLUMN, 'sa.text("NOW ( )")'),
        ("1", 'Column("a", Integer)', '"1"'),
    ],
)
def test_a_value_becomes_a_default(value: str, column: str, default: str) -> None:
    upgrade = f'op.add_column("runs", {column})\n{fill(value)}'
    made = filled(upgrade, fill(value), column)
    assert made is not None
    assert made[0] == f'op.add_column("runs", {column[:-1]}, server_default={default}))\n{GONE}\n'
    assert made[1] == "gives the new column a server default for a moment, in place of the UPDATE"


@pytest.mark.parametrize(
    "call",
    [
        'op.execute(sa.text("UPDATE runs SET a = 1"))',
        'op.execute(DDL("UPDATE runs SET a = 1"))',
        'op.execute(f"UPDATE runs SET a = 1")',
        'op.execute("UPDATE x.runs SET a = 1;")',
    ],
)
def test_an_update_is_read(call: str) -> None:
    assert filled(f"{ADD}\n{call}", call) is not None


def test_what_is_done_is_said() -> None:
    made = filled(f"{ADD}\n{FILL}", default="'1'::text")
    assert made == (f"{ADD}\n", "takes the UPDATE away, as the new column has that value by its default")
    assert filled(f"{ADD}\n{FILL}", required=True) is None  # it would be so of rows to come
    for value in ("0", "false", "''", "'{}'::jsonb", "now()"):
        none = FILL.replace("= 1", f"= {value}")
        made = filled(f"{ADD}\n{none}", none, required=True)
        assert made is not None, value
    assert "alter_column" not in made[0]
    assert made[1].endswith(", and keeps that of a")
    both = 'op.execute("UPDATE runs SET a = 1, b = 2")'
    text = source(f'{ADD}\nop.add_column("runs", sa.Column("b", sa.Integer()))\n{both}')
    columns: Plain = (
        ("a", *span_of(text, COLUMN), "", False, 0, 0),
        ("b", *span_of(text, 'sa.Column("b", sa.Integer())'), "", False, 0, 0),
    )
    told: Plain = ((*span_of(text, both), "runs", "x", columns, (), False),)
    fix = asked("python_fills.by_default", text, both, function="upgrade", fills=told)
    assert fix is not None
    assert fix.title.startswith("gives the new columns a server default for a moment")
    assert made_of(fix, text).count('server_default=None, schema="x")') == 2


def test_a_default_goes_in_a_batch() -> None:
    text = f'with op.batch_alter_table("runs") as batch:\n    batch.add_column({COLUMN})\n    other()\n{FILL}'
    made = filled(text, batch=True, schema="x")
    assert made is not None
    assert made[0].endswith(
        '\nwith op.batch_alter_table("runs", schema="x") as batch_op:\n'
        '    batch_op.alter_column("a", server_default=None)\n'
    )
    narrow = source(text)
    narrow = Source(narrow.path, narrow.text.replace("    ", "  "))
    column: Plain = (("a", *span_of(narrow, COLUMN), "", False, 0, 0),)
    told: Plain = ((*span_of(narrow, FILL), "runs", "", column, (), True),)
    fix = asked("python_fills.by_default", narrow, FILL, function="upgrade", fills=told)
    assert fix is not None
    assert "\n    batch_op.alter_column(" in made_of(fix, narrow)
    none = FILL.replace("= 1", "= 0")
    required = filled(text.replace(FILL, none), none, batch=True, required=True)
    assert "batch_op" not in (required or ("batch_op",))[0]
    own = FILL.replace("op.", "batch.")
    text = f'with op.batch_alter_table("runs") as batch:\n    batch.add_column({COLUMN})\n    {own}'
    made = filled(text, own)
    assert made is not None
    assert made[0].endswith('\n    batch.alter_column("a", server_default=None)\n')


@pytest.mark.parametrize(
    "value",
    [
        "",
        "'a\nb'",
        "'a\\\\b'",
        "b",
        "'a:b'",
        "'a' || 'b'",
        "1 + 1",
        "b::text",
        "random()",
        "B'1'",
        "'it''s'",
        "1 WHERE b",
        "now() + 1",
    ],
)
def test_what_is_no_constant_stays(value: str) -> None:
    call = fill(value).replace("\n", "\\n")
    assert filled(f"{ADD}\n{call}", call) is None


def test_a_quoted_name_is_no_constant() -> None:
    call = "op.execute('UPDATE runs SET a = \"b\"')"
    assert filled(f"{ADD}\n{call}", call) is None


@pytest.mark.parametrize(
    ("upgrade", "call"),
    [
        (f"{ADD}\nfor each in every:\n    {FILL}", FILL),
        (f"{ADD}\nx = {FILL}", FILL),
        (f"{ADD}\n{FILL}; last()", FILL),
        *(
            (f"{ADD}\n{call}", call)
            for call in (
                'op.execute("UPDATE runs SET a = 1, b = 2")',
                'op.execute("UPDATE runs SET a = 1", None)',
                'op.execute("UPDATE runs SET a = 1", execution_options={})',
                'op.execute(sa.text("UPDATE runs SET a = 1", None))',
                'op.execute(sa.text("UPDATE runs SET a = 1", bind=None))',
                'op.execute(sa.column("UPDATE runs SET a = 1"))',
                'op.execute(f"UPDATE {runs} SET a = 1")',
                'op.execute(f"{runs}")',
                'op.execute(f"UPDATE runs SET a = 1{more}")',
                "op.execute('UPDATE runs SET a = \\'x\"y\\'')",
                'op.execute("UPDATE runs SET a = 1; UPDATE runs SET a = 1")',
                'op.execute("UPDATE runs SET a = \'1")',
                'op.execute("DELETE runs SET a = 1")',
                'op.execute("UPDATE runs a = 1")',
                'op.execute("UPDATE runs SET (a) = (1)")',
                'op.execute("UPDATE runs SET a 1")',
                "op.execute(5)",
                'execute("UPDATE runs SET a = 1")',
                'alembic.op.execute("UPDATE runs SET a = 1")',
                'op.send("UPDATE runs SET a = 1")',
                'conn.execute("UPDATE runs SET a = 1")',
            )
        ),
        *(
            (f"{ADD}\n{opened}:\n    {call}", call)
            for call in (FILL.replace("op.", "batch."),)
            for opened in (
                'with conn.batch_alter_table("runs") as batch',
                f"{BLOCK[:-1]} as batch",
                'with batch_alter_table("runs") as batch',
                "with opened as batch",
                'with op.opened("runs") as batch',
                'with op.batch_alter_table("runs") as (batch, other)',
                'with op.batch_alter_table("runs") as batch:\n    pass\nwith other() as it',
            )
        ),
    ],
)
def test_an_update_stays(upgrade: str, call: str) -> None:
    assert filled(upgrade, call) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ('sa.Column("a", **those)', "1"),
        ('sa\n    .Column("a")', "1"),
        ('made("a")', "1"),
        ('Column("a", Integer)', "now()"),
    ],
)
def test_a_column_stays(column: str, value: str) -> None:
    upgrade = f'op.add_column("runs", {column})\n{fill(value)}'
    assert filled(upgrade, fill(value), column.replace("\n", "\n    ")) is None


def test_an_update_stays_that_does_not_say_what_the_column_has() -> None:
    upgrade = f"{ADD}\n{FILL}"
    assert filled(upgrade, default="2") is None
    assert filled(f"{ADD}\n{fill('now()')}", fill("now()"), default="now()") is None
    assert filled(upgrade, function="downgrade") is None
    assert filled(upgrade, names=("b",)) is None
    between = 'op.execute("UPDATE runs SET b = A")'
    assert filled(f"{ADD}\n{between}\n{FILL}", quiet=between) is None
    assert filled(f"{ADD}\n{between.replace('A', 'c')}\n{FILL}", quiet=between.replace("A", "c")) is not None
