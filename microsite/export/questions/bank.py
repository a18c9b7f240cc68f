"""The bank as every format needs it: sets of questions, told in one language, with answers in an order that gives nothing away."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from microsite import sums
from microsite.edition import Edition
from microsite.export.tables import ExportError
from microsite.model import Question
from microsite.settings import LICENCE, site_name

ALL = "all"
"""The set that holds the whole bank."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML, and so half of the formats, cannot hold."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose. `key` is its place in the bank, from 1, and stays when the answers are shown in another order."""

    key: int
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Part:
    """A pair to match (`partner`) or a step to order. `key` is its place in the bank, from 1; for a step that is the right place."""

    key: int
    text: str
    partner: str
    why: str


class Item:
    """A question as an edition tells it: every text on one line and filled with its numbers."""

    def __init__(self, edition: Edition, question: Question) -> None:
        self.edition = edition
        self.question = question
        self.id = question.id
        self.type = question.type
        self.words: Mapping[str, str] = edition.words["question"]
        self._numbers = sums.numbers(edition.facts.records, question.numbers)

    def text(self, text: Mapping[str, str]) -> str:
        filled = sums.PLACE.sub(lambda place: self.edition.quantity(self._numbers[place[1]], False), self.edition.text(text))
        if unfit := _UNFIT.search(filled):
            raise ExportError(f"data/questions.yml: {self.id}: the text “{filled[:40]}” has a control character (U+{ord(unfit[0]):04X}); take it out")
        return re.sub(r"[ \t\r\n]+", " ", filled).strip(" ")

    @functools.cached_property
    def stem(self) -> str:
        """The question, without the note that says in which unit to answer."""
        return self.text(self.question.stem)

    @functools.cached_property
    def asked(self) -> str:
        """The question, and in which unit to answer it."""
        return f"{self.stem} ({self.words['with_unit'].format(self.unit)})" if self.unit else self.stem

    @functools.cached_property
    def feedback(self) -> str:
        """What everybody should take away."""
        return self.text(self.question.feedback)

    @functools.cached_property
    def choices(self) -> tuple[Choice, ...]:
        made = [Choice(key, self.text(o.text), o.correct, self.text(o.why)) for key, o in enumerate(self.question.options, 1)]
        return tuple(made if self.type == "truefalse" else (made[place] for place in shuffled(self.id, len(made))))

    @functools.cached_property
    def parts(self) -> tuple[Part, ...]:
        """Pairs as in the bank; steps in another order than the right one."""
        pairs, steps = self.question.pairs, self.question.steps
        made = [Part(key, self.text(p.left), self.text(p.right), self.text(p.why)) for key, p in enumerate(pairs, 1)]
        made += [Part(key, self.text(s.text), "", self.text(s.why)) for key, s in enumerate(steps, 1)]
        if not steps:
            return tuple(made)
        order = shuffled(self.id, len(made))
        if order == sorted(order):
            order = [*order[1:], order[0]]
        return tuple(made[place] for place in order)

    @functools.cached_property
    def is_true(self) -> bool:
        """Of a true or false question: whether its statement is true."""
        wanted = [self.edition.words["question_files"][name] for name in ("yes", "no")]
        found = [self.text(option.text) for option in self.question.options]
        if found != wanted:
            raise ExportError(
                f"data/questions.yml: {self.id}: the options of a truefalse question are “{'” and “'.join(wanted)}”, in that order; "
                f"here they are “{'” and “'.join(found)}”"
            )
        return self.question.options[0].correct

    @functools.cached_property
    def accepted(self) -> tuple[str, ...]:
        """Of a short question: the answers that count as right, each once."""
        made = tuple(dict.fromkeys(self.text(answer) for answer in self.question.accepted))
        for answer in made:
            for sign in ("*", "->", "|"):
                if sign in answer:
                    raise ExportError(f"data/questions.yml: {self.id}: accepted: “{answer}” holds “{sign}”, which means something else to a format; leave it out")
        return made

    @property
    def unit(self) -> str:
        """The unit of a numeric answer, in words; empty for any other question."""
        return self.edition.text(self.edition.facts["units"][self.question.unit].plural) if self.question.unit else ""

    @property
    def number(self) -> int | float | None:
        """The right answer of a numeric question."""
        return self._numbers[self.question.answer].shown if self.question.answer else None

    @property
    def bounds(self) -> tuple[int | float, int | float]:
        """The least and the greatest number that count as right."""
        assert self.question.answer is not None
        right, off = self._numbers[self.question.answer].value, Fraction(str(self.question.tolerance))
        low, high = (sums.Number(right + sign * off, None).shown for sign in (-1, 1))
        return low, high

    @property
    def answer(self) -> str:
        """The right answer of a numeric question in words, with its unit."""
        assert self.question.answer is not None
        return self.edition.quantity(self._numbers[self.question.answer], True, self.question.unit)

    @functools.cached_property
    def reasons(self) -> tuple[str, ...]:
        """For matching and ordering: each right answer with its reason, for formats that have no place for a reason of each."""
        if self.type == "match":
            return tuple(f"{part.text} – {part.partner.rstrip('.')}. {part.why}" for part in self.parts)
        return tuple(f"{part.key}. {part.text.rstrip('.')}. {part.why}" for part in sorted(self.parts, key=lambda part: part.key))

    @functools.cached_property
    def whole_feedback(self) -> tuple[str, ...]:
        """The general feedback, and the reasons that have no place of their own."""
        return (*self.reasons, self.feedback) if self.parts else (self.feedback,)

    @property
    def tags(self) -> tuple[str, ...]:
        """What to find it by: lesson, principles, level and misconception, by their ids."""
        q = self.question
        return tuple(tag for tag in (q.lesson, *q.principles, q.level, q.misconception) if tag)

    @property
    def home(self) -> str:
        """The set that it belongs to first: its lesson, or its first principle."""
        return self.question.lesson or self.question.principles[0]


@dataclass(frozen=True)
class Set:
    """Questions that go together, under the id of a lesson or principle, or all of them."""

    id: str
    edition: Edition
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        """The name of the set for a reader."""
        kind = next((kind for kind in ("lessons", "principles") if self.id in self.edition.facts[kind]), None)
        return self.edition.name(kind, self.id) if kind else self.edition.words["question_files"]["all"]

    @property
    def categories(self) -> list[tuple[str, list[Item]]]:
        """The set by categories of a question bank: one each lesson or principle in the whole, else one."""
        groups: dict[str, list[Item]] = {}
        for item in self.items:
            groups.setdefault(item.home if self.id == ALL else self.id, []).append(item)
        language = self.edition.facts["languages"][self.edition.language].name
        return [(f"$course$/top/{site_name()}/{language}/{group}", items) for group, items in groups.items()]

    @property
    def about(self) -> str:
        """A line for the head of a file: what it is, of which day, under which licence."""
        day = max(item.question.updated for item in self.items)
        return f"{site_name()} – {self.title} ({self.id}, {self.edition.language}, {day}). {LICENCE['name']}"


def sets(edition: Edition) -> list[Set]:
    """The whole bank, each lesson and each principle, as far as there are questions."""
    everything = [Item(edition, question) for question in edition.facts["questions"].values()]
    lessons = sorted(edition.facts["lessons"].values(), key=lambda lesson: lesson.number)
    found = [Set(ALL, edition, tuple(everything))]
    found += [Set(lesson.id, edition, tuple(i for i in everything if i.question.lesson == lesson.id)) for lesson in lessons]
    found += [Set(name, edition, tuple(i for i in everything if name in i.question.principles)) for name in edition.facts["principles"]]
    return [one for one in found if one.items]


def shuffled(question_id: str, count: int) -> list[int]:
    """The numbers below `count` in an order that looks like chance and is always the same for a question."""
    return sorted(range(count), key=lambda place: hashlib.sha256(f"{question_id}/{place}".encode()).digest())
