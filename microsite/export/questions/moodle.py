"""Moodle XML: all that GIFT says, and the reason of each answer, ids, tags and the penalty for another try."""

from __future__ import annotations

from xml.dom.minidom import Element

from microsite.export.questions.bank import Item, Set
from microsite.export.questions.gift import number
from microsite.export.questions.xml import add, new, paragraphs, written

ENDING = "moodle.xml"
TYPES = {
    "single": "multichoice", "multiple": "multichoice", "truefalse": "truefalse", "numeric": "numerical", "match": "matching", "order": "essay",
    "short": "shortanswer",
}  # fmt: skip
"""The type of a question here and in Moodle, which has no ordering in every version."""
PENALTY = "0.3333333"
"""A third, as Moodle itself writes it."""


def content(one: Set) -> bytes:
    document, quiz = new("quiz", f"{one.about}. {one.edition.words['question_files']['readable']}")
    for category, items in one.categories:
        add(add(add(quiz, "question", type="category"), "category"), "text", category)
        for item in items:
            _question(quiz, item)
    return written(document)


def _question(quiz: Element, item: Item) -> None:
    made = add(quiz, "question", type=TYPES[item.type])
    add(add(made, "name"), "text", item.id)
    asked = (item.asked, *(f"– {part.text}" for part in item.parts)) if item.type == "order" else (item.asked,)
    _html(made, "questiontext", *asked)
    _html(made, "generalfeedback", *item.whole_feedback)
    add(made, "defaultgrade", "1.0000000")
    # Of two answers the second try is always right: Moodle takes the whole mark.
    add(made, "penalty", "1.0000000" if item.type == "truefalse" else "0" if item.type == "order" else PENALTY)
    add(made, "hidden", 0)
    add(made, "idnumber", item.id)
    if item.type in ("single", "multiple"):
        add(made, "single", "true" if item.type == "single" else "false")
        add(made, "shuffleanswers", "true")
        add(made, "answernumbering", "abc")
        for choice in item.choices:
            count = sum(other.right is choice.right for other in item.choices)
            share = 100 / count if choice.right else 0 if item.type == "single" else -100 / count
            _answer(made, f"{share:.7g}", paragraphs(choice.text), choice.why)
    elif item.type == "truefalse":
        for choice, text in zip(item.choices, ("true", "false"), strict=True):
            _answer(made, "100" if choice.right else "0", text, choice.why, "moodle_auto_format")
        assert item.is_true is item.choices[0].right
    elif item.type == "numeric":
        right = _answer(made, "100", number(item.number), "", "moodle_auto_format")
        add(right, "tolerance", number(item.question.tolerance))
    elif item.type == "short":
        add(made, "usecase", 0)
        for answer in item.accepted:
            _answer(made, "100", answer, "", "moodle_auto_format")
    elif item.type == "match":
        add(made, "shuffleanswers", "true")
        for part in item.parts:
            pair = add(made, "subquestion", format="html")
            add(pair, "text", paragraphs(part.text), cdata=True)
            add(add(pair, "answer"), "text", part.partner)
    else:
        for name, value in (("responseformat", "editor"), ("responserequired", "1"), ("responsefieldlines", "10"), ("attachments", "0")):
            add(made, name, value)
        _html(made, "graderinfo", *item.reasons)
    tags = add(made, "tags")
    for tag in item.tags:
        add(add(tags, "tag"), "text", tag)


def _html(parent: Element, name: str, *texts: str) -> None:
    add(add(parent, name, format="html"), "text", paragraphs(*texts), cdata=True)


def _answer(parent: Element, fraction: str, text: str, why: str, format: str = "html") -> Element:
    made = add(parent, "answer", fraction=fraction, format=format)
    add(made, "text", text, cdata=format == "html")
    add(add(made, "feedback", format="html"), "text", paragraphs(why) if why else "", cdata=True)
    return made
