"""Finds where env files are read: python-dotenv, pydantic settings, dotenv for Node, compose's env_file."""

from __future__ import annotations

from runcrew_lint.domains.environment.facts import EnvLoading
from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_LOADS = lazily(
    r"\bload_dotenv\(|\bdotenv\.config\(|[\"']dotenv/config[\"']|\brequire\([\"']dotenv[\"']\)"
    r"|\benv_file[\"']?\s{0,4}[:=]\s{0,80}(?:-\s{0,4})?(?=[\w.\"'(\[])"
)
_FILE = lazily(r"[\"'(\[\s-]{0,80}((?:[\w.-]{1,40}/){0,6}\.env[\w.-]{0,40})")
_PARSES = lazily(r"\bdotenv\.parse\(")
_CONFIGURES = lazily(r"\bconfig\(")
_COMMENT = lazily(r"^[ \t]*(?:#|//|\*)")


def read(source: Source, _reading: Reading) -> EnvLoading | None:
    """The first such place outside a comment, with the file that is named there."""
    for found in _LOADS.finditer(source.text):
        line = source.line(source.position(found.start()).line)
        if _COMMENT.match(line):
            continue
        if found.group().startswith("require") and _only_parses(source.text):
            continue
        named = _FILE.match(source.text, found.end())
        if found.group().startswith("env_file") and not named:
            continue
        return EnvLoading(source.path, named[1] if named else ".env", Span(*found.span()))
    return None


def _only_parses(text: str) -> bool:
    """Whether a script has dotenv parse whatever file it is given, and load none."""
    return _PARSES.search(text) is not None and _CONFIGURES.search(text) is None
