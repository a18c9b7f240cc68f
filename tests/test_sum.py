"""The sum of members that a reader may redo: fixed at build, the same again in the browser, from disk and without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import Visit

import macros
from microsite.edition import Edition, Page, PageError
from microsite.forms import lists
from microsite.load import load

ADDRESS = "figures/how-many-co-operators.html"
ALSO = ("alliance-italy-members", "active-members-mauritius")
WITHOUT = ("members-canada", "members-kuwait")
"""As the page has them."""


def edition(language: str) -> Edition:
    made = Edition(language)
    made.bind(macros.WORDS)
    return made


@pytest.fixture(scope="module")
def lines() -> list[lists.Addend]:
    return lists.addends(Page(edition("en"), "figures/how-many-co-operators.md"), ALSO, WITHOUT)


# --- what is added ---------------------------------------------------------------------------------------------------


def test_every_country_is_added_once_with_its_newest_value(lines: list[lists.Addend]) -> None:
    areas = [line.figure.area for line in lines]
    assert len(areas) == len(set(areas)) >= 40
    for line in lines:
        assert line.figure.unit in ("members", "memberships"), line.figure.id
        assert not line.figure.id.startswith("ica-members"), line.figure.id
        assert line.seen == line.figure.observations[-1], line.figure.id
        assert line.figure.id not in WITHOUT


def test_each_value_stands_against_the_inhabitants_of_the_nearest_year(lines: list[lists.Addend]) -> None:
    figures = load()["figures"]
    for line in lines:
        population = figures[f"population-{line.figure.area}"]
        apart = abs(line.population.sort_key[0] - line.last)
        assert all(apart <= abs(o.sort_key[0] - line.last) for o in population.observations), line.figure.id
        assert apart <= 2, f"{line.figure.id}: no population within two years of {line.last}"


def test_the_page_says_what_is_true_of_the_sum(lines: list[lists.Addend]) -> None:
    """The sentences around the table, which no macro computes."""
    total = sum(line.seen.value for line in lines)
    ids = [line.figure.area for line in lines]
    assert "china" not in ids
    assert "norway" not in ids
    assert ids[0] == "united-states" and lines[0].old, "the largest line of all is an old one"
    assert sum(line.seen.value for line in lines[:3]) > total / 2, "the first three are most of the total"
    counted = load()["figures"]["memberships-world"].observations[-1].value
    assert 0.85 < total / counted < 1.15, "the total comes close to the report's"
    assert sum(line.seen.value > line.population.value for line in lines) == 3, "memberships outnumber inhabitants in three"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"without": ["members-atlantis"]}, "not in the sum anyway"),
        ({"also": ["members-atlantis"]}, "no record 'members-atlantis'"),
        ({"also": ["reporting-members-canada"]}, "canada would be counted twice"),
    ],
)
def test_a_series_that_does_not_fit_is_refused(given: dict, says: str) -> None:
    with pytest.raises(PageError, match=says):
        lists.sum_of_members(Page(edition("en"), "a.md"), **given)


@pytest.mark.parametrize(("language", "comma", "words"), [("en", ",", "memberships"), ("it", ".", "adesioni")])
def test_both_editions_have_it_in_their_own_numbers(lines: list[lists.Addend], language: str, comma: str, words: str) -> None:
    html = lists.sum_of_members(Page(edition(language), "figures/how-many-co-operators.md"), also=ALSO, without=WITHOUT)
    total = f"{sum(line.seen.value for line in lines):,}".replace(",", comma)
    assert f">{total}</data> {words}" in html


# --- on the page -----------------------------------------------------------------------------------------------------


def part(form: Element, name: str) -> Element:
    (found,) = (e for e in form.iter("data") if e.attrib.get("data-part") == name)
    return found


def test_the_fixed_total_is_the_sum_of_the_rows(pages: dict[str, Element]) -> None:
    (form,) = (e for e in pages[ADDRESS].iter("form") if e.attrib.get("class") == "sum")
    rows = [row for row in form.iter("tr") if "data-members" in row.attrib]
    shown = [int("".join(next(row.iter("a")).itertext()).split("–")[0].replace(",", "")) for row in rows]
    assert shown == [int(row.attrib["data-members"]) for row in rows]
    assert int(part(form, "total").attrib["value"]) == sum(shown)
    assert part(form, "total").text == f"{sum(shown):,}"
    assert part(form, "some").text == str(len(rows))
    inhabitants = sum(int(row.attrib["data-inhabitants"]) for row in rows)
    assert part(form, "rate").text == f"{sum(shown) / inhabitants * 100:.1f}"


def test_a_row_that_is_taken_out_is_taken_from_the_total(site: Path, visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.open(site / ADDRESS)
    form = page.locator("form.sum")
    status = form.get_by_role("status")
    rows = form.locator("tbody tr")
    fixed = status.inner_text()

    def sums(key: str, of: str = "tbody tr:has(input:checked)") -> int:
        return sum(map(int, form.locator(of).evaluate_all("(rows, key) => rows.map(row => row.dataset[key])", key)))

    def shown(name: str) -> str:
        return status.locator(f"[data-part={name}]").inner_text()

    whole = sums("members", "tbody tr")
    first = int(rows.first.get_attribute("data-members"))
    assert shown("total") == f"{whole:,}"
    rows.first.locator("label").click()
    assert shown("total") == f"{whole - first:,}"
    assert shown("some") == str(rows.count() - 1)
    assert shown("rate") == f"{sums('members') / sums('inhabitants') * 100:.1f}"
    rows.first.get_by_role("checkbox").check()
    assert status.inner_text() == fixed

    form.get_by_role("button", name="none").click()
    assert (shown("total"), shown("some"), shown("rate"), shown("years")) == ("0", "0", "–", "–")
    form.get_by_role("button", name="all but the old ones").click()
    assert shown("total") == f"{whole - sums('members', 'tr[data-old]'):,}"
    assert int(shown("some")) == rows.count() - form.locator("tr[data-old]").count() < rows.count()
    form.get_by_role("button", name="all", exact=True).click()
    assert status.inner_text() == fixed
    assert (reader.outside, reader.complaints) == ([], [])


def test_without_scripts_it_is_a_table_with_its_total(site: Path, visit: Callable[..., Visit]) -> None:
    form = visit(java_script_enabled=False).open(site / ADDRESS).locator("form.sum")
    assert form.locator("input:visible, button:visible").count() == 0
    assert form.get_by_role("row").count() > 40
    assert form.get_by_role("status").is_visible()
