"""Who counts the versions up is not said, or can't be done."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Setting
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a file where the source is not set, one a value that the remote source can't count."""
    source = fact.at("cli", "appVersionSource")
    counting = {each.span: each for each in _counting(fact)}
    if source is None:
        first = next(iter(counting.values()), None)
        if first and first.span:
            yield Fault(
                Place(fact.path, first.span),
                f"`autoIncrement` of `{first.profile}` counts up, and `cli.appVersionSource` does not say "
                "what: before eas-cli 12 the number in the repository, from 12 on the one that EAS keeps",
            )
    elif source.value == "remote":
        for each in counting.values():
            if each.value == "version" and each.span:
                yield Fault(
                    Place(fact.path, each.span),
                    f'`autoIncrement` of `{each.profile}` is "version", which the remote source can\'t '
                    "count: it knows build numbers alone",
                    help="write true and set the version in the app's config",
                )


def _counting(fact: EasConfig) -> Iterator[Setting]:
    for profile in fact.builds:
        for resolved in profile.platforms:
            setting = resolved.get("autoIncrement")
            if setting and setting.span and setting.value is not False:
                yield setting
