"""Forms that offer what the build makes for a class to take along."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from microsite.edition import Page
from microsite.export import questions
from microsite.export.questions.bank import Set, sets
from microsite.forms.blocks import block


@dataclass(frozen=True)
class Offer:
    """A set of questions with its files, as (ending, path)."""

    set: Set
    files: tuple[tuple[str, str], ...]


def question_downloads(page: Page) -> Markup:
    """Every file of questions in this edition's language with its type and size: the whole bank, each lesson, each principle."""
    edition = page.edition

    def offer(one: Set) -> Offer:
        return Offer(one, tuple((format.ENDING, questions.path(edition.language, one.id, format.ENDING)) for format in questions.formats(one)))

    everything = edition.kept(question_downloads, lambda: [offer(one) for one in sets(edition)])
    groups = {
        name: [one for one in everything if one.set.id in edition.facts[kind]]
        for name, kind in (("of_lessons", "lessons"), ("of_principles", "principles"))
    }
    return block(page.render("question-downloads", whole=everything[0], groups=groups))
