"""Built-in functions and methods that can be evaluated on known values without side effects.

The text is not trusted: whatever could grow without bound (repetition, padding, ranges) is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runcrew_lint.domains.migrations.formatting import (
    LONGEST,
    TOO_LONG,
    formatted,
    joined,
    of_template,
    percent,
)
from runcrew_lint.domains.migrations.paths import FilePath
from runcrew_lint.domains.migrations.paths import joined as path_joined
from runcrew_lint.domains.migrations.values import (
    PLAIN,
    Instance,
    LocalClass,
    Member,
    Symbol,
    Template,
    Unknown,
    Value,
    truth,
    unknown_of,
)


def items_of(value: Value) -> Sequence[Value] | None:
    """What iterating a known value gives, or None where that is not known."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, str):
        return list(value)
    if isinstance(value, LocalClass) and value.is_enum:
        return [Member(value, name) for name in value.members if not name.startswith("_")]
    return None


def distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    """A set in the order it was written: a set's own order is not the same in every run."""
    seen: set[Any] = set()
    kept = []
    for value in values:
        if isinstance(value, PLAIN):
            if value in seen:
                continue
            seen.add(value)
        kept.append(value)
    return tuple(kept)


def builtin(name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """A built-in function's answer; Unknown where an argument is not known or the function is not here."""
    function = _BUILTINS.get(name)
    if function is None:
        return Unknown(f"{name}() is not evaluated")
    try:
        return function(*args, **kwargs)
    except Exception:  # a wrong call in the linted file: Python would raise there, too
        return next((found for arg in args if (found := unknown_of(arg))), Unknown(f"{name}() fails"))


def _listed(value: Value = ()) -> list[Value]:
    items = items_of(value)
    if items is None:
        raise TypeError
    return list(items)


def _plain(value: Value) -> Any:
    if not isinstance(value, PLAIN):
        raise TypeError
    return value


def _range(*args: Value) -> list[Value]:
    numbers = range(*args)
    if len(numbers) > 10_000:
        raise OverflowError
    return list(numbers)


def _any(value: Value) -> Value:
    answers = [truth(item) for item in _listed(value)]
    if True in answers:
        return True
    return Unknown("an item is not known") if None in answers else False


def _all(value: Value) -> Value:
    answers = [truth(item) for item in _listed(value)]
    if False in answers:
        return False
    return Unknown("an item is not known") if None in answers else True


def _bool(value: Value = False) -> Value:
    known = truth(value)
    return Unknown("its truth is not known") if known is None else known


def _len(value: Value) -> int:
    if isinstance(value, (str, list, tuple, dict)):
        return len(value)
    raise TypeError


def _dict(*args: Value, **kwargs: Value) -> dict[Any, Value]:
    made: dict[Any, Value] = {}
    for arg in args:
        if isinstance(arg, dict):
            made.update(arg)
        else:
            made.update({_plain(key): value for key, value in map(_listed, _listed(arg))})
    return made | kwargs


def _zip(*args: Value, strict: Value = False) -> list[Value]:
    del strict
    return [tuple(row) for row in zip(*map(_listed, args), strict=False)]


def _enumerate(value: Value, start: Value = 0) -> list[Value]:
    return [(index, item) for index, item in enumerate(_listed(value), _plain(start))]


def _text(value: Value = "") -> Value:
    if isinstance(value, Template):
        return value
    return str(_plain(value))


def _isinstance(value: Value, of: Value) -> bool:
    kind = _PLAIN_TYPES[of.path] if isinstance(of, Symbol) else None
    if kind is None or not isinstance(value, (*PLAIN, Instance)):
        raise TypeError
    if isinstance(value, Instance) and value.of.bases:
        raise TypeError
    return isinstance(value, kind)


_PLAIN_TYPES = {f"builtins.{each.__name__}": each for each in (str, int, float, bool, bytes)}

_BUILTINS: Mapping[str, Callable[..., Value]] = {
    "len": _len,
    "range": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "list": _listed,
    "tuple": lambda value=(): tuple(_listed(value)),
    "set": lambda value=(): distinct(_listed(value)),
    "frozenset": lambda value=(): distinct(_listed(value)),
    "dict": _dict,
    "sorted": lambda value, reverse=False: sorted(map(_plain, _listed(value)), reverse=_plain(reverse)),
    "reversed": lambda value: _listed(value)[::-1],
    "str": _text,
    "repr": lambda value: repr(_plain(value)),
    "int": lambda value=0: int(_plain(value)),
    "bool": _bool,
    "any": _any,
    "all": _all,
    "min": lambda *args: min(map(_plain, args if len(args) > 1 else _listed(*args))),
    "max": lambda *args: max(map(_plain, args if len(args) > 1 else _listed(*args))),
    "sum": lambda value: sum(map(_plain, _listed(value))),
    "print": lambda *_args, **_kwargs: None,
    "iter": _listed,
    "isinstance": _isinstance,
}

_TEXT_METHODS = frozenset(
    """
    capitalize casefold endswith find lower lstrip partition removeprefix removesuffix replace
    rpartition rsplit rstrip split splitlines startswith strip swapcase title upper
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def method(of: Value, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What a method of a known text, list, tuple or dict answers; a list or dict is really changed."""
    try:
        if isinstance(of, (str, Template)):
            return _text_method(of, name, args, kwargs)
        if isinstance(of, list):
            return _list_method(of, name, args)
        if isinstance(of, tuple) and name in ("index", "count"):
            return getattr(tuple(map(_plain, of)), name)(*map(_plain, args))
        if isinstance(of, dict):
            return _dict_method(of, name, args, kwargs)
    except Exception:  # as in `builtin`
        found = next((found for arg in args if (found := unknown_of(arg))), None)
        return found or Unknown(f"{name}() fails")
    return Unknown(f"{name}() is not evaluated")


def _text_method(of: str | Template, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if name == "format":
        return formatted(of, args, kwargs)
    if name == "join":
        (items,) = args
        return joined(of, _listed(items))
    if isinstance(of, Template):
        return of_template(of, name, args)
    if name in _TEXT_METHODS:
        plain = [_plain(arg) for arg in args]
        if name == "replace" and of.count(plain[0]) * len(plain[1]) > LONGEST:
            return TOO_LONG
        return getattr(str(of), name)(*plain)
    return Unknown(f"str.{name}() is not evaluated")


def _list_method(of: list[Value], name: str, args: list[Value]) -> Value:
    if name == "append":
        (item,) = args
        of.append(item)
    elif name == "extend":
        of.extend(_listed(*args))
    elif name == "insert":
        of.insert(_plain(args[0]), args[1])
    elif name == "pop":
        return of.pop(*map(_plain, args))
    elif name == "reverse":
        of.reverse()
    elif name == "copy":
        return list(of)
    elif name in ("index", "count"):
        return getattr(list(map(_plain, of)), name)(*map(_plain, args))
    else:
        return Unknown(f"list.{name}() is not evaluated")
    if len(of) > LONGEST:
        of.clear()
        return TOO_LONG
    return None


def _dict_method(of: dict[Any, Value], name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    if name == "items":
        return list(of.items())
    if name == "keys":
        return list(of)
    if name == "values":
        return list(of.values())
    if name == "get":
        return of.get(_plain(args[0]), args[1] if len(args) > 1 else None)
    if name == "pop":
        return of.pop(_plain(args[0]), *args[1:])
    if name == "update":
        of.update(_dict(*args, **kwargs))
        return None
    if name == "copy":
        return dict(of)
    if name == "setdefault":
        return of.setdefault(_plain(args[0]), args[1] if len(args) > 1 else None)
    return Unknown(f"dict.{name}() is not evaluated")


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """`left <operator> right` for known values; Unknown for the rest."""
    if isinstance(left, (str, Template)) and operator == "Mod":
        return percent(left, right)
    if operator == "Add":
        if isinstance(left, (str, Template)) and (isinstance(right, (str, Template)) or unknown_of(right)):
            return joined("", [left, right])
        if isinstance(right, (str, Template)) and unknown_of(left):
            return joined("", [left, right])
        if isinstance(left, (list, tuple)) and type(left) is type(right):
            return type(left)((*left, *right)) if len(left) + len(right) <= LONGEST else TOO_LONG
    for operand in (left, right):
        if found := unknown_of(operand):
            return found
    if operator == "Div" and isinstance(left, FilePath) and isinstance(right, str):
        return path_joined(left, right)
    if operator == "BitOr" and isinstance(left, dict) and isinstance(right, dict):
        return left | right
    if operator == "Mult" and isinstance(left, (str, list, tuple)) and isinstance(right, int):
        return left * right if len(left) * right <= LONGEST else TOO_LONG
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _number(operator, left, right)
    return Unknown("the expression is not evaluated")


def _number(operator: str, left: Any, right: Any) -> Value:
    try:
        result = {
            "Add": lambda: left + right,
            "Sub": lambda: left - right,
            "Mult": lambda: left * right,
            "Div": lambda: left / right,
            "FloorDiv": lambda: left // right,
            "Mod": lambda: left % right,
        }[operator]()
    except (KeyError, ArithmeticError):
        return Unknown("the number is not evaluated")
    return result if abs(result) < 2**64 else TOO_LONG
