"""Packs of a lesson, one for the teacher and one for the class, and one of all lessons for each: what to print, to show and to change.

`downloads/packs/coop-<lesson>-<for whom>-<language>-<version>.zip`. The same facts and pages give the same bytes. Whatever holds an
answer (notes, answers, questions with their reasons) is in the teacher's pack only.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import segno
from markupsafe import Markup

from microsite import places, sums
from microsite.edition import Edition
from microsite.export import markup, pandoc, paper, questions, tables
from microsite.export.paper import Sheet
from microsite.export.questions.bank import sets
from microsite.export.tables import harmless
from microsite.model import Account, Lesson
from microsite.settings import site_name

FOLDER = "downloads/packs"
ALL = "all"
READERS = ("teacher", "pupil")
QUESTION_FILES = {"qti12.zip": "questions-qti12.zip", "tsv": "flashcards.tsv"}
"""What a question file is called in a pack, where it is not `questions.<ending>`."""


@dataclass(frozen=True)
class Offer:
    """A file to take along: its path below the site's root, what it is, its type, and whether a checksum stands beside it."""

    path: str
    title: str
    type: str
    summed: bool = True


# --- what there is, without making it --------------------------------------------------------------------------------


def lessons(edition: Edition) -> list[Lesson]:
    """The lessons that the edition has a page of, in their order."""
    found = sorted(edition.facts["lessons"].values(), key=lambda lesson: lesson.number)
    return [lesson for lesson in found if edition.has_page(lesson_page(lesson))]


def lesson_page(lesson: Lesson) -> str:
    return places.HOMES["lessons"].format(id=lesson.id)


def path(edition: Edition, lesson: Lesson | None, reader: str) -> str:
    """Where a pack stands; that of all lessons (None) has the day of the newest as its version."""
    version = lesson.versions[-1].version if lesson else _newest(edition).replace("-", ".")
    return f"{FOLDER}/coop-{lesson.id if lesson else ALL}-{reader}-{edition.language}-{version}.zip"


def _newest(edition: Edition) -> str:
    return max(lesson.versions[-1].date for lesson in lessons(edition))


def offers(edition: Edition, lesson: Lesson | None) -> list[Offer]:
    """The packs of a lesson, or of all of them; none while the edition has no lesson or is not complete."""
    if not edition.complete or not lessons(edition):
        return []
    words = edition.words["packs"]
    return [Offer(path(edition, lesson, reader), words[reader if lesson else f"all_{reader}"], "ZIP") for reader in READERS]


def address(edition: Edition, lesson: Lesson) -> str:
    """The lesson's permanent address."""
    return edition.address(lesson_page(lesson))


def citation(edition: Edition, lesson: Lesson) -> Markup:
    """How to cite the lesson."""
    last = lesson.versions[-1]
    # A body that is its own author is named once, as the site.
    authors = [author for author in lesson.authors if author != site_name()]
    return edition.cite_part(edition.text(lesson.title), address(edition, lesson), last.date, last.version, authors)


@functools.cache
def qr(text: str) -> Markup:
    """A QR code as SVG to stand in a page; its name stands around it."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))


def qr_file(text: str) -> bytes:
    """A QR code as a file, its text in words below it."""
    code = segno.make(text, error="m", micro=False)
    width, height = code.symbol_size(border=4)
    inside = re.sub(r"^<svg[^>]*>|</svg>$", "", code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None))
    shown = Markup.escape(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 4}" role="img"><title>{shown}</title>'
        f'<rect width="{width}" height="{height + 4}" fill="#fff"/>{inside}'
        f'<text x="{width / 2}" y="{height + 1}" font-size="2" text-anchor="middle" textLength="{width - 4}" '
        f'lengthAdjust="spacingAndGlyphs" font-family="sans-serif">{shown}</text></svg>\n'
    ).encode()


# --- a lesson's pack -------------------------------------------------------------------------------------------------


def files(edition: Edition) -> dict[str, bytes]:
    """Every pack of an edition, with its checksum beside it."""
    made: dict[str, bytes] = {}
    all_of: dict[str, dict[str, bytes]] = {reader: {} for reader in READERS}
    for lesson in lessons(edition):
        for reader, content in contents(edition, lesson).items():
            made[path(edition, lesson, reader)] = _zip(content, f"coop-{lesson.id}-{reader}-{edition.language}", lesson.versions[-1].date)
            all_of[reader] |= {f"{lesson.id}/{name}": inside for name, inside in content.items()}
    if made:
        for reader, content in all_of.items():
            made[path(edition, None, reader)] = _zip(content, f"coop-{ALL}-{reader}-{edition.language}", _newest(edition))
    return made | {f"{name}.sha256": checksum(name, content) for name, content in made.items()}


def _zip(content: Mapping[str, bytes], folder: str, day: str) -> bytes:
    return pandoc.archive({f"{folder}/{name}": inside for name, inside in content.items()}, day)


def checksum(name: str, content: bytes) -> bytes:
    """What `sha256sum --check` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {name.rpartition('/')[2]}\n".encode()


