"""Pages of an edition away from the site: their Markdown as the build reads it, for files that stand alone.

A `Sheet` is one page or material as a tree. Links lead to the published address, because the file may be anywhere; what only makes
sense on the site (filters, buttons, panels of downloads) is taken out.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import markdown
import yaml
from markupsafe import Markup

from microsite import places
from microsite.edition import HEAD, TEMPLATES, Edition, Page
from microsite.export import markup, pandoc
from microsite.settings import settings, site_url
from microsite.tongues import mark

SITE_ONLY = {"take", "chart-take", "chart-cite", "for-the-site", "all-sources", "question-downloads"}
"""Classes of what has no use away from the site."""
PAPER = TEMPLATES / "paper"


@dataclass
class Sheet:
    """A page away from the site: where it came from, its title, what its macros used, its text."""

    src: str
    title: str
    page: Page
    tree: Element


def menu(language: str) -> list[str]:
    """The pages of an edition's menu in its order, as paths below `docs/<language>/`."""
    return list(_pages(settings(language).get("nav", ())))


def _pages(entries: Any) -> Iterator[str]:
    if isinstance(entries, str):
        if entries.endswith(".md"):
            yield entries
    else:
        for entry in entries.values() if isinstance(entries, Mapping) else entries:
            yield from _pages(entry)


def page(edition: Edition, src: str) -> Sheet:
    """A page of the site, its links absolute. It is the caller's to change: packs, e-book and print each take their own."""

    def make() -> Sheet:
        used = Page(edition, src)
        tree = _tree(src, mark(_markdown(edition.render(src, used)), edition.language))
        resolve(tree, edition, src)
        return Sheet(src, edition.title(src), used, clean(tree))

    kept = edition.kept(("sheet", src), make)
    return replace(kept, tree=deepcopy(kept.tree))


def material(edition: Edition, name: str) -> Sheet | None:
    """A lesson's worksheet, cards, answers or slides, such as `l03-worksheet`; None if there is none."""
    src = f"{places.MATERIALS}{name}.md"
    path = edition.docs / src
    if not path.is_file():
        return None
    return written(edition, src, path.read_text(encoding="utf-8"))


def written(edition: Edition, src: str, text: str) -> Sheet:
    """The Markdown of a material as a sheet; its title stands before it or is its first heading, else it is the lesson's."""
    head, body = split(text)
    used = Page(edition, src)
    # One column, so that the dashes below a table's head give the widths of its columns however short its lines are.
    html = pandoc.convert(edition.run(body, used), "markdown-smart-implicit_figures", "html5", "--columns=1").decode()
    tree = _tree(src, mark(html, edition.language))
    for table in tree.iter("table"):
        _columns(table)
    first = next(tree.iter("h1"), None)
    lesson = edition.facts["lessons"][posixpath.basename(src).partition("-")[0]]
    title = head.get("title") or (markup.words(first) if first is not None else edition.text(lesson.title))
    markup.remove(tree, lambda e: e.tag == "h1")
    resolve(tree, edition, src)
    return Sheet(src, title, used, clean(tree))


SIDE = 92
"""About how many letters of a sheet's text stand side by side on A4."""


def _columns(table: Element) -> None:
    """Give a table columns that suit it.

    Dashes of clearly different lengths below its head are the author's widths. Else, where columns are left blank to write in,
    the others are as wide as their longest text, at most an equal part each, and those to write in share the rest. A table with
    nothing to write in is left to its text.
    """
    for group in table.findall("colgroup"):
        widths = [float(width) for col in group for width in re.findall(r"width: ([\d.]+)%", col.get("style", ""))]
        if widths and max(widths) > 1.5 * min(widths):
            return
        table.remove(group)
    columns = list(zip(*([markup.words(cell) for cell in row] for row in table.iter("tr")), strict=False))
    blank = [not any(re.search(r"\w", text) for text in texts[1:]) for texts in columns]
    if not any(blank):
        return
    widths = [
        0 if empty else max(min(max(map(len, texts)), SIDE / len(columns)), *(len(word) for text in texts for word in text.split())) + 2
        for texts, empty in zip(columns, blank, strict=True)
    ]
    rest = max(SIDE - sum(widths), 0) / sum(blank)
    group = Element("colgroup")
    for width in widths:
        SubElement(group, "col", style=f"width: {100 * (width or rest) / SIDE:.0f}%")
    table.insert(0, group)


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter and the text of a page."""
    head = HEAD.match(text)
    return (yaml.safe_load(head[1]), text[head.end() :]) if head else ({}, text)


def _tree(src: str, html: str) -> Element:
    try:
        return markup.read(html)
    except ValueError as error:
        raise ValueError(f"{src}: {error}") from None


def _markdown(text: str) -> str:
    made = _reader()
    return made.reset().convert(text)


@functools.cache
def _reader() -> markdown.Markdown:
    """Markdown with the extensions that the build has."""
    known: dict[str, Any] = dict(settings()["markdown_extensions"])
    known["toc"] = {}  # without the sign beside each heading
    return markdown.Markdown(extensions=[*known, "fenced_code"], extension_configs={name: given or {} for name, given in known.items()})


def resolve(tree: Element, edition: Edition, src: str) -> None:
    """Make every link absolute: the published address of what it leads to; one within the page stays `#id`."""
    here = posixpath.join(edition.root, posixpath.dirname(src))
    for e in tree.iter("a"):
        href = e.get("href", "")
        parts = urlsplit(href)
        if parts.scheme or href.startswith("#") or not href:
            continue
        path = posixpath.normpath(posixpath.join(here, re.sub(r"\.md$", ".html", parts.path)))
        e.set("href", site_url() + path + (f"#{parts.fragment}" if parts.fragment else ""))


def clean(tree: Element) -> Element:
    """Take out what only the site can do."""
    markup.remove(tree, lambda e: e.tag in ("form", "script", "button", "template") or bool(SITE_ONLY & markup.classes(e)))
    for e in tree.iter():
        for name in [n for n in e.attrib if n.startswith("data-") or n in ("download", "tabindex")]:
            del e.attrib[name]
        # A region is named for those who scroll in it; paper does not scroll.
        if e.get("role") == "region":
            del e.attrib["role"]
            e.attrib.pop("aria-label", None)
    return tree


def without_answers(tree: Element) -> Element:
    """A lesson as pupils get it in a pack: its questions, without answers and reasons, and without the way to the teacher's page."""
    markup.remove(tree, lambda e: bool({"answer", "accepted", "why", "to-teachers", "notes"} & markup.classes(e)))
    return tree


def unfold(tree: Element) -> Element:
    """Folds as plain parts, for media that have none."""
    for e in tree.iter("details"):
        e.tag = "div"
        e.attrib.pop("open", None)
        for part in e.iter("summary"):
            part.tag = "p"
            part.set("class", "summary")
    return tree


@functools.cache
def style(*names: str) -> Markup:
    """Style sheets from `templates/paper/`, one after the other."""
    return Markup("\n".join((PAPER / f"{name}.css").read_text(encoding="utf-8").strip() for name in names))


def document(edition: Edition, template: str, **values: Any) -> bytes:
    """A whole file from `templates/paper/`."""
    return (edition.templates.get_template(f"paper/{template}").render(**values).strip() + "\n").encode("utf-8")
