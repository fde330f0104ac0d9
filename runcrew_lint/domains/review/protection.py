"""Branch protection as code: rulesets under .github/rulesets, and .github/settings.yml of the Settings app.

Sources: docs.github.com, "Get a repository ruleset"; github.com/repository-settings/app, "branches", whose
keys are those of "Update branch protection".
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.review.facts import BranchRule, BranchRules, Bypass, Idle, RequiredCheck
from runcrew_lint.text import Source

_COUNT = "required_approving_review_count"


def read(source: Source, reading: Reading) -> BranchRules | None:
    """What the file asks for; None for one that protects no branch.

    Errors:
        Unreadable where the file does not parse.
    """
    del reading
    if source.path.endswith(".json"):
        root = source.derive(json.parse)
        rules, idle = tuple(_ruleset(root)), tuple(_idle(root))
        return BranchRules(source.path, rules, idle) if rules or idle else None
    from runcrew_lint.documents import yaml  # a ruleset needs none

    rules = tuple(_settings(source.derive(yaml.parse)))
    return BranchRules(source.path, rules) if rules else None


def _idle(root: Node) -> Iterator[Idle]:
    enforcement = at(root, "enforcement")
    if isinstance(enforcement, Scalar) and enforcement.value in ("evaluate", "disabled"):
        if text_at(root, "target") in ("branch", None):
            said = str(enforcement.value)
            yield Idle(_names(root, "include"), _names(root, "exclude"), said, enforcement.span)


def _ruleset(root: Node) -> Iterator[BranchRule]:
    if text_at(root, "target") not in ("branch", None) or text_at(root, "enforcement") != "active":
        return
    rules = {text_at(each, "type") or "": each for each in _items(at(root, "rules"))}
    request = rules.get("pull_request")
    count = at(request, "parameters", _COUNT)
    yield BranchRule(
        _names(root, "include"),
        _names(root, "exclude"),
        (_number(count) or 0) if request is not None else None,
        (count or request or at(root, "name") or root).span,
        tuple(_required(rules.get("required_status_checks"))),
        force_pushes="non_fast_forward" not in rules,
        deletions="deletion" not in rules,
        bypasses=tuple(_bypasses(root)),
    )


def _required(rule: Node | None) -> Iterator[RequiredCheck]:
    for each in _items(at(rule, "parameters", "required_status_checks")):
        name = at(each, "context")
        if isinstance(name, Scalar):
            yield RequiredCheck(str(name.value), _number(at(each, "integration_id")), name.span)


def _bypasses(root: Node) -> Iterator[Bypass]:
    for each in _items(at(root, "bypass_actors")):
        kind, number = text_at(each, "actor_type") or "", _number(at(each, "actor_id"))
        who = kind if number is None else f"{kind} {number}"
        yield Bypass(who, text_at(each, "bypass_mode") != "pull_request", each.span)


def _settings(root: Node) -> Iterator[BranchRule]:
    for branch in _items(at(root, "branches")):
        name, protection = at(branch, "name"), at(branch, "protection")
        if not isinstance(name, Scalar) or not isinstance(protection, Mapping):
            continue
        reviews = at(protection, "required_pull_request_reviews")
        count = at(reviews, _COUNT)
        checks = at(protection, "required_status_checks")
        listed = [
            *_items(at(checks, "contexts")),
            *(at(each, "context") for each in _items(at(checks, "checks"))),
        ]
        yield BranchRule(
            (str(name.value),),
            (),
            (_number(count) or 0) if isinstance(reviews, Mapping) else None,
            (count or reviews or protection).span,
            tuple(
                RequiredCheck(str(each.value), None, each.span) for each in listed if isinstance(each, Scalar)
            ),
            force_pushes=_is_true(at(protection, "allow_force_pushes")),
            deletions=_is_true(at(protection, "allow_deletions")),
        )


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _names(root: Node, key: str) -> tuple[str, ...]:
    found = _items(at(root, "conditions", "ref_name", key))
    return tuple(str(each.value).removeprefix("refs/heads/") for each in found if isinstance(each, Scalar))


def _number(node: Node | None) -> int | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, int) else None


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True
