"""Revisions drawn at random whose downgrade() does nothing, though every step of upgrade() has an inverse."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.proof import drawn
from tests.proof.drawn import Change, Draw, Drawn, block, called, indented, schema, sent


@st.composite
def table(draw: Draw, s: str, at: int) -> Change:
    """A table of its own, perhaps with a type of its own, a key to an old table, and an index."""
    columns = ["sa.Column('id', sa.BigInteger(), primary_key=True)"]
    if draw(st.booleans()):
        name = f"pace_{at}"
        columns.append(f"sa.Column('pace', sa.Enum('slow', 'fast', name='{name}'{schema(s)}))")
    if draw(st.booleans()):
        columns.append(f"sa.Column('run_id', sa.BigInteger(), sa.ForeignKey('{s}runs.id'), index=True)")
    arguments = [f"'made_{at}'", *columns, *drawn.alone(s)]
    return Change(called(draw, "op.create_table", arguments), "")


@st.composite
def column(draw: Draw, s: str, at: int) -> Change:
    """A new column, filled at once or not."""
    name = f"added_{at}"
    more = draw(st.sampled_from(["", ", server_default='3'", ", nullable=False, server_default='3'"]))
    up = f"op.add_column('runs', sa.Column('{name}', sa.Integer(){more}){schema(s)})"
    if draw(st.booleans()):
        up += f'\nop.execute("UPDATE {s}runs SET {name} = id WHERE {name} IS NULL")'
    return Change(up, "")


@st.composite
def alteration(draw: Draw, s: str, at: int) -> Change:
    """A default, a comment, a name, a view or a type."""
    old = ("a", "b")[at % 2]
    return Change(
        draw(
            st.sampled_from(
                [
                    f"op.alter_column('runs', '{old}', server_default='4'{schema(s)})",
                    f"op.alter_column('laps', 'note', new_column_name='said_{at}'{schema(s)})"
                    if at == 0  # no other step is about it
                    else "op.execute('SELECT 1')",
                    f"op.execute(\"COMMENT ON COLUMN {s}runs.{old} IS 'it''s that'\")",
                    f'op.execute("CREATE VIEW {s}seen_{at} AS SELECT id FROM {s}runs")',
                    f"op.execute(\"CREATE TYPE {s}mood_{at} AS ENUM ('fine', 'tired')\")",
                    f'op.execute("CREATE SEQUENCE {s}count_{at}")',
                    f"op.rename_table('crews', 'teams'{schema(s)})" if at == 0 else "op.execute('SELECT 1')",
                ]
            )
        ),
        "",
    )


@st.composite
def validated(draw: Draw, s: str, at: int) -> Change:
    """A CHECK in two steps."""
    sql = f"ALTER TABLE {s}runs ADD CONSTRAINT proved_{at} CHECK (id > 0) NOT VALID"
    return Change(f'{sent(draw, sql)}\nop.execute("ALTER TABLE {s}runs VALIDATE CONSTRAINT proved_{at}")', "")


@st.composite
def gone(draw: Draw, s: str, at: int) -> Change:
    """Something old that goes or becomes another: an index, a key, a name, a type; no two of one place."""
    more = schema(s)
    index, keys = [("ix_old", ["a"]), ("ix_older", ["b", "id"]), ("", [])][at % 3]
    table = f"'made_{at}', sa.Column('pace', sa.Enum('slow', 'fast', name='pace_{at}'{more}))"
    indexes = [
        (
            f"op.drop_index('{index}', table_name='runs'{more})",
            f"op.create_index('{index}', 'runs', {keys!r}{more})",
        ),
        (
            f"op.execute('ALTER INDEX {s}{index} RENAME TO other_{at}')",
            f"op.execute('ALTER INDEX {s}other_{at} RENAME TO {index}')",
        ),
    ]
    others = [
        (
            f"op.drop_constraint('runs_pkey', 'runs', type_='primary'{more})",
            f"op.create_primary_key('runs_pkey', 'runs', ['id']{more})",
        ),
        (
            f"op.execute('ALTER TABLE {s}runs RENAME CONSTRAINT runs_pkey TO pk')",
            f"op.execute('ALTER TABLE {s}runs RENAME CONSTRAINT pk TO runs_pkey')",
        ),
        (
            f"op.alter_column('laps', 'note', nullable=True{more})",
            f"op.alter_column('laps', 'note', nullable=False{more})",
        ),
        (
            f"op.alter_column('crews', 'level', type_=sa.BigInteger(){more})",
            f"op.alter_column('crews', 'level', type_=sa.Integer(){more})",
        ),
        (
            f"op.alter_column('crews', 'name', server_default='4', comment='said'{more})",
            f"op.alter_column('crews', 'name', server_default=None, comment=None{more})",
        ),
        (
            f"op.create_table({table}{more})",
            f"op.drop_table('made_{at}'{more})\nop.execute('DROP TYPE {s}pace_{at}')",
        ),
    ]
    up, down = draw(st.sampled_from(indexes if index else others))
    return Change(up, down)


_STEPS = (
    *(table, column, alteration, validated),
    *(drawn.create_index, drawn.not_retryable, drawn.foreign_key, drawn.check, drawn.unique),
    drawn.set_not_null,
    gone,
)


@st.composite
def incomplete(draw: Draw) -> Drawn:
    """A base, and a revision whose downgrade() has forgotten a step or a part of it, or makes another."""
    s = draw(st.sampled_from(["", "", "log."]))
    assert isinstance(s, str)
    steps = (drawn.create_index, drawn.foreign_key, drawn.check, drawn.unique, drawn.set_not_null, gone, gone)
    chosen = draw(st.lists(st.sampled_from(steps), min_size=2, max_size=3))
    changes = [draw(each(s, at)) for at, each in enumerate(chosen)]
    forgotten = draw(st.sampled_from(changes))
    left = draw(st.sampled_from(["", "", forgotten.down.partition("\n")[0], _otherwise(forgotten.down)]))
    down = [left if each is forgotten else each.down for each in reversed(changes)]
    mark = draw(st.sampled_from(["", "# ### end Alembic commands ###\n"]))
    text = drawn.HEAD + block("\n".join(each.up for each in changes))
    return _history(
        s, text + "\n\ndef downgrade():\n" + block("\n".join(down) + "\n" + (mark or "pass\n")), draw
    )


@st.composite
def required(draw: Draw, s: str, at: int) -> Change:
    """A required column that goes, and comes back without a value for the rows that there are."""
    name, type_ = [("rank", "sa.Integer()"), ("note", "sa.Text()")][at % 2]
    layout = draw(st.sampled_from(["", "", ", autoincrement=False"]))
    column = called(draw, "sa.Column", [repr(name), f"{type_}{layout}", "nullable=False"]).partition(
        "  # why"
    )[0]
    up = f"op.drop_column('laps', '{name}'{schema(s)})"
    down = f"op.add_column('laps', {column}{schema(s)})"
    if draw(st.booleans()):
        batch = f"with op.batch_alter_table('laps'{schema(s)}) as batch:"
        down = f"{batch}\n    batch.add_column({indented(column)})"
    return Change(up, f"{down}{draw(st.sampled_from(['', '  # again']))}")


def _otherwise(down: str) -> str:
    """A step that makes another index or key than there was; as it is where it makes none."""
    for was, now in (("['a']", "['b']"), ("['b', 'id']", "['id']")):
        if was in down:
            return down.replace(was, now)
    return down


@st.composite
def histories(draw: Draw) -> Drawn:
    """A base, and a revision of one to four steps that nothing takes back."""
    s = draw(st.sampled_from(["", "", "log."]))
    assert isinstance(s, str)
    chosen = draw(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=4))
    changes = [draw(each(s, at)) for at, each in enumerate(chosen)]
    text = drawn.HEAD + block("\n".join(each.up for each in changes))
    text += draw(
        st.sampled_from(["", "\n\ndef downgrade():\n    pass\n", "\n\ndef downgrade() -> None:\n    pass\n"])
    )
    if "def downgrade" not in text and draw(st.booleans()):
        text = text.replace("def upgrade():", "def upgrade() -> None:")
    return _history(s, text, draw)


def _history(s: str, change: str, draw: Draw) -> Drawn:
    files = {
        drawn.ENV_PY: drawn.ENV.format(per=draw(st.booleans()), first="", last=""),
        drawn.MAKO: drawn.TEMPLATE,
        drawn.FIRST: drawn.BASE.format(s=s),
        drawn.CHANGE: change,
    }
    return Drawn(files, drawn.START.format(s=s))
