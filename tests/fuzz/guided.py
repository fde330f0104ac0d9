"""Tries readers, and rules, on what atheris makes of their corpus, led by the coverage of our own code.

python -m tests.fuzz.guided SECONDS READER...
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

from tests.scratch import scratch

_TRACED = 10.0  # how many times slower a process may be under the tracer
_FEW = 10  # one text of so many tells what there is to import
_LIMITS = ("-max_len=8192", "-timeout=900", "-rss_limit_mb=3000", "-verbosity=0", "-print_final_stats=0")


def main(seconds: float, names: list[str]) -> None:
    """Tries these readers, and leaves nothing but what is kept."""
    with scratch("runcrew-lint-fuzz-") as folder:
        _tried(seconds, names, folder)


def _tried(seconds: float, names: list[str], home: Path) -> None:
    """Instruments what the readers import, once, and forks: atheris never returns."""
    with atheris.instrument_imports(include=["runcrew_lint"]):
        from tests.fuzz import ledger
        from tests.fuzz.properties import Broken, empty, reads, remember, runs
        from tests.fuzz.readers import READERS, Reader, corpus
        from tests.fuzz.trying import Trying, in_turn

        remember()
        root = empty(Path(tempfile.mkdtemp(dir=home)))

        def whole(reader: Reader, text: str, slower: float) -> None:
            reads(reader, text, slower)
            runs(root, reader.files(text), slower=slower)

        def loads(reader: Reader) -> None:
            for text in corpus(reader.name)[::_FEW]:
                with suppress(Broken):
                    whole(reader, text, 100 * _TRACED)

        def tries(trying: Trying) -> None:
            reader = READERS[trying.reader]

            def body(text: str) -> None:
                whole(reader, text, _TRACED)

            def tried(written: bytes) -> None:
                trying.one(written.decode(errors="ignore"), body)

            trying.again(body)
            kept = ledger.KEPT / "corpus" / reader.name
            kept.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=home))
            (folder / "seeds").mkdir()
            for number, text in enumerate(corpus(reader.name)):
                (folder / "seeds" / str(number)).write_bytes(text.encode())
            words = "".join(f"{_quoted(word)}\n" for word in reader.words)
            (folder / "words").write_text(words)
            atheris.Setup(
                [reader.name, *_LIMITS, f"-dict={folder / 'words'}", str(kept), str(folder / "seeds")], tried
            )
            atheris.Fuzz()

        for name in names:
            loads(READERS[name])
        in_turn(names, "guided", seconds, tries)


def _quoted(word: str) -> str:
    """A word as libFuzzer's dictionary takes it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
