"""Targets of Nx, followed through project.json; what is not known stays unresolved."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.nx import target_run
from tests.delivery.mapping import delivery, profiles, workflow
from tests.delivery.test_launchers import words

W = ".github/workflows/w.yml"
PROJECT = """\
{"name": "mobile", "targets": {
  "eas-build": {"command": "eas build", "options": {"cwd": "apps/mobile"}},
  "build": {
    "executor": "nx:run-commands", "defaultConfiguration": "preview",
    "configurations": {
      "preview": {"command": "eas build -e preview"},
      "production": {"commands": ["tsc", "eas build -e production"]}
    }
  },
  "ship": {"executor": "nx:run-commands",
           "options": {"commands": [{"command": "bash tools/ship.sh staging"}]}},
  "release-it": {"executor": "@acme/tool:deploy"},
  "serve": {"command": "expo start"},
  "submit": {"dependsOn": ["build", "^build", {"target": "prepare", "dependencies": true}],
             "command": "eas submit --profile store"},
  "all": {"dependsOn": [{"target": "ship"}, {"target": "e", "projects": ["extra"]}, "extra:e"],
          "executor": "nx:noop"},
  "round": {"dependsOn": ["round"], "command": "eas build -e round"}
}}
"""
FILES = {
    "apps/mobile/project.json": PROJECT,
    "apps/mobile/package.json": '{"name": "@team/mobile", "scripts": {"beta": "eas build -e beta"}}',
    "tools/ship.sh": "eas build -e $1\n",
    "libs/extra/project.json": '{"name": "extra", "targets": {"e": {"command": "eas build -e extra"}}}',
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nx run mobile:eas-build", ("eas-build", "mobile", "", True)),
        ("nx run mobile:build:production", ("build", "mobile", "production", True)),
        ("nx build mobile --configuration=production", ("build", "mobile", "production", True)),
        ("nx build mobile -c production --skip-nx-cache", ("build", "mobile", "production", True)),
        ("nx affected -t build test --parallel 3 -c ?", ("build,test", "*", "?", False)),
        ("nx run-many --targets=build,test", ("build,test", "*", "", True)),
        ("nx run-many -t build -p mobile", ("build", "mobile", "", True)),
        ("nx affected:build --base main", ("build", "*", "", False)),
        ("nx release", None),
        ("nx graph", None),
        ("nx run ?", None),
    ],
)
def test_command_lines(line: str, expected: tuple[str, str, str, bool] | None) -> None:
    found = target_run(words(line)[1:])
    said = (",".join(found.targets), found.project, found.configuration, found.certain) if found else None
    assert said == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("npx nx run mobile:eas-build", ["build production"]),
        ("npx nx run mobile:eas-build --profile x", ["build production"]),
        ("yarn nx build mobile", ["build preview"]),
        ("pnpm exec nx build mobile --configuration production", ["build production"]),
        ("nx run mobile:build:production", ["build production"]),
        ("nx affected -t build -c production", ["build production ~"]),
        ("nx run-many -t ship", ["build staging"]),
        ("nx beta mobile", ["build beta"]),
        ("nx serve mobile", []),
        ("nx submit mobile", ["build preview", "submit store"]),
        ("nx run mobile:all", ["build staging", "build extra", "build extra"]),
        ("nx round mobile", ["build round"]),
        ("nx run other:build", []),
    ],
)
def test_targets_are_followed(line: str, expected: list[str]) -> None:
    assert profiles(delivery({W: workflow(f"- run: {line}"), **FILES}).edges) == expected


@pytest.mark.parametrize(
    "line",
    [
        "nx release-it mobile",
        "nx run api:deploy",
        "nx affected -t deploy",
        "turbo run deploy --filter=web",
        "devbox run deploy",
        "task deploy",
    ],
)
def test_what_deploys_by_something_unknown_is_unresolved(line: str) -> None:
    steps = f"- run: docker push x/y\n- name: Deploy\n  run: {line}"
    edges = delivery({W: workflow(steps), **FILES}).edges
    assert Action.UNKNOWN in {each.action for each in edges}


def test_a_shell_in_a_container_reads_its_script() -> None:
    script = "- run: |\n    docker compose run --rm app bash <<'EOF'\n    eas build -e inside\n    EOF"
    assert profiles(delivery({W: workflow(script)}).edges) == ["build inside"]
