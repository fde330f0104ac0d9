"""How the migration rules judge: the history, its replayed schema, each operation just before it runs."""
