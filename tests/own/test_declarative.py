"""What a team's own rule can say of a file: of its text, and of the values at a path."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine.run import Request, run
from tests.own.rules import FOLDER, found, mistake, repository, rule

pytestmark = pytest.mark.usefixtures("git")

APP = """\
kind: Deployment
spec:
  replicas: 1
  paused: true
  containers:
    - image: nginx:1
      resources: {}
    - image: ours/app:1
      resources: {limits: {memory: 1Gi}}
---
kind: Service
spec: {replicas: 5, image: nginx:1}
"""
DATED = "import datetime\n\nnow = datetime.utcnow()\n    then = utcnow()  # utcnow()\n"

# What a rule says, the file it is about, and the lines and messages that come of it.
CASES: list[tuple[dict[str, Any], str, str, list[tuple[int, str]]]] = [
    # the text itself
    ({"must_not": {"contain": "utcnow()"}}, "a.py", DATED, [(3, "utcnow"), (4, "utcnow"), (4, "utcnow")]),
    ({"must_not": {"match": r"^\s+then\b"}}, "a.py", DATED, [(4, "then")]),
    ({"must_not": {"match": "never"}}, "a.py", DATED, []),
    ({"must": {"contain": "import datetime"}}, "a.py", DATED, []),
    ({"must": {"contain": "SPDX"}}, "a.py", DATED, [(1, "import")]),
    ({"must": {"match": "^import"}}, "a.py", DATED, []),
    ({"must": {"match": "^export"}}, "a.py", DATED, [(1, "import")]),
    ({"must": {"contain": "SPDX"}}, "a.py", "", [(1, "")]),
    ({"must_not": {"contain": "한국"}}, "a.md", "안녕\n한국어\n", [(2, "한국어")]),
    # values
    ({"select": "spec.replicas", "must": {"be": 1}}, "a.yaml", APP, [(12, "5")]),
    ({"select": "spec.replicas", "must": {"be": [1, 5]}}, "a.yaml", APP, []),
    ({"select": "spec.replicas", "must_not": {"be": 1}}, "a.yaml", APP, [(3, "`replicas` is `1`")]),
    ({"select": "spec.paused", "must_not": {"be": 1}}, "a.yaml", APP, []),
    ({"select": "spec.paused", "must_not": {"be": True}}, "a.yaml", APP, [(4, "`paused` is `true`")]),
    ({"select": "spec.containers.0", "must_not": {"exist": True}}, "a.yaml", APP, [(6, "`0` is `a map`")]),
    ({"select": "spec.containers.*.image", "must": {"match": "^ours/"}}, "a.yaml", APP, [(6, "nginx:1")]),
    ({"select": "**.image", "must": {"match": "^ours/"}}, "a.yaml", APP, [(6, "nginx:1"), (12, "nginx:1")]),
    ({"select": "**.image", "must_not": {"contain": "app"}}, "a.yaml", APP, [(8, "ours/app:1")]),
    (
        {"select": "**.image", "must": {"match": "^ours/"}, "where": {"kind": ["Service", "Job"]}},
        "a.yaml",
        APP,
        [(12, "nginx:1")],
    ),
    ({"select": "spec.replicas", "must": {"match": "^[1-4]$"}}, "a.yaml", APP, [(12, "5")]),
    ({"select": "spec", "must": {"contain": "containers"}}, "a.yaml", APP, [(12, "`spec` is `a map`")]),
    (
        {"select": "spec", "must": {"match": "x"}, "where": {"kind": "Service"}},
        "a.yaml",
        APP,
        [(12, "a map")],
    ),
    (
        {"select": "spec.containers.*.resources.limits", "must": {"exist": True}},
        "a.yaml",
        APP,
        [(7, "limits"), (12, "containers")],
    ),
    ({"select": "**.limits", "must": {"exist": True}}, "a.yaml", APP, []),
    ({"select": "spec.containers", "must_not": {"exist": True}}, "a.yaml", APP, [(5, "a list")]),
    ({"select": "gone.*.x", "must": {"be": 1}}, "a.yaml", APP, []),
    ({"select": ["a.b", 0], "must": {"be": "x"}}, "a.json", '{"a.b": ["y"], "a": {"b": ["z"]}}', [(1, "y")]),
    ({"select": "ports.80", "must_not": {"exist": True}}, "a.yaml", "ports: {80: x}\n", [(1, "`80` is `x`")]),
    ({"select": "tags", "must": {"contain": "ours"}}, "a.toml", 'tags = ["theirs"]\n', [(1, "a list")]),
    ({"select": "a", "must": {"be": 2}, "format": "json"}, "a.conf", '{"a": 1}', [(1, "`a` is `1`")]),
    ({"select": "a", "must": {"be": {"b": [1]}}}, "a.yaml", "a: {b: [1]}\n", []),
    ({"select": "a.*", "must": {"be": 1}}, "a.yaml", "a: &x [1, 2]\nb: *x\n", [(1, "`1` is `2`")]),
]


@pytest.mark.parametrize(("words", "path", "text", "expected"), CASES)
def test_what_is_found(
    words: dict[str, Any], path: str, text: str, expected: list[tuple[int, str]], tmp_path: Path
) -> None:
    root = repository({"our-rule": rule(files=["a.*"], **words)}, {path: text}, tmp_path / "r")
    told = found(root)
    assert [(rule, path, line) for rule, _, line, _ in told] == [
        ("our-rule", path, line) for line, _ in expected
    ]
    for (_, _, _, message), (_, said) in zip(told, expected, strict=True):
        assert said in message


def test_which_files(tmp_path: Path) -> None:
    words = rule(files=["*.py", "docs/**"], **{"except": ["**/old/**"]}, must_not={"contain": "x"})
    paths = ("a.py", "b/a.py", "b/old/a.py", "docs/c/d.txt", "e.txt", "node_modules/f.py")
    root = repository({"our-rule": words}, dict.fromkeys(paths, "x\n"), tmp_path / "r")
    (root / "docs/picture.png").write_bytes(b"\x89PNG\0x")
    assert [path for _, path, _, _ in found(root)] == ["a.py", "b/a.py", "docs/c/d.txt"]
    assert not [each for each in run(Request(root)).report.findings if each.family == "engine"], (
        "no word on it"
    )


def test_a_file_that_can_not_be_judged_is_told_of(tmp_path: Path) -> None:
    words = rule(files=["a.*"], select="a", must={"be": 1})
    files = {"a.yaml": "a: [\n", "a.ini": "a = 1\n"}
    root = repository({"our-rule": words}, files, tmp_path / "r")
    findings = run(Request(root, select=("our-rule",))).report.findings
    assert [(each.rule, each.path) for each in findings] == [
        ("file-unreadable", "a.ini"),
        ("file-unreadable", "a.yaml"),
    ]
    assert "does not say whether it is YAML, JSON or TOML" in findings[0].message


def test_many_in_one_file_end(tmp_path: Path) -> None:
    words = rule(files=["a.py"], must_not={"contain": "x"})
    root = repository({"our-rule": words}, {"a.py": "x\n" * 1_000}, tmp_path / "r")
    told = found(root)
    assert len(told) == 50
    assert told[-1][3].endswith("; and so in 950 places more of this file")


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (rule(files=["a"], must_nott={"contain": "x"}), ":7:1", "did you mean `must_not`?"),
        (rule(files=["a"], must_not={"contian": "x"}), ":8:3", "did you mean `contain`?"),
        (rule(files=["a"]), ":1:1", "no `must` and no `must_not`"),
        (rule(must={"contain": "x"}), ":1:1", "no `files`"),
        (rule(files=["a"], must={"exist": True}), ":8:3", "without `select`"),
        (rule(files=["a"], must={"contain": "x"}, where={"a": 1}), ":10:3", "without `select`"),
        (rule(files=["a"], must={"match": "("}), ":8:10", "the pattern is refused"),
        (rule(files=["a"], must={"match": "(?=x)y"}), ":8:10", "look-around"),
        (rule(files=["a"], must={"match": r"(x)\1"}), ":8:10", "back references"),
        (rule(files=["a"], must={"match": "(x{1000}){1000}"}), ":8:10", "grows too large"),
        (rule(files=["a"], must={"exist": False}, select="b"), ":8:10", "`must_not: {exist: true}`"),
        (rule(files=["a"], must={"contain": "x"}, severity="fatal"), ":9:11", "severity"),
        (
            rule(files=["a"], must={"contain": "x"}, examples=[{"name": "an example"}]),
            ":10:3",
            "`bad` or `good`",
        ),
        ("summary: [\n", ":2:1", "not YAML"),
        ("", ":1:1", "a rule is a map"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, where: str, said: str, tmp_path: Path) -> None:
    error = mistake({"our-rule": text}, tmp_path)
    assert error.where == f"{FOLDER}/our-rule.yaml{where}"
    assert said in str(error)


@pytest.mark.parametrize(
    ("name", "said"), [("drop-column", "from the linter"), ("Our_rule", "no name"), ("our", "no name")]
)
def test_a_name_that_can_not_be_one(name: str, said: str, tmp_path: Path) -> None:
    assert said in str(mistake({name: rule(files=["a"], must={"contain": "x"})}, tmp_path))


def test_a_folder_without_rules_is_no_silence(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "README.md").touch()
    assert str(mistake({}, tmp_path)).startswith(".runcrew-lint.yaml:3:9: there is no rule in lint/rules")


def test_a_hostile_pattern_takes_no_time(tmp_path: Path) -> None:
    """Python's own engine would go back in this text for longer than anybody lives."""
    patterns = ["(a+)+$", "(a|a)*b$", "a*a*a*a*a*a*a*a*a*a*b", "(.*a){20}b"]
    rules = {f"our-{at}": rule(files=["a.txt"], must_not={"match": each}) for at, each in enumerate(patterns)}
    root = repository(rules, {"a.txt": "a" * 50_000 + "!\n"}, tmp_path / "r")
    start = time.process_time()
    assert found(root) == []
    assert time.process_time() - start < 5


