"""What the mend that moves statements into a new revision refuses, and what it makes where it can."""

from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.model.mend import Fix, Plain
from runcrew_lint.text import Source
from tests.mends.test_refusals import BLOCK, FOLLOW, HEAD, RUN_ANYWHERE, asked, made_of, source, span_of
from tests.mends.test_revision import TEMPLATE

INDEX = 'op.create_index("ix", "runs", ["a"])'
ALTER = 'op.alter_column("runs", "a", nullable=False)'
BACK = 'op.alter_column("runs", "a", nullable=True)'
CLEARED = 'op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)'
BUILT = 'op.create_index("ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)'
NAMED, MADE = INDEX.replace('"ix"', "name"), INDEX.replace('"ix"', "name()")
ONE, TWO, THREE, FOUR = "SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4"


def sent(sql: str) -> str:
    return f'op.execute("{sql}")'


def moved(
    text: Source,
    call: str,
    put: tuple[str, ...] = (),
    lists: tuple[tuple[str, ...], ...] = ((), (), ()),
    *,
    back: str = "",
    without: str = "",
    children: Plain = (),
    **more: Plain,
) -> Fix | None:
    """What is made of one call: where it stands, what stays, and the three lists of the new revision."""
    undone: Plain = ((*span_of(text, back), (), ""),) if back else ()
    unit: Plain = (*span_of(text, call), put, *lists, undone, without, "")
    told: dict[str, Plain] = {"title": "moves it to {path}", "message": "m", "children": children}
    return asked("python_moves.into_revision", text, call, moved=(unit,), **told, **FOLLOW | more)


def bodies(fix: Fix | None) -> tuple[str, str]:
    """The functions of the new revision."""
    assert fix is not None
    assert fix.title == f"moves it to {fix.creates[0].path}"
    up, _, down = fix.creates[0].text.partition("upgrade():\n")[2].partition("\n\n\ndef downgrade():\n")
    return dedent(up), dedent(down).removesuffix("\n")


def lines(*each: str) -> str:
    return "\n".join(each)


def test_an_index_moves() -> None:
    text = source(f"first()\n{INDEX}")
    fix = moved(text, INDEX)
    assert fix is not None
    assert bodies(fix)[0] == lines(BLOCK, f"    {CLEARED}", f"    {BUILT}")
    assert bodies(fix)[1] == lines(BLOCK, f"    {CLEARED}")
    assert made_of(fix, text).endswith("    first()\n")


def test_an_index_of_several_lines_moves() -> None:
    call = 'op.create_index(\n        "ix",\n        "runs",\n        ["a"],\n    )'
    text = source("first()")
    text = Source(text.path, f"{text.text}    {call}\n")
    for guarded, by in ((False, ""), (True, "    ")):
        up, _ = bodies(moved(text, call, guarded=guarded))
        assert f'\n{by}    op.create_index(\n{by}        "ix",\n' in up


def test_sql_moves_in_and_out_of_a_block() -> None:
    text = source(f"first()\n# why\n{ALTER}  # so", behind=f"\n\ndef downgrade():\n    # back\n    {BACK}\n")
    fix = moved(text, ALTER, (), ((ONE,), (TWO,), (THREE,)), back=BACK)
    up, down = bodies(fix)
    assert up == lines(BLOCK, "    # why", "    # so", f"    {sent(ONE)}", sent(TWO))
    assert down == lines("# back", sent(THREE))
    assert fix is not None
    assert made_of(fix, text).endswith("upgrade():\n    first()\n\n\ndef downgrade():\n    pass\n")
    assert bodies(moved(text, ALTER, (), ((), (TWO,), ()))) == (lines("# why", "# so", sent(TWO)), "pass")
    assert bodies(moved(text, ALTER, (), ((ONE,), (), ())))[0] == lines(
        BLOCK, "    # why", "    # so", f"    {sent(ONE)}"
    )
    kept = moved(text, ALTER, (FOUR,), ((), (TWO,), ()))
    assert bodies(kept)[0] == sent(TWO)
    assert kept is not None
    assert f"    # why\n    {sent(FOUR)}  # so\n" in made_of(kept, text)
    guarded = moved(text, ALTER, (FOUR,), ((), (TWO,), ()), guarded=True)
    assert bodies(guarded)[0] == lines(RUN_ANYWHERE, f"    {sent(TWO)}")
    stays = moved(text, ALTER, (), ((), (TWO,), ()), guarded=True)  # its comment, too
    assert bodies(stays)[0] == lines(RUN_ANYWHERE, f"    {sent(TWO)}")


