"""Where a report goes, in which format, and how a terminal shows it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runcrew_lint.model.errors import SetupError
from runcrew_lint.nearest import nearest
from runcrew_lint.reporters import FORMATS
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.engine.echo import Words
    from runcrew_lint.engine.run import Outcome, Request
    from runcrew_lint.model.report import Report
    from runcrew_lint.reporters.look import Look

_FILE_WIDTH = 140  # columns of a text report that no terminal shows
_STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "cyan", "bold": True},
    "good": {"fg": "green", "bold": True},
    "strong": {"bold": True},
    "related": {"fg": "blue", "bold": True},
    "dim": {"fg": "blue"},
}


class Target(NamedTuple):
    """One report: a format, and the file it goes to; None is the standard output."""

    form: str
    file: Path | None


def targets(_ctx: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> tuple[Target, ...]:
    """What `--format sarif=out.sarif --format text` asks for; without any, text.

    Errors:
        SetupError for a format that is none, two on the standard output, or one file named twice.
    """
    found = tuple(map(_target, given)) or (Target("text", None),)
    for target in found:
        same = [other.form for other in found if other.file == target.file]
        if len(same) > 1:
            place = target.file or "the standard output"
            raise SetupError(
                f"{' and '.join(same)} can't share {place}", help="give each a file: `--format NAME=FILE`"
            )
    return found


def _target(given: str) -> Target:
    form, equals, file = given.partition("=")
    if form not in FORMATS:
        near = nearest(form, FORMATS)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(FORMATS)}"
        raise SetupError(f"there is no format {form!r}", help=hint)
    if equals and not file:
        raise SetupError(f"`--format {given}` names no file", help=f"write `--format {form}=FILE`")
    return Target(form, Path(file) if file else None)


def check_files(wanted: Iterable[Target]) -> None:
    """Finds out before the work is done that a report could not be written.

    Errors:
        SetupError for a file that can't be one.
    """
    for target in wanted:
        if target.file and target.file.is_dir():
            raise _unwritable(target.file, "it is a folder")
        if target.file and not target.file.parent.is_dir():
            raise _unwritable(target.file, f"there is no folder {target.file.parent}")


def repeatable(wanted: Iterable[Target]) -> bool:
    """Whether these reports tell nothing but the findings: then the same findings make the same ones."""
    summary = bool(os.environ.get("GITHUB_STEP_SUMMARY"))
    return not any(each.form == "html" or (each.form == "github" and summary) for each in wanted)


def manner(wanted: Iterable[Target]) -> object:
    """All that reports are made by beside a run's outcome."""
    asked = [(each.form, each.file is None) for each in wanted]
    return asked, look().width, colour()


def words(outcome: Outcome, wanted: Sequence[Target], *, aside: bool = True) -> Words:
    """What is said of a run.

    Arguments:
        aside: whether people are told a summary where no report tells it.
    """
    from runcrew_lint.engine.echo import Words

    report = outcome.report
    texts = tuple(_rendered(outcome, form, to_file=file is not None) for form, file in wanted)
    silent = all(file is not None or form == "concise" for form, file in wanted)
    return Words(texts, tuple(_aside(report)) if aside and silent else (), report.worst)


def write(words: Words, wanted: Sequence[Target], root: Path) -> None:
    """Writes every report; files are UTF-8, as is what a program reads from the standard output.

    Arguments:
        root: the repository: no file in it may stand for one elsewhere.
    Errors:
        SetupError for a file that can't be written.
    """
    for (form, file), text in zip(wanted, words.texts, strict=True):
        if file is None:
            for_people = form in ("text", "concise")
            show(text, for_people=for_people, painted=for_people)
            continue
        if _strays(file, root):
            raise _unwritable(file, "it is a link that leads out of the repository")
        try:
            file.write_bytes(_bytes(text))
        except OSError as error:
            raise _unwritable(file, error.strerror or str(error)) from None
    for line in words.aside:
        say(line, err=True)


