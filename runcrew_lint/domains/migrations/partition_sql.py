"""The actions of ALTER TABLE that tie tables to each other: inheritance and partitions."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import relation
from runcrew_lint.domains.migrations.table_action import Action, Made, not_known


def _inherit(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    parent = relation(cursor, "the parent table")
    yield made(Kind.ALTER_TABLE, words="inherit", others=(parent,))


def _attach(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.take("partition")
    partition = relation(cursor, "the partition")
    yield made(Kind.ATTACH_PARTITION, others=(partition,), text=cursor.until(","))


def _detach(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
    del table
    cursor.take("partition")
    partition = relation(cursor, "the partition")
    word = cursor.take_one("concurrently", "finalize")
    yield made(
        Kind.DETACH_PARTITION,
        others=(partition,),
        concurrently=word == "concurrently",
        words="finalize" if word == "finalize" else "",
    )


def _partitions(word: str) -> Action:
    """SPLIT PARTITION and MERGE PARTITIONS: the partitions that go and come are in `others`."""

    def reader(cursor: Cursor, table: Relation, made: Made) -> Iterator[Operation]:
        del table
        what = cursor.take_one("partition", "partitions")
        if not what:
            raise not_known(cursor)
        listed = [relation(item, "the partition") for item in cursor.parenthesised()]
        others = listed or [relation(cursor, "the partition")]
        if cursor.take("into"):
            inner = cursor.parenthesised()
            for item in inner:
                item.take("partition")
                others.append(relation(item, "the partition"))
            if not inner:
                others.append(relation(cursor, "the partition"))
        yield made(Kind.ALTER_TABLE, words=f"{word} {what}", others=tuple(others))

    return reader


ACTIONS: dict[str, Action] = {
    "inherit": _inherit,
    "attach": _attach,
    "detach": _detach,
    "split": _partitions("split"),
    "merge": _partitions("merge"),
}
