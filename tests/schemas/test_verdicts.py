"""The fast judge and the one that explains come to one verdict, on our schemas and on what is near them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.documents import schema as schemas
from runcrew_lint.documents import yaml
from runcrew_lint.text import Source

ROOT = Path(__file__).parent.parent.parent
NAMES = sorted(file.name.removesuffix(".schema.json") for file in (ROOT / "schemas").glob("*.schema.json"))
_SEEDS = [
    *(ROOT / "fixtures").glob("*/runcrew/.github/workflows/*.yml"),
    *(ROOT / "fixtures").glob("*/runcrew/docker-compose*.yml"),
    *(ROOT / "rules").glob("*/*.yaml"),
]
SEEDS = [schemas._value(yaml.parse(Source(file.name, file.read_text("utf-8")))) for file in sorted(_SEEDS)]
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=9)
)


@pytest.fixture(scope="module", params=NAMES)
def both(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    schema = json.loads((ROOT / "schemas" / f"{request.param}.schema.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema), jsonschema.validators.validator_for(schema)(schema)


def test_on_every_document_of_ours(both: tuple[Any, Any]) -> None:
    fast, explains = both
    verdicts = [(fast.is_valid(seed), explains.is_valid(seed)) for seed in SEEDS]
    assert all(one == other for one, other in verdicts)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, inner in below for found in _paths(inner, (*path, key)))]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_on_mutations(both: tuple[Any, Any], data: st.DataObject) -> None:
    fast, explains = both
    document = copy.deepcopy(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 3))):
        paths = [path for path in _paths(document) if path]
        *above, last = data.draw(st.sampled_from(paths))
        holder = document
        for step in above:
            holder = holder[step]
        if isinstance(holder, dict) and data.draw(st.booleans()):
            holder[data.draw(st.sampled_from([f"{last}x", "on", "steps", "image"]))] = holder.pop(last)
        else:
            holder[last] = data.draw(_SCALARS | st.lists(_SCALARS, max_size=2))
    assert fast.is_valid(document) == explains.is_valid(document)


@pytest.mark.parametrize("text", ["on: push\njobs: {a: {runs-on: x, steps: [{run: .inf}]}}\n", "on: .nan\n"])
def test_what_the_fast_judge_cannot_take_is_still_judged(text: str) -> None:
    found = schemas.problems("workflow", yaml.parse(Source("a.yml", text)))
    assert bool(found) == (text == "on: .nan\n")
