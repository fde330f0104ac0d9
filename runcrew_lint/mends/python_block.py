"""What an autocommit_block needs around and in it, by what env.py does with its connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runcrew_lint.mends.python_site import Site
from runcrew_lint.model.mend import Plain
from runcrew_lint.tuples import NamedTuple


class Around(NamedTuple):
    """What stands around the statements of a block.

    Arguments:
        timeouts: the session's, by name: they would end a CONCURRENTLY, which reads its table twice and waits
            for every older transaction, so they are off meanwhile.
        begun: whether env.py has begun a transaction unknown to Alembic, which has to be committed first.
    """

    timeouts: tuple[tuple[str, str], ...] = ()
    begun: bool = False

    def off(self, alias: str) -> list[str]:
        """The lines of the block in front of its statements."""
        return [f'{alias}.execute("SET {name} = 0")' for name, _ in self.timeouts]

    def on(self, alias: str) -> list[str]:
        """The lines of the block behind its statements."""
        return [f'{alias}.execute("SET {name} = {_written(value)}")' for name, value in self.timeouts]

    def within(self, alias: str, lines: Sequence[str]) -> list[str]:
        """The statements of the block, with the timeouts off meanwhile."""
        return [*self.off(alias), *lines, *self.on(alias)]

    def opened(self, alias: str) -> list[str]:
        """The lines that open a block."""
        first = [f"{alias}.get_bind().commit()"] if self.begun else []
        return [*first, f"with {alias}.get_context().autocommit_block():"]

    def head(self, site: Site) -> str:
        """The lines that open a block at a site."""
        return site.lines(self.opened(site.receiver))

    def block(self, site: Site, lines: Sequence[str]) -> str:
        """The statements in a block at a site."""
        inner = site.newline + site.base + site.unit
        return self.head(site) + "".join(inner + each for each in self.within(site.receiver, lines))


def around_of(told: Mapping[str, Plain]) -> Around:
    """What a request says of it."""
    names = ("lock_timeout", "statement_timeout")
    timeouts = tuple((name, value) for name in names if (value := str(told.get(name, ""))))
    return Around(timeouts, bool(told.get("begun", False)))


def on_postgres(alias: str) -> str:
    """The line that keeps what follows from other databases."""
    return f'if {alias}.get_context().dialect.name == "postgresql":'


def by_database(alias: str, site: Site, text: str, others: Sequence[str]) -> str:
    """A text for PostgreSQL, and for any other database the statements that were there.

    Arguments:
        site: that of the text, one level deeper than where it stood.
    """
    outer = site.newline + site.base.removesuffix(site.unit)
    inner = site.newline + site.base
    return f"{on_postgres(alias)}{inner}{text}{outer}else:{''.join(inner + each for each in others)}"


def elsewhere(alias: str, site: Site, text: str) -> str:
    """A text for any database but PostgreSQL; the site as of `by_database`."""
    return f'if {alias}.get_context().dialect.name != "postgresql":{site.newline}{site.base}{text}'


def _written(value: str) -> str:
    return value if value.isdecimal() else f"'{value}'"
