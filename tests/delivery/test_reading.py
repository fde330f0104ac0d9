"""What the map reads beside eas commands: recipes, other machines, EAS workflows, matrices, outputs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.delivery.reach import allowed, touches
from tests.delivery.mapping import POLICY, delivery, workflow

W = ".github/workflows/w.yml"
PUSH = "{push: {branches: [develop]}}"


def said(edges: tuple[Edge, ...]) -> list[str]:
    """Each edge as `action tool`, with its target where it has one."""
    found = []
    for edge in edges:
        target = edge.did.target
        where = "" if target.options == ("",) else f" @{target.known if target.is_known else '?'}"
        found.append(f"{edge.action.value} {edge.did.tool}{where}{'' if edge.sure else ' ~'}")
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- run: alembic upgrade head", ["migrate alembic upgrade"]),
        ("- run: alembic upgrade head --sql > x.sql", []),
        ("- run: alembic history", []),
        ("- run: uv run --directory backend alembic -c a.ini upgrade head", ["migrate alembic upgrade"]),
        ("- run: python -m alembic upgrade head", ["migrate alembic upgrade"]),
        ("- run: docker compose run --rm -e A=b app alembic upgrade head", ["migrate alembic upgrade"]),
        ("- run: docker exec api sh -c 'cd /app && alembic upgrade head'", ["migrate alembic upgrade"]),
        ("- run: kubectl exec deploy/api -n x -- alembic upgrade head", ["migrate alembic upgrade"]),
        ("- run: docker compose up -d", []),
        ("- run: ssh h 'docker compose up -d'", ["deploy docker compose up @h"]),
        ("- run: ssh -i k -p 22 u@h sudo systemctl restart api", ["deploy systemctl restart @u@h"]),
        (
            "- run: |\n    ssh u@h <<'EOF'\n    alembic upgrade head\n    EOF",
            ["migrate alembic upgrade @u@h"],
        ),
        ("- run: |\n    cat > x <<'EOF'\n    alembic upgrade head\n    EOF", []),
        ("- run: ssh h 'bash -s' < ship.sh", ["deploy docker compose up @h"]),
        (
            "- uses: appleboy/ssh-action@v1\n  with: {host: h, script: docker compose up -d}",
            ["deploy docker compose up @h"],
        ),
        ("- run: make ship ENV=prod", ["deploy aws ecs update-service @prod api"]),
        ("- run: make ship", ["deploy aws ecs update-service @staging api"]),
        ("- run: make -C tools all", ["test pytest"]),
        ("- run: just ship prod", ["deploy fly deploy @prod"]),
        ("- run: just ship", ["deploy fly deploy @staging"]),
        ("- run: just ship\n  working-directory: mobile/ios", ["deploy fly deploy @phones"]),
        ("- run: just ship\n  working-directory: web/src", ["deploy fly deploy @staging"]),
        ("- run: make ship\n  working-directory: web/src", []),
        ("- run: npm test", ["test test", "test vitest"]),
        ("- run: npm run nothing-there", []),
        ("- run: pytest || true", ["test pytest"]),
        ("- run: aws s3 sync dist s3://b/x --delete", ["deploy aws s3 sync @s3://b/x"]),
        ("- run: aws s3 sync s3://b/x dist", []),
        ("- run: aws s3 cp report.html s3://b/x", []),
        ("- run: pg_dump -Fc db > x", ["backup pg_dump"]),
        (
            "- run: aws rds create-db-snapshot --db-instance-identifier x",
            ["backup aws rds create-db-snapshot"],
        ),
        ("- run: flutter build apk --debug", ["package flutter build apk"]),
        ("- run: fvm flutter analyze", ["lint flutter analyze"]),
        ("- run: bundle exec fastlane ios release", ["store fastlane release @release"]),
        (
            "- uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n  with: {cluster: c, service: s}",
            ["deploy ECS service @c s"],
        ),
        (
            "- uses: docker/build-push-action@v6\n  with: {push: true, tags: t}",
            ["push docker push @t"],
        ),
        ("- uses: docker/build-push-action@v6\n  with: {push: false, tags: t}", ["package docker build"]),
        ("- run: grep -r test . && git push -f origin x", []),
    ],
)
def test_commands(steps: str, expected: list[str]) -> None:
    files = {
        W: workflow(steps, on=PUSH),
        "package.json": '{"scripts": {"test": "vitest run"}}',
        "ship.sh": "docker compose pull\ndocker compose up -d\n",
        "Makefile": "ENV ?= staging\n.PHONY: ship\nship: build\n"
        "\t@aws ecs update-service --cluster $(ENV) \\\n\t\t--service api\nbuild:\n\techo build $$HOME\n",
        "tools/Makefile": "all:\n\tpytest\n",
        "justfile": "name := 'x'\n\nship env='staging':\n    flyctl deploy --app {{env}}\n",
        "mobile/justfile": "ship:\n    flyctl deploy --app phones\n",
    }
    found = [each for each in said(delivery(files).edges) if not each.startswith("unknown")]
    assert found == expected


@pytest.mark.parametrize(("scripts", "arrives"), [(11, True), (12, True), (13, False)])
def test_so_deep_scripts_are_followed_and_no_deeper(scripts: int, arrives: bool) -> None:
    chain = {f"s{at}.sh": f"bash s{at + 1}.sh\n" for at in range(1, scripts)}
    files = {W: workflow("- run: bash s1.sh", on=PUSH), **chain, f"s{scripts}.sh": "alembic upgrade head\n"}
    edges = delivery(files).edges
    assert ("migrate alembic upgrade" in said(edges)) is arrives
    assert ("more than 12 deep" in str(edges)) is not arrives


@pytest.mark.parametrize(
    ("recipe", "forgiven"),
    [
        ("\tpytest", False),
        ("\tpytest\n\techo done", False),
        ("\tcd api && pytest", False),
        ("\tpytest; echo done", True),
        ("\tmkdir x; \\\n\tpytest; \\\n\techo done", True),
        ("\tset -e; pytest; echo done", False),
        ("\t-pytest", True),
        ("\t@-pytest", True),
        ("\t-rm x\n\tpytest", False),
        ("\tpytest -x", False),
    ],
)
def test_a_line_of_make_ends_as_its_last_command_does(recipe: str, forgiven: bool) -> None:
    files = {W: workflow("- run: make t", on=PUSH), "Makefile": f"t:\n{recipe}\n"}
    assert {each.forgiven for each in delivery(files).edges} == {forgiven}
    files["Makefile"] = f".SHELLFLAGS = -ec\n{files['Makefile']}"
    assert "-" in recipe or {each.forgiven for each in delivery(files).edges} == {False}


@pytest.mark.parametrize(
    ("said", "forgiven"),
    [
        ("", True),
        ("SHELL = /bin/bash\n", True),
        ("SHELL = /bin/bash -o pipefail\n", False),
        ("export SHELL := bash -euo pipefail\n", False),
        ("SHELL := bash\n.SHELLFLAGS := -eu -o pipefail -c\n", False),
        (".SHELLFLAGS = -ec\n", True),
        ("# SHELL = bash -o pipefail\n", True),
    ],
)
def test_a_file_says_whether_its_pipes_count(said: str, forgiven: bool) -> None:
    files = {W: workflow("- run: make t", on=PUSH), "Makefile": f"{said}t:\n\tpytest | tee out.txt\n"}
    assert {each.forgiven for each in delivery(files).edges} == {forgiven}


def test_a_justfile_says_whether_its_pipes_count() -> None:
    files = {W: workflow("- run: just t", on=PUSH), "justfile": "t:\n    pytest | tee out.txt\n"}
    assert {each.forgiven for each in delivery(files).edges} == {True}
    files["justfile"] = f'set shell := ["bash", "-euo", "pipefail", "-c"]\n{files["justfile"]}'
    assert {each.forgiven for each in delivery(files).edges} == {False}


EAS = """\
on: {push: {branches: [develop], tags: ['v*']}}
jobs:
  build:
    type: build
    params: {platform: android, profile: "${{ github.ref_type == 'tag' && 'production' || 'staging' }}"}
  send:
    needs: [build]
    if: ${{ startsWith(github.ref, 'refs/tags/') }}
    type: submit
    params: {build_id: x}
  tell: {type: slack, params: {message: eas build}}
  check: {steps: [{run: npx eas-cli build -e staging}]}
