"""What the frame of a page (`theme/main.html`) is told besides the page: its words, the edition's version, the name of the search worker, and of
each page its statements for machines and how long it takes to read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from microsite.edition import Edition, Page, PageError
from microsite.export import linked, release

PACE = 180
"""Words a minute: the pace of somebody who reads to learn."""

READ_THROUGH = ("tradition", "principles", "international")
"""The parts of the site whose pages are read from beginning to end, so that they say how long it takes."""

VENDORED = Path(__file__).resolve().parent / "vendored"

_ASIDE = re.compile(r"<(table|figure|details|form|svg|ol class=\"page-sources\")\b.*?</\1>", re.S)


def told(edition: Edition, menu: Sequence[Any]) -> dict[str, Any]:
    """All values under `extra` that the templates of the theme ask for and the settings do not hold, for one edition with this menu."""
    return frame(edition) | {"minutes": reading_times(edition), "linked": linked.pages(edition, menu)}


def frame(edition: Edition) -> dict[str, Any]:
    """Those that are the same on all pages."""
    return {
        "words": edition.words["frame"],
        "release": release.line(edition),
        "others": others(edition),
        "foot": {name: Page(edition, "index.md").to(f"reference/{name}.md") for name in edition.words["frame"]["foot"]},
        "worker": worker(),
    }


def others(edition: Edition) -> list[dict[str, Any]]:
    """The other editions: their language, where their root stands as seen from this one's, and which pages they have, by source path."""
    found = (Edition(language, edition.facts, edition.docs.parent) for language in edition.facts["languages"] if language != edition.language)
    return [
        {
            "lang": other.language, "name": edition.facts["languages"][other.language].name, "published": other.published,
            "root": posixpath.relpath(other.root or ".", edition.root or "."), "pages": other.pages,
        }
        for other in found
    ]  # fmt: skip


def worker() -> str:
    """The file name of the theme's search worker, which carries a hash that changes with each release."""
    (name,) = (file.name for file in (VENDORED / "mkdocs-material").glob("search.*.js"))
    return name


def reading_times(edition: Edition) -> Mapping[str, str]:
    """How long a page takes to read, in words, for those that are read through and take more than a minute; none if a page has a mistake, which is
    told when it is written."""
    words = edition.words["frame"]["minutes"]
    try:
        taken = {src: minutes(edition.render(src)) for src in edition.usage if src.partition("/")[0] in READ_THROUGH}
        return {src: words.format(count) for src, count in taken.items() if count > 1}
    except (PageError, TemplateError):
        return {}


def minutes(markdown: str) -> int:
    """How many minutes a page's running text takes to read, tables, drawings and folds left aside."""
    text = re.sub(r"<[^>]+>", " ", _ASIDE.sub(" ", markdown.split("{ #sources }")[0]))
    return round(len(re.findall(r"\w+", text)) / PACE)
