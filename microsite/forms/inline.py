"""Forms inside a sentence: a figure, a year, a name, a term, a source. Each returns one piece of HTML on one line."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup, escape

from microsite import sums
from microsite.edition import Page
from microsite.load import near
from microsite.model import Figure, Observation, parse_date
from microsite.text import dates, numbers


_MARKDOWN = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_[]{}|~"})
_AT_BEGINNING = re.compile(r"[#+=:-]|[0-9](?=[0-9]*[.)])")
"""What makes a line a heading or a list."""


def as_text(html: str) -> Markup:
    """A piece of HTML in which Markdown finds no sign of its own, so that what is a text in the data is that text on the page."""
    return Markup(str(html).translate(_MARKDOWN))


def in_sentence(form: Callable[..., Markup]) -> Callable[..., Markup]:
    """Marks a form whose HTML stands within Markdown, which would read on in it."""

    @functools.wraps(form)
    def made(*args: Any, **kwargs: Any) -> Markup:
        html = as_text(form(*args, **kwargs))
        first = _AT_BEGINNING.match(html)
        return Markup(f"&#{ord(first[0])};{html[1:]}") if first else html

    return made


def observation(page: Page, figure: Figure, year: str | None, macro: str, source: str | None = None) -> Observation:
    """The observation of a series for a year (or the latest), from one source if several speak of that year."""
    try:
        return sums.observation(figure, year, source)
    except sums.SumError as error:
        raise page.fail(f"{macro}('{figure.id}', '{year}'): {error}") from None


@in_sentence
def figure(
    page: Page, figure_id: str, year: str | None = None, *, source: str | None = None, unit: bool = False, dated: bool = True, plain: bool = False
) -> Markup:
    """A figure in a sentence: certainty, value and year, linked to the home of its series (definition, sources, vintages).

    `unit` adds the unit's name (money and per cent always have it); `dated` shows the year; `plain` leaves out "about".
    """
    series = page.get("figures", figure_id, "figure")
    seen = observation(page, series, year, "figure", source)
    page.use("figures", series, [seen.source])
    shown = page.edition.value(seen, series.unit, with_unit=unit, hedged=not plain)
    value = Markup('<data value="{}">{}</data>').format(seen.value, shown)
    if dated:
        value += Markup(" ({})").format(_time(page, seen.year, page.edition.years(seen.year)))
    title = page.edition.text(series.title)
    return Markup('<a class="figure" href="{}" title="{}">{}</a>').format(page.href("figures", series.id), title, value)


def _computed(page: Page, ids: Sequence[str], years: Sequence[str | None], macro: str) -> list[tuple[Figure, Observation]]:
    found = []
    for figure_id, year in zip(ids, years, strict=True):
        series = page.get("figures", figure_id, macro)
        seen = observation(page, series, year, macro)
        page.use("figures", series, [seen.source])
        found.append((series, seen))
    return found


def _result(page: Page, shown: str, value: float, made_from: list[tuple[Figure, Observation]], how: str) -> Markup:
    parts = [f"{page.edition.text(series.title)}, {page.edition.years(seen.year)}" for series, seen in made_from]
    title = page.edition.words["computed"].format(how.format(*parts))
    href = page.href("figures", made_from[0][0].id)
    return Markup('<a class="figure computed" href="{}" title="{}"><data value="{:.6g}">{}</data></a>').format(href, title, value, shown)


@in_sentence
def share(page: Page, part: str, whole: str, year: str | None = None, *, whole_year: str | None = None, digits: int = 1) -> Markup:
    """What part of `whole` the figure `part` is, in per cent, computed from both at build time and rounded to `digits` decimals."""
    pair = _computed(page, (part, whole), (year, whole_year or year), "share")
    (one, top), (other, bottom) = pair
    if one.unit != other.unit and {one.unit, other.unit} - {"people", "members", "memberships", "jobs", "employees"}:
        raise page.fail(f"share('{part}', '{whole}'): {one.unit} cannot be a share of {other.unit}")
    value = float(Fraction(str(top.value)) / Fraction(str(bottom.value)) * 100)
    shown = page.edition.words["amounts"]["per-cent"].format(number=numbers.number(round(value, digits), page.edition.locale))
    return _result(page, shown, value, pair, "{0} ÷ {1}")


@in_sentence
def growth(page: Page, figure_id: str, start: str, end: str, *, digits: int = 0) -> Markup:
    """By how many per cent a series changed between two of its years, computed; a minus sign says that it fell."""
    pair = _computed(page, (figure_id, figure_id), (end, start), "growth")
    value = float((Fraction(str(pair[0][1].value)) / Fraction(str(pair[1][1].value)) - 1) * 100)
    shown = page.edition.words["amounts"]["per-cent"].format(
        number=numbers.number(round(value, digits) if digits else round(value), page.edition.locale)
    )
    return _result(page, shown, value, pair, "{0} ÷ {1}")


@in_sentence
def ratio(page: Page, over: str, under: str, year: str | None = None, under_year: str | None = None, *, digits: int = 1) -> Markup:
    """How many times `under` goes into `over`, computed."""
    pair = _computed(page, (over, under), (year, under_year), "ratio")
    value = float(Fraction(str(pair[0][1].value)) / Fraction(str(pair[1][1].value)))
    return _result(page, numbers.number(round(value, digits), page.edition.locale), value, pair, "{0} ÷ {1}")


# --- dates -----------------------------------------------------------------------------------------------------------


def _time(page: Page, date: str, shown: str) -> Markup:
    machine = dates.machine(date)
    return Markup('<time datetime="{}">{}</time>').format(machine, shown) if machine else Markup('<span class="time">{}</span>').format(shown)


_DATED = (
    ("events", "date"), ("people", "born"), ("organisations", "founded"), ("cases", "date"), ("formulations", "date"),
    ("findings", "date"), ("exchanges", "date"), ("quotations", "date"), ("sources", "issued"),
)  # fmt: skip


def _dated(page: Page, record_id: str, macro: str, which: str | None) -> tuple[str, str]:
    kinds = [(kind, which or key) for kind, key in _DATED]
    known: list[str] = []
    for kind, key in kinds:
        record = page.edition.facts[kind].get(record_id)
        if record is not None and (date := getattr(record, key, None)):
            page.use(kind, record, getattr(record, "sources", ())[:1])
            return kind, date
        known += page.edition.facts[kind]
    raise page.fail(f"{macro}('{record_id}'): nothing dated has this id{near(record_id, known)}")


@in_sentence
def year(page: Page, record_id: str, which: str | None = None) -> Markup:
    """The year (or years) of anything dated: an event, organisation (founded), case, source ..., linked to its place.

    `which` names another date of the record, such as "died" of a person.
    """
    kind, date = _dated(page, record_id, "year", which)
    start, end = parse_date(date)
    shown = page.edition.years(date)
    machine = str(start.year) if start and start == end and start.mark != "X" else None
    time = Markup('<time datetime="{}">{}</time>').format(machine, shown) if machine else Markup('<span class="time">{}</span>').format(shown)
    return page.link(kind, record_id, time, "when")


@in_sentence
def date(page: Page, record_id: str, which: str | None = None) -> Markup:
    """The date of anything dated as exactly as it is known: 21 December 1844."""
    kind, found = _dated(page, record_id, "date", which)
    return page.link(kind, record_id, _time(page, found, page.edition.date(found)), "when")


def day(page: Page, date: str) -> Markup:
    """A day that the page itself speaks of, such as that of a test, given as in the data: `day('2026-11-22')`."""
    return _time(page, date, page.edition.date(date))


# --- names -----------------------------------------------------------------------------------------------------------


def _named(page: Page, kind: str, record_id: str, words: str | None, css: str) -> Markup:
    record = page.get(kind, record_id, css)
    return page.link(kind, record.id, words or page.edition.name(kind, record.id), css)


@in_sentence
def person(page: Page, person_id: str, words: str | None = None, *, years: bool = False) -> Markup:
    """A person's name, linked to what is told of them; with `years`, those of birth and death."""
    link = _named(page, "people", person_id, words, "person")
    someone = page.edition.facts["people"][person_id]
    if not years or not (someone.born or someone.died):
        return link
    life = "–".join(page.edition.years(date) if date else "?" for date in (someone.born, someone.died))
    return link + Markup(' <span class="time">({})</span>').format(life)


