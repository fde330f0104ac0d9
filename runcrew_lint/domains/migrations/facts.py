"""What a revision does, as plain values: one `Operation` for each change of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from runcrew_lint.text import Span

NOWHERE = Span(0, 0)


class Kind(StrEnum):
    """One change, as small as PostgreSQL's own subcommands: each has a lock of its own."""

    CREATE_TABLE = "create table"
    DROP_TABLE = "drop table"
    RENAME_TABLE = "rename table"
    SET_SCHEMA = "set schema"
    RECREATE_TABLE = "recreate table"  # a batch with recreate="always" copies the table
    COMMENT_TABLE = "comment on table"
    ALTER_TABLE = "alter table"  # a subcommand that is named in `name` and has no kind yet
    ADD_COLUMN = "add column"
    DROP_COLUMN = "drop column"
    RENAME_COLUMN = "rename column"
    ALTER_TYPE = "alter column type"
    SET_NOT_NULL = "set not null"
    DROP_NOT_NULL = "drop not null"
    SET_DEFAULT = "set default"
    DROP_DEFAULT = "drop default"
    COMMENT_COLUMN = "comment on column"
    ADD_CONSTRAINT = "add constraint"
    DROP_CONSTRAINT = "drop constraint"
    RENAME_CONSTRAINT = "rename constraint"
    VALIDATE_CONSTRAINT = "validate constraint"
    CREATE_INDEX = "create index"
    DROP_INDEX = "drop index"
    RENAME_INDEX = "rename index"
    ATTACH_PARTITION = "attach partition"  # `others` is the partition, or for an index the child index
    DETACH_PARTITION = "detach partition"
    CREATE_VIEW = "create view"
    DROP_VIEW = "drop view"
    REFRESH = "refresh materialized view"
    CREATE_TYPE = "create type"
    ALTER_TYPE_OBJECT = "alter type"  # a composite's attributes, a type's name or schema; words in `name`
    DROP_TYPE = "drop type"
    ALTER_ENUM = "alter enum"  # `values` holds the new label, or the old and the new one of a rename
    CREATE_DOMAIN = "create domain"
    ALTER_DOMAIN = "alter domain"  # the action's words stand in `words`
    CREATE_SEQUENCE = "create sequence"
    ALTER_SEQUENCE = "alter sequence"
    DROP_SEQUENCE = "drop sequence"
    CREATE_SCHEMA = "create schema"
    RENAME_SCHEMA = "rename schema"
    DROP_SCHEMA = "drop schema"
    CREATE_EXTENSION = "create extension"
    DROP_EXTENSION = "drop extension"
    CREATE_FUNCTION = "create function"  # procedures too
    DROP_FUNCTION = "drop function"
    CREATE_TRIGGER = "create trigger"
    DROP_TRIGGER = "drop trigger"
    REINDEX = "reindex"
    CLUSTER = "cluster"
    VACUUM = "vacuum"
    ANALYZE = "analyze"
    LOCK = "lock table"
    TRUNCATE = "truncate"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    SELECT = "select"
    SET = "set"
    BEGIN = "begin"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    OTHER = "other"  # a statement that is known by its command words, kept in `name`

    @property
    def is_data(self) -> bool:
        """Whether it reads or writes rows, or steers the session, and leaves the schema as it is."""
        return self in _DATA


_DATA = frozenset(
    {
        Kind.INSERT,
        Kind.UPDATE,
        Kind.DELETE,
        Kind.SELECT,
        Kind.SET,
        Kind.BEGIN,
        Kind.COMMIT,
        Kind.ROLLBACK,
    }
)


class Form(StrEnum):
    """How the change was written."""

    CALL = "call"  # op.<operation>(...)
    BATCH = "batch"  # inside op.batch_alter_table
    SQL = "sql"  # a statement in op.execute or on a connection
    INLINE = "inline"  # what another operation brings along, such as index=True on a column


class Transaction(StrEnum):
    """The transaction a change runs in, as far as the revision itself says."""

    MIGRATION = "migration"  # Alembic's own
    AUTOCOMMIT = "autocommit"  # an autocommit_block, or an AUTOCOMMIT connection
    ENDED = "ended"  # after a COMMIT that the revision sent itself


class Direction(StrEnum):
    """Which of a revision's two functions."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"


class ConstraintKind(StrEnum):
    """PostgreSQL's constraints; NOT NULL is one of its own only where it is added or dropped by name."""

    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"
    FOREIGN_KEY = "foreign key"
    CHECK = "check"
    EXCLUDE = "exclude"
    NOT_NULL = "not null"


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Index:
    """What an index is built of; a key is a column's name or an expression's text.

    `only` is CREATE INDEX ... ON ONLY, which does not descend to partitions.
    """

    keys: tuple[str, ...] = ()
    unique: bool = False
    using: str = ""
    where: str = ""
    include: tuple[str, ...] = ()
    only: bool = False


