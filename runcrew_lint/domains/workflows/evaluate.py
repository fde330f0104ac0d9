"""Evaluates expressions as far as their contexts are known: to a value, one of several, or unknown.

Source: docs.github.com, "Evaluate expressions in workflows and actions" (operators, loose comparison,
functions, status checks).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import lru_cache, partial

from runcrew_lint.domains.lattice import Plain, Value, join, known, lift, one_of, truth, unknown
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Call,
    Context,
    Expression,
    ExpressionError,
    Literal,
    Not,
    Property,
    Star,
    calls,
    number,
    parse,
    pieces,
)
from runcrew_lint.text import number_of

# What a context holds at a path of lower-case names, such as ("github", "ref").
Lookup = Callable[[tuple[str, ...]], Value]

STATUS = frozenset(("success", "failure", "cancelled", "always"))
_EITHER = (True, False)


def evaluate(tree: Expression, lookup: Lookup) -> Value:
    """The value of an expression."""
    if isinstance(tree, Literal):
        return known(tree.value)
    if isinstance(tree, (Context, Property)):
        return _dereference(tree, lookup)
    if isinstance(tree, Star):
        return unknown("a filter (`.*`) is not followed")
    if isinstance(tree, Not):
        value = _truth_value(evaluate(tree.of, lookup))
        return lift(_is_false, value)
    if isinstance(tree, Call):
        return _call(tree, lookup)
    left = evaluate(tree.left, lookup)
    if tree.operator in ("&&", "||"):
        return _short(tree.operator, left, partial(evaluate, tree.right), lookup)
    return _compared(tree.operator, left, evaluate(tree.right, lookup))


Compiled = Callable[[Lookup], Value]


def _compiled(tree: Expression) -> Compiled:
    """An expression as a function: nearly every one is asked many times."""
    if isinstance(tree, Literal):
        value = known(tree.value)
        return lambda _: value
    if isinstance(tree, (Context, Property)) and (path := _path(tree)):
        return lambda lookup: lookup(path)
    if isinstance(tree, Not):
        inner = _compiled(tree.of)
        return lambda lookup: lift(_is_false, _truth_value(inner(lookup)))
    if isinstance(tree, Binary):
        operator, left, right = tree.operator, _compiled(tree.left), _compiled(tree.right)
        if operator in ("&&", "||"):
            return lambda lookup: _short(operator, left(lookup), right, lookup)
        return lambda lookup: _compared(operator, left(lookup), right(lookup))
    return partial(evaluate, tree)


def _path(tree: Expression) -> tuple[str, ...]:
    """A dereference whose keys are all written out; nothing for any other."""
    keys: list[str] = []
    while isinstance(tree, Property) and isinstance(tree.key, Literal):
        keys.append(to_text(tree.key.value).lower())
        tree = tree.of
    return (tree.name, *reversed(keys)) if isinstance(tree, Context) else ()


@lru_cache(maxsize=4096)
def _of_text(text: str) -> Compiled:
    try:
        return _compiled(parse(text))
    except ExpressionError as error:
        value = unknown(f"`{text}` is no expression: {error.message}")
        return lambda _: value


def interpolate(text: str, lookup: Lookup) -> Value:
    """The value of a text with `${{ }}` in it: a lone expression keeps its type, else it is a text."""
    parts = pieces(text)
    if len(parts) == 1 and parts[0].is_expression:
        return of_text(parts[0].text, lookup)
    values = [of_text(part.text, lookup) if part.is_expression else known(part.text) for part in parts]
    return lift(lambda *each: "".join(map(to_text, each)), *values) if values else known("")


def of_text(text: str, lookup: Lookup) -> Value:
    """The value of an expression given as text, without braces."""
    return _of_text(text)(lookup)


def condition(text: str, lookup: Lookup) -> tuple[Value, bool]:
    """An `if:` as a value, and whether it asks for the status itself (then no `success()` is implied)."""
    answer, asks = _condition(text)
    return answer(lookup), asks


@lru_cache(maxsize=4096)
def _condition(text: str) -> tuple[Compiled, bool]:
    parts = pieces(text)
    if (
        parts
        and not (len(parts) == 1 and parts[0].is_expression)
        and any(each.is_expression for each in parts)
    ):
        return partial(interpolate, text), False  # a text around braces: never empty, so always true
    inner = parts[0].text if parts and parts[0].is_expression else text
    try:
        tree = parse(inner.strip())
    except ExpressionError as error:
        value = unknown(f"`{inner}` is no expression: {error.message}")
        return (lambda _: value), False
    return _compiled(tree), not STATUS.isdisjoint(calls(tree))


def is_true(value: Plain) -> bool:
    """Whether GitHub takes a value for true: all but false, 0, the empty text, null and NaN."""
    return bool(value) and value == value


def truth_of(value: Value) -> bool | None:
    """Whether a value is true; None where that is not known."""
    return truth(value, is_true)


def to_text(value: Plain) -> str:
    """A value as it stands in a text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        return repr(int(value)) if value.is_integer() else f"{value:.15g}".replace("e", "E")
    return str(value)


