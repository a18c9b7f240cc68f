"""A host's reader may keep an edition on the device: only when asked to, wholly, and without leaving anything when it is removed."""

from __future__ import annotations

import json
import re
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from conftest import Visit
from hosting import Host, rules
from playwright.sync_api import Page, expect

from microsite.edition import Edition, words
from microsite.finish import worker
from microsite.finish.base import digest

WORDS = words("en")["keep"]
HERE = "some/where/"
"""The folder of the host that the site is in."""
STORED = """async () => ({
  workers: (await navigator.serviceWorker.getRegistrations()).map(one => new URL(one.scope).pathname),
  caches: (await caches.keys()).length
})"""
NOTHING = {"workers": [], "caches": 0}


@pytest.fixture
def place(site: Path, tmp_path: Path) -> Path:
    """The site's pages in a folder of a host, to be changed at will."""
    folder = tmp_path / "host" / HERE
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("open-data", "downloads", "*.map"))
    return folder


@pytest.fixture
def host(site: Path, place: Path) -> Iterator[Host]:
    given = [(where.replace("/", f"/{HERE}", 1), said) for where, said in rules((site / "_headers").read_text("utf-8"))]
    with Host(place.parents[HERE.count("/") - 1], given) as running:
        yield running


@pytest.fixture
def reader(visit: Callable[..., Visit]) -> Visit:
    return visit(offline=False)


def choose(page: Page, name: str) -> None:
    page.locator(f"button[data-keep={name}]").click()


def says(page: Page, name: str) -> None:
    expect(page.locator(".keep [role=status]")).to_have_text(WORDS[name], timeout=60_000)


def kept(reader: Visit, host: Host) -> Page:
    """The page with the button, after it was pressed and all has arrived."""
    page = reader.open(f"{host.address}{HERE}reference/offline.html")
    says(page, "offer")
    choose(page, "keep")
    says(page, "kept")
    return page


