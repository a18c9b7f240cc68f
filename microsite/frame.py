"""What the frame of a page (`theme/main.html`) is told besides the page: its words, the edition's version, the name of the theme's search worker."""

from __future__ import annotations

import posixpath
import re
from importlib import resources
from typing import Any

from microsite.edition import Edition, Page
from microsite.export import release

PACE = 180
"""Words a minute: the pace of somebody who reads to learn."""

_ASIDE = re.compile(r"<(table|figure|details|form|svg|ol class=\"page-sources\")\b.*?</\1>", re.S)


def frame(edition: Edition) -> dict[str, Any]:
    """The values under `extra` that the templates of the theme ask for, for one edition."""
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
    folder = resources.files("material") / "templates/assets/javascripts/workers"
    (name,) = (file.name for file in folder.iterdir() if re.fullmatch(r"search\..+\.js", file.name))
    return name


def minutes(markdown: str) -> int:
    """How many minutes a page's running text takes to read, tables, drawings and folds left aside; at least one."""
    text = re.sub(r"<[^>]+>", " ", _ASIDE.sub(" ", markdown.split("{ #sources }")[0]))
    return max(1, round(len(re.findall(r"\w+", text)) / PACE))
