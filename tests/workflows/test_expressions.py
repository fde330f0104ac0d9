"""GitHub's expressions: what they come to, with everything known or not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.lattice import Value, known, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import condition, interpolate, of_text, truth_of
from runcrew_lint.domains.workflows.expressions import (
    MAX_DEPTH,
    MAX_OPERATORS,
    ExpressionError,
    parse,
    pieces,
)

CONTEXTS: dict[tuple[str, ...], Value] = {
    ("github", "ref"): known("refs/heads/develop"),
    ("github", "event_name"): known("push"),
    ("env", "n"): known("3"),
    ("matrix", "p"): one_of(["a", "b"], "the matrix"),
    ("vars", "x"): unknown("it is set on GitHub"),
    ("inputs", "none"): known(None),
}


def lookup(path: tuple[str, ...]) -> Value:
    return CONTEXTS.get(path, unknown(".".join(path)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("-1.5", -1.5),
        ("0xff", 255),
        ("2e3", 2000),
        ("'it''s'", "it's"),
        ("!''", True),
        ("!'a'", False),
        ("1 == '1'", True),
        ("null == 0", True),
        ("'' == 0", True),
        ("'A' == 'a'", True),
        ("'a' == 0", False),
        ("true == 1", True),
        ("'b' > 'A'", True),
        ("'10' > 9", True),
        ("1 < 2 && 2 < 3", True),
        ("0 || 'x'", "x"),
        ("'' && 'x'", ""),
        ("false || false", False),
        ("1 == 2 && 'a' || 'b'", "b"),
        ("!true || true", True),
        ("!(true || true)", False),
        ("'a' == 'b' == false", True),
        ("github.ref == 'refs/heads/develop'", True),
        ("GitHub.REF == 'REFS/heads/develop'", True),
        ("github['ref']", "refs/heads/develop"),
        ("env.N > 2", True),
        ("contains('Hello', 'ELL')", True),
        ("contains(fromJSON('[\"push\", 1]'), github.event_name)", True),
        ("contains(fromJSON('[\"pull\"]'), github.event_name)", False),
        ("startsWith(github.ref, 'refs/heads/')", True),
        ("endsWith(github.ref, 'main')", False),
        ("format('{0}-{1}{{}}', 'a', true)", "a-true{}"),
        ("join(fromJSON('[\"a\", 2]'), '-')", "a-2"),
        ("fromJSON('true')", True),
        ("fromJSON(env.n) == 3", True),
        ("inputs.none || 'staging'", "staging"),
        ("always() && success()", True),
        ("case(false, 'a', true, 'b', 'c')", "b"),
        # what GitHub's own parser makes of numbers beyond numbers, and of letters beyond ASCII
        ("NaN == NaN", False),
        ("0 == Infinity", False),
        ("-Infinity < 0", True),
        ("' -Infinity ' == -Infinity", True),
        ("'inf' == Infinity", False),
        ("'nan' != NaN", True),
        ("!NaN", True),
        (
            "format('{0} {1} {2} {3}', Infinity, -Infinity, NaN, 0.12345678901234567)",
            "Infinity -Infinity NaN 0.123456789012346",
        ),
        ("'A' < '['", True),
        ("'\u03c2' == '\u03a3'", True),
        ("'\u0131' == 'I'", False),
        ("startsWith('\u0130x', 'i')", False),
        ("'stra\u00dfe' == 'STRASSE'", False),
        ("'\u0149' == '\u02bcN'", False),
        ("vars.x && false", None),
        ("false && vars.x", False),
        ("true || vars.x", True),
    ],
)
def test_known(text: str, value: Any) -> None:
    found = of_text(text, lookup)
    assert truth_of(found) is bool(value)
    if text != "vars.x && false":
        assert found.options == (value,)
        assert type(found.options[0]) is type(value)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("vars.x", ()),
        ("vars.x || 'a'", ()),
        ("vars.x == 'a'", (True, False)),
        ("vars.x == 'a' && 'p' || 'q'", ("p", "q")),
        ("vars.x && 'p' || 'q'", ("q", "p")),
        ("matrix.p", ("a", "b")),
        ("matrix.p == 'a'", (True, False)),
        ("matrix.p == 'c'", (False,)),
        ("format('{0}!', matrix.p)", ("a!", "b!")),
        ("contains(vars.x, 'a')", (True, False)),
        ("failure()", (True, False)),
        ("github.event.commits.*.message", ()),
        ("hashFiles('**/lock')", ()),
        ("github[vars.x]", ()),
        ("fromJSON('{\"a\": 1}').a", ()),
    ],
)
def test_not_known(text: str, options: tuple[Any, ...]) -> None:
    found = of_text(text, lookup)
    assert set(found.options) == set(options)
    assert found.reason or len(options) == 1


@pytest.mark.parametrize(
    "text", ["", "a &&", "'open", '"double"', "a b", "a..b", "f(", "a[1", "#", "1 = 1", "a.1", "-0xff", "+ 1"]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
    assert of_text(text, lookup).is_unknown


def test_deep_nesting_ends() -> None:
    parse("(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1))
    for bomb in ("(" * 5000 + "1" + ")" * 5000, "!" * 5000 + "1"):
        with pytest.raises(ExpressionError, match="deeper"):
            parse(bomb)


def test_a_long_chain_ends() -> None:
    assert of_text(" || ".join(["false"] * MAX_OPERATORS), lookup) == known(False)
    assert of_text(" || ".join(["1 == 2"] * 10_000), lookup).is_unknown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${{ true }}", True),
        ("a-${{ true }}-${{ null }}", "a-true-"),
        ("${{ 'a }} b' }}", "a }} b"),
        ("${{ 1 }", "${{ 1 }"),
        ("x ${{ github.event_name }}", "x push"),
        ("", ""),
    ],
)
def test_interpolation(text: str, value: Any) -> None:
    assert interpolate(text, lookup) == known(value)


@pytest.mark.parametrize(
    ("text", "truth", "asks"),
    [
        ("github.event_name == 'push'", True, False),
        ("${{ github.event_name == 'pull' }}", False, False),
        ("always() && github.event_name == 'pull'", False, True),
        ("${{ github.event_name == 'pull' }} && true", True, False),
        ("!cancelled()", None, True),
        ("vars.x", None, False),
        ("what is this", None, False),
    ],
)
def test_conditions(text: str, truth: bool | None, asks: bool) -> None:
    value, found = condition(text, lookup)
    assert (truth_of(value), found) == (truth, asks)


@given(st.text(alphabet="${} '}x\n", max_size=30))
def test_pieces_are_the_whole_text(text: str) -> None:
    found = pieces(text)
    assert "".join(text[each.start : each.end] for each in found) == text
    assert all(each.text == text[each.start : each.end] for each in found if not each.is_expression)
