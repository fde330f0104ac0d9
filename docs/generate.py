"""Writes docs/rules/ and the screenshots from the catalogue, locks.md from the lock table, and coverage.md,
compared.md and proof.md from the YAML beside them; tests prove them fresh.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import claims
from screen import screens

from runcrew_lint.catalogue.build import read
from runcrew_lint.catalogue.load import Catalogue, load
from runcrew_lint.catalogue.page import page
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.domains.migrations.locks.page import page as lock_page
from runcrew_lint.model.rule import Rule

FOLDER = Path(__file__).parent / "rules"
ASSETS = Path(__file__).parent / "assets"
LOCKS = Path(__file__).parent / "locks.md"
COVERAGE = Path(__file__).parent / "coverage.md"
# What to read beside a rule, by its family.
GUIDES = {
    "delivery": [("Branches to profiles", "guides/delivery.md")],
    "eas": [("Branches to profiles", "guides/delivery.md")],
    "migrations": [("Alembic without downtime", "guides/alembic.md"), ("Locks", "locks.md")],
    "secrets": [("When a secret is found", "guides/secrets.md"), ("How secrets are judged", "secrets.md")],
}
TEAMS = {"runcrew": "RunCrew", "zibro": "Zibro"}


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page by its path under docs/rules/."""
    near = _near(catalogue)
    made = {f"{name}.md": page(rule) + _see_also(rule, near[name]) for name, rule in catalogue.rules.items()}
    return {"README.md": "\n".join(_index(catalogue)) + "\n", **made}


def _near(catalogue: Catalogue) -> dict[str, set[str]]:
    """Of each rule, those that its words name and those that speak beside it in an example, both ways."""
    near: dict[str, set[str]] = {name: set() for name in catalogue.rules}
    for name, rule in catalogue.rules.items():
        words = words_of(rule)
        named = set(re.findall(r"[a-z]+(?:-[a-z]+)+", f"{words['why']} {rule.remedy}"))
        beside = {other for example in words.get("examples", ()) for other in example.get("also", ())}
        for other in (named | beside) & near.keys() - {name}:
            near[name].add(other)
            near[other].add(name)
    return near


def _see_also(rule: Rule, near: set[str]) -> str:
    read = [f"[{title}](../{page})" for title, page in GUIDES.get(rule.family, ())]
    links = [*(f"[{name}]({name}.md)" for name in sorted(near)), *read]
    return "\n## See also\n\n" + "".join(f"- {link}\n" for link in links) if links else ""


def _index(catalogue: Catalogue) -> Iterator[str]:
    families = Counter(rule.family for rule in catalogue.rules.values())
    yield "# Rules"
    yield ""
    counted = (f"[{family}](#{family}) {families[family]}" for family in catalogue.families)
    yield f"{len(catalogue.rules)} rules: {', '.join(counted)}."
    yield ""
    yield (
        "What a rule rests on says when it speaks: [the policy](../policy.md). `--fix` makes the safe fixes; "
        "an unsafe one is for you to read, and waits for `--unsafe-fixes`."
    )
    for family in catalogue.families:
        yield from (
            "",
            f"## {family}",
            "",
            "| rule | severity | rests on | fix | |",
            "| --- | --- | --- | --- | --- |",
        )
        for name, rule in sorted(catalogue.rules.items()):
            if rule.family == family:
                words = rule.summary.replace("|", "\\|")
                row = f"[{name}]({name}.md)", rule.severity.value, rule.mark.value, rule.fix, words
                yield f"| {' | '.join(row)} |"


def coverage(catalogue: Catalogue) -> str:
    """The page that says what holds each line of the teams' documents."""
    said = read(COVERAGE.with_suffix(".yaml"))
    return "\n".join(_coverage(said, catalogue)) + "\n"


def _coverage(said: dict[str, list[dict[str, Any]]], catalogue: Catalogue) -> Iterator[str]:
    yield "# What holds the teams' documents"
    yield ""
    yield (
        "Every line of [RunCrew's](../fixtures/seed/documents/runcrew.md) and "
        "[Zibro's](../fixtures/seed/documents/zibro.md) documents: the rules that hold it, or why no "
        "reading of files can."
    )
    for team, rows in said.items():
        yield from ("", f"## {TEAMS[team]}", "", "| lines | what they say | held by |", "| --- | --- | --- |")
        for row in rows:
            first, last = row["lines"].split("-")
            rules = ", ".join(_link(name) for name in row.get("rules", ()))
            reason = f"*not judged:* {row['reason']}" if "reason" in row else ""
            held = "<br>".join(each for each in (rules, reason) if each)
            yield f"| {first if first == last else f'{first}-{last}'} | {row['says']} | {held} |"
    named = {name for rows in said.values() for row in rows for name in row.get("rules", ())}
    rest = sorted(set(catalogue.rules) - named)
    yield from ("", "## Beyond the documents", "")
    yield "What neither document names, by the section that it serves; what serves none guards our own word."
    yield ""
    served: dict[str, list[str]] = {}
    for name in rest:
        section = next(iter(words_of(catalogue.rules[name]).get("serves", ())), "")
        served.setdefault(section, []).append(name)
    for section, names in sorted(served.items()):
        team, _, number = section.partition(" ")
        title = f"{TEAMS[team]}, {number}" if section else "none"
        yield f"- **{title}**: {', '.join(_link(name) for name in names)}"


def _link(name: str) -> str:
    return f"[{name}](rules/{name}.md)"


def main() -> None:
    """Writes the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    fresh = pages(load())
    for old in FOLDER.glob("*.md"):
        if old.name not in fresh:
            old.unlink()
    for name, text in fresh.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for name, picture in screens(load()).items():
        (ASSETS / name).write_text(picture, encoding="utf-8")
    (FOLDER.parent / "compared.md").write_text(claims.compared(), encoding="utf-8")
    (FOLDER.parent / "proof.md").write_text(claims.proof(), encoding="utf-8")
    LOCKS.write_text(lock_page(), encoding="utf-8")
    COVERAGE.write_text(coverage(load()), encoding="utf-8")


if __name__ == "__main__":
    main()
