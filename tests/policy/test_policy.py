"""The policy: where it is found, how layers merge, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.catalogue.choose import choose
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import load
from runcrew_lint.policy.model import Policy

CATALOGUE = load_catalogue()


def _load(root: Path, text: str = "", name: str = ".runcrew-lint.yaml", asked: str | None = None) -> Policy:
    if text:
        (root / name).write_text(text, encoding="utf-8")
    return load(root, asked, CATALOGUE.policies)


def test_without_a_policy_runcrews_is_assumed_and_nobody_named_it(tmp_path: Path) -> None:
    policy = _load(tmp_path)
    assert (policy.name, policy.named, policy.facts_only) == ("runcrew", False, False)
    assert policy.environment("staging") is not None


def test_a_preset_is_named(tmp_path: Path) -> None:
    policy = _load(tmp_path, "postgres: 12\n", asked="recommended")
    assert (policy.name, policy.named, policy.facts_only, policy.postgres) == ("recommended", True, True, 16)


def test_the_repositorys_own_file_is_found(tmp_path: Path) -> None:
    policy = _load(tmp_path, "extends: runcrew\npostgres: 14\nenvironments: {staging: {branch: next}}\n")
    staging = policy.environment("staging")
    assert staging is not None
    assert (policy.named, policy.postgres) == (True, 14)
    assert (staging.branch, staging.eas_profile) == ("next", "staging")


def test_pyproject_is_found_only_with_the_table(tmp_path: Path) -> None:
    assert not _load(tmp_path, "[tool.other]\nx = 1\n", "pyproject.toml").named
    assert _load(tmp_path, "[tool.runcrew-lint]\npostgres = 15\n", "pyproject.toml").postgres == 15


def test_lists_replace_and_the_named_ones_add(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: runcrew\nbranches: [a]\nexclude: [x/**]\n")
    policy = _load(tmp_path, "extends: base.yaml\nbranches: [b]\nexclude: [{glob: y/**, reason: old}]\n")
    assert policy.branches == ("b",)
    assert [(each.glob, each.reason) for each in policy.exclude] == [("x/**", ""), ("y/**", "old")]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("postgress: 16\n", ":1:1", "postgres"),
        ("extends: runcrew\nrules:\n  selekt: [all]\n", ":3:3", "select"),
        ("postgres: nine\n", ":1:11", "a whole number"),
        ("postgres: 9\n", ":1:11", "the least is 10"),
        ("extends: zibra\n", ":1:10", "zibro"),
        ("extends: .runcrew-lint.yaml\n", "", "circle"),
        ("rules: [\n", ":2:1", "not YAML"),
        ("rules: {severity: {drop-column: fatal}}\n", ":1:33", "error"),
        ("excuses: [{rules: [drop-column]}]\n", ":1:12", "reason"),
        ("excuses: [{rules: [x], reason: no}]\n", ":1:32", "too short"),
        ("branches: []\nextends: runcrew\nbranches: [main]\n", ":3:1", "stands here twice; put both"),
        ("excuses: [{rules: [x], rules: [y], reason: long}]\n", ":1:24", "twice"),
        ("excuses: [{rules: [x], reason: long, until: soon}]\n", ":1:45", "YYYY-MM-DD"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, where: str, says: str) -> None:
    with pytest.raises(SetupError) as told:
        _load(tmp_path, text)
    line = str(told.value)
    assert line.startswith(f".runcrew-lint.yaml{where}")
    assert says in line
    assert "\n" not in line


@pytest.mark.parametrize(("written", "says"), [("\ufeffextends: é".encode("utf-16"), "not UTF-8; save it")])
def test_a_policy_that_is_no_text_says_what_to_do(tmp_path: Path, written: bytes, says: str) -> None:
    (tmp_path / ".runcrew-lint.yaml").write_bytes(written)
    with pytest.raises(SetupError, match=says):
        load(tmp_path, None, CATALOGUE.policies)


def test_a_policy_that_may_not_be_read_is_named_once(tmp_path: Path) -> None:
    """The file is named in front; the system's own words name it again."""

    def refused(file: Path) -> bytes | None:
        raise PermissionError(13, "Permission denied", str(file))

    refused.below = lambda _folder: ()  # type: ignore[attr-defined]
    with pytest.raises(SetupError) as told:
        load(tmp_path, None, CATALOGUE.policies, refused)  # type: ignore[arg-type]
    assert str(told.value) == ".runcrew-lint.yaml: the policy can't be read: Permission denied"


def test_a_mistake_in_pyproject_is_told_at_its_key(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as told:
        _load(
            tmp_path, "[project]\nname = 'x'\n\n[tool.runcrew-lint]\nbranhces = ['main']\n", "pyproject.toml"
        )
    assert str(told.value).startswith("pyproject.toml:5:1")


@pytest.mark.parametrize("asked", ["nowhere.yaml", "runcrw"])
def test_an_unknown_policy_names_the_presets(tmp_path: Path, asked: str) -> None:
    with pytest.raises(SetupError, match="recommended"):
        _load(tmp_path, asked=asked)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: {ignore: [suppresion-unused]}\n", "suppression-unused"),
        ("rules: {severity: {file-skiped: error}}\n", "file-skipped"),
        ("rules: {options: {file-skipped: {limit: 3}}}\n", "no option limit"),
        ("excuses: [{rules: [nope-at-all], reason: long}]\n", "nope-at-all"),
        ("overrides: [{paths: [x], severity: {nope-at-all: info}}]\n", "nope-at-all"),
        ("overrides: [{paths: [x], at_most: {nope-at-all: info}}]\n", "nope-at-all"),
    ],
)
def test_an_unknown_rule_or_option_is_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        choose(CATALOGUE, _load(tmp_path, text))


def test_selection(tmp_path: Path) -> None:
    engine = {name for name, rule in CATALOGUE.rules.items() if rule.family == "engine"}
    policy = _load(tmp_path, "rules: {ignore: [file-skipped], severity: {rule-crashed: off}}\n")
    assert engine - set(choose(CATALOGUE, policy)) == {"file-skipped", "rule-crashed"}
    assert set(choose(CATALOGUE, _load(tmp_path, "{}\n"), select=["drop-column"])) == {
        "drop-column",
        *("rule-crashed", "file-unreadable", "file-skipped"),
        *(kind.unreadable for kind in KINDS.values()),
    }, "what could not be judged is told in a narrow run too"
    assert "file-unreadable" not in choose(CATALOGUE, policy, ignore=["engine"])


def test_recommended_is_facts_alone(tmp_path: Path) -> None:
    chosen = choose(CATALOGUE, _load(tmp_path, asked="recommended"))
    assert {each.rule.mark.value for each in chosen.values()} == {"fact"}


def test_demands_wait_for_a_named_policy(tmp_path: Path) -> None:
    marks = {each.rule.mark.value for each in choose(CATALOGUE, _load(tmp_path)).values()}
    assert "demand" not in marks
