"""What a revision does, as plain values: one `Operation` for each change of the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from runcrew_lint.domains.migrations.elements import (
    NO_RELATION,
    NOWHERE,
    UNREAD,
    Column,
    Constraint,
    Index,
    Like,
    Read,
    Relation,
)
from runcrew_lint.domains.migrations.vocabulary import (
    ConstraintKind,
    Direction,
    Form,
    Kind,
    Transaction,
)
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

__all__ = [
    "NOWHERE",
    "NO_RELATION",
    "UNNAMED",
    "UNREAD",
    "AlembicEnvironment",
    "Column",
    "Constraint",
    "ConstraintKind",
    "Direction",
    "EnvironmentSection",
    "Form",
    "Index",
    "Kind",
    "Like",
    "Migration",
    "Operation",
    "Read",
    "Relation",
    "Transaction",
    "Unresolved",
]


UNNAMED = "unnamed"


@frozen
class Operation:
    """One change of the schema.

    Arguments:
        span: the call, or the statement inside its literal.
        call: the Python call that it is part of; the same as `span` for `op.*`.
        table: the relation (table, view, sequence) it acts on; for an index or a constraint the table that
            has it, where known: of a DROP or ALTER INDEX only the index's schema is.
        name: the index, constraint, trigger, schema or setting, a type or function as `schema.name`; the new
            name of a renamed column.
        target: the new name, or the place in another schema, of what is renamed or moved.
        columns: the columns that are made, changed or dropped; for a domain one that bears its type.
        part: its place within a statement of several actions or targets: one that is not 0 runs together
            with the operation before it, under one lock and in one pass over the table.
        others: further relations that the statement names: the parents of PARTITION OF (`words` says so) or
            INHERITS, the partition that is attached, what a query reads, the table that owns a sequence.
        likes: the tables whose columns CREATE TABLE copies.
        reads: the columns that the query of a view reads.
        words: what kind and flags do not say, as the command's own lower-case words: the command of OTHER
            ("create policy"), the action of ALTER_TABLE, ALTER_DOMAIN and ALTER_TYPE_OBJECT ("set
            statistics", "disable trigger"), the mode of LOCK, "full" of VACUUM, "for update" or
            "advisory lock" of SELECT,
            "limit" of an UPDATE or DELETE whose other relations are a query of so many rows;
            UNNAMED of a constraint whose name is given as None.
        options: what is set, by name and value as written: storage parameters, settings (without quotes), a
            function's clauses, a sequence's, "partition by", "tablespace"; "existing type" and "type" as
            Alembic's alter_column and drop_constraint say the column's old type and the constraint's kind.
        values: the labels of an enum: all of them, the new one, or the old and the new one of a rename; of a
            statement on rows the short texts in it, each once.
        text: the one SQL expression or body that it carries: USING, a view's query, a partition's bound, a
            function's body, a trigger's WHEN, the WHERE of a query, a comment.
        partitioned, temporary, unlogged, materialized: how a table or view is made.
        replaces: OR REPLACE.
        local: SET LOCAL.
        if_exists: IF EXISTS or IF NOT EXISTS.
        only: ONLY, which leaves children and partitions out.
        whole: an UPDATE or DELETE without WHERE.
        conditions: the source of every condition on the way whose truth is not known, cut off if long.
        repeats: reached through a loop, so that one span makes several operations.
        helper: reached through a helper function.
        shares_text: the text that it stands in, which one call sends, has other statements, too.
        unsure: whether it is CONCURRENTLY is not known: the schema takes it, and no rule judges it.
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
    likes: tuple[Like, ...] = ()
    reads: tuple[Read, ...] = ()
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
    shares_text: bool = False
    unsure: bool = False

    def option(self, name: str) -> str:
        """What an option is set to, "" where it is not."""
        return next((value for key, value in self.options if key == name), "")


RUNS = "whether this runs"  # an operation is known, its condition is not
LONGEST_CONDITION = 80  # characters of its source


@frozen
class Unresolved:
    """Something that may change the schema and can't be known without running it.

    Arguments:
        first, last: how many operations of its direction come before it, the first and the last time it runs.
    """

    direction: Direction
    span: Span
    what: str
    why: str
    first: int = 0
    last: int = 0


@frozen
class Assembled:
    """SQL that is put together, as it runs, from what can't be known statically; `how` says of what."""

    direction: Direction
    span: Span
    how: str


class Import(NamedTuple):
    """An imported module, as it is written, with what is taken from it; a relative one starts with a dot."""

    module: str
    names: tuple[str, ...]
    span: Span


@frozen
class ForeignMigration:
    """A migration of a tool that is not read; `whose` says of the file what or whose it is."""

    path: str
    whose: str


@frozen
class Migration:
    """One Alembic revision, or one SQL script with its way back.

    Arguments:
        down_revisions: the parents; more than one for a merge, none for a base.
        parent_places: each place where the file names a parent, without quotes, and which.
        parents_known: False where `down_revision` is no literal, so that the graph can't be trusted.
        create_date: the date in the docstring's "Create Date:" line, "YYYY-MM-DD" or "".
        file_date: the date in the file's name, "YYYY-MM-DD" or "".
        upgrade_span, downgrade_span: the `def` line of each; empty where there is none.
        downgrade_empty: downgrade() is missing, or its body says nothing (`pass`, a docstring).
        downgrade_raises: the `raise` that every run of downgrade() comes to, in SQL a DO block's; empty where
            there is none.
        imports: every module that is imported anywhere in the file, but for type checkers alone.
        assembled: the SQL that is put together as the revision runs.
        tool: what runs it: "alembic", or the tool of a script, "" where that is not known.
        dialect: the database that a script is for, "postgresql" or another's name; "" where it does not say.
        folder: of a script, the folder whose scripts are one history.
        downgrade_path: of a script, the file of the way back, where that is another one.
        one_way: a script that has no way back, as its tool allows.
        includes: the scripts that psql may read in the midst of this one.
        others: the databases beside PostgreSQL for which it does something, "another" where it names none.
        taken, taken_back: the files of the repository whose text upgrade() and downgrade() read.
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
    parent_places: tuple[tuple[str, Span], ...] = ()
    depends_on_span: Span = NOWHERE
    upgrade_span: Span = NOWHERE
    downgrade_span: Span = NOWHERE
    downgrade_empty: bool = False
    downgrade_raises: Span = NOWHERE
    imports: tuple[Import, ...] = ()
    assembled: tuple[Assembled, ...] = ()
    tool: str = "alembic"
    dialect: str = "postgresql"
    folder: str = ""
    downgrade_path: str = ""
    one_way: bool = False
    includes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    @cached_property
    def creations(self) -> Mapping[str, Sequence[tuple[int, Operation]]]:
        """The operations of upgrade() that create tables, with their places in it, by the tables' names."""
        found: dict[str, list[tuple[int, Operation]]] = {}
        for at, each in enumerate(self.upgrade):
            if each.kind is Kind.CREATE_TABLE:
                found.setdefault(each.table.key.name, []).append((at, each))
        return found

    def place(self, span: Span, direction: Direction = Direction.UPGRADE) -> Place:
        """Where something of one direction stands."""
        back = direction is Direction.DOWNGRADE and self.downgrade_path
        return Place(self.downgrade_path if back else self.path, span)

    @property
    def date(self) -> str:
        """The day the revision was made, as it says itself, else as its file's name says, else ""."""
        return self.create_date or self.file_date


class EnvironmentSetting(NamedTuple):
    """A timeout that an environment sets before it migrates; `value` is "?" where it is not known."""

    name: str
    value: str
    local: bool = False


@frozen
class Rehearsal:
    """A file that tries a downgrade; `names` are those by which a workflow runs it, none for a test."""

    path: str
    names: tuple[str, ...] = ()


class MappedColumn(NamedTuple):
    """A column that a model maps, by its name in the database."""

    table: Relation
    name: str
    span: Span


@frozen
class MappedTables:
    """The columns that the models of one file map, as far as the classes themselves say."""

    path: str
    columns: tuple[MappedColumn, ...]


class EnvironmentSection(NamedTuple):
    """One section that sets up an Alembic environment; locations are as written, `%(here)s` resolved.

    `file_template` says how its revision files are named, "" where it leaves that to Alembic; `recursive`,
    that Alembic opens the folders in its locations, too.
    """

    name: str
    script_location: str
    version_locations: tuple[str, ...]
    file_template: str = ""
    recursive: bool = False


@frozen
class AlembicEnvironment:
    """What one alembic.ini, pyproject.toml or env.py sets up; several sections are several environments.

    Arguments:
        autocommit: the connection is put into AUTOCOMMIT, so that no transaction holds a revision.
        transaction_per_migration: each revision has a transaction of its own.
        settings: the timeouts it sets on its connection.
        outer_transaction: where it begins a transaction around all revisions, so that what Alembic is told
            of transactions counts no more; empty where it begins none.
        transactional_ddl: what `configure` is told; None where it is not, so that the dialect decides.
        search_path: what it sets the search path to, "" for nothing and "?" for something not known.
        version_table_schema: the schema of Alembic's own table, likewise.
        include_schemas: revisions are generated for other schemas than the default one, too.
        naming_convention: that of the metadata that `configure` is given, by SQLAlchemy's keys ("ix", "fk");
            None where it can't be known. "unique ix" is that of unique indexes, where it is another.
        extension: "asked" for an env.py that takes its metadata from Flask-Migrate, "given" for a module that
            hands its database to Flask-Migrate, and whose convention that is; else "".
        template: the text of the script.py.mako beside env.py, "" for none.
        others: the databases beside PostgreSQL that env.py names.
        begun: where it sends a statement on the connection before `configure` and does not commit it, so that
            SQLAlchemy 2 has begun a transaction that Alembic takes for the caller's: it begins none of its
            own, and an autocommit_block fails unless the revision commits first.
        may_not_begin: whether it sends such statements only under conditions.
        left_open: where it runs the revisions and nobody has begun a transaction, on a connection of which it
            is known that it begins one with its first statement; empty where Alembic begins its own.
        dialect: the database that `sqlalchemy.url` of the settings names, "" for none or one that is not
            known; of an env.py "" where it takes that setting as it is, and "?" where it may bring another.
        types: the one database whose own types an env.py imports, "" for none or several.
        drivers: the one database that the project around an env.py has a driver or a server of, where neither
            the script nor the settings name one; "" where that is not known, "?" where PostgreSQL may be
            among them. For "given" that of the application.
        adds_locations: it sets version locations as it runs, so that more revisions may lie elsewhere.
        unseen: what runs the revisions is not in it, or it can't be read, so that nothing is known of their
            transaction.
        locks: it takes a lock for the time of its transaction, that no other program migrates meanwhile.
        widens_ids: it speaks of the column of Alembic's own table that keeps the revision.
        own_ids: it gives new revisions ids of its own making, or notes the last one in a file.
    """

    path: str
    sections: tuple[EnvironmentSection, ...] = ()
    autocommit: bool = False
    transaction_per_migration: bool = False
    settings: tuple[EnvironmentSetting, ...] = ()
    outer_transaction: Span = NOWHERE
    transactional_ddl: bool | None = None
    search_path: str = ""
    version_table_schema: str = ""
    include_schemas: bool = False
    naming_convention: tuple[tuple[str, str], ...] | None = ()
    extension: str = ""
    template: str = ""
    others: tuple[str, ...] = ()
    begun: Span = NOWHERE
    may_not_begin: bool = False
    left_open: Span = NOWHERE
    dialect: str = ""
    types: str = ""
    drivers: str = ""
    adds_locations: bool = False
    unseen: bool = False
    locks: bool = False
    widens_ids: bool = False
    own_ids: bool = False
