"""Shell scripts: variables that a script reads and never sets itself."""

from __future__ import annotations

import re

from runcrew_lint.domains.environment.facts import EnvUse, Read, Way
from runcrew_lint.domains.environment.known import is_known
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

# Comments, single quotes and quoted here-documents hold no variables. Within double quotes and in other
# here-documents none of them begins, nor behind a backslash: those are kept.
_PASSED = lazily(
    r"(?:^|(?<=[\s;]))#[^\n]*+|(?<!<)<<-?[ \t]*(?:'(?P<quoted>\w{1,40})'|(?P<plain>[A-Za-z_]\w{0,40}))"
    r"|'[^']{0,20000}+'"
    r"|(?P<kept>\\.|\"(?:[^\"\\$]|\\.|\$(?!\()){0,20000}+\")",
    re.DOTALL,
)
_LONGEST = 60_000  # characters of a here-document
_MOST_ENDLESS = 50  # here-documents without an end, after which no other is looked for
_EXPANSION = lazily(r"(?<![\\$])\$(?:\{#?!?([A-Z][A-Z0-9_]{1,80})(:?[-=?+])?|([A-Z][A-Z0-9_]{1,80}))")
_SET = lazily(
    r"(?:^|[\s;&|({`])(?:(?:export|local|readonly|declare|typeset)\s{1,20}(?:-\w{1,8}\s{1,20})?)?([A-Z][A-Z0-9_]{1,80})\+?=",
    re.MULTILINE,
)
# At a line's own start it is one even where the text before was taken for a string that goes on.
_SET_FIRST = lazily(r"^[ \t]*+(?:(?:export|local|readonly)[ \t]++)?([A-Z][A-Z0-9_]{1,80})\+?=", re.MULTILINE)
_TAKEN = lazily(r"\b(?:for|read|mapfile|getopts|select)\b([^\n;|]{1,200})")
_SOURCES = lazily(r"(?:^|[;&|({])\s{0,40}(?:source|\.)\s{1,8}[^\s;]", re.MULTILINE)
_WORD = lazily(r"\b[A-Z][A-Z0-9_]{1,80}\b")


def read(source: Source) -> EnvUse:
    """The script's reads; `${X:-default}`, `${X-}` and `${X:+y}` do without the variable."""
    text = _code(source.text)
    sources = _SOURCES.search(text) is not None  # which may set any of them
    own = {*_SET.findall(text), *_SET_FIRST.findall(source.text)}
    for found in _TAKEN.finditer(text):
        own.update(_WORD.findall(found[1]))
    reads = []
    for found in _EXPANSION.finditer(text):
        group = 1 if found[1] else 3
        name = found[group]
        if name not in own and not is_known(name):
            reads.append(
                Read(name, Span(*found.span(group)), Way.SHELL, not sources and (found[2] or "?")[-1] == "?")
            )
    return EnvUse(source.path, tuple(reads), ())


def _code(text: str) -> str:
    """The text with what holds no variables blanked; each character keeps its place."""
    parts: list[str] = []
    endless: set[str] = set()
    at = 0
    while found := _PASSED.search(text, at):
        end = found.end()
        parts.append(text[at : found.start()])
        if word := found["quoted"] or found["plain"]:
            end = -1 if word in endless or len(endless) > _MOST_ENDLESS else _closed(text, end, word)
            if end < 0:
                endless.add(word)
                parts.append(found.group())
                at = found.end()
                continue
        passed = text[found.start() : end]
        keeps = found["kept"] or found["plain"]
        parts.append(passed if keeps else "".join(each if each == "\n" else " " for each in passed))
        at = end
    return "".join((*parts, text[at:]))


def _closed(text: str, at: int, word: str) -> int:
    """Where the here-document that `word` ends is over, or -1."""
    found = re.compile(rf"\n[ \t]*+{word}(?=\n|\Z)").search(text, at, at + _LONGEST)
    return found.end() if found else -1
