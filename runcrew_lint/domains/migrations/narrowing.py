"""Changes of a column's type that not every value survives as it is.

After PostgreSQL's casts ("Type Conversion" and "Data Types" of its manual): what is refused, rounded or cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.domains.migrations.locks.casts import Type, parse
from runcrew_lint.domains.migrations.lookups import Lookups
from runcrew_lint.domains.migrations.states import TypeKind, TypeState
from runcrew_lint.text import number_of

# How many digits every value of the type has room for, and how many its largest one has.
_WHOLE = {"smallint": (4, 5), "integer": (9, 10), "bigint": (18, 19)}
_FLOATS = {"real": 6, "double precision": 15}
_TEXTS = frozenset({"text", "character varying", "character", "citext"})
# The longest text of a value.
_WRITTEN = {"smallint": 6, "integer": 11, "bigint": 20, "boolean": 5, "uuid": 36, "date": 13}
# What a text must be well-formed for.
_PARSED = frozenset(
    {
        *("smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean", "uuid"),
        *("date", "interval", "json", "jsonb", "inet", "cidr", "macaddr", "xml", "bit", "bit varying"),
        *("timestamp without time zone", "timestamp with time zone"),
        *("time without time zone", "time with time zone"),
    }
)
_STAMPS = frozenset({"timestamp without time zone", "timestamp with time zone"})
_CLOCKS = frozenset({"time without time zone", "time with time zone"})
_FULL_PRECISION = 6


def narrowing(old: str, casts: Sequence[str], new: str, types: Lookups) -> str:
    """What becomes of a value that does not fit, "" where each one does or that is not known.

    Arguments:
        old, new: the types, in format_type's spelling.
        casts: the types in between that USING casts to.
        types: where enums and domains are looked up.
    """
    now = old
    for after in (*casts, new):
        lost = _lost(now, after, types)
        if lost:
            return lost
        if parse(after) != Type("text"):  # a text keeps what the value was
            now = after
    return ""


def missing_labels(old: str, casts: Sequence[str], new: str, types: Lookups) -> tuple[str, ...]:
    """The labels of an enum that the new one lacks; none unless both are known."""
    if any(parse(each) != Type("text") for each in casts if each != new):
        return ()
    before, after = _enum(old, types), _enum(new, types)
    if before is None or after is None:
        return ()
    return tuple(each for each in before.labels if each not in after.labels)


def _enum(text: str, types: Lookups) -> TypeState | None:
    state = types.type_of(text)
    return state if state is not None and state.kind is TypeKind.ENUM else None


def _lost(old: str, new: str, types: Lookups) -> str:
    target = types.type_of(new)
    if old == new:
        return ""
    if target is not None and target.kind is TypeKind.DOMAIN and not new.endswith("]"):
        if target.checks or not target.nullable:
            return f"a value that the domain {target.name} does not allow is refused"
    before, after = parse(_base(old, types)), parse(_base(new, types))
    if before == after or before.array != after.array:
        return ""
    if _enum(new, types) is not None:
        return _not_a_label(old, new, before, types)
    state = _enum(old, types)
    if state is not None:
        longest = max(map(len, state.labels), default=0)
        before = Type("character varying", (str(longest),), before.array) if longest else before
    if before.name in _TEXTS:
        return _of_text(before, after)
    return _of_value(before, after)


def _base(text: str, types: Lookups) -> str:
    """The type under a domain."""
    seen: set[str] = set()
    while not text.endswith("]") and text not in seen:
        seen.add(text)
        state = types.type_of(text)
        if state is None or state.kind is not TypeKind.DOMAIN or not state.base:
            break
        text = state.base
    return text


def _not_a_label(old: str, new: str, before: Type, types: Lookups) -> str:
    if _enum(old, types) is not None:
        gone = missing_labels(old, (), new, types)
        return f"a row that holds {_listed(gone)} is refused" if gone else ""
    name = new.removesuffix("[]")
    return f"a text that is no label of {name} is refused" if before.name in _TEXTS else ""


def _listed(labels: Sequence[str]) -> str:
    shown = " or ".join(f"'{each}'" for each in labels[:3])
    return shown if len(labels) <= 3 else f"{shown} or {len(labels) - 3} more labels"


def _of_text(before: Type, after: Type) -> str:
    if after.name in _TEXTS:
        room = _number(after)
        if after.name == "citext" or room is None:
            return ""
        had = _number(before)
        return "" if had is not None and had <= room else f"a text longer than {room} is refused"
    return f"a text that is no {after.name} is refused" if after.name in _PARSED else ""


def _of_value(before: Type, after: Type) -> str:
    if after.name in _TEXTS:
        room, needed = _number(after), _WRITTEN.get(before.name)
        if room is None or needed is None or needed <= room:
            return ""
        return f"a value of {before.name} that takes more than {room} characters is refused"
    if after.name == before.name and after.name not in ("numeric", *_STAMPS, *_CLOCKS):
        return _other_modifiers(before, after)
    if before.name in _WHOLE:
        return _of_whole(before, after)
    if before.name == "numeric" or before.name in _FLOATS:
        return _of_fraction(before, after)
    if before.name in _STAMPS or before.name in _CLOCKS:
        return _of_moment(before, after)
    return "an address with host bits is refused" if (before.name, after.name) == ("inet", "cidr") else ""


def _other_modifiers(before: Type, after: Type) -> str:
    if not after.modifiers or before.name in ("interval", "bit", "geometry", "geography"):
        return ""
    had, room = _number(before), _number(after)
    if before.name == "bit varying" and had is not None and room is not None and had <= room:
        return ""
    return f"a value that is no {after.name}({', '.join(after.modifiers)}) is refused"


def _of_whole(before: Type, after: Type) -> str:
    _, digits = _WHOLE[before.name]
    if after.name in _WHOLE:
        lower = _WHOLE[after.name][1] < digits
        return f"a number beyond {after.name} is refused" if lower else ""
    if after.name == "numeric" and after.modifiers:
        room = _precision(after) - _scale(after)
        return f"a number of more than {room} digits is refused" if room < digits else ""
    if after.name in _FLOATS and _FLOATS[after.name] < digits:
        return f"of a number's digits {after.name} keeps {_FLOATS[after.name]}"
    return "every number but 0 becomes true" if after.name == "boolean" else ""


def _of_fraction(before: Type, after: Type) -> str:
    if after.name in _WHOLE:
        if before.name == "numeric" and before.modifiers and not _scale(before):
            if _precision(before) <= _WHOLE[after.name][0]:
                return ""
            return f"a number beyond {after.name} is refused"
        return f"fractions are rounded away, and a number beyond {after.name} is refused"
    if after.name in _FLOATS:
        if before.name in _FLOATS:
            return "digits beyond the sixth are lost" if _FLOATS[after.name] < _FLOATS[before.name] else ""
        if before.modifiers and _precision(before) <= _FLOATS[after.name]:
            return ""
        return f"of a number's digits {after.name} keeps {_FLOATS[after.name]}"
    if after.name != "numeric" or not after.modifiers:
        return ""
    whole, scale = _precision(after) - _scale(after), _scale(after)
    if before.modifiers:
        if _scale(before) > scale:
            return f"a number is rounded to {scale} decimals"
        return (
            f"a number of more than {whole} digits before the point is refused"
            if _precision(before) - _scale(before) > whole
            else ""
        )
    return f"a number is rounded to {scale} decimals, and one of more than {whole} digits before them refused"


def _of_moment(before: Type, after: Type) -> str:
    if before.name in _STAMPS and after.name == "date":
        return "the time of day is lost"
    if before.name in _STAMPS and after.name in _CLOCKS:
        return "the date is lost"
    if (before.name in _STAMPS) == (after.name in _STAMPS) and after.name in _STAMPS | _CLOCKS:
        kept, had = (_number(each) for each in (after, before))
        if kept is not None and kept < (_FULL_PRECISION if had is None else had):
            return f"fractions of a second are rounded to {kept} digits"
    return ""


def _number(of: Type) -> int | None:
    first = of.modifiers[0] if of.modifiers else ""
    return number_of(first) if first.isdigit() else None


def _precision(of: Type) -> int:
    return _number(of) or 0


def _scale(of: Type) -> int:
    last = of.modifiers[1] if len(of.modifiers) > 1 else "0"
    return number_of(last) if last.lstrip("-").isdigit() else 0
