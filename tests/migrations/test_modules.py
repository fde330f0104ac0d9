"""Names that lead into other modules of the same repository, and operations of a project's own."""

# ruff: noqa: E501 - a case is one line
from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import Direction, Migration
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source
from tests.migrations.reading import HEAD, IDENTIFIERS, said

PATH = "backend/alembic/versions/r2.py"


class Repository:
    """A reading with these files beside the revision's."""

    policy = Policy("test")

    def __init__(self, files: dict[str, str]) -> None:
        self.files = {path: Source(path, dedent(text)) for path, text in files.items()}
        self.consulted: set[str] = set()

    def consult(self, path: str) -> Source | None:
        """A file, or None where there is none."""
        self.consulted.add(path)
        return self.files.get(path)


def migration(source: str, files: dict[str, str]) -> Migration:
    """The revision of a text with these files beside it."""
    found = alembic.read(Source(PATH, f"{HEAD}{IDENTIFIERS}{dedent(source)}"), Repository(files))
    assert found is not None
    return found


def told(source: str, files: dict[str, str]) -> list[str]:
    """What upgrade() does, a line an operation, then what of it can't be known."""
    found = migration(source, files)
    gaps = [f"? {each.what}: {each.why}" for each in found.unresolved if each.direction is Direction.UPGRADE]
    return [*map(said, found.upgrade), *gaps]


HELPERS = """
    import sqlalchemy as sa
    from alembic import op
    from . import names as n
    from .names import SUFFIX, Colour

    def stamped():
        return [sa.Column("at", sa.DateTime(), nullable=False), sa.Column("c", sa.Enum(Colour))]

    def add(table, name="note"):
        if name == "never":
            return
        op.add_column(table, sa.Column(f"{name}{SUFFIX}", sa.Text()))

    def send(bind):
        bind.execute(sa.text(n.SQL))
"""
NAMES = """
    import enum

    SUFFIX = "_x"
    SQL = "DROP TABLE " + "old"

    class Colour(enum.Enum):
        red = "R"
        blue = "B"
"""
PACKAGE = {"backend/app/__init__.py": "", "backend/app/helpers.py": HELPERS, "backend/app/names.py": NAMES}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from app.helpers import add\ndef upgrade(): add('runs')", ["add column runs note_x:text +helper"]),
        (
            "import app.helpers\ndef upgrade(): app.helpers.add('runs', name='a')",
            ["add column runs a_x:text +helper"],
        ),
        (
            "from app import helpers as h\ndef upgrade(): h.add('runs')",
            ["add column runs note_x:text +helper"],
        ),
        ("from app.helpers import *\ndef upgrade(): add('runs')", ["add column runs note_x:text +helper"]),
        ("from app.helpers import send\ndef upgrade(): send(op.get_bind())", ["drop table old +helper"]),
        ("from app.names import SQL\ndef upgrade(): op.execute(SQL)", ["drop table old"]),
        (
            "from app.names import Colour\ndef upgrade():\n for each in Colour: op.drop_table(each.value)",
            ["drop table R +repeats", "drop table B +repeats"],
        ),
        (
            "def upgrade():\n from app.helpers import add\n if op.get_context().as_sql: return\n add('runs')",
            ["add column runs note_x:text +helper"],
        ),
        (
            "import importlib\nop = importlib.import_module('alembic.op')\ndef upgrade(): op.drop_table('a')",
            ["drop table a"],
        ),
        (
            "import importlib\nh = importlib.import_module('app.helpers')\ndef upgrade(): h.add('runs')",
            ["add column runs note_x:text +helper"],
        ),
        (
            "from app.gone import add\ndef upgrade(): add(op)",
            ["? what add does: it is defined outside this file"],
        ),
        (
            "from elsewhere import add\ndef upgrade(): add(op)",
            ["? what add does: it is defined outside this file"],
        ),
    ],
)
def test_a_module_of_the_repository_is_followed(source: str, expected: list[str]) -> None:
    assert told(source, PACKAGE) == expected


@pytest.mark.parametrize("root", ["src", "backend/src", "backend/alembic", ""])
def test_a_package_is_found_where_projects_keep_theirs(root: str) -> None:
    path = f"{root}/shop/core/names.py".lstrip("/")
    assert told("from shop.core.names import SQL\ndef upgrade(): op.execute(SQL)", {path: NAMES}) == [
        "drop table old"
    ]


