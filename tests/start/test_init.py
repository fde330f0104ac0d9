"""`runcrew-lint init`: what it finds, what it writes, what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from runcrew_lint.engine.start.drafts import Draft, Kept, drafts
from runcrew_lint.engine.start.found import Found, find
from runcrew_lint.engine.start.hooks import FILE as HOOKS
from runcrew_lint.engine.start.hooks import Unplaced, with_hook
from runcrew_lint.engine.start.policy_text import policy_text, scalar
from runcrew_lint.engine.start.workflow import FILE as WORKFLOW
from runcrew_lint.engine.start.workflow import workflow_text
from runcrew_lint.policy.load import load
from runcrew_lint.policy.model import Policy
from tests.commands import said
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")
POLICY = ".runcrew-lint.yaml"
PRESETS = {"recommended": {"facts_only": True}}

EAS = """{"build": {
  "base": {"node": "22.0.0"},
  "development": {"developmentClient": true, "distribution": "internal", "env": {"APP_API_URL": "http://localhost:8000"}},
  "staging": {"extends": "base", "distribution": "internal", "env": {"APP_API_URL": "https://s.example.com/v1"}},
  "production": {"extends": "base", "env": {"APP_API_URL": "https://example.com/v1"}}
}}"""
BUILDS = """on:
  push:
    branches: [develop]
    tags: ["v*"]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - if: github.ref == 'refs/heads/develop'
        run: eas build --profile staging --non-interactive
      - if: startsWith(github.ref, 'refs/tags/v')
        run: eas build --profile production --non-interactive
"""
DEPLOYS = """on:
  push: {branches: [main]}
jobs:
  test:
    runs-on: ubuntu-latest
    services: {db: {image: "postgres:15"}}
    steps:
      - run: pytest
  deploy:
    runs-on: ubuntu-latest
    needs: [test]
    environment: production
    steps:
      - run: kubectl apply -f k8s
