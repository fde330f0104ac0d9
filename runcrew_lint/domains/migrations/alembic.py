"""An Alembic revision file into a `Migration`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import date

from runcrew_lint.documents import python
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.dialect import asked_for
from runcrew_lint.domains.migrations.facts import NOWHERE, Direction, Migration, Operation, Unresolved
from runcrew_lint.domains.migrations.frames import Exhausted
from runcrew_lint.domains.migrations.interpreter import interpreter
from runcrew_lint.domains.migrations.library import Revision
from runcrew_lint.domains.migrations.module import is_far
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.domains.migrations.outline import imports, raised, refused
from runcrew_lint.domains.migrations.paths import ROOT
from runcrew_lint.domains.migrations.search_path import placed
from runcrew_lint.domains.migrations.values import Function, Unknown, Value, symbol
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_DECLARES = lazily(
    r"""^[ \t]*(?:down_revision\b|(?:globals|locals|vars)\(\)\[["']down_revision["']\])""", re.MULTILINE
)
_REVISES = lazily(r"^Revises:(.*)$", re.MULTILINE)
_CREATED = lazily(r"^[ \t]*Create Date:[ \t]*(\d{4}-\d{2}-\d{2})", re.MULTILINE | re.IGNORECASE)
_DECLARING = frozenset({"revision", "down_revision", "depends_on", "branch_labels"})
# A date in a file's name stands alone: 2024-01-31_slug, 20240131_slug, 2024_01_31_1530-rev_slug.
_NAMED = lazily(r"(?:^|[_-])(20\d\d)([-_]?)(\d\d)\2(\d\d)(?:[-_T]?\d{4}(?:\d\d)?)?(?=[-_.]|$)")


def read(source: Source, reading: Reading) -> Migration | None:
    """The revision in a file, or None where the file declares none.

    A revision has `revision` and `down_revision` among the names of its module, as Alembic's
    "Tutorial" has them.

    Errors:
        Unreadable where the file is no Python.
    """
    if not _DECLARES.search(source.text):
        return None
    module = source.derive(python.parse)
    declared = _declarations(module)
    if "revision" not in declared or "down_revision" not in declared:
        return None
    reader = _Reader(source, reading, module, declared)
    try:
        return reader.migration()
    except RecursionError:
        raise Unreadable("nested too deeply to be read") from None
    finally:  # its functions hold the frame that holds them, and no run looks for cycles
        reader.machine.globals.names.clear()


@frozen
class _Declared:
    """A module-level assignment."""

    statement: ast.stmt
    value: ast.expr


def _declarations(module: ast.Module) -> dict[str, _Declared]:
    return {name: _Declared(statement, value) for name, statement, value in _assigned(module.body)}


def _assigned(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.stmt, ast.expr]]:
    """The names that a module gives a value, under its conditions and in its namespace by name, too."""
    for statement in statements:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                name = target.id if isinstance(target, ast.Name) else _key(target)
                if name:
                    yield name, statement, statement.value
        elif isinstance(statement, (ast.If, ast.Try, ast.With)):
            for part in ("body", "orelse", "finalbody"):
                yield from _assigned(getattr(statement, part, ()))


def _key(target: ast.expr) -> str:
    """The name in `globals()["name"]`."""
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Call):
        called, key = target.value.func, target.slice
        is_namespace = isinstance(called, ast.Name) and called.id in ("globals", "locals", "vars")
        if is_namespace and isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
    return ""


