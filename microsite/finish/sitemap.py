"""The map of each edition for search engines, dated by the site's last change: MkDocs dates every page by the day of the build."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from microsite.export import release
from microsite.finish.base import editions

MAP = "sitemap.xml"


def step(site: Path) -> None:
    for edition in editions(site):
        path = site / edition.root / MAP
        text = re.sub(r"(?<=<lastmod>)[^<]*(?=</lastmod>)", release.day(edition.facts), path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8", newline="\n")
        path.with_name(f"{MAP}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
