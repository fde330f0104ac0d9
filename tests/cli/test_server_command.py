"""`runcrew-lint server` without what it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import runcrew_lint
from tests.commands import said


@pytest.mark.parametrize("missing", ["pygls", "lsprotocol"])
def test_without_its_extra_it_says_what_to_install(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [name for name in sys.modules if name.startswith(("runcrew_lint.editor", f"{missing}."))]
    for name in ours:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(runcrew_lint, "editor", raising=False)  # what is imported now takes its place
    monkeypatch.setitem(sys.modules, missing, None)
    done = said(tmp_path, "server")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f'runcrew-lint: the language server needs {missing}; `pip install "runcrew-lint[editor]"` brings it\n'
    )
