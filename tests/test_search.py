"""The search finds a word however it is spelled, in both editions, from disk and from a server."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Visit
from mkdocs.commands.build import build
from mkdocs.config import load_config

SPELLINGS = ("cooperative", "co-operative", "coop", "co-op")

# A small site of its own, with the real settings and theme: what it says never changes.
SAMPLE = {
    "one.md": "A co-operative shop. Mondragón (Mondragon) and Hermann Schulze-Delitzsch.",
    "two.md": "A cooperative of 1,200,000 members; their members’ rights.",
    "three.md": "One co‑op, in Sønderjylland: Alphonse Desjardins lived in Lévis.",
    "four.md": "“Coops” are not post-operative. La mutualità dell’impresa, perché no?",
    "five.md": "Co-operation, without the other word.",
    "six.md": "A shop & nothing else.",
}
ALL_FOUR = {"one", "two", "three", "four"}


@pytest.fixture(scope="module", params=["en", "it"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home page of the sample, with the search of each edition in turn."""
    return make_sample(tmp_path_factory.mktemp("sample"), request.param, ROOT / "theme")


def make_sample(folder: Path, language: str, theme: Path) -> Path:
    docs = folder / "docs"
    docs.mkdir()
    for name, text in {"index.md": "Nothing.", **SAMPLE}.items():
        (docs / name).write_text(f"# Page\n\n{text}\n", "utf-8")
    (folder / "macros.py").write_text(
        "from pathlib import Path\n"
        "from microsite import search_index\n"
        "from microsite.edition import Edition\n"
        "from microsite.frame import frame\n"
        "def define_env(env):\n"
        f"    env.conf['extra'] |= frame(Edition('{language}')) | {{'linked': {{}}}}\n"
        "def on_post_build(env):\n"
        f"    search_index.write(Path(env.conf['site_dir']), env.conf['nav'], '{language}', env.conf['extra']['search'])\n"
    )
    settings = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(docs),
        "nav": ["index.md", *SAMPLE],
        "theme": {"custom_dir": str(theme), "language": language},
        "extra_css": [],
        "watch": [],
    }
    (folder / "mkdocs.yml").write_text(json.dumps(settings))  # YAML reads JSON
    build(load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site")))
    return folder / "site" / "index.html"


def names(found: list[str]) -> set[str]:
    return {Path(address).stem for address in found}


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        *((spelling, ALL_FOUR) for spelling in (*SPELLINGS, "Co-operatives", "CO-OP", "coops", "“co-op”", "co-op.")),
        ("cooperat", {*ALL_FOUR, "five"}),
        ("co-operat", {*ALL_FOUR, "five"}),
        ("co-operation", {"five"}),
        ("schulze-delitzsch", {"one"}),
        ("delitzsch", {"one"}),
        ("mondragon", {"one"}),
        ("Mondragón", {"one"}),
        ("levis", {"three"}),
        ("LÉVIS", {"three"}),
        ("sonderjylland", {"three"}),
        ("mutualita", {"four"}),
        ("mutualità", {"four"}),
        ("impresa", {"four"}),
        ("dell'impresa", {"four"}),
        ("dell’impresa", {"four"}),
        ("operative", {"four"}),
        ("1,200,000", {"two"}),
        ("members", {"two"}),
        ("amp", set()),
        ("zzz", set()),
    ],
)
def test_a_word_finds_its_pages_from_disk(reader: Visit, words: str, pages: set[str]) -> None:
    assert names(reader.search(words)) == pages


@pytest.fixture(scope="module")
def reader(sample: Path, browser) -> Visit:
    context = browser.new_context(offline=True)
    visit = Visit(context)
    visit.open(sample)
    yield visit
    assert (visit.outside, visit.complaints) == ([], [])
    context.close()


def test_what_is_shown_is_as_written_and_the_word_is_marked(reader: Visit) -> None:
    reader.search("coop")
    shown = reader.page.locator(".md-search-result__list").inner_html()
    for marked in ("A <mark>co-operative</mark> shop", "One <mark>co‑op</mark>, in", "“<mark>Coops</mark>” are"):
        assert marked in shown
    reader.search("levis")
    assert "<mark>Lévis</mark>" in reader.page.locator(".md-search-result__list").inner_html()


def test_the_check_sees_a_search_that_takes_spellings_apart(tmp_path: Path, browser) -> None:
    """The theme as it comes: without our worker the four spellings find different pages."""
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    dialog = theme / "partials/search.html"
    ours, theirs = '"assets/javascripts/workers/words.js" | url }}?{{', '"assets/javascripts/workers/" | url }}/{{'
    assert ours in dialog.read_text("utf-8")
    dialog.write_text(dialog.read_text("utf-8").replace(ours, theirs), "utf-8")
    visit = Visit(browser.new_context(offline=True))
    visit.open(make_sample(tmp_path, "en", theme))
    assert len({frozenset(names(visit.search(spelling))) for spelling in SPELLINGS}) > 1
    assert names(visit.search("sonderjylland")) == set()
    visit.page.context.close()


@pytest.mark.parametrize("edition", ["", "it/"])
@pytest.mark.parametrize("place", ["disk", "server"])
def test_the_spellings_find_the_same_pages_of_the_site(
    site: Path, served: str, visit: Callable[..., Visit], edition: str, place: str
) -> None:
    reader = visit(offline=place == "disk")
    reader.open(site / edition / "index.html" if place == "disk" else f"{served}{edition}index.html")
    found = [reader.search(spelling) for spelling in SPELLINGS]
    assert found[0]
    assert all(pages == found[0] for pages in found)
    assert (reader.outside, reader.complaints) == ([], [])
