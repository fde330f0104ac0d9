"""Each mend is asked for by somebody: the tests of one that nobody gets would prove nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import runcrew_lint

PACKAGE = Path(runcrew_lint.__file__).parent


def _mends() -> Iterator[str]:
    for path in sorted((PACKAGE / "mends").glob("*.py")):
        for each in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(each, ast.FunctionDef) and [arg.arg for arg in each.args.args[:1]] == ["request"]:
                if not each.name.startswith("_"):
                    yield f"{path.stem}.{each.name}"


def test_each_mend_is_asked_for() -> None:
    askers = [path for room in ("checks", "domains", "catalogue") for path in (PACKAGE / room).rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in askers]
    mends = list(_mends())
    assert len(mends) > 30
    assert [each for each in mends if not any(f'"{each}"' in text for text in texts)] == []
