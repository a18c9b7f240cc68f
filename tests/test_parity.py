"""The Italian edition is the equal of the English one: every page has its twin, with the same sections, facts, drawings, questions and files.

What is Italian is Italian: words, numbers, dates, quotation marks, order of lists. Where Italian readers get more, what they get is printed.
"""

from __future__ import annotations

import functools
import html as entities
import json
import posixpath
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
import yaml
from conftest import ROOT, Visit, run

from microsite.check import NUMBERS_ALLOWED
from microsite.edition import edition
from microsite.load import load
from microsite.settings import site_url
from microsite.text.collation import collated
from microsite.tongues import mark, phrases

LANGUAGES = ("en", "it")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def classes(element: Element) -> set[str]:
    return set(element.attrib.get("class", "").split())


def tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def article(page: Element) -> Element:
    """A page's own text; of a sheet that stands alone, all of it."""
    return next((e for e in page.iter("article") if "text" in classes(e)), page)


def read(html: str | bytes) -> Element:
    return html5lib.parse(html, namespaceHTMLElements=False)


@pytest.fixture(scope="session")
def pairs(pages: dict[str, Element]) -> dict[str, tuple[Element, Element]]:
    """Each page that readers have, by its English address: the English and the Italian one."""
    own = {name: page for name, page in pages.items() if not name.endswith("404.html")}
    english = {name: page for name, page in own.items() if not name.startswith("it/")}
    italian = {name.removeprefix("it/"): page for name, page in own.items() if name.startswith("it/")}
    assert sorted(english) == sorted(italian)
    return {name: (page, italian[name]) for name, page in english.items()}


# --- pages, sections, facts ------------------------------------------------------------------------------------------


def anchors(page: Element) -> set[str]:
    """The ids of a page's text. The title's is made of its words: the twin of the title is the page. Numbered sources and the theme's do not last."""
    return {
        e.attrib["id"] for e in article(page).iter() if "id" in e.attrib and tag(e) != "h1" and not re.match(r"__|source-", e.attrib["id"])
    }  # fmt: skip


def outline(page: Element) -> list[tuple[str, str]]:
    """The headings in their order: level and id, of the title its level only. Countries stand by their names, so each is put by its id, with
    what is below it; tests further down see to the alphabet."""
    found = [(tag(e), e.attrib.get("id", "") if tag(e) != "h1" else "") for e in article(page).iter() if tag(e) in HEADINGS]
    parts: list[list[tuple[str, str]]] = [[]]
    for level, name in found:
        if level in ("h1", "h2"):
            parts.append([])
        parts[-1].append((level, name))
    countries = [place for place, part in enumerate(parts) if part and part[0][1] in load()["countries"]]
    for place, part in zip(countries, sorted(parts[place] for place in countries)):
        parts[place] = part
    return [heading for part in parts for heading in part]


@functools.cache
def of_translations() -> frozenset[str]:
    """The sources of translations into English: an edition that quotes the Italian original does not need them."""
    return frozenset(source for one in load()["quotations"].values() if one.original == "it" for source in one.translation_sources)


def shown(page: Element) -> Counter[tuple[str, ...]]:
    """What a page shows of the data, each thing by what it is in both languages."""
    found: Counter[tuple[str, ...]] = Counter()
    body = article(page)
    for e in body.iter():
        name = tag(e)
        if name == "a" and "figure" in classes(e):
            found["figure", urlsplit(e.attrib["href"]).fragment, e.find("data").attrib["value"]] += 1  # type: ignore[union-attr]
        elif name == "data":
            found["value", e.attrib.get("value", "")] += 1
        elif name == "time":
            found["date", e.attrib["datetime"]] += 1
        elif name == "figure":
            found["drawing or quotation", " ".join(sorted(classes(e))), e.attrib.get("id", "")] += 1
        elif name in ("blockquote", "svg", "table", "form", "img"):
            found[name, " ".join(sorted(classes(e)))] += 1
        elif name == "tr":
            found["row", f"{len(e)} cells"] += 1
        elif "question" in classes(e):
            found["question", e.attrib.get("id", "")] += 1
        elif "case" in classes(e) or "story" in classes(e):
            found["case", e.attrib.get("id", "")] += 1
        if (source := e.attrib.get("id", "")).startswith("source-") and source.removeprefix("source-") not in of_translations():
            found["source", source] += 1
        if name == "a" and (there := urlsplit(e.attrib.get("href", ""))).fragment and not there.scheme and "figure" not in classes(e):
            if there.path.endswith(("glossary.html", "people.html", "organisations.html", "timeline.html", "cases.html", "research.html")):
                found["mention", there.fragment] = 1
    return found


