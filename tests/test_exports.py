"""What others can take along holds all that is published, once, and is read back by programs that are not ours."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import bibtexparser
import frictionless
import pypandoc
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from conftest import run
from pydantic import BaseModel

import macros
from microsite import export, fields
from microsite.edition import Edition
from microsite.export import bibliography, linked, package, tables
from microsite.load import load
from microsite.model import CORRECTABLE, KINDS, Facts
from microsite.settings import settings, site_url
from microsite.text import citations, numbers


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load()


@pytest.fixture(scope="module")
def files(facts: Facts) -> dict[str, bytes]:
    return dict(export.files(facts))


def changed(facts: Facts, kind: str, record_id: str, **update: Any) -> Facts:
    """The facts, with some keys of one record changed."""
    record = facts[kind][record_id].model_copy(update=update)
    return Facts(dict(facts.records) | {kind: dict(facts[kind]) | {record_id: record}}, facts.mentions)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


# --- tables ----------------------------------------------------------------------------------------------------------


def test_each_kind_is_a_table_in_both_formats(facts: Facts, files: dict[str, bytes]) -> None:
    for kind in KINDS:
        assert f"open-data/{kind}.csv" in files
        assert {row["id"] for row in rows_of(files[f"open-data/{kind}.csv"])} == set(facts[kind])


def test_both_formats_say_the_same(facts: Facts, files: dict[str, bytes]) -> None:
    for table in tables.tables(facts):
        from_csv = rows_of(files[f"open-data/{table.name}.csv"])
        from_json = json.loads(files[f"open-data/{table.name}.json"])
        assert [list(row) for row in from_json] == [[column.name for column in table.columns]] * len(from_csv)
        assert from_csv == [{name: tables._cell(value) for name, value in row.items()} for row in from_json]


def test_every_published_value_is_there_once(facts: Facts, files: dict[str, bytes]) -> None:
    published = Counter(
        (figure.id, o.year, o.source, repr(o.value), "" if o.upper is None else repr(o.upper), o.certainty, o.kind)
        for figure in facts["figures"].values()
        for o in figure.observations
    )
    keys = ("id", "year", "source", "value", "upper", "certainty", "kind")
    assert Counter(tuple(row[key] for key in keys) for row in rows_of(files["open-data/figures.csv"])) == published
    assert set(published.values()) == {1}
    each = Counter(
        tuple(row[key] for key in keys) for path, content in files.items() if path.startswith("open-data/figures/") for row in rows_of(content)
    )
    assert each == published


def test_every_text_is_there_in_both_languages(facts: Facts, files: dict[str, bytes]) -> None:
    def texts(value: Any) -> Iterator[dict[str, str]]:
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                yield from texts(getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                yield from texts(item)
        elif isinstance(value, dict):
            yield value

    def cells(value: Any) -> list[str]:
        return value if isinstance(value, list) else [value]

    for kind in KINDS:
        shown = {
            cell
            for table in tables.tables(facts) if table.kind == kind
            for row in json.loads(files[f"open-data/{table.name}.json"])
            for value in row.values()
            for cell in cells(value)
        }  # fmt: skip
        missing = [text[language] for record in facts[kind].values() for text in texts(record) for language in facts["languages"] if text[language] not in shown]
        assert missing == [], kind


def test_the_files_are_plain_and_stable(facts: Facts, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".zip"):
            continue
        text = content.decode("utf-8")
        assert not text.startswith("\ufeff"), path
        assert "\r" not in text, path
        assert text.endswith("\n") or path.endswith(".ris"), path
    assert dict(export.files(Facts(facts.records, facts.mentions))) == files, "the same facts give the same bytes"


def test_plain_years_stand_beside_inexact_dates(files: dict[str, bytes]) -> None:
    years = {row["year"]: (row["first_year"], row["last_year"]) for row in rows_of(files["open-data/figures.csv"])}
    assert years["2018~/.."] == ("2018", "")
    assert years["../2026"] == ("", "2026")
    assert years["2020/2021"] == ("2020", "2021")
    assert years["1844"] == ("1844", "1844")


HOSTILE = ("=HYPERLINK(\"http://example.org\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\n=1", "=1\n2,\"3\"")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_becomes_a_formula(facts: Facts, hostile: str) -> None:
    bad = changed(facts, "figures", "rochdale-members", title={"en": hostile, "it": hostile})
    made = tables.files(bad)
    for path in ("open-data/figures.csv", "open-data/figures/rochdale-members.csv"):
        (title,) = {row["title_en"] for row in rows_of(made[path]) if row["id"] == "rochdale-members"}
        assert title == "'" + hostile
    (title,) = {row["title_it"] for row in json.loads(made["open-data/figures.json"]) if row["id"] == "rochdale-members"}
    assert title == hostile, "JSON is no spreadsheet: it keeps the text as it is"


def test_no_cell_of_today_begins_a_formula(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".csv"):
            for row in rows_of(content):
                assert not [cell for cell in row.values() if re.match(r"[=+@\t]|-(?![\d.]+$)", cell)], path


def test_quotes_commas_and_line_breaks_come_back(facts: Facts) -> None:
    awkward = 'a "b", c\nd; é 𝄞 {{ x }} </script>'
    made = tables.files(changed(facts, "events", "rochdale-1844", text={"en": awkward, "it": awkward}))
    (row,) = (row for row in rows_of(made["open-data/events.csv"]) if row["id"] == "rochdale-1844")
    assert row["text_en"] == row["text_it"] == awkward


def test_a_member_of_a_list_with_the_separator_in_it_is_refused_in_words(facts: Facts) -> None:
    author = next(source for source in facts["sources"].values() if source.author)
    name = author.author[0].model_copy(update={"literal": "One | Two", "family": None})
    with pytest.raises(export.ExportError, match=rf"data/sources.yml: {author.id}: author: '\|' joins"):
        tables.files(changed(facts, "sources", author.id, author=(name,)))


def test_the_build_refuses_it_too_and_keeps_the_last_site(project: Path) -> None:
    path = project / "data" / "sources.yml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'literal: "?[^"}\]\n,]+"?', 'literal: "One | Two"', text, count=1), "utf-8")
    result = run(project, "microsite", "build")
    assert result.returncode == 1
    assert "author: '|' joins the members of a list" in result.stdout
    assert "Traceback" not in result.stdout


# --- the data package ------------------------------------------------------------------------------------------------


@pytest.fixture
def packed(files: dict[str, bytes], tmp_path: Path) -> Path:
    """The package in a folder that a test may break."""
    for path, content in files.items():
        if "/figures/" not in path:
            (tmp_path / Path(path).name).write_bytes(content)
    return tmp_path / "datapackage.json"


def complaints(packed: Path) -> list[str]:
    """What frictionless says against the package. Sizes and sums are left out, because a broken sample changes them."""
    description = json.loads(packed.read_text("utf-8"))
    for resource in description["resources"]:
        del resource["bytes"], resource["hash"]
    packed.write_text(json.dumps(description), "utf-8")
    return [" ".join(map(str, line)) for line in frictionless.Package(str(packed)).validate().flatten(["type", "note"])]


def test_frictionless_accepts_the_package(packed: Path) -> None:
    report = frictionless.Package(str(packed)).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert report.stats["tasks"] == len(tables.tables(load()))


def test_the_package_says_what_it_must(facts: Facts, files: dict[str, bytes]) -> None:
    described = json.loads(files["open-data/datapackage.json"])
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert [source["title"] for source in described["sources"]] == [source.title for source in facts["sources"].values()]
    assert re.fullmatch(r"\d{4}\.\d{1,2}\.\d{1,2}", described["version"])
    assert described["contributors"]
    for resource in described["resources"]:
        content = files[f"open-data/{resource['path']}"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert [field["name"] for field in resource["schema"]["fields"]] == list(csv.reader([content.decode("utf-8").split("\n")[0]]))[0]
        assert [field["name"] for field in resource["schema"]["fields"] if not field["description"]] == []
    (figures,) = (resource for resource in described["resources"] if resource["name"] == "figures")
    assert {"fields": ["unit"], "reference": {"resource": "units", "fields": ["id"]}} in figures["schema"]["foreignKeys"]
    assert {"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}} in figures["schema"]["foreignKeys"]


def edit(path: Path, change: Callable[[list[str]], None], column: str) -> None:
    """Change the first row of a table: its cells are given with that column first, the rest behind."""
    header, first, *rest = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    place = header.index(column)
    cell = [first[place]]
    change(cell)
    first[place] = cell[0]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, first, *rest])
    path.write_text(text.getvalue(), "utf-8")


@pytest.mark.parametrize(
    ("table", "column", "value", "says"),
    [
        ("figures", "unit", "no-such-unit", "foreign-key"),
        ("figures", "source", "no-such-source", "foreign-key"),
        ("figures", "value", "many", "type-error"),
        ("figures", "certainty", "sure", "constraint-error"),
        ("figures", "title_it", "", "constraint-error"),
        ("figures", "year", "last year", "constraint-error"),
        ("figures", "reviewed", "yesterday", "type-error"),
        ("events", "milestone", "perhaps", "type-error"),
        ("principles", "number", "8", "constraint-error"),
        ("principles", "id", "autonomy", "primary-key"),
        ("countries", "iso2", "Italy", "constraint-error"),
    ],
)
def test_frictionless_sees_a_broken_table(packed: Path, table: str, column: str, value: str, says: str) -> None:
    edit(packed.with_name(f"{table}.csv"), lambda cell: cell.__setitem__(0, value), column)
    assert any(says in complaint for complaint in complaints(packed)), complaints(packed)


def test_every_key_of_the_data_says_what_it_means() -> None:
    def silent(keys: tuple[fields.Field, ...], path: str) -> Iterator[str]:
        for key in keys:
            if not key.meaning:
                yield path + key.key
            yield from silent(key.inner, f"{path}{key.key}.")

    assert [name for kind in KINDS for name in silent(fields.of_kind(kind), f"{kind}.")] == []


# --- the bibliography ------------------------------------------------------------------------------------------------


def plain(title: str) -> str:
    """A title as any reader gives it back: BibTeX has other capitals, and pandoc turns inner quotation marks."""
    return re.sub(r"[{}]", "", title).translate(str.maketrans("“”", "‘’")).casefold()


def test_csl_json_has_every_source(facts: Facts, files: dict[str, bytes]) -> None:
    items = json.loads(files["open-data/bibliography.json"])
    assert [(item["id"], item["title"]) for item in items] == [(source.id, source.title) for source in facts["sources"].values()]


def test_bibtex_is_read_back_by_bibtexparser(facts: Facts, files: dict[str, bytes]) -> None:
    read = bibtexparser.parse_string(files["open-data/bibliography.bib"].decode("utf-8"), append_middleware=[LatexDecodingMiddleware()])
    assert read.failed_blocks == []
    assert {entry.key: plain(entry["title"]) for entry in read.entries} == {s.id: plain(s.title) for s in facts["sources"].values()}
    assert len(read.entries) == len(facts["sources"])
    assert any(re.search("[àèéìòùöüñç]", entry["title"]) for entry in read.entries), "accents are letters"


def test_ris_is_read_back_by_rispy_and_by_pandoc(facts: Facts, files: dict[str, bytes]) -> None:
    text = files["open-data/bibliography.ris"].decode("utf-8")
    entries = rispy.loads(text)
    assert [entry["id"] for entry in entries] == list(facts["sources"])
    for entry, source in zip(entries, facts["sources"].values()):
        assert entry["title"] == source.title
        assert ";".join(entry.get("urls", [])) == (source.URL or "")
        assert [name.literal or ", ".join(filter(None, (name.family, name.given))) for name in source.author] in ([], entry.get("authors"))
    items = json.loads(pypandoc.convert_text(text, "csljson", "ris"))
    assert {item["id"]: plain(item["title"]) for item in items} == {s.id: plain(s.title) for s in facts["sources"].values()}


def test_every_type_of_work_has_its_type_in_ris() -> None:
    (type_of_work,) = (field for field in fields.of_kind("sources") if field.key == "type")
    assert set(bibliography.TYPES) == set(type_of_work.choices)
    assert set(bibliography.TYPES.values()) <= set(rispy.TYPE_OF_REFERENCE_MAPPING)


def test_a_hostile_title_stays_one_title(facts: Facts) -> None:
    hostile = "Braces } { and\nTY  - JOUR\nER  - \n@book{x, % & $ # _ \\end, title={y}}"
    source = next(iter(facts["sources"].values()))
    made = bibliography.files(changed(facts, "sources", source.id, title=hostile))
    assert len(rispy.loads(made["open-data/bibliography.ris"].decode("utf-8"))) == len(facts["sources"])
    read = bibtexparser.parse_string(made["open-data/bibliography.bib"].decode("utf-8"))
    assert len(read.entries) == len(facts["sources"])
    assert read.failed_blocks == []
    assert json.loads(made["open-data/bibliography.json"])[0]["title"] == hostile


# --- for machines, in the pages --------------------------------------------------------------------------------------

REQUIRED = {
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "Dataset": {"@id", "name", "description", "url", "license", "creator", "distribution"},
    "DataDownload": {"contentUrl", "encodingFormat"},
    "Organization": {"@id", "name", "url"},
    "DefinedTermSet": {"@id", "name", "hasDefinedTerm"},
    "DefinedTerm": {"@id", "name", "description", "inDefinedTermSet"},
    "Place": {"name"},
    "PropertyValue": {"name"},
    "Collection": {"@id", "url", "name"},
    "LearningResource": {
        "@id", "name", "description", "inLanguage", "learningResourceType", "typicalAgeRange", "timeRequired", "teaches",
        "isAccessibleForFree", "license", "author", "dateModified", "isPartOf", "accessibilityFeature", "accessibilityHazard", "encoding",
    },
    "Quiz": {"@id", "name", "inLanguage", "learningResourceType", "typicalAgeRange", "assesses", "isPartOf", "hasPart", "license", "author"},
    "Question": {"eduQuestionType", "text"},
    "AlignmentObject": {"alignmentType", "educationalFramework", "targetName", "description"},
    "MediaObject": {"contentUrl", "encodingFormat", "name"},
    "ItemList": {"itemListElement"},
    "EducationalAudience": {"educationalRole"},
}  # fmt: skip
ADDRESSES = {"@id", "url", "item", "contentUrl", "license", "inDefinedTermSet", "targetUrl"}


def faults(text: str) -> list[str]:
    """What is wrong with a page's JSON-LD."""
    try:
        read = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    found = [] if read.get("@context") == "https://schema.org" else ["no context"]
    known = {node["@id"] for node in walk(read) if "@type" in node and "@id" in node}
    for node in walk(read):
        kind = node.get("@type")
        if kind is None:
            # The open data as a whole are told on their own page.
            if "@id" in node and node["@id"] not in known and not node["@id"].endswith("reference/open-data.html#dataset"):
                found.append(f"{node['@id']} is told nowhere")
        elif kind not in REQUIRED:
            found.append(f"{kind} is no type that is used here")
        else:
            found += [f"{kind} without {key}" for key in sorted(REQUIRED[kind] - {key for key, value in node.items() if value})]
        found += [f"{key}: {node[key]} is not absolute" for key in ADDRESSES & node.keys() if not re.match(r"https?://", node[key])]
        if kind == "Dataset" and not 50 <= len(node.get("description", "")) <= 5000:
            found.append(f"{node.get('@id')}: a description has 50 to 5,000 characters")
        if kind == "BreadcrumbList":
            positions = [item.get("position") for item in node.get("itemListElement", [])]
            if positions != list(range(1, len(positions) + 1)):
                found.append("breadcrumbs are numbered from 1")
    return found


