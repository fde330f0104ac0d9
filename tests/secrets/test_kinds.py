"""Each format of credential: caught where it could be in force, cleared where it says that it is not."""

from __future__ import annotations

import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest

from runcrew_lint.domains.secrets.facts import Kind
from tests.secrets.reading import uses_of

_R = random.Random("kinds")
_BASE62 = string.ascii_letters + string.digits


def _of(alphabet: str, length: int) -> str:
    return "".join(_R.choices(alphabet, k=length))


def _hex(length: int) -> str:
    return _of("0123456789abcdef", length)


def _uuid() -> str:
    return "-".join(_hex(size) for size in (8, 4, 4, 4, 12))


def _der(tag: int, inside: bytes) -> bytes:
    size = len(inside)
    head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + head + inside


def _store() -> str:
    """PKCS#12: version 3 and a safe of random bytes, which no password opens."""
    data = bytes.fromhex("06092a864886f70d010701") + _der(0xA0, _der(4, _R.randbytes(700)))
    return b64encode(_der(0x30, b"\x02\x01\x03" + _der(0x30, data) + _der(0x30, _R.randbytes(300)))).decode()


def _jwt(header: bytes, claims: bytes, signature: int) -> str:
    parts = (header, claims, _R.randbytes(signature))
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


_HS, _RS = b'{"alg":"HS256","typ":"JWT"}', b'{"alg":"RS256","kid":""}'
_KUBERNETES = b'{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:runner"}'

CAUGHT: dict[str, tuple[Callable[[], str], str]] = {
    "AWS, which reads as a word": (lambda: "AKIA" + "lalemel33243olib".upper(), "an AWS access key id"),
    "AWS's bearer": (lambda: "ABIA" + _of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), "an AWS access key id"),
    "Bedrock": (lambda: "ABSKQmVkcm9ja0FQSUtleS1" + _of(_BASE62, 108) + "=", "an Amazon Bedrock key"),
    "old OpenAI": (lambda: f"sk-{_of(_BASE62, 20)}T3BlbkFJ{_of(_BASE62, 16)}Test", "an OpenAI key"),
    "Slack, its numbers masked": (
        lambda: f"xoxa-2-{'1' * 9}-3{'1' * 10}-3{'1' * 12}-{_hex(18)}",
        "a Slack token",
    ),
    "GitHub, fine-grained": (lambda: f"github_pat_{_of(_BASE62 + '_', 82)}", "a GitHub token"),
    "PyPI, short": (lambda: f"pypi-AgEIcHlwaS5vcmc{_of(_BASE62, 55)}", "a PyPI token"),
    "Azure client": (lambda: f"bP8{_R.randrange(10)}Q~{_of(_BASE62 + '._-', 33)}k", "an Azure client secret"),
    "Azure storage": (
        lambda: f"AccountName=runs;AccountKey={_of(_BASE62 + '+/', 86)}==;EndpointSuffix=x",
        "the key of an Azure storage account",
    ),
    "Slack hook": (
        lambda: f"http://hooks.slack.com/services/T12345678/B0{_of(string.digits, 7)}/{_of(_BASE62, 24)}",
        "a Slack webhook",
    ),
    "Slack workflow": (
        lambda: (
            f"hooks.slack.com/workflows/T016M3G1GHZ/A04J3BAF7AA/{_of(string.digits, 18)}/{_of(_BASE62, 24)}"
        ),
        "a Slack webhook",
    ),
    "Discord hook": (
        lambda: f"https://discord.com/api/webhooks/{_of('123456789', 18)}/{_of(_BASE62, 68)}",
        "a Discord webhook",
    ),
    "Teams hook": (
        lambda: (
            f"https://runs.webhook.office.com/webhookb2/{_uuid()}@{_uuid()}/IncomingWebhook/{_hex(32)}/{_uuid()}"
        ),
        "a Teams webhook",
    ),
    "npm of old": (lambda: f"//registry.npmjs.org/:_authToken={_uuid()}", "the token of an npm registry"),
    "npm's basic": (
        lambda: f'//npm.runcrew.dev/:_auth = "{_of(_BASE62, 32)}=="',
        "the token of an npm registry",
    ),
    "GitLab runner": (lambda: "GR1348941" + _of(_BASE62, 20), "a GitLab token"),
    "GitLab session": (lambda: "_gitlab_session=" + _of(_BASE62, 32), "a GitLab token"),
    "undated JWT": (lambda: _jwt(_HS, b'{"sub":"d2f3","admin":true}', 32), "a JSON Web Token"),
    "Kubernetes' account": (lambda: _jwt(_RS, _KUBERNETES, 256), "a JSON Web Token"),
    "PKCS#12": (_store, "a PKCS#12 store in base64"),
    "Sentry user": (lambda: "sntryu_" + _hex(64), "a Sentry token"),
}
CLEARED: dict[str, str] = {
    "AWS's example": "AKIAIOSFODNN7EXAMPLE",
    "AWS, one letter": "AKIA" + "Z" * 16,
    "Azure's emulator": f"AccountKey=Eby8vdM02xNOcqFlqUwJ{_of(_BASE62, 66)}==",
    "Slack's example": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "npm by reference": "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
    "npm to be replaced": "//registry.npmjs.org/:_authToken=npm_xxxxxxxxxxxxxxxx",
    "John Doe's JWT": _jwt(_HS, b'{"sub":"1234567890","name":"John Doe"}', 32),
    "JWT of a test's issuer": _jwt(_RS, b'{"iss":"test-issuer@istio.io","iat":1580525453}', 256),
    "JWT without a signature": _jwt(b'{"alg":"none"}', b'{"sub":"a"}', 0),
    "a map for browsers": f'<script src="//maps.googleapis.com/maps/api/js?key=AIza{_of(_BASE62, 35)}">',
    "a key that a bundle carries": f"NEXT_PUBLIC_MAP={'AIza' + _of(_BASE62, 35)}",
    "Azure by chance": "see page 3Q~ of the manual",
}


