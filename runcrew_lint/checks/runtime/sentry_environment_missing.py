"""Sentry is initialised without an environment."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.facts import EnvFile
from runcrew_lint.domains.runtime.facts import Language, SentryInit, SentryUse
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# These read it from the environment themselves; what runs on a device or in a browser can't.
_READS_IT = (
    "sentry_sdk",
    "@sentry/node",
    "@sentry/nestjs",
    "@sentry/aws-serverless",
    "@sentry/bun",
    "@sentry/deno",
)
# Settings that production alone loads: its events are production's, as Sentry takes them.
_PRODUCTIONS = lazily(r"(?:^|/)prod(?:uction)?\.(?:py|[cm]?[jt]s)\Z")


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a call; where the options come from elsewhere, the variable is set or only production has it,
    none.
    """
    named = any(
        variable.name == "SENTRY_ENVIRONMENT"
        for each in repository.facts(EnvFile)
        for variable in each.variables
    )
    for use in repository.facts(SentryUse):
        if is_aside(use.path) or _PRODUCTIONS.search(use.path):
            continue
        for init in use.inits:
            if init.is_open or init.option("environment") or (named and init.sdk in _READS_IT):
                continue
            yield Fault(
                Place(use.path, init.span),
                "Sentry is initialised without an environment, and takes every event for "
                "production's: a tester's "
                "crash and a user's look alike",
                mend=_mend(use, init),
            )


def _mend(use: SentryUse, init: SentryInit) -> MendRequest | None:
    """The option, in the words that the call itself uses for its DSN."""
    dsn = init.option("dsn")
    if init.last is None or dsn is None:
        return None
    if use.language is Language.PYTHON and dsn.written.endswith(".SENTRY_DSN"):
        text = f"environment={dsn.written.removesuffix('SENTRY_DSN')}ENVIRONMENT"
    elif init.sdk in ("@sentry/react-native", "sentry-expo"):
        text = "environment: __DEV__ ? 'development' : 'production'"
    else:
        return None
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", "adds the environment"),
        ("safety", "unsafe"),
        ("text", text),
    )
    return MendRequest("text.insert_item", Place(use.path, init.last), arguments)
