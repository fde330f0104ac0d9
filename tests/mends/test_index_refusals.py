"""What the mend of index statements refuses, leaves where it is, or says, asked for several of a revision."""

from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.mends.python_indexes import concurrently
from runcrew_lint.model.mend import Fix, Plain
from runcrew_lint.text import Source
from tests.mends.test_refusals import BLOCK, asked, made_of, source, span_of

IX = 'op.create_index("ix", "runs", ["a"])'
IY = 'op.create_index("iy", "runs", ["b"])'
DROP = 'op.drop_index("iz")'
BUILT = IX[:-1] + ", postgresql_concurrently=True)"
SAFELY = IX[:-1] + ", postgresql_concurrently=True, if_not_exists=True)"
CLEARED = 'op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)'
ALSO = IY[:-1] + ", postgresql_concurrently=True, if_not_exists=True)"
ALSO_CLEARED = CLEARED.replace("ix", "iy")


def fix_of(text: Source, *calls: str, before: str = "", own: int = 0, guarded: bool = False) -> Fix | None:
    """What is made of index statements, asked for by one of them."""
    places: Plain = tuple((*span_of(text, each), "") for each in calls)
    ahead: Plain = (*span_of(text, before), "") if before else ()
    return asked("python_indexes.together", text, calls[own], calls=places, before=ahead, guarded=guarded)


def made(upgrade: str, *calls: str, before: str = "", guarded: bool = False) -> str | None:
    """upgrade() with the fix made."""
    text = source(upgrade)
    fix = fix_of(text, *calls, before=before, guarded=guarded)
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]) if fix is not None else None


def block(*lines: str) -> str:
    return "".join(f"{each}\n" for each in (BLOCK, *(f"    {line}" for line in lines)))


def test_statements_share_a_block_where_they_stand_in_a_row() -> None:
    assert made(f"{IX}\n{IY}", IX, IY) == block(CLEARED, SAFELY, ALSO_CLEARED, ALSO)
    apart = f"{block(CLEARED, SAFELY)}other()\n{block(ALSO_CLEARED, ALSO)}"
    assert made(f"{IX}\nother()\n{IY}", IX, IY) == apart
    assert made(block(IX, IY), IX, IY) == block(CLEARED, SAFELY, ALSO_CLEARED, ALSO)


@pytest.mark.parametrize(
    ("above", "is_double"),
    [
        ('op.drop_index("ix", table_name="runs")', True),
        ('op.drop_index(op.f("ix"), table_name="runs")', True),
        ('op.drop_index(names.of("ix"), table_name="runs")', False),
        ('op.drop_index(named("ix"), table_name="runs")', False),
        ('op.drop_index(names.f(), table_name="runs")', False),
        ('op.drop_index("iy", table_name="runs")', False),
    ],
)
def test_an_index_that_is_dropped_right_above_is_dropped_once(above: str, is_double: bool) -> None:
    text = made(f"{above}\n{IX}", above, IX)
    assert text is not None
    assert text.count("drop_index") == 2 - is_double
    assert (made(f"{above}\nother()\n{IX}", above, IX) or "").count("drop_index") == 2


def test_a_drop_that_stands_twice_stands_twice() -> None:
    twice = f"{DROP}\n{DROP} "
    text = source(twice)
    first = span_of(text, DROP)
    second = first._replace(start=text.text.rindex(DROP), end=text.text.rindex(DROP) + len(DROP))
    calls: Plain = ((*first, ""), (*second, ""))
    fix = asked("python_indexes.together", text, DROP, calls=calls, before=())
    assert fix is not None
    assert made_of(fix, text).count("drop_index") == 2


