"""The table-level lock modes of PostgreSQL ("Explicit Locking", table 13.2 of its manual)."""

from __future__ import annotations

from enum import IntEnum


class LockMode(IntEnum):
    """A lock on a relation; a greater mode is a stronger one."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    def __str__(self) -> str:
        """The mode's name as the manual and LOCK TABLE spell it."""
        return self.name.replace("_", " ")

    def conflicts_with(self, other: LockMode) -> bool:
        """Whether a session that asks for `other` waits for one that holds this mode."""
        return other in _CONFLICTS[self]

    @property
    def blocks_reads(self) -> bool:
        """Whether a SELECT waits: it takes ACCESS SHARE."""
        return self.conflicts_with(LockMode.ACCESS_SHARE)

    @property
    def blocks_writes(self) -> bool:
        """Whether an INSERT, UPDATE or DELETE waits: they take ROW EXCLUSIVE."""
        return self.conflicts_with(LockMode.ROW_EXCLUSIVE)

    @property
    def blocks(self) -> str:
        """Whom it keeps waiting: "reads and writes", "writes" or ""."""
        if self.blocks_reads:
            return "reads and writes"
        return "writes" if self.blocks_writes else ""

    @property
    def waiting(self) -> str:
        """Who waits for it, in words."""
        return f"{self.blocks} wait" if self.blocks else "nobody waits"


_AS, _RS, _RX, _SUX, _S, _SRX, _X, _AX = LockMode
_CONFLICTS = {
    _AS: {_AX},
    _RS: {_X, _AX},
    _RX: {_S, _SRX, _X, _AX},
    _SUX: {_SUX, _S, _SRX, _X, _AX},
    _S: {_RX, _SUX, _SRX, _X, _AX},
    _SRX: {_RX, _SUX, _S, _SRX, _X, _AX},
    _X: set(LockMode) - {_AS},
    _AX: set(LockMode),
}
