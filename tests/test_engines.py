"""A reader gets along in Chromium, Firefox and WebKit alike, from disk and from a server, in both editions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import needed
from engines import ENGINES, WITHOUT_PLAYWRIGHT, Chromium, Engine, Reader
from test_headers import TEMPLATES

import browser as browsers
from microsite.edition import words

PLACES = ("disk", "server")
EDITIONS = {"en": "", "it": "it/"}
WHERE = {"chromium": browsers.find, "firefox": browsers.firefox, "webkit": browsers.webkit}
NAMED = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
WIDE, NARROW = (1280, 800), (390, 700)

Address = Callable[[str], str]


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn, on a device with light colours."""
    needed(WHERE[request.param](), NAMED[request.param])
    if request.param == "chromium":
        yield Chromium(request.getfixturevalue("browser"))
        return
    with WITHOUT_PLAYWRIGHT[request.param]() as running:
        yield running


@pytest.fixture
def reader(engine: Engine) -> Iterator[Reader]:
    """Somebody new at a wide screen."""
    with engine.reader() as somebody:
        yield somebody


@pytest.fixture(params=PLACES)
def address(request: pytest.FixtureRequest, site: Path) -> Address:
    """A function from a path below the site to its address, from disk and from a server in turn."""
    if request.param == "disk":
        return lambda path: (site / path).as_uri()
    start = request.getfixturevalue("served")
    return lambda path: start + path


# Reading ---------------------------------------------------------------------------------------


def unread(reader: Reader, addresses: dict[str, str]) -> dict[str, object]:
    """Open each page; return what is wrong: no heading to be seen, an error, a request to another host."""
    wrong: dict[str, object] = {}
    for page, url in addresses.items():
        before = len(reader.errors()), len(reader.elsewhere())
        reader.open(url)
        if not reader.evaluate("(h => !!h && h.getClientRects().length > 0 && h.textContent.trim() !== '')(document.querySelector('h1'))"):
            wrong[page] = "no heading"
        if said := [*reader.errors()[before[0] :], *reader.elsewhere()[before[1] :]]:
            wrong[page] = said
    return wrong


def test_every_kind_of_page_can_be_read(reader: Reader, address: Address) -> None:
    assert unread(reader, {page: address(page) for page in TEMPLATES}) == {}


BROKEN = {
    "no-heading.html": "<p>Text",
    "hidden-heading.html": "<h1 hidden>Heading</h1>",
    "error.html": "<h1>Heading</h1><script>throw Error('broken')</script>",
    "console.html": "<h1>Heading</h1><script>console.error('broken')</script>",
    "elsewhere.html": "<h1>Heading</h1><img src='http://elsewhere.example/x.png' alt=''>",
}


def test_the_reading_check_sees_what_is_broken(reader: Reader, tmp_path: Path) -> None:
    for name, text in {**BROKEN, "fine.html": "<h1>Heading</h1>"}.items():
        (tmp_path / name).write_text(f"<!doctype html><html lang=en><title>Sample</title>{text}", "utf-8")
    found = unread(reader, {name: (tmp_path / name).as_uri() for name in (*BROKEN, "fine.html")})
    assert set(found) == set(BROKEN)
    assert any("elsewhere.example" in str(one) for one in found["elsewhere.html"])


def sideways(reader: Reader, addresses: dict[str, str], width: int = 320) -> dict[str, int]:
    """The pages that are wider than the screen, with their width in pixels."""
    wide = {}
    for page, url in addresses.items():
        reader.open(url)
        reader.size(width, 640)
        if (found := reader.evaluate("document.documentElement.scrollWidth")) > width:
            wide[page] = found
    return wide


def test_no_page_scrolls_sideways_on_the_narrowest_screen(reader: Reader, site: Path) -> None:
    assert sideways(reader, {page: (site / page).as_uri() for page in TEMPLATES}) == {}


