"""The Italian pages for pupils are easy to read: the Gulpease index of their running text, 100 for the easiest, is 50 or more on each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

LEAST = 50
ENOUGH = 60
"""Words that a text needs for the index to say anything."""
ASIDE = {"table", "figure", "form", "details", "svg", "nav", "aside", "dl", "script", "style", "template"}
NO_PUPILS = re.compile(r"reference/|figures/countries/(?!index)|lessons/l\d+-teacher|404")
"""Pages of reference and data lists, and those for teachers."""


@dataclass(frozen=True)
class Counted:
    """What the index is made of."""

    sentences: int
    words: int
    letters: int

    @property
    def gulpease(self) -> float:
        return 89 + (300 * self.sentences - 10 * self.letters) / self.words


def running(page: Element) -> Iterator[str]:
    """The paragraphs of a page's own text, and the points of its lists that are sentences: without headings, tables, drawings, quotations,
    folds, questions, names and sources."""
    body = next(e for e in page.iter("article") if "text" in e.attrib.get("class", "").split())

    def walk(element: Element) -> Iterator[str]:
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            # What the author wrote has no class; what the data give has one.
            if not name or name in ASIDE or name == "blockquote" or child.attrib.get("class"):
                continue
            if name == "p" or (name == "li" and child.find("p") is None):
                text = " ".join("".join(child.itertext()).split())
                if re.search(r"[.!?…][»”)]*$", re.sub(r"[\d,\s]+$", "", text)):
                    yield text
            elif name in ("ul", "ol", "li", "section", "div"):
                yield from walk(child)

    yield from walk(body)


def counted(texts: Iterator[str] | list[str]) -> Counted:
    sentences = count = letters = 0
    for text in texts:
        # A full stop within a number, or after a single letter, ends nothing.
        plain = re.sub(r"(?<=\d)[.,](?=\d)|(?<=\b\w)\.(?=\s?\w)", "", text)
        sentences += max(1, len(re.findall(r"[.!?…]+[»”)]*(?=\s|\d|$)", plain)))
        found = re.findall(r"[^\W_]+", plain)
        count += len(found)
        letters += sum(map(len, found))
    return Counted(sentences, count, letters)


def test_each_italian_page_for_pupils_is_easy_to_read(pages: dict[str, Element], record_property: Callable[..., None]) -> None:
    made = {
        name: one for name, page in pages.items()
        if name.startswith("it/") and not NO_PUPILS.search(name) and (one := counted(running(page))).words >= ENOUGH
    }  # fmt: skip
    assert len(made) >= 35
    mean = sum(one.gulpease for one in made.values()) / len(made)
    hardest = sorted(made.items(), key=lambda item: item[1].gulpease)[:5]
    record_property(
        "table",
        f"Gulpease of {len(made)} Italian pages for pupils: mean {mean:.1f}; hardest: " + ", ".join(f"{name} {one.gulpease:.1f}" for name, one in hardest),
    )
    assert {name: round(one.gulpease, 1) for name, one in made.items() if one.gulpease < LEAST} == {}


def test_the_index_is_the_published_one() -> None:
    assert counted(["La gatta va al lardo."]) == Counted(1, 5, 16)
    assert round(counted(["La gatta va al lardo."]).gulpease) == 117
    hard = "L’ordinamento cooperativistico internazionalmente riconosciuto presuppone l’indivisibilità intergenerazionale delle riserve patrimoniali complessivamente accantonate."
    assert counted([hard]).gulpease < LEAST
    assert counted(["Sono 1.200.000 soci. È vero? Sì; lo dice W. King."]).sentences == 3


def test_only_running_text_is_counted() -> None:
    page = html5lib.parse(
        '<article class="text"><h1>Titolo.</h1><p>Una frase.</p><ul><li>Nome</li><li>Un punto intero.</li></ul><table><tr><td>Cella.</table>'
        '<p class="sources">Fonte.</p><figure><p>Disegno.</p></figure><blockquote><p>Detto.</p></blockquote><div class="question"><p>Che?</p></div></article>',
        namespaceHTMLElements=False,
    )
    assert list(running(page)) == ["Una frase.", "Un punto intero."]