def unequal(name: str, english: Element, italian: Element) -> Iterator[str]:
    """What an English page has and its Italian twin has not; sections and ids are the same both ways."""
    if anchors(english) != anchors(italian):
        yield f"{name}: ids in one edition only: {sorted(anchors(english) ^ anchors(italian))}"
    if outline(english) != outline(italian):
        first = next((pair for pair in zip(outline(english), outline(italian)) if pair[0] != pair[1]), ("fewer", "headings"))
        yield f"{name}: other headings, or another order: {first[0]} and {first[1]}"
    for thing, count in sorted((shown(english) - shown(italian)).items()):
        yield f"{name}: the Italian page lacks: {' '.join(thing)}{f' ({count} times)' if count > 1 else ''}"


def test_every_page_has_its_twin_with_the_same_sections_and_all_its_facts(pairs: dict[str, tuple[Element, Element]]) -> None:
    assert len(pairs) >= 70
    assert [one for name, pair in pairs.items() for one in unequal(name, *pair)] == []


def test_what_more_the_italian_pages_show_is_told(pairs: dict[str, tuple[Element, Element]], record_property: Callable[..., None]) -> None:
    """Nothing that is more is a failure: Italian readers get more of their own law and institutions."""
    rows = []
    for name, (english, italian) in pairs.items():
        more = Counter(thing[0] for thing in (shown(italian) - shown(english)).elements() if thing[0] in ("figure", "source", "drawing or quotation"))
        if more:
            rows.append(f"  {name:40} " + ", ".join(f"{count} × {kind}" for kind, count in sorted(more.items())))
    record_property("table", "\n".join(["Italian pages show more than the English ones:", *rows]))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('<h2 id="a">', '<h2 id="x">', "ids in one edition only: ['a', 'x']"),
        ('<h3 id="b">B</h3>', "", "ids in one edition only: ['b']"),
        ('<h2 id="a">A</h2><h3 id="b">B</h3>', '<h3 id="b">B</h3><h2 id="a">A</h2>', "another order"),
        ('value="7"', 'value="8"', "lacks: figure members 7"),
        ("#members", "#others", "lacks: figure members 7"),
        ('<figure class="chart" id="chart-x"></figure>', "", "lacks: drawing or quotation chart chart-x"),
        ("<blockquote>Q</blockquote>", "", "lacks: blockquote"),
        ('<div class="question" id="q1"></div>', "", "lacks: question q1"),
        ('<article class="case" id="c1"></article>', "", "lacks: case c1"),
        ("<tr><td>1</td><td>2</td></tr>", "<tr><td>1</td></tr>", "lacks: row 2 cells"),
        ('<li id="source-s">S</li>', "", "lacks: source source-s"),
        ('datetime="1844"', 'datetime="1845"', "lacks: date 1844"),
        ('<a href="glossary.html#share">s</a>', "", "lacks: mention share"),
    ],
)
def test_the_check_of_twins_sees(old: str, new: str, says: str) -> None:
    text = (
        '<article class="text"><h1 id="t">T</h1><h2 id="a">A</h2><h3 id="b">B</h3><a class="figure" href="x.html#members"><data value="7">7</data></a>'
        '<figure class="chart" id="chart-x"></figure><blockquote>Q</blockquote><div class="question" id="q1"></div><article class="case" id="c1"></article>'
        '<table><tr><td>1</td><td>2</td></tr></table><ol><li id="source-s">S</li></ol><time datetime="1844">1844</time>'
        '<a href="glossary.html#share">s</a></article>'
    )
    assert old in text
    assert list(unequal("a.html", read(text), read(text.replace('id="t"', 'id="titolo"')))) == []
    found = list(unequal("a.html", read(text), read(text.replace(old, new))))
    assert any(says in one for one in found), found


# --- sources: pages, materials, menus, data, words -------------------------------------------------------------------


def menu(entries: Any, depth: int = 0) -> Iterator[tuple[int, str]]:
    """The pages of a menu in their order, with their depth."""
    for entry in entries:
        for below in entry.values() if isinstance(entry, Mapping) else [entry]:
            if isinstance(below, str):
                yield depth, below
            else:
                yield depth, "section"
                yield from menu(below, depth + 1)


def test_both_menus_lead_the_same_way() -> None:
    english, italian = (list(menu(yaml.safe_load((ROOT / name).read_text("utf-8"))["nav"])) for name in ("mkdocs.yml", "mkdocs.it.yml"))
    assert english == italian
    assert sum(src.endswith(".md") for _, src in english) >= 70


