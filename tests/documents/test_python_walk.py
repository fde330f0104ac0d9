"""The walk over some statements against `ast.walk` over all of them."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import lines_with, parsed, walk
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

ROOT = Path(__file__).parents[2]
FILES = [
    "runcrew_lint/documents/yaml.py",
    "runcrew_lint/engine/run.py",
    "runcrew_lint/domains/environment/python_use.py",
    "tests/engine/test_counts.py",
]
FORMS = '''
@decorated(
    1
)
class A(B, metaclass=C):
    @one
    @two(f"""
    {x + 1:{width}}
    """)
    async def f(self, a: int = 1, *, b=lambda: 2) -> None:
        try:
            async with g() as h, i:
                pass
        except* (E, F) as e: raise X from e
        else: y = [z async for z in w if z]
        finally:
            del u[1:2, ...], v.w
        match s:
            case {"k": [1, *rest], **more} if t:
                global q
                q = 1
            case D(a=1) | None as d: ...
        return await j if k else (yield l)
if m: n = 1; o: int = 2; p += ~3
elif not r: assert s
'''


def wanted(tree: ast.Module, lines: set[int]) -> list[ast.AST]:
    """What `ast.walk` tells, without what stands in a statement on none of the lines."""
    left: set[ast.AST] = set()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not _is_on(node, lines):
            left.add(node)
        if node in left:
            left.update(ast.iter_child_nodes(node))
        elif not isinstance(
            node, ast.expr_context | ast.operator | ast.unaryop | ast.boolop | ast.cmpop | ast.alias
        ):
            found.append(node)
    return found


def _is_on(node: ast.stmt, lines: set[int]) -> bool:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return not lines.isdisjoint(range(first, (node.end_lineno or node.lineno) + 1))


@pytest.mark.parametrize("path", [*FILES, ""])
def test_the_statements_on_some_lines(path: str) -> None:
    text = (ROOT / path).read_text() if path else FORMS
    tree, count = ast.parse(text), text.count("\n") + 1
    chance = random.Random(1)
    for size in (0, 1, 2, 5, count // 3, count):
        lines = sorted(chance.sample(range(1, count + 1), size))
        assert list(walk(tree, lines)) == wanted(tree, set(lines)), lines
    assert len(list(walk(tree, range(1, count + 1)))) > count


@pytest.mark.parametrize("path", [*FILES, ""])
def test_a_part_has_the_nodes_and_places_of_the_whole(path: str) -> None:
    text = (ROOT / path).read_text() if path else FORMS
    whole, count = ast.parse(text), text.count("\n") + 1
    chance = random.Random(2)
    for size in (0, 1, 2, 5, count // 3, count):
        lines = sorted(chance.sample(range(1, count + 1), size))
        part = parsed(Source("a.py", text), lines)
        assert _told(walk(part, lines)) == _told(walk(whole, lines)), lines


def _told(nodes: Iterator[ast.AST]) -> list[str]:
    return [ast.dump(node, include_attributes=True) for node in nodes if isinstance(node, ast.expr)]


def test_the_rest_is_not_parsed() -> None:
    text = "a = 1\n" + "b = (\n  2,\n)\n" * 20 + "c = '''\nd = 3\n'''\n"
    part = parsed(Source("a.py", text), [1, 63])
    assert [(each.lineno, type(each).__name__) for each in part.body] == [(1, "Assign"), (62, "Assign")]
    broken = Source("a.py", f"{text}e = = 1\n")
    assert len(parsed(broken, [1]).body) == 1
    with pytest.raises(Unreadable):
        parsed(broken, [65])
    known = Source("a.py", text)
    whole = known.derive(python.parse)
    assert parsed(known, [1]) is whole, "what is there already is taken"


@pytest.mark.parametrize(
    ("text", "words", "lines"),
    [
        ("a\nb a a\r\nc\ra", ["a"], [1, 2, 4]),
        ("ab\nb\nbc", ["c", "a"], [1, 3]),
        ("", ["a"], []),
        ("a", [], []),
        ("\n\na\n", ["a"], [3]),
    ],
)
def test_lines_with_words(text: str, words: list[str], lines: list[int]) -> None:
    assert lines_with(Source("a.py", text), words) == lines
