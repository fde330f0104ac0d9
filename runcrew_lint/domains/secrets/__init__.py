"""Values that no file of a repository should hold: found by name or form, judged by value and context."""
