"""The book as one page to print or to save as PDF: `downloads/print-<language>.html`, with contents, each chapter on a fresh sheet."""

from __future__ import annotations

from markupsafe import Markup

from microsite.edition import Edition
from microsite.export import book, markup, paper
from microsite.settings import site_name, site_url


def path(edition: Edition) -> str:
    """Where it stands below the site's root."""
    return f"downloads/print-{edition.language}.html"


def files(edition: Edition) -> dict[str, bytes]:
    """The page; none while the edition has no chapter."""
    made = book.chapters(edition)
    if not made:
        return {}
    names = {chapter.name for chapter in made}
    for chapter in made:
        _own_ids(chapter, names)
        markup.remove(chapter.tree, lambda e: "used-for" in markup.classes(e))
        markup.demote(chapter.tree, 1)
    parts = [
        {"id": one.name, "title": one.title, "body": Markup(markup.write(one.tree)), "sections": one.sections, "opens": one.src.endswith("index.md")}
        for one in made
    ]  # fmt: skip
    text = paper.document(
        edition, "print.html", chapters=parts, css=paper.style("sheet", "print"), site_name=site_name(), address=site_url(),
        day=book.last_change(edition),
    )  # fmt: skip
    return {path(edition): text}


def _own_ids(chapter: book.Chapter, names: set[str]) -> None:
    """Give a chapter's ids its name in front, as all chapters stand on one page, and let links find them."""

    def own(name: str, within: str = chapter.name) -> str:
        return name if name == within else f"{within}--{name}"

    markup.rename_ids(chapter.tree, own)
    for link in chapter.tree.iter("a"):
        href = link.get("href", "")
        if href.startswith("#"):
            link.set("href", f"#{own(href[1:])}")
        elif book.is_inner(href, names):
            name, _, fragment = href.partition(":")
            link.set("href", f"#{own(fragment or name, name)}")
        elif (there := book.outside(href)) is not None:
            # From disk the rest of the site is beside this page.
            link.set("href", f"../{there}")
