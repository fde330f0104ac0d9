"""No module that lies in a repository is imported, however the linter is started in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.checkout import ROOT
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

# Modules that Python, the linter or a library of its would import, were they found here.
_NAMES = (
    *("sitecustomize", "usercustomize", "conftest", "runcrew_lint", "yaml", "libcst", "click", "jsonschema"),
    *(
        "jsonschema_rs",
        "tree_sitter",
        "ahocorasick_rs",
        "sqlite3",
        "json",
        "ast",
        "tempfile",
        "pip",
        "venv",
        "uuid",
    ),
)


def planted(folder: Path) -> tuple[Path, Path]:
    """A repository full of modules that leave a mark when they are imported; and the mark."""
    ran = folder / "ran"
    trap = f"open({str(ran)!r}, 'a').write(__name__ + ' ')\n"
    revision = 'from alembic import op\nrevision = "a"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'
    files = {
        **{f"{name}.py": trap for name in _NAMES},
        **{f"{name}/__init__.py": trap for name in _NAMES},
        "runcrew_lint/__main__.py": trap,
        "runcrew_lint/cli/main.py": trap,
        "alembic.ini": "[alembic]\nscript_location = alembic\n",
        "alembic/env.py": trap,
        "alembic/versions/a_x.py": revision + trap,
        "setup.py": trap,
        "pyproject.toml": "[tool.runcrew-lint]\npostgres = 16\n",
        "Dockerfile": "FROM python:latest\nUSER a\n",
        "eas.json": "{}",
        ".github/workflows/a.yml": "on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n",
    }
    return repository_from(files, folder / "root"), ran


SCRIPT = "import sys; from runcrew_lint.console import main; sys.exit(main())\n"


@pytest.mark.parametrize(
    "arguments", ["check --fix --unsafe-fixes --jobs 2", "check --history --staged", "map", "migrations"]
)
def test_the_console_script_imports_nothing_of_it(tmp_path: Path, arguments: str) -> None:
    """pip's console script begins Python's path with the folder that it lies in, as this one does."""
    root, ran = planted(tmp_path)
    script = tmp_path / "bin" / "runcrew-lint"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if "site-packages" not in click.__path__[0]:
        pytest.skip("the libraries lie in no site-packages")
    if not _is_installed():
        environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, str(script), *arguments.split(), "--cache-dir", str(tmp_path / "cache")],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    assert not ran.exists(), ran.read_text()


def _is_installed() -> bool:
    """Whether a Python that starts elsewhere finds the linter."""
    asked = [sys.executable, "-I", "-c", "import runcrew_lint"]
    return subprocess.run(asked, capture_output=True).returncode == 0


def test_there_is_no_module_to_run() -> None:
    """`python -m` begins Python's path with the current folder: the repository's own module would run."""
    assert not (ROOT / "runcrew_lint/__main__.py").exists()
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        assert (
            "python -m runcrew_lint" not in document.read_text(encoding="utf-8")
            or document.name == "security.md"
        )


def test_the_action_starts_python_isolated() -> None:
    """Its steps run in the checkout: without -I a `pip.py` that lies there would be imported."""
    started = re.findall(r"(?:\$PYTHON|bin/python)\"(?P<rest>[^\n]*)", (ROOT / "action.yml").read_text())
    assert started
    assert all(rest.startswith(" -I ") for rest in started)
