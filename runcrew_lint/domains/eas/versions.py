"""Versions and ranges as npm's semver 7 reads them (strict; the grammar of its README, "Ranges")."""

from __future__ import annotations

from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of
from runcrew_lint.tuples import NamedTuple

# ECMAScript's white space, as a class of a regular expression and as characters.
SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SPACE_CHARACTERS = SPACE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))
_NUMBER = r"(?:0|[1-9][0-9]*)"
_WORD = rf"(?:{_NUMBER}|[0-9]*[a-zA-Z-][a-zA-Z0-9-]*)"
_TAIL = rf"(?:-(?P<pre>{_WORD}(?:\.{_WORD})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_VERSION = lazily(
    rf"[{SPACE}]*v?(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER}){_TAIL}[{SPACE}]*\Z"
)
_PART = rf"(?:{_NUMBER}|[xX*])"
_PARTIAL = rf"[v=\s]*(?P<major>{_PART})(?:\.(?P<minor>{_PART})(?:\.(?P<patch>{_PART}){_TAIL})?)?"
_COMPARATOR = lazily(rf"(?P<sign>[<>]=?|=|~>?|\^)?\s*(?:{_PARTIAL})?\Z")
_HYPHEN = lazily(r"\s*(?P<low>\S+)\s+-\s+(?P<high>\S+)\s*\Z")
_JOINED = lazily(r"([<>]=?|=|~>?|\^)\s+")
_LONGEST = 256
_GREATEST = 2**53 - 1

Release = tuple[int, int, int]


class Range(NamedTuple):
    """Alternatives, each from a release on and below another (None has no end); prereleases are left out."""

    spans: tuple[tuple[Release, Release | None], ...]

    def holds(self, release: Release) -> bool:
        """Whether a release is in it."""
        return any(low <= release and (high is None or release < high) for low, high in self.spans)

    @property
    def floor(self) -> Release | None:
        """The least release that it lets in; None where it lets none in."""
        found = [low for low, high in self.spans if high is None or low < high]
        return min(found) if found else None


def is_version(text: str) -> bool:
    """Whether semver.valid takes it."""
    found = _VERSION.match(text)
    if found is None or len(text) > _LONGEST:
        return False
    return all(int(found[part]) <= _GREATEST for part in ("major", "minor", "patch"))


def release(text: str) -> Release | None:
    """A plain version's numbers; None for anything else, a prerelease too."""
    found = _VERSION.match(text)
    if found is None or found["pre"]:
        return None
    return number_of(found["major"]), number_of(found["minor"]), number_of(found["patch"])


def range_of(text: str) -> Range | None:
    """The range that a text is; None where semver takes it for none."""
    spans = []
    for alternative in text.split("||"):
        span = _alternative(alternative)
        if span is None:
            return None
        spans.append(span)
    return Range(tuple(spans))


def _alternative(text: str) -> tuple[Release, Release | None] | None:
    if hyphen := _HYPHEN.match(text):
        text = f">={hyphen['low']} <={hyphen['high']}"
    low: Release = (0, 0, 0)
    high: Release | None = None
    for comparator in _JOINED.sub(r"\1", text).split() or [""]:
        span = _comparator(comparator)
        if span is None:
            return None
        low = max(low, span[0])
        if span[1] is not None:
            high = span[1] if high is None else min(high, span[1])
    return low, high


def _comparator(text: str) -> tuple[Release, Release | None] | None:
    found = _COMPARATOR.match(text)
    if found is None or (found["sign"] and found["major"] is None):
        return None
    sign = found["sign"] or ""
    parts: list[int] = []
    for name in ("major", "minor", "patch"):
        if found[name] is None or found[name] in "xX*":
            break
        parts.append(number_of(found[name]))
    low: Release = (*parts, 0, 0, 0)[:3]  # type: ignore[assignment]
    if not parts:
        return ((0, 0, 0), (0, 0, 0)) if sign in ("<", ">") else ((0, 0, 0), None)
    above = _above(parts, len(parts))
    if sign == ">":
        return above, None
    if sign == ">=":
        return low, None
    if sign == "<":
        return (0, 0, 0), low
    if sign == "<=":
        return (0, 0, 0), above
    if sign.startswith("~"):
        return low, _above(parts, min(len(parts), 2))
    if sign == "^":
        first = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
        return low, _above(parts, first + 1)
    return low, above


def _above(parts: list[int], kept: int) -> Release:
    """The first release that has another beginning: of 1.2 and two parts kept, 1.3.0."""
    head = [*parts[: kept - 1], parts[kept - 1] + 1, 0, 0]
    return head[0], head[1], head[2]
