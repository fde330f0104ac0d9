"""Targets with a comment behind them, and Makefiles whose targets are not all to be seen."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery import recipes
from runcrew_lint.domains.delivery.facts import Recipes
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source
from tests.workflows.reading import Files


def _read(text: str, path: str = "Makefile") -> Recipes:
    return recipes.read(Source(path, text), Files({}, Policy("test")))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("test: lint ## Run: all | of = them\n\tpytest\n", ["test"]),
        ("a b: # two\n\techo\n", ["a", "b"]),
        (".PHONY: x\nx:\n\techo # no comment of make's\n", ["x"]),
    ],
)
def test_targets(text: str, names: list[str]) -> None:
    assert [each.name for each in _read(text).recipes] == names


@pytest.mark.parametrize(
    ("text", "path", "is_open"),
    [
        ("a:\n\techo\n", "Makefile", False),
        ("A := $(shell date)\na:\n\techo $(A) 100%\n", "Makefile", False),
        ("include common.mk\na:\n\techo\n", "Makefile", True),
        ("-include .env\n", "Makefile", True),
        ("%.o: %.c\n\tcc $<\n", "Makefile", True),
        ("$(NAME): a\n\techo\n", "Makefile", True),
        ("a:\n  echo\n", "justfile", False),
        ("import 'other.just'\n", "justfile", True),
    ],
)
def test_what_may_have_more(text: str, path: str, is_open: bool) -> None:
    assert _read(text, path).is_open is is_open
