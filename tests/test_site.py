"""The site of the pages: each is led to once, and what is built opens from the disk and is searched there."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runcrew_lint.catalogue.load import load
from tests.checkout import ROOT
from tests.components.browser import Browser
from tests.components.component import absent

# Enough of the site to be searched: the rule's examples have Korean words.
SOME = ("index.md", "rules/index.md", "rules/secret-in-code.md")
# What the search, in a tree of its own, says once it has an answer, or after ten seconds.
FOUND = """new Promise((resolve) => {
  const began = Date.now();
  const look = () => {
    const search = [...document.querySelectorAll("div")].find((each) => each.shadowRoot);
    const text = search ? search.shadowRoot.textContent : "";
    if (text.includes("1 result") || Date.now() - began > 10000) resolve(text);
    else setTimeout(look, 50);
  };
  look();
})"""
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@pytest.fixture(name="website", scope="module")
def _website() -> ModuleType:
    spec = importlib.util.spec_from_file_location("website", ROOT / "docs" / "website.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _paths(entries: list[Any]) -> list[str]:
    return [path for each in entries for path in ([each] if isinstance(each, str) else _paths(each[1]))]


def test_each_page_is_led_to_once(website: ModuleType) -> None:
    there = website.pages()
    assert Counter(_paths(website.navigation(load(), there))) == Counter(there.keys())


def test_a_page_that_nobody_named_is_led_to(website: ModuleType) -> None:
    there = {**website.pages(), "lately.md": ROOT / "README.md"}
    assert "lately.md" in _paths(website.navigation(load(), there))


def test_links_beyond_the_site_lead_to_the_repository(website: ModuleType) -> None:
    there = website.pages()
    assert f"]({website.REPOSITORY}/tests/engine/test_warm.py " in website.staged("compared.md", there)
    assert "](benchmarks.md)" in website.staged("secrets.md", there)


def test_pictures_beyond_the_pages_come_along(website: ModuleType, tmp_path: Path) -> None:
    there = {"benchmarks.md": website.pages()["benchmarks.md"]}
    website.stage(tmp_path, there)
    assert "](assets/growth.svg)" in (tmp_path / "docs" / "benchmarks.md").read_text("utf-8")
    assert (tmp_path / "docs" / "assets" / "growth.svg").is_file()


def test_it_opens_from_the_disk_and_is_searched(
    website: ModuleType, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("zensical") is None:
        absent("zensical", "it is not installed")
    there = {path: page for path, page in website.pages().items() if path in SOME}
    whole = website.staged
    # Links to the pages that are left out here would be broken ones.
    monkeypatch.setattr(website, "staged", lambda path, some: LINK.sub(r"\1", whole(path, some)))
    website.stage(tmp_path, there)
    assert website.build(tmp_path) == 0
    assert list(website.fetched(tmp_path / "site")) == []
    browser.open((tmp_path / "site" / "rules" / "index.html").as_uri())
    browser.run("document.querySelector('.md-search__button').click()")
    browser.run("new Promise((resolve) => setTimeout(resolve, 300))")
    browser.type("비밀번호")
    found = browser.run(FOUND)
    assert "secret-in-code" in found and "비밀번호" in found
    assert [each for each in browser.requests() if not each.startswith(("file:", "data:", "about:"))] == []
