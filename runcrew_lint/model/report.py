"""A whole run's outcome: what every reporter and the Python API receive."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Finding, Severity


@frozen
class Report:
    """The findings in reading order (path, line, column, rule), and what was looked at.

    `excused` counts the findings that are held back: by a promise, by the baseline (`baselined` of them), or
    because the commit that the change began at has them, too (`before`); `notices` are lines about the run
    itself, such as the policy that was assumed.
    """

    root: str
    policy: str
    findings: tuple[Finding, ...]
    files: int
    rules: int
    excused: int = 0
    baselined: int = 0
    before: int = 0
    notices: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def worst(self) -> str:
        """The gravest severity of a finding; "" where there is none."""
        severities = {finding.severity for finding in self.findings}
        return str(max(severities, key=lambda each: each.weight, default=""))
