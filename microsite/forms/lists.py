"""Forms that draw all records of a kind, or those that a page asks for. The sources of each entry stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from markupsafe import Markup

from microsite import places
from microsite.edition import Page, grouped
from microsite.forms.blocks import block, heading, series
from microsite.model import CORRECTABLE, Continent, Family, Figure, Observation, parse_date
from microsite.text import dates, numbers
from microsite.text.collation import collated


def _all(page: Page, kind: str, keep: Callable[[Any], bool] = lambda record: True) -> list[Any]:
    chosen = [record for record in page.edition.facts[kind].values() if keep(record)]
    for record in chosen:
        page.use(kind, record)
    return chosen


def _one_of(page: Page, given: str | None, allowed: Sequence[str], what: str) -> None:
    if given is not None and given not in allowed:
        raise page.fail(f"{what} '{given}' is none of {', '.join(allowed)}")


def _by_date(records: Iterable[Any]) -> list[Any]:
    def key(record: Any) -> tuple[int, int, int]:
        start, end = parse_date(record.date)
        at = start or end
        assert at
        return at.year, at.month or 0, at.day or 0

    return sorted(records, key=key)


_CONTINENTS = Continent.__args__
_FAMILIES = Family.__args__


def timeline(
    page: Page, *, continent: str | None = None, family: str | None = None, principle: str | None = None, area: str | None = None,
    milestones: bool = False, filters: bool = False,
) -> Markup:  # fmt: skip
    """Events in order of time, all or those of a continent, family, principle, area, or the milestones; `filters` lets a reader choose."""
    _one_of(page, continent, _CONTINENTS, "timeline(): continent")
    _one_of(page, family, _FAMILIES, "timeline(): family")
    facts = page.edition.facts

    def keep(event: Any) -> bool:
        return (
            (continent is None or facts.continent(event.area) == continent)
            and (family is None or family in event.families)
            and (principle is None or principle in event.principles)
            and (area is None or area == event.area or getattr(facts.area(event.area), "part_of", None) == area)
            and (event.milestone or not milestones)
        )

    events = _by_date(_all(page, "events", keep))
    if not events:
        raise page.fail("timeline(): no event is left by these filters")
    centuries: dict[int, list[Any]] = {}
    for event in events:
        centuries.setdefault((dates.first_year(event.date) - 1) // 100 + 1, []).append(event)
    own_place = page.src == places.HOMES["events"] and filters
    return block(page.render("timeline", centuries=centuries, filters=filters, own_place=own_place, continents=_CONTINENTS, families=_FAMILIES))


def people_list(page: Page) -> Markup:
    """Every person, by day of birth."""
    people = sorted(_all(page, "people"), key=lambda p: (dates.first_year(p.born or p.died or "2000"), p.born or ""))
    return Markup().join(heading(3, p.name, p.id) + block(page.render("person", person=p, named=False)) for p in people)


def organisations_list(page: Page) -> Markup:
    """Every organisation with its figures, in alphabetical order."""
    chosen = sorted(_all(page, "organisations"), key=lambda o: collated(o.name))
    for organisation in chosen:
        for figure in page.edition.figures_of(organisation.id):
            page.use("figures", figure)
    return Markup().join(heading(3, o.name, o.id) + block(page.render("organisation", organisation=o, named=False)) for o in chosen)


def glossary_list(page: Page) -> Markup:
    """Every term with its definition, in the edition's alphabetical order."""
    terms = sorted(_all(page, "glossary"), key=lambda t: collated(page.edition.text(t.term)))
    return block(page.render("glossary", terms=terms))


def misconceptions(page: Page, principle: str | None = None) -> Markup:
    """The misconceptions, all or those about a principle."""
    chosen = _all(page, "misconceptions", lambda m: principle is None or principle in m.principles)
    if not chosen:
        raise page.fail(f"misconceptions(): none is about '{principle}'")
    own_place = page.src == places.HOMES["misconceptions"]
    return Markup().join(block(page.render("misconception", item=item, own_place=own_place)) for item in chosen)


