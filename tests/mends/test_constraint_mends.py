"""NOT VALID with its VALIDATE in a revision of its own, and timeouts set before a function's statements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.engine.run import Request
from runcrew_lint.mends.python_call import with_arguments
from runcrew_lint.model.mend import Fix, MendRequest, Safety
from runcrew_lint.text import Place, Source
from tests.mends.test_moves import START
from tests.mends.two_revisions import lay_out, revision
from tests.migrations.reading import read, source_of

FOLLOW = (
    ("head", "r9"),
    ("id", ""),
    ("folder", "versions"),
    ("template", ""),
    ("file_template", ""),
    ("today", "2026-03-01"),
)


def fix_of(source: Source, autocommit: bool = True) -> Fix | None:
    keys = tuple(
        (*each.call, *each.span, each.name, str(each.table))
        for each in read(source).upgrade
        if each.kind is Kind.ADD_CONSTRAINT
    )
    place = Place(source.path, read(source).upgrade[0].call)
    arguments = (("keys", keys), *FOLLOW, ("autocommit", autocommit))
    return realise(MendRequest("python_constraints.not_valid", place, arguments), source)


CASES = {
    "op.create_foreign_key": (
        'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])  # why',
        'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"], postgresql_not_valid=True)  # why',
    ),
    "in a batch, exploded, said to be valid": (
        """
        with op.batch_alter_table("runs") as batch_op:
            batch_op.create_foreign_key(
                "fk",  # name
                "crews",
                ["crew_id"],
                ["id"],
                postgresql_not_valid=False,
            )
        """,
        """
        with op.batch_alter_table("runs") as batch_op:
            batch_op.create_foreign_key(
                "fk",  # name
                "crews",
                ["crew_id"],
                ["id"],
                postgresql_not_valid=True,
            )
        """,
    ),
    "op.create_check_constraint": (
        "op.create_check_constraint('ck', 'runs', sa.column('a') > 0)",
        "op.create_check_constraint('ck', 'runs', sa.column('a') > 0, postgresql_not_valid=True)",
    ),
    "in SQL": (
        """
        op.execute('''
            alter table runs add constraint fk foreign key (a, b)
                references crews (a, b) on delete cascade;
        ''')
        """,
        """
        op.execute('''
            alter table runs add constraint fk foreign key (a, b)
                references crews (a, b) on delete cascade not valid;
        ''')
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_constraint_is_added_not_valid(name: str) -> None:
    before, after = CASES[name]
    source = source_of(before)
    fix = fix_of(source)
    assert fix is not None and fix.safety is Safety.SAFE
    assert apply(source.text, [fix], source.path)[0] == source_of(after).text
    (new,) = fix.creates
    assert new.path in fix.title
    validated = read(Source(new.path, new.text))
    assert validated.down_revisions == ("r9",)
    (operation,) = validated.upgrade
    (added,) = read(source_of(after)).upgrade
    assert operation.kind is Kind.VALIDATE_CONSTRAINT
    assert (operation.name, operation.table) == (added.name, added.table)
    assert not added.constraints[0].valid