def test_nothing_is_stored_before_the_reader_asks(host: Host, reader: Visit) -> None:
    for name in ("index.html", "tradition/rochdale.html", "reference/offline.html"):
        page = reader.open(f"{host.address}{HERE}{name}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(STORED) == NOTHING
    says(page, "offer")
    assert re.search(r"\d MB", page.locator(".keep").inner_text().replace("\xa0", " ")), "the size is told before"


def test_after_it_pages_and_search_open_without_the_host(host: Host, reader: Visit) -> None:
    page = kept(reader, host)
    assert page.evaluate(STORED) == {"workers": [f"/{HERE}"], "caches": 1}
    host.stop()
    for name in ("", "index.html", "tradition/rochdale.html", "tradition/", "figures/countries/africa.html", "principles/co-operation"):
        assert reader.open(f"{host.address}{HERE}{name}").locator("h1").first.is_visible(), name
        assert page.evaluate("document.styleSheets.length") >= 1
    reader.open(f"{host.address}{HERE}index.html")
    assert reader.search("rochdale")
    page = reader.open(f"{host.address}{HERE}reference/offline.html")
    says(page, "kept")
    assert (reader.outside, reader.complaints) == ([], [])


def test_an_update_is_shown_and_taken_when_the_reader_likes(host: Host, place: Path, reader: Visit) -> None:
    kept(reader, host)
    home = place / "index.html"
    home.write_text(home.read_text("utf-8").replace("<h1", '<h1 class="newer"'), "utf-8")
    worker.step(place)
    page = reader.open(f"{host.address}{HERE}reference/offline.html")
    says(page, "newer")
    choose(page, "update")
    says(page, "kept")
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    host.stop()
    assert reader.open(f"{host.address}{HERE}index.html").locator("h1.newer").is_visible()


def test_with_a_network_a_kept_page_is_still_the_newest(host: Host, place: Path, reader: Visit) -> None:
    page = kept(reader, host)
    home = place / "index.html"
    home.write_text(home.read_text("utf-8").replace("<h1", '<h1 class="newer"'), "utf-8")
    page.goto(f"{host.address}{HERE}index.html")
    assert page.locator("h1.newer").is_visible()


def test_removing_leaves_nothing_and_keeping_again_works(host: Host, reader: Visit) -> None:
    page = kept(reader, host)
    choose(page, "remove")
    says(page, "removed")
    assert page.evaluate(STORED) == NOTHING
    choose(page, "keep")
    says(page, "kept")
    choose(page, "remove")
    says(page, "removed")
    page.reload()
    says(page, "offer")
    assert page.evaluate(STORED) == NOTHING


def test_what_breaks_off_can_be_tried_again(host: Host, reader: Visit) -> None:
    page = reader.open(f"{host.address}{HERE}reference/offline.html")
    host.refuses = lambda path: path.endswith("africa.html")
    choose(page, "keep")
    says(page, "failed")
    host.refuses = lambda path: False
    choose(page, "keep")
    says(page, "kept")


def test_one_edition_is_kept_without_the_other(host: Host, reader: Visit) -> None:
    page = kept(reader, host)
    listed = set(page.evaluate("async () => (await (await caches.open((await caches.keys())[0])).keys()).map(one => new URL(one.url).pathname)"))
    assert f"/{HERE}index.html" in listed
    assert not any(path.startswith((f"/{HERE}it/", f"/{HERE}downloads/", f"/{HERE}open-data/")) for path in listed)


def test_from_a_disk_it_says_that_this_copy_is_offline_already(site: Path, visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.open(site / "reference" / "offline.html")
    says(page, "local")
    assert page.locator(".keep button:visible").count() == 0
    assert reader.complaints == []


def test_a_browser_that_cannot_keep_it_says_so(host: Host, reader: Visit) -> None:
    reader.page.add_init_script("delete Navigator.prototype.serviceWorker")
    says(reader.open(f"{host.address}{HERE}reference/offline.html"), "cannot")


def test_without_scripts_it_says_what_to_take(site: Path, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).open(site / "reference" / "offline.html")
    says(page, "no_script")
    assert page.locator(".keep button:visible").count() == 0


def test_the_button_can_be_used_by_keyboard_and_the_focus_stays(host: Host, reader: Visit) -> None:
    page = reader.open(f"{host.address}{HERE}reference/offline.html")
    says(page, "offer")
    page.locator("button[data-keep=keep]").focus()
    page.keyboard.press("Enter")
    says(page, "kept")
    assert page.evaluate("document.activeElement.closest('.keep') !== null")


# Files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_worker_names_all_that_its_pages_need_by_its_content(site: Path, language: str) -> None:
    edition = Edition(language)
    folder = site / edition.root
    listed = re.search(r"^const FILES = (\{.*\})$", (folder / "sw.js").read_text("utf-8"), re.M)
    assert listed
    files: dict[str, str] = json.loads(listed[1])
    assert {path: digest((folder / path).read_bytes()) for path in files} == files
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    own = {path for path in pages if not path.startswith(("downloads/", "it/", "404"))}
    assert own <= files.keys()
    for name in own:
        page = html5lib.parse((folder / name).read_bytes(), namespaceHTMLElements=False)
        for e in (e for e in page.iter() if e.tag in ("script", "link", "img")):
            address = e.get("src") or (e.get("href") if set(e.get("rel", "").split()) & {"stylesheet", "icon", "preload"} else None)
            if address and not address.startswith("data:"):
                assert (folder / name).parent.joinpath(address).resolve().relative_to(folder.resolve()).as_posix() in files, (name, address)
    assert not [path for path in files if path.endswith(".map")]


def test_the_worker_changes_when_a_page_does_and_only_then(place: Path) -> None:
    before = (place / "sw.js").read_text("utf-8"), (place / "it" / "sw.js").read_text("utf-8")
    worker.step(place)
    assert ((place / "sw.js").read_text("utf-8"), (place / "it" / "sw.js").read_text("utf-8")) == before
    (place / "index.html").write_text("<p>Other")
    worker.step(place)
    assert (place / "sw.js").read_text("utf-8") != before[0]
    assert (place / "it" / "sw.js").read_text("utf-8") == before[1]


@pytest.mark.parametrize("root", ["", "it"])
def test_the_site_can_be_installed(site: Path, root: str) -> None:
    folder = site / root
    about = json.loads((folder / "manifest.webmanifest").read_text("utf-8"))
    assert (folder / about["start_url"]).is_file()
    assert about["scope"] == "./"
    assert about["lang"] == (root or "en")
    for icon in about["icons"]:
        content = (folder / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", content[16:24])) == icon["sizes"]
    assert {icon["sizes"] for icon in about["icons"]} >= {"any", "192x192", "512x512"}
