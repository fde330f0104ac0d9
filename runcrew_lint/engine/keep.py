"""What `runcrew-lint baseline` does: holds a baseline against the findings of now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.engine.baseline import Baseline, Counts, counted, path_of, text_of
from runcrew_lint.engine.baseline import load as load_baseline
from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.run import Request, run
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import load as load_policy


@frozen
class Books:
    """A baseline beside the findings of now; `old` is empty, and `exists` false, where there is none."""

    root: Path
    path: str
    exists: bool
    old: Counts
    now: Counts

    @property
    def stale(self) -> Counts:
        """What the baseline has and the repository no longer."""
        return Counter(self.old) - Counter(self.now)

    @property
    def new(self) -> Counts:
        """What the repository has and the baseline does not."""
        return Counter(self.now) - Counter(self.old)

    @property
    def pruned(self) -> Counts:
        """The baseline without what is stale."""
        return Counter(self.old) - Counter(self.stale)

    def write(self, counts: Counts) -> None:
        """Writes a baseline of these in the file's place.

        Errors:
            SetupError where it can't be written.
        """
        file = self.root / self.path
        try:
            old = file.read_bytes() if self.exists else None
            Disk(self.root).replace(self.path, old, text_of(counts).encode())
        except (OSError, Skipped) as error:
            raise SetupError(f"the baseline can't be written: {error}", where=self.path) from None


def books(request: Request) -> Books:
    """The findings of a whole run, and the baseline that is there.

    Errors:
        SetupError for a mistake in the request, the policy or the baseline.
    """
    policy = load_policy(request.root, request.policy, load_catalogue().policies)
    path = path_of(policy)
    old: Baseline | None = None
    if (request.root / path).exists():
        old = load_baseline(request.root, policy)
    outcome = run(replace(request, baseline=False))
    now = counted(outcome.fingerprints())
    return Books(request.root, path, old is not None, old.counts if old else {}, now)
