"""`--history`: what a commit added is found though a later one took it out."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Done, said
from tests.generated import KINDS

VALUE = KINDS["hex-secret"](random.Random("history")).decode()
OTHER = KINDS["hex-secret"](random.Random("other")).decode()
TOKEN = KINDS["github-token"](random.Random("history")).decode()
CLEAN = 'import os\n\nJWT_SECRET = os.environ["JWT_SECRET"]\n'


class Folder:
    """A repository that a test writes commit by commit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")
        self.commit({"README.md": "a\n"})

    def git(self, *arguments: str) -> str:
        """What git says."""
        known = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *who, *arguments],
            cwd=self.root,
            env={**os.environ, **known},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, str | None]) -> str:
        """Writes files (None: takes one away) and commits them; the commit's id."""
        for path, text in files.items():
            file = self.root / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")
        return self.git("rev-parse", "HEAD")

    def lint(self, *arguments: str, form: str = "json") -> Done:
        """A run of the program."""
        given = ["--no-cache", "--policy", "runcrew", "--select", "secrets", "--format", form]
        return said(self.root, *given, *arguments)

    def told(self, *arguments: str) -> list[Any]:
        """Rule, path and line of each finding."""
        done = self.lint(*arguments)
        assert done.returncode in (0, 1), done.stderr
        return [(f["rule"], f["path"], f["line"]) for f in json.loads(done.stdout)["findings"]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "r")


def test_added_and_taken_out(folder: Folder) -> None:
    base = folder.git("rev-parse", "HEAD")
    bad = folder.commit({"app/settings.py": f'import os\n\nJWT_SECRET = "{VALUE}"\n', "x.py": "X = 1\n"})
    folder.commit({"app/settings.py": CLEAN})
    expected = [("secret-in-history", f"app/settings.py@{bad[:12]}", 3)]
    assert folder.told() == []
    assert folder.told(f"--history={base}..HEAD") == expected
    assert folder.told("--history") == expected
    assert folder.told("--history=HEAD~1..HEAD") == []
    assert folder.told(f"--history={base}..HEAD", "app") == expected
    assert folder.told(f"--history={base}..HEAD", "x.py") == []


def test_a_file_that_is_gone_and_a_token(folder: Folder) -> None:
    bad = folder.commit({"docs/a b.md": f"run\n\n    mirror {TOKEN}\n"})
    folder.commit({"docs/a b.md": None})
    assert folder.told("--history") == [("secret-in-history", f"docs/a b.md@{bad[:12]}", 3)]


def test_what_is_still_there_is_told_there(folder: Folder) -> None:
    folder.commit({"app/settings.py": f'JWT_SECRET = "{VALUE}"\n'})
    folder.commit({"app/settings.py": f'# moved\nJWT_SECRET = "{VALUE}"\n'})
    assert folder.told("--history") == [("secret-in-code", "app/settings.py", 2)]


def test_a_line_that_stood_there_before_the_range(folder: Folder) -> None:
    base = folder.commit({"app/settings.py": f'A = 1\nJWT_SECRET = "{VALUE}"\n'})
    folder.commit({"app/settings.py": f'A = 2\nJWT_SECRET = "{VALUE}"\n'})
    folder.commit({"app/settings.py": CLEAN})
    assert folder.told(f"--history={base}..HEAD") == []


def test_a_value_on_a_line_of_its_own_under_an_old_name(folder: Folder) -> None:
    text = "env:\n  - name: JWT_SECRET\n    value: {}\n"
    folder.commit({"k8s/app.yaml": text.format("$(X)")})
    bad = folder.commit({"k8s/app.yaml": text.format(VALUE)})
    folder.commit({"k8s/app.yaml": text.format("$(X)")})
    assert folder.told("--history") == [("secret-in-history", f"k8s/app.yaml@{bad[:12]}", 3)]


def test_a_merge_tells_what_its_resolution_added(folder: Folder) -> None:
    folder.commit({"a.py": "A = 1\n"})
    folder.git("checkout", "-q", "-b", "side")
    folder.commit({"a.py": "A = 2\n"})
    folder.git("checkout", "-q", "main")
    folder.commit({"a.py": "A = 3\n"})
    with pytest.raises(subprocess.CalledProcessError):
        folder.git("merge", "-q", "side")
    bad = folder.commit({"a.py": f'A = 4\nJWT_SECRET = "{OTHER}"\n'})
    folder.commit({"a.py": "A = 4\n"})
    assert folder.told("--history") == [("secret-in-history", f"a.py@{bad[:12]}", 2)]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "concise"])
def test_no_format_shows_it(folder: Folder, form: str) -> None:
    folder.commit({"app/settings.py": f'JWT_SECRET = "{VALUE}"\nPUSH_TOKEN = "{OTHER}"\n'})
    folder.commit({"app/settings.py": CLEAN})
    done = folder.lint("--history", form=form)
    assert "secret-in-history" in done.stdout
    assert not [value for value in (VALUE, OTHER) if value[4:12] in done.stdout + done.stderr]


@pytest.mark.parametrize("span", ["nowhere..HEAD", "--output=x", "-p"])
def test_a_range_that_is_none(folder: Folder, span: str) -> None:
    done = folder.lint(f"--history={span}")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert sorted(each.name for each in folder.root.iterdir()) == [".git", "README.md"]


def test_nothing_that_the_repository_configures_runs(folder: Folder, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    folder.git("config", "diff.external", f"touch {mark}")
    folder.git("config", "diff.noprefix", "true")
    folder.git("config", "diff.a.textconv", f"touch {mark};cat")
    bad = folder.commit({".gitattributes": "*.py diff=a\n", "a.py": f'JWT_SECRET = "{VALUE}"\n'})
    folder.commit({"a.py": "A = 1\n"})
    assert folder.told("--history") == [("secret-in-history", f"a.py@{bad[:12]}", 1)]
    assert not mark.exists()
