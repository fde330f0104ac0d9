"""Who decides on a team's own rules: the base of a change, a package, and how they live with the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import load
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import change_to, git, repository_from
from tests.own.rules import FOLDER, NO_X, OWN, POLICY, found, repository, rule
from tests.snippets import blocks

pytestmark = pytest.mark.usefixtures("git")
GUIDE = ROOT / "docs/your-own-rules.md"
LAW = ".runcrew-lint.yaml"
BASE = {**POLICY, OWN: NO_X, "old.py": "x\n"}


def _judged(files: dict[str, str], folder: Path) -> list[tuple[str, str, str]]:
    """What a change of the base to these files is told."""
    root = repository_from(BASE, folder / "r")
    change_to(root, files)
    findings = run(Request(root, since="HEAD~1")).report.findings
    return [(each.rule, each.path, each.message) for each in findings]


def test_a_change_answers_for_what_it_adds(tmp_path: Path) -> None:
    told = _judged({**BASE, "new.py": "x\n"}, tmp_path)
    assert [each[:2] for each in told] == [("no-x", "new.py")]


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (
            {OWN: None, f"{FOLDER}/other-rule.yaml": NO_X},
            LAW,
            "`rules.own.no-x` asks for less: the rule is gone",
        ),
        ({LAW: "extends: recommended\n"}, LAW, "the rule is gone"),
        ({OWN: NO_X.replace("'*.py'", "a.py")}, OWN, "judges otherwise"),
        ({OWN: NO_X.replace("contain: x", "contain: xx")}, OWN, "judges otherwise"),
        ({OWN: NO_X.replace("error", "info")}, LAW, "no-x weighs info where it weighed error"),
        ({OWN: NO_X.replace("error", "off")}, LAW, "it turns off no-x"),
        ({LAW: POLICY[LAW] + "  ignore: [own]\n"}, LAW, "it turns off no-x"),
    ],
)
def test_each_way_to_weaken_one(
    change: dict[str, str | None], where: str, words: str, tmp_path: Path
) -> None:
    after = {path: text for path, text in {**BASE, **change}.items() if text is not None}
    told = _judged({**after, "new.py": "x\n"}, tmp_path)
    assert ("no-x", "new.py") in [each[:2] for each in told], "the rule of the base counts"
    (weakened,) = (each for each in told if each[0] == "policy-weakened")
    assert weakened[1] == where
    assert words in weakened[2]


def test_words_are_free_and_a_new_rule_counts_later(tmp_path: Path) -> None:
    other = rule(files=["*.py"], must={"contain": "z"})
    told = _judged({**BASE, OWN: NO_X.replace("hurt", "bitten"), f"{FOLDER}/a-z.yaml": other}, tmp_path)
    assert told == []


def test_a_link_in_the_change_moves_no_rule_of_the_base(tmp_path: Path) -> None:
    """The folder is looked for in the commit, whatever the work tree has in its place."""
    softer = {"soft/no-x.yaml": rule(files=["nothing.py"], must_not={"contain": "x"})}
    root = repository_from({**BASE, **softer}, tmp_path / "r")
    change_to(root, {**POLICY, **softer, "old.py": "x\n", "new.py": "x\n"})
    (root / "lint").mkdir(exist_ok=True)
    (root / FOLDER).symlink_to(root / "soft")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Link")
    report = run(Request(root, since="HEAD~2")).report
    assert ("no-x", "new.py") in [(each.rule, each.path) for each in report.findings]


def test_a_broken_rule_in_the_change_is_never_green(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"lint/rules/no-x\.yaml:"):
        _judged({**BASE, OWN: "summary: [\n"}, tmp_path)


def test_they_live_like_the_others(tmp_path: Path) -> None:
    """Baseline, comments, excuses, severities by path, formats, explain."""
    files = {"a.py": "x\n", "b.py": "x  # runcrew-lint: ignore[no-x] for now\n", "c/d.py": "x\n"}
    root = repository({"no-x": NO_X}, files, tmp_path / "r")
    assert [each[1] for each in found(root)] == ["a.py", "c/d.py"]
    policy = root / ".runcrew-lint.yaml"
    text = (
        policy.read_text()
        + "  severity: {no-x: info}\noverrides: [{paths: [c/**], severity: {no-x: warning}}]\n"
    )
    policy.write_text(text)
    severities = [each.severity.value for each in run(Request(root)).report.findings]
    assert severities == ["info", "warning"]
    sarif = json.loads(said(root, "--format", "sarif").stdout)["runs"][0]
    assert [each["ruleId"] for each in sarif["results"]] == ["no-x", "no-x"]
    assert sarif["tool"]["driver"]["rules"][0]["help"]["markdown"].startswith("# no-x\n")
    assert f"the team's own word, {OWN}" in said(root, "explain", "no-x").stdout
    assert "  no-x " in said(root, "rules", "own").stdout
    policy.write_text(text + "excuses: [{rules: [own], paths: [a.py], reason: it is old}]\n")
    assert [each[1] for each in found(root)] == ["c/d.py"]
    assert said(root, "baseline", "create").returncode == 0
    assert found(root) == []
    (root / "c/d.py").write_text("x\nx = 1\n")
    assert [(path, line) for _, path, line, _ in found(root)] == [("c/d.py", 2)]


def test_the_guide_holds_what_it_says(tmp_path: Path) -> None:
    (policy, image, utcnow) = (each.text for each in blocks(GUIDE) if each.language == "yaml")
    root = repository_from(
        {
            ".runcrew-lint.yaml": policy,
            f"{FOLDER}/image-of-ours.yaml": image,
            f"{FOLDER}/utcnow-without-zone.yaml": utcnow,
        },
        tmp_path / "r",
    )
    done = said(root, "test-rules")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            f"image-of-ours ({FOLDER}/image-of-ours.yaml): holds on 2 examples",
            f"utcnow-without-zone ({FOLDER}/utcnow-without-zone.yaml): holds on 2 examples",
        ],
    )
    assert json.loads(said(root, "config", "rule-schema").stdout)["title"] == "a rule of a team's own"


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        (None, "it has no bad example; it has no good example"),
        ([{"name": "one", "bad": {"a.py": "x\n"}}], "it has no good example"),
        ([{"name": "one", "good": {"a.py": "x\n"}}], "one: found at a.py:1, and it is good"),
        ([{"name": "one", "bad": {"a.py": "y\n"}}], "one: nothing is found, and it is bad"),
        (
            [{"name": "one", "bad": {"a.py": "\nx\n"}, "yields": [{"path": "a.py", "line": 1}]}],
            "one: found at a.py:2, and it should be at a.py:1",
        ),
    ],
)
def test_examples_that_do_not_hold(examples: object, words: str, tmp_path: Path) -> None:
    more = {"examples": examples} if examples else {}
    root = repository({"no-x": rule(files=["*.py"], must_not={"contain": "x"}, **more)}, {}, tmp_path / "r")
    done = said(root, "test-rules")
    assert done.returncode == 1
    assert words in done.stdout and done.stdout.count("\n") == 1


def test_an_example_that_does_not_read(tmp_path: Path) -> None:
    examples = [{"name": "one", "bad": {"a.yaml": "a: [\n"}}, {"name": "two", "good": {"a.yaml": "b: 1\n"}}]
    words = rule(files=["a.yaml"], select="a", must={"be": 1}, examples=examples)
    done = said(repository({"no-x": words}, {}, tmp_path / "r"), "test-rules")
    assert done.returncode == 1 and "one: a.yaml:2: not YAML" in done.stdout


def test_no_rules_to_test(tmp_path: Path) -> None:
    done = said(repository_from({}, tmp_path / "r"), "test-rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no rules of your own; `rules.own` in the policy names their folder" in done.stderr


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package of policies that must never be imported."""
    package = tmp_path / "site/acme_policy"
    (package / "rules").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('imported')\n")
    (package / "runcrew-lint.yaml").write_text("extends: strict.yaml\nrules: {own: [rules]}\n")
    (package / "strict.yaml").write_text("extends: recommended\npostgres: 14\n")
    (package / "rules/no-x.yaml").write_text(NO_X)
    monkeypatch.syspath_prepend(package.parent)
    return package


