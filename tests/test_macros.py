"""The words of a page, without a build: what each gives for what it is given, and how it refuses."""

from __future__ import annotations

import re

import html5lib
import pytest
from markupsafe import Markup

import macros
from microsite import places
from microsite.edition import Edition, Page, PageError, words
from microsite.forms import blocks, inline, lists
from microsite.load import load
from microsite.text import dates, numbers


@pytest.fixture(scope="module")
def english() -> Edition:
    edition = Edition("en")
    edition.bind(macros.WORDS)
    return edition


@pytest.fixture(scope="module")
def italian() -> Edition:
    edition = Edition("it")
    edition.bind(macros.WORDS)
    return edition


@pytest.fixture
def page(english) -> Page:
    return Page(english, "tradition/rochdale.md")


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ").split())


# --- numbers and dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "en", "it"),
    [
        (0, "0", "0"),
        (28, "28", "28"),
        (1204, "1,204", "1.204"),
        (724904821, "724,904,821", "724.904.821"),
        (800000000, "800 million", "800 milioni"),
        (1000000, "1 million", "1 milione"),
        (1200000000, "1.2 billion", "1,2 miliardi"),
        (11213000000, "11.213 billion", "11,213 miliardi"),
        (12345678, "12,345,678", "12.345.678"),
        (181.62, "181.62", "181,62"),
        (8.2, "8.2", "8,2"),
        (-3, "−3", "−3"),
    ],
)
def test_a_number_loses_nothing(value, en, it):
    assert numbers.number(value, "en_GB").replace("\u00a0", " ") == en
    assert numbers.number(value, "it_IT").replace("\u00a0", " ") == it


def test_a_range_is_written_with_a_dash(english):
    seen = english.facts["figures"]["rochdale-members"].observations[0].model_copy(update={"value": 40, "upper": 50})
    assert english.value(seen, "people", with_unit=False) == "40–50"


def test_pence_have_two_digits(english):
    seen = english.facts["figures"]["rochdale-sales"].observations[0].model_copy(update={"value": 44902.6})
    assert english.value(seen, "gbp") == "£44,902.60"


@pytest.mark.parametrize(
    ("unit", "value", "en", "it"),
    [
        ("gbp", 28, "£28", "28 sterline"),
        ("eur", 11213000000, "€11.213 billion", "11,213 miliardi di euro"),
        ("per-cent", 12, "12 per cent", "12 per cento"),
        ("people", 1, "1 person", "1 persona"),
        ("people", 28, "28 people", "28 persone"),
        ("people", 5000000, "5 million people", "5 milioni di persone"),
        ("people", 5000001, "5,000,001 people", "5.000.001 persone"),
    ],
)
def test_an_amount_has_its_unit(unit, value, en, it):
    for language, locale, expected in (("en", "en_GB", en), ("it", "it_IT", it)):
        shown = numbers.number(value, locale)
        counted = load()["units"][unit]
        name = (counted.name if value == 1 else counted.plural)[language]
        made = numbers.amount(shown, value, name, counted, locale, words(language)["amounts"])
        assert made.replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("date", "en", "it", "years", "machine"),
    [
        ("1844-12-21", "21 December 1844", "21 dicembre 1844", "1844", "1844-12-21"),
        ("1844-12", "December 1844", "dicembre 1844", "1844", "1844-12"),
        ("1844", "1844", "1844", "1844", "1844"),
        ("1850~", "about 1850", "1850 circa", "about 1850", None),
        ("196X", "1960s", "anni 1960", "1960s", None),
        ("1894/1923", "1894–1923", "1894–1923", "1894–1923", None),
        ("1956/..", "since 1956", "dal 1956", "since 1956", None),
        ("2018~/..", "since about 2018", "dal 2018 circa", "since about 2018", None),
        ("2009~/2010~", "about 2009–about 2010", "2009 circa–2010 circa", "about 2009–2010", None),
        ("2014-04-10/2014-04-16", "10 April 2014 – 16 April 2014", "10 aprile 2014 – 16 aprile 2014", "2014", None),
    ],
)
def test_a_date_in_words_and_for_machines(date, en, it, years, machine):
    assert dates.date(date, "en_GB", words("en")["dates"]) == en
    assert dates.date(date, "it_IT", words("it")["dates"]) == it
    assert dates.years(date, words("en")["dates"]) == years
    assert dates.machine(date) == machine


def test_both_languages_have_the_same_words():
    def tree(value):
        return {key: tree(item) for key, item in value.items()} if isinstance(value, dict) else None

    assert tree(words("en")) == tree(words("it"))


