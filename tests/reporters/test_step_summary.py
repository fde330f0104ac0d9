"""The summary of a GitHub job: what a change makes happen, and which tables its migrations lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.affected import affected
from runcrew_lint.engine.run import Request
from tests.commands import said
from tests.fixtures_git import change_to, repository_from

pytestmark = pytest.mark.usefixtures("git")
REVISION = '''"""{0}"""
from alembic import op
import sqlalchemy as sa
revision = "{0}"
down_revision = {1}
def upgrade() -> None:
    {2}
def downgrade() -> None:
    pass
'''
BUILD = """on: {{push: {{branches: [{}]}}}}
jobs:
  b:
    runs-on: ubuntu-24.04
    steps:
      - run: eas build --profile production --non-interactive
"""
BEFORE = {
    ".runcrew-lint.yaml": "extends: recommended\npostgres: 15\n",
    "alembic/env.py": "from alembic import context\n",
    "alembic/versions/1.py": REVISION.format(
        "a1", None, 'op.create_table("runs", sa.Column("pace", sa.Text()))'
    ),
    ".github/workflows/b.yml": BUILD.format("main"),
    "eas.json": '{"build": {"production": {}}}\n',
}
AFTER = {
    **BEFORE,
    "alembic/versions/2.py": REVISION.format("a2", "'a1'", 'op.create_index("ix", "runs", ["pace"])'),
    ".github/workflows/b.yml": BUILD.format("develop"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository_from(BEFORE, tmp_path / "r")
    change_to(root, AFTER)
    return root


def test_what_a_change_does(root: Path) -> None:
    told = affected(Request(root, since="HEAD~1"))
    assert [(each.when, each.command, each.sure) for each in told.begins] == [
        ("a push to develop", "eas build --profile production --non-interactive", True)
    ]
    assert [each.when for each in told.ends] == ["a push to main"]
    assert [(each.migration.revision, each.lock, each.blocks) for each in told.revisions] == [
        ("a2", "SHARE", "writes")
    ]
    assert told.postgres == 15


def test_a_job_gets_its_summary(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    done = said(root, "--since", "HEAD~1", "--format", "github", GITHUB_STEP_SUMMARY=str(file))
    text = file.read_text()
    assert done.returncode == 1 and "::error file=alembic/versions/2.py" in done.stdout
    assert text.startswith("before\n## runcrew-lint\n\n")
    assert "| `a2` | SHARE on `runs`: writes wait |  | `runs` |" in text
    assert "### Locks of this change's migrations, PostgreSQL 15" in text
    begins, ends = text.index("makes happen"), text.index("happens no more")
    assert begins < text.index("| a push to develop | `b.yml: b` |") < ends < text.index("| a push to main |")
    assert "`index-not-concurrent`" in text


@pytest.mark.parametrize("arguments", [("--format", "text"), ("--format", "json")])
def test_other_formats_leave_it_alone(arguments: tuple[str, str], root: Path, tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    said(root, *arguments, GITHUB_STEP_SUMMARY=str(file))
    assert not file.exists()


def test_a_summary_that_can_not_be_written_fails_no_run(root: Path, tmp_path: Path) -> None:
    done = said(root, "--format", "github", "--exit-zero", GITHUB_STEP_SUMMARY=str(tmp_path))
    assert done.returncode == 0 and "the job's summary can't be written" in done.stderr
    whole = said(root, "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path / "s.md"))
    assert whole.returncode == 1 and "makes happen" not in (tmp_path / "s.md").read_text()
