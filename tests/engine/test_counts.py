"""What a run does not do: counts of imported modules and opened files, for time is another machine's."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from runcrew_lint.catalogue.bind import module_of
from runcrew_lint.catalogue.load import load
from runcrew_lint.checks.migrations import _adding, _columns, _lasting
from runcrew_lint.domains.claims import claimed
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request, run
from tests.engine.counting import opened
from tests.fixtures_git import repository_from
from tests.laid_out import laid_out

pytestmark = pytest.mark.usefixtures("git")

ROOT = Path(__file__).parents[2]
YAML_ALONE = {
    ".github/workflows/ci.yml": (
        "name: ci\non: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n"
        "    timeout-minutes: 5\n    steps:\n      - run: make test\n"
    ),
    "compose.yml": "services:\n  web:\n    image: nginx:1.27.3\n",
    "notes.yaml": "a: 1\n",
}


class Run(NamedTuple):
    """What watched.py saw."""

    code: int
    modules: set[str]
    opened: set[str]
    out: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel lays it out."""
    return laid_out(tmp_path_factory.mktemp("site"))


def lint(site: Path, *arguments: str | Path) -> Run:
    out = site / "out.json"
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("watched.py")), str(out), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert out.exists(), done.stderr
    said = json.loads(out.read_text())
    out.unlink()
    own = f"{site}/runcrew_lint/cli/"  # the modules, or what Python keeps compiled of them
    assert any(each.startswith(own) for each in said["opened"]), "the copy is what ran"
    return Run(said["code"], set(said["modules"]), set(said["opened"]), done.stdout)


def checks_of(modules: set[str]) -> set[str]:
    """What the checks of a family share (`_way`) is none."""
    named = (name for name in modules if name.startswith("runcrew_lint.checks.") and name.count(".") == 3)
    return {name for name in named if "._" not in name}


def able(files: dict[str, str]) -> set[str]:
    """The check modules of the rules that read a kind that is there."""
    present = {kind for kind, paths in claimed(files).items() if paths}
    rules = [rule for rule in load().rules.values() if present.intersection(rule.reads)]
    return {module_of(rule) for rule in rules}


def test_yaml_alone(installed: Path, tmp_path: Path) -> None:
    """No parser of anything else is imported, no check that can't speak, and no rule file is opened."""
    root = repository_from(YAML_ALONE, tmp_path / "root")
    cold = lint(installed, "--cache-dir", tmp_path / "cache", root)
    assert "no findings" in cold.out, cold.out
    assert cold.modules & {"libcst", "sqlglot", "ruamel", "tomllib", "lzma"} == set()
    assert checks_of(cold.modules) <= able(YAML_ALONE)
    assert not [path for path in cold.opened if "/_data/rules/" in path]
    assert {path for path in cold.opened if path.startswith(f"{root}/") and ".git/" not in path} == {
        f"{root}/{path}" for path in YAML_ALONE
    }
    warm = lint(installed, "--cache-dir", tmp_path / "cache", root)
    assert warm.out == cold.out


def test_a_warm_run_parses_nothing(installed: Path, tmp_path: Path) -> None:
    """Nor does it open a file in which there was nothing to find, nor a schema."""
    root = repository_from(
        {**YAML_ALONE, "eas.json": '{"build": {}}\n', "a.py": "x = 1\n"}, tmp_path / "root"
    )
    for path in root.rglob("*"):
        os.utime(path, (0, 0), follow_symlinks=False)
    command = ["--cache-dir", str(tmp_path / "cache"), "--policy", "recommended", str(root)]
    lint(installed, *command)
    wait_until_times_count(root)
    lint(installed, *command)
    warm = lint(installed, *command)
    assert "no findings" in warm.out, warm.out
    parsers = {"yaml", "libcst", "sqlglot", "ruamel", "jsonschema", "tree_sitter", "tempfile"}
    parsers |= {f"runcrew_lint.documents.{name}" for name in ("python", "sql", "dockerfile", "nginx")}
    assert warm.modules & parsers == set()
    assert "runcrew_lint.engine.hearing" not in warm.modules, "nothing is weighed twice, nor told anew"
    assert "runcrew_lint.model.rule" not in warm.modules, "no rule is made"
    assert not [path for path in warm.opened if path.startswith(f"{root}/") and "/.git/" not in path]
    assert not [path for path in warm.opened if "/_data/" in path and not path.endswith("/policies.json")]


def wait_until_times_count(root: Path) -> None:
    """A file's change time can't be set, and one of the last two seconds proves nothing."""
    import time

    youngest = max(path.lstat().st_ctime for path in root.rglob("*"))
    time.sleep(max(0.0, youngest + 2.1 - time.time()))


