"""A fix of any format: the file reads as before by another's parser, and what stands on a line that the fix
did not touch means what it meant, where it meant it.

Every example of every rule that shows a fix is tried: the original, and what tests/test_rules.py holds the
fix to, byte for byte.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import crossplane  # type: ignore[import-untyped]
import hcl2
import pytest
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of


class Leaf(NamedTuple):
    """A value, where it is in the document and on which lines of the text, counted from 0."""

    path: tuple[str, ...]
    value: str
    first: int
    last: int


def of_yaml(text: str, folder: Path) -> Iterator[Leaf]:
    """The scalars of a YAML document; the items of a list have one name."""
    del folder

    def leaves(node: Node, path: tuple[str, ...]) -> Iterator[Leaf]:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                yield from leaves(value, (*path, key.value))
        elif isinstance(node, SequenceNode):
            for value in node.value:
                yield from leaves(value, (*path, "*"))
        elif isinstance(node, ScalarNode):
            end = node.end_mark
            yield Leaf(path, f"{node.tag} {node.value}", node.start_mark.line, end.line - (not end.column))

    node = YAML().compose(io.StringIO(text))
    return leaves(node, ()) if node is not None else iter(())


def of_json(text: str, folder: Path) -> Iterator[Leaf]:
    """The same of JSON, in which eas-cli takes comments."""
    comment = r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/'
    return of_yaml(re.sub(comment, lambda found: found[1] or " " * len(found[0]), text), folder)


def of_dockerfile(text: str, folder: Path) -> Iterator[Leaf]:
    """The instructions."""
    del folder
    parser = DockerfileParser(fileobj=io.BytesIO(text.encode()))
    for each in parser.structure:
        yield Leaf((each["instruction"],), each["value"], each["startline"], each["endline"])


def of_nginx(text: str, folder: Path) -> Iterator[Leaf]:
    """The directives, each by the blocks that it is in."""
    file = folder / "nginx.conf"
    file.write_text(text)
    parsed = crossplane.parse(str(file), single=True, check_ctx=False)
    assert parsed["status"] == "ok", parsed["errors"]

    def leaves(block: list[dict[str, Any]], path: tuple[str, ...]) -> Iterator[Leaf]:
        for each in block:
            own = (*path, each["directive"])
            yield Leaf(own, " ".join(each["args"]), each["line"] - 1, each["line"] - 1)
            yield from leaves(each.get("block", []), own)

    return leaves(parsed["config"][0]["parsed"], ())


def of_lines(text: str, folder: Path) -> Iterator[Leaf]:
    """The variables of an env file, or the patterns of an ignore file."""
    del folder
    for at, line in enumerate(text.splitlines()):
        if line.strip() and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield Leaf((name,), value, at, at)


def of_terraform(text: str, folder: Path) -> Iterator[Leaf]:
    """What the parser makes of it as a whole: it does not say where each value is."""
    del folder
    assert hcl2.loads(text if text.endswith("\n") else f"{text}\n")
    return iter(())


READERS: dict[str, Callable[[str, Path], Iterator[Leaf]]] = {
    r"\.ya?ml$": of_yaml,
    r"\.json$": of_json,
    r"(^|[./])Dockerfile$": of_dockerfile,
    r"\.conf$": of_nginx,
    r"\.env[\w.]*$|ignore$": of_lines,
    r"\.tf$": of_terraform,
}


def reader(path: str) -> Callable[[str, Path], Iterator[Leaf]] | None:
    return next((each for pattern, each in READERS.items() if re.search(pattern, path)), None)


def fixes() -> Iterator[Any]:
    for name, rule in sorted(load().rules.items()):
        for example in words_of(rule).get("examples", []):
            for path, after in example.get("fixed", {}).items():
                before = {**example.get("good", {}), **example.get("bad", {})}.get(path) or ""
                if reader(path) is not None:
                    yield pytest.param(path, before, after, id=f"{name}: {example['name']}: {path}")


def changed_elsewhere(path: str, before: str, after: str, folder: Path) -> list[tuple[object, object]]:
    """What differs on lines that are the same."""
    read = reader(path)
    assert read is not None
    old, new = ([*read(text, folder)] for text in (before, after))
    rows = [text.splitlines() for text in (before, after)]
    place = {
        at + step: to + step
        for at, to, size in SequenceMatcher(None, rows[0], rows[1], autojunk=False).get_matching_blocks()
        for step in range(size)
    }
    kept = set(place.values())
    there: defaultdict[int, list[tuple[object, object]]] = defaultdict(list)
    for leaf in new:
        there[leaf.first].append((leaf.path, leaf.value))
    wrong: list[tuple[object, object]] = []
    for leaf in old:
        lines = range(leaf.first, max(leaf.first, leaf.last) + 1)
        moved = [place.get(each) for each in lines]
        whole = moved[0] is not None and moved == [*range(moved[0], moved[0] + len(moved))]
        if whole and (leaf.path, leaf.value) not in there[moved[0] or 0]:
            wrong.append((leaf, there[moved[0] or 0]))
    had = {(place.get(leaf.first), leaf.path) for leaf in old}
    wrong += [(None, leaf) for leaf in new if leaf.first in kept and (leaf.first, leaf.path) not in had]
    return wrong


@pytest.mark.parametrize(("path", "before", "after"), [*fixes()])
def test_a_fix_changes_what_it_touches(path: str, before: str, after: str, tmp_path: Path) -> None:
    assert before != after
    assert not changed_elsewhere(path, before, after, tmp_path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.yml", "a:\n  b: 1\n  c: 2\n", "a:\n  b: 1\nd:\n  c: 2\n"),
        ("a.yml", "a:\n  - b\n  - c\n", "x:\n  - b\n  - c\n"),
        ("a.yml", "a: |\n  b\nc: 1\n", "a: |\n  b\n\n  d: |\n  e\nc: 1\n"),
        ("a.json", '{\n"a": {\n"b": 1\n}\n}', '{\n"c": {\n"b": 1\n}\n}'),
        ("Dockerfile", "FROM a\nRUN b\nRUN c\n", "FROM a\nRUN d && \\\nRUN c\n"),
        ("a.conf", "server {\n  a b;\n}\n", "server {\n location / {\n  a b;\n }\n}\n"),
    ],
)
def test_what_moves_elsewhere_is_seen(path: str, before: str, after: str, tmp_path: Path) -> None:
    assert changed_elsewhere(path, before, after, tmp_path)
