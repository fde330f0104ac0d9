"""`runcrew-lint map`: what each format says of one repository, and that nothing in it becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runcrew_lint.engine.draw import Drawn, draw, told
from runcrew_lint.engine.run import Request
from runcrew_lint.reporters.maps import FORMATS, svg
from runcrew_lint.reporters.maps.chart import Chart, State, Target, _by_choice, chart_of
from runcrew_lint.reporters.maps.layout import layout
from tests.fixtures_git import repository_from

FILES = {
    ".github/workflows/build.yml": """\
on: {push: {branches: [develop], tags: ["v*"]}, workflow_dispatch: {inputs: {p: {type: string}}}}
jobs:
  staging:
    if: github.ref == 'refs/heads/develop'
    steps: [{run: eas build --profile production --platform all --non-interactive}]
  maybe:
    if: vars.ON && github.event_name == 'push'
    steps: [{run: aws ecs update-service --cluster runcrew-staging --service api}]
  any:
    if: github.event_name == 'workflow_dispatch'
    steps: [{run: "eas build --profile ${{ inputs.p }} --platform all --non-interactive"}]
""",
    ".github/workflows/quiet.yml": "on: push\njobs: {a: {steps: [{run: pytest}]}}\n",
    ".github/workflows/<b>&.yml": """\
