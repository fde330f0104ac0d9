"""Which SQLAlchemy a project installs, as far as its own files say it."""

from __future__ import annotations

from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_FILES = ("uv.lock", "poetry.lock", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py", "Pipfile")
_LOCKED = lazily(r'(?i)\nname = "sqlalchemy"\nversion = "(?P<major>\d+)\.')
# "sqlalchemy==1.4.27", "SQLAlchemy[asyncio]>=1.4,<2", sqlalchemy = "^1.4", sqlalchemy = { version = "~1.4" }.
_ASKED = lazily(
    r"(?im)(?<![\w\[,-])sqlalchemy(?:\[[^\]\n]*\])?(?![\w\]-])[^\n,;#]*?"
    r"(?:(?:==|~=|\^|~|[\"'])\s*(?P<major>\d+)\.|<\s*(?P<below>\d+)\b|,\s*<\s*(?P<end>\d+)\b)"
)


def older(source: Source, reading: Reading) -> bool:
    """Whether SQLAlchemy 1 is installed beside a file: what the nearest file that says it says.

    The first statement of a connection of SQLAlchemy 1 begins no transaction that it knows of, and the
    connection has no `commit` ("Migrating to SQLAlchemy 2.0", "Library-level autocommit").
    """
    folder = source.path
    while folder:
        folder = folder.rpartition("/")[0]
        for name in _FILES:
            found = reading.consult(f"{folder}/{name}".lstrip("/"))
            said = _said(found.text) if found is not None else 0
            if said:
                return said < 2
    return False


def _said(text: str) -> int:
    """The greatest major version that a text lets in; 0 where it says none."""
    locked = _LOCKED.search(text)
    if locked is not None:
        return int(locked["major"])
    asked = _ASKED.search(text)
    if asked is None:
        return 0
    return int(asked["major"]) if asked["major"] else int(asked["below"] or asked["end"]) - 1
