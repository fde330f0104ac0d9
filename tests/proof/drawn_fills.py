"""Columns drawn at random that come with no value, and an UPDATE that gives every row one."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.proof.drawn import Change, Draw, schema
from tests.proof.drawn_moves import batch

# A type, and values of it as an UPDATE may write them.
_TYPES = {
    "sa.Integer()": ("0", "'7'", "12"),
    "sa.Text()": ("''", "'normal'", "'true'", "'a'::text"),
    "sa.Boolean()": ("false", "TRUE", "'f'"),
    "sa.Date()": ("current_date", "CURRENT_DATE", "'2026-01-05'"),  # now() is another in each run
    "sa.JSON()": ("'{}'", "'[]'::json"),
    "sa.Numeric(4, 1)": ("'0.5'", "3"),
}
# Those that may stay as the default of a column that is required in the end: they say nothing of a row.
_KEPT = {
    "sa.Integer()": ("0",),
    "sa.Text()": ("''",),
    "sa.Boolean()": ("false", "'f'"),
    "sa.Date()": ("current_date", "CURRENT_DATE"),
    "sa.JSON()": ("'{}'", "'[]'::json"),
    "sa.Numeric(4, 1)": ("0", "'0.0'"),
}


def filled(*, required: bool) -> Callable[[str, int], st.SearchStrategy[Change]]:
    """The change for `histories`; with `required`, the columns may not be empty in the end."""

    @st.composite
    def change(draw: Draw, s: str, at: int) -> Change:
        names = [f"new_{at}", f"more_{at}"][: draw(st.integers(1, 2))]
        in_batch = draw(st.booleans())
        adds: list[str] = []
        sets: list[str] = []
        undo: list[str] = []
        for name in names:
            values = _KEPT if required else _TYPES
            type_ = str(draw(st.sampled_from(sorted(values))))
            value = str(draw(st.sampled_from(values[type_])))
            nullable = str(draw(st.sampled_from(["", ", nullable=True"])))
            # A column that has the value already needs no UPDATE at all.
            default = (
                draw(st.sampled_from(["", "", ", server_default='normal'"])) if value == "'normal'" else ""
            )
            column = f"sa.Column('{name}', {type_}{nullable}{default})"
            add = f"op.add_column('runs', {column}{schema(s)})"
            adds.append(f"{batch(s)}\n    batch.add_column({column})" if in_batch else add)
            sets.append(f"{name} {draw(st.sampled_from(['=', ' = ']))} {value}")
            undo.insert(0, f"op.drop_column('runs', '{name}'{schema(s)})")
        word = draw(st.sampled_from(["UPDATE", "update"]))
        if draw(st.booleans()):
            fills = [f"{word} {s}runs SET {', '.join(sets)}"]
        else:
            fills = [f"{word} {s}runs SET {each}" for each in sets]
        sender = "batch" if in_batch and draw(st.booleans()) else "op"
        lines = [f'{sender}.execute({draw(st.sampled_from(["", "f"]))}"{each}")' for each in fills]
        tight = [
            f"batch.alter_column('{each}', nullable=False)"
            if sender == "batch"
            else f"op.alter_column('runs', '{each}', nullable=False{schema(s)})"
            for each in (names if required else [])
        ]
        between = draw(st.sampled_from(["", "\nop.create_index('ix_by_a', 'crews', ['level'])"]))
        if at or s:
            between = ""
        if between:
            undo.append("op.drop_index('ix_by_a')")
        body = [*lines, *tight]
        if sender == "batch":
            text = f"{batch(s)}\n" + "\n".join(f"    {each}" for each in body)
        else:
            text = "\n".join(body)
        return Change("\n".join(adds) + f"{between}\n{text}", "\n".join(undo))

    return change
