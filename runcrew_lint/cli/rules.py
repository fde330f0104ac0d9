"""`runcrew-lint rules`: every rule in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from runcrew_lint.cli import complete, options, output
from runcrew_lint.reporters.document import document

if TYPE_CHECKING:
    from runcrew_lint.model.finding import Severity
    from runcrew_lint.model.rule import Rule


@click.command("rules", short_help="List the rules.")
@click.argument("names", nargs=-1, shell_complete=complete.rules)
@click.option(
    "--severity", type=click.Choice(("error", "warning", "info", "off")), help="Only of this weight."
)
@click.option("--fixable", is_flag=True, help="Only those with a fix.")
@click.option("--on", is_flag=True, help="Only those that the policy has on, as it weighs them.")
@options.form("text", "json", help="How the list is written.")
@options.policy
@options.plugins
def command(
    names: tuple[str, ...],
    severity: str | None,
    fixable: bool,
    on: bool,
    form: str,
    policy: str | None,
    plugins: tuple[str, ...],
) -> None:
    """List the rules, or those of the families and rules in NAMES; the policy's own among them."""
    from runcrew_lint.catalogue.choose import choose, expand
    from runcrew_lint.engine.known import known
    from runcrew_lint.engine.run import Request, root_of

    catalogue, law = known(Request(root_of(()), policy=policy, plugins=plugins))
    weights = {name: rule.severity for name, rule in catalogue.rules.items()}
    if on:
        weights = {name: each.severity for name, each in choose(catalogue, law).items()}
    wanted = expand(catalogue, names) if names else set(catalogue.rules)
    shown = [
        rule
        for name, rule in sorted(catalogue.rules.items())
        if name in wanted.intersection(weights)
        and (severity is None or weights[name].value == severity)
        and not (fixable and rule.fix == "none")
    ]
    if form == "json":
        told = [_plain(rule, weights[rule.name]) for rule in shown]
        output.show(document(told), for_people=False)
        return
    lines = []
    for family in catalogue.families:
        rules = [rule for rule in shown if rule.family == family]
        if rules:
            lines += [click.style(family, bold=True), *(line(rule, weights[rule.name]) for rule in rules)]
    output.show("".join(f"{each}\n" for each in lines))


def line(rule: Rule, severity: Severity) -> str:
    """A rule in a line."""
    fix = "" if rule.fix == "none" else f" [{rule.fix} fix]"
    return f"  {rule.name:32} {severity.value:8} {rule.mark.value:7} {rule.summary}{fix}"


def _plain(rule: Rule, severity: Severity) -> dict[str, str]:
    return {
        "name": rule.name,
        "family": rule.family,
        "severity": severity.value,
        "mark": rule.mark.value,
        "fix": rule.fix,
        "summary": rule.summary,
        "remedy": rule.remedy,
        "home": rule.home,
    }
