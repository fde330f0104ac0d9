"""However an operation is written, it is the same operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.text import Source
from tests.migrations.reading import bare, read

NAMES = st.sampled_from(["runs", "crews", "a_b", "Users", "x1"])
COLUMNS = st.sampled_from(["id", "note", "At", "user_id"])


@dataclass(frozen=True)
class Call:
    """An operation: its name, its arguments as Python source by parameter, and how many may be positional."""

    name: str
    arguments: tuple[tuple[str, str], ...]
    positional: int


def _text(value: str) -> str:
    return repr(value)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """One plain call of an operation."""
    table, column = ("table_name", _text(draw(NAMES))), draw(COLUMNS)
    kind = draw(st.sampled_from(["index", "add", "drop", "alter", "table", "execute"]))
    if kind == "index":
        columns = draw(st.lists(COLUMNS, min_size=1, max_size=2, unique=True))
        unique = ("unique", str(draw(st.booleans())))
        return Call(
            "create_index",
            (("index_name", _text(f"ix_{column}")), table, ("columns", repr(columns)), unique),
            3,
        )
    if kind == "add":
        rest = draw(st.sampled_from(["", ", nullable=False", ", server_default='1'", ", comment='c'"]))
        made = f"sa.Column({column!r}, sa.Integer(){rest})"
        return Call("add_column", (table, ("column", made)), 2)
    if kind == "drop":
        return Call("drop_column", (table, ("column_name", _text(column))), 2)
    if kind == "alter":
        comment = ("comment", _text("deprecated: 2026-01-01"))
        return Call("alter_column", (table, ("column_name", _text(column)), ("nullable", "True"), comment), 2)
    if kind == "table":
        return Call("drop_table", (table,), 1)
    sql = draw(
        st.sampled_from(["DROP TABLE runs", "CREATE INDEX ix ON crews (a)", "ALTER TABLE a ADD b int"])
    )
    return Call("execute", (("sqltext", _text(sql)),), 1)


class Writer:
    """Writes calls as Python, each with sugar that Hypothesis picks."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.before: list[str] = []
        self.body: list[str] = []
        self.count = 0

    def fresh(self, stem: str) -> str:
        """A name that is not taken."""
        self.count += 1
        return f"{stem}{self.count}"

    def value(self, source: str) -> str:
        """A text, written in some way; anything else as it is."""
        if not source.startswith("'"):
            return source
        text = source[1:-1]
        half = len(text) // 2
        way = self.draw(st.integers(0, 8))
        name = self.fresh("NAME")
        if way == 1:
            self.before.append(f"{name} = {source}")
            return name
        if way == 2:
            self.before.append(f"{name}: str = {text[:half]!r}")
            return f"f'{{{name}}}{text[half:]}'"
        if way == 3:
            return f"'%s%s' % ({text[:half]!r}, {text[half:]!r})"
        if way == 4:
            return f"'{{}}{{x}}'.format({text[:half]!r}, x={text[half:]!r})"
        if way == 5:
            return f"{text[:half]!r} {text[half:]!r}"
        if way == 6:
            self.before.append(f"{name} = {{'k': ({source},)}}")
            return f"{name}['k'][0]"
        if way == 7:
            return f"''.join([{text[:half]!r}, {text[half:]!r}])"
        return f"op.f({source})" if way == 8 else source

    def call(self, call: Call, alias: str) -> str:
        """The call as an expression."""
        split = self.draw(st.integers(0, call.positional))
        pairs = [(name, self.value(source)) for name, source in call.arguments]
        parts = [source for _, source in pairs[:split]]
        keywords = pairs[split:]
        way = self.draw(st.integers(0, 3))
        if way == 1 and parts:
            parts = [f"*[{', '.join(parts)}]"]
        if way == 2 and keywords:
            inner = ", ".join(f"{name!r}: {source}" for name, source in keywords)
            parts.append(f"**{{{inner}}}")
        else:
            parts += [f"{name}={source}" for name, source in keywords]
        if alias == "":
            self.before.append(f"from alembic.op import {call.name}")
            return f"{call.name}({', '.join(parts)})"
        if way == 3:
            return f"getattr({alias}, {call.name!r})({', '.join(parts)})"
        return f"{alias}.{call.name}({', '.join(parts)})"

    def write(self, call: Call) -> None:
        """The call as a statement, in some surroundings."""
        alias = self.draw(st.sampled_from(["op", "o", ""]))
        if alias == "o":
            self.before.append("import alembic.op as o")
        text = self.call(call, alias)
        way = self.draw(st.integers(0, 17))
        name = self.fresh("f")
        surroundings: dict[int, Callable[[], list[str]]] = {
            1: lambda: self._helper(name, text),
            2: lambda: [f"for {name} in ('once',):", f"    {text}"],
            3: lambda: ["if op.get_bind().dialect.name == 'postgresql':", f"    {text}"],
            4: lambda: ["if op.get_context().dialect.name == 'sqlite':", "    pass", "else:", f"    {text}"],
            5: lambda: ["try:", f"    {text}", "finally:", "    pass"],
            6: lambda: [f"{name} = lambda: {text}", f"{name}()"],
            7: lambda: [f"[{text} for {name} in range(1)]"],
            8: lambda: ["with contextlib.nullcontext():", f"    {text}"],
            9: lambda: [f"if not context.is_offline_mode() and len('ab') == 2: {text}"],
            10: lambda: [
                f"for {name}, _ in zip(['a', 'b'], range(2)):",
                f"    if {name} == 'b': continue",
                f"    {text}",
            ],
            12: lambda: self._method(name, text),
            13: lambda: [f"op.run_async(lambda {name}: {text})"],
            14: lambda: [f"async def {name}(conn): {text}", f"op.run_async({name})"],
            15: lambda: [f"{name} = {{'k': lambda: {text}}}", f"for _, each in {name}.items(): each()"],
            16: lambda: [
                f"for {name}, each in enumerate(['a']):",
                f"    if each != 'a' or {name} > 0: return",
                f"    {text}",
            ],
            17: lambda: self._dispatched(name, text),
            11: lambda: [f"while True:\n        {text}\n        break"],
        }
        self.body += surroundings.get(way, lambda: [text])()

    def _helper(self, name: str, text: str) -> list[str]:
        self.before += [
            f"def {name}(flag, *, twice=False):",
            "    if not flag or twice:",
            "        return",
            f"    {text}",
        ]
        return [f"{name}(True)"]

    def _method(self, name: str, text: str) -> list[str]:
        self.before += [
            f"class {name}:",
            "    def __init__(self, flag): self.flag = flag",
            "    @property",
            "    def wanted(self): return not self.flag",
            "    def run(self):",
            "        if self.wanted: return",
            f"        {text}",
        ]
        return [f"{name}(flag=True).run()"]

    def _dispatched(self, name: str, text: str) -> list[str]:
        self.before.append(f"def {name}(): {text}")
        return [f"globals()[{name!r}]()"]

    def source(self) -> Source:
        """The whole revision."""
        head = ["import contextlib", "import sqlalchemy as sa", "from alembic import context, op"]
        head += ["revision = 'r'", "down_revision = None", *self.before, "", "def upgrade():"]
        return Source("v/r.py", "\n".join([*head, *(f"    {line}" for line in self.body or ["pass"])]) + "\n")


def plainly(calls: list[Call]) -> Source:
    """The calls as Alembic itself would write them."""
    lines = [
        f"    op.{call.name}({', '.join(f'{name}={source}' for name, source in call.arguments)})"
        for call in calls
    ]
    head = ["import sqlalchemy as sa", "from alembic import op", "revision = 'r'", "down_revision = None"]
    return Source("v/r.py", "\n".join([*head, "def upgrade():", *(lines or ["    pass"])]) + "\n")


def _operations(source: Source) -> list[Operation]:
    migration = read(source)
    assert not migration.unresolved, source.text
    return [bare(operation) for operation in migration.upgrade]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_sugar_makes_no_difference(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(calls(), max_size=4))
    writer = Writer(data.draw)
    for call in drawn:
        writer.write(call)
    sugared = writer.source()
    compile(sugared.text, "r.py", "exec")
    expected = _operations(plainly(drawn))
    assert _operations(sugared) == expected, sugared.text
    assert len(expected) >= len(drawn)