"""
REVISION = '''"""start"""
from alembic import op
revision = "{0}"
down_revision = {1}
def upgrade() -> None:
    pass
def downgrade() -> None:
    pass
'''
FILES = {
    "eas.json": EAS,
    ".github/workflows/app.yml": BUILDS,
    ".github/workflows/api.yml": DEPLOYS,
    "compose.yaml": "services:\n  db: {image: postgis/postgis:16-3.4}\n",
    "compose.prod.yaml": "services:\n  db: {image: 'postgis/postgis:17-3.5'}\n",
    "alembic/env.py": "from alembic import context\n",
    "alembic/versions/1.py": REVISION.format("1e10", None),
    "alembic/versions/2.py": REVISION.format("abc2", "'1e10'"),
}


def found(files: dict[str, str], into: Path) -> Found:
    return find(repository_from(files, into / "r"), None)


def policy_of(found: Found, folder: Path) -> Policy:
    folder.mkdir(exist_ok=True)
    (folder / POLICY).write_text(policy_text(found))
    return load(folder, None, PRESETS)


def test_what_a_repository_tells(tmp_path: Path) -> None:
    told = found(FILES, tmp_path)
    policy = policy_of(told, tmp_path / "p")
    assert not policy.facts_only
    assert policy.postgres == 17, "production's image counts before those of CI and of a developer"
    assert policy.default_branch == "main"
    assert set(policy.branches) == {"main", "develop"} and policy.release_tags == ("v*",)
    assert policy.migrations.after == "abc2"
    assert [each.name for each in policy.environments] == ["development", "staging", "production"]
    staging, production = policy.environment("staging"), policy.environment("production")
    assert staging and (staging.eas_profile, staging.branch, staging.tag) == ("staging", "develop", "")
    assert staging.api_url == "https://s.example.com/v1" and staging.eas == {"distribution": "internal"}
    assert production and (production.tag, production.deploy_branch) == ("v*", "main")
    assert policy.rules.options == {"eas-api-url-mismatch": {"variables": ["APP_API_URL"]}}
    assert told.unknown == ()


def test_what_only_may_happen_is_no_rule(tmp_path: Path) -> None:
    """A deploy behind a condition that nobody knows names no branch."""
    doubtful = DEPLOYS.replace("    needs", "    if: vars.ON == '1'\n    needs")
    told = found({**FILES, ".github/workflows/api.yml": doubtful}, tmp_path)
    assert [each.deploy_branch for each in told.environments] == ["", "", ""]


def test_a_repository_that_tells_nothing(tmp_path: Path) -> None:
    told = found({"a.txt": "a\n"}, tmp_path)
    assert policy_of(told, tmp_path / "p").facts_only
    assert told.unknown == () and told.on_github


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"alembic/versions/3.py": REVISION.format("abc3", "'1e10'")}, "has 2 heads"),
        ({"b/versions/1.py": REVISION.format("b1", None), "b/env.py": "from alembic import context\n"},
         "there are 2 histories"),
        ({"compose.prod.yaml": "services:\n  db: {image: 'ubuntu:24.04'}\n"}, "the images differ (15 in"),
        ({"app/eas.json": EAS}, "there are several eas.json"),
        ({".github/workflows/more.yml": BUILDS.replace("develop", "next")},
         "environments.staging: a push to develop and next builds it"),
        ({"eas.json": '{"build": {"production": {"distribution": "sideways"}}}'}, "EAS refuses eas.json"),
    ],
)  # fmt: skip
def test_what_can_not_be_told_is_said(changed: dict[str, str], words: str, tmp_path: Path) -> None:
    told = found({**FILES, **changed}, tmp_path)
    assert any(words in line for line in told.unknown), told.unknown
    assert words in policy_text(told)
    policy_of(told, tmp_path / "p")


@pytest.mark.parametrize(
    "value", ["on", "1e10", "0012", "v*", "a b", "한글", "https://a.b", "main", "a/b-c", True]
)
def test_a_scalar_reads_as_what_it_is(value: str | bool) -> None:
    assert yaml.safe_load(f"[{scalar(value)}]") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "repos:\n- repo: local\n  hooks: []\n",
        "repos:\n  - repo: local\n    hooks:\n      - id: a\n",
        "repos:\n  - repo: local\n    hooks:\n      - id: a",
        "repos:\r\n  - repo: local\r\n    hooks: []\r\n",
        "# head\nrepos:\n    - repo: local  # why\n      hooks: []\n\n# tail\n\n",
        "repos:\n- repo: local\n  hooks: []\n\nci:\n  skip: [a]\ndefault_stages: [commit]\n",
        "repos:\n- {repo: local, hooks: []}\n# not here\nfail_fast: true\n",
        "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: |\n      one\n      two\n\nfail_fast: true\n",
    ],
)
def test_an_entry_is_added_and_no_byte_is_lost(text: str) -> None:
    written = with_hook(text)
    before, after = yaml.safe_load(text), yaml.safe_load(written)
    assert after["repos"][:-1] == before["repos"]
    assert after["repos"][-1]["hooks"] == [{"id": "runcrew-lint"}]
    assert {key: each for key, each in after.items() if key != "repos"} == {
        key: each for key, each in before.items() if key != "repos"
    }
    head = written[: written.index("- repo: https://github.com/runcrew/")]
    assert head.splitlines()[-2 if head.endswith(" ") else -1].strip(), "it stands right behind the others"
    at = next(i for i, (a, b) in enumerate(zip(written, f"{text}\0", strict=False)) if a != b)
    gone = len(written) - len(text)
    candidates = {written[:i] + written[i + gone :] for i in range(at + 1)}
    assert text in candidates, "the file without the entry is the file that was there"
    assert ("\r\n" in text) == ("\r\n" in written.replace(text, ""))


@pytest.mark.parametrize(
    "text", ["repos: []\n", "repos: [{repo: local, hooks: []}]\n", "a: [\n", "", "- a\n"]
)
def test_where_there_is_no_sure_place_nothing_is_added(text: str) -> None:
    with pytest.raises(Unplaced):
        with_hook(text)


def test_nothing_that_is_there_is_proposed(tmp_path: Path) -> None:
    hooked = "repos:\n- repo: x\n  hooks:\n  - id: runcrew-lint\n"
    there = {POLICY: "extends: runcrew\n", WORKFLOW: "on: push\n", HOOKS: hooked}
    root = repository_from({**FILES, **there}, tmp_path / "r")
    assert [type(each) for each in drafts(root, find(root, None))] == [Kept] * 3


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    root = repository_from({"a.txt": "a\n"}, tmp_path / "r")
    (root / POLICY).symlink_to(tmp_path / "elsewhere")
    (policy, *_) = drafts(root, find(root, None))
    assert isinstance(policy, Kept)


def test_another_forge_gets_no_workflow(tmp_path: Path) -> None:
    root = repository_from({".gitlab-ci.yml": "a: {}\n"}, tmp_path / "r")
    assert [each.path for each in drafts(root, find(root, None)) if isinstance(each, Draft)] == [
        POLICY,
        HOOKS,
    ]


def test_the_workflow_pins_and_asks_for_little() -> None:
    workflow = yaml.safe_load(workflow_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"pull_request", "merge_group"}  # YAML 1.1 reads `on` as true
    assert not any("paths" in (event or {}) for event in workflow[True].values())


def test_without_a_terminal_it_shows_and_writes_nothing(tmp_path: Path) -> None:
    root = repository_from(FILES, tmp_path / "r")
    done = said(root, "init", stdin="y\ny\ny\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"+++ b/{POLICY}" in done.stdout and "nothing was written" in done.stdout
    assert git(root, "status", "--short") == ""


def test_yes_writes_each_file_once(tmp_path: Path) -> None:
    hooks = "repos:\n- repo: local\n  hooks: []\n"
    root = repository_from({**FILES, HOOKS: hooks}, tmp_path / "r")
    done = said(root, "init", "--yes")
    assert done.returncode == 0, done.stderr
    assert git(root, "status", "--short").splitlines() == [
        f" M {HOOKS}", f"?? {WORKFLOW}", f"?? {POLICY}"
    ]  # fmt: skip
    assert (root / HOOKS).read_text().startswith(hooks)
    again = said(root, "init", "--yes")
    assert again.returncode == 0 and "everything is there already" in again.stdout


def test_what_it_wrote_holds_for_what_it_was_made_of(tmp_path: Path) -> None:
    """A policy of what is there finds nothing wrong with what it was made of."""
    root = repository_from(FILES, tmp_path / "r")
    said(root, "init", "--yes")
    rules = "eas,delivery-wrong-profile,delivery-missing-build"
    done = said(root, "--format", "concise", "--select", rules)
    told = [line for line in done.stdout.splitlines() if "policy" in line or "profile" in line]
    assert told == [], done.stdout


def test_a_baseline_makes_it_green(tmp_path: Path) -> None:
    root = repository_from({**FILES, "Dockerfile": "FROM python\n"}, tmp_path / "r")
    done = said(root, "init", "--yes", "--baseline")
    assert "+++ b/.runcrew-lint-baseline.json" in done.stdout and done.returncode == 0
    assert said(root).returncode == 0
    assert "nothing to set aside" not in said(root, "init", "--baseline").stdout
    (root / "Dockerfile").write_text("FROM node\n")
    assert said(root).returncode == 1


def test_where_nothing_is_found_there_is_no_baseline(tmp_path: Path) -> None:
    root = repository_from({"a.txt": "a\n"}, tmp_path / "r")
    done = said(root, "init", "--baseline")
    assert "stays as it is: nothing is found" in done.stdout


def test_somebody_at_a_terminal_is_asked_of_each_file(tmp_path: Path) -> None:
    root = repository_from(FILES, tmp_path / "r")
    said(root, "init", stdin="y\nn\n\n", terminal=True)
    assert git(root, "status", "--short").splitlines() == [f"?? {WORKFLOW}", f"?? {POLICY}"]
