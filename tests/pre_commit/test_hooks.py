"""The two hooks under the real pre-commit: what they see, what they stop, what they mend."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.fixtures_git import git, repository_of
from tests.pre_commit.hooks import MANIFEST, PreCommit

GOOD = ROOT / "fixtures" / "good" / "runcrew"
WORKFLOW = ".github/workflows/app-build-staging.yml"
REVISION = "backend/alembic/versions/20260401_runs_started_at.py"
REVISION_TEXT = '''"""index runs.started_at

Create Date: 2026-04-01 10:00:00+09:00
"""

from alembic import op

revision = "0a11c0de0f00"
down_revision = "0a11c0de000b"


def upgrade() -> None:
    op.create_index("ix_runs_started_at", "runs", ["started_at"])


def downgrade() -> None:
    op.drop_index("ix_runs_started_at", table_name="runs")
'''
SHOWN = f"  --> {REVISION}:13:5\n"


def hooked(pre_commit: PreCommit, into: Path, hook: str) -> Path:
    """The good fixture in a new folder, with `hook` at every commit to come."""
    folder = repository_of(GOOD, into)
    (folder / ".pre-commit-config.yaml").write_text(pre_commit.configured(hook))
    git(folder, "commit", "--quiet", "--all", "--message=Hooks")
    assert pre_commit.run(folder, "install").returncode == 0
    return folder


@pytest.fixture
def repository(pre_commit: PreCommit, tmp_path: Path) -> Path:
    """The good fixture with `runcrew-lint` as its one hook."""
    return hooked(pre_commit, tmp_path / "runcrew", "runcrew-lint")


def stage(folder: Path, path: str, text: str) -> None:
    """Writes a file and adds it."""
    (folder / path).write_text(text, encoding="utf-8")
    git(folder, "add", "--", path)


def swap(folder: Path, path: str, old: str, new: str) -> None:
    """Changes a file's one `old` and adds it."""
    text = (folder / path).read_text("utf-8")
    assert text.count(old) == 1
    stage(folder, path, text.replace(old, new))


def test_the_manifest_is_valid(pre_commit: PreCommit) -> None:
    done = pre_commit.run(ROOT, "validate-manifest", str(ROOT / MANIFEST))
    assert done.returncode == 0, done.stdout


