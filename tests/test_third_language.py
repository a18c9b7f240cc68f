"""A language is added by data, words, settings and pages alone: Spanish, from tests/fixtures/spanish/, in a copy of the project."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import yaml
from conftest import ENGINE, ROOT, Visit, read_pages, run
from test_links import broken_links

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "spanish"
PAGES = sorted(path.relative_to(FIXTURES / "docs").with_suffix(".html").as_posix() for path in (FIXTURES / "docs").rglob("*.md"))


def merged(tree: Any, more: Any) -> Any:
    """Two trees of YAML as one: maps key by key, records by their id."""
    if isinstance(tree, Mapping) and isinstance(more, Mapping):
        return {**tree, **{key: merged(tree[key], value) if key in tree else value for key, value in more.items()}}
    if isinstance(tree, list) and isinstance(more, list):
        by_id = {record["id"]: record for record in tree}
        return list(merged(by_id, {record["id"]: record for record in more}).values())
    return more


def merge(file: Path, more: Path) -> None:
    tree = merged(*(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in (file, more)))
    file.write_text(yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), "utf-8")


def copied(folder: Path) -> Path:
    """A copy of the project with the citations that are made already, so that pandoc need not make them again."""
    for name in (*ENGINE, "docs", "mkdocs.yml", "mkdocs.it.yml"):
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(place, folder / name)
    if (ROOT / ".cache").is_dir():
        shutil.copytree(ROOT / ".cache", folder / ".cache")
    return folder


def with_spanish(project: Path) -> Path:
    for more in (FIXTURES / "data").glob("*.yml"):
        merge(project / "data" / more.name, more)
    merge(project / "microsite" / "templates" / "words.yml", FIXTURES / "words.yml")
    shutil.copy(FIXTURES / "mkdocs.es.yml", project)
    shutil.copytree(FIXTURES / "docs", project / "docs" / "es")
    return project


@pytest.fixture(scope="module")
def trilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in three languages."""
    project = with_spanish(copied(tmp_path_factory.mktemp("trial") / "project"))
    result = run(project, "microsite", "build")
    assert result.returncode == 0, result.stdout
    return project / "site"


@pytest.fixture(scope="module")
def built(trilingual: Path) -> dict[str, Element]:
    return read_pages(trilingual)


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def test_every_spanish_page_is_there_and_says_its_language(built: dict[str, Element]) -> None:
    assert len(PAGES) == 12
    for page in PAGES:
        assert built[f"es/{page}"].attrib["lang"] == "es"
    assert built["es/404.html"].find(".//h1").text == "Esta página no existe"


def test_pages_tell_machines_and_readers_their_other_editions(built: dict[str, Element]) -> None:
    for root, others in (("", ["it", "es"]), ("it/", ["en", "es"]), ("es/", ["en", "it"])):
        page = built[f"{root}tradition/rochdale.html"]
        links = {link.attrib["hreflang"]: link.attrib["href"] for link in page.iter("link") if link.attrib.get("rel") == "alternate"}
        assert sorted(links) == ["en", "es", "it"]
        for language, address in links.items():
            assert address.endswith(f"{'' if language == 'en' else f'/{language}'}/tradition/rochdale.html")
        switch = [link for link in page.iter("a") if link.attrib.get("class") == "language"]
        assert [link.attrib["lang"] for link in switch] == others
        assert all(link.attrib["href"].endswith("/tradition/rochdale.html") for link in switch)
    # A page that Spanish has not leads to its home.
    timeline = built["tradition/timeline.html"]
    assert {link.attrib["lang"]: link.attrib["href"] for link in timeline.iter("a") if link.attrib.get("class") == "language"} == {
        "it": "../it/tradition/timeline.html", "es": "../es/index.html",
    }  # fmt: skip
    assert {link.attrib["hreflang"] for link in timeline.iter("link") if link.attrib.get("rel") == "alternate"} == {"en", "it"}


def test_numbers_and_dates_are_written_as_in_spain(built: dict[str, Element]) -> None:
    assert "3.450 socios" in text(built["es/tradition/rochdale.html"])
    assert "21 de diciembre de 1844" in text(built["es/tradition/index.html"])


def test_what_is_not_translated_stands_in_english_and_says_so(built: dict[str, Element]) -> None:
    page = built["es/figures/rochdale.html"]
    marked = [element for element in page.iter() if element.attrib.get("class") == "untranslated"]
    assert all(element.attrib["lang"] == "en" for element in marked)
    assert "The Rochdale Society of Equitable Pioneers" in " ".join(map(text, marked))
    assert "Socios de los pioneros de Rochdale" in text(page)
    assert "Algunos textos de esta página aún no están traducidos" in text(page)
    # Where all is translated there is no note, and no attribute holds a mark.
    assert "aún no están traducidos" not in text(built["es/reference/about.html"])
    for name, page in built.items():
        if name.startswith("es/"):
            assert not [value for element in page.iter() for value in element.attrib.values() if "untranslated>" in value], name
        else:
            assert "untranslated" not in {element.attrib.get("class") for element in page.iter()}, name


