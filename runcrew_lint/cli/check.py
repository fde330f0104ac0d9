"""`runcrew-lint check`: lints, reports, and mends when asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from runcrew_lint.cli import complete, excuse, options, output
from runcrew_lint.cli.progress import progress
from runcrew_lint.model.errors import SetupError
from runcrew_lint.reporters import FORMATS

if TYPE_CHECKING:
    from runcrew_lint.engine.fix import Mended
    from runcrew_lint.engine.run import Outcome, Request

SEVERITIES = ("error", "warning", "info")  # the gravest first
_AT_LENGTH = ("add_ignores", "fix", "diff", "statistics", "verbose")  # what takes more than words


def _names(_ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """`--select a,b --select c` names three."""
    return tuple(name.strip() for each in given for name in each.split(",") if name.strip())


def _commit(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    """A revision; an empty one, of a variable that nothing has set, would have a change judged by its own."""
    if not given and ctx.get_parameter_source(str(parameter.name)) is not ParameterSource.DEFAULT:
        option = parameter.opts[0]
        raise SetupError(
            f"{option} is empty", help="name a commit, or leave it out to judge the tree by itself"
        )
    return given


@click.command("check", short_help="Lint PATHS (the default command).")
@options.paths
@click.option("--format", "reports", multiple=True, callback=output.targets, metavar="NAME[=FILE]",
              shell_complete=complete.formats,
              help=f"{', '.join(FORMATS)}; to a file with =FILE; repeatable.  [default: text]")  # fmt: skip
@options.policy
@options.plugins
@click.option("--select", multiple=True, callback=_names, metavar="RULES", shell_complete=complete.rules,
              help="Only these rules or families.")  # fmt: skip
@click.option("--ignore", multiple=True, callback=_names, metavar="RULES", shell_complete=complete.rules,
              help="Not these rules or families.")  # fmt: skip
@options.exclude
@click.option("--since", metavar="REV", default="", callback=_commit,
              help="What the change since this revision adds, by the policy of where it began.")  # fmt: skip
@click.option("--staged", is_flag=True, help="What is staged, and of that what HEAD does not have.")
@click.option("--policy-from", metavar="REV", default="", callback=_commit,
              help="By the policy of this git revision.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(SEVERITIES), default="error", show_default=True,
              help="The least severity that fails the run.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Make the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@click.option("--diff", is_flag=True, help="Show what the fixes would change, and change nothing.")
@click.option("--add-ignores", is_flag=True, help="Excuse what is found, each finding where it stands.")
@click.option("--reason", metavar="TEXT", default="", help="With --add-ignores: why it may stay.")
@click.option("--until", metavar="DAY", default="", help="With --add-ignores: until when, as YYYY-MM-DD.")
@click.option("--no-baseline", is_flag=True, help="Report what the baseline holds, too.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", show_default="the cores, at most 4",
              help="Read with up to N processes, where that takes long.")  # fmt: skip
@options.cache
@click.option("--history", is_flag=False, flag_value="HEAD", default="", metavar="[BASE..HEAD]",
              help="Judge what these commits added, too; write --history=RANGE.")  # fmt: skip
@click.option("--statistics", is_flag=True, help="Count the findings by rule instead of showing them.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--stdin-filename", metavar="PATH", help="Lint the standard input as if PATH held it.")
@click.option("--watch", is_flag=True, help="Lint again at each change, until ctrl-c.")
@click.option("--verbose", is_flag=True, help="Say what was read, what not compared, and how long it took.")
def command(paths: tuple[str, ...], reports: tuple[output.Target, ...], **asked: Any) -> None:
    """Lint PATHS, or the repository around the current folder.

    A finding is reported when its place or a related place lies in PATHS; the whole repository stays
    the context.
    """
    if asked["unsafe_fixes"] and not (asked["fix"] or asked["diff"]):
        raise SetupError("--unsafe-fixes does nothing alone", help="add --fix or --diff")
    if asked["staged"] and (asked["fix"] or asked["diff"]):
        raise SetupError("--staged mends nothing: what is staged is in no file", help="leave out --fix")
    if asked["diff"] and any(target.file for target in reports):
        raise SetupError("--diff shows changes and writes no report", help="leave out --format or --diff")
    if asked["stdin_filename"] and (paths or asked["staged"] or asked["fix"] or asked["diff"]):
        raise SetupError("--stdin-filename lints one text and mends nothing", help="name no path beside it")
    mends = asked["fix"] or asked["diff"]
    if asked["watch"] and (mends or asked["stdin_filename"]):
        raise SetupError("--watch only looks", help="leave out --fix, --diff and --stdin-filename")
    excuse.check(asked)
    output.check_files(reports)
    request = _request(paths, asked, brief=not mends and all(each.form == "text" for each in reports))
    once = partial(_once, reports=reports, asked=asked)
    if asked["watch"]:
        from runcrew_lint.cli.watch import watch

        sys.exit(watch(request, once, [target.file for target in reports if target.file]))
    sys.exit(once(request))


def _once(request: Request, reports: tuple[output.Target, ...], asked: dict[str, Any]) -> int:
    """One run, reported; its exit code."""
    at_length = any(asked[each] for each in _AT_LENGTH) or not output.repeatable(reports)
    worst = _acted(request, reports, asked) if at_length else _told(request, reports)
    if asked["exit_zero"] or not worst:
        return 0
    return 1 if SEVERITIES.index(worst) <= SEVERITIES.index(asked["fail_on"]) else 0


def _told(request: Request, reports: tuple[output.Target, ...]) -> str:
    """Reports a run, or the last one again where the answer is the same; the gravest severity."""
    from runcrew_lint.engine.echo import told

    with _shown(request) as shown:
        words = told(shown, output.manner(reports), partial(output.words, wanted=reports))
    output.write(words, reports, request.root)
    return words.worst


def _acted(request: Request, reports: tuple[output.Target, ...], asked: dict[str, Any]) -> str:
    """Does more with a run than to report it; the gravest severity."""
    from runcrew_lint.engine.run import run

    start = time.perf_counter()
    with _shown(request) as shown:
        if asked["add_ignores"]:
            outcome = excuse.excuse(shown, asked)
        else:
            outcome = _mend(shown, asked) if asked["fix"] or asked["diff"] else run(shown)
    if asked["statistics"]:
        reports = output.counted(outcome, reports)
    if not asked["diff"]:
        words = output.words(outcome, reports, aside=not asked["statistics"])
        output.write(words, reports, request.root)
        if any(each.form == "github" for each in reports):
            output.summarise(request, outcome)
    if asked["verbose"]:
        _say_what_was_read(request, outcome, time.perf_counter() - start)
    return outcome.report.worst


@contextmanager
def _shown(request: Request) -> Iterator[Request]:
    """The request, with its progress on the terminal."""
    from runcrew_lint.engine.pulse import both

    with progress() as shown:
        yield replace(request, pulse=both(request.pulse, shown))


def _request(paths: tuple[str, ...], asked: dict[str, Any], *, brief: bool) -> Request:
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.pulse import still
    from runcrew_lint.engine.run import Request, root_of

    typed: Mapping[str, bytes] = {}
    if asked["stdin_filename"]:
        from runcrew_lint.engine.typed import typed_as  # editors alone do so

        root, typed = typed_as(asked["stdin_filename"], sys.stdin.buffer.read())
    else:
        root = root_of(paths)
    standing = options.standing()
    return Request(
        root=root,
        targets=frozenset(typed) or targets_in(root, paths),
        overlay=typed,
        policy=asked["policy"],
        plugins=asked["plugins"],
        select=asked["select"],
        also=("contract-unresolved",) if asked["verbose"] else (),
        ignore=asked["ignore"],
        exclude=asked["exclude"],
        cache=asked["cache"],
        since=asked["since"],
        staged=asked["staged"],
        policy_from=asked["policy_from"],
        history=asked["history"],
        jobs=asked["jobs"] or (1 if standing else 0),  # what a process that stays has read, it keeps
        brief=brief,
        baseline=not asked["no_baseline"],
        memory=standing.memories.of(root) if standing else None,
        pulse=standing.pulse if standing else still,
    )


def _mend(request: Request, asked: dict[str, Any]) -> Outcome:
    from runcrew_lint.engine import fix

    mended = fix.mend(request, unsafe=asked["unsafe_fixes"])
    _say_what_is_held(mended.outcome, unsafe=asked["unsafe_fixes"])
    if asked["diff"]:
        output.show(output.apart("".join(fix.diff(mended))), for_people=False)
    else:
        return _write(request, mended)
    return mended.outcome


def _say_what_is_held(outcome: Outcome, *, unsafe: bool) -> None:
    """The fixes that were there and not made: a database that has run a revision never runs it anew."""
    from runcrew_lint.model.mend import Safety

    held = [
        each
        for each in outcome.report.findings
        if each.held and each.fix and (unsafe or each.fix.safety is Safety.SAFE)
    ]
    if held:
        many, files = len(held), len({each.path for each in held})
        output.say(
            f"left {many} fix{'' if many == 1 else 'es'} in {files} revision{'' if files == 1 else 's'} that "
            f"{held[0].held} has already, which databases have run: name the file or its folder to make them",
            err=True,
        )


def _write(request: Request, mended: Mended) -> Outcome:
    """Writes what was mended, and says what was left alone; then the report is of what lies there now."""
    from runcrew_lint.engine import fix
    from runcrew_lint.engine.run import run

    left = dict(fix.write(request.root, mended))
    done = sum(each.paths.isdisjoint(left) for each in mended.fixes)
    files = len(mended.contents) - len(left)
    click.echo(
        f"mended {done} finding{'' if done == 1 else 's'} in {files} file{'' if files == 1 else 's'}",
        err=True,
    )
    for path, reason in left.items():
        output.say(f"left {path!r} alone: {reason}", err=True)
    return run(request) if left else mended.outcome


def _say_what_was_read(request: Request, outcome: Outcome, seconds: float) -> None:
    """Where, by which policy, from which cache, and the seconds from the arguments to the report."""
    report = outcome.report
    what = f"{report.files} files, {report.rules} rules, {report.excused} excused"
    output.say(f"root {request.root}, policy {report.policy}, {what}", err=True)
    output.say(f"cache {request.cache or 'off'}, {seconds:.2f} s", err=True)
