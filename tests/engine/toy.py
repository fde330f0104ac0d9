"""A small domain of its own for tests of the engine: one kind, two rules and a mend, all in this module.

A `.note` file is lines of words. `include <path>` consults another file; a word that the policy names
as a branch, or that starts with `bad`, is a fault; `swap-<word>` asks for a mend to `<word>`. `broken`
does not read, `boom` crashes the reader, `boom-check` the check and `boom-mend` the mend.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import pytest

from runcrew_lint.catalogue import load as load_module
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.engine import run as run_module
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.model.rule import Mark, Rule, Scope
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source, Span

KIND = FactKind(
    "note",
    "Note",
    "toy.read:read",
    re.compile(r"(?:.*/)?[^/]+\.note\Z", re.DOTALL),
    needles=(b"bad", b"include", b"boom", b"broken", b"swap", b"name", b"main"),
    settings=("branches",),
)


class Word(NamedTuple):
    """A word that is worth a fault."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Included:
    """What another file says, its words in order; None where it is not there."""

    path: str
    words: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Note:
    """What one file says."""

    path: str
    words: tuple[Word, ...]
    includes: tuple[Included, ...] = ()


def read(source: Source, reading: Reading) -> Note | None:
    """Reads a note."""
    broken = re.search(r"\bbroken\b", source.text)
    if broken:
        raise Unreadable("it says that it is broken", Span(*broken.span()))
    if re.search(r"(?<!\S)boom(?!\S)", source.text):
        raise RuntimeError(source.text)
    words = tuple(
        Word(found[0], Span(*found.span()))
        for found in re.finditer(r"\S+", source.text)
        if found[0].startswith(("bad", "boom", "swap")) or found[0] in reading.policy.branches
    )
    includes = []
    for path in re.findall(r"^include (\S+)", source.text, re.MULTILINE):
        other = reading.consult(path)
        includes.append(Included(path, tuple(other.text.split()) if other else None))
    return Note(source.path, words, tuple(includes)) if words or includes else None


def check_words(fact: Note, _policy: Policy) -> Iterator[Fault]:
    """One fault a word."""
    for word in fact.words:
        if word.text == "boom-check":
            raise RuntimeError("boom")
        place = Place(fact.path, word.span)
        mend = None
        if word.text.startswith("swap"):
            mend = MendRequest("toy.swap", place, (("word", word.text.removeprefix("swap-")),))
        if word.text == "boom-mend":
            mend = MendRequest("toy.boom", place)
        yield Fault(place, f"the word {word.text} is here", mend=mend)


def check_includes(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault an included file that is not there or says something bad."""
    for fact in repository.facts(Note):
        for each in fact.includes:
            said = "nothing" if each.words is None else " ".join(each.words)
            related = (Related(Place(each.path, Span(0, 1)), "there"),)
            yield Fault(Place(fact.path, Span(0, 1)), f"{each.path} says {said}", related)


def swap(request: MendRequest, source: Source) -> Fix:
    """Writes another word; one that is `twice` stands on two lines."""
    word = str(dict(request.arguments)["word"]).replace("twice", "two\nlines")
    return Fix(f"write {word}", Safety.SAFE, (Edit(source.path, request.place.span, word),))


def boom(_request: MendRequest, _source: Source) -> Fix:
    """Fails."""
    raise RuntimeError("boom")


def _rule(name: str, scope: Scope) -> Rule:
    return Rule(
        name, "toy", Severity.ERROR, Mark.FACT, scope, ("note",), ("note",), "summary", "remedy", "safe", {}
    )


RULES = {"toy-word": _rule("toy-word", Scope.FILE), "toy-include": _rule("toy-include", Scope.REPOSITORY)}


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds the toy domain to the kinds, the readers, the checks, the mends and the catalogue."""
    this = sys.modules[__name__]
    modules = {
        "domains.toy": ModuleType("toy"),
        "domains.toy.facts": this,
        "domains.toy.read": this,
        "checks.toy": ModuleType("toy"),
        "checks.toy.toy_word": _module(check_words),
        "checks.toy.toy_include": _module(check_includes),
        "mends.toy": this,
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, f"runcrew_lint.{name}", module)
    monkeypatch.setitem(KINDS, "note", KIND)
    real = load_module.load()
    catalogue = real.holding({**real.rules, **RULES})
    monkeypatch.setattr(run_module, "load_catalogue", lambda: catalogue)


def _module(check: object) -> ModuleType:
    module = ModuleType("check")
    module.__dict__["check"] = check
    return module
