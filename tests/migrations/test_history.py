"""Which environment a revision belongs to, in which order they run, and what stands before each."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.migrations import environment
from runcrew_lint.domains.migrations.facts import Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import lineages_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.shelves import Shelves
from runcrew_lint.domains.migrations.statements import read as statements
from runcrew_lint.text import Source
from tests.migrations.reading import NoReading


def revision(name: str, *parents: str, path: str = "", sql: str = "", **fields: tuple[str, ...]) -> Migration:
    """A revision, and what its upgrade sends."""
    upgrade = tuple(each for each in statements(sql) if isinstance(each, Operation))
    return Migration(path or f"v/{name}.py", name, parents, upgrade=upgrade, **fields)  # type: ignore[arg-type]


def schema(*sql: str) -> Schema:
    """The schema after statements, each a revision called r0, r1, ..."""
    made = Schema()
    for number, text in enumerate(sql):
        for each in statements(text):
            assert isinstance(each, Operation)
            made = made.after(each, f"r{number}")
    return made


def _groups(paths: Iterable[str], *settings: tuple[str, str], **parents: str) -> list[list[str]]:
    """The paths of each environment's revisions; a revision is called like its path."""
    files = list(paths)
    facts = []
    for path, text in settings:
        fact = environment.read(Source(path, text), NoReading())
        assert fact is not None
        facts.append(fact)
    migrations = [
        revision(path, *([parents[path[-4]]] if path[-4] in parents else []), path=path)
        for path in files
        if path.endswith(".py") and not path.endswith("env.py")
    ]
    history = lineages_of(migrations, facts, files)
    return [[each.path for each in lineage.migrations] for lineage in history.lineages]


@pytest.mark.parametrize(
    ("ini", "versions"),
    [
        ("script_location = db", "x/db/versions"),
        ("script_location = ./db/", "x/db/versions"),
        ("script_location = %(here)s/db", "x/db/versions"),
        ("script_location = x/db", "x/db/versions"),
        ("script_location = app.core:db", "src/app/core/db/versions"),
        ("version_locations = %(here)s/a %(here)s/b", "x/b"),
        ("version_locations = %(here)s/a:%(here)s/b\nversion_path_separator = os  # os.pathsep", "x/b"),
        ("version_locations =\n  %(here)s/a\n  %(here)s/b\npath_separator = newline", "x/b"),
        ("version_locations = x/a, x/b", "x/b"),
        ("script_location = db\nversion_locations = %(script_location)s/more", "x/db/more"),
        ("", "x/versions"),
    ],
)
def test_a_location_of_an_ini_file(ini: str, versions: str) -> None:
    settings = ("x/alembic.ini", f"[alembic]\nfile_template = %%(rev)s\n{ini}\n[loggers]\nkeys = root\n")
    paths = ["other/versions/a.py", f"{versions}/b.py"]
    assert sorted(_groups(paths, settings)) == sorted([["other/versions/a.py"], [f"{versions}/b.py"]])
    fact = environment.read(Source(*settings), NoReading())
    assert fact is not None and len(fact.sections) == 1
    history = lineages_of([revision("b", path=f"{versions}/b.py")], [fact], [])
    assert history.lineages[0].name == "x/alembic.ini[alembic]"


def test_sections_of_one_ini_file_are_environments() -> None:
    ini = "[DEFAULT]\nscript_location = a\n[alembic]\n[tenant]\nscript_location = b\n[loggers]\nkeys = x\n"
    paths = ["a/versions/1.py", "b/versions/1.py", "c/versions/1.py"]
    assert _groups(paths, ("alembic.ini", ini)) == [
        ["a/versions/1.py"],
        ["b/versions/1.py"],
        ["c/versions/1.py"],
    ]