MACRO = re.compile(r"\{\{\s*(\w+)\(([^{}]*)\)\s*\}\}")


def macros_of(markdown: str) -> Counter[tuple[str, ...]]:
    """The macros of a page or material, with the ids that they name."""
    return Counter((name, *re.findall(r"'([a-z0-9-]+)'", given)) for name, given in MACRO.findall(markdown) if name not in ("cite", "see", "work", "term"))


def materials(language: str) -> dict[str, str]:
    folder = ROOT / "docs" / language / "lessons/materials"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}


def shape(markdown: str) -> dict[str, Any]:
    """How a sheet, a set of cards or a talk is built: headings by level, rows of tables, lines to write on, facts by macro."""
    return {
        "headings": [len(level) for level in re.findall(r"^(#+) ", markdown, re.M)],
        "ids": re.findall(r"\{ ?#([\w-]+)", markdown),
        "rows": Counter(line.count("|") for line in markdown.splitlines() if line.startswith("|")),
        "lines to write on": Counter(re.findall(r"^_{8,}(?=\s*$)", markdown, re.M)),
    }


def unlike(english: dict[str, Any], italian: dict[str, Any]) -> dict[str, Any]:
    """In what two shapes differ; the Italian one may have more room to write."""
    return {
        key: (english[key], italian[key]) for key in english
        if (english[key] - italian[key] if isinstance(english[key], Counter) else english[key] != italian[key])
    }  # fmt: skip


def test_sheets_cards_and_slides_are_built_alike() -> None:
    english, italian = materials("en"), materials("it")
    assert sorted(english) == sorted(italian) and len(english) >= 24
    assert {name: found for name in english if (found := unlike(shape(english[name]), shape(italian[name])))} == {}
    lacking = {name: sorted(lost) for name in english if (lost := macros_of(english[name]) - macros_of(italian[name]))}
    assert lacking == {}


def test_the_check_of_materials_sees() -> None:
    text = "# T\n\n## A { #a }\n\n| a | b |\n\n{{ figure('x') }}\n\n________\n"
    for old, new in (("## A", "### A"), ("#a", "#b"), ("| a | b |", "| a |"), ("________", "")):
        assert unlike(shape(text), shape(text.replace(old, new)))
    assert macros_of(text) - macros_of(text.replace("'x'", "'y'"))


def complaint(project: Path, count: int = 1) -> str:
    """What the build says of a project that it refuses."""
    result = run(project, "microsite", "build")
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stdout
    assert f"{count} mistake{'s' if count > 1 else ''}." in result.stdout, result.stdout
    return result.stdout


@pytest.mark.parametrize(("there", "missing"), [("en", "it"), ("it", "en")])
@pytest.mark.parametrize("src", ["alone.md", "lessons/materials/l01-cards.md"])
def test_a_page_or_material_in_one_language_stops_the_build(project: Path, there: str, missing: str, src: str) -> None:
    page = project / "docs" / there / src
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("# Alone\n\nOne page.\n", "utf-8")
    if "/" not in src:
        with (project / ("mkdocs.yml" if there == "en" else "mkdocs.it.yml")).open("a", encoding="utf-8") as file:
            file.write(f"  - {src}\n")
    said = complaint(project)
    assert f"docs/{there}/{src}:1: has no twin; write docs/{missing}/{src}" in said


@pytest.mark.parametrize(("kept", "dropped"), [("en", "it"), ("it", "en")])
def test_a_text_in_one_language_stops_the_build(project: Path, kept: str, dropped: str) -> None:
    path = project / "data/units.yml"
    text = path.read_text("utf-8")
    unit = yaml.safe_load(text)[1]
    bare = [dict(one) for one in yaml.safe_load(text)]
    bare[1]["plural"] = {kept: unit["plural"][kept]}
    path.write_text(yaml.safe_dump(bare, allow_unicode=True), "utf-8")
    said = complaint(project)
    assert re.search(rf"data/units\.yml:\d+: {unit['id']}: .*the text is missing in: {dropped}; it has {kept}", said), said


