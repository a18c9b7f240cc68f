"""The map of exchanges across borders: an arc for each way that help, goods or visitors took."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from microsite.draw.base import CHART, INK, Column, Drawing, Row, Spec, at, spec
from microsite.draw.countries import land, outlines, place, points, projection, world_height
from microsite.model import Chart

if TYPE_CHECKING:
    from microsite.edition import Edition

WIDTH = 900


def exchanges(edition: Edition, chart: Chart) -> Drawing:
    """An arc from each place to each place of every exchange; one to the world at large has no place to go to and is left out.

    Each arc carries its continents and kinds, as the entries of the list of exchanges do, so that a choice there holds here too.
    """
    rows: list[Row] = []
    for exchange in edition.facts["exchanges"].values():
        continents = " ".join(edition.continents_of((*exchange.from_, *exchange.to)))
        for start in exchange.from_:
            for end in exchange.to:
                if start not in points() or end not in points():
                    continue
                ends = "marker-end=url(#arrow)" + (";marker-start=url(#arrow)" if exchange.both_ways else "")
                rows.append(
                    {
                        "exchange": exchange.id, "title": edition.text(exchange.title), "from": edition.name("areas", start),
                        "to": edition.name("areas", end), "both_ways": exchange.both_ways, "year": exchange.date,
                        "kinds": ", ".join(edition.words["exchange"][kind] for kind in exchange.kinds),
                        "_line": {"type": "LineString", "coordinates": _arc(place(*points()[start], WIDTH), place(*points()[end], WIDTH))},
                        "_data": f"data continent={continents};kind={' '.join(exchange.kinds)};{ends}",
                    }
                )  # fmt: skip
    columns = (
        Column("title", "exchange"), Column("from"), Column("to"), Column("both_ways", "yes"), Column("year", "date"), Column("kinds"),
    )  # fmt: skip
    made = _arcs(rows)
    return Drawing(rows, columns, made, made)


def _arc(one: tuple[float, float], other: tuple[float, float]) -> list[list[float]]:
    """A curve from one point to the other in units, bowed towards the north, flatter the longer it is."""
    (x1, y1), (x2, y2) = one, other
    away = math.hypot(x2 - x1, y2 - y1) or 1
    bow = min(0.22 * away, 60)
    # Straight up from the middle of the way, and a little to the side, so that arcs of one direction do not lie on each other.
    mid_x, mid_y = (x1 + x2) / 2 + bow * 0.35 * (y1 - y2) / away, (y1 + y2) / 2 - bow * 2 * (0.35 + 0.65 * abs(x2 - x1) / away)
    curve = []
    for step in range(17):
        t = step / 16
        curve.append(
            [round((1 - t) ** 2 * start + 2 * t * (1 - t) * mid + t**2 * end, 1) for start, mid, end in ((x1, mid_x, x2), (y1, mid_y, y2))]
        )
    return curve


def _arcs(rows: list[Row]) -> Spec:
    ends = sorted({tuple(end) for row in rows for end in (row["_line"]["coordinates"][0], row["_line"]["coordinates"][-1])})
    places = [{"x": x, "y": y} for x, y in ends]
    layers: list[Spec] = [
        {"projection": projection(WIDTH), **land("var(--land)", stroke="var(--land-line)", strokeWidth=0.6)},
        {
            "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
            "mark": {"type": "geoshape", "filled": False, "stroke": CHART, "strokeWidth": 1.2, "aria": True},
            "encoding": {"shape": {"field": "_line", "type": "geojson"}, "description": {"field": "_data"}},
        },
        {
            "data": {"name": "places"},
            "mark": {"type": "circle", "size": 16, "fill": INK, "opacity": 1},
            "encoding": {"x": at("x"), "y": at("y")},
        },
    ]
    return spec(WIDTH, world_height(WIDTH), rows, layers, land=outlines(), places=places)
