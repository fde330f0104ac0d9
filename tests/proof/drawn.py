"""Revisions drawn at random: the statements that a fix mends, in every way that people write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

Draw = st.DrawFn
ENV_PY, MAKO = "alembic/env.py", "alembic/script.py.mako"
FIRST, CHANGE = "alembic/versions/0001_base.py", "alembic/versions/0002_change.py"

_TABLES = """
    CREATE TABLE {s}crews (id bigint PRIMARY KEY, name text, level integer);
    CREATE TABLE {s}runs (id bigint PRIMARY KEY, crew_id bigint, a int, b text, "At" int);
    CREATE TABLE {s}laps (id bigint NOT NULL, rank int NOT NULL, note text NOT NULL);
    CREATE INDEX ix_old ON {s}runs (a);
    CREATE INDEX ix_older ON {s}runs (b, id);
"""
BASE = f'''"""base

Create Date: 2026-01-05 10:00:00
"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute(\'\'\'{_TABLES}    \'\'\')


def downgrade():
    op.execute("DROP TABLE {{s}}runs")
    op.execute("DROP TABLE {{s}}crews")
    op.execute("DROP TABLE {{s}}laps")
'''
# What a database is like at the base revision, with rows in its tables.
START = f"""{_TABLES}
CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO {{s}}crews SELECT i, 'crew ' || i, i FROM generate_series(1, 60) i;
INSERT INTO {{s}}runs SELECT i, i, i, 'run ' || i, i FROM generate_series(1, 60) i;
INSERT INTO {{s}}laps SELECT i, i, 'lap ' || i FROM generate_series(1, 60) i;
"""
ENV = """from alembic import context

connection = context.config.attributes["connection"]
{first}context.configure(connection=connection, transaction_per_migration={per})
with context.begin_transaction():
    context.run_migrations()
{last}"""
# What env.py does with the connection before and after: nothing, a lock_timeout for the session, a
# statement in which SQLAlchemy begins a transaction that Alembic does not know of.
_SENT = "connection.exec_driver_sql(\"SET lock_timeout = '4s'\")\n"
CONNECTIONS = (("", ""), ("", ""), (f"{_SENT}connection.commit()\n", ""), (_SENT, "connection.commit()\n"))
TEMPLATE = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
HEAD = '''"""change

Create Date: 2026-02-05 10:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
'''


@dataclass(frozen=True)
class Drawn:
    """A history of two revisions or more.

    Arguments:
        start: the SQL that makes what the first leaves, with rows in the tables.
        instead: the files in which the history differs that the mended one is held against, where the server
            refuses the drawn one, or the fix makes something else on purpose.
    """

    files: dict[str, str]
    start: str
    instead: dict[str, str] = field(default_factory=dict)

    @property
    def change(self) -> str:
        """The text of the revision that is mended."""
        return self.files[CHANGE]


@dataclass(frozen=True)
class Change:
    """One statement of upgrade() and what takes it back; each a block of lines.

    Arguments:
        instead: the two that a mended one is held against, where that is not the change itself.
    """

    up: str
    down: str
    instead: tuple[str, str] | None = None

    @property
    def held(self) -> Change:
        """The change that the server is given beside the mended one."""
        return Change(*self.instead) if self.instead else self


def called(draw: Draw, name: str, arguments: Sequence[str]) -> str:
    """A call in one of the layouts that people write, with a comment or without."""
    layout = draw(st.sampled_from(["line", "line", "exploded", "hugging", "comments"]))
    note = draw(st.sampled_from(["", "", "  # why"]))
    if layout == "line":
        return f"{name}({', '.join(arguments)}){note}"
    if layout == "hugging":
        pad = " " * (len(name) + 1)
        return f"{name}({f',{chr(10)}{pad}'.join(arguments)}){note}"
    if layout == "exploded":
        return f"{name}(\n    {f',{chr(10)}    '.join(arguments)},\n){note}"
    lines = [f"{each},  # {at}" for at, each in enumerate(arguments)]
    return f"{name}(  # first\n    {f'{chr(10)}    '.join(lines)}\n    # last\n){note}"


def sent(draw: Draw, sql: str) -> str:
    """op.execute of a statement, as a line or as a text of several lines."""
    layout = draw(st.sampled_from(["line", "lines", "text"]))
    quote = "'" if '"' in sql else '"'
    if layout == "lines":
        return f"op.execute(\n    '''\n    {sql}  -- why\n    '''\n)"
    if layout == "text":
        return f"op.execute(sa.text({quote}{sql}{quote}))"
    return f"op.execute({quote}{sql};{quote})"


@st.composite
def create_index(draw: Draw, s: str, at: int) -> Change:
    """An index on an old table: by a call, by SQL, or in a batch."""
    name = f"ix_new_{at}"
    columns = draw(st.sampled_from([["a"], ["a", "b"], ["id", "b"], ["At"], ["b", "id"]]))
    assert isinstance(columns, list)
    unique = bool(draw(st.booleans())) and "id" in columns
    where = draw(st.sampled_from(["", "", "a > 3"]))
    form = draw(st.sampled_from(["call", "call", "sql", "batch"]))
    down = f"op.drop_index('{name}', table_name='runs'{schema(s)})"
    if form == "sql":
        words = ", ".join(f'"{each}"' if each == "At" else each for each in columns)
        using = draw(st.sampled_from(["", " USING btree"]))
        exists = draw(st.sampled_from(["", "", " IF NOT EXISTS"]))
        sql = f"CREATE {'UNIQUE ' * unique}INDEX{exists} {name} ON {s}runs{using} ({words})"
        sql += f" WHERE {where}" if where else ""
        sql = sql.lower() if draw(st.booleans()) and "At" not in columns else sql
        return Change(sent(draw, sql), f'op.execute("DROP INDEX {s}{name}")')
    more = [f"unique={unique}"] if draw(st.booleans()) or unique else []
    more += [f"postgresql_where=sa.text({where!r})"] if where else []
    index = f"op.f('{name}')" if draw(st.booleans()) else repr(name)
    if form == "batch":
        call = called(draw, "batch.create_index", [index, repr(columns), *more])
        extra = draw(st.sampled_from(["", f"batch.add_column(sa.Column('extra_{at}', sa.Text()))\n"]))
        lines = f"{extra}{call}".replace("\n", "\n    ")
        back = down + (f"\nop.drop_column('runs', 'extra_{at}'" + schema(s) + ")" if extra else "")
        return Change(f"with op.batch_alter_table('runs'{schema(s)}) as batch:\n    {lines}", back)
    if draw(st.booleans()):
        arguments = [index, "'runs'", repr(columns), *more]
    else:
        arguments = [f"index_name={index}", f"columns={columns!r}", "table_name='runs'", *more]
    return Change(called(draw, "op.create_index", [*arguments, *alone(s)]), down)


@st.composite
def drop_index(draw: Draw, s: str, at: int) -> Change:
    """An old index that goes."""
    name, columns = [("ix_old", ["a"]), ("ix_older", ["b", "id"])][at % 2]
    back = f"op.create_index('{name}', 'runs', {columns!r}{schema(s)})"
    form = draw(st.sampled_from(["call", "sql", "batch"]))
    if form == "sql":
        exists = draw(st.sampled_from(["", " IF EXISTS"]))
        return Change(sent(draw, f"DROP INDEX{exists} {s}{name}"), back)
    if form == "batch":
        call = called(draw, "batch.drop_index", [repr(name)]).replace("\n", "\n    ")
        extra = draw(st.sampled_from(["", f"\n    batch.add_column(sa.Column('extra_{at}', sa.Text()))"]))
        back = (f"op.drop_column('runs', 'extra_{at}'{schema(s)})\n" if extra else "") + back
        return Change(f"with op.batch_alter_table('runs'{schema(s)}) as batch:\n    {call}{extra}", back)
    arguments = [repr(name), *draw(any_of([], ["table_name='runs'"])), *alone(s)]
    return Change(called(draw, "op.drop_index", arguments), back)


@st.composite
def plain_in_block(draw: Draw, s: str, at: int) -> Change:
    """An index that is built plainly in an autocommit_block."""
    change = draw(create_index(s, at).filter(lambda each: not each.up.startswith("with")))
    assert isinstance(change, Change)
    return Change(f"with op.get_context().autocommit_block():\n    {indented(change.up)}", change.down)


@st.composite
def not_retryable(draw: Draw, s: str, at: int) -> Change:
    """An index that is built CONCURRENTLY, and not dropped first."""
    name = f"ix_new_{at}"
    down = f"op.drop_index('{name}', table_name='runs'{schema(s)})"
    if draw(st.booleans()):
        exists = draw(st.sampled_from(["", " IF NOT EXISTS"]))
        up = sent(draw, f"CREATE INDEX CONCURRENTLY{exists} {name} ON {s}runs (a)")
    else:
        more = ["postgresql_concurrently=True", *draw(any_of([], ["if_not_exists=True"]))]
        up = called(draw, "op.create_index", [repr(name), "'runs'", "['a']", *more, *alone(s)])
    return Change(f"with op.get_context().autocommit_block():\n    {indented(up)}", down)


@st.composite
def reindex(draw: Draw, s: str, at: int) -> Change:
    """An index or a table that is indexed anew."""
    index = ["ix_old", "ix_older"][at % 2]  # another change may drop the other one
    what = draw(st.sampled_from([f"INDEX {s}{index}", f"TABLE {s}runs", f"(VERBOSE) TABLE {s}runs"]))
    return Change(sent(draw, f"REINDEX {what}"), "pass")


@st.composite
def foreign_key(draw: Draw, s: str, at: int) -> Change:
    """A foreign key between two old tables."""
    column = ("crew_id", "id")[at % 2]
    name = draw(st.sampled_from([f"fk_{at}", f"fk_{at}", ""])) or f"runs_{column}_fkey"
    called_so = "None" if str(name).startswith("runs") else repr(name)
    cascade = draw(st.sampled_from(["", "CASCADE", "SET NULL" if column == "crew_id" else ""]))
    form = draw(st.sampled_from(["call", "sql", "batch", "loop"]))
    down = f"op.drop_constraint('{name}', 'runs'{schema(s)})"
    if form == "loop":
        given = ["f'fk_{at}_{column}'".replace("{at}", str(at)), "'runs'", "'crews'", "[column]", "['id']"]
        given += [f"source_schema={s[:-1]!r}", f"referent_schema={s[:-1]!r}"] if s else []
        call = called(draw, "op.create_foreign_key", given).replace("\n", "\n    ")
        drops = [f"op.drop_constraint('fk_{at}_{each}', 'runs'{schema(s)})" for each in ("id", "crew_id")]
        return Change(f"for column in ('crew_id', 'id'):\n    {call}", "\n".join(drops))
    if form == "sql":
        late = draw(st.sampled_from(["", " DEFERRABLE INITIALLY DEFERRED"]))
        sql = f"ALTER TABLE {s}runs ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {s}crews (id)"
        sql = sql.replace(f"CONSTRAINT {name} ", "") if called_so == "None" else sql
        return Change(sent(draw, sql + (f" ON DELETE {cascade}" if cascade else "") + str(late)), down)
    more = [f"ondelete={cascade!r}"] if cascade else []
    more += draw(any_of([], ["deferrable=True", "initially='DEFERRED'"]))
    if form == "batch":
        more += [f"referent_schema={s[:-1]!r}"] if s else []
        arguments = [called_so, "'crews'", f"[{column!r}]", "['id']", *more]
        call = called(draw, "batch.create_foreign_key", arguments).replace("\n", "\n    ")
        return Change(f"with op.batch_alter_table('runs'{schema(s)}) as batch:\n    {call}", down)
    more += [f"source_schema={s[:-1]!r}", f"referent_schema={s[:-1]!r}"] if s else []
    arguments = [called_so, "'runs'", "'crews'", f"[{column!r}]", "['id']", *more]
    return Change(called(draw, "op.create_foreign_key", arguments), down)


@st.composite
def check(draw: Draw, s: str, at: int) -> Change:
    """A CHECK on an old table."""
    name = f"ck_{at}"
    rule = draw(st.sampled_from(["a > 0", "b <> 'x, y'", "a > 0 OR b IS NULL"]))
    down = f"op.drop_constraint('{name}', 'runs'{schema(s)})"
    if draw(st.booleans()):
        sql = f"ALTER TABLE {s}runs ADD CONSTRAINT {name} CHECK ({rule})"
        return Change(sent(draw, sql) if "'" not in sql else f'op.execute("{sql}")', down)
    arguments = [repr(name), "'runs'", repr(rule), *alone(s)]
    return Change(called(draw, "op.create_check_constraint", arguments), down)


def any_of(*lists: list[str]) -> st.SearchStrategy[list[str]]:
    """One of some lists of arguments."""
    return st.sampled_from(lists)


def schema(s: str) -> str:
    """The keyword that names the schema, behind other arguments."""
    return "".join(f", {said}" for said in alone(s))


def alone(s: str) -> list[str]:
    """The same as a list of one or none."""
    return [f"schema={s[:-1]!r}"] if s else []


def indented(text: str) -> str:
    """Lines one level deeper, but for the first."""
    return text.replace("\n", "\n    ")


@st.composite
def histories(draw: Draw, change: Callable[[str, int], st.SearchStrategy[Change]], *, most: int = 2) -> Drawn:
    """A base, and a revision of so many changes at most, some of them in an `if`, with comments between."""
    s = draw(st.sampled_from(["", "", "log."]))
    assert isinstance(s, str)
    changes = [draw(change(s, at)) for at in range(draw(st.integers(1, most)))]
    notes = draw(st.tuples(*(st.sampled_from(["", "# what it is for\n"]) for _ in changes)))
    asks = draw(st.tuples(*(st.sampled_from([False, False, False, False, True]) for _ in changes)))
    more, gap = draw(st.sampled_from([False, False, False, True])), draw(st.sampled_from(["\n", "\n\n"]))

    def revision(changes: Sequence[Change]) -> str:
        up = [f"op.add_column('crews', sa.Column('extra_at', sa.Integer()){schema(s)})  # new"] * more
        for each, note, asked in zip(changes, notes, asks, strict=True):
            told = "if op.get_bind().dialect.name == 'postgresql':\n    "
            up.append(note + (told + indented(each.up) if asked else each.up))
        down = [each.down for each in reversed(changes)]
        down += [f"op.drop_column('crews', 'extra_at'{schema(s)})"] * more
        return HEAD + block(gap.join(up)) + "\n\ndef downgrade():\n" + block("\n".join(down))

    text, held = revision(changes), revision([each.held for each in changes])
    # A block that the revision has itself fails behind such a transaction.
    first, last = draw(st.sampled_from(CONNECTIONS[: -1 if "autocommit_block" in text else None]))
    files = {
        ENV_PY: ENV.format(per=draw(st.booleans()), first=first, last=last),
        MAKO: TEMPLATE,
        FIRST: BASE.format(s=s),
        CHANGE: text,
    }
    return Drawn(files, START.format(s=s), {CHANGE: held} if held != text else {})


def block(text: str) -> str:
    """The lines of a function's body."""
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())


