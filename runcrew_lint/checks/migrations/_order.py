"""What runs before an operation and what after it, which places do not say where functions are called."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile, islice, takewhile

from runcrew_lint.domains.migrations.facts import Operation


def before(operation: Operation, operations: tuple[Operation, ...]) -> Iterator[Operation]:
    """What upgrade() or downgrade() does before one of its operations."""
    return takewhile(lambda each: each is not operation, operations)


def behind(operation: Operation, operations: tuple[Operation, ...]) -> Iterator[Operation]:
    """What upgrade() or downgrade() does after one of its operations."""
    return islice(dropwhile(lambda each: each is not operation, operations), 1, None)
