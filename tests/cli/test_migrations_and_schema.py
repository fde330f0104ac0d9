"""`runcrew-lint migrations` and `runcrew-lint schema`: what a person and a program get from a history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import said

FIRST = """
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
op.create_table(
    "runs",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("state", sa.Enum("open", "over", name="state"), server_default="open"),
)
"""
HISTORY = {
    "a1f0": ((), FIRST),
    "b2f0": (("a1f0",), 'op.create_index(None, "runs", ["user_id"])'),
    "c3f0": (("a1f0",), 'op.alter_column("users", "name", nullable=False)'),
    "d4f0": (
        ("b2f0", "c3f0"),
        'op.execute("CREATE VIEW names AS SELECT name FROM users; ALTER TABLE runs SET (fillfactor = 90)")',
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A history of four revisions with a branch."""
    folder = tmp_path / "repository"
    versions = folder / "alembic" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic" / "env.py").write_text("from alembic import context\n")
    for name, (parents, body) in HISTORY.items():
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        (versions / f"{name}.py").write_text(
            f'"""Step {name}"""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{name}"\n'
            f"down_revision = {parents or None!r}\n\n\ndef upgrade():\n{lines}\n"
        )
    return folder


def test_the_list_has_the_graph_and_the_locks(folder: Path) -> None:
    done = said(folder, "migrations")
    assert done.returncode == 0 and done.stderr == ""
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[0] == "alembic: 4 revisions, head d4f0; locks of PostgreSQL 16"
    assert [line[:8].rstrip() for line in lines[2:]] == [
        "*    d4f",
        "|\\",
        "| *  c3f",
        "* |  b2f",
        "|/",
        "*    a1f",
    ]
    assert lines[2].endswith("SHARE UPDATE EXCLUSIVE on runs; ACCESS SHARE on users")
    assert lines[4].endswith("ACCESS EXCLUSIVE on users; scans it")
    assert lines[5].endswith("SHARE on runs; scans it")
    assert lines[7].endswith("creates users, runs")


def test_the_list_as_data(folder: Path) -> None:
    (history,) = json.loads(said(folder, "migrations", "--format", "json").stdout)["histories"]
    assert history["heads"] == ["d4f0"]
    found = {each["revision"]: each for each in history["revisions"]}
    assert found["c3f0"]["lock"] == "ACCESS EXCLUSIVE" and found["c3f0"]["blocks"] == "reads and writes"
    assert found["d4f0"]["locks"] == {"runs": "SHARE UPDATE EXCLUSIVE", "users": "ACCESS SHARE"}
    assert found["d4f0"]["parents"] == ["b2f0", "c3f0"]
    assert found["a1f0"]["creates"] == ["users", "runs"] and found["a1f0"]["lock"] is None


def test_the_graph_for_mermaid(folder: Path) -> None:
    lines = said(folder, "migrations", "--format", "mermaid").stdout.splitlines()
    assert lines[1] == "flowchart BT"
    assert len([line for line in lines if "-->" in line]) == 4


def test_the_schema_as_text(folder: Path) -> None:
    done = said(folder, "schema")
    assert done.returncode == 0
    assert done.stdout == (
        "alembic at d4f0: 2 tables, 1 view, 1 type\n"
        "\n"
        "names  view, made in d4f0\n"
        "  reads users\n"
        "\n"
        "runs  made in a1f0\n"
        "  id       integer  not null  default nextval('runs_id_seq'::regclass)\n"
        "  user_id  integer  not null\n"
        "  state    state              default 'open'\n"
        "  primary key runs_pkey (id)\n"
        "  foreign key runs_user_id_fkey (user_id) -> users (id) on delete cascade\n"
        "  index ix_runs_user_id (user_id)\n"
        "\n"
        "users  made in a1f0\n"
        "  id    integer  not null  default nextval('users_id_seq'::regclass)\n"
        "  name  text     not null\n"
        "  primary key users_pkey (id)\n"
        "  referenced by runs\n"
        "  read by names\n"
        "\n"
        "enum state: open, over\n"
    )


def test_of_a_view_nobody_expects_every_column(folder: Path) -> None:
    """Of a table that the history does not make it is said."""
    odd = folder / "alembic/versions/d4f0.py"
    text = odd.read_text().replace(
        "SELECT name FROM users;", "SELECT * FROM others; CREATE INDEX ON others (a);"
    )
    odd.write_text(text)
    headings = [line for line in said(folder, "schema").stdout.splitlines() if "made in" in line]
    assert headings[:2] == [
        "names  view, made in d4f0",
        "others  not made in this history, not all columns are known",
    ]


def test_revisions_of_any_length_stand_in_columns(folder: Path) -> None:
    last = folder / "alembic/versions/d4f0.py"
    last.write_text(last.read_text().replace('revision = "d4f0"', 'revision = "d4f0_names"'))
    lines = [line for line in said(folder, "migrations").stdout.splitlines() if "Step" in line]
    assert len(lines) == 4
    assert len({line.index("Step") for line in lines}) == 1


def test_the_schema_at_a_revision_holds_what_it_rests_on(folder: Path) -> None:
    done = said(folder, "schema", "--at", "b2f0", "--format", "json")
    (history,) = json.loads(done.stdout)["histories"]
    tables = {each["name"]: each for each in history["tables"]}
    assert history["revision"] == "b2f0" and sorted(tables) == ["runs", "users"]
    assert tables["users"]["columns"][1]["nullable"] is True
    assert [each["name"] for each in tables["runs"]["indexes"]] == ["runs_pkey", "ix_runs_user_id"]
    assert tables["runs"]["indexes"][1] == {
        "name": "ix_runs_user_id",
        "keys": ["user_id"],
        "unique": False,
        "using": "btree",
        "where": None,
        "include": [],
        "constraint": None,
        "valid": True,
        "made_in": "b2f0",
    }
    assert tables["users"]["referenced_by"] == ["runs"]


def test_the_schema_for_mermaid(folder: Path) -> None:
    text = said(folder, "schema", "--format", "mermaid").stdout
    assert "        integer user_id FK\n" in text
    assert '    users ||--o{ runs : "user_id"\n' in text


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ("d4f1", "runcrew-lint: there is no revision d4f1"),
        ("zzzz", "runcrew-lint: there is no revision zzzz"),
    ],
)
def test_a_revision_that_is_not_there(folder: Path, at: str, line: str) -> None:
    done = said(folder, "schema", "--at", at)
    assert done.returncode == 2 and done.stderr.startswith(line)


def test_a_repository_without_migrations(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    for command in ("schema", "migrations"):
        assert said(tmp_path / "repository", command).stdout == "no migrations were found\n"
