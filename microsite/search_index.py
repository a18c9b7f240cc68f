"""The search index, made from built pages for the worker of Material: the part of the page from each heading to the next is an entry.

Material's own plugin loses count of what is marked as not for the search, and Zensical gives up at a section of more than 512 kB.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

from microsite.export import linked

KEPT = {"p", "code", "pre", "li", "ol", "ul", "sub", "sup"}
"""Tags that stay in the text of an entry."""
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
FIELDS = {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1000000.0}}


@dataclass
class Section:
    id: str = ""
    depth: float = 0
    """How many elements are open at its heading, this one included. What follows the end of the innermost belongs to an earlier section."""
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


_TOKEN = re.compile(
    r"<(script|style|object)\b.*?</\1\s*>|<!--.*?-->|<(?P<end>/?)(?P<tag>[a-z][\w:-]*)(?P<given>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|(?P<text>[^<]+)", re.S
)
"""What the build has made of a page is sound HTML, so it can be read with a pattern, ten times as fast as with a parser for any."""
_ID = re.compile(r"\sid=\"([^\"]*)\"")


class _Sections:
    """The sections of a page, as they are read."""

    def __init__(self) -> None:
        self.made: list[Section] = []
        self.section = Section()
        self.open: list[tuple[str, bool]] = []
        """Of each open element: its tag, whether its content is skipped."""
        self.skipped = 0
        """How many open elements are."""
        self.heading = 0
        """How many elements are open at the heading of the present section, this one included, while it is open itself."""

    def read(self, html: str) -> list[Section]:
        for found in _TOKEN.finditer(html):
            if text := found["text"]:
                if not self.skipped:
                    self._add(text)
            elif (tag := found["tag"]) and found["end"]:
                self._end(tag)
            elif tag and tag not in VOID:
                self._start(tag, found["given"])
                if found["given"].endswith("/"):
                    self._end(tag)
        return self.made

    def _start(self, tag: str, given: str) -> None:
        if tag in HEADINGS and (id := _ID.search(given)):
            if tag != "h1":
                self._begin()
            self.heading = len(self.open) + 1
            self.section = Section(id[1] if self.made else "", self.heading)
            self.made.append(self.section)
        skipped = "data-search-exclude" in given or (tag == "a" and 'class="headerlink"' in given and bool(self.heading))
        self.open.append((tag, skipped))
        self.skipped += skipped
        self._begin()
        if tag in KEPT and not self.skipped:
            self._there().append(f"<{tag}>")

    def _end(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            return
        if self.section.depth > len(self.open):
            before = next((section for section in reversed(self.made) if section.depth <= len(self.open)), None)
            if before:
                self.section.depth, self.section = math.inf, before
        if not self.skipped and tag in KEPT:
            there = self._there()
            start = there.index(f"<{tag}>")
            # An element without text leaves nothing.
            if all(there[place].isspace() for place in range(start + 1, len(there))):
                del there[start:]
            else:
                there.append(f"</{tag}>")
        self.skipped -= self.open.pop()[1]
        if self.heading > len(self.open):
            self.heading = 0

    def _add(self, text: str) -> None:
        self._begin()
        there = self._there()
        text = unescape(text) if "&" in text else text
        if ("pre", False) not in self.open:
            text = " " if text.isspace() else text.replace("\n", " ")
        if not text.isspace() or self.heading or not there or not there[-1].isspace():
            there.append(escape(text, quote=False))

    def _begin(self) -> None:
        """What stands before the first heading is a section too."""
        if not self.made:
            self.made.append(self.section)

    def _there(self) -> list[str]:
        return self.section.title if self.heading else self.section.text


def entries(location: str, content: str) -> list[dict[str, str]]:
    """The entries of a page at this address with this content, which begins with its heading."""
    return [
        {"location": location + (f"#{section.id}" if section.id else ""), "title": "".join(section.title).strip(), "text": "".join(section.text).strip()}
        for section in _Sections().read(content)
    ]


def write(site: Path, menu: Sequence[Any], language: str, told: Mapping[str, Any]) -> None:
    """Write the index of the pages in an edition's menu, with what its settings tell the search."""
    pages = [src.removesuffix(".md") + ".html" for src in linked.trails(menu)]
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
