"""`make compare` knows what is ours, too, and names what is left and missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.catalogue.load import load
from tests.fixtures_git import repository_from
from tests.tools import compare_peers
from tests.tools.peer_findings import PEERS, Said

_POLICY = Path(compare_peers.__file__).with_name("compare_peers.policy.yaml")
_FILES = {
    "Dockerfile": "FROM python\nRUN cd /srv && make\nRUN apt-get install -y curl\n"
    + "RUN true\n" * 6
    + "USER a\n"
}
_THEIRS = (
    Said("hadolint", "DL3006", "Dockerfile", 1, "untagged"),
    Said("hadolint", "DL3008", "Dockerfile", 3, "no version"),
    Said("hadolint", "DL3003", "Dockerfile", 2, "cd"),
    Said("hadolint", "DL3007", "Dockerfile", 9, "far from what we speak of"),
    Said("hadolint", "DL9999", "Dockerfile", 2, "a rule that nobody knows yet"),
)


def test_each_finding_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository_from(_FILES, tmp_path / "r")
    monkeypatch.setattr(compare_peers, "said", lambda _root: iter(_THEIRS))
    verdicts, ours = compare_peers.judged(root, _POLICY)
    assert [each.kind for each in verdicts] == ["ours", "left", "left", "left", "missed"]
    assert ours["base-untagged"] == 1
    assert "| hadolint | 5 | 1 | 3 | 1 |" in compare_peers.table(verdicts)


def test_what_answers_is_a_rule() -> None:
    rules = load().rules
    named = {
        name
        for peer, answers in compare_peers.ANSWERS.items()
        for rule in answers
        for name in compare_peers.answer(peer, rule).ours
    }
    assert len(named) > 40
    assert named <= rules.keys()
    assert compare_peers.ANSWERS.keys() == PEERS.keys()
