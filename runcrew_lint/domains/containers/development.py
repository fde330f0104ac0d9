"""Commands and settings that are for a developer's machine: reloaders, debuggers, servers with a console."""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_SERVERS = frozenset(
    {"uvicorn", "gunicorn", "hypercorn", "granian", "sanic", "litestar", "daphne", "fastapi"}
)
_RELOADS = frozenset({"--reload", "--auto-reload"})
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_SCRIPT = lazily(r"dev(?:elop)?(?::.*)?|start:dev|watch|serve:dev")
# A program and the word behind it that starts its development server.
_PAIRS = {
    ("fastapi", "dev"): "fastapi dev",
    ("expo", "start"): "expo start",
    ("next", "dev"): "next dev",
    ("nuxt", "dev"): "nuxt dev",
    ("nuxi", "dev"): "nuxi dev",
    ("astro", "dev"): "astro dev",
    ("remix", "dev"): "remix dev",
    ("vite", "dev"): "vite dev",
    ("ng", "serve"): "ng serve",
    ("gatsby", "develop"): "gatsby develop",
    ("react-scripts", "start"): "react-scripts start",
    ("webpack", "serve"): "webpack serve",
    ("tsx", "watch"): "tsx watch",
    ("node", "--watch"): "node --watch",
    ("artisan", "serve"): "artisan serve",
    ("watchmedo", "auto-restart"): "watchmedo auto-restart",
}
_ALONE = {"nodemon": "nodemon", "ts-node-dev": "ts-node-dev", "webpack-dev-server": "webpack-dev-server"}
_DEBUG = frozenset({"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG"})
_ON = frozenset({"1", "true", "yes", "on"})
_MODES = frozenset({"NODE_ENV", "FLASK_ENV"})


class Sign(NamedTuple):
    """What gives a command away: its words, and the place of the one that does in the list.

    `is_flag` says that the command would be right without that word.
    """

    what: str
    at: int
    is_flag: bool = False


def sign_of(words: Sequence[str]) -> Sign | None:
    """What makes a command a development server's, or None."""
    names = [word.rpartition("/")[2] for word in words]
    for index, name in enumerate(names):
        before = frozenset(names[:index])
        if name in _RELOADS and before & _SERVERS:
            server = next(each for each in names if each in _SERVERS)
            return Sign(f"{server} {name}", index, is_flag=True)
        if name == "--debug" and before & {"flask", "sanic"}:
            return Sign("flask --debug" if "flask" in before else "sanic --debug", index, is_flag=True)
        if name == "run" and "flask" in before and names[0] not in ("uv", "poetry", "pipenv", "pdm"):
            return Sign("flask run", index)
        if name == "run" and index and "flask" in names[:index] and names[index - 1] == "flask":
            return Sign("flask run", index)
        if name in ("runserver", "runserver_plus"):
            return Sign(name, index)
        if name in _ALONE:
            return Sign(_ALONE[name], index)
        if index and (names[index - 1], name) in _PAIRS:
            return Sign(_PAIRS[names[index - 1], name], index)
        if _SCRIPT.fullmatch(name) and index and _runs_scripts(names[:index]):
            return Sign(" ".join((*names[:index][-2:], name)), index)
    return None


def _runs_scripts(before: Sequence[str]) -> bool:
    """Whether the words before a script's name are `npm run`, `yarn` or the like."""
    if before[-1] == "run":
        return len(before) > 1 and before[-2] in _MANAGERS
    return before[-1] in _MANAGERS - {"npm", "bun"}


def debugs(name: str, value: str) -> bool:
    """Whether a setting switches debugging on, or says that this is a developer's machine."""
    if name in _DEBUG:
        return value.lower() in _ON
    return name in _MODES and value.lower() == "development"
