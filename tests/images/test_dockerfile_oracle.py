"""The Dockerfile reader held against a second implementation: e2b-dockerfile-utils, a port of BuildKit's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.documents import dockerfile
from runcrew_lint.documents.dockerfile import Instruction
from runcrew_lint.domains.containers.variables import UNSET, Variable, resolve
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

oracle = pytest.importorskip("e2b_dockerfile_utils", reason="e2b-dockerfile-utils is not installed")

# What the port takes and BuildKit's next step, or BuildKit's own parser, refuses.
_LATER = (
    "no instruction",
    "is no instruction",
    "without arguments",
    "a source and",
    "FROM takes",
    "can't name",
    "SHELL takes",
    "a continuation with no",
    "template",
    "bytes",
)


def _arguments(each: Instruction) -> list[str] | None:
    if each.trigger or (each.keyword in ("ADD", "COPY") and not each.is_array):
        return None  # the port keeps ONBUILD's in another shape, and splits COPY by quotes, unlike BuildKit
    if each.keyword == "ARG":
        return [pair.name.text + (f"={pair.value.text}" if pair.value else "") for pair in each.pairs]
    if each.pairs:
        return [
            text for pair in each.pairs for text in (pair.name.text, pair.value.text if pair.value else "")
        ]
    return [word.text for word in each.words]


def ours(text: str) -> list[Any]:
    source = Source("Dockerfile", text)
    return [
        (
            each.keyword,
            [f"--{flag.name}" + ("" if flag.value is None else f"={flag.value}") for flag in each.flags],
            _arguments(each),
            [(doc.name, doc.content, doc.chomp, doc.expand) for doc in each.heredocs],
            source.position(each.extent.start).line,
            source.position(max(each.extent.end - 1, each.extent.start)).line,
        )
        for each in dockerfile.parse(source).instructions
    ]


def theirs(text: str, like: list[Any]) -> list[Any]:
    found = []
    for number, each in enumerate(oracle.parse_dockerfile_ast(text).instructions):
        name = each.name.upper()
        arguments = each.args
        if name in ("ENV", "LABEL"):  # name, value, and the sign between them
            arguments = [text for at, text in enumerate(arguments) if at % 3 < 2]
        if number < len(like) and like[number][2] is None:
            arguments = None
        documents = [
            (
                doc.name,
                oracle.chomp_heredoc_content(doc.content) if doc.chomp else doc.content,
                doc.chomp,
                doc.expand,
            )
            for doc in each.heredocs
        ]
        found.append((name, each.flags, arguments, documents, each.start_line, each.end_line))
    return found


def compare(text: str) -> None:
    try:
        mine = ours(text)
    except Unreadable as error:
        if not any(why in error.message for why in _LATER):
            with pytest.raises(oracle.DockerfileSyntaxError):
                oracle.parse_dockerfile_ast(text)
        return
    # Where the first word of HEALTHCHECK ends, BuildKit asks byte by byte, and the port any white space.
    if any(name == "HEALTHCHECK" and words and not words[0].isascii() for name, _, words, *_ in mine):
        return
    assert mine == theirs(text, mine)


# The port reads no heredocs in ONBUILD, where BuildKit does: left to the table of cases.
PIECES = """RUN|COPY|ADD|ENV|ARG|FROM|CMD|run|LABEL|HEALTHCHECK|USER|EXPOSE|<<EOF|<<-EOF
<<"EOF"|<<'E O'|<< EOF|3<<EOF|<<<|EOF|E O|a|b=c|"q q"|'s s'|"|'|["a", "b"]|["a"
[1]|--from=x|--mount=type=cache|--|--x="a b"
$X|${X}|${X:-y}|${X:-<<EOF}|${|# escape=`|# syntax=x|\\|`|alpine|AS|é|#|# c"""
_PIECES = [piece for line in PIECES.splitlines() for piece in line.split("|")]
_SPACES = ["\n", "\n", "\r\n", "\n\t", " ", "  ", "\t", "\\\n", "\\ \n", "`\n", "\u00a0", ""]


@given(st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from(_SPACES)), max_size=14), st.booleans())
@settings(max_examples=600, deadline=None)
def test_both_read_alike(pieces: list[tuple[str, str]], headed: bool) -> None:
    compare("FROM a\nRUN " * headed + "".join(piece + space for piece, space in pieces))


FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def _dockerfiles() -> Iterator[Path]:
    """The fixtures' Dockerfiles, and those of public checkouts in the folder that RUNCREW_REAL names."""
    for root in filter(None, (str(FIXTURES), os.environ.get("RUNCREW_REAL"))):
        for path in sorted(Path(root).rglob("*ockerfile*")):
            if path.is_file() and KINDS["image"].claims.match(path.relative_to(root).as_posix()):
                yield path


def test_on_whole_files() -> None:
    paths = list(_dockerfiles())
    assert paths
    for path in paths:
        compare(path.read_text(encoding="utf-8-sig", errors="replace"))


VARIABLES = {"SET": "1.2.3-slim", "EMPTY": ""}
WORDS = r"""
$SET ${SET} a${SET}b $SETx ${SET:-x} ${SET-x} ${SET:+x} ${SET+x} ${EMPTY:-x} ${EMPTY-x} ${EMPTY:+x} ${EMPTY+x}
${NONE:-x} ${NONE:-${SET}} ${NONE:+x} ${NONE-} ${NONE:-a${EMPTY:-b}c} '$SET' "$SET" \$SET "a\"b" ${SET#1.}
${SET##*.} ${SET%-slim} ${SET%%.*} ${SET/./_} ${SET//./_} ${SET%.*} ${SET#*.} $ $$ a$ ${SET?no} ${SET:?no}
${SET//[.]/_} ${SET/#1/x} ${NONE:-'ab'} ${NONE:-"$SET"}
${SET:-${SET#\$SET}} ${EMPTY:+${SET#\a}} ${SET:-${EMPTY:?no}} ${SET:-${NONE?}}
${EMPTY:+${NONE:?x}} ${SET:-${SET#a}}
"""
_PARTS = "$SET ${SET ${EMPTY ${NONE } :- - :+ + :? ? # ## % %% / // * . a b ' \" \\ $ é 1 : _"


def _expand_alike(word: str) -> None:
    mine = resolve(word, lambda name: Variable(VARIABLES[name]) if name in VARIABLES else UNSET)
    lexer = oracle.ShellLex("\\", env=VARIABLES, skip_unset_env=False)
    try:
        expected = lexer.process_word(word)
    except ValueError:
        expected = None
    assert mine.text == expected, mine.unknown


@pytest.mark.parametrize("word", WORDS.split())
def test_variables_expand_alike(word: str) -> None:
    _expand_alike(word)


@given(st.lists(st.sampled_from([*_PARTS.split(), " "]), max_size=12).map("".join))
@settings(max_examples=1500, deadline=None)
def test_any_word_expands_alike(word: str) -> None:
    _expand_alike(word)
