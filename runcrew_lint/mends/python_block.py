"""What an autocommit_block needs around and in it, by what env.py does with its connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from runcrew_lint.mends.python_site import Site
from runcrew_lint.model.mend import Plain


class Around(NamedTuple):
    """What stands around the statements of a block.

    Arguments:
        lock_timeout: what the session's is, "" for none: it would end a CONCURRENTLY, which waits for every
            older transaction, so it is off meanwhile.
        begun: whether env.py has begun a transaction unknown to Alembic, which has to be committed first.
    """

    lock_timeout: str = ""
    begun: bool = False

    def within(self, alias: str, lines: Sequence[str]) -> list[str]:
        """The statements of the block, with the lock_timeout off meanwhile."""
        if not self.lock_timeout:
            return list(lines)
        value = self.lock_timeout if self.lock_timeout.isdigit() else f"'{self.lock_timeout}'"
        return [
            f'{alias}.execute("SET lock_timeout = 0")',
            *lines,
            f'{alias}.execute("SET lock_timeout = {value}")',
        ]

    def opened(self, alias: str) -> list[str]:
        """The lines that open a block."""
        first = [f"{alias}.get_bind().commit()"] if self.begun else []
        return [*first, f"with {alias}.get_context().autocommit_block():"]

    def head(self, site: Site) -> str:
        """The lines that open a block at a site."""
        return site.lines(self.opened(site.receiver))

    def block(self, site: Site, lines: Sequence[str]) -> str:
        """The statements in a block at a site; as they are where one holds the site already."""
        if site.autocommit:
            return site.lines(list(lines))
        inner = site.newline + site.base + site.unit
        return self.head(site) + "".join(inner + each for each in self.within(site.receiver, lines))


def around_of(told: Mapping[str, Plain]) -> Around:
    """What a request says of it."""
    return Around(str(told.get("lock_timeout", "")), bool(told.get("begun", False)))
