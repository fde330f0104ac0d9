"""What README.md, CONTRIBUTING.md and docs/ show is what happens: every command and every snippet."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.report import Report
from runcrew_lint.policy.model import Environment
from tests.checkout import BUILT_FROM, ROOT, copy_to
from tests.components.component import absent
from tests.fixtures_git import git, repository_from, repository_of
from tests.pre_commit.hooks import MANIFEST, TAG, PreCommit
from tests.sessions import as_shown, from_clone, ran, release_into, said, session
from tests.snippets import Block, block, blocks, inline

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
POLICY = ROOT / "docs" / "policy.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
BAD = ROOT / "fixtures" / "bad" / "runcrew"
GOOD = ROOT / "fixtures" / "good" / "runcrew"
# What a run of the whole suite can't run, since it is that: .ci/run calls it.
IN_CI = {"make test", "make check"}
# The commands that a test below runs, by the block that they stand in.
RUN = {
    ("README.md", "Two commands"),
    ("README.md", "On your repository"),
    ("CONTRIBUTING.md", "Set up"),
    ("CONTRIBUTING.md", "A new rule"),
}
UNTIL = date(2027, 1, 31)  # the day that the snippets name
TODAY = UNTIL - timedelta(days=60)

pytestmark = pytest.mark.usefixtures("git")


def frame() -> str:
    """The finding that README shows."""
    (found,) = (each.text for each in blocks(README) if each.language == "")
    return found


# Every command


@pytest.mark.parametrize("document", [README, CONTRIBUTING, POLICY], ids=lambda path: path.name)
def test_no_block_is_left_out(document: Path) -> None:
    shell = {(document.name, each.section) for each in blocks(document) if each.language == "sh"}
    assert shell == {where for where in RUN if where[0] == document.name}
    assert {each.language for each in blocks(document)} <= {"", "sh", "yaml", "python", "dockerfile"}


def test_make_test_and_make_check_are_what_ci_runs() -> None:
    ci = [line.split("|")[0].strip() for line in (ROOT / ".ci" / "run").read_text().splitlines()]
    commands = [*block(README, "Two commands", "sh").commands, *block(CONTRIBUTING, "Set up", "sh").commands]
    assert set(commands) == {"make lint", *IN_CI}
    assert IN_CI | {"make lint"} <= set(ci)


def test_make_lint_shows_the_finding_that_readme_shows() -> None:
    done = said("make lint", ROOT)
    assert done.returncode == 0, done.stdout
    assert f"\n{frame()}" in done.stdout


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, str]]:
    """A clone of this checkout beside `your-repository`, and the environment of a fresh venv."""
    folder = tmp_path_factory.mktemp("newcomer")
    made, _ = _begun()
    done = said(made.replace("python3", sys.executable), folder)
    assert done.returncode == 0, done.stdout
    repository_of(BAD, folder / "your-repository")
    path = f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    clone = release_into(folder / "runcrew-lint")
    return clone, {"PATH": path, "RUNCREW_LINT_CACHE_DIR": str(folder / "cache")}


@pytest.fixture(scope="module")
def released(newcomer: tuple[Path, Mapping[str, str]]) -> Mapping[str, str]:
    """The environment of the newcomer, once the release is installed as the tutorial says."""
    clone, environment = newcomer
    _, install = _begun()
    done = said(from_clone(install, clone), clone, **environment)
    if "No matching distribution" in done.stdout:
        absent("pip install", "pip can't reach its index")
    assert done.returncode == 0, done.stdout
    return environment


def _begun() -> list[str]:
    """What the tutorial begins with: a venv is made, and the release is installed into it."""
    return next(session(TUTORIAL)).commands.splitlines()


EXPECTED = {
    "pip install '.[fast]'": (0, ""),
    "cd ../your-repository": (0, ""),
    "runcrew-lint init": (0, "nothing was written"),
    "runcrew-lint": (1, "policy .runcrew-lint.yaml)"),
    "runcrew-lint --policy recommended": (1, "policy recommended)"),
    "runcrew-lint --diff": (1, "+    with op.get_context().autocommit_block():\n"),
    "runcrew-lint --fix": (1, "mended "),
    "runcrew-lint --format html=lint.html": (1, "policy .runcrew-lint.yaml)"),
    "runcrew-lint rules": (0, "  index-not-concurrent "),
    "runcrew-lint explain drop-column": (0, "# drop-column\n"),
    "runcrew-lint map": (0, "delivery map of "),
    "runcrew-lint migrations": (0, "ACCESS EXCLUSIVE on "),
    "runcrew-lint schema": (0, "  primary key "),
    "runcrew-lint env": (0, "  documented  .env.example:"),
    "runcrew-lint checks": (0, "always reported, so they can be required:"),
}


def test_the_commands_on_your_repository(newcomer: tuple[Path, Mapping[str, str]]) -> None:
    clone, environment = newcomer
    commands = block(README, "On your repository", "sh").commands
    assert list(commands) == list(EXPECTED)
    script = "\n".join(f"{command}\nprintf '\\n\\t%s\\n' $?" for command in commands)
    done = said(script, clone, **environment)
    outputs = re.findall(r"(.*?)\n\t(\d+)\n", done.stdout, re.DOTALL)
    if "No matching distribution" in outputs[0][0]:
        absent("pip install", "pip can't reach its index")
    for command, (output, code) in zip(commands, outputs, strict=True):
        exit_code, words = EXPECTED[command]
        assert int(code) == exit_code, f"{command}\n{output}"
        assert words in output, f"{command}\n{output}"


def test_a_path_names_what_counts(tmp_path: Path) -> None:
    assert "runcrew-lint backend" in inline(README)
    report = run(Request(repository_of(BAD, tmp_path / "runcrew"), targets=frozenset({"backend"}))).report
    places = [[each.path, *(other.region.path for other in each.related)] for each in report.findings]
    assert places and all(any(path.startswith("backend/") for path in paths) for paths in places)


# The policy


VERSIONS = "alembic/versions"
PLAIN = '''"""{revision}

