"""Sources as a reader cites them, made by pandoc's citation processor from the CSL items of the data.

All sources of an edition go through it together, which takes a second or two, so the result is kept by content: as long as no
source changes it is read from the cache.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pypandoc
from babel import Locale

from microsite.kept import write
from microsite.model import Moment, Source, parse_date


MOST = 5000
"""So many works at most are cited in one go, as pandoc wants 80 kB of memory for each."""


@dataclass(frozen=True)
class Citation:
    """A source in an edition's words: `short` (author and year, text) and `full` (a bibliography entry, HTML)."""

    short: str
    full: str


def csl_item(source: Source) -> dict[str, Any]:
    """The source as CSL-JSON. A work without author is cited by its newspaper or encyclopedia, else by the body that published it."""
    item = source.model_dump(by_alias=True, exclude_none=True, exclude={"kind", "remark", "archive", "issued", "accessed"})
    item["author"] = [*item["author"]] or [*item.pop("editor")]
    if not item["author"] and "container-title" not in item and source.type != "legislation":
        item["author"] = [{"literal": item.pop("publisher")}]
    for key in ("issued", "accessed"):
        if text := getattr(source, key):
            start, end = parse_date(text)
            item[key] = {"date-parts": [_parts(at) for at in dict.fromkeys((start, end)) if at]}
            if start and start.mark:
                item[key]["circa"] = True
    return {key: _without_markup(value) for key, value in item.items() if value not in ((), [])}


def _without_markup(value: Any) -> Any:
    """A text in which CSL, which has a few tags and no way to write them as text, finds none: an invisible sign parts them from their bracket."""
    return re.sub(r"<(?=/?(?:i|b|sc|sup|sub|span)\b)", "<\u2060", value) if isinstance(value, str) else value


def _parts(at: Moment) -> list[int]:
    return [part for part in at[:3] if part is not None]


def cite(sources: Iterable[Source], csl_locale: str, cache: Path) -> Mapping[str, Citation]:
    """Every source's citation by id, in the language of `csl_locale` (such as "en-GB"). `cache` is a folder that may be deleted."""
    return cite_items([csl_item(source) for source in sources], csl_locale, cache)


def cite_items(csl_items: Sequence[Mapping[str, Any]], csl_locale: str, cache: Path) -> Mapping[str, Citation]:
    """The citation of each CSL item by its id; see `cite`."""
    items = [{key: _without_markup(value) for key, value in item.items()} for item in csl_items]
    for item in items:
        # Titles keep the capitals they have: the style would give English ones more.
        for field in {"title", "container-title"} & item.keys():
            item[field] = f'<span class="nocase">{item[field]}</span>'
    key = hashlib.sha256(json.dumps([csl_locale, pypandoc.get_pandoc_version(), items]).encode()).hexdigest()[:20]
    kept = cache / f"citations-{key}.json"
    if kept.exists():
        made = json.loads(kept.read_text(encoding="utf-8"))
    else:
        made = {}
        for part in parts(items):
            made |= _through_pandoc(part, csl_locale)
        write(kept, json.dumps(made, ensure_ascii=False))
    # A law goes by its name, which holds its year.
    laws = {item["id"]: item["title"] for item in csl_items if item["type"] == "legislation"}
    # Data change: their day is their edition, so it is given whole. Of a newspaper the year alone stands first.
    years = {item["id"]: f" {item['issued']['date-parts'][0][0]}" for item in csl_items if item["type"] == "dataset" and "issued" in item}
    return {name: Citation(laws.get(name, short), _day_first(full, csl_locale, years.get(name, ""))) for name, (short, full) in made.items()}


def _day_first(entry: str, csl_locale: str, year: str = "") -> str:
    """Put the day before the month, as the editions do everywhere: the style sets the date of a newspaper as Americans do."""
    months = "|".join(Locale.parse(csl_locale, sep="-").months["format"]["wide"].values())
    entry = re.sub(rf"(?<=[.,»’] )({months}) (\d{{1,2}})(?=[.,])", rf"\2 \1{year}", entry)
    if csl_locale.startswith("it"):
        entry = re.sub(rf"\b1 (?=(?:{months})\b)", "1º ", entry)
        entry = re.sub(r"\b(Consultato) (?=(\d+) )", lambda found: found[1] + (" l’" if found[2] in ("8", "11") else " il "), entry)
    return entry


def parts(items: Sequence[Mapping[str, Any]], most: int = MOST) -> list[Sequence[Mapping[str, Any]]]:
    """The items in parts of about `most`, all works of one author in the same: these have to be told apart (1995a, 1995b)."""
    if len(items) <= most:
        return [items]
    by_author: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        first = next(iter(item.get("author", ())), {})
        name = first.get("family") or first.get("literal") or item.get("container-title") or item["title"]
        by_author.setdefault(name, []).append(item)
    made: list[Any] = []
    for works in by_author.values():
        if not made or len(made[-1]) + len(works) > most:
            made.append([])
        made[-1] += works
    return made


def _through_pandoc(items: Sequence[Mapping[str, Any]], csl_locale: str) -> dict[str, tuple[str, str]]:
    asked = f'---\nlang: {csl_locale}\nnocite: "@*"\n---\n\n' + "\n\n".join(f"[@{item['id']}]" for item in items)
    with tempfile.TemporaryDirectory() as folder:
        bibliography = Path(folder) / "sources.json"
        bibliography.write_text(json.dumps(items), encoding="utf-8")
        html = pypandoc.convert_text(
            asked, "html", "markdown",
            # With room to work in, it stops for its own tidying less often and takes a fifth less.
            extra_args=["+RTS", "-A256m", "-RTS", "--citeproc", "--wrap=none", f"--bibliography={bibliography}"],
        )
    text, _, bibliography_html = html.partition('<div id="refs"')
    short = {
        name: unescape(re.sub(r"<[^>]+>", "", label)).strip().removeprefix("(").removesuffix(")")
        for name, label in re.findall(r'data-cites="([^"]+)">(.*?)</span></p>', text)
    }
    full = {
        name: re.sub(r'</?span(?: class="nocase")?>', "", entry.strip())
        for name, entry in re.findall(r'<div id="ref-([^"]+)" class="csl-entry" role="listitem">(.*?)</div>', bibliography_html, re.S)
    }
    return {item["id"]: (short[item["id"]], full[item["id"]]) for item in items}
