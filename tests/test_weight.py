"""A light page: what a first view takes over a network, what a second costs, and that nothing moves, blocks or gets lost on the way."""

from __future__ import annotations

import re
import statistics
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
import rcssmin
from conftest import Visit
from hosting import Answer, Host, rules
from playwright.sync_api import Browser, Page

STYLES = Path(__file__).parent.parent / "theme/assets/stylesheets"
BUDGET, REQUESTS = 45_000, 8
"""What a page of prose may take on a first view, all files and their headers together: bytes, requests."""

LISTS = {
    "reference/sources.html": (260_000, "every source with its full citation and where it is used"),
    "tradition/timeline.html": (75_000, "every event, with a drawing of all"),
    "international/across-borders.html": (75_000, "every exchange, with a map"),
    "reference/organisations.html": (65_000, "every organisation with its figures"),
    "reference/cases.html": (60_000, "every case with its evidence"),
    "figures/countries/index.html": (65_000, "every country, with two maps"),
    "figures/countries/africa.html": (50_000, "every figure of every country of a continent"),
    "figures/countries/asia.html": (65_000, "every figure of every country of a continent"),
    "figures/countries/europe.html": (65_000, "every figure of every country of a continent"),
    "figures/italy.html": (65_000, "every figure on Italy"),
}
"""Pages that are lists made from data, with a budget of their own, and why they need it. They are read by jumping into them, and grow with the data."""
WITH_DRAWINGS = 60_000
"""What any other page with a drawing in it may take."""

TEMPLATES = (
    "index.html",
    "tradition/rochdale.html",
    "tradition/timeline.html",
    "principles/co-operation.html",
    "international/across-borders.html",
    "figures/how-many-co-operators.html",
    "lessons/l04.html",
    "reference/cases.html",
    "reference/offline.html",
)
"""A page with each of the scripts that change something on it."""

LATER = re.compile(r"/search[./]|/workers/|/iframe-worker/|/lunr/")
"""What nothing asks for until the search is opened."""

SHIFTS = """() => {
  window.shifts = []
  new PerformanceObserver(list => window.shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true })
}"""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
THROUGH = """async () => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  const height = () => document.documentElement.scrollHeight
  // In at most eight strides: some pages are long.
  const stride = Math.max(innerHeight, height() / 8)
  for (let top = 0; top < height(); top += stride) { scrollTo({ top, behavior: "instant" }); await painted() }
  return window.shifts.map(shift => `${shift.value.toFixed(4)}: ${shift.sources.map(source => source.node && source.node.nodeName).join(" ")}`)
}"""
PAINTED = """() => new Promise(done => {
  const look = list => { if (list.getEntries().some(paint => paint.name === "first-contentful-paint")) done() }
  new PerformanceObserver(look).observe({ type: "paint", buffered: true })
})"""
ARRIVED = """id => new Promise(done => {
  let frames = 0
  const look = () => {
    const top = document.getElementById(id).getBoundingClientRect().top
    if ((top >= 0 && top < 150) || frames++ > 300) done(top >= 0 && top < 150)
    else requestAnimationFrame(look)
  }
  look()
})"""
SHOWING = """sheets => {
  const found = []
  const look = (name, rules) => {
    for (const rule of rules) {
      look(name, rule.cssRules || [])
      const anyhow = rule.selectorText?.replace(/::[a-z-]+|:(hover|focus(-visible|-within)?|target|checked|popover-open)(?=[^a-z-]|$)/g, ":is(*)")
      if (anyhow && document.querySelector(anyhow)) found.push(`${name}: ${rule.selectorText}`)
    }
  }
  for (const [name, css] of Object.entries(sheets)) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    look(name, sheet.cssRules)
  }
  return found
}"""
BLOCKING = """() => performance.getEntriesByType("resource").filter(one => one.renderBlockingStatus === "blocking").map(one => new URL(one.name).pathname)"""