@pytest.mark.parametrize("dropped", LANGUAGES)
def test_words_of_the_forms_in_one_language_stop_the_build(project: Path, dropped: str) -> None:
    path = project / "microsite/templates/words.yml"
    text = path.read_text("utf-8")
    words_of_skip = "skip: {en: Skip to the text, it: Vai al testo}"
    assert words_of_skip in text
    path.write_text(text.replace(words_of_skip, "skip: {it: Vai al testo}" if dropped == "en" else "skip: {en: Skip to the text}"), "utf-8")
    assert re.search(rf"microsite/templates/words\.yml:\d+: frame\.skip: .*missing in: {dropped}", complaint(project))


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every map with a language among its keys, with where it stands."""
    if isinstance(value, dict):
        if set(LANGUAGES) & set(value):
            yield path, value
        else:
            for key, below in value.items():
                yield from texts(below, f"{path}.{key}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from texts(below, f"{path}[{below.get('id', index) if isinstance(below, dict) else index}]")


def test_every_text_of_the_data_and_the_forms_is_there_twice() -> None:
    lacking, count = [], 0
    for path in (*sorted((ROOT / "data").glob("*.yml")), ROOT / "microsite/templates/words.yml"):
        for where, text in texts(yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))):
            count += 1
            if set(text) < set(LANGUAGES) or not all(str(text[language]).strip() for language in LANGUAGES):
                lacking.append(f"{path.name}{where}")
    assert lacking == []
    assert count >= 5_000
    assert list(texts({"a": [{"id": "x", "name": {"en": "only"}}]})) == [(".a[x].name", {"en": "only"})]


# --- files to take along ---------------------------------------------------------------------------------------------


def neutral(path: str) -> str:
    """A file's name without what says its language."""
    return re.sub(r"(?:^|(?<=[-/.]))(?:en|it)(?=[-/.])", "LANG", path)


def downloads(site: Path) -> dict[str, dict[str, Path]]:
    """The files to take along, for each language by their neutral name."""
    found: dict[str, dict[str, Path]] = {language: {} for language in LANGUAGES}
    for path in sorted((site / "downloads").rglob("*")):
        name = path.relative_to(site).as_posix()
        for language in LANGUAGES:
            if path.is_file() and re.search(rf"[-/]{language}[-/.]", name):
                found[language][neutral(name)] = path
    return found


