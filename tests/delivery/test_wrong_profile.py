"""When the word of a wrong profile may be swapped."""

from __future__ import annotations

import pytest

from runcrew_lint.checks.delivery.delivery_wrong_profile import check
from tests.delivery.mapping import POLICY, repository, workflow

PATH = ".github/workflows/w.yml"
DEVELOP = "{push: {branches: [develop]}}"


@pytest.mark.parametrize(
    ("steps", "on", "eas", "swapped"),
    [
        ("- run: eas build --profile production", DEVELOP, None, True),
        ("- run: eas build --profile production", DEVELOP, '{"build": {"staging": {}}}', True),
        ("- run: eas build --profile production", DEVELOP, '{"build": {"production": {}}}', False),
        ("- run: eas submit --profile production", DEVELOP, '{"build": {"staging": {}}}', False),
        ("- run: eas build --profile production --auto-submit", DEVELOP, '{"build": {"staging": {}}}', False),
        (
            "- run: eas build --profile production",
            "{push: {branches: [develop]}, pull_request: {}}",
            None,
            False,
        ),
        ("- run: eas build --profile preview", "{push: {branches: [develop], tags: ['v*']}}", None, False),
        ("- run: eas build", DEVELOP, None, False),
    ],
)
def test_swap(steps: str, on: str, eas: str | None, swapped: bool) -> None:
    files = {PATH: workflow(steps, on)} | ({"eas.json": eas} if eas else {})
    faults = list(check(repository(files), POLICY))
    assert faults
    assert {fault.mend is not None for fault in faults} == {swapped}


def test_a_script_of_the_package_is_left_alone() -> None:
    files = {
        PATH: workflow("- run: npm run build:staging", DEVELOP),
        "package.json": '{"scripts": {"build:staging": "eas build --profile production"}}',
    }
    (fault,) = check(repository(files), POLICY)
    assert fault.mend is None