def walk(value: Any, top: bool = True) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if not top:
            yield value
        for item in value.values():
            yield from walk(item, False)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, False)


def statements(page: Element) -> list[str]:
    return [e.text or "" for e in page.iter("script") if e.attrib.get("type") == "application/ld+json"]


def test_each_page_tells_machines_where_it_stands(pages: dict[str, Element]) -> None:
    for name, page in pages.items():
        if name.endswith("404.html"):
            continue
        (text,) = statements(page)
        assert faults(text) == [], name
        crumbs = json.loads(text)["@graph"][0]
        (canonical,) = (e.attrib["href"] for e in page.iter("link") if e.attrib.get("rel") == "canonical")
        assert crumbs["itemListElement"][-1]["item"] == canonical == site_url() + name
        assert crumbs["itemListElement"][0]["item"] == site_url() + ("it/" if page.attrib["lang"] == "it" else "") + "index.html"
        for item in crumbs["itemListElement"]:
            assert item["item"].removeprefix(site_url()) in pages


def test_each_series_is_a_data_set_on_its_page(facts: Facts, files: dict[str, bytes], pages: dict[str, Element]) -> None:
    told = Counter(
        node["@id"] for name, page in pages.items() if not name.startswith("it/") for text in statements(page) for node in walk(json.loads(text))
        if node.get("@type") == "Dataset"
    )  # fmt: skip
    english = Edition("en")
    homes = [english.address(src, anchor) for src, anchor in map(lambda f: _home(english, f), facts["figures"])]
    assert told == Counter([*homes, english.address("reference/open-data.md", "dataset")])
    for page in pages.values():
        for text in statements(page):
            for node in walk(json.loads(text)):
                if node.get("@type") == "DataDownload":
                    assert node["contentUrl"].removeprefix(site_url()) in files