"""


def test_eas_workflows() -> None:
    edges = delivery(
        {"apps/a/.eas/workflows/x.yml": EAS, "apps/a/eas.json": '{"build": {"staging": {}}}'}
    ).edges
    found = [
        (each.occasion.name, each.job_id, each.action.value, each.profile.options, each.config)
        for each in edges
        if each.occasion.event == "push"
    ]
    assert [each for each in found if each[0] == "develop"] == [
        ("develop", "build", "build", ("staging",), "apps/a/eas.json"),
        ("develop", "check", "build", ("staging",), "apps/a/eas.json"),
    ]
    assert ("v1.0.0", "send", "submit", ("production",)) in [each[:4] for each in found]


def test_an_eas_workflow_without_on_is_started_by_hand() -> None:
    text = "jobs: {a: {type: build, params: {platform: ios}}}"
    edges = delivery({".eas/workflows/x.yml": text}).edges
    assert {each.occasion.event for each in edges} == {"workflow_dispatch"}
    assert {each.profile.options for each in edges} == {("production",)}


def test_a_workflow_after_a_workflow() -> None:
    files = {
        ".github/workflows/ci.yml": f"name: CI\non: {PUSH}\njobs: {{t: {{steps: [{{run: pytest}}]}}}}\n",
        W: workflow(
            "- if: github.event.workflow_run.head_branch == 'develop'\n  run: eas build -e a\n"
            "- if: github.ref == 'refs/heads/main'\n  run: eas build -e b\n"
            "- if: github.event.workflow_run.conclusion == 'failure'\n  run: eas build -e c",
            on="{workflow_run: {workflows: [CI], types: [completed]}}",
        ),
    }
    policy = replace(POLICY, default_branch="main")
    edges = [each for each in delivery(files, policy).edges if each.profile.options]
    assert [(each.occasion.source, each.occasion.name, each.profile.options) for each in edges] == [
        ("push", "develop", ("a",)),
        ("push", "develop", ("b",)),
    ]


def test_a_merged_pull_request_is_a_push_to_its_base() -> None:
    on = "{pull_request: {types: [closed], branches: [main]}}"
    steps = "- if: github.event.pull_request.merged\n  run: eas build -e production"
    (edge,) = delivery({W: workflow(steps, on=on)}).edges
    assert (edge.sure, edge.merged) == (True, True)
    assert edge.when == "a merged pull request into main"


def test_a_matrix_is_followed_by_combination() -> None:
    job = """\
    strategy:
      matrix:
        app: [{name: a, profile: staging}, {name: b, profile: production}]
        platform: [ios, android]
        exclude: [{platform: android, app: {name: a, profile: staging}}]
        include: [{platform: ios, extra: x}, {only: y, app: {name: c, profile: last}}]
