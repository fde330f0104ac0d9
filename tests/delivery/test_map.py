"""The delivery map: what each occasion comes to, through workflows, scripts and actions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runcrew_lint.domains.delivery.refs import occasions
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.policy.model import Policy
from tests.delivery.mapping import POLICY, delivery, profiles, workflow

W = ".github/workflows/w.yml"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- run: eas build --profile staging", ["build staging"]),
        ("- run: eas build", ["build production"]),
        ("- if: github.ref == 'refs/heads/main'\n  run: eas build", []),
        ("- if: vars.X\n  run: eas build -e a", ["build a ~"]),
        ("- run: eas build -e ${{ github.ref_name == 'develop' && 'a' || 'b' }}", ["build a"]),
        ("- env: {P: a}\n  run: eas build -e $P", ["build a"]),
        ("- run: eas build -e $P", ["build job"]),
        ("- run: eas build -e ${{ env.Q }}", ["build workflow"]),
        ("- run: echo P=x >> $GITHUB_ENV\n- run: eas build -e $P", ["build x"]),
        (
            "- {id: s, run: echo p=x >> $GITHUB_OUTPUT}\n- run: eas build -e ${{ steps.s.outputs.p }}",
            ["build x"],
        ),
        ("- {id: s, uses: a/b@v1}\n- run: eas build -e ${{ steps.s.outputs.p }}", ["build ?"]),
        ("- run: eas build -e ${{ matrix.p }}", ["build m", "build n"]),
        ("- run: eas build -e ${{ secrets.P }}", ["build ?"]),
        ("- run: npm run a", ["build script"]),
        ("- run: npm run a -- --auto-submit", ["build script", "submit script"]),
        ("- run: yarn a -e other", ["build other"]),
        ("- run: pnpm --filter mobile b", ["build inner"]),
        ("- run: npm run b\n  working-directory: packages/mobile", ["build inner"]),
        ("- run: cd packages/mobile && npm run b", ["build inner"]),
        ("- run: npm run b --prefix ${{ github.workspace }}/packages/mobile", ["build inner"]),
        (
            '- run: npm run b\n  working-directory: "${{ github.workspace }}/packages/mobile"',
            ["build inner"],
        ),
        ("- run: npm run loop", []),
        ("- run: npm run hooked", ["build before"]),
        ("- run: npm run chain", ["build script"]),
        ("- run: npm run nowhere", []),
        ("- run: npm run ${{ vars.S }}", ["build ? ~"]),
        ("- run: ./scripts/ship.sh staging", ["build staging"]),
        ("- run: npm run sh", ["build production"]),
        ("- uses: ./.github/actions/eas\n  with: {profile: x}", ["build x"]),
        ("- uses: ./.github/actions/eas", ["build default"]),
        ("- uses: ./.github/actions/lost", []),
        ("- uses: expo/expo-github-action/preview@v8\n  with: {command: eas update --auto}", ["update ?"]),
        (
            "- uses: expo/expo-github-action/continuous-deploy-fingerprint@v9\n  with: {profile: x}",
            ["build x", "update ?"],
        ),
        ("- run: eas build 'x", ["build ? ~"]),
        ("- {shell: python, run: eas build}", []),
        ("- run: X=$(eas build -e a --json)", ["build a"]),
        ("- run: echo eas build", []),
    ],
)
def test_steps(steps: str, expected: list[str]) -> None:
    job = "    env: {P: job}\n    strategy: {matrix: {p: [m, n]}}\n"
    files = {
        W: "env: {P: workflow, Q: workflow}\n" + workflow(steps, job=job),
        "package.json": '{"scripts": {"a": "eas build --profile script", "loop": "npm run loop", "prehooked":'
        ' "eas build -e before", "hooked": "tsc", "chain": "tsc && yarn a", "sh": "bash scripts/ship.sh"}}',
        "packages/mobile/package.json": '{"name": "mobile", "scripts": {"b": "eas build -e inner"}}',
        "scripts/ship.sh": 'eas build --profile "${1:-production}"\n',
        ".github/actions/eas/action.yml": (
            "inputs: {profile: {default: default}}\nruns:\n  using: composite\n  steps:\n"
            "    - {shell: bash, run: 'eas build -e ${{ inputs.profile }}'}\n"
        ),
    }
    assert list(dict.fromkeys(profiles(delivery(files).edges))) == expected


def test_jobs_wait_for_each_other() -> None:
    text = """\
on: push
jobs:
  last: {needs: [skipped], runs-on: x, steps: [{run: eas build -e last}]}
  anyway: {needs: skipped, if: always(), runs-on: x, steps: [{run: eas build -e anyway}]}
  result:
    needs: [skipped, first]
    if: ${{ !failure() && needs.skipped.result == 'skipped' }}
    runs-on: x
    steps: [{run: "eas build -e ${{ needs.first.outputs.p }}"}]
  skipped: {if: "github.ref_type == 'tag'", runs-on: x, steps: [{run: eas build -e tag}]}
  first:
    runs-on: x
    outputs: {p: "${{ steps.s.outputs.p }}"}
    steps: [{id: s, run: "echo p=out >> $GITHUB_OUTPUT"}]
  a: {needs: b, runs-on: x, steps: [{run: eas build -e round}]}
  b: {needs: a, runs-on: x, steps: [{run: eas build -e round}]}
