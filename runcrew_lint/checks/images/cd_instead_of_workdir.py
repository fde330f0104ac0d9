"""cd-instead-of-workdir: a `cd` that the next instruction knows nothing of, or that each says again."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span

_PATH = lazily(r"/[\w./-]*")
_OFTEN = 3  # steps in a row that begin with the same cd


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """A fault at a `cd` with which a RUN ends, and one at the first of several RUNs with the same cd."""
    for run in fact.runs:
        last = run.commands[-1] if run.commands and run.whole else None
        if last is not None and last.program == "cd" and not last.deep and not last.guarded and run.chained:
            yield Fault(
                Place(fact.path, last.span),
                "every instruction starts in the WORKDIR again, so this `cd` changes nothing",
                help="write WORKDIR in its place",
                mend=_mend(fact, run, last),
            )
    yield from _repeated(fact)


def _mend(fact: ImageScripts, run: RunScript, last: ShellCommand) -> MendRequest | None:
    """`RUN cd /x` becomes `WORKDIR /x`, where nothing else is in it."""
    instruction = fact.instruction(run)
    if len(run.commands) != 1 or len(last.words) != 2 or instruction.flags or run.end < 0:
        return None
    folder = last.words[1]
    if not folder.whole or not _PATH.fullmatch(folder.text):
        return None
    edits = ((instruction.span.start, folder.span.start, "RUN cd ", "WORKDIR "),)
    told = (("title", "says the folder with WORKDIR"), ("edits", edits), ("safety", "unsafe"))
    return MendRequest("text.several", Place(fact.path, instruction.span), told)


def _repeated(fact: ImageScripts) -> Iterator[Fault]:
    row: list[tuple[RunScript, Span, str]] = []
    for run in (*fact.runs, None):
        first = run.commands[0] if run is not None and len(run.commands) > 1 else None
        folder = (
            first.texts[0] if first is not None and first.program == "cd" and len(first.words) == 2 else ""
        )
        if row and (run is None or folder != row[0][2] or run.stage != row[0][0].stage):
            if len(row) >= _OFTEN:
                yield Fault(
                    Place(fact.path, row[0][1]),
                    f"{len(row)} steps in a row begin with `cd {row[0][2]}`, which one WORKDIR says for all "
                    "of them, for the COPYs between them and for whoever opens a shell in the image",
                    related=tuple(Related(Place(fact.path, span), "again here") for _, span, _ in row[1:]),
                    severity=Severity.INFO,
                )
            row = []
        if run is not None and first is not None and folder:
            row.append((run, first.span, folder))
