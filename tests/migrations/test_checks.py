"""What the rules' own examples do not say: verdicts on small histories, each revision a line of code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from runcrew_lint.domains.migrations import environment
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.identifiers import nearest
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Migrations, Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source
from tests.migrations.reading import NoReading, read, source_of


class Files:
    """A work tree without files."""

    paths: Sequence[str] = ()
    is_git = False
    base = None

    def is_tracked(self, path: str) -> bool:
        """Nothing is."""
        return path in self.paths

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Nothing is."""
        return frozenset(paths) & frozenset(self.paths)


def faults(rule: str, *upgrades: str, policy: Policy | None = None, **options: Any) -> list[Fault]:
    """What a rule says of revisions in a row, called r0, r1, ... and made a day after each other."""
    return list(
        judged(
            rule, [revision(number, upgrade) for number, upgrade in enumerate(upgrades)], policy, **options
        )
    )


def revision(number: int, upgrade: str, **changes: Any) -> Migration:
    """One revision of a line."""
    migration = read(source_of(upgrade, path=f"v/r{number}.py", before="from m import X"))
    return replace(
        migration,
        revision=f"r{number}",
        down_revisions=(f"r{number - 1}",) if number else (),
        create_date=f"2026-01-{number + 1:02}",
        **changes,
    )


KINDS = ["migration", "alembic-environment", "foreign-migration"]


def judged(
    rule: str, migrations: list[Migration], policy: Policy | None = None, **options: Any
) -> Iterable[Fault]:
    """What a rule says of revisions."""
    check = import_module(f"runcrew_lint.checks.migrations.{rule.replace('-', '_')}").check
    repository = Repository(Files(), Policy("x"), migrations, KINDS)
    found: Iterable[Fault] = check(repository, policy or Policy("x"), **options)
    return found


INDEX = 'op.create_index("ix", "runs", ["a"])'
REQUIRED = 'op.add_column("runs", sa.Column("a", sa.Text(), nullable=False))'
DROP = 'op.drop_column("runs", "a")'
CONCURRENT = 'op.create_index("ix", "runs", ["a"], postgresql_concurrently=True)'
MOVES = 'op.add_column("runs", sa.Column("b", sa.Text()))\n'
SILENT = [
    ("drop-column", [MOVES + DROP + '\nop.alter_column("runs", "b", new_column_name="a")']),
    ("identifier-too-long", [f'op.create_index(op.f("{"i" * 64}"), "runs", ["a"])']),
    ("identifier-too-long", [f'op.create_index(None, "runs", ["{"i" * 63}"])']),
    (
        "identifier-too-long",
        [f'with op.batch_alter_table("runs") as b:\n    b.create_index(b.f("{"i" * 64}"), ["a"])'],
    ),
    ("index-not-concurrent", ['op.create_index("ix", "runs", ["a"], postgresql_concurrently=X)']),
    (
        "foreign-key-without-index",
        [
            'op.create_table("runs", sa.Column("a", sa.Integer, sa.ForeignKey("users.id")))',
            'op.create_index("ix", "runs", ["a"], postgresql_concurrently=X)',
        ],
    ),
    (
        "drop-index-not-concurrent",
        [INDEX, 'op.drop_index("ix", "runs", postgresql_concurrently=X)'],
    ),
    ("index-not-concurrent", ['op.add_column("runs", sa.Column("a", sa.Text(), index=True))']),
    ("index-not-concurrent", [f"X(op)\n{INDEX}"]),  # X may have made the table
    (
        "index-not-concurrent",  # in the schema that X is, perhaps
        [
            'op.create_table("runs", sa.Column("a", sa.Text()), schema=X)\n'
            'op.create_index("ix", "runs", ["a"], schema="log")'
        ],
    ),
    (
        "index-not-concurrent",
        [f'op.execute("ALTER TABLE a RENAME TO b; CREATE TABLE runs (a int)")\n{INDEX}'],
    ),
    ("not-null-without-default", [f"X(op)\n{REQUIRED}"]),
    (
        "not-null-without-default",
        [f'op.execute("CREATE TABLE runs AS SELECT 1 AS b; INSERT INTO runs VALUES (1)")\n{REQUIRED}'],
    ),
    ("not-null-without-default", ['op.add_column("runs", sa.Column("a", sa.Text(), nullable=X))']),
    (
        "not-null-without-default",
        ['op.add_column("runs", sa.Column("a", sa.Text(), nullable=False, server_default=X()))'],
    ),
    ("not-null-without-default", [f'op.execute("DELETE FROM runs")\n{REQUIRED}']),
    ("drop-column", [f'{DROP}\nop.drop_table("runs")']),
    ("concurrently-in-transaction", ['op.get_bind().execute(sa.text("COMMIT"))\n' + CONCURRENT]),
    ("concurrently-in-transaction", ["with op.get_context().autocommit_block():\n    " + CONCURRENT]),
    ("concurrently-in-transaction", [INDEX]),
    ("empty-downgrade", ["pass"]),
    ("empty-downgrade", ["X(op)"]),
    ("empty-downgrade", [f"if X:\n    {INDEX}"]),
    ("empty-downgrade", ['op.drop_constraint("c", "runs")']),
    ("empty-downgrade", [f'{INDEX}\nop.drop_index("ix")']),
    ("empty-downgrade", ['op.execute("DROP TABLE runs; CREATE TABLE runs (a int)")']),
    ("empty-downgrade", ['op.add_column("runs", sa.Column("a", sa.Text()))\nop.drop_column("runs", "a")']),
    ("drop-column", [f'op.execute("CREATE TABLE runs AS SELECT 1 AS a")\n{DROP}']),
]
SPEAKING = [
    ("index-not-concurrent", ['op.execute("CREATE TABLE runs (a int)")', INDEX]),
    ("index-not-concurrent", [f'op.execute("CREATE TABLE runs (a int)")\n{INDEX}', f"X(op)\n{INDEX}"]),
    ("index-not-concurrent", [f"{INDEX}\nX(op)"]),
    ("not-null-without-default", [f'op.execute("DELETE FROM runs WHERE b")\n{REQUIRED}']),
    ("not-null-without-default", ['op.execute("DELETE FROM runs")', REQUIRED]),
    ("drop-column", [f'op.drop_table("runs")\n{DROP}']),
    ("drop-column", [f'{DROP}\nop.add_column("runs", sa.Column("a", sa.Text()))']),
    ("drop-column", [f"X(op)\n{DROP}"]),
    ("drop-column", [f'{DROP}\nop.drop_table("crews")']),
    ("concurrently-in-transaction", [CONCURRENT]),
    ("concurrently-in-transaction", [f'op.execute("CREATE TABLE runs (a int)")\n{CONCURRENT}']),
    ("concurrently-in-transaction", [f'op.execute("COMMIT")\nop.execute("BEGIN")\n{CONCURRENT}']),
    (
        "concurrently-in-transaction",
        ['with op.batch_alter_table("runs") as b:\n    b.drop_index("ix", postgresql_concurrently=True)'],
    ),
    ("empty-downgrade", [f"X(op)\n{INDEX}"]),
    ("empty-downgrade", ['op.drop_index("ix")\n' + INDEX]),
    ("empty-downgrade", ['op.execute("DROP INDEX IF EXISTS ix; CREATE INDEX IF NOT EXISTS iy ON runs (a)")']),
    ("empty-downgrade", [DROP]),
    ("empty-downgrade", ['op.create_table("runs")\nop.drop_table("crews")']),
    ("empty-downgrade", ['op.alter_column("runs", "a", nullable=False)']),
    ("empty-downgrade", ['op.execute("ALTER TABLE runs DROP CONSTRAINT c, ADD CONSTRAINT c UNIQUE (a)")']),
]