Create Date: 2026-02-02 10:00:00
"""
from alembic import op
import sqlalchemy as sa

revision = {revision!r}
down_revision = {down!r}


def upgrade():
    {body}


def downgrade():
    op.drop_table("t")
'''


def migrations(*bodies: str) -> dict[str, str]:
    """Revisions 0a11c0de0006 and on, one for each body."""
    names: list[str | None] = [None, *(f"0a11c0de{number:04}" for number in range(6, 6 + len(bodies)))]
    return {
        f"{VERSIONS}/{revision}.py": PLAIN.format(revision=revision, down=down, body=body)
        for down, revision, body in zip(names, names[1:], bodies, strict=False)
    }


TABLE = 'op.create_table("runs", sa.Column("pace", sa.Text()))'
INDEX = 'op.create_index("ix", "runs", ["pace"])'
DROP = 'op.drop_column("runs", "pace")'


def judged(files: Mapping[str, str], into: Path) -> Report:
    """The report on a repository of these files, sixty days before the snippets' promises end."""
    return run(Request(repository_from(files, into), today=TODAY)).report


def found(report: Report, *rules: str) -> list[tuple[str, str]]:
    return [(each.rule, each.path) for each in report.findings if each.rule in rules]


def test_the_policy_is_used(tmp_path: Path) -> None:
    text = block(README, "On your repository", "yaml").text
    build = (
        "on: {push: {tags: ['v*']}}\njobs: {a: {runs-on: x, steps: [{run: eas build --profile staging}]}}\n"
    )
    files = {
        ".runcrew-lint.yaml": text,
        "api/Dockerfile": "FROM python\n",
        "tools/x/Dockerfile": "FROM python\n",
        **migrations(TABLE, INDEX, INDEX),
        "eas.json": json.dumps({"build": {"staging": {}, "production": {}}}),
        ".github/workflows/build.yml": build,
    }
    with_it = judged(files, tmp_path / "with")
    rules = ("base-untagged", "index-not-concurrent", "delivery-wrong-profile")
    assert found(with_it, *rules) == [
        ("delivery-wrong-profile", ".github/workflows/build.yml"),
        ("index-not-concurrent", f"{VERSIONS}/0a11c0de0008.py"),
        ("base-untagged", "api/Dockerfile"),
    ]
    assert (with_it.policy, with_it.excused) == (".runcrew-lint.yaml", 1)
    # Nothing here runs the linter, which is said where its policy lies; of the policy itself nothing is.
    assert [each.rule for each in with_it.findings if each.path == ".runcrew-lint.yaml"] == [
        "lint-not-required"
    ]
    without = judged({**files, ".runcrew-lint.yaml": ""}, tmp_path / "without")
    assert found(without, *rules) == [
        ("index-not-concurrent", f"{VERSIONS}/0a11c0de0007.py"),
        ("index-not-concurrent", f"{VERSIONS}/0a11c0de0008.py"),
        ("base-untagged", "api/Dockerfile"),
        ("base-untagged", "tools/x/Dockerfile"),
    ]


