"""What code says of the running system, as plain values."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Language(StrEnum):
    """The language that a file is written in."""

    PYTHON = "Python"
    SCRIPT = "JavaScript"
    DART = "Dart"


class Option(NamedTuple):
    """One option of a call: its name in snake_case, its value's place, and the value where it is literal.

    `numbers` are the numbers that it can come to: one literal, both arms of a choice; `written` is the
    value's source.
    """

    name: str
    span: Span
    value: str | int | float | bool | None
    is_literal: bool
    numbers: tuple[float, ...]
    written: str


class SentryInit(NamedTuple):
    """One call that initialises Sentry.

    Arguments:
        sdk: the package that it is imported from.
        span: the call's name, `Sentry.init`.
        is_open: whether options may come from elsewhere: a spread, a variable, `**options`.
        last: the end of the last option, where another can be added; None where there is none.
    """

    sdk: str
    span: Span
    options: tuple[Option, ...]
    is_open: bool
    last: Span | None

    def option(self, name: str) -> Option | None:
        """The option of that name."""
        return next((each for each in self.options if each.name == name), None)


@frozen
class SentryUse:
    """Where one file initialises Sentry."""

    path: str
    language: Language
    inits: tuple[SentryInit, ...]


class Dependency(NamedTuple):
    """A package that a manifest names, and the version or range that it asks for."""

    name: str
    version: str
    span: Span


@frozen
class Manifest:
    """A package.json or pubspec.yaml, with what the Expo app's static config beside it says.

    Arguments:
        has_app: whether an app's config lies beside it: app.json, app.config.js or .ts.
        updates_off: whether that says `updates.enabled: false`.
        build_dependencies: those that are needed for development alone.
    """

    path: str
    dependencies: tuple[Dependency, ...]
    build_dependencies: tuple[Dependency, ...]
    has_app: bool
    updates_off: bool

    @property
    def directory(self) -> str:
        """Its folder from the root, "" at the root."""
        return self.path.rpartition("/")[0]

    def dependency(self, *names: str) -> Dependency | None:
        """The first of these packages that the running program needs."""
        return next((each for each in self.dependencies if each.name in names), None)


class Route(NamedTuple):
    """One path that a decorator serves.

    Arguments:
        owner: the variable whose decorator it is.
        methods: in capitals; none for what is not known.
        path: as written; None where it is made when the program runs.
        touches: whether something in it reaches the database, as far as names tell.
        tells: the status codes that it names.
        swallows: the `except` that answers as if all were well, or None.
        delegates: whether it hands the work to a function that is not in the file.
    """

    owner: str
    methods: tuple[str, ...]
    path: str | None
    span: Span
    touches: bool
    tells: tuple[int, ...]
    swallows: Span | None
    delegates: bool


class Holder(NamedTuple):
    """A FastAPI app or an APIRouter: its variable and its own prefix (None: made when the program runs)."""

    name: str
    is_app: bool
    prefix: str | None
    span: Span


class Inclusion(NamedTuple):
    """`owner.include_router(target, prefix=...)` or `owner.mount(prefix, target)`."""

    owner: str
    target: str
    prefix: str | None
    is_mount: bool


class Import(NamedTuple):
    """A name and what it stands for: `app.routers.health` and `router`, or a module and ""."""

    name: str
    module: str
    member: str


@frozen
class Routing:
    """The routes of one Python file.

    `is_open` says that some are added in a way that is not read; `debugging` are apps made with debug=True.
    """

    path: str
    holders: tuple[Holder, ...]
    routes: tuple[Route, ...]
    inclusions: tuple[Inclusion, ...]
    imports: tuple[Import, ...]
    is_open: bool
    debugging: tuple[Span, ...] = ()


class Speaking(NamedTuple):
    """A call that writes where no log is: `print` or `logging.basicConfig`."""

    name: str
    span: Span


@frozen
class Printing:
    """Where one Python file prints that is imported: no test, and no script that is run by hand."""

    path: str
    calls: tuple[Speaking, ...]


class EnvReading(NamedTuple):
    """One use of `process.env`; `form` is name, destructured or computed."""

    name: str
    form: str
    span: Span


@frozen
class DeviceEnv:
    """What one JavaScript file asks of `process.env`; `on_device` is false where only Node can run it."""

    path: str
    uses: tuple[EnvReading, ...]
    on_device: bool
    plugins: tuple[str, ...]


class Listen(NamedTuple):
    """One call that opens a port.

    `port` is what it says, or what counts where nothing sets `variable`; None where only a run tells.
    """

    port: int | None
    variable: str
    span: Span
    program: str


@frozen
class Listening:
    """Where one file opens ports."""

    path: str
    listens: tuple[Listen, ...]
