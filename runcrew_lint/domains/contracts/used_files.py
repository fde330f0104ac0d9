"""Which files of the repository the jobs of a workflow use, as far as their commands name them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from posixpath import basename, join

from runcrew_lint.domains.contracts.commands import CiCommand
from runcrew_lint.domains.contracts.tree import Tree, under
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_SCRIPT = lazily(r"(?:\./)?[\w./-]+\.(?:sh|bash|py)\Z")
_LOCKS = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json", "package.json"),
    "yarn": ("yarn.lock", "package.json"),
    "pnpm": ("pnpm-lock.yaml", "package.json"),
    "bun": ("bun.lock", "bun.lockb", "package.json"),
    "uv": ("uv.lock", "pyproject.toml"),
    "poetry": ("poetry.lock", "pyproject.toml"),
}
# What they are given goes to another machine.
_SENDS = frozenset(("scp", "rsync"))
_INSTALLS = frozenset(("ci", "install", "i", "sync"))
# What a tool reads beside what it is given: its settings.
_SETTINGS = {
    "tsc": ("tsconfig.json",),
    "eslint": (
        "eslint.config.js",
        "eslint.config.mjs",
        "eslint.config.ts",
        ".eslintrc.js",
        ".eslintrc.json",
        ".eslintrc.cjs",
    ),
    "jest": ("jest.config.js", "jest.config.ts", "jest.config.cjs", "babel.config.js"),
    "vitest": ("vitest.config.ts", "vite.config.ts"),
    "ruff": ("ruff.toml", "pyproject.toml"),
    "mypy": ("mypy.ini", "pyproject.toml"),
    "pytest": ("pytest.ini", "pyproject.toml", "conftest.py"),
    "alembic": ("alembic.ini",),
}


class Used(NamedTuple):
    """One file that a command uses, and the command's place."""

    path: str
    place: Place


def used_by(each: CiCommand, tree: Tree) -> Iterator[Used]:
    """The files of the repository that one command names or reads by itself."""
    if each.folder is None:
        return
    for path in _named(each, each.folder):
        if path in tree.files:
            yield Used(path, each.place)


def _named(each: CiCommand, folder: str) -> Iterator[str]:
    texts = [text or "${{" for text in each.texts]
    names = [basename(text) for text in texts]
    for before, text in zip(["", *texts], texts, strict=False):
        if "${{" in text:
            continue
        path = under(folder, text)
        if path and (_is_read(before, names) or _is_run(text, before, texts)):
            yield path
    if (
        "build" in names[:3]
        and names[0] in ("docker", "podman")
        and "-f" not in texts
        and "--file" not in texts
    ):
        yield under(folder, join(texts[-1], "Dockerfile")) or ""
    if names[0] in _SENDS:
        yield from (found for text in texts[1:] if (found := under(folder, text)))
    if names[0] == "make" and not {"-C", "-f"} & set(texts):
        yield under(folder, "Makefile") or ""
    if (
        names[0] in _LOCKS
        and len(names) > 1
        and names[1] in _INSTALLS
        and not {"-g", "--global"} & set(texts)
    ):
        inner = next(
            (text for before, text in pairwise(texts) if before in ("--prefix", "-C")),
            ".",
        )
        yield from (under(folder, join(inner, name)) or "" for name in _LOCKS[names[0]])
    for name in names[:3]:
        yield from _up(folder, _SETTINGS.get(name, ()))


def _is_read(before: str, names: list[str]) -> bool:
    """Whether the word behind an option is a file that the program reads."""
    if before in ("-r", "--requirement", "-c", "--constraint"):
        return "pip" in names[:4]
    return before in ("-f", "--file") and bool(
        {"docker", "docker-compose", "podman", "make", "kubectl"} & set(names[:2])
    )


def _is_run(text: str, before: str, texts: list[str]) -> bool:
    """Whether a word is a script that is run."""
    return bool(_SCRIPT.match(text)) and (text == texts[0] or before in ("bash", "sh", "python", "python3"))


def _up(folder: str, names: tuple[str, ...]) -> Iterator[str]:
    """A tool's settings in its folder; those above it count where it has none, which is not followed."""
    for name in names:
        yield join(folder, name) if folder else name
