"""`runcrew-lint rules`: every rule in a line."""

from __future__ import annotations

import click


@click.command("rules", short_help="List the rules.")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> None:
    """List the rules, or those of the families and rules in NAMES."""
    from runcrew_lint.catalogue.choose import expand
    from runcrew_lint.catalogue.load import load

    catalogue = load()
    shown = expand(catalogue, names) if names else set(catalogue.rules)
    for family in catalogue.families:
        rules = [rule for rule in catalogue.rules.values() if rule.family == family and rule.name in shown]
        if rules:
            click.secho(family, bold=True)
        for rule in sorted(rules, key=lambda rule: rule.name):
            fix = "" if rule.fix == "none" else f" [{rule.fix} fix]"
            click.echo(f"  {rule.name:32} {rule.severity.value:8} {rule.mark.value:7} {rule.summary}{fix}")
