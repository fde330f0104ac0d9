"""Shell scripts: variables that a script reads and never sets itself."""

from __future__ import annotations

import re

from runcrew_lint.domains.environment.facts import EnvUse, Read, Way
from runcrew_lint.domains.environment.known import is_known
from runcrew_lint.text import Source, Span

# Comments, single quotes and quoted here-documents hold no variables.
_PASSED = re.compile(
    r"(?:^|(?<=[\s;]))#[^\n]*+|'[^']{0,20000}+'|<<-?[ \t]*'(\w{1,40})'[\s\S]{0,60000}?\n[ \t]*\1(?=\n|\Z)",
)
_EXPANSION = re.compile(r"(?<![\\$])\$(?:\{#?!?([A-Z][A-Z0-9_]{1,80})(:?[-=?+])?|([A-Z][A-Z0-9_]{1,80}))")
_SET = re.compile(
    r"(?:^|[\s;&|({`])(?:(?:export|local|readonly|declare|typeset)\s{1,20}(?:-\w{1,8}\s{1,20})?)?([A-Z][A-Z0-9_]{1,80})\+?=",
    re.MULTILINE,
)
_TAKEN = re.compile(r"\b(?:for|read|mapfile|getopts|select)\b([^\n;|]{1,200})")
_SOURCES = re.compile(r"(?:^|[;&|({])\s{0,40}(?:source|\.)\s{1,8}[^\s;]", re.MULTILINE)
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]{1,80}\b")


def read(source: Source) -> EnvUse:
    """The script's reads; `${X:-default}`, `${X-}` and `${X:+y}` do without the variable."""
    text = _PASSED.sub(_blank, source.text)
    sources = _SOURCES.search(text) is not None  # which may set any of them
    own = set(_SET.findall(text))
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


def _blank(found: re.Match[str]) -> str:
    return "".join(each if each == "\n" else " " for each in found.group())
