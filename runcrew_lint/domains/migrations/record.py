"""What a revision's function has done so far, and what of it can't be known."""

from __future__ import annotations

import ast
from dataclasses import replace

from runcrew_lint.documents import python
from runcrew_lint.domains.migrations.arguments import Change
from runcrew_lint.domains.migrations.facts import (
    LONGEST_CONDITION,
    RUNS,
    Assembled,
    Direction,
    Form,
    Kind,
    Operation,
    Transaction,
    Unresolved,
)
from runcrew_lint.domains.migrations.frames import Condition
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.module import is_far
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.domains.migrations.values import Built, Function, LocalClass, Origin, Value
from runcrew_lint.text import Source, Span

_LOOSE = (ast.BoolOp, ast.Compare, ast.IfExp, ast.NamedExpr, ast.Lambda)  # `not` binds closer than these


class Record:
    """The operations of one function as the walk meets them."""

    def __init__(self, source: Source, modules: Modules) -> None:
        self.source = source
        self.modules = modules
        self.here: ast.AST | None = None  # the last call in this file, the place of what it does elsewhere
        self.quiet = 0  # calls around us that are followed for their value alone
        self.operators: dict[str, tuple[LocalClass, str]] = {}  # own operations: class and its classmethod
        self.implementers: dict[LocalClass, Function] = {}
        self.tables: dict[Built, list[Value]] = {}  # by the MetaData that they were declared in
        self.taken: dict[str, None] = {}  # the files whose text was read, in order
        self.taken_back: dict[str, None] = {}  # by downgrade()
        self.attached: dict[Built, Value] = {}  # constraints, and the tables that they were appended to
        self.loaded = False  # whether the registrations that env.py brings along are among them
        self.direction: Direction | None = None  # None while the module's own statements run
        self.operations: list[Operation] = []
        self.unresolved: list[Unresolved] = []
        self.assembled: list[Assembled] = []
        self.transaction = Transaction.MIGRATION
        self._told: dict[object, int] = {}

    def begin(self, direction: Direction) -> None:
        """From here on it is this function's doing."""
        self.direction, self.operations, self.transaction = direction, [], Transaction.MIGRATION
        self._told.clear()

    def place(self, node: ast.AST | None) -> Span:
        """Where a node stands; for one of another file the call in this file that leads there."""
        if node is not None and is_far(node):
            node = self.here
        return python.span(self.source, node) if node is not None else Span(0, 0)

    def missed(self, node: ast.AST | None, what: str, why: str, *, once: object = None) -> None:
        """Write down something that can't be known; `once` is told no second time."""
        span = self.place(node)
        self.missed_at(span, what, why, once)

    def missed_at(self, span: Span, what: str, why: str, once: object = None) -> None:
        """Write down something that can't be known, by its place."""
        if self.direction is None:
            return
        key = once if once is not None else (span, what)
        at, count = self._told.setdefault(key, len(self.unresolved)), len(self.operations)
        if at == len(self.unresolved):
            self.unresolved.append(Unresolved(self.direction, span, what, why, count, count))
        else:
            self.unresolved[at] = replace(self.unresolved[at], last=count)

    def put_together(self, span: Span, how: str) -> None:
        """Write down SQL that is put together as the revision runs."""
        if self.direction is not None:
            self.assembled.append(Assembled(self.direction, span, how))

    def record(self, machine: Machine, change: Change, node: ast.AST, form: Form) -> None:
        """Write down a change that a call makes."""
        if self.direction is None:
            return
        kind, fields = change
        span = self.place(node)
        if "form" in fields:
            form = fields.pop("form")
        self.add(
            Operation(
                kind,
                span,
                span,
                form,
                transaction=self.transaction,
                conditions=self.conditions(machine, kind, ()) if machine.standing else (),
                repeats=machine.turns > 0,
                helper=machine.depth > 1,
                **fields,
            )
        )

    def record_as(
        self,
        machine: Machine,
        read: Operation,
        within: Transaction | None,
        span: Span,
        call: Span,
        *,
        shared: bool,
    ) -> None:
        """Write down an operation that was read from SQL and stands there, in that call.

        `within` is the transaction, where it is not the revision's own; `shared` says that the call sends
        other statements, too.
        """
        put = object.__setattr__  # it was just made and is nobody else's yet
        put(read, "span", span)
        put(read, "call", call)
        put(read, "form", Form.SQL)
        put(read, "transaction", within or self.transaction)
        if machine.standing:
            put(read, "conditions", self.conditions(machine, read.kind, read.conditions))
        put(read, "repeats", machine.turns > 0)
        put(read, "helper", machine.depth > 1)
        put(read, "shares_text", shared)
        self.add(read)

    def conditions(self, machine: Machine, kind: Kind, others: tuple[str, ...]) -> tuple[str, ...]:
        """Under which conditions something happens here, beside others of its own."""
        texts = list(others)
        counts = not kind.is_data and kind is not Kind.OTHER
        for condition, _ in machine.standing:
            text = self._text(condition)
            if text not in texts:
                texts.append(text)
            if counts and condition.origin is not Origin.SCHEMA:
                self.missed(condition.node, RUNS, condition.why, once=condition.node)
        return tuple(texts)

    def add(self, made: Operation) -> None:
        """Write down an operation, and what it does to the transaction."""
        self.operations.append(made)
        if made.kind in (Kind.COMMIT, Kind.ROLLBACK) and self.transaction is Transaction.MIGRATION:
            self.transaction = Transaction.ENDED
        elif made.kind is Kind.BEGIN and self.transaction is Transaction.ENDED:
            self.transaction = Transaction.MIGRATION

    def _text(self, condition: Condition) -> str:
        node = condition.node
        if isinstance(node, ast.ExceptHandler):
            return "except"
        if not condition.negated:
            return self._written(node)[:LONGEST_CONDITION]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._written(node.operand)[:LONGEST_CONDITION]
        text = self._written(node)
        return (f"not ({text})" if isinstance(node, _LOOSE) else f"not {text}")[:LONGEST_CONDITION]

    def _written(self, node: ast.AST) -> str:
        if is_far(node):
            return ast.unparse(node)
        span = self.place(node)
        return " ".join(self.source.text[span.start : span.end].split())