def test_columns_of_a_helper_stand_at_the_call() -> None:
    source = "from app.helpers import stamped\ndef upgrade():\n    op.create_table('t', *stamped())\n"
    found = migration(source, PACKAGE)
    assert not found.unresolved
    enum, table = found.upgrade
    assert enum.values == ("red", "blue")
    assert [each.name for each in table.columns] == ["at", "c"]
    start = len(HEAD + IDENTIFIERS) + source.index("op.create_table")
    assert {table.span.start, *(each.span.start for each in table.columns)} == {start}


def test_what_is_consulted_decides_the_answer() -> None:
    reading = Repository(PACKAGE)
    source = "from app.helpers import add\ndef upgrade(): add('runs')"
    alembic.read(Source(PATH, f"{HEAD}{IDENTIFIERS}{source}"), reading)
    assert {"backend/app/helpers.py", "backend/app/names.py"} <= reading.consulted


def test_nothing_is_consulted_for_names_that_nobody_uses() -> None:
    reading = Repository(PACKAGE)
    source = "from app.helpers import add\ndef upgrade(): op.drop_table('runs')"
    alembic.read(Source(PATH, f"{HEAD}{IDENTIFIERS}{source}"), reading)
    assert reading.consulted == set()


OPERATION = """
    from alembic.operations import MigrateOperation, Operations

    @Operations.register_operation("create_thing")
    class CreateThing(MigrateOperation):
        def __init__(self, name, schema=None):
            self.name = name
            self.schema = schema

        @property
        def full(self):
            return f"{self.schema}.{self.name}" if self.schema else self.name

        @classmethod
        def create_thing(cls, operations, name, **kw):
            return operations.invoke(cls(name, **kw))

    @Operations.implementation_for(CreateThing)
    def create_thing(operations, operation):
        operations.execute("DROP TABLE " + operation.full)
"""


def test_an_operation_of_the_revision_s_own_is_followed() -> None:
    source = f"{dedent(OPERATION)}\ndef upgrade(): op.create_thing('s', schema='log')"
    (drop,) = migration(source, {}).upgrade
    assert (drop.kind.value, str(drop.table)) == ("drop table", "log.s")


@pytest.mark.parametrize(
    "imports", ["from app.things import CreateThing", "import app.things", "from app import things"]
)
def test_an_operation_that_env_py_registers_is_followed(imports: str) -> None:
    files = {"backend/alembic/env.py": imports, "backend/app/things.py": OPERATION}
    (drop,) = migration("def upgrade(): op.create_thing('s')", files).upgrade
    assert (drop.kind.value, str(drop.table)) == ("drop table", "s")


def test_an_operation_that_nobody_registers_is_told() -> None:
    assert told("def upgrade(): op.create_thing('s')", {}) == [
        "? what op.create_thing does: it is none of Alembic's own operations"
    ]


MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Run(Base):
        __tablename__ = "runs"
        __table_args__ = {"schema": "log"}
        id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("session.query(Run).filter(Run.id == 1).update({'a': 1})", "update log.runs"),
        ("session.query(Run).delete()", "delete log.runs +whole"),
        ("session.add(Run(id=1))", "insert log.runs"),
        ("session.add_all([Run(id=1), Run(id=2)])", "insert log.runs"),
        ("session.bulk_insert_mappings(Run, [])", "insert log.runs"),
        ("session.execute(sa.update(Run).values(a=1))", "update log.runs +whole"),
        ("op.bulk_insert(Run.__table__, [])", "insert log.runs"),
    ],
)
def test_a_session_writes_rows_of_a_model_s_table(body: str, expected: str) -> None:
    head = "from sqlalchemy.orm import Session\nfrom app.models import Run\ndef upgrade():\n session = Session(bind=op.get_bind())\n "
    assert told(head + body, {"backend/app/models.py": MODELS}) == [expected]


