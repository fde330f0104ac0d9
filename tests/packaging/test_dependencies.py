"""What the code imports is what it declares, so that a fresh environment has it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
GROUPS: dict[str, list[str | dict[str, str]]] = PROJECT["dependency-groups"]
TEST: list[str] = [
    each
    for entry in [*GROUPS["test"], *GROUPS["fuzz"]]  # of the fuzzing, `make fuzz` alone installs its own
    for each in ([entry] if isinstance(entry, str) else GROUPS[entry["include-group"]])
    if isinstance(each, str)
]
OPTIONAL: list[str] = [
    each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra
]
OWN = {"benchmarks", "runcrew_lint", "tests"}
brought_by = cache(packages_distributions)  # reads every installed package


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(requirements: Iterable[str]) -> set[str]:
    return {_normal(re.match(r"[\w.-]+", each)[0]) for each in requirements}  # type: ignore[index]


@cache
def _imported(source: str) -> set[str]:
    """The top-level modules of others that a source imports, or asks pytest to import."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                found |= {alias.name.split(".")[0] for alias in node.names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.split(".")[0])
            case ast.Call(
                func=ast.Attribute(attr="importorskip"), args=[ast.Constant(value=str(module)), *_]
            ):
                found.add(module.split(".")[0])
    return found - sys.stdlib_module_names - OWN


def undeclared(source: str, requirements: Iterable[str]) -> list[str]:
    """The modules in a source that none of the requirements brings by its own name."""
    declared = _declared(requirements)
    return sorted(
        module
        for module in _imported(source)
        if not declared & {_normal(name) for name in brought_by().get(module, [module])}
    )


@pytest.mark.parametrize(
    ("folder", "requirements"),
    [("runcrew_lint", RUNTIME + OPTIONAL), ("tests", RUNTIME + TEST)],
    ids=["runtime", "tests"],
)
def test_every_import_is_declared(folder: str, requirements: list[str]) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (names := undeclared(path.read_text(encoding="utf-8"), requirements))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import yaml, os.path\nfrom click.types import Choice", []),
        ("def f():\n    import hypothesis.strategies", ["hypothesis"]),
        ("from not_there import x", ["not_there"]),
        ("import runcrew_lint.text\nfrom . import sibling", []),
        ("import pytest\npytest.importorskip('alembic')", ["alembic", "pytest"]),
    ],
)
def test_an_undeclared_import_is_seen(source: str, names: list[str]) -> None:
    assert undeclared(source, RUNTIME) == names


def test_nothing_is_declared_that_no_code_imports() -> None:
    """A hook's environment, and every newcomer's, installs all of it."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "runcrew_lint").rglob("*.py")]
    modules = set().union(*map(_imported, sources))
    brought = {_normal(name) for module in modules for name in brought_by().get(module, [module])}
    assert _declared(RUNTIME + OPTIONAL) - brought == set()


@pytest.mark.parametrize("requirement", RUNTIME)
def test_every_runtime_dependency_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[\w.-]+>=[\d.]+,<[\d.]+", requirement)
