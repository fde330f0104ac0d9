"""A module that is cut at its statements says what the whole of it says."""

from __future__ import annotations

import ast

import pytest

from runcrew_lint.documents.python_parts import cuts
from runcrew_lint.domains.migrations.module import FAR, Module
from runcrew_lint.text import Source

_TEXTS = {
    "plain": 'import os\n\nX = 1\n\n\ndef f():\n    return X\n\n\nclass C(Base):\n    """Long."""\n',
    "a long string with statements at its left": 'A = """\nB = 1\ndef f(): pass\n"""\nC = 2\n',
    "a long string in short ones": "# '''\nA = \"'''\"\nB = 1  # it's \"\"\"\nC = '\"\"\"'\nD = 2\n",
    "quotes in a long string": 'A = """a"b""c\\"""d"""\nB = 2\n',
    "brackets at the left": "A = [\n1,\n]\nB = f(\nname=1,\nother=2)\nC = 3\n",
    "decorated": "@register\n@other('x')\n# why\ndef f():\n    pass\n\n\n@plain\nclass C:\n    pass\n",
    "one of two ways": "try:\n    from a import B\nexcept E:\n    B = None\nelse:\n    C = 1\nD = B\n",
    "if at the left": "if X:\n    A = 1\nelif Y:\n    A = 2\nelse:\n    A = 3\nA = 4\n",
    "several targets": "a = b = 1\n(c, d), *e = f = 2\ng, h = 3\ni: int = j\nk[0] = l = 5\nm.n = 6\no += 1\n",
    "several statements in a line": "a = 1; b = 2\nimport c; d = 3\nx = 4  # b; d\n",
    "imports": "from a import (\n    b,\n    c as d,\n)\nfrom e import *\nimport f.g, h as i\n",
    "continued": "A = 1 + \\\n2\nB = 'x\\\nC = 3'\nD = 4\n",
    "carriage returns": "A = 1\r\nB = '''\r\nC = 2\r\n'''\r\n",
    "empty": "",
    "words within words": "alpha = 1\nalphabet = alpha\nalp = 2\n",
    "a raw string": 'A = r\'\\d"""\'\nB = r"""\\""""\nC = 1\n',
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_name_is_bound_by_the_statements_that_bind_it(text: str) -> None:
    tree = ast.parse(text)
    names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)} | {
        *text.split(),
        "B",
        "C",
        "b",
    }
    for name in names:
        made = Module(Source("m.py", text)).statements(name)
        assert [ast.dump(each) for each in made] == _binding(tree, name), name
        assert all(
            getattr(each, "lineno", 0) > FAR
            for statement in made
            for each in ast.walk(statement)
            if _has_place(each)
        )


def _has_place(node: ast.AST) -> bool:
    return hasattr(node, "lineno")


def _binding(tree: ast.Module, name: str) -> list[str]:
    """The statements whose own bodies, without those of functions and classes, bind the name."""
    return [ast.dump(each) for each in tree.body if name in _bound(each)]


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and (
            isinstance(node.ctx, ast.Store) or _is_within_target(statement, node)
        ):
            found.add(node.id)
    return found


def _is_within_target(statement: ast.stmt, node: ast.Name) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(node in ast.walk(target) for target in targets)


def test_what_a_module_imports_and_registers() -> None:
    module = Module(Source("m.py", _TEXTS["decorated"] + _TEXTS["imports"]))
    assert module.registering == ["f"]
    assert [ast.unparse(each) for each in module.starred] == ["from e import *"]
    assert [ast.unparse(each) for each in module.imports] == [
        "from a import b, c as d",
        "from e import *",
        "import f.g, h as i",
    ]


def test_only_what_is_asked_for_is_parsed() -> None:
    module = Module(Source("m.py", "A = 1\nB = (\nC = 2\n"))
    assert [ast.unparse(each) for each in module.statements("A")] == ["A = 1"]
    assert module.statements("B") == []  # that part is no Python, and so is the whole


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a = 1\nb = 2\n", [0, 6]),
        ("# a\n\nb = 2\n", [0, 5]),
        ('a = \'unclosed\n"""', [0]),
        ("a = 1\r\nb = 2\r\n", [0]),
    ],
)
def test_cuts(text: str, at: list[int]) -> None:
    assert cuts(text) == at
