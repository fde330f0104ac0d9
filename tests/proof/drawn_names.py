"""Indexes and keys drawn at random that are given no name, under a naming convention of env.py's metadata."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.proof.drawn import ENV_PY, Change, Draw, Drawn, alone, called, histories, indented, schema

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
    return _under(_CONVENTION, drawn)


def _under(convention: dict[str, str], drawn: Drawn) -> Drawn:
    """A history whose metadata has a naming convention."""
    env = drawn.files[ENV_PY].replace(
        "connection=connection,", "connection=connection, target_metadata=metadata,"
    )
    metadata = f"from sqlalchemy import MetaData\n\nmetadata = MetaData(naming_convention={convention!r})\n"
    return replace(drawn, files=drawn.files | {ENV_PY: f"{metadata}{env}"})


@st.composite
def dropped(draw: Draw, s: str, at: int) -> Change:
    """A constraint that is made without a name, with its column or behind it, and dropped by None."""
    column = draw(st.sampled_from([("a", "b")[at % 2], f"new_{at}"]))
    type_ = draw(st.sampled_from(["unique", "foreignkey"]))
    if type_ == "unique":
        up = called(draw, "op.create_unique_constraint", ["None", "'runs'", f"[{column!r}]", *alone(s)])
    else:
        schemas = [f"source_schema={s[:-1]!r}", f"referent_schema={s[:-1]!r}"] if s else []
        column = column if column.startswith("new_") else ("crew_id", "id")[at % 2]
        arguments = ["None", "'runs'", "'crews'", f"[{column!r}]", "['id']", *schemas]
        up = called(draw, "op.create_foreign_key", arguments)
    said = draw(st.sampled_from([f"type_='{type_}'", f"type_='{type_}'", ""]))
    arguments = [
        draw(st.sampled_from(["None", "constraint_name=None"])),
        "table_name='runs'",
        said,
        *alone(s),
    ]
    down = called(draw, "op.drop_constraint", [each for each in arguments if each])
    if draw(st.booleans()):
        call = called(draw, "batch.drop_constraint", ["None", *([said] if said else [])])
        down = f"with op.batch_alter_table('runs'{schema(s)}) as batch:\n    {indented(call)}"
    if column.startswith("new_"):
        key = f", sa.ForeignKey('{s}crews.id')"
        inline = type_ == "foreignkey" and draw(st.booleans())
        new = f"op.add_column('runs', sa.Column('{column}', sa.BigInteger(){key * inline}){schema(s)})"
        up = new if inline else f"{new}\n{up}"
        down += f"\nop.drop_column('runs', '{column}'{schema(s)})"
    return Change(up, down)


@st.composite
def unknown(draw: Draw) -> Drawn:
    """A base, and a revision whose downgrade() gives no names."""
    drawn = draw(histories(dropped))
    assert isinstance(drawn, Drawn)
    keys = {"uq": "uq_%(table_name)s_%(column_0_name)s", "fk": _CONVENTION["fk"]}
    return _under(keys, drawn) if draw(st.booleans()) else drawn
