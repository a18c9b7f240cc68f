"""How large each file is that a page offers: pages are written before the files, with a gap where this belongs (`Page.size`)."""

from __future__ import annotations

import re
from pathlib import Path

from microsite.edition import Edition
from microsite.finish.base import editions, pages
from microsite.text import numbers

_GAP = re.compile(r'<span data-size-of="([^"]+)"></span>')


def step(site: Path) -> None:
    for edition in editions(site):
        fill(site, edition)


def fill(site: Path, edition: Edition) -> None:
    """Say it on an edition's pages, of the files that stand in the site. Without this the pages name type and title only."""

    def size(gap: re.Match[str]) -> str:
        path = site / gap[1]
        return f", {numbers.size(path.stat().st_size, edition.locale)}" if path.is_file() else gap[0]

    for page in pages(site, edition):
        text = page.read_text(encoding="utf-8")
        if (filled := _GAP.sub(size, text)) != text:
            page.write_text(filled, encoding="utf-8", newline="\n")
