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
