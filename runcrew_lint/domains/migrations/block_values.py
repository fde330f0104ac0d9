"""What the variables of a PL/pgSQL block hold, where the block itself says so and sets them to nothing else.

"Declarations": `name [CONSTANT] type [NOT NULL] [{DEFAULT | := | =} expression]`; of arrays `ARRAY['a', 'b']`
and `'{a,b}'`. "Looping Through Arrays": FOREACH binds its variable to one item after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.documents.sql import Token
from runcrew_lint.domains.migrations.executed_text import Names, text_of
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_ITEMS = lazily(r"\{\s*(\w+(?:\s*,\s*\w+)*)\s*\}")  # an array's text that needs no quotes
_GIVES = (":=", "=", "default")
_SETS = frozenset({"into", "strict"})
_LOOPS = frozenset({"for", "foreach"})


class Values(NamedTuple):
    """The texts and arrays of texts that names hold; `loose` are those that the block may set to anything."""

    texts: Names
    arrays: dict[str, tuple[str, ...]]
    loose: frozenset[str]


def values_of(pieces: Sequence[tuple[Token, ...]]) -> Values:
    """What a block's own declarations say, with `pieces` as its statements."""
    texts: dict[str, str] = {}
    arrays: dict[str, tuple[str, ...]] = {}
    if not pieces or pieces[0][0].value != "declare":
        return Values(texts, arrays, _set_in(pieces, loops=False))
    last = next((at for at, piece in enumerate(pieces) if piece[0].value == "begin"), len(pieces))
    rest = pieces[last:]
    if any(token.kind == "word" and token.value == "declare" for piece in rest for token in piece):
        return Values(texts, arrays, _words(rest))  # an inner block's name may hide one of these
    changed = _set_in(rest, loops=True)
    for at, piece in enumerate(pieces[:last]):
        name, *said = piece[1:] if at == 0 else piece
        given = next((n for n, each in enumerate(said) if each.value in _GIVES and each.kind != "text"), None)
        if given is None or (name.value in changed and said[0].value != "constant"):
            continue
        value = _uncast(said[given + 1 :])
        if any(each.value in ("[", "array") for each in said[:given]):
            if items := items_of(value, {}):
                arrays[name.value] = items
        elif (text := text_of(value, {})) is not None:
            texts[name.value] = text
    return Values(texts, arrays, _set_in(rest, loops=False))


def items_of(tokens: Sequence[Token], arrays: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The items of an array's expression; none where they are not known."""
    tokens = _uncast(tokens)
    words = [each.value for each in tokens]
    if len(words) == 1:
        found = _ITEMS.fullmatch(words[0]) if tokens[0].kind == "text" else None
        return tuple(found[1].replace(",", " ").split()) if found else arrays.get(words[0], ())
    if words[:2] != ["array", "["] or words[-1] != "]":
        return ()
    inner = tokens[2 : len(words) - 1]
    items, commas = inner[::2], inner[1::2]
    whole = len(items) == len(commas) + 1 and all(each.value == "," for each in commas)
    return tuple(each.value for each in items) if whole and all(each.kind == "text" for each in items) else ()


def _uncast(tokens: Sequence[Token]) -> Sequence[Token]:
    """An expression without the type that it is cast to."""
    at = next((at for at, each in enumerate(tokens) if each.kind == "mark" and each.value == "::"), None)
    return tokens[:at]


def bound_by(tokens: Sequence[Token], values: Values) -> tuple[str, tuple[str, ...]] | None:
    """The variable that a FOREACH sets, and its values; None where they are not known.

    `tokens` are those up to LOOP. `FOR name IN SELECT unnest(array)` says the same.
    """
    words = [each.value for each in tokens]
    if words[0] == "foreach" and words[2:4] == ["in", "array"]:
        array = tokens[4:]
    elif words[0] == "for" and words[2:6] == ["in", "select", "unnest", "("] and words[-1] == ")":
        array = tokens[6:-1]
    else:
        return None
    items = items_of(array, values.arrays) if array else ()
    return (words[1], items) if items and words[1] not in values.loose else None


def _set_in(pieces: Sequence[tuple[Token, ...]], *, loops: bool) -> frozenset[str]:
    """The names that statements may set; `loops` says that loops count, too."""
    found = set()
    before_it = _SETS | _LOOPS if loops else _SETS
    for piece in pieces:
        fills = any(each.value == "into" for each in piece)
        for at, each in enumerate(piece):
            before = piece[at - 1].value if at else ""
            after = piece[at + 1].value if at + 1 < len(piece) else ""
            if after in (":=", "=") or before in before_it or (before == "," and fills):
                found.add(each.value)
    return frozenset(found)


def _words(pieces: Sequence[tuple[Token, ...]]) -> frozenset[str]:
    return frozenset(each.value for piece in pieces for each in piece)
