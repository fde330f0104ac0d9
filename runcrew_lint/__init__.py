"""runcrew-lint: a static policy linter for a repository and its migrations.

The Python API is one function, which keeps the JSON report's contract::

    import runcrew_lint
    report = runcrew_lint.lint("path/to/repository")
    for finding in report.findings: ...
"""

from __future__ import annotations

TYPE_CHECKING = False  # as mypy takes it; `typing` itself is most of what this import would cost
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from runcrew_lint.model.report import Report

__version__ = "0.1.0"


def lint(
    root: str | Path,
    policy: str | Path | None = None,
    targets: Iterable[str | Path] | None = None,
) -> Report:
    """Lint the repository at `root`.

    Arguments:
        root: the repository's folder.
        policy: a preset's name or a policy file; by default what the repository itself says.
        targets: the files and folders on which findings are reported; by default all of them.
    Errors:
        runcrew_lint.model.errors.SetupError for a mistake in the policy or in the arguments.
    """
    from runcrew_lint.engine.run import lint as run  # the package itself stays free to import

    return run(root, policy=policy, targets=targets)