REVISION = '''"""m"""
from alembic import op
import sqlalchemy as sa
{imported}
revision = "{revision}"
down_revision = {down}


def upgrade():
    op.add_column("runs", sa.Column("c{revision}", sa.Text()))


def downgrade():
    op.drop_column("runs", "c{revision}")
'''


def test_a_versions_folder_draws_its_own_context_alone(tmp_path: Path) -> None:
    """Of TypeScript nothing is read; of Python nothing is parsed but the history, its models and helpers."""
    versions = {
        f"backend/alembic/versions/{n}_x.py": REVISION.format(
            revision=n, down=repr(str(n - 1)) if n > 1 else None, imported=""
        )
        for n in range(1, 6)
    }
    others = {
        **{f"web/src/{n}.ts": "const token = process.env.TOKEN\n" for n in range(20)},
        **{f"web/src/{n}.tsx": "export default 1\n" for n in range(20)},
        **{f"backend/app/{n}.py": "from os import environ\nx = environ['A']\n" for n in range(20)},
        "Dockerfile": "FROM python:latest\n",
        "eas.json": "{}",
        "compose.yml": "services: {}\n",
    }
    needed = {**versions, "backend/alembic.ini": "[alembic]\nscript_location = alembic\n",
              "backend/alembic/env.py": "target_metadata = None\n"}  # fmt: skip
    root = repository_from({**needed, **others}, tmp_path / "root")
    parsed: list[str] = []
    real = ast.parse

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return real(text)

    with pytest.MonkeyPatch.context() as patch, opened() as read:
        patch.setattr(ast, "parse", parse)
        report = run(Request(root, targets=frozenset({"backend/alembic/versions"}))).report
    assert {finding.rule for finding in report.findings}.isdisjoint({"rule-crashed", "base-untagged"})
    assert set(versions.values()) <= set(parsed) <= set(needed.values())
    assert {path for path in read if path.endswith((".ts", ".tsx"))} == set()
    assert set(read) & {"Dockerfile", "eas.json", "compose.yml"} == set()


def test_of_python_only_what_may_tell_something_is_parsed(tmp_path: Path) -> None:
    """By the words in it; and of a long file that asks for one variable, its statement alone."""
    silent = {
        "app/paths.py": "import os\nenvironment = os.path\n",
        "app/wsgi.py": "def app(environ, start):\n    return environ['PATH_INFO']\n",
        "app/page.py": "from starlette.requests import Request\n",
        "app/tool.py": "import argparse\nprint(1)\n",
        "scripts/run.py": "print(2)\n",
        "tests/test_it.py": "print(3)\n",
        "app/shell.py": "#!/usr/bin/env python\nprint(4)\n",
        "app/texts.py": "text = 'a route, a print and an init of nothing'\n",
    }
    telling = {
        "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "app/says.py": "print(5)\n",
    }
    rest = "def long(a):\n    return a + 1\n" * 50
    long = {"app/long.py": "import os\nother = os.getenv('OTHER')\n" + rest}
    root = repository_from({**silent, **telling, **long}, tmp_path / "root")
    parsed: list[str] = []
    real = ast.parse

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return real(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ast, "parse", parse)
        run(Request(root))
    (part,) = set(parsed) - set(telling.values())
    assert set(parsed) == {*telling.values(), part}
    assert part.strip() == "other = os.getenv('OTHER')"


def test_what_several_rules_ask_of_a_history_is_made_once(tmp_path: Path) -> None:
    """Seven rules go by the columns that are new, eight by those that a table gains: each is weighed once."""
    made = "    op.create_table('a', sa.Column('id', sa.BigInteger, primary_key=True))\n"
    gained = "".join(f"    op.add_column('a', sa.Column('c{n}', sa.Text))\n" for n in range(3))
    files = {"alembic.ini": "[alembic]\nscript_location = alembic\n", "alembic/env.py": ""}
    for n, body in enumerate((made, gained), 1):
        down = repr(str(n - 1)) if n > 1 else None
        head = f"from alembic import op\nimport sqlalchemy as sa\nrevision = '{n}'\ndown_revision = {down}\n"
        files[f"alembic/versions/{n}.py"] = f"{head}def upgrade():\n{body}def downgrade():\n    pass\n"
    root = repository_from(files, tmp_path / "root")
    calls: Counter[str] = Counter()

    def counted(name: str, real: Callable[..., bool]) -> Callable[..., bool]:
        def call(*arguments: Any) -> bool:
            calls[name] += 1
            return real(*arguments)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_columns, "column_lasts", counted("new", _lasting.column_lasts))
        patch.setattr(_adding, "is_empty", counted("gained", _adding.is_empty))
        run(Request(root))
    assert calls == {"new": 4, "gained": 3}


