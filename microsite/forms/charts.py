"""A chart on a page: what it says, the drawing, its notes and sources, and the same rows as a table and a CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from microsite.draw import Drawing, draw
from microsite.draw.base import written
from microsite.draw.render import named, svg
from microsite.edition import Edition, Page
from microsite.export.charts import path
from microsite.forms.blocks import block
from microsite.model import Chart
from microsite.text import dates, numbers


def chart(page: Page, chart_id: str) -> Markup:
    """A chart or map: its message, the drawing, notes, sources, the numbers as a table and as a file, and how to cite it."""
    if ("charts", chart_id) in page.used:
        raise page.fail(f"chart('{chart_id}'): the chart stands on this page already; once is enough")
    record: Chart = page.get("charts", chart_id, "chart")
    edition = page.edition
    drawing = edition.kept(("chart", chart_id), lambda: _draw(page, record))
    page.use("charts", record, drawing.sources)
    for figure_id in drawing.figures:
        page.use("figures", edition.facts["figures"][figure_id])
    numeric = [column.kind in ("number", "value", "upper") for column in drawing.columns]
    return block(
        page.render(
            "chart",
            chart=record,
            drawing=drawing,
            drawings=_drawings(page, record, drawing),
            heads=list(zip((edition.words["chart"]["columns"][column.key] for column in drawing.columns), numeric, strict=True)),
            table=[list(zip((CELLS[column.kind](page, row, column.key) for column in drawing.columns), numeric, strict=True)) for row in drawing.rows],
            csv=path(edition.language, chart_id),
            citation=_citation(page, record),
        )
    )


def _draw(page: Page, record: Chart) -> Drawing:
    try:
        return draw(page.edition, record)
    except ValueError as error:
        raise page.fail(str(error)) from None


def _drawings(page: Page, record: Chart, drawing: Drawing) -> list[Markup]:
    """The drawing, or one for wide and one for narrow places, of which the page's style shows the one that fits."""
    edition = page.edition
    title, description = edition.text(record.headline), " ".join([edition.text(record.alt), *_spans(page, drawing)])
    if drawing.wide == drawing.narrow:
        return [named(svg(drawing.wide, edition.cache), f"chart-{record.id}", title, description, "any")]
    return [
        named(svg(made, edition.cache), f"chart-{record.id}-{css}", title, description, css)
        for css, made in (("wide", drawing.wide), ("narrow", drawing.narrow))
    ]


def _spans(page: Page, drawing: Drawing) -> list[str]:
    """How far the values of a drawing reach, in a sentence for each of its groups of one scale."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in drawing.rows:
        if "_scale" in row:
            groups.setdefault(row["_scale"], []).append(row)
    said = []
    for name, rows in groups.items():
        low, high = (end(rows, key=lambda row: row["value"])["_shown"] for end in (min, max))
        words = page.edition.words["chart"]["range"].format(low, high)
        said.append(f"{name}: {words}." if name else f"{words[0].upper()}{words[1:]}.")
    return said


def _citation(page: Page, record: Chart) -> Markup:
    """The chart as a reader cites it, at the page that it is cited at."""
    edition = page.edition
    title = f"{edition.text(record.headline).removesuffix('.')} ({edition.text(record.subtitle)})"
    src = edition.kept("pages of charts", lambda: _citable(edition)).get(record.id, page.src)
    return edition.cite_part(title, edition.address(src, f"chart-{record.id}"), _day(edition, record))


def _citable(edition: Edition) -> Mapping[str, str]:
    """The page that each chart is cited at: the first that it stands on, but the home page only if there is no other."""
    pages: dict[str, str] = {}
    for src, chart_id in edition.calls("chart"):
        if chart_id in edition.facts["charts"] and pages.get(chart_id, "index.md") == "index.md":
            pages[chart_id] = src
    return pages


def _day(edition: Edition, record: Chart) -> str:
    """The day on which a value of the chart was last compared with its source, or any source last read."""
    reviewed = [o.reviewed for shown in record.figures for o in edition.facts["figures"][shown.figure].observations]
    return max(reviewed or [source.accessed for source in edition.facts["sources"].values() if source.accessed])


# --- cells -----------------------------------------------------------------------------------------------------------


def _plain(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return escape("" if row[key] is None else row[key])


def _number(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return Markup('<data value="{}">{}</data>').format(row[key], numbers.number(row[key], page.edition.locale)) if row.get(key) is not None else Markup("–")


def _value(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    shown = written(page.edition, row["value"], row["unit"], None, row["certainty"], with_unit=False, hedged=True)
    return Markup('<data value="{}">{}</data>').format(row["value"], shown)


def _upper(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return Markup('<data value="{}">{}</data>').format(row[key], written(page.edition, row[key], row["unit"])) if row[key] is not None else Markup("–")


def _date(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    if not row[key]:
        return escape(page.edition.words["exchange"]["undated"])
    machine, shown = dates.machine(row[key]), page.edition.date(row[key])
    return Markup('<time datetime="{}">{}</time>').format(machine, shown) if machine else Markup('<span class="time">{}</span>').format(shown)


def _words_of(table: str) -> Callable[[Page, Mapping[str, Any], str], Markup]:
    return lambda page, row, key: escape(page.edition.words[table][row[key]])


def _link(kind: str, id_key: str) -> Callable[[Page, Mapping[str, Any], str], Markup]:
    return lambda page, row, key: page.link(kind, row[id_key], row[key])


def _source(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return page.link("sources", row[key], page.edition.name("sources", row[key]))


def _yes(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return escape(page.edition.words["chart"]["yes" if row[key] else "no"])


def _unit(page: Page, row: Mapping[str, Any], key: str) -> Markup:
    return escape(page.edition.text(page.edition.facts["units"][row[key]].plural))


CELLS: Mapping[str, Callable[[Page, Mapping[str, Any], str], Markup]] = {
    "text": _plain, "code": _plain, "number": _number, "value": _value, "upper": _upper, "date": _date, "unit": _unit,
    "certainty": _words_of("certainties"), "kind": _words_of("kinds"), "source": _source, "yes": _yes,
    "figure": _link("figures", "figure"), "event": _link("events", "event"), "exchange": _link("exchanges", "exchange"),
    "formulation": _link("formulations", "formulation"),
}  # fmt: skip
"""How a cell of each kind of column is written."""
