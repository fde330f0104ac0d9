"""What of a revision's Python is read, construct by construct."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.migrations.reading import NoReading, operations, read, said, source_of

ADD = "add column runs note:text"

CASES = [
    ("op.add_column('runs', sa.Column('note', sa.Text()))", "", [ADD]),
    ("op.add_column(table_name='runs', column=sa.Column(name='note', type_=sa.Text))", "", [ADD]),
    ("op.add_column(*('runs', sa.Column('note', sa.Text())))", "", [ADD]),
    ("op.add_column(**{'table_name': 'runs', 'column': sa.Column('note', sa.Text())})", "", [ADD]),
    ("add_column('runs', sa.Column('note', sa.Text()))", "from alembic.op import add_column", [ADD]),
    (
        "o.add_column('runs', C('note', T()))",
        "import alembic.op as o\nfrom sqlalchemy import Column as C, Text as T",
        [ADD],
    ),
    ("alembic.op.add_column('runs', sa.Column('note', sa.Text()))", "import alembic", [ADD]),
    ("add = op.add_column\nadd('runs', sa.Column('note', sa.Text()))", "", [ADD]),
    ("getattr(op, 'add_column')('runs', sa.Column('note', sa.Text()))", "", [ADD]),
    ("op.add_column(T, sa.Column('note', sa.Text()))", "T = 'ru' + 'ns'", [ADD]),
    ("op.add_column(f'{T}s', sa.Column('note', sa.Text()))", "T = 'run'", [ADD]),
    ("op.add_column('%s%s' % (T, 's'), sa.Column('note', sa.Text()))", "T = 'run'", [ADD]),
    ("op.add_column('{0}{x}'.format(T, x='s'), sa.Column('note', sa.Text()))", "T = 'run'", [ADD]),
    (
        "op.execute(string.Template(\"ALTER TABLE $t ADD COLUMN note text DEFAULT '9%$$'\").substitute(t='runs'))",
        "import string",
        ["add column runs note:text='9%$'"],
    ),
    (
        "op.execute(string.Template('DROP TABLE $t $').substitute(t='runs'))",
        "import string",
        ["? the SQL of op.execute: the text can't be formatted"],
    ),
    (
        "op.execute(T.substitute({'t': 'runs', 'n': 'x'}, n='note'))",
        "from string import Template\nT = Template('ALTER TABLE ${t} ADD COLUMN $n text')",
        [ADD],
    ),
    (
        "op.execute(string.Template('ALTER TABLE $t ADD $$').safe_substitute(t=X))",
        "import string\nfrom m import X",
        ["? the table: its name is put together when the revision runs: m.X is not known statically"],
    ),
    ("op.add_column(''.join(['run', 's']).lower(), sa.Column('note', sa.Text()))", "", [ADD]),
    ("c = sa.Column('note', sa.Text())\nop.add_column('runs', c)", "", [ADD]),
    (
        "help('runs')",
        "def help(t, *, c='note'):\n    op.add_column(t, sa.Column(c, sa.Text()))",
        [ADD + " +helper"],
    ),
    ("(lambda t: op.add_column(t, sa.Column('note', sa.Text())))('runs')", "", [ADD + " +helper"]),
    (
        "for t, cs in {'runs': ['a'], 'crews': ['b', 'c']}.items():\n    for c in cs:\n        op.drop_column(t, c)",
        "",
        ["drop column runs a +repeats", "drop column crews b +repeats", "drop column crews c +repeats"],
    ),
    (
        "for i, (t, c) in enumerate(zip(('a', 'b'), 'xy'), start=1):\n    op.drop_column(f'{t}{i}', c)",
        "",
        ["drop column a1 x +repeats", "drop column b2 y +repeats"],
    ),
    (
        "for t in [n for n in NAMES if n != 'skip']:\n    if t == 'stop':\n        break\n    op.drop_table(t)",
        "NAMES = ('a', 'skip', 'b', 'stop', 'c')",
        ["drop table a +repeats", "drop table b +repeats"],
    ),
    (
        "for i in range(2):\n    op.drop_table(f't{i}')\nelse:\n    op.drop_table('z')",
        "",
        ["drop table t0 +repeats", "drop table t1 +repeats", "drop table z"],
    ),
    (
        "columns = []\nfor n in 'ab':\n    columns.append(sa.Column(n, sa.Integer))\nop.create_table('t', *columns)",
        "",
        ["create table t a:integer b:integer"],
    ),
    # Conditions, in three values.
    (
        "if op.get_bind().dialect.name == 'postgresql':\n    op.drop_table('a')\nelse:\n    op.drop_table('b')",
        "",
        ["drop table a"],
    ),
    ("if op.get_context().dialect.name in ('mysql', 'sqlite'):\n    op.drop_table('a')", "", []),
    (
        "if op.get_context().dialect.supports_sequences:\n    op.drop_table('a')\nelse:\n    op.drop_table('b')",
        "",
        ["drop table a"],
    ),
    (
        "if not context.is_offline_mode():\n    op.drop_table('a')",
        "from alembic import context",
        ["drop table a"],
    ),
    ("if str(op.get_bind().engine.url).startswith('mysql'):\n    op.drop_table('a')", "", []),
    (
        "if 'a' in sa.inspect(op.get_bind()).get_table_names():\n    op.drop_table('a')",
        "",
        ["drop table a if 'a' in sa.inspect(op.get_bind()).get_table_names()"],
    ),
    (
        "if 'a' in names():\n    return\nop.drop_table('b')",
        "def names():\n    return sa.inspect(op.get_bind()).get_table_names()",
        ["drop table b if not ('a' in names())"],
    ),
    (
        "if os.environ['X']:\n    op.drop_table('a')\nop.drop_table('b')",
        "import os",
        [
            "drop table a if os.environ['X']",
            "drop table b",
            "? whether this runs: os.environ is not known statically",
        ],
    ),
    ("if True:\n    return\nop.drop_table('b')", "", []),
    (
        "if X or op.get_bind().dialect.name == 'postgresql':\n    op.drop_table('a')",
        "from m import X",
        ["drop table a"],
    ),
    (
        "t = 'a' if X else 'b'\nop.drop_table(t)",
        "from m import X",
        ["? the table of drop_table: it is one of 'a', 'b'"],
    ),
    (
        "if op.get_bind().execute(sa.text('SELECT 1')).scalar():\n    raise Exception\nop.drop_table('a')",
        "",
        ["select", "drop table a"],
    ),
    (
        "try:\n    op.drop_table('a')\nexcept Exception:\n    op.drop_table('b')\nfinally:\n    op.drop_table('c')",
        "",
        ["drop table a", "drop table b if except", "drop table c"],
    ),
    ("while True:\n    op.drop_table('a')\n    break", "", ["drop table a +repeats"]),
    (
        "x = []\nif X:\n    x.append('a')\nfor t in x:\n    op.drop_table(t)",
        "from m import X",
        [
            "? the table of drop_table: it changes under a condition",
        ],
    ),
    (
        "t = 'a'\nif X:\n    t = 'b'\nelse:\n    op.drop_table(t)",
        "from m import X",
        ["drop table a if not X", "? whether this runs: m.X is not known statically"],
    ),
    # A schema with its dot, or none.
    (
        "s = X + '.' if X else ''\nop.execute('ALTER TABLE ' + s + 'runs DROP COLUMN a')\n"
        "op.execute('DROP TABLE %slaps' % s)\nop.execute(f'DROP TABLE {s}crews')",
        "from m import X",
        ["drop column runs a", "drop table laps", "drop table crews"],
    ),
    (
        "s = 'log.' if X else 'old_'\nop.execute(f'DROP TABLE {s}runs')",
        "from m import X",
        ["? the table: its name is put together when the revision runs: it is one of 'log.', 'old_'"],
    ),
    # Calls that are made in another way.
    (
        "drop = partial(op.drop_column, 'runs', schema='log')\ndrop('a')\ndrop('b', schema=None)",
        "from functools import partial",
        ["drop column log.runs a", "drop column runs b"],
    ),
    (
        "list(map(op.drop_table, ['a', 'b']))\nlist(map(op.drop_table, X))",
        "from m import X",
        ["drop table a", "drop table b"],
    ),
    (
        "c = sa.Column('a', sa.Text())\nc.nullable = False\nc.other = 1\nop.add_column('runs', c)",
        "",
        ["add column runs a:text!"],
    ),
    # Batches, transactions, connections.
    (
        "with op.batch_alter_table('runs', schema='log') as b:\n    b.drop_column('a')\n    b.create_index(b.f('ix'), ['b'], unique=True)\n    b.alter_column('c', nullable=False)",
        "",
        ["drop column log.runs a", "create index log.runs =ix (unique b)", "set not null log.runs c!"],
    ),
    (
        "with op.batch_alter_table('runs', recreate='always') as b:\n    b.drop_constraint('x')",
        "",
        ["recreate table runs", "drop constraint runs =x"],
    ),
    (
        "with op.get_context().autocommit_block():\n    op.drop_table('a')\nop.drop_table('b')",
        "",
        ["drop table a @autocommit", "drop table b"],
    ),
    ("op.execute('COMMIT')\nop.drop_table('a')", "", ["commit", "drop table a @ended"]),
    (
        "c = op.get_bind().execution_options(isolation_level='AUTOCOMMIT')\nc.execute(sa.text('DROP TABLE a'))\nop.drop_table('b')",
        "",
        ["drop table a @autocommit", "drop table b"],
    ),
    ("op.get_bind().exec_driver_sql('DROP TABLE a')", "", ["drop table a"]),
    (
        "Session(bind=op.get_bind()).execute(sa.text('DROP TABLE a').execution_options(x=1))",
        "from sqlalchemy.orm import Session",
        ["drop table a"],
    ),
    (
        "op.run_async(work)",
        "async def work(c):\n    await c.execute(sa.text('DROP TABLE a'))",
        ["drop table a +helper"],
    ),
    (
        "runs = sa.table('runs', sa.column('a'))\nop.execute(runs.update().where(runs.c.a == 1).values(a=2))",
        "",
        ["update runs"],
    ),
    (
        "op.execute(sa.delete(sa.table('runs')))\nop.bulk_insert(sa.table('crews'), [])",
        "",
        ["delete runs +whole", "insert crews"],
    ),
    (
        "sa.Enum('a', name='mood').create(op.get_bind(), checkfirst=True)",
        "",
        ["create type =mood <enum> [a] +if_exists"],
    ),
    (
        "sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer)).create(op.get_bind())",
        "",
        ["create table t a:integer"],
    ),
    (
        "there = sa.inspect(op.get_bind()).get_columns('u')\nsa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer), *[sa.Column(c['name'], sa.Text()) for c in there]).create(op.get_bind())",
        "",
        ["create table t a:integer", "? a part of the table: it asks the live schema"],
    ),
    # Objects that make themselves, and SQLAlchemy's elements of definition.
    (
        "t = sa.Table('runs', sa.MetaData(), sa.Column('a', sa.Integer), schema='x')\nop.execute(sa.schema.CreateIndex(sa.Index('i', t.c.a.desc(), unique=True, postgresql_concurrently=True), if_not_exists=True))",
        "",
        ["create index x.runs =i (unique a) +concurrently +if_exists"],
    ),
    (
        "t = sa.Table('runs', sa.MetaData(), sa.Column('a', sa.Integer))\ni = sa.Index('i', sa.func.lower(t.c.a))\ni.create(op.get_bind())\ni.drop(bind=op.get_bind(), checkfirst=True)\nop.execute(sa.schema.DropIndex(i))",
        "",
        ["create index runs =i (lower(a))", "drop index runs =i +if_exists", "drop index runs =i"],
    ),
    (
        "sa.Index('i', 'a').create(op.get_bind())",
        "",
        ["? what sqlalchemy.Index(...).create changes: it is defined by more than this call"],
    ),
    (
        "t = sa.Table('runs', sa.MetaData(), sa.Column('a', sa.Integer))\nu = sa.UniqueConstraint('a', name='u')\nt.append_constraint(u)\nop.execute(AddConstraint(u))\nop.get_bind().execute(DropConstraint(u, cascade=True))",
        "from sqlalchemy.schema import AddConstraint, DropConstraint",
        ["add constraint runs =u unique(a)", "drop constraint runs =u +cascade"],
    ),
    (
        "t = sa.Table('runs', sa.MetaData(), sa.Column('a', sa.Integer))\nop.execute(AddConstraint(sa.CheckConstraint('a > 0', name='k', table=t)))\nop.execute(AddConstraint(sa.ForeignKeyConstraint([t.c.a], ['crews.id'], name='f')))",
        "from sqlalchemy.schema import AddConstraint",
        ["add constraint runs =k check(a > 0)", "add constraint runs =f foreign key(a)->crews(id)"],
    ),
    (
        "op.execute(AddConstraint(sa.UniqueConstraint('a', name='u')))",
        "from sqlalchemy.schema import AddConstraint",
        ["? the SQL of op.execute: sqlalchemy.schema.AddConstraint(...) is not known statically"],
    ),
    (
        "m = sa.MetaData()\nsa.Table('b', m, sa.Column('a_id', sa.ForeignKey('a.id')))\nsa.Table('a', m, sa.Column('id', sa.Integer))\nsa.Table('old', m, autoload_with=op.get_bind())\nm.create_all(op.get_bind())\nm.drop_all(op.get_bind(), checkfirst=False)",
        "",
        [
            "create table a id:integer +if_exists",
            "create table b a_id foreign key(a_id)->a(id) +if_exists",
            "drop table old",
            "drop table b",
            "drop table a",
        ],
    ),
    (
        "m = sa.MetaData()\na = sa.Table('a', m, sa.Column('id', sa.Integer))\nsa.Table('b', m)\nm.create_all(op.get_bind(), tables=[a])",
        "",
        ["create table a id:integer +if_exists"],
    ),
    (
        "m = sa.MetaData()\nm.reflect(op.get_bind())\nsa.Table('b', m)\nm.drop_all(op.get_bind())",
        "",
        ["? what sqlalchemy.MetaData(...).drop_all changes: it is defined by more than this call"],
    ),
    (
        "op.add_column('runs', sa.Column('a', DOMAIN('posint', sa.Integer())))\nop.add_column('runs', sa.Column('b', DOMAIN(name='Pos', data_type=sa.Integer(), schema='x')))\nop.add_column('runs', sa.Column('c', DOMAIN(given(), sa.Integer())))",
        "from sqlalchemy.dialects.postgresql import DOMAIN\nfrom elsewhere import given",
        ["add column runs a:posint", 'add column runs b:x."Pos"', "add column runs c?type"],
    ),
    # Other connections.
    (
        "db.session.execute(sa.text('DROP TABLE a'))\ndb.engine.execute('DROP TABLE b')\nwith db.engine.begin() as conn:\n    conn.execute(sa.text('DROP TABLE c'))\ns = db.session\ns.execute('DROP TABLE d')\nt = db.session()\nt.execute('DROP TABLE e')\ndb.session.commit()",
        "from application import db",
        [f"drop table {name}" for name in "abcde"],
    ),
    (
        "cursor = op.get_bind().connection.cursor()\ncursor.execute('DROP TABLE a')\ncursor.copy_expert('COPY b FROM STDIN', None)\nop.get_bind().engine.raw_connection().cursor().execute('DROP TABLE c')",
        "",
        ["drop table a", "insert b <copy>", "drop table c"],
    ),
    (
        "engine = sa.create_engine('postgresql://elsewhere')\nengine.execute('DROP TABLE a')\nwith engine.begin() as conn:\n    rows = conn.execute(sa.text('SELECT 1 FROM c')).fetchall()\n    conn.execute(sa.text('UPDATE a SET b = 1'))\n    conn.connection.cursor().execute('DROP TABLE b')\n    conn.commit()",
        "",
        [
            "? what engine.execute changes: it is a connection of its own, which may lead to another database",
            "? what conn.connection.cursor().execute changes: it is a connection of its own, which may lead to another database",
        ],
    ),
    # What one call does.
    (
        "op.alter_column('runs', 'a', type_=sa.String(20), nullable=False, server_default=None, comment='x', new_column_name='b')",
        "",
        [
            "alter column type runs a:character varying(20)",
            "set not null runs a!",
            "drop default runs a",
            "comment on column runs a#x",
            "rename column runs =b a",
        ],
    ),
    (
        "op.alter_column('runs', 'a', existing_type=sa.Text(), server_default=sa.text('now()'))",
        "",
        ["set default runs a=now()"],
    ),
    ("op.rename_table('a', 'b', schema='s')", "", ["rename table s.a ->s.b"]),
    (
        "op.create_foreign_key('fk', 'runs', 'users', ['u'], ['id'], ondelete='CASCADE', postgresql_not_valid=True)",
        "",
        ["add constraint runs =fk foreign key(u)->users(id) not valid"],
    ),
    (
        "op.create_check_constraint('ck', 'runs', 'a > 0')\nop.create_unique_constraint(None, 'runs', ['a', 'b'])",
        "",
        ["add constraint runs =ck check(a > 0)", "add constraint runs <unnamed> unique(a,b)"],
    ),
    (
        "op.drop_index('ix', 'runs', postgresql_concurrently=True, if_exists=True)",
        "",
        ["drop index runs =ix +concurrently +if_exists"],
    ),
    (
        "op.create_index('ix', 'runs', [sa.text('lower(name)'), sa.desc('at')], postgresql_where=sa.text('x'))",
        "",
        ["create index runs =ix (lower(name),at) where x"],
    ),
    (
        "op.add_column('runs', sa.Column('u', sa.ForeignKey('log.users.id'), index=True, unique=True, comment='c'))",
        "",
        [
            "add column runs u#c+unique+index foreign key(u)->log.users(id)",
            "create index runs =ix_runs_u (unique u) inline",
            "comment on column runs u#c inline",
        ],
    ),
    (
        "op.create_table('t', sa.Column('id', sa.BigInteger(), primary_key=True), sa.Column('at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False), sa.Column('k', sa.Enum('a', name='mood')), sa.CheckConstraint('k > 0', name='ck'), postgresql_partition_by='LIST (k)')",
        "",
        [
            "create type =mood <enum> [a] inline",
            "create table t id:bigint!+serial+primary_key at:timestamp with time zone!=now() k:mood {partition by=LIST (k)} primary key(id) check(k > 0) +partitioned",
        ],
    ),
    (
        "op.add_column('t', sa.Column('a', MyType(), nullable=X, default=1))",
        "from m import MyType, X",
        ["add column t a+python_default?type?nullable"],
    ),
    (
        "op.add_column('t', sa.Column('a', sa.Integer, sa.Identity(), sa.Computed('b')))",
        "",
        ["add column t a:integer!+identity+generated(b)"],
    ),
    # What can't be known is said.
    (
        "op.drop_table(NAME)",
        "from m import NAME",
        ["? the table of drop_table: m.NAME is not known statically"],
    ),
    (
        "op.drop_table(op.get_bind().execute(sa.text('SELECT 1')).scalar())",
        "",
        ["select", "? the table of drop_table: it comes from the rows of a query"],
    ),
    ("op.create_view('v')", "", ["? what op.create_view does: it is none of Alembic's own operations"]),
    (
        "op.drop_colum('t', 'a')",
        "",
        ["? what op.drop_colum does: it is none of Alembic's own operations, and op.drop_column is"],
    ),
    (
        "m.fix(op)\nm.fix_more()\nx = m.ask()",
        "import m",
        [
            "? what m.fix does: it is defined outside this file",
            "? what m.fix_more does: it is defined outside this file",
        ],
    ),
    (
        "Base.metadata.create_all(op.get_bind())",
        "from m import Base",
        [
            "? what Base.metadata.create_all does: it goes by the models of today, which are not those of this "
            "revision"
        ],
    ),
    (
        "op.execute(f'DROP TABLE {X}')",
        "from m import X",
        ["? the table: its name is put together when the revision runs: m.X is not known statically"],
    ),
    ("op.execute(f\"UPDATE runs SET a = '{X}'\")", "from m import X", ["update runs a +whole"]),
    (
        "log.info('x')\nprint(1)\nlogger.warning('y')",
        "import logging\nfrom m import logger\nlog = logging.getLogger()",
        [],
    ),
    (
        "op.create_table('t', sa.Column('a', sa.Integer), X, *Y)",
        "from m import X, Y",
        ["create table t a:integer", "? a part of create_table: m.Y is not known statically"],
    ),
    (
        "op.create_table('t', sa.Column('a', sa.Integer), X())",
        "from m import X",
        ["create table t a:integer", "? the column of create_table: m.X(...) is not known statically"],
    ),
    (
        "op.create_index('ix', *X)\nop.drop_index('ix', *X)",
        "from m import X",
        ["drop index ?. =ix", "? the table of create_index: m.X is not known statically"],
    ),
    (
        "op.add_column('t', sa.Column('a', sa.Integer, **X), **Y)",
        "from m import X, Y",
        ["add column t a:integer?nullable?primary_key?unique?index?default?comment"],
    ),
    (
        "op.create_index('ix', 'runs', ['a'], **X)",
        "from m import X",
        ["? the CONCURRENTLY of create_index: m.X is not known statically"],
    ),
    (  # Alembic's "multidb" template, whose env.py calls upgrade() for each engine
        "globals()['upgrade_%s' % X]()",
        "from m import X\ndef upgrade_one():\n    op.drop_table('a')\ndef upgrade_other():\n    op.drop_table('b')\n"
        "def downgrade_one():\n    op.drop_table('c')",
        ["drop table a +helper", "drop table b +helper"],
    ),
    (
        "globals()[f'{X}_one']()",
        "from m import X\ndef upgrade_one():\n    op.drop_table('a')",
        ["drop table a +helper"],
    ),
    (
        "globals()[f'upgrade_{X}']()",
        "from m import X",
        ["? what globals()[f'upgrade_{X}'] does: m.X is not known statically"],
    ),
    (
        "op.create_index('ix', 'runs', ['a'], postgresql_concurrently=X)\n"
        "op.drop_index('ix', 'runs', postgresql_concurrently=X)",
        "from m import X",
        [
            "create index runs =ix (a) +unsure",
            "drop index runs =ix +unsure",
            "? the CONCURRENTLY of create_index: m.X is not known statically",
            "? the CONCURRENTLY of drop_index: m.X is not known statically",
        ],
    ),
    (
        "subprocess.run(['psql'])\nuuid.uuid4()",
        "import subprocess, uuid",
        ["? what subprocess.run does: it is defined outside this file"],
    ),
    (
        "again()",
        "def again():\n    again()\n    op.drop_table('a')",
        ["drop table a +helper", "drop table a +helper", "drop table a +helper"],
    ),
]


@pytest.mark.parametrize(("upgrade", "before", "expected"), CASES)
def test_a_construct_is_read(upgrade: str, before: str, expected: list[str]) -> None:
    assert operations(upgrade, before) == expected


def test_the_places_of_calls_and_of_statements_in_a_literal() -> None:
    source = source_of(
        """
        op.drop_table("표")  # 한글
        op.execute(
            '''
            DROP TABLE a;  -- 한글
            DROP TABLE "B"
            '''
        )
        op.execute("DROP TABLE c; DROP " "TABLE d")
        """
    )
    texts = [source.text[each.span.start : each.span.end] for each in read(source).upgrade]
    joined = 'op.execute("DROP TABLE c; DROP " "TABLE d")'  # pieces: no statement has a place of its own
    assert texts == ['op.drop_table("표")', "DROP TABLE a", 'DROP TABLE "B"', joined, joined]


@pytest.mark.parametrize(
    ("lines", "parents", "known"),
    [
        ('down_revision = "a"', ("a",), True),
        ('down_revision: Union[str, None] = "a"', ("a",), True),
        ("down_revision: str | None = None", (), True),
        ('down_revision = ("a", "b")', ("a", "b"), True),
        ('BASE = "a"\ndown_revision = BASE', ("a",), True),
        ("from m import BASE\ndown_revision = BASE", (), False),
        ('globals()["down_revision"] = ("a", "b")', ("a", "b"), True),
        ('BASE = "a"\nvars()["down_revision"] = BASE', ("a",), True),
        ('from m import BASE\nglobals()["down_revision"] = BASE', (), False),
        ('try:\n    down_revision = "a"\nexcept ImportError:\n    pass', ("a",), True),
        ('from m import old\nif old:\n    down_revision = "a"\nelse:\n    down_revision = "b"', (), False),
    ],
)
def test_parents(lines: str, parents: tuple[str, ...], known: bool) -> None:
    migration = read(Source("v/x.py", f'revision = "r"\n{lines}\n'))
    assert (migration.down_revisions, migration.parents_known) == (parents, known)


@pytest.mark.parametrize(
    ("path", "document", "created", "named"),
    [
        ("v/x.py", "add\n\nCreate Date: 2026-01-31 10:00:00.123", "2026-01-31", ""),
        ("v/x.py", "Create Date: 2024-05-02T10:00:00+00:00", "2024-05-02", ""),
        ("v/x.py", "Create Date: 2026-02-30", "", ""),
        ("v/2026-01-31_add.py", "", "", "2026-01-31"),
        ("v/20260131_1530_add.py", "", "", "2026-01-31"),
        ("v/2026_01_31_1530-ab12_add.py", "", "", "2026-01-31"),
        ("v/2026013115_add.py", "", "", ""),
        ("v/20261331_add.py", "", "", ""),
        ("v/0020260131ab_add.py", "", "", ""),
    ],
)
def test_dates(path: str, document: str, created: str, named: str) -> None:
    migration = read(Source(path, f'"""{document}"""\nrevision = "r"\ndown_revision = None\n'))
    assert (migration.create_date, migration.file_date) == (created, named)


@pytest.mark.parametrize(
    "text",
    [
        "def test():\n    down_revision = 1\n",
        "down_revision: str\n",
        'down_revision = "a"\n',
        "revision = down_revision = None\n",
        "print 'python 2'  # down_revision\n",
    ],
)
def test_a_file_that_declares_no_revision_holds_none(text: str) -> None:
    assert alembic.read(Source("x.py", text), NoReading()) is None


@pytest.mark.parametrize("text", ["print 'x'", "x = '", "\0", "(" * 500])
def test_a_revision_that_is_no_python_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        alembic.read(Source("x.py", f'revision = "r"\ndown_revision = None\n{text}\n'), NoReading())


# A file may be made to hurt its reader: each of these must be read, or given up, at once.
HOSTILE = [
    "x = 'a' * 10**9",
    "x = 'a' * 200000\ny = x.replace('a', x)",
    "x = '%1000000000d' % 1",
    "x = '%*d' % (1000000000, 1)",
    "x = f'{1:>1000000000}'",
    "x = '{:1000000000}'.format(1)",
    "x = ('%s' * 10000) % (('a' * 100000,) * 10000)",
    "x = ('a' * 100000).join(['b'] * 100000)",
    "x = [0] * 10**9",
    "x = range(10**12)",
    "for i in range(10000):\n    for j in range(10000):\n        x = j",
    "x = [i for i in range(10000) for j in range(10000)]",
    "x = 2\nfor i in range(9999):\n    x = x * x",
    "def f():\n    f()\n    f()\n    f()\nf()",
    "x = []\nx.append(x)\nx == x\nop.drop_table(x)",
    "x = " + "+".join(["1"] * 3000),
    "x = 9\n" + "\n".join("x = [x, x]" for _ in range(60)) + "\ny = str(x)",
    "x = {}\n" + "\n".join("x = {1: x, 2: x}" for _ in range(60)) + "\nprint(x)",
]


@pytest.mark.parametrize("upgrade", HOSTILE)
def test_nothing_grows_without_bound(upgrade: str) -> None:
    try:
        migration = read(source_of(f"{upgrade}\nop.drop_table('last')"))
    except Unreadable:
        return
    assert migration.unresolved or migration.upgrade[-1].table.name == "last"


@pytest.mark.parametrize(
    ("call", "fails"),
    [
        ('create_unique_constraint("k", "runs", ["a"])', True),
        ('create_index("ix", "runs", ["a"])', True),
        ('drop_index("ix", "runs")', True),
        ('drop_constraint("k", "runs", type_="unique")', True),
        ('drop_constraint("k", "unique")', False),
        ('create_unique_constraint("k", ["a"])', False),
        ('create_index("ix", ["a"], unique=True)', False),
    ],
)
def test_a_batch_takes_no_table(call: str, fails: bool) -> None:
    migration = read(source_of(f'with op.batch_alter_table("runs") as batch:\n    batch.{call}'))
    assert bool(migration.unresolved) is fails
    assert bool(migration.upgrade) is not fails


def test_a_fact_survives_the_cache() -> None:
    for upgrade, before, _ in CASES:
        migration = read(source_of(upgrade, before))
        codec = codec_of(Migration)
        assert codec.decode(codec.encode(migration)) == migration


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("os.getenv('CREW') or 'main'", "drop table runs"),
        ("os.getenv('CREW') and 'main'", "drop table runs"),
        ("'' or 'main'", "drop table main.runs"),
        ("None or os.getenv('CREW')", "drop table runs"),
        ("'crew' or os.getenv('CREW')", "drop table crew.runs"),
    ],
)
def test_a_text_that_may_be_another_is_not_known(schema: str, expected: str) -> None:
    found = read(source_of('op.execute(f"DROP TABLE {schema}.runs")', f"import os\nschema = {schema}"))
    assert [said(each) for each in found.upgrade] == [expected]


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ("sa.func.shop.price('a')", "shop.price('a')"),
        ("sa.func.current_timestamp()", "CURRENT_TIMESTAMP"),
        ("sa.func.now()", "now()"),
        ("sa.literal('19.06')", "'19.06'"),
        ("sa.sql.expression.literal(False)", "false"),
        ("sa.literal('a', sa.Text())", "?"),
        (r"""sa.text('\'{"a"\\: 1, "b"\\:c}\'\\:\\:jsonb')""", """'{"a": 1, "b":c}'::jsonb"""),
        ("sa.text(\"'a'::text\")", "'a'::text"),
        ("sa.text(f\"{'a b'!r}\")", "'a b'"),
        ("sa.text(repr('a'))", "'a'"),
        ("sa.null()", "NULL"),
        ("sa.Sequence('s').next_value()", "nextval('s')"),
        ("sa.Sequence('s', schema='log').next_value()", "nextval('log.s')"),
        ("sa.Sequence(os.environ['S']).next_value()", "?"),
        ("sa.text(f\"'{[1, -2]}'::jsonb\")", "'[1, -2]'::jsonb"),
        ("sa.text('ARRAY%s' % [1, 2])", "ARRAY[1, 2]"),
        ("sa.text(f\"'{[1, op.get_bind()]}'\")", "?"),
    ],
)
def test_a_default_is_what_sqlalchemy_renders(default: str, expected: str) -> None:
    (operation,) = read(
        source_of(f"op.add_column('t', sa.Column('a', sa.Text(), server_default={default}))")
    ).upgrade
    assert operation.columns[0].default == expected


def test_an_escaped_colon_of_a_text_is_a_colon() -> None:
    (operation,) = read(
        source_of(r"op.execute(sa.text('ALTER TABLE t ALTER a SET DEFAULT 1\\:\\:int'))")
    ).upgrade
    assert operation.kind.value == "set default" and operation.columns[0].default == "1::int"


def test_a_mutable_type_is_the_type_that_it_wraps() -> None:
    before = (
        "from sqlalchemy.ext.mutable import MutableDict\nfrom sqlalchemy.dialects.postgresql import JSONB"
    )
    sugar = "op.add_column('t', sa.Column('a', MutableDict.as_mutable(JSONB)))"
    (operation,) = read(source_of(sugar, before=before)).upgrade
    assert operation.columns[0].type == "jsonb"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("kind.name = 'b'", ["b"]),
        ("if sa.inspect(op.get_bind()).has_table('t'): kind.name = 'b'", []),
        ("kind.other = 'b'", ["a"]),
    ],
)
def test_an_object_that_is_given_another_name_has_it_from_then_on(change: str, names: list[str]) -> None:
    found = read(source_of(f"{change}\nkind.create(op.get_bind())", before="kind = sa.Enum('x', name='a')"))
    assert [each.name for each in found.upgrade] == names
    assert len(found.unresolved) == (not names)


def test_what_one_function_names_anew_the_other_finds_as_it_was() -> None:
    text = "kind.name = 'b'\nkind.create(op.get_bind())"
    before = "kind = sa.Enum('x', name='a')\n\ndef downgrade():\n    kind.drop(op.get_bind())"
    found = read(source_of(text, before))
    assert [each.name for each in (*found.upgrade, *found.downgrade)] == ["b", "a"]


@pytest.mark.parametrize(
    ("keys", "expected", "ordering"),
    [
        ("[sa.text('name gin_trgm_ops')]", ("name",), ("gin_trgm_ops",)),
        ("[sa.text(\"a, (d->>'lot') DESC, lower(b)\"), 'c']", ("a", "(d->>'lot')", "lower(b)", "c"), ("", "DESC", "", "")),
        ("[sa.func.lower(sa.Column('Email')), sa.func.coalesce(sa.column('a'), 0)]", ('lower("Email")', "coalesce(a, 0)"), ()),
        ("[sa.func.lower(X)]", ("",), ()),
        ("[sa.text('\"Odd name\"')]", ("Odd name",), ()),
        ("[sa.text(\"a '\")]", ("a '",), ()),
        ("[sa.text(X)]", ("",), ()),
    ],
)  # fmt: skip
def test_an_index_has_the_keys_that_its_text_lists(
    keys: str, expected: tuple[str, ...], ordering: tuple[str, ...]
) -> None:
    (operation,) = read(source_of(f"op.create_index('ix', 'runs', {keys})", "from m import X")).upgrade
    assert operation.index is not None
    assert (operation.index.keys, operation.index.ordering) == (expected, ordering)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (".where(t.c.a.is_(None))", "a IS NULL"),
        (".where(t.columns.a.isnot(None)).where(sa.column('b').in_(['x', 1]))", "b IN ('x', 1) AND a IS NOT NULL"),
        (".where(sa.or_(t.c.a.is_(None), t.c['b'].like('x%')))", "(a IS NULL OR b LIKE 'x%')"),
        (".where(sa.or_(t.c.a.is_(None), t.c.b.not_like('x%')))", "(a IS NULL OR b NOT LIKE 'x%')"),
        (".where(t.c.a.is_(None), t.c.b == 1)", ""),
        (".where(t.c.a.in_(sa.select(X)))", ""),
        (".where(t.c.a.in_([1, X]))", ""),
        (".where(t.c.a.is_(X))", ""),
        (".where(X.c.a.is_(None))", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_conditions_of_a_statement_of_sqlalchemy(conditions: str, expected: str) -> None:
    body = f"op.execute(t.update(){conditions}.values(a=1))"
    (operation,) = read(source_of(body, "from m import X\nt = sa.table('t', sa.column('a'))")).upgrade
    assert (operation.text, operation.whole) == (expected, not conditions)