def contents(edition: Edition, lesson: Lesson) -> dict[str, dict[str, bytes]]:
    """For each reader the files of a lesson's pack by their name."""
    page, notes = paper.page(edition, lesson_page(lesson)), _teachers(edition, lesson)
    worksheet, cards, answers, slides = (paper.material(edition, f"{lesson.id}-{kind}") for kind in ("worksheet", "cards", "answers", "slides"))
    if answers is None:
        answers = paper.written(edition, f"{places.MATERIALS}{lesson.id}-answers.md", f"{{{{ answers('{lesson.id}') }}}}")
    sheets = [sheet for sheet in (page, notes, worksheet, cards, answers, slides) if sheet]
    both: dict[str, bytes] = {"qr.svg": qr_file(address(edition, lesson)), "CREDITS.txt": credits(edition, lesson, sheets)}
    both |= {f"data/{figure}.csv": tables.of_series(edition.facts, figure) for figure in _used(sheets, "figures", lesson.figures)}
    if worksheet:
        both["worksheet.html"] = _sheet(edition, lesson, worksheet.title, _lines(deepcopy(worksheet.tree)), "sheet", "worksheet")
        both["worksheet.odt"] = _odt(edition, lesson, worksheet)
    if cards:
        both["cards.html"] = _cards(edition, lesson, cards)
    teacher = both | _accounts(edition, _used(sheets, "accounts", lesson.accounts))
    # An account that pupils do not find on a sheet of theirs is what they are to work out.
    pupil = both | _accounts(edition, _told([sheet for sheet in (page, worksheet, cards) if sheet], "accounts"))
    teacher["lesson.html"] = _sheet(edition, lesson, page.title, page.tree)
    pupil["lesson.html"] = _sheet(edition, lesson, page.title, paper.without_answers(deepcopy(page.tree)))
    teacher["answers.html"] = _sheet(edition, lesson, answers.title, answers.tree)
    if notes:
        teacher["teacher-notes.html"] = _sheet(edition, lesson, notes.title, notes.tree)
    if slides:
        _bare(slides.tree)
        bare = paper.without_answers(deepcopy(slides.tree))
        for content, tree, with_notes in ((teacher, slides.tree, True), (pupil, bare, False)):
            content["slides.html"] = _slides(edition, lesson, tree, with_notes)
            content["slides.pptx"] = _pptx(edition, lesson, tree)
    for ending, content in _questions(edition, lesson):
        teacher[QUESTION_FILES.get(ending, f"questions.{ending}")] = content
    return {
        reader: content | {"README.txt": readme(edition, lesson, reader, content)}
        for reader, content in (("teacher", teacher), ("pupil", pupil))
    }  # fmt: skip


def _teachers(edition: Edition, lesson: Lesson) -> Sheet | None:
    src = lesson_page(lesson).replace(".md", "-teacher.md")
    return paper.page(edition, src) if edition.has_page(src) else None


def _questions(edition: Edition, lesson: Lesson) -> Iterator[tuple[str, bytes]]:
    for one in sets(edition):
        if one.id == lesson.id:
            yield from ((format.ENDING, format.content(one)) for format in questions.formats(one))


# --- HTML ------------------------------------------------------------------------------------------------------------


def _sheet(edition: Edition, lesson: Lesson, title: str, tree: Element, *styles: str) -> bytes:
    """A sheet that stands alone, with the lesson's address at its foot."""
    tree = deepcopy(tree)
    markup.remove(tree, lambda e: e.tag == "h1")
    return paper.document(edition, "sheet.html", **_about(edition, lesson), title=title, css=paper.style(*(styles or ("sheet",))), body=Markup(markup.write(tree)))


def _about(edition: Edition, lesson: Lesson) -> dict[str, Any]:
    there = address(edition, lesson)
    return {"lesson": lesson, "site_name": site_name(), "address": there, "qr": qr(there)}


def _lines(tree: Element) -> Element:
    """Lines to write on as ruled lines, and sheets without the sources under each quotation: they stand together at the end."""
    markup.remove(tree, lambda e: "sources" in markup.classes(e) or "kicker" in markup.classes(e))
    _bare(tree)
    for e in tree.iter():
        if e.tag == "hr" or (e.tag == "p" and not len(e) and re.fullmatch(r"[\s_]*_{8}[\s_]*", e.text or "")):
            e.tag, e.text = "p", ""
            e.set("class", "line")
    return tree


def _bare(tree: Element) -> Element:
    """Without links from dates, numbers and names, which only distract where nobody can follow them; titles of works keep theirs."""
    markup.unwrap(tree, lambda e: e.tag == "a" and "work" not in markup.classes(e))
    return tree


def _cards(edition: Edition, lesson: Lesson, sheet: Sheet) -> bytes:
    _, found = markup.sections(_bare(deepcopy(sheet.tree)))
    cards = [Markup(markup.write(markup.fragment([heading, *rest]))) for heading, rest in found]
    return paper.document(edition, "cards.html", **_about(edition, lesson), title=sheet.title, css=paper.style("sheet", "cards"), cards=cards)


