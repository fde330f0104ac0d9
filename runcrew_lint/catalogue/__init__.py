"""The rules: their words compiled into one index, each bound to its check, and the declarative ones."""