def listed(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as file:
        return sorted(file.namelist())


def test_both_editions_offer_the_same_files(site: Path) -> None:
    found = downloads(site)
    assert sorted(found["en"]) == sorted(found["it"])
    kinds = {name.partition("LANG")[0] + "LANG" + re.sub(r"[-.]?\d[\d.]*(?=\.)", "", name.rpartition("LANG")[2]) for name in found["en"]}
    assert {"downloads/print-LANG.html", "downloads/working-together-LANG.epub", "downloads/coop-site-LANG.zip", "downloads/packs/coop-l08-teacher-LANG.zip"} <= kinds
    assert sum("/questions/" in name for name in found["en"]) >= 40
    packed = 0
    for name, english in found["en"].items():
        if zipfile.is_zipfile(english):
            packed += 1
            # The Italian search has the stems of its language at hand.
            own, twin = ({neutral(inside) for inside in listed(path) if "/lunr/" not in inside} for path in (english, found["it"][name]))
            assert sorted(own ^ twin) == [], name
    assert packed >= 20


def test_packs_hold_sheets_with_the_same_parts(site: Path) -> None:
    found = downloads(site)
    wrong, count = [], 0
    for name, english in found["en"].items():
        if not re.search(r"packs/coop-l\d+-(?:teacher|pupil)", name) or not name.endswith(".zip"):
            continue
        with zipfile.ZipFile(english) as own, zipfile.ZipFile(found["it"][name]) as twin:
            for inside in own.namelist():
                if inside.endswith(".html"):
                    count += 1
                    pages = [read(file.read(path)) for file, path in ((own, inside), (twin, re.sub(r"-en/", "-it/", inside)))]
                    slides = [sum("slide" in classes(e) or "card" in classes(e) for e in page.iter()) for page in pages]
                    levels = [[tag(e) for e in page.iter() if tag(e) in HEADINGS] for page in pages]
                    if slides[0] != slides[1] or levels[0] != levels[1]:
                        wrong.append(f"{inside}: {slides}, {[len(one) for one in levels]} headings")
    assert wrong == []
    assert count >= 60


def test_the_book_and_the_page_to_print_have_the_same_chapters(site: Path) -> None:
    found = downloads(site)
    (book,) = (name for name in found["en"] if name.endswith(".epub"))
    (sheet,) = (name for name in found["en"] if name.endswith("print-LANG.html"))
    spines = []
    for language in LANGUAGES:
        with zipfile.ZipFile(found[language][book]) as file:
            package = next(name for name in file.namelist() if name.endswith(".opf"))
            text = file.read(package).decode()
            spines.append(re.findall(r"<itemref [^>]*idref=\"([^\"]+)\"", text))
            assert re.search(rf"<dc:language[^>]*>{language}", text)
    assert spines[0] == spines[1] and len(spines[0]) >= 30
    english, italian = (read(found[language][sheet].read_bytes()) for language in LANGUAGES)
    assert (english.attrib["lang"], italian.attrib["lang"]) == LANGUAGES
    assert [tag(e) for e in english.iter() if tag(e) in HEADINGS[:3]] == [tag(e) for e in italian.iter() if tag(e) in HEADINGS[:3]]


def test_the_check_of_files_sees(tmp_path: Path) -> None:
    for name in ("packs/coop-l01-en-1.zip", "packs/coop-l01-it-1.zip", "questions/en/l01.gift"):
        path = tmp_path / "downloads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = downloads(tmp_path)
    assert set(found["en"]) - set(found["it"]) == {"downloads/questions/LANG/l01.gift"}


# --- what the pages say of their language ----------------------------------------------------------------------------


def published(name: str, language: str) -> str:
    return site_url() + ("it/" if language == "it" else "") + name


def misled(name: str, page: Element, language: str) -> Iterator[str]:
    """What is wrong with what a page says of its language and of its twin. `name` is its address below the edition's root."""
    other = LANGUAGES[language == "en"]
    here = posixpath.join("it" if language == "it" else "", name)
    if page.attrib.get("lang") != language:
        yield f"{here}: lang is {page.attrib.get('lang')}"
    links = [(e.attrib.get("rel"), e.attrib.get("hreflang"), e.attrib["href"]) for e in page.iter("link") if e.attrib.get("rel") in ("canonical", "alternate")]
    right = [("canonical", None, published(name, language)), *(("alternate", one, published(name, one)) for one in (language, other))]
    if sorted(links, key=str) != sorted(right, key=str):
        yield f"{here}: its canonical address and its alternates are {links}"
    switch = [e for e in page.iter("a") if "language" in classes(e)]
    if [(e.attrib.get("lang"), e.attrib.get("hreflang")) for e in switch] != [(other, other)]:
        yield f"{here}: the switch is not marked as {other}"
    for e in switch:
        there = posixpath.normpath(posixpath.join(posixpath.dirname(here), e.attrib["href"]))
        if there != posixpath.join("it" if other == "it" else "", name):
            yield f"{here}: the switch leads to {there}"
    for e in page.iter("a"):
        if e in switch:
            continue
        if e.attrib.get("hreflang", language) != language:
            yield f"{here}: a link in another language: {e.attrib.get('href')}"
        parts = urlsplit(e.attrib.get("href", ""))
        if parts.path.endswith(".html") and not parts.scheme:
            there = posixpath.normpath(posixpath.join(posixpath.dirname(here), parts.path))
            if not there.startswith("downloads/") and there.startswith("it/") != (language == "it"):
                yield f"{here}: a link leaves the edition: {there}"
    for e in page.iter("script"):
        if e.attrib.get("type") == "application/ld+json":
            told = json.loads(e.text or "")
            for one in told.get("@graph", [told]):
                if one.get("inLanguage", language) not in (language, list(LANGUAGES)):
                    yield f"{here}: {one.get('@type')} is said to be in {one['inLanguage']}"


def test_each_page_tells_its_language_and_leads_to_its_twin(pairs: dict[str, tuple[Element, Element]]) -> None:
    assert [one for name, pair in pairs.items() for page, language in zip(pair, LANGUAGES) for one in misled(name, page, language)] == []


def test_what_is_told_to_machines_names_a_language_in_both_editions(pairs: dict[str, tuple[Element, Element]]) -> None:
    def told(page: Element) -> Counter[str]:
        graphs = [json.loads(e.text or "") for e in page.iter("script") if e.attrib.get("type") == "application/ld+json"]
        return Counter(f"{one['@type']} {'inLanguage' in one}" for graph in graphs for one in graph.get("@graph", [graph]))

    assert {name: (told(a), told(b)) for name, (a, b) in pairs.items() if told(a) != told(b)} == {}
    assert sum((told(a) for a, _ in pairs.values()), Counter())["LearningResource True"] >= 8


TOLD = (
    '<html lang="it"><head><link rel="canonical" href="{0}it/a/b.html"><link rel="alternate" hreflang="it" href="{0}it/a/b.html">'
    '<link rel="alternate" hreflang="en" href="{0}a/b.html"><script type="application/ld+json">{{"@type": "Quiz", "inLanguage": "it"}}</script></head>'
    '<body><a class="language" lang="en" hreflang="en" href="../../a/b.html">English</a><a href="../c.html">c</a></body></html>'
).format(site_url())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('<html lang="it">', '<html lang="en">', "lang is en"),
        ('rel="canonical" href="{}it/'.format(site_url()), 'rel="canonical" href="{}'.format(site_url()), "its canonical address"),
        ('hreflang="en" href="{}a/b.html"'.format(site_url()), 'hreflang="en" href="{}index.html"'.format(site_url()), "its alternates"),
        ("../../a/b.html", "../../index.html", "the switch leads to index.html"),
        ('lang="en" hreflang="en" href="../../a', 'hreflang="en" href="../../a', "not marked"),
        ('href="../c.html"', 'href="../../c.html"', "leaves the edition"),
        ('<a href="../c.html">', '<a href="../c.html" hreflang="en">', "in another language"),
        ('"inLanguage": "it"', '"inLanguage": "en"', "said to be in en"),
    ],
)
def test_the_check_of_languages_sees(old: str, new: str, says: str) -> None:
    assert old in TOLD
    assert list(misled("a/b.html", read(TOLD), "it")) == []
    found = list(misled("a/b.html", read(TOLD.replace(old, new)), "it"))
    assert any(says in one for one in found), found


