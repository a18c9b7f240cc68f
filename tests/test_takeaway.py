"""The packed copy of each edition: one zip, opened on any computer, in which everything works without a network."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import Visit, read_pages
from test_links import broken_links
from test_offline import fetched_from_elsewhere

from microsite.edition import Edition, words
from microsite.export import release
from microsite.finish import FinishError, offline
from microsite.settings import site_url

LANGUAGES = ("en", "it")
LARGEST = 10_000_000
WORDS_TO_FIND = {"en": ("rochdale", "co-operative", "1844"), "it": ("rochdale", "cooperativa", "1844")}


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request: pytest.FixtureRequest) -> Edition:
    return Edition(request.param)


@pytest.fixture(scope="module")
def packed(site: Path, edition: Edition) -> Path:
    return site / release.path(edition)


@pytest.fixture(scope="module")
def unzipped(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy's top folder, as a reader has it after unpacking."""
    folder = tmp_path_factory.mktemp("unzipped")
    with zipfile.ZipFile(packed) as read:
        read.extractall(folder)
    (top,) = folder.iterdir()
    return top


@pytest.fixture(scope="module")
def copied(unzipped: Path) -> dict[str, Element]:
    return read_pages(unzipped)


def test_the_first_file_says_what_to_do(unzipped: Path, edition: Edition) -> None:
    raw = (unzipped / "START-HERE.txt").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n"), "lines end as old editors for Windows need it"
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[0].startswith({"en": "Extract before opening", "it": "Estrai prima di aprire"}[edition.language])
    said = "\n".join(lines)
    for needed in ("index.html", "CC BY 4.0", release.version(edition.facts), edition.date(release.day(edition.facts))):
        assert needed in said


def test_names_order_and_times_are_the_same_everywhere(packed: Path, edition: Edition) -> None:
    with zipfile.ZipFile(packed) as read:
        entries = read.infolist()
    names = [entry.filename for entry in entries]
    assert {name.split("/")[0] for name in names} == {f"coop-site-{edition.language}-{release.version(edition.facts)}"}
    assert names == sorted(names)
    assert names[0].endswith("/START-HERE.txt")
    assert {entry.date_time[3:] for entry in entries} == {(0, 0, 0)}
    assert len({entry.date_time for entry in entries}) == 1
    for name in names:
        assert len(name) <= 100, name
        assert re.fullmatch(r"[a-z0-9._/-]+", name.replace("START-HERE", "start-here")), name


def test_what_only_a_host_needs_is_left_out(unzipped: Path, edition: Edition) -> None:
    names = {path.relative_to(unzipped).as_posix() for path in unzipped.rglob("*") if path.is_file()}
    assert {"index.html", "search/search_index.js"} <= names
    outside = r"\.map$|sitemap|^_headers$|sw\.js$|webmanifest$|404\.html$|^it/|coop-site-|\.md$"
    assert [name for name in names if re.search(outside, name)] == []
    other = {"en": "it", "it": "en"}[edition.language]
    assert [name for name in names if re.search(rf"coop-.*-{other}-|working-together-{other}|questions/{other}/", name)] == []


def test_the_copy_is_small_and_its_checksum_right(packed: Path) -> None:
    content = packed.read_bytes()
    assert len(content) <= LARGEST
    assert packed.with_name(f"{packed.name}.sha256").read_text() == f"{hashlib.sha256(content).hexdigest()}  {packed.name}\n"


def test_the_same_site_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = tmp_path / "elsewhere"
    shutil.copytree(site, again)
    for path in again.rglob("*"):
        os.utime(path, (1, 1))
    italian = Edition("it")
    assert offline.copy(again, italian) == offline.copy(site, italian)
    (again / "it" / "index.html").write_text("<p>Other")
    assert offline.copy(again, italian) != offline.copy(site, italian)


def test_every_link_leads_somewhere_in_the_copy(unzipped: Path, copied: dict[str, Element]) -> None:
    files = {path.relative_to(unzipped).as_posix() for path in unzipped.rglob("*") if path.is_file()}
    assert broken_links(copied, files) == []


def test_nothing_is_fetched_from_elsewhere(unzipped: Path) -> None:
    found = {
        path.name: addresses
        for path in unzipped.rglob("*")
        if path.suffix in (".html", ".css", ".svg", ".js") and not re.search(r"javascripts/(bundle|workers/search)\.", path.as_posix())
        if (addresses := fetched_from_elsewhere(path.name, path.read_text("utf-8")))
    }
    assert found == {}


def test_the_way_to_the_other_edition_says_that_it_needs_a_network(copied: dict[str, Element], edition: Edition) -> None:
    for name, page in copied.items():
        switch = next(e for e in page.iter("a") if e.get("rel") == "alternate")
        assert switch.get("href", "").startswith(site_url()), name
        assert edition.words["packed"]["needs_network"] in "".join(switch.itertext()), name


