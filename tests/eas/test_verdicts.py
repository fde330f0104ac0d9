"""What EAS refuses: our verdict against @expo/eas-json's on whole files, the corpus's and mutations of them.

RUNCREW_LINT_EAS_EXAMPLES=20000 makes the long run.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.documents.json import parse_relaxed
from runcrew_lint.documents.tree import plain
from runcrew_lint.domains.eas.facts import PLATFORMS, EasConfig, SubmitProfile
from runcrew_lint.domains.eas.read import read
from runcrew_lint.domains.eas.submissions import refusals
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.eas.oracle import Oracle
from tests.eas.test_oracle import LONG, unfolded

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json5"))
SUBMIT_DEFAULTS: dict[str, dict[str, Any]] = {
    "android": {"track": "internal", "releaseStatus": "completed", "changesNotSentForReview": False},
    "ios": {"language": "en-US"},
}


@pytest.fixture(scope="module")
def oracle(node: Path, eas_json: Path) -> Iterator[Oracle]:
    answering = Oracle(node, eas_json)
    yield answering
    answering.close()


def config(text: str) -> EasConfig | None:
    try:
        return read(Source("eas.json", text), None)  # type: ignore[arg-type]
    except Unreadable:
        return None


def is_valid(found: EasConfig | None) -> bool:
    return found is not None and not found.problems


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_corpus(file: Path) -> None:
    """Each file's name says what EAS makes of it; the next test holds the names to EAS."""
    assert is_valid(config(file.read_text("utf-8"))) == file.stem.startswith("good-")


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_corpus_as_eas_reads_it(oracle: Oracle, file: Path) -> None:
    text = file.read_text("utf-8")
    assert oracle.ask(text)["valid"] == file.stem.startswith("good-")
    agree(oracle, text)


def agree(oracle: Oracle, text: str) -> None:
    """No disagreement: read, valid, every profile resolved on every platform."""
    answer, found = oracle.ask(text), config(text)
    told = [] if found is None else [each.message for each in found.problems]
    # A text that holds an object is one to Joi: as nobody writes it, it is unreadable for us.
    assert (found is not None) <= answer["read"]
    assert is_valid(found) == answer["valid"], (text, told)
    if found is None or not answer["valid"]:
        return
    for profile in found.builds:
        theirs = [answer["profiles"].pop(f"{profile.name}/{platform}") for platform in PLATFORMS]
        ours = [None, None] if profile.broken else [unfolded(each) for each in profile.platforms]
        assert ours == theirs, text
    for submit in found.submits:
        theirs = [answer["submits"].pop(f"{submit.name}/{platform}") for platform in PLATFORMS]
        assert submitted(submit) == [in_floats(each) for each in theirs], text
    assert not answer["profiles"] and not answer["submits"], text


def submitted(profile: SubmitProfile) -> list[dict[str, Any] | None]:
    found: list[dict[str, Any] | None] = []
    for platform in PLATFORMS:
        resolved = next((each for each in profile.platforms if each.platform == platform), None)
        if resolved is None or any(True for _ in refusals(resolved)):
            found.append(None)
            continue
        values = SUBMIT_DEFAULTS[platform] | unfolded(resolved)
        sent = values.get("changesNotSentForReview")
        if isinstance(sent, str):
            values["changesNotSentForReview"] = sent.lower() == "true"
        if "rollout" in values:
            values["rollout"] = float(values["rollout"])
        found.append(values)
    return found


def in_floats(value: dict[str, Any] | None) -> dict[str, Any] | None:
    return value and ({**value, "rollout": float(value["rollout"])} if "rollout" in value else value)


SEEDS = [
    plain(parse_relaxed(Source("", file.read_text("utf-8")))) for file in CORPUS if "hash" not in file.stem
]
WORDS = """
a store internal Internal remote local apk true FALSE version versionCode buildNumber large m-medium
inProgress completed 0.5 1e-1 1. 0.50 2 ab_-9 Ab -a p q base constructor 1234567891 AB32CZE81F adhoc
1.2.3 v1.2.3 1.2 01.2.3 1.2.3-a.01 1.2.3+b 9007199254740992.0.0 =1.2.3
69a6de70-0000-47e3-e053-5b8c7c11a4d1 {69a6de70000047e3e0535b8c7c11a4d1}
"""
VALUES: list[Any] = [
    *WORDS.split(),
    *("", " 1.2.3\n", " .5 ", "a\n", "x" * 129, "a\u00e9b", "\U0001f3c3" * 70),
    *(None, True, False, 0, 1, 0.5, -1, 20, 1e300),
    *([], ["a"], [""], [1], {}, {"A": "1"}, {"A": None}, {"a": {}}),
]


def keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


NAMES = sorted({*("", "a", "p", "q", "Distribution"), *(key for seed in SEEDS for key in keys_in(seed))})


def holders(value: Any) -> Iterator[Any]:
    """Every object and list, the outermost first."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from holders(inner)


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    value = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        places = list(holders(value))
        if not places:
            return value
        place = draw(st.sampled_from(places))
        new = copy.deepcopy(draw(st.sampled_from(VALUES)))
        if isinstance(place, list):
            place.append(new)
            continue
        old = draw(st.sampled_from(sorted(place))) if place and draw(st.booleans()) else ""
        what = draw(st.sampled_from(("set", "set", "rename", "drop", "graft")))
        if what == "graft":
            place[draw(st.sampled_from(NAMES))] = copy.deepcopy(draw(st.sampled_from(places)))
        elif not old or what == "set":
            place[old or draw(st.sampled_from(NAMES))] = new
        elif what == "rename":
            place[draw(st.sampled_from(NAMES))] = place.pop(old)
        else:
            del place[old]
    return value


def written(value: Any, draw: st.DrawFn) -> str:
    """The value as JSON, or with the liberties that golden-fleece gives."""
    if draw(st.booleans()):
        return json.dumps(value, ensure_ascii=False, indent=draw(st.sampled_from((None, 2))))
    return loose(value, draw(st.sampled_from(("", "/* c */", "// c\n"))), draw(st.sampled_from(("", ","))))


def loose(value: Any, comment: str, comma: str) -> str:
    if isinstance(value, dict):
        inner = ",".join(
            f"{comment}{name(key)}: {loose(each, comment, comma)}" for key, each in value.items()
        )
        return f"{{{inner}{comma if value else ''}}}"
    if isinstance(value, list):
        return f"[{','.join(loose(each, comment, comma) for each in value)}{comma if value else ''}]"
    return json.dumps(value)


def name(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else json.dumps(key)


@st.composite
def files(draw: st.DrawFn) -> str:
    return written(draw(mutations()), draw)


@LONG
@given(text=files())
def test_no_disagreement(oracle: Oracle, text: str) -> None:
    agree(oracle, text)
