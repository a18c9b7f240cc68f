"""Hostile data is harmless: whatever stands in a text comes out as that text, on pages, in drawings and in every file to take along."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bibtexparser
import html5lib
import pytest
import rispy
import yaml
from faults import sample
from pydantic import ValidationError

import macros
from microsite import export, fields
from microsite import load as loading
from microsite.edition import Edition, Page
from microsite.export import epub, linked, packs, paper, tables
from microsite.export.questions import moodle, qti
from microsite.export.questions.bank import sets
from microsite.forms import blocks, charts, inline, lists, teaching
from microsite.load import DataError
from microsite.model import KINDS, Facts, LessonVersion
from microsite.text.citations import cite_items

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</title></svg></style></textarea></script><script>x</script>",
    "<!-- x --> <![CDATA[ x ]]> <?php x ?>", "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp", "<i>a</i> <b>b</b> <sup>c</sup> </span></p>",
    "*a* **b** _c_ __d__ `e` ~~f~~ ![g](h.png)", "[a](javascript:alert(1)) [b]: <c> [^d]", "# a ## b | c | d", "- a + b 1. c > d", r"\ \* \\ \n $x^2$ \frac",
    "{{ 7 * 7 }} {% raw %} {# x #}", "a { #evil .evil onclick=alert(1) }", "{: #evil } %} }}", "\u202e right \u202c \u2067 left \u2069 \u200f \u200e", "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "zero\u200bwidth\u200d\u2060\ufeff\u00ad", "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\uff1d1", "TY  - BOOK ER  - ", "@book{a, title = {b}} % c", "//c ::d:: ~ = :", "\U0001d11e e\u0301 \U0001f642",
    "]]>", "url(#hatch) @ID@ fill=\"red\" role=\"x\" y=\"0.123456\"", "x" * 10_000,
)  # fmt: skip
"""What may stand in any text."""
PLAIN = ("word",) * len(HOSTILE)
"""As many harmless words, to see what is else."""
SPECIAL = {
    # These have a form or a meaning of their own, and are not shown as they stand.
    "languages": {"name", "locale", "csl", "common"}, "accounts": {"formula", "line"}, "questions": {"options", "formula", "line", "accepted"},
    "lessons": {"version", "summary"}, "charts": {"headline"},
}  # fmt: skip


@functools.cache
def spoiled(payloads: tuple[str, ...]) -> dict[str, str]:
    """The data files, cut down to some of their records, with one of the texts before the words of every text."""
    made = {}
    for kind, text in sample().items():
        count = iter(range(10**9))

        def next_one(braces: bool, kind: str = kind, count: Iterator[int] = count) -> str:
            place = next(count)
            one = payloads[place % len(payloads)]
            # Questions show numbers in braces, and some formats join with these signs: the loader and the exports refuse them in words.
            return re.sub(r"[{}|]|->", "/", one) if braces else one

        def walk(value: Any, known: tuple[fields.Field, ...], kind: str = kind, next_one: Callable[[bool], str] = next_one) -> Any:
            made = dict(value)
            for field in known:
                if field.key not in value or field.key in SPECIAL.get(kind, ()):
                    continue
                held = value[field.key]
                signs = kind in ("questions", "accounts") or field.many
                if field.type == "text":
                    new = [{k: f"{next_one(True)} {t}" for k, t in one.items()} for one in held] if field.many else {k: f"{next_one(signs)} {t}" for k, t in held.items()}
                elif field.type == "words" and not field.pattern:
                    new = [f"{next_one(True)} {t}" for t in held] if field.many else f"{next_one(signs)} {held}"
                elif field.type == "name":
                    new = [{part: f"{next_one(True)} {t}" for part, t in one.items()} for one in held]
                elif field.inner:
                    new = [walk(one, field.inner) for one in held] if field.many else walk(held, field.inner)
                else:
                    continue
                made[field.key] = new
            return made

        records = [walk(record, fields.of_kind(kind)) for record in yaml.load(text, Loader=yaml.CSafeLoader)]
        made[kind] = yaml.dump(records, Dumper=yaml.CSafeDumper, allow_unicode=False, sort_keys=False)
    return made


@functools.cache
def facts_of(payloads: tuple[str, ...], folder: Path) -> Facts:
    for kind, text in spoiled(payloads).items():
        (folder / f"{kind}.yml").write_text(text, "utf-8")
    return loading._load(folder)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Facts, Facts]:
    """The facts with hostile texts, and with harmless ones. Both are loaded as the data are."""
    return facts_of(HOSTILE, tmp_path_factory.mktemp("hostile")), facts_of(PLAIN, tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def editions(both: tuple[Facts, Facts], tmp_path_factory: pytest.TempPathFactory) -> tuple[Edition, Edition]:
    made = tuple(Edition("en", facts, cache=tmp_path_factory.mktemp("cache")) for facts in both)
    for edition in made:
        edition.bind(macros.WORDS)
        edition.__dict__["usage"] = {}
    return made  # type: ignore[return-value]


def words(text: str) -> str:
    return " ".join(text.split())


# --- pages -------------------------------------------------------------------------------------------------------------------


def structure(html: str) -> Counter[tuple[Any, ...]]:
    """Every element of a page with the names of its attributes, its class and its id, counted."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    return Counter((e.tag if isinstance(e.tag, str) else "comment", *sorted(e.attrib), e.attrib.get("class", "") if "data-" not in str(e.attrib.get("class")) else "") for e in page.iter())


