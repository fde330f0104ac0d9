"""GitHub's expression language: text to a tree.

Source: docs.github.com, "Evaluate expressions in workflows and actions" (literals, operators, functions).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from runcrew_lint.domains.lattice import Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

MAX_DEPTH = 50  # GitHub itself stops there
MAX_OPERATORS = 200  # of one expression; GitHub's own bound is 21,000 characters


class ExpressionError(Exception):
    """A text that is no expression; `at` is the offset in it."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


class Literal(NamedTuple):
    """null, a boolean, a number or a string."""

    value: Plain


class Context(NamedTuple):
    """The name that a dereference starts from: `github`, `env`, ..."""

    name: str
    at: int


class Property(NamedTuple):
    """`of.name` or `of[key]`; for a name, `key` is a literal."""

    of: Expression
    key: Expression


class Star(NamedTuple):
    """`of.*` or `of[*]`: the values of a collection."""

    of: Expression


class Call(NamedTuple):
    """A function's call; names don't mind case."""

    name: str
    arguments: tuple[Expression, ...]
    at: int


class Not(NamedTuple):
    """`!of`."""

    of: Expression


class Binary(NamedTuple):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


Expression = Literal | Context | Property | Star | Call | Not | Binary

_TOKEN = lazily(
    r"(?P<blank>\s+)"
    r"|(?P<string>'(?:[^']|'')*')"
    r"|(?P<number>0x[0-9a-fA-F]+|0o[0-7]+|[-+]Infinity(?![\w-])"
    r"|[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|[()\[\].,!<>*])"
)
_WORDS: dict[str, Plain] = {
    "true": True, "false": False, "null": None, "NaN": float("nan"), "Infinity": float("inf"),
}  # fmt: skip
_NO_NUMBER = lazily(r"(?i:_|nan|[-+]?inf(?:inity)?\Z)")  # what Python takes for a number, and GitHub does not
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The tree of one expression, without `${{ }}`.

    Errors:
        ExpressionError where the text is none, or nests deeper than `MAX_DEPTH`.
    """
    return _Parser(text).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError(f"`{text[at]}` has no meaning in an expression", at)
        kind = found.lastgroup or ""
        if kind != "blank":
            yield _Token(kind, found.group(), at)
        at = found.end()
    yield _Token("end", "", len(text))


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.index = 0
        self.depth = self.operators = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def take(self, text: str) -> bool:
        if self.token.kind == "operator" and self.token.text == text:
            self.index += 1
            return True
        return False

    def demand(self, text: str) -> None:
        if not self.take(text):
            self.fail(f"`{text}` is missing")

    def fail(self, message: str) -> None:
        raise ExpressionError(message, self.token.at)

    def whole(self) -> Expression:
        tree = self.level(0)
        if self.token.kind != "end":
            self.fail(f"`{self.token.text}` is one too many")
        return tree

    def level(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self.unary()
        left = self.level(level + 1)
        while self.token.kind == "operator" and self.token.text in _LEVELS[level]:
            operator = self.token.text
            self.index += 1
            self.count()
            left = Binary(operator, left, self.level(level + 1))
        return left

    def count(self) -> None:
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            self.fail(f"it has more than {MAX_OPERATORS} operators")

    def unary(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"it nests deeper than {MAX_DEPTH} levels")
        tree = Not(self.unary()) if self.take("!") else self.postfix()
        self.depth -= 1
        return tree

    def postfix(self) -> Expression:
        tree = self.primary()
        while True:
            if self.token.kind == "operator" and self.token.text in (".", "["):
                self.count()
            if self.take("."):
                if self.take("*"):
                    tree = Star(tree)
                    continue
                if self.token.kind != "name":
                    self.fail("a property's name is missing")
                tree = Property(tree, Literal(self.token.text))
                self.index += 1
            elif self.take("["):
                if self.take("*"):
                    tree = Star(tree)
                else:
                    tree = Property(tree, self.level(0))
                self.demand("]")
            else:
                return tree

    def primary(self) -> Expression:
        token = self.token
        self.index += 1
        if token.kind == "string":
            return Literal(token.text[1:-1].replace("''", "'"))
        if token.kind == "number":
            return Literal(number(token.text))
        if token.kind == "operator" and token.text == "(":
            tree = self.level(0)
            self.demand(")")
            return tree
        if token.kind == "name":
            if self.take("("):
                return Call(token.text.lower(), tuple(self.arguments()), token.at)
            if token.text in _WORDS:
                return Literal(_WORDS[token.text])
            return Context(token.text.lower(), token.at)
        self.index -= 1
        raise ExpressionError(
            "a value is missing" if token.kind == "end" else f"`{token.text}` is out of place", token.at
        )

    def arguments(self) -> Iterator[Expression]:
        if self.take(")"):
            return
        while True:
            yield self.level(0)
            if self.take(")"):
                return
            self.demand(",")


def number(text: str) -> int | float:
    """A number as GitHub reads it; what is none is NaN, the empty text 0."""
    text = text.strip()
    if not text:
        return 0
    try:
        if text[:2].lower() in ("0x", "0o"):
            return int(text, 0)
        if text.lstrip("+-") != "Infinity" and _NO_NUMBER.search(text):
            return float("nan")
        value = float(text)
    except ValueError:
        return float("nan")
    return int(value) if value == value and abs(value) < 2**53 and value.is_integer() else value


class Piece(NamedTuple):
    """A part of a text with `${{ }}` in it: an expression's inside, or literal text, and its range."""

    is_expression: bool
    text: str
    start: int
    end: int


_END = lazily(r"'(?:[^']|'')*'|\}\}")


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The literal parts and expressions of a text, in order; `start` and `end` take in the braces.

    `}}` inside a quoted string does not end an expression; one that never ends is literal text.
    """
    found: list[Piece] = []
    at = 0
    while (begin := text.find("${{", at)) >= 0:
        end = next((each for each in _END.finditer(text, begin + 3) if each.group() == "}}"), None)
        if end is None:
            break
        if begin > at:
            found.append(Piece(False, text[at:begin], at, begin))
        found.append(Piece(True, text[begin + 3 : end.start()].strip(), begin, end.end()))
        at = end.end()
    if at < len(text):
        found.append(Piece(False, text[at:], at, len(text)))
    return tuple(found)


def calls(tree: Expression) -> Iterator[str]:
    """The names of all functions that an expression calls."""
    if isinstance(tree, Call):
        yield tree.name
        for argument in tree.arguments:
            yield from calls(argument)
    elif isinstance(tree, Binary):
        yield from calls(tree.left)
        yield from calls(tree.right)
    elif isinstance(tree, (Not, Star)):
        yield from calls(tree.of)
    elif isinstance(tree, Property):
        yield from calls(tree.of)
        yield from calls(tree.key)
