"""Builds the site of these pages into build/site: `make docs`.

The pages are copied into build/docs, where links that leave docs/ lead to pages of the site or to the
repository, and the navigation is made of the catalogue and of what lies in docs/: a new page needs no entry.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from runcrew_lint.catalogue.load import Catalogue, load

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
BUILD = ROOT / "build"
REPOSITORY = "https://github.com/runcrew/runcrew-lint/blob/main"
# Files beyond docs/ that are pages of the site, by the name that they have there.
ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "benchmarks/README.md": "benchmarks.md",
}
# What a reader is led through; whatever else lies in docs/ follows behind the reference.
PARTS = {
    "Start": ["index.md", "tutorial.md", "first-ten-minutes.md", "living-with-it.md"],
    "Guides": [
        "guides/adopt.md",
        "guides/alembic.md",
        "guides/delivery.md",
        "guides/secrets.md",
        "required-check.md",
    ],
    "Reference": ["policy.md", "locks.md", "secrets.md"],
    "Project": [
        "compared.md",
        "proof.md",
        "security.md",
        "coverage.md",
        "architecture.md",
        *ELSEWHERE.values(),
    ],
}
_PICTURES = (".svg", ".png")
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^()\s#]+)(?=[)#\s])")
# A page, or a title and what stands below it.
Entry: TypeAlias = "str | tuple[str, list[Entry]]"


def pages() -> dict[str, Path]:
    """Every page of the site, by its path there."""
    own = {page.relative_to(DOCS).as_posix(): page for page in sorted(DOCS.rglob("*.md"))}
    named = {path.replace("README.md", "index.md"): page for path, page in own.items()}
    return {**named, **{path: ROOT / name for name, path in ELSEWHERE.items()}}


def navigation(catalogue: Catalogue, there: Mapping[str, Path]) -> list[Entry]:
    """The parts, and the rules by family."""
    named = {path for part in PARTS.values() for path in part}
    rest = [path for path in there if path not in named and not path.startswith("rules/")]
    parts: list[Entry] = []
    for title, paths in PARTS.items():
        more = rest if title == "Reference" else []
        parts.append((title, [path for path in (*paths, *more) if path in there]))
    families: dict[str, list[Entry]] = {}
    for name, rule in sorted(catalogue.rules.items(), key=lambda each: (each[1].family, each[0])):
        if (path := f"rules/{name}.md") in there:
            families.setdefault(rule.family, []).append(path)
    return [*parts[:-1], ("Rules", ["rules/index.md", *families.items()]), parts[-1]]


def toml(entry: Entry) -> str:
    """An entry of the navigation as TOML has it."""
    if isinstance(entry, str):
        return f'"{entry}"'
    title, below = entry
    return f'{{"{title}" = [{", ".join(map(toml, below))}]}}'


def staged(path: str, there: Mapping[str, Path]) -> str:
    """The text of a page, its links made those of the site."""
    page = there[path]
    at = {file.resolve(): name for name, file in there.items()}

    def lead(link: re.Match[str]) -> str:
        target = (page.parent / link[1]).resolve()
        if target in at:
            return os.path.relpath(at[target], Path(path).parent)
        if target.is_relative_to(DOCS) or not target.exists():
            return link[1]
        if target.suffix in _PICTURES:  # it comes along: a page fetches nothing
            return os.path.relpath(f"assets/{target.name}", Path(path).parent)
        return f"{REPOSITORY}/{target.relative_to(ROOT).as_posix()}"

    return _LINK.sub(lead, page.read_text("utf-8"))


def stage(into: Path, there: Mapping[str, Path]) -> None:
    """Writes the pages and the configuration that the site is built from."""
    shutil.rmtree(into / "docs", ignore_errors=True)
    assets = into / "docs" / "assets"
    shutil.copytree(DOCS / "assets", assets)
    for folder in {page.parent for page in there.values() if not page.is_relative_to(DOCS)}:
        for picture in (file for file in folder.iterdir() if file.suffix in _PICTURES):
            shutil.copy(picture, assets)
    for path in there:
        file = into / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(staged(path, there), encoding="utf-8")
    nav = ", ".join(map(toml, navigation(load(), there)))
    looks = (DOCS / "site.toml").read_text("utf-8")
    looks = looks.replace("[project]\n", f"[project]\nnav = [{nav}]\n", 1)
    (into / "zensical.toml").write_text(looks, encoding="utf-8")


def build(into: Path) -> int:
    """Builds what is staged into `site`; not 0 where a link leads nowhere."""
    zensical = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run([*zensical, "--config-file", str(into / "zensical.toml")], check=False).returncode


def fetched(site: Path) -> Iterator[str]:
    """What a page of the site would ask of the network by itself."""
    for page in site.rglob("*.html"):
        for tag in re.findall(r"<(?:script|img|link|iframe|source)\b[^>]*>", page.read_text("utf-8")):
            if re.search(r"(?:src|href)=[\"']?(?:https?:)?//", tag):
                yield f"{page.relative_to(site)}: {tag}"


def main() -> int:
    """Returns 0 where every link leads somewhere and nothing is fetched."""
    stage(BUILD, pages())
    if code := build(BUILD):
        return code
    strangers = list(fetched(BUILD / "site"))
    sys.stderr.writelines(f"{each}\n" for each in strangers)
    return bool(strangers)


if __name__ == "__main__":
    sys.exit(main())