def test_findings_of_one_revision_share_their_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asks for the edits of all: made anew each time, 86 constraints took 7,000 of them."""
    called: list[object] = []

    def noted(tree: Any, arguments: dict[str, str]) -> Any:
        called.append(tree)
        return with_arguments(tree, arguments)

    monkeypatch.setattr("runcrew_lint.mends.python_constraints.with_arguments", noted)
    keys = [f'op.create_foreign_key("fk{n}", "runs", "crews", ["c{n}"], ["id"])' for n in range(4)]
    source = source_of("\n".join(keys))
    fixes = [fix_of(source) for _ in keys]
    assert fixes[0] and all(fix == fixes[0] for fix in fixes)
    assert len(called) == len(keys)


def test_several_constraints_share_one_revision() -> None:
    source = source_of(
        'op.create_foreign_key("a", "runs", "crews", ["b"], ["id"])\n'
        'op.execute("ALTER TABLE laps ADD CONSTRAINT c CHECK (d > 0)")'
    )
    fix = fix_of(source, autocommit=False)
    assert fix is not None and len(fix.edits) == 2
    (new,) = fix.creates
    assert "autocommit" not in new.text
    assert new.text.count("VALIDATE") == 2
    assert new.path.endswith("_validate_2_constraints.py")


@pytest.mark.parametrize(
    "upgrade",
    [
        'op.create_foreign_key("a", "runs", "crews", ["b"], ["id"], **{"ondelete": "CASCADE"})',
        'op.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD d int")',
        'op.execute("SELECT 1; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD COLUMN d int")',
        'op.execute("ALTER TABLE t ADD CONSTRAINT c " "CHECK (a > 0)")',
        'op.get_bind().execute(sa.text("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"))',
    ],
)
def test_what_can_not_be_exact_is_refused(upgrade: str) -> None:
    assert fix_of(source_of(upgrade)) is None


def timed(source: Source, at: int = 0) -> str | None:
    place = Place(source.path, read(source).upgrade[at].span)
    arguments = (("function", "upgrade"), ("setting", "lock_timeout"), ("value", "4s"))
    fix = realise(MendRequest("python_session.set_local", place, arguments), source)
    return apply(source.text, [fix], source.path)[0] if fix is not None else None


SET = "op.execute(\"SET LOCAL lock_timeout = '4s'\")"


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ('op.drop_table("a")', 0, f'{SET}\nop.drop_table("a")'),
        ("# first\nx = 1\nop.drop_table('a')", 0, f"{SET}\n# first\nx = 1\nop.drop_table('a')"),
        ("'''says'''\n\nop.drop_table('a')", 0, f"'''says'''\n\n{SET}\nop.drop_table('a')"),
        ("if x:\n    op.drop_table('a')", 0, f"{SET}\nif x:\n    op.drop_table('a')"),
        (
            "op.drop_table('a')\nwith op.get_context().autocommit_block():\n    op.drop_table('b')\n"
            "y = 2\nop.drop_table('c')",
            2,
            "op.drop_table('a')\nwith op.get_context().autocommit_block():\n    op.drop_table('b')\n"
            f"{SET}\ny = 2\nop.drop_table('c')",
        ),
    ],
)
def test_a_timeout_is_set_first(before: str, at: int, after: str) -> None:
    assert timed(source_of(before), at) == source_of(after).text


@pytest.mark.parametrize(
    ("upgrade", "before"),
    [
        ("with op.get_context().autocommit_block():\n    op.drop_table('b')", ""),
        ("help()", "def help():\n    op.drop_table('a')"),
        ("x = 1; op.drop_table('a')", ""),
    ],
)
def test_a_timeout_that_would_not_hold_is_not_set(upgrade: str, before: str) -> None:
    assert timed(source_of(upgrade, before)) is None


def test_the_title_counts_those_that_a_later_revision_drops() -> None:
    sent = [f'op.create_check_constraint("ck_{at}", "runs", "a > 0")' for at in range(3)]
    source = source_of("\n".join(sent))
    operations = read(source).upgrade
    for kept, said in ((1, "validates ck_0 in"), (2, "validates 2 of them in"), (3, "validates in")):
        keys = tuple(
            (*each.call, *each.span, each.constraints[0].name if at < kept else "", str(each.table))
            for at, each in enumerate(operations)
        )
        place = Place(source.path, operations[0].call)
        told = (("keys", keys), *FOLLOW, ("autocommit", True))
        fix = realise(MendRequest("python_constraints.not_valid", place, told), source)
        assert fix is not None and fix.title.startswith(f"adds 3 constraints NOT VALID, and {said} a new")


LOOP = (
    'for table in ("runs", "{}"):\n    op.create_foreign_key(f"{{table}}_fk", table, "runs", ["id"], ["id"])'
)
TWICE = 'op.create_foreign_key({}, "runs", "laps", ["id"], ["id"])\n'


@pytest.mark.parametrize(
    ("upgrade", "valid"),
    [
        (LOOP.format("laps"), 2),
        ('op.create_table("legs", sa.Column("id", sa.BigInteger()))\n' + LOOP.format("legs"), 0),
        (LOOP.format("laps").replace("    op", "    if given:\n        op"), 0),
        (TWICE.format('"one"'), 1),
        # Which of the two has the name that the server picks can't be told.
        (TWICE.format('"one"') + TWICE.format("None"), 1),
    ],
)
def test_each_that_is_added_not_valid_is_validated(tmp_path: Path, upgrade: str, valid: int) -> None:
    start = START.replace("UNIQUE (note))", "UNIQUE (note)); CREATE TABLE laps (id bigint PRIMARY KEY)")
    lay_out(tmp_path, start, revision(upgrade, "raise NotImplementedError"))
    rules = ("foreign-key-without-not-valid",)
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=False)
    texts = "".join(content.decode() for content in made.contents.values())
    assert texts.count("VALIDATE CONSTRAINT") == valid
    assert texts.count("postgresql_not_valid") == min(valid, 1)
