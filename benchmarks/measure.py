"""Runs commands in turn, A B C A B C ..., and takes each process's own accounting from the system."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(slots=True)
class Contender:
    """One command and what its runs cost: wall and CPU seconds, peak memory in MiB.

    Arguments:
        family: what it reads, where it is compared with others of its kind.
        prepare: what is done before each run, outside of its time.
        environment: what its shell sets beside ours.
        elsewhere: the CPU seconds so far of a process that works for it.
    """

    name: str
    command: Sequence[str]
    folder: Path
    family: str = ""
    prepare: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Callable[[], float] = lambda: 0.0
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0
    code: int = 0

    def run(self, *, count: bool = True) -> None:
        """One whole process, its output thrown away."""
        self.prepare()
        before, start = self.elsewhere(), time.perf_counter()
        process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        if count:
            self.wall.append(took)
            self.cpu.append(usage.ru_utime + usage.ru_stime + self.elsewhere() - before)
            self.peak = max(self.peak, usage.ru_maxrss / 1024)


def compare(contenders: Sequence[Contender], runs: int) -> None:
    """A warm-up, then `runs` rounds with every contender in each."""
    for contender in contenders:
        contender.run(count=False)
    for _ in range(runs):
        for contender in contenders:
            contender.run()


def quickest(contenders: Iterable[Contender]) -> Contender | None:
    """The quickest of each family, one after the other: what a team runs today; None without any.

    Wall and CPU are added up round by round, the peak is the greatest.
    """
    best: dict[str, Contender] = {}
    for each in contenders:
        if each.family and (each.family not in best or median(each.wall) < median(best[each.family].wall)):
            best[each.family] = each
    if not best:
        return None
    made = Contender(f"together: {', '.join(each.name for each in best.values())}", (), Path())
    made.wall = [sum(round_) for round_ in zip(*(each.wall for each in best.values()), strict=True)]
    made.cpu = [sum(round_) for round_ in zip(*(each.cpu for each in best.values()), strict=True)]
    made.peak = max(each.peak for each in best.values())
    return made


def table(contenders: Sequence[Contender]) -> str:
    """A Markdown table of medians; the ratios are to the first contender, taken round by round."""
    base = contenders[0]
    rows = [
        "| | wall s | min-max | CPU s | peak MiB | wall ratio | CPU ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in contenders:
        wall = median(a / b for a, b in zip(each.wall, base.wall, strict=True))
        cpu = median(a / b for a, b in zip(each.cpu, base.cpu, strict=True))
        span = f"{min(each.wall):.2f}-{max(each.wall):.2f}"
        rows.append(
            f"| {each.name} | {median(each.wall):.3f} | {span} | {median(each.cpu):.3f} | {each.peak:.0f} "
            f"| {wall:.2f} | {cpu:.2f} |"
        )
    return "\n".join(rows)
