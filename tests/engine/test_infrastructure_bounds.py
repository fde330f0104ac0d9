"""Images and compose files that grow without end: one clear line each, in bounded time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.bounded import must_end
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

LETTERS = "abcdefgh"
LIST = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{own}: &{own} [{','.join([f'*{below}'] * 9)}]\n" for below, own in pairwise(LETTERS)
)
MERGED = "x-a: &a {image: 'a:1'}\n" + "".join(
    f"x-{own}: &{own} {{<<: [{', '.join([f'*{below}'] * 9)}]}}\n" for below, own in pairwise(LETTERS)
)
MANY = "services:\n" + "".join(
    f"  s{number}:\n    image: app:{number}\n    depends_on: [s{max(number - 1, 0)}]\n"
    f"    ports: ['127.0.0.1:{number + 1}:80']\n    volumes: ['v{number}:/data']\n"
    for number in range(10_000)
)


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (
            "compose.yaml",
            LIST + "services: {web: {image: 'a:1', command: *h}}\n",
            "aliases make this more than",
        ),
        ("compose.yaml", MERGED + "services: {web: *h}\n", "aliases make this more than"),
        (
            "Dockerfile",
            "FROM debian:12\nRUN " + "echo a && " * 300_000 + "true\n",
            "a line of over 65,535 bytes",
        ),
        ("main.tf", "a = " + "[" * 100_000, "not HCL"),
    ],
    ids=["lists", "merge keys", "one line", "brackets"],
)
def test_one_line_says_it(path: str, text: str, says: str, tmp_path: Path) -> None:
    root = repository_from({path: text}, tmp_path / "repository")
    with must_end():
        (found,) = run(Request(root, policy="runcrew")).report.findings
    assert found.rule == "file-unreadable" and says in found.message


def test_ten_thousand_services(tmp_path: Path) -> None:
    root = repository_from({"compose.yaml": MANY}, tmp_path / "repository")
    with must_end():
        found = run(Request(root, policy="runcrew")).report.findings
    assert {each.rule for each in found} == {"compose-invalid"}
    assert len(found) == 11 and "v10" in found[-1].message, "ten volumes by name, the rest in one finding"


def test_a_chain_of_three_thousand_commands(tmp_path: Path) -> None:
    text = "FROM debian:12\nUSER app\nRUN true" + " && \\\n  apt-get install curl" * 3_000 + '\nCMD ["a"]\n'
    root = repository_from({"Dockerfile": text}, tmp_path / "repository")
    with must_end():
        found = run(Request(root, policy="runcrew")).report.findings
    assert [each.rule for each in found] == ["apt-careless"]
