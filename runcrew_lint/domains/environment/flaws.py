"""What one reader of env files takes otherwise than the next: told by place, never by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.documents import env
from runcrew_lint.documents.env import Assignment
from runcrew_lint.domains.environment.facts import Flaw
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_IDENTIFIER = lazily(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_EQUALS = lazily(r"([ \t]*)=([ \t]*)")


def flaws(source: Source, assignments: Sequence[Assignment]) -> Iterator[Flaw]:
    """Names with two values, bad lines, blanks around `=`, open quotes, and names in lower case."""
    text = source.text
    first: dict[str, Assignment] = {}
    for each in assignments:
        name = each.name
        before = first.setdefault(name, each)
        if before.value != each.value:
            yield Flaw("duplicate", name, each.name_span, other=before.name_span)
        if not _IDENTIFIER.match(name):
            yield Flaw("line", "", each.name_span)
            continue
        gap = _EQUALS.match(text, each.name_span.end)
        if gap and (gap[1] or (gap[2] and text[gap.end() : gap.end() + 1] not in ("", "\r", "\n", "#"))):
            yield Flaw("blanks", name, Span(*gap.span()), "=")
        if each.value and not each.quote and each.value[0] in "\"'" and _is_open(each.value):
            yield Flaw("quote", name, Span(each.span.start, each.span.start + 1))
        if name != name.upper():
            yield Flaw("case", name, each.name_span)
    yield from (Flaw("line", "", span) for span in source.derive(env.parse).malformed)


def _is_open(value: str) -> bool:
    return value[0] not in value[1:]
