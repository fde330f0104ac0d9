"""Globs as what matches them in time that grows with the text, whatever somebody wrote.

Each dialect (the policy, GitHub, the builder) splits its own patterns into pieces; what a piece means is
the same for all. A regular expression tries wildcards in turn, so the time of many is a power of the text's
length: stars within a folder are written so that none is tried twice, and a pattern with many wildcards that
cross folders is walked state by state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from runcrew_lint.tuples import NamedTuple

KEPT = 1 << 14  # matchers: a policy of some thousand patterns asks each of them about every finding
_FEW = 2  # wildcards across folders that a regular expression may try in turn


class Piece(NamedTuple):
    """A part of a glob.

    Arguments:
        one: an expression that matches one character.
        least: how often it must be there, 0 or 1.
        many: whether it may be there more than once.
    """

    one: str
    least: int = 1
    many: bool = False

    @property
    def is_wild(self) -> bool:
        """Whether it may match in more than one way."""
        return self.many or not self.least


ONE = Piece("[^/]")
STAR = ONE._replace(least=0, many=True)
ACROSS = Piece(".", 0, True)
FOLDERS = Piece("(?:.*/)?", 0)  # any folders, or none
BELOW = Piece("(?:/.*)?", 0)  # what lies in it, or itself


def plain(character: str) -> Piece:
    """This very character."""
    return Piece(re.escape(character))


@lru_cache(maxsize=KEPT)
def matcher(pieces: tuple[Piece, ...]) -> Callable[[str], bool]:
    """What says whether the pieces take all of a text."""
    sets = any(each.one[0] == "[" and each.one != STAR.one for each in pieces)  # one may match a slash
    if sum(each != BELOW and each.is_wild and (sets or each != STAR) for each in pieces) > _FEW:
        states = tuple(state for each in pieces for state in _states(each))
        return lambda text: _walked(states, text)
    compiled = re.compile(expression(pieces), re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def expression(pieces: Sequence[Piece]) -> str:
    """The pieces as a regular expression, for DOTALL.

    Of two stars in one folder's name the first takes as little as it can, and need not be tried again: the
    second makes up for it.
    """
    made = ""
    at = 0
    while at < len(pieces):
        end = _behind_name(pieces, at + 1) if pieces[at] == STAR else at
        if at < end < len(pieces) and pieces[end] == STAR:
            made += f"(?>[^/]*?{''.join(map(_written, pieces[at + 1 : end]))})"
            at = end
        else:
            made += _written(pieces[at])
            at += 1
    return made


def _behind_name(pieces: Sequence[Piece], at: int) -> int:
    """Where the next piece is that may be there in several ways, or is no character of a folder's name."""
    while at < len(pieces):
        piece = pieces[at]
        if piece.is_wild or piece.one == "/" or (piece.one[0] == "[" and piece != ONE):
            break
        at += 1
    return at


def _written(piece: Piece) -> str:
    if piece in (FOLDERS, BELOW):
        return piece.one
    return (
        piece.one + {(1, False): "", (0, False): "?", (1, True): "+", (0, True): "*"}[piece.least, piece.many]
    )


class _State(NamedTuple):
    """One place in a glob: which character leads on, whether it leads here, too, how far one may skip."""

    takes: Callable[[str], object]
    stays: bool = False
    skips: tuple[int, ...] = ()


def _states(piece: Piece) -> tuple[_State, ...]:
    takes = re.compile(piece.one if piece not in (FOLDERS, BELOW) else ".", re.DOTALL).fullmatch
    slash = _State("/".__eq__)
    if piece == FOLDERS:
        return (_State("".__eq__, False, (1, 3)), _State(takes, True, (1,)), slash)
    if piece == BELOW:
        return (slash._replace(skips=(2,)), _State(takes, True, (1,)))
    once = (_State(takes),) if piece.least else ()
    if piece.many:
        return (*once, _State(takes, True, (1,)))
    return once or (_State(takes, False, (1,)),)


def _walked(states: Sequence[_State], text: str) -> bool:
    """All states at once, so that a character costs no more than there are states."""
    end = len(states)
    here = _closed({0}, states)
    for character in text:
        following: set[int] = set()
        for at in here:
            if at < end and states[at].takes(character):
                following.update((at, at + 1) if states[at].stays else (at + 1,))
        here = _closed(following, states)
        if not here:
            return False
    return end in here


def _closed(places: set[int], states: Sequence[_State]) -> set[int]:
    """The places with those that are come to without a character."""
    found: set[int] = set()
    waiting = list(places)
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            if at < len(states):
                waiting += [at + skip for skip in states[at].skips]
    return found
