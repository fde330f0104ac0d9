"""One call: what it names, and keywords put into it in the style of its own."""

from __future__ import annotations

import libcst as cst
import pytest

from runcrew_lint.mends.python_call import (
    bare,
    code,
    given,
    is_exploded,
    is_literal,
    is_none,
    is_repeatable,
    on_table,
    parsed,
    says_false,
    shifted,
    with_arguments,
    with_first,
    without_keyword,
)


def call(text: str) -> cst.Call:
    found = parsed(text)
    assert found is not None
    return found


def value(text: str) -> cst.BaseExpression:
    return call(f"f({text})").args[0].value


@pytest.mark.parametrize("text", ["f", "x = f()", "f(); g()", "if x: f()", "f(", "await f()", ""])
def test_what_is_no_call_is_none(text: str) -> None:
    assert parsed(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("f(1, 2)", {"a": "1", "b": "2"}),
        ("f(1, b=2, c=3)", {"a": "1", "b": "2", "c": "3"}),
        ("f()", {}),
        ("f(1, 2, 3)", None),
        ("f(*a)", None),
        ("f(**a)", None),
    ],
)
def test_arguments_have_names(text: str, names: dict[str, str] | None) -> None:
    found = given(call(text), ("a", "b"))
    assert (found if found is None else {name: code(each) for name, each in found.items()}) == names


@pytest.mark.parametrize(
    ("text", "literal", "repeatable", "plain"),
    [
        ('"a"', True, True, '"a"'),
        ('op.f("a")', True, True, 'op.f("a")'),
        ('op.f(\n    "a"  # why\n)', True, True, 'op.f("a")'),
        ('r"a"', True, True, 'r"a"'),
        ('b"a"', False, False, ""),
        ('"""a\nb"""', False, False, ""),
        ('op.g("a")', False, False, ""),
        ('f("a")', False, False, ""),
        ('op.f("a", "b")', False, False, ""),
        ("op.f(name)", False, True, "op.f(name)"),
        ("name", False, True, "name"),
        ("None", False, False, ""),
        ("5", False, False, ""),
        ("a.b", False, False, ""),
        ('"a" + name', False, True, '"a" + name'),
        ('"a" + name()', False, False, ""),
        ('"a" * 2', False, False, ""),
        ('"a" % name', False, False, ""),
        ("op.f(name())", False, False, ""),
        ('("a")', True, True, '"a"'),
        ('"a" +\\\n    "b"', False, False, ""),
        ('f"a_{name}"', False, True, 'f"a_{name}"'),
        ('f"a_{name()}"', False, False, ""),
    ],
)
def test_what_is_a_text_that_can_be_repeated(text: str, literal: bool, repeatable: bool, plain: str) -> None:
    given = value(text)
    assert is_literal(given) is literal
    assert is_repeatable(given) is repeatable
    if repeatable:
        assert bare(given) == plain


def test_nothing_is_none_and_no_text() -> None:
    assert is_none(None)
    assert is_none(value("None"))
    assert not is_none(value("none"))
    assert not is_none(value('"None"'))
    assert not is_literal(None)
    assert not is_repeatable(None)


