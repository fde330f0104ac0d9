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
    rf"(?m)^\s*(?:echo|printf)\s[^\n|`;&]*?{_VARIABLE}(?![^\n>]*\$\()[^\n|;&>]*>>\s*[\"']?\$\{{?(?P<how>GITHUB_ENV)\b"
)

_GUARDED = lazily(r"<<-?\s*[\"']?\$")


def rereads(source: Source, root: Node, is_action: bool) -> Iterator[Reread]:
    """Each variable of a shell's script that an expression fills and that is read twice."""
    for around, step in stepped(root, is_action):
        script = at(step, "run")
        shell = text_at(step, "shell")
        language = language_of(shell) if shell else around.language
        if language != "shell" or not isinstance(script, Scalar) or not isinstance(script.value, str):
            continue
        given = {each.name: each for each in (*reversed(around.env), *pairs(at(step, "env")))}
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
                yield Reread(around.job, pair.name, how, pair.value, span, names_in(pair.value))
