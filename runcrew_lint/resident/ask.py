"""The side that asks: hands a command line over and waits for the exit code.

Every run of somebody who wants a resident pays for what this imports.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress

from runcrew_lint.resident.door import door, greeting, same_user

PATIENCE = 0.2  # s in which a resident says that it is free: it makes one run at a time
TAKEN = b"+"
_COMMANDS, _OPTIONS = ("init", "server"), ("--watch", "--stdin-filename", "--allow-plugins")


class Nobody(Exception):
    """There is a door, and nobody behind it."""


def answered() -> None:
    """What the console script does for a user who wants a resident."""
    path = None if _is_its_own(sys.argv[1:]) else door()
    absent = False
    if path:
        try:
            code = _asked(path)
        except Nobody:
            absent = True
        else:
            if code is not None:
                sys.exit(code)
    from runcrew_lint.cli.main import main  # nobody answers: this run is made here

    try:
        main()
    finally:
        if absent:
            _leave_one()


def _is_its_own(arguments: list[str]) -> bool:
    """Whether a run asks back, stays itself, or loads code that may be another one next time."""
    command = arguments[0] if arguments else ""
    return command in _COMMANDS or any(each.startswith(_OPTIONS) for each in arguments)


def _asked(path: str) -> int | None:
    """The exit code of a run that the resident made; None where it can't, or is busy."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as resident:
        resident.settimeout(PATIENCE)
        try:
            resident.connect(path)
            if not (same_user(resident) and _taken(resident)):
                return None
        except (FileNotFoundError, ConnectionRefusedError):
            raise Nobody from None
        except OSError:
            return None
        return _code(resident)


def _taken(resident: socket.socket) -> bool:
    """Hands over the command line, the environment, the streams and the folder, if it is free to take them.

    Before, it gets nothing: who waits for the end of these streams would wait for it, too.
    """
    resident.sendall(greeting())
    if resident.recv(1) != TAKEN:
        return False
    said = _question()
    folder = os.open(".", os.O_RDONLY)
    try:
        socket.send_fds(resident, [len(said).to_bytes(4, "big")], [0, 1, 2, folder])
    finally:
        os.close(folder)
    resident.sendall(said)
    return True


def _question() -> bytes:
    """How many arguments there are, the mask, the arguments, the environment: none of them can hold a NUL."""
    words = [str(len(sys.argv)), str(_umask()), *sys.argv]
    return b"\0".join([*map(os.fsencode, words), *(b"%b=%b" % each for each in os.environb.items())])


def _code(resident: socket.socket) -> int:
    """What the run ends with; an interrupt is handed on, and what it says of it comes back."""
    resident.settimeout(None)
    try:
        said = resident.recv(1)
    except KeyboardInterrupt:
        resident.shutdown(socket.SHUT_WR)
        said = resident.recv(1)
    if not said:
        sys.stderr.write("runcrew-lint: the resident is gone amid this run; run it again\n")
        return 2
    return said[0]


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _leave_one() -> None:
    """Starts a resident, for the next run; where it can't be, nothing is lost."""
    from subprocess import DEVNULL, Popen  # once a working day

    with suppress(OSError):
        # -P, as in every console script: no folder of the user's comes before the libraries.
        command = [
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-c",
            "from runcrew_lint.resident.host import main; main()",
        ]
        Popen(command, cwd="/", stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