# --- in a sentence ---------------------------------------------------------------------------------------------------


def test_a_figure_shows_value_and_year_and_leads_to_its_series(page):
    series = page.edition.facts["figures"]["rochdale-members"]
    seen = next(o for o in series.observations if o.year == "1850")
    html = inline.figure(page, "rochdale-members", "1850")
    assert f'<data value="{seen.value}">' in html
    assert '<time datetime="1850">1850</time>' in html
    assert 'href="../figures/rochdale.html#rochdale-members"' in html
    assert seen.source in page.sources
    assert ("figures", "rochdale-members") in page.used


def test_a_figure_without_year_is_the_latest(page):
    latest = page.edition.facts["figures"]["rochdale-members"].observations[-1]
    assert f'<data value="{latest.value}">' in inline.figure(page, "rochdale-members")


def test_a_figure_says_how_certain_it_is(page):
    for series in page.edition.facts["figures"].values():
        for o in series.observations:
            if o.certainty == "at-least":
                assert plain(inline.figure(page, series.id, o.year, source=o.source)).startswith("at least ")
                assert not plain(inline.figure(page, series.id, o.year, source=o.source, plain=True)).startswith("at least ")
                return
    pytest.fail("no figure is 'at least'")


def test_the_italian_edition_writes_italian_and_links_to_english_pages_it_has_not(italian):
    html = inline.figure(Page(italian, "index.md"), "rochdale-sales", "1850")
    assert "sterline" in html
    if not italian.has_page("figures/rochdale.md"):
        assert 'href="../figures/rochdale.html#rochdale-sales"' in html


def test_a_share_is_computed_and_says_from_what(page):
    one, two = page.edition.facts["figures"]["rochdale-profit"].observations[-1], page.edition.facts["figures"]["rochdale-sales"].observations[-1]
    year = one.year
    two = next(o for o in page.edition.facts["figures"]["rochdale-sales"].observations if o.year == year)
    html = inline.share(page, "rochdale-profit", "rochdale-sales", year)
    assert plain(html) == f"{round(one.value / two.value * 100, 1):g} per cent"
    assert "Computed:" in html


def test_growth_and_ratio_are_computed(page):
    values = {o.year: o.value for o in page.edition.facts["figures"]["rochdale-members"].observations}
    assert plain(inline.growth(page, "rochdale-members", "1845", "1850")) == f"{round((values['1850'] / values['1845'] - 1) * 100):,} per cent"
    assert plain(inline.ratio(page, "rochdale-members", "rochdale-members", "1850", "1845")) == f"{round(values['1850'] / values['1845'], 1):g}"


def test_a_source_is_numbered_by_its_first_use(page):
    first, second = list(page.edition.facts["sources"])[:2]
    assert plain(inline.cite(page, first, second)) == "1, 2"
    assert plain(inline.cite(page, second)) == "2"
    assert f'href="#source-{second}"' in inline.cite(page, second)
    foot = blocks.sources_of_page(page)
    assert foot.index(f'id="source-{first}"') < foot.index(f'id="source-{second}"')


def test_a_term_is_linked_at_its_first_use_only(page):
    first, later = inline.term(page, "surplus"), inline.term(page, "surplus", "surpluses")
    assert 'href="../reference/glossary.html#surplus"' in first
    assert later == "surpluses"


def test_a_date_is_found_by_the_id_of_anything_dated(page):
    someone = next(p for p in page.edition.facts["people"].values() if p.born and p.died)
    assert str(dates.first_year(someone.born)) in inline.year(page, someone.id)
    assert str(dates.first_year(someone.died)) in inline.year(page, someone.id, "died")


def test_names_lead_to_their_places(page):
    assert 'href="people.html#robert-owen"' in inline.person(page, "robert-owen")
    assert "(1771–1858)" in plain(inline.person(page, "robert-owen", years=True))
    assert 'href="../principles/co-operation.html"' in inline.principle(page, "co-operation", "the sixth principle")
    assert 'href="../figures/countries/europe.html#italy"' in inline.country(page, "italy")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda p: inline.figure(p, "rochdale-membres"), "rochdale-members"),
        (lambda p: inline.figure(p, "rochdale-members", "1066"), "no such observation; it has 1844"),
        (lambda p: inline.cite(p, "no-such-source-at-all"), "data/sources.yml"),
        (lambda p: inline.cite(p), "name at least one source"),
        (lambda p: inline.year(p, "robert-owens"), "did you mean robert-owen"),
        (lambda p: inline.term(p, "surpluss"), "did you mean surplus"),
        (lambda p: inline.share(p, "rochdale-members", "rochdale-sales", "1850"), "cannot be a share of"),
        (lambda p: lists.timeline(p, continent="atlantis"), "'atlantis' is none of africa"),
        (lambda p: lists.timeline(p, area="no-such-area"), "no event is left"),
        (lambda p: lists.series_of(p, "members"), "no series of this topic has its home on this page"),
        (lambda p: blocks.comparison(p, "rochdale-members", years=["1066"], caption="c"), "no series has an observation for 1066"),
    ],
)
def test_what_cannot_be_given_is_refused_with_page_id_and_remedy(page, call, says):
    with pytest.raises(PageError) as caught:
        call(page)
    assert "tradition/rochdale.md: " in str(caught.value)
    assert says in str(caught.value)


