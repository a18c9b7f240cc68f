"""Questions on the page, in a real browser from disk: native fields, the result in words, every reason at once; a fold without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page

from microsite.edition import words

LESSONS = [f"lessons/l0{number}.html" for number in range(1, 9)]
RIGHT, WRONG = words("en")["question"]["all_right"], words("en")["question"]["not_right"]

ANSWER = """(question, right) => {
  const type = question.dataset.type
  const set = (field, value) => { field.value = value; field.dispatchEvent(new Event("change", { bubbles: true })) }
  if (["single", "multiple", "truefalse"].includes(type)) {
    const inputs = [...question.querySelectorAll("form input")]
    if (right) inputs.filter(input => "correct" in input.dataset).forEach(input => { input.checked = true })
    else inputs.find(input => !("correct" in input.dataset)).checked = true
  } else if (type === "numeric") {
    const answer = Number(question.dataset.answer) + (right ? 0 : Number(question.dataset.tolerance) + 1)
    set(question.querySelector("form input"), answer.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 9 }))
  } else if (type === "short") {
    set(question.querySelector("form input"), right ? question.querySelector(".accepted li").textContent.toUpperCase() : "nothing of the kind")
  } else {
    const items = [...question.querySelectorAll(type === "match" ? ".pairs > li" : ".steps > li")]
    const selects = [...question.querySelectorAll("form select")]
    selects.forEach((select, place) => {
      const label = select.labels[0].textContent
      const item = items.find(one => one.textContent === label)
      set(select, type === "match" ? String(items.indexOf(item)) : item.dataset.place)
    })
    if (!right) {
      const kept = selects[0].value
      set(selects[0], selects[1].value)
      set(selects[1], kept)
    }
  }
}"""
"""Fills a question's fields rightly or wrongly, from what the page itself says is right."""


def answered(question: Locator, right: bool) -> str:
    """The result that the page gives."""
    question.evaluate(ANSWER, right)
    question.locator("button").click()
    return question.locator(".result").inner_text()


def each(page: Page) -> list[Locator]:
    found = page.locator(".question").all()
    for question in found:
        question.locator("form").wait_for()  # they come one after the other
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_question_judges_right_and_wrong(site: Path, visit: Callable[..., Visit], lesson: str) -> None:
    reader = visit()
    page = reader.open(site / lesson)
    questions = each(page)
    assert len(questions) >= 7
    for question in questions:
        name = question.get_attribute("id")
        assert not question.locator("details.answer").is_visible(), f"{name}: the answer shows before it is asked for"
        assert answered(question, right=False) == WRONG, name
        assert question.locator(".feedback").is_visible(), f"{name}: the reasons are not there at once"
        question.locator("button").click()
        assert not question.locator("details.answer").is_visible(), f"{name}: the answer stays for another try"
        assert answered(question, right=True) == RIGHT, name
    assert (reader.outside, reader.complaints) == ([], [])


def test_an_empty_answer_is_asked_for_again(site: Path, visit: Callable[..., Visit]) -> None:
    question = each(visit().open(site / LESSONS[0]))[0]
    question.locator("button").click()
    assert question.locator(".result").inner_text() == words("en")["question"]["choose"]
    assert not question.locator("details.answer").is_visible()


def test_a_question_can_be_answered_by_keyboard_alone(site: Path, visit: Callable[..., Visit]) -> None:
    page = visit().open(site / LESSONS[0])
    question = next(q for q in each(page) if q.get_attribute("data-type") == "single")
    question.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert question.locator(".result").inner_text() in (RIGHT, WRONG)


def test_without_scripts_the_answer_is_in_a_fold(site: Path, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).open(site / LESSONS[0])
    for question in page.locator(".question").all():
        assert question.locator(".stem").is_visible()
        fold = question.locator("details.answer")
        assert fold.is_visible()
        assert not fold.locator(".feedback").is_visible()
        fold.locator("summary").click()
        assert fold.locator(".feedback").is_visible()


def test_the_check_sees_a_wrong_key(site: Path, visit: Callable[..., Visit]) -> None:
    """A page that calls a wrong option right is found out by its reasons: the check compares what it does, so spoil one and see."""
    page = visit().open(site / LESSONS[0])
    question = next(q for q in each(page) if q.get_attribute("data-type") == "single")
    question.evaluate("q => q.querySelectorAll('form input').forEach(input => 'correct' in input.dataset ? delete input.dataset.correct : input.dataset.correct = '')")
    assert answered(question, right=True) != RIGHT