@pytest.mark.parametrize(
    ("upgrade", "calls", "before", "guarded", "title"),
    [
        (block(BUILT), [BUILT], "", False, "drops the index first if it is there, so that its build can be"),
        (
            block('op.execute("CREATE INDEX CONCURRENTLY ix ON runs (a)")'),
            ['op.execute("CREATE INDEX CONCURRENTLY ix ON runs (a)")'],
            "",
            False,
            "drops the index first if it is there, so that its build can be",
        ),
        (block(IX), [IX], "", False, "builds the index CONCURRENTLY, outside the transaction"),
        (BUILT, [BUILT], "", False, "builds the index CONCURRENTLY, outside the transaction"),
        (block(BUILT, IY), [BUILT, IY], "", False, "runs 2 statements on indexes CONCURRENTLY, outside the"),
        (DROP, [DROP], "", False, "drops the index CONCURRENTLY, outside the transaction"),
        (
            f"first()\nother()\n{IX}",
            [IX],
            "first()",
            False,
            "builds the index CONCURRENTLY, outside the trans",
        ),
        (IX, [IX], "", True, "builds the index CONCURRENTLY, outside the transaction, on PostgreSQL"),
    ],
)
def test_the_title_says_what_is_done(
    upgrade: str, calls: list[str], before: str, guarded: bool, title: str
) -> None:
    fix = fix_of(source(upgrade), *calls, before=before, guarded=guarded)
    assert fix is not None
    assert fix.title.startswith(title)
    assert fix.title.endswith(", at the front of the revision") is bool(before)
    assert fix.title.endswith(", on PostgreSQL") is guarded


def test_what_is_done_already_is_no_fix() -> None:
    assert fix_of(source(block(CLEARED, SAFELY)), CLEARED, SAFELY) is None


def test_what_comes_behind_a_statement_that_stays_stays() -> None:
    kept = IX.replace('"ix"', "name()")
    assert made(f"{IY}\n{kept}\n{DROP}", IY, kept, DROP) == f"{block(ALSO_CLEARED, ALSO)}{kept}\n{DROP}\n"
    assert fix_of(source(f"{kept}\n{IY}"), kept, IY, own=1) is None


@pytest.mark.parametrize("where", ["with these() as those", "while ready"])
def test_an_index_of_another_statement_stays(where: str) -> None:
    for guarded in (False, True):
        assert fix_of(source(f"{where}:\n    {IX}"), IX, guarded=guarded) is None


def test_an_index_stays_where_it_can_not_be_parted_by_database() -> None:
    assert fix_of(source(f"sh{IX}"), f"sh{IX}", guarded=True) is None
    assert fix_of(source(block(IX)), IX, guarded=True) is None


def test_an_index_moves_to_the_front() -> None:
    assert (
        made(f"first()\nother()\n{IX}", IX, before="first()") == f"{block(CLEARED, SAFELY)}first()\nother()\n"
    )
    several = f"first()\nif ready:\n    {IY}\nother()\n{IX}"
    assert made(several, IX, IY, before="first()") == (
        f"{block(CLEARED, SAFELY)}first()\nif ready:\n    {IY}\nother()\n"
    )


@pytest.mark.parametrize(
    ("upgrade", "own", "before"),
    [
        (f"first()\nother()\nif ready:\n    {IX}", IX, "first()"),
        (f"first()\n{block(IX)}", IX, "first()"),
        (
            'columns = ["a"]\nother()\n' + IX.replace('["a"]', "columns"),
            IX.replace('["a"]', "columns"),
            'columns = ["a"]',
        ),
        (f"first(); second()\nother()\n{IX}", IX, "first()"),
        (f"{IX}\nfirst()", IX, "first()"),
        (f"{IX}\n# the first\nfirst()", IX, "first()"),
        (f"other()\n{IX}", IX, "from alembic"),
    ],
)
def test_an_index_does_not_move_to_the_front(upgrade: str, own: str, before: str) -> None:
    assert fix_of(source(f"{upgrade}\nlast()\n{DROP}"), own, DROP, before=before) is None


def test_only_what_a_new_revision_can_hold_is_taken_there() -> None:
    for upgrade in (block(IX), f"if ready:\n    {IX}", f"for each in every:\n    {IX}"):
        text = source(upgrade)
        assert concurrently(text, span_of(text, IX), "") is None
    text = source(IX)
    assert concurrently(text, span_of(text, IX), "") == [CLEARED, SAFELY]
    text = Source(text.path, text.text.replace("    ", "\t"))
    assert concurrently(text, span_of(text, IX), "") is None
