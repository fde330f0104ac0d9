"""What each mend of revisions refuses, beside what it makes of the same request where it can."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from runcrew_lint.engine.mend import applied, realise
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Fix, MendRequest, Plain
from runcrew_lint.text import Place, Source, Span

HEAD = 'from alembic import op\n\nrevision = "r2"\ndown_revision = "r1"\n'
FOLLOW = {
    "head": "r2",
    "id": "",
    "folder": "versions",
    "template": "",
    "file_template": "",
    "today": "2026-03-01",
}
RUN_ANYWHERE = 'if op.get_context().dialect.name == "postgresql":'
BLOCK = "with op.get_context().autocommit_block():"


def source(upgrade: str, *, head: str = HEAD, way: str = "upgrade()", behind: str = "") -> Source:
    """A revision whose upgrade() has these lines."""
    body = indent(dedent(upgrade).strip(), "    ")
    return Source("versions/r2.py", f"{head}\n\ndef {way}:\n{body}\n{behind}")


def span_of(text: Source, call: str) -> Span:
    """Where a call stands."""
    start = text.text.index(call)
    return Span(start, start + len(call))


def asked(mend: str, text: Source, call: str, **arguments: Plain) -> Fix | None:
    """What a mend makes of a request on a call."""
    place = Place(text.path, span_of(text, call))
    return realise(MendRequest(mend, place, tuple(arguments.items())), text)


def made_of(fix: Fix, text: Source) -> str:
    """The revision with the fix made."""
    return applied(text.text, fix.edits)


def within(call: str) -> dict[str, str]:
    """The same call where it stands in something."""
    return {
        "if": f"if ready:\n    {call}",
        "for": f"for each in every:\n    {call}",
        "with": f"with these() as those:\n    {call}",
        "try": f"try:\n    {call}\nfinally:\n    done()",
        "block": f"{BLOCK}\n    {call}",
    }


# NOT VALID.
KEY = 'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])'


def not_valid(
    text: Source, call: str, name: str = "fk", statement: str = "", twice: bool = False, **more: Plain
) -> Fix | None:
    key = (*span_of(text, call), *span_of(text, statement or call), name, "runs")
    arguments = {"keys": (key, key) if twice else (key,), **FOLLOW, "autocommit": False, **more}
    return asked("python_constraints.not_valid", text, call, **arguments)


def test_a_constraint_is_validated_where_it_stays() -> None:
    fix = not_valid(source(KEY), KEY)
    assert fix is not None
    assert fix.edits[0].text == KEY[:-1] + ", postgresql_not_valid=True)"
    assert '    op.execute("ALTER TABLE runs VALIDATE CONSTRAINT fk")\n' in fix.creates[0].text
    guarded = not_valid(source(KEY), KEY, guarded=True)
    assert guarded is not None
    assert f'    {RUN_ANYWHERE}\n        op.execute("ALTER TABLE runs VAL' in guarded.creates[0].text


@pytest.mark.parametrize(("twice", "told"), [(False, "adds the constraint NOT VALID"), (True, "adds 2 con")])
def test_a_constraint_that_goes_again_is_never_validated(twice: bool, told: str) -> None:
    fix = not_valid(source(KEY), KEY, name="", twice=twice)
    assert fix is not None
    assert len(fix.edits) == 1
    assert not fix.creates
    assert fix.title.startswith(told)


def test_a_constraint_of_the_module_itself_is_added_not_valid() -> None:
    text = source(f"alembic.{KEY}", head=HEAD.replace("from alembic import op", "import alembic.op"))
    assert not_valid(text, f"alembic.{KEY}") is not None


SENT = "ALTER TABLE runs ADD CONSTRAINT fk CHECK (a > 0)"


@pytest.mark.parametrize(
    ("upgrade", "call", "statement"),
    [
        ("pass", KEY, ""),  # in a helper
        ("other = 1\n" + KEY.removeprefix("op."), KEY.removeprefix("op."), ""),
        ('op.add_column("runs", column)', 'op.add_column("runs", column)', ""),
        (f"(\n    op\n    .{KEY[3:]}\n)", f"op\n        .{KEY[3:]}", ""),
        ('op.execute("CREATE TABLE runs (a int CHECK (a > 0))")', "op.execute", "CREATE TABLE"),
        (f'for each in every:\n    op.execute("{SENT}")', f'op.execute("{SENT}")', SENT),
    ],
)
def test_a_constraint_stays_as_it_is(upgrade: str, call: str, statement: str) -> None:
    helper = f"\n\ndef helper():\n    {KEY}\n" if upgrade == "pass" else ""
    text = source(upgrade, behind=helper)
    if call == "op.execute":
        call, statement = upgrade, upgrade[12:-2]
    assert not_valid(text, call, statement=statement) is None


def test_sql_is_added_not_valid() -> None:
    fix = not_valid(source(f'op.execute("{SENT}")'), f'op.execute("{SENT}")', statement=SENT)
    assert fix is not None
    assert [each.text for each in fix.edits] == [" NOT VALID"]
    both = f"ALTER TABLE runs ADD a int; {SENT}"
    fix = not_valid(source(f'op.execute("{both}")'), f'op.execute("{both}")', statement=SENT)
    assert fix is not None
    assert made_of(fix, source(f'op.execute("{both}")')).endswith(f'{both} NOT VALID")\n')


@pytest.mark.parametrize(("name", "template"), [("a:b", ""), ("fk", "% if what:\n${upgrades}\n% endif\n")])
def test_no_constraint_is_added_not_valid_that_could_not_be_validated(name: str, template: str) -> None:
    assert not_valid(source(KEY), KEY, name=name, template=template) is None


# Steps.
COLUMN = 'op.alter_column("runs", "a", nullable=False)'
STEPS = (("plain", "SELECT 1"), ("block", "SELECT 2"), ("kept", ""))


def in_steps(text: Source, call: str, **more: Plain) -> Fix | None:
    told: dict[str, Plain] = {"title": "t", "safety": "unsafe", "steps": STEPS, **more}
    return asked("python_steps.in_steps", text, call, **told)


def test_steps_take_a_statements_place() -> None:
    text = source(COLUMN)
    fix = in_steps(text, COLUMN)
    assert fix is not None
    assert made_of(fix, text).partition("upgrade():\n")[2] == indent(
        f'op.execute("SELECT 1")\n{BLOCK}\n    op.execute("SELECT 2")\n{COLUMN}\n', "    "
    )


@pytest.mark.parametrize("where", ["for", "with", "try", "block"])
@pytest.mark.parametrize("guarded", [False, True])
def test_no_steps_but_of_a_statement_in_its_function(where: str, guarded: bool) -> None:
    assert in_steps(source(within(COLUMN)[where]), COLUMN, guarded=guarded) is None
    assert in_steps(source(within(COLUMN)["if"]), COLUMN, guarded=guarded) is not None


def test_no_steps_of_another_receiver_or_with_an_escape() -> None:
    assert in_steps(source(f"sh{COLUMN}"), f"sh{COLUMN}") is None
    assert in_steps(source(COLUMN), COLUMN, steps=(("plain", "SELECT 'a:b'"),)) is None


def test_what_asks_for_postgresql_is_not_asked_again() -> None:
    text = source(f"{RUN_ANYWHERE}\n    {COLUMN}")
    fix = in_steps(text, COLUMN, guarded=True)
    assert fix is not None
    assert made_of(fix, text).count("postgresql") == 1


# Swaps.
UNIQUE = 'op.create_unique_constraint("key", "runs", ["a"])'
INDEX = 'op.create_index("ix", "runs", ["a"])'
FIRST = 'op.drop_constraint("key", "runs")\n'
BUILD: Plain = ("CREATE UNIQUE INDEX CONCURRENTLY key_new ON runs (a)",)
TAKE: Plain = ("ALTER TABLE runs ADD CONSTRAINT key UNIQUE USING INDEX key_new",)


def built_first(upgrade: str, call: str = UNIQUE, block: Plain = BUILD, put: Plain = TAKE) -> Fix | None:
    return asked("python_swaps.built_first", source(upgrade), call, name="key_new", block=block, put=put)


def test_an_index_is_built_first() -> None:
    assert built_first(FIRST + UNIQUE) is not None
    assert built_first(FIRST + INDEX, INDEX, (), ()) is not None


@pytest.mark.parametrize("where", ["if", "for", "with", "try", "block"])
def test_no_index_is_built_first_but_of_a_statement_in_its_function(where: str) -> None:
    assert built_first(FIRST + within(UNIQUE)[where]) is None


@pytest.mark.parametrize(
    ("upgrade", "call", "block", "put"),
    [
        (f"{FIRST}sh{UNIQUE}", f"sh{UNIQUE}", BUILD, TAKE),
        (FIRST + UNIQUE, UNIQUE, ("CREATE INDEX a:b",), TAKE),
        (FIRST + UNIQUE, UNIQUE, BUILD, ("ALTER TABLE a:b",)),
        (FIRST + UNIQUE, UNIQUE, (), TAKE),  # it is no index itself
        (
            f'rows = ["a"]\n{FIRST}' + UNIQUE.replace('["a"]', "rows"),
            UNIQUE.replace('["a"]', "rows"),
            BUILD,
            TAKE,
        ),
        (INDEX, INDEX, (), ()),  # it stands in front already
    ],
)
def test_an_index_is_not_built_first(upgrade: str, call: str, block: Plain, put: Plain) -> None:
    assert built_first(upgrade, call, block, put) is None


# Timeouts.
ALTER = 'op.execute("ALTER TABLE runs ADD a int")'


def set_local(text: Source, call: str = ALTER, function: str = "upgrade", **more: Plain) -> str | None:
    """What a function is then; None where the timeout is not set."""
    arguments = {"function": function, "setting": "lock_timeout", "value": "4s", **more}
    fix = asked("python_session.set_local", text, call, **arguments)
    return dedent(made_of(fix, text).partition(f"{function}():\n")[2]) if fix is not None else None


LIMIT = "op.execute(\"SET LOCAL lock_timeout = '4s'\")\n"


@pytest.mark.parametrize(
    ("upgrade", "made"),
    [
        (ALTER, f"{LIMIT}{ALTER}\n"),
        (f'"""Why."""\n{ALTER}', f'"""Why."""\n{LIMIT}{ALTER}\n'),
        (f"...\n{ALTER}", f"{LIMIT}...\n{ALTER}\n"),
        (f"{within('a()')['block']}\n{ALTER}", f"{within('a()')['block']}\n{LIMIT}{ALTER}\n"),
        (f"{within('a()')['with']}\n{ALTER}", f"{LIMIT}{within('a()')['with']}\n{ALTER}\n"),
        # A branch is run once: what holds before its block holds for what stands before that.
        (
            f"if ready:\n    {ALTER}\n    {BLOCK}\n        a()",
            "".join((LIMIT, f"if ready:\n    {ALTER}\n    {BLOCK}\n        a()\n")),
        ),
    ],
)
def test_a_timeout_is_set(upgrade: str, made: str) -> None:
    assert set_local(source(upgrade)) == made


def test_a_timeout_is_set_by_the_modules_own_name() -> None:
    for head in ("import alembic.op as op\n", "from alembic import context, op\n"):
        assert set_local(source(ALTER, head=head)) == f"{LIMIT}{ALTER}\n"
    shown = set_local(
        source(ALTER.replace("op.", "do."), head="from alembic import op as do\n"), "do.execute"
    )
    assert shown == f"{LIMIT}{ALTER}\n".replace("op.", "do.")


def test_a_timeout_is_set_behind_a_call_and_for_one_database() -> None:
    text = source(f"first()\nsecond()\n{ALTER}")
    behind: Plain = tuple(span_of(text, "first()"))
    assert set_local(text, behind=behind) == f"first()\n{LIMIT}second()\n{ALTER}\n"
    assert set_local(source(ALTER), guarded=True) == f"{RUN_ANYWHERE}\n    {LIMIT}{ALTER}\n"


@pytest.mark.parametrize(
    "text",
    [
        source(ALTER, head="import alembic.op\n"),
        source(ALTER, head="from other import op\n"),
        source(ALTER, head="from .alembic import op\n"),
        source(ALTER, head="import other.op as op\n"),
        source(ALTER, head=f"from alembic import op as other\n{HEAD}"),
        Source("versions/r2.py", f"{HEAD}\n\ndef upgrade(): {ALTER}\n"),
        source(f"{ALTER}; done()"),
        source(f"{BLOCK}\n    {ALTER}"),
        source(f"if ready:\n    {BLOCK}\n        a()\n    {ALTER}"),
        source(f"for each in every:\n    {ALTER}\n    {BLOCK}\n        a()"),
        source("pass", behind=f"\n\ndef helper():\n    {ALTER}\n"),
    ],
)
def test_no_timeout_is_set(text: Source) -> None:
    assert set_local(text) is None


def test_no_timeout_is_set_in_a_function_that_there_is_not() -> None:
    assert set_local(source(ALTER), function="downgrade") is None


# A revision that follows.
def in_block(up: str = "SELECT 1", down: str = "SELECT 2", template: str = "") -> Fix | None:
    told: dict[str, Plain] = {
        "title": "writes {path}",
        "safety": "unsafe",
        "message": "m",
        "up": (up,),
        "down": (down,),
    }
    return asked("python_follow.in_block", source(ALTER), ALTER, **told, **FOLLOW | {"template": template})


def test_a_revision_follows_or_none_does() -> None:
    fix = in_block()
    assert fix is not None
    assert not fix.edits
    assert fix.title == f"writes {fix.creates[0].path}"
    assert in_block(up="SELECT 'a:b'") is None
    assert in_block(down="SELECT 'a:b'") is None
    assert in_block(template="% if what:\n${upgrades}\n% endif\n") is None


# Enums.
MAKE = 'op.execute("ALTER TYPE mood RENAME TO mood_old")'
DROP = 'op.execute("DROP TYPE mood_old")'


def extended(text: Source, calls: tuple[str, ...] = (MAKE, DROP), adds: int = 1, **more: Plain) -> str | None:
    spans: Plain = tuple(tuple(span_of(text, each)) for each in calls)
    sent: Plain = tuple(f"ALTER TYPE mood ADD VALUE IF NOT EXISTS '{at}'" for at in range(adds))
    fix = asked("python_enums.extended", text, calls[0], calls=spans, statements=sent, **more)
    if fix is None:
        return None
    assert ("the label" if adds == 1 else f"{adds} labels") in fix.title
    return made_of(fix, text).partition("upgrade():\n")[2]


def added(unit: str, count: int = 1) -> str:
    lines = (
        f"{unit * 2}op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS '{at}'\")\n" for at in range(count)
    )
    return f"{unit}{BLOCK}\n{''.join(lines)}"


def test_labels_are_added() -> None:
    first = "    first()\n"
    assert extended(source(f"first()\n{MAKE}\n{DROP}")) == first + added("    ")
    assert extended(source(f"first()\n{MAKE}\n{DROP}"), adds=2) == first + added("    ", 2)
    assert extended(source(f"first()\n{MAKE}\nbetween()\n{DROP}")) == f"{first}{added('    ')}    between()\n"
    narrow = source(f"first()\n{MAKE}\n{DROP}")
    narrow = Source(narrow.path, narrow.text.replace("    ", "  "))
    assert extended(narrow) == "  first()\n" + added("  ")


def test_labels_are_added_in_a_branch() -> None:
    made = extended(source(f"if ready:\n    {MAKE}\n{DROP}\nlast()"))
    assert made == f"    if ready:\n{indent(added('    '), '    ')}    last()\n"


def test_labels_are_asked_for_once() -> None:
    for upgrade in (f"{MAKE}\n{DROP}", f"{RUN_ANYWHERE}\n    {MAKE}\n    {DROP}"):
        made = extended(source(upgrade), guarded=True)
        assert made is not None
        assert made.count("postgresql") == 1


@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        source(f"for each in every:\n    {MAKE}\n    {DROP}"),
        source(f'"""In one transaction."""\n{MAKE}\n{DROP}'),
        source(f"{MAKE}\n# they commit together\n{DROP}"),
        source(f"{MAKE}\n{DROP}", head="import alembic\n"),
        source(f"{MAKE}\n{DROP}", way="forth()"),
        Source("versions/r2.py", f"{HEAD}\n\ndef upgrade(): {MAKE}; {DROP}\n"),
    ],
)
def test_no_labels_are_added(text: Source, guarded: bool) -> None:
    assert extended(text, guarded=guarded) is None


def test_no_labels_are_added_that_need_an_escape() -> None:
    text = source(f"{MAKE}\n{DROP}")
    spans: Plain = tuple(tuple(span_of(text, each)) for each in (MAKE, DROP))
    sent: Plain = ("ALTER TYPE mood ADD VALUE 'a:b'",)
    assert asked("python_enums.extended", text, MAKE, calls=spans, statements=sent) is None


# SQL on indexes.
def together(call: str, upgrade: str = "", name: str = "", **more: Plain) -> str | None:
    text = source(upgrade or call)
    calls: Plain = ((*span_of(text, call), name),)
    fix = asked("python_indexes.together", text, call, **{"calls": calls, "before": (), **more})
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]) if fix is not None else None


@pytest.mark.parametrize(
    ("sql", "made"),
    [
        (
            "CREATE INDEX ix ON runs (a)",
            [
                "DROP INDEX CONCURRENTLY IF EXISTS ix",
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON runs (a)",
            ],
        ),
        (
            "create unique index ix on only x.runs (a)",
            [
                "drop index concurrently if exists x.ix",
                "create unique index concurrently if not exists ix on only x.runs (a)",
            ],
        ),
        ("DROP INDEX ix", ["DROP INDEX CONCURRENTLY IF EXISTS ix"]),
        ("DROP INDEX IF EXISTS ix", ["DROP INDEX CONCURRENTLY IF EXISTS ix"]),
        ("DROP INDEX CONCURRENTLY ix", ["DROP INDEX CONCURRENTLY IF EXISTS ix"]),
        ("REINDEX INDEX ix", ["REINDEX INDEX CONCURRENTLY ix"]),
        ("REINDEX (VERBOSE) TABLE runs", ["REINDEX (VERBOSE) TABLE CONCURRENTLY runs"]),
    ],
)
def test_sql_on_indexes(sql: str, made: list[str]) -> None:
    lines = "".join(f'    op.execute("{each}")\n' for each in made)
    assert together(f'op.execute("{sql}")') == f"{BLOCK}\n{lines}"


def test_sql_on_an_index_by_the_name_of_a_keyword() -> None:
    made = together("op.execute('DROP INDEX \"cascade\"')")
    assert made == f"{BLOCK}\n    op.execute('DROP INDEX CONCURRENTLY IF EXISTS \"cascade\"')\n"


@pytest.mark.parametrize(
    "call",
    [
        'op.execute("CREATE INDEX ON runs (a)")',
        'op.execute("CREATE INDEX ix ON (a)")',
        'op.execute("CREATE INDEX ix WHERE runs")',
        'op.execute("CREATE UNIQUE ix ON runs (a)")',
        "op.execute('''CREATE INDEX \"it's\" ON runs (a)''')",
        'op.execute("DROP INDEX ix, iy")',
        'op.execute("DROP INDEX ix CASCADE")',
        'op.execute("DROP TABLE runs")',
        'op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")',
        'op.execute("REINDEX INDEX CONCURRENTLY ix")',
        'op.execute("REINDEX SYSTEM runs")',
        'op.execute("ALTER INDEX ix RENAME TO iy")',
        'op.execute("DROP INDEX ix; DROP INDEX iy")',
        "op.execute('DROP INDEX \"ix')",
        "op.execute()",
        'op.execute("DROP INDEX ix", None)',
        'op.execute("DROP INDEX ix", execution_options={})',
        'op.execute(sa.text("DROP INDEX ix", None))',
        'op.execute(sa.text("DROP INDEX ix", bind=None))',
        'op.execute(sa.column("DROP INDEX ix"))',
        "op.execute(5)",
        'op.execute(f"DROP INDEX {ix}")',
        'conn.execute("DROP INDEX ix")',
        'op.drop_column("DROP INDEX ix")',
    ],
)
def test_sql_stays_as_it_is(call: str) -> None:
    assert together(call) is None


# Calls on indexes.
def test_an_index_whose_names_can_be_repeated() -> None:
    assert together(INDEX) == (
        f'{BLOCK}\n    op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)\n'
        '    op.create_index("ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)\n'
    )
    named = together('op.create_index(None, "runs", ["a"])', name="ix_runs_a")
    assert named is not None
    assert 'op.drop_index("ix_runs_a", table' in named
    assert 'op.create_index("ix_runs_a", "runs"' in named
    called = together('op.create_index("ix", "runs", [sa.text("lower(a)")])', name="ix_new")
    assert called is not None
    assert called.count('"ix_new"') == 2
    assert together('op.drop_index("ix")') is not None


@pytest.mark.parametrize(
    "call",
    [
        'op.create_index("ix", "runs", *["a"])',
        'op.create_index("ix", "runs", ["a"], **those)',
        'op.create_index(table_name="runs", columns=["a"])',
        'op.create_index("ix", columns=["a"])',
        'op.create_index("ix", None, ["a"])',
        'op.create_index("ix", table(), ["a"])',
        'op.create_index(name(), "runs", ["a"])',
        'op.create_index("ix", "runs", ["a"], schema=schema())',
        'op.create_index("ix", "runs", ["a"], postgresql_concurrently=False)',
        'alembic.op.create_index("ix", "runs", ["a"])',
        'conn.drop_index("ix")',
        'op.drop_index("ix", **those)',
        'op.drop_index("ix", postgresql_concurrently=False)',
    ],
)
def test_an_index_stays_as_it_is(call: str) -> None:
    assert together(call) is None


def test_an_expression_has_no_name_of_a_convention() -> None:
    assert together('op.create_index(None, "runs", [sa.text("lower(a)")])', name="ix_new") is None


@pytest.mark.parametrize("where", ["for", "with", "try", "block"])
def test_no_block_but_around_a_statement_in_its_function(where: str) -> None:
    assert asked("python.autocommit_block", source(within(INDEX)[where]), INDEX) is None
    assert asked("python.autocommit_block", source(within(INDEX)["if"]), INDEX) is not None
    assert asked("python.autocommit_block", source(f"sh{INDEX}"), f"sh{INDEX}") is None


@pytest.mark.parametrize(
    ("sql", "quote", "made"),
    [
        ("SELECT 1", '"', 'op.execute("SELECT 1")'),
        ("SELECT 1", "'", "op.execute('SELECT 1')"),
        ("SELECT 'a'", "'", "op.execute(\"SELECT 'a'\")"),
        ('SELECT "a"', '"', "op.execute('SELECT \"a\"')"),
        ("SELECT 'a' \"b\"", '"', None),
        ("SELECT '\\'", '"', None),
        ("SELECT\n1", '"', None),
        ("SELECT :a", '"', None),
        ('SELECT 1 FROM "?".a', "'", None),
    ],
)
def test_a_statement_is_sent_without_an_escape(sql: str, quote: str, made: str | None) -> None:
    assert execute("op", sql, quote) == made


# Where a statement stands.
@pytest.mark.parametrize(
    ("asks", "again"),
    [
        (RUN_ANYWHERE, False),
        (f"if ready and {RUN_ANYWHERE[3:]}", False),
        (f"if ready or {RUN_ANYWHERE[3:]}", True),
        (RUN_ANYWHERE.replace("==", "!="), True),
        (RUN_ANYWHERE.replace("postgresql", "mysql"), True),
        ('if "postgresql" == name == other:', True),
        ("if ready:", True),
    ],
)
def test_only_what_asks_for_postgresql_is_on_postgresql(asks: str, again: bool) -> None:
    fix = in_steps(source(f"{asks}\n    {COLUMN}"), COLUMN, guarded=True)
    assert fix is not None
    assert (RUN_ANYWHERE in fix.edits[0].text) is again


@pytest.mark.parametrize(
    "opened",
    ["with op.get_context().autocommit_block(), other():", "with lock:", "with block():", "with op.block():"],
)
def test_only_an_autocommit_block_is_one(opened: str) -> None:
    assert together(INDEX, f"{opened}\n    {INDEX}") is None
    assert together(INDEX, f"{BLOCK}\n    {INDEX}") is not None


@pytest.mark.parametrize(
    "upgrade",
    [
        f"first(); {INDEX}",
        f"{INDEX}; last()",
        f"if ready: {INDEX}",
        f"{BLOCK}\n    {BLOCK}\n        {INDEX}",
        f"def helper():\n    {INDEX}",
    ],
)
def test_what_shares_its_line_or_is_held_twice_stays(upgrade: str) -> None:
    assert together(INDEX, upgrade) is None


def test_what_stands_in_a_helper_stays() -> None:
    text = source("helper()", behind=f"\n\ndef helper():\n    {INDEX}\n")
    calls: Plain = ((*span_of(text, INDEX), ""),)
    assert asked("python_indexes.together", text, INDEX, calls=calls, before=()) is None


def test_what_stands_in_a_function_of_one_line_stays() -> None:
    text = Source("versions/r2.py", f"{HEAD}\n\ndef upgrade(): {INDEX}\n")
    calls: Plain = ((*span_of(text, INDEX), ""),)
    assert asked("python_indexes.together", text, INDEX, calls=calls, before=()) is None
