"""The search of the Italian edition: accents, elisions and endings do not matter, and no result comes from the other edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Visit


@pytest.fixture(scope="module", params=["disk", "server"])
def place(request: pytest.FixtureRequest, site: Path, served: str) -> str:
    """Where the site's root is, ending in a slash."""
    return served if request.param == "server" else site.as_uri() + "/"


@pytest.fixture(scope="module")
def readers(place: str, browser) -> Iterator[Callable[[str], Visit]]:
    """A reader at the home page of an edition, by its root."""
    open_now: dict[str, Visit] = {}

    def reader(root: str) -> Visit:
        if root not in open_now:
            open_now[root] = Visit(browser.new_context(offline=place.startswith("file:")))
            open_now[root].open(f"{place}{root}index.html")
        return open_now[root]

    yield reader
    for visit in open_now.values():
        assert (visit.outside, visit.complaints) == ([], [])
        visit.page.context.close()


def found(reader: Visit, place: str, words: str) -> list[str]:
    pages = reader.search(words)
    assert all(page.startswith(place) for page in pages)
    return [page.removeprefix(place) for page in pages]


def told(reader: Visit) -> int:
    """How many pages the search says it has found; it shows the first thirty."""
    said = reader.page.locator("#search [role=status]").text_content() or ""
    return int("".join(filter(str.isdigit, said)) or said.startswith(("Una ", "One ")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mutualita", "mutualità"),
        ("MUTUALITÀ", "mutualità"),
        ("dell'impresa", "dell’impresa"),
        ("l'assemblea", "l’assemblea"),
        ("un'altra impresa", "un’altra impresa"),
        ("solidarieta", "solidarietà"),
        ("perche", "perché"),
        ("societa cooperativa", "società cooperativa"),
    ],
)
def test_accents_and_apostrophes_do_not_matter(readers: Callable[[str], Visit], place: str, one: str, other: str) -> None:
    reader = readers("it/")
    pages = found(reader, place, one)
    assert pages
    assert pages == found(reader, place, other)


@pytest.mark.parametrize(
    ("elided", "word"),
    [
        ("dell’impresa", "impresa"), ("dell'impresa", "impresa"), ("l’assemblea", "assemblea"), ("L'avanzo", "avanzo"), ("un’assicurazione", "assicurazione"),
        ("d’Italia", "Italia"), ("all’estero", "estero"), ("l’olio", "olio"), ("prezzo dell’affitto", "prezzo affitto"), ("«l’impresa»", "impresa"),
    ],
)  # fmt: skip
def test_an_elided_article_neither_hides_the_word_nor_adds_others(readers: Callable[[str], Visit], place: str, elided: str, word: str) -> None:
    reader = readers("it/")
    pages, count = found(reader, place, elided), told(reader)
    assert pages
    assert (pages, count) == (found(reader, place, word), told(reader))


@pytest.mark.parametrize(
    ("beginning", "inflected"),
    [
        ("cooperativ", ("cooperativa", "cooperative")),
        ("soci", ("socio", "sociale")),
        ("ristorn", ("ristorno", "ristorni")),
        ("latteri", ("latteria", "latterie")),
        ("mutualit", ("mutualità", "mutualita")),
        ("democratic", ("democratico", "democratica")),
    ],
)
def test_a_beginning_reaches_every_ending(readers: Callable[[str], Visit], place: str, beginning: str, inflected: tuple[str, ...]) -> None:
    reader = readers("it/")
    reached, count = set(found(reader, place, beginning)), told(reader)
    for word in inflected:
        pages = set(found(reader, place, word))
        assert 0 < told(reader) <= count
        # A list of thirty is cut there.
        assert pages <= reached or count > len(reached)


@pytest.mark.parametrize("words", ["Rochdale", "Mondragon", "impresa", "members", "soci", "enterprise", "Holyoake"])
def test_results_never_mix_editions(readers: Callable[[str], Visit], place: str, words: str) -> None:
    italian, english = found(readers("it/"), place, words), found(readers(""), place, words)
    assert italian or english
    assert all(page.startswith("it/") for page in italian)
    assert not any(page.startswith("it/") for page in english)
