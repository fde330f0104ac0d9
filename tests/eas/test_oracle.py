"""Our reader of eas.json against EAS's own: what is read, and every resolved profile."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runcrew_lint.documents.json import parse_relaxed
from runcrew_lint.documents.tree import plain
from runcrew_lint.domains.eas.facts import PLATFORMS, Resolved, Shape
from runcrew_lint.domains.eas.read import read
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.eas.oracle import Oracle

RUNS = int(os.environ.get("RUNCREW_LINT_EAS_EXAMPLES", "200"))
LONG = settings(
    max_examples=RUNS, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def oracle(node: Path, eas_json: Path) -> Iterator[Oracle]:
    answering = Oracle(node, eas_json)
    yield answering
    answering.close()


TOKENS = [
    *"{}[],:-+# \n\r/_",
    '"a"', "'b'", "$b", "true", "false", "null", "NaN", "Infinity", "0", "1", "01", ".5", "5.", "1e5", "1e|5",
    "0x1F", "0b2", "0o7", "//", "// x\n", "/*", "*/", "/* c */", "\ufeff", "\u00a0", "\u2028", "\x1c", "\x85",
    '"\\u0041"', "'\\x4'", '"\\\n"', '"\n"', '"\t"', '"\\ud83d\\ude00"', "undefined", "`a`",
    "\ud55c", '"\ud55c"',
]  # fmt: skip
SEEDS = [
    '{"build":{"a":{}}}',
    "{a:1,}",
    "[1,2,]",
    "{'a':.5,b:+1}",
    "// c\n{}",
    "/* */{} //x",
    '{"a":"\\u00e9"}',
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS) | st.lists(st.sampled_from(TOKENS), max_size=6).map("".join))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 2))
        text = text[:at] + draw(st.sampled_from(["", *TOKENS])) + text[at + cut :]
    return text


def as_javascript(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": "NaN" if math.isnan(value) else ("-" if value < 0 else "") + "Infinity"}
    if isinstance(value, str):  # a lone surrogate, which is no character, is U+FFFD for us
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [as_javascript(each) for each in value]
    if isinstance(value, dict):
        return {as_javascript(key): as_javascript(each) for key, each in value.items()}
    return value


@LONG
@given(text=texts())
def test_the_same_texts_are_read(oracle: Oracle, text: str) -> None:
    answer = oracle.ask(text)
    try:
        value = as_javascript(plain(parse_relaxed(Source("eas.json", text))))
    except Unreadable:
        assert not answer["read"]
    else:
        assert answer["read"]
        assert value == as_javascript(answer["value"])


COMMON: dict[str, list[Any]] = {
    "distribution": ["store", "internal"],
    "developmentClient": [True, False, "true", "FALSE"],
    "env": [{}, {"A": "1"}, {"A": "2", "B": None}, {"B": "x"}],
    "channel": ["a", "b"],
    "cache": [{"disabled": "true"}, {"key": "k", "customPaths": ["a"]}, {"paths": ["b", "c"]}],
    "buildArtifactPaths": [["a"], []],
    "node": ["18.0.0", None],
    "autoIncrement": [True, "true"],
    "credentialsSource": ["remote", "local"],
    "environment": ["production", "sta"],
}
OF_PLATFORM: dict[str, dict[str, list[Any]]] = {
    "android": COMMON
    | {
        "buildType": ["apk", "app-bundle"],
        "gradleCommand": ["x"],
        "autoIncrement": ["versionCode"],
        "ndk": [None],
    },
    "ios": COMMON
    | {"simulator": [True, "true"], "buildConfiguration": ["Debug"], "cocoapods": [None, "1.0.0"]},
}


def some_of(options: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in options.items()}
    )


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    names = [f"p{number}" for number in range(draw(st.integers(1, 8)))]
    builds: dict[str, Any] = {}
    is_chain = draw(st.booleans())
    for index, name in enumerate(names):
        profile = draw(some_of(COMMON))
        for platform in PLATFORMS:
            if draw(st.booleans()):
                profile[platform] = draw(some_of(OF_PLATFORM[platform]))
        if is_chain and index:
            profile["extends"] = names[index - 1]
        elif not is_chain and draw(st.booleans()):
            profile["extends"] = draw(st.sampled_from([*names, "nowhere"]))
        builds[name] = profile
    return {"build": builds}


def unfolded(resolved: Resolved) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for setting in resolved.settings:
        parent: Any = root
        for key in setting.key[:-1]:
            parent = parent[int(key) if isinstance(parent, list) else key]
        value: Any = {Shape.MAPPING: {}, Shape.SEQUENCE: []}.get(setting.shape, setting.value)
        if isinstance(parent, list):
            parent.append(value)
        else:
            parent[setting.key[-1]] = value
    return root


@LONG
@given(config=configs())
def test_the_same_profiles_come_out(oracle: Oracle, config: dict[str, Any]) -> None:
    text = json.dumps(config)
    answer = oracle.ask(text)
    assert answer["valid"], "the generator makes valid files"
    source = Source("eas.json", text)
    for profile in read(source, None).builds:  # type: ignore[arg-type]
        theirs = [answer["profiles"][f"{profile.name}/{platform}"] for platform in PLATFORMS]
        if profile.broken:
            assert theirs == [None, None]
            continue
        assert [unfolded(each) for each in profile.platforms] == theirs
        for resolved in profile.platforms:
            for setting in resolved.settings:
                if setting.span and setting.shape is Shape.SCALAR:
                    written = json.loads(text[setting.span.start : setting.span.end])
                    assert str(written).lower() == str(setting.value).lower()
