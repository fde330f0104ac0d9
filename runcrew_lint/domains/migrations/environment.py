"""What sets up an Alembic environment: alembic.ini, [tool.alembic] in pyproject.toml, and env.py."""

from __future__ import annotations

import re
from configparser import Error, RawConfigParser
from pathlib import PurePosixPath
from typing import Any

from runcrew_lint.documents import toml
from runcrew_lint.documents.tree import at, plain
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import env_script
from runcrew_lint.domains.migrations.dialect import by_url
from runcrew_lint.domains.migrations.facts import (
    AlembicEnvironment,
    EnvironmentSection,
)
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_SEPARATORS = {"space": r"\s+", ":": ":", ";": ";", "os": r"[:;]", "newline": r"\s*\n\s*"}


def read(source: Source, reading: Reading) -> AlembicEnvironment | None:
    """The environments that a settings file sets up, or what an env.py says; None where neither is here.

    Every section with a location of its own is one: `alembic -n NAME` picks it. A plain [alembic] section
    without one leaves the location to a program, as Flask-Migrate does: its own folder counts then.

    Errors:
        Unreadable where the file does not parse.
    """
    if source.path.endswith(".py"):
        return env_script.read(source, reading)
    if source.path.endswith(".toml"):
        sections = _toml_sections(source)
        return AlembicEnvironment(source.path, tuple(sections)) if sections else None
    parser = _ini(source)
    sections = _ini_sections(parser, source.path)
    autocommit = any(
        parser[name].get("sqlalchemy.isolation_level", "").strip().upper() == "AUTOCOMMIT"
        for name in parser.sections()
    )
    if not sections:
        return None
    timeouts = env_script.timeouts(value for name in parser.sections() for value in parser[name].values())
    dialects = {by_url(parser[each.name].get("sqlalchemy.url", "")) for each in sections}
    dialect = dialects.pop() if len(dialects) == 1 else ""
    return AlembicEnvironment(source.path, tuple(sections), autocommit, settings=timeouts, dialect=dialect)


def _ini(source: Source) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(source.text)
    except Error as error:
        raise Unreadable(f"not an ini file: {str(error).splitlines()[0]}") from None
    return parser


def _ini_sections(parser: RawConfigParser, path: str) -> list[EnvironmentSection]:
    shared = parser.defaults()
    return [
        _section(name, dict(parser[name]), path)
        for name in parser.sections()
        if name == "alembic" or any(parser[name].get(each) != shared.get(each) for each in _LOCATIONS)
    ]


_LOCATIONS = ("script_location", "version_locations")


def _toml_sections(source: Source) -> list[EnvironmentSection]:
    settings = at(source.derive(toml.parse), "tool", "alembic")
    if settings is None:
        return []
    values = plain(settings)
    return [_section("alembic", values, source.path)] if isinstance(values, dict) else []


def _section(name: str, values: dict[str, Any], path: str) -> EnvironmentSection:
    here = PurePosixPath(path).parent
    values = {key: _resolved(value, values, here) for key, value in values.items()}
    location = values.get("script_location")
    script = location if isinstance(location, str) else str(here)
    versions = values.get("version_locations")
    if isinstance(versions, str):
        word = (
            str(values.get("path_separator", values.get("version_path_separator", ""))).split("#")[0].strip()
        )
        separator = _SEPARATORS.get(word, r",\s*|\s+")
        versions = re.split(separator, versions.strip())
    listed = versions if isinstance(versions, list) else []
    named = values.get("file_template")
    return EnvironmentSection(
        name,
        script,
        tuple(each for each in listed if isinstance(each, str) and each),
        named if isinstance(named, str) else "",
        values.get("recursive_version_locations") in ("true", True),
    )


_NAMED = lazily(r"%(?:\((\w+)\)s|%)")


def _resolved(value: Any, values: dict[str, Any], here: PurePosixPath) -> Any:
    """A setting with `%(here)s` and the names of other settings filled in, once."""
    if isinstance(value, list):
        return [_resolved(each, values, here) for each in value]
    if not isinstance(value, str):
        return value

    def filled(name: re.Match[str]) -> str:
        if name[1] is None:
            return "%"
        other = str(here) if name[1] == "here" else values.get(name[1], name[0])
        return str(other).replace("%(here)s", str(here))

    return re.sub(r"^\./", "", _NAMED.sub(filled, value))
