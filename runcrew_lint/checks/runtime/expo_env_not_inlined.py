"""App code reads an environment variable that no device has."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.facts import DeviceEnv, EnvReading, Manifest
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What Babel's preset for Expo and Metro put in themselves.
_GIVEN = lazily(
    r"EXPO_PUBLIC_\w*|NODE_ENV|EXPO_OS|EXPO_BASE_URL|EXPO_ROUTER_\w+|EXPO_PROJECT_ROOT|JEST_WORKER_ID"
)
_CONFIG = lazily(
    r"(?:^|/)(?:[\w.-]+\.config\.[cm]?[jt]s|app\.config\.\w+|[\w.-]+\.(?:test|spec|stories|e2e|setup)\.[cm]?[jt]sx?"
    r"|[\w.+-]*\+api\.[jt]sx?|jest[\w.-]*\.[jt]s|env\.[cm]?[jt]s|[\w.-]+\.d\.ts)$"
)
_APART = frozenset(
    (
        *(
            "scripts",
            "server",
            "api-server",
            "functions",
            "plugins",
            "__tests__",
            "__mocks__",
            "e2e",
            "tools",
        ),
        *("cypress", "maestro", ".storybook", ".github", "supabase", "backend", "web", "ci", "test-utils"),
    )
)


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a use, in the code of Expo apps alone."""
    manifests = repository.facts(Manifest)
    apps = [each for each in manifests if each.dependency("expo") and each.has_app]
    folders = sorted({each.directory for each in manifests}, key=len, reverse=True)
    uses = repository.facts(DeviceEnv)
    for app in apps:
        if any(each.plugins and _owner(each.path, folders) == app.directory for each in uses):
            continue
        for each in uses:
            if (
                each.on_device
                and _owner(each.path, folders) == app.directory
                and not _is_apart(each.path, app)
            ):
                yield from (_fault(each, use) for use in each.uses if _is_lost(use))


def _owner(path: str, folders: list[str]) -> str | None:
    """The nearest folder with a manifest of its own."""
    return next((each for each in folders if not each or path.startswith(f"{each}/")), None)


def _is_apart(path: str, app: Manifest) -> bool:
    inner = path[len(app.directory) :].strip("/")
    folders = inner.split("/")[:-1]
    return bool(_CONFIG.search(path)) or is_aside(path) or bool(_APART & set(folders))


def _is_lost(use: EnvReading) -> bool:
    if use.form == "name":
        return not _GIVEN.fullmatch(use.name)
    return use.name != "NODE_ENV"


def _fault(fact: DeviceEnv, use: EnvReading) -> Fault:
    place = Place(fact.path, use.span)
    if use.form == "name":
        return Fault(
            place,
            f"`process.env.{use.name}` is undefined on a device: Expo puts in what begins with EXPO_PUBLIC_ "
            "and nothing else",
            help=f"call it EXPO_PUBLIC_{use.name} where anyone may know the value, or hand it on in `extra` "
            "of app.config and read it with expo-constants",
        )
    how = "taken apart" if use.form == "destructured" else "looked up by a name that is computed"
    return Fault(
        place,
        f"`process.env` is {how} here, and on a device it is empty: Babel replaces "
        "`process.env.EXPO_PUBLIC_NAME` where it is written out, and nothing else",
        help="write each `process.env.EXPO_PUBLIC_NAME` out",
    )
