"""What operations are about, as plain values: relations, columns, indexes and constraints."""

from __future__ import annotations

from runcrew_lint.domains.migrations.vocabulary import ConstraintKind
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

NOWHERE = Span(0, 0)


class Relation(NamedTuple):
    """A table, view or index by name, folded as PostgreSQL folds it.

    `schema` is "" where none was given, and "?" where one was given that can't be known statically.
    """

    schema: str
    name: str

    @property
    def key(self) -> Relation:
        """The name under which it is looked up: `public` is what the search path finds first."""
        return Relation("", self.name) if self.schema == "public" else self

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema not in ("", "?") else self.name


NO_RELATION = Relation("", "")


class Read(NamedTuple):
    """A column that a query reads; `column` is "*" for all of a relation's.

    `relation` is NO_RELATION where the query reads several and does not say whose column it is.
    """

    relation: Relation
    column: str


class Like(NamedTuple):
    """LIKE in CREATE TABLE: the table whose columns are copied, and what else of it ("indexes", "all")."""

    table: Relation
    including: tuple[str, ...]


@frozen
class Column:
    """A column as an operation names it; what the operation does not say keeps its default here.

    Arguments:
        type: as PostgreSQL's format_type prints it, "" where it is not said or not known.
        default: the server default as SQL, None where there is none; UNREAD where there is one that
            can't be read.
        python_default: a `default=` that SQLAlchemy applies in Python: the database never sees it.
        generated: the expression of a generated column; `virtual` is one that is not stored.
        serial: rendered as SERIAL: an integer with a sequence of its own.
        index: `index=True`; the index is an operation of its own.
        unknown: the attributes, by field name, whose value can't be known statically.
    """

    name: str
    type: str = ""
    nullable: bool = True
    default: str | None = None
    python_default: bool = False
    identity: bool = False
    generated: str | None = None
    virtual: bool = False
    collation: str = ""
    serial: bool = False
    primary_key: bool = False
    unique: bool = False
    index: bool = False
    references: Relation | None = None
    comment: str | None = None
    unknown: tuple[str, ...] = ()
    span: Span = NOWHERE


UNREAD = "?"


@frozen
class Index:
    """What an index is built of; a key is a column's name or an expression's text.

    Arguments:
        only: CREATE INDEX ... ON ONLY, which does not descend to partitions.
        ordering: what each key says beside itself (collation, operator class, direction), "" for nothing;
            empty where no key says anything.
    """

    keys: tuple[str, ...] = ()
    unique: bool = False
    using: str = ""
    where: str = ""
    include: tuple[str, ...] = ()
    only: bool = False
    ordering: tuple[str, ...] = ()
    nulls_not_distinct: bool = False


@frozen
class Constraint:
    """A table constraint; `name` is "" where the server picks one.

    Arguments:
        expression: a CHECK with its parentheses, or an EXCLUDE from its method or elements on.
        using_index: the index that it takes over.
        valid: False for NOT VALID.
        deferred: INITIALLY DEFERRED.
        include: the columns of INCLUDE.
    """

    kind: ConstraintKind
    name: str = ""
    columns: tuple[str, ...] = ()
    references: Relation | None = None
    referred: tuple[str, ...] = ()
    expression: str = ""
    using_index: str = ""
    valid: bool = True
    enforced: bool = True
    deferrable: bool = False
    on_delete: str = ""
    on_update: str = ""
    deferred: bool = False
    nulls_not_distinct: bool = False
    no_inherit: bool = False
    include: tuple[str, ...] = ()
