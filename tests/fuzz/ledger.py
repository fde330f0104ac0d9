"""What has been tried so far, in this run and in those before it.

.cache/fuzz/READER.WAY.json     CPU seconds and inputs
.cache/fuzz/READER/WAY-*        the shortest text of each kind that broke something, and why
.cache/fuzz/corpus/READER/      what atheris found worth keeping
.cache/fuzz/ledger.md           the sums
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.properties import Broken

KEPT = Path(".cache/fuzz")
WAYS = ("guided", "drawn")
_HEAD = "| reader | CPU minutes | inputs, guided | inputs, drawn | broken |\n|---|---|---|---|---|\n"


class Tried(NamedTuple):
    """What one way of trying a reader came to: CPU seconds and inputs."""

    cpu: float = 0.0
    inputs: int = 0


def tried(reader: str, way: str) -> Tried:
    """What is written down of one way."""
    file = KEPT / f"{reader}.{way}.json"
    return Tried(**json.loads(file.read_text())) if file.exists() else Tried()


def write(reader: str, way: str, sums: Tried) -> None:
    """Writes down what one way came to."""
    _replace(KEPT / f"{reader}.{way}.json", json.dumps(sums._asdict()))


def cpu(reader: str) -> float:
    """CPU seconds that a reader had in all."""
    return sum(tried(reader, way).cpu for way in WAYS)


def keep(reader: str, way: str, text: str, error: BaseException) -> None:
    """Keeps a text that broke something, if it is the shortest of its kind."""
    where = _where(error)
    file = KEPT / reader / f"{way}-{hashlib.sha256(where.encode()).hexdigest()[:8]}"
    written = text.encode("utf-8", "replace")
    if not file.exists() or len(written) < file.stat().st_size:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(written)
        _why(file).write_text(f"{where}\n\n{''.join(traceback.format_exception(error))}")


def broken(reader: str, way: str = "*") -> list[Path]:
    """The texts that broke something."""
    return [each.with_suffix("") for each in sorted((KEPT / reader).glob(f"{way}-*.why"))]


def reason(file: Path) -> str:
    """What a text broke."""
    return _why(file).read_text().partition("\n")[0]


def forget(file: Path) -> None:
    """Drops a text that breaks nothing any more."""
    file.unlink(missing_ok=True)
    _why(file).unlink()


def table(readers: Iterable[str]) -> str:
    """The sums in Markdown, a line a reader; also written into the ledger."""
    rows = [(name, [tried(name, way) for way in WAYS], len(broken(name))) for name in readers]
    lines = [_line(*row) for row in rows]
    sums = [_sum(each) for each in zip(*(row[1] for row in rows), strict=True)]
    lines.append(_line("all", sums, sum(row[2] for row in rows)))
    _replace(KEPT / "ledger.md", written := _HEAD + "".join(lines))
    return written


def _sum(each: Collection[Tried]) -> Tried:
    return Tried(sum(one.cpu for one in each), sum(one.inputs for one in each))


def _line(name: str, ways: Collection[Tried], found: int) -> str:
    minutes = _sum(ways).cpu / 60
    return f"| {name} | {minutes:.1f} | {' | '.join(f'{each.inputs:,}' for each in ways)} | {found} |\n"


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


def _why(file: Path) -> Path:
    return file.with_suffix(".why")


def _where(error: BaseException) -> str:
    """What tells one fault from another: the property that it broke, or where it was raised."""
    if isinstance(error, Broken):
        return error.where
    frames = traceback.extract_tb(error.__traceback__)
    at = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else f": {error}"
    return f"{type(error).__name__}{at}"
