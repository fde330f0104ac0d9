"""The nginx reader held against a second implementation: crossplane, by nginx's own makers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.documents import nginx
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

crossplane: Any = pytest.importorskip("crossplane", reason="crossplane is not installed")

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


_ESCAPE = re.compile(r"""\\(["'\\nrt])""")


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])


def _condition(arguments: list[str]) -> list[str]:
    """A condition without its brackets, which crossplane takes off."""
    return " ".join(arguments).removeprefix("(").removesuffix(")").split()


def ours(text: str) -> list[Any] | None:
    source = Source("x.conf", text)

    def plain(directives: tuple[nginx.Directive, ...]) -> list[Any]:
        return [
            (
                each.name,
                (_condition if each.name == "if" else list)([word.value for word in each.arguments]),
                source.position(each.span.start).line,
                None if each.block is None else plain(each.block),
            )
            for each in directives
        ]

    try:
        return plain(nginx.parse(source))
    except Unreadable:
        return None


def theirs(text: str, folder: Path) -> list[Any] | None:
    path = folder / "x.conf"
    path.write_text(text, encoding="utf-8", newline="")
    payload = crossplane.parse(str(path), single=True, check_ctx=False, check_args=False)

    def plain(block: list[dict[str, Any]]) -> list[Any]:
        found = []
        for each in block:
            if each["directive"] == "#":
                continue
            # crossplane keeps every escape: those that nginx reads are read here, too.
            arguments = [_ESCAPE.sub(_unescaped, argument) for argument in each["args"]]
            if each["directive"] == "if":
                arguments = _condition(arguments)
            inner = plain(each["block"]) if "block" in each else None
            found.append((each["directive"], arguments, each["line"], inner))
        return found

    if payload["errors"]:
        return None
    return plain(payload["config"][0]["parsed"])


# Words without escapes, of which crossplane keeps more than nginx does.
_WORD = st.sampled_from(["a", "listen", "${X}y", "$x", "'q q'", '"q;{"', "a'b", "x=y", "~", "^/a$", "é", "1"])
_SPACE = st.sampled_from([" ", "\n", "\t ", " # c\n", "\r\n"])


@st.composite
def _directives(draw: st.DrawFn, depth: int = 0) -> str:
    made = ""
    for _ in range(draw(st.integers(0, 3))):
        words = draw(st.lists(_WORD, min_size=1, max_size=4))
        made += draw(_SPACE) + draw(_SPACE).join(words)
        nested = depth < 3 and draw(st.booleans())
        made += " {" + draw(_directives(depth + 1)) + draw(_SPACE) + "}" if nested else ";"
    return made


@given(_directives())
@settings(max_examples=300, deadline=None)
def test_both_read_alike(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert ours(text) == theirs(text, folder)


@given(st.text(alphabet="ab {};'\"#\n", max_size=20))
@settings(max_examples=300, deadline=None)
def test_both_refuse_alike(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    mine, other = ours(text), theirs(text, tmp_path_factory.getbasetemp())
    if mine is not None and other is not None:
        assert mine == other


def _configurations() -> Iterator[Path]:
    """The fixtures' files, and those of public checkouts in the folder that RUNCREW_REAL names."""
    kind = KINDS["nginx"]
    for root in filter(None, (str(FIXTURES), os.environ.get("RUNCREW_REAL"))):
        for path in sorted(Path(root).rglob("*")):
            if path.is_file() and kind.claims.match(path.relative_to(root).as_posix()):
                content = path.read_bytes()
                if any(needle in content for needle in kind.needles):
                    yield path


def test_on_whole_files(tmp_path: Path) -> None:
    paths = list(_configurations())
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        mine = ours(text)
        if mine is not None and "_by_lua_block" not in text:
            assert mine == theirs(text, tmp_path), path