on: {push: {branches: ["<i>\\"`"]}}
jobs: {"<script>alert(1)</script>": {steps: [{run: "aws s3 sync . 's3://<x>&\\"'"}]}}
""",
    "eas.json": '{"build": {"staging": {"env": {"API_BASE_URL": "https://s.example"}}, "production": {}}}',
}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Chart:
    root = repository_from(FILES, tmp_path_factory.mktemp("map") / "repository")
    return chart_of(draw(Request(root, policy="runcrew")), "<t>&")


def test_every_way_is_there(chart: Chart) -> None:
    found = {(ref, job.id, target.name, state) for ref, job, _, target, state in chart.rows}
    assert ("push develop", "staging", "EAS profile production", State.FAULT) in found
    assert ("push develop", "maybe", "backend · staging", State.UNSURE) in found
    assert ("manual run", "any", "EAS profile ?", State.UNRESOLVED) in found
    assert not any(ref == "tag v*" and job == "staging" for ref, job, _, _ in found)
    assert chart.quiet == (".github/workflows/quiet.yml",)


def test_an_address_of_the_policy_is_shown_to_the_team_that_named_it(tmp_path: Path) -> None:
    root = repository_from(FILES, tmp_path / "r")

    def notes(policy: str | None) -> set[str]:
        return {target.note for *_, target, _ in chart_of(draw(Request(root, policy=policy)), "t").rows}

    assert {"api.runcrew.app/api/v1", "staging-api.runcrew.app/api/v1"} <= notes("runcrew")
    assert not any("runcrew" in note for note in notes(None))


def test_what_is_told_of_a_target(tmp_path: Path) -> None:
    """A build's address is that of its profile; a database of the job's own is no target."""
    flow = (
        "on: {push: {branches: [main]}}\njobs:\n  test:\n"
        '    services: {db: {image: "postgres:16", ports: ["5432:5432"]}}\n'
        '    env: {DATABASE_URL: "postgresql://u:p@localhost:5432/x"}\n'
        "    steps: [{run: alembic upgrade head}]\n"
        "  ship:\n    steps: [{run: eas build --profile staging --platform ios --non-interactive}]\n"
    )
    files = {**FILES, ".github/workflows/build.yml": flow, "alembic.ini": "[alembic]\nscript_location = m\n"}
    made = chart_of(draw(Request(repository_from(files, tmp_path / "r"), policy="runcrew")), "t")
    here = {
        (job.id, target.name, target.note) for _, job, _, target, _ in made.rows if "build" in job.workflow
    }
    assert here == {("ship", "EAS profile staging", "s.example")}


@pytest.mark.parametrize(
    ("reaches", "expected"),
    [
        (("production", "staging"), [State.FAULT, State.UNSURE]),
        (("staging", "development"), [State.FAULT, State.FAULT]),
    ],
)
def test_of_a_choice_production_alone_is_wrong(reaches: tuple[str, ...], expected: list[State]) -> None:
    """Where it is none of the choices, each of them is."""
    targets = [Target("profile", each, "", each) for each in reaches]
    assert [state for _, state in _by_choice(targets, State.FAULT)] == expected


@pytest.mark.parametrize(("apart", "is_level"), [(3.0, True), (9.0, False)])
def test_a_line_that_is_nearly_level_is_drawn_level(apart: float, is_level: bool, chart: Chart) -> None:
    (index, job), link = next(iter(chart.starts.items()))
    one = replace(chart, starts={(index, job): link}, ends={})
    placed = layout(one)
    box = placed.refs[index]
    moved = placed.jobs[job]._replace(y=box.middle + apart, height=0)
    drawn = "".join(svg._links(one, replace(placed, jobs={job: moved})))
    found = re.search(r'd="M\S+,(\S+) C\S+ \S+ \S+,(\S+)"', drawn)
    assert found is not None
    assert (found[1] == found[2]) == is_level


def test_links_are_as_bad_as_their_worst_way(chart: Chart) -> None:
    for (job, target), link in chart.ends.items():
        states = [state for _, one, _, other, state in chart.rows if (one, other) == (job, target)]
        assert link.state == min(states, key=list(State).index)


def test_a_text_says_the_whole_of_what_is_not_known(tmp_path: Path) -> None:
    script = "/opt/runcrew/infrastructure/scripts/roll-out-everything.sh"
    step = f"{{uses: appleboy/ssh-action@v1, with: {{host: h, script: {script}}}}}"
    flow = f"on: {{push: {{branches: [main]}}}}\njobs: {{deploy: {{steps: [{step}]}}}}\n"
    root = repository_from({".github/workflows/deploy.yml": flow}, tmp_path / "repository")
    drawn = chart_of(draw(Request(root, policy="runcrew")), "t")
    assert script in import_module("runcrew_lint.reporters.maps.text").render(drawn)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_tells_each_job_and_target(chart: Chart, form: str) -> None:
    text = import_module(f"runcrew_lint.reporters.maps.{form}").render(chart)
    for word in ("staging", "maybe", "EAS profile production", "backend · staging"):
        assert word in text
    assert text.endswith("\n")


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_picture_loads_nothing_and_names_are_no_markup(chart: Chart, form: str) -> None:
    text = import_module(f"runcrew_lint.reporters.maps.{form}").render(chart)
    assert "<script" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", text)
    assert set(re.findall(r"https?://[\w./]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme:dark" in text


def test_the_svg_is_xml_and_no_box_leaves_it(chart: Chart) -> None:
    root = ElementTree.fromstring(import_module("runcrew_lint.reporters.maps.svg").render(chart))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes = [each for each in root.iter() if each.tag.endswith("rect") and "x" in each.attrib]
    assert len(boxes) >= len(chart.refs) + len(chart.jobs) + len(chart.targets)
    for box in boxes:
        assert float(box.attrib["x"]) + float(box.attrib["width"]) <= width
        assert float(box.attrib["y"]) + float(box.attrib["height"]) <= height


def test_boxes_of_a_column_do_not_overlap(chart: Chart) -> None:
    from runcrew_lint.reporters.maps.layout import layout

    placed = layout(chart)
    for column in (placed.refs, placed.groups, placed.targets):
        boxes = sorted(column.values(), key=lambda box: box.y)
        assert all(one.y + one.height <= other.y for one, other in pairwise(boxes))


def test_mermaid_names_are_quoted(chart: Chart) -> None:
    text = import_module("runcrew_lint.reporters.maps.mermaid").render(chart)
    labels = re.findall(r'"([^"\n]*)"', text)
    assert all("<" not in each.replace("<br>", "") for each in labels)
    assert "linkStyle" in text


def test_json_is_whole(chart: Chart) -> None:
    data = json.loads(import_module("runcrew_lint.reporters.maps.json").render(chart))
    assert len(data["ways"]) == len(chart.rows)
    assert {each["rule"] for each in data["findings"]} >= {"delivery-wrong-profile"}


def test_a_repository_that_delivers_nothing(tmp_path: Path) -> None:
    root = repository_from({"README.md": "x\n"}, tmp_path / "repository")
    empty = chart_of(draw(Request(root, policy="runcrew")), "empty")
    for form in FORMATS:
        assert import_module(f"runcrew_lint.reporters.maps.{form}").render(empty)


def test_a_workflow_that_does_not_read_is_unresolved_and_nothing_is_missing(tmp_path: Path) -> None:
    files = {
        ".github/workflows/good.yml": "on: push\njobs: {a: {steps: [{run: eas build -e staging}]}}\n",
        ".github/workflows/bad.yml": "on: push\njobs: {a: {steps: [\n",
        ".github/workflows/empty.yml": "",
        "apps/x/.eas/workflows/bad.yml": "jobs: [}\n",
        "eas.json": FILES["eas.json"],
    }
    drawn = draw(Request(repository_from(files, tmp_path / "repository"), policy="runcrew"))
    rows = {(job.workflow, target.name, state) for _, job, _, target, state in chart_of(drawn, "x").rows}
    bad = {path for path, name, state in rows if (name, state) == ("unresolved", State.UNRESOLVED)}
    assert bad == {".github/workflows/bad.yml", "apps/x/.eas/workflows/bad.yml"}
    assert "delivery-missing-build" not in {each.rule for each in drawn.findings}
    del files[".github/workflows/bad.yml"], files["apps/x/.eas/workflows/bad.yml"]
    drawn = draw(Request(repository_from(files, tmp_path / "other"), policy="runcrew"))
    assert "delivery-missing-build" in {each.rule for each in drawn.findings}


def test_a_text_is_kept_until_something_that_it_rests_on_changes(tmp_path: Path) -> None:
    files = {
        ".github/workflows/w.yml": (
            "on: push\njobs:\n  a:\n    steps:\n      - {run: npm run ship}\n      - {run: bash ship.sh}\n"
            "      - {uses: ./.github/actions/ship}\n"
        ),
        ".github/actions/ship/action.yml": (
            "runs: {using: composite, steps: [{shell: bash, run: eas submit}]}\n"
        ),
        "package.json": '{"scripts": {"ship": "eas build -e one"}}',
        "ship.sh": "eas build -e two\n",
        "eas.json": '{"build": {"one": {}}}',
        "README.md": "x\n",
    }
    root = repository_from(files, tmp_path / "repository")
    times: list[str] = []

    def drawn(named: str = "text") -> bool:
        def render(drawn: Drawn) -> str:
            times.append(named)
            return str(import_module("runcrew_lint.reporters.maps.text").render(chart_of(drawn, "t")))

        before = len(times)
        text = told(Request(root, policy="runcrew", cache=tmp_path / "cache"), named, render)
        assert text == import_module("runcrew_lint.reporters.maps.text").render(
            chart_of(draw(Request(root, policy="runcrew")), "t")
        )
        return len(times) > before

    assert [drawn(), drawn(), drawn("other"), drawn()] == [True, False, True, False]
    (root / "README.md").write_text("y\n")
    assert not drawn()
    for path, before, after in (
        ("ship.sh", "two", "three"),
        ("package.json", "one", "four"),
        ("eas.json", "one", "five"),
        (".github/actions/ship/action.yml", "submit", "submit -e six"),
        (".github/workflows/w.yml", "run: npm run ship", "run: eas build -e seven"),
    ):
        (root / path).write_text((root / path).read_text().replace(before, after))
        assert (drawn(), drawn()) == (True, False), path
    (root / ".github/workflows/new.yml").write_text("on: push\n")
    assert drawn()


def test_of_a_choice_production_alone_is_wrong_and_a_called_workflow_has_its_name(tmp_path: Path) -> None:
    files = {
        ".github/workflows/build.yml": """\
on: {workflow_dispatch: {inputs: {p: {type: choice, options: [staging, production]}}}}
jobs:
  any:
    steps: [{run: "eas build --profile ${{ inputs.p }} --platform all --non-interactive"}]
  deploy:
    uses: example/flows/.github/workflows/deploy_servers.yml@v3
""",
        "eas.json": '{"build": {"staging": {}, "production": {}}}',
    }
    root = repository_from(files, tmp_path / "repository")
    chart = chart_of(draw(Request(root, policy="runcrew")), "x")
    states = {(job.id, target.name): state for _, job, _, target, state in chart.rows}
    assert states["any", "EAS profile production"] is State.FAULT
    assert states["any", "EAS profile staging"] is State.UNSURE
    assert [each.note for each in chart.targets if each.kind == "unresolved"] == [
        "deploy_servers.yml of example/flows"
    ]
    page = import_module("runcrew_lint.reporters.maps.html").render(chart)
    assert "<code>eas build --profile … --platform all --non-interactive</code>" in page
