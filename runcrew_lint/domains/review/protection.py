"""Branch protection as code: rulesets under .github/rulesets, and .github/settings.yml of the Settings app.

Sources: docs.github.com, "Get a repository ruleset"; github.com/repository-settings/app, "branches".
"""

from __future__ import annotations

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.review.facts import BranchRule
from runcrew_lint.text import Source

_COUNT = "required_approving_review_count"


def read(source: Source, reading: Reading) -> BranchRule | None:
    """What the file asks for; of several branches in one file, the first that is protected.

    Errors:
        Unreadable where the file does not parse.
    """
    del reading
    if source.path.endswith(".json"):
        return _ruleset(source, source.derive(json.parse))
    from runcrew_lint.documents import yaml  # a ruleset needs none

    return _settings(source, source.derive(yaml.parse))


def _ruleset(source: Source, root: Node) -> BranchRule | None:
    if text_at(root, "target") not in ("branch", None) or text_at(root, "enforcement") != "active":
        return None
    names = at(root, "conditions", "ref_name", "include")
    items = names.items if isinstance(names, Sequence) else ()
    branches = tuple(
        str(each.value).removeprefix("refs/heads/") for each in items if isinstance(each, Scalar)
    )
    rules = at(root, "rules")
    for rule in rules.items if isinstance(rules, Sequence) else ():
        if text_at(rule, "type") == "pull_request":
            count = at(rule, "parameters", _COUNT)
            return BranchRule(source.path, branches, _number(count) or 0, (count or rule).span)
    return BranchRule(source.path, branches, None, (at(root, "name") or root).span)


def _settings(source: Source, root: Node) -> BranchRule | None:
    branches = at(root, "branches")
    for branch in branches.items if isinstance(branches, Sequence) else ():
        name, protection = text_at(branch, "name"), at(branch, "protection")
        if name and isinstance(protection, Mapping):
            reviews = at(protection, "required_pull_request_reviews")
            count = at(reviews, _COUNT)
            asked = (_number(count) or 0) if isinstance(reviews, Mapping) else None
            return BranchRule(source.path, (name,), asked, (count or reviews or protection).span)
    return None


def _number(node: Node | None) -> int | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, int) else None
