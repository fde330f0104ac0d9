"""What a shell completes beyond commands and options: rules, formats, policies, plug-ins."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from runcrew_lint.model.errors import SetupError
from runcrew_lint.reporters import FORMATS

Completions = list[CompletionItem]


def rules(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> Completions:
    """Rules and families, the policy's own among them; behind a comma the next one."""
    from runcrew_lint.cli.cache_folder import cache_folder
    from runcrew_lint.engine.known import known
    from runcrew_lint.engine.run import Request, root_of

    try:
        catalogue = known(Request(root_of(()), cache=cache_folder())).catalogue
    except SetupError:  # the run will tell of it
        from runcrew_lint.catalogue.load import load

        catalogue = load()
    before, comma, word = incomplete.rpartition(",")
    told = {name: rule.summary for name, rule in sorted(catalogue.rules.items())}
    named = {**{family: f"all of {family}" for family in catalogue.families}, "all": "every rule", **told}
    return [
        CompletionItem(f"{before}{comma}{name}", help=said)
        for name, said in named.items()
        if name.startswith(word)
    ]


def formats(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> Completions:
    """Names of formats; behind `NAME=` a file."""
    name, equals, file = incomplete.partition("=")
    if equals:
        return [CompletionItem(file, type="file")]
    return [CompletionItem(each) for each in FORMATS if each.startswith(name)]


def policies(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> Completions:
    """The presets, or a file."""
    from runcrew_lint.catalogue.load import load

    presets = load().policies
    found = [CompletionItem(name) for name in sorted(presets) if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def plugins(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> Completions:
    """The plug-ins that are installed, by their metadata."""
    from runcrew_lint.catalogue.plugins import names
    from runcrew_lint.engine.run import root_of

    return [CompletionItem(name) for name in names(root_of(())) if name.startswith(incomplete)]
