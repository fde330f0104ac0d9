"""What does not parse ends, whatever it is, and what does is read as tree-sitter reads it at once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

import pytest

from runcrew_lint.documents import dart, grammar, hcl, shell, typescript
from runcrew_lint.documents.shell_quoting import quoting
from runcrew_lint.documents.shell_tree import Broken
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.text import Source, Span
from tests.bounded import must_end


def _script(source: Source) -> object:
    return shell.tree_of(source.text.encode())


READERS = {
    "a.sh": _script,
    "a.ts": typescript.parse,
    "a.tsx": typescript.parse,
    "a.dart": dart.parse,
    "a.tf": hcl.parse,
}
# Each took 20 s to minutes at this length: its grammar recovers in the square of it, or worse.
TANGLES = {
    "labels": ("a.tsx", "case 1:"),
    "brackets": ("a.tsx", "[% source "),
    "blocks": ("a.ts", "a {\n"),
    "attributes": ("a.tf", "a = "),
}
LENGTH = 60_000


@pytest.mark.parametrize(("path", "piece"), TANGLES.values(), ids=TANGLES)
def test_what_does_not_parse_ends(path: str, piece: str) -> None:
    with must_end(), pytest.raises(Unreadable, match="parse"):
        READERS[path](Source(path, piece * (LENGTH // len(piece))))


# What a count of operations alone told too late: where each is left, of 60,000 bytes.
EARLY = {
    "ambiguous and right": ("a.ts", "/<a>", 4_096),
    "ambiguous, and sparse": ("a.ts", "/<a>    ", 16_384),
    "lost from the beginning": ("a.dart", "a {\n", 24_576),
    "lost, by its brackets balanced": ("a.dart", "a {/*}*/\n", 24_576),
    "pipes in a script": ("a.sh", "~if |", 16_384),
    "backticks in a script": ("a.sh", " 2>&1 `", 16_384),
    "options in a script": ("a.sh", "|\n-z ", 20_480),
}


@pytest.mark.parametrize(("path", "piece", "most"), EARLY.values(), ids=EARLY)
def test_what_costs_more_than_it_counts_is_left_early(path: str, piece: str, most: int) -> None:
    with pytest.raises(grammar.Tangled) as refused:
        READERS[path](Source(path, piece * (LENGTH // len(piece))))
    assert refused.value.span.end <= most


def test_the_count_of_operations_ends_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are tighter for every text that we know, and rest on guesses of what a grammar does."""
    for other in ("_DENSE", "_READ", "_LOST", "_WRONG"):
        monkeypatch.setattr(grammar, other, 1 << 40)
    with pytest.raises(grammar.Tangled, match="no further"):
        typescript.parse(Source("a.ts", "/<a>" * 3_000))


# Blanks behind what does not parse are looked through from each of them on, and what is ambiguous costs the
# square of its length: what is right before it must not make room for either.
AFTER = {
    "blank lines": ("a.tf", "a = f(1)\n", "a = " + "\n" * 1000),
    "an open bracket": ("a.tf", "a = f(1)\n", "(" + "\n" * 4000),
    "ambiguous": ("a.ts", "const a = f(1);\n", "/<a>"),
    "ambiguous, or types": ("a.tsx", "const a = f(1);\n", "a<b,"),
    "lost": ("a.dart", "final a = f(1);\n", "a {\n"),
    "what a script never ends": ("a.sh", "echo a\n", "case a in $a}"),
    "directives in HCL": ("a.tf", "a = f(1)\n", '"%{'),
}


class Counted(grammar._Attempts):
    """Attempts that are counted: the operations, and the bytes that were asked for."""

    made: ClassVar[list[Counted]] = []

    def __init__(self, parser: Any, found: int, operations: int, *, grows: bool) -> None:
        super().__init__(parser, found, operations, grows=grows)
        self.spent = [0, 0]
        self.made.append(self)

    def tree(self, written: bytes, before: Any = None) -> Any:
        checks, asked = self._checks, self._asked
        try:
            return super().tree(written, before)
        finally:
            self.spent[0] += 100 * (self._checks - checks)
            self.spent[1] += self._asked - asked


