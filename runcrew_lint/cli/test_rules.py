"""`runcrew-lint test-rules`: each rule of your own on its good and bad examples."""

from __future__ import annotations

import sys

import click

from runcrew_lint.cli import options, output


@click.command("test-rules", short_help="Run your own rules on their examples.")
@options.path
@options.policy
@options.plugins
def command(path: str, policy: str | None, plugins: tuple[str, ...]) -> None:
    """Run each rule of your own, of the policy of the repository around PATH, on its examples: a line a rule.

    Exit 1 where one does not catch what it says, catches more, or has no good and no bad example.
    """
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.engine.trial import trials
    from runcrew_lint.reporters.look import visible

    failed = False
    for trial in trials(Request(root_of((path,)), policy=policy, plugins=plugins)):
        failed = failed or bool(trial.faults)
        count = f"{trial.examples} example{'' if trial.examples == 1 else 's'}"
        said = f"FAILED: {'; '.join(trial.faults)}" if trial.faults else f"holds on {count}"
        output.show(visible(f"{trial.rule} ({trial.home}): {said}") + "\n")
    sys.exit(1 if failed else 0)
