"""schemas/compose.schema.json: a table of cases, its closedness, and its agreement with another schema.

The other one is what check-jsonschema ships for Compose. RUNCREW_REAL names a folder of public
repositories to compare on; without it the repositories under fixtures/ are compared.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from runcrew_lint.model.errors import Unreadable
from tests.schemas.schema_cases import (
    ROOT,
    Case,
    Shipped,
    load,
    our_schema,
    place,
    read_cases,
    said,
    unknown_keys,
    wrong_values,
)

SCHEMA = our_schema("compose.schema.json")
OURS = Draft7Validator(SCHEMA)
THEIRS = Shipped("compose-spec")

TEMPLATES = {
    "text": "@",
    "root": "{services: {web: {image: a}}, @}",
    "service": "services: {web: {@}}",
}
CASES = read_cases("service_cases.yaml", TEMPLATES)
ACCEPTED = [case for case in CASES if case.place is None]


def test_the_schema_names_what_it_was_written_from() -> None:
    assert "Compose Specification" in SCHEMA["$comment"]
    assert "2026-11" in SCHEMA["$comment"]


def test_every_definition_is_used() -> None:
    assert set(re.findall(r"#/definitions/([a-z-]+)", json.dumps(SCHEMA))) == set(SCHEMA["definitions"])


def test_every_name_stands_for_one_case() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    places = {place(error) for error in OURS.iter_errors(load(case.text))}
    assert places == (set() if case.place is None else {case.place})
    assert not case.says or any(case.says in message for message in said("compose", case.text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_verdict_that_the_shipped_schema_does_not_share_has_a_reason(case: Case) -> None:
    document = _with_variables_put_in(load(case.text))
    assert THEIRS.accepts(document) == (case.place is None) or case.elsewhere


# Places below which the author decides: keys, and in options values too.
OPEN_KEYS = re.compile(
    r"(.*/)?(environment|labels|annotations|args|sysctls|driver_opts|options|options/.+|storage_opt|extra_hosts"
    r"|additional_contexts|ulimits|aux_addresses|jobs|x-.*)"
)
OPEN_VALUES = re.compile(
    r"(.*/)?(jobs|jobs/.*|x-.*|provider/options|provider/options/.*|storage_opt|storage_opt/.*)"
)


def test_an_unknown_key_is_refused_wherever_keys_are_compose_s() -> None:
    documents = unknown_keys(ACCEPTED, OPEN_KEYS)
    assert not [name for name, document in documents if OURS.is_valid(document)]


def test_a_value_that_nothing_takes_is_refused_everywhere() -> None:
    documents = wrong_values(ACCEPTED, OPEN_VALUES)
    assert not [name for name, document in documents if OURS.is_valid(document)]


# The keys of what is declared at the top, each with a value of its kind.
DECLARED: dict[str, dict[str, Any]] = {
    "networks": {
        "driver": "d", "driver_opts": {}, "attachable": True, "enable_ipv4": True, "enable_ipv6": True,
        "ipam": {}, "internal": True, "labels": {},
    },
    "volumes": {"driver": "d", "driver_opts": {}, "labels": {}},
    "configs": {"file": "f", "environment": "E", "content": "c", "labels": {}, "template_driver": "d"},
    "secrets": {
        "file": "f", "environment": "E", "labels": {}, "driver": "d", "driver_opts": {},
        "template_driver": "d",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", DECLARED)
def test_what_exists_already_is_given_its_name_and_no_more(kind: str) -> None:
    def accepts(entry: dict[str, Any], name: str = "one") -> bool:
        return OURS.is_valid({kind: {name: entry}})

    for external in (True, "true", {"name": "n"}):
        assert accepts({"external": external})
    assert accepts({"external": True, "name": "n"})
    assert not accepts({"external": True}, "a name")
    for key, value in DECLARED[kind].items():
        assert accepts({"name": "n", key: value})
        assert accepts({"external": False, key: value})
        assert not accepts({"external": True, key: value}), key
        assert not accepts({"external": "true", key: value}), key
        assert not accepts({key: [[1]]}), key


def _real_files() -> Iterator[tuple[Path, Any]]:
    base = Path(os.environ.get("RUNCREW_REAL") or ROOT / "fixtures")
    for path in sorted(base.rglob("*compose*.y*ml")):
        try:
            document = load(path.read_text(encoding="utf-8-sig"), path.name)
        except (Unreadable, UnicodeDecodeError):  # another rule's finding
            continue
        if isinstance(document, dict) and "services" in document:
            yield path, _merged(document)


def _merged(node: Any) -> Any:
    """A document with its merge keys applied."""
    if isinstance(node, list):
        return [_merged(item) for item in node]
    if not isinstance(node, dict):
        return node
    sources = node.get("<<", [])
    found: dict[str, Any] = {}
    for source in reversed(sources if isinstance(sources, list) else [sources]):
        found |= _merged(source)
    return found | {key: _merged(value) for key, value in node.items() if key != "<<"}


def _with_variables_put_in(node: Any) -> Any:
    """A document as the shipped schema expects it: `${NAME:-default}` is its default."""
    if isinstance(node, list):
        return [_with_variables_put_in(item) for item in node]
    if isinstance(node, dict):
        return {key: _with_variables_put_in(value) for key, value in node.items()}
    return re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", node) if isinstance(node, str) else node


def test_real_files_are_judged_alike() -> None:
    compared = 0
    unlike = []
    for path, document in _real_files():
        compared += 1
        errors = [(place(error), error.message[:80]) for error in OURS.iter_errors(document)]
        if THEIRS.accepts(_with_variables_put_in(document)) == bool(errors):
            unlike.append((str(path), errors[:3]))
    assert compared, "no Compose file to compare on"
    assert not unlike


def test_what_is_real_is_accepted() -> None:
    """Public files run: a finding in them is nearly always false. fixtures/bad has its faults planted."""
    files = [(path, document) for path, document in _real_files() if "bad" not in path.parts]
    refused = [
        (str(path), place(error), error.message[:80])
        for path, document in files
        for error in list(OURS.iter_errors(document))[:1]
    ]
    assert len(refused) <= len(files) * 3 // 100, refused