@pytest.mark.parametrize(
    ("call", "plain"),
    [
        ("op.invoke(ops.DropTableOp('runs', schema='log'))", "op.drop_table('runs', schema='log')"),
        (
            "op.invoke(ops.AddColumnOp('runs', sa.Column('a', sa.Text())))",
            "op.add_column('runs', sa.Column('a', sa.Text()))",
        ),
        (
            "op.invoke(ops.CreateTableOp('t', [sa.Column('a', sa.Text())]))",
            "op.create_table('t', sa.Column('a', sa.Text()))",
        ),
        (
            "op.invoke(ops.AlterColumnOp('t', 'a', modify_nullable=True))",
            "op.alter_column('t', 'a', nullable=True)",
        ),
        ("op.invoke(ops.ExecuteSQLOp('DROP TABLE runs'))", "op.execute('DROP TABLE runs')"),
        ("op.run_async(lambda c: op.drop_table('runs'))", "op.drop_table('runs')"),
        ("op.run_async(work, 'runs')", "op.execute('DROP TABLE runs')"),
    ],
)
def test_an_operation_object_is_its_call(call: str, plain: str) -> None:
    head = "from alembic.operations import ops\nasync def work(c, t):\n await c.execute(sa.text('DROP TABLE ' + t))\ndef upgrade(): "
    without = [line.replace(" +helper", "") for line in told(head + call, {})]
    assert without == told(head + plain, {})


def test_recursion_between_modules_ends() -> None:
    files = {"backend/a.py": "from b import X, f", "backend/b.py": "from a import X, f"}
    assert told("from a import X, f\ndef upgrade():\n f(op)\n op.drop_table(X)", files)[-1].startswith("? ")


@pytest.mark.parametrize(
    "dispatch",
    ["globals()[f'upgrade_{engine}']()", "globals().get('upgrade_%s' % engine, lambda: None)()"],
)
def test_a_function_that_is_picked_by_name_is_followed(dispatch: str) -> None:
    source = f"def upgrade(engine=''): {dispatch}\ndef upgrade_(): op.drop_table('runs')"
    assert told(source, {}) == ["drop table runs +helper"]


@pytest.mark.parametrize(
    ("column", "changed"),
    [
        ("TableReference(table_name='runs', column_name='state')", "mood"),
        ("TableReference('runs', 'state', column_type=ColumnType.COMMON)", "mood"),
        ("TableReference('runs', 'state', column_type=ColumnType.ARRAY)", "mood[]"),
        ("('runs', 'state')", "mood"),
    ],
)
def test_a_plugin_that_swaps_an_enum(column: str, changed: str) -> None:
    head = "from alembic_postgresql_enum import ColumnType, TableReference\n"
    call = f"op.sync_enum_values('public', 'mood', ['a', 'b'], [{column}], enum_values_to_rename=[])"
    rename, create, alter, drop = migration(f"{head}def upgrade(): {call}", {}).upgrade
    assert (rename.kind.value, create.values, drop.name) == ("alter type", ("a", "b"), "mood_old")
    assert (str(alter.table), alter.columns[0].name, alter.columns[0].type) == ("runs", "state", changed)


def test_a_plugin_that_renames_labels_on_the_way() -> None:
    labels = "enum_values_to_rename=[('b', 'c'), ('d', 'e')]"
    call = f"op.sync_enum_values('public', 'mood', ['a', 'c'], [('runs', 'state')], {labels})"
    first, second, swap, *_ = migration(f"def upgrade(): {call}", {}).upgrade
    assert [(each.words, each.name, each.values) for each in (first, second)] == [
        ("rename value", "mood", ("b", "c")),
        ("rename value", "mood", ("d", "e")),
    ]
    assert swap.words == "rename to"
    unknown = (
        "def upgrade(): op.sync_enum_values('public', 'mood', ['a'], [], enum_values_to_rename=labels())"
    )
    assert told(unknown, {})[-1].startswith("? ")


def test_entities_of_a_plugin() -> None:
    head = "from alembic_utils.pg_view import PGView\nview = PGView(schema='public', signature='v', definition='SELECT 1')\n"
    assert told(f"{head}def upgrade(): op.create_entity(view)", {}) == ["create view public.v"]
    assert told(f"{head}def upgrade(): op.drop_entity(view)", {}) == ["drop view public.v"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("op.create_geospatial_index('ix', 'runs', ['at'])", ["create index runs =ix (at)"]),
        ("op.drop_geospatial_index('ix', 'runs', 'at')", ["drop index runs =ix"]),
        ("op.add_geospatial_column('runs', sa.Column('at', sa.Text()))", ["add column runs at:text"]),
        ("op.drop_geospatial_column('runs', 'at')", ["drop column runs at"]),
    ],
)
def test_geospatial_operations(call: str, expected: list[str]) -> None:
    found = migration(f"def upgrade(): {call}", {}).upgrade
    assert [said(each) for each in found] == expected
    assert {each.index.using for each in found if each.index is not None} <= {"gist"}
