"""A history of two revisions: one that makes the tables, and the change that is mended."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent


def revision(upgrade: str, downgrade: str) -> str:
    """The change, its head as a template writes it."""
    head = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "0002"\ndown_revision = "0001"\n'
    up, down = (indent(dedent(each).strip(), "    ") for each in (upgrade, downgrade))
    return f"{head}\n\ndef upgrade():\n{up}\n\n\ndef downgrade():\n{down}\n"


def lay_out(folder: Path, start: str, change: str, env: str = "") -> Path:
    """Writes both, and env.py where there is one; the folder of the revisions."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True, exist_ok=True)
    if env:
        (folder / "alembic/env.py").write_text(env)
    (versions / "0001_start.py").write_text(start)
    (versions / "0002_change.py").write_text(change)
    return versions
