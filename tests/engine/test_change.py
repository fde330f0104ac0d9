"""A change is judged by the law of where it began, for what it adds: what it says of the law is red."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.report import Report
from tests.commands import said
from tests.fixtures_git import change_to, git, repository_from

pytestmark = pytest.mark.usefixtures("git")
POLICY = ".runcrew-lint.yaml"
BASELINE = ".runcrew-lint-baseline.json"
LATEST = 'FROM python\nUSER app\nCMD ["python"]\n'
GOOD = 'FROM python:3.13\nUSER app\nCMD ["python"]\n'
LAW = """extends: recommended
facts_only: false
postgres: 14
default_branch: main
branches: [main, develop]
release_tags: ["v*"]
environments:
  staging: {branch: develop, api_url: "https://s.example.com"}
  production: {eas_profile: production, tag: "v*", api_url: "https://example.com", eas: {distribution: store}}
flutter: {store_branch: main, flavors: [prod]}
secrets:
  names: [RUN_KEY]
  endings: [TOKEN, SECRET]
  detectors: [{name: an Acme key, pattern: "acme_[0-9a-z]{24}", near: [acme_]}]
  contexts: {production: ["ops/**"]}
migrations: {after: abc1, sql_dialect: postgresql}
env_files: {local: [.env, .env.prod], examples: [.env.example]}
workflows: {ci: {events: [push], commands: [make test]}}
exclude: [old/**]
excuses: [{rules: [base-untagged], paths: [tools/**], reason: a throwaway image, until: 2099-01-01}]
rules:
  select: [create-enum]
  severity: {root-user: error}
"""


def report(root: Path, **request: object) -> Report:
    return run(Request(root, **request)).report  # type: ignore[arg-type]


def rules(root: Path, **request: object) -> list[str]:
    return [each.rule for each in report(root, **request).findings]


def changed(before: dict[str, str], after: dict[str, str], into: Path) -> Path:
    root = repository_from(before, into / "r")
    change_to(root, after)
    return root


STAGING = '  staging: {branch: develop, api_url: "https://s.example.com"}\n'
OPTIONS = "  options: {env-file-committed: {whatever_it_holds: true}}\n"

# What the old tree has


def test_a_change_answers_for_what_it_adds(tmp_path: Path) -> None:
    law = {POLICY: "extends: recommended\n"}
    before = {**law, "Dockerfile": LATEST, "a/Dockerfile": GOOD}
    after = {**law, "Dockerfile": f"# more\n\n{LATEST}", "a/Dockerfile": LATEST}
    root = changed(before, after, tmp_path)
    assert {each.path for each in report(root).findings} == {"Dockerfile", "a/Dockerfile"}
    told = report(root, since="HEAD~1")
    assert {each.path for each in told.findings} == {"a/Dockerfile"}
    assert told.before == len(report(root).findings) - len(told.findings)
    warm = report(root, since="HEAD~1", cache=tmp_path / "cache")
    assert warm.findings == told.findings
    assert report(root, since="HEAD~1", cache=tmp_path / "cache").findings == told.findings


def test_what_breaks_in_a_file_that_was_not_touched(tmp_path: Path) -> None:
    """A profile is renamed in eas.json: the workflow that builds it is as it was, and broken."""
    law = {POLICY: "extends: recommended\nfacts_only: false\n"}
    build = "on: {push: {branches: [main]}}\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
    build += "      - run: eas build --profile staging --non-interactive\n"
    files = {**law, ".github/workflows/b.yml": build, "eas.json": '{"build": {"staging": {}}}\n'}
    root = changed(files, {**files, "eas.json": '{"build": {"stage": {}}}\n'}, tmp_path)
    told = report(root, since="HEAD~1").findings
    assert any("staging" in each.message for each in told), told


def test_a_file_that_only_moved_brings_nothing(tmp_path: Path) -> None:
    law = {POLICY: "extends: recommended\n"}
    root = changed({**law, "Dockerfile": LATEST}, {**law, "b/Dockerfile": LATEST}, tmp_path)
    assert report(root, since="HEAD~1").findings == ()


def test_what_was_excused_and_is_no_more_is_new(tmp_path: Path) -> None:
    law = {POLICY: "extends: recommended\n"}
    promised = f"# runcrew-lint: ignore[base-untagged] why\n{LATEST}"
    root = changed({**law, "Dockerfile": promised}, {**law, "Dockerfile": LATEST}, tmp_path)
    assert rules(root, since="HEAD~1") == ["base-untagged"]


def test_a_new_suppression_is_listed(tmp_path: Path) -> None:
    law = {POLICY: "extends: recommended\n"}
    old = {"a/Dockerfile": f"# runcrew-lint: ignore[base-untagged] old\n{LATEST}"}
    new = {"Dockerfile": f"# runcrew-lint: ignore[base-untagged] until=2099-01-01 new\n{LATEST}"}
    root = changed({**law, **old}, {**law, **old, **new}, tmp_path)
    told = report(root, since="HEAD~1")
    assert told.findings == ()
    assert [each for each in told.notices if "suppression" in each] == [
        "this change adds a suppression: Dockerfile:1 ignores base-untagged until 2099-01-01: new"
    ]


def test_ignore_files_are_those_of_then(tmp_path: Path) -> None:
    """What git ignores belongs to each tree: .env was ignored and is no more."""
    law = {POLICY: "extends: recommended\n", "api/.env.example": "A_SECRET=\n"}
    before = {**law, ".gitignore": "# ours\n/.env\n*v\n"}
    after = {**law, ".gitignore": "# ours\n/.env\n"}
    root = changed(before, after, tmp_path)
    assert rules(root) == rules(root, since="HEAD~1") == ["env-file-not-ignored"]
    back = changed(after, before, tmp_path / "back")
    assert rules(back, since="HEAD~1") == []


# What is staged


def test_what_is_staged_is_judged_and_nothing_else(tmp_path: Path) -> None:
    root = repository_from({POLICY: "extends: recommended\n", "a/Dockerfile": LATEST}, tmp_path / "r")
    (root / "Dockerfile").write_text(LATEST)
    assert rules(root, staged=True) == [], "it is not staged"
    git(root, "add", "Dockerfile")
    (root / "Dockerfile").write_text(GOOD)
    assert rules(root, staged=True) == ["base-untagged"], "the work tree is mended, the index is not"
    done = said(root, "--staged", "--format", "concise")
    assert done.returncode == 1 and done.stdout.startswith("Dockerfile:1:6: ")
    git(root, "add", "Dockerfile")
    (root / "Dockerfile").write_text(LATEST)
    assert rules(root, staged=True) == []
    git(root, "rm", "--cached", "--quiet", "-f", "a/Dockerfile")
    assert rules(root, staged=True) == []


def test_the_first_commit_has_nothing_before_it(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    git(root, "init", "--quiet")
    (root / "Dockerfile").write_text(LATEST)
    git(root, "add", "Dockerfile")
    assert "base-untagged" in rules(root, staged=True)


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_what_is_staged_is_not_mended(flag: str, tmp_path: Path) -> None:
    root = repository_from({"a.txt": "a\n"}, tmp_path / "r")
    assert said(root, "--staged", flag).returncode == 2


# The law


WEAKENED = [
    ("rules.ignore", LAW.replace("rules:\n", "rules:\n  ignore: [base-untagged]\n")),
    ("rules.ignore", LAW.replace("rules:\n", "rules:\n  ignore: [all]\n")),
    ("rules.ignore", LAW.replace("rules:\n", "rules:\n  ignore: [engine]\n")),
    ("rules.select", LAW.replace("  select: [create-enum]\n", "")),
    ("rules.severity.base-untagged", LAW.replace("severity: {", "severity: {base-untagged: 'off', ")),
    ("rules.severity.base-untagged", LAW.replace("severity: {", "severity: {base-untagged: info, ")),
    ("rules.severity.root-user", LAW.replace("  severity: {root-user: error}\n", "")),
    ("facts_only", LAW.replace("facts_only: false", "facts_only: true")),
    ("postgres", LAW.replace("postgres: 14", "postgres: 18")),
    ("default_branch", LAW.replace("default_branch: main", "default_branch: develop")),
    ("branches", LAW.replace("[main, develop]", "[main, develop, feature]")),
    ("branches", LAW.replace("[main, develop]", "[main]")),
    ("release_tags", LAW.replace('release_tags: ["v*"]', 'release_tags: ["v*", "*"]')),
    ("environments.staging", LAW.replace(STAGING, "")),
    ("environments.staging.branch", LAW.replace("branch: develop,", "branch: main,")),
    ("environments.production.api_url", LAW.replace("https://example.com", "https://evil.example.com")),
    ("environments.production.eas", LAW.replace("distribution: store", "distribution: internal")),
    ("environments.production.deploy_branch", LAW.replace('"v*", api', '"v*", deploy_branch: develop, api')),
    ("environments.prod-two", LAW.replace("flutter:", "  prod-two: {branch: develop}\nflutter:")),
    ("flutter.store_branch", LAW.replace("store_branch: main", "store_branch: develop")),
    ("flutter.flavors", LAW.replace("flavors: [prod]", "flavors: []")),
    ("secrets.names", LAW.replace("names: [RUN_KEY]", "names: []")),
    ("secrets.endings", LAW.replace("[TOKEN, SECRET]", "[TOKEN]")),
    ("secrets.detectors", LAW.replace("acme_[0-9a-z]{24}", "acme_[0-9]{24}")),
    ("secrets.contexts.production", LAW.replace("ops/**", "nowhere/**")),
    ("secrets.contexts.test", LAW.replace("contexts: {", "contexts: {test: ['**'], ")),
    ("secrets.public", LAW.replace("  names:", "  public: [RUN_KEY]\n  names:")),
    ("secrets.placeholders", LAW.replace("  names:", "  placeholders: [x]\n  names:")),
    ("secrets.development", LAW.replace("  names:", "  development: [x]\n  names:")),
    ("migrations.after", LAW.replace("after: abc1", "after: abc9")),
    ("migrations.small_tables", LAW.replace("after: abc1", "after: abc1, small_tables: [runs]")),
    ("migrations.sql_dialect", LAW.replace(", sql_dialect: postgresql", "")),
    ("migrations.sql_transaction", LAW.replace("after: abc1", "after: abc1, sql_transaction: none")),
    ("env_files.local", LAW.replace("[.env, .env.prod]", "[.env]")),
    ("env_files.examples", LAW.replace("[.env.example]", "[.env.example, .env.prod]")),
    ("workflows.ci", LAW.replace("workflows: {ci: {events: [push], commands: [make test]}}\n", "")),
    ("workflows.ci", LAW.replace("[make test]", "[]")),
    ("exclude", LAW.replace("[old/**]", "[old/**, Dockerfile]")),
    ("excuses", LAW.replace("paths: [tools/**], ", "")),
    ("excuses", LAW.replace("2099-01-01", "2199-01-01")),
    ("excuses", LAW.replace(", until: 2099-01-01", "")),
    ("excuses", LAW.replace("excuses: [", "excuses: [{rules: [all], reason: all of it}, ")),
    ("overrides", LAW + "overrides: [{paths: [Dockerfile], ignore: [all]}]\n"),
    ("rules.options.env-file-committed", LAW + OPTIONS),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text"), WEAKENED, ids=[f"{n}-{key}" for n, (key, _) in enumerate(WEAKENED)])
def test_a_weaker_policy_is_red_and_its_key_named(key: str, text: str, tmp_path: Path) -> None:
    """The change brings a fault along with the word that would forgive it: both are told."""
    assert text != LAW
    before = {POLICY: LAW, "Dockerfile": GOOD}
    after = {"Dockerfile": LATEST, **({POLICY: text} if text else {})}
    root = changed(before, after, tmp_path)
    told = report(root, since="HEAD~1", cache=tmp_path / "cache")
    assert told.policy.startswith(f"{POLICY}@")
    weakened = [each for each in told.findings if each.rule == "policy-weakened"]
    assert [each.message for each in weakened if f"`{key}`" in each.message or not key], told.findings
    assert {each.path for each in weakened} == {POLICY}
    if text:
        assert weakened[0].line > 1 or key == "extends" or "gone" in weakened[0].message
    assert "base-untagged" in [each.rule for each in told.findings]
    assert all(each.severity.value == "error" for each in weakened)


@pytest.mark.parametrize(
    "text",
    [
        LAW,
        f"# words\n{LAW}",
        LAW.replace("postgres: 14", "postgres: 13"),
        LAW.replace("names: [RUN_KEY]", "names: [RUN_KEY, OTHER_KEY]"),
        LAW.replace("until: 2099-01-01", "until: 2098-01-01"),
        LAW.replace("severity: {", "severity: {base-untagged: error, "),
        LAW.replace("exclude: [old/**]\n", ""),
        LAW.replace("{distribution: store}", "{distribution: store, autoIncrement: true}"),
        LAW.replace("flutter:", "  preview: {eas_profile: preview}\nflutter:"),
        LAW.replace(", until: 2099-01-01}", ", until: 2099-01-01}").replace("[tools/**]", "[tools/a/**]")
        .replace("paths: [tools/a/**]", "paths: [tools/**]"),
    ],
)  # fmt: skip
def test_a_policy_that_asks_no_less_is_fine(text: str, tmp_path: Path) -> None:
    root = changed({POLICY: LAW, "Dockerfile": GOOD}, {POLICY: text, "Dockerfile": GOOD}, tmp_path)
    assert "policy-weakened" not in rules(root, since="HEAD~1")


def test_a_larger_baseline_is_red(tmp_path: Path) -> None:
    root = repository_from({POLICY: "extends: recommended\n", "Dockerfile": GOOD}, tmp_path / "r")
    (root / "Dockerfile").write_text(LATEST)
    assert said(root, "baseline", "create").returncode == 0
    assert said(root).returncode == 0
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Change")
    told = report(root, since="HEAD~1").findings
    assert {(each.rule, each.path) for each in told} == {
        ("policy-weakened", BASELINE),
        ("base-untagged", "Dockerfile"),
    }
    done = said(root, "--since", "HEAD~1")
    assert done.returncode == 1


def test_a_comment_excuses_no_weakening(tmp_path: Path) -> None:
    text = "# runcrew-lint: ignore-file[policy-weakened, base-untagged] it is ours\n" + LAW.replace(
        "14", "18"
    )
    root = changed({POLICY: LAW}, {POLICY: text}, tmp_path)
    assert {"policy-weakened", "suppression-refused"} <= set(rules(root, since="HEAD~1"))


def test_a_policy_that_does_not_read_is_never_green(tmp_path: Path) -> None:
    root = changed({POLICY: LAW}, {POLICY: "rules: [\n"}, tmp_path)
    assert said(root, "--since", "HEAD~1").returncode == 2
    with pytest.raises(SetupError):
        report(root, since="HEAD~1")


def test_a_file_that_the_policy_extends_is_part_of_it(tmp_path: Path) -> None:
    own = {POLICY: "extends: team.yaml\n"}
    root = changed(
        {**own, "team.yaml": LAW}, {**own, "team.yaml": LAW.replace("postgres: 14", "postgres: 18")}, tmp_path
    )
    assert rules(root, since="HEAD~1") == ["policy-weakened"]


def test_the_first_policy_counts_from_the_next_change_on(tmp_path: Path) -> None:
    root = changed({"Dockerfile": GOOD}, {"Dockerfile": LATEST, POLICY: "rules: {ignore: [all]}\n"}, tmp_path)
    told = report(root, since="HEAD~1")
    assert "base-untagged" in [each.rule for each in told.findings]
    assert any("has no policy of its own" in each for each in told.notices)


def test_the_policy_is_taken_from_where_the_command_says(tmp_path: Path) -> None:
    law = "extends: recommended\n"
    off = "extends: recommended\nrules: {ignore: [base-untagged]}\n"
    root = changed({POLICY: law, "Dockerfile": GOOD}, {POLICY: off, "Dockerfile": LATEST}, tmp_path)
    assert "base-untagged" in rules(root, since="HEAD~1")
    assert rules(root, since="HEAD~1", policy_from="HEAD") == []
    assert "base-untagged" in rules(root, policy_from="HEAD~1")
    done = said(root, "--policy", "runcrew", "--policy-from", "HEAD")
    assert done.returncode == 2 and "two policies" in done.stderr


def test_a_run_of_a_part_is_no_way_around(tmp_path: Path) -> None:
    root = changed({POLICY: LAW, "a/b": "1\n"}, {POLICY: LAW.replace("14", "18"), "a/b": "2\n"}, tmp_path)
    assert rules(root, since="HEAD~1", targets=frozenset({"a"})) == ["policy-weakened"]


def test_a_link_is_no_law(tmp_path: Path) -> None:
    """Out of the repository it leads nowhere that counts, and git keeps no text for one of the base."""
    root = repository_from({POLICY: LAW, "real.yaml": LAW.replace("14", "18")}, tmp_path / "r")
    for target, line in (
        (tmp_path / "away.yaml", "leads out of the repository"),
        ("real.yaml", "`postgres`"),
    ):
        (tmp_path / "away.yaml").write_text("")
        (root / POLICY).unlink()
        (root / POLICY).symlink_to(target)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message=Change")
        done = said(root, "--since", "main~1" if target != "real.yaml" else "main~2")
        assert done.returncode in (1, 2) and line in done.stdout + done.stderr
    (root / "a").write_text("1\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Change")
    done = said(root, "--since", "HEAD~1")
    assert done.returncode == 2 and "is a link in" in done.stderr


def test_a_table_of_pyproject_is_held_to_itself(tmp_path: Path) -> None:
    table = '[tool.runcrew-lint]\nextends = "recommended"\npostgres = {}\n'
    root = changed({"pyproject.toml": table.format(14)}, {"pyproject.toml": table.format(18)}, tmp_path)
    (told,) = report(root, since="HEAD~1").findings
    assert (told.rule, told.path, told.line) == ("policy-weakened", "pyproject.toml", 3)


CI = """on: pull_request
jobs:
  lint:
    runs-on: ubuntu-24.04
    steps:
      - run: pip install runcrew-lint@v1
      - run: runcrew-lint --since origin/main
"""


@pytest.mark.parametrize(
    ("text", "is_red"),
    [
        (CI.replace("--since origin/main", "--since origin/main || true"), True),
        (CI.replace("--since origin/main", "--ignore all"), True),
        (CI.replace("    steps", "    continue-on-error: true\n    steps"), True),
        (CI.replace("on: pull_request", "on: {pull_request: {\n  paths: [a]}}"), True),
        (None, True),
        (CI.replace("@v1", "@v2"), False),
        (CI.replace("ubuntu-24.04", "ubuntu-26.04"), False),
    ],
)
def test_the_pipeline_that_asks_is_watched(text: str | None, is_red: bool, tmp_path: Path) -> None:
    path = ".github/workflows/runcrew-lint.yml"
    after = {POLICY: LAW, **({path: text} if text else {})}
    root = changed({POLICY: LAW, path: CI}, after, tmp_path)
    told = [each for each in report(root, since="HEAD~1").findings if each.rule == "policy-weakened"]
    assert bool(told) == is_red, told


def test_a_hook_is_no_gate(tmp_path: Path) -> None:
    hooks = (
        "repos:\n- repo: https://github.com/runcrew/runcrew-lint\n  rev: v1\n  hooks: [{id: runcrew-lint}]\n"
    )
    fixing = hooks.replace("id: runcrew-lint", "id: runcrew-lint-fix")
    path = ".pre-commit-config.yaml"
    root = changed({POLICY: LAW, path: hooks}, {POLICY: LAW, path: fixing}, tmp_path)
    assert rules(root, since="HEAD~1") == []


def test_a_shallow_clone_is_one_line_and_exit_2(tmp_path: Path) -> None:
    root = changed({POLICY: LAW}, {POLICY: LAW, "a": "1\n"}, tmp_path)
    git(root, "checkout", "--quiet", "-b", "feature", "HEAD~1")
    change_to(root, {POLICY: LAW, "b": "1\n"})
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", "--no-single-branch", root.as_uri(), str(shallow)],
        check=True, capture_output=True,
    )  # fmt: skip
    done = said(shallow, "--since", "origin/main")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "this shallow clone lacks the merge base of HEAD and origin/main" in done.stderr
    done = said(shallow, "--since", "HEAD~1")
    assert done.returncode == 2 and "in this shallow clone" in done.stderr
