"""`--since`: the files as an earlier commit has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.base import base_of
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from tests.fixtures_git import change_to, git, repository_from

pytestmark = pytest.mark.usefixtures("git")


def _repository(folder: Path) -> Path:
    root = repository_from({"a.py": "a = 1\n", "sub/b.py": "b = 1\n", "sub/c.py": "c = 1\n"}, folder / "r")
    change_to(root, {"a.py": "a = 1\r\n", "sub/b.py": "b = 2\n", "d.py": "d = 1\n"})
    return root


def test_what_differs(tmp_path: Path) -> None:
    root = _repository(tmp_path)
    base = base_of(root, root, "HEAD~1", lambda path: (root / path).read_bytes())
    assert set(base.paths) == {"a.py", "sub/b.py", "sub/c.py"}
    changed = {path for path in ("a.py", "sub/b.py", "d.py") if base.is_changed(path)}
    assert changed == {"sub/b.py", "d.py"}, "line ends alone change nothing"
    before, now = base.text("sub/b.py"), base.text_now("sub/b.py")
    assert before is not None and before.text == "b = 1\n"
    assert now is not None and now.text == "b = 2\n"
    assert base.text("d.py") is None
    assert base.text_now("sub/c.py") is None


def test_a_folder_of_the_work_tree(tmp_path: Path) -> None:
    root = _repository(tmp_path)
    tree = discover(root / "sub")
    base = base_of(root / "sub", tree.top, "HEAD~1", lambda path: (root / "sub" / path).read_bytes())
    assert set(base.paths) == {"b.py", "c.py"}
    assert base.is_changed("b.py")


def test_the_base_is_where_the_change_left_it(tmp_path: Path) -> None:
    root = _repository(tmp_path)
    git(root, "checkout", "--quiet", "-b", "feature")
    git(root, "checkout", "--quiet", "main")
    change_to(root, {"late.py": "e = 1\n"})
    git(root, "checkout", "--quiet", "feature")
    base = base_of(root, root, "main", lambda path: (root / path).read_bytes())
    assert "late.py" not in base.paths
    assert not base.is_changed("d.py")


def test_a_revision_that_is_none(tmp_path: Path) -> None:
    root = _repository(tmp_path)
    with pytest.raises(SetupError, match="git knows no nowhere"):
        run(Request(root, since="nowhere"))
    with pytest.raises(SetupError, match="git knows no --all"):
        run(Request(root, since="--all"))


def test_a_folder_that_git_does_not_keep(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    with pytest.raises(SetupError, match="no git keeps this folder"):
        run(Request(tmp_path, since="HEAD"))
