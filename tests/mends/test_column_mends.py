"""Mends that change what is deployed: defaults, deprecations, names, heads, keys in steps."""

# ruff: noqa: E501 - a mended call is one line
from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.model.mend import MendRequest, Plain, Safety
from runcrew_lint.text import Place, Source, Span
from tests.migrations.reading import HEAD, read, source_of


def mended(source: Source, name: str, span: Span, *told: tuple[str, Plain]) -> str | None:
    fix = realise(MendRequest(name, Place(source.path, span), told), source)
    if fix is None:
        return None
    assert fix.safety is Safety.UNSAFE and not fix.creates
    return apply(source.text, [fix], source.path)[0]


@pytest.mark.parametrize(
    ("before", "default", "sql", "after"),
    [
        (
            'op.add_column("t", sa.Column("c", sa.Integer(), nullable=False))  # why',
            "0",
            False,
            'op.add_column("t", sa.Column("c", sa.Integer(), nullable=False, server_default="0"))  # why',
        ),
        (
            'op.add_column(\n    "t",\n    sa.Column(\n        "c",  # name\n        sa.Text(),\n'
            "        nullable=False,\n    ),\n)",
            "",
            False,
            'op.add_column(\n    "t",\n    sa.Column(\n        "c",  # name\n        sa.Text(),\n'
            '        nullable=False,\n        server_default="",\n    ),\n)',
        ),
        (
            'op.add_column("t", sa.Column("c", sa.DateTime(), server_default=None, nullable=False))',
            "now()",
            True,
            'op.add_column("t", sa.Column("c", sa.DateTime(), server_default=sa.text("now()"), nullable=False))',
        ),
    ],
)
def test_a_default_is_given(before: str, default: str, sql: bool, after: str) -> None:
    source = source_of(before)
    span = read(source).upgrade[0].columns[0].span
    told: tuple[tuple[str, Plain], ...] = (("default", default), ("sql", sql))
    assert mended(source, "python_columns.server_default", span, *told) == source_of(after).text


def test_a_default_is_refused_where_text_is_not_at_hand() -> None:
    source = source_of(
        'op.add_column("t", Column("c", sa.Date(), nullable=False))',
        head=HEAD + "from sqlalchemy import Column\n",
    )
    span = read(source).upgrade[0].columns[0].span
    assert mended(source, "python_columns.server_default", span, ("default", "now()"), ("sql", True)) is None


DOWN = "\n\n\ndef downgrade():\n    {}\n"


def with_down(up: str, down: str) -> Source:
    source = source_of(up)
    return Source(source.path, source.text + DOWN.format(down))


def deprecated(source: Source, *, nullable: bool = True) -> str | None:
    span = read(source).upgrade[0].span
    told: tuple[tuple[str, Plain], ...] = (
        ("table", "t"),
        ("column", "c"),
        ("nullable", nullable),
        ("required", not nullable),
        ("today", "2026-03-01"),
    )
    return mended(source, "python_columns.deprecated", span, *told)


def test_a_drop_becomes_a_deprecation() -> None:
    source = with_down(
        "op.drop_column('t', 'c', schema='log')  # why",
        "op.add_column('t', sa.Column('c', sa.Text()), schema='log')",
    )
    assert (
        deprecated(source)
        == with_down(
            "op.alter_column('t', 'c', comment=\"deprecated: 2026-03-01\", schema='log')  # why",
            "op.alter_column('t', 'c', comment=None, schema='log')",
        ).text
    )
    source = with_down(
        "op.drop_column('t', column_name='c')",
        "op.add_column('t', sa.Column('c', sa.Text(), nullable=False))",
    )
    assert (
        deprecated(source, nullable=False)
        == with_down(
            "op.alter_column('t', 'c', nullable=True, comment=\"deprecated: 2026-03-01\")",
            "op.alter_column('t', 'c', nullable=False, comment=None)",
        ).text
    )


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("op.drop_column('t', 'c')", "pass"),
        ("op.drop_column('t', 'c')", "op.add_column('u', sa.Column('c', sa.Text()))"),
        ("op.drop_column('t', 'c')", "op.execute('ALTER TABLE t ADD c text')"),
        ("op.drop_column(T, 'c')", "op.add_column('t', sa.Column('c', sa.Text()))"),
        ("op.drop_column('t', 'c', mssql_drop_check=True)", "op.add_column('t', sa.Column('c', sa.Text()))"),
        ("op.execute('ALTER TABLE t DROP c')", "op.add_column('t', sa.Column('c', sa.Text()))"),
        ("# nobody reads it: remove it\n    op.drop_column('t', 'c')", "op.add_column('t', sa.Column('c', sa.Text()))"),
        ("op.drop_column('t', 'c')", "# Reinstates it, empty\n    op.add_column('t', sa.Column('c', sa.Text()))"),
    ],
)  # fmt: skip
def test_a_drop_that_can_not_be_taken_back_exactly_stays(up: str, down: str) -> None:
    source = with_down(up, down)
    assert deprecated(Source(source.path, source.text.replace("def upgrade", "T = 't'\ndef upgrade"))) is None


