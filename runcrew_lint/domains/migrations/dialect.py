"""Which database a script is written for: by its path, else by what only one of them writes so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from runcrew_lint.patterns import lazily

if TYPE_CHECKING:
    from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration

POSTGRES = "postgresql"
COCKROACH = "CockroachDB"
OPEN = "?"  # it may be PostgreSQL

# Folders and parts of file names, by the database they name.
_NAMES = {
    **dict.fromkeys(("postgres", "postgresql", "pg", "pgsql", "psql", "supabase", "timescale"), POSTGRES),
    **dict.fromkeys(("mysql", "mariadb", "tidb", "planetscale"), "MySQL"),
    **dict.fromkeys(("sqlite", "sqlite3", "d1", "libsql", "turso"), "SQLite"),
    **dict.fromkeys(("mssql", "sqlserver", "tsql"), "SQL Server"),
    **dict.fromkeys(("cockroach", "cockroachdb", "crdb"), COCKROACH),
    **dict.fromkeys(("clickhouse", "clickhouse-migrations"), "ClickHouse"),
    "oracle": "Oracle",
    "h2": "H2",
    "duckdb": "DuckDB",
    "spanner": "Spanner",
    "bigquery": "BigQuery",
    "snowflake": "Snowflake",
    "redshift": "Redshift",
    "db2": "Db2",
}
_PIECE = lazily(r"[/._-]")


def by_folder(name: str) -> str:
    """The database that a folder's whole name is; "" where it is none's."""
    return _NAMES.get(name.lower(), "")


def by_path(path: str) -> str:
    """The database that a path names, the innermost folder first; "" where it names none."""
    folders = path.lower().split("/")[:-1]
    for folder in reversed(folders):
        for piece in (folder, *_PIECE.split(folder)):
            if piece in _NAMES:
                return _NAMES[piece]
    return ""


_SCHEMES = {
    **dict.fromkeys(("postgresql", "postgres"), POSTGRES),
    **dict.fromkeys(("mysql", "mariadb"), "MySQL"),
    "sqlite": "SQLite",
    "mssql": "SQL Server",
    "oracle": "Oracle",
    "cockroachdb": COCKROACH,
    "snowflake": "Snowflake",
    "redshift": "Redshift",
}


def by_url(url: str) -> str:
    """The database that a URL of SQLAlchemy's names by its scheme; "" for one that is not known.

    "Engine Configuration", "Database URLs": `dialect+driver://...`.
    """
    scheme, _, rest = url.strip().partition("://")
    return _SCHEMES.get(scheme.partition("+")[0].lower(), "") if rest or url.strip().endswith("://") else ""


WITHOUT_IF_EXISTS = frozenset({"mysql", "oracle", "mssql"})  # none of them drops or makes an index by it
_OTHERS = r"(?:mysql|mariadb|sqlite|oracle|mssql)"
# A line that asks which database it is, or says something to one of them.
_ASKS = lazily(
    rf"^.*(?:\bdialects?\b|\bengine\.name\b|\bis_{_OTHERS}\b|\b{_OTHERS}_\w+\s*=|(?:[=!]=|startswith\()\s*[\"']{_OTHERS}[\"']).*$",
    re.MULTILINE,
)
_MYSQL = lazily(r"\balter\s+table\s+\S+\s+modify\b|\bengine\s*=\s*innodb\b", re.IGNORECASE)
_NAMED = lazily(_OTHERS)
_ELSE = lazily(r"dialect(?:\.name|_name)?\s*==\s*[\"']postgres.*^\s*else\b", re.MULTILINE | re.DOTALL)


def asked_for(text: str) -> tuple[str, ...]:
    """The databases beside PostgreSQL for which a revision does something; "another" where it names none."""
    lowered = text.lower()
    if ("modify" in lowered or "innodb" in lowered) and _MYSQL.search(text):
        return ("mysql",)
    lines = _ASKS.findall(text) if _NAMED.search(text) else ()  # few revisions name another at all
    named = {name for line in lines for name in _NAMED.findall(line)}
    return tuple(sorted(named or ({"another"} if _ELSE.search(text) else ())))


_TYPES = lazily(r"sqlalchemy\.dialects\.(\w+)")


def by_types(imported: Sequence[Iterable[str]]) -> str:
    """The one database whose own types most revisions import; "" where others import another's.

    Autogenerate writes the types of the database that it compared with. A history for several databases
    imports those of one here and there.

    Arguments:
        imported: the dotted names that each revision imports.
    """
    named = [{found[1] for name in names if (found := _TYPES.match(name)) is not None} for names in imported]
    said = set().union(*named)
    most = sum(map(bool, named)) * 2 > len(named)
    return by_url(f"{said.pop()}://") if len(said) == 1 and most else ""


_OWN_TYPES = "sqlalchemy.dialects.postgresql"


def by_history(setups: Sequence[AlembicEnvironment], migrations: Iterable[Migration]) -> str:
    """The database that env.py connects to, or the settings that it reads, else the one whose types it, or
    most revisions, import, else the only one that the project around it can connect to; "" where that is
    not known.
    """
    scripts = [each for each in setups if each.path.endswith(".py")]
    said = {each.dialect for each in scripts} - {""}
    found = (said or {each.dialect for each in setups if each.sections}) if scripts else set()
    if len(found) == 1 and found.isdisjoint(("", "?")):
        return found.pop()
    if not found <= {"", "?"}:
        return ""
    types = {each.types for each in scripts} - {""}
    if types:
        return types.pop() if len(types) == 1 else ""
    imported = [
        [f"{each.module}.{name}" for each in migration.imports for name in each.names or ("",)]
        for migration in migrations
    ]
    drivers = {each.drivers for each in scripts} - {""}
    is_open = len(drivers) != 1 or OPEN in drivers
    if is_open or any(name.startswith(_OWN_TYPES) for names in imported for name in names):
        return by_types(imported)
    return by_types(imported) or drivers.pop()


_COMMENT = lazily(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_SAYS = {
    "SQLite": r"\bautoincrement\b|\bpragma\s+\w|\bwithout\s+rowid\b|\bstrftime\s*\(|\bjulianday\s*\("
    r"|\bdatetime\s*\(\s*'now'|\binsert\s+or\s+(?:replace|ignore)\b|\bsqlite_\w+",
    "ClickHouse": r"\bengine\s*=\s*\w*(?:mergetree|replicated\w*|kafka)\b|\blowcardinality\s*\(",
    "MySQL": r"\bauto_increment\b|\bengine\s*=\s*(?:innodb|myisam|memory)\b|\bunsigned\b|`\w+`"
    r"|\b(?:tiny|medium|long)(?:int|text|blob)\b|\bmodify\s+(?:column\s+)?\w|\bchange\s+column\b"
    r"|\bon\s+update\s+current_timestamp\b|\bcharacter\s+set\b|\bcharset\s*=|\bconvert\s+to\s+character\b"
    r"|\bdrop\s+foreign\s+key\b|\badd\s+(?:unique\s+)?(?:index|key)\s+\w*\s*\(\s*[a-z]"
    r"|\badd\s+(?:column\s+)?\w+\s[^;,']{0,200}\safter\s+\w+\s*(?:[;,]|\Z)|\brename\s+table\s+\w"
    r"|\binsert\s+ignore\b|\bon\s+duplicate\s+key\b|\breplace\s+into\b|\bset\s+foreign_key_checks\b"
    r"|\binterval\s+\d+\s+(?:second|minute|hour|day|week|month|year)\b|\bdatetime\s*\(\s*\d\s*\)",
    "SQL Server": r"\bnvarchar\s*\(|\[dbo\]|\bdbo\.|^[ \t]*go[ \t]*$|\buniqueidentifier\b"
    r"|\bidentity\s*\(\s*\d|\bdatetime2\b|\bsysutcdatetime\b",
    COCKROACH: r"\b(?:create|add)\s+(?:unique\s+)?inverted\s+index\b|\)\s*storing\s*\(|\bunique_rowid\s*\("
    r"|\bas\s+of\s+system\s+time\b|\bset\s+cluster\s+setting\b|\bwith\s+bucket_count\b"
    r"|[(,]\s*\"?\w+\"?\s+string(?:\[\]|\s+(?:not\s+null|null|default|primary|references|unique)\b)",
    "Oracle": r"\bvarchar2\s*\(|\bnumber\s*\(\s*\d+|\bsysdate\b",
    POSTGRES: r"\btimestamptz\b|\bjsonb\b|\bbytea\b|\b(?:big|small)?serial\b|\bplpgsql\b|\btsvector\b"
    r"|\bpg_\w+|\bgen_random_uuid\b|\buuid_generate_v\d|\bcreate\s+extension\b|\bconcurrently\b"
    r"|\busing\s+(?:gin|gist|brin|spgist)\b|\bcreate\s+(?:type|domain)\b|\balter\s+type\b|\w\s*::\s*[a-z]"
    r"|'\s*::\s*[a-z]|\$\w*\$|\bset\s+(?:local\s+)?(?:search_path|lock_timeout|statement_timeout)\b"
    r"|\bwith(?:out)?\s+time\s+zone\b|\bnextval\s*\(|\bas\s+identity\b|\bilike\b|\bnot\s+valid\b"
    r"|\bvalidate\s+constraint\b|\balter\s+(?:column\s+)?\w+\s+(?:set\s+data\s+)?type\b"
    r"|\balter\s+(?:column\s+)?\w+\s+(?:set|drop)\s+not\s+null\b|\btext\s*\[\s*\]|\bint(?:eger)?\s*\[\s*\]"
    r"|\bcomment\s+on\b|\brow\s+level\s+security\b|\bcreate\s+sequence\b|\bcreate\s+materialized\b",
}
_SAID = {name: re.compile(pattern, re.IGNORECASE | re.MULTILINE) for name, pattern in _SAYS.items()}


def by_content(sql: str) -> str:
    """The database whose words alone are in a script; "" where none are, or those of several."""
    bare = _COMMENT.sub(" ", sql)
    found = [name for name, pattern in _SAID.items() if pattern.search(bare)]
    if found in (["SQLite", "MySQL"], ["ClickHouse", "MySQL"], [COCKROACH, POSTGRES]):
        return found[0]  # which takes the other one's words, or some of them
    return found[0] if len(found) == 1 else ""
