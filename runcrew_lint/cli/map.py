"""`runcrew-lint map`: which ref delivers what, and where to."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from runcrew_lint.cli import options, output
from runcrew_lint.reporters.maps import FORMATS


@click.command("map", short_help="Show which ref delivers what, and where to.")
@options.path
@options.form(*FORMATS, help="svg and html are pictures; mermaid is for Markdown on GitHub.")
@options.policy
@options.plugins
@click.option("--title", metavar="TEXT", help="What the picture is called.  [default: the folder's name]")
@options.cache
def command(path: str, form: str, **asked: Any) -> None:
    """Show the delivery map of the repository around PATH: refs, jobs, and what they reach.

    What the delivery rules report is red, what may happen is dashed, and what is not known is dotted.
    """
    from runcrew_lint.engine.draw import Drawn, told
    from runcrew_lint.engine.run import Request, root_of

    root = root_of((path,))
    title = asked["title"] or root.resolve().name

    def render(drawn: Drawn) -> str:
        from runcrew_lint.reporters.maps.chart import chart_of

        text: str = import_module(f"runcrew_lint.reporters.maps.{form}").render(chart_of(drawn, title))
        return text

    standing = options.standing()
    request = Request(
        root,
        policy=asked["policy"],
        plugins=asked["plugins"],
        cache=asked["cache"],
        memory=standing.memories.of(root) if standing else None,
    )
    output.show(told(request, repr((form, title)), render), for_people=form == "text")
