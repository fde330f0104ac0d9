"""Keys drawn at random that take another one's place in one revision: a constraint's, or a unique index."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.proof.drawn import Change, Draw, alone, called, schema, sent


def _beside(draw: Draw, s: str) -> tuple[str, str]:
    """A statement that may stand before the new key, and what takes it back."""
    column = "op.add_column('runs', sa.Column('beside', sa.Integer())"
    return draw(
        st.sampled_from(
            [
                ("", ""),
                (f"{column}{schema(s)})\n", f"\nop.drop_column('runs', 'beside'{schema(s)})"),
                (f'op.execute("UPDATE {s}crews SET level = 1 WHERE id = 1")\n', ""),
            ]
        )
    )


def key(*, primary: bool) -> Callable[[str, int], st.SearchStrategy[Change]]:
    """The change for `histories`: a primary key or a UNIQUE in place of a primary key."""

    @st.composite
    def change(draw: Draw, s: str, at: int) -> Change:
        table, columns = (("runs", ["id", "a"]), ("crews", ["id", "level"]))[at % 2]
        columns = ["id"] if primary else list(draw(st.permutations(columns)))
        old = f"{table}_pkey"
        new = str(draw(st.sampled_from([old, f"{table}_key"])))
        before, after = _beside(draw, s) if at == 0 else ("", "")
        drop = draw(
            st.sampled_from(
                [
                    f"op.drop_constraint('{old}', '{table}'{schema(s)})",
                    f'op.execute("ALTER TABLE {s}{table} DROP CONSTRAINT {old}")',
                ]
            )
        )
        if draw(st.booleans()):
            kind = "PRIMARY KEY" if primary else "UNIQUE"
            add = sent(draw, f"ALTER TABLE {s}{table} ADD CONSTRAINT {new} {kind} ({', '.join(columns)})")
        else:
            method = "create_primary_key" if primary else "create_unique_constraint"
            add = called(draw, f"op.{method}", [repr(new), repr(table), repr(columns), *alone(s)])
        down = (
            f"op.drop_constraint('{new}', '{table}'{schema(s)})\n"
            f"op.create_primary_key('{old}', '{table}', ['id']{schema(s)})"
        )
        return Change(f"{before}{drop}\n{add}", down + after)

    return change


@st.composite
def index(draw: Draw, s: str, at: int) -> Change:
    """A unique index for one that goes, by the same name or by another."""
    old, columns = (("ix_old", ["a"]), ("ix_older", ["b", "id"]))[at % 2]
    new = str(draw(st.sampled_from([old, f"{old}_unique"])))
    before, after = _beside(draw, s) if at == 0 else ("", "")
    keys = draw(st.sampled_from([columns, [*columns, "At"]]))
    assert isinstance(keys, list)
    where = draw(st.sampled_from([[], ["postgresql_where=sa.text('a > 3')"]]))
    assert isinstance(where, list)
    note = draw(st.sampled_from(["", "# one each\n"]))
    arguments = [repr(new), "'runs'", repr(keys), "unique=True", *where, *alone(s)]
    add = called(draw, "op.create_index", arguments)
    down = (
        f"op.drop_index('{new}', table_name='runs'{schema(s)})\n"
        f"op.create_index('{old}', 'runs', {columns!r}{schema(s)})"
    )
    return Change(f"{before}op.drop_index('{old}', table_name='runs'{schema(s)})\n{note}{add}", down + after)
