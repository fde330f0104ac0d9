"""Rules in Python: the package that docs/your-own-rules.md shows, really installed, and how one loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from tests.checkout import ROOT
from tests.commands import said
from tests.components.component import absent
from tests.fixtures_git import repository_from
from tests.snippets import block

pytestmark = pytest.mark.usefixtures("git")
GUIDE = ROOT / "docs/your-own-rules.md"
EACH_MINUTE = {"deploy/a.yaml": "a: 1\nschedule: '* * * * *'\n"}
NEEDED = {".runcrew-lint.yaml": "extends: recommended\nrules: {plugins: [acme]}\n"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the guide's package is installed in, by pip."""
    folder = tmp_path_factory.mktemp("acme")
    (folder / "acme_rules").mkdir()
    (folder / "pyproject.toml").write_text(block(GUIDE, "A rule in Python", "toml").text)
    (folder / "acme_rules/__init__.py").write_text(block(GUIDE, "A rule in Python", "python").text)
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
    ]
    site = folder / "site"
    for needed in ("pip", "hatchling"):
        if find_spec(needed) is None:
            absent(needed, "the environment has none")
    subprocess.run([*install, "--target", str(site), str(folder)], check=True, capture_output=True)
    return site


@pytest.fixture
def acme(package: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Python imports from there, and forgets it afterwards."""
    monkeypatch.syspath_prepend(package)
    yield
    _forget("acme_rules")


def _forget(*modules: str) -> None:
    for name in modules:
        sys.modules.pop(name, None)
    invalidate_caches()


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module `offering` that is installed with an entry point for what it holds."""
    site = tmp_path / "site"
    about = site / "offering-2.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 2\n")
    (about / "entry_points.txt").write_text("[runcrew_lint.rules]\noffering = offering:RULES\n")
    monkeypatch.syspath_prepend(site)
    yield site / "offering.py"
    _forget("offering")


MODULE = """\
from runcrew_lint.api import Fault, Place, PythonRule, Span

def check(*given):
    {body}

RULES = [PythonRule("our-rule", "what is wrong", "why it is", "what to do", check, {reads})]
"""


def _found(root: Path, **asked: object) -> list[tuple[str, str, int]]:
    findings = run(Request(root, **{"plugins": ("acme",), **asked})).report.findings  # type: ignore[arg-type]
    return [(each.rule, each.path, each.line) for each in findings]


def test_a_package_of_rules(acme: None, tmp_path: Path) -> None:
    root = repository_from({**NEEDED, **EACH_MINUTE}, tmp_path / "r")
    assert _found(root) == [("cron-each-minute", "deploy/a.yaml", 2)]
    assert (
        "# cron-each-minute\n" in said(root, "explain", "cron-each-minute", "--allow-plugins", "acme").stdout
    )
    assert "  cron-each-minute " in said(root, "rules", "acme", "--allow-plugins", "acme").stdout
    done = said(root, "test-rules", "--allow-plugins", "acme")
    assert (done.returncode, done.stdout) == (0, "cron-each-minute (the plug-in acme): holds on 2 examples\n")
    assert "plug-ins    acme: " in said(root, "doctor", "--allow-plugins", "acme").stdout
    kept = said(root, "baseline", "create", "--allow-plugins", "acme")
    assert "1 finding," in kept.stdout
    assert said(root, "--allow-plugins", "acme").returncode == 0


