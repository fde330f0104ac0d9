"""The checkout by its absolute path, as `$GITHUB_WORKSPACE` and `github.workspace` name it."""

from __future__ import annotations

from posixpath import normpath, relpath

# Where GitHub mounts it for an action in a container; on a runner it is another path, and no less absolute.
WORKSPACE = "/github/workspace"


def from_root(path: str) -> str:
    """A path as it is counted from the checkout's root, "" for the root itself; others as they are."""
    clean = normpath(path) if path.startswith(WORKSPACE) else path
    if clean == WORKSPACE:
        return ""
    return clean.removeprefix(f"{WORKSPACE}/") if clean.startswith(f"{WORKSPACE}/") else path


def seen_from(folder: str, text: str) -> str:
    """A text of a command with the checkout's path as one who stands in a folder of it would write it."""
    return text.replace(WORKSPACE, relpath("/", f"/{folder}")) if WORKSPACE in text else text