@pytest.mark.parametrize(("rule", "upgrades"), SILENT)
def test_no_fault(rule: str, upgrades: list[str]) -> None:
    assert not faults(rule, *upgrades)


@pytest.mark.parametrize(("rule", "upgrades"), SPEAKING)
def test_a_fault_in_the_last_revision(rule: str, upgrades: list[str]) -> None:
    assert [fault.place.path for fault in faults(rule, *upgrades)] == [f"v/r{len(upgrades) - 1}.py"]


def test_the_lock_is_told_with_the_tables_origin_and_the_major() -> None:
    (fault,) = faults(
        "index-not-concurrent", 'op.create_table("runs")', INDEX, policy=Policy("x", postgres=14)
    )
    assert fault.message == "building ix blocks writes to runs until it is done"
    assert [tuple(note) for note in fault.notes] == [
        ("lock", "SHARE on runs (created in r0), PostgreSQL 14: writes wait"),
        ("scan", "all rows of runs, under that lock"),
    ]


@pytest.mark.parametrize(
    ("upgrade", "mended"),
    [
        (INDEX, True),
        (f"for a in [1]:\n    {INDEX}", True),
        (f"def help():\n    {INDEX}\nhelp()", False),
        ('with op.batch_alter_table("runs") as b:\n    b.create_index("ix", ["a"])', True),
        ('op.execute("CREATE INDEX ix ON runs (a)")', True),
    ],
)
def test_a_mend_is_asked_for_a_call_of_its_own(upgrade: str, mended: bool) -> None:
    (fault,) = faults("index-not-concurrent", upgrade)
    assert (fault.mend is not None) is mended


def test_a_partitioned_table_takes_no_concurrently() -> None:
    made = 'op.create_table("runs", postgresql_partition_by="RANGE (a)")'
    (fault,) = faults("index-not-concurrent", made, INDEX)
    assert fault.mend is None and "ATTACH" in fault.help


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("", "fails on it"),
        ("if X():\n    ", "fails on it, or finds its name and takes it for the real one"),
    ],
)
def test_what_looks_before_it_builds_may_find_what_a_failed_build_left(before: str, end: str) -> None:
    build = f"{before}op.execute('CREATE INDEX CONCURRENTLY i ON t (a)')"
    block = "with op.get_context().autocommit_block():\n    " + build.replace("\n", "\n    ")
    (fault,) = faults("concurrent_index_not_retryable", block)
    assert fault.message.endswith(f"and the next try {end}")


def test_what_depends_on_a_condition_says_so() -> None:
    (fault,) = faults(
        "index-not-concurrent", f'if "a" in sa.inspect(op.get_bind()).get_columns("runs"):\n    {INDEX}'
    )
    assert fault.notes[-1] == ("only if", '"a" in sa.inspect(op.get_bind()).get_columns("runs")')


@pytest.mark.parametrize(
    ("upgrade", "severity", "said"),
    [
        ("op.execute('COMMIT')\n" + INDEX, "warning", "is on its own"),
        ("op.execute('COMMIT')\n" + INDEX + "\nop.drop_table('b')", None, "keeps what ran so far"),
        ("op.drop_table('b')\nop.execute('COMMIT')", None, "keeps what ran so far"),
        ("op.execute('ROLLBACK')\n" + INDEX, None, "loses what ran so far"),
    ],
)
def test_a_commit_that_leaves_nothing_half_done_is_no_error(
    upgrade: str, severity: str | None, said: str
) -> None:
    (fault,) = faults("nested-transaction", upgrade)
    assert fault.severity == severity and said in fault.message


@pytest.mark.parametrize(
    ("upgrade", "end"),
    [
        ("op.execute('LOCK TABLE runs')", "until the whole revision is done"),
        ("op.execute('LOCK TABLE runs')\nop.execute('COMMIT')", "until its transaction is over"),
        ("op.execute('COMMIT')\nop.execute('LOCK TABLE runs')", "until the whole revision is done"),
    ],
)
def test_a_lock_is_held_to_the_end_of_its_transaction(upgrade: str, end: str) -> None:
    (fault,) = faults("lock-table", upgrade)
    assert fault.message.endswith(end)