class _Reader:
    def __init__(
        self, source: Source, reading: Reading, module: ast.Module, declared: dict[str, _Declared]
    ) -> None:
        self.source, self.module, self.declared = source, module, declared
        self.revision = Revision(source, Modules(reading))
        self.machine = interpreter(self.revision, source.path.rpartition("/")[0])
        self.machine.globals.names["__file__"] = f"{ROOT}{source.path}"
        self.unresolved: list[Unresolved] = []

    def migration(self) -> Migration | None:
        try:
            self.machine.block(self.module.body)
        except Exhausted:
            self._lost(Direction.UPGRADE, self._span("revision"), "what the module does")
        names = self.machine.globals.names
        for name in _DECLARING & self.declared.keys() - names.keys():
            names[name] = self.machine.evaluate(self.declared[name].value)  # in its namespace by name
        identifier = names.get("revision")
        if not isinstance(identifier, str):
            return None  # Alembic itself would not load it
        parents, parents_known = _identifiers(names.get("down_revision"))
        if not parents_known:
            why = "it is no literal"
            where = self._span("down_revision")
            self.unresolved.append(Unresolved(Direction.UPGRADE, where, "down_revision", why))
        document = ast.get_docstring(self.module, clean=False) or ""
        upgrade, upgrade_span = self._walk(Direction.UPGRADE)
        upgrade = placed(upgrade)
        downgrade, downgrade_span = self._walk(Direction.DOWNGRADE)
        downgrade = placed(downgrade, upgrade)
        stops = raised(self.source, self.module)
        created = _CREATED.search(document)
        return Migration(
            path=self.source.path,
            revision=str(identifier),
            down_revisions=parents,
            parents_known=parents_known,
            depends_on=_identifiers(names.get("depends_on") or None)[0],  # Alembic takes "" for none
            branch_labels=_labels(names.get("branch_labels"), str(identifier)),
            create_date=_day(created[1]) if created else "",
            file_date=_day_of_name(self.source.path),
            message=next((line.strip() for line in document.splitlines() if line.strip()), ""),
            upgrade=upgrade,
            downgrade=downgrade,
            unresolved=(*self.unresolved, *self.revision.unresolved),
            revision_span=self._span("revision"),
            down_revision_span=self._span("down_revision"),
            parent_places=tuple(self._parent_places(parents)),
            depends_on_span=self._span("depends_on") if "depends_on" in self.declared else NOWHERE,
            upgrade_span=upgrade_span,
            downgrade_span=downgrade_span,
            downgrade_empty=_says_nothing(names.get("downgrade")),
            downgrade_raises=stops if stops.end else refused(downgrade),
            imports=imports(self.source, self.module),
            assembled=tuple(self.revision.assembled),
            taken=tuple(self.revision.taken),
            taken_back=tuple(self.revision.taken_back),
            others=asked_for(self.source.text),
        )

    def _span(self, name: str) -> Span:
        return python.span(self.source, self.declared[name].statement)

    def _parent_places(self, parents: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
        """Where the file names its parents: as literals, and for people behind the docstring's "Revises:"."""
        head = self.module.body[0]
        revises = _REVISES.search(self.source.text, 0, python.span(self.source, head).end)
        if revises is not None and ast.get_docstring(self.module, clean=False) is not None:
            for name in parents:
                for at in _alone(name, revises[1]):
                    yield name, Span(revises.start(1) + at, revises.start(1) + at + len(name))
        for node in ast.walk(self.declared["down_revision"].value):
            if isinstance(node, ast.Constant) and node.value in parents:
                start = python.literal_start(self.source, node)
                if start is not None:
                    yield str(node.value), Span(start, start + len(str(node.value)))

    def _walk(self, direction: Direction) -> tuple[tuple[Operation, ...], Span]:
        function = self.machine.globals.names.get(direction.value)
        if function is None:
            return (), NOWHERE
        if not isinstance(function, Function) or isinstance(function.node, ast.Lambda):
            where = self._span("revision")
            why = "it is not defined in this file"
            self.unresolved.append(Unresolved(direction, where, f"what {direction.value}() does", why))
            return (), NOWHERE
        self.revision.begin(direction)
        self.machine.steps = 0
        args, kwargs = self._arguments(function)
        try:
            self.machine.follow(function, args, kwargs)
        except Exhausted:
            self._lost(direction, self._def_line(function.node), f"the rest of {direction.value}()")
        return tuple(self.revision.operations), self._def_line(function.node)

    def _arguments(self, function: Function) -> tuple[list[Value], dict[str, Value]]:
        """What env.py may pass on: run_migrations(**kw) gives its keywords to upgrade() and downgrade()."""
        parameters = function.node.args
        given: dict[str, Value] = {}
        for parameter in (*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs):
            name = parameter.arg
            if name == "op":
                given[name] = symbol("alembic.op")
            elif name not in function.defaults:
                given[name] = Unknown(f"{name} is passed in by env.py")
        return [], given

    def _def_line(self, node: ast.stmt) -> Span:
        if is_far(node):
            return self._span("revision")
        start = self.source.offset_of_bytes(node.lineno, node.col_offset)
        end = self.source.text.find("\n", start)
        line = self.source.text[start : end if end >= 0 else None]
        return Span(start, start + len(line.rstrip("\r")))

    def _lost(self, direction: Direction, span: Span, what: str) -> None:
        count = len(self.revision.operations)
        self.unresolved.append(Unresolved(direction, span, what, "it is too long to follow", count, count))
        self.machine.frame = self.machine.globals


def _alone(name: str, text: str) -> Iterator[int]:
    """Where a name stands as a word of its own; to compile a pattern for each revision took longer."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        is_part = _continues(text[at - 1 : at]) or _continues(text[end : end + 1])
        if not is_part:
            yield at
        at = text.find(name, at + 1 if is_part else end)


def _continues(character: str) -> bool:
    return character.isalnum() or character in ("_", "-")


def _says_nothing(function: Value) -> bool:
    """Whether there is no function, or one whose body does nothing at all."""
    if function is None:
        return True
    if not isinstance(function, Function) or isinstance(function.node, ast.Lambda):
        return False
    return all(_is_idle(statement) for statement in function.node.body)


def _is_idle(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Expr, ast.Return)):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _identifiers(value: Value) -> tuple[tuple[str, ...], bool]:
    """One identifier, several or none, and whether they are known."""
    if value is None:
        return (), True
    if isinstance(value, str):
        return (str(value),), True
    if isinstance(value, (list, tuple)):
        known = tuple(str(each) for each in value if isinstance(each, str))
        return known, len(known) == len(value)
    return (), False


def _labels(value: Value, revision: str) -> tuple[str, ...]:
    """A revision's branch labels; one that can't be known is a label of its own, unlike any other."""
    labels, known = _identifiers(value)
    return labels if known else (*labels, f"?{revision}")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _day_of_name(path: str) -> str:
    named = _NAMED.search(path.rpartition("/")[2].removesuffix(".py"))
    return _day(f"{named[1]}-{named[3]}-{named[4]}") if named else ""
