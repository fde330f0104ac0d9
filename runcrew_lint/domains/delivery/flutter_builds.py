"""Which environment a Flutter build is made for, as far as its own words say."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.delivery.names import Reach, reach_of, tokens_of
from runcrew_lint.domains.delivery.state import Argument

_FILES = frozenset(("--dart-define-from-file", "-t", "--target"))
_SAYS = frozenset(("env", "environment", "flavor", "flavour", "stage", "url", "host"))


def built_for(edge: Edge) -> Reach:
    """The one environment that flavor, definitions and files name; Reach.UNSAID where none or several do.

    `--flavor staging`, `--dart-define=APP_ENV=staging`, `-t lib/main_staging.dart`.
    """
    said = {reach_of(each) for each in _names(edge.did.options)} - {Reach.UNSAID}
    return said.pop() if len(said) == 1 else Reach.UNSAID


def _names(options: tuple[Argument, ...]) -> Iterator[str]:
    before = ""
    for each in options:
        word = each.text or ""
        option, _, value = word.partition("=") if word.startswith("-") else (before, "", word)
        before = word
        if option in _FILES:
            yield value.rpartition("/")[2]
        elif option == "--flavor":
            yield value
        elif option == "--dart-define":
            name, _, value = value.partition("=")
            if not tokens_of(name).isdisjoint(_SAYS):
                yield value