def _home(edition: Edition, figure: str) -> tuple[str, str]:
    from microsite import places

    found = places.home(edition.facts, "figures", figure)
    assert found
    return found


def test_the_glossary_is_a_set_of_terms(facts: Facts, pages: dict[str, Element]) -> None:
    (text,) = statements(pages["reference/glossary.html"])
    terms = [node for node in walk(json.loads(text)) if node.get("@type") == "DefinedTerm"]
    assert {term["name"] for term in terms} == {term.term["en"] for term in facts["glossary"].values()}
    ids = {e.attrib["id"] for e in pages["reference/glossary.html"].iter() if "id" in e.attrib}
    assert {term["@id"].partition("#")[2] for term in terms} <= ids


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!-- <script>", "]]> & \u2028 \" \\"])
def test_no_text_ends_the_script(facts: Facts, hostile: str) -> None:
    bad = changed(facts, "glossary", "surplus", definition={"en": hostile, "it": hostile})
    text = linked.pages(Edition("en", bad), settings()["nav"])["reference/glossary.md"]
    assert not re.search(r"[<>&\u2028\u2029]", text)
    assert hostile in [node.get("description") for node in walk(json.loads(text))]


GOOD = {"@context": "https://schema.org", "@graph": [{"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "A", "item": "https://a.example/"}]}]}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"@context": "https://schema.org"', '"@context": ""', "no context"),
        ('"name": "A"', '"name": ""', "ListItem without name"),
        ('"position": 1', '"position": 2', "numbered from 1"),
        ("https://a.example/", "../a.html", "not absolute"),
        ("BreadcrumbList", "BreadcrumList", "no type"),
        ("{", "", "no JSON"),
        ('{"@type": "ListItem"', '{"isPartOf": {"@id": "https://a.example/#b"}, "@type": "ListItem"', "told nowhere"),
    ],
)
def test_the_check_of_statements_sees(old: str, new: str, says: str) -> None:
    assert faults(json.dumps(GOOD)) == []
    assert any(says in fault for fault in faults(json.dumps(GOOD).replace(old, new, 1)))


# --- where a reader finds them ---------------------------------------------------------------------------------------


def test_the_build_writes_them_once_for_both_editions(site: Path, files: dict[str, bytes]) -> None:
    there = {path.relative_to(site).as_posix(): path.read_bytes() for path in (site / "open-data").rglob("*") if path.is_file()}
    assert there == {path: content for path, content in files.items() if path.startswith("open-data/")}
    assert not (site / "it" / "open-data").exists()


def test_the_command_writes_what_the_build_writes(files: dict[str, bytes], tmp_path: Path) -> None:
    written = export.write(tmp_path)
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in written} == files
    result = run(Path(export.__file__).parents[2], "microsite", "export", str(tmp_path / "again"))
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "again/open-data/figures.csv").read_bytes() == files["open-data/figures.csv"]
    shutil.rmtree(tmp_path / "again")


