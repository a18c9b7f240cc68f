"""The search index, made from built pages, as Material's search plugin makes it: the part of the page from each heading to the next is an entry.

Zensical has an index of its own, but gives up at a section of more than 512 kB, and our list of sources is one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

KEPT = {"p", "code", "pre", "li", "ol", "ul", "sub", "sup"}
"""Tags that stay in the text of an entry."""
SKIPPED = {"object", "script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
FIELDS = {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1000000.0}}


@dataclass
class Section:
    id: str = ""
    depth: float = 0
    """How many elements are open at its heading, this one included. What follows the end of the innermost belongs to an earlier section."""
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Sections(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.made: list[Section] = []
        self.section = Section()
        self.open: list[tuple[str, bool, bool]] = []
        """Of each open element: its tag, whether its content is skipped, whether it is the heading of the present section."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        heading = tag in {"h1", "h2", "h3", "h4", "h5", "h6"} and "id" in given
        if heading:
            if tag != "h1":
                self._begin()
            self.open = [(name, skipped, False) for name, skipped, _ in self.open]
            self.section = Section(given["id"] or "" if self.made else "", len(self.open) + 1)
            self.made.append(self.section)
        permalink = tag == "a" and given.get("class") == "headerlink" and self._titled()
        self.open.append((tag, tag in SKIPPED or "data-search-exclude" in given or permalink, heading))
        self._begin()
        if tag in KEPT and not self._skipped():
            self._there().append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            return
        if self.section.depth > len(self.open):
            before = next((section for section in reversed(self.made) if section.depth <= len(self.open)), None)
            if before:
                self.section.depth, self.section = math.inf, before
        if not self._skipped() and tag in KEPT:
            there = self._there()
            start = there.index(f"<{tag}>")
            # An element without text leaves nothing.
            if all(part.isspace() for part in there[start + 1 :]):
                del there[start:]
            else:
                there.append(f"</{tag}>")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self._skipped():
            return
        self._begin()
        there = self._there()
        if not any(tag == "pre" for tag, _, _ in self.open):
            data = " " if data.isspace() else data.replace("\n", " ")
        if not data.isspace() or self._titled() or not there or not there[-1].isspace():
            there.append(escape(data, quote=False))

    def _begin(self) -> None:
        """What stands before the first heading is a section too."""
        if not self.made:
            self.made.append(self.section)

    def _skipped(self) -> bool:
        return any(skipped for _, skipped, _ in self.open)

    def _titled(self) -> bool:
        return any(heading for _, _, heading in self.open)

    def _there(self) -> list[str]:
        return self.section.title if self._titled() else self.section.text


def entries(location: str, content: str) -> list[dict[str, str]]:
    """The entries of a page at this address with this content, which begins with its heading."""
    parser = _Sections()
    parser.feed(content)
    parser.close()
    return [
        {"location": location + (f"#{section.id}" if section.id else ""), "title": "".join(section.title).strip(), "text": "".join(section.text).strip()}
        for section in parser.made
    ]


def write(site: Path, pages: Iterable[str], language: str, told: Mapping[str, Any]) -> None:
    """Write the index of an edition's pages, given by their address, with what its settings tell the search."""
    docs = [entry for page in pages for entry in entries(page, _content((site / page).read_text("utf-8")))]
    config = {"lang": [language], "separator": told["separator"], "pipeline": told["pipeline"], "fields": FIELDS}
    index = json.dumps({"config": config, "docs": docs}, separators=(",", ":"))
    target = site / "search/search_index.js"
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"var __index = {index}", "utf-8")


def _content(page: str) -> str:
    """What a page's author wrote: the article without what our frame puts before its heading."""
    article = page.partition("<article ")[2].rpartition("</article>")[0]
    return article[article.index("<h1") :]
