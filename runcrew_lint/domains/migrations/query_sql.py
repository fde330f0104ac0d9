"""What a query reads: relations, columns where it says whose they are, rows that it locks.

One pass over the tokens, with a frame for each pair of parentheses; no tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.documents.sql import Token
from runcrew_lint.domains.migrations.facts import NO_RELATION, Read, Relation
from runcrew_lint.domains.migrations.values import HOLE
from runcrew_lint.tuples import NamedTuple


class Query(NamedTuple):
    """What a query reads.

    Arguments:
        locking: "for update", "for no key update", "for share", "for key share", or "".
        calls: the functions that move a sequence or change a setting, with their literal arguments.
    """

    relations: tuple[Relation, ...]
    reads: tuple[Read, ...]
    locking: str
    calls: tuple[tuple[str, tuple[str, ...]], ...]


# What ends the FROM list of its own pair of parentheses.
_ENDS = frozenset(
    """
    where group order having limit offset union intersect except window fetch for returning set on select
    values when with
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
# What is no column and no alias. `end`, `null`, `true` and `false` end an operand, what follows is an alias.
_WORDS = (
    _ENDS
    | frozenset(
        """
        all analyse analyze and any array as asc asymmetric at between both by case cast collate cross
        current_catalog current_date current_role current_time current_timestamp current_user default desc
        distinct do else end escape exists extract false filter first following from full grouping ilike in
        inner insert into interval is isnull join last lateral leading left like localtime localtimestamp
        natural next not nothing notnull null nulls only or ordinality outer over partition position
        preceding range recursive right row rows sets similar some substring symmetric table tablesample then
        time to trailing trim true unbounded unknown update using varying without within zone delete merge
        conflict matched materialized session_user user xmlelement
        """.split()  # noqa: SIM905 - a long list of words reads better so
    )
) - {"matched", "user", "unknown"}
_OPERAND_ENDS = frozenset({"end", "null", "true", "false", ")", "]", "current_date", "current_timestamp"})
# FROM inside the parentheses of these separates arguments.
_TAKES_FROM = frozenset({"extract", "substring", "trim", "overlay", "position"})
_CALLS = frozenset({"setval", "nextval", "set_config"})
# Functions that take no parentheses.
_FUNCTIONS = frozenset(
    """
    user current_user session_user system_user current_role current_catalog current_schema current_date
    current_time current_timestamp localtime localtimestamp
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_BEFORE_TABLE = frozenset({"", "(", "all", "union", "except", "intersect", "distinct", "as"})
_QUERY_HEADS = frozenset({"select", "with", "values", "insert", "update", "delete", "merge", "table"})


class _Frame:
    """One pair of parentheses: whether a relation stands next, and whether FROM goes on.

    `relations` and `aliases` are those of its FROM; `foreign` says that something else stands there, too, so
    that a bare name may be its. Parentheses around a part of FROM share those of what is around them.
    """

    __slots__ = ("aliases", "around", "expecting", "foreign", "in_from", "plain_from", "relations", "sorting")

    def __init__(self, around: _Frame | None, *, in_from: bool = False, plain_from: bool = False) -> None:
        self.around = around
        self.in_from = self.expecting = in_from
        self.plain_from = plain_from  # FROM separates arguments here
        self.sorting = self.foreign = False
        self.relations: dict[Relation, None] = {}
        self.aliases: dict[str, Relation] = {}
        if in_from and around is not None:
            self.relations, self.aliases = around.relations, around.aliases

    def seen(self) -> Iterator[_Frame]:
        """The frames whose names may be used here: this one and those around it."""
        frame: _Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.around


def query(tokens: Sequence[Token], *, columns: bool = False, using: bool = False) -> Query:
    """What the tokens of a query read.

    Arguments:
        columns: whether to say the columns, too.
        using: whether USING brings in a relation, as it does in DELETE and MERGE.
    """
    return _Scan(tokens, columns, using).run()


class _Scan:
    def __init__(self, tokens: Sequence[Token], columns: bool, using: bool) -> None:
        self.tokens, self.columns, self.using = tokens, columns, using
        self.frames = [_Frame(None)]
        self.own = _common_names(tokens)
        self.relations: dict[Relation, None] = {}
        self.locking = ""
        self.calls: list[tuple[str, tuple[str, ...]]] = []
        self.shown: list[tuple[_Frame, str, str]] = []
        self.outputs: set[str] = set()

    def run(self) -> Query:
        at, last = 0, len(self.tokens)
        while at < last:
            kind, value, _, _ = self.tokens[at]
            if kind == "mark":
                at = self._mark(value, at)
            elif kind == "word" or kind == "name":
                at = self._word(value, at, kind == "name")
            else:
                at += 1
        return Query(tuple(self.relations), self._reads(), self.locking, tuple(self.calls))

    def _mark(self, value: str, at: int) -> int:
        frame = self.frames[-1]
        if value == "(":
            before = self._value(at - 1)
            inner = self._value(at + 1)
            if frame.expecting and inner in _QUERY_HEADS:
                frame.foreign = True
            nested = frame.expecting and inner not in _QUERY_HEADS
            self.frames.append(_Frame(frame, in_from=nested, plain_from=before in _TAKES_FROM))
            frame.expecting = False
        elif value == ")":
            if len(self.frames) > 1:
                self.frames.pop()
        elif value == ",":
            frame.expecting = frame.in_from
        elif value == "*" and self.columns and self._value(at - 1) in ("select", ",", "distinct"):
            self.shown.append((frame, "", "*"))
        return at + 1

    def _word(self, value: str, at: int, quoted: bool) -> int:
        frame = self.frames[-1]
        if not quoted:
            if value == "from":
                if not frame.plain_from and not (
                    self._value(at - 1) == "distinct" and self._value(at - 2) in ("is", "not")
                ):
                    frame.in_from = frame.expecting = True
                    frame.sorting = False
                return at + 1
            if value == "join" or (value == "using" and self.using and len(self.frames) == 1):
                self.using = self.using and value == "join"
                frame.in_from = frame.expecting = True
                return at + 1
            if value in _ENDS:
                if value == "for":
                    self._locks(at)
                frame.expecting = False
                frame.in_from = value == "on" and frame.in_from  # a comma behind ON cond goes on with FROM
                frame.sorting = value in ("order", "group") or (frame.sorting and value != "select")
                return at + 1
            if value in _CALLS and self._value(at + 1) == "(":
                self._call(value, at + 2)
            if frame.expecting and (
                value in ("only", "lateral") or (value == "rows" and self._value(at + 1) == "from")
            ):
                return at + 1
            if value == "table" and self._value(at - 1) in _BEFORE_TABLE:
                frame.expecting = True
                return at + 1
        if frame.expecting and (quoted or value not in _QUERY_HEADS):
            return self._relation(at)
        if self.columns:
            return self._column(value, at, quoted)
        return at + 1

    def _relation(self, at: int) -> int:
        """Go past a relation in FROM and its alias."""
        frame = self.frames[-1]
        frame.expecting = False
        parts = [self.tokens[at].value]
        at += 1
        while self._value(at) == "." and at + 1 < len(self.tokens):
            parts.append(self.tokens[at + 1].value)
            at += 2
        if self._value(at) == "(" or (len(parts) == 1 and self._value(at - 1) in _FUNCTIONS):
            frame.foreign = True
            return at
        if self._value(at) == "*":
            at += 1
        known = HOLE not in parts[-1] and not (len(parts) == 1 and parts[0] in self.own)
        named = Relation(parts[-2] if len(parts) > 1 else "", parts[-1]) if known else NO_RELATION
        if known:
            if HOLE in named.schema:
                named = Relation("?", named.name)
            self.relations[named] = frame.relations[named] = None
        else:
            frame.foreign = True
        frame.aliases.setdefault(parts[-1], named)
        if self._value(at) == "as":
            at += 1
        if at < len(self.tokens):
            kind, value, _, _ = self.tokens[at]
            if kind == "name" or (kind == "word" and value not in _WORDS):
                frame.aliases[value] = named
                at += 1
                if self._value(at) == "(":
                    frame.foreign = True
        return at

    def _column(self, value: str, at: int, quoted: bool) -> int:
        """Go past a name in an expression, with what it is qualified by."""
        before = self._value(at - 1)
        if not quoted and value in _WORDS and self._value(at + 1) != ".":
            return at + 1
        if before == "(" and self._value(at - 2) == "extract":
            return at + 1
        if at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "text":  # date '2026-01-01'
            return at + 1
        if value in self.own and self._value(at + 1) == "as":
            return at + 1
        parts = [value]
        at += 1
        while self._value(at) == "." and at + 1 < len(self.tokens):
            parts.append(self.tokens[at + 1].value)
            at += 2
        if before in ("as", "::") or self._value(at) == "(" or self._follows_operand(at - 2 * len(parts)):
            if before != "::" and self._value(at) != "(":
                self.outputs.add(parts[-1])
                if self.frames[-1].in_from:
                    self.frames[-1].aliases[parts[-1]] = NO_RELATION
            return at
        if HOLE in "".join(parts) or (self.frames[-1].sorting and parts[-1] in self.outputs):
            return at
        self.shown.append((self.frames[-1], parts[-2] if len(parts) > 1 else "", parts[-1]))
        return at

    def _follows_operand(self, at: int) -> bool:
        """Whether the token before a name ends an operand, so that the name is an alias."""
        if at < 0:
            return False
        kind, value, _, _ = self.tokens[at]
        if kind in ("name", "number", "text"):
            return True
        if kind == "mark":
            return value in _OPERAND_ENDS
        return value not in _WORDS or value in _OPERAND_ENDS

    def _reads(self) -> tuple[Read, ...]:
        found: dict[Read, None] = {}
        for frame, owner, column in self.shown:
            if column == "*" and not owner:
                found |= {Read(relation, "*"): None for relation in frame.relations}
            elif not owner:
                found[Read(_alone(frame), column)] = None
            else:
                named = next((each.aliases[owner] for each in frame.seen() if owner in each.aliases), None)
                if (
                    named is not None and named.name
                ):  # else of a query in FROM, which says itself what it reads
                    found[Read(named, column)] = None
        return tuple(found)

    def _locks(self, at: int) -> None:
        words = [self._value(each) for each in range(at, min(at + 4, len(self.tokens)))]
        for form in (("update",), ("no", "key", "update"), ("share",), ("key", "share")):
            if tuple(words[1 : len(form) + 1]) == form:
                self.locking = self.locking or " ".join(("for", *form))

    def _call(self, name: str, at: int) -> None:
        given: list[str] = []
        depth = 0
        for kind, value, _, _ in self.tokens[at:]:
            if kind == "mark" and value in ("(", ")"):
                depth += 1 if value == "(" else -1
                if depth < 0:
                    break
            elif kind != "mark" and value != "regclass":
                given.append(value)
        self.calls.append((name, tuple(given)))

    def _value(self, at: int) -> str:
        if 0 <= at < len(self.tokens):
            kind, value, _, _ = self.tokens[at]
            if kind == "word" or kind == "mark":
                return value
        return ""


def _alone(frame: _Frame) -> Relation:
    """The relation whose column a bare name must be; NO_RELATION where it may be another's."""
    frames = list(frame.seen())
    found = {relation for each in frames for relation in each.relations}
    if len(found) != 1 or any(each.foreign for each in frames):
        return NO_RELATION
    return found.pop()


def _common_names(tokens: Sequence[Token]) -> frozenset[str]:
    """The names that WITH defines."""
    if not any(token.value == "with" for token in tokens):
        return frozenset()
    found = set()
    for at, token in enumerate(tokens):
        if token.kind != "word" or token.value != "as" or at == 0:
            continue
        after = at + 1
        while after < len(tokens) and tokens[after].value in ("not", "materialized"):
            after += 1
        opens = after + 1 < len(tokens) and tokens[after].value == "("
        if not opens or tokens[after + 1].value not in _QUERY_HEADS:
            continue
        before = at - 1
        if tokens[before].value == ")":
            while before > 0 and tokens[before].value != "(":
                before -= 1
            before -= 1
        if before >= 0 and tokens[before].kind in ("word", "name"):
            found.add(tokens[before].value)
    return frozenset(found)