def test_no_file_loads_one(acme: None, tmp_path: Path) -> None:
    root = repository_from({**NEEDED, **EACH_MINUTE}, tmp_path / "r")
    done = said(root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs the plug-in acme, and this run does not allow it; add `--allow-plugins acme`" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "acme_rules" not in sys.modules
    said(root, "doctor")
    assert "acme_rules" not in sys.modules, "who is installed is read from metadata"


def test_what_is_not_installed_is_no_silence(tmp_path: Path) -> None:
    root = repository_from({**NEEDED, **EACH_MINUTE}, tmp_path / "r")
    done = said(root, "--allow-plugins", "acme")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no plug-in acme" in done.stderr


def test_a_warm_run_says_the_same(acme: None, tmp_path: Path) -> None:
    root = repository_from({**NEEDED, **EACH_MINUTE}, tmp_path / "r")
    cold = _found(root, cache=tmp_path / "cache")
    assert cold and cold == _found(root, cache=tmp_path / "cache")


def test_new_code_is_asked_anew(offered: Path, tmp_path: Path) -> None:
    root = repository_from(EACH_MINUTE, tmp_path / "r")
    asked = {"plugins": ("offering",), "cache": tmp_path / "cache", "select": ("our-rule",)}
    offered.write_text(MODULE.format(body="return []", reads="files=['*.yaml']"))
    assert _found(root, **asked) == []
    _forget("offering")
    offered.write_text(MODULE.format(body="return [given[0].fault(1, 'wrong')]", reads="files=['*.yaml']"))
    assert _found(root, **asked) == [("our-rule", "deploy/a.yaml", 1)]


WORKFLOW = {".github/workflows/a.yml": "on: push\njobs: {a: {runs-on: x, steps: [{run: ls}]}}\n"}
FAULT = "return [Fault(Place('.github/workflows/a.yml', Span(0, 2)), 'wrong')]"


@pytest.mark.parametrize("reads", ["judges='workflow'", "compares=['workflow']"])
def test_facts(reads: str, offered: Path, tmp_path: Path) -> None:
    offered.write_text(MODULE.format(body=FAULT, reads=reads))
    root = repository_from(WORKFLOW, tmp_path / "r")
    asked = {"plugins": ("offering",), "select": ("offering",)}
    assert _found(root, **asked) == [("our-rule", ".github/workflows/a.yml", 1)]


@pytest.mark.parametrize("reads", ["files=['*.yml']", "judges='workflow'", "compares=['workflow']"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise KeyError('x')", "KeyError"),
        ("raise SystemExit(0)", "RuntimeError"),
        ("return ['a text']", "TypeError"),
        ("return [Fault('a.yml', 'wrong')]", "TypeError"),
        ("yield 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_crash_is_a_finding(reads: str, body: str, said: str, offered: Path, tmp_path: Path) -> None:
    offered.write_text(MODULE.format(body=body, reads=reads))
    root = repository_from({**WORKFLOW, "Dockerfile": "FROM python\n"}, tmp_path / "r")
    report = run(Request(root, plugins=("offering",), select=("our-rule", "base-untagged"))).report
    assert {each.rule for each in report.findings} == {"rule-crashed", "base-untagged"}, "the rest is judged"
    (crash,) = (each for each in report.findings if each.rule == "rule-crashed")
    assert said in crash.message and "our-rule" in crash.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name\n", "does not load: ModuleNotFoundError"),
        ("raise SystemExit(0)\n", "does not load: SystemExit"),
        ("RULES = 5\n", "does not load: TypeError"),
        ("RULES = ['a']\n", "a str that is no PythonRule"),
        (MODULE.format(body="pass", reads=""), "no files, judges or compares"),
        (MODULE.format(body="pass", reads="judges='workflows'"), "did you mean workflow?"),
        (MODULE.format(body="pass", reads="files=['a'], severity='fatal'"), "no such severity"),
        (MODULE.format(body="pass", reads="files=['a']").replace("our-rule", "drop-column"), "already"),
        (MODULE.format(body="pass", reads="files=['a']").replace("why it is", " "), "has no why"),
    ],
)
def test_what_can_not_be_loaded(text: str, said: str, offered: Path, tmp_path: Path) -> None:
    offered.write_text(text)
    root = repository_from({}, tmp_path / "r")
    with pytest.raises(SetupError, match=said.replace("?", r"\?")):
        run(Request(root, plugins=("offering",)))


def test_a_name_that_is_nearly_one(offered: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="did you mean offering"):
        run(Request(repository_from({}, tmp_path / "r"), plugins=("ofering",)))


FORGED = {
    "evil-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
    "evil-1.dist-info/entry_points.txt": "[runcrew_lint.rules]\nevil = evil:RULES\n",
    "evil.py": "raise AssertionError('loaded')\n",
}


def test_what_a_change_brings_along_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python imports from the folder it is started in, and a job may be started in the repository."""
    root = repository_from(FORGED, tmp_path / "r")
    monkeypatch.syspath_prepend(root)
    with pytest.raises(SetupError, match="there is no plug-in evil"):
        run(Request(root, plugins=("evil",)))


def test_a_package_that_the_repository_shadows(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered.write_text(MODULE.format(body="pass", reads="files=['a']"))
    root = repository_from({"offering.py": "raise AssertionError('loaded')\n"}, tmp_path / "r")
    monkeypatch.syspath_prepend(root)
    with pytest.raises(SetupError, match="is not installed but in "):
        run(Request(root, plugins=("offering",)))
