"""What an env.py says of the transactions, settings and names of its revisions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.documents import python
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import drivers
from runcrew_lint.domains.migrations.dialect import by_url
from runcrew_lint.domains.migrations.facts import NOWHERE, AlembicEnvironment, EnvironmentSetting
from runcrew_lint.domains.migrations.frames import Exhausted
from runcrew_lint.domains.migrations.installed import older
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_TIMEOUT = lazily(
    r"(?P<local>\bset\s+local\s+)?\b(?P<name>lock_timeout|statement_timeout)\b"
    r"(?:\s*(?:=|\bto\b|['\"]?\s*,)\s*)?(?P<value>'[^']*'|[\w.]+)?",
    re.IGNORECASE,
)
_PATH = lazily(r"search_path\b\s*(?:=|\bto\b)?\s*(?P<value>[^;]*)", re.IGNORECASE)
_EXTENSION = lazily(r"""current_app\.extensions\[['"]migrate['"]\]\.db\b""")  # Flask-Migrate's template
_HOLE = "?"


def read(source: Source, reading: Reading) -> AlembicEnvironment | None:
    """What an env.py tells Alembic and its connection; None for a file that runs no migrations.

    Any AUTOCOMMIT that it names counts: whether it reaches the connection that migrates can't be seen here.
    """
    if "run_migrations" not in source.text:
        return None
    module = source.derive(python.parse)
    autocommit = False
    texts: list[str] = []
    told: dict[str, list[ast.expr]] = {}
    outer = NOWHERE
    for node in ast.walk(module):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and ("_timeout" in node.value or "search_path" in node.value):
                texts.append(node.value)
            autocommit = autocommit or (isinstance(node.value, str) and node.value.upper() == "AUTOCOMMIT")
        elif isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            autocommit = autocommit or name in ("ISOLATION_LEVEL_AUTOCOMMIT", "autocommit")
        elif isinstance(node, ast.JoinedStr):
            texts.append(_text(node))
        elif isinstance(node, ast.keyword) and node.arg is not None:
            told.setdefault(node.arg, []).append(node.value)
        elif isinstance(node, (ast.With, ast.AsyncWith, ast.Assign)) and outer is NOWHERE:
            outer = _outer(source, node)
    autocommit = autocommit or any(not _is_off(each) for each in told.get("autocommit", ()))
    texts += [name for name in ("lock_timeout", "statement_timeout", "search_path") if name in told]
    ddl = [each.value for each in told.get("transactional_ddl", ()) if isinstance(each, ast.Constant)]
    per_migration = any(not _is_off(each) for each in told.get("transaction_per_migration", ()))
    begun, may_not = _begun(source, module, reading)
    dialect, types = _dialect(module), _types(module)
    return AlembicEnvironment(
        source.path,
        (),
        autocommit,
        per_migration,
        timeouts(texts),
        outer_transaction=outer,
        transactional_ddl=bool(ddl[-1]) if ddl else None,  # the last one is most often the online one
        search_path=_search_path(texts),
        version_table_schema=_one(told.get("version_table_schema", ())),
        include_schemas=any(not _is_off(each) for each in told.get("include_schemas", ())),
        naming_convention=_convention(source, reading, told.get("target_metadata", ())),
        extension="asked" if _EXTENSION.search(source.text) and "target_metadata" in told else "",
        template=_template(source, reading),
        others=_others(module),
        begun=begun,
        may_not_begin=may_not,
        left_open=NOWHERE if per_migration or ddl[-1:] == [False] else _left_open(source, module),
        dialect=dialect,
        types=types,
        drivers=drivers.database(source, reading) if dialect in ("", _HOLE) and not types else "",
        adds_locations=adds_locations(module),
    )


_AUTOBEGINS = frozenset({"run_sync", "create_async_engine", "async_engine_from_config", "AsyncEngine"})


def _left_open(source: Source, module: ast.Module) -> Span:
    """Where it calls run_migrations() on a connection, and begin_transaction() nowhere around it.

    SQLAlchemy 1.4 commits each statement then, where `future=True` and an async engine do not ask for what
    SQLAlchemy 2 always does: which of the two is installed can't be seen here.
    """
    for function in _scopes(module):
        calls = {_name(call): call for call in _own_calls(function)}
        configured = calls.get("configure")
        runs = calls.get("run_migrations")
        if configured is None or runs is None or "begin_transaction" in calls:
            continue
        if any(each.arg == "connection" for each in configured.keywords) and _autobegins(module):
            return python.span(source, runs)
    return NOWHERE


def _autobegins(module: ast.Module) -> bool:
    """Whether its connection begins a transaction by itself, whatever the version of SQLAlchemy."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    return any(
        _name(call) in _AUTOBEGINS
        or any(each.arg == "future" and not _is_off(each.value) for each in call.keywords)
        for call in calls
    )


# An identifier, or a text of one word, that names a database beside PostgreSQL.
_OTHER = lazily(r"(?:\b|_)(?P<name>mysql|mariadb|sqlite|oracle|mssql)(?:\b|_)", re.IGNORECASE)


def _others(module: ast.Module) -> tuple[str, ...]:
    """The databases beside PostgreSQL that it does something for."""
    words = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value if len(node.value.split()) == 1 else "")
        elif isinstance(node, (ast.Name, ast.Attribute)):
            words.add(node.id if isinstance(node, ast.Name) else node.attr)
    return tuple(sorted({each["name"].lower() for word in words for each in _OTHER.finditer(word)}))


def _scopes(module: ast.Module) -> list[ast.Module | ast.FunctionDef]:
    return [*(each for each in ast.walk(module) if isinstance(each, ast.FunctionDef)), module]


_SENDS = frozenset({"execute", "exec_driver_sql", "scalar", "scalars"})


def _begun(source: Source, module: ast.Module, reading: Reading) -> tuple[Span, bool]:
    """The first statement sent on a connection that `configure` is then given with nothing committed.

    With it whether it may not be sent. SQLAlchemy 2, "Working with Transactions and the DBAPI": the first
    statement begins a transaction. Alembic looks for one as it is configured.
    """
    for function in _scopes(module):
        sent: dict[str, list[ast.Call]] = {}
        for call in _own_calls(function):
            if _name(call) == "configure":
                for each in call.keywords:
                    if each.arg == "connection" and isinstance(each.value, ast.Name):
                        since = sent.get(each.value.id)
                        if since and (_autobegins(module) or not older(source, reading)):
                            may_not = all(_may_miss(function, one, call) for one in since)
                            return python.span(source, since[0]), may_not
            called = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(called, ast.Name):
                if _name(call) in _SENDS:
                    sent.setdefault(called.id, []).append(call)
                elif _name(call) in ("commit", "rollback"):
                    sent.pop(called.id, None)
    return NOWHERE, False


def _may_miss(scope: ast.Module | ast.FunctionDef, first: ast.Call, then: ast.Call) -> bool:
    """Whether the first call stands where it need not be come to, and the other one does not stand there."""
    for node in ast.walk(scope):
        if isinstance(node, (ast.If, ast.For, ast.While, ast.Try, ast.IfExp)):
            held = [each for each in ast.walk(node) if each is first or each is then]
            if held == [first]:
                return True
    return False


def _own_calls(scope: ast.Module | ast.FunctionDef) -> list[ast.Call]:
    """The calls of a scope in the order of the text, without those of the functions in it."""
    found, waiting = [], list(scope.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Call):
            found.append(node)
        waiting += ast.iter_child_nodes(node)  # type: ignore[arg-type]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


_ENGINES = frozenset({"create_engine", "create_async_engine"})
_FROM_SETTINGS = frozenset({"engine_from_config", "async_engine_from_config"})
_ASKS = frozenset({"get_main_option", "get_section_option", "get"})
_ELSEWHERE = frozenset({"attributes", "set_main_option", "set_section_option"})


def adds_locations(module: ast.Module) -> bool:
    """Whether a module sets version locations as it runs: of what is installed beside it, say."""
    return any(
        isinstance(node, ast.Call)
        and _name(node) == "set_main_option"
        and any(isinstance(each, ast.Constant) and each.value == "version_locations" for each in node.args)
        for node in ast.walk(module)
    )


def _types(module: ast.Module) -> str:
    """The one database whose types it imports."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    paths = {f"{node.module}.{each.name}" for node in imports for each in node.names}
    packages = {path.split(".")[2] for path in paths if path.startswith("sqlalchemy.dialects.")}
    return by_url(f"{packages.pop()}://") if len(packages) == 1 else ""


def _dialect(module: ast.Module) -> str:
    """The database that it connects to: a literal's, "" for that of the settings, "?" for one not known."""
    asked, urls, settled = set(), set(), False
    for node in ast.walk(module):
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in _ELSEWHERE:
                return _HOLE
        elif isinstance(node, ast.Call):
            name = _name(node)
            first = node.args[0] if node.args else None
            text = first.value if isinstance(first, ast.Constant) else None
            if name in _ASKS:
                asked.add(id(first))
            elif name in _ENGINES:
                urls.add(by_url(text) if isinstance(text, str) else "")
            given = any(each.arg == "url" for each in node.keywords)
            settled = settled or (name in _FROM_SETTINGS and not given)
    told = any(
        isinstance(node, ast.Constant) and node.value == "sqlalchemy.url" and id(node) not in asked
        for node in ast.walk(module)
    )
    if urls or told or not settled:
        return urls.pop() or _HOLE if len(urls) == 1 and not told and not settled else _HOLE
    return ""


def _template(source: Source, reading: Reading) -> str:
    """The text that `alembic revision` fills in for a new revision."""
    folder = source.path.rpartition("/")[0]
    found = reading.consult(f"{folder}/script.py.mako".lstrip("/"))
    return found.text if found is not None else ""


def timeouts(texts: Iterable[str]) -> tuple[EnvironmentSetting, ...]:
    """What texts of SQL, or of a connection's options, set the timeouts to."""
    found: dict[str, EnvironmentSetting] = {}
    for text in texts:
        for each in _TIMEOUT.finditer(text):
            name, value = each["name"].lower(), (each["value"] or "?").strip("'")
            found[name] = EnvironmentSetting(name, value or "?", bool(each["local"]))
    return tuple(found.values())


def _text(node: ast.JoinedStr) -> str:
    """An f-string with "?" where a value stands."""
    return "".join(str(each.value) if isinstance(each, ast.Constant) else _HOLE for each in node.values)


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _search_path(texts: Iterable[str]) -> str:
    """The search path of `SET search_path TO a, b` or of `-csearch_path=a`; the longest that is said."""
    found = [each["value"].strip() for text in texts for each in _PATH.finditer(text)]
    if not found:
        return ""
    known = ", ".join(part.strip().strip("\"'") for part in max(found, key=len).split(","))
    return _HOLE if _HOLE in known or not known else known


def _one(values: Iterable[ast.expr]) -> str:
    """The one text that a keyword is given; "?" where it is given anything else."""
    given = {
        each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else _HOLE
        for each in values
        if not (isinstance(each, ast.Constant) and each.value is None)
    }
    return (given.pop() if len(given) == 1 else _HOLE) if given else ""


_BEGINS = frozenset({"begin", "begin_twophase"})
_RUNS = frozenset({"run_migrations", "do_run_migrations", "run_sync", "configure"})


def _outer(source: Source, node: ast.With | ast.AsyncWith | ast.Assign) -> Span:
    """Where a transaction begins on a connection or engine, and the revisions run in it.

    By a with statement; or its object is kept to be committed later, as Alembic's "multidb" template does.
    """
    if isinstance(node, ast.Assign):
        call = node.value
        kept = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _name(call) in _BEGINS
        return python.span(source, call) if kept else NOWHERE
    for item in node.items:
        call = item.context_expr
        begins = (
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "begin"
        )
        if begins and any(name in _RUNS for name in _called(node.body)):
            return python.span(source, call)
    return NOWHERE


def _called(statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield _name(node)


def _name(call: ast.Call) -> str:
    """The last word of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _convention(
    source: Source, reading: Reading, given: Sequence[ast.expr]
) -> tuple[tuple[str, str], ...] | None:
    """The naming convention of the metadata, followed into the modules of the repository."""
    if not given:
        return ()
    from runcrew_lint.domains.migrations import conventions

    try:
        found = conventions.of_script(source, reading, given)
    except (Exhausted, RecursionError):
        return None
    return None if found == () and "naming_convention" in source.text else found
