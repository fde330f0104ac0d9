"""`make prove-schema DIR=...`: runs a history on a real server and compares its catalogue with the replay.

It runs the revisions' own code, as `alembic upgrade head` does: use it on histories that you trust.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import psycopg

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import AlembicEnvironment, Migration
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source
from tests.components.postgres import running
from tests.migrations.server_catalogue import Comparison, compared

ENV = """
from alembic import context
from psycopg import ClientCursor
from sqlalchemy import MetaData, create_engine, pool, text
given = context.config.attributes
# Values are written into the statement, as psycopg2 does it, which most histories were written with.
engine = create_engine(given["url"], poolclass=pool.NullPool, connect_args={"cursor_factory": ClientCursor})
with engine.begin() as connection:  # 32 characters would stop histories whose own env.py takes longer ids
    connection.execute(text("CREATE TABLE alembic_version (version_num varchar(255) NOT NULL PRIMARY KEY)"))
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=MetaData(naming_convention=given["naming"] or None),
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if given["commits"]:
            connection.commit()
"""


class _Alone:
    policy = Policy("prove")

    def __init__(self, root: Path) -> None:
        self._root = root

    def consult(self, path: str) -> Source | None:
        """Another file of the checkout."""
        file = self._root / path
        return Source(path, file.read_text()) if file.is_file() else None


def replayed(versions: Path, root: Path, naming: dict[str, str]) -> Lineage:
    """The history in a folder, read without running it."""
    found: list[Migration] = []
    for path in sorted(versions.rglob("*.py")):
        migration = alembic.read(Source(path.relative_to(root).as_posix(), path.read_text()), _Alone(root))
        if isinstance(migration, Migration):
            found.append(migration)
    setup = AlembicEnvironment("env.py", naming_convention=tuple(naming.items()))
    return Lineage(versions.name, tuple(found), (setup,))


def upgrade(versions: Path, url: str, naming: dict[str, str], revision: str = "heads") -> None:
    """What `alembic upgrade` does, with an env.py of our own."""
    from alembic import command
    from alembic.config import Config

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "env.py").write_text(ENV)
        config = Config(attributes={"url": url, "naming": naming, "commits": True})
        config.set_main_option("script_location", name)
        folders = sorted({str(each.parent) for each in versions.rglob("*.py")})
        config.set_main_option("version_locations", ";".join(folders))
        config.set_main_option("path_separator", ";")
        config.set_main_option("version_path_separator", ";")
        command.upgrade(config, revision)


class _Stub(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")


class _Stubs(MetaPathFinder, Loader):
    """Finds the modules of the application that the revisions import and that are not needed."""

    def __init__(self, names: list[str]) -> None:
        self._names = tuple(names)

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        del path, target
        stands_in = any(f"{fullname}.".startswith(f"{each}.") for each in self._names)
        return ModuleSpec(fullname, self, is_package=True) if stands_in else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Stub(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        del module


def told(result: Comparison, lineage: Lineage, shown: int) -> str:
    """The measurement as text."""
    sorts = Counter(fact[0] for fact, _, _ in result.differing)
    share = 100 * result.equal / result.total if result.total else 100.0
    lines = [
        f"{len(lineage.migrations)} revisions, {result.total} facts, {result.equal} equal: {share:.2f} %",
        f"different: {dict(sorts)}; statements refused: {len(result.refused)}",
    ]
    for fact, theirs, ours in result.differing[:shown]:
        lines += [f"  {' '.join(fact)}", f"    server: {theirs}", f"    replay: {ours}"]
    lines += [f"  refused: {why}\n    {sql[:300]}" for sql, why in result.refused[:shown]]
    return "\n".join(lines)


def main() -> int:
    """Exit 0 where at least 98 % of the facts are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", type=Path, help="the folder of revisions")
    parser.add_argument("--root", type=Path, help="the checkout, from which paths are told")
    parser.add_argument("--path", action="append", default=[], help="where modules may be imported from")
    parser.add_argument("--stub", action="append", default=[], help="a module to stand in for")
    parser.add_argument("--naming", default="{}", help="the naming convention, as JSON")
    parser.add_argument("--major", type=int, default=16, help="the server's version: 16 or 18")
    parser.add_argument("--socket", help="the socket folder of a running server, user postgres")
    parser.add_argument("--before", default="", help="SQL to run on the server first")
    parser.add_argument("--to", default="heads", help="the revision to go to")
    parser.add_argument("--shown", type=int, default=20)
    options = parser.parse_args()
    root = options.root or options.versions
    sys.path[:0] = options.path
    if options.socket:
        return _prove(options, root, Path(options.socket))
    with running(options.major) as server:
        return _prove(options, root, server.folder)


def _prove(options: argparse.Namespace, root: Path, folder: Path) -> int:
    def connect(name: str) -> psycopg.Connection:
        return psycopg.connect(f"host={folder} user=postgres dbname={name}", autocommit=True)

    with connect("postgres") as control:
        for name in ("prove_real", "prove_replay"):
            control.execute(f"DROP DATABASE IF EXISTS {name}".encode())
            control.execute(f"CREATE DATABASE {name}".encode())
    if options.before:
        with connect("prove_real") as real:
            real.execute(options.before.encode())
    naming = json.loads(options.naming)
    sys.meta_path.insert(0, _Stubs(options.stub))
    url = f"postgresql+psycopg://postgres@/prove_real?host={folder}"
    upgrade(options.versions, url, naming, options.to)
    lineage = replayed(options.versions, root, naming)
    last = lineage.order[-1].revision
    schema = lineage.after(last if options.to == "heads" else options.to)
    with connect("prove_real") as real, connect("prove_replay") as scratch:
        result = compared(schema, real, scratch)
    print(told(result, lineage, options.shown))
    return 0 if result.equal >= 0.98 * result.total else 1


if __name__ == "__main__":
    sys.exit(main())
