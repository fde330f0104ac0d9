"""Which names an SQL expression mentions, and the expression once one of them is renamed.

No grammar: a name is a word outside strings and comments. That finds too much where an alias or a
function is called like a column, which does less harm than finding too little.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runcrew_lint.domains.migrations.facts import UNREAD, Relation
from runcrew_lint.patterns import lazily

_PIECE = lazily(
    r"""
      '(?:[^']|'')*' | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$
    | (?P<quoted> "(?:[^"]|"")*" )
    | (?P<word> [^\W\d][\w$]* ) (?P<call> \s*\( )?
    | (?P<star> \* )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN = lazily(r"[a-z_][a-z0-9_$]*\Z")


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """The names in an expression, folded as PostgreSQL folds them, and "*" where there is one."""
    found = set()
    for piece in _PIECE.finditer(text):
        if piece["quoted"]:
            found.add(piece["quoted"][1:-1].replace('""', '"'))
        elif piece["word"]:
            found.add(piece["word"].lower())
        elif piece["star"]:
            found.add("*")
    return frozenset(found)


def mentions(text: str, name: str) -> bool:
    """Whether an expression mentions a name."""
    return name in words(text)


def renamed(text: str, old: str, new: str) -> str:
    """The expression with a name replaced by another; calls of a function of that name are left alone."""
    if not text or old not in words(text):
        return text

    def replaced(piece: re.Match[str]) -> str:
        if piece["quoted"] and piece["quoted"][1:-1].replace('""', '"') == old:
            return quoted(new)
        if piece["word"] and piece["word"].lower() == old and not piece["call"]:
            return quoted(new)
        return piece[0]

    return _PIECE.sub(replaced, text)


_CAST = lazily(
    r"""::\s*(?:"[^"]+"|[a-z_][\w.]*(?:\s+varying|\s+precision)?)(?:\s*\([\d,\s]*\))?(?:\[\])*
    (?:\s+with(?:out)?\s+time\s+zone)?""",
    re.VERBOSE,
)
_SPELLINGS = {"current_timestamp": "now()", "transaction_timestamp()": "now()"}


def same(one: str, other: str) -> bool:
    """Whether two expressions are alike but for spelling: blanks, case, casts of literals, parentheses.

    One that can't be read is alike to all.
    """
    return one == other or UNREAD in (one, other) or _plain(one) == _plain(other)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    parts = []
    for at, part in enumerate(re.split(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", text)):
        parts.append(part if at % 2 else _CAST.sub("", part.lower()))
    plain = re.sub(r"[\s()\";]+", " ", "".join(parts)).strip()
    plain = _SPELLINGS.get(text.strip().lower(), plain)
    number = re.fullmatch(r"'(-?[\d.]+|true|false)'", plain)
    return number[1] if number else "now" if plain == "now()" else plain


def quoted(name: str) -> str:
    """A name as SQL writes it: in quotes where folding would change it."""
    return name if _PLAIN.match(name) else '"' + name.replace('"', '""') + '"'


_NAME = lazily(r'("(?:[^"]|"")+"|[^".(\[\s]+)')


@lru_cache(maxsize=4096)
def type_name(text: str) -> Relation:
    """The name of the type that a column's type text bears, without its size and brackets.

    Built-in types whose names are several words give the whole of them.
    """
    plain = re.sub(r"\([^)]*\)", "", text.replace("[]", "")).strip()
    if '"' not in plain and "." not in plain:
        return Relation("", plain.lower())
    parts = [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
        for part in _NAME.findall(plain)
    ]
    if not parts:
        return Relation("", "")
    return Relation(parts[-2] if len(parts) > 1 else "", parts[-1]).key


_NEXTVAL = lazily(r"nextval\(\s*'((?:[^']|'')+)'", re.IGNORECASE)


def counted(default: str) -> Relation | None:
    """The sequence that a default takes its value from."""
    found = _NEXTVAL.match(default.strip().lstrip("("))
    if found is None:
        return None
    parts = [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
        for part in _NAME.findall(found[1])
    ]
    return Relation(parts[-2] if len(parts) > 1 else "", parts[-1]).key if parts else None


# The types that every server has: chapter "Data Types"; what is none of them is somebody's own.
BUILT_IN = frozenset(
    """
    bigint bit boolean box bytea character cidr circle date daterange datemultirange inet int4range
    int4multirange int8range int8multirange integer interval json jsonb jsonpath line lseg macaddr macaddr8
    money numeric numrange nummultirange oid path pg_lsn point polygon real regclass regproc regtype name
    smallint text tsquery tsrange tsmultirange tstzrange tstzmultirange tsvector txid_snapshot uuid xml
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_SEVERAL = ("timestamp", "time ", "character varying", "bit varying", "double precision", "interval")


def is_own(text: str) -> bool:
    """Whether a type's text names a type that is not the server's own."""
    if not text:
        return False
    name = type_name(text)
    return bool(name.schema) or not (name.name in BUILT_IN or name.name.startswith(_SEVERAL))