def test_the_check_sees_a_page_that_scrolls_sideways(reader: Reader, tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    page.write_text("<!doctype html><html lang=en><title>Sample</title><p style='width: 400px'>Text", "utf-8")
    assert set(sideways(reader, {"wide": page.as_uri()})) == {"wide"}


# Finding ---------------------------------------------------------------------------------------

KNOWN = {
    "en": {"rochdale": "tradition/rochdale.html", "autonomy": "principles/autonomy.html", "glossary": "reference/glossary.html"},
    "it": {"rochdale": "tradition/rochdale.html", "autonomia": "principles/autonomy.html", "glossario": "reference/glossary.html"},
}
"""Words, and a page of each edition that has to be among those found."""
FOUND = "[...document.querySelectorAll('.md-search-result__link')].map(a => a.href)"
OPENED = "document.activeElement.matches('.md-search__input')"


def searched(reader: Reader, query: str) -> list[str]:
    """Type into the search that is open; return the addresses of the pages found."""
    reader.evaluate("(document.querySelector('.md-search__input').value = '', null)")
    before = reader.evaluate("document.querySelector('.md-search-result__meta').textContent")
    reader.type(query)
    reader.wait_for(f"{FOUND}.length > 0 && document.querySelector('.md-search-result__meta').textContent !== {json.dumps(before)}")
    return reader.evaluate(FOUND)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_search_finds_known_words(reader: Reader, address: Address, edition: str) -> None:
    for query, page in KNOWN[edition].items():
        reader.open(address(f"{EDITIONS[edition]}index.html"))
        reader.click("#open-search")
        reader.wait_for(OPENED)
        assert address(EDITIONS[edition] + page) in [url.split("#")[0].split("?")[0] for url in searched(reader, query)], query
    assert (reader.errors(), reader.elsewhere()) == ([], [])


# By keyboard -----------------------------------------------------------------------------------

FOCUSED = """(e => [e.id && '#' + e.id, e.matches('.skip') && 'skip', e.closest('#menu') && 'menu', e.closest('#text') && 'text',
  e.closest('header') && 'head'].filter(Boolean))(document.activeElement)"""


def stops(reader: Reader, until: str, most: int = 150) -> list[str]:
    """Press Tab until something of that name has the focus; return the names of all that had it, each once."""
    seen: dict[str, None] = {}
    for _ in range(most):
        reader.press("Tab")
        names = reader.evaluate(FOCUSED)
        seen.update(dict.fromkeys(names))
        if until in names:
            return list(seen)
    raise AssertionError(f"Tab never came to {until}, only to {list(seen)}")


@pytest.mark.parametrize(
    ("size", "passed"),
    [(WIDE, ["skip", "head", "#colours", "#open-search", "menu", "text"]), (NARROW, ["skip", "head", "#colours", "#open-search", "#open-menu", "text"])],
    ids=["wide", "narrow"],
)
def test_tab_leads_from_the_top_through_all_there_is(reader: Reader, address: Address, size: tuple[int, int], passed: list[str]) -> None:
    reader.open(address("tradition/rochdale.html"))
    reader.size(*size)
    found = stops(reader, "text")
    assert found[0] == "skip"
    assert [name for name in found if name in passed] == passed


def test_the_first_link_skips_to_the_text(reader: Reader, address: Address) -> None:
    reader.open(address("tradition/rochdale.html"))
    reader.press("Tab", "Enter", "Tab")
    assert "text" in reader.evaluate(FOCUSED)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("way", ["ArrowDown", "Tab"])
def test_a_page_is_found_by_keyboard_alone(reader: Reader, address: Address, edition: str, way: str) -> None:
    reader.open(address(f"{EDITIONS[edition]}principles/index.html"))
    stops(reader, "#open-search")
    reader.press("Enter")
    reader.wait_for(OPENED)
    query = list(KNOWN[edition])[1]
    found = searched(reader, query)
    for _ in range(3):  # Tab passes the button that closes, and in some engines one that empties the field
        reader.press(way)
        if reader.evaluate("document.activeElement.matches('.md-search-result__link')"):
            break
    assert reader.evaluate("document.activeElement.href") == found[0]
    reader.press("Enter")
    there = found[0].split("?")[0].split("#")[0]
    reader.wait_for(f"location.href.startsWith({json.dumps(there)}) && document.readyState === 'complete'")
    assert (reader.errors(), reader.elsewhere()) == ([], [])


def test_escape_closes_the_search_and_gives_the_focus_back(reader: Reader, address: Address) -> None:
    reader.open(address("principles/index.html"))
    stops(reader, "#open-search")
    reader.press("Enter")
    reader.wait_for(OPENED)
    assert reader.evaluate("document.getElementById('open-search').ariaExpanded") == "true"
    reader.type("member")
    reader.press("Escape")
    # A search field may take the first Escape to empty itself.
    if reader.evaluate("document.querySelector('.md-search__input').getClientRects().length > 0"):
        reader.press("Escape")
    reader.wait_for("document.activeElement.id === 'open-search'")
    assert reader.evaluate("document.querySelector('.md-search__input').getClientRects().length") == 0
    # The browser gives the focus back first, and tells the page that the dialog is closed after it.
    reader.wait_for("document.getElementById('open-search').ariaExpanded === 'false'")


MENU_SHOWN = "document.getElementById('menu').getClientRects().length > 0"


def test_the_menu_opens_by_keyboard_and_escape_gives_the_focus_back(reader: Reader, address: Address) -> None:
    reader.open(address("tradition/rochdale.html"))
    reader.size(*NARROW)
    assert not reader.evaluate(MENU_SHOWN)
    stops(reader, "#open-menu")
    reader.press("Enter")
    reader.wait_for(MENU_SHOWN)
    reader.press("Tab")
    assert "menu" in reader.evaluate(FOCUSED)
    reader.press("Escape")
    reader.wait_for(f"!({MENU_SHOWN}) && document.activeElement.id === 'open-menu'")


# Doing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_question_says_right_and_wrong(reader: Reader, address: Address, edition: str) -> None:
    says = words(edition)["question"]
    reader.open(address(f"{EDITIONS[edition]}lessons/l01.html"))
    reader.wait_for("document.querySelector('.question[data-type=single] form button')")
    name = reader.evaluate("document.querySelector('.question[data-type=single]').id")
    for option, result in (("input:not([data-correct])", says["not_right"]), ("input[data-correct]", says["all_right"])):
        reader.click(f"#{name} {option}")
        reader.click(f"#{name} form button")
        reader.wait_for(f"document.querySelector('#{name} .result').textContent.trim() === {json.dumps(result)}")
        reader.click(f"#{name} form button")  # another try
    assert reader.errors() == []


SHOWN = "[...document.querySelectorAll('[data-filtered=timeline] .event')].filter(e => e.getClientRects().length).length"


def test_a_long_list_is_filtered(reader: Reader, address: Address) -> None:
    reader.open(address("tradition/timeline.html"))
    reader.wait_for("document.querySelector('form.filter').getClientRects().length > 0")
    everything = reader.evaluate(SHOWN)
    choose = """(select => (select.selectedIndex = {}, select.dispatchEvent(new Event('change', {{ bubbles: true }})),
      document.querySelector('form.filter [role=status]').textContent))(document.querySelector('form.filter select'))"""
    said = reader.evaluate(choose.format(1))
    assert 0 < reader.evaluate(SHOWN) < everything
    assert str(reader.evaluate(SHOWN)) in said
    reader.evaluate(choose.format(0))
    assert reader.evaluate(SHOWN) == everything
    assert reader.errors() == []


GROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"


def scheme(reader: Reader) -> str:
    reader.wait_for("document.documentElement.dataset.colours")  # from disk a page has to ask first
    return "dark" if reader.evaluate(GROUND) < 100 else "light"


def choose(reader: Reader, wanted: str) -> None:
    """Press the button of colours until the page has these; each of the three choices comes once."""
    for _ in range(3):
        reader.click("#colours")
        if scheme(reader) == wanted:
            break
    assert scheme(reader) == wanted


def test_a_choice_of_colours_holds_at_once_and_stays(reader: Reader, address: Address) -> None:
    reader.open(address("tradition/rochdale.html"))
    assert scheme(reader) == "light"
    choose(reader, "dark")
    for _ in range(3):  # each time a browser may show the page in another of its processes
        reader.open(address("tradition/rochdale.html"))
        assert scheme(reader) == "dark"
    if address("").startswith("http"):  # from disk some engines keep for each file apart
        reader.open(address("it/index.html"))
        assert scheme(reader) == "dark"


def test_colours_follow_the_device_until_the_reader_chooses(request: pytest.FixtureRequest, engine: Engine, site: Path) -> None:
    name = request.node.callspec.params["engine"]
    with ExitStack() as stack:
        other = Chromium(request.getfixturevalue("browser"), dark=True) if name == "chromium" else stack.enter_context(WITHOUT_PLAYWRIGHT[name](dark=True))
        reader = stack.enter_context(other.reader())
        reader.open((site / "tradition/rochdale.html").as_uri())
        assert scheme(reader) == "dark"
        choose(reader, "light")
        reader.open((site / "tradition/rochdale.html").as_uri())
        assert scheme(reader) == "light"
