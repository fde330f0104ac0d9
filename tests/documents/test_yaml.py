"""YAML to a positioned tree: values, places, refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, at, plain, walk
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span


def _parse(text: str) -> Node:
    return yaml.parse(Source("a.yaml", text))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"), ("yes", "yes"), ("22:22", "22:22"),
        ("0o17", 15), ("017", 17), ("0x1F", 31), ("1_000", "1_000"),
        ("~", None), ("", None), ("null", None), ("True", True), ("-1", -1), ("+1.5e3", 1500.0), (".5", 0.5),
        ("1e3", 1000.0), ("-.inf", -math.inf), ("2026-01-01", "2026-01-01"), ("'1'", "1"), ('"on"', "on"),
        ("!!str 1", "1"), ("9" * 400, "9" * 400), ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_the_core_schema(written: str, value: Any) -> None:
    found = at(_parse(f"k: {written}\n"), "k")
    assert isinstance(found, Scalar)
    assert (found.value, type(found.value)) == (value, type(value))


def test_not_a_number() -> None:
    found = at(_parse("k: .nan\n"), "k")
    assert isinstance(found, Scalar) and isinstance(found.value, float) and math.isnan(found.value)


PLACES = """\
# 배포
on:
  push: {branches: [main, "v*"]}
jobs:
  빌드: &job
    run: |
      하나
      two

  other: *job
  list:
  - a
  # trailing comment

last: 'x'
"""


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("on", "push"), '{branches: [main, "v*"]}'),
        (("on", "push", "branches", 1), '"v*"'),
        (("jobs", "빌드", "run"), "|\n      하나\n      two"),
        (("jobs", "other", "run"), "|\n      하나\n      two"),
        (("jobs", "list"), "- a"),
        (("last",), "'x'"),
    ],
)
def test_a_place_is_what_is_written_there(path: tuple[str | int, ...], written: str) -> None:
    found = at(_parse(PLACES), *path)
    assert found is not None
    assert PLACES[found.span.start : found.span.end] == written


def test_duplicate_keys_are_kept_and_the_last_counts() -> None:
    tree = _parse("a: 1\nb: 2\na: 3\n")
    assert isinstance(tree, Mapping)
    assert [entry.key.span.start for entry in tree.duplicates()] == [10]
    assert plain(tree) == {"a": 3, "b": 2}
    assert [entry.value.span.start for entry in tree.effective()] == [13, 8]


@pytest.mark.parametrize("between", [1, 100])
def test_the_last_of_a_key_counts_among_few_and_many(between: int) -> None:
    text = "a: 1\n" + "".join(f"b{each}: 2\n" for each in range(between)) + "a: 3\n"
    assert at(_parse(text), "a") == Scalar(Span(len(text) - 2, len(text) - 1), 3)
    assert at(_parse(text), "c") is None


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "says", "offset"),
    [
        ("a: [1", "not YAML", 5),
        ("a: 1\n\tb: 2\n", "not YAML", 5),
        ("a: &x [*x]\n", "holds itself", 7),
        ("a: *nope\n", "names no anchor", 3),
        (BOMB, "more than", None),
        ("[" * 300 + "]" * 300, "nested deeper", 200),
    ],
)
def test_refusals_name_the_place(text: str, says: str, offset: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        _parse(text)
    assert says in refused.value.message
    assert offset is None or refused.value.span.start == offset


def test_several_documents() -> None:
    assert [plain(each) for each in yaml.parse_all(Source("a", "a: 1\n---\nb: *x\n".replace("*x", "2")))] == [
        {"a": 1},
        {"b": 2},
    ]


# To YAML 1.1, which PyYAML writes, NEL, LS and PS are line breaks and 0E0 is a text; to 1.2 they are not.
_TEXT = st.text(st.characters(exclude_characters="\x85\u2028\u2029", codec="utf-8"), max_size=12).filter(
    lambda text: isinstance(yaml.resolve(text), str) or not isinstance(pyyaml.safe_load(text), str)
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
def test_what_pyyaml_writes_is_read_back(value: Any, flow: bool) -> None:
    text = pyyaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, version=(1, 2))
    tree = _parse(text)
    assert plain(tree) == value
    for node in walk(tree):
        assert 0 <= node.span.start <= node.span.end <= len(text)
