"""Resolved profiles: values, where they were written, and what EAS fills in."""

from __future__ import annotations

from typing import Any

import pytest

from runcrew_lint.domains.eas.defaults import effective
from runcrew_lint.domains.eas.facts import EasConfig, Resolved
from runcrew_lint.domains.eas.read import read
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

FILE = """{
  build: {
    base: {
      env: {A: '1', B: '2'}, cache: {key: 'k', paths: ['x']}, android: {buildType: 'apk', image: 'latest'},
    },
    staging: {distribution: 'store', channel: 'dead'},
    staging: {
      extends: 'base', distribution: 'internal',
      env: {B: '3', A: null}, cache: {key: 'm'}, android: {env: {C: '4'}},
    },
    lost: {extends: 'nowhere'}, one: {extends: 'two'}, two: {extends: 'one'},
    a: {}, b: {extends: 'a'}, c: {extends: 'b'}, d: {extends: 'c'}, e: {extends: 'd'}, f: {extends: 'e'},
    odd: 'not a profile',
  },
  submit: {production: {extends: 'base'}, base: {}},
}"""


def config(text: str = FILE) -> EasConfig:
    return read(Source("eas.json", text), None)  # type: ignore[arg-type]


def resolved(name: str, platform: str, text: str = FILE) -> Resolved:
    profile = config(text).build(name)
    assert profile is not None
    return next(each for each in profile.platforms if each.platform == platform)


def test_every_value_says_which_profile_wrote_it_and_where() -> None:
    found = {each.name: each for each in resolved("staging", "android").settings}
    said = {name: (each.value, each.profile) for name, each in found.items()}
    assert said == {
        "credentialsSource": ("remote", ""),
        "distribution": ("internal", "staging"),
        "env": (None, ""),
        "env.B": ("3", "staging"),
        "env.C": ("4", "staging"),
        "cache": (None, "staging"),
        "cache.key": ("m", "staging"),
        "buildType": ("apk", "base"),
        "image": ("latest", "base"),
    }
    span = found["buildType"].span
    assert span is not None
    assert FILE[span.start : span.end] == "'apk'"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("lost", "extends `nowhere`"),
        ("one", "cycle: one -> two -> one"),
        ("f", "deeper than the 5 profiles"),
    ],
)
def test_what_can_not_be_resolved(name: str, reason: str) -> None:
    profile = config().build(name)
    assert profile is not None
    assert reason in profile.broken
    assert profile.platforms == ()
    assert profile.broken_span is not None


def test_five_profiles_are_followed() -> None:
    profile = config().build("e")
    assert profile is not None
    assert profile.extends == ("d", "c", "b", "a")


def test_names() -> None:
    assert [each.name for each in config().submits] == ["production", "base"]
    assert config().build("odd") is None
    with pytest.raises(Unreadable, match="must hold an object"):
        config("[]")


@pytest.mark.parametrize(
    ("profile", "platform", "key", "value"),
    [
        ("{}", "android", "distribution", "store"),
        ("{}", "android", "buildType", "app-bundle"),
        ("{distribution: 'internal'}", "android", "buildType", "apk"),
        (
            "{distribution: 'internal', android: {buildType: 'app-bundle'}}",
            "android",
            "buildType",
            "app-bundle",
        ),
        ("{android: {distribution: 'internal'}}", "android", "buildType", "apk"),
        ("{ios: {distribution: 'internal'}}", "android", "buildType", "app-bundle"),
        (
            "{distribution: 'internal', android: {gradleCommand: ':app:bundleRelease'}}",
            "android",
            "buildType",
            "app-bundle",
        ),
        ("{android: {gradleCommand: ':app:assembleDebug'}}", "android", "buildType", "apk"),
        ("{developmentClient: true}", "android", "buildType", "apk"),
        ("{}", "ios", "buildConfiguration", "Release"),
        ("{developmentClient: true}", "ios", "buildConfiguration", "Debug"),
        ("{}", "ios", "simulator", False),
        ("{ios: {simulator: 'true'}}", "ios", "simulator", True),
        ("{}", "ios", "channel", None),
    ],
)
def test_what_counts_where_nobody_says(profile: str, platform: str, key: str, value: Any) -> None:
    found = effective(resolved("x", platform, f"{{build: {{x: {profile}}}}}"), (key,))
    assert (found.value, found.known) == (value, True)


def test_a_gradle_task_of_ones_own_is_not_known() -> None:
    text = "{build: {x: {android: {gradleCommand: ':app:ship'}}}}"
    assert not effective(resolved("x", "android", text), ("buildType",)).known
