"""Countries: members set against people, and the map of what is known and since when."""

from __future__ import annotations

import functools
import json
import math
from typing import TYPE_CHECKING, Any

from microsite.draw.base import (
    CHART, EDGE, INK, MUTED, NARROW, PAPER, SIZE, WIDE, Column, Drawing, Row, Spec, along, at, rows_of, rules, sources_of, spec, spread, text, written,
    year_of,
)  # fmt: skip
from microsite.load import DATA
from microsite.model import Chart, Observation
from microsite.text.collation import collated

if TYPE_CHECKING:
    from microsite.edition import Edition

WORLD = DATA / "world"


# --- members against people ------------------------------------------------------------------------------------------


def against_population(edition: Edition, chart: Chart) -> Drawing:
    """A point for each country: its memberships against its people in the newest year that has both, on logarithmic axes; and the line on
    which there are as many of the one as of the other."""
    figures = edition.facts["figures"]
    rows: list[Row] = []
    newest: dict[str, tuple[Row, Observation]] = {}
    for row in rows_of(edition, chart):
        area = figures[row["figure"]].area
        for people in figures[f"population-{area}"].observations:
            if year_of(people.year) == year_of(row["year"]):
                newest[area] = row, people
    for area, (row, people) in newest.items():
        rows.append(
            row
            | {
                "area": area, "country": edition.name("areas", area), "population": people.value, "population_source": people.source,
                "population_figure": f"population-{area}",
                "per_hundred": round(row["value"] / people.value * 100, 1),
                "_name": edition.name("areas", area) if area in chart.options.name_areas else "",
            }
        )  # fmt: skip
    rows.sort(key=lambda row: collated(row["country"]))
    columns = (
        Column("country", "figure"), Column("year", "date"), Column("value", "value"), Column("population", "number"),
        Column("per_hundred", "number"), Column("kind", "kind"), Column("source", "source"), Column("population_source", "source"),
    )  # fmt: skip
    words = edition.words["chart"]
    ticks = {exponent: written(edition, 10**exponent, "people", with_unit=False) for exponent in range(4, 10)}
    sources = list(dict.fromkeys([*sources_of(rows), *(row["population_source"] for row in rows)]))
    return Drawing(rows, columns, _scatter(rows, WIDE, words, ticks), _scatter(rows, NARROW, words, ticks), (), sources)


