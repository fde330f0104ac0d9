"""Revisions drawn at random whose steps can't leave the transaction in their place.

What they rest on is in it: a column that is new in the same revision, or another statement that can't be run
twice. A third revision may come after, which has to come after what is moved.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.proof.drawn import (
    BASE,
    CHANGE,
    CONNECTIONS,
    ENV,
    ENV_PY,
    FIRST,
    HEAD,
    MAKO,
    START,
    TEMPLATE,
    Change,
    Draw,
    Drawn,
    alone,
    block,
    called,
    indented,
    schema,
    sent,
)

AFTER = '''"""after

Revision ID: 0003
Revises: 0002
Create Date: 2026-02-06 10:00:00
"""
from alembic import op

revision = {quote}0003{quote}
down_revision = {parents}


def upgrade():
    op.execute("CREATE TABLE {s}later (id bigint PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE {s}later")
'''


HELD = ("transaction = connection.begin()\n", "transaction.commit()\n")
_NOTHING = '''"""base"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    pass


def downgrade():
    pass
'''


def batch(s: str) -> str:
    """The line that opens a batch."""
    return f"with op.batch_alter_table('runs'{schema(s)}) as batch:"


@st.composite
def new_column(draw: Draw, s: str, at: int) -> Change:
    """A column that the next statement is about, by a call or in a batch, and where it goes again."""
    column = f"sa.Column('new_{at}', sa.Integer())"
    up = draw(
        st.sampled_from(
            [
                f"op.add_column('runs', {column}{schema(s)})",
                f"{batch(s)}\n    batch.add_column({column})",
                f'op.execute("ALTER TABLE {s}runs ADD COLUMN new_{at} integer")',
            ]
        )
    )
    return Change(str(up), f"op.drop_column('runs', 'new_{at}'{schema(s)})")


@st.composite
def index(draw: Draw, s: str, at: int) -> Change:
    """An index of a new column: by a call, by SQL, or in the batch that adds the column."""
    base = draw(new_column(s, at))
    assert isinstance(base, Change)
    name = f"ix_moved_{at}"
    columns = draw(st.sampled_from([[f"new_{at}"], [f"new_{at}", "At"], ["a", f"new_{at}"]]))
    assert isinstance(columns, list)
    unique = bool(draw(st.booleans())) and "a" in columns
    where = draw(st.sampled_from(["", "", "a > 3"]))
    form = draw(st.sampled_from(["call", "call", "sql", "batch"]))
    note = draw(st.sampled_from(["", "# for the board\n"]))
    if form == "sql":
        words = ", ".join(f'"{each}"' if each == "At" else each for each in columns)
        sql = f"CREATE {'UNIQUE ' * unique}INDEX {name} ON {s}runs ({words})"
        up = sent(draw, sql + (f" WHERE {where}" if where else ""))
    else:
        more = [f"unique={unique}"] if draw(st.booleans()) or unique else []
        more += [f"postgresql_where=sa.text({where!r})"] if where else []
        if form == "batch":
            call = called(draw, "batch.create_index", [repr(name), repr(columns), *more])
            up = f"{batch(s)}\n    {indented(call)}"
        else:
            up = called(draw, "op.create_index", [repr(name), "'runs'", repr(columns), *more, *alone(s)])
    drop = draw(
        st.sampled_from(
            [
                "",  # it goes with its column
                f"op.drop_index('{name}', table_name='runs'{schema(s)})\n",
                f'op.execute("DROP INDEX {s}{name}")\n',
                f"{batch(s)}\n    batch.drop_index('{name}')\n",
            ]
        )
    )
    return Change(f"{base.up}\n{note}{up}", str(drop) + base.down)


@st.composite
def unique(draw: Draw, s: str, at: int) -> Change:
    """A UNIQUE of a new column, by a call, by SQL or in a batch."""
    base = draw(new_column(s, at))
    assert isinstance(base, Change)
    name = f"key_moved_{at}"
    columns = draw(st.sampled_from([[f"new_{at}"], [f"new_{at}", "id"]]))
    assert isinstance(columns, list)
    late = draw(st.sampled_from([[], [], ["deferrable=True"], ["deferrable=True", "initially='DEFERRED'"]]))
    assert isinstance(late, list)
    form = draw(st.sampled_from(["call", "sql", "batch"]))
    if form == "sql":
        more = draw(st.sampled_from(["", " INCLUDE (a)", " DEFERRABLE INITIALLY DEFERRED"]))
        sql = f"ALTER TABLE {s}runs ADD CONSTRAINT {name} UNIQUE ({', '.join(columns)}){more}"
        up = sent(draw, sql)
    elif form == "batch":
        call = called(draw, "batch.create_unique_constraint", [repr(name), repr(columns), *late])
        up = f"{batch(s)}\n    {indented(call)}"
    else:
        arguments = [repr(name), "'runs'", repr(columns), *late, *alone(s)]
        up = called(draw, "op.create_unique_constraint", arguments)
    drop = draw(
        st.sampled_from(
            [
                "",
                f"op.drop_constraint('{name}', 'runs', type_='unique'{schema(s)})\n",
                f"{batch(s)}\n    batch.drop_constraint('{name}')\n",
            ]
        )
    )
    return Change(f"{base.up}\n{up}", str(drop) + base.down)


@st.composite
def set_not_null(draw: Draw, s: str, at: int, *, left: bool = False) -> Change:
    """A column that is made, filled and required in one revision, or an old one beside a new one.

    Arguments:
        left: downgrade() forgets it.
    """
    base = draw(new_column(s, at))
    assert isinstance(base, Change)
    is_new = not left and draw(st.booleans())
    column = f"new_{at}" if is_new else ("a", "At")[at % 2]
    fill = f'op.execute("UPDATE {s}runs SET {column} = id WHERE {column} IS NULL")\n' if is_new else ""
    form = draw(st.sampled_from(["call", "call", "sql", "batch"]))
    quoted = '"At"' if column == "At" else column
    more, less = ["existing_type=sa.Integer()", "nullable=False"], ""
    if form == "sql":
        up = sent(draw, f"ALTER TABLE {s}runs ALTER COLUMN {quoted} SET NOT NULL")
    elif form == "batch":
        call = called(draw, "batch.alter_column", [repr(column), *more])
        up = f"{batch(s)}\n    {indented(call)}"
    else:
        beside = draw(st.sampled_from(["", "server_default='3'", "comment='said'"]))
        less = f", {beside.partition('=')[0]}=None" if beside else ""
        more = list(draw(st.permutations([*more, *filter(None, [beside])])))
        up = called(draw, "op.alter_column", ["'runs'", repr(column), *more, *alone(s)])
    if left:
        undo = f"op.alter_column('runs', '{column}'{less}{schema(s)})\n" if less else ""
        return Change(f"{base.up}\n{fill}{up}", undo + base.down)
    loosen = draw(
        st.sampled_from(
            [
                *([""] if is_new else []),
                f"op.alter_column('runs', '{column}', nullable=True{less}{schema(s)})\n",
                *([] if less else [f"op.execute('ALTER TABLE {s}runs ALTER {quoted} DROP NOT NULL')\n"]),
                *([] if less else [f"{batch(s)}\n    batch.alter_column('{column}', nullable=True)\n"]),
            ]
        )
    )
    return Change(f"{base.up}\n{fill}{up}", str(loosen) + base.down)


@st.composite
def histories(
    draw: Draw,
    change: Callable[[str, int], st.SearchStrategy[Change]],
    *,
    known: bool = True,
    held: bool = False,
) -> Drawn:
    """A base, a revision of one or two changes, and perhaps one that comes after it.

    Arguments:
        known: whether the base makes the tables; else something that is not in the history does.
        held: whether env.py holds all revisions in one transaction of its own.
    """
    s = draw(st.sampled_from(["", "", "log."]))
    assert isinstance(s, str)
    changes = [draw(change(s, at)) for at in range(int(str(draw(st.integers(1, 2)))))]
    up = [each.up for each in changes]
    down = [each.down for each in reversed(changes)]
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    text = HEAD + block(str(gap).join(up)) + "\n\ndef downgrade():\n" + block(str(gap).join(down))
    first, last = HELD if held else draw(st.sampled_from(CONNECTIONS))
    files = {
        ENV_PY: ENV.format(per=draw(st.booleans()), first=first, last=last),
        MAKO: TEMPLATE,
        FIRST: BASE.format(s=s) if known else _NOTHING,
        CHANGE: text,
    }
    if draw(st.booleans()):
        quote = draw(st.sampled_from(["'", '"']))
        parents = draw(st.sampled_from([f"{quote}0002{quote}", f"({quote}0002{quote},)"]))
        files["alembic/versions/0003_after.py"] = AFTER.format(quote=quote, parents=parents, s=s)
    return Drawn(files, START.format(s=s))
