"""`python -m tests.tools.picture_report`: docs/assets/report.png, the page of fixtures/bad in Chromium."""

from __future__ import annotations

import tempfile
from base64 import b64decode
from pathlib import Path

from runcrew_lint.engine.run import Request, run
from runcrew_lint.reporters.html import render
from runcrew_lint.reporters.look import Look
from tests.checkout import ROOT
from tests.components.browser import running
from tests.fixtures_git import git, repository_of

PICTURE = ROOT / "docs" / "assets" / "report.png"
FAMILIES = ("delivery", "migrations", "secrets", "workflows")
OPENED = "index-not-concurrent"


def main() -> None:
    """Writes the picture: the first finding of a rule opened, in a window as wide as the pages are."""
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        root = repository_of(ROOT / "fixtures" / "bad" / "runcrew", Path(folder) / "runcrew")
        git(root, "branch", "--move", "feature/planted-faults")  # what nobody has merged is shown one by one
        page = Path(folder) / "report.html"
        page.write_text(render(run(Request(root, select=FAMILIES)), Look()), encoding="utf-8")
        browser.emulate(width=1120, height=840)
        browser.open(page.as_uri())
        browser.run(
            f"""(() => {{
              const named = [...document.querySelectorAll("h4, h3, code")];
              const rule = named.find((each) => each.textContent.trim() === "{OPENED}");
              rule.closest("section, div").querySelector("details").open = true;
              rule.scrollIntoView();
            }})()"""
        )
        taken = browser.do("Page.captureScreenshot", format="png")["data"]
    PICTURE.write_bytes(b64decode(taken))


if __name__ == "__main__":
    main()
