"""Which paths a FastAPI program serves, its routers joined across files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.runtime.facts import Holder, Route, Routing
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple

_DEPTH = 8  # routers inside routers; deeper ones are left unresolved


class Served(NamedTuple):
    """A route under its whole path, and the file it is written in."""

    path: str
    route: Route
    file: str


@frozen
class Api:
    """One FastAPI app; `is_whole` says that every router and prefix is known."""

    file: str
    app: Holder
    served: tuple[Served, ...]
    is_whole: bool

    def at(self, path: str) -> Served | None:
        """The route that answers a GET of a path, a slash at the end or not."""
        wanted = path.rstrip("/") or "/"
        for each in self.served:
            if (each.path.rstrip("/") or "/") == wanted and {"GET", "HEAD"} & set(
                each.route.methods or ("GET",)
            ):
                return each
        return None


def apis_of(repository: Facts) -> tuple[Api, ...]:
    """Every app of the repository that is no test's and no example's."""
    files = repository.facts(Routing)
    join = _Join(files)
    return tuple(
        join.api(file, holder)
        for file in files
        for holder in file.holders
        if holder.is_app and not is_aside(file.path)
    )


def is_aside(path: str) -> bool:
    """Whether a file is a test, an example or documentation: nobody runs it as the product."""
    parts = path.lower().split("/")
    aside = {
        "tests",
        "test",
        "docs",
        "docs_src",
        "doc",
        "examples",
        "example",
        "samples",
        "benchmarks",
        "e2e",
    }
    tested = any(re.search(r"(?:^|[-_])tests?(?:$|[-_])", part) for part in parts[:-1])
    return (
        tested
        or bool(aside & set(parts[:-1]))
        or parts[-1].startswith(("test_", "conftest"))
        or "_test." in parts[-1]
    )


class _Join:
    """Follows inclusions from file to file."""

    def __init__(self, files: tuple[Routing, ...]) -> None:
        self._files = files
        self._whole = True

    def api(self, file: Routing, app: Holder) -> Api:
        self._whole = True
        served = tuple(self._served(file, app, "", 0))
        return Api(file.path, app, served, self._whole)

    def _served(self, file: Routing, holder: Holder, prefix: str, depth: int) -> Iterator[Served]:
        if depth > _DEPTH or holder.prefix is None:
            self._whole = False
            return
        base = prefix + holder.prefix
        if file.is_open:
            self._whole = False
        for route in file.routes:
            if route.owner == holder.name:
                if route.path is None:
                    self._whole = False
                else:
                    yield Served(base + route.path, route, file.path)
        for each in file.inclusions:
            if each.owner != holder.name:
                continue
            found = None if each.is_mount or each.prefix is None else self._find(file, each.target, 0)
            if found is None:
                self._whole = False
            else:
                yield from self._served(found[0], found[1], base + (each.prefix or ""), depth + 1)

    def _find(self, file: Routing, target: str, depth: int) -> tuple[Routing, Holder] | None:
        """The router that a name means in a file."""
        own = next((each for each in file.holders if each.name == target), None)
        if own:
            return file, own
        if depth > _DEPTH:
            return None
        for each in file.imports:
            if each.name == target and each.member:  # from a.b import router
                for there in self._of(each.module):
                    if found := self._find(there, each.member, depth + 1):
                        return found
            elif target.startswith(f"{each.name}."):  # from a import b; b.router
                module = f"{each.module}.{each.member}" if each.member else each.module
                inner, _, name = target[len(each.name) + 1 :].rpartition(".")
                for there in self._of(f"{module}.{inner}" if inner else module):
                    if found := self._find(there, name, depth + 1):
                        return found
        return None

    def _of(self, module: str) -> Iterator[Routing]:
        """The files that a module may be: its path may begin in any folder."""
        tail = module.replace(".", "/")
        for file in self._files:
            path = file.path.removesuffix("/__init__.py").removesuffix(".py")
            if path == tail or path.endswith(f"/{tail}"):
                yield file
