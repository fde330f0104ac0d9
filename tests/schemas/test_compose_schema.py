"""schemas/compose.schema.json: what is its own, and its agreement with another schema on real files.

The other one is what check-jsonschema ships for Compose. RUNCREW_REAL names a folder of public
repositories to compare on; without it the repositories under fixtures/ are compared.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.model.errors import Unreadable
from tests.schemas.schema_cases import ROOT, Subject, load, place, read_cases

TEMPLATES = {
    "text": "@",
    "root": "{services: {web: {image: a}}, @}",
    "service": "services: {web: {@}}",
}
# Places below which the author decides: keys, and in options values too.
OPEN_KEYS = re.compile(
    r"(.*/)?(environment|labels|annotations|args|sysctls|driver_opts|options|options/.+|storage_opt|extra_hosts"
    r"|additional_contexts|ulimits|aux_addresses|jobs|x-.*)"
)
OPEN_VALUES = re.compile(
    r"(.*/)?(jobs|jobs/.*|x-.*|provider/options|provider/options/.*|storage_opt|storage_opt/.*)"
)


def _with_variables_put_in(node: Any) -> Any:
    """A document as the shipped schema expects it: `${NAME:-default}` is its default."""
    if isinstance(node, list):
        return [_with_variables_put_in(item) for item in node]
    if isinstance(node, dict):
        return {key: _with_variables_put_in(value) for key, value in node.items()}
    return re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", node) if isinstance(node, str) else node


COMPOSE = Subject(
    "compose",
    "compose-spec",
    read_cases("service_cases.yaml", TEMPLATES),
    OPEN_KEYS,
    OPEN_VALUES,
    _with_variables_put_in,
)


def test_the_schema_names_what_it_was_written_from() -> None:
    assert "Compose Specification" in COMPOSE.schema["$comment"]
    assert "2026-11" in COMPOSE.schema["$comment"]


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
def test_of_a_volume_that_exists_already_only_the_name_is_said(kind: str) -> None:
    def accepts(entry: dict[str, Any], name: str = "one") -> bool:
        return COMPOSE.ours.is_valid({kind: {name: entry}})

    for external in (True, "true", {"name": "n"}):
        assert accepts({"external": external})
    assert accepts({"external": True, "name": "n"})
    assert not accepts({"external": True}, "a name")
    for key, value in DECLARED[kind].items():
        assert accepts({"name": "n", key: value})
        assert accepts({"external": False, key: value})
        # The specification says so of all four, and compose holds to it for volumes alone.
        for external in (True, "true"):
            assert accepts({"external": external, key: value}) == (kind != "volumes"), key
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


def test_real_files_are_judged_alike() -> None:
    compared = 0
    unlike = []
    for path, document in _real_files():
        compared += 1
        errors = [(place(error), error.message[:80]) for error in COMPOSE.ours.iter_errors(document)]
        if COMPOSE.theirs.accepts(_with_variables_put_in(document)) == bool(errors):
            unlike.append((str(path), errors[:3]))
    assert compared, "no Compose file to compare on"
    assert not unlike


def test_what_is_real_is_accepted() -> None:
    """The faults of fixtures/bad are planted."""
    files = [(path, document) for path, document in _real_files() if "bad" not in path.parts]
    refused = COMPOSE.refused(files)
    assert len(refused) <= len(files) * 3 // 100, refused
