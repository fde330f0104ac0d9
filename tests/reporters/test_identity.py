"""The names by which services tell findings apart, and what they cost where a line holds thousands."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from runcrew_lint.reporters.identity import identities
from runcrew_lint.text import Source
from tests.reporters.made import Tree, finding

TREE = Tree.of({"a.yml": "a:  1\n  a: 1\nb: 2\n"})


def test_the_words_of_the_line_and_which_of_those_it_is() -> None:
    """The same as long as the words are: a service would else call every finding a new one."""
    found = [finding(TREE.region("a.yml", each), rule="r") for each in ("a", "1", "b")]
    wanted = [f"r\0a.yml\0{line}\0{number}" for line, number in (("a: 1", 0), ("a: 1", 1), ("b: 2", 0))]
    assert identities(found, TREE.sources.get) == [
        blake2b(each.encode(), digest_size=16).hexdigest() for each in wanted
    ]


def test_a_line_is_read_once_however_many_stand_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """28,000 on a line of 400 kB took hours."""
    read, line = list[int](), Source.line

    def counted(source: Source, number: int) -> str:
        read.append(number)
        return line(source, number)

    monkeypatch.setattr(Source, "line", counted)
    one = finding(TREE.region("a.yml", "a"), rule="r")
    assert len(set(identities([one] * 100, TREE.sources.get))) == 100
    assert read == [1]
