"""Shell scripts to statements: words after quote removal, places, holes, what does not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from runcrew_lint.documents import shell
from runcrew_lint.documents.shell_tree import (
    Assignment,
    Broken,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Operation,
    Part,
    PartKind,
    Redirected,
    Simple,
    Statement,
)
from runcrew_lint.documents.shell_tree import Test as ShellTest
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.domains.shell_scripts import simple_commands
from runcrew_lint.text import Span


def parse(text: str) -> tuple[Statement, ...]:
    holes = [Span(*found.span()) for found in re.finditer(r"\$\{\{.*?\}\}", text)]
    return shell.parse(Spliced.join(text, [Span(0, len(text))]), holes)


def words(text: str) -> list[list[str | None]]:
    return [[word.literal for word in each.words] for each in simple_commands(parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eas build --profile staging", [["eas", "build", "--profile", "staging"]]),
        ("eas \\\n  build", [["eas", "build"]]),
        ("eas 'a b' \"c d\" e\\ f g'h'\"i\"", [["eas", "a b", "c d", "e f", "ghi"]]),
        ("eas '' \"\"", [["eas", "", ""]]),
        ("a && b || c; d & e | f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("if a; then b; elif c; then d; else e; fi", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ("for x in 1 2; do a; done; while b; do c; done", [["a"], ["b"], ["c"]]),
        ("case $x in a|b) c ;; *) d ;; esac", [["c"], ["d"]]),
        ("{ a; }; (b); ! c; f() { d; }", [["a"], ["b"], ["c"], ["d"]]),
        ("X=$(eas build --json | jq .)", [["eas", "build", "--json"], ["jq", "."]]),
        ('echo "$(eas build)"', [["eas", "build"], ["echo", None]]),
        ("# eas build\n: # eas submit", [[":"]]),
        ("cat <<EOF\neas build\nEOF", [["cat"]]),
        ("bash -c 'eas build --profile x'", [["eas", "build", "--profile", "x"]]),
        ("bash -e -o pipefail -c 'eas build'", [["eas", "build"]]),
        ("bash x.sh -c 'eas build'", [["bash", "x.sh", "-c", "eas build"]]),
        ("eas build > log 2>&1 < /dev/null", [["eas", "build"]]),
        ("A=1 B=2 eas build", [["eas", "build"]]),
        ("eas $X", [["eas", None]]),
    ],
)
def test_words(text: str, expected: list[list[str | None]]) -> None:
    assert [each for each in words(text) if each] == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a $X", Part(PartKind.VARIABLE, "X")),
        ('a "$X"', Part(PartKind.VARIABLE, "X", None, True)),
        ("a ${X:-d}", Part(PartKind.VARIABLE, "X", "d")),
        ("a ${X-}", Part(PartKind.VARIABLE, "X", "")),
        ("a ${X:-'d e'}", Part(PartKind.VARIABLE, "X", "d e")),
        ('a "${X#refs/heads/}"', Part(PartKind.VARIABLE, "X", None, True, "#refs/heads/")),
        ("a ${X//a/b}", Part(PartKind.OPAQUE, "${X//a/b}")),
        ("a $(b)", Part(PartKind.OPAQUE, "$(b)")),
        ("a '$X'", Part(PartKind.TEXT, "$X", None, False)),
        ("a ${{ github.ref == 'x' }}", Part(PartKind.HOLE, "${{ github.ref == 'x' }}")),
        ('a "${{ x }}"', Part(PartKind.HOLE, "${{ x }}", None, True)),
        ("a '${{ x }}'", Part(PartKind.HOLE, "${{ x }}", None, True)),
    ],
)
def test_parts(text: str, part: Part) -> None:
    *_, command = simple_commands(parse(text))
    (found,) = command.words[1].parts
    assert found._replace(quoted=part.quoted) if part.kind is PartKind.TEXT else found == part
    assert found.text == part.text


def test_text_around_an_expansion_is_kept_to_the_last_blank() -> None:
    (command,) = simple_commands(parse('a "x  $Y  ${Z}  w"'))
    assert [part.text for part in command.words[1].parts] == ["x  ", "Y", "  ", "Z", "  w"]


def test_places_are_those_of_the_file() -> None:
    file = "run: |\n    echo \ud55c\uae00 &&\n      eas build\n"
    lines = [Span(11, 22), Span(28, len(file))]
    script = Spliced.join(file, lines)
    commands = list(simple_commands(shell.parse(script)))
    assert [file[span.start : span.end] for span in (each.span for each in commands)] == [
        "echo \ud55c\uae00",
        "eas build",
    ]
    assert [file[w.span.start : w.span.end] for w in commands[0].words] == ["echo", "\ud55c\uae00"]


def test_shapes() -> None:
    chain, function, redirected, assigned, exported = parse(
        'a && b\nf() { c; }\necho "p=$P" >> "$GITHUB_OUTPUT" 2>&1\nX=1\nexport Y=2 Z'
    )
    assert isinstance(chain, Chain)
    assert chain.operator == "&&"
    assert isinstance(function, Function)
    assert function.name == "f"
    assert isinstance(redirected, Redirected)
    assert [target.parts[0].text for target in redirected.targets] == ["GITHUB_OUTPUT"]
    assert isinstance(assigned, Simple)
    assert assigned.assignments[0].name == "X"
    assert isinstance(exported, Simple)
    assert exported.assignments[1] == Assignment("Z", None)


@pytest.mark.parametrize(
    ("text", "operation", "pattern"),
    [
        ('[ "$X" = main ]', Operation.EQUAL, False),
        ("[[ $X == v* ]]", Operation.EQUAL, True),
        ('[[ $X != "v*" ]]', Operation.UNEQUAL, False),
        ('[ -z "$X" ]', Operation.EMPTY, False),
        ("[[ -n $X && $Y == a ]]", Operation.AND, False),
        ("[[ ! -z $X ]]", Operation.NOT, False),
        ("[ -f x ]", Operation.UNKNOWN, False),
        ("[[ $X =~ ^v ]]", Operation.UNKNOWN, False),
    ],
)
def test_tests(text: str, operation: Operation, pattern: bool) -> None:
    (found,) = parse(text)
    assert isinstance(found, ShellTest)
    assert (found.operation, found.pattern) == (operation, pattern)


def _kinds(statements: tuple[Statement, ...]) -> Iterator[type]:
    return (type(each) for each in statements)


def test_compound_statements() -> None:
    text = "if a; then b; fi\ncase x in y) z;; esac\nfor i in 1; do j; done\n( k )\n"
    assert list(_kinds(parse(text))) == [If, Case, For, Group]


def _said(block: tuple[Statement, ...]) -> str:
    (each,) = block
    if isinstance(each, Chain):
        return f"({_said(each.left)} {each.operator} {_said(each.right)})"
    if isinstance(each, Redirected):
        return f"{_said(each.body)}>{''.join(str(word.literal) for word in each.targets)}"
    if isinstance(each, Group):
        return f"{{{_said(each.body)}}}"
    assert isinstance(each, Simple)
    return str(each.words[0].literal)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a && b", "(a && b)"),
        ("a && b && c", "((a && b) && c)"),
        ("a && b && c && d", "((a && b) && (c && d))"),
        ("a || b || c || d", "(((a || b) || c) || d)"),
        ("a && b || c && d", "(((a && b) || c) && d)"),
        ("a || b && c && d", "(((a || b) && c) && d)"),
        ("a && \\\n b && # why\n c || d", "(((a && b) && c) || d)"),
        ("a || b >> f", "(a || b>f)"),
        ("a && b && c && d > f 2>&1", "((a && b) && (c && d>f))"),
        ("a && b >&2", "(a && b>)"),
        ("a > f && b", "(a>f && b)"),
        ("{ a || b; } > f", "{(a || b)}>f"),
    ],
)
def test_chains_keep_their_meaning(text: str, said: str) -> None:
    assert _said(parse(text)) == said


def test_a_chain_is_as_long_as_somebody_writes_it() -> None:
    found = parse(" && ".join(f"c{at}" for at in range(2_000)))
    assert [each.words[0].literal for each in simple_commands(found)] == [f"c{at}" for at in range(2_000)]
    deep, block = 0, found
    while isinstance(block[0], Chain):
        deep, block = deep + 1, block[0].left
    assert deep == 11


@pytest.mark.parametrize("text", [" || ".join("c" * 60), "c && c || " * 30 + "c"])
def test_what_depends_on_all_before_it_is_bounded(text: str) -> None:
    assert [type(each) for each in parse(text)] == [Broken]


@pytest.mark.parametrize("text", ["if ; then", "f(x", "eas build 'x", "eas build ) x"])
def test_what_does_not_parse_is_said(text: str) -> None:
    found = parse(text)
    assert isinstance(found[0], Broken)
    assert found[0].text[:3].strip() == text[:3].strip()
    assert list(simple_commands(found)) == []


@pytest.mark.parametrize("text", ["", "\x00\x01", "(" * 5000, "$(" * 3000, "if a; then " * 2000, "\udcff"])
def test_whatever_comes_it_ends(text: str) -> None:
    assert isinstance(parse(text), tuple)


def test_a_huge_script_is_data() -> None:
    (found,) = parse("x" * (shell.MAX_LENGTH + 1))
    assert isinstance(found, Broken)