def on_page(edition: Edition, call: Callable[[Page], str], around: str = "{}") -> str:
    """What a form gives on a page, with the Markdown of the page made into HTML as the build does."""
    return paper._markdown(around.format(call(Page(edition, "index.md"))))


SENTENCES = {
    "term": (inline.term, "glossary"), "person": (inline.person, "people"), "organisation": (inline.organisation, "organisations"), "event": (inline.event, "events"),
    "case": (inline.case, "cases"), "finding": (inline.finding, "findings"), "exchange": (inline.exchange, "exchanges"), "country": (inline.country, "countries"),
    "principle": (inline.principle, "principles"), "value": (inline.value, "values"), "work": (inline.work, "sources"), "cite": (inline.cite, "sources"),
    "figure": (lambda page, one: inline.figure(page, one, unit=True, source=page.edition.facts["figures"][one].observations[-1].source), "figures"),
    "term again": (lambda page, one: inline.term(page, one) and inline.term(page, one), "glossary"),
}  # fmt: skip
BLOCKS = {
    "quote": (blocks.quote, "quotations"), "statement": (blocks.statement, "principles"), "story": (blocks.story, "cases"), "evidence": (blocks.evidence, "findings"),
    "misconception": (blocks.misconception, "misconceptions"), "passage": (blocks.passage, "exchanges"), "happening": (blocks.happening, "events"),
    "portrait": (blocks.portrait, "people"), "profile": (blocks.profile, "organisations"), "series": (blocks.series, "figures"), "vintages": (blocks.vintages, "figures"),
    "account": (teaching.account, "accounts"), "question": (teaching.question, "questions"), "lesson_head": (teaching.lesson_head, "lessons"),
    "objectives": (teaching.objectives, "lessons"), "curriculum": (teaching.curriculum, "lessons"), "timing": (teaching.timing, "lessons"),
}  # fmt: skip
LISTS = {
    "timeline": lambda p: lists.timeline(p, filters=True), "people_list": lists.people_list, "organisations_list": lists.organisations_list, "glossary_list": lists.glossary_list,
    "misconceptions": lists.misconceptions, "cases": lambda p: lists.cases(p, filters=True), "findings": lists.findings, "exchanges": lambda p: lists.exchanges(p, filters=True),
    "values_list": lists.values_list, "principles_list": lists.principles_list, "sources_list": lists.sources_list, "changes_list": lists.changes_list,
}  # fmt: skip


def same_structure(hostile: str, plain: str) -> None:
    found, expected = structure(hostile), structure(plain)
    assert found - expected == Counter() == expected - found


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("around", ["So {} it is.", "{}", "- {}", "| a | b |\n|---|---|\n| {} | c |", "**{}**"], ids=["sentence", "alone", "list", "table", "bold"])
def test_in_a_sentence_it_is_text(editions: tuple[Edition, Edition], name: str, around: str) -> None:
    form, kind = SENTENCES[name]
    for one in list(editions[0].facts[kind])[:40]:
        hostile, plain = (on_page(edition, lambda page, one=one: form(page, one), around) for edition in editions)  # type: ignore[misc]
        same_structure(hostile, plain)


@pytest.mark.parametrize("name", BLOCKS)
def test_in_a_block_it_is_text(editions: tuple[Edition, Edition], name: str) -> None:
    form, kind = BLOCKS[name]
    for one in list(editions[0].facts[kind])[:30]:
        hostile, plain = (on_page(edition, lambda page, one=one: form(page, one)) for edition in editions)  # type: ignore[misc]
        same_structure(hostile, plain)


@pytest.mark.parametrize("name", LISTS)
def test_in_a_list_it_is_text_and_all_of_it_is_there(editions: tuple[Edition, Edition], name: str) -> None:
    hostile, plain = (on_page(edition, LISTS[name]) for edition in editions)
    same_structure(hostile, plain)


def test_every_hostile_text_is_read_on_the_page_as_it_stands_in_the_data(editions: tuple[Edition, Edition]) -> None:
    edition = editions[0]
    shown = words("".join(html5lib.parse(on_page(edition, lists.glossary_list), namespaceHTMLElements=False).itertext()))
    for term in edition.facts["glossary"].values():
        assert words(term.term["en"]) in shown
        assert words(term.definition["en"]) in shown


