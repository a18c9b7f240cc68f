"""Bars from zero, words above them: values of several times or makers side by side, and a whole taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsite.draw.base import (
    CHART, FILLS, HATCH, INK, LINE, MUTED, NARROW, OBSERVED, PALE, PAPER, SIZE, WIDE, Column, Drawing, Row, Spec, along, at, kinds_key, lines_of,
    observations, observed, rows_of, rules, short, sources_of, spec, text, wrap,
)  # fmt: skip
from microsite.model import Chart, Shown

if TYPE_CHECKING:
    from microsite.edition import Edition

BAR, GAP = 15, 16


def vintages(edition: Edition, chart: Chart) -> Drawing:
    """A bar for each value in the order of time; above it the year and what was counted, at its end the value."""
    rows = sorted(rows_of(edition, chart), key=lambda row: row["_time"])
    for row in rows:
        row["_year"], row["_scale"] = edition.years(row["year"]), ""
    return Drawing(
        rows, OBSERVED, _bars(rows, WIDE), _bars(rows, NARROW), kinds_key(edition, rows), sources_of(rows)
    )


def _stacked(rows: list[Row], width: int, step: int, size: int = SIZE) -> tuple[list[Row], float, list[Row]]:
    """The rows with the places of their words and marks, one below the other; the whole height; and the headings of groups."""
    placed, headings, y, group = [], [], 0.0, ""
    for row in rows:
        if row["_group"] != group:
            group = row["_group"]
            head = wrap(group, width, size)
            y += 14 if headings else 0
            headings.append({"words": head, "y": y + size})
            y += lines_of(head) * (size + 4) + 10
        label = wrap(f"{row['_year']}  {row['series']}", width, size)
        y += size
        placed.append({**row, "_label": label, "_y": round(y, 1)})
        y += (lines_of(label) - 1) * (size + 4) + 6
        placed[-1] |= {"_top": round(y, 1), "_bottom": round(y + BAR, 1), "_middle": round(y + BAR / 2, 1)}
        y += BAR + step
    return placed, y - step + 2, headings


def _bars(rows: list[Row], width: int) -> Spec:
    placed, height, headings = _stacked(rows, width, GAP)
    longest = max(len(row["_shown"]) for row in rows) * SIZE * 0.6 + 10
    x = along("value", (0, max(row["upper"] or row["value"] for row in rows)), (0.5, width - longest))
    # Vega-Lite takes one fill for each kind; the outline keeps the pale one a shape on any ground.
    fill = {"field": "kind", "type": "nominal", "scale": {"domain": list(FILLS), "range": list(FILLS.values())}, "legend": None}
    layers: list[Spec] = [
        text("_label", {"value": 0}, at("_y")),
        {
            "mark": {"type": "rect", "stroke": CHART, "strokeWidth": 1},
            "encoding": {"x": x, "x2": {"datum": 0}, "y": at("_top"), "y2": {"field": "_bottom"}, "fill": fill},
        },
        text("_shown", x, at("_middle"), dx=7, baseline="middle", fontWeight=700),
    ]
    if headings:
        layers.append(text("words", {"value": 0}, at("y"), data="headings", fontWeight=700))
    return spec(width, height, placed, layers, **({"headings": headings} if headings else {}))


def parts(edition: Edition, chart: Chart) -> Drawing:
    """A whole as one bar, and below it its parts, each where it lies within the whole; words above, values beside."""
    assert chart.options.whole
    total = Shown(figure=chart.options.whole, years=chart.figures[0].years)
    first = observed(edition, total, observations(edition, total)[0])
    rows, so_far = [{**first, "part": "whole", "from": 0}], 0.0
    for row in rows_of(edition, chart):
        rows.append({**row, "part": "part", "from": so_far})
        so_far += row["value"]
    for row in rows:
        row["_scale"] = ""
        row["share"] = round(row["value"] / first["value"] * 100, 1)
        row["_share"] = row["_shown"] if row["part"] == "whole" else f"{row['_shown']} · {short(edition, row['share'], 'per-cent')}"
    fills = (PAPER, CHART, HATCH, PALE)
    rows = [{**row, "_fill": fills[min(index, 3)]} for index, row in enumerate(rows)]
    columns = (*OBSERVED[:3], Column("share", "number"), *OBSERVED[4:])
    return Drawing(rows, columns, _parts(rows, WIDE), _parts(rows, NARROW), (), sources_of(rows))


def _parts(rows: list[Row], width: int) -> Spec:
    scale = max(row["from"] + row["value"] for row in rows)
    placed, y = [], 0.0
    for row in rows:
        label = wrap(row["series"], width)
        y += SIZE
        placed.append({**row, "_label": label, "_y": round(y, 1), "_to": row["from"] + row["value"]})
        y += lines_of(label) * (SIZE + 4)
        placed[-1] |= {"_value": round(y, 1), "_top": round(y + 7, 1), "_bottom": round(y + 29, 1)}
        y += 29 + 20
    height = y - 18
    drops = [
        {"x": 0.5 + edge / scale * (width - 1), "x2": 0.5 + edge / scale * (width - 1), "y": placed[0]["_bottom"], "y2": row["_top"]}
        for row in placed[1:]
        for edge in (row["from"], row["_to"])
    ]
    span = (0.5, width - 0.5)
    x = along("from", (0, scale), span)
    layers: list[Spec] = [
        rules("drops", strokeDash=[2, 3]),
        {
            "mark": {"type": "rect", "stroke": CHART, "strokeWidth": 1},
            "encoding": {
                "x": x, "x2": {"field": "_to"}, "y": at("_top"), "y2": {"field": "_bottom"},
                "fill": {"field": "_fill", "type": "nominal", "scale": None},
            },
        },
        text("_label", {"value": 0}, at("_y"), stroke=PAPER, strokeWidth=5, strokeJoin="round"),
        text("_label", {"value": 0}, at("_y")),
        text("_share", {"value": 0}, at("_value"), stroke=PAPER, strokeWidth=5, strokeJoin="round", fontWeight=700),
        text("_share", {"value": 0}, at("_value"), fontWeight=700),
    ]  # fmt: skip
    return spec(width, height, placed, layers, drops=drops)


def disagree(edition: Edition, chart: Chart) -> Drawing:
    """Dots on lines from zero, one below the other: several makers' values of what sounds like one thing, in groups of one scale."""
    rows = rows_of(edition, chart)
    for row in rows:
        row["_year"] = edition.years(row["year"])
        row["_far"], row["_scale"] = row["upper"] or row["value"], row["_group"]
    return Drawing(rows, OBSERVED, _dots(rows, WIDE), _dots(rows, NARROW), kinds_key(edition, rows), sources_of(rows))


