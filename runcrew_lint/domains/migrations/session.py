"""Which settings are in force: SET, SET LOCAL and RESET in their scopes.

A revision starts with what env.py sets, since the revision before may have run days ago. SET LOCAL ends
with its transaction, and an `autocommit_block` ends the one it is opened in; in autocommit it has no
effect (manual: SET). ROLLBACK takes back what its transaction has set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.domains.migrations.states import Setting
from runcrew_lint.frozen import frozen

_QUOTES = "'\""


@frozen
class Session:
    """The settings of one connection in the course of one revision.

    Arguments:
        base: what env.py sets for every revision; those that are `local` end with the first transaction.
        session: SET's, `local`: SET LOCAL's.
        saved: what `session` was when the transaction began.
        transaction: the one that the last operation ran in.
        opened: the revision has begun a transaction of its own, which is one in autocommit, too.
    """

    revision: str = ""
    base: Mapping[str, Setting] = field(default_factory=dict)
    session: Mapping[str, Setting] = field(default_factory=dict)
    local: Mapping[str, Setting] = field(default_factory=dict)
    saved: Mapping[str, Setting] = field(default_factory=dict)
    transaction: Transaction = Transaction.MIGRATION
    opened: bool = False

    def get(self, name: str) -> Setting | None:
        """The setting that is in force, None for the server's own."""
        return self.local.get(name) or self.session.get(name)

    def entering(self, revision: str) -> Session:
        """The session at the start of a revision."""
        lasting = {name: each for name, each in self.base.items() if not each.local}
        local = {name: each for name, each in self.base.items() if each.local}
        return Session(revision, self.base, lasting, local, lasting)

    def before(self, operation: Operation) -> Session:
        """The session as an operation finds it: its transaction may be another than the last one's."""
        if operation.transaction is self.transaction:
            return self
        return replace(self._ended(), transaction=operation.transaction)

    def after(self, operation: Operation) -> Session:
        """The session once the operation has run."""
        session = self.before(operation)
        if operation.kind is Kind.BEGIN:
            return replace(session._ended(), opened=True)
        if operation.kind is Kind.COMMIT:
            return session._ended()
        if operation.kind is Kind.ROLLBACK:
            return replace(session._ended(), session=session.saved, saved=session.saved)
        if operation.kind is Kind.SET:
            return session._set(operation)
        return session

    def _ended(self) -> Session:
        return replace(self, local={}, saved=self.session, opened=False)

    def _set(self, operation: Operation) -> Session:
        name, value = _assignment(operation)
        if operation.local and operation.transaction is Transaction.AUTOCOMMIT and not self.opened:
            return self
        if value is None:
            if name == "all":
                return replace(self, session={}, local={})
            session = {each: kept for each, kept in self.session.items() if each != name}
            local = {each: kept for each, kept in self.local.items() if each != name}
            return replace(self, session=self.session if operation.local else session, local=local)
        setting = Setting(value, operation.local, self.revision)
        if operation.local:
            return replace(self, local={**self.local, name: setting})
        local = {each: kept for each, kept in self.local.items() if each != name}
        return replace(self, session={**self.session, name: setting}, local=local)


def _assignment(operation: Operation) -> tuple[str, str | None]:
    """What SET or RESET is about: the setting's lower-case name, and its value, None for its default."""
    if operation.options:
        name, value = operation.options[0]
        value = value.strip()
    else:
        text = operation.name.strip()
        name, _, value = text.partition("=") if "=" in text else _split(text)
    name = name.strip().lower()
    if name == "time zone":
        name = "timezone"
    value = value.strip()
    if not value or value.lower() == "default":
        return name, None
    return name, value.strip(_QUOTES)


def _split(text: str) -> tuple[str, str, str]:
    head, _, rest = text.partition(" ")
    if head.lower() == "time" and rest.lower().startswith("zone"):
        return "timezone", " ", rest[4:]
    if head.lower() == "schema":
        return "search_path", " ", rest
    return head, " ", rest.strip().removeprefix("to ").removeprefix("TO ")
