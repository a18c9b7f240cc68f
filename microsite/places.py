"""Where each record has its place on the site: one page a kind, under the record's own id. The same in every edition."""

from __future__ import annotations

from microsite.model import Facts, Figure

HOMES = {
    "sources": "reference/sources.md",
    "principles": "principles/{id}.md",
    "values": "principles/index.md",
    "formulations": "tradition/principles-through-time.md",
    "events": "tradition/timeline.md",
    "people": "tradition/people.md",
    "organisations": "reference/organisations.md",
    "exchanges": "international/across-borders.md",
    "cases": "reference/cases.md",
    "findings": "reference/research.md",
    "glossary": "reference/glossary.md",
    "misconceptions": "reference/misconceptions.md",
    "lessons": "lessons/{id}.md",
    "changes": "reference/changes.md",
}
TOPICS = {
    "members": "figures/members.md",
    "enterprises": "figures/enterprises.md",
    "work": "figures/work.md",
    "finance": "figures/finance.md",
    "europe": "figures/europe.md",
    "italy": "figures/italy.md",
    "law": "figures/italy.md",
    "rochdale": "figures/rochdale.md",
    "organisations": "reference/organisations.md",
    "context": "figures/how-numbers-are-made.md",
}


MATERIALS = "lessons/materials/"
"""Where the sheets, cards and slides of lessons are written: for print and packs, no pages of the site."""


def continent_page(continent: str) -> str:
    """The page of a continent's countries."""
    return f"figures/countries/{continent}.md"


def home(facts: Facts, kind: str, record_id: str) -> tuple[str, str] | None:
    """The page (its path below `docs/<language>/`) and the id on it under which a record stands; None for kinds that have no place."""
    if kind == "figures":
        return figure_page(facts, facts["figures"][record_id]), record_id
    if kind == "countries":
        return continent_page(facts["countries"][record_id].continent), record_id
    if kind in ("principles", "lessons"):
        return HOMES[kind].format(id=record_id), ""
    return (HOMES[kind], record_id) if kind in HOMES else None


def figure_page(facts: Facts, figure: Figure) -> str:
    """The page of a series: its topic's, or for a country's own figures and its population the continent's."""
    country = facts["countries"].get(figure.area)
    if country and figure.topic in ("countries", "context"):
        return continent_page(country.continent)
    return TOPICS[figure.topic]
