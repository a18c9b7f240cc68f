"""Every source, for reference managers: CSL-JSON, which the sources are; BibTeX as pandoc writes it; RIS as rispy does."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pypandoc
import rispy

from microsite.load import ROOT
from microsite.model import Facts
from microsite.text.citations import csl_item

CACHE = ROOT / ".cache"

TYPES = {
    "article": "GEN", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS", "bill": "BILL", "book": "BOOK",
    "broadcast": "MULTI", "chapter": "CHAP", "dataset": "DATA", "document": "GEN", "entry-dictionary": "DICT", "entry-encyclopedia": "ENCYC",
    "interview": "PCOMM", "legislation": "STAT", "motion_picture": "MPCT", "paper-conference": "CPAPER", "post-weblog": "BLOG",
    "regulation": "LEGAL", "report": "RPRT", "speech": "HEAR", "thesis": "THES", "treaty": "LEGAL", "webpage": "ELEC",
}  # fmt: skip
"""The type of a work in CSL and in RIS."""


class _Writer(rispy.RisWriter):
    """rispy's writer, without the running numbers that it puts between the entries."""

    def set_header(self, count: int) -> str:
        return ""


def files(facts: Facts) -> dict[str, bytes]:
    """`open-data/bibliography.json`, `.bib` and `.ris`, an entry each source, under its id."""
    items = [csl_item(source) for source in facts["sources"].values()]
    return {
        "open-data/bibliography.json": (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        "open-data/bibliography.bib": _through_pandoc(items, "bibtex"),
        "open-data/bibliography.ris": rispy.dumps([ris(item) for item in items], implementation=_Writer).encode("utf-8"),
    }


def _through_pandoc(items: list[dict[str, Any]], format: str) -> bytes:
    """The items in one of pandoc's bibliography formats; kept by content, because pandoc takes a moment."""
    asked = json.dumps(items, ensure_ascii=False)
    key = hashlib.sha256(f"{format} {pypandoc.get_pandoc_version()} {asked}".encode()).hexdigest()[:20]
    kept = CACHE / f"bibliography-{key}"
    if not kept.exists():
        written = pypandoc.convert_text(asked, format, "csljson", extra_args=["--wrap=none"])
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_text(written.replace("\r\n", "\n"), encoding="utf-8", newline="\n")
    return kept.read_bytes()


def ris(item: Mapping[str, Any]) -> dict[str, Any]:
    """A CSL item as rispy wants it. RIS has a line a value, so no value keeps a line break."""
    first, _, last = item.get("page", "").partition("–" if "–" in item.get("page", "") else "-")
    made = {
        "type_of_reference": TYPES[item["type"]],
        "id": item["id"],
        "title": item["title"],
        "authors": [_name(name) for name in item.get("author", ())],
        "secondary_authors": [_name(name) for name in item.get("editor", ())],
        "secondary_title": item.get("container-title"),
        "year": _date(item.get("issued")).partition("/")[0],
        "date": _date(item.get("issued")),
        "publisher": item.get("publisher"),
        "place_published": item.get("publisher-place"),
        "volume": item.get("volume"),
        "number": item.get("issue") or item.get("number"),
        "start_page": first,
        "end_page": last,
        "edition": item.get("edition"),
        "doi": item.get("DOI"),
        "issn": item.get("ISBN"),
        "urls": [item["URL"]] if "URL" in item else [],
        "access_date": _date(item.get("accessed")),
        "language": item.get("language"),
    }
    return {key: _one_line(value) for key, value in made.items() if value}


def _one_line(value: Any) -> Any:
    return [_one_line(item) for item in value] if isinstance(value, list) else re.sub(r"\s+", " ", value).strip()


def _name(name: Mapping[str, str]) -> str:
    return name.get("literal") or ", ".join(name[key] for key in ("family", "given") if name.get(key))


def _date(date: Mapping[str, Any] | None) -> str:
    """The start of a CSL date as RIS writes it: 1995/09/23."""
    return "/".join(f"{part:02}" for part in date["date-parts"][0]) if date else ""
