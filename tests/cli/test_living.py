"""What people ask beside the findings: promises, files, the policy, the doctor, counts, an editor's text."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.data import data_path
from runcrew_lint.policy.load import load
from runcrew_lint.policy.show import as_data
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.snippets import block

pytestmark = pytest.mark.usefixtures("git")
POLICY = ".runcrew-lint.yaml"
LATEST = 'FROM python\nUSER app\nCMD ["python"]\n'
TODAY = date.today()
SOON, PAST = (str(TODAY + timedelta(days=days)) for days in (3, -1))
FILES = {
    POLICY: f"extends: recommended\nexclude: [{{glob: old/**, reason: nobody runs it}}]\nexcuses:\n"
    f"  - rules: [base-untagged]\n    paths: [tools/**]\n    reason: thrown away\n    until: {SOON}\n",
    "Dockerfile": LATEST,
    "a/Dockerfile": f"# runcrew-lint: ignore[base-untagged] until={PAST} the past\n{LATEST}",
    "b/Dockerfile": f"# runcrew-lint: ignore[base-untagged] no day\n{LATEST}",
    "old/Dockerfile": LATEST,
    ".gitignore": "*.log\n",
    "c.txt": "# runcrew-lint: ignore[nothing]\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository_from(FILES, tmp_path / "r")


def test_promises_come_by_their_end(root: Path) -> None:
    lines = said(root, "promises").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        f"{PAST} 1 day ago",
        f"{SOON} in 3 days",
        "no day",
        "no day",
    ]
    assert f"{POLICY}:4  base-untagged in tools/**: thrown away" in lines[1]
    assert lines[0].endswith("a/Dockerfile:1  base-untagged: the past")
    assert lines[3].endswith("c.txt:1  nothing: no reason")
    told = json.loads(said(root, "promises", "--format", "json").stdout)
    assert [each["days"] for each in told] == [-1, 3, None, None]
    assert said(root, "promises", "b").stdout.count("\n") == 1, "the policy's belong to the whole"
    assert said(root, "promises", "Dockerfile").stdout == "nothing is excused\n"


def test_files(root: Path) -> None:
    (root / "d.log").write_text("d\n")
    (root / "d.txt").write_text("d\n")
    listed = said(root, "files").stdout.splitlines()
    assert listed == sorted({*FILES, "d.txt"} - {"old/Dockerfile"})
    assert "image" in said(root, "files", "--kinds", "a").stdout
    assert "Dockerfile" not in said(root, "files", "--exclude", "Dockerfile").stdout


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Dockerfile", "linted as image"),
        ("c.txt", "linted as every text is"),
        ("d.log", "not linted: git ignores it"),
        ("old/Dockerfile", "not linted: the policy excludes old/** (nobody runs it)"),
        ("e.bin", "not linted: it is binary"),
        ("new.txt", "though git does not track it yet"),
        ("node_modules/a.js", "not linted: it lies in a folder of other people's code"),
        ("link", "not linted: it is a link"),
        ("a", "a folder with 1 linted file"),
        ("nowhere", "there is no nowhere"),
    ],
)
def test_the_doctor_says_why(path: str, words: str, root: Path) -> None:
    (root / "d.log").write_text("d\n")
    (root / "e.bin").write_bytes(b"\0\1")
    (root / "new.txt").write_text("n\n")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "a.js").write_text("a\n")
    (root / "link").symlink_to("c.txt")
    done = said(root, "doctor", "Dockerfile", path)
    assert done.returncode == 0
    assert words in done.stdout.splitlines()[-1], done.stdout


def test_the_doctor_names_what_counts_here(root: Path) -> None:
    assert said(root, "baseline", "create").returncode == 0
    told = said(root, "doctor").stdout
    for words in (
        "runcrew-lint 0.",
        f"policy      {POLICY}; ",
        ".runcrew-lint-baseline.json, ",
        "git keeps them",
    ):
        assert words in told
    (root / POLICY).write_text("a: [\n")
    done = said(root, "doctor")
    assert done.returncode == 2 and "policy      BROKEN: " in done.stdout


@pytest.mark.parametrize("preset", ["runcrew", "zibro", "recommended"])
def test_the_policy_that_is_shown_is_that_policy(preset: str, root: Path) -> None:
    presets = load_catalogue().policies
    shown = said(root, "config", "show", "--policy", preset)
    assert shown.stderr == f"policy {preset}\n"
    (root / "same.yaml").write_text(shown.stdout)
    same, first = load(root, root / "same.yaml", presets), load(root, preset, presets)
    assert as_data(same) == as_data(first)
    told = said(root, "config", "show", "--policy", preset, "--format", "json").stdout
    assert json.loads(told) == yaml.safe_load(shown.stdout)


def test_a_policy_with_everything_comes_back(root: Path) -> None:
    text: dict[str, Any] = {
        "postgres": 15,
        "environments": {"qa": {"branch": "qa", "eas": {"ios": {"simulator": True}}}},
        "secrets": {"detectors": [{"name": "an Acme key", "pattern": "acme_[0-9]{9}", "near": ["acme_"]}]},
        "exclude": [{"glob": "a/**", "reason": "why"}, "b"],
        "excuses": [{"rules": ["base-untagged"], "reason": "why", "until": "2030-01-01"}],
        "overrides": [{"paths": ["a"], "severity": {"base-untagged": "info"}}],
        "rules": {"options": {"env-file-committed": {"whatever_it_holds": True}}, "ignore": ["advice"]},
        "baseline": "x.json",
    }
    presets = load_catalogue().policies
    for name, data in (("one.yaml", text), ("two.yaml", None)):
        (root / name).write_text(yaml.safe_dump(data or as_data(load(root, root / "one.yaml", presets))))
    one, two = (as_data(load(root, root / name, presets)) for name in ("one.yaml", "two.yaml"))
    assert one == two
    assert one["secrets"]["detectors"] == text["secrets"]["detectors"]
    assert one["environments"] == text["environments"]


def test_the_schema_is_the_one_that_policies_are_held_to(root: Path) -> None:
    assert said(root, "config", "schema").stdout == data_path("schemas/policy.schema.json").read_text("utf-8")


def test_statistics_count_by_rule(root: Path) -> None:
    done = said(root, "--statistics", "--select", "base-untagged,root-user")
    assert done.returncode == 1
    assert done.stdout.startswith("2 error[base-untagged]: ")
    assert " --> " not in done.stdout and "2 errors" in done.stdout.splitlines()[-1]


def test_statistics_leave_the_files_alone(root: Path) -> None:
    done = said(root, "--statistics", "--format", "json=../out.json", "--format", "text")
    assert done.stdout.count("error[base-untagged]") == 1 and done.stderr == ""
    assert json.loads((root.parent / "out.json").read_bytes())["findings"]


def test_exit_zero(root: Path) -> None:
    shown = said(root)
    told = said(root, "--exit-zero")
    assert (shown.returncode, told.returncode) == (1, 0) and shown.stdout == told.stdout


def test_a_text_of_an_editors(root: Path) -> None:
    """It counts in the file's place, with the repository around it; no other file is told of."""
    arguments = ("--stdin-filename", "b/Dockerfile", "--format", "concise", "--select", "base-untagged")
    assert said(root, *arguments, stdin=LATEST).stdout.startswith("b/Dockerfile:1:6: error[base-untagged]")
    done = said(root, *arguments, stdin=LATEST.replace("python", "python:3.13", 1))
    assert (done.returncode, done.stdout) == (0, "")
    assert (root / "b/Dockerfile").read_text() == FILES["b/Dockerfile"]
    new = said(root / "b", "--stdin-filename", "Dockerfile.new", "--format", "concise", stdin=LATEST)
    assert "b/Dockerfile.new:1:6: " in new.stdout
    for wrong in (("no/such", "--exit-zero"), ("a",), ("c.txt", "b"), ("c.txt", "--fix")):
        assert said(root, "--stdin-filename", *wrong, stdin=LATEST).returncode == 2


@pytest.mark.parametrize(
    ("words", "index", "found"),
    [
        ("runcrew-lint prom", 1, "promises"),
        ("runcrew-lint --sta", 1, "--staged"),
        ("runcrew-lint map --fo", 2, "--format"),
        ("runcrew-lint a --sta", 2, "--statistics"),
        ("runcrew-lint baseline pr", 2, "prune"),
    ],
)
def test_a_shell_completes(words: str, index: int, found: str, root: Path) -> None:
    done = said(root, COMP_WORDS=words, COMP_CWORD=str(index), _RUNCREW_LINT_COMPLETE="bash_complete")
    assert f"plain,{found}" in done.stdout.splitlines()


def test_what_the_docs_say_of_shells(root: Path) -> None:
    commands = block(ROOT / "docs" / "living-with-it.md", "What a shell completes", "sh").text.splitlines()
    shells = [line.split("_COMPLETE=")[1].split("_source")[0] for line in commands]
    assert shells == ["bash", "zsh", "fish"]
    for shell in shells[1:]:  # click asks bash itself for its version
        assert "runcrew-lint" in said(root, _RUNCREW_LINT_COMPLETE=f"{shell}_source").stdout
