"""Writes docs/rules/ from the catalogue and docs/locks.md from the lock table; tests prove them fresh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runcrew_lint.catalogue.load import Catalogue, load
from runcrew_lint.catalogue.page import page
from runcrew_lint.domains.migrations.locks.page import page as lock_page

FOLDER = Path(__file__).parent / "rules"
LOCKS = Path(__file__).parent / "locks.md"


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page by its path under docs/rules/."""
    made = {f"{name}.md": page(rule) for name, rule in catalogue.rules.items()}
    return {"README.md": "\n".join(_index(catalogue)) + "\n", **made}


def _index(catalogue: Catalogue) -> Iterator[str]:
    yield "# Rules"
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


def main() -> None:
    """Writes the folder anew."""
    FOLDER.mkdir(exist_ok=True)
    fresh = pages(load())
    for old in FOLDER.glob("*.md"):
        if old.name not in fresh:
            old.unlink()
    for name, text in fresh.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    LOCKS.write_text(lock_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
