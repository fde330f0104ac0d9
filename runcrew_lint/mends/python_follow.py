"""Mends that leave a revision as it is, and write one that comes after it."""

from __future__ import annotations

from runcrew_lint.mends.python_block import Around, around_of
from runcrew_lint.mends.python_text import execute
from runcrew_lint.mends.revision import follow_of, followed
from runcrew_lint.model.mend import Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source


def in_block(request: MendRequest, source: Source) -> Fix | None:
    """Writes a revision whose statements run in an autocommit_block, up and down.

    Arguments of the request:
        title, safety: as in mends.text; `{path}` in the title is the new file.
        message: the revision's.
        up, down: the SQL statements.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
        head, id, folder, template, file_template, today: as in `revision.Follow`.
    """
    told = dict(request.arguments)
    follow = follow_of(told)
    around = around_of(told)
    up, down = _block(told["up"], around), _block(told["down"], around)
    if up is None or down is None:
        return None
    new = followed(follow, str(told["message"]), up, down)
    if new is None:
        return None
    return Fix(str(told["title"]).replace("{path}", new.path), Safety(str(told["safety"])), (), (new,))


def _block(statements: Plain, around: Around) -> list[str] | None:
    lines = [execute("op", str(each)) for each in statements] if isinstance(statements, tuple) else []
    written = [line for line in lines if line is not None]
    if len(written) != len(lines):
        return None
    return [*around.opened("op"), *(f"    {line}" for line in around.within("op", written))]