# --- drawings ----------------------------------------------------------------------------------------------------------------


def test_in_a_drawing_it_is_text(editions: tuple[Edition, Edition]) -> None:
    edition = editions[0]
    allowed = {"svg", "title", "desc", "g", "path", "text", "tspan", "defs", "pattern", "rect", "circle", "marker", "line", "use", "polygon"}
    for chart in edition.facts["charts"]:
        html = str(charts.chart(Page(edition, "index.md"), chart))
        drawings = re.findall(r"<svg.*?</svg>(?=\s|$)", html, re.S)
        assert drawings
        for drawing in drawings:
            read = ElementTree.fromstring(drawing)
            assert {e.tag for e in read.iter()} <= allowed
            assert not [name for e in read.iter() for name in e.attrib if name.startswith("on") or name == "href"]
        page = html5lib.parse(html, namespaceHTMLElements=False)
        assert not [e for e in page.iter() if e.tag in ("script", "img", "style") or any(name.startswith("on") for name in e.attrib)]


# --- files -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(both: tuple[Facts, Facts]) -> dict[str, bytes]:
    return dict(export.files(both[0]))


def test_no_cell_begins_a_formula(files: dict[str, bytes]) -> None:
    seen = 0
    for path, content in files.items():
        if path.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode(), newline="")):
                for cell in row:
                    seen += cell.startswith("'")
                    assert not re.match(r"\s*[=+@\t\r＝＋－＠]", cell), (path, cell[:60])
                    assert not (re.match(r"\s*-", cell) and not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell)), (path, cell[:60])
    assert seen


def test_no_cell_of_an_account_begins_a_formula(editions: tuple[Edition, Edition]) -> None:
    for account in editions[0].facts["accounts"].values():
        rows = list(csv.reader(io.StringIO(packs._account(editions[0], account).decode(), newline="")))
        assert len(rows) == len(account.lines) + 1
        assert not [cell for row in rows for place, cell in enumerate(row) if place != 2 and re.match(r"\s*[=+@\t\r＝＋－＠-]", cell)]


def test_a_version_is_no_path() -> None:
    """It stands in the names of files."""
    with pytest.raises(ValidationError):
        LessonVersion.model_validate({"version": "../../x", "date": "2026-11-22", "what": {"en": "a", "it": "b"}})


def test_every_row_of_a_table_has_its_cells(files: dict[str, bytes], both: tuple[Facts, Facts]) -> None:
    for table in tables.tables(both[0]):
        rows = list(csv.reader(io.StringIO(files[f"open-data/{table.name}.csv"].decode(), newline="")))
        assert len(rows) == len(table.rows) + 1
        assert {len(row) for row in rows} == {len(table.columns)}
        assert json.loads(files[f"open-data/{table.name}.json"]) == [{c.name: row.get(c.name) for c in table.columns} for row in table.rows]


def test_a_bibliography_has_as_many_entries_as_there_are_sources(files: dict[str, bytes], both: tuple[Facts, Facts]) -> None:
    ids = list(both[0]["sources"])
    assert [item["id"] for item in json.loads(files["open-data/bibliography.json"])] == ids
    entries = rispy.loads(files["open-data/bibliography.ris"].decode())
    assert [entry["id"] for entry in entries] == ids
    library = bibtexparser.parse_string(files["open-data/bibliography.bib"].decode())
    assert not library.failed_blocks
    assert sorted(entry.key for entry in library.entries) == sorted(ids)


def test_a_citation_holds_no_markup_of_the_title(both: tuple[Facts, Facts], tmp_path: Path) -> None:
    found = cite_items([{"id": "a", "type": "book", "title": "<i>a</i> <b>b</b> <span class=\"nocase\">c</span> <script>d</script> </span> e", "author": [{"literal": "F <i>"}]}], "en-GB", tmp_path)["a"]
    read = html5lib.parse(found.full, namespaceHTMLElements=False)
    assert not {e.tag for e in read.iter()} & {"i", "b", "strong", "script", "span"}
    assert "<script>d</script>" in "".join(read.itertext())


