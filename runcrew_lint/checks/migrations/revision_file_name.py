"""revision-file-name: a revision's file that is not called as the others are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# The dates that a template begins with.
_DATED = lazily(r"(?:[^%]*%\((?:year|month|day|hour|minute|second|epoch)\)\.?\d*d)+")
_PART = lazily(r"%\((\w+)\)(?:\.?(\d*))?([ds])")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each file whose name does not come from its environment's `file_template`.

    Where none is set there is nothing that a name has to keep to.
    """
    for lineage in repository.derive(history_of).lineages:
        template = _template(lineage)
        if not template:
            continue
        parts = template.count("/") + 1  # a template may name folders, too
        for migration in lineage.judged(policy.migrations.after):
            name = "/".join(migration.path.removesuffix(".py").split("/")[-parts:])
            if _pattern(template, migration).fullmatch(name):
                continue
            dated = _DATED.match(template)
            elsewhere = dated is not None and not _pattern(dated[0], migration).match(name)
            place = "it stands in another place of the folder than of the history"
            follows = place if elsewhere else "who looks for the revision by its file's name does not find it"
            yield Fault(
                Place(migration.path, migration.revision_span),
                f"the file is not called as file_template has it ({template}), so {follows}",
            )


def _template(lineage: Lineage) -> str:
    sections = [
        (f"{setup.path}[{section.name}]", section.file_template)
        for setup in lineage.setups
        for section in setup.sections
    ]
    named = [template for name, template in sections if name == lineage.name]
    return (named or [template for _, template in sections] or [""])[0]


def _pattern(template: str, migration: Migration) -> re.Pattern[str]:
    """The names that a template makes for a revision (Alembic, "Editing the .ini File")."""
    parts, at = [], 0
    for found in _PART.finditer(template):
        parts.append(re.escape(template[at : found.start()]))
        field, width, kind = found[1], found[2], found[3]
        if field == "rev":
            parts.append(re.escape(migration.revision))
        elif kind == "s":
            parts.append(r"\w*")
        else:
            parts.append(rf"\d{{{width},}}" if width else r"\d+")
        at = found.end()
    parts.append(re.escape(template[at:]))
    return re.compile("".join(parts).replace("/", "[/]"))
