"""What an env.py says of the transactions, settings and names of its revisions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from runcrew_lint.documents import python
from runcrew_lint.documents.python import callee
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import drivers, env_database, env_transactions
from runcrew_lint.domains.migrations.env_transactions import is_off
from runcrew_lint.domains.migrations.facts import NOWHERE, AlembicEnvironment, EnvironmentSetting
from runcrew_lint.domains.migrations.frames import Exhausted
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_TIMEOUT = lazily(
    r"(?P<local>\bset\s+local\s+)?\b(?P<name>lock_timeout|statement_timeout)\b"
    r"(?:\s*(?:=|\bto\b|['\"]?\s*,)\s*)?(?P<value>'[^']*'|[\w.]+)?",
    re.IGNORECASE,
)
_PATH = lazily(r"search_path\b\s*(?:=|\bto\b)?\s*(?P<value>[^;]*)", re.IGNORECASE)
# PostgreSQL releases these as the transaction ends; pg_advisory_lock stays with the session.
_OF_THE_TABLE = lazily(r"version_num|version_table_impl")
_LOCK = lazily(r"\block\s+table\b|\bpg_(?:try_)?advisory_xact_lock", re.IGNORECASE)
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
    unseen, locks = env_transactions.unseen(module), False
    for node in ast.walk(module):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and ("_timeout" in node.value or "search_path" in node.value):
                texts.append(node.value)
            autocommit = autocommit or (isinstance(node.value, str) and node.value.upper() == "AUTOCOMMIT")
            locks = locks or (isinstance(node.value, str) and bool(_LOCK.search(node.value)))
        elif isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            autocommit = autocommit or name in ("ISOLATION_LEVEL_AUTOCOMMIT", "autocommit")
            locks = locks or bool(_LOCK.match(name))
        elif isinstance(node, ast.JoinedStr):
            texts.append(_text(node))
        elif isinstance(node, ast.keyword) and node.arg is not None:
            told.setdefault(node.arg, []).append(node.value)
        elif isinstance(node, (ast.With, ast.AsyncWith, ast.Assign)) and outer is NOWHERE:
            outer = env_transactions.outer(source, node)
    autocommit = autocommit or any(not is_off(each) for each in told.get("autocommit", ()))
    texts += [name for name in ("lock_timeout", "statement_timeout", "search_path") if name in told]
    ddl = [each.value for each in told.get("transactional_ddl", ()) if isinstance(each, ast.Constant)]
    per_migration = any(not is_off(each) for each in told.get("transaction_per_migration", ()))
    begun, may_not = env_transactions.begun(source, module, reading)
    dialect, types = env_database.dialect(module), env_database.types(module)
    is_open = dialect in ("", env_database.UNKNOWN) and not types
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
        include_schemas=any(not is_off(each) for each in told.get("include_schemas", ())),
        naming_convention=None if unseen else _convention(source, reading, told.get("target_metadata", ())),
        extension="asked" if _EXTENSION.search(source.text) and "target_metadata" in told else "",
        template=_template(source, reading),
        others=env_database.others(module),
        begun=begun,
        may_not_begin=may_not,
        left_open=NOWHERE
        if per_migration or ddl[-1:] == [False]
        else env_transactions.left_open(source, module),
        dialect=dialect,
        types=types,
        drivers=drivers.database(source, reading) if is_open else "",
        adds_locations=adds_locations(module),
        unseen=unseen,
        locks=locks,
        widens_ids=_OF_THE_TABLE.search(source.text) is not None,
        own_ids=_keeps_ids(module),
    )


def adds_locations(module: ast.Module) -> bool:
    """Whether a module sets version locations as it runs: of what is installed beside it, say."""
    return any(
        isinstance(node, ast.Call)
        and callee(node) == "set_main_option"
        and any(isinstance(each, ast.Constant) and each.value == "version_locations" for each in node.args)
        for node in ast.walk(module)
    )


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


def _keeps_ids(module: ast.Module) -> bool:
    """Whether it names new revisions, or notes the last one in a file (`.current-alembic-head`)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name == "write_text" or (name == "rev_id" and isinstance(node.ctx, ast.Store)):
                return True
        elif isinstance(node, ast.Call) and callee(node) == "open":
            given = [*node.args[1:], *(each.value for each in node.keywords if each.arg == "mode")]
            if any(isinstance(each, ast.Constant) and str(each.value)[:1] in ("w", "a") for each in given):
                return True
    return False


def _text(node: ast.JoinedStr) -> str:
    """An f-string with "?" where a value stands."""
    return "".join(str(each.value) if isinstance(each, ast.Constant) else _HOLE for each in node.values)


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
