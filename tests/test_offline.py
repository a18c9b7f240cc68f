"""The site works from a disk with the network off, and asks no other host for anything."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Visit

PAGES = (
    "index.html",
    "tradition/rochdale.html",
    "principles/co-operation.html",
    "international/index.html",
    "figures/index.html",
    "reference/glossary.html",
    "it/index.html",
)

# Files -----------------------------------------------------------------------------------------

# The elements that make a browser fetch an address, as opposed to links that a reader may follow.
FETCHED = {"src", "srcset", "poster", "data", "background"}
FETCHING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}
IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
IN_SCRIPTS = re.compile(r"""["'`]((?:https?:)?//[\w.-]+\.[a-z]{2,}[^"'`]*)["'`]""")


def elsewhere(address: str) -> bool:
    """Whether a browser that reads from disk would look for this address outside the site."""
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|/)", address, re.I)) and not address.startswith(("data:", "#"))


class _Fetches(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        # JSON-LD is told about the page; no browser runs it.
        runs = tag == "style" or (tag == "script" and values.get("type") != "application/ld+json")
        self.inside = tag if runs else ""
        for name in FETCHED & values.keys():
            parts = values[name].split(",") if name == "srcset" else [values[name]]
            self.found += [part.strip().split(" ")[0] for part in parts]
        if tag == "link" and FETCHING_LINKS & set(values.get("rel", "").lower().split()):
            self.found.append(values.get("href", ""))
        if tag in ("image", "use"):
            self.found.append(values.get("href", values.get("xlink:href", "")))
        self.found += IN_STYLES.findall(values.get("style", ""))

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self.found += IN_STYLES.findall(data)
        elif self.inside == "script":
            self.found += IN_SCRIPTS.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def fetched_from_elsewhere(name: str, text: str) -> list[str]:
    """Return the addresses outside the site that the browser would fetch for a file with this name and text."""
    if name.endswith(".html"):
        parser = _Fetches()
        parser.feed(text)
        found = parser.found
    elif name.endswith((".css", ".svg")):
        found = IN_STYLES.findall(text)
    else:
        found = IN_SCRIPTS.findall(text)
    return [address for address in found if elsewhere(address)]


def test_no_file_fetches_anything_from_another_host(site: Path) -> None:
    found = {
        path.relative_to(site).as_posix(): addresses
        for path in site.rglob("*")
        # The theme's own scripts name hosts for features that are off. That they ask none of them is
        # seen in the browser below.
        if path.suffix in (".html", ".css", ".svg", ".js") and not _theme_script(path)
        if (addresses := fetched_from_elsewhere(path.name, path.read_text("utf-8")))
    }
    assert found == {}


def _theme_script(path: Path) -> bool:
    return bool(re.search(r"javascripts/(bundle\.\w+\.min|workers/search\.\w+\.min|lunr/.*)\.js$", path.as_posix()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://unpkg.com/iframe-worker/shim"></script>'),
        ("a.html", '<script src="//example.org/x.js"></script>'),
        ("a.html", '<img src="/assets/x.png" alt="">'),
        ("a.html", '<img srcset="x.png 1x, https://example.org/x.png 2x" alt="">'),
        ("a.html", '<link rel="preconnect" href="https://fonts.example.org">'),
        ("a.html", '<p style="background: url(https://example.org/x.png)">'),
        ("a.html", "<style>@import 'https://example.org/x.css'</style>"),
        ("a.html", "<script>fetch('https://example.org/x.json')</script>"),
        ("a.css", "@font-face { src: url('https://example.org/x.woff2') }"),
        ("a.js", 'importScripts("https://example.org/x.js")'),
    ],
)
def test_the_file_check_sees(name: str, text: str) -> None:
    assert fetched_from_elsewhere(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<a href="https://www.ica.coop/">ICA</a><img src="../x.png" alt=""><link rel="canonical" href="https://example.org/">'),
        ("a.css", "a { background: url(data:image/svg+xml,x) } /* https://example.org */"),
        ("a.js", "// see https://example.org\nlet a = 'x // y'"),
    ],
)
def test_the_file_check_lets_pass(name: str, text: str) -> None:
    assert fetched_from_elsewhere(name, text) == []


# In a browser ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_complaint(site: Path, visit: Callable[..., Visit], page: str) -> None:
    reader = visit()
    reader.open(site / page)
    assert reader.page.locator("h1").first.is_visible()
    assert reader.page.evaluate("document.styleSheets.length") >= 1, "the styles are there"
    assert reader.search("zzzz") == [], "the search answers"
    assert (reader.outside, reader.complaints) == ([], [])


def test_a_reader_gets_around_from_disk(site: Path, visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.open(site / "index.html")
    page.locator("a.language").click()
    page.wait_for_url("**/it/index.html")
    assert page.locator("html").get_attribute("lang") == "it"
    page.locator("a.language").click()
    page.wait_for_url(lambda url: url == (site / "index.html").as_uri())
    (found, *_) = reader.search("rochdale")
    page.goto(found)
    assert page.locator("h1").first.is_visible()
    assert (reader.outside, reader.complaints) == ([], [])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_read_without_scripts(site: Path, visit: Callable[..., Visit], page: str) -> None:
    reader = visit(java_script_enabled=False)
    article = reader.open(site / page).locator("article").first
    shown = article.inner_text()
    assert all(line in shown for line in article.locator("h1, h2, h3").all_inner_texts())
    assert len(shown.split()) >= 50
    assert hidden(reader) == []
    assert reader.outside == []


def hidden(reader: Visit) -> list[str]:
    """Return the paragraphs that cannot be seen, but for those in a fold, which opens without a script."""
    paragraphs = reader.page.locator("article p:not(details p)")
    return [text for text in (p.text_content() for p in paragraphs.all() if not p.is_visible()) if text.strip()]


def test_the_browser_check_sees_a_request_elsewhere(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    (tmp_path / "a.html").write_text('<img src="https://example.org/x.png" alt="">')
    reader = visit(offline=False)
    reader.open(tmp_path / "a.html")
    assert reader.outside == ["https://example.org/x.png"]


def test_the_browser_check_sees_errors_and_missing_files(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    (tmp_path / "a.html").write_text('<script src="missing.js"></script><script>console.error("one"); throw Error("two")</script>')
    reader = visit()
    reader.open(tmp_path / "a.html")
    said = "\n".join(reader.complaints)
    assert "missing.js" in said
    assert "one" in said
    assert "two" in said


def test_the_reading_check_sees_text_that_waits_for_a_script(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    (tmp_path / "a.html").write_text("<article><p>Seen<p hidden>Not seen<details><p>In a fold</details></article>")
    reader = visit(java_script_enabled=False)
    reader.open(tmp_path / "a.html")
    assert hidden(reader) == ["Not seen"]
