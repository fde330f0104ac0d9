"""The mend of index-not-concurrent: exact inside the statement, and nothing outside it."""

# ruff: noqa: E501 - a mended call is one line
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Kind, Transaction
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.model.mend import Safety
from runcrew_lint.text import Source
from tests.mends.index_requests import request_for
from tests.migrations.reading import read, source_of


def mended(source: Source) -> str | None:
    """The text after the mend of its first plain create_index, or None where it is refused."""
    plain = [
        each for each in read(source).upgrade if each.kind is Kind.CREATE_INDEX and not each.concurrently
    ]
    fix = realise(request_for(plain[0], source.path), source)
    if fix is None:
        return None
    assert fix.safety is Safety.SAFE
    (edit,) = fix.edits
    assert edit.span == plain[0].span
    return apply(source.text, [fix], source.path)[0]


CASES = {
    "one line": (
        'op.create_index("ix", "runs", ["a"])  # why',
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)  # why
        """,
    ),
    "keywords in any order, a schema, and flags that are there already": (
        "op.create_index(schema='log', columns=['a'], if_not_exists=False, table_name='runs', index_name='ix')",
        """
        with op.get_context().autocommit_block():
            op.drop_index('ix', table_name='runs', schema='log', postgresql_concurrently=True, if_exists=True)
            op.create_index(schema='log', columns=['a'], if_not_exists=True, table_name='runs', index_name='ix', postgresql_concurrently=True)
        """,
    ),
    "a line each, with comments and a trailing comma": (
        """
        # before
        op.create_index(  # first
            op.f("ix"),
            "runs",
            # the column
            ["a"],  # last
        )
        # after
        """,
        """
        # before
        with op.get_context().autocommit_block():
            op.drop_index(
                op.f("ix"),
                table_name="runs",
                postgresql_concurrently=True,
                if_exists=True,
            )
            op.create_index(  # first
                op.f("ix"),
                "runs",
                # the column
                ["a"],  # last
                postgresql_concurrently=True,
                if_not_exists=True,
            )
        # after
        """,
    ),
    "hugging, without a trailing comma": (
        """
        op.create_index("ix", "runs",
                        ["a"],
                        unique=True  # key
                        )
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix", "runs",
                            ["a"],
                            unique=True,  # key
                            postgresql_concurrently=True,
                            if_not_exists=True
                            )
        """,
    ),
    "a text of several lines stays as it is": (
        """
        op.create_index("ix", "runs", [sa.text('''lower(
          a)''')], None)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix", "runs", [sa.text('''lower(
          a)''')], None, postgresql_concurrently=True, if_not_exists=True)
        """,
    ),
    "inside an if, and another name for op": (
        """
        if op.get_bind().dialect.name == "postgresql":
            o.create_index("ix", "runs", ["a"])
        """,
        """
        if op.get_bind().dialect.name == "postgresql":
            with o.get_context().autocommit_block():
                o.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)
                o.create_index("ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)
        """,
    ),
    "in an autocommit_block already": (
        """
        with op.get_context().autocommit_block():
            op.create_index(
                "ix", "runs", ["a"]
            )
            op.execute("SELECT 1")
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index(
                "ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True
            )
            op.execute("SELECT 1")
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_mended(name: str) -> None:
    before, after = CASES[name]
    head = "import alembic.op as o"
    source = source_of(before, head)
    text = mended(source)
    assert text == source_of(after, head).text
    _reads_well(Source(source.path, text))


def _reads_well(source: Source) -> None:
    """The mended revision is read as dropping and building CONCURRENTLY, outside the transaction."""
    migration = read(source)
    assert not migration.unresolved
    drop, create = (each for each in migration.upgrade if each.kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX))
    assert drop.kind is Kind.DROP_INDEX and create.kind is Kind.CREATE_INDEX
    for each in (drop, create):
        assert each.concurrently and each.if_exists and each.transaction is Transaction.AUTOCOMMIT
    assert (drop.name, drop.table) == (create.name, create.table)


@pytest.mark.parametrize(
    ("upgrade", "before", "drop"),
    [
        ('op.create_index(NAME, "runs", ["a"])', "NAME = 'ix'", 'NAME, table_name="runs"'),
        ('op.create_index("ix", TABLE, ["a"])', "TABLE = 'runs'", '"ix", table_name=TABLE'),
        ('op.create_index("ix", "runs", ["a"], schema=S)', "S = 'log'", '"ix", table_name="runs", schema=S'),
        ('for t in ["runs"]:\n    op.create_index(f"ix_{t}", t, ["a"])', "", 'f"ix_{t}", table_name=t'),
    ],
)
def test_names_are_written_as_they_stand(upgrade: str, before: str, drop: str) -> None:
    source = source_of(upgrade, before)
    text = mended(source)
    assert text is not None
    assert f"op.drop_index({drop}, postgresql_concurrently=True, if_exists=True)\n" in text
    _reads_well(Source(source.path, text))


@pytest.mark.parametrize(
    ("upgrade", "before"),
    [
        ('op.create_index(None, "runs", ["a"])', ""),
        ('op.create_index(f"ix{1}", "runs", ["a"])', ""),
        ('op.create_index("ix", "runs".lower(), ["a"])', ""),
        ('op.create_index(columns=["a"], table_name="runs")', ""),
        ('op.create_index(*("ix", "runs", ["a"]))', ""),
        ('op.create_index("ix", "runs", ["a"], **{"unique": True})', ""),
        ('op.create_index("ix", "runs", ["a"], None, **{"unique": True})', ""),
        ('op.create_index("ix", "runs", *[["a"]])', ""),
        ('x = op.create_index("ix", "runs", ["a"])', ""),
        ('op.create_index("ix", "runs", ["a"]); op.execute("SELECT 1")', ""),
        ('if True: op.create_index("ix", "runs", ["a"])', ""),
        ('with op.batch_alter_table("x"):\n    op.create_index("ix", "runs", ["a"])', ""),
        ('try:\n    op.create_index("ix", "runs", ["a"])\nexcept Exception:\n    pass', ""),
        ('create_index("ix", "runs", ["a"])', "from alembic.op import create_index"),
        ("help()", 'def help():\n    op.create_index("ix", "runs", ["a"])'),
    ],
)
def test_what_can_not_be_exact_is_refused(upgrade: str, before: str) -> None:
    assert mended(source_of(upgrade, before)) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("unit", ["  ", "    ", "\t"])
def test_line_ends_and_indentation_are_the_files_own(newline: str, unit: str) -> None:
    lines = ["# 한글", "from alembic import op", "revision = 'a'", "down_revision = None", "def upgrade():"]
    lines += [
        f"{unit}op.create_index(",
        f"{unit}{unit}'열',",
        f"{unit}{unit}'runs', ['a'],",
        f"{unit})",
        "# end",
    ]
    source = Source("v/a.py", newline.join(lines))
    text = mended(source)
    assert text is not None
    assert text.splitlines()[5:] == [
        f"{unit}with op.get_context().autocommit_block():",
        f"{unit}{unit}op.drop_index(",
        f"{unit}{unit}{unit}'열',",
        f"{unit}{unit}{unit}table_name='runs',",
        f"{unit}{unit}{unit}postgresql_concurrently=True,",
        f"{unit}{unit}{unit}if_exists=True,",
        f"{unit}{unit})",
        f"{unit}{unit}op.create_index(",
        f"{unit}{unit}{unit}'열',",
        f"{unit}{unit}{unit}'runs', ['a'], postgresql_concurrently=True, if_not_exists=True,",
        f"{unit}{unit})",
        "# end",
    ]
    assert newline == "\n" or "\n" not in text.replace("\r\n", "")
    _reads_well(Source("v/a.py", text))


SPACE = st.sampled_from(["", " ", "\n", "\n        ", "  # 말\n    ", "\n\n      # b\n "])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_layout_is_mended_and_the_rest_is_untouched(data: st.DataObject) -> None:
    def space() -> str:
        return data.draw(SPACE)

    args = ["'ix'", "table_name='runs'", "columns = ['a', 'b']", "unique=True"][
        : data.draw(st.integers(3, 4))
    ]
    inner = f"{space()},{space()}".join(args) + data.draw(st.sampled_from(["", ",", f"{space()},{space()}"]))
    call = f"op.create_index({space()}{inner}{space()})"
    before = (
        "# 앞\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\ndef upgrade():\n    x = 1\n    "
    )
    after = "  # 뒤\n    op.execute('SELECT 1')\n"
    source = Source("v/a.py", before + call + after)
    text = mended(source)
    assert text is not None
    assert text.startswith(before) and text.endswith(after)
    compile(text, "a.py", "exec")
    _reads_well(Source("v/a.py", text))
    comments = [line.partition("#")[2] for line in call.splitlines() if "#" in line]
    assert [
        line.partition("#")[2] for line in text[len(before) : -len(after)].splitlines() if "#" in line
    ] == comments
