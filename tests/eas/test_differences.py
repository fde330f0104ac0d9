"""Where a profile differs, and that what is said there counts: set where `path` says, nothing differs."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from runcrew_lint.domains.eas.addresses import address, same, shown
from runcrew_lint.domains.eas.defaults import Effective
from runcrew_lint.domains.eas.differences import differences
from runcrew_lint.engine.mend import apply, realise
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place, Source
from tests.eas.test_resolve import config


def _is(wanted: object, found: Effective) -> bool:
    return found.value == wanted


@pytest.mark.parametrize(
    ("file", "key", "wanted"),
    [
        ("{build: {p: {}}}", ("distribution",), "internal"),
        ("{build: {p: {distribution: 'store'}}}", ("distribution",), "internal"),
        ("{build: {p: {extends: 'q'}, q: {ios: {distribution: 'internal'}}}}", ("distribution",), "store"),
        ("{build: {p: {extends: 'q', ios: {}}, q: {distribution: 'internal'}}}", ("distribution",), "store"),
        (
            "{build: {p: {distribution: 'internal', ios: {distribution: 'store'}}}}",
            ("distribution",),
            "store",
        ),
        ("{build: {p: {extends: 'q', android: {env: {A: '1'}}}, q: {env: {A: '2'}}}}", ("env", "A"), "3"),
        ("{build: {p: {env: {A: null}, ios: {env: {A: null}}}}}", ("env", "A"), "3"),
        ("{build: {p: {extends: 'q'}, q: {ios: {simulator: true}}}}", ("ios", "simulator"), False),
        ("{build: {p: {}}}", ("android", "buildType"), "apk"),
    ],
)
def test_a_difference_can_be_set_right(file: str, key: tuple[str, ...], wanted: Any) -> None:
    others = [each for each in config(file).builds if each.name != "p"]
    for _ in range(4):
        profile = config(file).build("p")
        assert profile
        found = next(differences(profile, key, partial(_is, wanted)), None)
        if found is None:
            break
        assert found.path
        told: tuple[tuple[str, Plain], ...] = (("title", "t"), ("safety", "safe"), ("value", wanted))
        request = MendRequest("json.insert_member", Place("f", profile.span), (*told, ("path", found.path)))
        if found.written:
            request = MendRequest("json.set_value", Place("f", found.written), told)
        fix = realise(request, Source("f", file))
        assert fix
        file = apply(file, [fix], "f")[0]
    else:
        pytest.fail(file)
    after = {each.name: each for each in config(file).builds}
    for each in others:  # what other profiles come to is left alone
        for old, new in zip(each.platforms, after[each.name].platforms, strict=True):
            assert [s.value for s in old.settings] == [s.value for s in new.settings]


def test_another_key_decides() -> None:
    profile = config("{build: {p: {android: {gradleCommand: ':app:bundleRelease'}}}}").build("p")
    assert profile
    (found,) = differences(profile, ("android", "buildType"), partial(_is, "apk"))
    assert (found.path, found.written) == (None, None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://a.b/api", "https://A.b:443/api/", True),
        ("https://a.b/api", "http://a.b/api", False),
        ("https://a.b/api", "https://a.b/API", False),
        ("https://a.b/api", "https://a.b/api?x=1", False),
        ("https://a.b", "https://me@a.b", False),
        ("http://localhost:8000", "http://10.0.2.2:8000/", True),
        ("http://localhost:8000", "http://127.0.0.1:8001", False),
        ("http://localhost:8000", "http://192.168.0.2:8000", False),
    ],
)
def test_same_address(one: str, other: str, expected: bool) -> None:
    left, right = address(one), address(other)
    assert left and right
    assert same(left, right) is expected


@pytest.mark.parametrize(
    "text", ["", "$URL", "a.b/c", "ftp://a.b", "https://", "https://a:port", "https://[a"]
)
def test_no_address(text: str) -> None:
    assert address(text) is None


def test_shown_keeps_no_secret() -> None:
    assert shown("https://me:word@a.b/c?key=1#d") == "https://...@a.b/c"
