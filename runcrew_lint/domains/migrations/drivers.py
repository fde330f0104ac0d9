"""Which database a project can connect to: by the drivers that it installs and the servers that it starts.

SQLAlchemy, "Dialects": each database but SQLite, whose driver is Python's own, needs a package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.dialect import OPEN
from runcrew_lint.domains.migrations.modules import Modules
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_INSTALLED = (
    *("pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "Pipfile", "environment.yml", "requirements.in"),
    *("requirements.txt", "requirements/base.txt", "requirements/common.txt", "requirements/production.txt"),
)
_STARTED = (
    *("Dockerfile", "compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"),
    *(".env.example", ".env.sample", "alembic.ini"),
)
_CONFIGURED = ("config.py", "settings.py", "config/__init__.py", "settings/__init__.py", "__init__.py")
_INCLUDED = lazily(r"(?m)^[ \t]*(?:-r|--requirement)[ =]*(\S+)")
_USES_ALEMBIC = lazily(r"(?i)\b(?:sqlalchemy|sqlmodel|alembic|flask[-_]migrate)\b")
# PostgreSQL, or oslo.db, which leaves the choice to whoever runs the program.
_MAY_BE_POSTGRES = lazily(r"(?i)postg|psycopg|asyncpg|pg8000|timescale|\bpg(?:bouncer|vector)|\boslo")
_OTHER_SERVER = lazily(r"(?i)mysql|mariadb|\boracle|pyodbc|mssql|sqlserver|cockroach|snowflake|redshift")
_RUNS_MYSQL = lazily(
    r"(?i)\bpymysql\b|\bmysqlclient\b|\baiomysql\b|\basyncmy\b|\bmysql-connector|\b(?:mysql|mariadb)\+?\w*://"
    r"|\bimage:[ \t]*[\"']?(?:[\w.-]+/)*(?:mysql|mariadb)(?![\w-])"
)
_RUNS_SQLITE = lazily(r"(?i)\baiosqlite\b|\bsqlite\+?\w*:/")
_COMMENT = lazily(r"#[^\r\n]*")


def database(source: Source, reading: Reading, *, application: bool = False) -> str:
    """MySQL or SQLite where all that lies around a module knows that one alone; OPEN where PostgreSQL may be
    meant, too, and "" where nothing says.

    What it consults are the files that say what is installed and started, from its own folder up to the
    repository's, and the modules that it imports. A mention of PostgreSQL anywhere among them is enough.

    Arguments:
        application: the module sets up an application, whose settings lie beside it and are imported by name
            as it runs.
    """
    installed = list(_around(source, reading, _INSTALLED))
    modules = [source.text, *_imported(source, reading)]
    modules += _around(source, reading, _CONFIGURED) if application else ()
    texts = [*installed, *_around(source, reading, _STARTED), *(_COMMENT.sub("", each) for each in modules)]
    if any(map(_MAY_BE_POSTGRES.search, texts)):
        return OPEN
    if not any(map(_USES_ALEMBIC.search, installed)):
        return ""
    if any(map(_RUNS_MYSQL.search, texts)):
        return "MySQL"
    runs_sqlite = any(map(_RUNS_SQLITE.search, texts)) and not any(map(_OTHER_SERVER.search, texts))
    return "SQLite" if runs_sqlite else ""


def _around(source: Source, reading: Reading, names: Sequence[str]) -> Iterator[str]:
    """The texts of these files, from the script's folder up, with those that they include."""
    folder = source.path
    while folder:
        folder = folder.rpartition("/")[0]
        for name in names:
            found = reading.consult(f"{folder}/{name}".lstrip("/"))
            if found is not None:
                yield found.text
                for listed in _INCLUDED.findall(found.text):
                    more = reading.consult(f"{found.path.rpartition('/')[0]}/{listed}".lstrip("/"))
                    yield more.text if more is not None else ""


def _imported(source: Source, reading: Reading) -> Iterator[str]:
    """The texts of the modules that it imports, and of those that a package among them takes names from."""
    modules = Modules(reading)
    script = modules.module(source.path.removesuffix(".py"))
    for module in modules.imported(script) if script is not None else ():
        behind = modules.imported(module) if module.path.endswith("/__init__.py") else (module,)
        for each in behind:
            found = reading.consult(each.path)
            yield found.text if found is not None else ""
