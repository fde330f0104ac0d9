"""Mends of index operations in Alembic revisions: CONCURRENTLY, outside the transaction, and retryable."""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.mends.python_block import around_of
from runcrew_lint.mends.python_call import (
    Call,
    bare,
    given,
    is_exploded,
    is_none,
    is_repeatable,
    parsed,
    says_false,
    shifted,
    with_arguments,
    with_first,
    written,
)
from runcrew_lint.mends.python_site import Site, site_of
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source

_CREATES = ("index_name", "table_name", "columns", "schema")
_CONCURRENTLY = "postgresql_concurrently"  # who says False to it has thought of it
CREATE = {"postgresql_concurrently": "True", "if_not_exists": "True"}
DROP = {"postgresql_concurrently": "True", "if_exists": "True"}


def created(site: Site, name: str = "") -> list[str] | None:
    """The calls that stand for a create_index in an autocommit_block; None where they can't.

    Arguments:
        name: what the index is called instead, "" for its own name.
    """
    call = parsed(site.text)
    if call is not None and name:
        names = given(call, _CREATES) or {}
        if is_none(names.get("index_name")) and "text(" in site.text:
            return None  # an expression has no name that a convention could take up
        quote = "'" if site.text.count("'") > site.text.count('"') else '"'
        call = with_first(call, "index_name", f"{quote}{name}{quote}")
    if call is None or not site.receiver or says_false(call, _CONCURRENTLY):
        return None
    create = with_arguments(call, CREATE)
    drop = dropped_first(call, site.receiver, site)
    if create is None or drop is None:
        return None
    return [drop, shifted(create, site.deeper, site.newline)]


def dropped_first(call: Call, alias: str, site: Site, table: Mapping[str, str] | None = None) -> str | None:
    """The call that drops the index of a create_index if it is there; None where its names can't be repeated.

    Arguments:
        table: the index's table and schema as they are written where the call itself does not say them.
    """
    names = given(call, _CREATES if table is None else _CREATES[:1] + _CREATES[2:3])
    if names is None:
        return None
    index = names.get("index_name")
    told = dict(table or {})
    for name in ("table_name", "schema") if table is None else ():
        value = names.get(name)
        if name == "schema" and is_none(value):
            continue
        if value is None or not is_repeatable(value):
            return None
        told[name] = bare(value)
    if index is None or not is_repeatable(index):
        return None
    arguments = [bare(index), *(f"{name}={value}" for name, value in (told | DROP).items())]
    return written(f"{alias}.drop_index", arguments, site, exploded=is_exploded(call))


def dropped(site: Site) -> list[str] | None:
    """The call that stands for a drop_index in an autocommit_block; None where it can't."""
    call = parsed(site.text)
    if call is None or not site.is_of_op or says_false(call, _CONCURRENTLY):
        return None
    drop = with_arguments(call, DROP)
    return [shifted(drop, site.deeper, site.newline)] if drop is not None else None


def autocommit_block(request: MendRequest, source: Source) -> Fix | None:
    """Wraps a call of `op` in an autocommit_block, outside the transaction.

    Refused is a call on anything but `alembic.op` (a connection of its own has a transaction of its
    own), and one that is not a statement directly in upgrade() or downgrade(), or in an `if` of it.

    Arguments of the request:
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    site = site_of(source, request.place.span, ("upgrade", "downgrade"))
    if site is None or site.autocommit or not site.is_of_op:
        return None
    call = parsed(site.text)
    if call is None:
        return None
    new = around_of(dict(request.arguments)).block(site, [shifted(call, site.unit, site.newline)])
    title = "runs it outside the transaction, in an autocommit_block"
    return Fix(title, Safety.SAFE, (Edit(source.path, site.span, new),))