def budget(page: str, root: Element) -> int:
    """How many bytes a page may take. `page` is its address in its edition."""
    if page in LISTS:
        return LISTS[page][0]
    drawn = any("chart" in found.get("class", "").split() for found in root.iter("figure"))
    return WITH_DRAWINGS if drawn else BUDGET


def blocking(root: Element) -> list[str]:
    """What keeps a page from being painted, beside its own text: styles, scripts in a file that are not deferred, long scripts of its own."""
    found = [link.get("href", "") for link in root.iter("link") if "stylesheet" in link.get("rel", "").split()]
    found += ["an @import" for style in root.iter("style") if "@import" in (style.text or "")]
    for script in root.iter("script"):
        if script.get("type", "") not in ("", "text/javascript"):
            continue
        if script.get("src") and not {"defer", "async"} & set(script.keys()):
            found.append(script.get("src", ""))
        if len(script.text or "") > 300:
            found.append(f"<script> of {len(script.text or '')} characters")
    return found


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[Host]:
    with Host(site, rules((site / "_headers").read_text("utf-8")), pack=True) as running:
        yield running


@pytest.fixture(scope="module")
def roots(pages: dict[str, Element]) -> dict[str, Element]:
    return {page: root for page, root in pages.items() if not page.endswith("404.html")}


def of_edition(roots: dict[str, Element], edition: str) -> dict[str, Element]:
    """An edition's pages by their address below its root."""
    return {page.removeprefix("it/"): root for page, root in roots.items() if page.startswith("it/") == (edition == "it")}