def test_a_clean_repository_passes_in_one_run(pre_commit: PreCommit, repository: Path) -> None:
    """pre-commit would share the files out to as many runs as there are processors."""
    done = pre_commit.run(repository, "run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout
    assert done.stdout.count("no findings") == 1


def test_a_fault_stops_the_commit_and_is_shown(pre_commit: PreCommit, repository: Path) -> None:
    stage(repository, REVISION, REVISION_TEXT)
    before = git(repository, "rev-parse", "HEAD")
    done = pre_commit.commit(repository)
    assert done.returncode == 1
    assert "- exit code: 1\n" in done.stdout
    assert "error[index-not-concurrent]: " in done.stdout
    assert SHOWN in done.stdout
    assert git(repository, "rev-parse", "HEAD") == before


def test_a_commit_answers_for_what_it_touches_alone(pre_commit: PreCommit, repository: Path) -> None:
    stage(repository, REVISION, REVISION_TEXT)
    git(repository, "commit", "--quiet", "--no-verify", "--message=An old fault")
    swap(repository, "package.json", '"version": "1.4.0"', '"version": "1.4.1"')
    done = pre_commit.commit(repository)
    assert done.returncode == 0, done.stdout
    assert "runcrew-lint.............................................................Passed" in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--", "package.json")], ids=str)
def test_a_fault_may_lie_in_a_file_that_nobody_touched(
    pre_commit: PreCommit, repository: Path, arguments: tuple[str, ...]
) -> None:
    """The workflow calls the script, so the script's change breaks it; git may use an index of its own."""
    swap(repository, "package.json", "build --profile staging", "build --profile production")
    done = pre_commit.commit(repository, *arguments)
    assert done.returncode == 1
    assert "error[delivery-wrong-profile]: " in done.stdout
    assert f"  --> {WORKFLOW}:" in done.stdout
    assert "  ::: package.json:" in done.stdout


def test_a_fault_may_rest_on_a_file_that_did_not_cause_it(pre_commit: PreCommit, repository: Path) -> None:
    """The workflow was wrong before; the profile that it builds is what is touched now."""
    swap(repository, "package.json", "build --profile staging", "build --profile production")
    git(repository, "commit", "--quiet", "--no-verify", "--message=An old fault")
    swap(repository, "eas.json", '"autoIncrement": true', '"autoIncrement": false')
    done = pre_commit.commit(repository)
    assert done.returncode == 1
    assert f"  --> {WORKFLOW}:" in done.stdout
    assert "  ::: eas.json:" in done.stdout


def test_a_profile_that_is_renamed_stops_the_commit(pre_commit: PreCommit, repository: Path) -> None:
    swap(repository, "eas.json", '"staging": {', '"preview": {')
    done = pre_commit.commit(repository)
    assert done.returncode == 1
    assert "error[eas-profile-missing]: " in done.stdout


def test_what_is_staged_is_judged(pre_commit: PreCommit, repository: Path) -> None:
    """pre-commit puts aside what is not staged, here the cure; and then the fault."""
    stage(repository, REVISION, REVISION_TEXT)
    mended = REVISION_TEXT.replace("op.create_index", "print")
    (repository / REVISION).write_text(mended)
    assert "error[index-not-concurrent]: " in pre_commit.commit(repository).stdout
    assert (repository / REVISION).read_text() == mended
    git(repository, "add", REVISION)
    (repository / REVISION).write_text(REVISION_TEXT)
    assert "error[index-not-concurrent]: " not in pre_commit.run(repository, "run").stdout


@pytest.mark.parametrize("name", ["--format=json=away.json", "--fix", "-x.Dockerfile"])
def test_a_name_like_an_option_is_a_file(pre_commit: PreCommit, repository: Path, name: str) -> None:
    stage(repository, name, "FROM python:latest\nUSER a\n")
    stage(repository, "x.Dockerfile", "FROM python:latest\nUSER a\n")
    done = pre_commit.commit(repository)
    assert done.returncode == 1
    assert "base-untagged" in done.stdout
    assert ("--> ./-x.Dockerfile" in done.stdout or "--> -x.Dockerfile" in done.stdout) == name.startswith(
        "-x"
    )
    assert not (repository / "away.json").exists()


def test_a_linked_work_tree_is_as_good(pre_commit: PreCommit, repository: Path) -> None:
    linked = repository.with_name("linked")
    git(repository, "worktree", "add", "--quiet", "-b", "linked", str(linked))
    stage(linked, REVISION, REVISION_TEXT)
    done = pre_commit.commit(linked)
    assert done.returncode == 1
    assert SHOWN in done.stdout


def test_a_deletion_alone_is_left_to_the_required_check(pre_commit: PreCommit, repository: Path) -> None:
    """pre-commit names no deleted file; without a file the hook would answer for the whole repository."""
    git(repository, "rm", "--quiet", "eas.json")
    done = pre_commit.commit(repository)
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stdout


def test_a_commit_message_is_no_file_to_lint(pre_commit: PreCommit, repository: Path) -> None:
    install = pre_commit.run(repository, "install", "--hook-type", "commit-msg")
    assert install.returncode == 0, install.stdout
    stage(repository, "NOTES.md", "notes\n")
    done = pre_commit.commit(repository)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("runcrew-lint....") == 1


def test_the_fixing_hook_mends_and_leaves_the_result_to_be_read(
    pre_commit: PreCommit, tmp_path: Path
) -> None:
    folder = hooked(pre_commit, tmp_path / "runcrew", "runcrew-lint-fix")
    stage(folder, REVISION, REVISION_TEXT)
    done = pre_commit.commit(folder)
    assert done.returncode == 1
    assert "- files were modified by this hook\n" in done.stdout
    assert "mended 1 finding in 1 file" in done.stdout
    assert git(folder, "show", f":{REVISION}") == REVISION_TEXT
    assert git(folder, "status", "--porcelain") == f"AM {REVISION}\n"
    assert "with op.get_context().autocommit_block():" in (folder / REVISION).read_text()
    git(folder, "add", REVISION)
    again = pre_commit.commit(folder)
    assert again.returncode == 0, again.stdout
    assert git(folder, "status", "--porcelain") == ""


def test_try_repo(pre_commit: PreCommit, repository: Path) -> None:
    """As somebody tries it before they write a configuration: the hook's environment is made anew."""
    stage(repository, REVISION, REVISION_TEXT)
    done = pre_commit.run(repository, "try-repo", str(pre_commit.clone), "runcrew-lint")
    assert done.returncode == 1
    assert SHOWN in done.stdout


def test_what_is_installed_is_the_wheel(pre_commit: PreCommit) -> None:
    """With its rules inside; a checkout's own would be found in the clone."""
    (package,) = pre_commit.home.glob("repo*/py_env-*/lib*/python*/site-packages/runcrew_lint")
    assert (package / "_data" / "rules.json").is_file()
    assert sys.prefix not in str(package)
