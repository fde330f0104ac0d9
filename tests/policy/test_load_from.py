"""Whose files a policy is read from: those on disk, or those that a caller has."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import find, load


class Files(dict[Path, bytes]):
    """Files that lie nowhere. Implements policy.files.Reads."""

    def __call__(self, file: Path) -> bytes | None:
        return self.get(file)

    def below(self, folder: Path) -> list[Path]:
        """Those of a folder."""
        return [file for file in self if file.parent == folder]


class Denied(Files):
    """Files that nobody may read."""

    def __call__(self, file: Path) -> bytes | None:
        raise PermissionError(13, "denied")


PRESETS = {"recommended": {"facts_only": True}, "runcrew": {}}


def test_a_caller_may_bring_the_files(tmp_path: Path) -> None:
    files = Files()
    files |= {
        tmp_path / ".runcrew-lint.yaml": b"extends: team/a.yaml\npostgres: 15\n",
        tmp_path / "team/a.yaml": b"extends: b.yaml\nbranches: [main]\n",
        tmp_path / "team/b.yaml": b"extends: recommended\nexcuses: [{rules: [x], reason: why}]\n",
    }
    policy = load(tmp_path, None, PRESETS, files, "@1234")
    assert (policy.name, policy.postgres, policy.branches) == (".runcrew-lint.yaml@1234", 15, ("main",))
    assert policy.facts_only and policy.excuses[0].place is not None
    assert policy.excuses[0].place.path == "team/b.yaml@1234"
    assert not load(tmp_path, None, PRESETS).named, "nothing of it lies on disk"
    del files[tmp_path / "team/b.yaml"]
    with pytest.raises(SetupError, match=r"team/a\.yaml@1234:1:10: there is no policy b\.yaml"):
        load(tmp_path, None, PRESETS, files, "@1234")


def test_a_file_that_can_not_be_read_is_no_missing_one(tmp_path: Path) -> None:
    assert find(tmp_path, Denied()) == tmp_path / ".runcrew-lint.yaml"
    with pytest.raises(SetupError, match=r"\.runcrew-lint\.yaml: the policy can't be read"):
        load(tmp_path, None, PRESETS, Denied())


def test_a_caller_may_bring_rules_of_its_own(tmp_path: Path) -> None:
    words = "{summary: one, why: twenty characters or more, remedy: two, message: three, files: [a], "
    words += "must: {contain: x}}"
    files = Files()
    files |= {
        tmp_path / ".runcrew-lint.yaml": b"rules: {own: [lint]}\n",
        tmp_path / "lint/our-rule.yaml": words.encode(),
        tmp_path / "lint/more/other-rule.yaml": b"of a folder below: nobody asked",
        tmp_path / "lint/README.md": b"no rule",
    }
    (own,) = load(tmp_path, None, PRESETS, files, "@1234").own_rules
    assert (own.name, own.path, own.words["files"]) == ("our-rule", "lint/our-rule.yaml@1234", ["a"])
