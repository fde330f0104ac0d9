"""Which rules are on, how grave they are, and with which options: the policy's choice, then the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.rule import Mark, Rule
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy

# What speaks when a rule or a file could not be judged: without it a narrow run would be green for nothing.
_TROUBLES = frozenset(
    {"rule-crashed", "file-unreadable", "file-skipped", *(kind.unreadable for kind in KINDS.values())}
)


@frozen
class Chosen:
    """A rule that is on, with its options; `fixed` says that the policy itself set the severity."""

    rule: Rule
    severity: Severity
    options: Mapping[str, Any]
    fixed: bool = False

    def severity_of(self, fault: Fault) -> Severity:
        """How much a fault weighs: the policy's word, else the fault's own, else the rule's."""
        return self.severity if self.fixed else fault.severity or self.severity


def choose(
    catalogue: Catalogue,
    policy: Policy,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    also: Iterable[str] = (),
) -> dict[str, Chosen]:
    """The rules that are on, by name.

    `select` (rules, families or `all`) replaces the policy's own selection, but for the rules that tell what
    could not be judged; `also` adds to the policy's, `ignore` takes away from either. A rule that is off by
    default and selected weighs as a warning unless the policy says more.

    Errors:
        SetupError for a name that is no rule and no family, with the nearest one.
    """
    said = policy.rules
    asked = expand(catalogue, select)
    chosen = asked | _TROUBLES.intersection(catalogue.rules)
    if not asked:
        chosen |= _by_policy(catalogue, policy) | expand(catalogue, [*said.select, *also])
    chosen -= expand(catalogue, said.ignore) | expand(catalogue, ignore)
    expand(catalogue, [*said.severity, *said.options, *_named_by_paths(policy)])
    on = {name: _chosen(catalogue.rules[name], policy) for name in sorted(chosen)}
    return {name: each for name, each in on.items() if each.severity is not Severity.OFF}


def expand(catalogue: Catalogue, names: Iterable[str]) -> set[str]:
    """The rules that a list of rule names, family names and `all` stands for."""
    found: set[str] = set()
    for name in names:
        if name == "all":
            found |= set(catalogue.rules)
        elif name in catalogue.rules:
            found.add(name)
        elif name in catalogue.families:
            found |= {rule.name for rule in catalogue.rules.values() if rule.family == name}
        else:
            near = nearest(name, [*catalogue.rules, *catalogue.families, "all"])
            hint = f"did you mean {near}?" if near else "`runcrew-lint rules` lists them"
            raise SetupError(f"there is no rule or family {name}", help=hint)
    return found


def _named_by_paths(policy: Policy) -> Iterator[str]:
    for excuse in policy.excuses:
        yield from excuse.rules
    for override in policy.overrides:
        yield from (*override.ignore, *override.severity, *override.at_most)


def _by_policy(catalogue: Catalogue, policy: Policy) -> set[str]:
    marks = {Mark.FACT, Mark.OWN}
    if not policy.facts_only:
        marks |= {Mark.POLICY, Mark.DEMAND} if policy.named else {Mark.POLICY}
    return {
        rule.name
        for rule in catalogue.rules.values()
        if rule.mark in marks and rule.severity is not Severity.OFF
    }


def _chosen(rule: Rule, policy: Policy) -> Chosen:
    named = policy.rules.severity.get(rule.name)
    default = Severity.WARNING if rule.severity is Severity.OFF else rule.severity
    options = {**rule.options, **policy.rules.options.get(rule.name, {})}
    unknown = sorted(set(options) - set(rule.options))
    if unknown:
        near = nearest(unknown[0], rule.options)
        has = f"did you mean {near}?" if near else f"it has {', '.join(rule.options) or 'none'}"
        raise SetupError(f"the rule {rule.name} has no option {unknown[0]}", help=has)
    return Chosen(rule, Severity(named) if named else default, options, bool(named))