def test_a_constraint_gets_a_name() -> None:
    source = source_of("op.create_unique_constraint(None, 't', ['c'])")
    span = read(source).upgrade[0].call
    after = source_of("op.create_unique_constraint('t_c_key', 't', ['c'])").text
    assert mended(source, "python_columns.named", span, ("name", "t_c_key")) == after
    source = source_of('op.create_unique_constraint(constraint_name=None, table_name="t", columns=["c"])')
    span = read(source).upgrade[0].call
    assert 'constraint_name="k", table' in str(mended(source, "python_columns.named", span, ("name", "k")))
    source = source_of("op.create_unique_constraint('x', 't', ['c'])")
    assert mended(source, "python_columns.named", read(source).upgrade[0].call, ("name", "k")) is None


def test_a_head_goes_behind_another() -> None:
    text = '"""x\n\nRevises: r1\n"""\nrevision = "r2"\ndown_revision: str | None = \'r1\'  # parent\n'
    text += "\ndef upgrade():\n    pass\n"
    source = Source("v/r2.py", text)
    span = read(source).down_revision_span
    told: tuple[tuple[str, Plain], ...] = (("parent", "r9"), ("was", "r1"))
    assert mended(source, "python_columns.reparented", span, *told) == text.replace("r1", "r9")
    other = Source("v/r2.py", text.replace("'r1'", "('r1', 'r0')"))
    assert mended(other, "python_columns.reparented", read(other).down_revision_span, *told) is None


STEPS: tuple[Plain, ...] = (("plain", "A"), ("block", "B"), ("block", "C"), ("kept", ""), ("block", "D"))


def test_steps_take_a_statements_place() -> None:
    source = source_of(
        "if x:\n    op.alter_column(\n        't',\n        'c',\n        nullable=False,\n    )  # why"
    )
    span = read(source).upgrade[0].call
    told: tuple[tuple[str, Plain], ...] = (("title", "t"), ("safety", "unsafe"), ("steps", STEPS))
    block = "    with op.get_context().autocommit_block():\n"
    assert mended(source, "python_steps.in_steps", span, *told) == source_of(
        'if x:\n    op.execute("A")\n' + block + '        op.execute("B")\n        op.execute("C")\n'
        "    op.alter_column(\n        't',\n        'c',\n        nullable=False,\n    )  # why\n"
        + block + '        op.execute("D")'
    ).text  # fmt: skip
    quoted: tuple[Plain, ...] = (("plain", "\"'"),)
    assert mended(source, "python_steps.in_steps", span, *told[:2], ("steps", quoted)) is None
    for other in (
        "for c in 'ab':\n    op.drop_column('t', 'c')",
        "op.get_bind().execute(sa.text('DROP TABLE t'))",
    ):
        source = source_of(other)
        assert mended(source, "python_steps.in_steps", read(source).upgrade[0].call, *told) is None


def test_a_revision_that_follows() -> None:
    told: tuple[tuple[str, Plain], ...] = (
        ("title", "in {path}"), ("safety", "unsafe"), ("message", "index"), ("up", ("SELECT 1", "SELECT 2")),
        ("down", ("SELECT 3",)), ("head", "r9"), ("id", ""), ("folder", ""), ("template", ""), ("file_template", ""),
        ("today", "2026-03-01"),
    )  # fmt: skip
    fix = realise(
        MendRequest("python_follow.in_block", Place("r2.py", Span(0, 0)), told), Source("r2.py", "")
    )
    assert fix is not None and not fix.edits and fix.safety is Safety.UNSAFE
    (new,) = fix.creates
    assert fix.title == f"in {new.path}"
    migration = read(Source(new.path, new.text))
    assert migration.down_revisions == ("r9",)
    assert [each.kind for each in (*migration.upgrade, *migration.downgrade)] == [Kind.SELECT] * 3
