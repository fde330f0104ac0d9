"""What the expressions of a workflow may name, where they land, and what the words of a condition come to."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.workflows.attacker import Taint, taint
from runcrew_lint.domains.workflows.expressed import read
from runcrew_lint.domains.workflows.expression_facts import Expressions
from runcrew_lint.text import Source
from tests.workflows.reading import Files

HEAD = """\
on: {workflow_dispatch: {inputs: {level: {}}}, push: {}}
jobs:
  first: {runs-on: ubuntu-latest, outputs: {tag: x}, steps: [{run: x}]}
  called: {uses: ./.github/workflows/called.yml}
  job:
    needs: [first, called]
    runs-on: ubuntu-latest
    strategy: {matrix: {os: [a], include: [{os: a, extra: 1}]}}
    services: {db: {image: "postgres:16"}}
    steps:
      - {id: one, run: x}
      - {id: two, run: x, env: {X: "${{ WHAT }}"}}
      - parallel:
          - {id: three, run: x}
          - {id: four, run: x}
      - {id: five, run: x}
"""


def expressions(text: str, path: str = ".github/workflows/w.yml") -> Expressions:
    found = read(Source(path, text), Files({}))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("github.ref", ""),
        ("github['ref']", ""),
        ("github.reff", "`github` has no `reff` (did you mean `ref`?)"),
        ("github.event.anything.at.all", ""),
        ("github.event.inputs.level", ""),
        ("github.event.inputs.lvl", "no input `lvl` of a manual run is declared"),
        ("inputs.LEVEL", ""),
        ("inputs.levl", "did you mean `level`"),
        ("needs.first.outputs.tag", ""),
        ("needs.first.outputs.tags", "has no output `tags`"),
        ("needs.called.outputs.anything", ""),
        ("needs.first.output.tag", "no `output`"),
        ("needs.job.result", "does not wait for `job`"),
        ("needs.nobody.result", "no job `nobody`"),
        ("needs.*.result", ""),
        ("toJSON(needs)", ""),
        ("matrix.os", ""),
        ("matrix.extra", ""),
        ("matrix.node", "matrix has no `node`"),
        ("steps.one.outputs.x", ""),
        ("steps.one.output", "no `output`"),
        ("steps.two.outputs.x", "has not run yet"),
        ("steps.four.outputs.x", "has not run yet"),
        ("steps.six.outputs.x", "no step before this one"),
        ("secrets.ANY", ""),
        ("vars.ANY", ""),
        ("runner.os", ""),
        ("runner.cpu", "`runner` has no `cpu`"),
        ("jobs.first.result", "can't be read"),
        ("success()", "can't be used"),
        ("hashFiles('a')", ""),
        ("hashfiles()", "takes 1 or more"),
        ("contains('a')", "takes 2 arguments and gets 1"),
        ("join(needs.*.result, '-')", ""),
        ("nothing(1)", "no function `nothing`"),
        ("main", "no context `main`"),
        ("a ||", "no expression"),
        ("", "nothing between"),
    ],
)
def test_names_at_a_step(expression: str, said: str) -> None:
    problems = expressions(HEAD.replace("WHAT", expression)).problems
    assert bool(problems) is bool(said), problems
    if said:
        assert said in problems[0].message


def test_what_ran_in_parallel_is_known_behind_it() -> None:
    text = HEAD.replace("{id: five, run: x}", '{id: five, run: x, env: {X: "${{ steps.four.outputs.x }}"}}')
    assert not expressions(text.replace("WHAT", "github.ref")).problems


@pytest.mark.parametrize(
    ("script", "quoting"),
    [
        ("echo ${{ X }}", "bare"),
        ("echo a${{ X }}b", "bare"),
        ('echo "a ${{ X }} b"', "double quotes"),
        ("echo 'a ${{ X }} b'", "single quotes"),
        ('echo "$(cat ${{ X }})"', "bare"),
        ("A=${{ X }} make", "bare"),
        ("if [[ ${{ X }} == a ]]; then true; fi", "bare"),
        ("cat <<EOF\n${{ X }}\nEOF", "here-document"),
        ("cat <<'EOF'\n${{ X }}\nEOF", "other"),
        ("bash <<EOF\n${{ X }}\nEOF", "other"),
        ("${{ X }} --help", "other"),
        ('bash -c "echo ${{ X }}"', "other"),
        ("ssh host echo ${{ X }}", "other"),
        ("eval ${{ X }}", "other"),
        ("# ${{ X }}\ntrue", "other"),
        ("echo $(( ${{ X }} + 1 ))", "other"),
        ("echo '열 ${{ X }}'", "single quotes"),
        ("echo 열한글자보다길게쓰인한글이름하나 '${{ X }}' 한마디더", "single quotes"),
        ("echo '열한글자보다길게쓰인한글이름하나' ${{ X }} '한마디더'", "bare"),
    ],
)
def test_where_an_expression_lands_in_a_script(script: str, quoting: str) -> None:
    body = "\n".join(f"          {line}" for line in script.replace("X", "github.ref").splitlines())
    found = expressions(
        f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n{body}\n"
    )
    (hole,) = found.scripts[0].holes
    assert hole.quoting.value == quoting


@pytest.mark.parametrize(
    ("name", "events", "expected"),
    [
        ("github.event.issue.title", ("issues",), Taint.OPEN),
        ("github.event.issue.title", ("push",), Taint.NONE),
        ("github.event.issue.number", ("issues",), Taint.NONE),
        ("github.event.pull_request.title", ("pull_request",), Taint.HELD),
        ("github.event.pull_request.title", ("pull_request", "pull_request_target"), Taint.OPEN),
        ("github.event.pull_request.head.sha", ("pull_request_target",), Taint.NONE),
        ("github.head_ref", ("workflow_call",), Taint.HELD),
        ("github.event.commits.*.message", ("push",), Taint.HELD),
        ("github.event.workflow_run.head_branch", ("workflow_run",), Taint.OPEN),
        ("github.event", ("issue_comment",), Taint.OPEN),
        ("github", ("schedule",), Taint.NONE),
        ("inputs.text", ("workflow_dispatch",), Taint.GIVEN),
        ("inputs.kind", ("workflow_dispatch",), Taint.NONE),
        ("secrets.x", ("push",), Taint.NONE),
    ],
)
def test_how_far_a_value_is_in_the_hands_of_others(
    name: str, events: tuple[str, ...], expected: Taint
) -> None:
    assert taint(name, events, bounded=("kind",)) is expected


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("github.ref == 'refs/heads/main'", ""),
        ("github.ref == 'main'", "constant"),
        ("github.ref_name != 'refs/heads/main'", "constant"),
        ("needs.a.result == 'failed'", "constant"),
        ("needs.a.result == 'failure'", ""),
        ("github.event_name == 'issues'", "constant"),
        ("github.event_name != 'issues'", ""),
        ("github.event_name == 'push' || github.event_name == 'issues'", ""),
        ("github.ref == 'refs/heads/a' || 'refs/heads/b'", "constant"),
        ("always()", ""),
        ("true", ""),
        ("1 == 1", "constant"),
        ("contains('a b', github.ref_name)", "unsound"),
        ("contains(github.ref, 'a')", ""),
        ("contains(fromJSON('[1]'), github.run_number)", ""),
        ("'${{ github.ref }} == 1'", "constant"),
        ("${{ github.ref == 'refs/heads/a' }}", ""),
        ("(github.ref == 'a/b' && '' || 'x') == 'x'", "constant unsound"),
    ],
)
def test_what_a_condition_comes_to(condition: str, kind: str) -> None:
    text = (
        f"on: [push]\njobs:\n  a:\n    if: >-\n      {condition}\n    runs-on: x\n    steps: [{{run: x}}]\n"
    )
    if condition.startswith("'$"):
        text = text.replace(">-\n      ", "")
    found = {each.kind for each in expressions(text).conditions}
    assert found == set(kind.split())


def test_an_action_of_no_steps_holds_nothing() -> None:
    assert read(Source("a/action.yml", "runs: {using: node20, main: index.js}\n"), Files({})) is None