@st.composite
def unique(draw: Draw, s: str, at: int) -> Change:
    """A UNIQUE, or the primary key, on an old table."""
    columns = draw(st.sampled_from([["id", "a"], ["b"], ["At", "b"], ["crew_id"]]))
    assert isinstance(columns, list)
    name = draw(st.sampled_from([f"key_{at}", f"key_{at}", ""])) or f"runs_{'_'.join(columns)}_key"
    is_named = str(name).startswith("key")
    down = f"op.drop_constraint('{name}', 'runs'{schema(s)})"
    late = draw(st.sampled_from([[], [], ["deferrable=True"], ["deferrable=True", "initially='DEFERRED'"]]))
    assert isinstance(late, list)
    if draw(st.booleans()):
        words = ", ".join(f'"{each}"' if each == "At" else each for each in columns)
        include = [" INCLUDE (a)"] * is_named  # it would be a part of the name that the server picks
        more = draw(st.sampled_from(["", " DEFERRABLE INITIALLY DEFERRED", *include]))
        sql = f"ALTER TABLE {s}runs ADD CONSTRAINT {name} UNIQUE ({words}){more}"
        return Change(sent(draw, sql if is_named else sql.replace(f"CONSTRAINT {name} ", "")), down)
    arguments = [repr(name) if is_named else "None", "'runs'", repr(columns), *late, *alone(s)]
    return Change(called(draw, "op.create_unique_constraint", arguments), down)


