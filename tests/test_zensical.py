"""The way out: Zensical makes of the same source the same site as MkDocs with Material, which ends. What differs stands below, each with its reason."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, tostring

import html5lib
import pytest
from conftest import ROOT, Visit
from filelock import FileLock

from microsite.frame import VENDORED, worker

DIFFERENCES = (
    # which pages (by a pattern), what MkDocs writes there and what is made of it for the comparison, why
    (r"(it/)?index\.html", 'href="./', 'href="', "the link to the other edition: Zensical writes ./ before every neighbour, the build takes it away, this one too"),
)
"""All that differs on a page."""
OTHER_FILES = {
    # which files, why their content is another
    r"(it/)?sitemap\.xml(\.gz)?": "lists the same addresses, in another order and without a day: MkDocs gives every page the same one",
    r"(it/)?sw\.js": "names by its content the home page that is named here",
}
"""All files besides pages that differ."""

WITHOUT = "import sys; sys.modules |= {'mkdocs': None, 'material': None, 'mkdocs_macros': None}; from microsite.__main__ import main; sys.exit(main())"
"""A program in which neither MkDocs nor Material nor its macros can be imported, as on the day when they are gone."""


@pytest.fixture(scope="module")
def successor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as Zensical builds it."""
    if not find_spec("zensical"):
        message = "Zensical is not installed; `make .venv/zensical.stamp` installs it"
        pytest.fail(message) if os.environ.get("BROWSER_REQUIRED") else pytest.skip(message)
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with FileLock(folder / "zensical.lock"):
        if not (folder / "zensical").exists():
            command = [sys.executable, "-c", WITHOUT, "build", "--engine", "zensical", "--site", str(folder / "zensical")]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"})
            assert done.returncode == 0, done.stdout + done.stderr
    return folder / "zensical"


def files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


# --- the comparison --------------------------------------------------------------------------------------------------


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _all(tag: str, say: Callable[[Element, str], object]) -> Callable[[Element, str], list[object]]:
    return lambda page, address: [say(element, address) for element in page.iter(tag)]


def _head(page: Element, rel: str) -> list[object]:
    return [(link.get("hreflang"), link.get("href")) for link in page.iter("link") if link.get("rel") == rel]


ASPECTS: Mapping[str, Callable[[Element, str], list[object]]] = {
    "title": _all("title", lambda element, _: _text(element)),
    "text": _all("body", lambda element, _: _text(element)),
    "headings": lambda page, _: [(part.tag, part.get("id"), _text(part)) for part in page.iter() if re.fullmatch("h[1-6]", str(part.tag))],
    "ids": lambda page, _: [part.get("id") for part in page.iter() if part.get("id")],
    "figures": _all("figure", lambda element, _: tostring(element)),
    "charts": _all("{http://www.w3.org/2000/svg}svg", lambda element, _: tostring(element)),
    "links": _all("a", lambda element, address: (urljoin(address, element.get("href", "")), _text(element))),
    "canonical": lambda page, _: _head(page, "canonical"),
    "hreflang": lambda page, _: _head(page, "alternate"),
    "scripts": _all("script", lambda element, address: (urljoin(address, element.get("src", "")), element.text)),
}


def differing(address: str, one: str, other: str) -> list[str]:
    """In what two builds of a page differ; "markup" if it is nothing that has a name here."""
    if one == other:
        return []
    first, second = (html5lib.parse(text, namespaceHTMLElements=False) for text in (one, other))
    return [name for name, of in ASPECTS.items() if of(first, address) != of(second, address)] or ["markup"]


