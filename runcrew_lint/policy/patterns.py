"""Which regular expressions of a policy may be run on whatever a repository holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from re import _parser  # type: ignore[attr-defined, unused-ignore]
from typing import Any
from warnings import catch_warnings, simplefilter

_LONGEST = 2_000  # characters of a pattern; what is found out about a longer one takes seconds
_MANY = 16  # a repetition of at least so many times counts as one without a bound
_WAYS = 1_000_000  # in which bounded repetitions may share a text
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_ALL = frozenset(range(256)) | {-1}  # the characters of Latin-1, and -1 for every other
_CATEGORIES = {"DIGIT": re.compile(r"\d"), "SPACE": re.compile(r"\s"), "WORD": re.compile(r"\w")}


def objection(pattern: str) -> str:
    """Why a pattern is refused, or "".

    A repetition inside a repetition, or one of alternatives that begin alike, can take exponential time
    (CWE-1333), and repetitions that share their characters the square or the cube of what they are
    tried on; a pattern that matches the empty string would match everywhere.
    """
    if len(pattern) > _LONGEST:
        return f"it has {len(pattern):,} characters, and {_LONGEST:,} are the most: make two of it"
    try:
        with catch_warnings():
            simplefilter("error", FutureWarning)
            tree = _parser.parse(pattern)
            compiled = re.compile(pattern)
    except FutureWarning as warning:
        return f"other versions of Python read it otherwise: {str(warning)[:1].lower()}{str(warning)[1:]}"
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is no regular expression: {getattr(error, 'msg', 'it grows too large')}"
    if compiled.match(""):
        return "it matches the empty string"
    if _nested(tree):
        return "a repetition inside a repetition can take forever"
    if any(map(_is_ambiguous, _branches(tree, within=False))):
        return "a repetition of alternatives that begin alike can take forever"
    if _ways(tree) > _WAYS:
        return "repetitions inside of each other match in too many ways"
    shared = _shared(tree)
    if shared > 1 or (shared and str(tree[0][0]) != "LITERAL"):
        return "repetitions that share their characters can take very long: begin each with one of its own"
    return ""


def _parts(operator: object, argument: Any) -> list[Any]:
    """What a piece of a pattern holds: sequences of pieces."""
    name = str(operator)
    if name in _REPEATS:
        return [argument[2]]
    if name == "SUBPATTERN":
        return [argument[-1]]
    if name == "BRANCH":
        return list(argument[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    if name == "ATOMIC_GROUP":
        return [argument]
    if name == "GROUPREF_EXISTS":
        return [each for each in argument[1:] if each is not None]
    return []


def _is_many(operator: object, argument: Any) -> bool:
    return str(operator) in _REPEATS and (argument[1] == _parser.MAXREPEAT or argument[1] > _MANY)


def _nested(tree: Any, around: int = 0) -> bool:
    """Whether a repetition lies in another and one of the two has no bound; `around` is 0 in none, else the
    most times of those around.
    """
    for operator, argument in tree:
        times = around
        if str(operator) in _REPEATS:
            least, most = argument[0], argument[1]
            if (around > _MANY and least != most) or (around and most > _MANY):
                return True
            times = max(around, most if most > 1 else 0)
        if any(_nested(each, times) for each in _parts(operator, argument)):
            return True
    return False


def _branches(tree: Any, *, within: bool) -> Iterator[list[Any]]:
    """The alternatives that are repeated, or stand in what is."""
    for operator, argument in tree:
        if within and str(operator) == "BRANCH":
            yield list(argument[1])
        for each in _parts(operator, argument):
            yield from _branches(each, within=within or _is_many(operator, argument))


def _is_ambiguous(alternatives: list[Any]) -> bool:
    """Whether two alternatives may begin with the same character."""
    firsts = [_set(*each[0]) if len(each) else _ALL for each in alternatives]
    return any(one & other for one, other in combinations(firsts, 2))


def _ways(tree: Any) -> int:
    """In how many ways bounded repetitions and alternatives may share a text, up to a little over `_WAYS`."""
    ways = 1
    for operator, argument in tree:
        inner = [_ways(each) for each in _parts(operator, argument)]
        if str(operator) in _REPEATS and not _is_many(operator, argument):
            least, most = int(argument[0]), int(argument[1])
            ways *= (most - least + 1) * inner[0] ** most
        elif str(operator) == "BRANCH" and _is_ambiguous(list(argument[1])):
            ways *= sum(inner)
        else:
            ways *= max(inner, default=1)
        ways = min(ways, _WAYS + 1)
    return ways


def _shared(tree: Any) -> int:
    """How many repetitions may take what the one before them takes: nothing between parts the two."""
    count = 0
    last: frozenset[int] = frozenset()
    for operator, argument in _flat(tree):
        if _is_many(operator, argument):
            own = _set(*argument[2][0]) if len(argument[2]) == 1 else _ALL
            count += bool(last & own)
            last = own
        else:
            last = last if last & _set(operator, argument) else frozenset()
    return count


def _flat(tree: Any) -> Iterator[tuple[Any, Any]]:
    """The pieces one after the other, groups opened; of alternatives all."""
    for operator, argument in tree:
        if str(operator) in ("SUBPATTERN", "ATOMIC_GROUP", "BRANCH"):
            for each in _parts(operator, argument):
                yield from _flat(each)
        else:
            yield operator, argument


def _set(operator: object, argument: Any) -> frozenset[int]:
    """The characters that a piece may begin with; all of them where it is no single character."""
    name = str(operator)
    if name == "LITERAL":
        return frozenset({argument if argument in _ALL else -1})
    if name == "NOT_LITERAL":
        return _ALL - {argument}
    if name == "IN":
        found = frozenset[int]().union(*(_set(*each) for each in argument if str(each[0]) != "NEGATE"))
        return (_ALL - (found - {-1})) if str(argument[0][0]) == "NEGATE" else found
    if name == "RANGE":
        return frozenset(range(argument[0], min(argument[1], 255) + 1)) | (
            {-1} if argument[1] > 255 else set()
        )
    if name == "CATEGORY":
        kind = str(argument).removeprefix("CATEGORY_")
        matches = _CATEGORIES[kind.removeprefix("NOT_")].match
        said = frozenset(each for each in _ALL if each < 0 or matches(chr(each)))
        return (_ALL - said) | {-1} if kind.startswith("NOT_") else said
    if name in (*_REPEATS, "SUBPATTERN", "ATOMIC_GROUP"):
        inner = _parts(operator, argument)[0]
        return _set(*inner[0]) if len(inner) and not (name in _REPEATS and argument[0] == 0) else _ALL
    return _ALL
