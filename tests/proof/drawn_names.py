"""Indexes and keys drawn at random that are given no name, under a naming convention of env.py's metadata."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.proof.drawn import ENV_PY, Change, Draw, Drawn, alone, called, histories, schema

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}


@st.composite
def nameless(draw: Draw, s: str, at: int) -> Change:
    """An index or a foreign key of an old table."""
    if draw(st.booleans()):
        columns = [["a", "b"], ["b", "a"], ["crew_id"], ["id", "b"]][at + 2 * draw(st.integers(0, 1))]
        more = draw(st.sampled_from([[], ["unique=False"], ["postgresql_where=sa.column('a') > 3"]]))
        assert isinstance(more, list)
        unique = ["unique=True"] if "id" in columns and not more else []
        up = called(draw, "op.create_index", ["None", "'runs'", repr(columns), *more, *unique, *alone(s)])
        return Change(up, f"op.drop_index('ix_runs_{'_'.join(columns)}', table_name='runs'{schema(s)})")
    column = ("crew_id", "id")[at % 2]
    schemas = [f"source_schema={s[:-1]!r}", f"referent_schema={s[:-1]!r}"] if s else []
    arguments = ["None", "'runs'", "'crews'", repr([column]), "['id']", *schemas]
    up = called(draw, "op.create_foreign_key", arguments)
    return Change(up, f"op.drop_constraint('fk_runs_{column}_crews', 'runs'{schema(s)})")


@st.composite
def named(draw: Draw) -> Drawn:
    """A base and a revision of one or two of them."""
    drawn = draw(histories(nameless))
    assert isinstance(drawn, Drawn)
    env = drawn.files[ENV_PY].replace(
        "connection=connection,", "connection=connection, target_metadata=metadata,"
    )
    metadata = f"from sqlalchemy import MetaData\n\nmetadata = MetaData(naming_convention={_CONVENTION!r})\n"
    return replace(drawn, files=drawn.files | {ENV_PY: f"{metadata}{env}"})