def test_a_run_lets_go_of_texts_that_hold_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with the files that are only searched, nor with their parsed documents."""
    files = {f"docs/{number}.md": f"# {number}\n" for number in range(50)}
    repository = repository_from({**files, **YAML_ALONE}, tmp_path / "repo")
    kept: list[Files] = []
    made = Files.__init__

    def noted(self: Files, *args: Any, **named: Any) -> None:
        kept.append(self)
        made(self, *args, **named)

    monkeypatch.setattr(Files, "__init__", noted)
    run(Request(repository))
    (held,) = kept
    assert not [path for path in (*held._bytes, *held._sources) if path.endswith(".md")]
    texts = [source for source, _ in held._sources.values()]
    assert any(source.path == "compose.yml" for source in texts), "what holds a fact is kept to point at"
    assert not [source.path for source in texts if source._made and source.path in YAML_ALONE]


HEAVY = {
    "yaml",
    "libcst",
    "sqlglot",
    "ruamel",
    "jsonschema",
    "jsonschema_rs",
    "tree_sitter",
    "sqlite3",
    "subprocess",
}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_who_only_asks_waits_for_nothing(installed: Path, argument: str) -> None:
    """Neither the engine nor a reader nor a rule is imported."""
    done = lint(installed, argument)
    own = {name for name in done.modules if name.startswith("runcrew_lint.")}
    assert (done.code, done.modules & HEAVY) == (0, set())
    rooms = {name.split(".")[1] for name in own}
    assert rooms <= {
        "cli",
        "frozen",
        "nearest",
        "model",
        "text",
        "tuples",
        "patterns",
        *(() if argument == "--version" else ("reporters", "engine")),
    }
    assert not any(
        name.startswith(("runcrew_lint.engine.run", "runcrew_lint.reporters.text")) for name in own
    )


def test_a_lossless_parser_is_for_mending_alone(installed: Path, tmp_path: Path) -> None:
    """libcst costs more than everything else that a hook on one migration needs."""
    sound = REVISION.format(revision="1", down=None, imported="")
    mendable = sound.replace(
        'op.add_column("runs"', 'op.create_index("i", "runs", ["a"])\n    op.add_column("runs"'
    )
    root = repository_from(
        {"alembic.ini": "[alembic]\nscript_location = alembic\n", "alembic/versions/1_x.py": sound},
        tmp_path / "root",
    )
    target = root / "alembic/versions/1_x.py"
    without = lint(installed, "--no-cache", target)
    assert "migration" not in without.out
    assert "libcst" not in without.modules
    target.write_text(mendable)
    with_one = lint(installed, "--no-cache", target)
    assert "index-not-concurrent" in with_one.out
    assert "libcst" in with_one.modules


def test_an_explanation_is_for_what_is_wrong_alone(installed: Path, tmp_path: Path) -> None:
    """jsonschema says why a document is refused; whether it is, a faster library says."""
    root = repository_from(YAML_ALONE, tmp_path / "root")
    clean = lint(installed, "--no-cache", root)
    assert "no findings" in clean.out, clean.out
    assert clean.modules & {"jsonschema", "referencing", "rpds"} == set()
    (root / "compose.yml").write_text("services:\n  web:\n    image: nginx:1.27.3\n    portz: []\n")
    assert "jsonschema" in lint(installed, "--no-cache", root).modules


def test_a_map_judges_nothing(installed: Path, tmp_path: Path) -> None:
    """Workflows and what they run are read, by the delivery rules alone; what is kept is not even parsed."""
    others = {f"app/{number}.py": "import os\nx = os.environ['A']\n" for number in range(20)}
    root = repository_from({**YAML_ALONE, **others, "Dockerfile": "FROM python:latest\n"}, tmp_path / "root")
    command = ["map", "--cache-dir", str(tmp_path / "cache"), str(root)]
    cold = lint(installed, *command)
    assert cold.code == 0
    assert all(name.startswith("runcrew_lint.checks.delivery.") for name in checks_of(cold.modules))
    assert not [name for name in cold.modules if name.startswith("runcrew_lint.mends.")]
    assert cold.modules & {"libcst", "jsonschema"} == set()
    assert not [
        path for path in cold.opened if path.startswith(f"{root}/") and path.endswith((".py", "Dockerfile"))
    ]
    wait_until_times_count(root)
    lint(installed, *command)
    warm = lint(installed, *command)
    assert warm.out == cold.out
    assert warm.modules & {"yaml", "tree_sitter"} == set()
    assert not [path for path in warm.opened if path.startswith(f"{root}/") and "/.git/" not in path]
