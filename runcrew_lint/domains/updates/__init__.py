"""What keeps the dependencies of a repository up to date."""