@in_sentence
def organisation(page: Page, organisation_id: str, words: str | None = None) -> Markup:
    """An organisation's name, linked to its entry."""
    return _named(page, "organisations", organisation_id, words, "organisation")


@in_sentence
def event(page: Page, event_id: str, words: str | None = None) -> Markup:
    """An event's headline (or your words for it), linked to its place in the timeline."""
    return _named(page, "events", event_id, words, "event")


@in_sentence
def case(page: Page, case_id: str, words: str | None = None) -> Markup:
    """The name of a case, linked to its story."""
    record = page.get("cases", case_id, "case")
    return page.link("cases", case_id, words or record.name, "case")


@in_sentence
def finding(page: Page, finding_id: str, words: str | None = None) -> Markup:
    """A research finding's one-line result (or your words), linked to its text and caveats."""
    return _named(page, "findings", finding_id, words, "finding")


@in_sentence
def exchange(page: Page, exchange_id: str, words: str | None = None) -> Markup:
    """An exchange across borders, by its title, linked to its entry."""
    return _named(page, "exchanges", exchange_id, words, "exchange")


@in_sentence
def country(page: Page, country_id: str, words: str | None = None) -> Markup:
    """A country's name, linked to its profile."""
    return _named(page, "countries", country_id, words, "country")


