"""How a script's tool is asked to send a statement outside a transaction, or does so by itself."""

from __future__ import annotations

# Those that send a script as one text need it to hold that one statement.
_ASKED = {
    "goose": "put it into a script of its own that begins with `-- +goose NO TRANSACTION`",
    "sql-migrate": "put it into a script of its own, under `-- +migrate Up notransaction`",
    "dbmate": "put it alone into a script, under `-- migrate:up transaction:false`",
    "sqlx": "put it alone into a script whose first line is `-- no-transaction`",
    "diesel": "put it alone into a migration whose metadata.toml says `run_in_transaction = false`",
    "golang-migrate": "put it alone into a script: several statements in one text are one transaction",
    "prisma": "put it alone into a migration: several statements in one text are one transaction",
}
_UNASKED = {
    "flyway": "Flyway sends the script without a transaction then",
    "supabase": "its CLI sends that outside the transaction (since 2.109, DROP INDEX after 2.111)",
}


def alone(tool: str) -> str:
    """What a statement that no transaction takes asks of whoever writes it; "" where that is not known."""
    return _ASKED.get(tool, "")


def sent_alone(tool: str, statement: str) -> str:
    """The help of whoever should send such a statement; "" for the rule's own words."""
    how = _ASKED.get(tool) or _UNASKED.get(tool)
    return f"{statement}: {how}" if how else ""
