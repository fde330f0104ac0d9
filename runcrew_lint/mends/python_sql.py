"""SQL on indexes in `op.execute` made to run CONCURRENTLY: words put between its tokens."""

from __future__ import annotations

from runcrew_lint.mends.python_text import Sent


def concurrent(sent: Sent) -> list[str] | None:
    """The calls that make a statement on an index run CONCURRENTLY, IF [NOT] EXISTS, in an autocommit_block.

    An index that is built is dropped first if it is there, as a build that failed leaves an INVALID one. None
    for an index without a name, and a drop of several indexes or with CASCADE.
    """
    made = {"create": _create, "drop": _drop, "reindex": _reindex}.get(sent.tokens[0].value)
    return made(sent) if made is not None else None


def _create(sent: Sent) -> list[str] | None:
    cursor = sent.cursor
    cursor.take("create")
    cursor.take("unique")
    if not cursor.take("index"):
        return None
    behind = []
    if not cursor.take("concurrently"):
        behind.append((cursor.at - 1, "CONCURRENTLY"))
    at = cursor.at - 1
    if not cursor.take("if", "not", "exists"):
        behind = [(at, " ".join([*(words for _, words in behind), "IF NOT EXISTS"]))]
    first = cursor.at
    if cursor.name() is None:
        return None
    name = sent.raw(first, cursor.at)
    if not cursor.take("on"):
        return None
    cursor.take("only")
    table = cursor.at
    parts = cursor.dotted()
    if not parts:
        return None
    schema = sent.raw(table, table + 2 * len(parts) - 2)
    drop = sent.execute(sent.cased("DROP INDEX CONCURRENTLY IF EXISTS ") + schema + name)
    create = sent.with_words(*behind)
    return [drop, create] if drop is not None and create is not None else None


def _drop(sent: Sent) -> list[str] | None:
    cursor = sent.cursor
    if not cursor.take("drop", "index") or {",", "cascade"} & set(sent.words):
        return None
    at, words = cursor.at - 1, []
    if not cursor.take("concurrently"):
        words.append("CONCURRENTLY")
    at = cursor.at - 1
    if not cursor.take("if", "exists"):
        words.append("IF EXISTS")
    new = sent.with_words((at, " ".join(words))) if words else None
    return [new] if new is not None else None


def _reindex(sent: Sent) -> list[str] | None:
    cursor = sent.cursor
    cursor.take("reindex")
    cursor.parenthesised()
    if not cursor.take_one("index", "table", "schema", "database") or "concurrently" in sent.words:
        return None
    new = sent.with_words((cursor.at - 1, "CONCURRENTLY"))
    return [new] if new is not None else None
