"""Jobs in the order of their needs, and what each of them waits for."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.order import in_order, needs_of
from runcrew_lint.domains.workflows.facts import Job
from tests.workflows.reading import workflow


@pytest.mark.parametrize(
    ("needs", "order"),
    [
        ({"b": "a", "a": ""}, "a b"),
        ({"a": "", "b": "", "d": "b", "c": "a"}, "a b d c"),
        ({"a": "A2", "A2": ""}, "A2 a"),
        ({"a": "gone", "b": "A"}, "a b"),
        ({"a": "b", "b": "a", "c": "", "d": "a"}, "c a b d"),
        ({"a": "a", "b": ""}, "b a"),
    ],
)
def test_those_that_it_needs_come_first_and_a_circle_last(needs: dict[str, str], order: str) -> None:
    assert [each.id for each in in_order(_jobs(needs))] == order.split()


def test_what_a_job_waits_for_waits_for_others() -> None:
    jobs = _jobs({"d": "C, b", "C": "a", "b": "a", "a": "", "e": ""})
    assert needs_of(in_order(jobs)) == {
        "a": set(),
        "b": {"a"},
        "C": {"a"},
        "d": {"a", "b", "C"},
        "e": set(),
    }


def _jobs(needs: dict[str, str]) -> tuple[Job, ...]:
    lines = (
        f"  {job}: {{needs: [{names}], runs-on: x, steps: [{{run: a}}]}}\n" for job, names in needs.items()
    )
    return workflow(f"on: push\njobs:\n{''.join(lines)}").jobs