@pytest.mark.parametrize(
    ("upgrade", "fate"),
    [
        (f"op.execute('CREATE INDEX {'i' * 64} ON runs (a)')", "the rest is cut off"),
        (f'op.add_column("runs", sa.Column("{"c" * 64}", sa.Text()))', "the rest is cut off"),
        (f'op.rename_table("runs", "{"t" * 64}")', "the rest is cut off"),
        (f'op.create_index("{"i" * 64}", "runs", ["a"])', "SQLAlchemy refuses it"),
        (f'op.create_index("{"달" * 22}", "runs", ["a"])', "the rest is cut off"),
        (f'op.create_unique_constraint("{"u" * 64}", "runs", ["a"])', "SQLAlchemy refuses it"),
        (
            f'op.create_table("b", sa.Column("a", sa.Text), sa.UniqueConstraint("a", name="{"u" * 64}"))',
            "SQLAlchemy refuses",
        ),
    ],
)
def test_what_becomes_of_a_long_name_depends_on_what_it_names(upgrade: str, fate: str) -> None:
    (fault,) = faults("identifier-too-long", upgrade)
    assert fate in fault.message


@pytest.mark.parametrize(
    ("words", "end"),
    [("INDEX", "the server refuses this one"), ("INDEX IF NOT EXISTS", "this index is never made")],
)
def test_of_two_long_names_that_are_one_the_second_fails_or_is_skipped(words: str, end: str) -> None:
    name = "i" * 63
    upgrade = (
        f"op.execute('CREATE INDEX {name} ON runs (a)')\nop.execute('CREATE {words} {name}i ON runs (b)')"
    )
    (fault,) = faults("identifier-too-long", upgrade)
    assert fault.message.endswith(f"another begins with the same 63, and {end}")


@pytest.mark.parametrize(
    ("before", "count"), [([], 1), (["BEGIN"], 0), (["BEGIN", "COMMIT"], 1), (["BEGIN", "ROLLBACK"], 1)]
)
def test_a_begin_in_an_autocommit_block_is_a_transaction(before: list[str], count: int) -> None:
    lines = [f'    op.execute("{each}")' for each in (*before, "SET LOCAL lock_timeout = 1000")]
    block = "\n".join(["with op.get_context().autocommit_block():", *lines])
    assert len(faults("lock-timeout-ineffective", block)) == count


def test_a_lock_that_the_transaction_has_is_not_waited_for() -> None:
    made = (
        'op.create_table("crews", sa.Column("id", sa.Integer(), primary_key=True))\n'
        'op.create_table("runs", sa.Column("a", sa.Integer(), sa.ForeignKey("crews.id", name="fk")))'
    )
    drop = 'op.drop_constraint("fk", "runs", type_="foreignkey")\n'
    column = 'op.add_column("runs", sa.Column("b", sa.Integer()))'
    assert not faults("locks-accumulate", made, drop + column, waits=True)
    other = drop + column + '\nop.execute("LOCK TABLE sites")'
    assert not faults("locks-accumulate", made, other)
    (fault,) = faults("locks-accumulate", made, other, waits=True)
    assert "waits for a lock on sites" in fault.message


def test_work_that_would_let_its_own_table_be_read_is_told() -> None:
    made = 'op.create_table("runs", sa.Column("a", sa.Integer()))'
    column = 'op.add_column("runs", sa.Column("b", sa.Integer()))\n'
    (fault,) = faults("locks-accumulate", made, f"{column}{INDEX}")
    assert "reads all of runs, and nobody can even read it meanwhile" in fault.message
    assert not faults("locks-accumulate", made, f'{column}op.alter_column("runs", "a", nullable=False)')


@pytest.mark.parametrize(
    ("upgrade", "condition"),
    [
        (f"if seen():\n    return\n{INDEX}", "not seen()"),
        (f"if not seen():\n    return\n{INDEX}", "seen()"),
        (f"if seen():\n    pass\nelse:\n    {INDEX}", "not seen()"),
        (f"if seen() == 1:\n    pass\nelse:\n    return\n{INDEX}", "seen() == 1"),
        (f"if seen() == 1:\n    return\n{INDEX}", "not (seen() == 1)"),
        (f"if not seen():\n    {INDEX}", "not seen()"),
    ],
)
def test_a_condition_is_told_as_it_must_be_for_what_follows(upgrade: str, condition: str) -> None:
    seen = 'def seen():\n    return "a" in sa.inspect(op.get_bind()).get_columns("runs")\n'
    (fault,) = faults("index-not-concurrent", seen + upgrade)
    assert fault.notes[-1] == ("only if", condition)


def test_small_tables_and_what_is_settled() -> None:
    small = Policy("x", migrations=Migrations(small_tables=("public.runs",)))
    assert not faults("index-not-concurrent", INDEX, policy=small)
    assert faults("not-null-without-default", REQUIRED, policy=small)
    after = Policy("x", migrations=Migrations(after="r1"))
    found = faults("index-not-concurrent", INDEX, INDEX, INDEX, policy=after)
    assert [fault.place.path for fault in found] == ["v/r2.py"]
    apart = [revision(0, INDEX), replace(revision(1, INDEX), down_revisions=(), depends_on=("r0",))]
    assert not list(judged("index-not-concurrent", apart, after))


def _clock(comment: str, written: str, dropped: str, days: int = 30) -> str:
    """How a drop's message ends, "" for none; dates are those of the two revisions."""
    first = revision(0, f'op.alter_column("runs", "a", comment={comment!r})')
    last = revision(1, DROP)
    migrations = [replace(first, create_date=written), replace(last, create_date=dropped)]
    found = list(judged("drop-column", migrations, deprecation_days=days))
    for fault in found:
        assert not fault.related or fault.related[0].place.path == "v/r0.py"
    return found[0].message.removeprefix("dropping runs.a ") if found else ""


