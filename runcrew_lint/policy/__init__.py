"""The team's written policy: presets, the repository's own file, and how they merge."""
