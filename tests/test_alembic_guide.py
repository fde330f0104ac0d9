"""docs/guides/alembic.md: the rule and the lock that it names behind each block are those of that block."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import pytest

from runcrew_lint.domains.migrations.locks.modes import LockMode
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import repository_from

GUIDE = ROOT / "docs" / "guides" / "alembic.md"
START = """op.create_table(
    "users",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("name", sa.Text()),
)
op.create_table(
    "runs",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("user_id", sa.BigInteger()),
    sa.Column("pace", sa.Integer()),
    sa.Column("started_at", sa.DateTime(timezone=True)),
)"""
REVISION = '''"""revision {name}

Create Date: 2026-03-01 10:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {down!r}


def upgrade():
    op.execute("SET LOCAL lock_timeout = '3s'")
    {body}


def downgrade():
    raise NotImplementedError("the guide shows the way up")
'''

pytestmark = pytest.mark.usefixtures("git")


class Pattern(NamedTuple):
    """One block of the guide.

    Arguments:
        rule: the rule that is said to speak on it; "" where it is to be copied.
        lock: the strongest lock that it is said to take; None where nothing is said.
        before: the blocks to be copied that stand before it.
    """

    body: str
    rule: str
    lock: LockMode | None
    before: tuple[str, ...]


def patterns() -> Iterator[Pattern]:
    """The blocks of the guide, with the first sentence behind each."""
    parts = re.split(r"```python\n(.*?)```\n", GUIDE.read_text("utf-8"), flags=re.DOTALL)
    before: tuple[str, ...] = (START,)
    for body, behind in zip(parts[1::2], parts[2::2], strict=True):
        sentence = behind.strip().partition(". ")[0]
        rule = re.match(r"\[([\w-]+)\]\(\.\./rules/", sentence)
        named = re.findall(r"`([A-Z ]*(?:SHARE|EXCLUSIVE))`", sentence)
        locks = [LockMode[each.replace(" ", "_")] for each in named if rule or sentence.startswith("`")]
        yield Pattern(body.strip(), rule[1] if rule else "", max(locks, default=None), before)
        if not rule:
            before = (*before, body.strip())


def history(*bodies: str) -> dict[str, str]:
    """A repository with one revision a body."""
    names = [f"{number:04}" for number in range(len(bodies))]
    revisions = {
        f"alembic/versions/{name}.py": REVISION.format(
            name=name, down=down, body=indent(body, "    ").strip()
        )
        for name, down, body in zip(names, [None, *names], bodies, strict=False)
    }
    return {"alembic/env.py": "from alembic import context\n", **revisions}


@pytest.mark.parametrize(
    "pattern", list(patterns()), ids=lambda each: each.body.splitlines()[-1].strip()[:40]
)
def test_a_block_is_what_the_guide_says_of_it(pattern: Pattern, tmp_path: Path) -> None:
    root = repository_from(history(*pattern.before, pattern.body), tmp_path / "runs")
    last = f"alembic/versions/{len(pattern.before):04}.py"
    report = json.loads(said(root, "--policy", "recommended", "--format", "json").stdout)
    errors = {(each["path"], each["rule"]) for each in report["findings"] if each["severity"] == "error"}
    assert errors == ({(last, pattern.rule)} if pattern.rule else set())
    if pattern.lock is not None:
        (listed,) = json.loads(said(root, "migrations", "--format", "json").stdout)["histories"]
        assert listed["revisions"][-1]["lock"] == str(pattern.lock)


def test_the_guide_has_both_kinds_and_most_name_their_lock() -> None:
    every = list(patterns())
    assert sum(bool(each.rule) for each in every) >= 7
    assert sum(each.lock is not None for each in every) > len(every) / 2
