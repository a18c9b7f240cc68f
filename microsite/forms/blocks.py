"""Forms that stand on their own: one record told whole. Each returns an HTML block, or headings in Markdown with HTML blocks below."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from microsite.edition import ICONS, Page
from microsite.foreign import CSS, Foreign
from microsite.forms import inline
from microsite.load import near
from microsite.model import Figure, Quotation


def block(html: Markup) -> Markup:
    """An HTML block with the empty lines around it that Markdown asks for."""
    return Markup("\n\n{}\n\n").format(html)


def heading(level: int, words: str, anchor: str) -> Markup:
    """A Markdown heading with its permanent id, so that it enters the page's contents and the search."""
    mark = f" lang={words.language} class={CSS}" if isinstance(words, Foreign) else ""
    return Markup("\n\n{} {} {{ #{}{} }}\n\n").format("#" * level, inline.as_text(escape(str(words))), anchor, mark)


# --- exact words -----------------------------------------------------------------------------------------------------


def quote(page: Page, quotation_id: str) -> Markup:
    """Exact words of others: marked, attributed, with the original's language and whose translation it is."""
    record = page.get("quotations", quotation_id, "quote")
    _cited(page, record)
    return block(page.render("quotation", quotation=record))


def _cited(page: Page, quotation: Quotation) -> None:
    page.use("quotations", quotation, page.edition.sources_of_quotation(quotation))


def statement(page: Page, principle_id: str) -> Markup:
    """A principle's exact wording in the Statement of 1995, with its number and name."""
    record = page.get("principles", principle_id, "statement")
    quotation = page.get("quotations", record.statement, "statement")
    _cited(page, quotation)
    return block(page.render("quotation", quotation=quotation, principle=record))


# --- figures ---------------------------------------------------------------------------------------------------------


def big_figure(page: Page, figure_id: str, message: str, year: str | None = None, source: str | None = None) -> Markup:
    """One figure told properly: `message` says what to see in it; then the value, what it counts, when, how it came about, its source."""
    series = page.get("figures", figure_id, "big_figure")
    seen = inline.observation(page, series, year, "big_figure", source)
    page.use("figures", series, seen.sources)
    return block(page.render("big-figure", figure=series, observation=seen, message=message))


def series(page: Page, figure_id: str, level: int = 3, *, listed: bool = False) -> Markup:
    """The home of a series: definition, coverage, every vintage with its source, what not to compare it with, where it is used."""
    record: Figure = page.edition.facts["figures"][figure_id] if listed else page.get("figures", figure_id, "series")
    if listed:
        page.use("figures", record)
    users = page.edition.pages_using("figures", figure_id)
    title = heading(level, page.edition.text(record.title), record.id)
    return title + block(page.render("series", figure=record, users=users))


def _with_sources(page: Page, figure_id: str, macro: str) -> Figure:
    record: Figure = page.get("figures", figure_id, macro)
    page.use("figures", record, (o.source for o in record.observations))
    return record


def comparison(page: Page, *figure_ids: str, years: Iterable[str] = (), caption: str) -> Markup:
    """Several series side by side, a column each and a row a year; only the `years` given, if any are."""
    chosen = [_with_sources(page, figure_id, "comparison") for figure_id in figure_ids]
    wanted = set(map(str, years))
    rows = sorted({o.year for figure in chosen for o in figure.observations if not wanted or o.year in wanted})
    if missing := wanted - set(rows):
        raise page.fail(f"comparison(): no series has an observation for {', '.join(sorted(missing))}")
    cells = {(year, figure.id): [o for o in figure.observations if o.year == year] for year in rows for figure in chosen}
    return block(page.render("comparison", figures=chosen, years=rows, cells=cells, caption=caption, anchor="-".join(["table", figure_ids[0]])))


def vintages(page: Page, figure_id: str, caption: str | None = None) -> Markup:
    """Every value of one series as it was published, with certainty, kind and source."""
    record = _with_sources(page, figure_id, "vintages")
    return block(page.render("vintages", figure=record, caption=caption or page.edition.text(record.title)))


# --- stories ---------------------------------------------------------------------------------------------------------


def story(page: Page, case_id: str) -> Markup:
    """A case: where and when, how it went, what happened, and what it puts to the test."""
    return block(page.render("case", case=page.get("cases", case_id, "story", told=True), own_place=False))


def evidence(page: Page, finding_id: str) -> Markup:
    """A research finding with what limits it."""
    return block(page.render("finding", finding=page.get("findings", finding_id, "evidence", told=True), own_place=False))


def misconception(page: Page, misconception_id: str) -> Markup:
    """What is often said, what is true, how we know."""
    return block(page.render("misconception", item=page.get("misconceptions", misconception_id, "misconception", told=True), own_place=False))


def passage(page: Page, exchange_id: str) -> Markup:
    """An exchange across borders: from, to, what was passed on, when."""
    return block(page.render("exchange", exchange=page.get("exchanges", exchange_id, "passage", told=True), own_place=False))


def happening(page: Page, event_id: str) -> Markup:
    """One event told where it matters, away from the timeline."""
    return block(page.render("event", event=page.get("events", event_id, "happening", told=True), own_place=False))


def portrait(page: Page, person_id: str) -> Markup:
    """A person, told away from the page of people."""
    return block(page.render("person", person=page.get("people", person_id, "portrait", told=True), named=True))


def profile(page: Page, organisation_id: str) -> Markup:
    """An organisation with its figures, told away from the list of organisations."""
    record = page.get("organisations", organisation_id, "profile", told=True)
    for figure in page.edition.figures_of(organisation_id):
        page.use("figures", figure, (o.source for o in figure.observations))
    return block(page.render("organisation", organisation=record, named=True))


def related_figures(page: Page, *figure_ids: str) -> Markup:
    """A short list of figures, each with its latest value, year and source."""
    chosen = [page.get("figures", figure_id, "related_figures") for figure_id in figure_ids]
    for figure in chosen:
        page.use("figures", figure, [figure.observations[-1].source])
    return block(page.render("related-figures", figures=chosen))


def family_sign(page: Page, family: str) -> Markup:
    """The drawn sign of a family of co-operation, to stand above the heading that names it."""
    if family not in page.edition.words["families"] or not (ICONS / "families" / f"{family}.svg").is_file():
        known = sorted(path.stem for path in (ICONS / "families").glob("*.svg"))
        raise page.fail(f"family_sign('{family}'): no such family{near(family, known)}; there are {', '.join(known)}")
    return block(page.render("family-sign", family=family))


# --- the foot of a page ----------------------------------------------------------------------------------------------


def sources_of_page(page: Page) -> Markup:
    """The numbered list of every source that this page has used up to here; the last macro of a page."""
    return heading(2, page.edition.words["sources"]["title"], "sources") + block(page.render("sources-of-page"))
