"""Whether a look at a name leaves a doubt that only a parse of the file can settle.

Most files that hold a secret's name hold no value for it. What the few characters behind the name clear
costs no parse: a parse is slower than the search by two orders of magnitude.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from runcrew_lint.domains.secrets import assignments
from runcrew_lint.domains.secrets.assignments import Syntax
from runcrew_lint.domains.secrets.scan import Hit

Convicts = Callable[[str, Hit], bool]
"""Whether a value could be a fault under a hit's name, anywhere in the file."""

# Block scalars, aliases, tags, values over several lines.
_STRUCTURED = re.compile(r"[\"']?\s{0,20}+:\s{0,80}+(?:[|>&*!]|\"[^\"\n]{0,400}+\n|'[^'\n]{0,400}+\n)")
_VALUE_KEY = re.compile(
    r"(?i:\bvalue|default|parametervalue|defaultvalue)[\"']?\s{0,4}+:\s{0,80}+[^\s{}\[\]]{3}"
)
_NAME_KEY = re.compile(r"(?i:\bname|\bkey)[\"']?\s{0,4}:\s{0,4}[\"']?\Z")
_BRACE = re.compile(r"[{}]")
_BESIDE = 200  # characters between a name and the value beside it

_IN_FLOW = re.compile(r"[,}\]](?=\s|[,}\]]|\Z)")  # where an unquoted value ends between braces

_REACH = 300  # characters behind a name in which its literal must begin
_MOST_LITERALS = 8  # of which none is the name's, if the first ones are not
_GIVEN = re.compile(r"[\"'\])]{0,3}\s{0,40}+(?::[^=\n\"']{0,80}+=|[=:]|[!=]=|\bor\b)")
_ARGUMENT = re.compile(r"[\"']\s{0,40}+,")
_NEXT = re.compile(
    r"\n\s{0,80}+(?:def|class|if|elif|else|return|for|while|with|raise|assert|try|except|async|await|@)\b"
    r"|\n[ \t\r]*+\n"
    r"|\n\s{0,80}+[\w.\[\]\"']{1,80}+\s{0,8}+(?::[^=\n]{1,80}+)?=(?!=)"
    r"|,\s{0,80}+(?!default|value|fallback|server_default)\w{1,60}+\s{0,4}+=(?!=)"
    r"|,\s{0,80}+[\"'][\w.-]{1,60}+[\"']\s{0,4}+:"
)
_LITERAL = re.compile(
    r"\"\"\"([^\"]{1,400}+)\"\"\"|'''([^']{1,400}+)'''"
    r"|\"((?:[^\"\\\n]|\\.){0,400}+)\"|'((?:[^'\\\n]|\\.){0,400}+)'"
)
_SCRIPTED = re.compile(
    r"\"((?:[^\"\\\n]|\\.){1,400}+)\"|'((?:[^'\\\n]|\\.){1,400}+)'|`((?:[^`\\$]|\\.){1,400}+)`"
)
# What hands a value to a name: a colon, an equals sign, a comma, an operator; `as` and `!` may come first.
_HANDED = re.compile(r"[\"'`\])]{0,4}[!?]?\s{0,80}+(?:[:=,|?+<>]|&&|\bas\b|\bsatisfies\b|/)")
_JOINT = re.compile(r"[\s+\\,]{0,200}+[rbuRBU]{0,2}+\Z")


def python_doubt(text: str, hit: Hit, convicts: Convicts) -> bool:
    """Whether a literal that could be the value of a name in Python would be a fault."""
    given = _GIVEN.match(text, hit.end) or _ARGUMENT.match(text, hit.end)
    if not given:
        return False
    stop = _NEXT.search(text, given.end(), given.end() + _REACH)
    reach = stop.start() if stop else given.end() + _REACH
    joined, last = "", -1
    for found in islice(_LITERAL.finditer(text, given.end(), reach + 400), _MOST_LITERALS):
        if found.start() > reach:
            break
        value = found[found.lastindex or 0]
        continues = last >= 0 and _JOINT.match(text[last : found.start()]) is not None
        joined, last = joined + value if continues else value, found.end()
        if convicts(value, hit) or (continues and convicts(joined, hit)):
            return True
    return False


def script_doubt(text: str, hit: Hit, convicts: Convicts) -> bool:
    """Whether a literal near a name in JavaScript, alone or with those behind it, would be a fault."""
    if not _HANDED.match(text, hit.end):
        return False
    joined = ""
    for found in islice(_SCRIPTED.finditer(text, hit.end, hit.end + _REACH + 400), _MOST_LITERALS):
        if found.start() > hit.end + _REACH:
            break
        value = found[found.lastindex or 0]
        joined += value
        if convicts(value, hit) or (joined != value and convicts(joined, hit)):
            return True
    return False


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
