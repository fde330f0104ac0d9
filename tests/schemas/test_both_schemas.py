"""What holds of each schema alike: its table of cases, its closedness, its agreement with another schema."""

from __future__ import annotations

import json
import re

import pytest

from tests.schemas.schema_cases import Case, Subject, load, place, said, unknown_keys, wrong_values
from tests.schemas.test_compose_schema import COMPOSE
from tests.schemas.test_workflow_schema import WORKFLOW

each_subject = pytest.mark.parametrize("subject", [COMPOSE, WORKFLOW], ids=lambda subject: subject.name)
each_case = pytest.mark.parametrize(
    ("subject", "case"),
    [
        pytest.param(subject, case, id=f"{subject.name}: {case.name}")
        for subject in (COMPOSE, WORKFLOW)
        for case in subject.cases
    ],
)


@each_subject
def test_every_definition_is_used(subject: Subject) -> None:
    used = set(re.findall(r"#/definitions/([a-z-]+)", json.dumps(subject.schema)))
    assert used == set(subject.schema["definitions"])


@each_subject
def test_every_name_stands_for_one_case(subject: Subject) -> None:
    assert len({case.name for case in subject.cases}) == len(subject.cases) >= 80


@each_case
def test_case(subject: Subject, case: Case) -> None:
    places = {place(error) for error in subject.ours.iter_errors(load(case.text))}
    assert places == (set() if case.place is None else {case.place})
    assert not case.says or any(case.says in message for message in said(subject.name, case.text))


@each_case
def test_a_verdict_that_the_shipped_schema_does_not_share_has_a_reason(subject: Subject, case: Case) -> None:
    accepted = subject.theirs.accepts(subject.as_theirs(load(case.text)))
    assert accepted == (case.place is None) or case.elsewhere


@each_subject
def test_an_unknown_key_is_refused_wherever_keys_are_not_the_author_s(subject: Subject) -> None:
    documents = unknown_keys(subject.accepted, subject.open_keys)
    assert not [name for name, document in documents if subject.ours.is_valid(document)]


@each_subject
def test_a_value_that_nothing_takes_is_refused_everywhere(subject: Subject) -> None:
    documents = wrong_values(subject.accepted, subject.open_values)
    assert not [name for name, document in documents if subject.ours.is_valid(document)]