def test_the_policy_is_merged_over_what_it_extends(tmp_path: Path) -> None:
    from runcrew_lint.catalogue.load import load as catalogue
    from runcrew_lint.policy.load import load

    (tmp_path / ".runcrew-lint.yaml").write_text(block(README, "On your repository", "yaml").text)
    policy = load(tmp_path, None, catalogue().policies)
    runcrew = load(tmp_path, "runcrew", catalogue().policies)
    production = {each.name: each for each in policy.environments}["production"]
    theirs = {each.name: each for each in runcrew.environments}["production"]
    assert production == replace(theirs, api_url="https://api.example.com")
    assert isinstance(production, Environment) and production.eas


@pytest.mark.parametrize("document", [README, POLICY], ids=lambda path: path.name)
def test_the_promise_excuses(document: Path, tmp_path: Path) -> None:
    if document == README:
        (promise,) = (each for each in inline(README) if each.startswith("# runcrew-lint:"))
        text = f"{promise}\n{DROP}"
    else:
        text = block(POLICY, "A single finding", "python").text
    body = "\n    ".join(text.splitlines())
    assert DROP in body
    excused = judged(migrations(TABLE, body), tmp_path / "excused")
    assert (found(excused, "drop-column"), excused.excused) == ([], 1)
    assert not [each for each in excused.findings if each.family == "engine"]
    plain = judged(migrations(TABLE, DROP), tmp_path / "plain")
    assert found(plain, "drop-column") == [("drop-column", f"{VERSIONS}/0a11c0de0007.py")]


def test_every_key_of_the_policy_is_told() -> None:
    schema = json.loads((ROOT / "schemas" / "policy.schema.json").read_text("utf-8"))
    table = [line for line in POLICY.read_text("utf-8").splitlines() if line.startswith("| `")]
    first = {name for line in table for name in re.findall(r"`([\w.<>]+)`", line.split(" | ")[0])}
    code = " ".join(each for line in table for each in re.findall(r"`([^`]+)`", line))
    words = set(re.findall(r"\w+", code))
    assert {name.split(".")[0] for name in first} == set(schema["properties"])
    assert set(properties(schema)) <= words


