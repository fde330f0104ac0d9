"""What a command line runs in the end, and what an eas command does."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.eas_commands import eas_calls
from runcrew_lint.domains.delivery.launchers import PackageRun, Program, ShellRun, launch
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import known, unknown
from runcrew_lint.text import Place, Span


def words(line: str) -> tuple[Argument, ...]:
    """The words of a line; `?` is one that is not known."""
    found = []
    for index, text in enumerate(line.split()):
        value = unknown("it is not known") if text == "?" else known(text)
        found.append(Argument(value, Place("w.yml", Span(index, index + 1))))
    return tuple(found)


def shown(arguments: tuple[Argument, ...]) -> str:
    return " ".join(each.text or "?" for each in arguments)


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("eas build", "eas", "build"),
        ("eas-cli@latest build", "eas-cli", "build"),
        ("./node_modules/.bin/eas build", "eas", "build"),
        ("npx eas build", "eas", "build"),
        ("npx --yes eas-cli@16 build -p ios", "eas-cli", "build -p ios"),
        ("npx -p eas-cli eas build", "eas", "build"),
        ("bunx eas build", "eas", "build"),
        ("pnpx eas-cli build", "eas-cli", "build"),
        ("yarn dlx eas-cli build", "eas-cli", "build"),
        ("pnpm exec eas build", "eas", "build"),
        ("npm exec -- eas build", "eas", "build"),
        ("bun x eas build", "eas", "build"),
        ("env -u A CI=1 eas build", "eas", "build"),
        ("doppler run -- eas update", "eas", "update"),
        ("dotenv -e .env.prod -- eas build", "eas", "build"),
        ("cross-env A=1 eas build", "eas", "build"),
        ("timeout 30m sudo -u x eas build", "eas", "build"),
        ("npx dotenv -e .env eas build", "eas", "build"),
        ("command eas build", "eas", "build"),
        ("command -v eas build", "command", ""),
        ("bash -n build.sh", "bash", "-n build.sh"),
        ("bash -xn build.sh", "bash", "-xn build.sh"),
        ("npm ci --ignore-scripts", "npm", "ci --ignore-scripts"),
        ("yarn install", "yarn", "install"),
        ("pnpm -C app add x", "pnpm", "-C app add x"),
    ],
)
def test_programs(line: str, name: str, rest: str) -> None:
    found = launch(words(line))
    assert isinstance(found, Program)
    assert (found.name, shown(found.words)) == (name, rest)


@pytest.mark.parametrize(
    ("line", "script", "passed", "directory", "workspace", "certain"),
    [
        ("npm run build", "build", "", None, "", True),
        ("npm run build -- --profile x", "build", "--profile x", None, "", True),
        ("npm run build --silent x", "build", "", None, "", True),
        ("npm --prefix app run build", "build", "", "app", "", True),
        ("npm run build --prefix=app -- -e x", "build", "-e x", "app", "", True),
        ("npm run -w mobile build", "build", "", None, "mobile", True),
        ("npm run build --workspace=mobile", "build", "", None, "mobile", True),
        ("npm test", "test", "", None, "", True),
        ("npm t", "test", "", None, "", True),
        ("yarn build -e x", "build", "-e x", None, "", False),
        ("yarn run build --prefix app", "build", "--prefix app", None, "", True),
        ("yarn --cwd app build", "build", "", "app", "", False),
        ("yarn workspace mobile run build", "build", "", None, "mobile", True),
        ("pnpm build", "build", "", None, "", False),
        ("pnpm --filter mobile run build -- -e x", "build", "-e x", None, "mobile", True),
        ("pnpm --dir app build", "build", "", "app", "", False),
        ("bun run build -e x", "build", "-e x", None, "", True),
        ("yarn eas build", "eas", "build", None, "", False),
        ("npm run ?", "?", "", None, "", True),
    ],
)
def test_package_scripts(
    line: str, script: str, passed: str, directory: str | None, workspace: str, certain: bool
) -> None:
    found = launch(words(line))
    assert isinstance(found, PackageRun)
    assert shown((found.script,)) == script
    assert shown(found.words) == passed
    assert (found.directory.text if found.directory else None, found.workspace, found.certain) == (
        directory,
        workspace,
        certain,
    )


@pytest.mark.parametrize(
    ("line", "path", "rest"),
    [
        ("./scripts/build.sh staging", "./scripts/build.sh", "staging"),
        ("bash -e scripts/build.sh a b", "scripts/build.sh", "a b"),
        ("source build.bash", "build.bash", ""),
        ("bash -euo pipefail build.sh a", "build.sh", "a"),
        ("bash +o posix --norc -x build.sh", "build.sh", ""),
    ],
)
def test_shell_scripts(line: str, path: str, rest: str) -> None:
    found = launch(words(line))
    assert isinstance(found, ShellRun)
    assert (found.path, shown(found.words)) == (path, rest)


@pytest.mark.parametrize("line", ["", "? build", "npm", "npm run", "npx", "yarn --cwd app", "env A=1"])
def test_nothing(line: str) -> None:
    assert launch(words(line)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("build", ["build production implied"]),
        ("build --profile staging", ["build staging"]),
        ("build --profile=staging -p ios", ["build staging"]),
        ("build -e staging --non-interactive", ["build staging"]),
        ("build --profile ?", ["build ?"]),
        ("build ?", ["build ?"]),
        ("build --message ? -p ios", ["build production implied"]),
        ("build --non-interactive ?", ["build ?"]),
        ("build ? --profile staging", ["build staging"]),
        ("build --profile", ["build ?"]),
        ("build --profile a --auto-submit", ["build a", "submit a"]),
        ("build --auto-submit-with-profile=b", ["build production implied", "submit b"]),
        ("submit --latest", ["submit production implied"]),
        ("submit -e beta", ["submit beta"]),
        ("update --branch x", ["update ?"]),
        ("?", ["build ?"]),
        ("build --help", []),
        ("? --help", []),
        ("build:list", []),
        ("whoami", []),
        ("", []),
    ],
)
def test_eas(line: str, expected: list[str]) -> None:
    found = []
    for each in eas_calls(words(line)):
        profile = str(each.profile.known) if each.profile.is_known else "?"
        implied = " implied" if each.implied and each.profile.is_known else ""
        found.append(f"{each.action.value} {profile}{implied}")
    assert found == expected
