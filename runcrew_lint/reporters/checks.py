"""The checks of a branch as text or JSON."""

from __future__ import annotations

from typing import Any

from runcrew_lint.domains.review.contexts import CheckContext
from runcrew_lint.engine.required import Checks
from runcrew_lint.reporters.document import document

FORMATS = ("text", "json")


def as_data(checks: Checks) -> dict[str, Any]:
    """All of it as plain data."""
    known = {name for name in checks.required if any(each.is_named(name) for each in checks.contexts)}
    return {
        "version": 1,
        "branch": checks.branch,
        "rules": checks.has_rules,
        "checks": [_check(each, checks) for each in checks.contexts],
        "unreported": [
            {"name": name, "path": place.path, "line": checks.lines[place]}
            for name, place in checks.required.items()
            if name not in known
        ],
    }


def _check(each: CheckContext, checks: Checks) -> dict[str, Any]:
    return {
        "name": each.shown,
        "exact": not each.is_open,
        "path": each.place.path,
        "line": checks.lines[each.place],
        "event": each.event,
        "required": any(each.is_named(name) for name in checks.required),
        "skipped_by": [
            {
                "why": skip.why.value,
                "text": skip.text,
                "path": skip.place.path,
                "line": checks.lines[skip.place],
            }
            for skip in each.skips
        ],
    }


def rendered(form: str, checks: Checks) -> str:
    """The checks in one of FORMATS."""
    data = as_data(checks)
    if form == "json":
        return document(data)
    return _text(data)


def _text(data: dict[str, Any]) -> str:
    sure = [each for each in data["checks"] if not each["skipped_by"]]
    unsure = [each for each in data["checks"] if each["skipped_by"]]
    lines = [f"Checks of a pull request into {data['branch']}"]
    if sure:
        lines += ["", "always reported, so they can be required:"]
        lines += [_line(each) for each in sure]
    if unsure:
        lines += ["", "not always reported:"]
        for each in unsure:
            lines.append(_line(each))
            lines += [f"      {skip['text']}  {skip['path']}:{skip['line']}" for skip in each["skipped_by"]]
    if data["unreported"]:
        lines += ["", "required, and reported by no job here:"]
        lines += [f"  ! {each['name']}  {each['path']}:{each['line']}" for each in data["unreported"]]
    required = sum(each["required"] for each in data["checks"])
    ruled = f"{required} required" if data["rules"] else "no ruleset for the branch is kept here"
    many = len(data["checks"])
    lines += ["", f"{many} {'check' if many == 1 else 'checks'}, {len(sure)} always reported, {ruled}"]
    return "\n".join(lines) + "\n"


def _line(each: dict[str, Any]) -> str:
    mark = "*" if each["required"] else " "
    return f"  {mark} {each['name']}  {each['path']}:{each['line']}"