def test_a_macro_called_wrongly_says_how(english):
    template = "{{ figure() }}"
    from jinja2 import Environment

    environment = Environment()
    environment.globals |= english.macros
    with pytest.raises(PageError, match=r"a\.md: figure\(\): missing a required argument"):
        environment.from_string(template).render(page=Page(english, "a.md"))


# --- on their own ----------------------------------------------------------------------------------------------------

CALLS = [
    lambda p: blocks.quote(p, "definition"),
    lambda p: blocks.statement(p, "co-operation"),
    lambda p: blocks.big_figure(p, "rochdale-members", "A message"),
    lambda p: blocks.series(p, "rochdale-members"),
    lambda p: blocks.vintages(p, "rochdale-members"),
    lambda p: blocks.comparison(p, "rochdale-members", "rochdale-sales", caption="A caption"),
    lambda p: blocks.related_figures(p, "rochdale-members"),
    lambda p: blocks.sources_of_page(p),
    lambda p: lists.timeline(p, filters=True),
    lambda p: lists.timeline(p, continent="africa"),
    lists.people_list, lists.organisations_list, lists.glossary_list, lists.misconceptions, lists.findings, lists.values_list,
    lists.principles_list, lists.principles_through_time, lists.sources_list,
    lambda p: lists.cases(p, filters=True),
    lambda p: lists.exchanges(p, filters=True),
    lambda p: lists.countries(Page(p.edition, "figures/countries/africa.md"), "africa"),
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_block_stands_on_its_own_in_both_languages(english, italian, call, language):
    page = Page({"en": english, "it": italian}[language], "tradition/rochdale.md")
    html = call(page)
    assert isinstance(html, Markup)
    assert html.startswith("\n\n")
    assert html.endswith("\n\n")
    assert len(plain(html)) > 20
    for chunk in re.split(r"\n\n+", html.strip()):
        opened = len(re.findall(r"<(?:div|article|figure|section|dl|ol|ul|table|form)\b", chunk))
        assert opened == len(re.findall(r"</(?:div|article|figure|section|dl|ol|ul|table|form)>", chunk))


def test_hostile_text_comes_out_as_text(english):
    """A text with markup, quotes and braces, wherever it is shown."""
    hostile = '<script>alert(1)</script>" onload="x" {{ 7 * 7 }} & \u202e'
    facts = english.facts
    figure = facts["figures"]["rochdale-members"]
    bad = figure.model_copy(update={"title": {"en": hostile, "it": hostile}, "definition": {"en": hostile, "it": hostile}})
    records = dict(facts.records) | {"figures": dict(facts["figures"]) | {"rochdale-members": bad}}
    edition = Edition("en", type(facts)(records, facts.mentions))
    edition.bind(macros.WORDS)
    page = Page(edition, "tradition/rochdale.md")
    for html in (inline.figure(page, "rochdale-members"), blocks.series(page, "rochdale-members"), blocks.big_figure(page, "rochdale-members", hostile)):
        read = list(html5lib.parse(str(html), namespaceHTMLElements=False).iter())
        assert not [e for e in read if e.tag == "script" or "onload" in e.attrib]
        assert "<script>" not in html


def test_each_kind_has_its_place(english):
    for kind, record in english.facts.all():
        if kind in ("languages", "units", "areas", "quotations", "accounts", "questions", "charts"):
            assert places.home(english.facts, kind, record.id) is None
        else:
            page, _ = places.home(english.facts, kind, record.id)
            assert page.endswith(".md")


def test_a_sign_of_a_family_is_drawn_and_an_unknown_one_refused(english):
    assert "<svg" in blocks.family_sign(Page(english, "a.md"), "credit")
    with pytest.raises(PageError, match=r"family_sign\('credits'\): no such family.*credit"):
        blocks.family_sign(Page(english, "a.md"), "credits")
