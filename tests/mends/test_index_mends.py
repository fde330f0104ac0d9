"""Mends of indexes in revisions: exact inside the statement, nothing outside it, refused where unsure."""

# ruff: noqa: E501 - a mended call is one line
from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.model.mend import Safety
from runcrew_lint.text import Source
from tests.mends.index_requests import request_for
from tests.migrations.reading import read, source_of

INDEXES = (Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.REINDEX)


def mended(source: Source) -> str | None:
    """The text after the mend of the first index statement, or None where it is refused."""
    first = next(each for each in read(source).upgrade if each.kind in INDEXES)
    fix = realise(request_for(first, source.path), source)
    if fix is None:
        return None
    assert fix.safety is Safety.SAFE
    text, made = apply(source.text, [fix], source.path)
    assert made == [fix]
    compile(text, source.path, "exec")
    return text


CASES = {
    "drop_index": (
        'op.drop_index(op.f("ix"), table_name="runs")  # why',
        """
        with op.get_context().autocommit_block():
            op.drop_index(op.f("ix"), table_name="runs", postgresql_concurrently=True, if_exists=True)  # why
        """,
    ),
    "drop_index, exploded, in an if": (
        """
        if op.get_bind().dialect.name == "postgresql":
            # first
            op.drop_index(
                "ix",  # last
                table_name="runs",
            )
        """,
        """
        if op.get_bind().dialect.name == "postgresql":
            # first
            with op.get_context().autocommit_block():
                op.drop_index(
                    "ix",  # last
                    table_name="runs",
                    postgresql_concurrently=True,
                    if_exists=True,
                )
        """,
    ),
    "drop_index in a loop": (
        """
        for name in ["ix"]:
            op.drop_index(name)
        """,
        """
        for name in ["ix"]:
            with op.get_context().autocommit_block():
                op.drop_index(name, postgresql_concurrently=True, if_exists=True)
        """,
    ),
    "drop_index in an autocommit_block, with a flag": (
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", if_exists=False)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix", if_exists=True, postgresql_concurrently=True)
        """,
    ),
    "create_index in a loop, named by what it is put together of": (
        """
        for name, table in (("a", "runs"),):
            op.create_index(f"ix_{name}", table, [name])
        """,
        """
        for name, table in (("a", "runs"),):
            with op.get_context().autocommit_block():
                op.drop_index(f"ix_{name}", table_name=table, postgresql_concurrently=True, if_exists=True)
                op.create_index(f"ix_{name}", table, [name], postgresql_concurrently=True, if_not_exists=True)
        """,
    ),
    "create_index in a batch that is opened on several lines": (
        """
        N = "ix"
        with op.batch_alter_table(
            "runs", schema=None
        ) as batch:
            batch.create_index(N, ["a"])
            batch.create_index(
                batch.f(
                    "ix_b"
                ),
                ["b"],
            )
        """,
        """
        N = "ix"
        with op.get_context().autocommit_block():
            op.drop_index(N, table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index(N, "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)
            op.drop_index(
                op.f("ix_b"),
                table_name="runs",
                postgresql_concurrently=True,
                if_exists=True,
            )
            op.create_index(
                op.f(
                    "ix_b"
                ),
                "runs",
                ["b"],
                postgresql_concurrently=True,
                if_not_exists=True,
            )
        """,
    ),
    "CREATE INDEX in lower case, in a text() of several lines": (
        """
        op.execute(
            sa.text(
                '''
                create unique index "Ix" on log.runs
                    (a, b)  -- newest
                '''
            )
        )
        """,
        """
        with op.get_context().autocommit_block():
            op.execute('drop index concurrently if exists log."Ix"')
            op.execute(
                sa.text(
                    '''
                create unique index concurrently if not exists "Ix" on log.runs
                    (a, b)  -- newest
                '''
                )
            )
        """,
    ),
    "CREATE INDEX CONCURRENTLY that no drop goes before": (
        """
        with op.get_context().autocommit_block():
            op.execute('CREATE INDEX CONCURRENTLY ix ON ONLY runs (a);')  # why
        """,
        """
        with op.get_context().autocommit_block():
            op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix')
            op.execute('CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON ONLY runs (a);')  # why
        """,
    ),
    "CREATE INDEX IF NOT EXISTS": (
        'op.execute("CREATE INDEX IF NOT EXISTS ix ON runs (a)")',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")
            op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON runs (a)")
        """,
    ),
    "DROP INDEX": (
        'op.execute("DROP INDEX public.ix RESTRICT")',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS public.ix RESTRICT")
        """,
    ),
    "DROP INDEX IF EXISTS": (
        'op.execute("DROP INDEX IF EXISTS ix")',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")
        """,
    ),
    "REINDEX with options": (
        'op.execute("REINDEX (VERBOSE) TABLE runs")',
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX (VERBOSE) TABLE CONCURRENTLY runs")
        """,
    ),
    "a batch of indexes alone": (
        """
        with op.batch_alter_table("runs", schema=None) as batch_op:
            # the feed's
            batch_op.create_index(batch_op.f("ix_a"), ["a"], unique=False)  # why
            batch_op.create_index("ix_b",
                                  columns=["b"])
        """,
        """
        with op.get_context().autocommit_block():
            # the feed's
            op.drop_index(op.f("ix_a"), table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index(op.f("ix_a"), "runs", ["a"], unique=False, postgresql_concurrently=True, if_not_exists=True)  # why
            op.drop_index("ix_b", table_name="runs", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix_b",
                                  "runs",
                                  columns=["b"],
                                  postgresql_concurrently=True,
                                  if_not_exists=True)
        """,
    ),
    "indexes in a batch with other work": (
        """
        with op.batch_alter_table("runs", schema="log") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Text()))
            batch_op.create_index("ix_a", ["a"])
            # the key
            batch_op.create_foreign_key("fk", "crews", ["a"], ["id"])
        op.execute("SELECT 1")
        """,
        """
        with op.batch_alter_table("runs", schema="log") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Text()))
            # the key
            batch_op.create_foreign_key("fk", "crews", ["a"], ["id"])
        with op.get_context().autocommit_block():
            op.drop_index("ix_a", table_name="runs", schema="log", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix_a", "runs", ["a"], schema="log", postgresql_concurrently=True, if_not_exists=True)
        op.execute("SELECT 1")
        """,
    ),
    "a drop at the head of a batch": (
        """
        with op.batch_alter_table("runs") as batch_op:
            batch_op.drop_index("ix_a")
            batch_op.drop_column("a")
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_a", table_name="runs", postgresql_concurrently=True, if_exists=True)
        with op.batch_alter_table("runs") as batch_op:
            batch_op.drop_column("a")
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_mended(name: str) -> None:
    before, after = CASES[name]
    assert mended(source_of(before)) == source_of(after).text


@pytest.mark.parametrize(
    ("upgrade", "before"),
    [
        ('op.create_index("ix", "runs", ["a"], postgresql_concurrently=False)  # here on purpose', ""),
        ('op.drop_index("ix", "runs", postgresql_concurrently=False)', ""),
        ('op.drop_index("ix", **{"table_name": "runs"})', ""),
        ('x = op.drop_index("ix")', ""),
        ('while True:\n    op.create_index("ix", "runs", ["a"])', ""),
        ('for n in ["ix"]:\n    op.create_index(n.lower(), "runs", ["a"])', ""),
        ('drop_index("ix")', "from alembic.op import drop_index"),
        ('op.execute("DROP INDEX a, b")', ""),
        ('op.execute("DROP INDEX a CASCADE")', ""),
        ('op.execute("DROP INDEX a; SELECT 1")', ""),
        ('op.execute("DROP INDEX \\"a\\"")', ""),
        ('op.execute("DROP " "INDEX a")', ""),
        ("op.execute(SQL)", 'SQL = "DROP INDEX a"'),
        ('op.get_bind().execute(sa.text("DROP INDEX a"))', ""),
        ('op.execute("CREATE INDEX ON runs (a)")', ""),
        ('op.execute("REINDEX SYSTEM postgres")', ""),
        ('op.execute("CREATE INDEX ix ON runs (a)", execution_options={})', ""),
        ('with op.batch_alter_table("t") as b:\n    b.create_index("ix", ["a"])\n    b.drop_column("c")', ""),
        ('with op.batch_alter_table("t") as b:\n    b.drop_column("c")\n    b.drop_index("ix")', ""),
        ('with op.batch_alter_table("t", recreate="always") as b:\n    b.create_index("ix", ["a"])', ""),
        ('with op.batch_alter_table(T) as b:\n    b.create_index("ix", ["a"])', "T = 't'"),
        ('with op.batch_alter_table("t") as b:\n    b.create_index("ix", ["a"])\n    print(1)', ""),
        ('with op.batch_alter_table(  # why\n    "t"\n) as b:\n    b.create_index("ix", ["a"])', ""),
    ],
)
def test_what_can_not_be_exact_is_refused(upgrade: str, before: str) -> None:
    assert mended(source_of(upgrade, before)) is None


def test_op_may_be_an_argument() -> None:
    source = source_of('op.drop_index("ix")', head="")
    text = mended(Source(source.path, source.text.replace("upgrade()", "upgrade(op, tables)")))
    assert text is not None and "autocommit_block" in text
