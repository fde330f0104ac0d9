"""What each tool does on a database that has run a script which is gone, as its own source has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import change_to, repository_from

_GOES_ON = "a database that has run it keeps it"
_TABLE = "CREATE TABLE {} (id bigint PRIMARY KEY, at timestamptz);\n"


def _script(tool: str, number: int) -> dict[str, str]:
    made = _TABLE.format(f"legs_{number}")
    if tool == "flyway":
        return {f"db/migration/V{number}__legs.sql": made}
    if tool == "golang-migrate":
        pair = {"up": made, "down": f"DROP TABLE legs_{number};\n"}
        return {f"migrations/{number:06}_legs.{way}.sql": text for way, text in pair.items()}
    head = {"sql-migrate": "-- +migrate Up\n", "goose": "-- +goose Up\n", "dbmate": "-- migrate:up\n"}
    return {f"migrations/{number:05}_legs.sql": head.get(tool, "") + made}


@pytest.mark.parametrize(
    ("tool", "before", "after", "told"),
    [
        ("flyway", (1, 2, 10), (1, 10), "`flyway migrate` stops on a database that has run it"),
        ("flyway", (1, 2, 10), (1, 2), _GOES_ON),
        ("flyway", (1, 2, 9), (1, 2, 10), "`flyway migrate` stops on a database that has run it"),
        ("golang-migrate", (1, 2, 3), (1, 3), _GOES_ON),
        ("golang-migrate", (1, 2, 3), (1, 2), "`migrate up` stops on a database that stands there"),
        ("golang-migrate", (1, 2, 3), (1, 2, 4), "`migrate up` stops on a database that stands there"),
        ("sql-migrate", (1, 2, 3), (1, 3), "`sql-migrate up` stops on a database that has run it"),
        ("goose", (1, 2, 3), (1, 2), _GOES_ON),
        ("dbmate", (1, 2, 3), (1, 2), _GOES_ON),
    ],
)
def test_what_its_tool_does_is_said(
    tool: str, before: tuple[int, ...], after: tuple[int, ...], told: str, tmp_path: Path
) -> None:
    def files(numbers: tuple[int, ...]) -> dict[str, str]:
        return {path: text for number in numbers for path, text in _script(tool, number).items()}

    root = repository_from(files(before), tmp_path / "repository")
    change_to(root, files(after))
    found = run(Request(root, policy="runcrew", since="HEAD~1")).report.findings
    (finding,) = [each for each in found if each.rule == "applied-revision-removed"]
    assert told in finding.message
