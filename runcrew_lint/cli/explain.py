"""`runcrew-lint explain`: a rule's page, as docs/rules/ has it, or the values that stand on a line."""

from __future__ import annotations

import re

import click

from runcrew_lint.cli import options

_LINE = re.compile(r".+:\d{1,9}\Z")


@click.command("explain", short_help="Explain a rule, or the values on a line.")
@click.argument("rule", metavar="RULE|FILE:LINE")
@options.policy
def command(rule: str, policy: str | None) -> None:
    """Say what RULE catches, why it hurts, what to do, with examples.

    Of FILE:LINE say how each value there that could be a secret is judged, and why; clean ones, too. No
    more is shown of a value than its first four characters.
    """
    if _LINE.match(rule):
        _explain_line(rule, policy)
        return
    from runcrew_lint.catalogue.choose import expand
    from runcrew_lint.catalogue.load import load
    from runcrew_lint.catalogue.page import page

    catalogue = load()
    for name in sorted(expand(catalogue, [rule])):
        click.echo(page(catalogue.rules[name]), nl=False)


def _explain_line(place: str, policy: str | None) -> None:
    from runcrew_lint.cli import output
    from runcrew_lint.engine.account import judged

    values = judged(place, policy)
    for value in values:
        output.say(f"{value.where}: {value.said}")
        output.say(f"  {value.judgement}")
        output.say(f"  told by {value.rule}" if value.rule else "  told by no rule")
    if not values:
        output.say(f"{place}: nothing under a secret's name, and nothing in a secret's form")