def summarise(request: Request, outcome: Outcome) -> None:
    """Adds to the summary of the GitHub job that this runs in, if any; what can't be added fails no run."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    from runcrew_lint.engine.affected import affected
    from runcrew_lint.reporters.step_summary import render

    told = affected(request) if request.since or request.staged else None
    try:
        with Path(file).open("ab") as summary:
            summary.write(_bytes(render(outcome.report, told)))
    except OSError as error:
        say(f"note: the job's summary can't be written: {error.strerror or error}", err=True)


def counted(outcome: Outcome, wanted: Sequence[Target]) -> tuple[Target, ...]:
    """Prints how often each rule speaks instead of a report on the standard output; the others are left."""
    from runcrew_lint.reporters.statistics import render

    show(render(outcome, look()), painted=True)
    return tuple(target for target in wanted if target.file is not None)


def _aside(report: Report) -> Iterator[str]:
    """What the run has to say of itself, where the report on the standard output does not."""
    from runcrew_lint.reporters.look import Look
    from runcrew_lint.reporters.text import summary

    yield from (f"note: {notice}" for notice in report.notices)
    yield summary(report, Look())


def say(line: str, *, err: bool = False) -> None:
    """Prints one line, whatever of a repository stands in it: a terminal shows it and does not obey."""
    from runcrew_lint.reporters.look import unheard, visible

    click.echo(unheard(visible(line)), err=err)


def show(text: str, *, for_people: bool = True, painted: bool = False) -> None:
    """Prints a whole output; a reader that has seen enough and left is no error.

    No terminal obeys it, and no log of a job: what a program reads is written as it is, but to a terminal.

    Arguments:
        painted: whether the reporter has made everything visible itself, before it set its colours.

    Errors:
        SetupError where it can't be written, as on a full disk.
    """
    if not painted and (for_people or sys.stdout.isatty()):
        from runcrew_lint.reporters.look import visible_lines

        text = visible_lines(text)
    try:
        if for_people:
            from runcrew_lint.reporters.look import unheard

            click.echo(unheard(text), nl=False, color=colour())
        else:
            sys.stdout.buffer.write(_bytes(text))
        sys.stdout.flush()
    except BrokenPipeError:
        hush()
    except OSError as error:
        hush()
        raise SetupError(f"can't write to the standard output: {error.strerror or error}") from None


def apart(text: str) -> str:
    """A patch that the log of a GitHub job hears no command in: it is told so before, and told the end after.

    Whoever applies a patch skips both lines. A file gets the patch alone.
    """
    if not text or os.environ.get("GITHUB_ACTIONS") != "true" or _is_file():
        return text
    word = os.urandom(16).hex()  # known to nobody before
    return f"::stop-commands::{word}\n{text}::{word}::\n"


def _is_file() -> bool:
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except OSError:  # a stream that is none of the system's
        return False


def hush() -> None:
    """Sends what is still to be printed nowhere, so that Python's own farewell doesn't fail on it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _rendered(outcome: Outcome, form: str, *, to_file: bool) -> str:
    render: Any = import_module(f"runcrew_lint.reporters.{form}").render
    text: str = render(outcome, _look(to_file=to_file))
    return text


def look() -> Look:
    """How the standard output shows what is not a report."""
    return _look(to_file=False)


def _look(*, to_file: bool) -> Look:
    from runcrew_lint.reporters.look import Look, plain

    terminal = not to_file and sys.stdout.isatty()
    width = _terminal_width() if terminal else _FILE_WIDTH
    return Look(_paint if not to_file and colour() else plain, width)


def _terminal_width() -> int:
    from shutil import get_terminal_size  # with every compression there is

    return get_terminal_size().columns


def colour() -> bool:
    """https://no-color.org; FORCE_COLOR as other tools read it."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def _paint(text: str, style: str) -> str:
    return click.style(text, **_STYLES[style])


def _bytes(text: str) -> bytes:
    """A path that is no text is told by escapes, which JSON reads as what they stand for."""
    return text.encode("utf-8", "backslashreplace")


def _strays(file: Path, root: Path) -> bool:
    """Whether a name in the repository stands for a file elsewhere: nobody asked for that one."""
    named, top = Path(os.path.normpath(Path.cwd() / file)), root.resolve()
    return named.is_relative_to(top) and not named.resolve().is_relative_to(top)


def _unwritable(file: Path, why: str) -> SetupError:
    return SetupError(f"can't write {file}: {why}", help="name a file that can be written")
