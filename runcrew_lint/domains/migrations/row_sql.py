"""One plain statement that reads or writes the rows of one table, recognised without a lexer.

Most of the SQL in real revisions is such a statement, and lexing it takes several times as long as this.
Whatever is less plain (comments, quoted names, escapes, a second relation, WITH, an alias, several
statements) is left to `data_sql`, which says just the same of these; a test holds the two together.
"""

from __future__ import annotations

import re

from runcrew_lint.domains.migrations.facts import Column, Kind, Operation, Relation
from runcrew_lint.domains.migrations.values import HOLE
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_NAME = r"(?P<schema>[^\W\d]\w*\.)?(?P<name>[^\W\d]\w*+)"
_WRITES = lazily(
    rf"\s*(?P<head>insert\s+into\s+{_NAME}\s*\((?P<columns>[\w\s,]+)\)\s*values\b"
    rf"|update\s+{_NAME.replace('P<', 'P<u')}\s+set\s"
    rf"|delete\s+from\s+{_NAME.replace('P<', 'P<d')}\s*(?=where\b|\Z))",
)
_READS = lazily(rf"\s*select\s[^;]*?\sfrom\s+{_NAME}\s*(?=(?:where|order|limit|offset|group)\b|\Z)")
_HEAD = lazily(r"\s*(?:insert|update|delete|select)\s", re.IGNORECASE)
_NOT_PLAIN = lazily(r"""["'$\\\[\]]|--|/\*|[\w&]\0""")
_TEXT = lazily(r"'([^']*)'(?!')")
# What brings a second relation, or something else that `data_sql` says more of.
_MORE = lazily(
    r"\b(?:select|from|join|using|with|table|for|into|only|setval|nextval|set_config|lateral|union|copy|uescape)\b"
)
_WHERE = lazily(r"\bwhere\b")
_BEHIND_WHERE = lazily(r"\b(?:group|order|limit|offset|for|returning|union|window|having|fetch)\b")
_COLUMN = lazily(r"\s*([^\W\d]\w*)\s*")
_SET = lazily(r"\s*([^\W\d]\w*)\s*=")
# What stands behind FROM and is no table: words that `query_sql` goes by, and functions without parentheses.
_NO_TABLE = lazily(
    r"(?:current_|session_|system_)\w+|localtime|localtimestamp|user|where|group|order|having|limit|offset|union"
    r"|intersect|except|window|fetch|for|returning|set|on|select|values|when|with|from|join|using|lateral|only"
    r"|rows|table|insert|update|delete|merge|setval|nextval"
)
_MAX_TEXTS, _MAX_LENGTH = 32, 63  # as data_sql has them


def plain(sql: str) -> Operation | None:
    """The operation of a plain statement; None for whatever is not one."""
    if _HEAD.match(sql) is None or HOLE in sql or "\0" in sql:
        return None
    bare, texts = sql, ()
    if "'" in sql:
        # What stands in a text is no word; it keeps its length, and with it every place behind it.
        bare = _TEXT.sub(lambda text: "\0" * (text.end() - text.start()), sql)
        found = dict.fromkeys(text for text in _TEXT.findall(sql) if len(text) <= _MAX_LENGTH)
        texts = tuple(found)[:_MAX_TEXTS]
    bare = bare.lower().rstrip("; \t\r\n\v\f")
    if _NOT_PLAIN.search(bare) or ";" in bare or len(bare) > len(sql):
        return None
    start = len(sql) - len(sql.lstrip())
    span = Span(start, len(bare))
    head = _WRITES.match(bare)
    if head is None:
        return _select(sql, bare, span, texts)
    if _MORE.search(bare, head.end()):
        return None
    if head["name"] is not None:
        table, columns = _relation(head["schema"], head["name"]), _listed(head["columns"])
        if not columns or columns[0].name in _QUERIES:
            return None
        return Operation(Kind.INSERT, span, table=table, columns=columns, values=texts)
    condition = _condition(sql, bare, head.end())
    if condition is None:
        return None
    where, at = condition
    if head["dname"] is not None:
        if head["dname"] in _NOT_NAMES:
            return None
        table = _relation(head["dschema"], head["dname"])
        return Operation(Kind.DELETE, span, table=table, whole=not where, text=where, values=texts)
    columns = _assigned(bare[head.end() : at])
    if not columns or head["uname"] in _NOT_NAMES:
        return None
    table = _relation(head["uschema"], head["uname"])
    return Operation(
        Kind.UPDATE, span, table=table, whole=not where, columns=columns, text=where, values=texts
    )


_QUERIES = frozenset({"select", "with", "values", "table"})
_NOT_NAMES = frozenset({"only", "from", "into"})


def _select(sql: str, bare: str, span: Span, texts: tuple[str, ...]) -> Operation | None:
    head = _READS.match(bare)
    if head is None or _NO_TABLE.fullmatch(head["name"]) or _MORE.search(bare, head.end()):
        return None
    first = head.start("schema") if head["schema"] else head.start("name")
    if len(_MORE.findall(bare, span.start, first)) != 2 or _WHERE.search(bare, 0, first):
        return None  # there is more than SELECT and FROM themselves
    condition = _condition(sql, bare, head.end())
    if condition is None or not _is_level(bare, span.start, first):
        return None
    others = (_relation(head["schema"], head["name"]),)
    return Operation(Kind.SELECT, span, others=others, text=condition[0], values=texts)


def _relation(schema: str | None, name: str) -> Relation:
    return Relation(schema[:-1] if schema else "", name)


def _listed(text: str) -> tuple[Column, ...]:
    """The columns of a list; none where it is no plain one."""
    names = [_COLUMN.fullmatch(each) for each in text.split(",")]
    return tuple(Column(each[1]) for each in names if each) if all(names) else ()


def _assigned(text: str) -> tuple[Column, ...]:
    """The columns that SET gives a value to; none where they are not plain to see."""
    if "returning" in text:
        return ()
    parts = text.split(",") if "(" not in text else _level_parts(text)
    names = [_SET.match(each) for each in parts]
    return tuple(Column(each[1]) for each in names if each) if all(names) else ()


def _level_parts(text: str) -> list[str]:
    """What stands between the commas outside of parentheses."""
    depth, first, found = 0, 0, []
    for at, mark in enumerate(text):
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
        elif mark == "," and depth == 0:
            found.append(text[first:at])
            first = at + 1
    return [*found, text[first:]]


def _condition(sql: str, bare: str, behind: int) -> tuple[str, int] | None:
    """The condition, "" where there is none, and where its WHERE stands; None if that is not plain."""
    where = _WHERE.search(bare, behind)
    if where is None:
        return ("", len(bare)) if _is_level(bare, behind, len(bare)) else None
    ends = _BEHIND_WHERE.search(bare, where.end())
    end = ends.start() if ends else len(bare)
    if not _is_level(bare, behind, where.start()) or not _is_level(bare, where.end(), end):
        return None
    return sql[where.end() : end].strip() or "?", where.start()


def _is_level(bare: str, first: int, last: int) -> bool:
    """Whether every parenthesis in there is closed in there."""
    if bare.find("(", first, last) < 0:
        return bare.find(")", first, last) < 0
    depth = 0
    for mark in bare[first:last]:
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
