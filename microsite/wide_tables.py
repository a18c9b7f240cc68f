"""A Markdown extension: every plain table stands in a wrapper that scrolls, can be reached by keyboard, and has a name.

On a narrow screen a wide table scrolls inside its wrapper, never the page. Whoever has no pointer scrolls it with
the arrow keys, so the wrapper takes the focus; and what takes the focus has a name: the heading above the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_STASHED = re.compile(r"\x02[^\x03]*\x03|<[^>]*>")
"""What Markdown has put aside for later, and tags: neither is part of a name."""


class _Wrap(Treeprocessor):
    def run(self, root: Element) -> None:
        heading, names = "", Counter[str]()
        for parent, place, element in list(_walk(root)):
            if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                heading = _text(element)
            elif element.tag == "table":
                name = heading or ", ".join(filter(None, map(_text, element.iter("th"))))
                names[name] += 1
                # Two regions of one name could not be told apart.
                shown = name if names[name] == 1 else f"{name} ({names[name]})"
                wrapper = Element("div", {"class": "table", "role": "region", "aria-label": shown, "tabindex": "0"})
                element.set("class", "data")
                for head in element.iter("th"):
                    head.set("scope", "col")
                wrapper.tail, element.tail = element.tail, None
                wrapper.append(element)
                parent[place] = wrapper


def _walk(parent: Element) -> Iterator[tuple[Element, int, Element]]:
    """Every element below `parent` in the order of the page, with its parent and its place there."""
    for place, element in enumerate(parent):
        yield parent, place, element
        yield from _walk(element)


def _text(element: Element) -> str:
    return " ".join(_STASHED.sub("", "".join(element.itertext())).split())


class WideTables(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, named by Python-Markdown
        # After the text of cells and headings is made (20), before headings get their signs (5).
        md.treeprocessors.register(_Wrap(md), "wide-tables", 6)


def makeExtension(**settings: object) -> WideTables:  # noqa: N802, named by Python-Markdown
    return WideTables(**settings)