@dataclass(frozen=True, slots=True)
class Constraint:
    """A table constraint; `valid` is False for NOT VALID; `name` is "" where the server picks one."""

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


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of the schema.

    Arguments:
        span: the call, or the statement inside its literal.
        call: the Python call that it is part of; the same as `span` for `op.*`.
        table: the relation it acts on; for an index or a constraint the table that has it, where known.
        name: the index, constraint or type; the new name of a rename; the command words of OTHER.
        target: a renamed or moved table's new name.
        columns: the columns that are made, changed or dropped.
        part: its place within a statement of several actions: one that is not 0 runs together with
            the operation before it, under one lock and in one pass over the table.
        others: further relations that the statement names: the parent of PARTITION OF or INHERITS, the
            partition that is attached, what a view or a query reads, what a trigger's constraint names.
        words: what kind and flags do not say, as the command's own lower-case words: the action of OTHER,
            ALTER_TABLE and ALTER_DOMAIN ("set statistics", "disable trigger"), the mode of LOCK, "full".
        options: what is set, by name and value as written: storage parameters, settings.
        values: the labels of an enum.
        text: the one SQL expression or body that it carries: USING, a view's query, a partition's bound,
            a function's body.
        partitioned, temporary, unlogged, materialized: how a table or view is made.
        replaces: OR REPLACE.
        local: SET LOCAL.
        if_exists: IF EXISTS or IF NOT EXISTS.
        only: ONLY, which leaves children and partitions out.
        whole: an UPDATE or DELETE without WHERE.
        conditions: the source of every condition on the way whose truth is not known.
        repeats: reached through a loop, so that one span makes several operations.
        helper: reached through a helper function.
    """

    kind: Kind
    span: Span
    call: Span = NOWHERE
    form: Form = Form.CALL
    table: Relation = NO_RELATION
    name: str = ""
    target: Relation | None = None
    columns: tuple[Column, ...] = ()
    index: Index | None = None
    constraints: tuple[Constraint, ...] = ()
    part: int = 0
    others: tuple[Relation, ...] = ()
    words: str = ""
    options: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    text: str = ""
    partitioned: bool = False
    temporary: bool = False
    unlogged: bool = False
    materialized: bool = False
    replaces: bool = False
    local: bool = False
    concurrently: bool = False
    if_exists: bool = False
    only: bool = False
    cascade: bool = False
    whole: bool = False
    transaction: Transaction = Transaction.MIGRATION
    conditions: tuple[str, ...] = ()
    repeats: bool = False
    helper: bool = False


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something that may change the schema and can't be known without running it."""

    direction: Direction
    span: Span
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Migration:
    """One Alembic revision.

    Arguments:
        down_revisions: the parents; more than one for a merge, none for a base.
        parents_known: False where `down_revision` is no literal, so that the graph can't be trusted.
        create_date: the date in the docstring's "Create Date:" line, "YYYY-MM-DD" or "".
        file_date: the date in the file's name, "YYYY-MM-DD" or "".
        upgrade_span, downgrade_span: the `def` line of each; empty where there is none.
        downgrade_empty: downgrade() is missing, or its body says nothing (`pass`, a docstring).
    """

    path: str
    revision: str
    down_revisions: tuple[str, ...] = ()
    parents_known: bool = True
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    create_date: str = ""
    file_date: str = ""
    message: str = ""
    upgrade: tuple[Operation, ...] = ()
    downgrade: tuple[Operation, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    revision_span: Span = NOWHERE
    down_revision_span: Span = NOWHERE
    depends_on_span: Span = NOWHERE
    upgrade_span: Span = NOWHERE
    downgrade_span: Span = NOWHERE
    downgrade_empty: bool = False

    @property
    def date(self) -> str:
        """The day the revision was made, as it says itself, else as its file's name says, else ""."""
        return self.create_date or self.file_date


class EnvironmentSection(NamedTuple):
    """One section that sets up an Alembic environment; locations are as written, `%(here)s` resolved."""

    name: str
    script_location: str
    version_locations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlembicEnvironment:
    """What one alembic.ini, pyproject.toml or env.py sets up; several sections are several environments.

    Arguments:
        autocommit: the connection is put into AUTOCOMMIT, so that no transaction holds a revision.
        transaction_per_migration: each revision has a transaction of its own.
    """

    path: str
    sections: tuple[EnvironmentSection, ...] = ()
    autocommit: bool = False
    transaction_per_migration: bool = False