@pytest.mark.parametrize("ending", ["moodle.xml", "qti12.zip"])
def test_questions_are_well_formed_and_as_many_as_there_are(both: tuple[Facts, Facts], ending: str) -> None:
    (whole, *_), (other, *_) = (sets(Edition("en", facts)) for facts in both)
    format = moodle if ending == "moodle.xml" else qti
    texts = []
    for one in (whole, other):
        content = format.content(one)
        if ending.endswith("zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as read:
                texts.append([ElementTree.fromstring(read.read(name)) for name in read.namelist() if name.endswith(".xml")])
        else:
            texts.append([ElementTree.fromstring(content)])
    assert [Counter(e.tag for e in tree.iter()) for tree in texts[0]] == [Counter(e.tag for e in tree.iter()) for tree in texts[1]]


def test_statements_for_machines_cannot_end_their_script(editions: tuple[Edition, Edition]) -> None:
    edition = editions[0]
    menu = [{"Home": "index.md"}, {"Glossary": linked.GLOSSARY}, {"Members": "figures/members.md"}, {"Lesson": "lessons/l01.md"}]
    made = linked.pages(edition, menu)
    assert made
    for text in made.values():
        assert not re.search(r"[<>&\u2028\u2029]", text)
        page = html5lib.parse(f'<script type="application/ld+json">{text}</script><p>after', namespaceHTMLElements=False)
        assert len(list(page.iter("script"))) == 1
        assert json.loads(next(page.iter("script")).text or "")["@graph"]
    terms = next(s for s in json.loads(made[linked.GLOSSARY])["@graph"] if s["@type"] == "DefinedTermSet")["hasDefinedTerm"]
    assert [t["name"] for t in terms] == [t.term["en"] for t in edition.facts["glossary"].values()]


PAGES = {
    "tradition/people.md": "# People\n\n{{ people_list() }}\n\n{{ sources_of_page() }}\n",
    "tradition/timeline.md": "# Timeline\n\n{{ timeline() }}\n\n{{ sources_of_page() }}\n",
    "reference/glossary.md": "# Glossary\n\n{{ glossary_list() }}\n\n{{ sources_of_page() }}\n",
    "tradition/index.md": "# All\n\nCHARTS\n\n{{ misconceptions() }}\n",
}


def test_an_e_book_is_well_formed(both: tuple[Facts, Facts], tmp_path: Path) -> None:
    trees = []
    for name, facts in zip(("hostile", "plain"), both, strict=True):
        for src, text in PAGES.items():
            path = tmp_path / name / "en" / src
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("CHARTS", "\n".join(f"{{{{ chart('{one}') }}}}" for one in facts["charts"])), "utf-8")
        edition = Edition("en", facts, docs=tmp_path / name, cache=tmp_path / "cache")
        edition.bind(macros.WORDS)
        (content,) = epub.files(edition).values()
        with zipfile.ZipFile(io.BytesIO(content)) as read:
            trees.append({path: ElementTree.fromstring(read.read(path)) for path in read.namelist() if path.endswith((".xhtml", ".opf"))})
    assert trees[0].keys() == trees[1].keys()
    for path, tree in trees[0].items():
        # How many lines the words of a drawing take depends on their length.
        found, expected = (Counter(e.tag for e in one.iter() if not e.tag.endswith("}tspan")) for one in (tree, trees[1][path]))
        assert found == expected, path


# --- what no file can hold ---------------------------------------------------------------------------------------------------

UNFIT = ("\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x9f", "\ufdd0", "\ufffe", "\uffff")


@pytest.mark.parametrize("sign", UNFIT, ids=lambda sign: f"U+{ord(sign):04X}")
@pytest.mark.parametrize("escaped", [True, False], ids=["escape", "raw"])
def test_a_control_character_is_refused_in_words(tmp_path: Path, sign: str, escaped: bool) -> None:
    for kind, text in sample().items():
        (tmp_path / f"{kind}.yml").write_text(text, "utf-8")
    written = f'"a\\u{ord(sign):04x}b"' if escaped else f'"a{sign}b"'
    path = tmp_path / "units.yml"
    path.write_text(path.read_text("utf-8").replace("{en: person,", f"{{en: {written},", 1), "utf-8")
    with pytest.raises(DataError) as caught:
        loading._load(tmp_path)
    (mistake,) = caught.value.mistakes
    assert f"U+{ord(sign):04X}; take it out" in str(mistake)


def test_a_line_break_in_a_text_is_a_space(tmp_path: Path) -> None:
    found = KINDS["units"].model_validate({"id": "x", "kind": "count", "name": {"en": "a\n\n# b\r\n\tc\u2028d", "it": "e"}, "plural": {"en": "f", "it": "g"}})
    assert found.name["en"] == "a # b c d"  # type: ignore[attr-defined]


# --- the checks themselves -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<b>x</b>", '<a href="x" onclick="y">z</a>', "<p>a</p><script>b</script>", "<!-- x -->"])
def test_the_check_of_structure_sees_markup(text: str) -> None:
    with pytest.raises(AssertionError):
        same_structure(f"<p>{text}</p>", "<p>word</p>")


def test_the_check_of_structure_sees_markdown() -> None:
    with pytest.raises(AssertionError):
        same_structure(paper._markdown("So [a](javascript:x) it is."), paper._markdown("So word it is."))


def test_the_check_of_formulas_sees_one() -> None:
    assert tables.harmless("=1") == "'=1"
    assert tables.harmless("1=1") == "1=1"