def properties(schema: Any) -> Iterator[str]:
    """Every key that a schema knows, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for below in schema.values():
            yield from properties(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from properties(below)


# pre-commit and GitHub


def test_the_pre_commit_snippet(pre_commit: PreCommit, tmp_path: Path) -> None:
    """As it stands, but for the address and the revision of the release."""
    config = yaml.safe_load(block(README, "pre-commit", "yaml").text)
    (repo,) = config["repos"]
    assert repo["rev"] == TAG
    repo["repo"] = str(pre_commit.clone)
    folder = repository_of(BAD, tmp_path / "bad")
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(folder, "add", ".pre-commit-config.yaml")
    done = pre_commit.run(folder, "run", "--files", frame().split("--> ")[1].split(":")[0])
    assert done.returncode == 1
    assert frame() in done.stdout
    manifest = yaml.safe_load((ROOT / MANIFEST).read_text("utf-8"))
    hooks = {each for each in inline(README) if each.startswith("runcrew-lint-")}
    assert hooks | {hook["id"] for hook in repo["hooks"]} == {hook["id"] for hook in manifest}


def test_the_workflow_is_clean(tmp_path: Path) -> None:
    text = block(README, "GitHub", "yaml").text
    root = repository_from({".github/workflows/lint.yml": text}, tmp_path / "repository")
    for policy in ("recommended", "runcrew"):
        found = run(Request(root, policy=policy)).report.findings
        assert [each for each in found if each.path.startswith(".github/")] == []
    file = str(root / ".github/workflows/lint.yml")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_workflow_does_what_it_says(released: Mapping[str, str], tmp_path: Path) -> None:
    """Its commands, with a clone in the place of the release's address."""
    steps = yaml.safe_load(block(README, "GitHub", "yaml").text)["jobs"]["runcrew-lint"]["steps"]
    install, lint = (step["run"] for step in steps if "run" in step)
    assert install == _begun()[-1]
    good = repository_of(GOOD, tmp_path / "good")
    git(good, "commit", "--quiet", "--allow-empty", "--message=Change")
    since = {**released, "BASE": git(good, "rev-parse", "HEAD~1").strip()}
    assert said(lint, good, **since).returncode == 0
    shutil.copytree(BAD, good, dirs_exist_ok=True)
    git(good, "add", "--force", "--all")
    git(good, "commit", "--quiet", "--message=Change")
    assert said(lint, good, **since).returncode == 1


def test_the_tutorial(released: Mapping[str, str], tmp_path: Path) -> None:
    """Its first two commands made the environment."""
    _, *typed = session(TUTORIAL)
    as_shown(ran(typed, tmp_path, released))


# A new rule


WHOLE = (
    *BUILT_FROM,
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "benchmarks",
    "docs",
    "fixtures",
    "tests",
)


# Files of the checkout that the words between the blocks point to.
EXISTING = {"rules/workflows/timeout-missing.yaml"}


def parts() -> Iterator[tuple[str, Block]]:
    """What CONTRIBUTING's rule is made of: each block and the file that the words before it name."""
    for each in blocks(CONTRIBUTING):
        if each.section == "A new rule" and each.language != "sh":
            yield next(name for name in each.named if "/" in name and name not in EXISTING), each


def test_the_new_rule_works_as_it_is_written(tmp_path: Path) -> None:
    checkout = copy_to(tmp_path / "checkout", *WHOLE)
    (checkout / ".venv").symlink_to(sys.prefix)
    for path, each in parts():
        file = checkout / path
        before = file.read_text("utf-8") if path.endswith("expected.yaml") else ""
        assert before or not file.exists()
        file.write_text(before + each.text, encoding="utf-8")
    for command in block(CONTRIBUTING, "A new rule", "sh").commands:
        done = said(command, checkout, PYTHONPATH=str(checkout))
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        assert "pytest" not in command or re.search(r"\d+ passed", done.stdout)
    assert "# apk-upgrade\n" in done.stdout
    assert (checkout / "docs/rules/apk-upgrade.md").is_file()


@pytest.mark.parametrize(
    "document",
    [README, CONTRIBUTING, POLICY, ROOT / "docs" / "architecture.md"],
    ids=lambda path: path.name,
)
def test_the_files_that_are_named_are_there(document: Path) -> None:
    """But for those that the example makes, and patterns with `<...>` or globs."""
    made = {path for path, _ in parts()}
    named = {
        each for each in inline(document) if re.fullmatch(r"[\w.-]+(/[\w.-]+)*(/|\.(py|yaml|md|toml))", each)
    }
    own = {".runcrew-lint.yaml"}
    missing = {
        each
        for each in named - made - own
        if not any((base / each).exists() for base in (ROOT, ROOT / "runcrew_lint", document.parent))
    }
    assert missing == set()
