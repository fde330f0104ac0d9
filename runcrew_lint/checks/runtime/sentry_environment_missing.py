"""Sentry is initialised without an environment."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.environment.facts import EnvFile
from runcrew_lint.domains.environment.files import above, folder_of
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
_OF_NEXT = "@sentry/nextjs"  # takes Vercel's name of the environment, else NODE_ENV (client/index.ts)
_OF_APPS = ("@sentry/react-native", "sentry-expo")  # by `__DEV__` alone (utils/environment.ts, since 2023)
_TELLING = lazily(r"EXPO_PUBLIC_(?:\w+_)?(?:ENV|ENVIRONMENT|VARIANT|STAGE)\Z")
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
            if init.is_open or init.option("environment") or init.sdk == _OF_NEXT:
                continue
            if named and init.sdk in _READS_IT:
                continue
            taken = "every event"
            if init.sdk in _OF_APPS:
                taken = "what any but a developer's own build sends"
            yield Fault(
                Place(use.path, init.span),
                f"Sentry is initialised without an environment, and takes {taken} for production's: a "
                "tester's crash and a user's look alike",
                mend=_mend(use, init, repository),
            )


def _told_by_profiles(path: str, repository: Repository) -> str:
    """The variable that the builds of the app around a file have different values of; "" for none."""
    around = above(folder_of(path))
    for fact in repository.facts(EasConfig):
        if folder_of(fact.path) not in around:
            continue
        values: dict[str, set[object]] = {}
        for profile in fact.builds:
            for setting in {each for one in profile.platforms for each in one.settings}:
                if setting.key[0] == "env" and _TELLING.match(setting.key[-1]):
                    values.setdefault(setting.key[-1], set()).add(setting.value)
        several = sorted(name for name, found in values.items() if len(found) > 1)
        if several:
            return several[0]
    return ""


def _mend(use: SentryUse, init: SentryInit, repository: Repository) -> MendRequest | None:
    """The option, as the call itself words its DSN, or by what the builds of the app are given."""
    dsn = init.option("dsn")
    if init.last is None or dsn is None:
        return None
    if use.language is Language.PYTHON and dsn.written.endswith(".SENTRY_DSN"):
        text = f"environment={dsn.written.removesuffix('SENTRY_DSN')}ENVIRONMENT"
    elif init.sdk in _OF_APPS and (name := _told_by_profiles(use.path, repository)):
        text = f"environment: process.env.{name}"
    else:
        return None
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", "adds the environment"),
        ("safety", "unsafe"),
        ("text", text),
    )
    return MendRequest("text.insert_item", Place(use.path, init.last), arguments)
