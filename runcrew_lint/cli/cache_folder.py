"""Where this user's programs keep what can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """RUNCREW_LINT_CACHE_DIR, else the platform's cache folder (the XDG base directory on Linux)."""
    own = os.environ.get("RUNCREW_LINT_CACHE_DIR")
    if own:
        return Path(own)
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        # The specification takes no relative one, which would lie in whatever is linted.
        base = named if named.is_absolute() else Path.home() / ".cache"
    return base / "runcrew-lint"
