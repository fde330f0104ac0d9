"""Where the environment of a program is written down: env files, and what git lets in."""
