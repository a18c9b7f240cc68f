"""Values along an axis of years that is true to scale: series one below the other, each from zero, and slopes between two years."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from microsite.draw.base import (
    CHART, LINE, MUTED, NARROW, OBSERVED, PAPER, SIZE, WIDE, Drawing, Row, Spec, along, at, lines_of, rows_of, rules, sources_of, spec, text, wrap,
)  # fmt: skip
from microsite.model import Chart

if TYPE_CHECKING:
    from microsite.edition import Edition

PANEL = 120


def lines(edition: Edition, chart: Chart) -> Drawing:
    """A panel for each series, all on one axis of years. A line joins neighbouring years only: a gap in what was found stays a gap."""
    rows: list[Row] = []
    for shown, row in ((shown, row) for shown in chart.figures for row in rows_of(edition, chart) if row["figure"] == shown.figure):
        before = rows[-1] if rows and rows[-1]["figure"] == row["figure"] else None
        run = before["_run"] + (row["_time"] - before["_time"] > 1.5) if before else 0
        rows.append({**row, "_run": run, "_scale": row["series"], "_panel": [s.figure for s in chart.figures].index(shown.figure)})
    for figure in dict.fromkeys(row["figure"] for row in rows):
        own = [row for row in rows if row["figure"] == figure]
        named = {own[0]["year"], own[-1]["year"], *chart.options.name_years}
        for row in own:
            # A year that two sources speak of is named once, by the first of them.
            row["_named"] = 0 if row["year"] not in named else 2 if row in (own[0], own[-1]) else 1
            named -= {row["year"]}
            # A peak's number stands above it, a dip's below, the first and the last one's where there is room.
            after = own[own.index(row) + 1] if row is not own[-1] else row
            row["_rises"] = after["value"] > row["value"] and after["_run"] == row["_run"]
            row["_dy"] = 17 if 0 < own.index(row) < len(own) - 1 and _dips(own, row) else -9
    return Drawing(rows, OBSERVED, _panels(rows, WIDE), _panels(rows, NARROW), (), sources_of(rows))


def _dips(rows: list[Row], row: Row) -> bool:
    index = rows.index(row)
    return row["value"] < rows[index - 1]["value"] and row["value"] <= rows[index + 1]["value"]


def _panels(rows: list[Row], width: int) -> Spec:
    first, last = min(row["_time"] for row in rows), max(row["_time"] for row in rows)
    span = (8, width - 8)
    heads, bases, y = [], [], 0.0
    placed: list[Row] = []
    for panel in sorted({row["_panel"] for row in rows}):
        own = [row for row in rows if row["_panel"] == panel]
        head = wrap(own[0]["series"], width)
        heads.append({"words": head, "y": y + SIZE})
        top = y + lines_of(head) * (SIZE + 4) + 26
        base = top + PANEL
        most = max(row["value"] for row in own)
        placed += [{**row, "_y": round(base - row["value"] / most * PANEL, 1), "_line": f"{panel}-{row['_run']}", "_base": base} for row in own]
        bases.append({"x": span[0], "x2": span[1], "y": base, "y2": base})
        y = base + 44
    years = _ticks(first, last, width)

    def place(year: float) -> float:
        return round(span[0] + (year - first) / (last - first) * (span[1] - span[0]), 1)

    marks = [{"x": place(year + 0.5), "x2": place(year + 0.5), "y": base["y"], "y2": base["y"] + 4} for base in bases for year in years]
    ticks = [
        {"words": str(year), "x": min(max(place(year + 0.5), 17), width - 17), "y": base["y"] + 17} for base in bases for year in years
    ]
    # A number is anchored by where it stands, so that none runs out of the drawing.
    for row in placed:
        part = (row["_time"] - first) / (last - first)
        row["_align"] = "left" if part < 0.12 else "right" if part > 0.88 or row["_rises"] else "center"
        first_and_rises = row["_rises"] and row["_time"] == first and row["_base"] - row["_y"] > 40
        row["_name_y"] = row["_y"] + (18 if first_and_rises else row["_dy"])
    _name(placed, place)
    x = along("_time", (first, last), span)
    layers: list[Spec] = [
        text("words", {"value": 0}, at("y"), data="heads", fontWeight=700),
        rules("bases", stroke=MUTED),
        rules("marks", stroke=MUTED),
        text("words", at("x"), at("y"), data="ticks", align="center", fill=MUTED),
        {
            "mark": {"type": "line", "stroke": CHART, "strokeWidth": 2.2, "strokeJoin": "round"},
            "encoding": {"x": x, "y": at("_y"), "detail": {"field": "_line"}},
        },
        {"mark": {"type": "point", "size": 30, "fill": PAPER, "filled": False, "stroke": CHART, "strokeWidth": 2}, "encoding": {"x": x, "y": at("_y")}},
    ]
    for side in ("left", "center", "right"):
        nudge = {"left": -5, "center": 0, "right": 5}[side]
        chosen = f"datum._align == '{side}' && datum._name != ''"
        layers.append(
            text("_name", x, at("_name_y"), filter=chosen, align=side, dx=nudge, stroke=PAPER, strokeWidth=4, strokeJoin="round", fontWeight=700)
        )
        layers.append(text("_name", x, at("_name_y"), filter=chosen, align=side, dx=nudge, fontWeight=700))
    return spec(width, bases[-1]["y"] + 22, placed, layers, heads=heads, bases=bases, ticks=ticks, marks=marks)


def _name(rows: list[Row], place: Callable[[float], float]) -> None:
    """Say which numbers are written: those of the ends first, then the named years, as long as none covers another."""
    boxes: list[tuple[float, float, float, float]] = []
    for row in sorted(rows, key=lambda row: -row["_named"]):
        length = len(row["_shown"]) * SIZE * 0.62 + 6
        left = place(row["_time"]) - {"left": 5, "center": length / 2, "right": length - 5}[row["_align"]]
        if left < 0:
            row["_align"], left = "left", place(row["_time"]) - 5
        box = (left, row["_name_y"] - SIZE, left + length, row["_name_y"] + 3)
        free = all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in boxes)
        row["_name"] = row["_shown"] if row["_named"] and free else ""
        boxes += [box] if row["_name"] else []


def _ticks(first: float, last: float, width: int) -> list[int]:
    """Round years within an axis, as many as fit."""
    fit = width / 62
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step <= fit)
    return [year for year in range(math.ceil(first / step) * step, int(last) + 1, step) if year + 0.5 <= last + 0.01 and year + 0.5 >= first - 0.01]


def slope(edition: Edition, chart: Chart) -> Drawing:
    """Each series as one line from its first to its last value, all on one scale from zero; names and values at both ends."""
    rows = rows_of(edition, chart)
    for row in rows:
        row["_years"], row["_scale"] = edition.years(row["year"]), row["series"]
    return Drawing(rows, OBSERVED, _slopes(rows, WIDE), _slopes(rows, NARROW), (), sources_of(rows))


def _slopes(rows: list[Row], width: int) -> Spec:
    height, top = 300, 34
    first, last = min(row["_time"] for row in rows), max(row["_time"] for row in rows)
    longest = max(len(row["_shown"]) for row in rows) * SIZE * 0.66 + 14
    names = 170 if width > NARROW else 100
    span = (longest, width - longest - names)
    most = max(row["value"] for row in rows)
    placed = [{**row, "_y": round(top + (1 - row["value"] / most) * (height - top - 24), 1)} for row in rows]
    for end in (first, last):
        level = -1e9
        for row in sorted((row for row in placed if row["_time"] == end), key=lambda row: row["_y"]):
            name = wrap(row["series"], names) if end == last else ""
            row["_name"] = name
            row["_name_y"] = max(row["_y"], level)
            level = row["_name_y"] + max(1, lines_of(name)) * (SIZE + 3) + 2
    heads = [{"words": row["_years"], "x": x, "y": SIZE} for row, x in ((rows[0], span[0]), (rows[-1], span[1]))]
    zero = height - 24
    x = along("_time", (first, last), span)
    layers: list[Spec] = [
        rules("posts", stroke=LINE),
        text("words", at("x"), at("y"), data="heads", align="center", fill=MUTED),
        text("words", at("x"), at("y"), data="zeros", align="center", fill=MUTED),
        {"mark": {"type": "line", "stroke": CHART, "strokeWidth": 2.2}, "encoding": {"x": x, "y": at("_y"), "detail": {"field": "figure"}}},
        {"mark": {"type": "point", "size": 40, "fill": PAPER, "filled": False, "stroke": CHART, "strokeWidth": 2}, "encoding": {"x": x, "y": at("_y")}},
        text("_shown", x, at("_name_y"), filter=f"datum._time == {first}", align="right", dx=-9, baseline="middle", fontWeight=700),
        text("_shown", x, at("_name_y"), filter=f"datum._time == {last}", dx=9, baseline="middle", fontWeight=700),
        text("_name", x, at("_name_y"), filter=f"datum._time == {last}", dx=longest + 2, baseline="middle"),
    ]
    posts = [{"x": x, "x2": x, "y": top - 14, "y2": zero} for x in span]
    zeros = [{"words": "0", "x": x, "y": zero + 16} for x in span]
    return spec(width, height, placed, layers, heads=heads, posts=posts, zeros=zeros)
