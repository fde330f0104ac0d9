"""Variables whose text a script has read once more: as a command, or as variables of the steps behind it.

Source: docs.github.com, "Workflow commands" (GITHUB_ENV, GITHUB_PATH); POSIX, `eval` and `sh -c`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents.scalars import later
from runcrew_lint.documents.tree import Node, Scalar, at, text_at
from runcrew_lint.domains.workflows.expression_facts import Reread
from runcrew_lint.domains.workflows.expression_names import names_in
from runcrew_lint.domains.workflows.facts import Pair
from runcrew_lint.domains.workflows.nodes import pairs
from runcrew_lint.domains.workflows.scripts import language_of, stepped
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_VARIABLE = r"\$(?:\{(?P<braced>\w+)\}|(?P<bare>\w+))"
# Up to a variable that stands bare or in double quotes; what single quotes hold is read once, as it should.
_AS_COMMAND = lazily(rf"(?m)^(?!\s*#)(?:[^\n#]*[\s;&|(])?(?P<how>eval)\s+[^\n;|&'()`]*?{_VARIABLE}")
_AS_SCRIPT = lazily(
    rf"(?m)^(?!\s*#)(?:[^\n#]*[\s;&|(])?(?P<how>(?:ba|da|z)?sh\s+-c)\s+\"[^\"\n'()`]*?{_VARIABLE}"
)
_AS_SETTING = lazily(
    rf"(?m)^\s*(?:echo|printf)\s[^\n|`;&]*?{_VARIABLE}(?![^\n>]*\$\()[^\n|;&>]*>>\s*[\"']?\$\{{?"
    r"(?P<how>GITHUB_(?:ENV|PATH))\b"
)

_GUARDED = lazily(r"<<-?\s*[\"']?\$")
# `name=$(echo "$TITLE" | grep -o ... | sed ...)`: what of the text is left, and in how many lines.
_DERIVED = lazily(
    rf"(?m)^[ \t]*(?:(?:export|local|readonly)[ \t]+)?(?P<name>\w+)=\"?\$\("
    rf"(?:echo|printf)[ \t][^\n|`;&]*?{_VARIABLE}[\"']?[ \t]*(?P<filters>(?:\|[^\n]*)?)\)\"?[ \t]*$"
)
_FILTER = lazily(r"\|((?:'[^']*'|\"[^\"]*\"|[^|'\"])+)")
_OPTION_O = lazily(r"\s(?:-[A-Za-z]*o[A-Za-z]*|--only-matching)\b")
_ANYTHING = lazily(r"\[\^|(?<!\\)\.[*+]")  # in a pattern that says what is kept
_LIMITED = lazily(r"\[\^|\[:\^")  # in one that says what is taken out
_NEUTRAL = ("cut", "head", "tail", "sort", "uniq", "xargs")


def rereads(source: Source, root: Node, is_action: bool) -> Iterator[Reread]:
    """Each variable of a shell's script that an expression fills and that is read twice."""
    for around, step in stepped(root, is_action):
        script = at(step, "run")
        shell = text_at(step, "shell")
        language = language_of(shell) if shell else around.language
        if language != "shell" or not isinstance(script, Scalar) or not isinstance(script.value, str):
            continue
        given = {each.name: each for each in (*reversed(around.env), *pairs(at(step, "env")))}
        split = set(_derive(script.value, given))
        # Between two lines that nobody can guess, line breaks are only text.
        patterns = (_AS_COMMAND, _AS_SCRIPT, *(() if _GUARDED.search(script.value) else (_AS_SETTING,)))
        places = later(source.text, script)
        for pattern in patterns:
            for found in pattern.finditer(script.value):
                group = "braced" if found["braced"] else "bare"
                pair = given.get(found[group])
                if pair is None or "${{" not in pair.value:
                    continue
                span = places().span(found.start(group), found.end(group))
                how = re.sub(r"\s+", " ", found["how"])
                named = found[group]
                yield Reread(
                    around.job, named, how, pair.value, span, names_in(pair.value), split=named in split
                )


def _derive(script: str, given: dict[str, Pair]) -> Iterator[str]:
    """Adds the variables that a script makes of those it is given, and yields those that may have lines."""
    for found in _DERIVED.finditer(script):
        pair = given.get(found["braced"] or found["bare"])
        lines = _lines_left(found["filters"]) if pair is not None and "${{" in pair.value else None
        if pair is not None and lines is not None:
            given[found["name"]] = pair
            if lines:
                yield found["name"]


def _lines_left(filters: str) -> bool | None:
    """Whether filters make lines of one; None where they leave harmless characters alone, or nobody knows."""
    split = False
    for each in _FILTER.findall(filters):
        words = each.split()
        program = words[0] if words else ""
        if program in ("grep", "egrep"):
            if _OPTION_O.search(each):
                if not _ANYTHING.search(each):
                    return None
                split = True
        elif program == "sed":
            if _LIMITED.search(each):
                return None
        elif program not in _NEUTRAL:
            return None
    return split
