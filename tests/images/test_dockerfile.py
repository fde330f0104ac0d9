"""The Dockerfile reader, one grammar point a case: what an instruction holds, and exactly where."""

from __future__ import annotations

import contextlib

import pytest

from runcrew_lint.documents import dockerfile
from runcrew_lint.documents.dockerfile import Dockerfile
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span
from tests.bounded import must_end


def _parse(text: str) -> Dockerfile:
    return dockerfile.parse(Source("Dockerfile", text))


def _shown(text: str) -> list[tuple[str, ...]]:
    return [
        (each.keyword, *(word.text for word in each.words), *(pair.name.text for pair in each.pairs))
        for each in _parse(text).instructions
    ]


INSTRUCTIONS = [
    ("keywords in any case", "from a\nRuN x", [("FROM", "a"), ("RUN", "x")]),
    ("a comment and a blank line", "# c\n\n  # d\nFROM a\n", [("FROM", "a")]),
    ("an indented instruction", "FROM a\n\t RUN x", [("FROM", "a"), ("RUN", "x")]),
    ("a continuation", "FROM a\nRUN x \\\n  y", [("FROM", "a"), ("RUN", "x   y")]),
    ("blanks behind the mark", "FROM a\nRUN x \\ \t\n y", [("FROM", "a"), ("RUN", "x  y")]),
    ("a mark alone", "FROM a\nRUN x \\\n\\\n y", [("FROM", "a"), ("RUN", "x  y")]),
    ("two marks are none", "FROM a\nRUN x \\\\\nRUN y", [("FROM", "a"), ("RUN", "x \\\\"), ("RUN", "y")]),
    ("a comment in it", "FROM a\nRUN x \\\n# no \\\n  # nor\n y", [("FROM", "a"), ("RUN", "x  y")]),
    ("a blank line in it", "FROM a\nRUN x \\\n\n  \n y", [("FROM", "a"), ("RUN", "x  y")]),
    ("a hash in a command", "FROM a\nRUN x # y", [("FROM", "a"), ("RUN", "x # y")]),
    ("CRLF", "FROM a\r\nRUN x \\\r\n y\r\n", [("FROM", "a"), ("RUN", "x  y")]),
    ("a continuation at the end", "FROM a\nRUN x \\", [("FROM", "a"), ("RUN", "x")]),
    ("exec form", 'FROM a\nCMD ["x", "y z"]', [("FROM", "a"), ("CMD", "x", "y z")]),
    ("escapes in exec form", 'FROM a\nCMD ["\\u0041\\n"]', [("FROM", "a"), ("CMD", "A\n")]),
    ("no JSON is shell form", "FROM a\nCMD ['x']", [("FROM", "a"), ("CMD", "['x']")]),
    ("JSON and more is shell form", 'FROM a\nRUN ["x"] y', [("FROM", "a"), ("RUN", '["x"] y')]),
    ("ADD in exec form", 'FROM a\nADD ["x y", "/z/"]', [("FROM", "a"), ("ADD", "x y", "/z/")]),
    ("COPY splits at blanks", "FROM a\nCOPY x y\t/z", [("FROM", "a"), ("COPY", "x", "y", "/z")]),
    ("several settings", 'FROM a\nENV A=1 B="2 3" C=4\\ 5', [("FROM", "a"), ("ENV", "A", "B", "C")]),
    ("the old form", "FROM a\nENV A 1 2=3", [("FROM", "a"), ("ENV", "A")]),
    ("ARG without a value", "ARG A B=1\nFROM a", [("ARG", "A", "B"), ("FROM", "a")]),
    ("a stage", "FROM a aS b", [("FROM", "a", "aS", "b")]),
    ("HEALTHCHECK", "FROM a\nHEALTHCHECK NONE", [("FROM", "a"), ("HEALTHCHECK", "NONE")]),
    (
        "HEALTHCHECK in exec form",
        'FROM a\nHEALTHCHECK --interval=5s CMD ["x", "y"]',
        [("FROM", "a"), ("HEALTHCHECK", "CMD", "x", "y")],
    ),
    ("SHELL", 'FROM a\nSHELL ["bash", "-c"]', [("FROM", "a"), ("SHELL", "bash", "-c")]),
    ("EXPOSE", "FROM a\nEXPOSE 80 443/tcp", [("FROM", "a"), ("EXPOSE", "80", "443/tcp")]),
    ("a backtick", "# escape=`\nFROM a\nCOPY x `\n c:\\", [("FROM", "a"), ("COPY", "x", "c:\\")]),
    (
        "too late a directive",
        "# c\n# escape=`\nFROM a\nRUN x `\nRUN y",
        [("FROM", "a"), ("RUN", "x `"), ("RUN", "y")],
    ),
    ("a directive after a blank line", "\n# escape=`\nFROM a `", None),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in INSTRUCTIONS])
def test_instructions(text: str, expected: list[tuple[str, ...]] | None) -> None:
    if expected is None:
        with pytest.raises(Unreadable):
            _parse(text)
    else:
        assert _shown(text) == expected