SAMPLE = """<!doctype html><html lang="en"><head><title>One</title><link rel="canonical" href="https://one.example/"><link rel="alternate" hreflang="it"
href="https://one.example/it/"></head><body><h2 id="two">Two</h2><p class="note">Three</p><a href="four.html">Four</a><figure class="five">
<svg viewBox="0 0 6 6"></svg></figure><script src="seven.js"></script></body></html>"""


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("Three", "Thrice", ["text"]),
        (">Two<", ">Too<", ["text", "headings"]),
        ('"two"', '"too"', ["headings", "ids"]),
        ("<title>One", "<title>Won", ["title"]),
        ("four.html", "for.html", ["links"]),
        ("four.html", "./four.html", ["markup"]),
        ("five", "fife", ["figures"]),
        ("0 0 6 6", "0 0 6 7", ["figures", "charts"]),
        ('href="https://one.example/"', 'href="https://one.example/it/"', ["canonical"]),
        ('hreflang="it"', 'hreflang="fr"', ["hreflang"]),
        ("seven.js", "eleven.js", ["scripts"]),
        ("note", "remark", ["markup"]),
    ],
)
def test_the_comparison_sees_what_differs(before: str, after: str, named: list[str]) -> None:
    assert differing("https://one.example/page.html", SAMPLE, SAMPLE.replace(before, after, 1)) == named


# --- the two builds --------------------------------------------------------------------------------------------------


def test_both_builds_have_the_same_files(site: Path, successor: Path) -> None:
    assert sorted(files(successor)) == sorted(files(site))


def test_every_page_is_the_same_but_for_what_is_explained(site: Path, successor: Path) -> None:
    theirs, wrong, met = files(successor), [], set()
    for address, content in files(site).items():
        if not address.endswith(".html"):
            continue
        text = content.decode()
        for known in DIFFERENCES:
            if re.fullmatch(known[0], address) and known[1] in text and text.encode() != theirs[address]:
                text = text.replace(*known[1:3])
                met.add(known)
        wrong += [f"{address}: {name}" for name in differing(address, text, theirs[address].decode())]
    assert wrong == []
    assert met == set(DIFFERENCES), "a difference is explained that is none"


def test_every_other_file_is_the_same_but_for_what_is_explained(site: Path, successor: Path) -> None:
    theirs = files(successor)
    other = {path for path, content in files(site).items() if not path.endswith(".html") and content != theirs[path]}
    explained = {path: [pattern for pattern in OTHER_FILES if re.fullmatch(pattern, path)] for path in other}
    assert [path for path, patterns in explained.items() if not patterns] == []
    assert {pattern for patterns in explained.values() for pattern in patterns} == set(OTHER_FILES), "a difference is explained that is none"


@pytest.mark.parametrize("edition", ["", "it/"])
def test_the_maps_list_the_same_addresses(site: Path, successor: Path, edition: str) -> None:
    one, other = (sorted(re.findall("<loc>(.*?)</loc>", (folder / edition / "sitemap.xml").read_text("utf-8"))) for folder in (site, successor))
    assert one
    assert one == other


@pytest.mark.parametrize(("edition", "word", "page"), [("", "rochdale", "tradition/rochdale.html"), ("it", "ristorno", "reference/glossary.html")])
def test_the_search_finds_a_word_from_disk(successor: Path, visit: Callable[..., Visit], edition: str, word: str, page: str) -> None:
    reader = visit()
    reader.open(successor / edition / "index.html")
    assert (successor / edition / page).as_uri() in reader.search(word)
    assert (reader.outside, reader.complaints) == ([], [])


def test_our_copy_of_the_search_worker_is_that_of_the_theme() -> None:
    """While Material is there: a new release brings a new one, or new words of a language."""
    found = find_spec("material")
    if not found or not found.submodule_search_locations:
        pytest.skip("Material for MkDocs is not installed")
    theirs = Path(found.submodule_search_locations[0]) / "templates/assets/javascripts"
    assert [path.name for path in theirs.glob("workers/*.js")] == [worker()], "copy it into microsite/vendored/, and say so in microsite/vendored.yml"
    for folder, copies in (("workers", "mkdocs-material"), ("lunr/min", "lunr-languages")):
        for copy in (VENDORED / copies).glob("*.js"):
            assert copy.read_bytes() == (theirs / folder / copy.name).read_bytes(), copy.name
