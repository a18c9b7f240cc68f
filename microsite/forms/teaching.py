"""Forms of lessons: the head box, timings, questions with their reasons, accounts to compute with, what a teacher needs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest

from markupsafe import Markup

from microsite import sums
from microsite.edition import Page
from microsite.foreign import Foreign
from microsite.forms import inline, takeaway
from microsite.forms.blocks import block
from microsite.load import near
from microsite.model import Lesson, Pair, Question, Step

ASKED_HERE = 12
"""How many questions the page of a principle asks: more are too many for one sitting, and too much to load."""


def _lesson(page: Page, lesson_id: str, macro: str) -> Lesson:
    lesson: Lesson = page.get("lessons", lesson_id, macro)
    return lesson


# --- the lesson ------------------------------------------------------------------------------------------------------


def lesson_head(page: Page, lesson_id: str) -> Markup:
    """The box at the head of a lesson: its question, age, minutes, groups, principles, materials, downloads, how to link and cite."""
    lesson = _lesson(page, lesson_id, "lesson_head")
    files, link = takeaway.downloads(page, lesson_id), takeaway.link_this(page, lesson_id)
    return block(page.render("lesson-head", lesson=lesson, files=files.strip(), link=link.strip()))


def lessons_list(page: Page) -> Markup:
    """Every lesson with its question, kind, minutes, age and principles."""
    lessons = sorted(page.edition.facts["lessons"].values(), key=lambda lesson: lesson.number)
    for lesson in lessons:
        page.use("lessons", lesson)
    return block(page.render("lessons", lessons=lessons))


def objectives(page: Page, lesson_id: str) -> Markup:
    """What a pupil can do after the lesson."""
    return block(page.render("objectives", lesson=_lesson(page, lesson_id, "objectives")))


def step(page: Page, lesson_id: str, key: str) -> Markup:
    """A step's minutes and form of work, in a sentence: "10 minutes, in groups"."""
    lesson = _lesson(page, lesson_id, "step")
    found = next((s for s in lesson.steps if s.key == key), None)
    if found is None:
        known = [s.key for s in lesson.steps]
        raise page.fail(f"step('{lesson_id}', '{key}'): the lesson has no such step{near(key, known)} (steps: {', '.join(known)})")
    words = page.edition.words["lesson"]
    minutes = words["minutes"].format(found.minutes)
    return Markup('<span class="step"><time datetime="PT{}M">{}</time>, {}</span>').format(found.minutes, minutes, words["forms"][found.form])


def timing(page: Page, lesson_id: str) -> Markup:
    """The lesson's course as a table with minutes that add up, and what to leave out if there are only thirty."""
    lesson = _lesson(page, lesson_id, "timing")
    rows, passed = [], 0
    for one in lesson.steps:
        rows.append((passed, passed + one.minutes, one))
        passed += one.minutes
    short = sum(one.minutes for one in lesson.steps if not one.cut)
    return block(page.render("timing", lesson=lesson, rows=rows, short=short))


def curriculum(page: Page, lesson_id: str) -> Markup:
    """The lines of curricula and frameworks that an activity of the lesson meets."""
    lesson = _lesson(page, lesson_id, "curriculum")
    for line in (*lesson.curriculum, *lesson.competences):
        page.use("lessons", lesson, [line.source])
    return block(page.render("curriculum", lesson=lesson))


def words_of_lesson(page: Page, lesson_id: str) -> Markup:
    """The words of the lesson with their definitions."""
    lesson = _lesson(page, lesson_id, "words_of_lesson")
    return block(page.render("words-of-lesson", terms=[page.get("glossary", term, "words_of_lesson") for term in lesson.keywords]))


def for_teachers(page: Page, lesson_id: str) -> Markup:
    """The way to the teacher's page of a lesson."""
    return block(page.render("for-teachers", lesson=_lesson(page, lesson_id, "for_teachers")))


# --- accounts --------------------------------------------------------------------------------------------------------


def account(page: Page, account_id: str) -> Markup:
    """An account as a table; invented amounts are marked as such."""
    record = page.get("accounts", account_id, "account", told=True)
    lines = sums.account(page.edition.facts.records, record)
    for line in lines.values():
        for figure, source in line.figures:
            page.use("figures", page.edition.facts["figures"][figure], [source])
    return block(page.render("account", account=record, numbers=lines))


@inline.in_sentence
def number(page: Page, line: str, unit: bool = True) -> Markup:
    """One line of an account in a sentence, named `account-id.key`."""
    account_id, _, key = line.partition(".")
    record = page.get("accounts", account_id, "number")
    lines = sums.account(page.edition.facts.records, record)
    if key not in lines:
        raise page.fail(f"number('{line}'): the account has no such line{near(key, lines)} (lines: {', '.join(lines)})")
    found = lines[key]
    for figure, source in found.figures:
        page.use("figures", page.edition.facts["figures"][figure], [source])
    return Markup('<data value="{}">{}</data>').format(found.shown, page.edition.quantity(found, unit))


