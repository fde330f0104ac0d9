"""A key or value of eas.json that EAS has given up."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.eas.facts import EasConfig, Written
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span

_CLASSES = {"m1-medium": "m-medium", "m-large": "large"}
_KEYS = {
    "expoCli": "no build looks at it since SDK 46 brought its own CLI",
    "cacheDefaultPaths": "it was about the CocoaPods cache, and is to go",
    "releaseChannel": "the classic updates that it named have ended; EAS Update goes by `channel`",
}


def check(fact: EasConfig, _policy: Policy) -> Iterator[Fault]:
    """One fault a key; what has a new name is renamed."""
    for each in fact.written:
        if each.path[0] != "build" or len(each.path) < 3 or "env" in each.path[2:-1]:
            continue
        name = each.path[-1]
        if name == "resourceClass" and each.value in _CLASSES:
            yield _class(fact, each)
        elif name in _KEYS:
            place = Place(fact.path, each.key_span)
            mend = None
            if name == "expoCli":
                arguments = (("title", "removes expoCli"), ("safety", "safe"))
                mend = MendRequest("json_members.remove", place, arguments)
            help_ = {"expoCli": "remove it", "releaseChannel": "name the `channel`"}.get(name, "remove it")
            yield Fault(place, f"`{name}` is deprecated: {_KEYS[name]}", help=help_, mend=mend)
    yield from (_custom_paths(fact, span) for span in fact.custom_paths)


def _custom_paths(fact: EasConfig, span: Span) -> Fault:
    place = Place(fact.path, span)
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", "renames customPaths to paths"),
        ("safety", "safe"),
        ("key", "paths"),
    )
    return Fault(
        place,
        "`cache.customPaths` is deprecated: EAS calls it `paths` and is to forget the old name",
        help="rename it to `paths`",
        mend=MendRequest("json_members.rename", place, arguments),
    )


def _class(fact: EasConfig, each: Written) -> Fault:
    new = _CLASSES[str(each.value)]
    place = Place(fact.path, each.span)
    arguments: tuple[tuple[str, Plain], ...] = (
        ("title", f"sets resourceClass to {new}"),
        ("safety", "safe"),
        ("value", new),
    )
    return Fault(
        place,
        f"the resource class `{each.value}` is deprecated: EAS means `{new}` by it",
        help=f"write `{new}`",
        mend=MendRequest("json.set_value", place, arguments),
    )
