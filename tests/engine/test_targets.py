"""Which files lie in what a run is about, one by one and all together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.claims import own
from runcrew_lint.engine.discover import among, within

_NAMES = st.sampled_from(("a", "ab", "a.py", "vendor", "node_modules", "b\n"))
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map("/".join)


@settings(max_examples=200, deadline=None)
@given(paths=st.lists(_PATHS, unique=True), targets=st.frozensets(_PATHS, max_size=3))
def test_all_together_as_one_by_one(paths: list[str], targets: frozenset[str]) -> None:
    # A file is no folder of another.
    paths = [path for path in paths if not any(each.startswith(f"{path}/") for each in paths)]
    assert among(paths, targets) == [path for path in paths if within(path, targets)]


@settings(max_examples=200, deadline=None)
@given(paths=st.lists(_PATHS, unique=True))
def test_other_peoples_code_wherever_it_lies(paths: list[str]) -> None:
    theirs = {"vendor", "node_modules"}
    assert own(paths) == [path for path in paths if theirs.isdisjoint(path.split("/")[:-1])]