def test_a_quotation_that_is_not_translated_is_the_original(built: dict[str, Element]) -> None:
    page = built["es/principles/index.html"]
    (quoted,) = [element for element in page.iter("figure") if "quotation" in element.attrib.get("class", "")]
    assert "An autonomous association" in text(quoted) or "autonomous association of persons" in text(quoted)
    assert "translation" not in text(quoted).lower()


def test_links_lead_somewhere_and_to_the_english_page_where_there_is_no_spanish_one(trilingual: Path, built: dict[str, Element]) -> None:
    files = {path.relative_to(trilingual).as_posix() for path in trilingual.rglob("*") if path.is_file()}
    # The page for addresses that do not exist is served at any depth, so its own are absolute; it is for servers only.
    own = {address: page for address, page in built.items() if not address.endswith("404.html")}
    assert [wrong for wrong in broken_links(own, files) if wrong.startswith("es/")] == []
    links = {link.attrib["href"] for link in built["es/index.html"].iter("a") if "href" in link.attrib}
    assert {"../lessons/index.html", "../principles/co-operation.html", "../reference/sources.html", "reference/about.html"} <= links


def test_the_search_finds_spanish_words_from_disk(trilingual: Path, visit: Callable[..., Visit]) -> None:
    reader = visit()
    reader.open(trilingual / "es" / "index.html")
    for words in ("pastos", "mutualidad", "almanaque"):
        found = reader.search(words)
        assert found and all("/es/" in address for address in found), words
    assert reader.outside == reader.complaints == []


def without_switch(html: str) -> str:
    """A page without what tells of Spanish, and without sizes: tables have columns for it, pages a link."""
    html = re.sub(r"(?:, |\()\d+(?:[.,]\d)?\s[kM]B", "", html)
    html = re.sub(r'<ul class="languages">.*?</ul>|<a class="language".*?</a>', "", html, flags=re.S)
    html = re.sub(r'<link rel="alternate" hreflang="es"[^>]*>\n|<span class="other" lang="es">[^<]*</span>', "", html)
    return re.sub(r"\s+", " ", html)


def test_the_other_editions_stay_as_they_are_but_for_the_switch(site: Path, trilingual: Path) -> None:
    changed = []
    for path in sorted(site.rglob("*.html")):
        place = path.relative_to(site)
        # These tell of the languages that there are, in the data too.
        if "downloads" in place.parts or place.name in ("open-data.html", "data-dictionary.html"):
            continue
        if without_switch(path.read_text("utf-8")) != without_switch((trilingual / place).read_text("utf-8")):
            changed.append(place.as_posix())
    assert changed == []


def test_a_complete_edition_lacks_nothing(tmp_path: Path) -> None:
    """The same Spanish, said to be complete, is told what it lacks: of the texts first."""
    project = with_spanish(copied(tmp_path / "project"))
    languages = project / "data" / "languages.yml"
    languages.write_text(languages.read_text("utf-8").replace("complete: false", "complete: true"), "utf-8")
    result = run(project, "microsite", "build")
    assert result.returncode == 1
    assert "the text is missing in: es; it has en, it" in result.stdout
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("mkdocs.es.yml", "language: es", "language: it", "mkdocs.es.yml:13: theme.language: is 'it'; in the settings of 'es' it is 'es'"),
        ("mkdocs.es.yml", "docs_dir: docs/es", "docs_dir: docs/it", "docs_dir: is 'docs/it'; in the settings of 'es' it is 'docs/es'"),
        ("mkdocs.es.yml", None, None, "mkdocs.es.yml:1: there are no settings for the language 'es'; write it"),
        ("data/languages.yml", "id: es", "id: pt", "there are no settings for the language 'pt'"),
        ("data/languages.yml", "complete: false", "complete: true", "missing in: es"),
        ("data/languages.yml", "id: en,", "id: en, complete: false,", "data/languages.yml:"),
        ("microsite/templates/words.yml", "es: Ir al texto", "pt: Ir ao texto", "frame.skip: the words are missing in: es; write them"),
    ],
)
def test_what_is_forgotten_is_told(project: Path, file: str, old: str | None, new: str | None, said: str) -> None:
    (project / "docs" / "es").mkdir()
    (project / "docs" / "es" / "index.md").write_text("# Inicio\n\nUna página.\n", "utf-8")
    (project / "mkdocs.es.yml").write_text((FIXTURES / "mkdocs.es.yml").read_text("utf-8").partition("\nnav:\n")[0] + "\nnav:\n  - Inicio: index.md\n", "utf-8")
    # By hand, as somebody would who adds a language: what stands in the files stays as it is typed.
    added = (FIXTURES / "data" / "languages.yml").read_text("utf-8")
    (project / "data" / "languages.yml").write_text((project / "data" / "languages.yml").read_text("utf-8") + added, "utf-8")
    merge(project / "microsite" / "templates" / "words.yml", FIXTURES / "words.yml")
    place = project / file
    if old is None:
        place.unlink()
    else:
        assert old in place.read_text("utf-8")
        place.write_text(place.read_text("utf-8").replace(old, str(new)), "utf-8")
    result = run(project, "microsite", "check")
    assert result.returncode == 1, result.stdout
    assert said in result.stdout
    assert "Traceback" not in result.stdout
