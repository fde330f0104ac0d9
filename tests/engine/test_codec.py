"""Facts as rows and back: everything a fact may hold returns equal, everything else is refused."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from runcrew_lint.catalogue.declarative import shape_kinds
from runcrew_lint.catalogue.load import load
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.files import Files
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.text import Span

ROOT = Path(__file__).parents[2]


class Colour(StrEnum):
    RED = "red"
    NONE = ""


class Level(IntEnum):
    LOW = 1


class Odd(Enum):
    PAIR = "pair"


class Spot(NamedTuple):
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Leaf:
    value: str | int | float | bool | None
    colour: Colour | str


@dataclass(frozen=True, slots=True)
class Twig:
    value: int


@dataclass(frozen=True, slots=True)
class Tree:
    path: str
    children: tuple[Tree | Leaf | Twig, ...] = ()
    spot: Spot | None = None
    pair: tuple[int, str] = (0, "")
    names: str | tuple[str, ...] = ()
    odd: Odd | Level | None = None
    number: float = 0.0
    maybe: float | None = None


@pytest.mark.parametrize(
    "value",
    [
        Tree("a"),
        Tree(
            "a",
            (Tree("b", (Leaf(None, Colour.RED), Twig(1))), Leaf("red", "red"), Leaf(True, Colour(""))),
        ),
        Tree("\udcff\n", (Leaf(1.5, ""), Leaf(float("inf"), ""), Leaf(10**30, ""))),
        Tree("a", spot=Spot("s", Span(1, 2)), pair=(3, "x"), names="abc"),
        Tree("a", names=("a", "b"), odd=Odd.PAIR, number=1, maybe=2),
        Tree("a", odd=Level.LOW),
    ],
    ids=repr,
)
def test_a_fact_returns_equal_and_of_the_same_types(value: Tree) -> None:
    codec = codec_of(Tree)
    back = codec.decode(json.loads(json.dumps(codec.encode(value))))
    assert back == value
    assert repr(back) == repr(value)


def test_what_is_as_it_is_by_default_is_not_written() -> None:
    codec = codec_of(Tree)
    assert codec.encode(Tree("a")) == [1, "a"]
    assert codec.encode(Tree("a", number=2.5)) == [65, "a", 2.5]
    assert codec.encode(Tree("a", number=0)) == [65, "a", 0], "0 is no 0.0"


@pytest.mark.parametrize(
    "written",
    [[0], [2, []], [1], [1, "a", "b"], [-1, "a"], [True, "a"], [256, "a", 0], ["a"], [1, 2]],
    ids=repr,
)
def test_a_row_that_names_other_fields_than_it_holds_is_refused(written: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        codec_of(Tree).decode(written)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (tuple[str, ...], ["a"]),
        (tuple[str, ...], "ab"),
        (tuple[int, ...], (True,)),
        (tuple[int, str], (1, "a", 2)),
        (str, Colour.RED),
        (Colour, "red"),
        (Span, (1, 2)),
        (Leaf, Twig(1)),
        (int | None, "1"),
        (dict[str, str], {}),
        (set[str], set()),
        (Any, 1),
        (list[str], []),
    ],
)
def test_what_is_no_plain_value_of_its_annotation_is_refused(annotation: Any, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        codec_of(annotation).encode(value)


HOSTILE: list[Any] = [
    None, True, 0, -1, 10**40, 1.5, float("nan"), "", "runcrew_lint.engine.git:run", [], [[]], {}, {"a": 1},
    ["a"], [1], [0], [3, "a"], [-1, "a"], [True, "a"], [10**40, "a"], [256, "a"], [2, []], [1, 2], [[1], "a"],
    [3, "a", [[0, [1, ["b"]]]]], [3, "a", [[9, [1]]]], [3, "a", [["0", [1]]]], [1, "a", 0],
    {"__class__": "x"}, {"__reduce__": ["os.system", ["true"]]},
    [255, "a", [], None, [0, ""], [], [0, "no"], 0, 0],
]  # fmt: skip
_seen: list[str] | None = None


def _audit(event: str, _arguments: object) -> None:
    if _seen is not None:
        _seen.append(event)


sys.addaudithook(_audit)


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_hostile_rows_call_nothing_but_the_constructor(value: Any) -> None:
    """No import, no compilation, no file, no process: the interpreter's own audit sees each of them."""
    global _seen
    decode = codec_of(Tree).decode
    with suppress(TypeError, ValueError, LookupError):
        decode([1, "warm"])  # resolves the annotations
    _seen = []
    try:
        made = decode(value)
    except (TypeError, ValueError, LookupError):
        made = None
    finally:
        seen, _seen = _seen, None
    assert made is None or type(made) is Tree
    assert seen == []


FIXTURES = sorted(path for path in (ROOT / "fixtures").glob("*/*") if path.is_dir())


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name} {path.name}")
def test_every_fact_of_the_fixtures_survives_the_cache(fixture: Path) -> None:
    """A fact that does not is read anew in each run: slow, and nobody would see it."""
    tree, policy = discover(fixture), load_policy(fixture, "runcrew", load().policies)
    files, shapes = Files(fixture, Cache(None, fixture), stats=tree.stats), shape_kinds(load().rules.values())
    kinds = [*KINDS.values(), *(kind for kind, _ in shapes.values())]
    readers = {name: reader for name, (_, reader) in shapes.items()}
    analyst = Analyst(files, Cache(None, fixture), policy, tree.paths, readers)
    for kind in kinds:
        tasks = [Task(kind, path) for path in tree.paths if kind.claims.match(path)]
        analysis = analyst.answer(tasks)
        codec = codec_of(Bound(kind, policy, readers.get(kind.name)).fact_type)
        for fact in analysis.of(kind.name):
            back = codec.decode(codec.encode(fact))
            assert (back, repr(back)) == (fact, repr(fact))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_bound_to_a_reader_and_a_plain_fact(kind: Any) -> None:
    bound = Bound(kind, load_policy(ROOT, "runcrew", load().policies))
    assert callable(bound.reader)
    assert codec_of(bound.fact_type)
    assert bound.tag