# --- questions -------------------------------------------------------------------------------------------------------


class Asked:
    """A question as a page of an edition shows it: its texts filled with its numbers. Where it is not answered, its reasons' sources are not needed."""

    def __init__(self, page: Page, question: Question, answered: bool = True) -> None:
        self.question = question
        self.edition = page.edition
        self.numbers = sums.numbers(page.edition.facts.records, question.numbers)
        page.use("questions", question, question.sources if answered else ())
        for found in self.numbers.values():
            for figure, source in found.figures:
                page.use("figures", page.edition.facts["figures"][figure], [source])

    def text(self, text: dict[str, str]) -> str:
        shown = self.edition.text(text)
        filled = sums.PLACE.sub(lambda place: self.edition.quantity(self.numbers[place[1]], False), shown)
        return Foreign(filled, shown.language) if isinstance(shown, Foreign) else filled

    def mixed(self, parts: Sequence[Pair] | Sequence[Step], name: str) -> list[Pair | Step]:
        """Things to match or to order as they stand before that is done: by the alphabet."""
        return sorted(parts, key=lambda part: self.text(getattr(part, name)).casefold())

    @property
    def answer(self) -> sums.Number | None:
        """The answer of a numeric question."""
        return self.numbers[self.question.answer] if self.question.answer else None

    @property
    def bounds(self) -> tuple[str, str]:
        """The least and the greatest answer that count as right, in words."""
        assert self.answer is not None and self.question.tolerance is not None
        off = Fraction(str(self.question.tolerance))
        low, high = (sums.Number(self.answer.value + sign * off, None) for sign in (-1, 1))
        return self.edition.quantity(low, False), self.edition.quantity(high, False)


def question(page: Page, question_id: str) -> Markup:
    """One question with its answer and reasons in a fold; a script makes it one to answer on the page."""
    record = page.get("questions", question_id, "question")
    return block(page.render("question", asked=Asked(page, record), number=None, again=False))


def quiz_of(page: Page, lesson_id: str, predict: bool = True) -> list[Question]:
    """The questions of a lesson in the order of the bank, after them the one repeated from an earlier lesson."""
    lesson = _lesson(page, lesson_id, "check_yourself")
    own = [q for q in page.edition.facts["questions"].values() if q.lesson == lesson_id]
    if not own:
        raise page.fail(f"check_yourself('{lesson_id}'): no question in data/questions.yml names this lesson")
    return own + ([page.edition.facts["questions"][lesson.repeats]] if lesson.repeats else [])


def check_yourself(page: Page, lesson_id: str) -> Markup:
    """The lesson's questions but those asked on the page already; the repeated one is marked."""
    asked = [q for q in quiz_of(page, lesson_id) if ("questions", q.id) not in page.used]
    lesson = page.edition.facts["lessons"][lesson_id]
    return Markup().join(
        block(page.render("question", asked=Asked(page, q), number=place, again=q.id == lesson.repeats)) for place, q in enumerate(asked, 1)
    )


def questions_on(page: Page, principle_id: str) -> Markup:
    """The bank's questions about a principle: those of no lesson, and some from as many lessons as there are; of the others the wording and the
    way to their lesson."""
    page.get("principles", principle_id, "questions_on")
    own = [q for q in page.edition.facts["questions"].values() if principle_id in q.principles]
    if not own:
        raise page.fail(f"questions_on('{principle_id}'): no question in data/questions.yml names this principle")
    here = [q for q in own if not q.lesson]  # they stand nowhere else
    chosen = own
    if len(own) > ASKED_HERE + 1:  # one alone needs no list
        chosen = sorted(here + spread([q for q in own if q.lesson], max(0, ASKED_HERE - len(here))), key=own.index)
    asked = [block(page.render("question", asked=Asked(page, q), number=place, again=False)) for place, q in enumerate(chosen, 1)]
    others = [Asked(page, q, answered=False) for q in own if q not in chosen]
    more = [block(page.render("more-questions", others=others))] if others else []
    return Markup().join([*asked, *more])


def spread(questions: Sequence[Question], most: int) -> list[Question]:
    """At most so many of the questions, in their order: the first of each lesson, then the second of each, and so on."""
    by_lesson = {lesson: [q for q in questions if q.lesson == lesson] for lesson in dict.fromkeys(q.lesson for q in questions)}
    in_turn = [q for turn in zip_longest(*by_lesson.values()) for q in turn if q]
    return sorted(in_turn[:most], key=questions.index)


def answers(page: Page, lesson_id: str) -> Markup:
    """Every question of the lesson with the right answer and the reasons, for the teacher."""
    asked = [Asked(page, q) for q in quiz_of(page, lesson_id)]
    return block(page.render("answers", asked=asked))
