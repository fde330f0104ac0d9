"""The mend of concurrently-in-transaction: the statement moves in by one level and is otherwise the same."""

from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.domains.migrations.facts import Transaction
from runcrew_lint.engine.mend import apply
from runcrew_lint.mends import python
from runcrew_lint.model.mend import MendRequest, Safety
from runcrew_lint.text import Place, Source
from tests.migrations.reading import read, source_of


def mended(source: Source) -> str | None:
    """The text after the mend of its first CONCURRENTLY, or None where it is refused."""
    migration = read(source)
    first = next(each for each in (*migration.upgrade, *migration.downgrade) if each.concurrently)
    fix = python.autocommit_block(
        MendRequest("python.autocommit_block", Place(source.path, first.call)), source
    )
    if fix is None:
        return None
    assert fix.safety is Safety.SAFE
    return apply(source.text, [fix], source.path)[0]


CASES = {
    'op.create_index("ix", "runs", ["a"], postgresql_concurrently=True)  # why': """
        with op.get_context().autocommit_block():
            op.create_index("ix", "runs", ["a"], postgresql_concurrently=True)  # why
        """,
    """
    if X:
        op.drop_index(
            "ix",  # the old one
            postgresql_concurrently=True
        )
    """: """
        if X:
            with op.get_context().autocommit_block():
                op.drop_index(
                    "ix",  # the old one
                    postgresql_concurrently=True
                )
        """,
}


@pytest.mark.parametrize("upgrade", CASES)
def test_the_statement_is_wrapped(upgrade: str) -> None:
    source = source_of(upgrade)
    text = mended(source)
    assert text is not None
    body = dedent(text.partition("def upgrade():\n")[2])
    assert body.strip() == dedent(CASES[upgrade]).strip()
    again = read(Source(source.path, text))
    assert [each.transaction for each in again.upgrade] == [Transaction.AUTOCOMMIT]


def test_the_sql_in_a_text_of_several_lines_stays_as_it_is() -> None:
    source = source_of("op.execute('''\nDROP INDEX\n  CONCURRENTLY ix\n''')")
    text = mended(source)
    assert text is not None
    before, after = read(source).upgrade[0], read(Source(source.path, text)).upgrade[0]
    assert source.text[before.span.start : before.span.end] == text[after.span.start : after.span.end]
    assert after.transaction is Transaction.AUTOCOMMIT


def test_line_ends_are_the_files_own_and_downgrade_is_mended_too() -> None:
    lines = ["from alembic import op as o", "revision = 'a'", "down_revision = None"]
    lines += ["def downgrade():", "\to.drop_index(", "\t\t'ix',", "\t\tpostgresql_concurrently=True)", ""]
    text = mended(Source("v/a.py", "\r\n".join(lines)))
    assert text is not None
    assert text.split("\r\n")[4:] == [
        "\twith o.get_context().autocommit_block():",
        "\t\to.drop_index(",
        "\t\t\t'ix',",
        "\t\t\tpostgresql_concurrently=True)",
        "",
    ]


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.get_bind().execute(sa.text('DROP INDEX CONCURRENTLY ix'))",
        "connection = op.get_bind()\nconnection.execute(sa.text('DROP INDEX CONCURRENTLY ix'))",
        "for a in [1]:\n    op.execute('DROP INDEX CONCURRENTLY ix')",
        "with op.batch_alter_table('runs') as b:\n    b.drop_index('ix', postgresql_concurrently=True)",
        "with op.get_context().autocommit_block():\n    op.execute('DROP INDEX CONCURRENTLY ix')",
        "x = 1; op.execute('DROP INDEX CONCURRENTLY ix')",
        "op.execute('DROP INDEX CONCURRENTLY ix'); x = 1",
        "if X: op.execute('DROP INDEX CONCURRENTLY ix')",
        "y = op.execute('DROP INDEX CONCURRENTLY ix')",
    ],
)
def test_what_is_not_exact_is_refused(upgrade: str) -> None:
    assert mended(source_of(upgrade)) is None