def test_the_page_offers_every_file_with_its_size(site: Path, facts: Facts, pages: dict[str, Element]) -> None:
    edition = Edition("en")
    page = pages["reference/open-data.html"]
    text = " ".join("".join(page.itertext()).split())
    links = {e.attrib["href"].removeprefix("../") for e in page.iter("a") if "download" in e.attrib}
    expected = {path.relative_to(site).as_posix() for path in (site / "open-data").glob("*.*")}
    assert links == expected
    for path in expected:
        shown = numbers.size((site / path).stat().st_size, edition.locale).replace("\u00a0", " ")
        assert re.search(rf"{re.escape(Path(path).name)}(?: \([\w ,-]+)?, {re.escape(shown)}\b", text), path


@pytest.mark.parametrize(("count", "en", "it"), [(66, "0.1 kB", "0,1 kB"), (9_949, "9.9 kB", "9,9 kB"), (12_345, "12 kB", "12 kB"), (1_590_122, "1.6 MB", "1,6 MB")])
def test_a_size_in_words(count: int, en: str, it: str) -> None:
    assert numbers.size(count, "en_GB") == en.replace(" ", "\u00a0")
    assert numbers.size(count, "it_IT") == it.replace(" ", "\u00a0")


def test_each_series_can_be_cited_and_downloaded_at_its_home(facts: Facts, pages: dict[str, Element]) -> None:
    english = Edition("en")
    offered: dict[str, str] = {}
    for name, page in pages.items():
        if name.startswith("it/"):
            continue
        for e in page.iter("details"):
            if e.attrib.get("class") == "take":
                (link,) = (a.attrib["href"] for a in e.iter("a") if "download" in a.attrib)
                figure = Path(link).stem
                offered[figure] = " ".join("".join(e.itertext()).split())
                assert f"#{figure}" in [a.attrib["href"] for a in e.iter("a")]
    assert set(offered) == set(facts["figures"])
    for figure, text in offered.items():
        assert english.address(*_home(english, figure)) in text, figure
        assert "Working Together" in text