def test_a_policy_of_a_package(acme: Path, tmp_path: Path) -> None:
    root = repository_from(
        {".runcrew-lint.yaml": "extends: package:acme-policy\n", "a.py": "x\n"}, tmp_path / "r"
    )
    assert [each[:2] for each in found(root)] == [("no-x", "a.py")]
    policy = load(root, None, load_catalogue().policies)
    assert (policy.postgres, policy.rules.own) == (14, (f"{acme / 'rules'}",))
    change_to(root, {".runcrew-lint.yaml": "extends: package:acme-policy/strict.yaml\n", "a.py": "x\n"})
    assert run(Request(root)).report.findings == ()
    told = run(Request(root, since="HEAD~1")).report.findings
    assert [(each.rule, each.path) for each in told] == [("policy-weakened", ".runcrew-lint.yaml")]


def test_rules_of_a_package(acme: Path, tmp_path: Path) -> None:
    own = "rules: {own: ['package:acme-policy/rules']}\n"
    root = repository_from(
        {".runcrew-lint.yaml": f"extends: recommended\n{own}", "a.py": "x\n"}, tmp_path / "r"
    )
    assert [each[:2] for each in found(root)] == [("no-x", "a.py")]
    shown = said(root, "config", "show").stdout
    (root / ".runcrew-lint.yaml").write_text(shown)
    assert [each[:2] for each in found(root)] == [("no-x", "a.py")], "what is shown is a policy itself"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("package:acme-polisy", "there is no installed package acme-polisy"),
        ("package:acme-policy/gone.yaml", "there is no policy package:acme-policy/gone.yaml"),
        ("package:acme-policy/../../r/x.yaml", "leads out of the package"),
        ("package:", "there is no installed package"),
        ("package:own_policy", "there is no installed package own_policy"),
    ],
)
def test_a_package_that_is_none(
    named: str, words: str, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {".runcrew-lint.yaml": f"extends: {named!r}\n", "own_policy/runcrew-lint.yaml": "postgres: 18\n"}
    root = repository_from(files, tmp_path / "r")
    monkeypatch.syspath_prepend(root)
    with pytest.raises(SetupError, match=words) as error:
        load(root, None, load_catalogue().policies)
    assert error.value.where == ".runcrew-lint.yaml:1:10"
