"""Where a change asks for less than the law it is judged by: each key, and what is less about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runcrew_lint.catalogue.choose import Chosen, choose, expand
from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.own import with_own
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.model.finding import Severity
from runcrew_lint.policy.model import Environment, Excuse, Policy
from runcrew_lint.policy.show import as_data
from runcrew_lint.tuples import NamedTuple

_FEW = 4  # names that a message lists
Key = tuple[str, ...]


class Weakening(NamedTuple):
    """One key of the policy, as a path of keys, and what it lets pass."""

    key: Key
    said: str


def weakenings(
    law: Policy, kept: Baseline | None, now: Policy, kept_now: Baseline | None, catalogue: Catalogue
) -> Iterator[Weakening]:
    """What the policy of now asks less for than the law.

    A value that the law names and that is another one now counts: nobody can tell which of two addresses is
    the right one. A value that the law does not name may be added, where it only asks for more.
    """
    if law.named and not now.named:
        yield Weakening((), "the policy is gone, so nothing that the team wrote would be asked for")
        return
    yield from _rules(law, now, catalogue)
    yield from _values(law, now)
    yield from _environments(law, now)
    yield from _lists(law, now)
    yield from _workflows(as_data(law).get("workflows", {}), as_data(now).get("workflows", {}))
    yield from _let_be(law, now)
    more = Counter(kept_now.counts if kept_now else {}) - Counter(kept.counts if kept else {})
    if more:
        count = sum(more.values())
        yield Weakening(("baseline",), f"it would hold {count:,} finding{'' if count == 1 else 's'} more")


def _rules(law: Policy, now: Policy, catalogue: Catalogue) -> Iterator[Weakening]:
    """The rules that are off, weigh less, judge otherwise or are asked otherwise."""
    theirs = with_own(catalogue, now)
    was, on = choose(with_own(catalogue, law), law), choose(theirs, now)
    off: dict[Key, list[str]] = {}
    for name, each in was.items():
        if name not in theirs.rules:
            yield Weakening(("rules", "own", name), "the rule is gone")
            continue
        if name not in on:
            off.setdefault(_cause(name, law, now, theirs), []).append(name)
            continue
        if each.rule.shape != on[name].rule.shape:
            yield Weakening(("rules", "own", name), "the rule judges otherwise than it did")
        if _weighs_less(each, on[name]):
            said = f"{name} weighs {on[name].severity.value} where it weighed {each.severity.value}"
            yield Weakening(("rules", "severity", name), said)
        for option, value in each.options.items():
            if on[name].options[option] != value:
                said = (
                    f"`{option}` of {name} is {_plain(on[name].options[option])} where it was {_plain(value)}"
                )
                yield Weakening(("rules", "options", name), said)
    for key, names in off.items():
        yield Weakening(key, f"it turns off {_listed(names)}")


def _cause(name: str, law: Policy, now: Policy, catalogue: Catalogue) -> Key:
    """The key that turns a rule off."""
    if name in expand(catalogue, now.rules.ignore):
        return ("rules", "ignore")
    if now.rules.severity.get(name) == Severity.OFF.value:
        return ("rules", "severity", name)
    if now.facts_only and not law.facts_only:
        return ("facts_only",)
    selected = {name, catalogue.rules[name].family, "all"}.intersection(law.rules.select)
    return ("rules", "select") if selected else ("extends",)


def _weighs_less(was: Chosen, now: Chosen) -> bool:
    """A weight that the policy fixes holds for those faults, too, that would say otherwise of themselves."""
    fixed = now.fixed and not was.fixed and now.severity is not Severity.ERROR
    return now.severity.weight < was.severity.weight or (fixed and now.severity is was.severity)


def _values(law: Policy, now: Policy) -> Iterator[Weakening]:
    if now.postgres > law.postgres:
        yield Weakening(
            ("postgres",),
            f"it is {now.postgres} where it was {law.postgres}, which forgives locks of older servers",
        )
    if now.migrations.after and now.migrations.after != law.migrations.after:
        yield Weakening(
            ("migrations", "after"), f"revisions up to {now.migrations.after} would not be judged"
        )
    for key, was, value in (
        (("default_branch",), law.default_branch, now.default_branch),
        (("migrations", "sql_dialect"), law.migrations.sql_dialect, now.migrations.sql_dialect),
        (("flutter", "distribute_branch"), law.flutter.distribute_branch, now.flutter.distribute_branch),
        (("flutter", "store_branch"), law.flutter.store_branch, now.flutter.store_branch),
    ):
        if was and value != was:
            yield Weakening(key, _otherwise(value, was))
    if now.migrations.sql_transaction != law.migrations.sql_transaction:
        said = _otherwise(now.migrations.sql_transaction, law.migrations.sql_transaction)
        yield Weakening(("migrations", "sql_transaction"), said)


_REFS = ("branch", "tag", "deploy_branch")


def _environments(law: Policy, now: Policy) -> Iterator[Weakening]:
    """What an environment must be, and which refs may reach it."""
    for was in law.environments:
        is_ = now.environment(was.name)
        if is_ is None:
            yield Weakening(
                ("environments", was.name), "the environment is gone, and with it what it asks for"
            )
            continue
        for key in ("eas_profile", "api_url", *_REFS, "eas"):
            before, after = getattr(was, key), getattr(is_, key)
            if before != after and (before or key in _REFS) and not _asks_more(before, after):
                yield Weakening(("environments", was.name, key), _otherwise(after, before))
    for new in now.environments:
        if law.environment(new.name) is None and _opens(new):
            refs = _listed([ref for ref in (new.branch, new.tag, new.deploy_branch) if ref])
            yield Weakening(("environments", new.name), f"{refs} would be let reach production, too")


def _asks_more(before: Any, after: Any) -> bool:
    """Whether a mapping holds all that it held."""
    return isinstance(before, Mapping) and isinstance(after, Mapping) and {**after, **before} == dict(after)


def _opens(environment: Environment) -> bool:
    refs = environment.branch or environment.tag or environment.deploy_branch
    return bool(refs) and reach_of(environment.name) is Reach.PRODUCTION


_LESS_ASKS_LESS: tuple[tuple[Key, Callable[[Policy], Sequence[Any]]], ...] = (
    (("rules", "plugins"), lambda policy: policy.rules.plugins),
    (("branches",), lambda policy: policy.branches),
    (("release_tags",), lambda policy: policy.release_tags),
    (("flutter", "flavors"), lambda policy: policy.flutter.flavors),
    (("secrets", "names"), lambda policy: policy.secrets.names),
    (("secrets", "endings"), lambda policy: policy.secrets.endings),
    (("secrets", "detectors"), lambda policy: policy.secrets.detectors),
    (("secrets", "contexts", "production"), lambda policy: policy.secrets.contexts.production),
    (("env_files", "local"), lambda policy: policy.env_files.local),
)
_MORE_ASKS_LESS: tuple[tuple[Key, Callable[[Policy], Sequence[Any]]], ...] = (
    (("branches",), lambda policy: policy.branches),
    (("release_tags",), lambda policy: policy.release_tags),
    (("secrets", "public"), lambda policy: policy.secrets.public),
    (("secrets", "placeholders"), lambda policy: policy.secrets.placeholders),
    (("secrets", "development"), lambda policy: policy.secrets.development),
    (("secrets", "contexts", "development"), lambda policy: policy.secrets.contexts.development),
    (("secrets", "contexts", "test"), lambda policy: policy.secrets.contexts.test),
    (("secrets", "contexts", "docs"), lambda policy: policy.secrets.contexts.docs),
    (("secrets", "contexts", "example"), lambda policy: policy.secrets.contexts.example),
    (("migrations", "small_tables"), lambda policy: policy.migrations.small_tables),
    (("env_files", "examples"), lambda policy: policy.env_files.examples),
)


def _lists(law: Policy, now: Policy) -> Iterator[Weakening]:
    for key, of in _LESS_ASKS_LESS:
        lost = [each for each in of(law) if each not in of(now)]
        if lost:
            yield Weakening(key, f"{_listed(map(_name, lost))} {'is' if len(lost) == 1 else 'are'} gone")
    for key, of in _MORE_ASKS_LESS:
        more = [each for each in of(now) if each not in of(law)]
        if more and (of(law) or key not in (("branches",), ("release_tags",))):
            yield Weakening(key, f"{_listed(map(_name, more))} {'is' if len(more) == 1 else 'are'} added")


def _workflows(law: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Weakening]:
    """The workflows that must be there, and what they must be."""
    for name, was in law.items():
        if name not in now:
            yield Weakening(("workflows", name), "it is gone, so nobody asks for the workflow")
        elif now[name] != was and not _asks_more(was, now[name]):
            yield Weakening(("workflows", name), _otherwise(now[name], was))


def _let_be(law: Policy, now: Policy) -> Iterator[Weakening]:
    """Files that would not be linted, and findings that would be excused."""
    globs = {each.glob for each in law.exclude}
    more = [each.glob for each in now.exclude if each.glob not in globs]
    if more:
        yield Weakening(("exclude",), f"{_listed(more)} would not be linted")
    known = [replace(each, place=None, reason="") for each in law.excuses]
    for excuse in now.excuses:
        if not any(_is_within(excuse, each) for each in known):
            where = f" in {_listed(excuse.paths)}" if excuse.paths else ""
            until = f" until {excuse.until}" if excuse.until else ""
            yield Weakening(("excuses",), f"{_listed(excuse.rules)} would be excused{where}{until}")
    for override in now.overrides:
        if override not in law.overrides:
            yield Weakening(("overrides",), f"{_listed(override.paths)} would be judged otherwise")


def _is_within(excuse: Excuse, known: Excuse) -> bool:
    """Whether one excuse covers no more than another."""
    return (
        set(excuse.rules) <= set(known.rules)
        and (not known.paths or (bool(excuse.paths) and set(excuse.paths) <= set(known.paths)))
        and (not known.until or ("" < excuse.until <= known.until))
    )


def _otherwise(now: Any, was: Any) -> str:
    return f"it is {_plain(now)} where it was {_plain(was)}" if now else f"{_plain(was)} is gone"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_plain(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_plain, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value) or "nothing"


def _name(value: Any) -> str:
    return str(getattr(value, "name", value))


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    few = ", ".join(every[:_FEW])
    return f"{few} and {len(every) - _FEW:,} more" if len(every) > _FEW else few
