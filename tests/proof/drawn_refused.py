"""Revisions drawn at random that the server refuses, or whose end a fix changes, with what comes instead."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.proof import drawn
from tests.proof.drawn import Change, Draw, Drawn, alone, block, called, indented, schema, sent
from tests.proof.proving import TODAY

_BATCH = "with op.batch_alter_table('{}'{}) as batch:\n    {}"
# Types, and what the rows that are there get; a moment would be another one in each run.
_NEUTRAL = (
    *(("sa.Integer()", "'0'"), ("sa.Numeric(8, 2)", "'0'"), ("sa.String(40)", "''"), ("sa.Text()", "''")),
    *(("sa.Boolean()", "'false'"), ("sa.ARRAY(sa.Text())", "'{}'"), ("sa.Date()", "sa.text('CURRENT_DATE')")),
)


@st.composite
def concurrently(draw: Draw, s: str, at: int) -> Change:
    """An index that is built or dropped CONCURRENTLY in the transaction; held against one that is not."""
    name, columns = f"ix_new_{at}", draw(st.sampled_from([["a"], ["a", "b"], ["b", "id"]]))
    down = f"op.drop_index('{name}', table_name='runs'{schema(s)})"
    on = f"{s}runs ({', '.join(columns)})"
    form = draw(st.sampled_from(["call", "sql", "drop", "drop by sql"]))
    if form.startswith("drop"):
        old, keys = [("ix_old", ["a"]), ("ix_older", ["b", "id"])][at % 2]
        back = f"op.create_index('{old}', 'runs', {keys!r}{schema(s)})"
        held = f"op.execute('DROP INDEX {s}{old}')", back
        if form == "drop by sql":
            return Change(sent(draw, f"DROP INDEX CONCURRENTLY {s}{old}"), back, held)
        given = [repr(old), "table_name='runs'", "postgresql_concurrently=True", *alone(s)]
        return Change(called(draw, "op.drop_index", given), back, held)
    unique = draw(st.booleans()) and "id" in columns
    held = f"op.execute('CREATE {'UNIQUE ' * unique}INDEX {name} ON {on}')", down
    if form == "sql":
        exists = draw(st.sampled_from(["", " IF NOT EXISTS"]))
        sql = f"CREATE {'UNIQUE ' * unique}INDEX CONCURRENTLY{exists} {name} ON {on}"
        return Change(sent(draw, sql), down, held)
    given = [
        repr(name),
        "'runs'",
        repr(columns),
        f"unique={unique}",
        "postgresql_concurrently=True",
        *alone(s),
    ]
    return Change(called(draw, "op.create_index", given), down, held)


@st.composite
def committed(draw: Draw, s: str, at: int) -> Change:
    """A COMMIT behind rows or a TRUNCATE, in their text or on its own, or before what runs CONCURRENTLY."""
    number = 1000 + at
    row = f"INSERT INTO {s}crews (id, name) VALUES ({number}, 'new')"
    down = f'op.execute("DELETE FROM {s}crews WHERE id = {number}")'
    commit = str(draw(st.sampled_from(["COMMIT", "commit", "COMMIT;"])))
    form = draw(st.sampled_from(["text", "lines", "escaped", "own", "index", "emptied"]))
    if form == "emptied":
        new = f"{s}new_{at}"
        emptied = f'op.execute("CREATE TABLE {new} (id int)")\nop.execute("TRUNCATE {new};{commit}")'
        filled = f'op.execute("INSERT INTO {new} (id) VALUES (1)")'
        return Change(f"{emptied}\n{filled}", f'op.execute("DROP TABLE {new}")')
    # In a text of its own, so that who looks on sees the row's lock before it is let go.
    held = f'op.execute("{row}")\nop.execute("{commit}")', down
    if form == "text":
        return Change(f'op.execute("{row};{commit}")', down, held)
    if form == "lines":
        return Change(f"op.execute(\n    '''\n    {row};\n    {commit}\n    '''\n)", down, held)
    if form == "escaped":
        return Change("op.execute('{};{}')".format(row.replace("'", "\\'"), commit), down, held)
    if form == "own":
        note = draw(st.sampled_from(["", "  # at once"]))
        return Change(held[0] + note, down)
    made = draw(concurrently(s, at))
    assert isinstance(made, Change)
    (up, back), gap = made.instead or ("", ""), draw(st.sampled_from(["\n", "\n\n"]))
    return Change(f'op.execute("{commit}"){gap}{made.up}', made.down, (up, back))


@st.composite
def required(draw: Draw, s: str, at: int) -> Change:
    """A required column without a value for the rows; held against one with what stands for none."""
    type_, default = draw(st.sampled_from(_NEUTRAL))
    table = draw(st.sampled_from(["runs", "crews"]))
    name = f"new_{at}_created" if "Date" in type_ else f"new_{at}_note"
    column = f"sa.Column('{name}', {type_}, nullable=False)"
    filled = column[:-1] + f", server_default={default})"
    down = f"op.drop_column('{table}', '{name}'{schema(s)})"
    held = f"op.add_column('{table}', {filled}{schema(s)})", down
    if draw(st.booleans()):
        call = indented(called(draw, "batch.add_column", [column]))
        return Change(_BATCH.format(table, schema(s), call), down, held)
    return Change(called(draw, "op.add_column", [f"'{table}'", column, *alone(s)]), down, held)


@st.composite
def dropped(draw: Draw, s: str, at: int) -> Change:
    """A column that goes; held against a comment on it, and room for rows without a value."""
    first = draw(st.sampled_from([("laps", "note", "sa.Text()"), ("runs", "a", "sa.Integer()")]))
    table, column, type_ = [first, ("crews", "level", "sa.Integer()")][at % 2]
    loose, tight = "", ""
    if table == "laps":
        loose = f"; ALTER TABLE {s}{table} ALTER {column} DROP NOT NULL"
        tight = f"; ALTER TABLE {s}{table} ALTER {column} SET NOT NULL"
    comment = f"COMMENT ON COLUMN {s}{table}.{column} IS "
    held = f"op.execute(\"{comment}'deprecated: {TODAY}'{loose}\")", f'op.execute("{comment}NULL{tight}")'
    required = ", nullable=False" if table == "laps" else draw(st.sampled_from(["", ", nullable=True"]))
    back = f"op.add_column('{table}', sa.Column('{column}', {type_}{required}){schema(s)})"
    return Change(called(draw, "op.drop_column", [f"'{table}'", f"'{column}'", *alone(s)]), back, held)


@st.composite
def primary_key(draw: Draw, s: str, at: int) -> Change:
    """The primary key of a table that has none."""
    name = draw(st.sampled_from(["laps_pkey", f"pk_{at}"]))
    columns = draw(st.sampled_from([["id"], ["id", "rank"], ["rank"]]))
    down = f"op.drop_constraint('{name}', 'laps'{schema(s)})"
    if draw(st.booleans()):
        sql = f"ALTER TABLE {s}laps ADD CONSTRAINT {name} PRIMARY KEY ({', '.join(columns)})"
        return Change(sent(draw, sql), down)
    given = [repr(name), "'laps'", repr(columns), *alone(s)]
    return Change(called(draw, "op.create_primary_key", given), down)


_BRANCH = '''"""{name}

