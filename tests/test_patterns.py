"""Patterns that are compiled when they are asked."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

import pytest

import runcrew_lint
from runcrew_lint import patterns
from runcrew_lint.patterns import lazily


def test_asked_once_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return real(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    word = lazily(r"[a-z]+", re.IGNORECASE)
    assert (word.pattern, compiled) == ("[a-z]+", [])
    assert [match.group() for match in word.finditer("Ab 1 c")] == ["Ab", "c"]
    assert (word.sub("_", "Ab 1"), word.search("1"), word.flags & re.IGNORECASE) == ("_ 1", None, 2)
    assert compiled == ["[a-z]+"]
    assert lazily(rb"\d").match(b"1")


def test_each_of_them_compiles() -> None:
    """What is wrong with a pattern would else be told to whoever asks it first."""
    found = [
        value
        for module in pkgutil.walk_packages(runcrew_lint.__path__, "runcrew_lint.")
        if not module.name.startswith("runcrew_lint.editor.")  # an extra, which need not be there
        for value in vars(import_module(module.name)).values()
        if isinstance(value, patterns._Later)
    ]
    assert len(found) > 500
    for each in found:
        assert each.groups >= 0
