"""The words that operations are described with: what is done, how, where and when."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """One change, as small as PostgreSQL's own subcommands: each has a lock of its own."""

    CREATE_TABLE = "create table"
    DROP_TABLE = "drop table"
    RENAME_TABLE = "rename table"
    SET_SCHEMA = "set schema"
    RECREATE_TABLE = "recreate table"  # a batch with recreate="always" copies the table
    COMMENT_TABLE = "comment on table"
    ALTER_TABLE = "alter table"  # a subcommand that has no kind of its own: `words` says which
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
    ALTER_TYPE_OBJECT = "alter type"  # a composite's attributes, a type's name or schema: `words`
    DROP_TYPE = "drop type"  # domains too: `words` is "domain" then
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
    OTHER = "other"  # a statement that is known by its command words, kept in `words`

    @property
    def is_data(self) -> bool:
        """Whether it reads or writes rows, or steers the session, and leaves the schema as it is."""
        return self in _DATA


_DATA = frozenset(
    {
        Kind.REINDEX,
        Kind.CLUSTER,
        Kind.VACUUM,
        Kind.ANALYZE,
        Kind.REFRESH,
        Kind.LOCK,
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


# A constraint's kind as `op.drop_constraint(type_=...)` says it.
SAID_KINDS = {
    "primary": ConstraintKind.PRIMARY_KEY,
    "unique": ConstraintKind.UNIQUE,
    "foreignkey": ConstraintKind.FOREIGN_KEY,
    "check": ConstraintKind.CHECK,
}

ADVISORY = "advisory lock"  # what a SELECT takes until its transaction ends
