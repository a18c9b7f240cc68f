"""What stands at an address whose page or section has moved: a page, or a line on the page, that leads to the new place, from disk too.

`mkdocs.yml` says under `extra.moved` what went where, for every edition, by the names of the pages in `docs/<language>/`; an edition's own
settings may add more. Nothing here is in the menu, the search or the sitemap.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import yaml

from microsite.edition import Edition
from microsite.finish.base import FinishError, editions
from microsite.load import FAST, ROOT, Mistake, below, near, shown
from microsite.settings import settings_of

_PLACE = re.compile(r"(?P<src>[\w-]+(?:/[\w-]+)*\.md)(?:#(?P<id>[A-Za-z][\w-]*))?")
_END = "</article>\n</main>"
"""The end of a page's own text, in `theme/main.html`."""


@dataclass(frozen=True)
class Place:
    """A page (its path below `docs/<language>/`), or a section of it."""

    src: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.src}#{self.id}" if self.id else self.src

    @property
    def page(self) -> str:
        """The built page, below the edition's root."""
        return self.src.removesuffix(".md") + ".html"

    def seen_from(self, src: str) -> str:
        """The relative address of the place, for a page of the same edition."""
        return posixpath.relpath(self.page, posixpath.dirname(src) or ".") + (f"#{self.id}" if self.id else "")


def step(site: Path) -> None:
    for edition in editions(site):
        folder = site / edition.root
        by_page: dict[str, dict[str, Place]] = defaultdict(dict)
        for old, new in moves(edition).items():
            by_page[old.src][old.id] = new
        for src, found in by_page.items():
            page = folder / Place(src).page
            for old_id, new in found.items():
                if new.id and not _has_id(text := (folder / new.page).read_text(encoding="utf-8"), new.id):
                    known = re.findall(r'\sid="([^"]+)"', text)
                    raise _told(edition, Place(src, old_id), f"leads to no section: {new.src} has no id '{new.id}'{near(new.id, known) or '; name one that stands there'}")
            if edition.has_page(src):
                _on_living_page(edition, page, src, found)
            else:
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(redirect(edition, src, found), encoding="utf-8", newline="\n")


def redirect(edition: Edition, src: str, found: Mapping[str, Place]) -> str:
    """The page at an old address. `found` says where its sections are, by their ids, and under "" where the page is.

    It leads on at once, by a script that keeps the part of the address after the `#`, else by itself; and there is a plain link.
    """
    sections = {old: new for old, new in found.items() if old}
    return edition.templates.get_template("moved.html").render(src=src, new=found[""], sections=sections) + "\n"


def _on_living_page(edition: Edition, page: Path, src: str, found: Mapping[str, Place]) -> None:
    """Let a page that lives say at its end where sections of it are now, under their ids."""
    text = page.read_text(encoding="utf-8")
    for old_id in found:
        if _has_id(text, old_id):
            raise _told(edition, Place(src, old_id), "still stands on that page; take this line out, or the section")
    notes = edition.templates.get_template("moved-sections.html").render(src=src, sections=found)
    before, end, after = text.rpartition(_END)
    if not end:
        raise FinishError(f"{page.name}: has no end of its text ({_END!r}), where it is said what has moved; see theme/main.html")
    page.write_text(f"{before}{notes}\n{end}{after}", encoding="utf-8", newline="\n")


def _has_id(html: str, one: str) -> bool:
    return f' id="{escape(one)}"' in html


# --- what the settings say -------------------------------------------------------------------------------------------


def moves(edition: Edition) -> dict[Place, Place]:
    """Where the pages and sections of an edition went that have moved, but for those that it never had. Only for settings without mistakes."""
    said = {_place(old): _place(new) for path in files(edition) for old, (new, _) in _entries(path).items()}
    return {old: new for old, new in said.items() if edition.has_page(new.src)}


def files(edition: Edition) -> list[Path]:
    """The settings that hold for an edition: those that all share, and its own."""
    return [path for path in dict.fromkeys((ROOT / "mkdocs.yml", settings_of(edition.language))) if path.is_file()]


def mistakes(edition: Edition) -> Iterator[Mistake]:
    """What is wrong with what the settings say has moved, but for ids, which show on the built pages."""
    moved: dict[Place, tuple[Path, int]] = {}
    for path in files(edition):
        try:
            entries = _entries(path)
        except TypeError as error:
            yield Mistake(shown(path), error.args[1], "extra.moved", error.args[0])
            continue
        for old_name, (new_name, line) in entries.items():
            old, new = _place(old_name), _place(new_name)

            def wrong(what: str, path: Path = path, line: int = line, old: Any = old_name) -> Mistake:
                return Mistake(shown(path), line, "extra.moved", f"'{old}' {what}")

            if not old or not new:
                form = "write the names of pages as in docs/, such as 'tradition/old.md: tradition/new.md' or 'tradition/page.md#part: tradition/other.md#part'"
                yield wrong(f"or where it leads, '{new_name}', is no place on this site; {form}")
                continue
            if not old.id and edition.has_page(old.src):
                yield wrong(f"is a page in {shown(edition.docs)} still; take this line out, or the page")
            # A page that only the first edition has moved there alone.
            if not (edition.is_anywhere(new.src) if path == ROOT / "mkdocs.yml" else edition.has_page(new.src)):
                yield wrong(f"leads nowhere: {shown(edition.docs)} has no page '{new.src}'{near(new.src, edition.pages) or '; name the page that took its place'}")
            if old.src.casefold() in {src.casefold() for src in edition.pages} - {old.src}:
                yield wrong("differs from a page by capital letters only, which many disks do not tell apart; take this line out")
            moved[old] = path, line
    for old, (path, line) in moved.items():
        if old.id and not edition.has_page(old.src) and Place(old.src) not in moved:
            yield Mistake(shown(path), line, "extra.moved", f"'{old}' was on a page that is gone; say where the page itself is now: '{old.src}: …'")


def _place(name: Any) -> Any:
    found = _PLACE.fullmatch(name) if isinstance(name, str) else None
    return Place(found["src"], found["id"] or "") if found else None


def _entries(path: Path) -> dict[str, tuple[Any, int]]:
    """What a file of settings says under `extra.moved`: old place -> (new place, line). Raises TypeError with a text and a line."""
    nodes = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=FAST)
    node = below(below(nodes, "extra"), "moved")
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise TypeError("is no map; each line of it is 'old place: new place'", node.start_mark.line + 1)
    return {key.value: (getattr(value, "value", None), key.start_mark.line + 1) for key, value in node.value}


def _told(edition: Edition, old: Place, what: str) -> FinishError:
    """A mistake that shows on the built pages only, at its line."""
    for path in files(edition):
        for name, (_, line) in _entries(path).items():
            if name == str(old):
                return FinishError(str(Mistake(shown(path), line, "extra.moved", f"'{old}' {what}")))
    return FinishError(f"extra.moved: '{old}' {what}")
