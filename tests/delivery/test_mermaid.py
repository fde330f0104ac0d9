"""The Mermaid output as real Mermaid reads it: every node, link and group of the map, and no other."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine.draw import draw
from runcrew_lint.engine.run import Request
from runcrew_lint.reporters.maps.chart import Chart, chart_of
from runcrew_lint.reporters.maps.mermaid import render
from tests.fixtures_git import repository_from

FIXTURES = Path(__file__).parents[2] / "fixtures"
# More repositories, for a long run by hand: folders, separated as PATH is.
MORE = [Path(each) for each in os.environ.get("RUNCREW_LINT_MAPS", "").split(os.pathsep) if each]

ODD = [
    'a "quoted" & <b>bold</b> `tick`', "end", "graph", "a]b", "a)b(", "50% #1;", "한글 이름", "x|y", "--> z",
    "%%{init: {}}%%", "classDef a", "\\n", "#quot;", "subgraph", "a:::b", "click j0 call alert()", "🎉",
    "{{ a }}", "[/x/]", "style j0 fill:#000", "default", "1", "o", "x--o",
]  # fmt: skip


@pytest.fixture(scope="module")
def ask(node: Path, mermaid: Path) -> Iterator[Any]:
    process = subprocess.Popen(
        [str(node), str(Path(__file__).with_name("mermaid.mjs"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"MODULES": str(mermaid)},
    )  # fmt: skip

    def asked(text: str) -> dict[str, Any]:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(text).encode() + b"\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer

    yield asked
    process.communicate()


def _agrees(answer: dict[str, Any], chart: Chart) -> None:
    assert "error" not in answer, answer
    assert answer["type"].startswith("flowchart")
    assert len(answer["nodes"]) == len(chart.refs) + len(chart.jobs) + len(chart.targets)
    assert answer["edges"] == len(chart.starts) + len(chart.ends)
    assert len(answer["groups"]) == len({job.workflow for job in chart.jobs})
    shown = [_shown(each) for each in answer["nodes"]]
    for job in chart.jobs:
        assert job.id in shown
    for target in chart.targets:
        assert target.name + target.note in shown


def _shown(label: str) -> str:
    """What a person reads of a label: Mermaid keeps its own entities between two marks until it draws."""
    plain = label.replace("<br>", "").replace("<br/>", "").replace("<br />", "")
    return unescape(plain.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";"))


def _chart(root: Path) -> Chart:
    return chart_of(draw(Request(root, policy="runcrew")), root.name)


@pytest.mark.parametrize("root", [*sorted(FIXTURES.glob("*/*")), *MORE], ids=lambda each: each.name)
def test_maps_are_read_whole(root: Path, ask: Any) -> None:
    if not (root / ".github").is_dir():
        pytest.skip("no workflows")
    chart = _chart(root)
    _agrees(ask(render(chart)), chart)


def test_odd_names_are_names(tmp_path: Path, ask: Any) -> None:
    jobs = {
        each: {"steps": [{"run": f"aws s3 sync . 's3://{index}-{each}'"}]} for index, each in enumerate(ODD)
    }
    text = json.dumps({"on": {"push": {"branches": ODD}}, "jobs": jobs}, ensure_ascii=False)
    root = repository_from({f".github/workflows/{ODD[0].replace('/', '')}.yml": text}, tmp_path / "odd")
    chart = _chart(root)
    assert len(chart.jobs) == len(ODD)
    _agrees(ask(render(chart)), chart)
