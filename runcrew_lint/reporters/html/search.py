"""What narrows the findings down: a form that stays hidden until the page's script shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from runcrew_lint.model.finding import Severity
from runcrew_lint.reporters.html.words import plain, title_of


def search(families: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The form; `families` are those that are shown, with their rules."""
    yield '<form class="filter" role="search" aria-label="Findings" hidden>'
    yield '<input type="search" name="words" placeholder="Search findings" aria-label="Search findings">'
    yield '<fieldset><legend class="named">Severity</legend>'
    for weight in (Severity.ERROR.value, Severity.WARNING.value, Severity.INFO.value):
        box = f'<input type="checkbox" name="severity" value="{weight}" checked>'
        yield f'<label class="{weight}">{box}{weight}</label>'
    yield '</fieldset><select name="rule" aria-label="Family or rule"><option value="">All rules</option>'
    for family, rules in families.items():
        title = plain(title_of(family))
        yield f'<optgroup label="{title}"><option value="family:{plain(family)}">{title}, all rules</option>'
        yield from (f'<option value="rule:{plain(each)}">{plain(each)}</option>' for each in rules)
        yield "</optgroup>"
    yield '</select><button type="button" name="unfold">Open all</button>'
    yield '<button type="button" name="fold">Close all</button><output></output></form>'
