"""The linter as its users have it: a wheel, installed in an environment of its own, its modules compiled.

A checkout compiles its rules anew whenever nothing may be cached, which no user waits for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def installed(folder: Path) -> Path:
    """The program, from a wheel of this checkout; the folder keeps it.

    Errors:
        CalledProcessError where the wheel can't be built or installed.
    """
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def python(*arguments: str | Path, by: str | Path = sys.executable) -> None:
        subprocess.run([by, *arguments], check=True, env=bare, stdout=subprocess.DEVNULL)

    python("-m", "build", "--wheel", "--outdir", folder, ROOT)
    python("-m", "venv", folder / "venv")
    beside = folder / "venv" / "bin"
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    (wheel,) = folder.glob("*.whl")
    python(*pip, f"{wheel}[fast]", by=beside / "python")
    python("-m", "compileall", "-q", folder / "venv" / "lib", by=beside / "python")
    return beside / "runcrew-lint"
