"""Where a user's resident is reached: a socket in a folder that nobody else may enter."""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from binascii import crc32

from runcrew_lint import __version__

_LONGEST = 100  # bytes of a socket's path; the kernels take 104 (macOS) and 108 (Linux)


def greeting() -> bytes:
    """The linter, the Python and the files that are seen here: of who asks and who answers the same."""
    said = f"{__version__} {os.path.dirname(__file__)} {sys.executable} {sys.version} {_view()}"
    return said.replace("\n", " ").encode() + b"\n"


def _view() -> str:
    """Which files a path names: in a container or a change of root the same one names others."""
    root = os.stat("/")
    try:
        return f"{root.st_dev} {root.st_ino} {os.readlink('/proc/self/ns/mnt')}"
    except OSError:  # only Linux tells of mounts
        return f"{root.st_dev} {root.st_ino}"


def door() -> str | None:
    """The socket's path, one for each edition; None where there can't be one.

    It lies in XDG_RUNTIME_DIR where the system gives one, else in the cache folder. A folder of another user,
    or one that others may enter, is not used: what they put there would be believed.
    """
    if not hasattr(socket, "AF_UNIX"):
        return None
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime):
        folder = os.path.join(runtime, "runcrew-lint")
    else:
        from runcrew_lint.cli.cache_folder import cache_folder  # brings pathlib, which most do without

        folder = os.path.abspath(cache_folder() / "resident")
    path = os.path.join(folder, f"{crc32(greeting()):08x}")
    return path if len(os.fsencode(path)) <= _LONGEST and _private(folder) else None


def _private(folder: str) -> bool:
    """Whether the folder is there, or now made, for this user alone."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def same_user(peer: socket.socket) -> bool:
    """Whether the other end is this user's, where the kernel says whose it is (SO_PEERCRED, unix(7))."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder alone keeps others out
    told = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", told)[1] == os.geteuid())
