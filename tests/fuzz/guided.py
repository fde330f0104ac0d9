"""Tries a reader on what atheris makes of its corpus, led by the coverage of our own code.

python -m tests.fuzz.guided NAME MINUTES
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

_TRACED = 10.0  # how many times slower a process may be under the tracer
_LIMITS = ("-max_len=8192", "-timeout=900", "-rss_limit_mb=3000", "-verbosity=0", "-print_final_stats=0")


def main(name: str, minutes: float) -> None:
    """Does not return: libFuzzer ends the process when its time is over."""
    with atheris.instrument_imports(include=["runcrew_lint"]):  # readers import what they need late
        from tests.fuzz.ledger import Ledger
        from tests.fuzz.properties import reads
        from tests.fuzz.readers import READERS, corpus

        reader, ledger = READERS[name], Ledger(f"{name}.guided")

        def tried(written: bytes) -> None:
            text = written.decode(errors="ignore")
            ledger.tried(text, lambda: reads(reader, text, _TRACED))

        folder = Path(tempfile.mkdtemp(prefix="runcrew-lint-fuzz-"))
        (folder / "seeds").mkdir()
        for number, text in enumerate(corpus(name)):
            (folder / "seeds" / str(number)).write_bytes(text.encode())
        words = "".join(f"{_quoted(word)}\n" for word in reader.words)
        (folder / "words").write_text(words)
        limits = (*_LIMITS, f"-max_total_time={round(60 * minutes)}", f"-dict={folder / 'words'}")
        atheris.Setup([name, *limits, str(folder / "seeds")], tried)
        atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as libFuzzer's dictionary takes it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
