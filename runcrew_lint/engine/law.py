"""By what a run judges: the policy and the baseline of the work tree, or those of an earlier commit.

A change that is asked to pass must not say by which law. With `--since` the law is that of the merge base;
what the change makes of it is held against it (engine/past_law.py, engine/weakened.py).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.baseline import load as load_baseline
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.files import Reads, on_disk
from runcrew_lint.policy.load import Presets
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


@frozen
class Law:
    """What a run judges by.

    Arguments:
        baseline: None where there is none.
        commit: the commit that it is from; "" for the work tree.
        sources: its texts, by the paths that its places name.
    """

    policy: Policy
    baseline: Baseline | None
    commit: str = ""
    sources: Callable[[str], Source | None] = lambda _: None


def law_of(
    root: Path,
    asked: str | Path | None,
    presets: Presets,
    *,
    baseline: bool = True,
    reads: Reads = on_disk,
) -> Law:
    """The law of the work tree, or the one that was named; without `baseline` nobody looks for one.

    Arguments:
        reads: how the policy's files are read, where those on disk don't count.
    Errors:
        SetupError for a mistake in it.
    """
    policy = load_policy(root, asked, presets, reads)
    return Law(policy, load_baseline(root, policy) if baseline else None)
