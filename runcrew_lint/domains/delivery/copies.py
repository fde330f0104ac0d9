"""rsync, scp and sftp: which copies leave the runner.

Sources: rsync(1), SYNOPSIS and ADVANCED USAGE; scp(1): a name with a colon before its first slash is another
host's. Only the last name says where a copy goes; one that fetches a file from a host delivers nothing.
"""

from __future__ import annotations

import re

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.launchers import Words
from runcrew_lint.domains.delivery.state import UNKNOWN, Argument
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.patterns import lazily

# Options with a value of its own behind them.
_OF_RSYNC = frozenset(
    (
        "-e", "--rsh", "-f", "--filter", "--exclude", "--include", "--exclude-from", "--include-from",
        "--files-from", "--rsync-path", "--port", "--password-file", "--chmod", "--chown", "--timeout",
        "--bwlimit", "--log-file", "--out-format", "-T", "--temp-dir", "-B", "--partial-dir",
        "--backup-dir", "--suffix", "--max-size", "--min-size", "--link-dest", "--compare-dest",
        "--copy-dest", "-M", "--remote-option", "--usermap", "--groupmap", "--info", "--debug",
    )
)  # fmt: skip
_OF_SCP = frozenset(("-c", "-D", "-F", "-i", "-J", "-l", "-o", "-P", "-S", "-X"))
_SHORT = lazily(r"-[A-Za-z0-9]+")
# Why a name is unknown: a command's answer (mktemp, pwd), or a variable that is called as a folder is.
_FOLDER = lazily(
    r"`\$(?:\(|\{?\w*(?:DIR(?:ECTORY)?|FOLDER|PATH|HOME|PWD|WORKSPACE|TE?MP|ROOT)\}?`)", re.IGNORECASE
)


def rsync_calls(words: Words) -> tuple[Call, ...]:
    """A copy where the last name is another host's; unknown where nothing tells."""
    shell = any((each.text or "").startswith(("--rsh", "-e")) for each in words)
    return _sent("rsync", words, _names(words, _OF_RSYNC), shell)


def scp_calls(words: Words) -> tuple[Call, ...]:
    """The same of scp, which nobody starts where both sides are the runner's own."""
    return _sent("scp", words, _names(words, _OF_SCP), True)


def sftp_calls(words: Words) -> tuple[Call, ...]:
    """What it does is said in a batch of its own, or on its input."""
    return (call(Action.COPY, "sftp", words, "", words[-1].value),) if words else ()


def _sent(tool: str, words: Words, names: list[Argument], has_host: bool) -> tuple[Call, ...]:
    if not names or any(map(_is_far, names[:-1])):
        return ()
    target = names[-1]
    far = _is_far(target)
    if far is None and not has_host:
        return (call(Action.UNKNOWN, tool, words, "", target.value),)
    return (call(Action.COPY, tool, words, "", target.value),) if far is not False else ()


def _names(words: Words, valued: frozenset[str]) -> list[Argument]:
    """The words that are no options and no option's value."""
    names: list[Argument] = []
    skip = False
    for each in words:
        text = each.text or ""
        if not skip and not text.startswith("-"):
            names.append(each)
        # Short options go together, the one with a value last: `-avze ssh`.
        last = f"-{text[-1:]}" if _SHORT.fullmatch(text) else text
        skip = not skip and last in valued
    return names


def _is_far(name: Argument) -> bool | None:
    """Whether a name is another host's; None where that is known only when it runs."""
    written = [to_text(each) for each in name.value.options] or [name.sketch]
    if any(":" in each.partition("/")[0] for each in written):
        return True
    if not name.value.is_unknown or not name.sketch.startswith(UNKNOWN):
        return False
    return False if _FOLDER.match(name.value.reason) else None