def test_settings_beside_env_py_may_be_counted_from_above() -> None:
    ini = Source("api/src/db/alembic.ini", "[alembic]\nscript_location = src/db\n")
    script = Source(
        "api/src/db/env.py", "context.configure(transaction_per_migration=True)\ncontext.run_migrations()\n"
    )
    facts = [found for each in (ini, script) if (found := environment.read(each, NoReading())) is not None]
    history = lineages_of([revision("a", path="api/src/db/versions/a.py")], facts, [])
    assert history.lineages[0].name == "api/src/db/alembic.ini[alembic]"
    assert [each.path for each in history.lineages[0].setups] == [ini.path, script.path]
    other = lineages_of([revision("a", path="api/other/versions/a.py")], facts[:1], [])
    assert other.lineages[0].name == "api/other/versions"
    between = environment.read(
        Source("api/src/alembic.ini", "[alembic]\nscript_location = db\n"), NoReading()
    )
    assert between is not None
    beside = lineages_of([revision("a", path="api/db/versions/a.py")], [between], [])
    assert beside.lineages[0].name == "api/db/versions"


def test_sections_that_share_their_script_location_have_versions_of_their_own() -> None:
    ini = "[DEFAULT]\nscript_location = m\n[main]\nversion_locations = m/main\n[static]\n"
    ini += "version_locations = m/static\n[loggers]\nkeys = x\n"
    paths = ["m/env.py", "m/main/1.py", "m/static/1.py"]
    assert _groups(paths, ("alembic.ini", ini)) == [["m/main/1.py"], ["m/static/1.py"]]


def test_pyproject() -> None:
    toml = '[tool.alembic]\nscript_location = "%(here)s/db"\nversion_locations = ["%(here)s/one", '
    toml += '"%(here)s/two"]\n'
    paths = ["x/one/a.py", "x/two/b.py", "x/three/c.py"]
    assert _groups(paths, ("x/pyproject.toml", toml)) == [["x/one/a.py", "x/two/b.py"], ["x/three/c.py"]]
    assert environment.read(Source("pyproject.toml", "[tool.x]\n"), NoReading()) is None


def test_without_settings_env_py_tells_and_then_the_folder() -> None:
    paths = ["m/env.py", "m/versions/a.py", "m/versions/2024/b.py", "n/c.py", "o/d.py"]
    assert _groups(paths) == [["m/versions/2024/b.py", "m/versions/a.py"], ["n/c.py"], ["o/d.py"]]


_INI = "[alembic]\nscript_location = m\n"
_PACKAGE = '[tool.alembic]\nscript_location = "m"\nrecursive_version_locations = '


@pytest.mark.parametrize(
    ("settings", "parents", "passed"),
    [
        (("alembic.ini", _INI), {}, ["m/versions/old"]),
        (("alembic.ini", f"{_INI}recursive_version_locations = true\n"), {}, []),
        (("pyproject.toml", f"{_PACKAGE}true\n"), {}, []),
        (("pyproject.toml", f"{_PACKAGE}false\n"), {}, ["m/versions/old"]),
        (("alembic.ini", f"{_INI}version_locations = m/versions m/versions/old\n"), {}, []),
        (("alembic.ini", "[alembic]\nversion_locations = app:versions\n"), {}, ["app/versions/old"]),
        # Revisions that rest on each other run together: code must have named the folder.
        (("alembic.ini", _INI), {"b": "a"}, []),
        (("alembic.ini", _INI), {"a": "b"}, []),
    ],
)
def test_alembic_opens_no_folder_in_a_location(
    settings: tuple[str, str], parents: dict[str, str], passed: list[str]
) -> None:
    fact = environment.read(Source(*settings), NoReading())
    assert fact is not None
    top = "app" if "app:" in settings[1] else "m"
    paths = {"a": f"{top}/versions/a.py", "b": f"{top}/versions/old/b.py", "c": f"{top}/versions/old/c.py"}
    needs = {"c": "b", **parents}
    migrations = [
        revision(each, *([needs[each]] if each in needs else []), path=path) for each, path in paths.items()
    ]
    history = lineages_of(migrations, [fact], paths.values())
    assert [each.folder for each in history.left] == passed
    assert sum(len(each.migrations) for each in history.lineages) == (1 if passed else 3)