@pytest.mark.parametrize(
    ("comment", "written", "dropped", "expected"),
    [
        ("deprecated: 2026-01-01", "2026-01-01", "2026-01-31", ""),
        ("deprecated: 2026-01-01", "2026-01-01", "2026-01-30", "after 29 days of its deprecation"),
        ("deprecated: 2026-01-29", "2026-01-01", "2026-01-30", "after 1 day of its deprecation"),
        ("deprecated: 2026-02-01", "2026-01-01", "2026-01-30", "after none of the days of its deprecation"),
        ("deprecated: 2026-01-01", "2026-01-02", "2026-03-01", ""),
        (
            "deprecated: 2026-01-01",
            "2026-01-03",
            "2026-03-01",
            "on a backdated deprecation: r0 says 2026-01-01",
        ),
        ("Old. DEPRECATED:2026-01-01, see note", "2026-01-01", "2026-01-31", ""),
        ("deprecated since 2026-01-01", "2026-01-01", "2026-03-01", "breaks the code that still uses it"),
        (
            "deprecated: 2026-02-30",
            "2026-01-01",
            "2026-05-01",
            "on a deprecation of 2026-02-30, which is no date",
        ),
        ("deprecated: 2026-01-01", "", "2026-05-01", "on a clock that can't be read: r0 has no Create Date"),
        ("deprecated: 2026-01-01", "2026-01-01", "", "on a clock that can't be read: r1 has no Create Date"),
    ],
)
def test_the_clock(comment: str, written: str, dropped: str, expected: str) -> None:
    said = _clock(comment, written, dropped)
    assert said.startswith(expected) and bool(said) is bool(expected)


def test_the_clock_can_be_set() -> None:
    assert not _clock("deprecated: 2026-01-01", "2026-01-01", "2026-01-08", days=7)
    assert _clock("deprecated: 2026-01-01", "2026-01-01", "2026-01-07", days=7)


def test_heads_are_not_counted_where_a_parent_is_not_known() -> None:
    base, first = revision(0, ""), revision(1, "")
    second = replace(revision(2, ""), down_revisions=("r0",))
    assert len(list(judged("multiple-heads", [base, first, second]))) == 1
    assert not list(judged("multiple-heads", [base, first, replace(second, parents_known=False)]))


def test_heads_of_different_bases_are_told_once() -> None:
    first, second = revision(0, ""), replace(revision(2, ""), down_revisions=())
    assert not list(judged("multiple-heads", [first, second]))
    (fault,) = judged("multiple-bases", [first, second])
    assert fault.place.path == "v/r2.py"
    assert not list(judged("multiple-bases", [first, replace(second, parents_known=False)]))


def test_the_youngest_head_is_pointed_at() -> None:
    heads = [replace(revision(number, ""), down_revisions=("r0",)) for number in (3, 1, 2)]
    (fault,) = judged("multiple-heads", [revision(0, ""), *heads])
    assert fault.place.path == "v/r3.py"
    assert fault.message.startswith("r1, r2 and r3 are all heads")
    assert [related.place.path for related in fault.related] == ["v/r1.py", "v/r2.py"]


def test_a_column_whose_nullability_is_not_known_is_told() -> None:
    (fault,) = faults("migration-unresolved", 'op.add_column("runs", sa.Column("a", sa.Text(), nullable=X))')
    assert fault.message == "whether runs.a is NOT NULL can't be known here, so no rule judges it"


@pytest.mark.parametrize(
    ("upgrade", "mended"),
    [
        (CONCURRENT, True),
        ('op.execute("DROP INDEX CONCURRENTLY ix")', True),
        ('op.execute("DROP INDEX CONCURRENTLY ix; SELECT 1")', False),
        (f"for a in [1]:\n    {CONCURRENT}", False),
        (f"def help():\n    {CONCURRENT}\nhelp()", False),
    ],
)
def test_an_autocommit_block_is_asked_for_where_it_is_all_that_lacks(upgrade: str, mended: bool) -> None:
    (fault,) = faults("concurrently-in-transaction", upgrade)
    assert (fault.mend is not None) is mended


WIDE = 'op.create_table("crews", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))'


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        ("pass", {"type-int-key", "type-varchar"}),
        ('op.drop_table("crews")', set()),
        ('op.drop_column("crews", "a")', {"type-int-key"}),
        ('op.alter_column("crews", "id", type_=sa.BigInteger)', {"type-varchar"}),
        ('op.alter_column("crews", "a", type_=sa.String(10))', {"type-int-key", "type-varchar"}),
        ('op.alter_column("crews", "a", type_=X)', {"type-int-key"}),
        ('op.alter_column("crews", "a", new_column_name="b")', {"type-int-key", "type-varchar"}),
        ('op.rename_table("crews", "gangs")', {"type-int-key", "type-varchar"}),
        (f'op.drop_table("crews")\n{WIDE.replace("String(9)", "Text()")}', {"type-int-key"}),
    ],
)
def test_a_type_counts_that_is_there_in_the_end(later: str, kept: set[str]) -> None:
    revisions = [revision(0, WIDE), revision(1, later)]
    assert {rule for rule in ("type-int-key", "type-varchar") if list(judged(rule, revisions))} == kept


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ("pass", 2),
        ('op.drop_table("crews")', 0),
        ('op.create_primary_key("crews_pkey", "crews", ["a"])', 1),
        ('op.rename_table("crews", "gangs")', 2),
    ],
)
def test_a_table_counts_that_is_there_in_the_end(later: str, told: int) -> None:
    revisions = [revision(0, 'op.create_table("crews", sa.Column("a", sa.Text()))'), revision(1, later)]
    rules = ("table-without-primary-key", "unqualified-table")
    assert sum(len(list(judged(rule, revisions))) for rule in rules) == told


def test_alembic_stops_where_there_is_no_downgrade() -> None:
    (fault,) = faults("empty-downgrade", INDEX)
    assert (
        fault.message == "there is no downgrade(), so `alembic downgrade` stops here with an AttributeError"
    )


@pytest.mark.parametrize("table", ['op.create_table("runs", sa.Column("a", sa.Text()))', ""])
@pytest.mark.parametrize("again", [f"{INDEX[:-1]}, unique=True)", ""])
def test_what_comes_back_otherwise_is_told_once(table: str, again: str) -> None:
    made = f"{table}\n{INDEX[:-1]}, unique=True)"
    drop = 'op.drop_index("ix", "runs")'
    back = read(source_of(drop, f"def downgrade():\n    {drop if again else ''}\n    {INDEX}"))
    gone = revision(1, f"{drop}\n{again}", downgrade=back.downgrade, downgrade_empty=False)
    (fault,) = judged("downgrade-mismatch", [revision(0, made, downgrade_empty=True), gone])
    assert fault.message.endswith("the schema is not what it was: index ix comes back as another")


