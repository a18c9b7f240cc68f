"""Forms that offer files made of the pages: packs of lessons, the e-book, the page to print; and how to link to a lesson."""

from __future__ import annotations

from markupsafe import Markup

from microsite.edition import Page
from microsite.export import downloads as made
from microsite.export import packs, release
from microsite.export.packs import Offer
from microsite.forms.blocks import block
from microsite.model import Lesson


def downloads(page: Page, lesson_id: str | None = None) -> Markup:
    """The packs of a lesson; without one, what there is of the whole edition: e-book, page to print, packs of all lessons."""
    if lesson_id is None:
        return block(page.render("downloads", files=made.offers(page.edition)))
    lesson: Lesson = page.get("lessons", lesson_id, "downloads")
    return block(page.render("downloads", files=packs.offers(page.edition, lesson)))


def offline_copy(page: Page) -> Markup:
    """The packed copy of the whole edition. The build makes it last, of the finished pages, and then says here how large it is."""
    return block(page.render("downloads", files=[Offer(release.path(page.edition), page.edition.words["packed"]["title"], "ZIP")]))


def keep(page: Page) -> Markup:
    """The buttons that keep the edition on a reader's device, where a host serves it."""
    return block(page.render("keep", own=f"{page.edition.root}/" if page.edition.root else ""))


def link_this(page: Page, lesson_id: str) -> Markup:
    """A lesson's permanent address, as words and as a QR code, with its citation and licence."""
    lesson: Lesson = page.get("lessons", lesson_id, "link_this")
    address = packs.address(page.edition, lesson)
    return block(
        page.render("link-this", address=address, qr=packs.qr(address), citation=packs.citation(page.edition, lesson))
    )
