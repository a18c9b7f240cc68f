"""What the frame of a page (`theme/main.html`) is told besides the page: its words, the edition's version, the name of the theme's search worker."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

from microsite.edition import Edition
from microsite.export import release

PACE = 180
"""Words a minute: the pace of somebody who reads to learn."""

_ASIDE = re.compile(r"<(table|figure|details|form|svg|ol class=\"page-sources\")\b.*?</\1>", re.S)


def frame(edition: Edition) -> dict[str, Any]:
    """The values under `extra` that the templates of the theme ask for, for one edition."""
    (other,) = (language for language in edition.facts["languages"] if language != edition.language)
    return {
        "words": edition.words["frame"],
        "release": release.line(edition),
        "published_twin": Edition(other).published,
        "worker": worker(),
    }


def worker() -> str:
    """The file name of the theme's search worker, which carries a hash that changes with each release."""
    folder = resources.files("material") / "templates/assets/javascripts/workers"
    (name,) = (file.name for file in folder.iterdir() if re.fullmatch(r"search\..+\.js", file.name))
    return name


def minutes(markdown: str) -> int:
    """How many minutes a page's running text takes to read, tables, drawings and folds left aside; at least one."""
    text = re.sub(r"<[^>]+>", " ", _ASIDE.sub(" ", markdown.split("{ #sources }")[0]))
    return max(1, round(len(re.findall(r"\w+", text)) / PACE))