def test_a_call_stays_without_a_keyword() -> None:
    call = 'op.add_column("runs", sa.Column("a"), unique=True)'
    text = source(f"{call}\nlast()")
    fix = moved(text, call, (ONE,), ((), (TWO,), ()), without="unique")
    assert fix is not None
    kept = call.replace(", unique=True", "")
    assert made_of(fix, text).endswith(f"upgrade():\n    {kept}\n    {sent(ONE)}\n    last()\n")
    assert moved(text, call, (ONE,), ((), (TWO,), ()), without="index") is None
    looped = source(f"for each in every:\n    {call}")
    assert moved(looped, call, (ONE,), ((), (TWO,), ()), without="unique") is None


@pytest.mark.parametrize(
    ("head", "way", "alias"),
    [
        (HEAD, "upgrade()", "op"),
        (HEAD.replace("import op", "import op as do"), "upgrade()", "do"),
        (HEAD.replace("import op", "import op as do"), "upgrade(op)", "op"),
        ("", "upgrade(op)", "op"),
        (f"from alembic import op as a\n{HEAD}", "upgrade()", "op"),
    ],
)
def test_what_stays_is_sent_by_the_revisions_own_name(head: str, way: str, alias: str) -> None:
    text = source(f"first()\n{ALTER}", head=head, way=way)
    fix = moved(text, ALTER, (ONE,), ((), (TWO,), ()))
    assert fix is not None
    assert f'    {alias}.execute("{ONE}")\n' in made_of(fix, text)


def test_children_follow_the_new_revision() -> None:
    text = source(f"first()\n{ALTER}")
    fix = moved(text, ALTER, (), ((), (TWO,), ()), children=(("versions/r3.py", 5, 9),))
    assert fix is not None
    assert next(each for each in fix.edits if each.path == "versions/r3.py").text == fix.creates[0].name


@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize(
    ("text", "call", "put", "first", "back"),
    [
        (source(f"if ready:\n    {ALTER}"), ALTER, (), ONE, ""),
        (source(f"for each in every:\n    {ALTER}"), ALTER, (), ONE, ""),
        (source(f"{BLOCK}\n    {ALTER}"), ALTER, (), ONE, ""),
        (source(f"{ALTER}; last()"), ALTER, (), ONE, ""),
        (source(f"first()\n{ALTER}"), ALTER, ("SELECT 'a:b'",), ONE, ""),
        (source(f"first()\n{ALTER}"), ALTER, (), "SELECT 'a:b'", ""),
        (source(f"first()\n{ALTER}", way="forth()"), ALTER, (), ONE, ""),
        (source(f"first()\n{ALTER}", head="import alembic\n"), ALTER, (), ONE, ""),
        (source(f"first()\n{ALTER}\n{BACK}"), ALTER, (), ONE, BACK),
        (source(f"first()\n{MADE}"), MADE, (), "", ""),
        (source(f'name = "ix"\n{NAMED}'), NAMED, (), "", ""),
    ],
)
def test_a_call_stays(
    text: Source, call: str, put: tuple[str, ...], first: str, back: str, guarded: bool
) -> None:
    lists = ((first,) if first else (), (), ())
    stays = guarded and ("if ready" in text.text or BLOCK in text.text)  # for the others
    assert (moved(text, call, put, lists, back=back, guarded=guarded) is not None) is stays


def test_a_call_stays_where_no_revision_can_be_written() -> None:
    text = source(f"first()\n{ALTER}")
    template = "% if what:\n${upgrades}\n% endif\n"
    assert moved(text, ALTER, (), ((ONE,), (), ()), template=template) is None
    other = source(f"first()\n{ALTER}\n{INDEX}")
    unit: Plain = (*span_of(other, INDEX), (), (), (), (), (), "", "")
    told: dict[str, Plain] = {"title": "t", "message": "m", "children": (), **FOLLOW}
    assert asked("python_moves.into_revision", other, ALTER, moved=(unit,), **told) is None
    assert asked("python_moves.into_revision", other, INDEX, moved=(unit,), **told) is not None
    assert asked("python_moves.into_revision", other, INDEX, moved=(), **told) is None


def test_what_a_name_stands_for_is_imported() -> None:
    call = 'op.create_index("ix", "runs", [text("a")])'
    text = source(f"first()\n{call}", head=f"from sqlalchemy import text\nimport other\n{HEAD}")
    fix = moved(text, call, template=TEMPLATE)
    assert fix is not None
    assert "from sqlalchemy import text\n" in fix.creates[0].text
    assert "import other" not in fix.creates[0].text
    assert moved(text, call) is None  # the template has no place for it
    assert moved(source(f"first()\n{call}"), call, template=TEMPLATE) is None
