"""A server default that is given where other databases run the history, too: it means the same to them."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_column_refusals import COLUMN, PLAIN
from tests.mends.test_fills import BATCH, START, UPDATE, mended, revision
from tests.mends.test_refusals import asked, made_of, source

ASKS = 'if op.get_context().dialect.name == "{}":\n    op.execute("SELECT 1")\n'


def start(*others: str) -> str:
    """The first revision of a history that other databases run, too."""
    return START + indent("".join(map(ASKS.format, others)), "    ")


def given(folder: Path, column: str, *others: str) -> str | None:
    """What a column that is added NOT NULL gets for a default; None where no fix is offered."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    name = "created" if "Date" in column else "note"
    adds = f'op.add_column("runs", sa.Column("{name}", {column}, nullable=False))'
    (versions / "0001_start.py").write_text(revision("0001", None, start(*others)))
    (versions / "0002_change.py").write_text(
        revision("0002", "0001", adds, f'op.drop_column("runs", "{name}")')
    )
    request = Request(folder, policy="runcrew", select=("not-null-without-default",), cache=folder / "cache")
    made = mend(request, unsafe=True)
    if not made.fixes:
        return None
    assert not made.outcome.report.findings  # the default that is written is read as one
    (content,) = made.contents.values()
    return content.decode().partition("server_default=")[2].partition("))\n")[0]


@pytest.mark.parametrize(
    ("column", "others", "default"),
    [
        ("sa.Boolean()", (), '"false"'),
        ("sa.Boolean()", ("sqlite",), "sa.false()"),
        ("sa.Boolean()", ("mysql",), "sa.false()"),
        ("sa.Integer()", ("sqlite", "mysql"), '"0"'),
        ("sa.String(9)", ("mysql",), '""'),
        ("sa.Numeric(9, 2)", ("mysql",), '"0"'),
        ("sa.DateTime()", (), 'sa.text("now()")'),
        ("sa.DateTime()", ("sqlite",), None),
        ("sa.Text()", ("sqlite",), '""'),
        ("sa.Text()", ("mysql",), None),
        ("sa.Text()", ("sqlite", "mysql"), None),
        ("sa.JSON()", ("mysql",), None),
    ],
)
def test_a_required_column_gets_a_default_that_all_of_them_take(
    tmp_path: Path, column: str, others: tuple[str, ...], default: str | None
) -> None:
    assert given(tmp_path, column, *others) == default


def test_a_truth_needs_the_module_that_makes_it() -> None:
    for column, default in ((COLUMN, ", server_default=sa.false())"), (PLAIN, None)):
        text = source(f'op.add_column("runs", {column})')
        fix = asked("python_columns.server_default", text, column, default="false", sql=False, truth=True)
        if default is None:
            assert fix is None
        else:
            assert fix is not None
            assert f"{column[:-1]}{default}" in made_of(fix, text)


@pytest.mark.parametrize(
    ("column", "value", "others", "default"),
    [
        ("sa.Boolean()", "FALSE", ("sqlite",), "sa.false()"),
        ("sa.Boolean()", "true", ("sqlite",), "sa.true()"),
        ("sa.Boolean()", "true", (), '"true"'),
        ("sa.Integer()", "0", ("sqlite",), '"0"'),
        ("sa.Text()", "'true'", ("sqlite",), '"true"'),
        ("sa.Text()", "'true'", ("mysql",), None),
        ("sa.Integer()", "0", ("mysql",), '"0"'),
        ("sa.DateTime()", "now()", (), 'sa.text("now()")'),
        ("sa.DateTime()", "now()", ("sqlite",), None),
        ("sa.Integer()", "0::integer", ("sqlite",), None),
    ],
)
def test_a_filled_column_gets_a_default_that_all_of_them_take(
    tmp_path: Path, column: str, value: str, others: tuple[str, ...], default: str | None
) -> None:
    added = BATCH.replace("sa.Integer()", column)
    made = mended(tmp_path, added + UPDATE.replace("0", value), start=start(*others))
    assert (made is not None) is (default is not None)
    assert made is None or f"server_default={default}))" in made[0]


@pytest.mark.parametrize(
    ("default", "others", "is_mended"),
    [
        ('"true"', (), True),
        ('"true"', ("sqlite",), False),  # to SQLite it is a text, which only the UPDATE makes a truth
        ("sa.true()", ("sqlite",), True),
        ('sa.text("true")', ("sqlite",), True),
    ],
)
def test_the_default_of_a_filled_column_may_be_no_truth(
    tmp_path: Path, default: str, others: tuple[str, ...], is_mended: bool
) -> None:
    added = BATCH.replace("sa.Integer()", f"sa.Boolean(), server_default={default}")
    made = mended(tmp_path, added + UPDATE.replace("0", "true"), start=start(*others))
    assert (made is not None) is is_mended
