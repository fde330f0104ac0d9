"""A lock_timeout that a fix sets is the policy's, else the one that the team sets, else a usual one."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request

REVISION = """from alembic import op
import sqlalchemy as sa

revision = {own}
down_revision = {parent}


def upgrade():
    op.add_column("runs", sa.Column("pace{at}", sa.Integer()))


def downgrade():
    {down}
    op.drop_column("runs", "pace{at}")
"""
ENV = "from alembic import context\n\ncontext.configure()\ncontext.run_migrations()\n"
POLICY = "extends: runcrew\nrules: {options: {lock-timeout-missing: {lock_timeout: 9s}}}\n"


def said(folder: Path, *settings: str, policy: str = "extends: runcrew\n") -> str:
    """What the fix sets in the last revision's upgrade(), by what the downgrades of those before it set."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (folder / "alembic/env.py").write_text(ENV)
    (folder / ".runcrew-lint.yaml").write_text(policy)
    for at, setting in enumerate(settings, 1):
        text = REVISION.format(
            own=repr(str(at)),
            parent=repr(str(at - 1)) if at > 1 else None,
            at=at,
            down=f'op.execute("{setting}")' if setting else "pass",
        )
        (versions / f"{at}_change.py").write_text(text)
    made = mend(Request(folder, select=("lock-timeout-missing",), cache=None), unsafe=False)
    upgrade = (
        made.contents[f"alembic/versions/{len(settings)}_change.py"].decode().partition("def downgrade")[0]
    )
    return upgrade.partition("SET LOCAL lock_timeout = ")[2].partition('"')[0]


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ([""], "'4s'"),
        (["SET LOCAL lock_timeout = '10s'"], "'10s'"),
        (["SET LOCAL lock_timeout = '10s'", ""], "'10s'"),
        (["SET LOCAL lock_timeout = '10s'", "SET LOCAL lock_timeout = '2s'", ""], "'2s'"),
        (["SET lock_timeout TO 5000", ""], "'5000'"),
        (["SET lock_timeout = '500 ms'", ""], "'500 ms'"),
        (["SET lock_timeout = '1min'", ""], "'1min'"),
        (["SET lock_timeout = '3s'", "SET lock_timeout = '2min'", ""], "'3s'"),  # for that one revision
        (["SET lock_timeout = 0", ""], "'4s'"),
        (["SET statement_timeout = '10s'", ""], "'4s'"),
        (["RESET lock_timeout", ""], "'4s'"),
    ],
)
def test_it_is_what_the_team_sets(tmp_path: Path, settings: list[str], value: str) -> None:
    assert said(tmp_path, *settings) == value


def test_a_later_revision_does_not_count(tmp_path: Path) -> None:
    said(tmp_path, "", "SET LOCAL lock_timeout = '10s'")
    made = mend(Request(tmp_path, select=("lock-timeout-missing",), cache=None), unsafe=False)
    assert "'4s'" in made.contents["alembic/versions/1_change.py"].decode()


def test_the_policy_goes_first(tmp_path: Path) -> None:
    assert said(tmp_path, "SET LOCAL lock_timeout = '10s'", "", policy=POLICY) == "'9s'"