@in_sentence
def principle(page: Page, principle_id: str, words: str | None = None) -> Markup:
    """A principle's official name (or your words for it), linked to its page and marked with its number."""
    record = page.get("principles", principle_id, "principle")
    return Markup('<a class="principle p{}" href="{}"{}>{}</a>').format(
        record.number, page.href("principles", record.id), page.foreign(f"principles/{record.id}.md"), words or page.edition.text(record.name)
    )


@in_sentence
def term(page: Page, term_id: str, words: str | None = None) -> Markup:
    """A word of the movement. At its first use on a page it is linked to the glossary; later it is plain text."""
    record = page.get("glossary", term_id, "term")
    shown = words or page.edition.text(record.term)
    if term_id in page.terms:
        return escape(shown)
    page.terms.add(term_id)
    return Markup('<a class="term" href="{}"{} title="{}">{}</a>').format(
        page.href("glossary", term_id), page.foreign("reference/glossary.md"), page.edition.text(record.definition), shown
    )


@in_sentence
def value(page: Page, value_id: str) -> Markup:
    """One of the ten values of the Statement, linked to what it means."""
    return _named(page, "values", value_id, None, "value")


@in_sentence
def see(page: Page, src: str, words: str) -> Markup:
    """A link to another page, in this edition or, while it has none, in the first: for editions that are not whole yet."""
    if not page.edition.is_anywhere(src):
        raise page.fail(f"see('{src}'): no edition has such a page")
    return Markup('<a href="{}"{}>{}</a>').format(page.to(src), page.foreign(src), words)


@in_sentence
def cite(page: Page, *source_ids: str, locator: str | None = None) -> Markup:
    """The numbers, on this page, of the sources that a sentence rests on; each leads to the list at the foot of the page."""
    if not source_ids:
        raise page.fail("cite(): name at least one source")
    marks = []
    for source_id in source_ids:
        record = page.get("sources", source_id, "cite")
        marks.append(
            Markup('<a href="#source-{}" title="{}">{}</a>').format(
                record.id, page.edition.name("sources", record.id) + (f", {locator}" if locator else ""), page.number_of(record.id)
            )
        )
    return Markup('<sup class="cite">{}</sup>').format(Markup(", ").join(marks))


@in_sentence
def work(page: Page, source_id: str, words: str | None = None) -> Markup:
    """The title of a source, such as a law or a report, linked to its entry in the list of sources."""
    record = page.get("sources", source_id, "work")
    tag = "span" if record.kind == "law" else "cite"
    title = Markup("<{0}>{1}</{0}>").format(Markup(tag), words or record.title)
    return page.link("sources", source_id, title, "work")
