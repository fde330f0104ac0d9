"""Which files are linted, as what, and why another one is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed, own
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.discover import Tree, discover, targets_in, within
from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.files import decode
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.globs import glob_pattern
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.tuples import NamedTuple


class Linted(NamedTuple):
    """One file, and the kinds of fact that its name lets it hold; those that are looked for in every text
    are left out.
    """

    path: str
    kinds: tuple[str, ...]


def linted(request: Request) -> Iterator[Linted]:
    """The files that a run would lint, by path.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    tree, _ = _looked_at(request)
    yield from _listed(tree, request)


def _listed(tree: Tree, request: Request) -> Iterator[Linted]:
    kinds: dict[str, list[str]] = {path: [] for path in own(tree.paths) if within(path, request.targets)}
    claims = claimed(tree.paths)
    for name, kind in KINDS.items():
        if not kind.sweeps:
            for path in claims[name]:
                if path in kinds:
                    kinds[path].append(name)
    for path, names in kinds.items():
        yield Linted(path, tuple(names))


def _looked_at(request: Request) -> tuple[Tree, Policy]:
    policy = load_policy(request.root, request.policy, load_catalogue().policies)
    return discover(request.root, [*request.exclude, *(each.glob for each in policy.exclude)]), policy


def why(request: Request, named: str) -> str:
    """One line on a file: as what it is linted, or why it is not.

    Errors:
        SetupError for a path that is not there, and for a mistake in the policy.
    """
    path = _path(request.root, named)
    tree, policy = _looked_at(request)
    if (request.root / path).is_dir():
        count = (
            sum(within(each, frozenset({path})) for each in tree.paths) if path != "." else len(tree.paths)
        )
        return f"a folder with {count:,} linted file{'' if count == 1 else 's'}"
    if path in tree.stats:
        return _as_what(request, tree, path)
    for exclusion in policy.exclude:
        if glob_pattern(exclusion.glob).match(path):
            reason = f" ({exclusion.reason})" if exclusion.reason else ""
            return f"not linted: the policy excludes {exclusion.glob}{reason}"
    if path in tree.ignored([path]):
        return "not linted: git ignores it, and nobody else's checkout has it"
    passed = dict(tree.passed)
    return f"not linted: {passed.get(path, _unlisted(request.root, path))}"


def _path(root: Path, named: str) -> str:
    """The path from the root of the very thing that is named, be it a link."""
    targets_in(root, [named])  # says what is wrong with the name
    file = Path.cwd() / named
    if not file.is_symlink():
        return file.resolve().relative_to(root.resolve()).as_posix()
    return (file.parent.resolve() / file.name).relative_to(root.resolve()).as_posix()


def _as_what(request: Request, tree: Tree, path: str) -> str:
    try:
        content, _ = Disk(request.root).read(path)
        decode(content)
    except Skipped as reason:
        return f"not linted: {reason}"
    except OSError as error:
        return f"not linted: it can't be read: {error.strerror}"
    found = next((each for each in _listed(tree, request) if each.path == path), None)
    if found is None:
        return "not linted: it lies in a folder of other people's code"
    tracked = "" if tree.is_tracked(path) else ", though git does not track it yet"
    held = [name for name in found.kinds if _may_hold(content, KINDS[name].needles)]
    kinds = f"as {', '.join(held)}, and " if held else ""
    return f"linted {kinds}as every text is: for secrets and promises{tracked}"


def _may_hold(content: bytes, needles: tuple[bytes, ...]) -> bool:
    return not needles or any(needle in content for needle in needles)


def _unlisted(root: Path, path: str) -> str:
    return (
        "it is a link to a file that is linted where it lies"
        if (root / path).is_symlink()
        else "git does not list it"
    )