@pytest.mark.parametrize(
    ("text", "exploded"),
    [("f()", False), ("f(1)", False), ("f(1,)", False), ("f(\n    1\n)", False), ("f(\n    1,\n)", True)],
)
def test_a_call_of_lines(text: str, exploded: bool) -> None:
    assert is_exploded(call(text)) is exploded


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("f(1)", "f(1, a=True, b=2)"),
        ("f(1, a=False)", "f(1, a=True, b=2)"),
        ("f(1, *those)", "f(1, *those, a=True, b=2)"),
        ("f(1, 2,)", "f(1, 2, a=True, b=2,)"),
        ("f(\n    1,\n    2,\n)", "f(\n    1,\n    2,\n    a=True,\n    b=2,\n)"),
        ("f(\n    1,\n    2\n)", "f(\n    1,\n    2,\n    a=True,\n    b=2\n)"),
        ("f(\n    1\n)", "f(\n    1,\n    a=True,\n    b=2\n)"),
        ("f(\n    1,  # one\n)", "f(\n    1,  # one\n    a=True,\n    b=2,\n)"),
        ("f(\n    1  # one\n)", "f(\n    1,  # one\n    a=True,\n    b=2\n)"),
        ("f(\n    1,\n    # last\n)", "f(\n    1,\n    # last\n    a=True,\n    b=2,\n)"),
        ("f(\n    1, # one\n    2)", "f(\n    1, # one\n    2,\n    a=True,\n    b=2)"),
        ("f(1,\n  2)", "f(1,\n  2,\n  a=True,\n  b=2)"),
        ("f(1, 2  # two\n)", "f(1, 2,  # two\na=True,\nb=2\n)"),
        ("f(1, 2,\n)", "f(1, 2, a=True, b=2,\n)"),
        ("f(**those)", None),
        ("f(1, **those)", None),
    ],
)
def test_keywords_come_in_the_calls_style(text: str, made: str | None) -> None:
    found = with_arguments(call(text), {"a": "True", "b": "2"})
    assert (code(found) if found is not None else None) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("f(1, a=2)", "f(1)"),
        ("f(a=2, b=1)", "f(b=1)"),
        ("f(\n    1,\n    a=2,\n)", "f(\n    1,\n)"),
        ("f(\n    1,\n    a=2\n)", "f(\n    1\n)"),
        ("f(1, b=2)", None),
        ("f(a=2)", None),
        ("f(*those, a=2)", None),
        ("f(a=2, **those)", None),
    ],
)
def test_a_keyword_goes(text: str, made: str | None) -> None:
    found = without_keyword(call(text), "a")
    assert (code(found) if found is not None else None) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("f(None, 1)", 'f("x", 1)'),
        ("f(b=1, a=None)", 'f(b=1, a="x")'),
        ("f(b=1)", None),
        ("f(*those)", None),
        ("f(*those, 1)", None),
        ("f()", None),
    ],
)
def test_the_first_parameter_is_set(text: str, made: str | None) -> None:
    found = with_first(call(text), "a", '"x"')
    assert (code(found) if found is not None else None) == made


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("f(a=False)", True),
        ("f(a=True)", False),
        ("f(b=False)", False),
        ("f(False)", False),
        ("f(a=0)", False),
    ],
)
def test_a_keyword_says_false(text: str, false: bool) -> None:
    assert says_false(call(text), "a") is false


@pytest.mark.parametrize(
    ("text", "table", "by_name", "made"),
    [
        ('f("ix", ["a"])', {"table_name": '"t"'}, False, 'f("ix", "t", ["a"])'),
        ('f("ix", ["a"])', {"table_name": '"t"', "schema": '"s"'}, False, 'f("ix", "t", ["a"], schema="s")'),
        ('f("ix", ["a"])', {"table_name": '"t"'}, True, 'f("ix", ["a"], table_name="t")'),
        ('f("ix")', {"table_name": '"t"'}, False, 'f("ix", table_name="t")'),
        (
            'f(index_name="ix", columns=[])',
            {"table_name": '"t"'},
            False,
            'f(index_name="ix", columns=[], table_name="t")',
        ),
        (
            'f(\n    "ix",  # why\n    [],\n)',
            {"table_name": '"t"'},
            False,
            'f(\n    "ix",\n    "t",  # why\n    [],\n)',
        ),
        ("f(*those)", {"table_name": '"t"'}, False, None),
        ("f()", {"table_name": '"t"'}, False, None),
    ],
)
def test_a_call_names_its_table(text: str, table: dict[str, str], by_name: bool, made: str | None) -> None:
    found = on_table(call(text), table, keywords_alone=by_name)
    assert (code(found) if found is not None else None) == made


@pytest.mark.parametrize(
    ("text", "by", "made"),
    [
        ("f(\n    1,\n)", "", "f(\n    1,\n)"),
        ("f(\n    1,\n)", "    ", "f(\n        1,\n    )"),
        ('f("""a\nb""")', "    ", 'f("""a\nb""")'),
    ],
)
def test_a_call_moves_to_the_right(text: str, by: str, made: str) -> None:
    assert shifted(call(text), by, "\n") == made
    assert shifted(call(text.replace("\n", "\r\n")), by, "\r\n") == made.replace("\n", "\r\n")