def _folded(value: Plain) -> str:
    """A text as it is compared: in upper case, each character on its own and within its own alphabet."""
    text = to_text(value)
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 and upper.isascii() == character.isascii() else character


def _is_false(value: Plain) -> bool:
    return not value


def _truth_value(value: Value) -> Value:
    """The value as true or false; what is unknown may be either."""
    if value.is_unknown:
        return one_of(_EITHER, value.reason)
    return lift(is_true, value)


def _dereference(tree: Context | Property, lookup: Lookup) -> Value:
    path: list[Plain] = []
    step: Expression = tree
    while isinstance(step, Property):
        if isinstance(step.key, Literal):  # nearly always
            path.append(step.key.value)
        else:
            key = evaluate(step.key, lookup)
            if not key.is_known:
                return unknown(key.reason or "its key is computed")
            path.append(key.known)
        step = step.of
    if isinstance(step, Call) and step.name == "fromjson":
        return unknown("a value inside JSON is not followed")
    if not isinstance(step, Context):
        return unknown("what it is taken from is not followed")
    return lookup((step.name, *(to_text(each).lower() for each in reversed(path))))


def _short(operator: str, left: Value, right: Compiled, lookup: Lookup) -> Value:
    """`&&` and `||` give back one of their operands."""
    ends = operator == "||"
    if left.is_unknown and ends:
        return left  # where it is true it is the answer
    # Where an unknown is false, which false it is seldom matters: `||` mostly follows.
    stay = (None,) if left.is_unknown else tuple(each for each in left.options if is_true(each) is ends)
    if len(stay) == len(left.options):
        return left
    results = [Value(stay, left.reason)] if stay else []
    joined = join([*results, right(lookup)])
    return Value(joined.options, left.reason or joined.reason) if len(joined.options) > 1 else joined


def _compared(operator: str, left: Value, right: Value) -> Value:
    missing = left if left.is_unknown else right if right.is_unknown else None
    if missing is not None:
        return one_of(_EITHER, missing.reason)
    return lift(lambda one, other: _compare(operator, one, other), left, right)


def _compare(operator: str, one: Plain, other: Plain) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        one, other = _folded(one), _folded(other)
    elif type(one) is not type(other):
        one, other = _number(one), _number(other)
    if operator == "==":
        return one == other
    if operator == "!=":
        return one != other
    if not isinstance(one, str) or not isinstance(other, str):
        one, other = _number(one), _number(other)
    answers = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}  # type: ignore[operator]
    return answers[operator]


def _number(value: Plain) -> int | float:
    if value is None:
        return 0
    return number(value) if isinstance(value, str) else value


