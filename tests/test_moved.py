"""A published address never dies: what has moved leads to its new place, on a server and from disk, with scripts and without."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from conftest import ENGINE, ROOT, Visit, needed, read_pages, run
from test_links import broken_links, gone

MOVES = """
    old/page.md: new/page.md
    old/page.md#part: new/other.md#own
    old/deep/far.md: new/page.md#kept
    new/page.md#section: new/other.md#own
"""
PAGES = {
    "index.md": "# Home\n\nOne page.\n",
    "new/page.md": "# The new page\n\nWords.\n\n## Kept { #kept }\n\nWords.\n",
    "new/other.md": "# The other page\n\n## Own { #own }\n\nWords.\n",
}


def make(folder: Path, moves: str, italian: str = "") -> Path:
    """A copy of the project with three pages an edition, of which some have moved."""
    folder.mkdir()
    for name in ENGINE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for language, settings in (("en", "mkdocs.yml"), ("it", "mkdocs.it.yml")):
        shared, _, _ = (ROOT / settings).read_text("utf-8").partition("\nnav:\n")
        if language == "en":
            before, said, after = shared.partition("\n  moved: {}\n")
            assert said
            shared = f"{before}\n  moved:\n{moves.strip(chr(10))}\n{after}"
        elif italian:
            shared = shared + f"\nextra:\n  moved:\n{italian}\n"
        (folder / settings).write_text(shared + "\nnav:\n" + "".join(f"  - {src}\n" for src in PAGES), "utf-8")
        for src, text in PAGES.items():
            page = folder / "docs" / language / src
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site in which some pages and sections have moved."""
    project = make(tmp_path_factory.mktemp("moved") / "project", MOVES)
    result = run(project, "microsite", "build")
    assert result.returncode == 0, result.stdout
    return project / "site"


@pytest.fixture
def reader(visit: Callable[..., Visit]) -> Iterator[Callable[..., str]]:
    """Opens an address from disk; gives the path and fragment where the reader ends up."""

    def go(site: Path, address: str, scripts: bool) -> str:
        page = visit(java_script_enabled=scripts).open(f"{site.as_uri()}/{address}")
        page.wait_for_function("!document.querySelector('[data-moved]')") if scripts else page.wait_for_selector("article")
        return page.url.removeprefix(site.as_uri() + "/")

    yield go


@pytest.mark.parametrize("root", ["", "it/"])
def test_a_reader_comes_to_the_new_place(moved: Path, reader: Callable[..., str], root: str) -> None:
    for old, new in (
        ("old/page.html", "new/page.html"),
        ("old/page.html#kept", "new/page.html#kept"),
        ("old/page.html#part", "new/other.html#own"),
        ("old/deep/far.html", "new/page.html#kept"),
    ):
        assert reader(moved, root + old, True) == root + new


def test_without_scripts_the_browser_goes_on_too(moved: Path, reader: Callable[..., str]) -> None:
    assert reader(moved, "old/page.html", False) == "new/page.html"
    assert reader(moved, "it/old/deep/far.html", False) == "it/new/page.html#kept"


@pytest.mark.parametrize(("root", "words"), [("", "This page has moved"), ("it/", "Questa pagina si è spostata")])
def test_the_page_left_behind_says_so_in_words(moved: Path, root: str, words: str) -> None:
    page = html5lib.parse((moved / root / "old/page.html").read_bytes(), namespaceHTMLElements=False)
    assert page.attrib["lang"] == (root or "en/")[:2]
    assert [e.text for e in page.iter("h1")] == [words]
    assert [e.attrib["href"] for e in page.iter("link")] == [f"https://working-together.example/{root}new/page.html"]
    assert [e.attrib["href"] for e in page.iter("a")] == ["../new/page.html", "../new/other.html#own"]
    assert "noindex" in [e.attrib.get("content") for e in page.iter("meta")]


def test_a_section_that_moved_leaves_a_line_under_its_id(moved: Path) -> None:
    page = html5lib.parse((moved / "new/page.html").read_bytes(), namespaceHTMLElements=False)
    (left,) = [e for e in page.iter("p") if e.attrib.get("id") == "section"]
    assert [e.attrib["href"] for e in left.iter("a")] == ["other.html#own"]
    assert left in [e for article in page.iter("article") for e in article.iter()]


def test_nothing_else_knows_the_old_address(moved: Path) -> None:
    for path in ("sitemap.xml", "search/search_index.js", "it/search/search_index.js"):
        assert "old/" not in (moved / path).read_text("utf-8")


