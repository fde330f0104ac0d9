"""Texts that are put together, with holes for what is not known.

The file is not trusted: a width or a repetition that could grow without bound is refused.
"""

from __future__ import annotations

import re
from functools import reduce
from string import Formatter
from typing import Any

from runcrew_lint.domains.migrations.values import (
    HOLE,
    PLAIN,
    Built,
    OneOf,
    Template,
    Unknown,
    Value,
    unknown_of,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of

LONGEST = 200_000  # characters or items: beyond it a value counts as unknown
_WIDE = lazily(r"\d{4,}|\*")
TOO_LONG = Unknown("it grows too long to be read")


def formatted(template: str | Template, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """`template.format(...)`; what is not known becomes a hole."""
    hole = template.hole if isinstance(template, Template) else None
    text = template.text if isinstance(template, Template) else template
    parts: list[str] = []
    automatic = 0
    for literal, field, spec, conversion in Formatter().parse(text):
        parts.append(literal)
        if field is None:
            continue
        if field == "":
            field, automatic = str(automatic), automatic + 1
        if field.isdigit():
            at = number_of(field)
            value = args[at] if at < len(args) else Unknown("the argument is missing")
        else:
            value = kwargs.get(field, Unknown(f"{{{field}}} is not evaluated"))
        part, unknown = shown(value, spec or "", conversion or "")
        parts.append(part)
        hole = weaker(hole, unknown)
    return whole(parts, hole)


def weaker(one: Unknown | None, other: Unknown | None) -> Unknown | None:
    """The one of two holes' reasons to keep: the first, but for one that the file tells more of."""
    return other if one is None or (one.written and other is not None) else one


def percent(template: str | Template, value: Value) -> Value:
    """`template % value`; what is not known becomes a hole."""
    hole = template.hole if isinstance(template, Template) else None
    text = template.text if isinstance(template, Template) else str(template)
    if _WIDE.search("".join(re.findall(r"%[^a-zA-Z%]*", text))):
        return TOO_LONG
    values: Any
    if isinstance(value, dict):
        shown_of = {key: _shown_or_number(item) for key, item in value.items()}
        values = {key: item for key, (item, _) in shown_of.items()}
        holes = [unknown for _, unknown in shown_of.values()]
    else:
        pairs = [_shown_or_number(item) for item in (value if isinstance(value, tuple) else (value,))]
        values = tuple(item for item, _ in pairs)
        holes = [unknown for _, unknown in pairs]
    hole = reduce(weaker, holes, hole)
    parts = values.values() if isinstance(values, dict) else values
    longest = max((len(str(each)) for each in parts), default=0)
    if longest * text.count("%") > LONGEST:
        return TOO_LONG
    try:
        return whole([text % values], hole)
    except Exception:  # a wrong format, or %d of a hole
        return hole or Unknown("the text can't be formatted")


_DOLLAR = lazily(
    r"\$(?:(?P<sign>\$)|\{(?P<braced>[_a-zA-Z]\w*)\}|(?P<name>[_a-zA-Z]\w*))|(?P<other>[%$])", re.ASCII
)


def substituted(made: Built, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What `substitute()` of a `string.Template` gives."""
    text = made.args[0] if made.args else made.kwargs.get("template")
    given = args[0] if args else {}
    if not isinstance(text, (str, Template)) or not isinstance(given, dict):
        return unknown_of(text) or unknown_of(given) or Unknown("the text can't be formatted")
    plain = text.text if isinstance(text, Template) else str(text)
    if any(found["other"] == "$" for found in _DOLLAR.finditer(plain)):
        return Unknown("the text can't be formatted")
    asked = _DOLLAR.sub(_by_percent, plain)
    return percent(
        Template(asked, text.hole) if isinstance(text, Template) else asked,
        {**given, **{str(key): value for key, value in kwargs.items()}},
    )


def _by_percent(found: re.Match[str]) -> str:
    name = found["braced"] or found["name"]
    return f"%({name})s" if name else "$" if found["sign"] else "%%"


def _shown_or_number(value: Value) -> tuple[Any, Unknown | None]:
    return (value, None) if isinstance(value, PLAIN) else shown(value)


def shown(value: Value, spec: str = "", conversion: str = "") -> tuple[str, Unknown | None]:
    """A value as a format field shows it, and what of it is not known."""
    if isinstance(value, OneOf):
        value = OneOf(tuple(map(_constant, value.options)), value.origin)
    value = _constant(value)
    if _is_schema(value) and not spec and not conversion:
        return _SCHEMA, unknown_of(value)
    if isinstance(value, Template) and not spec and not conversion:
        return value.text, value.hole
    items = _items(value) if not spec else None
    if (not isinstance(value, PLAIN) and items is None) or _WIDE.search(spec):
        return HOLE, unknown_of(value) or Unknown("a part of it is not known")
    try:
        plain = repr(value) if items is not None or conversion in ("r", "a") else value
        return format(plain, spec), None
    except (ValueError, TypeError):
        return HOLE, Unknown("the text can't be formatted")


_SCHEMA = f"{HOLE}."
_BEFORE_A_NAME = lazily(rf'(?:"?[\w$]*{HOLE}?[\w$]*"?\.)?\Z')


def _is_schema(value: Value) -> bool:
    """Whether the value is a schema with its dot, or nothing, by a condition that is not known."""
    if not isinstance(value, OneOf):
        return False
    texts = [each.text if isinstance(each, Template) else each for each in value.options]
    return any(texts) and all(isinstance(each, str) and _BEFORE_A_NAME.match(each) for each in texts)


def _constant(value: Value) -> Value:
    """The text of an object that is made of known values alone, as a text shows it."""
    if not isinstance(value, Built) or value.receiver is not None:
        return value
    if value.path.startswith("sqlalchemy.") and value.name == "quoted_name" and value.args:
        return value.args[0]
    plain = all(isinstance(each, PLAIN) for each in (*value.args, *value.kwargs.values()))
    if value.path == "uuid.UUID" and plain:
        import uuid  # nearly no revision names it

        try:
            return str(uuid.UUID(*value.args, **value.kwargs))
        except (ValueError, TypeError, AttributeError):
            return value
    return value


def _items(value: Value) -> list[Any] | None:
    """The items of a list or tuple whose parts are all known, and not too long to be shown."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, PLAIN) for each in value):
        return None
    length = len(value) + sum(len(each) for each in value if isinstance(each, str))
    return list(value) if length <= LONGEST else None


def whole(parts: list[str], hole: Unknown | None) -> Value:
    """The text of all parts, with its hole if it has one."""
    if sum(map(len, parts)) > LONGEST:
        return TOO_LONG
    text = "".join(parts)
    return Template(text, hole) if hole else text


def joined(separator: str | Template, items: list[Value]) -> Value:
    """`separator.join(items)`; what is not known becomes a hole."""
    if isinstance(separator, Template):
        return separator.hole
    hole: Unknown | None = None
    parts = []
    for item in items:
        if isinstance(item, str):
            parts.append(str(item))
            continue
        if isinstance(item, Template):
            parts.append(item.text)
        else:
            parts.append(_SCHEMA if _is_schema(item) else HOLE)
        hole = weaker(hole, unknown_of(item) or Unknown("a part of it is not known"))
    if sum(map(len, parts)) + len(separator) * len(parts) > LONGEST:
        return TOO_LONG
    return whole([separator.join(parts)], hole)


def of_template(of: Template, name: str, args: list[Value]) -> Value:
    """What a method of a partly known text gives, where its known part decides."""
    if name == "strip" and not args:
        return Template(of.text.strip(), of.hole)
    if name == "startswith" and len(args) == 1 and isinstance(args[0], str):
        known, wanted = of.text.partition(HOLE)[0], args[0]
        if known.startswith(wanted):
            return True
        if not wanted.startswith(known):
            return False
    return of.hole
