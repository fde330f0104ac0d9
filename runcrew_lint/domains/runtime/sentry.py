"""Where a file initialises Sentry, in the three languages that the teams write."""

from __future__ import annotations

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Language, SentryUse
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_CALL = lazily(r"\binit\w*\b")


def read(source: Source, _reading: Reading) -> SentryUse | None:
    """The calls of one file, or nothing where there is none, or where it is for a newer Python than ours."""
    if not _CALL.search(source.text):
        return None
    if source.path.endswith(".py"):
        from runcrew_lint.domains.runtime import sentry_python

        try:
            inits, language = sentry_python.inits(source), Language.PYTHON
        except Unreadable:
            return None
    elif source.path.endswith(".dart"):
        from runcrew_lint.domains.runtime import sentry_dart

        inits, language = sentry_dart.inits(source), Language.DART
    else:
        from runcrew_lint.domains.runtime import sentry_script

        inits, language = sentry_script.inits(source), Language.SCRIPT
    return SentryUse(source.path, language, inits) if inits else None
