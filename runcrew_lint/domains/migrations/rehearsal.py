"""Where a downgrade is tried before it is needed: tests, and scripts that a workflow may run."""

from __future__ import annotations

import re
from posixpath import basename, dirname

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.facts import Rehearsal
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

DOWN = lazily(
    r"\b(?:alembic|flask\s+db|manage(?:\.py)?\s+db)\b[^\n#]*\bdowngrade\b"
    r"|\bdiesel\b[^\n#]*\b(?:redo|revert)\b|\bsqlx\b[^\n#]*\brevert\b|\bdbmate\b[^\n#]*\b(?:down|rollback)\b"
    r"|\b(?:goose|migrate)\b[^\n#]*\b(?:down|reset|redo)\b|\bflyway\b[^\n#]*\bundo\b"
)
_IN_TEST = lazily(
    r"(?<!def )\bdowngrade\s*\(|[\"']downgrade[\"']|\balembic_runner\b|\bpytest_alembic\b|\bmigrate_down\w*\("
)
_TARGET = lazily(r"^@?([\w.-]+)[^:=\n]*:(?!=)", re.MULTILINE)


def read(source: Source, reading: Reading) -> Rehearsal | None:
    """The rehearsal in a file; None where there is none."""
    del reading
    name = basename(source.path)
    if name.endswith(".py") and name != "noxfile.py":
        is_test = (
            name.startswith(("test_", "conftest")) or name.endswith("_test.py") or "tests/" in source.path
        )
        return Rehearsal(source.path) if is_test and _IN_TEST.search(source.text) else None
    if name.endswith((".toml", ".txt", ".in", ".cfg")):
        return Rehearsal(source.path) if "pytest-alembic" in source.text else None
    found = DOWN.search(source.text)
    if found is None:
        return None
    if name in ("tox.ini", "noxfile.py"):
        return Rehearsal(source.path)
    if name.lower() in ("makefile", "gnumakefile", "justfile", ".justfile"):
        before = [each[1] for each in _TARGET.finditer(source.text, 0, found.start())]
        return Rehearsal(source.path, (before[-1],) if before else ())
    if name in ("action.yml", "action.yaml"):
        return Rehearsal(source.path, (dirname(source.path),))
    return Rehearsal(source.path, (name,))