def test_a_squash_under_the_name_of_an_old_revision_does_not_open_its_folder() -> None:
    fact = environment.read(Source("alembic.ini", _INI), NoReading())
    assert fact is not None
    migrations = [
        revision("a", path="m/versions/a.py"),
        revision("b", "a", path="m/versions/b.py"),
        revision("c", path="m/versions/legacy/c.py"),
        revision("a", "c", path="m/versions/legacy/a.py"),
    ]
    history = lineages_of(migrations, [fact], [each.path for each in migrations])
    assert [each.folder for each in history.left] == ["m/versions/legacy"]


def test_a_folder_is_passed_over_only_where_its_location_holds_revisions() -> None:
    fact = environment.read(Source("alembic.ini", _INI), NoReading())
    assert fact is not None
    for paths in (["m/versions/1/a.py", "m/versions/2/b.py"], ["m/versions/a.py", "m/versions/sqlite/b.py"]):
        history = lineages_of([revision(path[-4], path=path) for path in paths], [fact], paths)
        assert not history.left


def test_folders_that_are_named_for_databases_are_histories_of_their_own() -> None:
    paths = ["m/env.py", "m/versions/sqlite/a.py", "m/versions/postgresql/b.py", "m/versions/c.py"]
    migrations = [revision(path[-4], path=path) for path in paths[1:]]
    history = lineages_of(migrations, [], paths)
    assert {each.migrations[0].path: each.dialect for each in history.lineages} == {
        "m/versions/sqlite/a.py": "SQLite",
        "m/versions/postgresql/b.py": "postgresql",
        "m/versions/c.py": "",
    }
    assert [each.migrations[0].revision for each in history.postgres] == ["c", "b"]


def test_folders_that_name_each_other_belong_together() -> None:
    migrations = [
        revision("a", path="n/a.py"),
        revision("b", "a", path="o/b.py"),
        revision("c", path="p/c.py"),
    ]
    history = lineages_of(migrations, [], [])
    assert [[each.revision for each in lineage.migrations] for lineage in history.lineages] == [
        ["a", "b"],
        ["c"],
    ]


def test_order_heads_and_what_is_missing() -> None:
    lineage = Lineage(
        "x",
        (
            revision("d", "b", "c"),
            revision("c", "a"),
            revision("b", "a"),
            revision("a"),
            revision("e", "gone", depends_on=("d",)),
            revision("f", branch_labels=("side",)),
            revision("g", "d", depends_on=("side",)),
        ),
    )
    order = [each.revision for each in lineage.order]
    assert sorted(order) == list("abcdefg")
    for after, before in ("ba", "ca", "db", "dc", "ed", "gd", "gf"):
        assert order.index(after) > order.index(before)
    assert [each.revision for each in lineage.heads] == ["e", "f", "g"]
    assert [(each.revision, *rest) for each, *rest in lineage.missing] == [("e", "gone", "down_revision")]
    assert lineage.up_to("d") == frozenset("abcd")
    assert lineage.up_to("nowhere") == frozenset()
    assert [each.revision for each in lineage.judged("d")] == [each for each in order if each not in "abcd"]


def test_a_cycle_ends() -> None:
    lineage = Lineage("x", (revision("a", "b"), revision("b", "a"), revision("c")))
    assert [each.revision for each in lineage.order] == ["c", "a", "b"]
    assert lineage.branch_of("a") == frozenset()


def test_the_schema_before_each_revision_and_step() -> None:
    first = revision("a", sql="CREATE TABLE runs (id int)")
    second = revision("b", "a", sql="ALTER TABLE runs ADD b int; ALTER TABLE runs ADD c int")
    lineage = Lineage("x", (second, first))
    runs = Relation("", "runs")
    assert lineage.before("a").table(runs) is None
    before = lineage.before("b").table(runs)
    assert before is not None and (before.made_in, sorted(before.columns)) == ("a", ["id"])
    seen = [sorted(table.columns) for _, each in lineage.steps(second) if (table := each.table(runs))]
    assert seen == [["id"], ["b", "id"]]