def test_the_policy_of_a_host_lets_the_script_run(moved: Path) -> None:
    from microsite.finish.headers import hashes, inline

    (script,) = {s for path in ("old/page.html", "it/old/deep/far.html") for s in _scripts(moved / path)}
    assert hashes([script])[0] in (moved / "_headers").read_text("utf-8")
    assert inline(moved).without_effect == []


def _scripts(path: Path) -> list[str]:
    return [e.text or "" for e in html5lib.parse(path.read_bytes(), namespaceHTMLElements=False).iter("script")]


def test_links_and_published_addresses_hold(moved: Path) -> None:
    pages = read_pages(moved)
    files = {path.relative_to(moved).as_posix() for path in moved.rglob("*") if path.is_file()}
    # The frame of the few pages here leads to pages that they lack; what matters is what leads on.
    left = {name for name in pages if "old/" in name}
    assert [found for found in broken_links({name: page for name, page in pages.items() if "404" not in name}, files) if found.split(":")[0] in left] == []
    kept = {"old/page.html", "old/page.html#kept", "old/page.html#part", "old/deep/far.html", "new/page.html#section"}
    assert gone(kept, pages) == []
    assert gone({"old/page.html#nowhere", "old/none.html"}, pages) == ["old/none.html", "old/page.html#nowhere"]


def test_the_pages_left_behind_are_valid_html(moved: Path) -> None:
    checker = ROOT / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
    needed(shutil.which("java") and checker.is_file(), "Java with the checker of HTML")
    left = [moved / path for path in ("old/page.html", "it/old/deep/far.html", "new/page.html")]
    said = subprocess.run(["java", "-jar", checker, "--errors-only", *left], capture_output=True, text=True, check=False).stderr
    assert said == ""


def refused(project: Path) -> str:
    """What is said of a project that cannot be built: in words, and nothing is written."""
    result = run(project, "microsite", "build")
    assert result.returncode == 1
    assert "Traceback" not in result.stdout
    assert not (project / "site").exists()
    return result.stdout


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ("    old.md: new/pages.md\n", "'old.md' leads nowhere: docs/{} has no page 'new/pages.md'; did you mean new/page.md"),
        ("    new/page.md: new/other.md\n", "'new/page.md' is a page in docs/{} still"),
        ("    old.md: mid.md\n    mid.md: new/page.md\n", "'old.md' leads nowhere: docs/{} has no page 'mid.md'"),
        ("    New/page.md: new/other.md\n", "'New/page.md' differs from a page by capital letters only"),
        ("    old.md#part: new/page.md\n", "'old.md#part' was on a page that is gone; say where the page itself is now"),
        ("    /old.md: new/page.md\n", "'/old.md' or where it leads, 'new/page.md', is no place on this site; write"),
        ("    old.md: [new/page.md]\n", "is no place on this site; write"),
        ("    - old.md\n", "is no map; each line of it is"),
    ],
)
def test_what_cannot_be_is_told_with_file_line_and_remedy(tmp_path: Path, moves: str, says: str) -> None:
    project = make(tmp_path / "project", moves)
    said = refused(project)
    line = next(number for number, text in enumerate((project / "mkdocs.yml").read_text("utf-8").splitlines(), 1) if text == moves.splitlines()[0])
    told = [text for text in said.splitlines() if text.startswith("mkdocs.yml:")]
    assert told[0].startswith(f"mkdocs.yml:{line}: extra.moved: ")
    assert says.format("en") in told[0]
    assert {text.replace("docs/it", "docs/en") for text in told} == set(told[:1])


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ("    old.md: new/page.md#kep\n", "'old.md' leads to no section: new/page.md has no id 'kep'; did you mean kept?"),
        ("    new/page.md#kept: new/other.md\n", "'new/page.md#kept' still stands on that page"),
    ],
)
def test_a_section_that_is_not_there_or_still_there_is_told(tmp_path: Path, moves: str, says: str) -> None:
    said = refused(make(tmp_path / "project", moves))
    assert says in said
    assert "mkdocs.yml:" in said


def test_an_edition_may_say_more_of_its_own(tmp_path: Path) -> None:
    project = make(tmp_path / "project", "    old.md: new/page.md\n", italian="    vecchia.md: nessuna.md")
    result = run(project, "microsite", "build")
    assert "mkdocs.it.yml:" in result.stdout
    assert "'vecchia.md' leads nowhere: docs/it has no page 'nessuna.md'" in result.stdout