def test_a_hostile_glob_takes_no_time(tmp_path: Path) -> None:
    words = rule(files=["*a" * 20 + "b"], **{"except": ["**/" * 20 + "b"]}, must_not={"contain": "x"})
    path = f"{'a/' * 60}{'a' * 120}.txt"
    root = repository({"our-rule": words}, {path: "x\n"}, tmp_path / "r")
    start = time.process_time()
    assert found(root) == []
    assert time.process_time() - start < 5


def test_a_warm_run_asks_what_changed_anew(tmp_path: Path) -> None:
    """A verdict is kept until the file or the rule changes."""
    root = repository(
        {"our-rule": rule(files=["*.py"], must_not={"contain": "x"})}, {"a.py": "x\n"}, tmp_path / "r"
    )
    warm = tmp_path / "cache"
    assert len(found(root, cache=warm)) == len(found(root, cache=warm)) == 1
    (root / "a.py").write_text("x\nx = 1\n")
    assert len(found(root, cache=warm)) == 2
    (root / FOLDER / "our-rule.yaml").write_text(rule(files=["*.py"], must_not={"contain": "x ="}))
    assert [line for _, _, line, _ in found(root, cache=warm)] == [2]
    (root / FOLDER / "our-rule.yaml").write_text(rule(files=["*.txt"], must_not={"contain": "x ="}))
    assert found(root, cache=warm) == []
