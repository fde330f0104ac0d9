"""A team's own rules as rules of the catalogue, beside those that come with the linter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.rule import Mark, Rule, Scope
from runcrew_lint.policy.model import OwnRule, Policy

FAMILY = "own"
_JUDGING = ("files", "except", "format", "where", "select", "must", "must_not", "message")


def complete(catalogue: Catalogue, policy: Policy, allowed: Sequence[str], root: Path) -> Catalogue:
    """The catalogue with the policy's own rules and those of the plug-ins that the run allows.

    Errors:
        SetupError for a name that is taken, and for a plug-in that is not installed, does not load, or is
        needed and not allowed: without it nobody can say what the policy asks.
    """
    for name in policy.rules.plugins:
        if name not in allowed:
            raise SetupError(
                f"the policy {policy.name} needs the plug-in {name}, and this run does not allow it",
                help=f"add `--allow-plugins {name}` to the command",
            )
    catalogue = with_own(catalogue, policy)
    if not allowed:
        return catalogue
    from runcrew_lint.catalogue.plugins import with_plugins  # few runs allow one

    return with_plugins(catalogue, allowed, root)


def with_own(catalogue: Catalogue, policy: Policy) -> Catalogue:
    """The catalogue with the rules of a policy, in the place of those of another one.

    Errors:
        SetupError for a name that is taken.
    """
    others = {name: rule for name, rule in catalogue.rules.items() if rule.family != FAMILY}
    if not policy.own_rules and len(others) == len(catalogue.rules):
        return catalogue
    return with_rules(catalogue.holding(others), map(_rule, policy.own_rules))


def with_rules(catalogue: Catalogue, more: Iterable[Rule]) -> Catalogue:
    """The catalogue with further rules.

    Errors:
        SetupError for a name that is taken.
    """
    rules = dict(catalogue.rules)
    for rule in more:
        if rule.name in rules:
            other = rules[rule.name].home or "the linter"
            raise SetupError(
                f"there is a rule {rule.name} already, from {other}",
                where=rule.home,
                help="name it otherwise",
            )
        rules[rule.name] = rule
    return catalogue.holding(rules)


def _rule(own: OwnRule) -> Rule:
    words = own.words
    reads = own_kind(own.name)
    return Rule(
        name=own.name,
        family=FAMILY,
        severity=Severity(words.get("severity", "warning")),
        mark=Mark.OWN,
        scope=Scope.SHAPE,
        reads=(reads,),
        speaks=(reads,),
        summary=words["summary"].strip(),
        remedy=words["remedy"].strip(),
        fix="none",
        options={},
        shape={key: words[key] for key in _JUDGING if key in words},
        words=words,
        home=own.path,
    )


def own_kind(name: str) -> str:
    """What a rule that chooses its files by globs reads."""
    return f"files-of-{name}"
