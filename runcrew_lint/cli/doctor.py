"""`runcrew-lint doctor`: what the linter runs on and by, and why a file is linted or not."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runcrew_lint import __version__
from runcrew_lint.cli import options, output
from runcrew_lint.cli.cache_folder import cache_folder
from runcrew_lint.model.errors import SetupError

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Request


@click.command("doctor", short_help="Say what it runs on, and why a file is linted or not.")
@options.paths
@options.policy
@options.plugins
@options.cache_dir
def command(
    paths: tuple[str, ...], policy: str | None, plugins: tuple[str, ...], cache_dir: Path | None
) -> None:
    """Say which versions, git, cache, policy and baseline count here; of each of PATHS, whether it is linted
    and as what, or why it is not.

    Exit 2 where something is broken.
    """
    from runcrew_lint.engine.run import Request, root_of

    root = root_of(paths)
    folder = cache_dir or cache_folder()
    click.echo(f"linter      runcrew-lint {__version__}, {_installed()}")
    click.echo(f"python      {platform.python_version()} at {sys.executable}, {platform.system()}")
    fast = "there" if find_spec("ahocorasick_rs") else "not there: secrets are found more slowly"
    click.echo(f"extra fast  {fast}")
    output.say(f"cache       {_cache(folder)}")
    request = Request(root, policy=policy, plugins=plugins)
    broken = False
    told_by = (("files", _files), ("plug-ins", _plugins), ("policy", _policy), ("baseline", _baseline))
    for label, told in told_by:
        try:
            lines = list(told(request))
        except SetupError as error:
            broken, lines = True, [f"BROKEN: {error}"]
        for line in lines:
            output.say(f"{label:10}  {line}")
    for path in paths:
        output.say(f"{path}: {_why(request, path)}")
    sys.exit(2 if broken else 0)


def _installed() -> str:
    from runcrew_lint.data import is_checkout

    where = Path(__file__).parent.parent
    return f"a checkout at {where.parent}" if is_checkout() else f"installed at {where}"


def _cache(folder: Path) -> str:
    from runcrew_lint.engine.database import Database

    database = Database(folder)
    is_open = database.is_open
    database.close()
    if not is_open:
        return f"{folder} can't be used: every run is a cold one"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return f"{folder}, {size / 1e6:,.1f} MB"


def _files(request: Request) -> Iterator[str]:
    from runcrew_lint.engine.discover import discover

    tree = discover(request.root)
    git = shutil.which("git")
    yield f"{len(tree.paths):,} below {request.root.resolve()}"
    yield f"git keeps them, the work tree is {tree.top}" if tree.top else "no git keeps them"
    if not git:
        yield "there is no git on PATH"
    yield from tree.notices
    if tree.passed:
        yield f"{len(tree.passed):,} listed and not linted: `runcrew-lint --select file-skipped` names them"


def _plugins(request: Request) -> Iterator[str]:
    from runcrew_lint.catalogue.plugins import names

    found = names(request.root)
    yield f"{', '.join(found)}: `--allow-plugins NAME` loads one" if found else "none"


def _policy(request: Request) -> Iterator[str]:
    from runcrew_lint.catalogue.choose import choose
    from runcrew_lint.engine.known import known

    catalogue, policy = known(request)
    on = len(choose(catalogue, policy))
    named = "" if policy.named else ", assumed: there is no .runcrew-lint.yaml and no table in pyproject.toml"
    yield f"{policy.name}{named}; {on} of {len(catalogue.rules)} rules are on"


def _baseline(request: Request) -> Iterator[str]:
    from runcrew_lint.catalogue.load import load as load_catalogue
    from runcrew_lint.engine.law import law_of

    law = law_of(request.root, request.policy, load_catalogue().policies)
    if law.baseline is None:
        yield "none"
    else:
        count = sum(law.baseline.counts.values())
        yield f"{law.baseline.path}, {count:,} finding{'' if count == 1 else 's'}"


def _why(request: Request, path: str) -> str:
    from runcrew_lint.engine.listing import why

    try:
        return why(request, path)
    except SetupError as error:
        return str(error)
