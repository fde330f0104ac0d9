"""One page that stands alone: the findings, and the repository they were found in.

Nothing is loaded, and nothing of a repository is obeyed: all of its text is escaped, controls are written
out, and the page's own policy lets no style and no script run but those that it brings along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runcrew_lint.reporters.document import markup
from runcrew_lint.reporters.html.page import page
from runcrew_lint.reporters.look import Look

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome


def render(outcome: Outcome, _look: Look) -> str:
    """The whole page, ending in a newline."""
    return markup(page(outcome))
