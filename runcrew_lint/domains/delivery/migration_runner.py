"""A file outside of the workflows that upgrades the database to a `MigrationRunner`."""

from __future__ import annotations

from runcrew_lint.domains.delivery.facts import MigrationRunner, RunMark
from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

# The command in a script, an image or a manifest (as words or as a JSON list), and the call in code.
_RUNS = lazily(
    r"""\balembic\b['"]?(?:[\s,'"]++[\w./=-]++){0,20}?[\s,'"]++upgrade\b"""
    r"""|\b(?:alembic\.)?command\.upgrade\s*\(|\bflask['",\s]+db['",\s]+upgrade\b"""
)
_TESTS = lazily(r"(?:\A|/)(?:tests?|e2e|docs?|examples?)/|(?:\A|/)(?:test_[^/]*|[^/]*_test|conftest)\.py\Z")
_COMMENT = lazily(r"\s*(?:#|//|\*|--)")


def read(source: Source, reading: Reading) -> MigrationRunner | None:
    """Where the file upgrades the database; tests and comments don't count."""
    if _TESTS.search(source.path):
        return None
    found = []
    for each in _RUNS.finditer(source.text):
        start = source.text.rfind("\n", 0, each.start()) + 1
        if not _COMMENT.match(source.text[start : each.start()]):
            found.append(RunMark(Span(*each.span()), " ".join(each.group().split())))
    return MigrationRunner(source.path, tuple(found[:20])) if found else None
