"""Two files that must agree."""
