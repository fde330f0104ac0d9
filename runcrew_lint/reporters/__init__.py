"""Findings as a person or a program reads them: one module a format.

Each has `render(outcome: Outcome, look: Look) -> str`: the whole report, ending in a newline unless
it is empty. A format is its module's name; nothing else registers it.
"""

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html")
