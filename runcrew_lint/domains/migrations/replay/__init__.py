"""What each operation does to a schema, as PostgreSQL does it."""