"""
    edges = delivery({W: text}).edges
    assert profiles(edges) == ["build anyway", "build out ~"]
    assert profiles(edges, "push", "v1.0.0") == ["build tag", "build last", "build anyway"]


def test_an_output_is_a_text() -> None:
    text = """\
on: push
jobs:
  first:
    runs-on: x
    outputs: {dev: "${{ github.ref_name == 'develop' }}"}
    steps: []
  said: {needs: first, if: "needs.first.outputs.dev == 'true'", runs-on: x, steps: [{run: eas build -e said}]}
  one:
    runs-on: x
    steps:
      - {id: a, uses: ./.github/actions/asked}
      - {if: "steps.a.outputs.dev == 'true'", run: eas build -e acted}
  called: {uses: ./.github/workflows/called.yml}
  then: {needs: called, if: needs.called.outputs.dev == 'true', runs-on: x, steps: [{run: eas build -e then}]}
"""
    called = """\
on: {workflow_call: {outputs: {dev: {value: "${{ github.ref_name == 'develop' }}"}}}}
jobs: {first: {runs-on: x, steps: []}}
"""
    action = """\
outputs: {dev: {value: "${{ github.ref_name == 'develop' }}"}}
runs: {using: composite, steps: []}
"""
    files = {W: text, ".github/workflows/called.yml": called, ".github/actions/asked/action.yml": action}
    edges = delivery(files).edges
    assert set(profiles(edges)) == {"build said", "build acted", "build then"}
    assert profiles(edges, "push", "main") == []


def test_reusable_workflows() -> None:
    called = """\
on: {workflow_call: {inputs: {profile: {type: string, default: fallback}}}}
jobs:
  build:
    if: github.event_name == 'push'
    runs-on: x
    steps: [{run: "eas build -e ${{ inputs.profile }}"}]
"""
    caller = """\
on: push
jobs:
  one: {uses: ./.github/workflows/called.yml, with: {profile: "${{ github.ref_name }}"}}
  two: {uses: ./.github/workflows/called.yml}
  gone: {uses: ./.github/workflows/gone.yml}
  theirs: {uses: a/b/.github/workflows/c.yml@v1}
  round: {uses: ./.github/workflows/w.yml}
"""
    edges = delivery({W: caller, ".github/workflows/called.yml": called}).edges
    assert profiles(edges) == ["build develop", "build fallback"]
    assert edges[0].job_id == "one / build"
    assert (edges[0].workflow, edges[0].call.path) == (W, ".github/workflows/called.yml")


def test_inputs_have_the_type_that_is_declared() -> None:
    called = """\
on: {workflow_call: {inputs: {store: {type: boolean}, beta: {type: boolean, default: true}}}}
jobs:
  build:
    runs-on: x
    steps:
      - if: inputs.store
        run: eas build -e store
      - if: inputs.beta == true
        run: eas build -e beta
"""
    caller = """\
on: push
jobs:
  no: {uses: ./.github/workflows/called.yml, with: {store: false}}
  yes:
    uses: ./.github/workflows/called.yml
    with: {store: "${{ github.ref_name == 'develop' }}", beta: false}
"""
    edges = delivery({W: caller, ".github/workflows/called.yml": called}).edges
    assert profiles(edges) == ["build beta", "build store"]


def test_a_manual_run_s_boolean_is_a_text_in_the_event() -> None:
    steps = """\
- if: github.event.inputs.store == 'true'
  run: eas build -e store
- if: inputs.store
  run: eas build -e other
- if: github.event.inputs.store == 'maybe'
  run: eas build -e never
