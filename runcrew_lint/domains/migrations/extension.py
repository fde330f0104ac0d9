"""Flask-Migrate: the database that an application hands to it, whose metadata its env.py then asks for.

Its template of env.py says `current_app.extensions["migrate"].db`, so that nothing leads from there to the
models; what an application says to `Migrate(app, db)` or `migrate.init_app(app, db)` does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from runcrew_lint.documents import python
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import drivers
from runcrew_lint.domains.migrations.conventions import Convention, convention_of, machine_in, said
from runcrew_lint.domains.migrations.env_script import adds_locations
from runcrew_lint.domains.migrations.facts import AlembicEnvironment
from runcrew_lint.domains.migrations.frames import Exhausted, Frame
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.domains.migrations.values import LocalClass, Symbol, Value
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source


def read(source: Source, reading: Reading) -> AlembicEnvironment | None:
    """What is known of the database that a module hands to Flask-Migrate; None for no such module.

    Databases of several conventions count as one whose convention is not known, and so does one of a module
    that is for a newer Python than ours.
    """
    found = set()
    try:
        module = source.derive(python.parse)
    except Unreadable:
        return None
    for given, imports in _handed(module, []):
        try:
            found.add(_convention(source, reading, given, imports))
        except (Exhausted, RecursionError, Unreadable):
            found.add(None)
    if not found:
        return None
    convention = found.pop() if len(found) == 1 else None
    more = adds_locations(module)
    return AlembicEnvironment(
        source.path,
        naming_convention=convention,
        extension="given",
        adds_locations=more,
        drivers=drivers.database(source, reading, application=True),
    )


def _handed(scope: ast.AST, imports: list[ast.stmt]) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    """The databases that are handed over, with the imports of the functions that they are in."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            own = [each for each in ast.walk(node) if isinstance(each, (ast.Import, ast.ImportFrom))]
            yield from _handed(node, [*imports, *own])
            continue
        if isinstance(node, ast.Call) and (given := _database(node)) is not None:
            yield given, imports
        yield from _handed(node, imports)


def _database(call: ast.Call) -> ast.expr | None:
    """The `db` of `Migrate(app, db)` and of `migrate.init_app(app, db)`; None for any other call."""
    called = call.func
    if isinstance(called, ast.Attribute) and called.attr == "init_app":
        is_its_own = "migrat" in _name(called.value).lower()
    else:
        is_its_own = _name(called) == "Migrate"
    if not is_its_own:
        return None
    named = next((each.value for each in call.keywords if each.arg == "db"), None)
    return named or (call.args[1] if len(call.args) > 1 else None)


def _name(node: ast.expr) -> str:
    """The last word of a name."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _convention(
    source: Source, reading: Reading, given: ast.expr, imports: Sequence[ast.stmt]
) -> Convention | None:
    """The convention of a database of Flask-SQLAlchemy; () for none, None if it is not known.

    Its class may be one of the repository, so that the call that makes it says more than the object.
    """
    modules = Modules(reading)
    machine = machine_in(source, modules)
    name = _name(given)
    if machine is None or not name:
        return None
    machine.block([*imports])
    machine.evaluate(given)
    made = [
        (module, statement)
        for module, _ in modules.visited
        for statement in module.statements(name)
        if not isinstance(statement, (ast.Import, ast.ImportFrom)) and name in _targets(statement)
    ]
    module, statement = made[0] if len(made) == 1 else (None, None)
    call = getattr(statement, "value", None)
    if module is None or not isinstance(call, ast.Call):
        return None
    machine.frame = Frame(modules.frame(machine, module))
    words = {each.arg: each.value for each in call.keywords}
    if None in words or not _is_database(machine.evaluate(call.func)):
        return None
    told = words.get("metadata") or words.get("model_class")
    found = convention_of(machine, machine.evaluate(told)) if told is not None else ()
    put = [each for _, text in modules.visited for each in _put(text, name)]
    if put:
        found = said(machine, machine.evaluate(put[0])) if len(put) == 1 else None
    is_hidden = found == () and any("naming_convention" in text.text for _, text in modules.visited)
    return None if is_hidden else found


def _targets(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, whatever it is."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _is_database(value: Value) -> bool:
    """Whether a class is Flask-SQLAlchemy's, or made from it."""
    if isinstance(value, LocalClass):
        return any(_is_database(base) for base in value.bases)
    return isinstance(value, Symbol) and value.path.startswith("flask_sqlalchemy.")


def _put(source: Source, name: str) -> Iterator[ast.expr]:
    """What a module gives the metadata of a database as its convention later on."""
    if "naming_convention" not in source.text:
        return
    for statement in source.derive(python.parse).body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if ast.unparse(target) in (f"{name}.{owner}naming_convention" for owner in _OWNERS):
                    yield statement.value


_OWNERS = ("metadata.", "Model.metadata.")
