"""What is made of an edition's pages, once they can be written: packs of lessons, the e-book, the page to print.

What is taken along outlives its mending, so it is made of complete editions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from microsite import export
from microsite.edition import Edition
from microsite.export import book, epub, packs, printed
from microsite.export.packs import Offer

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


def write(site: Path, edition: Edition) -> list[Path]:
    """Write every file of an edition below the site's root, and with the first edition those that all share; return where they stand."""
    written = [] if edition.root else export.write(site, edition.facts)
    for path, content in files(edition).items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written
