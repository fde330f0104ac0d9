"""What a repository says is no command to the log of the job that lints it, nor to what draws a picture."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from runcrew_lint.engine.baseline import FILE
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.hostile.sayings import commands

pytestmark = pytest.mark.usefixtures("git")

# The older form is heard anywhere in a line: the rest of a log falls silent, or a letter of it is masked.
OLD = "##[stop-commands]x"
NEW = "::add-mask::e"
DIRECTIVE = "%%{init: {'themeCSS': '* {display: none}'}}%%"
WORDS = f"{OLD} {DIRECTIVE} <b>"
FILES = {
    f"{NEW}/Dockerfile": f"FROM python:latest\n{NEW}\nRUN apt-get install {OLD}\n",
    f"a\n{NEW}/Dockerfile": "FROM python:latest\n",
    f"{OLD}/Dockerfile": f"FROM python:latest\n  {NEW}\nRUN sudo {OLD}\n",
    ".github/workflows/a.yml": (
        f'on: push\njobs:\n  "a {WORDS}":\n    name: "{WORDS}"\n    runs-on: x\n    steps:\n'
        f'      - run: |\n          eas update --branch "{WORDS}"\n          {NEW}\n'
        "          alembic upgrade head\n"
    ),
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/versions/a.py": (
        f'"""{WORDS}"""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = "a{WORDS}"\n'
        "down_revision = None\n\n\ndef upgrade():\n"
        f'    op.create_table("t{WORDS}", sa.Column("{WORDS}", sa.Integer), sa.Column("n", sa.Integer))\n'
        f'    op.drop_table("{NEW}")\n\n\ndef downgrade():\n    pass\n'
    ),
    ".env.example": f"A{OLD}=1\n{NEW}='\n",
    "z.py": f"# runcrew-lint: ignore[nothing{OLD}] until=2020-01-01 {OLD}\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository_from(FILES, tmp_path_factory.mktemp("hostile") / "root")


def heard(text: str) -> list[str]:
    """The commands of a repository that a runner takes out of a log (actions/runner, ActionCommand.cs)."""
    return [
        line
        for line in re.split(r"\r\n|\r|\n", text)
        if re.match(r"\s*::(?!(?:error|warning|notice) |group::|endgroup::)[^:]*::", line)
        or ("##[" in line and not line.startswith("::"))
    ]


@pytest.mark.parametrize("command", [each for each in commands() if "--diff" not in each], ids=" ".join)
def test_no_log_hears_a_command(root: Path, command: list[str]) -> None:
    done = said(root, *command)
    (root / FILE).unlink(missing_ok=True)  # a baseline would hold back what the others are to say
    assert done.returncode in (0, 1), done.stderr
    assert heard(done.stdout) == heard(done.stderr) == []


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "rdjson"])
def test_who_decodes_a_report_reads_what_stood_there(root: Path, form: str) -> None:
    assert OLD in json.dumps(json.loads(said(root, "check", "--format", form).stdout))


@pytest.mark.parametrize("form", ["junit", "html"])
def test_and_so_does_who_draws_it(root: Path, form: str) -> None:
    assert OLD in html.unescape(said(root, "check", "--format", form).stdout)


PATCH = ("check", "--diff", "--unsafe-fixes")
JOB = ".github/workflows/a.yml"


@pytest.fixture
def mendable(tmp_path: Path) -> Path:
    """A patch of this one applies: nothing in it is hidden as a secret's value."""
    return repository_from({JOB: FILES[JOB].replace(NEW, "date")}, tmp_path / "root")


def test_a_patch_stands_between_words_and_stays_one(mendable: Path) -> None:
    """In a job alone; the word is another each time, so that nobody can end it early."""
    patch = said(mendable, *PATCH).stdout
    assert heard(patch), "a patch says what stands there"
    told = [said(mendable, *PATCH, GITHUB_ACTIONS="true").stdout for _ in range(2)]
    assert told[0] != told[1]
    for text in told:
        first, *lines, last = text.splitlines(keepends=True)
        word = first.removeprefix("::stop-commands::").strip()
        assert re.fullmatch("[0-9a-f]{32}", word)
        assert last == f"::{word}::\n"
        assert "".join(lines) == patch
        subprocess.run(["git", "apply", "--check", "-"], cwd=mendable, input=text.encode(), check=True)


def test_a_patch_in_a_file_is_a_patch_alone(mendable: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "GITHUB_ACTIONS": "true", "RUNCREW_LINT_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "runcrew_lint.cli.main", *PATCH]
    with (tmp_path / "patch").open("wb") as file:
        subprocess.run(command, cwd=mendable, stdout=file, env=environment, check=False)
    assert (tmp_path / "patch").read_text() == said(mendable, *PATCH).stdout


@pytest.mark.parametrize(
    "command", [["check", f"a{OLD}"], ["schema", "--at", OLD], ["explain", OLD], [f"a{OLD}"]]
)
def test_nor_where_it_is_wrong(root: Path, command: list[str]) -> None:
    done = said(root, *command)
    assert done.stderr
    assert heard(done.stdout) == heard(done.stderr) == []


@pytest.mark.parametrize("command", ["map", "schema", "migrations"])
def test_no_picture_obeys_a_name(root: Path, command: str) -> None:
    """Mermaid looks for its directives everywhere, within names as well."""
    drawn = said(root, command, "--format", "mermaid").stdout
    assert "stop-commands" in drawn
    assert "%%{" not in drawn
    assert "<b>" not in drawn
