"""Whatever nests or grows without end: the run ends, nothing crashes, and what could not be read is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.bounded import must_end
from tests.hostile.nested import FILES

pytestmark = pytest.mark.usefixtures("git")
WITNESS = "witness/Dockerfile"


@pytest.mark.parametrize("name", FILES)
def test_it_ends_and_the_rest_is_linted(name: str, tmp_path: Path) -> None:
    files, says = FILES[name]
    for path, text in {**files, WITNESS: "FROM python:latest\nUSER app\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with must_end():
        found = run(Request(tmp_path, policy="runcrew")).report.findings
    told = [f"{each.rule}: {each.message}" for each in found]
    assert not [each for each in told if each.startswith("rule-crashed")]
    assert [each.path for each in found if each.rule == "base-untagged"] == [WITNESS]
    assert any(says in each for each in told), told[:5]
    if "nested" in says or "more than" in says:
        assert sum(says in each for each in told) == 1, "one line"