@pytest.mark.parametrize(("made", "said"), [("", "runs and users wait"), ("users", "runs wait")])
def test_a_table_that_nobody_can_use_yet_does_not_wait(made: str, said: str) -> None:
    table = f'op.create_table("{made}", sa.Column("id", sa.Text()))' if made else ""
    key = 'op.create_foreign_key("fk", "runs", "users", ["a"], ["id"])'
    (fault,) = faults("foreign-key-without-not-valid", f"{table}\n{key}")
    assert said in fault.message


def test_the_environment_decides_about_the_transaction() -> None:
    def said(env: str) -> list[Fault]:
        fact = environment.read(Source("v/env.py", env), NoReading())
        assert fact is not None
        paths = Files()
        paths.paths = ["v/env.py", "v/r0.py"]
        repository = Repository(
            paths, Policy("x"), [revision(0, CONCURRENT), fact], ["migration", "alembic-environment"]
        )
        return list(
            import_module("runcrew_lint.checks.migrations.concurrently_in_transaction").check(
                repository, Policy("x")
            )
        )

    (plain,) = said("context.run_migrations()")
    assert not plain.notes
    (apart,) = said("context.configure(transaction_per_migration=True)\ncontext.run_migrations()")
    assert apart.notes[0].label == "env.py"
    assert not said("c.execution_options(isolation_level='autocommit')\ncontext.run_migrations()")
    assert not said(
        "c.connection.set_isolation_level(x.ISOLATION_LEVEL_AUTOCOMMIT)\ncontext.run_migrations()"
    )
    assert said("sessionmaker(autocommit=False)  # AUTOCOMMIT\ncontext.run_migrations()")
    assert environment.read(Source("v/env.py", "from alembic import context"), NoReading()) is None


@pytest.mark.parametrize(
    ("env", "before", "said"),
    [
        ("with engine.begin() as connection:\n    context.run_migrations()", "", True),
        ("with engine.begin() as connection:\n    context.run_migrations()", "op.get_bind().commit()", False),
        ("with engine.connect() as connection:\n    context.run_migrations()", "", False),
        ("with context.begin_transaction():\n    context.run_migrations()", "", False),
    ],
)
def test_a_block_can_not_end_the_transaction_that_env_py_began(env: str, before: str, said: bool) -> None:
    fact = environment.read(Source("v/env.py", env), NoReading())
    assert fact is not None
    block = f"{before}\nwith op.get_context().autocommit_block():\n    {CONCURRENT}"
    paths = Files()
    paths.paths = ["v/env.py", "v/r0.py"]
    kinds = ["migration", "alembic-environment"]
    repository = Repository(paths, Policy("x"), [revision(0, block), fact], kinds)
    rule = import_module("runcrew_lint.checks.migrations.concurrently_in_transaction")
    found = [each.message for each in rule.check(repository, Policy("x"))]
    assert ["AssertionError" in each for each in found] == [True] * said


@pytest.mark.parametrize(
    ("upgrade", "waiting"), [(INDEX, "every write to runs"), (DROP, "every query of runs")]
)
def test_who_waits_behind_a_lock_is_who_it_shuts_out(upgrade: str, waiting: str) -> None:
    fact = environment.read(Source("v/env.py", "context.configure()\ncontext.run_migrations()"), NoReading())
    assert fact is not None
    paths = Files()
    paths.paths = ["v/env.py", "v/r0.py"]
    kinds = ["migration", "alembic-environment"]
    repository = Repository(paths, Policy("x"), [revision(0, upgrade), fact], kinds)
    rule = import_module("runcrew_lint.checks.migrations.lock_timeout_missing")
    (found,) = rule.check(repository, Policy("x"))
    assert f"and {waiting} waits behind it" in found.message


@pytest.mark.parametrize(
    ("keys", "index", "read"),
    [
        ("club, crew", "crew", "every row with the same crew"),
        ("club, crew", "crew, at, club", ""),
        ("club, crew", "crew, club", ""),
        ("club, crew", "at, club, crew", "the whole table"),
        ("club, crew, at", "at, crew, id", "every row with the same at, crew"),
        ("crew", "crew) WHERE (at > 1", "the whole table"),
    ],
)
def test_what_a_search_without_its_own_index_reads(keys: str, index: str, read: str) -> None:
    found = faults(
        "foreign-key-without-index",
        "op.execute('CREATE TABLE laps (id bigint PRIMARY KEY, club bigint, crew bigint, at bigint)')\n"
        f"op.execute('CREATE INDEX ix ON laps ({index})')\n"
        f"op.execute('ALTER TABLE laps ADD CONSTRAINT fk FOREIGN KEY ({keys}) REFERENCES crews ({keys})')",
    )
    told = [each.message.partition(" reads ")[2].partition(" to find")[0] for each in found]
    assert told == [read] * bool(read)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE runs SET a = 1 FROM (SELECT id FROM runs LIMIT 9) AS some WHERE runs.id = some.id", 0),
        ("UPDATE runs r SET a = 1 FROM (SELECT id FROM runs WHERE b LIMIT 500) some WHERE some.id = r.id", 0),
        ("WITH s AS (SELECT id FROM runs LIMIT 9) UPDATE runs SET a = 1 WHERE id IN (SELECT id FROM s)", 0),
        ("DELETE FROM runs USING (SELECT id FROM crews LIMIT 9) some WHERE runs.crew_id = some.id", 1),
        ("DELETE FROM runs USING (SELECT id FROM crews LIMIT 9) some WHERE runs.id = some.run_id", 0),
        ("UPDATE runs SET a = 1 FROM (SELECT id FROM crews LIMIT 1) c WHERE runs.crew_id = c.id", 1),
        ("UPDATE runs SET a = 1 FROM crews c, LATERAL (SELECT id FROM x LIMIT 1) l WHERE runs.id = c.id", 1),
        ("UPDATE runs SET a = (SELECT id FROM x LIMIT 1) FROM crews c WHERE runs.id = c.run_id", 1),
        (
            "WITH s AS (SELECT id FROM runs LIMIT 9) UPDATE runs SET a = 1 WHERE b IN (SELECT id FROM s)",
            1,
        ),
    ],
)
def test_a_join_with_so_many_rows_is_a_batch_where_it_goes_by_the_key(sql: str, told: int) -> None:
    assert len(faults("unbatched-backfill", f"op.execute({sql!r})")) == told


