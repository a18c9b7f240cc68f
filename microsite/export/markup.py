"""Built HTML as a tree, to be taken apart and put together for paper, packs and books: read, change, write as HTML or XHTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement, tostring

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
"""Attributes that hold the ids of other elements."""
_SVG_CASE = {
    name.lower(): name
    for name in (
        "viewBox", "patternUnits", "patternTransform", "refX", "refY", "markerWidth", "markerHeight", "markerUnits",
        "preserveAspectRatio", "gradientUnits", "gradientTransform", "clipPath", "linearGradient", "radialGradient", "textLength",
        "pathLength", "tableValues", "stdDeviation",
    )
}  # fmt: skip
"""What the HTML parser writes in small letters and XML does not."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.open[-1][-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        SubElement(self.open[-1], _SVG_CASE.get(tag, tag), {_SVG_CASE.get(name, name): "" if value is None else value for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        tag = _SVG_CASE.get(tag, tag)
        if tag in VOID:
            return
        if self.open[-1].tag != tag:
            raise ValueError(f"</{tag}> comes where <{self.open[-1].tag}> is open: write every end tag")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        here = self.open[-1]
        if len(here):
            here[-1].tail = (here[-1].tail or "") + data
        else:
            here.text = (here.text or "") + data


def read(html: str) -> Element:
    """A fragment of HTML as the children of a `div`. Comments fall away."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def write(tree: Element) -> str:
    """The inside of a tree as HTML."""
    return escape(tree.text or "", quote=False) + "".join(tostring(child, encoding="unicode", method="html") for child in tree)


def write_xml(tree: Element) -> str:
    """The inside of a tree as XHTML, drawings in their own namespace."""
    for svg in tree.iter("svg"):
        svg.set("xmlns", "http://www.w3.org/2000/svg")
    return escape(tree.text or "", quote=False) + "".join(tostring(child, encoding="unicode") for child in tree)


# --- looking and changing --------------------------------------------------------------------------------------------


def classes(e: Element) -> set[str]:
    return set(e.get("class", "").split())


def words(e: Element) -> str:
    """All text of an element on one line."""
    return " ".join("".join(e.itertext()).split())


def by_class(tree: Element, name: str) -> Iterator[Element]:
    return (e for e in tree.iter() if name in classes(e))


def remove(tree: Element, unwanted: Callable[[Element], bool]) -> None:
    """Take out elements with all that is in them; the text after them stays."""
    for parent in list(tree.iter()):
        for place in range(len(parent) - 1, -1, -1):
            if unwanted(child := parent[place]):
                _keep_text(parent, place, child.tail or "")
                parent.remove(child)


def unwrap(tree: Element, unwanted: Callable[[Element], bool]) -> None:
    """Take out elements and keep what is in them."""
    for parent in list(tree.iter()):
        place = 0
        while place < len(parent):
            child = parent[place]
            if not unwanted(child):
                place += 1
                continue
            inner = list(child)
            _keep_text(parent, place, child.text or "")
            if inner:
                inner[-1].tail = (inner[-1].tail or "") + (child.tail or "")
            else:
                _keep_text(parent, place, child.tail or "")
            parent[place : place + 1] = inner


def _keep_text(parent: Element, place: int, text: str) -> None:
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def rename_ids(tree: Element, new: Callable[[str], str]) -> None:
    """Give every id a new name, and whatever in the tree refers to it; links are left alone."""
    for e in tree.iter():
        if "id" in e.attrib:
            e.set("id", new(e.attrib["id"]))
        for name in REFERRING:
            if name in e.attrib:
                e.set(name, " ".join(new(one) for one in e.attrib[name].split()))
        for name, value in e.attrib.items():
            if "url(#" in value:
                e.set(name, re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{new(m[1])})", value))


def demote(tree: Element, by: int) -> None:
    """Every heading lower by some levels."""
    for e in tree.iter():
        if re.fullmatch(r"h[1-6]", e.tag):
            e.tag = f"h{min(int(e.tag[1]) + by, 6)}"


def sections(tree: Element, tag: str = "h2") -> tuple[list[Element], list[tuple[Element, list[Element]]]]:
    """What stands before the first heading of a level, and each such heading with what follows it."""
    before: list[Element] = []
    found: list[tuple[Element, list[Element]]] = []
    for child in tree:
        if child.tag == tag:
            found.append((child, []))
        elif found:
            found[-1][1].append(child)
        else:
            before.append(child)
    return before, found


def fragment(children: Iterable[Element], tag: str = "div", **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.extend(children)
    return made