def view(browser: Browser, host: Host, page: str, width: int = 390) -> tuple[list[Answer], list[str], list[str]]:
    """What a first view made the host answer, what moved while it was scrolled to its end, and what blocked its first paint."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.add_init_script(f"({SHIFTS})()")
    host.answers.clear()
    tab = context.new_page()
    tab.goto(host.address + page)
    moved, waited = tab.evaluate(THROUGH), tab.evaluate(BLOCKING)
    context.close()
    return list(host.answers), moved, waited


# What it takes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["en", "it"])
def test_the_first_view_of_every_page_keeps_to_its_budget(
    host: Host, roots: dict[str, Element], browser: Browser, edition: str, record_property: Callable[[str, object], None]
) -> None:
    taken: dict[str, tuple[int, int, int]] = {}
    wrong = []
    for page, root in of_edition(roots, edition).items():
        answers, moved, waited = view(browser, host, ("it/" if edition == "it" else "") + page)
        size, most = sum(answer.size for answer in answers), budget(page, root)
        taken[page] = (size, len(answers), most)
        if size > most or len(answers) > REQUESTS:
            wrong.append(f"{page}: {size} bytes of {most}, {len(answers)} requests of {REQUESTS}")
        wrong += [f"{page}: {answer.path} is missing" for answer in answers if answer.status != 200]
        wrong += [f"{page}: asks for {answer.path}" for answer in answers if LATER.search(answer.path)]
        # What moves once only is a stumble of a busy machine; what depends on when scripts come is tested below.
        if moved:
            _, moved, _ = view(browser, host, ("it/" if edition == "it" else "") + page)
        wrong += [f"{page}, 390 px: {shift} moved" for shift in moved]
        if waited:
            wrong.append(f"{page}: the first paint waits for {waited}")
    record_property("table", table(edition, taken))
    assert wrong == [], "\n".join(wrong)


def table(edition: str, taken: dict[str, tuple[int, int, int]]) -> str:
    """The figures in words: of each kind of page the median and the heaviest."""
    lines = [f"First view over gzip, headers and all, edition {edition}: kB, requests"]
    prose = {page: values for page, values in taken.items() if values[2] == BUDGET}
    drawn = {page: values for page, values in taken.items() if values[2] == WITH_DRAWINGS and page not in LISTS}
    lists = {page: values for page, values in taken.items() if page in LISTS}
    for name, group, shown in (("prose", prose, 5), ("with drawings", drawn, 2), ("lists", lists, 3)):
        middle = statistics.median(size for size, _, _ in group.values()) / 1000
        lines.append(f"  {f'{name}, median of {len(group)} pages':44} {middle:6.1f}")
        for page, (size, requests, _) in sorted(group.items(), key=lambda item: -item[1][0])[:shown]:
            lines.append(f"    {page:42} {size / 1000:6.1f} {requests:3}")
    return "\n".join(lines)


def test_lists_with_a_budget_of_their_own_are_there_and_need_it(roots: dict[str, Element]) -> None:
    assert set(LISTS) <= set(roots)
    assert all(most > BUDGET and why for most, why in LISTS.values())


def test_the_second_page_costs_its_own_text_only(host: Host, browser: Browser, roots: dict[str, Element]) -> None:
    context = browser.new_context()
    tab = context.new_page()
    seen: set[str] = set()
    for page in ["principles/autonomy.html", *(page for page in of_edition(roots, "en") if page != "principles/autonomy.html")][:25]:
        host.answers.clear()
        tab.goto(host.address + page)
        tab.evaluate(SETTLED)
        # A browser fetches the sign of a site when it has time.
        for _ in range(100 if not seen else 0):
            if any("/favicon." in answer.path for answer in host.answers):
                break
            tab.wait_for_timeout(100)
        asked = [answer.path for answer in host.answers]
        text, own = f"/{page}", {path for path in asked if path.startswith("/assets/")}
        assert asked.count(text) == 1
        # A script that only some pages have comes with the first of them.
        assert set(asked) - {text} == own - seen, page
        seen |= own
    # Back on a page seen before, the host is asked whether it has changed, and of nothing else.
    host.answers.clear()
    tab.goto(host.address + "principles/autonomy.html")
    tab.evaluate(SETTLED)
    assert [(answer.path, answer.status) for answer in host.answers] == [("/principles/autonomy.html", 304)]
    context.close()


# What waits, and what does not -----------------------------------------------------------------


def test_nothing_but_the_page_comes_before_the_first_paint(roots: dict[str, Element]) -> None:
    wrong = {page: blocking(root) for page, root in roots.items()}
    assert {page: found for page, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    "head",
    [
        "<script src=x.js></script>",
        "<link rel=stylesheet href=a.css>",
        "<link rel=stylesheet href=print.css media=print>",
        "<style>@import 'x.css'</style>",
        f"<script>{'x();' * 100}</script>",
    ],
)
def test_what_blocks_the_first_paint_is_found(head: str) -> None:
    page = html5lib.parse(f"<style>p {{}}</style><script src=y.js defer></script>{head}", namespaceHTMLElements=False)
    assert len(blocking(page)) == 1


def test_every_page_has_all_the_styles_that_show_on_it(site: Path, roots: dict[str, Element], browser: Browser) -> None:
    sheets = {path.name: rcssmin.cssmin(path.read_text("utf-8")) for path in sorted(STYLES.glob("*.css"))}
    tab = browser.new_page()
    wrong = {}
    for page, root in roots.items():
        has = {style.text for style in root.iter("style")}
        wrong[page] = without(tab, site / page, {name: css for name, css in sheets.items() if css not in has})
    tab.close()
    assert {page: found for page, found in wrong.items() if found} == {}


def test_styles_that_a_page_lacks_are_found(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p class=lead>Text <a href=#>that</a>")
    tab = browser.new_page()
    sheet = ".none, .lead a:hover::before { color: red } .also:not(.lead) {} @media print { p:is(.x, .lead) { color: red } }"
    assert without(tab, tmp_path / "index.html", {"own.css": sheet}) == ["own.css: .none, .lead a:hover::before", "own.css: p:is(.x, .lead)"]
    tab.close()


def without(tab: Page, path: Path, sheets: dict[str, str]) -> list[str]:
    """The rules of style sheets that would show on a page if it had them."""
    tab.goto(path.as_uri())
    return tab.evaluate(SHOWING, sheets)


def test_the_search_is_fetched_when_it_is_opened(host: Host, visit: Callable[..., Visit]) -> None:
    reader = visit(offline=False)
    host.answers.clear()
    page = reader.open(host.address + "tradition/rochdale.html")
    page.wait_for_load_state("networkidle")
    assert [answer.path for answer in host.answers if LATER.search(answer.path)] == []
    reader.search("rochdale")
    found = [answer.path for answer in host.answers if LATER.search(answer.path)]
    assert any("/search/search_index" in path for path in found)
    assert any("/workers/" in path for path in found)
    assert any("/javascripts/search" in path for path in found)


@pytest.mark.parametrize("late", ["/javascripts/search", "/search/search_index", "/workers/"])
def test_no_key_is_lost_while_the_search_is_on_its_way(site: Path, visit: Callable[..., Visit], late: str) -> None:
    come = threading.Event()
    with Host(site, rules((site / "_headers").read_text("utf-8")), pack=True) as slow:
        slow.before = lambda path: late not in path or come.wait(60)
        reader = visit(offline=False)
        page = reader.open(slow.address)
        page.locator("#open-search").click()
        page.keyboard.type("rochdale")
        assert page.locator("#query").input_value() == "rochdale"
        assert page.locator("#search .md-search-result__link").count() == 0
        come.set()
        page.locator("#search .md-search-result__link").first.wait_for()
        links = page.locator("#search .md-search-result__link").evaluate_all("all => all.map(a => a.pathname)")
        assert "/tradition/rochdale.html" in links
    assert reader.complaints == []


@pytest.mark.parametrize("from_there", [False, True])
def test_a_link_leads_to_its_source_though_most_are_not_laid_out(host: Host, browser: Browser, roots: dict[str, Element], from_there: bool) -> None:
    listed = [li.get("id") for ul in roots["reference/sources.html"].iter("ul") if ul.get("class") == "all-sources" for li in ul]
    wanted = listed[len(listed) // 2]
    tab = browser.new_page()
    if from_there:
        tab.goto(host.address + "reference/sources.html")
    tab.goto(f"{host.address}reference/sources.html#{wanted}")
    assert tab.evaluate(ARRIVED, wanted)
    tab.close()


# What moves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["en", "it"])
def test_nothing_moves_on_a_wide_screen(host: Host, roots: dict[str, Element], browser: Browser, edition: str) -> None:
    # Narrow screens are looked at with the first view above.
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(f"({SHIFTS})()")
    tab = context.new_page()
    addresses = [host.address + ("it/" if edition == "it" else "") + page for page in of_edition(roots, edition)]
    moved = {address: shifts(tab, address) and shifts(tab, address) for address in addresses}
    context.close()
    assert {page: found for page, found in moved.items() if found} == {}


def shifts(tab: Page, address: str) -> list[str]:
    tab.goto(address)
    return tab.evaluate(THROUGH)


@pytest.mark.parametrize("page", TEMPLATES)
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_scripts_come_late(site: Path, browser: Browser, page: str, width: int) -> None:
    painted = threading.Event()
    context = browser.new_context(viewport={"width": width, "height": 1400})
    context.add_init_script(f"({SHIFTS})()")
    tab = context.new_page()
    with Host(site, rules((site / "_headers").read_text("utf-8")), pack=True) as slow:
        slow.before = lambda path: not path.endswith(".js") or painted.wait(60)
        tab.goto(slow.address + page, wait_until="commit")
        tab.evaluate(PAINTED)
        painted.set()
        tab.wait_for_load_state()
        assert tab.evaluate(THROUGH) == []
    context.close()


def test_what_moves_is_seen(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "index.html").write_text(
        "<!doctype html><link rel=icon href=data:,><p id=late></p><p>Text that is pushed down.</p>"
        "<script>onload = () => requestAnimationFrame(() => requestAnimationFrame(() => { late.style.height = '300px' }))</script>"
    )
    with Host(tmp_path, pack=True) as moving:
        _, moved, _ = view(browser, moving, "index.html")
    assert moved