_ULID = "01JD89J1GH0RTSMETCYKWK4{:03}"


@pytest.mark.parametrize(
    ("where", "number", "told"),
    [
        (f"upload_id = '{_ULID}' AND pace IS NULL", 20, 0),
        (f"upload_id = '{_ULID}' AND pace IS NULL", 19, 19),
        (f"upload_id = '{_ULID.format(1)}'", 20, 20),
        ("country = 'the land of {:03}'", 20, 20),
        ("country = 'landOfManyPeople{}'", 20, 20),
        ("crew_id = {}", 20, 20),
        (f"upload_id <> '{_ULID}'", 20, 20),
    ],
    ids=["a list", "a short one", "one value", "words", "a word", "numbers", "another"],
)
def test_a_list_of_rows_that_is_written_out(where: str, number: int, told: int) -> None:
    """One made-up value a statement names a thing or two; so would a loop over them."""
    sql = "; ".join(f"UPDATE runs SET pace = {at} WHERE {where.format(at)}" for at in range(number))
    assert len(faults("unbatched-backfill", f"op.execute({sql!r})")) == told


def test_the_list_of_another_revision_does_not_count() -> None:
    sql = [f"UPDATE runs SET pace = 1 WHERE upload_id = '{_ULID.format(at)}'" for at in range(20)]
    both = (f"op.execute({'; '.join(half)!r})" for half in (sql[:10], sql[10:]))
    assert len(faults("unbatched-backfill", *both)) == 20


@pytest.mark.parametrize(
    ("build", "drop", "said"),
    [
        ("CREATE TABLE runs (id serial)", "DROP SEQUENCE runs_id_seq CASCADE", "the default of runs.id"),
        (
            "CREATE SEQUENCE s; CREATE TABLE runs (id int DEFAULT nextval('s'))",
            "DROP SEQUENCE s CASCADE",
            "the default of runs.id",
        ),
        ("CREATE SEQUENCE s", "DROP SEQUENCE s CASCADE", None),
        ("CREATE TABLE runs (id int)", "DROP SEQUENCE s CASCADE", "whatever hangs on it"),
    ],
)
def test_a_sequence_takes_the_defaults_that_count_on_it(build: str, drop: str, said: str | None) -> None:
    found = faults("drop-cascade", f'op.execute("{build}")', f'op.execute("{drop}")')
    told = [each.message.partition("takes along ")[2].partition(",")[0] for each in found]
    assert told == [said] * bool(said)


def test_an_index_of_a_partitioned_table_is_not_told_to_go_concurrently() -> None:
    table = 'op.execute("CREATE TABLE runs (id int) PARTITION BY RANGE (id); CREATE INDEX ix ON runs (id)")'
    (fault,) = faults("drop-index-not-concurrent", table, 'op.drop_index("ix", "runs")')
    assert "can't be dropped CONCURRENTLY" in fault.help


