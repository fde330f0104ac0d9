"""`runcrew-lint explain`: a rule's page, as docs/rules/ has it, or the values that stand on a line."""

from __future__ import annotations

import click

from runcrew_lint.cli import complete, options
from runcrew_lint.model.errors import SetupError
from runcrew_lint.patterns import lazily

_LINE = lazily(r".+:\d{1,9}\Z")


@click.command("explain", short_help="Explain a rule, or the values on a line.")
@click.argument(
    "rule", metavar="RULE|WORDS|FILE:LINE", nargs=-1, required=True, shell_complete=complete.rules
)
@options.policy
@options.plugins
def command(rule: tuple[str, ...], policy: str | None, plugins: tuple[str, ...]) -> None:
    """Say what RULE catches, why it hurts, what to do, with examples; of WORDS, which rules have them.

    Of FILE:LINE say how each value there that could be a secret is judged, and why; clean ones, too. No
    more is shown of a value than its first four characters.
    """
    wanted = " ".join(rule)
    if _LINE.match(wanted):
        _explain_line(wanted, policy)
        return
    from runcrew_lint.catalogue.choose import expand
    from runcrew_lint.catalogue.load import load
    from runcrew_lint.catalogue.page import page
    from runcrew_lint.engine.known import known
    from runcrew_lint.engine.run import Request, root_of

    catalogue = load()
    if wanted not in catalogue.rules:  # a mistake in the policy is no reason to be silent on the linter's own
        catalogue = known(Request(root_of(()), policy=policy, plugins=plugins)).catalogue
    if wanted in (*catalogue.rules, *catalogue.families, "all"):
        for name in sorted(expand(catalogue, [wanted])):
            click.echo(page(catalogue.rules[name]), nl=False)
        return
    from runcrew_lint.catalogue.search import search
    from runcrew_lint.cli.rules import line

    found = search(catalogue, wanted)
    if not found:
        raise SetupError(f"there is no rule or family {wanted}", help="`runcrew-lint rules` lists them")
    if len(found) == 1:
        click.echo(f"there is no rule {wanted}; this one is meant?", err=True)
        click.echo(page(found[0]), nl=False)
        return
    click.echo(f"there is no rule {wanted}; these have to do with it:", err=True)
    for each in found:
        click.echo(line(each, each.severity))


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
