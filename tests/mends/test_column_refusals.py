"""What the mends of columns, names and downgrades refuse, beside what they make where they can."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from runcrew_lint.engine.mend import realise
from runcrew_lint.model.mend import Fix, MendRequest, Plain
from runcrew_lint.text import Place, Source
from tests.mends.test_refusals import HEAD, asked, made_of, source, span_of

# Defaults.
COLUMN = 'sa.Column("a", sa.Integer(), nullable=False)'
PLAIN = COLUMN.removeprefix("sa.")


def default_of(upgrade: str, call: str, default: str = "0", sql: bool = False) -> str | None:
    text = source(upgrade)
    fix = asked("python_columns.server_default", text, call, default=default, sql=sql)
    if fix is None:
        return None
    assert fix.title.endswith(f", {default or 'the empty text'}")
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]).strip()


@pytest.mark.parametrize(
    ("column", "default", "sql", "given"),
    [
        (COLUMN, "0", False, ', server_default="0")'),
        (COLUMN, "", False, ', server_default="")'),
        (COLUMN, "now()", True, ', server_default=sa.text("now()"))'),
        (PLAIN, "0", False, ', server_default="0")'),
    ],
)
def test_a_column_is_given_a_default(column: str, default: str, sql: bool, given: str) -> None:
    made = default_of(f'op.add_column("runs", {column})', column, default, sql)
    assert made == f'op.add_column("runs", {column[:-1]}{given})'


@pytest.mark.parametrize(
    ("column", "sql"),
    [
        ("sa.Integer()", False),
        ("made()", False),
        ("some(1)(2)", False),
        (PLAIN, True),
        ("db.sa.Column()", True),
        ('sa.Column("a", **those)', False),
        ('sa\n    .Column("a")', False),
    ],
)
def test_a_column_is_given_no_default(column: str, sql: bool) -> None:
    text = source(f'op.add_column("runs", {column})').text
    call = column if column in text else column.replace("\n", "\n    ")
    assert default_of(f'op.add_column("runs", {column})', call, sql=sql) is None


def test_a_column_of_a_helper_is_given_no_default() -> None:
    text = source("helper()", behind=f'\n\ndef helper():\n    op.add_column("runs", {COLUMN})\n')
    assert asked("python_columns.server_default", text, COLUMN, default="0", sql=False) is None


# Defaults that go at once.
def down(lines: str, *, ends: str = "\n") -> Source:
    """A revision whose downgrade() has these lines."""
    body = indent(dedent(lines).strip(), "    ")
    return Source("versions/r2.py", f"{HEAD}\n\ndef upgrade():\n    up()\n\n\ndef downgrade():\n{body}{ends}")


def filled(lines: str, call: str, column: str = COLUMN, *, schema: str = "", ends: str = "\n") -> str | None:
    text = down(lines, ends=ends)
    key: Plain = (*span_of(text, column), *span_of(text, call), "a", "runs", schema, "0", False)
    fix = asked("python_columns.filled", text, "up()", columns=(key,))
    return dedent(made_of(fix, text).partition("downgrade():\n")[2]) if fix is not None else None


ADD = f'op.add_column("runs", {COLUMN})'
GIVEN = ADD.replace("nullable=False", 'nullable=False, server_default="0"')
GONE = 'op.alter_column("runs", "a", server_default=None)'


def test_a_default_goes_at_once() -> None:
    assert filled(ADD, ADD) == f"{GIVEN}\n{GONE}\n"
    assert filled(ADD, ADD, ends="") == f"{GIVEN}\n{GONE}\n"
    assert filled(ADD, ADD, schema="x") == f'{GIVEN}\n{GONE[:-1]}, schema="x")\n'
    batch = f"batch.add_column({COLUMN})"
    made = filled(f'with op.batch_alter_table("runs") as batch:\n    {batch}', batch, schema="x")
    assert made is not None
    assert made.endswith('\n    batch.alter_column("a", server_default=None)\n')


@pytest.mark.parametrize(
    ("lines", "call", "column"),
    [
        (ADD.replace("op.", ""), ADD.replace("op.", ""), COLUMN),
        (f"alembic.{ADD}", f"alembic.{ADD}", COLUMN),
        (ADD.replace("add_column", "add"), ADD.replace("add_column", "add"), COLUMN),
        (f"first(); {ADD}", ADD, COLUMN),
        (f"{ADD}; last()", ADD, COLUMN),
        (
            ADD.replace("nullable=False", "**those"),
            ADD.replace("nullable=False", "**those"),
            COLUMN.replace("nullable=False", "**those"),
        ),
    ],
)
def test_a_default_does_not_go(lines: str, call: str, column: str) -> None:
    assert filled(lines, call, column) is None


def test_a_default_does_not_go_where_there_is_none() -> None:
    text = down(ADD)
    assert asked("python_columns.filled", text, "up()", columns=()) is None
    key: Plain = (*span_of(text, COLUMN), *span_of(text, "up()"), "a", "runs", "", "0", False)
    assert asked("python_columns.filled", text, "up()", columns=(key,)) is None


# Deprecations.
DROP = 'op.drop_column("runs", "a")'


def deprecated(upgrade: str, call: str, downgrade: str = ADD) -> str | None:
    behind = f"\n\ndef downgrade():\n{indent(downgrade, '    ')}\n" if downgrade else ""
    text = source(upgrade, behind=behind)
    told: dict[str, Plain] = {
        "table": "runs",
        "column": "a",
        "nullable": True,
        "required": False,
        "today": "2026-03-01",
    }
    fix = asked("python_columns.deprecated", text, call, **told)
    return made_of(fix, text) if fix is not None else None


def test_a_drop_becomes_a_deprecation() -> None:
    made = deprecated(DROP, DROP)
    assert made is not None
    assert '    op.alter_column("runs", "a", comment="deprecated: 2026-03-01")\n' in made
    assert '    op.alter_column("runs", "a", comment=None)\n' in made
    assert deprecated(DROP, DROP, f'print("a")\n{ADD}') is not None
    for said, kept in (('schema="x"', ', schema="x"'), ("schema=None", "")):
        call = f"{DROP[:-1]}, {said})"
        made = deprecated(call, call)
        assert made is not None
        assert f"comment=None{kept})" in made


@pytest.mark.parametrize(
    ("upgrade", "call", "downgrade"),
    [
        (f"for each in every:\n    {DROP}", DROP, ADD),
        ('op.drop_column(*["runs", "a"])', 'op.drop_column(*["runs", "a"])', ADD),
        (f"sh{DROP}", f"sh{DROP}", ADD),
        (DROP.replace("drop_column", "drop_it"), DROP.replace("drop_column", "drop_it"), ADD),
        (f"{DROP[:-1]}, if_exists=True)", f"{DROP[:-1]}, if_exists=True)", ADD),
        (f"{DROP[:-1]}, schema=name)", f"{DROP[:-1]}, schema=name)", ADD),
        ('op.drop_column("runs", name)', 'op.drop_column("runs", name)', ADD),
        (DROP, DROP, ""),
        (DROP, DROP, ADD.replace('"a"', '"b"')),
        (DROP, DROP, ADD.replace('"runs"', '"others"')),
        (DROP, DROP, ADD.replace("op.add_column", "op.add_it")),
        (DROP, DROP, f"{ADD}\n{ADD}"),
        (DROP, DROP, f"for each in every:\n    {ADD}"),
    ],
)
def test_a_drop_stays(upgrade: str, call: str, downgrade: str) -> None:
    assert deprecated(upgrade, call, downgrade) is None


# Names.
KEY = 'op.create_unique_constraint(None, "runs", ["a"])'


def named(call: str, name: str = "runs_a_key") -> str | None:
    text = source(call)
    fix = asked("python_columns.named", text, call, name=name)
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]).strip() if fix is not None else None


@pytest.mark.parametrize(
    ("call", "made"),
    [
        (KEY, KEY.replace("None", '"runs_a_key"')),
        (KEY.replace('"', "'"), KEY.replace('"', "'").replace("None", "'runs_a_key'")),
        (f"{KEY[:-1]}, schema=None)", f"{KEY[:-1]}, schema=None)".replace("None", '"runs_a_key"', 1)),
        ('op.create(constraint_name=None, t="runs")', 'op.create(constraint_name="runs_a_key", t="runs")'),
    ],
)
def test_a_constraint_is_named(call: str, made: str) -> None:
    assert named(call) == made


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (KEY, "it's"),
        (KEY, 'a "name"'),
        (KEY.replace("None", '"key"'), "runs_a_key"),
        (KEY.replace("None", "name"), "runs_a_key"),
        ("op.create(None, constraint_name=None)", "runs_a_key"),
        ("op.create()", "runs_a_key"),
    ],
)
def test_a_constraint_is_not_named(call: str, name: str) -> None:
    assert named(call, name) is None


def test_drops_are_named_together_or_not_at_all() -> None:
    one, two = 'op.drop_constraint(None, "runs")', 'op.drop_constraint(None, "crews")'
    text = down(f"{one}\n{two}")
    calls: Plain = tuple((*span_of(text, each), "key") for each in (one, two))
    for count, said in ((1, "drops the constraint by"), (2, "drops 2 constraints by")):
        fix = asked(
            "python_columns.dropped_by_name",
            text,
            "up()",
            calls=calls[:count] if isinstance(calls, tuple) else (),
        )
        assert fix is not None
        assert fix.title.startswith(said)
        assert len(fix.edits) == count
    refused: Plain = ((*span_of(text, one), "key"), (*span_of(text, two), "it's"))
    assert asked("python_columns.dropped_by_name", text, "up()", calls=refused) is None


# Parents.
PARENT = 'down_revision = "r1"'


def reparented(head: str, parent: str = PARENT) -> str | None:
    text = Source("versions/r2.py", f"{head}\n{parent}\n# Revises: r1\n")
    fix = asked("python_columns.reparented", text, parent, parent="r0", was="r1")
    return made_of(fix, text) if fix is not None else None


@pytest.mark.parametrize(
    ("head", "made"),
    [
        ('"""m\n\nRevises: r1\n"""', '"""m\n\nRevises: r0\n"""'),
        ('"""m\n\nRevises: r12\n"""', '"""m\n\nRevises: r12\n"""'),
        ('"""m"""', '"""m"""'),
    ],
)
def test_a_revision_is_put_behind_another(head: str, made: str) -> None:
    assert reparented(head) == f'{made}\ndown_revision = "r0"\n# Revises: r1\n'


@pytest.mark.parametrize(
    "parent",
    [
        'down_revision = ("r1",)',
        'down_revision = "r9"',
        'down_revision = "r" "1"',
        "down_revision = r1",
        'x["r1"]',
    ],
)
def test_a_revision_stays_where_it_is(parent: str) -> None:
    assert reparented('"""m"""', parent) is None


# The mirror of upgrade().
CALL: Plain = ("drop_column", ("runs", "a"), (), False)
BACK = 'op.drop_column("runs", "a")'
UP = "def upgrade():\n    up()\n"


def mirrored(mend: str, body: str, *calls: Plain, head: str = HEAD) -> str | None:
    """What a module is then."""
    text = Source("versions/r2.py", f"{head}\n\n{body}")
    place = Place(text.path, span_of(text, "\n\n"))
    fix: Fix | None = realise(
        MendRequest(f"python_mirror.{mend}", place, (("calls", calls or (CALL,)),)), text
    )
    return made_of(fix, text).partition(f"{head}\n\n")[2] if fix is not None else None


def back(lines: str, *, args: str = "") -> str:
    return f"{UP}\n\ndef downgrade({args}):\n{indent(lines, '    ')}\n"


def test_a_downgrade_is_written_or_completed() -> None:
    assert mirrored("written", back("pass")) == back(BACK)
    assert mirrored("written", UP) == back(BACK)
    assert mirrored("written", UP.removesuffix("\n")) == back(BACK)
    assert (
        mirrored("written", f"{UP}    # why\n\nx = 1\n")
        == f"{UP}    # why\n\n\ndef downgrade():\n    {BACK}\n\nx = 1\n"
    )
    assert mirrored("written", back("# ### commands ###\npass\n# ### end ###")) == back(
        f"# ### commands ###\n{BACK}\n# ### end ###"
    )
    assert mirrored("completed", back("first()")) == back(f"first()\n{BACK}")
    assert mirrored("completed", back("first()").removesuffix("\n")) == back(f"first()\n{BACK}")
    given = "op, engine"
    assert mirrored("completed", back("first()", args=given), head="") == back(f"first()\n{BACK}", args=given)


def test_what_goes_back_is_written_as_it_is_called() -> None:
    odd: Plain = ("drop_column", ('a"b', "c\\d"), (("schema", "x"),), False)
    assert mirrored("written", back("pass"), odd) == back("op.drop_column('a\"b', 'c\\\\d', schema=\"x\")")
    inside: Plain = ("drop_index", ("ix",), (), True)
    made = mirrored("written", back("pass"), CALL, inside, inside, CALL)
    drop = '    op.drop_index("ix")'
    block = "with op.get_context().autocommit_block():"
    assert made == back("\n".join([BACK, block, drop, drop, BACK]))
    for count, said in ((1, "adds the one step that it has"), (2, "adds what it has missed to")):
        text = Source("versions/r2.py", f"{HEAD}\n\n{back('first()')}")
        fix = asked("python_mirror.completed", text, "up()", calls=(CALL,) * count)
        assert fix is not None
        assert fix.title.startswith(said)


@pytest.mark.parametrize(
    ("mend", "body", "head"),
    [
        ("written", "x = 1\n", HEAD),
        ("written", back("first()"), HEAD),
        ("written", back("# nothing: the rows are gone\npass"), HEAD),
        ("written", back("pass  # nothing"), HEAD),
        ("written", back("pass\n# nothing"), HEAD),
        ("written", back("pass\npass"), HEAD),
        ("written", f"{UP}\n\ndef downgrade(): pass\n", HEAD),
        ("written", back("pass").replace("up()", "if op.get_bind().dialect.name: up()"), HEAD),
        ("written", back("pass"), "import alembic\n"),
        ("completed", UP, HEAD),
        ("completed", back("return"), HEAD),
        ("completed", back("if ready:\n    raise Error\nfirst()"), HEAD),
        ("completed", f"{UP}\n\ndef downgrade(): first()\n", HEAD),
        ("completed", back("first(); second()") + "    ;", HEAD),
        ("completed", back("first()").replace("up()", "if op.get_bind().dialect.name: up()"), HEAD),
        ("completed", back("first()"), "import alembic\n"),
    ],
)
def test_a_downgrade_stays_as_it_is(mend: str, body: str, head: str) -> None:
    if body.endswith(";"):
        body = body.replace("first(); second()\n    ;", "first();\n")
    assert mirrored(mend, body, head=head) is None


@pytest.mark.parametrize("mend", ["written", "completed"])
def test_no_downgrade_is_made_of_what_can_not_be_written(mend: str) -> None:
    body = back("pass" if mend == "written" else "first()")
    assert mirrored(mend, body, ("execute", ("SELECT 'a:b'",), (), False)) is None
    text = Source("versions/r2.py", f"{HEAD}\n\n{body}")
    place = Place(text.path, span_of(text, "up()"))
    assert realise(MendRequest(f"python_mirror.{mend}", place, (("calls", ()),)), text) is None
