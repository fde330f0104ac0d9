"""Numbers that no machine counts with: one of 5,000 digits ends no reader and no rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.bounded import must_end
from tests.fixtures_git import repository_from

_DIGITS = "9" * 5_000  # int() takes 4,300 of them
NUMBERS = {"digits": _DIGITS, "a hexadecimal number": "0x" + "f" * 5_000}
_REVISION = """from alembic import op
import sqlalchemy as sa
revision = "{name}"
down_revision = {before}


def upgrade():
    op.add_column("a", sa.Column("b", sa.String({number})))
    op.execute("ALTER TABLE a ALTER c TYPE float({number}), ALTER d TYPE numeric({number}, {number})")
    op.execute("SELECT {{{number}}}".format(1))


def downgrade():
    pass
"""
FILES = {
    ".github/workflows/a.yml": (
        "on: push\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: {number}\n    steps:\n"
        "      - uses: actions/checkout@v{number}\n      - uses: actions/setup-node@v4\n"
        "        with: {{node-version: '{number}'}}\n"
        "      - run: echo ${{{{ format('{{{number}}}', 1) }}}} ${number}\n"
    ),
    "Dockerfile": (
        "FROM node:{number}\nEXPOSE {number}\nEXPOSE 1-{number}\nHEALTHCHECK --retries={number} CMD a\n"
    ),
    "compose.yaml": (
        "services:\n  a:\n    image: mongo:{number}\n"
        "    ports: ['{number}:{number}', '1-{number}:1-{number}']\n"
        "    healthcheck: {{retries: {number}}}\n"
    ),
    "nginx/nginx.conf": (
        "http {{ server {{ listen {number}; location / {{ proxy_pass http://a:{number}; }} }} }}\n"
    ),
    "eas.json": '{{"cli": {{"version": ">= {number}.0.0"}}, "build": {{"a": {{"node": "{number}.1.1"}}}}}}',
    "package.json": '{{"engines": {{"node": ">={number}"}}, "dependencies": {{"expo": "~{number}.0.0"}}}}',
    "pyproject.toml": "[project]\nrequires-python = '>={number}.1'\nx = {number}\n",
    "main.tf": 'resource "aws_db_instance" "a" {{\n  port = {number}\n  engine_version = "{number}"\n}}\n',
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/versions/1_a.py": _REVISION.replace("{name}", "1").replace("{before}", "None"),
    "alembic/versions/2_a.py": _REVISION.replace("{name}", "2").replace("{before}", '"1"'),
    "migrations/{number}_a.up.sql": "ALTER TABLE a ADD b varchar({number}), ALTER c TYPE time({number});\n",
}


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_no_number_is_too_long(tmp_path: Path, number: str) -> None:
    files = {path.format(number=number[:200]): text.format(number=number) for path, text in FILES.items()}
    root = repository_from({**files, "b/Dockerfile": "FROM python:latest\n"}, tmp_path / "root")
    with must_end():
        found = run(Request(root, policy="runcrew")).report.findings
    assert not [each.message for each in found if each.rule == "rule-crashed"]
    assert any(each.path == "b/Dockerfile" for each in found)