"""
    on = "{workflow_dispatch: {inputs: {store: {type: boolean}}}}"
    edges = delivery({W: workflow(steps, on=on)}).edges
    assert profiles(edges, "workflow_dispatch", "develop") == ["build store ~", "build other ~"]


def test_each_edge_keeps_its_places() -> None:
    files = {
        W: workflow("- run: npm run ship", on="{push: {branches: [develop]}}"),
        "package.json": '{"scripts": {"ship": "eas build --profile staging"}}',
        "eas.json": '{"build": {"staging": {}}}',
    }
    (edge,) = delivery(files).edges
    places = (
        edge.trigger,
        edge.job,
        edge.step,
        edge.call,
        edge.script,
        edge.profile_word,
        edge.profile_place,
    )
    assert [files[each.path][each.span.start : each.span.end] for each in places if each] == [
        "push",
        "build",
        "run",
        "npm run ship",
        "eas build --profile staging",
        "staging",
        '"staging"',
    ]
    assert (edge.directory.options, edge.config, edge.command) == (
        ("",),
        "eas.json",
        "eas build --profile staging",
    )


def test_the_nearest_eas_json_counts() -> None:
    files = {
        W: workflow("- run: cd apps/mobile/ios && eas build -e a"),
        "eas.json": '{"build": {"a": {}}}',
        "apps/mobile/eas.json": '{"build": {"b": {}}}',
    }
    edge = delivery(files).edges[0]
    assert edge.config == "apps/mobile/eas.json"
    assert edge.profile_place is None


@pytest.mark.parametrize(
    ("on", "event", "name", "expected"),
    [
        ("{push: {tags: ['v*']}}", "push", "v1.0.0", ["build a"]),
        ("{push: {tags: ['v*']}}", "push", "develop", []),
        ("{push: {tags: ['v*']}}", "push", "nightly", []),
        ("{push: {tags: ['[0-9]+']}}", "push", "v1.0.0", []),
        ("{push: {branches: [hotfix]}}", "push", "hotfix", ["build a"]),
        ("{push: {branches: ['feature/**']}}", "push", "feature/example", ["build a"]),
        ("{pull_request: {branches: [main]}}", "pull_request", "feature/example", ["build a"]),
        ("{release: {types: [published]}}", "release", "v1.0.0", ["build a"]),
        ("{workflow_dispatch: }", "workflow_dispatch", "develop", ["build a"]),
        ("{schedule: [{cron: '0 0 * * *'}]}", "schedule", "", ["build a"]),
    ],
)
def test_occasions(on: str, event: str, name: str, expected: list[str]) -> None:
    assert profiles(delivery({W: workflow("- run: eas build -e a", on=on)}).edges, event, name) == expected


def test_refs_that_conditions_name_are_tried() -> None:
    steps = (
        "- if: startsWith(github.ref, 'refs/tags/app-') || github.ref == 'refs/heads/next'\n  run: eas build"
    )
    edges = delivery({W: workflow(steps)}).edges
    assert {each.occasion.name for each in edges} == {"app-1.0.0", "next"}


def test_examples_fit_their_patterns() -> None:
    policy = Policy("p", branches=("release/*/*", "v[0-9]+"), release_tags=("v[0-9]+.[0-9]+.*", "app@*"))
    found = {(each.kind, each.name) for each in occasions(policy, ()) if each.event == "push"}
    assert found >= {
        (RefKind.BRANCH, "release/example/example"),
        (RefKind.BRANCH, "v0"),
        (RefKind.TAG, "v0.0.1.0.0"),
        (RefKind.TAG, "app@1.0.0"),
        (RefKind.TAG, "nightly"),
    }


def test_a_repository_that_delivers_nothing_is_not_walked() -> None:
    files = {W: workflow("- run: git log"), "package.json": '{"scripts": {"x": "release"}}'}
    assert delivery(files).edges == ()


def test_the_policy_s_refs_are_tried_once() -> None:
    tried = delivery({W: workflow("- run: eas build")}, replace(POLICY, branches=("main", "main"))).occasions
    assert len(tried) == len(set(tried))


def test_scripts_that_run_each_other_without_end() -> None:
    scripts = ", ".join(f'"s{n}": "' + " && ".join([f"npm run s{n + 1}"] * 9) + '"' for n in range(12))
    files = {
        W: workflow("- run: npm run s0", on="{push: {branches: [develop]}}"),
        "package.json": f'{{"scripts": {{{scripts}, "s12": "eas build", "x": "eas build"}}}}',
    }
    found = profiles(delivery(files).edges)
    assert "build ? ~" in found


def test_deep_nesting_ends() -> None:
    deep = "f() { " + "( " * 45 + "f; eas build" + " )" * 45 + "; }; f; eas submit"
    assert "submit production" in profiles(delivery({W: workflow(f"- run: '{deep}'")}).edges)


def test_what_nobody_asks_for_is_walked_once() -> None:
    steps = """\
- uses: ./.github/actions/quiet
- env: {REF: "${{ github.ref_name }}"}
  run: |
    git fetch origin $REF
    echo $REF
    reporter upload to server --branch $REF
    eas build -e staging
"""
    job = "    strategy: {matrix: {node: [20, 22], os: [a, b]}}\n"
    quiet = "runs: {using: composite, steps: [{shell: bash, run: echo}, {uses: actions/cache@v5}]}"
    files = {W: workflow(steps, on="{push: }", job=job), ".github/actions/quiet/action.yml": quiet}
    found = [each for each in delivery(files).edges if each.action.value == "build"]
    assert len(found) == len({each.occasion for each in found})
    assert len({id(each.did) for each in found}) == 1


def test_an_input_is_what_was_handed_over() -> None:
    steps = """\
- run: echo P=before >> $GITHUB_ENV
- uses: ./.github/actions/late
  with: {profile: "${{ env.P }}"}
"""
    late = (
        "inputs: {profile: {}}\nruns:\n  using: composite\n  steps:\n"
        "    - {shell: bash, run: echo P=after >> $GITHUB_ENV}\n"
        "    - {shell: bash, run: 'eas build -e ${{ inputs.profile }} && eas submit -e $P'}\n"
    )
    edges = delivery({W: workflow(steps), ".github/actions/late/action.yml": late}).edges
    assert profiles(edges) == ["build before", "submit after"]
