"""Judges what the linter itself could not do."""
