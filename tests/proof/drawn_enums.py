"""Enums drawn at random that are made anew with more labels, their columns cast to them."""

from __future__ import annotations

from collections.abc import Sequence

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
    Draw,
    Drawn,
    block,
    schema,
    sent,
)

OLD = ("slow", "fast")
_MADE = (
    "CREATE TYPE pace AS ENUM ('slow', 'fast')",
    "ALTER TABLE {s}runs ADD COLUMN pace pace",
    "ALTER TABLE {s}crews ADD COLUMN pace pace",
)
_FILLED = "UPDATE {s}runs SET pace = 'slow'; UPDATE {s}crews SET pace = 'fast'"


@st.composite
def histories(draw: Draw) -> Drawn:
    """A base with an enum that two tables use, and a revision that makes it anew."""
    s = str(draw(st.sampled_from(["", "", "log."])))
    more = draw(st.lists(st.sampled_from(["still", "sprint", "it's", "so-so"]), min_size=1, unique=True))
    labels = list(OLD)
    for each in more:
        labels.insert(draw(st.integers(0, len(labels))), each)
    up = _anew(draw, s, labels)
    down = [
        f"op.execute(\"UPDATE {s}runs SET pace = 'slow'\")",
        f"op.execute(\"UPDATE {s}crews SET pace = 'fast'\")",
        *_anew(draw, s, OLD),
    ]
    if draw(st.booleans()):
        up = ["if op.get_bind().dialect.name == 'postgresql':", *(f"    {each}" for each in up)]
    if draw(st.booleans()):
        up.append(f"op.add_column('runs', sa.Column('more', sa.Integer()){schema(s)})")
        down.insert(0, f"op.drop_column('runs', 'more'{schema(s)})")
    made = "".join(f'    op.execute("{each.format(s=s)}")\n' for each in _MADE)
    first, last = draw(st.sampled_from(CONNECTIONS))
    text = HEAD + block("\n".join(up)) + "\n\ndef downgrade():\n" + block("\n".join(down))
    files = {
        ENV_PY: ENV.format(per=draw(st.booleans()), first=first, last=last),
        MAKO: TEMPLATE,
        FIRST: BASE.format(s=s).replace("\n\n\ndef downgrade", f"\n{made}\n\ndef downgrade"),
        CHANGE: text,
    }
    start = ";\n".join([START.format(s=s).rstrip().rstrip(";"), *_MADE, _FILLED]).replace("{s}", s)
    return Drawn(files, start)


def _anew(draw: Draw, s: str, labels: Sequence[str]) -> list[str]:
    """The statements that make the type anew."""
    words = ", ".join("'{}'".format(each.replace("'", "''")) for each in labels)
    if draw(st.booleans()):
        create = f'op.execute("CREATE TYPE pace AS ENUM ({words})")'
    else:
        create = f"sa.Enum({', '.join(map(repr, labels))}, name='pace').create(op.get_bind())"
    casts = [
        f"ALTER TABLE {s}{table} ALTER COLUMN pace TYPE pace USING pace::text::pace"
        for table in draw(st.permutations(["runs", "crews"]))
    ]
    lines = [f'op.execute("{each}")' for each in casts]
    first, last = sent(draw, "ALTER TYPE pace RENAME TO old_pace"), sent(draw, "DROP TYPE old_pace")
    return [*first.splitlines(), create, *lines, *last.splitlines()]
