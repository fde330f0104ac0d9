"""Which database scripts are for where they do not say so themselves: what their tool keeps beside them
says it, else the drivers of the program that runs them.
"""

from __future__ import annotations

from posixpath import dirname, join

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.dialect import by_folder
from runcrew_lint.patterns import lazily

# What Drizzle and Prisma write beside their scripts, and read again before they run one.
_KEPT = {
    "drizzle": ("meta/_journal.json", lazily(r'"dialect"\s*:\s*"(\w+)"')),
    "prisma": ("migration_lock.toml", lazily(r'(?m)^\s*provider\s*=\s*"(\w+)"')),
}
# What a program says of its drivers: in Go the list of its modules, in Rust the features of the one library.
_MODULES = ("go.mod", lazily(r"(?s).+"))
_PROGRAMS = {
    **dict.fromkeys(("goose", "golang-migrate", "sql-migrate"), _MODULES),
    "sqlx": ("Cargo.toml", lazily(r"(?m)^sqlx\s*=\s*\{[^}]*\}|^\[[\w.-]*\.sqlx\][^\[]*(?:\[[^\]]*\])?")),
    "diesel": (
        "Cargo.toml",
        lazily(r"(?m)^diesel\s*=\s*\{[^}]*\}|^\[[\w.-]*\.diesel\][^\[]*(?:\[[^\]]*\])?"),
    ),
}
_OTHER_PROGRAMS = (
    "package.json",
    "pyproject.toml",
    "setup.py",
    "requirements.txt",
    "Gemfile",
    "composer.json",
)
_MAY_BE_POSTGRES = lazily(r'(?i)postg|\bpg|/pq\b|cockroach|yugabyte|timescale|"any"')
_DRIVERS = {
    "SQLite": lazily(r"(?i)sqlite"),
    "MySQL": lazily(r"(?i)mysql|mariadb"),
    "SQL Server": lazily(r"(?i)mssql|sqlserver"),
    "ClickHouse": lazily(r"(?i)clickhouse"),
}
_COCKROACH_SERVER = lazily(r"(?im)^[ \t]*image:[ \t]*[\"']?(?:[\w.-]+/)*cockroach(?:db)?(?![\w-])")
_POSTGRES_SERVER = lazily(r"(?im)^[ \t]*image:[^\n#]*(?:postg|timescale|pgvector)")
_STARTED = tuple(
    f"{folder}{name}.{end}"
    for folder in ("", ".devcontainer/")
    for name in ("docker-compose", "compose")
    for end in ("yml", "yaml")
)
_COMMENT = lazily(r"(?m)(?:^|\s)(?://|#).*$")


def kept(folder: str, tool: str, reading: Reading) -> str:
    """The database that a tool has written down for the scripts in a folder; "" where it has not."""
    if tool not in _KEPT:
        return ""
    name, says = _KEPT[tool]
    file = reading.consult(join(folder, name))
    told = says.search(file.text) if file is not None else None
    return by_folder(told[1]) if told else ""


def driven(folder: str, tool: str, reading: Reading) -> str:
    """The one database that the nearest program of the tool's language has a driver of; "" for several.

    A program of another language that lies nearer may be the one that runs them.
    """
    if tool not in _PROGRAMS:
        return ""
    name, says = _PROGRAMS[tool]
    while True:
        program = reading.consult(join(folder, name))
        text = "\n".join(says.findall(_COMMENT.sub("", program.text))) if program is not None else ""
        found = [each for each, driver in _DRIVERS.items() if driver.search(text)]
        if found or _MAY_BE_POSTGRES.search(text):
            return found[0] if len(found) == 1 and not _MAY_BE_POSTGRES.search(text) else ""
        if not folder or any(reading.consult(join(folder, each)) is not None for each in _OTHER_PROGRAMS):
            return ""
        folder = dirname(folder)


def runs_on_cockroach(folder: str, tool: str, reading: Reading) -> bool:
    """Whether a program in Go brings along what is made for CockroachDB, and is developed with its server and
    without one of PostgreSQL, whose driver and language both have in common.
    """
    if _PROGRAMS.get(tool) is not _MODULES:
        return False
    while True:
        program = reading.consult(join(folder, "go.mod"))
        if program is not None or not folder:
            break
        folder = dirname(folder)
    if program is None or "cockroachdb/cockroach-go" not in program.text:
        return False
    files = [reading.consult(join(folder, each)) for each in _STARTED]
    started = "\n".join(each.text for each in files if each is not None)
    return _COCKROACH_SERVER.search(started) is not None and _POSTGRES_SERVER.search(started) is None
