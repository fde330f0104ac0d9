"""JSON to a positioned tree, strict or as EAS reads it.

One recursive reader holds the relaxed grammar, which is golden-fleece 1.0.9's and takes in all of
JSON; strictness is asked of the standard library first. What golden-fleece lets pass by accident
passes here too (a lone `/` between tokens, an exponent written `1e|5`): a file is readable where EAS
can read it, whatever anyone meant by it.
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from runcrew_lint.documents.tree import Entry, Mapping, Node, PlainScalar, Scalar, Sequence
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

MAX_DEPTH = 200  # levels of nesting; deeper files are generated or hostile

# ECMAScript's \s, which is not Python's (\x1c to \x1f and \x85 are no white space there, \ufeff is).
_SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_GAP = lazily(rf"[{_SPACE}]*(?:/(?!\*)(?!/)[{_SPACE}]*|//(?=.)[^\r\n]*[{_SPACE}]*)*", re.DOTALL)
_NUMBER = lazily(
    r"NaN|[-+]?(?:Infinity|0[xX][a-fA-F0-9]+|0[bB][01]+|0[oO][0-7]+"
    r"|(?:(?:[1-9][0-9]*|0)?\.[0-9]+|(?:[1-9][0-9]*|0)\.[0-9]*|(?:[1-9][0-9]*|0))(?:[E|e][+|-]?[0-9]+)?)"
)
_NAME = lazily(r"[a-zA-Z_$][a-zA-Z0-9_$]*")
_WORD = lazily(r"true|false|null")
_WORDS: dict[str, PlainScalar] = {"true": True, "false": False, "null": None}
_PLAIN_STRING = {'"': re.compile(r'"([^"\\\n]*)"'), "'": re.compile(r"'([^'\\\n]*)'")}
_HEX = lazily(r"[a-fA-F0-9]+")
_ESCAPES = {"b": "\b", "n": "\n", "f": "\f", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_SURROGATES = lazily("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


def parse(source: Source) -> Node:
    """The tree of a file that must be JSON (RFC 8259), as npm reads package.json.

    Errors:
        Unreadable where the syntax breaks, or where the nesting passes `MAX_DEPTH`.
    """
    try:
        json.loads(source.text, parse_constant=_refuse, parse_int=float)
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON: {_decapitalised(error.msg)}", _point(source.text, error.pos)) from None
    except RecursionError:
        raise Unreadable(f"nested deeper than {MAX_DEPTH} levels") from None
    except ValueError as error:
        word = str(error)
        raise Unreadable(f"not JSON: {word} is no JSON value", _find(source.text, word)) from None
    return _Reader(source.text).document()


def parse_relaxed(source: Source) -> Node:
    """The tree of a file as EAS reads eas.json: JSON, and failing that golden-fleece's JSON5.

    Comments, trailing commas, single quotes, unquoted ASCII keys, hexadecimal numbers, a leading `+`
    or `.` are read; `#`, holes, backticks, `undefined` and a bare `//` as the last bytes are not.

    Errors:
        Unreadable where golden-fleece gives up, or where the nesting passes `MAX_DEPTH`.
    """
    return _Reader(source.text).document()


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _decapitalised(message: str) -> str:
    return message[:1].lower() + message[1:]


def _point(text: str, at: int) -> Span:
    return Span(min(at, len(text)), min(at + 1, len(text)))


def _find(text: str, word: str) -> Span:
    at = max(text.find(word), 0)
    return Span(at, at + len(word))


class _Reader:
    """Reads one text from left to right; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def document(self) -> Node:
        if not self.text.strip(" \t\n\r\v\f\xa0\ufeff"):
            raise Unreadable("the file is empty")
        value = self.value()
        self.gap()
        if self.at < len(self.text):
            raise self.fault(f"unexpected {self.next()} after the value")
        return value

    def fault(self, message: str, at: int | None = None) -> Unreadable:
        return Unreadable(message, _point(self.text, self.at if at is None else at))

    def next(self) -> str:
        return f"`{self.text[self.at]}`" if self.at < len(self.text) else "end of file"

    def gap(self) -> None:
        """Pass white space and comments."""
        text = self.text
        while True:
            passed = _GAP.match(text, self.at)
            self.at = passed.end() if passed else self.at
            if not text.startswith("/", self.at):
                return
            end = text.find("*/", self.at + 2)
            if end < 0:
                raise self.fault("a comment that does not end")
            self.at = end + 2

    def value(self) -> Node:
        self.gap()
        opening = self.text[self.at : self.at + 1]
        if opening in ("{", "["):
            if self.depth >= MAX_DEPTH:
                raise self.fault(f"nested deeper than {MAX_DEPTH} levels")
            self.depth += 1
            value = self.mapping() if opening == "{" else self.sequence()
            self.depth -= 1
            return value
        if opening in ('"', "'"):
            return self.string()
        start = self.at
        if found := _NUMBER.match(self.text, start):
            self.at = found.end()
            return Scalar(Span(start, self.at), _number(found.group()))
        if found := _WORD.match(self.text, start):
            self.at = found.end()
            return Scalar(Span(start, self.at), _WORDS[found.group()])
        raise self.fault(f"expected a value instead of {self.next()}")

    def sequence(self) -> Sequence:
        start, items = self.at, []
        self.at += 1
        self.gap()
        while not self.text.startswith("]", self.at):
            items.append(self.value())
            self.gap()
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
            self.gap()
        self.expect("]")
        return Sequence(Span(start, self.at), tuple(items))

    def mapping(self) -> Mapping:
        start, entries = self.at, []
        self.at += 1
        self.gap()
        while not self.text.startswith("}", self.at):
            entries.append(Entry(self.key(), self.value()))
            self.gap()
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
            self.gap()
        self.expect("}")
        return Mapping(Span(start, self.at), tuple(entries))

    def key(self) -> Scalar:
        if self.text[self.at : self.at + 1] in ('"', "'"):
            key = self.string()
        else:
            name = _NAME.match(self.text, self.at)
            if not name:
                raise self.fault(f"expected a key instead of {self.next()}")
            self.at = name.end()
            key = Scalar(Span(name.start(), name.end()), name.group())
        self.gap()
        self.expect(":")
        return key

    def expect(self, character: str) -> None:
        if not self.text.startswith(character, self.at):
            raise self.fault(f"expected `{character}` instead of {self.next()}")
        self.at += 1

    def string(self) -> Scalar:
        start, quote = self.at, self.text[self.at]
        if plain := _PLAIN_STRING[quote].match(self.text, start):
            self.at = plain.end()
            return Scalar(Span(start, self.at), plain.group(1), quote)
        pieces: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == quote:
                return Scalar(Span(start, self.at), _whole("".join(pieces)), quote)
            if character == "\\":
                pieces.append(self.escape())
            elif character == "\n":
                raise self.fault("a string that does not end on its line", self.at - 1)
            else:
                pieces.append(character)
        raise self.fault("a string that does not end", start)

    def escape(self) -> str:
        """What the characters after a backslash stand for; a line end stands for nothing."""
        character = self.text[self.at : self.at + 1]
        self.at += 1
        if character == "\n":
            return ""
        if character == "\r":
            self.at += self.text.startswith("\n", self.at)
            return ""
        if character in ("x", "u"):
            start, self.at = self.at, self.at + (2 if character == "x" else 4)
            code = self.text[start : self.at]
            if not _HEX.fullmatch(code):
                raise self.fault(f"`\\{character}{code}` is no escape sequence", start)
            return chr(int(code, 16))
        return _ESCAPES.get(character, character)


def _number(raw: str) -> int | float:
    """A number as JavaScript takes it: `0x1F` is 31, `1e|5` is NaN."""
    sign = -1 if raw[0] == "-" else 1
    digits = raw.lstrip("+-")
    if digits in ("NaN", "Infinity"):
        return math.nan if digits == "NaN" else sign * math.inf
    if "|" in digits:
        return math.nan
    if digits[:2].lower() in ("0x", "0b", "0o"):
        return sign * int(digits, 0)
    if digits.isdigit() and len(digits) < 300:
        return sign * int(digits)
    return sign * float(digits)


def _whole(value: str) -> str:
    """Escaped surrogates joined to the character they stand for; a lone one is no character."""
    if value.isascii():
        return value

    def joined(found: re.Match[str]) -> str:
        pair = found.group()
        return pair.encode("utf-16", "surrogatepass").decode("utf-16") if len(pair) == 2 else "\ufffd"

    return _SURROGATES.sub(joined, value)
