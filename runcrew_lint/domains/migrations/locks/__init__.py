"""What PostgreSQL locks, rewrites and scans for a statement, by its operations, the schema and the major."""