Revision ID: {name}
Revises: {parent}
Create Date: 2026-02-{day:02} 10:00:00
"""
from alembic import op

revision = {quote}{name}{quote}
down_revision = {quote}{parent}{quote}


def upgrade():
    op.execute("CREATE TABLE {s}of_{name} (id bigint PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE {s}of_{name}")
'''


@st.composite
def heads(draw: Draw) -> Drawn:
    """A revision, and another branch of one to three beside it that is younger or older."""
    s = draw(st.sampled_from(["", "log."]))
    change = draw(drawn.create_index(s, 0))
    assert isinstance(change, Change)
    first, quote = draw(st.sampled_from([1, 6])), draw(st.sampled_from(["'", '"']))
    files = {
        drawn.ENV_PY: drawn.ENV.format(per=draw(st.booleans()), first="", last=""),
        drawn.MAKO: drawn.TEMPLATE,
        drawn.FIRST: drawn.BASE.format(s=s),
        drawn.CHANGE: drawn.HEAD + block(change.up) + "\n\ndef downgrade():\n" + block(change.down),
    }
    parent = "0001"
    for at in range(draw(st.integers(1, 3))):
        name = f"b{at}"
        text = _BRANCH.format(name=name, parent=parent, day=first + at, quote=quote, s=s)
        files[f"alembic/versions/{name}_branch.py"] = text
        parent = name
    return Drawn(files, drawn.START.format(s=s))
