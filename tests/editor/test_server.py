"""`runcrew-lint server`, driven as an editor drives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.client import Client

WORKFLOW = """\
name: Release
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  build:
    name: 빌드 🚀
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: ./.github/actions/prepare
      - run: eas build -p ios --profile production --non-interactive --no-wait
"""
ACTION = """\
name: Prepare
description: Does nothing
runs:
  using: composite
  steps: []
"""
EAS = '{"cli": {"appVersionSource": "remote"}, "build": {"production": {"channel": "production"}}}\n'
DOCKERFILE = "FROM python:3.12-slim\nUSER app\n"
AGED = "FROM python:3.12-slim\nMAINTAINER 홍🚀길동\nUSER app\nCMD python app.py\n"
COMPOSE = """\
services:
  앱🚀: {build: {context: app, dockerfile: web.Dockerfile}, env_file: .env.example}
"""
FIRST = '''\
"""runs

Create Date: 2026-01-05 10:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("runs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime))
    op.create_index("ix_runs_id", "runs", ["id"])


def downgrade() -> None:
    op.drop_table("runs")
'''
SECOND = '''\
"""an index

Create Date: 2026-01-06 10:00:00
"""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_index("ix_runs_at", "runs", ["at"])


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_index("ix_runs_at", "runs")
'''
FILES = {
    ".runcrew-lint.yaml": "extends: recommended\npostgres: 16\n",
    ".gitignore": "dist/\n",
    ".github/workflows/release.yml": WORKFLOW,
    ".github/actions/prepare/action.yml": ACTION,
    "eas.json": EAS,
    "app/web.Dockerfile": DOCKERFILE,
    ".env.example": "NAME=\n",
    "compose.yaml": COMPOSE,
    "alembic/env.py": "from alembic import context\n",
    "alembic/versions/0001_runs.py": FIRST,
    "alembic/versions/0002_index.py": SECOND,
}


def repository(folder: Path, files: dict[str, str]) -> Path:
    """A repository of these files."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository that is open."""
    return repository(tmp_path_factory.mktemp("editor") / "repository", FILES)


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Client]:
    """The server that all tests of this module ask."""
    client = Client(place.parent / "cache")
    client.start(place)
    yield client
    assert client.stop() == 0


def asked(client: Client, what: str, file: Path, **more: Any) -> Any:
    """What a request about a file answers."""
    return client.ask(f"textDocument/{what}", {"textDocument": {"uri": file.as_uri()}, **more})


def at(line: int, character: int) -> dict[str, int]:
    """A position."""
    return {"line": line, "character": character}


def actions(client: Client, file: Path, *only: str) -> list[dict[str, Any]]:
    """The code actions of a whole file."""
    context = {"diagnostics": [], **({"only": list(only)} if only else {})}
    found: list[dict[str, Any]] = asked(
        client, "codeAction", file, range={"start": at(0, 0), "end": at(9999, 0)}, context=context
    )
    return found


def made(text: str, edits: list[dict[str, Any]]) -> str:
    """A text with the edits of a client that counts in UTF-16."""
    units = text.encode("utf-16-le")
    lines = [0]
    lines += [index + 2 for index in range(0, len(units), 2) if units[index : index + 2] == b"\n\0"]

    def offset(position: dict[str, int]) -> int:
        return lines[position["line"]] + 2 * position["character"]

    for edit in sorted(edits, key=lambda each: -offset(each["range"]["start"])):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        units = units[:start] + edit["newText"].encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


def test_it_says_what_it_can_do(place: Path) -> None:
    client = Client(place.parent / "cache")
    able = client.start(place)["capabilities"]
    assert able["textDocumentSync"]["change"] == 1
    assert able["hoverProvider"] and able["documentLinkProvider"]
    assert able["codeActionProvider"]["codeActionKinds"] == ["quickfix", "source.fixAll.runcrew-lint"]
    client.until(lambda: bool(client.registered))
    assert client.registered == ["workspace/didChangeWatchedFiles"]
    assert client.stop() == 0


def test_an_unsaved_file_changes_the_findings_of_another(server: Client, place: Path) -> None:
    workflow, eas = place / ".github/workflows/release.yml", place / "eas.json"
    server.open(workflow)
    assert server.rules(workflow, 1) == []
    server.open(eas, EAS.replace('"production": {', '"live": {'))
    server.until(lambda: bool(server.shown(workflow)))
    (found,) = server.shown(workflow)
    assert found["code"] == "delivery-unknown-profile"
    assert found["severity"] == 1
    assert found["source"] == "runcrew-lint"
    assert found["codeDescription"]["href"].endswith("/docs/rules/delivery-unknown-profile.md")
    assert found["range"] == {"start": at(13, 13), "end": at(13, 78)}
    assert eas.as_uri() in [each["location"]["uri"] for each in found["relatedInformation"]]
    server.close(workflow)  # a file that is not open shows what the open one does to it
    server.close(eas)
    server.until(lambda: not server.shown(workflow) and not server.shown(eas))
    server.open(eas, EAS.replace('"production": {', '"live": {'))
    server.until(lambda: bool(server.shown(workflow)))
    assert "version" not in server.diagnostics[workflow.as_uri()]
    server.close(eas)
    server.until(lambda: not server.shown(workflow))


def test_columns_are_those_of_the_editor(server: Client, place: Path) -> None:
    file = place / "app/web.Dockerfile"
    server.open(file, AGED)
    found = {each["code"]: each for each in server.shown(file, 1)}
    assert found["maintainer-deprecated"]["range"]["end"] == at(1, 16)
    assert found["maintainer-deprecated"]["tags"] == [2]
    (action,) = [each for each in actions(server, file) if "maintainer-deprecated" in each["title"]]
    assert action["isPreferred"]
    assert action["kind"] == "quickfix"
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": file.as_uri(), "version": 1}
    mended = made(AGED, change["edits"])
    assert '"홍🚀길동"' in mended
    server.change(file, mended, 2)
    assert "maintainer-deprecated" not in server.rules(file, 2)
    server.close(file)


def test_all_safe_fixes_of_a_file_at_once(server: Client, place: Path) -> None:
    file = place / "app/web.Dockerfile"
    server.open(file, AGED)
    assert {each["kind"] for each in actions(server, file)} == {"quickfix", "source.fixAll.runcrew-lint"}
    (action,) = actions(server, file, "source.fixAll")
    assert actions(server, file, "refactor") == []
    (change,) = action["edit"]["documentChanges"]
    server.change(file, made(AGED, change["edits"]), 2)
    server.shown(file, 2)
    assert actions(server, file, "source.fixAll") == []
    server.close(file)


def test_an_unsafe_fix_says_so_and_may_make_a_file(server: Client, place: Path) -> None:
    file = place / "alembic/versions/0002_index.py"
    server.open(file)
    assert "index-not-concurrent" in server.rules(file, 1)
    column = "    op.add_column('runs', sa.Column('to', sa.Text))\n"
    late = (
        SECOND.replace("    op.execute(\"SET lock_timeout = '5s'\")\n", "")
        .replace("from alembic", "import sqlalchemy as sa\nfrom alembic")
        .replace("    op.create", f"{column}    op.create")
        .replace('["at"]', '["to"]')
    )
    server.change(file, late, 2)
    server.shown(file, 2)
    (action,) = [
        each for each in actions(server, file, "quickfix") if "index-not-concurrent" in each["title"]
    ]
    assert action["title"].startswith("Unsafe: ")
    assert not action["isPreferred"]
    create, fill, change = action["edit"]["documentChanges"]
    assert create["kind"] == "create"
    assert create["uri"] == fill["textDocument"]["uri"] != file.as_uri()
    assert fill["textDocument"]["version"] is None
    assert "postgresql_concurrently=True" in fill["edits"][0]["newText"]
    assert change["textDocument"] == {"uri": file.as_uri(), "version": 2}
    assert "create_index" not in made(late, change["edits"])
    server.close(file)


def test_hover_tells_the_rule_and_the_locks(server: Client, place: Path) -> None:
    file = place / "alembic/versions/0002_index.py"
    server.open(file)
    told = asked(server, "hover", file, position=at(12, 8))
    words = told["contents"]["value"]
    assert "**index-not-concurrent** (error)" in words
    assert "docs/rules/index-not-concurrent.md" in words
    assert "| `runs` | SHARE | writes |" in words
    assert "reads all rows of `runs`" in words
    assert told["range"]["start"] == at(12, 4)
    assert asked(server, "hover", file, position=at(0, 1)) is None
    made_here = place / "alembic/versions/0001_runs.py"
    server.open(made_here)
    assert "It locks no table" in asked(server, "hover", made_here, position=at(12, 8))["contents"]["value"]
    assert "it is made here" in asked(server, "hover", made_here, position=at(13, 8))["contents"]["value"]
    server.close(file)
    server.close(made_here)


@pytest.mark.parametrize(
    ("path", "links"),
    [
        (
            ".github/workflows/release.yml",
            [
                (at(12, 14), ".github/actions/prepare/action.yml", ""),
                (at(13, 40), "eas.json", "#L1"),
            ],
        ),
        ("compose.yaml", [(at(1, 42), "app/web.Dockerfile", ""), (at(1, 69), ".env.example", "")]),
    ],
)
def test_links(server: Client, place: Path, path: str, links: list[tuple[dict[str, int], str, str]]) -> None:
    file = place / path
    server.open(file)
    found = asked(server, "documentLink", file)
    expected = [(start, (place / target).as_uri() + line) for start, target, line in links]
    assert [(each["range"]["start"], each["target"]) for each in found] == expected
    server.close(file)


def test_only_the_newest_text_is_told_of(server: Client, place: Path) -> None:
    file = place / "app/web.Dockerfile"
    server.open(file)
    server.shown(file, 1)
    before = len(server.published)
    for version in range(2, 30):
        server.change(file, AGED if version % 2 else DOCKERFILE, version)
    assert "maintainer-deprecated" in server.rules(file, 29)
    server.listen(1)
    told = [each["version"] for each in server.published[before:] if each["uri"] == file.as_uri()]
    assert told[-1] == 29
    assert told == sorted(told)
    assert len(told) < 5
    server.close(file)


def test_a_mistake_in_the_policy_stands_in_the_policy(server: Client, place: Path) -> None:
    policy, file = place / ".runcrew-lint.yaml", place / "app/web.Dockerfile"
    server.open(file, AGED)
    assert server.rules(file, 1)
    server.open(policy, "extends: recommended\npostgress: 16\n")
    server.until(lambda: bool(server.shown(policy)))
    (found,) = server.shown(policy)
    assert found["range"]["start"] == at(1, 0)
    assert "postgress" in found["message"]
    assert server.shown(file) == []  # nothing is judged by a policy that does not read
    server.change(policy, "extends: recommended\nrules: {ignore: [maintainer-deprecated]}\n", 2)
    server.until(lambda: not server.shown(policy))
    assert "maintainer-deprecated" not in server.rules(file)  # and what is typed in it counts at once
    server.close(policy)
    server.close(file)


def test_what_changes_on_the_disk_counts(server: Client, place: Path) -> None:
    workflow, eas = place / ".github/workflows/release.yml", place / "eas.json"
    server.open(workflow)
    assert server.rules(workflow, 1) == []
    eas.write_text(EAS.replace('"production": {', '"live": {'))
    server.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": eas.as_uri(), "type": 2}]})
    server.until(lambda: bool(server.shown(workflow)))
    eas.write_text(EAS)
    server.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": eas.as_uri(), "type": 2}]})
    server.until(lambda: not server.shown(workflow))
    server.close(workflow)


def test_what_git_ignores_is_not_linted(server: Client, place: Path) -> None:
    file = place / "dist/Dockerfile"
    file.parent.mkdir(exist_ok=True)
    file.write_text(AGED)
    server.open(file)
    assert server.rules(file, 1) == []
    server.close(file)
    new = place / "other/Dockerfile"  # and what is not there yet is
    server.open(new, AGED)
    assert "maintainer-deprecated" in server.rules(new, 1)
    server.close(new)


def test_several_repositories_and_none(server: Client, place: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"Dockerfile": AGED})
    server.open(other / "Dockerfile")
    assert "maintainer-deprecated" in server.rules(other / "Dockerfile", 1)
    mine = place / "app/web.Dockerfile"
    server.open(mine, AGED)
    assert "maintainer-deprecated" in server.rules(mine, 1)
    alone = tmp_path / "Dockerfile"
    alone.write_text(AGED)
    server.open(alone)
    server.until(lambda: any(alone.as_uri() in line for line in server.logged))
    assert alone.as_uri() not in server.diagnostics
    assert asked(server, "hover", alone, position=at(1, 1)) is None
    for file in (other / "Dockerfile", mine, alone):
        server.close(file)


BROKEN = """
from runcrew_lint.cli import main
from runcrew_lint.engine import judge

def check_of(rule, _found=judge.check_of):
    if rule.name == "maintainer-deprecated":
        return lambda *_, **__: 1 / 0
    return _found(rule)

judge.check_of = check_of
main.main()
"""


def test_a_rule_that_fails_is_a_line_of_the_log(place: Path) -> None:
    client = Client(place.parent / "cache", (sys.executable, "-c", BROKEN, "server"))
    client.start(place)
    file = place / "app/web.Dockerfile"
    client.open(file, AGED)
    rules = client.rules(file, 1)
    assert rules
    assert "rule-crashed" not in rules
    assert any("maintainer-deprecated" in line and "ZeroDivisionError" in line for line in client.logged)
    client.change(file, DOCKERFILE, 2)
    client.shown(file, 2)
    assert client.stop() == 0