def test_works_are_cited_in_parts_as_they_are_all_together(facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [citations.csl_item(source) for source in facts["sources"].values()][:200]
    together = citations.cite_items(items, "en-GB", tmp_path / "together")
    assert any(re.search(r"\d{4}b", citation.short) for citation in together.values()), "none has to be told from another"
    in_parts = functools.partial(citations.parts, most=30)
    assert len(in_parts(items)) > 5
    monkeypatch.setattr(citations, "parts", in_parts)
    assert citations.cite_items(items, "en-GB", tmp_path / "apart") == together


def test_a_citation_names_the_series_the_source_and_the_day_in_each_language() -> None:
    for language, name, day in (("en", "‘Members of the Rochdale Pioneers’", "22 November 2026."), ("it", "«Soci dei pionieri di Rochdale»", "22 novembre 2026.")):
        edition = Edition(language)
        edition.bind(macros.WORDS)
        full = edition.cite_series(edition.facts["figures"]["rochdale-members"])
        assert name in full
        assert day in full
        assert "figures/rochdale.html#rochdale-members" in full


def test_the_dictionary_shows_every_key(pages: dict[str, Element]) -> None:
    page = pages["reference/data-dictionary.html"]
    ids = {e.attrib["id"] for e in page.iter("h3") if "id" in e.attrib}
    assert ids >= {f"kind-{kind}" for kind in KINDS}
    shown = Counter("".join(e.itertext()) for e in page.iter("code"))
    for kind in KINDS:
        for field in fields.of_kind(kind):
            assert shown[field.key], f"{kind}.{field.key}"


def test_every_correction_leads_to_what_was_corrected(facts: Facts, pages: dict[str, Element]) -> None:
    page = pages["reference/changes.html"]
    links = {e.attrib["href"] for e in page.iter("a") if "href" in e.attrib}
    for change in facts["changes"].values():
        for record in change.records:
            kind, _ = facts.resolve(record, CORRECTABLE)
            home = Edition("en").address(*((f"principles/{record}.md", "") if kind == "principles" else _place(facts, kind, record)))
            assert any(home.endswith(link.removeprefix("../")) for link in links), record


def _place(facts: Facts, kind: str, record: str) -> tuple[str, str]:
    from microsite import places

    found = places.home(facts, kind, record)
    assert found
    return found


def test_the_version_is_the_day_of_the_data(facts: Facts) -> None:
    assert package.version(facts).split(".") == [str(int(part)) for part in package.last_change(facts).split("-")]
    later = changed(facts, "changes", next(iter(facts["changes"])), date="2031-02-03")
    assert package.version(later) == "2031.2.3"
