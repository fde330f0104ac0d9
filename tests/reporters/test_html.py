"""The page: whole, bounded, the same each time, and of a repository's text nothing but text."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.model.mend import NewFile, Safety
from runcrew_lint.reporters.html import findings as findings_page
from runcrew_lint.reporters.html import render, timeline
from runcrew_lint.reporters.html.timeline import RECENT
from runcrew_lint.reporters.look import Look, visible
from runcrew_lint.text import Place
from tests.fixtures_git import repository_from
from tests.generated import KINDS
from tests.reporters.cases import CASES
from tests.reporters.made import Tree, finding, fix, point
from tests.reporters.test_formats import ANY_TEXT

_VOID = {"meta", "input", "wbr"}
_LOADING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "style", "xlink:href"}


class Page(HTMLParser):
    """A page read back: what stands in it, by class, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()
        self.wrong += [f"{tag} is not closed" for tag, _ in self.open]
        self.wrong += [f"{name} twice" for name, count in Counter(self.ids).items() if count > 1]
        self.wrong += [f"{link} leads nowhere" for link in self.links if link[1:] not in self.ids]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = {name: value or "" for name, value in attrs}
        styles = set(given.get("class", "").split())
        for name, value in given.items():
            if name in _LOADING or name.startswith("on"):
                self.wrong.append(f"<{tag} {name}={value}>")
            elif name == "id":
                self.ids.append(value)
            elif name == "href":
                self.links.append(value)
                if not value.startswith("#"):
                    self.wrong.append(f"it links to {value}")
        for style in styles:
            self.texts.setdefault(style, []).append("")
        if tag not in _VOID:
            self.open.append((tag, styles))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> in {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag, styles in self.open:
            if tag in ("style", "script", "title"):
                self.raw[tag] = self.raw.get(tag, "") + data
            for style in styles:
                self.texts[style][-1] += data


def page(outcome: Outcome) -> Page:
    return Page(render(outcome, Look()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_it_is_whole(case: Callable[[], Outcome]) -> None:
    outcome = case()
    read = page(outcome)
    assert read.wrong == []
    assert read.texts.get("message", []) == [visible(each.message) for each in sorted_as_shown(outcome)]
    assert (read.tags["script"], read.tags["style"], read.tags["h1"]) == (1, 1, 1)


def sorted_as_shown(outcome: Outcome) -> list[Finding]:
    found = list(outcome.report.findings)
    weights = {
        each.rule: min(-one.severity.weight for one in found if one.rule == each.rule) for each in found
    }
    return sorted(found, key=lambda each: (weights[each.rule], each.rule))


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_is_markup(message: str, path: str, line: str) -> None:
    path = path.replace("/", "_").replace("\0", "_")
    tree = Tree.of({path: f"{line}\n"})
    told = finding(
        tree.region(path, line), message.replace("`", "'"), help=message.replace("`", "'"),
        notes=[(line, path.replace("`", "'"))], related=[(tree.region(path, line), path.replace("`", "'"))],
        fix=fix(tree.edit(path, line, f"{message}</code>")),
    )  # fmt: skip
    read = page(tree.outcome(told, notices=[message.replace("`", "'")], root=f"/srv/{path}"))
    assert read.wrong == []
    assert read.texts["message"] == [visible(told.message)]
    assert read.texts["where"] == [visible(f"{path}:1:1")]


HOSTILE = "</script></style></code><script>hacked=1</script><img src=x onerror=hacked=1>\x1b[31m\u202e"


def test_hostile_names_and_words_are_text() -> None:
    name = HOSTILE.replace("/", "_")
    tree = Tree.of({name: f"{HOSTILE}\n"})
    told = finding(
        tree.region(name, HOSTILE), HOSTILE, rule=HOSTILE, help=HOSTILE, notes=[(HOSTILE, HOSTILE)],
        related=[(point(name), HOSTILE)], fix=replace(fix(title=HOSTILE), creates=(NewFile(name, HOSTILE),)),
    )  # fmt: skip
    outcome = tree.outcome(replace(told, family=HOSTILE), notices=[HOSTILE], root=f"/srv/{name}")
    text = render(outcome, Look())
    read = Page(text)
    assert read.wrong == []
    assert (read.tags["script"], read.tags["img"]) == (1, 0)
    assert "\x1b" not in text and "\u202e" not in text


def test_its_own_law_lets_nothing_else_run() -> None:
    text = render(CASES[0](), Look())
    (law,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert law.startswith("default-src 'none';")
    raw = Page(text).raw
    for tag in ("style", "script"):
        (digest,) = re.findall(rf"{tag}-src 'sha256-([^']+)'", law)
        assert sha256(raw[tag].encode()).digest() == b64decode(digest)
    assert not re.search(r"url\(|@import|https?:", raw["style"] + raw["script"])


def test_a_fix_is_a_diff() -> None:
    tree = Tree.of({"a.py": "".join(f"x{number} = 1\n" for number in range(9))})
    made = replace(fix(tree.edit("a.py", "x4 = 1", "x4 = 2")), creates=(NewFile("b.py", "y = 1\n"),))
    read = page(tree.outcome(finding(tree.region("a.py", "x4 = 1"), fix=made)))
    assert read.texts["removed"] == ["-x4 = 1"]
    assert read.texts["added"] == ["+x4 = 2", "+y = 1"]
    assert "b.py" in read.texts["place"]


def test_marks_stand_where_the_places_are() -> None:
    tree = Tree.of({"a.py": "# 러닝\ncrew(run, 크루)\n"})
    told = finding(
        tree.region("a.py", "crew(", ")"),
        related=[(tree.region("a.py", "크루"), "이 크루"), (point("a.py"), "")],
    )
    read = page(tree.outcome(told))
    assert "".join(read.texts["error"]) == "1 error" + "error" * 2 + "crew(run, )"
    assert [each for each in read.texts["related"] if each] == ["크루"]
    assert read.texts["label"] == ["이 크루"]
    assert read.texts["point"] == [""]


def test_thousands_of_findings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_page, "MOST", 3)
    monkeypatch.setattr(findings_page, "MOST_OF_ALL", 7)
    tree = Tree.of({"a.py": "x\n" * 20})
    many = [
        finding(point("a.py", line + 1), rule=f"rule-{rule}", severity=severity)
        for rule, severity in enumerate((Severity.WARNING, Severity.ERROR, Severity.ERROR))
        for line in range(20)
    ]
    read = page(tree.outcome(*many))
    shown = Counter(each.split()[0] for each in read.texts["severity"])
    assert (len(read.texts["finding"]), shown) == (7, {"error": 6, "warning": 1})
    assert [each.split(" ")[0].split("\n")[0] for each in read.texts["rest"]] == ["17", "17", "19"]
    assert len([each for each in read.ids if each.startswith("f-")]) == 60


def test_a_page_of_five_thousand_findings_can_be_sent() -> None:
    tree = Tree.of({f"src/part_{at}.py": "value = compute(first, second)\n" * 50 for at in range(100)})
    many = [
        finding(point(path, line), "what is wrong here, and why it hurts", rule=f"rule-{line % 300}")
        for path in tree.sources
        for line in range(1, 51)
    ]
    assert len(render(tree.outcome(*many), Look()).encode()) < 3 << 20


def revision(number: int) -> str:
    down = f'"r{number - 1}"' if number else "None"
    return (
        f'"""step {number}"""\nfrom alembic import op\nrevision = "r{number}"\ndown_revision = {down}\n\n\n'
        f'def upgrade():\n    op.execute("ALTER TABLE runs ADD COLUMN c{number} int")\n\n\n'
        "def downgrade():\n    pass\n"
    )


WORKFLOW = """\
on: {push: {branches: [develop]}}
jobs:
  app:
    runs-on: ubuntu-latest
    steps: [{run: eas build --profile production --platform all --non-interactive}]
"""
EAS = '{"cli": {"appVersionSource": "remote"}, "build": {"staging": {}, "production": {}}}\n'
READS = 'import os\n\nURL = os.environ["API_URL"]\nLEVEL = os.environ.get("LOG_LEVEL", "info")\n'


@pytest.mark.usefixtures("git")
def test_what_the_default_branch_has_is_folded(tmp_path: Path) -> None:
    root = repository_from({f"alembic/versions/r{at}.py": revision(at) for at in range(8)}, tmp_path / "r")
    read = page(run(Request(root, policy="recommended", select=("empty-downgrade",))))
    assert read.wrong == []
    assert (len(read.texts.get("finding", [])), "#settled" in read.links) == (0, True)
    assert "empty-downgrade 8" in read.texts["settled"][0]


def page_of(root: Path) -> Page:
    return page(run(Request(root, policy="runcrew")))


def parts_of(read: Page) -> set[str]:
    return {"findings", "delivery", "migrations", "environment"}.intersection(read.ids)


@pytest.mark.usefixtures("git")
def test_what_a_repository_is_stands_beside_its_findings(tmp_path: Path) -> None:
    files = {f"alembic/versions/r{number}.py": revision(number) for number in range(RECENT + 10)}
    files |= {".github/workflows/app.yml": WORKFLOW, "eas.json": EAS, "app/settings.py": READS}
    read = page_of(repository_from(files, tmp_path / "repository"))
    assert read.wrong == []
    assert parts_of(read) == {"findings", "delivery", "migrations", "environment"}
    (way,) = read.texts["fault"][-1:]
    assert way.startswith("push develop") and way.endswith("against the policy")
    assert len(read.texts["revision"]) == RECENT + 10
    assert "step 34" in read.texts["revision"][0] and "ACCESS EXCLUSIVE" in read.texts["revision"][0]
    assert read.tags["svg"] == 1
    variables = " ".join(read.texts["variables"])
    assert "API_URL" in variables and "app/settings.py:3" in variables and "LOG_LEVEL" in variables
    assert {"variables-required", "variables-optional"} <= set(read.ids)


@pytest.mark.usefixtures("git")
def test_what_there_is_not_is_left_out(tmp_path: Path) -> None:
    files = {"README.md": "x\n"}
    root = repository_from(files, tmp_path / "empty")
    assert parts_of(page_of(root)) == {"findings"}
    for path, text, part in (
        (".github/workflows/app.yml", WORKFLOW, "delivery"),
        ("alembic/versions/r0.py", revision(0), "migrations"),
        ("app/settings.py", READS, "environment"),
    ):
        root = repository_from({**files, path: text}, tmp_path / part)
        assert parts_of(page_of(root)) == {"findings", part}


PROGRAM = str(Path(sys.executable).with_name("runcrew-lint"))


@pytest.mark.usefixtures("git")
def test_the_same_input_makes_the_same_page(tmp_path: Path) -> None:
    files = {f"alembic/versions/r{number}.py": revision(number) for number in range(3)}
    files |= {".github/workflows/app.yml": WORKFLOW, "eas.json": EAS, "app/settings.py": READS}
    pages = set()
    for seed in ("1", "2", "3"):
        root = repository_from(files, tmp_path / seed / "repository")
        command = [PROGRAM, "--policy", "runcrew", "--format", "html", "--cache-dir", str(tmp_path / "cache")]
        done = subprocess.run(
            command, cwd=root, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True
        )
        assert done.returncode == 1, done.stderr
        pages.add(done.stdout)
    assert len(pages) == 1


@pytest.mark.usefixtures("git")
def test_only_the_page_asks_for_the_portrait(tmp_path: Path) -> None:
    root = repository_from({"a.py": READS}, tmp_path / "repository")
    script = (
        "import sys\nfrom runcrew_lint.cli.main import cli\n"
        "cli(['check', '--no-cache', '--exit-zero', '--format', sys.argv[1]], standalone_mode=False)"
    )
    told = script.replace("standalone_mode=False)", "standalone_mode=True)")
    ending = "import atexit\natexit.register(lambda: print('runcrew_lint.engine.portrait' in sys.modules))\n"
    for form, drawn in (("json", "False"), ("html", "True")):
        done = subprocess.run(
            [sys.executable, "-c", told.replace("from runcrew", f"{ending}from runcrew"), form],
            cwd=root, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == drawn


PLANTED = ("hex-secret", "password", "kakao-key")
SECRETS = {
    ".github/workflows/app.yml": (
        "on: {push: {branches: [develop]}}\njobs:\n  app:\n    runs-on: ubuntu-latest\n"
        "    env:\n      JWT_SECRET: @@GENERATED:hex-secret@@\n    steps:\n"
        "      - run: eas build --profile production --message @@GENERATED:hex-secret@@ --platform ios\n"
    ),
    "eas.json": (
        '{"cli": {"appVersionSource": "remote"}, "build": {"production": {"env": '
        '{"API_BASE_URL": "https://crew:@@GENERATED:password@@@api.runcrew.app/v1"}}}}\n'
    ),
    "alembic/versions/r0.py": (
        '"""step one with @@GENERATED:kakao-key@@"""\nfrom alembic import op\nrevision = "r0"\n'
        'down_revision = None\nKAKAO_REST_API_KEY = "@@GENERATED:kakao-key@@"\n\n\ndef upgrade():\n'
        '    op.execute("ALTER TABLE runs ADD COLUMN a int")\n\n\ndef downgrade():\n    pass\n'
    ),
    "docker-compose.yml": (
        "services:\n  db:\n    image: postgres:16\n    ports: ['5432:5432']\n"
        "    environment: {POSTGRES_PASSWORD: @@GENERATED:password@@}\n"
    ),
}


@pytest.mark.usefixtures("git")
def test_no_part_of_the_page_tells_a_secret(tmp_path: Path) -> None:
    values = [KINDS[kind](random.Random(kind)).decode() for kind in PLANTED]
    windows = {value[at : at + 8] for value in values for at in range(4, len(value) - 7)}
    root = repository_from(SECRETS, tmp_path / "repository")
    text = render(run(Request(root, policy="runcrew")), Look())
    read = Page(text)
    assert parts_of(read) == {"findings", "delivery", "migrations", "environment"}
    assert "--message" in "".join(read.texts["ways"]) and "step one with" in "".join(read.texts["revision"])
    assert any("POSTGRES_PASSWORD" in each for each in read.texts["diff"] + read.texts["frame"])
    assert {each for each in windows if each in text} == set()


def test_a_diff_does_not_tell_what_a_fix_moves() -> None:
    secret = KINDS["hex-secret"](random.Random(1)).decode()
    tree = Tree(a_py=f"KEY = '{secret}'\nx = 1\n")
    veiled = Place("a.py", tree.span("a.py", secret))
    moved = fix(tree.edit("a.py", "x = 1", f"y = '{secret}'"), safety=Safety.UNSAFE)
    text = render(tree.outcome(finding(tree.region("a.py", "x = 1"), fix=moved), veiled=[veiled]), Look())
    read = Page(text)
    assert read.texts["added"] == [f"+y = '{secret[:4]}{'*' * (len(secret) - 4)}'"]
    assert secret[4:] not in text


def test_a_diff_covers_what_a_rule_has_covered() -> None:
    """Also what anyone can guess, which is not looked for elsewhere."""
    tree = Tree(a_py="KEY = 'password'\nx = 1\n")
    veiled = Place("a.py", tree.span("a.py", "password"))
    told = finding(tree.region("a.py", "x = 1"), fix=fix(tree.edit("a.py", "x = 1", "y = 1")))
    text = render(tree.outcome(told, veiled=[veiled]), Look())
    assert text.count("KEY = &#x27;pa******&#x27;") == 2
    assert "password" not in text


@pytest.mark.parametrize(
    ("margin", "width", "lanes"),
    [
        ("|", 16, [("8", "8")]),
        ("|/", 24, [("8", "8"), ("24", "8")]),
        ("|\\", 24, [("8", "8"), ("8", "24")]),
        ("| |", 32, [("8", "8"), ("24", "24")]),
    ],
)
def test_where_lanes_turn_they_lead_from_one_to_the_next(
    margin: str, width: int, lanes: list[tuple[str, str]]
) -> None:
    """Lanes are two characters apart, eight pixels each: a slash between two joins them."""
    drawn = timeline._turn(margin)
    assert f'<svg width="{width}"' in drawn
    assert re.findall(r'd="M(\d+),0 L(\d+),14"', drawn) == lanes
