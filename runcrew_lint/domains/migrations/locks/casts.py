"""Changes of a column's type: whether the rows are kept as they lie, and whether an index over them is.

After the rules that PostgreSQL's ALTER TABLE goes by: a cast that is binary coercible (`pg_cast`), a length,
precision or interval that grows, a domain without constraints. Everything else is computed for each row.
Types are spelled as format_type spells them.
"""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of
from runcrew_lint.tuples import NamedTuple

UTC_NAMES = frozenset(
    """
    utc gmt etc/utc etc/gmt etc/uct etc/universal etc/zulu etc/greenwich etc/gmt0 etc/gmt+0 etc/gmt-0
    gmt0 gmt+0 gmt-0 greenwich uct universal zulu 0 +00 +00:00 +0 00:00 00
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
ZONES_KEPT_SINCE = 12  # timestamp to timestamptz under a zone that is UTC: release notes of 12

_TYPE = lazily(r"(?P<name>[^(\[]+)(?:\((?P<args>[^)]*)\))?(?P<rest>[^\[(]*)(?P<array>(?:\[\])*)\Z")
# Binary coercible pairs of pg_cast (castmethod b), varchar and text being one another's.
_SAME_BYTES = frozenset(
    {
        ("cidr", "inet"),
        ("bit", "bit varying"),
        ("bit varying", "bit"),
        ("integer", "oid"),
        ("oid", "integer"),
        ("xml", "text"),
        ("xml", "character varying"),
        ("xml", "character"),
        ("text", "character"),
        ("character varying", "character"),
    }
)
_TEXTS = frozenset({"text", "character varying", "citext"})
_OIDS = frozenset(
    """
    oid regclass regtype regproc regprocedure regoper regoperator regrole regnamespace regconfig
    regdictionary regcollation
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_TEMPORAL = frozenset(
    {
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "time with time zone",
    }
)
_STAMPS = {"timestamp without time zone", "timestamp with time zone"}
_FULL_PRECISION = 6


class Type(NamedTuple):
    """A type taken apart: its name, its modifiers as written, whether it is an array."""

    name: str
    modifiers: tuple[str, ...] = ()
    array: bool = False


class DomainType(NamedTuple):
    """A domain: the type under it, and whether it has a CHECK or NOT NULL of its own."""

    base: str
    constrained: bool


def parse(text: str) -> Type:
    """A type's text, in PostgreSQL's spelling, taken apart."""
    shape = _TYPE.match(text.strip())
    if shape is None:
        return Type(text.strip())
    name = " ".join(f"{shape['name']} {shape['rest'] or ''}".split())
    modifiers = tuple(part.strip() for part in (shape["args"] or "").split(",") if part.strip())
    if name.startswith("interval ") or name == "interval":
        name, modifiers = "interval", (name.removeprefix("interval").strip(), *modifiers)
    return Type(name, modifiers, bool(shape["array"]))


def keeps_rows(
    old: str,
    new: str,
    *,
    major: int,
    timezone: str | None,
    domains: Mapping[str, DomainType],
) -> bool | None:
    """Whether the rows stay as they lie; None where it depends on a time zone that is not known.

    Arguments:
        timezone: the session's TimeZone, None where it is not known.
        domains: every domain by its name.
    """
    if old == new:
        return True
    target = domains.get(new)
    if target is not None and target.constrained:
        return False
    seen: set[str] = set()
    while (domain := domains.get(new)) is not None and new not in seen:
        if domain.constrained:
            return False
        seen.add(new)
        new = domain.base
    while (domain := domains.get(old)) is not None and old not in seen:
        seen.add(old)
        old = domain.base
    return _keeps(parse(old), parse(new), major, timezone)


def _keeps(old: Type, new: Type, major: int, timezone: str | None) -> bool | None:
    if old == new:
        return True
    if old.array or new.array:
        # A change of the elements is computed for each array; only a length may go.
        return old.array and new.array and old.name == new.name and not any(new.modifiers)
    if old.name == new.name:
        return _grows(old, new)
    if {old.name, new.name} == _STAMPS:
        if not _precision_kept(Type(old.name, old.modifiers), new):
            return False
        if major < ZONES_KEPT_SINCE:
            return False
        return None if timezone is None else timezone.strip().lower() in UTC_NAMES
    if not _same_bytes(old.name, new.name):
        return False
    return not new.modifiers or _carries_length(old, new)


def _carries_length(old: Type, new: Type) -> bool:
    """A length on the new type is no news where the old one had it, or a shorter one, already."""
    return bool(old.modifiers) and old.name == "character varying" == new.name and _grows(old, new)


def _same_bytes(old: str, new: str) -> bool:
    if old in _TEXTS and new in _TEXTS:
        return True
    if old == "citext" and new == "character":
        return True
    return (old, new) in _SAME_BYTES or (old in _OIDS and new in _OIDS)


def _grows(old: Type, new: Type) -> bool:
    """Whether every value of a type is one of the same type with other modifiers, byte for byte."""
    if old.name in ("character varying", "bit varying"):
        return not new.modifiers or (
            bool(old.modifiers) and number_of(old.modifiers[0]) <= number_of(new.modifiers[0])
        )
    if old.name == "numeric":
        if not new.modifiers:
            return True
        if not old.modifiers:
            return False
        scales = [each.modifiers[1] if len(each.modifiers) > 1 else "0" for each in (old, new)]
        return scales[0] == scales[1] and number_of(old.modifiers[0]) <= number_of(new.modifiers[0])
    if old.name in _TEMPORAL:
        return _precision_kept(old, new)
    if old.name == "interval":
        return _interval_grows(old, new)
    return not new.modifiers and old.name != "character" and not old.modifiers


def _precision(of: Type) -> int:
    return number_of(of.modifiers[0]) if of.modifiers and of.modifiers[0].isdigit() else _FULL_PRECISION


def _precision_kept(old: Type, new: Type) -> bool:
    return _precision(new) >= _FULL_PRECISION or _precision(new) >= _precision(old)


_FIELDS = ("year", "month", "day", "hour", "minute", "second")


def _interval_grows(old: Type, new: Type) -> bool:
    """An interval's fields and its precision; only the last field of the new one matters to PostgreSQL."""

    def last(of: Type) -> int:
        fields = of.modifiers[0] if of.modifiers else ""
        return _FIELDS.index(fields.split()[-1]) if fields else len(_FIELDS) - 1

    def precision(of: Type) -> int:
        return number_of(of.modifiers[1]) if len(of.modifiers) > 1 else _FULL_PRECISION

    return last(old) <= last(new) and (precision(new) >= _FULL_PRECISION or precision(new) >= precision(old))


def same_operators(old: str, new: str, domains: Mapping[str, DomainType]) -> bool:
    """Whether an index over the one type serves the other: the same operators compare both."""
    names = []
    for text in (old, new):
        seen = set()
        while text in domains and text not in seen:
            seen.add(text)
            text = domains[text].base
        name = parse(text)
        family = "text" if name.name in ("text", "character varying") else name.name
        family = {"cidr": "inet"}.get(family, family)
        names.append((family, name.array))
    return names[0] == names[1]