def _scatter(rows: list[Row], width: int, words: dict[str, str], names: dict[int, str]) -> Spec:
    left, right, top, height = 4, width - 8, 40, width * 0.8 if width > NARROW else 330
    bottom = height - 44
    low_x = math.floor(min(math.log10(row["population"]) for row in rows) * 2) / 2
    high_x = math.ceil(max(math.log10(row["population"]) for row in rows) * 5) / 5
    low_y = math.floor(min(math.log10(row["value"]) for row in rows) * 2) / 2
    high_y = math.ceil(max(math.log10(row["value"]) for row in rows) * 5) / 5

    def place_x(log: float) -> float:
        return round(left + (log - low_x) / (high_x - low_x) * (right - left), 1)

    def place_y(log: float) -> float:
        return round(bottom - (log - low_y) / (high_y - low_y) * (bottom - top), 1)

    placed = [{**row, "_y": place_y(math.log10(row["value"]))} for row in rows]
    grid = [{"x": place_x(e), "x2": place_x(e), "y": top, "y2": bottom} for e in names if low_x <= e <= high_x]
    grid += [{"x": left, "x2": right, "y": place_y(e), "y2": place_y(e)} for e in names if low_y <= e <= high_y]
    marks = [{"words": words, "x": right, "y": place_y(e) - 4} for e, words in names.items() if low_y <= e <= high_y]
    every = [e for e in names if low_x <= e <= high_x and (width > NARROW or e % 2 == 0)]
    feet = [{"words": names[e], "x": place_x(e), "y": bottom + 16} for e in every]
    low, high = max(low_x, low_y), min(high_x, high_y)
    even = [{"x": place_x(low), "x2": place_x(high), "y": place_y(low), "y2": place_y(high)}]
    slope = -math.degrees(math.atan2(place_y(low) - place_y(high), place_x(high) - place_x(low)))
    along_line = max(low, low_x + 0.12)
    says = [{"words": words["as_many"], "x": place_x(along_line), "y": place_y(along_line)}]
    heads = [{"words": words["memberships"] + " ↑", "x": left, "y": SIZE}, {"words": words["population"] + " →", "x": right, "y": height - 6}]
    x = along("population", (10**low_x, 10**high_x), (left, right), type="log")
    layers: list[Spec] = [
        rules("grid"),
        rules("even", stroke=MUTED, strokeWidth=1.5, strokeDash=[5, 3]),
        text("words", at("x"), at("y"), data="says", angle=slope, dy=-7, fill=MUTED, stroke=PAPER, strokeWidth=4),
        text("words", at("x"), at("y"), data="says", angle=slope, dy=-7, fill=MUTED),
        text("words", at("x"), at("y"), data="marks", fill=MUTED, align="right"),
        text("words", at("x"), at("y"), data="feet", fill=MUTED, align="center"),
        text("words", at("x"), at("y"), data="heads", filter="datum.x < 50", fontWeight=700),
        text("words", at("x"), at("y"), data="heads", filter="datum.x >= 50", fontWeight=700, align="right"),
        {
            "mark": {"type": "point", "size": 46, "stroke": CHART, "strokeWidth": 1.5},
            "encoding": {
                "x": x, "y": at("_y"),
                "fill": {"condition": {"test": "datum._name != ''", "value": CHART}, "value": "transparent"},
            },
        },
    ]  # fmt: skip
    # Names stand to the left of points above the line and of those at the right edge, else to the right.
    for row in placed:
        row["_side"] = "right" if row["value"] > row["population"] or math.log10(row["population"]) > high_x - 0.5 else "left"
    for side, dx in (("right", -9), ("left", 9)):
        here = sorted((row for row in placed if row["_name"] and row["_side"] == side), key=lambda row: row["_y"])
        for row, name_y in zip(here, spread([row["_y"] for row in here], [SIZE + 4] * len(here), top, bottom), strict=True):
            row["_name_y"] = name_y
        how = {"filter": f"datum._name != '' && datum._side == '{side}'", "align": side, "dx": dx, "baseline": "middle"}
        layers += [text("_name", x, at("_name_y"), **how, stroke=PAPER, strokeWidth=4, strokeJoin="round"), text("_name", x, at("_name_y"), **how)]
    return spec(width, height, placed, layers, grid=grid, even=even, says=says, marks=marks, feet=feet, heads=heads)


# --- what is known ---------------------------------------------------------------------------------------------------


@functools.cache
def outlines() -> dict[str, Any]:
    """The countries' outlines, as TopoJSON."""
    return json.loads((WORLD / "countries.json").read_text(encoding="utf-8"))


@functools.cache
def points() -> dict[str, list[float]]:
    """A point in each country or area that a map names: longitude and latitude in degrees."""
    return json.loads((WORLD / "points.json").read_text(encoding="utf-8"))


CENTRE = 11
"""The longitude in the middle of the maps: the seam then runs through the Bering Strait and cuts no country of size."""


def _frame(width: int) -> tuple[float, tuple[float, float]]:
    return width / 5.2, (width * 0.483, width * 0.268)


def place(lon: float, lat: float, width: int) -> tuple[float, float]:
    """Where a point lies on a map of a width, in units: the Equal Earth projection (Šavrič, Patterson, Jenny 2018), as `projection` has it."""
    scale, (x, y) = _frame(width)
    turned = math.radians((lon - CENTRE + 180) % 360 - 180)
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    slope = 9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a
    return (
        round(x + scale * 2 * math.sqrt(3) * turned * math.cos(t) / (3 * slope), 1),
        round(y - scale * (d * t**9 + c * t**7 + b * t**3 + a * t), 1),
    )


