"""`runcrew-lint server`: shows an editor what it finds while somebody writes."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import options
from runcrew_lint.model.errors import SetupError


@click.command("server", short_help="Serve an editor, over stdin and stdout.")
@options.policy
@options.plugins
@options.cache
def command(policy: str | None, plugins: tuple[str, ...], cache: Path | None) -> None:
    """Serve an editor by the Language Server Protocol; the editor itself starts it.

    docs/editors.md says what to set up in which editor.
    """
    from runcrew_lint.engine.run import Request

    try:
        from runcrew_lint.editor.server import serve  # an optional extra
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing not in ("pygls", "lsprotocol"):
            raise
        raise SetupError(
            f"the language server needs {missing}", help='`pip install "runcrew-lint[editor]"` brings it'
        ) from None
    serve(Request(Path(), policy=policy, plugins=plugins, cache=cache))