@pytest.mark.parametrize("place", ["disk", "server"])
def test_a_reader_changes_languages_and_comes_back(site: Path, served: str, visit: Callable[..., Visit], place: str) -> None:
    reader = visit(offline=place == "disk")
    start = site.as_uri() + "/" if place == "disk" else served
    for name in ("figures/countries/africa.html", "lessons/l03.html"):
        page = reader.page
        page.goto(start + name)
        for root, language in (("it/", "it"), ("", "en")):
            page.locator("a.language").click()
            page.wait_for_url(start + root + name)
            assert page.locator("html").get_attribute("lang") == language
    assert (reader.outside, reader.complaints) == ([], [])


# --- Italian words ---------------------------------------------------------------------------------------------------

ENGLISH = frozenset(
    "the of and to that was were which with by their for have has they not from be this is are at on or as we you our your his her who what when where how "
    "why there then than into about between because if been will would can could should shall may must more most other these those each every also only after "
    "before over under many much some such any both first".split()
) - frozenset("a in i no come e o ma se per non".split())  # fmt: skip
"""Frequent English words that are no Italian words."""
NAMED = ("aria-label", "aria-description", "alt", "title", "placeholder", "label", "content", "data-label", "data-names", "data-none", "data-one", "data-many", "data-ask", "data-wait", "data-shown")
BLOCKS = frozenset("p li td th dt dd h1 h2 h3 h4 h5 h6 figcaption caption div section article blockquote summary legend label button option text desc title main nav ul ol dl table tr tbody thead body head html header footer figure form fieldset select details svg aside".split())
CITED = {"citation", "cite-as"}
"""Where a work is cited in full, under its own title."""


def italian_texts(page: Element) -> Iterator[tuple[str, str]]:
    """The texts of a page that are said to be Italian, block by block, and the attributes that are read out: (where, text)."""

    def walk(e: Element, here: list[str]) -> Iterator[tuple[str, str]]:
        name = tag(e)
        if name in ("script", "style", "code", "cite") or CITED & classes(e) or e.attrib.get("lang", "it") != "it":
            return
        for attribute in NAMED:
            if attribute in e.attrib and not (name == "meta" and not re.search("description|title", e.attrib.get("name", "") + e.attrib.get("property", ""))):
                yield f"{name} {attribute}", e.attrib[attribute]
        mine = [] if name in BLOCKS else here
        mine.append(e.text or "")
        for child in e:
            yield from walk(child, mine)
            mine.append(" " if tag(child) in BLOCKS else "")
            mine.append(child.tail or "")
        if name in BLOCKS:
            yield name, " ".join("".join(mine).split())

    yield from walk(page, [])


@functools.cache
def names() -> re.Pattern[str]:
    """The names and titles that the data know, and the short and the full form in which works are cited."""
    found = set(NUMBERS_ALLOWED)  # names of a licence and the like

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            if not set(LANGUAGES) & set(value):
                for below in value.values():
                    gather(below)
        elif isinstance(value, (list, tuple)):
            for below in value:
                gather(below)
        elif isinstance(value, str) and re.match(r"[A-Z]", value) and len(value) > 3:
            found.add(value)

    for kind in ("organisations", "people", "countries", "sources", "areas", "cases"):
        for record in load()[kind].values():
            gather(record.model_dump(exclude={"original_text"}))
    for one in edition("it").citations.values():
        for text in (one.short, one.full):
            found.add(" ".join(entities.unescape(re.sub(r"<[^>]+>", "", text)).split()))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(found, key=len, reverse=True))) + r")(?![\w-])")