HEREDOCS = [
    ("one", "RUN <<EOF\na\n b\nEOF\n", [("EOF", "a\n b\n", True)]),
    ("tabs cut", "RUN <<-EOF\n\t\ta\n\tEOF\n", [("EOF", "a\n", True)]),
    ("tabs kept", "RUN <<EOF\n\ta\nEOF", [("EOF", "\ta\n", True)]),
    ("quoted", 'RUN <<"EOF"\n$a\nEOF', [("EOF", "$a\n", False)]),
    ("quoted with a blank", "RUN <<'E O'\na\nE O", [("E O", "a\n", False)]),
    ("several", "COPY <<a <<b /x/\n1\na\n2\nb", [("a", "1\n", True), ("b", "2\n", True)]),
    ("a number before it", "RUN cat 3<<EOF\na\nEOF", [("EOF", "a\n", True)]),
    ("a blank behind the mark", "RUN cat << EOF\na\nEOF", [("EOF", "a\n", True)]),
    ("empty", "RUN <<EOF\nEOF", [("EOF", "", True)]),
    ("a pipe behind", "RUN cat <<EOF | sh -e\na\nEOF", [("EOF", "a\n", True)]),
    ("within ONBUILD", "ONBUILD RUN <<EOF\na\nEOF", [("EOF", "a\n", True)]),
    ("no end of line in it counts", "RUN <<EOF\nEOF \n EOF\nEOF", [("EOF", "EOF \n EOF\n", True)]),
    ("a here-string is none", "RUN cat <<<x", []),
    ("a here-string before one", "RUN cat <<< <<EOF\na\nEOF", [("EOF", "a\n", True)]),
    ("not at a word's start", "RUN cat<<EOF", []),
    ("not within quotes", "RUN echo '<<EOF'", []),
    ("not behind an open quote", "RUN echo it's <<EOF", []),
    ("not in exec form", 'RUN ["cat", "<<EOF"]', []),
    ("not in ENV", "ENV A=<<EOF", []),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in HEREDOCS])
@pytest.mark.parametrize("after", ["", "RUN after"])
def test_heredocs(text: str, expected: list[tuple[str, str, bool]], after: str) -> None:
    # What follows the terminator directly is the next instruction.
    text = f"FROM a\n{text}\n{after}"
    instructions = _parse(text).instructions
    found = [(doc.name, doc.content, doc.expand) for doc in instructions[1].heredocs]
    assert found == expected
    assert [each.keyword for each in instructions[2:]] == (["RUN"] if after else [])


def test_places_survive_continuations() -> None:
    text = "FROM a\nENV A=1 \\\n  # why\n  B='2 \\\n3'\nRUN --mount=type=cache,target=/x a \\\n b <<E\nc\nE\n"
    _, env, run = _parse(text).instructions
    first, second = env.pairs
    assert [text[slice(*first.span)], text[slice(*second.span)]] == ["A=1", "B='2 \\\n3'"]
    assert second.value is not None and second.value.text == "'2 3'"
    assert text[slice(*run.flags[0].span)] == "--mount=type=cache,target=/x"
    assert (run.flags[0].name, run.flags[0].value) == ("mount", "type=cache,target=/x")
    assert run.rest.text == "a  b <<E"
    assert text[slice(*run.rest.span(3, 4))] == "b"
    assert text[slice(*run.heredocs[0].span)] == "c\n"
    assert text[slice(*run.extent)].endswith("E\n") and text[slice(*run.span)].endswith("<<E")


def test_every_argument_s_place_is_its_text() -> None:
    text = 'FROM --platform=x a:1 AS b\nCOPY --from=b p  q /r\nLABEL k=v\nCMD ["s",  "t"]\nUSER u\n'
    for instruction in _parse(text).instructions:
        for word in instruction.words:
            written = text[slice(*word.span)]
            assert written in (word.text, f'"{word.text}"')


DIRECTIVES = [
    ("# syntax=docker/dockerfile:1\nFROM a", [("syntax", "docker/dockerfile:1")]),
    (
        "#Syntax = x \n# ESCAPE=`\n# check=skip=all\nFROM a",
        [("syntax", "x"), ("escape", "`"), ("check", "skip=all")],
    ),
    ("# other=1\n# syntax=x\nFROM a", []),
    ("FROM a\n# syntax=x", []),
]


@pytest.mark.parametrize(("text", "expected"), DIRECTIVES)
def test_directives(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.name, each.value) for each in _parse(text).directives] == expected


REFUSED = [
    ("", "no instruction"),
    ("# only\n", "no instruction"),
    ("FROM a\nRUNN x", "is RUN meant?"),
    ("FROM a\n{% if x %}\nRUN x", "template"),
    ("FROM a b", "FROM takes"),
    ("FROM a AS 1b", "can't name a stage"),
    ("FROM", "without arguments"),
    ("FROM a\nCOPY x", "a source and a destination"),
    ("FROM a\nENV A", "name and a value"),
    ("FROM a\nENV A=1 B", "no `=`"),
    ("FROM a\nCMD [1]", "strings only"),
    ("FROM a\nSHELL bash", "JSON array"),
    ("FROM a\nRUN <<EOF\nx", "no line EOF"),
    ("# escape=x\nFROM a", "backslash or a backtick"),
    ("# escape=`\n# escape=`\nFROM a", "second `escape`"),
    ("FROM a\nRUN " + "x" * 70_000, "refuses"),
    ("FROM a\nCMD " + "[" * 60_000, "strings only"),
]


@pytest.mark.parametrize(
    ("text", "why"), REFUSED, ids=[case[1][:20] + str(n) for n, case in enumerate(REFUSED)]
)
def test_what_the_builder_refuses(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        _parse(text)
    assert why in caught.value.message
    assert Span(0, 0) <= caught.value.span and caught.value.span.end <= len(text)


HOSTILE = [
    "FROM a\n" + "RUN x \\\n" * 30_000 + "y",
    "FROM a\nENV " + "A='" * 20_000,
    "FROM a\nRUN " + "\\" * 60_000,
    "FROM a\nRUN " + "<<E " * 10_000,
    "FROM a\nRUN <<E " + "${" * 20_000,
    "FROM a\nRUN <<E " + "${a:-" * 12_000,
    "FROM a\nRUN --x='" + '"' * 50_000,
    "FROM a\n" + "#\n" * 200_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_it_ends(text: str) -> None:
    with must_end(), contextlib.suppress(Unreadable):
        _parse(text)
