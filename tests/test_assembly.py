"""The counter of the assembly lesson: the same vote by heads, by shares and by use, at build and in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import Visit

import macros
from microsite.edition import Edition, Page, PageError
from microsite.forms import assembly


def page(language: str = "en") -> Page:
    made = Edition(language)
    made.bind(macros.WORDS)
    return Page(made, "lessons/l04.md")


@pytest.mark.parametrize(
    ("yes", "passed"),
    [
        (["oskar", "greta"], [False, True, False]),
        (["nadia", "lucia"], [False, False, True]),
        (["lucia", "samuel", "mei", "tomas", "aisha"], [True, False, True]),
    ],
)
def test_the_result_depends_on_the_way_of_counting_as_the_teacher_page_says(yes: list[str], passed: list[bool]) -> None:
    members = assembly.voters(page(), "l04")
    no = [member.key for member in members if member.key not in yes]
    assert [count.passed for count in assembly.counts(members, yes, no)] == passed


def test_a_tie_and_a_vote_of_nobody_pass_nothing() -> None:
    members = assembly.voters(page(), "l04")
    keys = [member.key for member in members]
    heads, _, _ = assembly.counts(members, keys[:4], keys[4:])
    assert (heads.yes, heads.no, heads.passed) == (4, 4, False)
    assert not any(count.passed for count in assembly.counts(members, [], []))
    assert [count.all for count in assembly.counts(members, [], [])] == [len(keys), Fraction(100), Fraction(24000)]


def test_every_division_gives_out_the_whole_sum_in_both_editions() -> None:
    for language, amount in (("en", "€840"), ("it", "840 euro")):
        html = str(assembly.division(page(language), "l04")).replace("\u00a0", " ")
        assert amount in html
        assert html.count("<tr>") == 1 + 8


def test_a_division_by_money_paid_in_has_the_columns_of_its_worksheet() -> None:
    for language, names in (("en", ["by purchases", "by capital", "in equal parts"]), ("it", ["per acquisti", "per capitale", "in parti uguali"])):
        html = str(assembly.division(page(language), "l05"))
        assert re.findall(r'<th scope="col" class="num">(.*?)</th>', html) == names
        assert re.findall(r"\b(?:300|80|160)\b", html.partition("Aisha")[2])[:3] == ["300", "80", "160"]


def test_a_member_that_is_not_there_is_refused() -> None:
    with pytest.raises(PageError, match="did you mean nadia"):
        assembly.assembly(page(), "l04", ["nadja"])


def test_a_vote_chosen_on_the_page_is_counted_three_ways_from_disk(site: Path, visit: Callable[..., Visit]) -> None:
    reader = visit()
    opened = reader.open(site / "lessons/l04.html")
    form = opened.locator("form.assembly")
    assert "Nobody" in form.get_by_role("status").inner_text()
    for key in ("nadia", "oskar", "lucia", "samuel", "mei", "tomas", "aisha", "greta"):
        form.locator(f"select[name={key}]").select_option("yes" if key in ("nadia", "lucia") else "no")
    rows = form.locator("tr[data-way]")
    assert [row.locator(".outcome").inner_text() for row in rows.all()] == ["fails", "fails", "passes"]
    assert rows.last.locator("data").all_inner_texts() == ["12,400", "11,600", "24,000", "51.7"]
    assert "depends" in form.get_by_role("status").inner_text()
    form.get_by_role("button", name="Clear").click()
    assert "Nobody" in form.get_by_role("status").inner_text()
    assert (reader.outside, reader.complaints) == ([], [])