"""
    steps = "- if: matrix.platform == 'android' || matrix.only\n  run: eas build -e ${{ matrix.app.profile }}"
    edges = delivery({W: workflow(steps, on=PUSH, job=job)}).edges
    assert [(each.profile.options, each.sure) for each in edges] == [
        (("production",), True),
        (("last",), True),
    ]


def test_outputs_of_actions_and_called_workflows() -> None:
    caller = f"""\
on: {PUSH}
jobs:
  one: {{uses: ./.github/workflows/called.yml}}
  two:
    needs: one
    steps:
      - {{id: a, uses: ./act}}
      - run: eas build -e ${{{{ needs.one.outputs.p }}}} && eas submit -e ${{{{ steps.a.outputs.q }}}}
"""
    called = """\
on: {workflow_call: {outputs: {p: {value: '${{ jobs.j.outputs.x }}'}}}}
jobs:
  j:
    outputs: {x: '${{ steps.s.outputs.y }}'}
    steps: [{id: s, run: echo y=inner >> $GITHUB_OUTPUT}]
"""
    action = """\
outputs: {q: {value: '${{ steps.s.outputs.z }}'}}
runs:
  using: composite
  steps: [{id: s, shell: bash, run: echo z=act >> $GITHUB_OUTPUT}]
"""
    files = {W: caller, ".github/workflows/called.yml": called, "act/action.yml": action}
    assert [each.profile.options for each in delivery(files).edges] == [("inner",), ("act",)]


def test_what_a_job_seems_to_deliver_by() -> None:
    steps = "- name: Deploy\n  run: ./bin/ship --now"
    (edge,) = delivery({W: workflow(steps, on=PUSH)}).edges
    assert (edge.action.value, edge.did.tool, edge.says_deploy) == ("unknown", "`./bin/ship --now`", True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PROD_SSH_HOST", Reach.PRODUCTION),
        ("runcrew-production", Reach.PRODUCTION),
        ("productionHost", Reach.PRODUCTION),
        ("preprod", Reach.OTHER),
        ("pre-prod", Reach.OTHER),
        ("production-simulator", Reach.OTHER),
        ("prod_emulator", Reach.OTHER),
        ("staging", Reach.STAGING),
        ("stg-api", Reach.STAGING),
        ("dev", Reach.OTHER),
        ("product", Reach.UNSAID),
        ("LIVEKIT_URL", Reach.UNSAID),
        ("sync-staging-to-production", Reach.UNSAID),
        ("", Reach.UNSAID),
        ("perf-notification-cluster", Reach.OTHER),
    ],
)
def test_names(name: str, expected: Reach) -> None:
    assert reach_of(name) is expected


@pytest.mark.parametrize(
    ("on", "steps", "reach", "may"),
    [
        (PUSH, "- run: eas build -e production", Reach.PRODUCTION, False),
        ("{push: {tags: ['v*']}}", "- run: eas build -e production", Reach.PRODUCTION, True),
        (PUSH, "- run: ssh $PROD_HOST 'docker compose up -d'", Reach.PRODUCTION, False),
        (PUSH, "- run: aws ecs update-service --cluster stg --service x", Reach.STAGING, False),
        ("{pull_request: {branches: [main]}}", "- run: vercel --prod", Reach.PRODUCTION, False),
        (PUSH, "- run: vercel", Reach.UNSAID, False),
    ],
)
def test_what_an_edge_touches(on: str, steps: str, reach: Reach, may: bool) -> None:
    edge = delivery({W: workflow(steps, on=on)}).edges[0]
    assert (touches(edge, POLICY), allowed(edge, POLICY)) == (reach, may)