def test_tables_and_columns_are_replayed() -> None:
    made = schema(
        "CREATE TABLE users (id int PRIMARY KEY, a text, b text NOT NULL); CREATE INDEX ix ON users (a)",
        "COMMENT ON COLUMN public.users.a IS 'deprecated: 2026-01-01'; ALTER TABLE users RENAME a TO c",
        "ALTER TABLE users ALTER b DROP NOT NULL, ALTER c SET DEFAULT 1, ALTER id TYPE bigint",
        "ALTER TABLE users RENAME TO people; ALTER INDEX ix RENAME TO iy; COMMENT ON COLUMN people.c IS 'x'",
        "CREATE TABLE IF NOT EXISTS people (z int); CREATE TABLE gone (a int); DROP TABLE gone",
    )
    people = made.table(Relation("public", "people"))
    assert people is not None and people.made_in == "r0"
    assert sorted(people.columns) == ["b", "c", "id"]
    assert people.columns["b"].column.nullable and not people.columns["id"].column.nullable
    assert (people.columns["c"].column.default, people.columns["id"].column.type) == ("1", "bigint")
    assert (people.columns["c"].column.comment, people.columns["c"].comment_in) == ("x", "r3")
    assert made.table(Relation("", "users")) is None and made.table(Relation("", "gone")) is None
    assert made.table_of_index(Relation("", "iy")) == Relation("", "people")
    assert made.table_of_index(Relation("", "ix")) is None


def test_a_table_that_no_operation_made_exists() -> None:
    made = schema("ALTER TABLE s.old ADD a int", "COMMENT ON COLUMN s.old.b IS 'x'")
    old = made.table(Relation("s", "old"))
    assert old is not None and old.made_in == ""
    assert old.columns["b"].column.unknown == ("*",) and old.columns["b"].comment_in == "r1"


@pytest.mark.parametrize(
    ("sql", "emptied_in"),
    [
        ((), "r0"),
        (("DELETE FROM a",), "r1"),
        (("DELETE FROM a", "INSERT INTO a VALUES (1)"), ""),
        (("INSERT INTO a VALUES (1)", "DELETE FROM a WHERE b > 1"), ""),
        (("INSERT INTO a VALUES (1)", "TRUNCATE a"), "r2"),
    ],
)
def test_a_table_without_rows(sql: tuple[str, ...], emptied_in: str) -> None:
    table = schema("CREATE TABLE a (b int)", *sql).table(Relation("", "a"))
    assert table is not None and table.emptied_in == emptied_in


def test_a_change_shares_all_shelves_but_one() -> None:
    shelves: Shelves[int, int] = Shelves()
    for number in range(10_240):
        shelves = shelves.put(number, number)
    after = shelves.put(7, 0)
    rooms = [pair for pair in zip(shelves._rooms, after._rooms, strict=True) if pair[0] is not pair[1]]
    assert len(rooms) == 1
    fresh = [new for old, new in zip(*rooms[0], strict=True) if old is not new]
    assert [len(shelf) for shelf in fresh] == [10]


@given(st.lists(st.tuples(st.sampled_from(["put", "without"]), st.integers(0, 200), st.integers())))
def test_shelves_are_a_map_that_never_changes(changes: list[tuple[str, int, int]]) -> None:
    shelves: Shelves[int, int] = Shelves()
    model: dict[int, int] = {}
    for change, key, value in changes:
        before = dict(shelves.items())
        after = shelves.put(key, value) if change == "put" else shelves.without(key)
        assert dict(shelves.items()) == before
        shelves = after
        if change == "put":
            model[key] = value
        else:
            model.pop(key, None)
        assert dict(shelves.items()) == model
        assert shelves.get(key) == model.get(key)