def cases(page: Page, *, principle: str | None = None, outcome: str | None = None, family: str | None = None, filters: bool = False) -> Markup:
    """Stories of co-operatives put to the test, all or those of a principle, outcome or family, in order of time."""
    chosen = _by_date(
        _all(
            page, "cases",
            lambda c: (principle is None or principle in c.principles) and (outcome is None or c.outcome == outcome)
            and (family is None or family in c.families),
        )
    )  # fmt: skip
    if not chosen:
        raise page.fail("cases(): no case is left by these filters")
    own_place = page.src == places.HOMES["cases"]
    return block(page.render("cases", cases=chosen, filters=filters, own_place=own_place, families=_FAMILIES))


def findings(page: Page, topic: str | None = None) -> Markup:
    """Research findings and critics, all or those on a topic."""
    chosen = _all(page, "findings", lambda f: topic is None or f.topic == topic)
    if not chosen:
        raise page.fail(f"findings(): no finding on '{topic}'")
    own_place = page.src == places.HOMES["findings"]
    return Markup().join(block(page.render("finding", finding=finding, own_place=own_place)) for finding in chosen)


def exchanges(page: Page, *, area: str | None = None, kind: str | None = None, filters: bool = False) -> Markup:
    """Exchanges across borders, all or those from or to an area or of a kind."""
    chosen = _all(
        page, "exchanges", lambda e: (area is None or area in (*e.from_, *e.to)) and (kind is None or kind in e.kinds)
    )  # fmt: skip
    if not chosen:
        raise page.fail("exchanges(): no exchange is left by these filters")
    own_place = page.src == places.HOMES["exchanges"] and filters
    return block(page.render("exchanges", exchanges=chosen, filters=filters, own_place=own_place, continents=_CONTINENTS))


def values_list(page: Page) -> Markup:
    """The ten values, each with what it means."""
    chosen = sorted(_all(page, "values"), key=lambda v: v.order)
    return block(page.render("values", values=chosen))


def principles_list(page: Page) -> Markup:
    """The seven principles as seven links, each with its number, name and one plain sentence."""
    chosen = sorted(_all(page, "principles"), key=lambda p: p.number)
    return block(page.render("principles", principles=chosen))


def principles_through_time(page: Page) -> Markup:
    """The four formulations side by side, and each in turn, point by point, with what it became."""
    chosen = _by_date(_all(page, "formulations"))
    principles = sorted(page.edition.facts["principles"].values(), key=lambda p: p.number)
    return block(page.render("formulations", formulations=chosen, principles=principles))


def series_of(page: Page, topic: str, level: int = 3, *, area: str | None = None) -> Markup:
    """The home of every series of a topic, in the order of the data; only those of an area, if one is given."""
    here = [
        figure for figure in page.edition.facts["figures"].values()
        if figure.topic == topic and (area is None or figure.area == area) and places.figure_page(page.edition.facts, figure) == page.src
    ]  # fmt: skip
    if not here:
        raise page.fail(f"series_of('{topic}'): no series of this topic has its home on this page")
    return Markup().join(series(page, figure.id, level, listed=True) for figure in here)


class Addend(NamedTuple):
    """A country's line in the sum of members. `population` is that of the nearest year, `people` that of the year of the world's."""

    figure: Figure
    seen: Observation
    population: Observation
    people: Observation
    first: int
    last: int
    """The years that the value speaks of."""
    old: bool


OLD = 10
"""A value is marked old when it is more than so many years older than the newest beside it."""


def _nearest(figure: Figure, year: int) -> Observation:
    """The observation of the nearest year; of two as near, the earlier one."""
    return min(figure.observations, key=lambda o: (abs(o.sort_key[0] - year), o.sort_key))


def addends(page: Page, also: Sequence[str] = (), without: Sequence[str] = ()) -> list[Addend]:
    """The newest value of each country's `members-<country>` if it counts members or memberships, and of the series in `also`; largest first.

    `without` names series that the rule would take and that count something narrower. Raises PageError for a series that is
    not there to be taken or left, and for a second one of the same country.
    """
    facts = page.edition.facts
    ruled = {
        figure.id: figure for figure in facts["figures"].values()
        if figure.id == f"members-{figure.area}" and figure.area in facts["countries"] and figure.unit in ("members", "memberships")
    }  # fmt: skip
    if strange := [figure_id for figure_id in without if figure_id not in ruled]:
        raise page.fail(f"sum_of_members(): without {', '.join(strange)}: not in the sum anyway")
    chosen = [figure for figure in ruled.values() if figure.id not in without]
    chosen += [page.get("figures", figure_id, "sum_of_members") for figure_id in also]
    areas = [figure.area for figure in chosen]
    if twice := sorted({area for area in areas if areas.count(area) > 1}):
        raise page.fail(f"sum_of_members(): {', '.join(twice)} would be counted twice")
    year_of_people = facts["figures"]["population-world"].observations[-1].sort_key[0]
    newest = max(figure.observations[-1].sort_key[0] for figure in chosen)
    lines = []
    for figure in chosen:
        seen = figure.observations[-1]
        start, end = parse_date(seen.year)
        last = seen.sort_key[0]
        population = facts["figures"][f"population-{figure.area}"]
        now = _nearest(population, year_of_people)
        lines.append(
            Addend(figure, seen, _nearest(population, last), now, start.year if start and end else last, last, newest - last > OLD)
        )
    return sorted(lines, key=lambda line: -line.seen.value)