def test_every_page_tells_its_version_and_date(site: Path, pages: dict[str, Element]) -> None:
    lines = {language: release.line(Edition(language)) for language in LANGUAGES}
    for name, page in pages.items():
        if not name.endswith("404.html"):
            assert lines["it" if name.startswith("it/") else "en"] in " ".join("".join(page.itertext()).split()), name


def test_the_page_says_how_large_the_copies_are(site: Path) -> None:
    text = (site / "reference" / "offline.html").read_text("utf-8")
    link = re.search(rf'<a href="\.\./{re.escape(release.path(Edition("en")))}" download>[^<]+</a> \(ZIP, ([\d.]+)\xa0MB\)', text)
    assert link
    assert float(link[1]) == pytest.approx((site / release.path(Edition("en"))).stat().st_size / 1e6, abs=0.1)


def test_a_reader_without_a_network_reads_searches_and_answers(unzipped: Path, edition: Edition, visit: Callable[..., Visit]) -> None:
    names = ("index.html", "tradition/rochdale.html", "figures/index.html", "reference/glossary.html", "lessons/l01.html")
    for name in (name for name in names if (unzipped / name).is_file()):
        reader = visit()
        page = reader.open(unzipped / name)
        assert page.locator("h1").first.is_visible()
        if name == "index.html":
            for word in WORDS_TO_FIND[edition.language]:
                found = reader.search(word)
                assert found, word
                assert all(address.startswith(unzipped.as_uri()) for address in found)
        if name == "lessons/l01.html":
            question = page.locator(".question[data-type=single]").first
            question.locator("input").first.check()
            question.locator("button").click()
            assert question.locator(".feedback").is_visible()
        assert (reader.outside, reader.complaints) == ([], []), name


# The checks and the step themselves ------------------------------------------------------------


def relinked(body: str, here: str = "a/page.html", language: str = "en") -> str:
    places = {"a/page.html": "a/page.html", "it/a/page.html": "a/page.html", "it/style.css": "style.css", "open-data/X.csv": "open-data/x.csv"}
    return offline.relink(body, here, Edition(language), places)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="page.html#x">p</a>', '<a href="page.html#x">p</a>'),
        ('<a href="#x">p</a>', '<a href="#x">p</a>'),
        ('<a href="https://example.org/a?b=c&amp;d">p</a>', '<a href="https://example.org/a?b=c&amp;d">p</a>'),
        ("<a class=x href=../open-data/X.csv>p</a>", '<a class=x href="../open-data/x.csv">p</a>'),
        ('<script>"<a href=\'../gone.html\'>"</script>', '<script>"<a href=\'../gone.html\'>"</script>'),
        ("<!-- <a href='../gone.html'> -->", "<!-- <a href='../gone.html'> -->"),
    ],
)
def test_links_within_the_copy_stay(before: str, after: str) -> None:
    assert relinked(before) == after


def test_an_edition_below_the_top_moves_up() -> None:
    moved = relinked('<link rel="stylesheet" href="../style.css"><a href="../../open-data/X.csv">p</a>', "it/a/page.html", "it")
    assert moved == '<link rel="stylesheet" href="../style.css"><a href="../open-data/x.csv">p</a>'


def test_links_out_of_the_copy_say_so() -> None:
    assert relinked('<p><a href="../it/b.html?q=1#x">p <b>q</b></a> <a href="page.html">r</a>') == (
        f'<p><a href="{site_url()}it/b.html?q=1#x">p <b>q</b> <span class="needs-network">(needs a network)</span></a> <a href="page.html">r</a>'
    )


@pytest.mark.parametrize("body", ['<script src="../gone.js"></script>', '<link href="../gone.css" rel="stylesheet">', '<img alt="" src="gone.png">'])
def test_a_page_that_is_built_of_something_left_out_stops_the_build(body: str) -> None:
    with pytest.raises(FinishError, match=r"a/page\.html: needs .*gone"):
        relinked(body)


@pytest.mark.parametrize("name", ["a-" * 50 + ".html", "è.html", "two words.html"])
def test_a_name_that_old_programs_cannot_read_stops_the_build(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<p>")
    with pytest.raises(FinishError, match=re.escape(name)):
        offline.copy(tmp_path, Edition("en"))


def test_names_that_differ_by_capitals_only_stop_the_build(tmp_path: Path) -> None:
    for name in ("one.html", "One.html"):
        (tmp_path / name).write_text("<p>")
    with pytest.raises(FinishError, match=r"one\.html"):
        offline.copy(tmp_path, Edition("en"))


def test_both_languages_have_every_word_of_the_copy() -> None:
    for group in ("packed", "keep"):
        assert words("en")[group].keys() == words("it")[group].keys()
        assert all(isinstance(text, str) for language in LANGUAGES for text in words(language)[group].values())
