"""`runcrew-lint explain`: a rule's page, as docs/rules/ has it."""

from __future__ import annotations

import click


@click.command("explain", short_help="Explain a rule.")
@click.argument("rule")
def command(rule: str) -> None:
    """Say what RULE catches, why it hurts, what to do, with examples."""
    from runcrew_lint.catalogue.choose import expand
    from runcrew_lint.catalogue.load import load
    from runcrew_lint.catalogue.page import page

    catalogue = load()
    for name in sorted(expand(catalogue, [rule])):
        click.echo(page(catalogue.rules[name]), nl=False)
