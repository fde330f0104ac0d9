"""Whether a look at a name leaves a doubt that only a parse of the file can settle.

Most files that hold a secret's name hold no value for it. What the few characters behind the name clear
costs no parse: a parse is slower than the search by two orders of magnitude.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from runcrew_lint.domains.secrets import assignments
from runcrew_lint.domains.secrets.assignments import Syntax
from runcrew_lint.domains.secrets.scan import Hit
from runcrew_lint.patterns import lazily

Convicts = Callable[[str, Hit], bool]
"""Whether a value could be a fault under a hit's name, anywhere in the file."""

# Block scalars, aliases, tags, values over several lines.
_STRUCTURED = lazily(r"[\"']?\s{0,20}+:\s{0,80}+(?:[|>&*!]|\"[^\"\n]{0,400}+\n|'[^'\n]{0,400}+\n)")
_VALUE_KEY = lazily(r"(?i:\bvalue|default|parametervalue|defaultvalue)[\"']?\s{0,4}+:\s{0,80}+[^\s{}\[\]]{3}")
_NAME_KEY = lazily(r"(?i:\bname|\bkey)[\"']?\s{0,4}:\s{0,4}[\"']?\Z")
_BRACE = lazily(r"[{}]")
_BESIDE = 200  # characters between a name and the value beside it

_IN_FLOW = lazily(r"[,}\]](?=\s|[,}\]]|\Z)")  # where an unquoted value ends between braces

_REACH = 300  # characters behind a name in which its literal must begin
_MOST_LITERALS = 8  # of which none is the name's, if the first ones are not
_GIVEN = lazily(r"[\"'\])]{0,3}\s{0,40}+(?::[^=\n\"']{0,80}+=|[=:]|[!=]=|\bor\b)")
_ARGUMENT = lazily(r"[\"']\s{0,40}+,")
_NEXT = lazily(
    r"\n\s{0,80}+(?:def|class|if|elif|else|return|for|while|with|raise|assert|try|except|async|await|@)\b"
    r"|\n[ \t\r]*+\n"
    r"|\n\s{0,80}+[\w.\[\]\"']{1,80}+\s{0,8}+(?::[^=\n]{1,80}+)?=(?!=)"
    r"|,\s{0,80}+(?!default|value|fallback|server_default)\w{1,60}+\s{0,4}+=(?!=)"
    r"|,\s{0,80}+[\"'][\w.-]{1,60}+[\"']\s{0,4}+:"
)
_LITERAL = lazily(
    r"\"\"\"([^\"]{1,4096}+)\"\"\"|'''([^']{1,4096}+)'''"
    r"|\"((?:[^\"\\\n]|\\.){0,4096}+)\"|'((?:[^'\\\n]|\\.){0,4096}+)'"
)
_QUOTE = lazily(r"[\"'`]")
_SCRIPTED = lazily(
    r"\"((?:[^\"\\\n]|\\.){0,4096}+)\"|'((?:[^'\\\n]|\\.){0,4096}+)'|`((?:[^`\\$]|\\.){0,4096}+)`"
)
# What hands a value to a name: a colon, an equals sign, a comma, an operator; `as` and `!` may come first.
_HANDED = lazily(r"[\"'`\])]{0,4}(?:\(\))?[!?]?\s{0,80}+(?:[:=,|?+<>]|&&|\bas\b|\bsatisfies\b|/)")
_JOINT = lazily(r"[\s+\\,]{0,200}+[rbuRBU]{0,2}+\Z")
_SCRIPT_JOINT = lazily(r"(?:[\s+,()]|//[^\n]{0,400}+\n|/\*[^*]{0,400}+\*/){0,200}+\Z")
_TAGGED = lazily(r"\"(?:\s{1,20}+value\s{0,4}+=|[^<>\n]{0,80}+>)")
# Where what a name is given has ended: a statement, or the next name's turn.
_SCRIPT_NEXT = lazily(
    r";[ \t]*+\r?\n|,\s{0,80}+[\"']?[\w$-]{1,60}+[\"']?\??:"
    r"|\n[ \t]{0,80}+(?:const|let|var|return|if|for|while|function|export|import|class|throw|try|switch)\b"
)


def python_doubt(text: str, hit: Hit, convicts: Convicts) -> bool:
    """Whether a literal that could be the value of a name in Python would be a fault."""
    given = _GIVEN.match(text, hit.end) or _ARGUMENT.match(text, hit.end)
    if not given:
        return False
    at = given.end()
    stop = _NEXT.search(text, at, at + _REACH)
    reach = stop.start() if stop else at + _REACH
    return _any_convicts(text, hit, _literals(text, at, reach, _LITERAL), _JOINT, convicts)


def script_doubt(text: str, hit: Hit, convicts: Convicts) -> bool:
    """Whether a literal near a name in JavaScript, alone or with those behind it, would be a fault."""
    handed = _HANDED.match(text, hit.end)
    if not handed:
        return False
    at, reach = handed.end(), hit.end + _REACH
    if not _QUOTE.search(text, at, reach):
        return False
    stop = _SCRIPT_NEXT.search(text, at, reach)
    reach = stop.start() if stop else reach
    return _any_convicts(text, hit, _literals(text, at, reach, _SCRIPTED), _SCRIPT_JOINT, convicts)


def _literals(text: str, at: int, reach: int, form: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The first literals that begin in reach, wherever they end."""
    for _ in range(_MOST_LITERALS):
        quote = _QUOTE.search(text, at, reach)
        if not quote:
            return
        found = form.match(text, quote.start())
        if found:
            yield found
        at = (found or quote).end()


def _any_convicts(
    text: str, hit: Hit, literals: Iterable[re.Match[str]], joint: re.Pattern[str], convicts: Convicts
) -> bool:
    """Whether one of the literals would be a fault, or those joined so far."""
    joined, last = "", -1
    for found in literals:
        value = found[found.lastindex or 0]
        continues = last >= 0 and joint.match(text, last, found.start()) is not None
        joined, last = joined + value if continues else value, found.end()
        if convicts(value, hit) or (continues and convicts(joined, hit)):
            return True
    return False


def is_inside(text: str, hit: Hit) -> bool:
    """Whether a name stands in a tag, a shell's expansion or a document within a string, whose values are no
    strings of the script's.
    """
    if text[hit.end : hit.end + 1] in ("<", ">", "\\") or text.startswith("${", hit.start - 2):
        return True
    return _TAGGED.match(text, hit.end) is not None


def tree_doubt(text: str, hit: Hit, syntax: Syntax, convicts: Convicts) -> bool:
    """Whether the value of a name in YAML or JSON would be a fault, or is not to be had at the name."""
    if _STRUCTURED.match(text, hit.end):
        return True
    if _NAME_KEY.search(text[max(0, hit.start - 24) : hit.start]):
        before = _BRACE.split(text[max(0, hit.start - _BESIDE) : hit.start])[-1]
        after = _BRACE.split(text[hit.end : hit.end + _BESIDE], maxsplit=1)[0]
        return _VALUE_KEY.search(before + after) is not None
    # Within a string, what a command assigns has no quotes of its own.
    within = text.startswith("=", hit.end)
    pair = assignments.pair_at(text, hit, assignments.SHELL if within else syntax)
    if pair is None:
        return False
    return convicts(pair.value, hit) or convicts(_IN_FLOW.split(pair.value, maxsplit=1)[0].rstrip(), hit)
