"""`runcrew-lint map`: which ref delivers what, and where to."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder
from runcrew_lint.reporters.maps import FORMATS


@click.command("map", short_help="Show which ref delivers what, and where to.")
@click.argument("path", default=".", type=click.Path())
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="svg and html are pictures; mermaid is for Markdown on GitHub.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", help="runcrew, zibro, recommended, or a policy file.")
@click.option("--title", metavar="TEXT", help="What the picture is called.  [default: the folder's name]")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(path: str, form: str, **options: Any) -> None:
    """Show the delivery map of the repository around PATH: refs, jobs, and what they reach.

    What the delivery rules report is red, what may happen is dashed, and what is not known is dotted.
    """
    from runcrew_lint.engine.draw import Drawn, told
    from runcrew_lint.engine.run import Request, root_of

    root = root_of((path,))
    title = options["title"] or root.resolve().name

    def render(drawn: Drawn) -> str:
        from runcrew_lint.reporters.maps.chart import chart_of

        text: str = import_module(f"runcrew_lint.reporters.maps.{form}").render(chart_of(drawn, title))
        return text

    folder = None if options["no_cache"] else options["cache_dir"] or cache_folder()
    request = Request(root, policy=options["policy"], cache=folder)
    output.show(told(request, repr((form, title)), render), for_people=form == "text")
