"""Reads suppression comments in every format's own comment form.

A comment that ends a line excuses that line. A comment on a line of its own excuses what it heads:
the next line of code with all that belongs to it, which is what is indented deeper, the closing
bracket after it, a line continued by a backslash, and a YAML key's list at the key's own depth.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.promises import forms
from runcrew_lint.domains.promises.facts import Promise, Promises
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_WORDS = r"runcrew-lint:[ \t]*(?P<verb>[\w-]+)[ \t]*(?:\[(?P<rules>[^\]\n]*)\])?(?P<rest>[^\n]*)"
_UNTIL = lazily(r"\buntil=(?P<date>\S*)")
_FORMS = {
    mark: re.compile(rf"(?P<mark>{written})[ \t]*{_WORDS}")
    for mark, written in (
        (forms.HASH, r"(?<![^\s])#"),
        (forms.SLASH, r"(?<![^\s,;{}])(?://|/\*)"),
        (forms.DASH, r"(?<![^\s;])--"),
        (forms.MARKUP, r"<!--"),
    )
}
_COMMENT_LINE = lazily(r"[ \t]*(?:#|//|--|/\*|\*|<!--)")
_DATE = lazily(r"\d{4}-\d{2}-\d{2}")
_CLOSING = lazily(r"[ \t]*[\])}]")
MOST_RULES = 100  # that one comment may name: each is a finding of its own where there is no such rule


def read(source: Source, _reading: Reading | None = None) -> Promises | None:
    """The file's promises, or None where it makes none."""
    promises = tuple(_promises(source))
    return Promises(source.path, promises) if promises else None


def _promises(source: Source) -> Iterator[Promise]:
    form = _FORMS[forms.mark_of(source.path)]
    strings = _python_comments(source) if source.path.lower().endswith(".py") else None
    for found in form.finditer(source.text):
        if strings is None or found.start("mark") in strings:
            yield _promise(source, found)


def _python_comments(source: Source) -> frozenset[int] | None:
    """Where a comment begins, so that one in a string is none; None where Python can't be tokenised."""
    starts = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT:
                starts.add(source.offset(token.start[0], token.start[1] + 1))
    except (tokenize.TokenError, SyntaxError, IndexError):
        return None
    return frozenset(starts)


def _promise(source: Source, found: re.Match[str]) -> Promise:
    rest = found["rest"].removesuffix("\r")
    for closing in ("*/", "-->"):
        rest = rest.partition(closing)[0]
    until = _UNTIL.search(rest)
    reason = _UNTIL.sub("", rest).strip(" \t-:,")
    line = source.position(found.start("mark")).line
    before = source.text[source.offset(line) : found.start("mark")]
    trailing = bool(before.strip())
    first, last = (line, line) if trailing else _headed(source, line)
    if found["verb"] == "ignore-file":
        first = last = 0
    rules = tuple(name.strip() for name in (found["rules"] or "").split(",") if name.strip())
    return Promise(
        span=Span(found.start("mark"), found.end()),
        rules=rules[:MOST_RULES],
        first=first,
        last=last,
        trailing=trailing,
        until=until["date"] if until else "",
        reason=reason,
        flaw=_flaw(found["verb"], rules, until["date"] if until else ""),
    )


def _flaw(verb: str, rules: tuple[str, ...], until: str) -> str:
    if verb not in ("ignore", "ignore-file"):
        return f"`{verb}` is no word of ours: write `ignore[rule]` or `ignore-file[rule]`"
    if not rules:
        return f"it names no rule: write `{verb}[rule] reason`"
    if len(rules) > MOST_RULES:
        return f"it names {len(rules):,} rules, and {MOST_RULES} are the most: leave its file out instead"
    if until and not _DATE.fullmatch(until):
        return f"`until={until}` is no date: write until=YYYY-MM-DD"
    return ""


def _headed(source: Source, line: int) -> tuple[int, int]:
    """The lines of what a comment on `line` heads; the comment's own line where nothing follows."""
    count = len(source.line_starts)
    first = source.derive(_code_from)[line + 1]
    if first > count:
        return line, line
    head = source.line(first)
    depth = _depth(head)
    takes_list = head.rstrip().endswith(":") and not head.lstrip().startswith("- ")
    last, number = first, first + 1
    while number <= count:
        text = source.line(number)
        continued = source.line(number - 1).rstrip().endswith("\\")
        if text.strip():
            listed = takes_list and _depth(text) == depth and text.lstrip().startswith("- ")
            closing = _depth(text) == depth and _CLOSING.match(text)
            if not (_depth(text) > depth or continued or listed or closing):
                break
            last = number
            if closing and not text.rstrip().endswith(("{", "(", "[", ":")):
                break
        number += 1
    return first, last


def _code_from(source: Source) -> list[int]:
    """For each line, counted from 1, the first one from it on that is neither blank nor a comment."""
    count = len(source.line_starts)
    found = [count + 1] * (count + 2)
    for line in range(count, 0, -1):
        text = source.line(line)
        passed = not text.strip() or _COMMENT_LINE.match(text)
        found[line] = found[line + 1] if passed else line
    return found


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())