FILES = re.compile(r"https?://\S+|\b[\w./-]+\.(?:csv|json|zip|html|epub|apkg|gift|xml|yml|txt)\b|\b[\w-]+\.(?:at|com|coop|it|org)\b(?::\d+)?")


def own_words(text: str) -> str:
    """A text without addresses, names of files, and names and titles that the data know."""
    return names().sub(" · ", FILES.sub(" · ", text))


def english_words(name: str, page: Element) -> Iterator[str]:
    """English words that a page says are Italian."""
    for where, text in italian_texts(page):
        # Most texts have none, and names are many.
        if ENGLISH.isdisjoint(re.findall(r"\w+", text.lower())):
            continue
        left = own_words(text)
        found = [word for word in re.findall(r"\w+", left) if word.lower() in ENGLISH]
        if found:
            at = re.search(rf"\b{re.escape(found[0])}\b", left)
            assert at
            yield f"{name}: {where}: '{found[0]}' in: {left[max(0, at.start() - 50) : at.end() + 50].strip()}"


def test_no_english_words_are_left_on_italian_pages(pages: dict[str, Element]) -> None:
    italian = {name: page for name, page in pages.items() if name.startswith("it/")}
    assert sorted({one for name, page in italian.items() for one in english_words(name, page)}) == []


@pytest.mark.parametrize(
    "body",
    [
        "<p>Una parola of troppo</p>",
        "<p>Una <b>parola</b> and <i>basta</i></p>",
        '<p aria-label="Skip to the text">x</p>',
        '<img alt="A chart of members">',
        '<a title="Link to this section">#</a>',
        "<svg><title>Members of the world</title></svg>",
        "<table><caption>Members by country and year</caption></table>",
        "<button>Search this site</button>",
        '<p lang="en">Of course</p><p>Of course</p>',
        '<dialog data-none="Nothing of this">x</dialog>',
    ],
)
def test_the_check_of_words_sees(body: str) -> None:
    assert len(list(english_words("a.html", read(f'<html lang="it">{body}')))) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<p>Il <span lang="en">rule of thumb</span> vale.</p>',
        '<p><span class="citation">Holyoake. 1858. Self-Help by the People</span></p>',
        "<p><code>not_with</code></p>",
        "<p>turnover-share-of-italy.csv</p>",
        "<p>I dati andò and&ograve;</p>",
    ],
)
def test_the_check_of_words_lets_pass(body: str) -> None:
    assert list(english_words("a.html", read(f'<html lang="it">{body}'))) == []


def test_foreign_phrases_are_marked_where_they_stand(pages: dict[str, Element]) -> None:
    """No phrase of the list is idle, and a sheet to print has them marked as a page has."""
    standing = {" ".join(words(e).split()) for name, page in pages.items() if name.startswith("it/") for e in page.iter("span") if e.attrib.get("lang", "it") != "it"}
    assert sorted(phrase for phrase in phrases("it") if phrase.strip("«»") not in standing) == []
    marked = mark('<p title="most effectively">«most effectively» <i lang="en">most effectively</i></p>', "it")
    assert marked == '<p title="most effectively">«<span lang="en">most effectively</span>» <i lang="en">most effectively</i></p>'
    assert mark("<p>terreno and</p>", "it") == "<p>terreno and</p>"
    assert mark("<p>«and»</p>", "it") == '<p>«<span lang="en">and</span>»</p>'


# --- Italian numbers, dates, marks and order -------------------------------------------------------------------------

MONTHS = "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def typography(name: str, page: Element) -> Iterator[str]:
    """What an Italian page writes in the English manner."""
    for where, text in italian_texts(page):
        if where.startswith(("script", "link")) or not re.search(r"[\d“”\"']|" + "|".join(MONTHS), text):
            continue
        # What is quoted stays as it was printed, and quotation marks within others are “ ” in Italian too.
        left = re.sub(r"«[^»]*»", "«»", own_words(text))
        for pattern, what in (
            (r"[“”„]|\"|(?<=\w)'(?=\w)", "quotation marks or apostrophes"),
            (r"\b\d{1,3}(?:,\d{3}){2,}\b", "commas for thousands"),
            (r"[£$€]\s?\d", "a sign before the amount"),
            (rf"\b(?:{'|'.join(MONTHS)})\b", "an English month or day"),
            (r"\b\d{1,2}(?:st|nd|rd|th)\b", "an English ordinal"),
        ):
            if at := re.search(pattern, left):
                yield f"{name}: {where}: {what}: {left[max(0, at.start() - 40) : at.end() + 40].strip()}"
    for e in article(page).iter("data"):
        value, said = e.attrib.get("value", ""), "".join(e.itertext())
        if re.fullmatch(r"-?\d+(\.\d+)?", value) and re.search(r"\d", said):
            digits = re.match(r"[^\d]*([\d.,]*\d)", said)
            assert digits
            whole, _, part = digits[1].partition(",")
            grouped = whole == f"{int(whole.replace('.', '')):,}".replace(",", ".")
            # Millions are written with the word; a share may be rounded.
            near = re.search(r"mil|bil", said) or abs(float(f"{whole.replace('.', '')}.{part or 0}") - abs(float(value))) <= 0.5 * 10 ** -len(part)
            if not grouped or not near:
                yield f"{name}: {value} is written {said}"