@st.composite
def set_not_null(draw: Draw, s: str, at: int) -> Change:
    """A column that is required from now on."""
    column = ("a", "b")[at % 2]
    down = f"op.alter_column('runs', '{column}', nullable=True{schema(s)})"
    if draw(st.booleans()):
        return Change(sent(draw, f"ALTER TABLE {s}runs ALTER COLUMN {column} SET NOT NULL"), down)
    more = draw(st.sampled_from([[], ["existing_type=sa.Integer()"], ["comment='said'"]]))
    assert isinstance(more, list)
    if "comment='said'" in more:
        down = f"op.alter_column('runs', '{column}', nullable=True, comment=None{schema(s)})"
    arguments = ["'runs'", repr(column), *more, "nullable=False", *alone(s)]
    return Change(called(draw, "op.alter_column", arguments), down)


@st.composite
def unnamed(draw: Draw, s: str, at: int) -> Change:
    """A constraint that the server names."""
    more = alone(s)
    if draw(st.booleans()):
        column = ("a", "b")[at % 2]
        up = called(draw, "op.create_unique_constraint", ["None", "'runs'", f"[{column!r}]", *more])
        return Change(up, f"op.drop_constraint('runs_{column}_key', 'runs'{schema(s)})")
    schemas = [f"source_schema={s[:-1]!r}", f"referent_schema={s[:-1]!r}"] if s else []
    column = ("crew_id", "id")[at % 2]
    arguments = ["None", "'runs'", "'crews'", f"[{column!r}]", "['id']", *schemas]
    down = f"op.drop_constraint('runs_{column}_fkey', 'runs'{schema(s)})"
    return Change(called(draw, "op.create_foreign_key", arguments), down)
