"""What the rules on indexes ask for, of one statement that stays in its place."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Form, Operation
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place


def request_for(operation: Operation, path: str) -> MendRequest:
    """The mend of an index operation."""
    place = Place(path, operation.call)
    if operation.form is Form.BATCH:
        return MendRequest("python_batch.take_out", place)
    return MendRequest(
        "python_indexes.together", place, (("calls", ((*operation.call, ""),)), ("before", ()))
    )
