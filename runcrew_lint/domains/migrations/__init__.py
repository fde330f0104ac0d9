"""Alembic revisions and SQL as typed schema changes; the history they form; the schema it builds."""
