"""What is made of an edition's pages, once they can be written: packs of lessons, the e-book, the page to print.

What is taken along outlives its mending, so it is made of complete editions only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from microsite.edition import Edition
from microsite.export import book, epub, packs, printed
from microsite.export.packs import Offer
from microsite.text import numbers

MODULES = (packs, epub, printed)
"""The modules that make them: each has `files(edition)`."""


def files(edition: Edition) -> Mapping[str, bytes]:
    """Every file by its path below the site's root. The edition's macros must be bound. The same facts and pages give the same bytes."""

    def make() -> dict[str, bytes]:
        made: dict[str, bytes] = {}
        for module in MODULES if edition.complete else ():
            made |= module.files(edition)
        return made

    return edition.kept("downloads", make)


def offers(edition: Edition) -> list[Offer]:
    """What there is of the whole edition: the e-book, the page to print, the packs of all lessons."""
    words = edition.words["packs"]
    whole = [Offer(epub.path(edition), words["book"], "EPUB", False), Offer(printed.path(edition), words["print"], "HTML", False)]
    return [*(whole if edition.complete and book.pages(edition) else ()), *packs.offers(edition, None)]


def write(site: Path, editions: Iterable[Edition]) -> list[Path]:
    """Write every file of some editions below the site's root; return where they stand."""
    written = []
    for edition in editions:
        for path, content in files(edition).items():
            target = site / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(target)
    return written


_SIZE = re.compile(r'<span data-size-of="([^"]+)"></span>')


def fill_sizes(pages: Path, edition: Edition) -> None:
    """Say on an edition's built pages how large the files are: pages are written before them. Without this they name type and title only."""
    made = files(edition)
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if not _SIZE.search(text):
            continue

        def size(match: re.Match[str]) -> str:
            return f"<span>, {numbers.size(len(made[match[1]]), edition.locale)}</span>" if match[1] in made else match[0]

        page.write_text(_SIZE.sub(size, text), encoding="utf-8", newline="\n")
