"""Versions and ranges as npm's semver reads them, held to semver itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.eas.versions import is_version, range_of, release
from tests.eas.test_oracle import LONG

ASK = """
const semver = require("semver");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [range, versions] = JSON.parse(line);
  const valid = semver.validRange(range) !== null;
  const answer = valid && versions.map((each) => semver.satisfies(each, range));
  process.stdout.write(JSON.stringify([answer, semver.valid(range) !== null]) + "\\n");
});
"""
VERSIONS = [
    "0.0.0",
    "0.0.3",
    "0.1.2",
    "0.2.0",
    "1.0.0",
    "1.2.3",
    "1.2.4",
    "1.3.0",
    "2.0.0",
    "12.0.0",
    "16.28.1",
]


@pytest.fixture(scope="module")
def semver(node: Path, eas_json: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(node), "-e", ASK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"NODE_PATH": str(eas_json)},
    )


PARTS = st.sampled_from(["0", "1", "2", "12", "x", "*", "X"])
PARTIALS = st.lists(PARTS, min_size=1, max_size=3).map(".".join)
COMPARATORS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "=", ">", "<", ">=", "<=", "~", "^", "~>", "=v", "v"]),
    st.sampled_from(["", " "]),
    PARTIALS,
)
HYPHENS = st.builds("{} - {}".format, PARTIALS, PARTIALS)
RANGES = st.lists(HYPHENS | st.lists(COMPARATORS, max_size=2).map(" ".join), min_size=1, max_size=2).map(
    "||".join
) | st.text("0123.x*^~<>= |v-", max_size=10)


@LONG
@given(text=RANGES)
def test_ranges(semver: subprocess.Popen[bytes], text: str) -> None:
    assert semver.stdin and semver.stdout
    semver.stdin.write(json.dumps([text, VERSIONS]).encode() + b"\n")
    semver.stdin.flush()
    theirs, valid = json.loads(semver.stdout.readline())
    found = range_of(text)
    ours = False if found is None else [found.holds(release(each) or (0, 0, 0)) for each in VERSIONS]
    assert ours == theirs, text
    assert is_version(text) == valid