def sum_of_members(page: Page, *, also: Sequence[str] = (), without: Sequence[str] = ()) -> Markup:
    """The members that countries count, added up: a line a country that the reader may take out; see `addends` for what is in."""
    lines = addends(page, also, without)
    world = page.get("figures", "population-world", "sum_of_members")
    page.use("figures", world, [world.observations[-1].source])
    for line in lines:
        page.use("figures", line.figure, [line.seen.source])
        page.use("figures", page.edition.facts["figures"][f"population-{line.figure.area}"], [line.population.source])

    def per_cent(part: Iterable[int | float], whole: Iterable[int | float]) -> float:
        return round(float(sum(map(lambda n: Fraction(str(n)), part)) / sum(map(lambda n: Fraction(str(n)), whole)) * 100), 1)

    members, inhabitants, people = zip(*((line.seen.value, line.population.value, line.people.value) for line in lines), strict=True)
    whole = world.observations[-1]
    return block(
        page.render(
            "sum", lines=lines, total=sum(members), rates=[per_cent([m], [i]) for m, i in zip(members, inhabitants, strict=True)],
            rate=per_cent(members, inhabitants), share=per_cent(people, [whole.value]), whole=whole, years=(min(n.first for n in lines), max(n.last for n in lines)),
            old=OLD, in_full=lambda n: numbers.in_full(n, page.edition.locale), tenths=lambda n: numbers.in_full(n, page.edition.locale, 1),
        )
    )  # fmt: skip


def countries(page: Page, continent: str) -> Markup:
    """Every country of a continent: first law, first co-operative, its figures with their sources, exchanges, what is missing."""
    _one_of(page, continent, _CONTINENTS, "countries(): continent")
    facts = page.edition.facts
    chosen = sorted(_all(page, "countries", lambda c: c.continent == continent), key=lambda c: collated(page.edition.text(c.name)))
    areas = {"figures": lambda f: [f.area], "exchanges": lambda e: (*e.from_, *e.to), "organisations": lambda o: [o.area]}
    there = page.edition.kept("by area", lambda: {kind: grouped(facts[kind].values(), of) for kind, of in areas.items()})
    parts = []
    for country in chosen:
        figures = [f for f in there["figures"].get(country.id, ()) if places.figure_page(facts, f) == page.src]
        for figure in figures:
            page.use("figures", figure)
        passed, own = (there[kind].get(country.id, []) for kind in ("exchanges", "organisations"))
        parts.append(heading(2, page.edition.text(country.name), country.id))
        parts.append(block(page.render("country", country=country, figures=figures, exchanges=passed, organisations=own)))
    return Markup().join(parts)


def sources_list(page: Page) -> Markup:
    """Every source: its citation, what kind it is, and the records and pages that rest on it."""
    citations = page.edition.citations
    chosen = sorted(page.edition.facts["sources"].values(), key=lambda s: collated(citations[s.id].short))
    mentions = page.edition.facts.mentions
    pages: dict[str, list[str]] = {}
    for src, other in page.edition.usage.items():
        for source in other.sources:
            pages.setdefault(source, []).append(src)
    return block(page.render("sources", sources=chosen, mentions=mentions, pages=pages))


def changes_list(page: Page) -> Markup:
    """What was corrected after it had been published: what it was, what it is, why, newest first."""
    chosen = sorted(_all(page, "changes"), key=lambda change: change.date, reverse=True)
    corrected = {c.id: [page.edition.facts.resolve(record, CORRECTABLE) for record in c.records] for c in chosen}
    return block(page.render("changes", changes=chosen, corrected=corrected))
