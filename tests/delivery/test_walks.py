"""A process that stays walks again what changed, and what may have come to it; everything else stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.delivery import walks
from runcrew_lint.domains.delivery.walk import Walk
from tests.delivery.mapping import delivery, workflow

# Each file in forms of one length, so that a place alone tells nothing; "" is none at all.
_CALL = "on: {on}\njobs:\n  call:\n    uses: ./.github/workflows/shared.yml\n"
_FORMS = {
    ".github/workflows/a.yml": [
        workflow("- run: eas build --profile one\n- run: ./ship.sh"),
        workflow("- run: eas build --profile two\n- run: ./ship.sh"),
        workflow("- run: eas build --profile one\n- run: ./ship.sh", on="create"),
        "",
    ],
    ".github/workflows/b.yml": [
        workflow("- uses: ./act\n- run: npm run go\n- run: make up"),
        workflow("- uses: ./act\n- run: npm run no\n- run: make up"),
        workflow("- uses: ./act\n- run: ./ship.sh"),
    ],
    ".github/workflows/c.yml": [_CALL.format(on="push"), _CALL.format(on="create"), ""],
    ".github/workflows/shared.yml": [
        workflow("- run: eas submit --profile one", on="workflow_call"),
        workflow("- run: eas submit --profile two", on="workflow_call"),
        workflow("- run: eas submit --profile one"),
        "",
    ],
    "act/action.yml": [
        "runs:\n  using: composite\n  steps:\n    - run: docker push one\n      shell: bash\n",
        "runs:\n  using: composite\n  steps:\n    - run: docker push two\n      shell: bash\n",
    ],
    "ship.sh": ["aws s3 sync . s3://one\n", "aws s3 sync . s3://two\n", ""],
    "package.json": ['{"scripts": {"go": "eas build -e one"}}', '{"scripts": {"no": "eas build -e one"}}'],
    "Makefile": ["up:\n\tkubectl apply -f one\n", "up:\n\tkubectl apply -f two\n", ""],
    "eas.json": ['{"build": {"one": {}, "two": {}}}', '{"build": {"two": {}, "six": {}}}'],
}
_ROUND = st.fixed_dictionaries({path: st.sampled_from(forms) for path, forms in _FORMS.items()})


def _files(drawn: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in drawn.items() if text}


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROUND, min_size=2, max_size=4))
def test_as_if_walked_for_the_first_time(rounds: list[dict[str, str]]) -> None:
    kept: dict[type, Any] = {}
    for drawn in rounds:
        files = _files(drawn)
        assert delivery(files, kept=kept) == delivery(files)


def test_each_change_alone() -> None:
    first = {path: forms[0] for path, forms in _FORMS.items()}
    different = 0
    for path, forms in _FORMS.items():
        for form in forms[1:]:
            kept: dict[type, Any] = {}
            before = delivery(_files(first), kept=kept)
            changed = _files({**first, path: form})
            after = delivery(changed, kept=kept)
            assert after == delivery(changed), (path, form)
            different += after != before
    assert different == sum(len(forms) - 1 for forms in _FORMS.values())


def test_what_stands_is_not_walked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []

    class Counted(Walk):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            walked.append(self.workflow.path)

    monkeypatch.setattr(walks, "Walk", Counted)
    first = {path: forms[0] for path, forms in _FORMS.items()}
    kept: dict[type, Any] = {}
    delivery(_files(first), kept=kept)
    assert {*walked} >= {f".github/workflows/{name}.yml" for name in "abc"}
    walked.clear()
    delivery(_files(first), kept=kept)
    assert walked == []
    path = ".github/workflows/a.yml"
    delivery(_files({**first, path: _FORMS[path][1]}), kept=kept)
    assert {*walked} == {path}