@pytest.mark.parametrize("share", [0, 1 / 3, 2 / 3])
@pytest.mark.parametrize(("path", "good", "piece"), AFTER.values(), ids=AFTER)
def test_what_is_right_before_it_makes_no_room(
    path: str, good: str, piece: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All attempts together, those that failed included."""
    monkeypatch.setattr(grammar, "_Attempts", Counted)
    monkeypatch.setattr(Counted, "made", [])
    right = good * int(share * LENGTH / len(good))
    with suppress(Unreadable):
        READERS[path](Source(path, right + piece * ((LENGTH - len(right)) // len(piece))))
    operations, asked = (sum(each) for each in zip(*(one.spent for one in Counted.made), strict=True))
    assert operations < 9 * LENGTH
    assert asked < 30 * LENGTH


def test_what_was_read_anew_to_its_end_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_Attempts", Counted)
    monkeypatch.setattr(Counted, "made", [])
    text = b"while a; " * 2_000
    tree = str(shell.tree_of(text))
    assert len(Counted.made) == 1
    assert tree == str(shell._parser().parse(text).root_node)


@pytest.mark.parametrize("piece", ["[[ ! ", "${{ a", "))((("])
def test_what_opens_no_end_of_brackets_is_not_parsed(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be read to its end, by every way to go on."""
    monkeypatch.setattr(shell, "root_of", lambda *_args, **_named: pytest.fail("parsed"))
    with pytest.raises(grammar.Tangled, match="brackets"):
        shell.tree_of(piece.encode() * 200)
    with pytest.raises(grammar.Tangled, match="brackets"):
        shell.tree_of(b"]] }} ))" * 200 + piece.encode() * 200)


@pytest.mark.parametrize("piece", ["[[ a ]]\n", "grep [[:digit:]_]\n", "a) ;;\n", "${a}\n", "$((a))\n"])
def test_brackets_one_after_another_are_none_at_once(piece: str) -> None:
    assert shell.tree_of(piece.encode() * 200)


@pytest.mark.parametrize("piece", ["for(", "<a>", "if(} "])
def test_a_script_that_does_not_parse_is_broken(piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    script = Spliced.join(text, (Span(0, len(text)),))
    with must_end():
        (statement,) = shell.parse(script)
        assert isinstance(statement, Broken)
        assert quoting(script, [Span(4, 8)]) == ["other"]


def test_what_is_wrong_at_the_end_alone_is_found_there() -> None:
    good = "const a = 1;\n" * 3000
    with must_end(), pytest.raises(grammar.Tangled) as refused:
        typescript.parse(Source("a.tsx", f"// 끝\n{good}{'[% source ' * 5000}"))
    assert refused.value.span.start == len(f"// 끝\n{good}")


def test_a_template_is_one_however_much_of_it_does_not_parse() -> None:
    with must_end(), pytest.raises(Template):
        hcl.parse(Source("a.tf", "{% for a in b %}\n" + "a = " * 9000))


STYLES = "".join(
    f".a{number} {{\n  color: #00{number:04};\n  width: calc(100% - 1px)\n}}\n" for number in range(400)
)
PAGE = "".join(f"<p class=a{number}>\n It is text & more, (see) [1]\n</p>\n" for number in range(400))
# Cut anywhere, none of these parses.
LONG = {
    "a template": ("a.ts", "const a = `\n{}`;\n"),
    "a comment": ("a.tsx", "/*\n{}*/\nconst a = 1;\n"),
    "a text": ("a.dart", "const a = '''\n{}''';\n"),
    "another text": ("a.dart", 'const a = """\n{}""";\n'),
    "a here-document": ("a.tf", "locals {{\n  a = <<-EOT\n{}\nEOT\n}}\n"),
    "a function": ("a.tsx", "function a() {{\n  const b = `{}`;\n  return 1;\n}}\n"),
}


@pytest.mark.parametrize("text", [STYLES, PAGE], ids=["styles", "a page"])
@pytest.mark.parametrize(("path", "around"), LONG.values(), ids=LONG)
def test_what_is_long_and_right_is_read(path: str, around: str, text: str) -> None:
    assert READERS[path](Source(path, around.format(text)))


def test_a_long_script_is_read_as_at_once() -> None:
    text = f"main() {{\n  cat <<EOF\n{PAGE}\nEOF\n  alembic upgrade head\n}}\nmain\n".encode()
    assert str(shell.tree_of(text)) == str(shell._parser().parse(text).root_node)


def test_places_are_characters() -> None:
    tree = typescript.parse(Source("a.ts", "// 한국어\nprocess.env.A;\n"))
    node = tree.at(7, 18)
    assert (tree.text(node), tree.span(node)) == ("process.env", Span(7, 18))
    assert tree.offset(len("// 한국어\nprocess.env.A;\n".encode())) == 22


def test_many_holes_in_one_command_are_looked_at_once() -> None:
    hole = "${{ a }} '${{ b }}' "
    text = "echo " + hole * 4000
    holes = [
        Span(5 + at + start, 5 + at + start + 8) for at in range(0, len(hole) * 4000, 20) for start in (0, 10)
    ]
    with must_end():
        said = quoting(Spliced.join(text, (Span(0, len(text)),)), holes)
    assert said == ["bare", "single quotes"] * 4000
