"""What a script writes to $GITHUB_OUTPUT and $GITHUB_ENV."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runcrew_lint.documents.shell_tree import Group, PartKind, Simple, Statement, Word
from runcrew_lint.domains.delivery.expansion import Expansion
from runcrew_lint.domains.delivery.state import State
from runcrew_lint.domains.lattice import Value, join, known, lift, unknown
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.patterns import lazily

_OUTPUT = lazily(r"([A-Za-z_][\w-]*)=(.*)", re.DOTALL)


def written(words: Expansion, statements: Iterable[Statement], state: State) -> dict[str, Value]:
    """The `name=value` lines that `echo` and `printf` write.

    Arguments:
        words: what knows the script's words.
    """
    found: dict[str, Value] = {}
    for each in statements:
        if isinstance(each, Group):
            found |= written(words, each.body, state)
        if not isinstance(each, Simple) or not each.words:
            continue
        if each.words[0].literal not in ("echo", "printf"):
            continue
        said = [one for one in words.expand(each.words[1:], state) if one.text not in ("-n", "-e")]
        line = lift(lambda *texts: " ".join(map(to_text, texts)), *(word.value for word in said))
        for option in line.options:
            if pair := _OUTPUT.fullmatch(to_text(option).removesuffix("\\n")):
                before = found.get(pair[1])
                value = known(pair[2])
                found[pair[1]] = join((before, value)) if before else value
        if line.is_unknown and (head := _name_written(each.words[1:])):
            found[head] = unknown(line.reason)
    return found


def _name_written(words: tuple[Word, ...]) -> str:
    head = next((part for word in words for part in word.parts if part.kind is PartKind.TEXT), None)
    found = _OUTPUT.match(head.text) if head else None
    return found[1] if found else ""