def _dots(rows: list[Row], width: int) -> Spec:
    placed, height, headings = _stacked(rows, width, 14)
    longest = max(len(row["_shown"]) for row in rows) * SIZE * 0.6 + 14
    end = width - longest
    # What counts the same, or people by two names, shares a scale from zero; the largest reaches the end.
    for row in placed:
        alike = [other["_far"] for other in rows if _alike(other["unit"], row["unit"])]
        row |= {key: round(6 + row[of] / max(alike) * (end - 6), 1) for key, of in (("_x", "value"), ("_x2", "_far"))}
    tracks = [{"x": 0.5, "x2": end, "y": row["_middle"], "y2": row["_middle"]} for row in placed]
    zero = [{"x": 0.5, "x2": 0.5, "y": row["_top"], "y2": row["_bottom"]} for row in placed]
    fill = {"field": "kind", "type": "nominal", "scale": {"domain": list(FILLS), "range": [CHART, PALE, PAPER, PAPER]}, "legend": None}
    shape = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": list(FILLS), "range": ["circle", "square", "diamond", "diamond"]},
    }  # fmt: skip
    layers: list[Spec] = [
        text("_label", {"value": 0}, at("_y")),
        rules("tracks", stroke=LINE, strokeDash=[1, 3]),
        rules("zero", stroke=MUTED),
        {
            "transform": [{"filter": "datum.upper != null"}],
            "mark": {"type": "rule", "stroke": CHART, "strokeWidth": 7},
            "encoding": {"x": at("_x"), "x2": {"field": "_x2"}, "y": at("_middle")},
        },
        {
            "mark": {"type": "point", "size": 120, "stroke": CHART, "strokeWidth": 2},
            "encoding": {"x": at("_x2"), "y": at("_middle"), "fill": fill, "shape": shape},
        },
        text("_shown", at("_x2"), at("_middle"), dx=12, baseline="middle", fontWeight=700),
    ]
    if headings:
        layers.append(text("words", {"value": 0}, at("y"), data="headings", fontWeight=700, fill=INK))
    return spec(width, height, placed, layers, tracks=tracks, zero=zero, **({"headings": headings} if headings else {}))


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"people", "employees", "jobs"}