def test_numbers_dates_and_marks_are_italian(pages: dict[str, Element]) -> None:
    italian = {name: page for name, page in pages.items() if name.startswith("it/") and not name.endswith("404.html")}
    assert sorted({one for name, page in italian.items() for one in typography(name, page)}) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>“parola”</p>", "quotation marks"),
        ("<p>l'impresa</p>", "apostrophes"),
        ("<p>1,200,000 soci</p>", "commas"),
        ("<p>£28</p>", "a sign before"),
        ("<p>21 December 1844</p>", "month"),
        ("<p>il 19th secolo</p>", "ordinal"),
        ('<p><data value="12345">12,345</data></p>', "is written"),
        ('<p><data value="12.5">12.5</data></p>', "is written"),
        ('<p><data value="12345">12345</data></p>', "is written"),
    ],
)
def test_the_check_of_typography_sees(body: str, says: str) -> None:
    found = list(typography("a.html", read(f'<html lang="it">{body}')))
    assert len(found) == 1 and says in found[0]


def test_the_check_of_typography_lets_pass() -> None:
    text = '<p>«L’impresa» ha 1.200.000 soci, il 21 dicembre 1844, il 12,5 per cento; <data value="12345.5">12.345,5</data> sterline</p>'
    assert list(typography("a.html", read(f'<html lang="it">{text}'))) == []


def alphabet(text: str) -> list[str]:
    """A text as an Italian dictionary orders it: letters without accents, word by word."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower().replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("æ", "ae")) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", bare)


def in_order(entries: Iterable[str]) -> list[tuple[str, str]]:
    """Neighbours that stand the wrong way round."""
    listed_words = list(entries)
    return [(one, two) for one, two in zip(listed_words, listed_words[1:]) if alphabet(one) > alphabet(two)]


LISTS: dict[str, Callable[[Element], list[str]]] = {
    "reference/glossary.html": lambda page: [(e.text or "").strip() for e in article(page).iter("dt") if "id" in e.attrib],
    "reference/organisations.html": lambda page: [name_of(e) for e in article(page).iter("h2") if e.attrib.get("id") in load()["organisations"]]
    or [name_of(e) for e in article(page).iter("h3") if e.attrib.get("id") in load()["organisations"]],
    **{
        f"figures/countries/{continent}.html": lambda page: [name_of(e) for e in article(page).iter() if tag(e) in HEADINGS and e.attrib.get("id") in load()["countries"]]
        for continent in ("africa", "asia", "europe", "north-america", "south-america", "oceania")
    },
    "reference/sources.html": lambda page: [
        entities.unescape(re.sub(r"<[^>]+>", "", edition(page.attrib["lang"]).citations[e.attrib["id"]].short))
        for e in article(page).iter("li")
        if e.attrib.get("id") in load()["sources"]
    ],
}


def name_of(heading: Element) -> str:
    return words(heading).removesuffix("¶").strip()


@pytest.mark.parametrize("name", LISTS)
def test_lists_stand_in_the_order_of_the_alphabet(pairs: dict[str, tuple[Element, Element]], name: str) -> None:
    for page in pairs[name]:
        entries = LISTS[name](page)
        assert len(entries) >= 3
        assert in_order(entries) == []


def test_the_order_is_that_of_an_italian_dictionary() -> None:
    right = ["Acqua", "arte", "dell’arte", "della", "È", "eco", "Østfold", "Pavia", "perché no", "percorso", "però", "pesca", "«Utile»", "Utili"]
    assert sorted(reversed(right), key=collated) == right
    assert in_order(["Zara", "Èze"]) and in_order(["Cechia", "Austria"])
    assert in_order(["Èze", "Zara"]) == []