def _slides(edition: Edition, lesson: Lesson, tree: Element, notes: bool) -> bytes:
    _, found = markup.sections(tree)
    slides = [Markup(markup.write(markup.fragment([heading, *rest]))) for heading, rest in found]
    return paper.document(
        edition, "slides.html", **_about(edition, lesson), title=edition.text(lesson.title), slides=slides, notes=notes,
        css=paper.style("slides"), script=Markup((paper.PAPER / "slides.js").read_text(encoding="utf-8").strip()),
    )  # fmt: skip


# --- office files ----------------------------------------------------------------------------------------------------


def _odt(edition: Edition, lesson: Lesson, sheet: Sheet) -> bytes:
    tree = _lines(deepcopy(sheet.tree))
    for e in tree.iter():
        if e.tag == "p" and e.get("class") == "line":
            e.text = "_" * 66
        # Empty cells with room to write in.
        if e.tag == "td" and not markup.words(e):
            SubElement(e, "br")
            SubElement(e, "br")
    foot = SubElement(tree, "p")
    foot.text = f"{site_name()}. {edition.words['packs']['licence']} {address(edition, lesson)}"
    made = _office(edition, lesson, tree, "odt", sheet.title)
    return pandoc.normal(made, lesson.versions[-1].date)


def _pptx(edition: Edition, lesson: Lesson, tree: Element) -> bytes:
    made = _office(edition, lesson, tree, "pptx", edition.text(lesson.title), "--slide-level=2", f"--metadata=subtitle:{edition.text(lesson.question)}")
    return pandoc.normal(made, lesson.versions[-1].date)


def _office(edition: Edition, lesson: Lesson, tree: Element, target: str, title: str, *arguments: str) -> bytes:
    return pandoc.convert(
        markup.write(tree), "html", target, *arguments,
        f"--metadata=title:{title}", f"--metadata=lang:{edition.facts['languages'][edition.language].csl}",
        f"--metadata=author:{site_name()}", day=lesson.versions[-1].date,
    )  # fmt: skip


# --- data and texts --------------------------------------------------------------------------------------------------


def _accounts(edition: Edition, accounts: list[str]) -> dict[str, bytes]:
    return {f"data/account-{account}.csv": _account(edition, edition.facts["accounts"][account]) for account in accounts}


def _used(sheets: list[Sheet], kind: str, named: tuple[str, ...] = ()) -> list[str]:
    return sorted({*named} | {record for sheet in sheets for used, record in sheet.page.used if used == kind})


def _told(sheets: list[Sheet], kind: str) -> list[str]:
    """What the sheets do not only name: its sources stand with it."""
    return sorted({record for sheet in sheets for records in sheet.page.sources.values() for told, record in records if told == kind})


def _account(edition: Edition, account: Account) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("line", "text", "value", "unit", "source"))
    own = "; ".join(plain(edition, source) for source in account.sources)
    lines = sums.account(edition.facts.records, account)
    for line in account.lines:
        number = lines[line.key]
        read = "; ".join(dict.fromkeys(plain(edition, source) for _, source in number.figures))
        unit = edition.text(edition.facts["units"][number.unit].plural) if number.unit else ""
        source = read or own if not account.model else edition.words["packs"]["invented"]
        writer.writerow((line.key, harmless(edition.text(line.text)), number.shown, harmless(unit), harmless(source)))
    return out.getvalue().encode()


def plain(edition: Edition, source: str) -> str:
    """A source as text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", edition.citations[source].full)).split())


def credits(edition: Edition, lesson: Lesson, sheets: list[Sheet]) -> bytes:
    """What in the pack is not ours."""
    facts = edition.facts
    quoted = [facts["quotations"][one] for one in _used(sheets, "quotations")]
    figures = [(facts["figures"][one], sorted({o.source for o in facts["figures"][one].observations})) for one in _used(sheets, "figures", lesson.figures)]
    named = {source for quotation in quoted for source in edition.sources_of_quotation(quotation)} | {s for _, own in figures for s in own}
    works = sorted({source for sheet in sheets for source in sheet.page.sources} - named, key=lambda one: plain(edition, one).casefold())
    return paper.document(
        edition, "credits.txt", lesson=lesson, quotations=quoted, figures=figures, works=works, plain=lambda one: plain(edition, one)
    )


def readme(edition: Edition, lesson: Lesson, reader: str, content: Mapping[str, bytes]) -> bytes:
    """What is in the pack and how to use and name it."""
    told = edition.words["packs"]["contents_of"]
    names = sorted(name for name in content if "/" not in name)
    listed = [("README.txt", told["README.txt"])]
    listed += [(name, told.get(name, told["questions"])) for name in names]
    if any(name.startswith("data/") for name in content):
        listed.append(("data/", told["data"]))
    return paper.document(
        edition, "readme.txt", lesson=lesson, teacher=reader == "teacher", contents=listed, address=address(edition, lesson),
        citation=" ".join(unescape(re.sub(r"<[^>]+>", "", citation(edition, lesson))).split()),
    )  # fmt: skip
