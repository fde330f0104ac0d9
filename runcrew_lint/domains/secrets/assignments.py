"""A value that stands near its name, read without the rest of the file.

Serves the formats whose assignments tell by themselves: source in C's family, shell, env files,
Dockerfiles, properties, TOML, XML; and what is left of a file that does not parse. Each pattern is
anchored, and bounded wherever it repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.domains.secrets.scan import Hit
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

_LONGEST = 4096  # characters of one value
_REACH = 240  # characters in which an expression's default must stand


class Syntax(NamedTuple):
    """How a format writes values.

    `bare` is "" (only quoted values), "word" (to the next white space) or "line" (to the line's end);
    `spaced` says that white space alone may part name and value, `beside` that a `value` may stand beside
    a name.
    """

    quotes: str = "\"'"
    bare: str = ""
    spaced: bool = False
    comment: str = ""
    beside: bool = False


CODE = Syntax(quotes="\"'`")
SQL = Syntax(quotes="'", spaced=True)
GRADLE = Syntax(spaced=True)
SHELL = Syntax(bare="word")
DOCKER = Syntax(bare="word", spaced=True)
LINES = Syntax(bare="line", comment="#")
PROPERTIES = Syntax(bare="line")
XCCONFIG = Syntax(
    bare="line", comment=" //"
)  # https://developer.apple.com/documentation/xcode/adding-a-build-configuration-file-to-your-project
HCL = Syntax(quotes='"', beside=True)
ENV = Syntax(bare="line", comment=" #")

_CLOSE = lazily(r"(?P<quote>\\?[\"'`]?)[\])]{0,2}(?P<call>\(\))?[!?]?")
_EXPANSION = lazily(r"(?::[-=]?|[-=])(?![?+])([^${}\s]{1,4096}+)\}")
_TYPED = lazily(
    r"[ \t]*+:[ \t]*+[\w.<>&\[\]|? ,:']{1,60}?=(?![=>])[ \t]*+"
    r"|[ \t]++&?\*?[a-z]\w{0,20}+[ \t]*+=(?!=)[ \t]*+"
)
_ASSIGN = lazily(r"[ \t]*+(?:\?\?=|\|\|=|===?|:=|\?=|=>|=|:)[ \t]*+(?:\r?\n[ \t]*+)?")
_OTHERWISE = lazily(r"[ \t]*+(?:\r?\n[ \t]*+)?(?:\?\?|\|\||or\b|\?:)[ \t]*+(?:\r?\n[ \t]*+)?")
_COMMA = lazily(r"[ \t]*+,[ \t]*+(?:\r?\n[ \t]*+)?")
_SPACE = lazily(r"[ \t]++(?!=)")
_DEFAULT = lazily(r"(?:\?\?|\|\||\bor\b|\?:)\s{0,20}+(?=[\"'`])")
_XML_TEXT = lazily(r"(?:</key>\s{0,80}+<string>|\"[^<>\n]{0,80}+>|>)(?P<value>[^<>]{1,4096}+)</")
_XML_VALUE = lazily(r"\"\s{1,20}+value\s{0,4}+=\s{0,4}+\"(?P<value>[^\"<>\n]{1,4096}+)\"")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_VALUE_KEY = lazily(r"[\"']?[ \t]*+,?\s{1,80}+[\"']?(?:value|default)[\"']?[ \t]*+[:=][ \t]*+")
_HCL_DEFAULT = lazily(r"\"[ \t]*+\{[^{}]{0,400}?\bdefault[ \t]*+=[ \t]*+(?=\")")
_OPENING = lazily(r"(?:new[ \t]++\w++\(|\(|@|[bBrRuU]{1,2}(?=[\"'])|&|\[\]byte\()?")
_JOIN = lazily(r"\s{0,200}+(?:\+|\.{1,2}|\\\r?\n)\s{0,200}+(?=[\"'`])")
_ADJACENT = lazily(r"\s{1,200}+(?=[\"'])")
_WORD = lazily(r"[^\s;|&<>()\"'`]{1,4096}+")
_LINE = lazily(r"[^\r\n]{1,4096}+")
_FOLLOWING = lazily(r"\r?\n[ \t]*+([^\r\n]{1,4096}+)")
_MOST_LINES = 50
_ESCAPE = lazily(r"\\(?:([nrt\\\"'`$/])|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def pair_at(text: str, hit: Hit, syntax: Syntax) -> Pair | None:
    """The value that the text gives to the name at `hit`, or None where it gives none."""
    for value, span in _values(text, hit, syntax):
        return Pair(hit.name, value, span)
    return None


def _values(text: str, hit: Hit, syntax: Syntax) -> Iterator[tuple[str, Span]]:
    """One value or none; a generator so that each form can give up where it ends."""
    if text[hit.end : hit.end + 1] in ("<", ">", '"') and (found := _markup(text, hit)):
        yield found
        return
    if text.startswith("${", hit.start - 2):
        if expansion := _EXPANSION.match(text, hit.end):
            yield expansion[1], Span(*expansion.span(1))
        return
    closed = _CLOSE.match(text, hit.end)
    quoted = bool(closed and closed["quote"])
    at = closed.end() if closed else hit.end
    if syntax.bare == "word" and not quoted and text[hit.start - 2 : hit.start] == "--":
        separated = _SPACE.match(text, at) or _ASSIGN.match(text, at)
        if separated:
            yield from _value(text, separated.end(), syntax)
        return
    if typed := _TYPED.match(text, at):
        found = _quoted(text, typed.end(), syntax)
        if found:
            yield found
            return
    if assigned := _ASSIGN.match(text, at):
        yield from _value(text, assigned.end(), syntax, multiline="\n" in assigned.group())
        return
    if otherwise := _OTHERWISE.match(text, at):
        found = _quoted(text, otherwise.end(), syntax)
        if found:
            yield found
        return
    if quoted:
        if (comma := _COMMA.match(text, at)) and (syntax.spaced or _is_call(text, hit.start)):
            found = _quoted(text, comma.end(), syntax)
            if found:
                yield found
            return
        if hcl := _HCL_DEFAULT.match(text, hit.end):
            found = _quoted(text, hcl.end(), syntax)
            if found:
                yield found
            return
    if (syntax.bare or syntax.beside) and (beside := _VALUE_KEY.match(text, hit.end)):
        yield from _value(text, beside.end(), HCL if syntax.beside else LINES)
        return
    if syntax.spaced and not quoted and (space := _SPACE.match(text, at)):
        yield from _value(text, space.end(), syntax)


def _value(text: str, at: int, syntax: Syntax, *, multiline: bool = False) -> Iterator[tuple[str, Span]]:
    found = _quoted(text, at, syntax)
    if found:
        yield found
        return
    if not syntax.bare:
        end = text.find("\n", at, at + _REACH)
        other = _DEFAULT.search(text, at, end if end >= 0 else at + _REACH)
        found = _quoted(text, other.end(), syntax) if other else None
        if found:
            yield found
        return
    if multiline:
        return
    bare = (_WORD if syntax.bare == "word" else _LINE).match(text, at)
    if not bare:
        return
    value, end = _continued(text, bare) if syntax is PROPERTIES else (bare.group(), -1)
    if end >= 0:
        yield value, Span(at, end)
        return
    if syntax.comment:
        cut = value.find(syntax.comment if syntax.comment.startswith(" ") else f" {syntax.comment}")
        value = value[:cut] if cut >= 0 else value
    value = value.rstrip().rstrip(",")
    if value:
        yield value, Span(at, at + len(value))


def _continued(text: str, line: re.Match[str]) -> tuple[str, int]:
    """A value that a backslash carries over line ends, with its end; -1 where it is a line of its own.

    https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html
    """
    value, end = line.group(), -1
    for _ in range(_MOST_LINES):
        if not value.endswith("\\"):
            break
        following = _FOLLOWING.match(text, line.end() if end < 0 else end)
        if not following:
            break
        value, end = value[:-1] + following[1], following.end()
    return value, end


def _quoted(text: str, at: int, syntax: Syntax) -> tuple[str, Span] | None:
    """The string that begins at `at`, with those joined to it."""
    if text[at : at + 2] in ('\\"', "\\'"):  # a document inside a string
        close = _closing(text, at + 1, escaped=True)
        return None if close < 0 else _string(at + 2, close - 1, text[at + 2 : close - 1])
    opening = _OPENING.match(text, at)
    at = opening.end() if opening else at
    pieces: list[str] = []
    start = end = -1
    while text[at : at + 1] in syntax.quotes and at < len(text) and len(pieces) < 50:
        close = _closing(text, at)
        if close < 0:
            break
        width = 3 if _is_tripled(text, at) else 1
        start, end = (at + width if start < 0 else start), close
        pieces.append(text[at + width : close])
        at = close + width
        if syntax.bare == "word" and text[at : at + 1] in syntax.quotes and at < len(text):
            continue  # a shell joins what touches
        join = _JOIN.match(text, close + width) or (syntax is CODE and _ADJACENT.match(text, close + width))
        if not join:
            break
        at = join.end()
    return None if start < 0 else _string(start, end, "".join(pieces))


def _string(start: int, end: int, written: str) -> tuple[str, Span]:
    """A string's value and place; quotes within its quotes belong to neither (Gradle's `'"value"'`)."""
    if len(written) > 2 and written[0] == written[-1] and written[0] in "\"'":
        start, end, written = start + 1, end - 1, written[1:-1]
    elif len(written) > 4 and written[:2] == written[-2:] == '\\"':
        start, end, written = start + 2, end - 2, written[2:-2]
    return _ESCAPE.sub(_unescaped, written), Span(start, end)


def _is_tripled(text: str, at: int) -> bool:
    return text[at] != "`" and text.startswith(text[at] * 3, at)


def _closing(text: str, at: int, *, escaped: bool = False) -> int:
    """The offset of the quote that closes the one at `at`, or -1.

    Only a backtick and three quotes hold a line end.
    """
    quote = text[at]
    if _is_tripled(text, at):
        return text.find(quote * 3, at + 3, at + _LONGEST)
    limit = min(len(text), at + _LONGEST)
    where = at + 1
    while True:
        where = text.find(quote, where, limit)
        if where < 0:
            return -1
        slashes = where - len(text[at + 1 : where].rstrip("\\")) - at - 1
        if escaped:
            if slashes % 2:
                break
        elif slashes % 2 == 0:
            break
        where += 1
    return -1 if quote != "`" and "\n" in text[at:where] else where


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return _ESCAPED.get(found[1], found[1])
    return chr(int(found[2] or found[3], 16))


def _is_call(text: str, start: int) -> bool:
    """Whether the quoted name that begins behind `start`'s quote is a call's first argument."""
    return text[max(0, start - 40) : start].rstrip("\"'`\\ \t\r\n").endswith("(")


def _markup(text: str, hit: Hit) -> tuple[str, Span] | None:
    """XML: an element's text, a property list's pair, an attribute beside its name."""
    before = text[hit.start - 1 : hit.start]
    after = text[hit.end : hit.end + 1]
    if (after, before) not in (("<", ">"), (">", "<"), ('"', '"')):
        return None
    found = (_XML_VALUE.match(text, hit.end) if after == '"' else None) or _XML_TEXT.match(text, hit.end)
    if not found:
        return None
    written = found["value"].strip()
    start = found.start("value") + found["value"].index(written) if written else found.start("value")
    return (_plain(written), Span(start, start + len(written))) if written else None


def _plain(written: str) -> str:
    """XML's text: the five entities that need no declaration stand for their characters."""
    if "&" in written:
        for entity, character in _ENTITIES:
            written = written.replace(entity, character)
    return written