@pytest.mark.parametrize(
    ("convention", "fails"),
    [
        ((), True),
        ((("fk", "fk_%(column_0_name)s"), ("ix", "ix_%(table_name)s")), True),
        ((("fk", "fk_%(table_name)s"),), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_alembic_drops_no_constraint_without_a_name(convention: Any, fails: bool, known: bool) -> None:
    up = 'op.create_foreign_key(None, "runs", "crews", ["crew_id"], ["id"])'
    drop = 'op.drop_constraint(None, "runs", type_="foreignkey")'
    back = read(source_of(up, f"def downgrade():\n    {drop}\n    {drop}")).downgrade
    facts: list[Any] = [revision(0, up, downgrade=back, downgrade_empty=False)]
    fact = environment.read(Source("v/env.py", "context.configure()\ncontext.run_migrations()"), NoReading())
    assert fact is not None
    facts += [replace(fact, naming_convention=convention)] if known else []
    paths = Files()
    paths.paths = ["v/env.py", "v/r0.py"]
    repository = Repository(paths, Policy("x"), facts, ["migration", "alembic-environment"])
    rule = import_module("runcrew_lint.checks.migrations.downgrade_mismatch")
    found = [each.message for each in rule.check(repository, Policy("x"))]
    assert ["constraint of runs, and 1 more: Alembic fails" in each for each in found] == [True] * (
        fails and known
    )


@pytest.mark.parametrize(
    ("using", "rule"),
    [
        ("f\"at::timestamptz AT TIME ZONE '{zone}'\"", "rewrites"),
        ("sa.text(f\"at AT TIME ZONE '{zone}'\")", "rewrites"),
        ("f'{zone}::timestamptz'", "unknown"),
        ("zone", "unknown"),
    ],
)
def test_an_expression_counts_whose_shape_is_known(using: str, rule: str) -> None:
    made = 'op.create_table("runs", sa.Column("at", sa.DateTime()))'
    change = (
        f'import os\nzone = os.getenv("ZONE")\n'
        f'op.alter_column("runs", "at", type_=sa.DateTime(timezone=True), postgresql_using={using})'
    )
    found = {each: len(faults(f"type-change-{each}", made, change)) for each in ("rewrites", "unknown")}
    assert found == {"rewrites": rule == "rewrites", "unknown": rule == "unknown"}


def test_an_ini_may_say_autocommit() -> None:
    ini = "[alembic]\nscript_location = v\nsqlalchemy.isolation_level = autocommit\n"
    fact = environment.read(Source("alembic.ini", ini), NoReading())
    assert fact is not None and fact.autocommit
    lineage = Lineage("v", (revision(0, CONCURRENT),), (fact,))
    assert lineage.autocommit and not lineage.transaction_per_migration


DOWNGRADES = {
    "": True,
    "def downgrade(): pass": True,
    "def downgrade():\n    'nothing'\n    ...\n    return None": True,
    "async def downgrade(): pass": True,
    "def downgrade(): raise NotImplementedError": False,
    "def downgrade(): print('no')": False,
    "def downgrade(): X(op)": False,
    "from other import downgrade": False,
    "downgrade = lambda: None": False,
}


@pytest.mark.parametrize("downgrade", DOWNGRADES)
def test_a_downgrade_that_says_nothing(downgrade: str) -> None:
    migration = read(source_of(INDEX, downgrade))
    assert migration.downgrade_empty is DOWNGRADES[downgrade]
    found = list(judged("empty-downgrade", [migration]))
    assert bool(found) is DOWNGRADES[downgrade]


def test_a_missing_parent_is_told_with_the_nearest() -> None:
    wrong = replace(revision(1, ""), down_revisions=("r00",))
    (fault,) = judged("missing-parent", [revision(0, ""), wrong])
    assert fault.help == "write 'r0'" and fault.related[0].place.path == "v/r0.py"
    assert fault.severity is None


def test_a_parent_whose_file_does_not_read_is_not_missing() -> None:
    class WithFile(Files):
        paths = ("v/r0.py", "v/gone_base.py")

    orphan = replace(revision(0, ""), down_revisions=("gone",))
    repository = Repository(WithFile(), Policy("x"), [orphan], ["migration", "alembic-environment"])
    check = import_module("runcrew_lint.checks.migrations.missing_parent").check
    assert not list(check(repository, Policy("x")))
    assert len(list(judged("missing-parent", [orphan]))) == 1


def test_versions_of_a_package_outside_may_have_the_parent() -> None:
    ini = "[alembic]\nscript_location = v\nversion_locations = v other:versions\n"
    fact = environment.read(Source("alembic.ini", ini), NoReading())
    assert fact is not None
    orphan = replace(revision(0, ""), down_revisions=("gone",))
    repository = Repository(Files(), Policy("x"), [orphan, fact], ["migration", "alembic-environment"])
    check = import_module("runcrew_lint.checks.migrations.missing_parent").check
    (fault,) = check(repository, Policy("x"))
    assert fault.severity is Severity.INFO and fault.notes[0].text.endswith("other:versions")


def test_migrations_after_must_name_a_revision() -> None:
    def told(after: str) -> list[Fault]:
        policy = Policy("x", migrations=Migrations(after=after))
        return faults("migration-unresolved", "", "", policy=policy)

    assert not told("") and not told("r1")
    (fault,) = told("r11")
    assert fault.place.path == "v/r0.py" and "r11" in fault.message and fault.help == "write 'r1' there"
    assert told("zzz")[0].help.startswith("name the last revision")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("abcdef23", ""),
        ("abcdef1O", "abcdef10"),
        ("abcdef1", "abcdef10"),
        ("abcdef100", "abcdef10"),
        ("bacdef10", "abcdef10"),
        ("ABCDEF10", "abcdef10"),
        ("abcd", "abcdef10"),
        ("abc", ""),
        ("xbcdef19", ""),
        ("abcdef10", ""),
        ("", ""),
    ],
)
def test_the_nearest_identifier(wrong: str, expected: str) -> None:
    assert nearest(wrong, ["abcdef10", "99999999"]) == expected


def test_nothing_is_nearest_where_two_are() -> None:
    assert nearest("aaa0", ["aaa1", "aaa2"]) == ""


@pytest.mark.parametrize(
    ("upgrade", "undone"),
    [
        ('op.create_table("crews", COLUMN)\nop.create_index("ix", "crews", ["a"])', "drop table crews"),
        ('op.add_column("runs", sa.Column("a", sa.Text(), index=True))', "drop column runs.a"),
        (
            'op.rename_table("runs", "races")\nop.drop_column("races", "b")\n'
            'op.drop_index("ix")\nop.drop_table("x")',
            "rename table races back to runs; add column races.b again (its values don't come back); "
            "create index ix again and 1 more",
        ),
    ],
)
def test_what_is_left_to_undo_is_told_once(upgrade: str, undone: str) -> None:
    (fault,) = faults("empty-downgrade", upgrade.replace("COLUMN", 'sa.Column("a", sa.Text())'))
    assert [tuple(note) for note in fault.notes] == [("to undo", undone)]


def test_a_dependency_of_a_folder_without_environment_is_not_known() -> None:
    needy = replace(revision(0, ""), depends_on=("elsewhere",))
    (fault,) = judged("missing-parent", [needy])
    assert fault.severity is Severity.INFO
    (fault,) = judged("missing-parent", [replace(needy, down_revisions=("elsewhere",), depends_on=())])
    assert fault.severity is None


@pytest.mark.parametrize(
    ("upgrade", "quotes"),
    [
        ("op.execute(\"DO $$ BEGIN EXECUTE format('DROP TABLE %I', current_user); END $$\")", False),
        ("for row in op.get_bind().execute('SELECT 1'):\n    op.execute(f'DROP TABLE {row[0]}')", True),
    ],
)
def test_only_what_python_puts_together_is_told_of_quotes(upgrade: str, quotes: bool) -> None:
    (fault,) = faults("dynamic-sql", upgrade)
    assert ("a quote in what is put in" in fault.message) is quotes


@pytest.mark.parametrize(
    ("template", "name", "follows"),
    [
        ("%%(year)d%%(month).2d_%%(rev)s_%%(slug)s", "r0_start", "another place"),
        ("%%(year)d%%(month).2d_%%(rev)s_%%(slug)s", "202601_start", "does not find it"),
        ("%%(rev)s_%%(slug)s", "start", "does not find it"),
        ("v%%(epoch)d_%%(slug)s", "v1767225600", "does not find it"),
        ("v%%(epoch)d_%%(slug)s", "1767225600_start", "another place"),
    ],
)
def test_what_a_name_costs_that_is_not_the_templates(template: str, name: str, follows: str) -> None:
    ini = environment.read(
        Source("alembic.ini", f"[alembic]\nscript_location = v\nfile_template = {template}\n"), NoReading()
    )
    assert ini is not None
    made = replace(revision(0, INDEX), path=f"v/versions/{name}.py")
    repository = Repository(Files(), Policy("x"), [made, ini], ["migration", "alembic-environment"])
    check = import_module("runcrew_lint.checks.migrations.revision_file_name").check
    assert [follows in each.message for each in check(repository, Policy("x"))] == [True]


@pytest.mark.parametrize(("back", "mended"), [("server_default='b'", False), ("comment='b'", True)])
def test_a_default_that_downgrade_sets_itself_is_its_authors_to_mend(back: str, mended: bool) -> None:
    made = revision(0, 'op.create_table("runs", sa.Column("c", sa.Text(), server_default="a"))')
    up, down = (f'op.alter_column("runs", "c", {each})' for each in ("server_default='z'", back))
    undone = read(source_of(up, f"def downgrade():\n    {down}", path="v/r1.py"))
    changed = replace(undone, revision="r1", down_revisions=("r0",), create_date="2026-01-02")
    (fault,) = judged("downgrade-mismatch", [replace(made, one_way=True), changed])
    assert (fault.mend is not None) is mended


HELPER = "def send(sql):\n    with op.get_context().autocommit_block():\n        op.execute(sql)\n"
BUILD = 'send("CREATE INDEX CONCURRENTLY i ON t (a)")\n'
MOODS = (
    "op.execute(\"CREATE TYPE fast AS ENUM ('x', 'y'); CREATE TYPE slow AS ENUM ('x'); "
    'CREATE TABLE t (a fast)")\n'
)
DEFINER = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"


@pytest.mark.parametrize(
    ("rule", "later", "upgrade", "said"),
    [
        ("concurrently-in-transaction", HELPER, BUILD + BUILD.replace(" i ", " j "), []),
        ("concurrently-in-transaction", HELPER, BUILD.replace("(a)", "(a); ANALYZE t"), ["its text"]),
        ("concurrent-index-not-retryable", HELPER, 'send("DROP INDEX IF EXISTS i")\n' + BUILD, []),
        ("concurrent-index-not-retryable", HELPER, BUILD + 'send("DROP INDEX IF EXISTS i")', ["fails on it"]),
        (
            "concurrent-index-not-retryable",
            HELPER + "def later():\n    " + BUILD,
            'send("DROP INDEX IF EXISTS i")\nlater()',
            [],
        ),
        (
            "rename-column",
            "def later():\n    op.alter_column('t', 'b', new_column_name='c')\n",
            "op.alter_column('t', 'a', new_column_name='b')\nlater()",
            ["asks t for a, which is b now"],
        ),
        (
            "lock-table",
            "def later():\n    op.execute('COMMIT')\n",
            "op.execute('LOCK TABLE t')\nlater()",
            ["until its transaction is over"],
        ),
        (
            "security-definer-search-path",
            "def later():\n    op.execute('ALTER FUNCTION f() SET search_path = pg_catalog')\n",
            f'op.execute("{DEFINER}")\nlater()',
            [],
        ),
        (
            "nested-transaction",
            f"def later():\n    {INDEX}\n",
            "op.execute('COMMIT')\nlater()",
            ["is on its own"],
        ),
        (
            "backfill-with-ddl",
            f"def later():\n    {MOVES}",
            "op.execute('UPDATE runs SET c = 1')\nlater()",
            ["comes before its schema changes"],
        ),
        (
            "backfill-with-ddl",
            f"def later():\n    {MOVES}",
            "X(op)\nop.execute('UPDATE runs SET c = 1')\nlater()",
            [],
        ),
        (
            "type-json",
            "def later():\n    op.drop_table('u')\n",
            "op.create_table('u', sa.Column('a', sa.JSON()))\nlater()",
            [],
        ),
        (
            "type-change-narrows",
            "def later():\n    op.execute('ALTER TABLE t ALTER a TYPE slow USING a::text::slow')\n",
            "op.execute(\"UPDATE t SET a = 'x' WHERE a = 'y'\")\nlater()",
            [],
        ),
        (
            "type-change-narrows",
            "def earlier():\n    op.execute('ALTER TABLE t ALTER a TYPE slow USING a::text::slow')\n",
            "earlier()\nop.execute(\"UPDATE t SET a = 'x' WHERE a = 'y'\")",
            ["'y'"],
        ),
    ],
)
def test_what_comes_before_is_not_what_stands_above(
    rule: str, later: str, upgrade: str, said: list[str]
) -> None:
    found = faults(rule, MOODS, later + upgrade)
    assert [words in fault.message for fault, words in zip(found, said, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(
    ("words", "policy", "said"),
    [
        ("ENABLE", "", "whoever has no policy on t sees none of its rows"),
        ("ENABLE", "CREATE POLICY p ON t", "everyone sees of t only what its policies let through"),
        ("FORCE", "", "the owner of t sees none of its rows"),
        ("FORCE", "CREATE POLICY p ON t", "its owner, too, sees of t only what its policies let through"),
        ("DISABLE", "", "everyone who may read t sees all of its rows"),
        ("NO FORCE", "CREATE POLICY p ON t", "the owner of t sees all of its rows"),
    ],
)
def test_force_is_the_owners(words: str, policy: str, said: str) -> None:
    before = f"op.execute({policy!r})" if policy else "pass"
    changed = f"op.execute('ALTER TABLE t {words} ROW LEVEL SECURITY')"
    (fault,) = faults("enable-row-security", before, changed)
    assert fault.message == f"from this moment {said}"


@pytest.mark.parametrize(
    ("first", "count"),
    [("pass", 1), ("X(op)", 0), ("if X:\n        op.execute('DROP INDEX i')", 1)],
)
def test_what_a_downgrade_may_have_dropped_unseen_is_not_needed(first: str, count: int) -> None:
    made = (
        "op.execute('CREATE TABLE t (a int)')\n"
        "op.execute('CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()')"
    )
    text = f"{made}\n\ndef downgrade():\n    {first}\n    op.execute('DROP FUNCTION f()')"
    source = source_of(made, before="from m import X")
    body = text.split("\n\n", 1)[1]
    migration = replace(read(type(source)("v/r0.py", f"{source.text}\n\n{body}\n")), revision="r0")
    found = list(judged("downgrade-order", [migration]))
    assert [each.message for each in found] == [
        "function f can't be dropped while the trigger g of t needs it: the rollback stops"
    ] * count


@pytest.mark.parametrize(("table", "count"), [("alembic_version", 0), ("alembic_versions", 1)])
def test_nobody_waits_for_alembics_own_table(table: str, count: int) -> None:
    widened = f"op.alter_column('{table}', 'a', type_=sa.String(128), existing_type=sa.Integer())"
    assert len(faults("type-change-rewrites", widened)) == count
