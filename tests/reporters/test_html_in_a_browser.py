"""The page in Chromium: read without a script, searched with one, by keyboard, in both themes, on paper."""

from __future__ import annotations

import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine.run import Request, run
from runcrew_lint.reporters.html import render
from runcrew_lint.reporters.look import Look
from tests.components.browser import Browser
from tests.fixtures_git import git, repository_of
from tests.reporters.made import Tree, finding, fix, point
from tests.reporters.test_html import HOSTILE

FIXTURE = Path(__file__).parents[2] / "fixtures" / "bad" / "runcrew"
# One of each: with related places and fixes, of migrations and of what is delivered.
RULES = (
    "index-not-concurrent", "drop-column", "set-not-null", "timeout-missing", "delivery-wrong-profile",
    "secret-in-code", "database-exposed", "root-user", "aged-fact", "server-tokens-on", "env-undocumented",
)  # fmt: skip
WIDE, PHONE = 1280, 390
FINDINGS = "document.querySelectorAll('.finding:not([hidden])').length"


@pytest.fixture(scope="module")
def page(git: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a repository with faults of every family, in a change that nobody has merged."""
    folder = tmp_path_factory.mktemp("page")
    root = repository_of(FIXTURE, folder / "runcrew")
    unmerged(root)
    file = folder / "report.html"
    text = render(run(Request(root, select=RULES)), Look())
    file.write_text(text, encoding="utf-8")
    shutil.rmtree(root)  # the page needs nothing of it
    return file


def unmerged(root: Path) -> None:
    git(root, "branch", "--move", "feature/planted-faults")


def opened(browser: Browser, page: Path, **screen: Any) -> Browser:
    browser.emulate(**screen)
    browser.open(page.as_uri())
    return browser


def unfold(browser: Browser) -> None:
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def test_it_asks_for_nothing_and_complains_of_nothing(browser: Browser, page: Path) -> None:
    opened(browser, page)
    unfold(browser)
    assert browser.requests() == [page.as_uri()]
    assert browser.complaints() == []
    assert browser.run("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"


@pytest.mark.parametrize(("theme", "width"), [("light", WIDE), ("dark", WIDE), ("light", PHONE)])
def test_axe_finds_no_fault(browser: Browser, axe: str, page: Path, theme: str, width: int) -> None:
    opened(browser, page, theme=theme, width=width)
    unfold(browser)
    browser.run(f"{axe};0")
    violations, doubts = browser.run(
        "axe.run().then((told) => [told.violations, told.incomplete].map((all) => all.flatMap((each) =>"
        "each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 120)} ${node.failureSummary}`))))"
    )
    assert violations == []
    assert [each for each in doubts if not each.startswith("color-contrast")] == []


def test_axe_would_find_a_fault(browser: Browser, axe: str, page: Path) -> None:
    opened(browser, page)
    browser.run("document.querySelector('h1').style.color = '#ddd'")
    browser.run(f"{axe};0")
    found = browser.run("axe.run('.masthead').then((told) => told.violations.map((each) => each.id))")
    assert "color-contrast" in found


def test_every_link_leads_to_what_is_then_seen(browser: Browser, page: Path) -> None:
    opened(browser, page)
    count = browser.run("document.querySelectorAll('a').length")
    assert count > 20
    for at in range(count):
        browser.run(f"document.querySelectorAll('a')[{at}].click()")
        browser.run("new Promise(requestAnimationFrame)")
        seen = browser.run(
            "(() => { const { top, height } = document.querySelector(location.hash).getBoundingClientRect();"
            "return height > 0 && top > -1 && top < innerHeight })()"
        )
        assert seen or browser.run("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")


def test_a_link_shows_what_was_filtered_away(browser: Browser, page: Path) -> None:
    opened(browser, page)
    browser.run("document.querySelector('[value=error]').click()")
    target = browser.run(
        "(() => { const each = document.querySelector('.finding[hidden]'); location.hash = each.id;"
        "return each.id })()"
    )
    browser.run("new Promise((done) => setTimeout(done, 50))")
    shown = f"(({{ open, hidden }}) => [open, hidden])(document.getElementById('{target}'))"
    assert browser.run(shown) == [True, False]


def test_the_theme_is_a_choice(browser: Browser, page: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = opened(browser, page, theme="light").run(ground)
    dark = opened(browser, page, theme="dark").run(ground)
    assert light != dark
    opened(browser, page, theme="light")
    browser.run("document.querySelector('.theme').focus()")
    browser.press("Enter")
    assert (browser.run(ground), browser.run("document.querySelector('.theme').textContent")) == (
        dark,
        "Light",
    )
    assert opened(browser, page, theme="light").run(ground) == dark, "it is remembered"
    browser.run("document.querySelector('.theme').click()")
    assert browser.run(ground) == light


def test_a_keyboard_is_enough(browser: Browser, page: Path) -> None:
    opened(browser, page)
    every = browser.run(FINDINGS)
    focused = "document.activeElement.textContent.trim() || document.activeElement.name"
    browser.press("Tab")
    assert browser.run(focused) == "Skip to the report"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Tab")
    assert browser.run(focused) == "Dark"
    order = []
    while (name := browser.run("document.activeElement.name")) != "words":
        order.append(browser.run("document.activeElement.getAttribute('href')"))
        browser.press("Tab")
        assert len(order) < 60
    assert order[1:] == browser.run(
        "[...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))"
    )
    browser.type("concurrently")
    some = browser.run(FINDINGS)
    assert 0 < some < every
    assert browser.run("document.querySelector('output').textContent") == f"{some} of {every} findings"
    browser.press("Escape")
    assert browser.run(FINDINGS) == every
    browser.press("Tab")
    browser.press("Space")  # no errors
    errors = browser.run("document.querySelectorAll('.finding[data-severity=error]').length")
    assert browser.run(FINDINGS) == every - errors > 0
    assert name == "words"
    browser.press("Space")
    browser.press("Tab", 4)
    assert browser.run(focused) == "Open all"
    browser.press("Enter")
    assert browser.run("document.querySelectorAll('.finding[open]').length") == every
    browser.press("Tab", 2)
    assert browser.run("document.activeElement.closest('.finding').open")
    browser.press("Enter")
    assert not browser.run("document.activeElement.closest('.finding').open")


def test_one_rule_or_one_family(browser: Browser, page: Path) -> None:
    opened(browser, page)
    choose = (
        "((value) => { const rule = document.forms[0].elements.rule; rule.value = value;"
        "rule.dispatchEvent(new Event('input', { bubbles: true }));"
        "return [...document.querySelectorAll('.rule:not([hidden])')].map((each) => each.dataset.rule) })"
    )
    assert browser.run(f"{choose}('rule:timeout-missing')") == ["timeout-missing"]
    assert "drop-column" in browser.run(f"{choose}('family:migrations')")
    assert browser.run("document.querySelectorAll('.family:not([hidden])').length") == 1


def test_it_is_read_without_a_script(browser: Browser, page: Path) -> None:
    browser.do("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(browser, page)
        tree = browser.do("DOM.getDocument", depth=1)["root"]["nodeId"]
        shown = {}
        for what in (".filter", ".theme", ".finding > summary", "svg.map", ".timeline"):
            node = browser.do("DOM.querySelector", nodeId=tree, selector=what)["nodeId"]
            try:
                browser.do("DOM.getBoxModel", nodeId=node)
                shown[what] = True
            except RuntimeError:
                shown[what] = False
        assert shown == {
            ".filter": False, ".theme": False, ".finding > summary": True, "svg.map": True, ".timeline": True,
        }  # fmt: skip
    finally:
        browser.do("Emulation.setScriptExecutionDisabled", value=False)


def test_a_phone_scrolls_one_way(browser: Browser, page: Path) -> None:
    opened(browser, page, width=PHONE, height=800)
    unfold(browser)
    assert browser.run("document.documentElement.scrollWidth") == PHONE
    assert browser.run("document.querySelector('.picture').scrollWidth") > PHONE


def test_paper_has_all_of_it(browser: Browser, page: Path) -> None:
    opened(browser, page, width=720, theme="dark", media="print")
    assert browser.run(
        "[...document.querySelectorAll('.evidence, .ways table')].every((each) => each.checkVisibility())"
    )
    assert browser.run("document.querySelector('.filter').offsetHeight") == 0
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = b64decode(browser.do("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") > 5


def test_nothing_of_a_repository_runs(browser: Browser, tmp_path: Path) -> None:
    name = HOSTILE.replace("/", "_")
    tree = Tree.of({name: f"{HOSTILE}\n"})
    told = finding(tree.region(name, HOSTILE), HOSTILE, rule=HOSTILE, help=HOSTILE, fix=fix(title=HOSTILE),
                   related=[(point(name), HOSTILE)], notes=[(HOSTILE, HOSTILE)])  # fmt: skip
    file = tmp_path / "hostile.html"
    file.write_text(
        render(tree.outcome(told, notices=[HOSTILE], root=f"/srv/{name}"), Look()), encoding="utf-8"
    )
    opened(browser, file)
    assert browser.run("typeof hacked") == "undefined"
    assert (browser.requests(), browser.complaints()) == ([file.as_uri()], [])
    assert browser.run("document.querySelector('.message').textContent").startswith("</script></style>")
