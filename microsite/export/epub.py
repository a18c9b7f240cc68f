"""The book as EPUB 3: `downloads/working-together-<language>.epub`, with navigation and with accessibility metadata.

Written here and not by pandoc, whose model of a document has no place for the scope of header cells, for the names and descriptions of
drawings, or for the ids of list items that links lead to.
"""

from __future__ import annotations

import re
import uuid

from markupsafe import Markup

from microsite.edition import Edition
from microsite.export import book, markup, pandoc, paper
from microsite.settings import LICENCE, site_name, site_url

CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def path(edition: Edition) -> str:
    """Where it stands below the site's root."""
    return f"downloads/working-together-{edition.language}.epub"


def files(edition: Edition) -> dict[str, bytes]:
    """The book; none while the edition has no chapter."""
    made = book.chapters(edition)
    if not made:
        return {}
    day = book.last_change(edition)
    names = {chapter.name for chapter in made}
    inside: dict[str, bytes] = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER}
    inside["EPUB/book.css"] = (paper.style("book") + "\n").encode()
    drawn = set()
    for chapter in made:
        for link in chapter.tree.iter("a"):
            if book.is_inner(link.get("href", ""), names):
                name, _, fragment = link.get("href", "").partition(":")
                link.set("href", f"{name}.xhtml" + (f"#{fragment}" if fragment else ""))
        _for_readers(chapter)
        if next(chapter.tree.iter("svg"), None) is not None:
            drawn.add(chapter.name)
        body = Markup(markup.write_xml(chapter.tree))
        inside[f"EPUB/{chapter.name}.xhtml"] = paper.document(edition, "chapter.xhtml", title=chapter.title, body=body)
    about = {
        "chapters": made, "drawn": drawn, "site_name": site_name(), "address": site_url(), "licence": LICENCE["path"], "day": day,
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{site_url()}{path(edition)}')}",
    }  # fmt: skip
    for name in ("package.opf", "nav.xhtml", "title.xhtml", "cover.svg"):
        inside[f"EPUB/{name}"] = paper.document(edition, name, **about)
    return {path(edition): pandoc.archive(inside, day, ["mimetype"])}


def _for_readers(chapter: book.Chapter) -> None:
    """What programs for e-books do not know: colours by name, and attributes of HTML pages."""
    colours = book.palette()
    for e in chapter.tree.iter():
        for name, value in e.attrib.items():
            if "var(--" in value:
                e.set(name, re.sub(r"var\((--[\w-]+)[^)]*\)", lambda m: colours.get(m[1], "#000"), value))
