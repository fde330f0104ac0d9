"""A program that people use never initialises Sentry."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.components import Component, Part, components_of
from runcrew_lint.domains.runtime.facts import SentryUse
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_HELP = {
    Part.API: "call `sentry_sdk.init(dsn=settings.SENTRY_DSN, ...)` before the app is made",
    Part.APP: "call `Sentry.init` of @sentry/react-native before the first screen",
    Part.WEB: "call `Sentry.init` of Sentry's package for the framework where the client starts",
    Part.SERVER: "call `Sentry.init` of @sentry/node before anything else is imported",
    Part.FLUTTER: "call `SentryFlutter.init` in `main`, with `runApp` as its appRunner",
}


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a program, where it says what it is."""
    uses = [each for each in repository.facts(SentryUse) if not is_aside(each.path)]
    for component in repository.derive(components_of):
        if not any(_serves(use, component) for use in uses):
            yield Fault(
                component.place,
                f"nothing in this {component.part.value} initialises Sentry: its crashes are known to "
                "those who "
                "suffer them alone",
                help=_HELP[component.part],
            )


def _serves(use: SentryUse, component: Component) -> bool:
    inside = not component.directory or use.path.startswith(f"{component.directory}/")
    # A package of a monorepo may do it for all that are written in its language.
    shared = "/packages/" in f"/{use.path}" or "/libs/" in f"/{use.path}"
    return use.language is component.language and (inside or shared)
