"""maintainer-deprecated: the instruction that LABEL has taken the place of."""

from __future__ import annotations

import json
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_PLAIN = lazily(r"[^\"\\$`\n]+")


def check(fact: Image, policy: Policy) -> Iterator[Fault]:
    """A fault at each MAINTAINER; the mend is exact for a name without quotes, escapes and variables."""
    for instructions in (fact.preamble, *(stage.instructions for stage in fact.stages)):
        for each in instructions:
            if each.keyword != "MAINTAINER" or not each.values:
                continue
            name = each.values[0].written.strip()
            bare = name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
            place = Place(fact.path, each.span)
            text = f"LABEL org.opencontainers.image.authors={json.dumps(bare, ensure_ascii=False)}"
            told = (("title", "says the author in a LABEL"), ("text", text), ("name", name))
            exact = _PLAIN.fullmatch(bare) and not each.onbuild
            yield Fault(
                place,
                "MAINTAINER has been deprecated since Docker 1.13 and no tool shows it; a label is shown by "
                "every registry and by `docker inspect`",
                mend=MendRequest("dockerfile.maintainer", place, told) if exact else None,
            )