@pytest.mark.parametrize("name", CAUGHT)
def test_what_could_be_in_force(name: str) -> None:
    draw, said = CAUGHT[name]
    for _ in range(5):
        value = draw()
        found = uses_of("deploy/run.ini", f"x {value}\n")
        assert said in [use.evidence for use in found], value
        assert {use.kind for use in found} <= {Kind.VENDOR, Kind.PRIVATE_KEY}


@pytest.mark.parametrize("name", CLEARED)
def test_what_could_not(name: str) -> None:
    assert uses_of("deploy/run.ini", f"x {CLEARED[name]}\n") == ()


def test_an_undated_jwt_of_a_test_is_its_own() -> None:
    token = _jwt(_HS, b'{"sub":"d2f3","admin":true}', 32)
    assert uses_of("tests/test_a.py", f'x = "{token}"\n') == ()


@pytest.mark.parametrize(("path", "caught"), [("tests/test_a.py", 0), ("docs/a.md", 0), ("app/a.py", 1)])
def test_a_jwt_that_ran_out_is_no_fault_of_a_test(path: str, caught: int) -> None:
    token = _jwt(_HS, b'{"sub":"d2f3","iat":1580525453,"exp":1580529053}', 32)
    assert len(uses_of(path, f'x = "{token}"\n')) == caught
    lasting = _jwt(_HS, b'{"sub":"d2f3","iat":1580525453,"exp":4734125453}', 32)
    assert len(uses_of(path, f'x = "{lasting}"\n')) == 1


def test_the_policys_word_goes_before_the_makers() -> None:
    """A Google key in a browser's code is public, unless the policy lists its very name."""
    from runcrew_lint.policy.build import build
    from tests.secrets.reading import Under

    key = "AIza" + _of(_BASE62, 35)
    text = f"const GOOGLE_MAP_KEY = '{key}'; // googleMapsApiKey\n"
    assert uses_of("src/a.ts", text) == ()
    listed = Under(build("x", [{"secrets": {"names": ["GOOGLE_MAP_KEY"]}}], named=True))
    assert [use.evidence for use in uses_of("src/a.ts", text, listed)] == ["a Google API key"]


def test_aws_secrets_are_no_paths() -> None:
    value = "wJal/" + "station/" + "K7MDENG/" + _of(_BASE62, 19)
    assert [use.kind for use in uses_of("deploy/a.env", f"AWS_SECRET_ACCESS_KEY={value}\n")] == [Kind.OPAQUE]
