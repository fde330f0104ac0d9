"""What a command does to the world: the typed steps of the delivery map."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


class Action(StrEnum):
    """What a command does. `build`, `submit` and `update` are EAS's own; the others are any tool's.

    `package` makes an artefact and sends it nowhere, `push` sends an image to a registry, `deploy` rolls a
    new version out, `copy` puts files on a server, `distribute` hands a build to testers, `store` to an
    app store, `publish` a package or a page to the public. `unknown` is a job that seems to deliver by
    something that the map does not know.
    """

    BUILD = "build"
    SUBMIT = "submit"
    UPDATE = "update"
    TEST = "test"
    LINT = "lint"
    PACKAGE = "package"
    PUSH = "push"
    BACKUP = "backup"
    MIGRATE = "migrate"
    DEPLOY = "deploy"
    INVALIDATE = "invalidate"
    COPY = "copy"
    INFRASTRUCTURE = "infrastructure"
    DISTRIBUTE = "distribute"
    STORE = "store"
    PUBLISH = "publish"
    UNKNOWN = "unknown"


EAS = frozenset((Action.BUILD, Action.SUBMIT, Action.UPDATE))
PROFILED = frozenset((Action.BUILD, Action.SUBMIT))
# What changes something that people use; nothing of the rest does.
DELIVERING = EAS | {
    Action.PUSH,
    Action.MIGRATE,
    Action.DEPLOY,
    Action.INVALIDATE,
    Action.COPY,
    Action.INFRASTRUCTURE,
    Action.DISTRIBUTE,
    Action.STORE,
    Action.UNKNOWN,
}
NO_PROFILE = unknown("it has no EAS profile")


class Call(NamedTuple):
    """One thing that a command or an action does.

    Arguments:
        profile: the EAS profile; unknown for `eas update` and for everything that is not EAS's.
        profile_place: where the profile is written, None where it is implied.
        options: the words as they were given.
        tool: what does it, in a reader's words: `eas build`, `docker compose up`.
        part: app, backend, web, flutter, or "" where it does not show.
        target: where to, as far as it is said: a bucket, a service, a host; "" where nothing says so.
        live: whether the command itself says that it is production (`--prod`).
        verb: where `build`, `submit` or `update` stands, for EAS's own command line.
    """

    action: Action
    profile: Value
    profile_place: Place | None
    options: tuple[Argument, ...]
    tool: str = ""
    part: str = ""
    target: Value = known("")
    live: bool = False
    verb: Place | None = None

    @property
    def implied(self) -> bool:
        """Whether the command names no profile."""
        return self.profile_place is None

    def has(self, *names: str) -> bool:
        """Whether one of these flags is given."""
        return any((each.text or "").partition("=")[0] in names for each in self.options)

    @property
    def hides(self) -> bool:
        """Whether a word is not known that may hold further flags."""
        before = ""
        for each in self.options:
            if each.value.is_unknown and not (before.startswith("-") and "=" not in before):
                return True
            before = each.text or ""
        return False


def call(
    action: Action,
    tool: str,
    options: tuple[Argument, ...],
    part: str = "",
    target: Value | None = None,
    live: bool = False,
) -> Call:
    """A call of something that knows no EAS profile."""
    return Call(action, NO_PROFILE, None, options, tool, part, target or known(""), live)
