"""The order of the rooms: a lower one never imports a higher one, and no two import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "runcrew_lint"
# From the ground up; rooms of one floor don't know each other. The package itself is the API, above all.
FLOORS = (
    "digests frozen nearest patterns tuples | data text | model | documents | policy | domains | repository"
)
FLOORS += " | checks mends | catalogue | engine | reporters | editor | cli | resident | __init__ api console"
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS.split("|")) for room in rooms.split()}
ONE_MODULE = ("sqlglot", "libcst")
ONE_ROOM = {"click": "cli", "pygls": "editor", "lsprotocol": "editor"}


def imported(source: str) -> Iterator[str]:
    """The full names that a module imports, wherever in it; a relative one starts with a dot."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def faults(modules: dict[str, str]) -> list[str]:
    """What the modules, path in the package to source, do against the order."""
    found = []
    homes: dict[str, set[str]] = {name: set() for name in ONE_MODULE}
    for path, source in modules.items():
        room = path.split("/")[0].removesuffix(".py")
        if room not in FLOOR:
            found.append(f"{path}: {room} has no floor")
            continue
        for name in imported(source):
            top, _, rest = name.partition(".")
            if top in homes:
                homes[top].add(path)
            elif top == "":
                found.append(f"{path}: {name} is relative")
            elif room != ONE_ROOM.get(top, room):
                found.append(f"{path}: {top} belongs to {ONE_ROOM[top]}")
            elif top == "runcrew_lint" and rest and rest != "__version__":
                other = rest.split(".")[0]
                other = other if other in FLOOR else "__init__"
                if other != room and FLOOR[other] >= FLOOR[room]:
                    found.append(f"{path}: {room} imports {other}")
    return found + [f"{name}: in {sorted(paths)}" for name, paths in homes.items() if len(paths) > 1]


def test_the_rooms_keep_their_order() -> None:
    modules = {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")}
    assert modules
    assert faults(modules) == []


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("model/rule.py", "from runcrew_lint.engine import run", "model imports engine"),
        ("model/rule.py", "from runcrew_lint import engine", "model imports engine"),
        ("engine/run.py", "import runcrew_lint.cli.main", "engine imports cli"),
        ("engine/run.py", "from runcrew_lint import lint", "engine imports __init__"),
        ("checks/eas/a.py", "def f():\n    import runcrew_lint.mends.yaml", "checks imports mends"),
        ("mends/yaml.py", "if TYPE_CHECKING:\n    from runcrew_lint.checks import b", "mends imports checks"),
        ("checks/eas/a.py", "from ..b import c", "..b.c is relative"),
        ("attic/a.py", "", "attic has no floor"),
        ("engine/run.py", "import click", "click belongs to cli"),
        ("engine/run.py", "from click.types import Choice", "click belongs to cli"),
        ("cli/server.py", "from pygls.lsp.server import LanguageServer", "pygls belongs to editor"),
        ("engine/run.py", "import lsprotocol.types", "lsprotocol belongs to editor"),
        ("editor/server.py", "import runcrew_lint.cli.output", "editor imports cli"),
    ],
)
def test_a_fault_is_seen(path: str, source: str, fault: str) -> None:
    assert faults({path: source}) == [f"{path}: {fault}"]


def test_a_second_home_is_seen() -> None:
    twice = {"documents/sql.py": "import sqlglot", "domains/b.py": "from sqlglot.tokens import Token"}
    assert faults(twice) == ["sqlglot: in ['documents/sql.py', 'domains/b.py']"]


def test_what_is_allowed_is_not_a_fault() -> None:
    assert faults({"cli/main.py": "import click\nfrom runcrew_lint import __version__, engine"}) == []
    assert faults({"__init__.py": "from runcrew_lint.engine.run import lint"}) == []
    assert faults({"model/a.py": "from runcrew_lint.model.b import c\nimport runcrew_lint"}) == []
