"""What a finding says never repeats a secret of the files that were read for it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.domains import kinds as domains
from runcrew_lint.engine import case, seen
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.run import Request, run
from runcrew_lint.engine.scrub import Cover
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Secrets
from runcrew_lint.text import Place, Source, Span
from tests.fixtures_git import repository_from
from tests.generated import KINDS
from tests.secrets.reading import policy

VALUE = KINDS["password"](random.Random("scrub")).decode()
COVERED = VALUE[:4] + "*" * (len(VALUE) - 4)
FILES = {
    "a.py": Source("a.py", f'JWT_SECRET = "{VALUE}"\n'),
    "b.py": Source("b.py", "x = 1\n"),
    "d.py": Source("d.py", 'JWT_SECRET = "password"\n'),
    "e.py": Source("e.py", 'JWT_SECRET = "pelicans"\n'),
    "f.py": Source("f.py", 'JWT_SECRET = "pelicansharbour"\n'),
    "g.py": Source("g.py", 'JWT_SECRET = "pelican7s"\n'),
}
HERE = Span(0, 1)


def said(fault: Fault, *holding: str) -> Fault:
    cover = Cover(holding or FILES, FILES.get, seen.Seen(policy()))
    return next(cover.verdicts([Verdict("rule", fault)])).fault


def test_every_word_of_a_finding_is_covered() -> None:
    fault = said(
        Fault(
            Place("a.py", HERE),
            f"it says {VALUE} twice: {VALUE}",
            related=(Related(Place("b.py", HERE), f"like {VALUE}"),),
            notes=(Note("why", f"because of {VALUE}"),),
            help=f"take {VALUE} out",
        )
    )
    assert fault.message == f"it says {COVERED} twice: {COVERED}"
    assert fault.related[0].message == f"like {COVERED}"
    assert fault.notes[0].text == f"because of {COVERED}"
    assert fault.help == f"take {COVERED} out"


def test_a_secret_of_a_file_that_it_does_not_name_counts() -> None:
    assert said(Fault(Place("gone.py", HERE), f"x {VALUE}")).message == f"x {COVERED}"


def test_so_does_one_that_was_folded() -> None:
    folded = f"no stage is called {VALUE.lower()}"
    assert said(Fault(Place("b.py", HERE), folded)).message == f"no stage is called {COVERED.lower()}"


def test_letters_that_fold_to_more_than_one_lose_nothing() -> None:
    assert said(Fault(Place("b.py", HERE), f"İ {VALUE}")).message == f"İ {COVERED}"


def test_no_file_is_opened_before_there_are_words() -> None:
    opened: list[str] = []

    def source(path: str) -> Source:
        opened.append(path)
        return FILES[path]

    cover = Cover(("a.py",), source, seen.Seen(policy()))
    assert not opened
    assert cover("x") == "x"
    assert opened == ["a.py"]


def test_a_word_that_anyone_can_guess_stays() -> None:
    """`password` is too common a word to be covered wherever it stands."""
    assert said(Fault(Place("d.py", HERE), "give it a password")).message == "give it a password"


@pytest.mark.parametrize(
    ("said_of_it", "shown"),
    [
        ("no index of pelicans_fed begins with it", "no index of pelicans_fed begins with it"),
        ("dev-pelicans and 2pelicans", "dev-pelicans and 2pelicans"),
        ("redis://pelicans:pelicans@db", "redis://pe******:pe******@db"),
        ("`redis-cli -a pelicans`", "`redis-cli -a pe******`"),
        ("it runs `redis-cli -a pelica...`", "it runs `redis-cli -a pe****...`"),
    ],
)
def test_a_short_word_is_none_within_a_name(said_of_it: str, shown: str) -> None:
    assert said(Fault(Place("e.py", HERE), said_of_it), "e.py").message == shown


@pytest.mark.parametrize(
    ("path", "said_of_it", "shown"),
    [
        ("f.py", "no index of pelicansharbour_fed", "no index of pel************_fed"),
        ("g.py", "no index of pelican7s_fed", "no index of pe*******_fed"),
    ],
)
def test_what_is_long_or_no_word_is_covered_in_a_name_too(path: str, said_of_it: str, shown: str) -> None:
    assert said(Fault(Place(path, HERE), said_of_it), path).message == shown


@pytest.mark.parametrize(
    ("said_of_it", "shown"),
    [
        (f"`ship {VALUE[:12]}...` runs", f"`ship {COVERED[:12]}...` runs"),
        (f"`ship {VALUE[:9]}` runs", f"`ship {COVERED[:9]}` runs"),
        (f"ship {VALUE[:12]}…", f"ship {COVERED[:12]}…"),
        (f"ship {VALUE[:12]}", f"ship {COVERED[:12]}"),
        (f"{VALUE[:12]}... and {VALUE}", f"{COVERED[:12]}... and {COVERED}"),
        (f"{VALUE[:12]} is another word", f"{VALUE[:12]} is another word"),
        (f"{VALUE[:5]}...", f"{VALUE[:5]}..."),
    ],
)
def test_a_value_that_was_cut_short_is_covered(said_of_it: str, shown: str) -> None:
    """A word that only begins alike stays: where nothing was cut it is another one."""
    assert said(Fault(Place("a.py", HERE), said_of_it)).message == shown


def test_what_says_nothing_is_the_same_object() -> None:
    fault = Fault(Place("a.py", HERE), "nothing of it")
    assert said(fault) is fault


def test_a_reader_that_fails_covers_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from runcrew_lint.domains.secrets import read

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(read, "read", fails)
    seen._finder.cache_clear()
    source = Source("c.py", f"anything {VALUE}\n")
    assert Span(0, len(source.text)) in seen.Seen(policy()).spans(source)
    assert VALUE in seen.Seen(policy()).values(source)
    seen._finder.cache_clear()


def test_a_clean_run_looks_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(case, "holders", fails)
    root = repository_from({"a.py": f'JWT_SECRET = "{VALUE}"\n'}, tmp_path / "root")
    assert run(Request(root, policy="runcrew", select=("private-key",))).report.findings == ()
    with pytest.raises(AssertionError):
        run(Request(root, policy="runcrew", select=("secret-in-code",)))


def test_what_is_a_secret_decides_what_is_kept() -> None:
    """A fact that was kept under one policy may repeat what another calls a secret."""
    named = replace(policy(), secrets=Secrets(names=("TICKET",)))
    assert Bound(domains.KINDS["workflow"], named).tag != Bound(domains.KINDS["workflow"], policy()).tag
