"""Every link of the built site leads somewhere: files, fragments, on a server and from disk; ids are unique."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

POINTERS = {"href", "src", "data", "poster", "action"}
REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
"""Attributes that hold the ids of other elements on the page."""


def ids_of(page: Element) -> list[str]:
    return [element.attrib["id"] for element in page.iter() if "id" in element.attrib]


def broken_links(pages: dict[str, Element], files: set[str]) -> list[str]:
    """What does not lead anywhere, as "page: address: why". `files` are all addresses below the site's root."""
    ids = {address: set(ids_of(page)) for address, page in pages.items()}
    found = []
    for here, page in pages.items():
        for element in page.iter():
            if not isinstance(element.tag, str):
                continue
            for name in POINTERS & set(element.attrib):
                address = element.attrib[name].strip()
                if why := _broken(here, address, element.tag, name, ids, files):
                    found.append(f"{here}: {address}: {why}")
            for name in REFERRING:
                for target in element.attrib.get(name, "").split():
                    # The theme labels a contents drawer on section pages that have none.
                    if target not in ids[here] and target != "__toc":
                        found.append(f"{here}: {name}={target}: no such id")
    return found


def _broken(here: str, address: str, tag: str, name: str, ids: dict[str, set[str]], files: set[str]) -> str:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return "" if tag in ("a", "link") else "is fetched from another host"
    if parts.scheme in ("mailto", "data"):
        return ""
    if parts.scheme:
        return f"{parts.scheme}: leads nowhere from disk"
    if parts.netloc or parts.path.startswith("/"):
        return "begins with / and does not work from disk"
    if not address:
        return "is empty" if name != "action" else ""
    if parts.path.endswith(".md"):
        return "is a source file"
    there = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(parts.path))) if parts.path else here
    if there.startswith(".."):
        return "leads out of the site"
    if there not in files:
        near = [file for file in files if file.lower() == there.lower()]
        return f"no such file{'; case differs from ' + near[0] if near else ''}"
    fragment = unquote(parts.fragment)
    if fragment and there in ids and fragment not in ids[there] and not fragment.startswith(("__", ":~:")):
        return "no such id there"
    return ""


def doubled_ids(pages: dict[str, Element]) -> list[str]:
    return [f"{here}: id={name} stands {count} times" for here, page in pages.items() for name, count in Counter(ids_of(page)).items() if count > 1]


def test_every_link_and_reference_resolves(site: Path, pages: dict[str, Element]) -> None:
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    # The page for addresses that do not exist is served at any depth, so its own are absolute; it is for servers only.
    own = {address: page for address, page in pages.items() if not address.endswith("404.html")}
    assert broken_links(own, files) == []


def test_ids_are_unique_on_each_page(pages: dict[str, Element]) -> None:
    assert doubled_ids(pages) == []


def test_a_link_to_another_host_says_so_in_its_address_only(pages: dict[str, Element]) -> None:
    """Links lead to other hosts by https or, for old archives, http; nothing else asks another host."""
    schemes = {urlsplit(e.attrib["href"]).scheme for page in pages.values() for e in page.iter("a") if "href" in e.attrib}
    assert schemes <= {"", "https", "http", "mailto"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<a href="missing.html">x</a>', "no such file"),
        ('<a href="b.html#nowhere">x</a>', "no such id there"),
        ('<a href="#nowhere">x</a>', "no such id there"),
        ('<a href="/b.html">x</a>', "begins with /"),
        ('<a href="//example.org/b.html">x</a>', "begins with /"),
        ('<a href="b.md">x</a>', "is a source file"),
        ('<a href="B.html">x</a>', "case differs"),
        ('<a href="../b.html">x</a>', "leads out of the site"),
        ('<a href="javascript:x()">x</a>', "leads nowhere"),
        ('<a href="">x</a>', "is empty"),
        ('<img src="https://example.org/x.png" alt="">', "another host"),
        ('<label for="gone">x</label>', "no such id"),
        ('<p aria-labelledby="gone">x</p>', "no such id"),
    ],
)
def test_the_link_check_sees(body: str, says: str) -> None:
    pages = {name: html5lib.parse(text, namespaceHTMLElements=False) for name, text in (("a.html", body), ("b.html", '<p id="here">'))}
    found = broken_links(pages, {"a.html", "b.html"})
    assert len(found) == 1
    assert says in found[0]


def test_the_link_check_lets_good_links_pass() -> None:
    good = '<a href="b.html#here">x</a><a href="https://example.org/">y</a><a href="./b.html">z</a><a href="x%20y.csv">c</a><p id="p"><a href="#p">p</a>'
    pages = {name: html5lib.parse(text, namespaceHTMLElements=False) for name, text in (("a.html", good), ("b.html", '<p id="here">'))}
    assert broken_links(pages, {"a.html", "b.html", "x y.csv"}) == []


def test_the_id_check_sees_a_doubled_id() -> None:
    assert doubled_ids({"a.html": html5lib.parse('<p id="x"><p id="x">', namespaceHTMLElements=False)})


def test_published_addresses_and_ids_still_exist(site: Path, pages: dict[str, Element]) -> None:
    """What was public once stays: `tests/published.txt` lists every address, and every id in a page's own text, and only grows."""
    published = set((Path(__file__).parent / "published.txt").read_text("utf-8").split())
    there = set(addresses(pages))
    assert gone(published, pages) == [], "published addresses are gone; keep them, or say in mkdocs.yml under extra.moved where they are now"
    new = sorted(there - published)
    assert new == [], "new addresses: add them with `python tests/published.py`, once they are meant to last"


def gone(published: set[str], pages: dict[str, Element]) -> list[str]:
    """The published addresses that lead nowhere any more. At the address of a page that moved stands one that leads on, with the same id."""
    ids = {here: set(ids_of(page)) for here, page in pages.items()}
    moved = {here: posixpath.normpath(posixpath.join(posixpath.dirname(here), to)) for here, page in pages.items() if (to := leads_on(page))}
    there = set(addresses(pages))

    def lost(address: str) -> bool:
        here, _, name = address.partition("#")
        if here not in moved:
            return address not in there
        return bool(name) and name not in ids[here] and f"{moved[here].partition('#')[0]}#{name}" not in there

    return sorted(filter(lost, published))


def leads_on(page: Element) -> str:
    """Where a page that moved leads to; empty for any other."""
    return next((e.attrib["href"] for e in page.iter("a") if "data-moved" in e.attrib), "")


def addresses(pages: dict[str, Element]) -> list[str]:
    """Every page and every id within its article, as addresses. Ids that the theme makes (`__…`) and numbered sources do not last."""
    found = []
    for here, page in pages.items():
        if here.endswith("404.html"):
            continue
        found.append(here)
        for article in page.iter("article"):
            if "text" in article.attrib.get("class", "").split():
                found += [f"{here}#{name}" for name in ids_of(article) if not re.match(r"__|source-", name)]
    return sorted(set(found))