def projection(width: int) -> Spec:
    """The world without Antarctica, areas true to each other, filling a width."""
    scale, (x, y) = _frame(width)
    return {"type": "equalEarth", "scale": scale, "translate": [x, y], "rotate": [-CENTRE, 0]}


def world_height(width: int) -> int:
    return round(width * 0.472)


def land(fill: str, **mark: Any) -> Spec:
    """A layer of all outlines."""
    return {
        "data": {"name": "land", "format": {"type": "topojson", "feature": "countries"}},
        "mark": {"type": "geoshape", "fill": fill, "stroke": EDGE, "strokeWidth": 0.4, **mark},
    }


def known(edition: Edition, chart: Chart) -> Drawing:
    """A map of the year of the newest count of each country: newer is fuller, old is hatched, and a country without a count is left blank."""
    figures = edition.facts["figures"]
    newest: dict[str, Row] = {}
    for row in rows_of(edition, chart):
        area = figures[row["figure"]].area
        if area not in newest or year_of(row["year"]) > year_of(newest[area]["year"]):
            newest[area] = row | {"country": edition.name("areas", area), "isonum": edition.facts["countries"][area].isonum, "area": area}
    since = chart.options.since
    for row in newest.values():
        row["newest"] = year_of(row["year"])
        row["_since"] = sum(row["newest"] < year for year in since)
    rows = sorted(newest.values(), key=lambda row: collated(row["country"]))
    columns = (Column("country", "figure"), Column("isonum", "code"), Column("year", "date"), Column("value", "value"), Column("kind", "kind"), Column("source", "source"))
    words = edition.words["chart"]
    names = [words["since"].format(since[0]), *(words["from_to"].format(low, high - 1) for high, low in zip(since, since[1:])), words["before"].format(since[-1])]
    key = [*((f"since-{index}", name) for index, name in enumerate(names)), ("unknown", words["unknown"])]
    return Drawing(rows, columns, _known(rows, 900), _known(rows, 900), key, sources_of(rows))


SINCE = (CHART, "var(--chart-mid)", "url(#fine)", "url(#dots)")


def _known(rows: list[Row], width: int) -> Spec:
    shapes = {geometry.get("id") for geometry in outlines()["objects"]["countries"]["geometries"]}
    placed = [row | {"_at": [*points()[row["area"]]], "_small": row["isonum"] not in shapes} for row in rows]
    fill = {"field": "_since", "type": "ordinal", "scale": {"domain": list(range(len(SINCE))), "range": list(SINCE)}, "legend": None}
    layers: list[Spec] = [
        {"projection": projection(width), **land(PAPER)},
        {
            "transform": [
                {"filter": "!datum._small"},
                {
                    "lookup": "isonum",
                    "from": {"data": {"name": "land", "format": {"type": "topojson", "feature": "countries"}}, "key": "id"},
                    "as": "_shape",
                },
            ],
            "projection": projection(width),
            "mark": {"type": "geoshape", "stroke": EDGE, "strokeWidth": 0.4},
            "encoding": {"shape": {"field": "_shape", "type": "geojson"}, "fill": fill},
        },
        {
            "transform": [{"filter": "datum._small"}, {"calculate": "datum._at[0]", "as": "_lon"}, {"calculate": "datum._at[1]", "as": "_lat"}],
            "projection": projection(width),
            "mark": {"type": "circle", "size": 40, "stroke": INK, "strokeWidth": 0.6, "opacity": 1},
            "encoding": {"longitude": {"field": "_lon", "type": "quantitative"}, "latitude": {"field": "_lat", "type": "quantitative"}, "fill": fill},
        },
    ]
    return spec(width, world_height(width), placed, layers, land=outlines())