def _call(tree: Call, lookup: Lookup) -> Value:
    name, arguments = tree.name, tree.arguments
    if name in ("success", "always"):
        return known(True)  # the question is what can run, so what went before went well
    if name in ("failure", "cancelled"):
        return one_of(_EITHER, f"{name}() is known when it runs")
    if name == "contains" and len(arguments) == 2:
        return _contains(arguments[0], evaluate(arguments[1], lookup), lookup)
    if name in ("startswith", "endswith") and len(arguments) == 2:
        method = str.startswith if name == "startswith" else str.endswith
        text, part = (evaluate(each, lookup) for each in arguments)
        return _asked(lambda one, two: method(_folded(one), _folded(two)), text, part)
    if name == "format" and arguments:
        return lift(_format, *(evaluate(each, lookup) for each in arguments))
    if name == "fromjson" and len(arguments) == 1:
        return _from_json(evaluate(arguments[0], lookup))
    if name == "tojson" and len(arguments) == 1:
        return lift(lambda each: json.dumps(each), evaluate(arguments[0], lookup))
    if name == "join" and arguments and (items := _list(arguments[0], lookup)) is not None:
        separator = evaluate(arguments[1], lookup) if len(arguments) > 1 else known(",")
        return lift(lambda by, *each: to_text(by).join(map(to_text, each)), separator, *items)
    if name == "case" and len(arguments) % 2 == 1:
        return _case(arguments, lookup)
    return unknown(f"{name}() is known when it runs")


def _asked(question: Callable[[Plain, Plain], bool], one: Value, other: Value) -> Value:
    missing = one if one.is_unknown else other if other.is_unknown else None
    if missing is not None:
        return one_of(_EITHER, missing.reason)
    return lift(question, one, other)


def _contains(collection: Expression, item: Value, lookup: Lookup) -> Value:
    items = _list(collection, lookup)
    if items is None:
        text = evaluate(collection, lookup)
        return _asked(lambda one, two: _folded(two) in _folded(one), text, item)
    answers = [_compared("==", each, item) for each in items]
    if any(truth_of(each) is True for each in answers):
        return known(True)
    return join(answers) if answers else known(False)


def _list(tree: Expression, lookup: Lookup) -> list[Value] | None:
    """The items of `fromJSON('[...]')` where the text is known and they are scalars."""
    if not (isinstance(tree, Call) and tree.name == "fromjson" and len(tree.arguments) == 1):
        return None
    text = evaluate(tree.arguments[0], lookup)
    try:
        items = json.loads(str(text.known)) if text.is_known else None
    except (ValueError, RecursionError):
        return None
    if isinstance(items, list) and all(not isinstance(each, (list, dict)) for each in items):
        return [known(each) for each in items]
    return None


def _format(pattern: Plain, *values: Plain) -> str:
    def filled(found: re.Match[str]) -> str:
        if found.group() in ("{{", "}}"):
            return found.group()[0]
        index = number_of(found[1])
        return to_text(values[index]) if index < len(values) else found.group()

    return re.sub(r"\{\{|\}\}|\{(\d{1,4})\}", filled, to_text(pattern))


def _from_json(text: Value) -> Value:
    results: list[Plain] = []
    for option in text.options:
        try:
            value = json.loads(to_text(option))
        except (ValueError, RecursionError):
            return unknown("fromJSON() gets no JSON")
        if isinstance(value, (list, dict)) or (isinstance(value, float) and math.isinf(value)):
            return unknown("a value inside JSON is not followed")
        results.append(value)
    return one_of(results, text.reason) if results else text


def _case(arguments: tuple[Expression, ...], lookup: Lookup) -> Value:
    """`case(predicate, value, ..., default)`."""
    results: list[Value] = []
    for test, value in zip(arguments[:-1:2], arguments[1::2], strict=True):
        answer = truth_of(evaluate(test, lookup))
        if answer is not False:
            results.append(evaluate(value, lookup))
        if answer is True:
            return join(results)
    return join([*results, evaluate(arguments[-1], lookup)])
