"""Migrations of tools that are not read here, known by what the tools call their files (`domains/kinds.py`).

Source: the documentation of TypeORM, Knex, Sequelize and MikroORM, Django, Rails, Ecto, Laravel, Entity
Framework, Liquibase and sqitch.
"""

from __future__ import annotations

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.facts import ForeignMigration
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_TOOLS = (
    (lazily(r"\.[cm]?[jt]s\Z"), "programs in TypeScript or JavaScript"),
    (lazily(r"\.py\Z"), "Django's"),
    (lazily(r"\.rb\Z"), "programs in Ruby"),
    (lazily(r"\.exs\Z"), "programs in Elixir"),
    (lazily(r"\.php\Z"), "programs in PHP"),
    (lazily(r"\.cs\Z"), "programs in C#"),
    (lazily(r"changelog"), "Liquibase's"),
    (lazily(r"\.plan\Z"), "sqitch's, which its plan puts in order"),
)


def read(source: Source, _reading: Reading) -> ForeignMigration | None:
    """One file, by its name; nothing where it is Python and not Django's."""
    if source.path.endswith(".py") and "django" not in source.text:
        return None
    whose = next(said for pattern, said in _TOOLS if pattern.search(source.path))
    return ForeignMigration(source.path, whose)
