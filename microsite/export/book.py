"""The chapters of an edition as one book: tradition, principles, international mutuality, lessons, and the glossary they lead to.

Links among the chapters stay in the book; every other link leads to the published address. The answers of a chapter's questions stand at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from microsite.edition import Edition
from microsite.export import markup, package, packs, paper
from microsite.settings import site_url

PARTS = ("tradition/", "principles/", "international/", "lessons/", "reference/glossary.md")
"""What is in the book, by the beginning of its path."""
NARROW = "narrow"
"""The class of drawings made for small screens, each beside one for wide screens."""


@dataclass
class Chapter:
    """A page as a chapter: a name for its file and ids, its title, its text, and its sections as (id, title)."""

    src: str
    name: str
    title: str
    tree: Element

    @property
    def sections(self) -> list[tuple[str, str]]:
        return [(e.get("id", ""), markup.words(e)) for e in self.tree.iter("h2") if e.get("id")]


def pages(edition: Edition) -> list[str]:
    """The pages of the book in the order of the menu."""
    return [src for src in paper.menu(edition.language) if src.startswith(PARTS) and not src.endswith("-teacher.md") and edition.has_page(src)]


def last_change(edition: Edition) -> str:
    """The day of the book (ISO 8601): the last change of the data or of a lesson."""
    return max([package.last_change(edition.facts), *(lesson.versions[-1].date for lesson in packs.lessons(edition))])


def chapters(edition: Edition) -> list[Chapter]:
    """The chapters, with links of three kinds: `#id` within one, `name:id` to another (`name:` to its beginning), and full addresses."""
    made = [_chapter(edition, src) for src in pages(edition)]
    place = {_address(edition, chapter.src): chapter for chapter in made}
    ids = {chapter.name: {e.get("id") for e in chapter.tree.iter() if e.get("id")} for chapter in made}
    for chapter in made:
        for link in chapter.tree.iter("a"):
            href = link.get("href", "")
            whole, _, fragment = href.partition("#")
            target = chapter if not whole else place.get(whole)
            if target is None:
                continue
            if target is chapter:
                link.set("href", f"#{fragment if fragment in ids[chapter.name] else chapter.name}")
            else:
                link.set("href", f"{target.name}:{fragment if fragment in ids[target.name] else ''}")
    return made


def is_inner(href: str, names: set[str]) -> bool:
    """Whether a link leads to another chapter, as `name:id`."""
    return urlsplit(href).scheme != "https" and href.partition(":")[0] in names


def _address(edition: Edition, src: str) -> str:
    return edition.address(src)


def _chapter(edition: Edition, src: str) -> Chapter:
    sheet = paper.page(edition, src)
    name = src.removesuffix(".md").removesuffix("/index").replace("/", "-")
    tree = sheet.tree
    markup.remove(tree, lambda e: e.tag == "svg" and NARROW in markup.classes(e))
    heading = next(tree.iter("h1"))
    heading.set("id", name)
    _answers_last(tree, edition)
    paper.unfold(tree)
    # Ids that nothing may ever lead to from outside: numbered questions stand on several pages of the book, each with its own.
    return Chapter(src, name, sheet.title, tree)


def _answers_last(tree: Element, edition: Edition) -> None:
    """Move the answers behind the text, each with a link from its question and back."""
    words = edition.words["packs"]
    questions = [e for e in markup.by_class(tree, "question") if next(markup.by_class(e, "answer"), None) is not None]
    if not questions:
        return
    answers = Element("section", {"class": "answers-last"})
    SubElement(answers, "h2", {"id": "answers-last"}).text = words["questions_first"]
    for question in questions:
        answer = next(markup.by_class(question, "answer"))
        stem = next(markup.by_class(question, "stem"))
        own = question.get("id", "")
        one = SubElement(answers, "div", {"class": "answer", "id": f"answer-{own}"})
        back = SubElement(SubElement(one, "p", {"class": "stem"}), "a", {"href": f"#{own}"})
        back.text = markup.words(stem)
        one.extend(part for part in answer if part.tag != "summary")
        markup.remove(question, lambda e: bool({"answer", "accepted"} & markup.classes(e)))
        SubElement(SubElement(question, "p", {"class": "to-answer"}), "a", {"href": f"#answer-{own}"}).text = words["to_answer"]
    at = next((place for place, e in enumerate(tree) if e.tag == "h2" and e.get("id") == "sources"), len(tree))
    tree.insert(at, answers)


def palette() -> dict[str, str]:
    """The colours of drawings on paper, by the name that they have in style sheets."""
    import re

    root = re.search(r":root \{(.*?)\}", paper.style("sheet"), re.S)
    assert root
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", root[1]))


def outside(href: str) -> str | None:
    """The path below the site's root that a link leads to; None for other sites."""
    return href.removeprefix(site_url()) if href.startswith(site_url()) else None
