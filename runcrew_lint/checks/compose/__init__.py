"""Rules on compose files."""
