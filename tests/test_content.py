"""What every built page has: one h1, headings in order, a title of its own, a language, names for pictures, its sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from microsite.load import load

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def article(page: Element) -> Element:
    """The page's own text, without the frame."""
    return next(e for e in page.iter("article") if "text" in e.attrib.get("class", "").split())


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def findings(name: str, page: Element) -> Iterator[str]:
    """What is wrong with a page's structure."""
    body = article(page)
    levels = [int(e.tag[1]) for e in body.iter() if e.tag in HEADINGS]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"{name}: headings begin {levels[:3]} with {levels.count(1)} h1; there is one, and it comes first"
    for before, after in zip(levels, levels[1:]):
        if after > before + 1:
            yield f"{name}: an h{after} follows an h{before}"
    for e in body.iter():
        if e.tag in HEADINGS and not words(e):
            yield f"{name}: an empty {e.tag}"
        if e.tag in HEADINGS[1:] and "id" not in e.attrib:
            yield f"{name}: the heading '{words(e)}' has no id"
        if e.tag == "img" and "alt" not in e.attrib:
            yield f"{name}: an image without alt: {e.attrib.get('src')}"
        if e.tag == "{http://www.w3.org/2000/svg}svg" and not (e.attrib.get("aria-hidden") == "true" or e.attrib.get("role") == "img"):
            yield f"{name}: a drawing with neither a name nor aria-hidden"
        if e.tag == "table" and "data" in e.attrib.get("class", "").split():
            if e.find("caption") is None and e.find("thead") is None:
                yield f"{name}: a data table without caption and header row"
            if any("scope" not in th.attrib for th in e.iter("th")):
                yield f"{name}: a header cell without scope"
        if e.tag == "a" and "href" in e.attrib and not words(e) and "title" not in e.attrib and "aria-label" not in e.attrib:
            yield f"{name}: a link without words: {e.attrib['href']}"
    text = words(body)
    if re.search(r"\{\{|\}\}|\{%|\[\[", text) or any(part.strip() in ("None", "undefined") for part in body.itertext()):
        yield f"{name}: a template's trace is left in the text"
    if not page.attrib.get("lang"):
        yield f"{name}: the page does not name its language"


def readable(pages: dict[str, Element]) -> dict[str, Element]:
    return {name: page for name, page in pages.items() if not name.endswith("404.html")}


def test_each_page_is_well_built(pages: dict[str, Element]) -> None:
    assert [finding for name, page in readable(pages).items() for finding in findings(name, page)] == []


def test_titles_are_unique_within_an_edition(pages: dict[str, Element]) -> None:
    titles = Counter((page.attrib["lang"], words(next(page.iter("title")))) for page in readable(pages).values())
    assert [title for title, count in titles.items() if count > 1] == []


def test_each_english_page_describes_itself(pages: dict[str, Element]) -> None:
    site_wide = {e.attrib["content"] for e in pages["404.html"].iter("meta") if e.attrib.get("name") == "description"}
    bare = []
    for name, page in readable(pages).items():
        described = [e.attrib["content"] for e in page.iter("meta") if e.attrib.get("name") == "description"]
        if len(described) != 1 or (set(described) & site_wide and name not in ("index.html", "it/index.html")):
            bare.append(name)
    assert bare == []


def test_each_page_ends_with_its_sources(pages: dict[str, Element]) -> None:
    missing = []
    for name, page in readable(pages).items():
        h2s = [e for e in article(page).iter("h2")]
        if not h2s or h2s[-1].attrib.get("id") != "sources":
            missing.append(name)
    assert missing == []


def test_every_figure_in_a_sentence_can_be_read_by_machines_and_leads_to_its_series(pages: dict[str, Element]) -> None:
    wrong = []
    seen = 0
    for name, page in readable(pages).items():
        for link in article(page).iter("a"):
            if "figure" in link.attrib.get("class", "").split():
                seen += 1
                data = link.find("data")
                if data is None or not re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", data.attrib.get("value", "")) or "#" not in link.attrib["href"]:
                    wrong.append(f"{name}: {words(link)}")
    assert wrong == []
    assert seen >= 150


def test_the_statement_is_on_the_pages_word_for_word(pages: dict[str, Element]) -> None:
    facts = load()
    for principle in facts["principles"].values():
        page = article(pages[f"principles/{principle.id}.html"])
        quoted = [words(e) for e in page.iter("blockquote")]
        assert facts["quotations"][principle.statement].text["en"] in quoted, principle.id


def test_every_series_has_its_home_on_a_page(pages: dict[str, Element]) -> None:
    ids = {e.attrib["id"] for page in readable(pages).values() for e in article(page).iter() if "id" in e.attrib}
    assert [figure for figure in load()["figures"] if figure not in ids] == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<h2 id=a>A</h2>", "with 0 h1"),
        ("<h1>A</h1><h1>B</h1>", "with 2 h1"),
        ("<h1>A</h1><h3 id=b>B</h3>", "an h3 follows an h1"),
        ("<h1>A</h1><h2>B</h2>", "has no id"),
        ("<h1>A</h1><h2 id=b></h2>", "an empty h2"),
        ("<h1>A</h1><img src=x.png>", "without alt"),
        ("<h1>A</h1><svg></svg>", "neither a name"),
        ("<h1>A</h1><table class=data><tr><td>1</table>", "without caption"),
        ("<h1>A</h1><table class=data><caption>C</caption><tr><th>1</table>", "without scope"),
        ("<h1>A</h1><p>{{ figure }}", "a template's trace"),
        ("<h1>A</h1><p>In <b>None</b> it began", "a template's trace"),
        ("<h1>A</h1><a href=b.html></a>", "without words"),
    ],
)
def test_the_structure_check_sees(body: str, says: str) -> None:
    page = html5lib.parse(f'<html lang=en><article class="text">{body}</article>', namespaceHTMLElements=False)
    found = list(findings("a.html", page))
    assert any(says in finding for finding in found), found
