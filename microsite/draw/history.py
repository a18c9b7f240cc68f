"""History at a glance: the events by decade and continent, and the descent of the principles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsite.draw.base import (
    CHART, EDGE, LINE, MUTED, NARROW, PAPER, SIZE, WIDE, Column, Drawing, Row, Spec, at, lines_of, rules, spec, spread, text, time, wrap,
)  # fmt: skip
from microsite.model import Chart, Continent
from microsite.text.dates import first_year

if TYPE_CHECKING:
    from microsite.edition import Edition

CONTINENTS = Continent.__args__


# --- the timeline ----------------------------------------------------------------------------------------------------


def decades(edition: Edition, chart: Chart) -> Drawing:
    """A dot for each event, in the column of its continent and at the height of its decade; milestones are filled and named beside."""
    since = chart.options.since[-1]
    rows: list[Row] = []
    for event in sorted(edition.facts["events"].values(), key=lambda e: time(e.date)):
        if first_year(event.date) >= since:
            continent = edition.facts.continent(event.area)
            rows.append(
                {
                    "event": event.id, "title": edition.text(event.title), "year": event.date, "decade": first_year(event.date) // 10 * 10,
                    "continent": edition.words["continents"][continent] if continent else edition.words["chart"]["everywhere"],
                    "milestone": event.milestone, "_column": CONTINENTS.index(continent) if continent else len(CONTINENTS),
                }
            )  # fmt: skip
    columns = (Column("year", "date"), Column("title", "event"), Column("continent"), Column("decade"), Column("milestone", "yes"))
    short = [*edition.words["chart"]["continents"].values()]
    return Drawing(rows, columns, _decades(edition, rows, WIDE, short), _decades(edition, rows, NARROW, short))


def _decades(edition: Edition, rows: list[Row], width: int, names: list[str]) -> Spec:
    wide = width > NARROW
    left, step, dot, deep, size = (40, 34, 4.6, 3, SIZE) if wide else (34, 31, 2.9, 4, 11.5)
    counted: dict[tuple[int, int], int] = {}
    for row in rows:
        counted[row["_column"], row["decade"]] = counted.get((row["_column"], row["decade"]), 0) + 1
    across = {column: max(n for (c, _), n in counted.items() if c == column) for column in range(len(names))}
    first, last = rows[0]["decade"], max(row["decade"] for row in rows)
    # So many dots deep at most; a column is as wide as its fullest decade then asks for.
    starts, x = [], float(left)
    for column in range(len(names)):
        starts.append(x)
        x += max(dot * 2.15 * -(-across[column] // deep) + (10 if wide else 5), 17 if wide else 14)
    right = x
    top = 58
    seen: dict[tuple[int, int], int] = {}
    placed: list[Row] = []
    for row in rows:
        n = seen[row["_column"], row["decade"]] = seen.get((row["_column"], row["decade"]), -1) + 1
        y = top + (row["decade"] - first) / 10 * step
        placed.append({**row, "_x": round(starts[row["_column"]] + dot + n // deep * dot * 2.15, 1), "_y": round(y + dot + 3 + n % deep * dot * 2.15, 1)})
    height = top + ((last - first) / 10 + 1) * step + 4
    lines = [{"x": left - 6, "x2": right - 8, "y": top + (d - first) / 10 * step, "y2": top + (d - first) / 10 * step} for d in range(first, last + 10, 10)]
    every = 10 if wide else 20
    years = [{"words": str(d), "x": 0, "y": top + (d - first) / 10 * step + step / 2 + 5} for d in range(first, last + 10, 10) if (d - first) % every == 0]
    heads = [{"words": name, "x": round(start + dot, 1), "y": top - 8} for name, start in zip(names, starts, strict=True)]
    told = [row for row in placed if row["milestone"]]
    room = width - right - 4
    words = [wrap(f"{edition.years(row['year'])}  {row['title']}", room, size) for row in told]
    tall = [lines_of(shown) * (size + 2) + 6 for shown in words]
    tops = spread([row["_y"] - size / 2 - 1 for row in told], tall, top - 10, height)
    height = max(height, tops[-1] + tall[-1])
    labels = [{"words": shown, "x": right + 4, "y": round(y + size, 1)} for shown, y in zip(words, tops, strict=True)]
    leaders = [
        {"x": row["_x"] + dot, "x2": right, "y": row["_y"], "y2": round(y + size * 0.62, 1)} for row, y in zip(told, tops, strict=True)
    ]
    layers: list[Spec] = [
        rules("lines"),
        rules("leaders", stroke=EDGE, strokeWidth=0.7),
        text("words", at("x"), at("y"), data="years", fill=MUTED, fontSize=size),
        text("words", at("x"), at("y"), data="heads", angle=-48, fontSize=size),
        {
            "mark": {"type": "point", "size": round(3.14 * (dot - 0.8) ** 2), "stroke": CHART, "strokeWidth": 1.4},
            "encoding": {"x": at("_x"), "y": at("_y"), "fill": {"condition": {"test": "datum.milestone", "value": CHART}, "value": PAPER}},
        },
        text("words", at("x"), at("y"), data="labels", fontSize=size, lineHeight=size + 2),
    ]
    return spec(width, height, placed, layers, lines=lines, years=years, heads=heads, labels=labels, leaders=leaders)


# --- the principles --------------------------------------------------------------------------------------------------

LANES = 8
"""A lane for each of the seven principles, and one for what is no longer a principle."""


def descent(edition: Edition, chart: Chart) -> Drawing:
    """Each point of each formulation, joined to the points that it came from, in the colour of the principle that it became."""
    principles = {p.id: p.number for p in edition.facts["principles"].values()}
    rows: list[Row] = []
    for formulation in sorted(edition.facts["formulations"].values(), key=lambda f: time(f.date)):
        for point in formulation.points:
            numbers = [principles[p] for p in point.principles]
            rows.append(
                {
                    "formulation": formulation.id, "year": formulation.date[:4], "name": edition.text(formulation.name), "number": point.number,
                    "text": edition.text(point.text), "principles": ", ".join(map(str, numbers)),
                    "from": ", ".join(_text_of(edition, formulation.follows, key) for key in point.comes_from),
                    "_key": point.key, "_comes_from": list(point.comes_from), "_follows": formulation.follows,
                    "_lane": min(numbers) if numbers else LANES, "_lanes": numbers,
                }
            )  # fmt: skip
    columns = (Column("year"), Column("name", "formulation"), Column("number"), Column("text"), Column("from"), Column("principles"))
    sources = list(dict.fromkeys(s for f in edition.facts["formulations"].values() for s in f.sources))
    named = sorted(edition.facts["principles"].values(), key=lambda p: p.number)
    key = [*((f"p{p.number}", f"{p.number} {edition.text(p.short_name)}") for p in named), ("dropped", edition.words["chart"]["dropped"])]
    return Drawing(rows, columns, _descent_wide(rows), _descent_narrow(rows), key, sources)


def _text_of(edition: Edition, formulation: str | None, key: str) -> str:
    return next(edition.text(p.text) for p in edition.facts["formulations"][formulation].points if p.key == key)


def _links(rows: list[Row]) -> list[Row]:
    """A curve for each `comes_from`, in the colour of the younger point, as points of a line."""
    at_key = {(row["formulation"], row["_key"]): row for row in rows}
    return [
        {"one": at_key[row["_follows"], key], "other": row, "lane": row["_lane"]}
        for row in rows
        for key in row["_comes_from"]
    ]


def _colour(lane: int) -> str:
    return f"var(--s{lane})" if lane < LANES else "var(--edge)"


def _edge(lane: int) -> str:
    """The line round a stripe: in the text colour of its principle, which has the contrast that a bright stripe may lack."""
    return f"var(--c{lane})" if lane < LANES else "var(--muted)"


def _descent_wide(rows: list[Row]) -> Spec:
    width, left, right, top = 736, 10, 158, 40
    years = [int(year) for year in dict.fromkeys(row["year"] for row in rows)]
    per_year = (width - left - right) / (years[-1] - years[0])
    x_of = {str(year): round(left + (year - years[0]) * per_year, 1) for year in years}
    # A band for each lane, in it as many rows as one list has points there; each row as high as its longest words.
    rooms = {year: (x_of[str(years[i + 1])] - x if i + 1 < len(years) else right) - 16 for i, (year, x) in enumerate(x_of.items())}
    grid: dict[tuple[int, str], list[Row]] = {}
    for lane in range(1, LANES + 1):
        before: list[Row] = []
        for year in x_of:
            here = [row for row in rows if row["year"] == year and row["_lane"] == lane]
            # Points keep the order of those they came from, so that lines do not cross without need.
            here.sort(key=lambda row: next((i for i, old in enumerate(before) if old["_key"] in row["_comes_from"]), len(before)))
            grid[lane, year] = before = [
                {**row, "_words": wrap(f"{row['number']}. {row['text']}" if row["number"] else row["text"], min(rooms[year], 300), 12)} for row in here
            ]
    placed: list[Row] = []
    y = float(top)
    for lane in range(1, LANES + 1):
        cells = [grid[lane, year] for year in x_of]
        step = max(lines_of(row["_words"]) for here in cells for row in here) * 14 + 34
        deep = max(map(len, cells))
        for year, here in zip(x_of, cells, strict=True):
            for number, row in enumerate(here):
                line = round(y + step * deep * (number + 0.5) / len(here) - step / 2 + 10, 1)
                placed.append({**row, "_x": x_of[year], "_y": line, "_words_y": line + 21, "_fill": _colour(lane), "_stroke": _edge(lane)})
        y += deep * step
    height = y
    curves = []
    for index, link in enumerate(_links(placed)):
        one, other = link["one"], link["other"]
        for part in range(13):
            # Level where the words stand below it, and bent near the younger point.
            t = part / 12
            bent = max(0.0, (t - 0.4) / 0.6)
            curves.append(
                {
                    "link": index, "order": part, "x": round(one["_x"] + (other["_x"] - one["_x"]) * t, 1),
                    "y": round(one["_y"] + (other["_y"] - one["_y"]) * bent * bent * (3 - 2 * bent), 1),
                    "colour": _colour(link["lane"]), "edge": _edge(link["lane"]),
                }
            )  # fmt: skip
    heads = [{"words": year, "x": x - 7, "y": 14} for year, x in x_of.items()]
    posts = [{"x": x, "x2": x, "y": 22, "y2": height - 10} for x in x_of.values()]
    return spec(width, height, placed, _flow("_words"), curves=curves, heads=heads, posts=posts)


def _flow(words: str) -> list[Spec]:
    curve = {"x": at("x"), "y": at("y"), "order": {"field": "order"}, "detail": {"field": "link"}}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    layers: list[Spec] = [
        rules("posts", stroke=LINE),
        {"data": {"name": "curves"}, "mark": {"type": "line", "strokeWidth": 8.5}, "encoding": {**curve, "stroke": {**colour, "field": "edge"}}},
        {"data": {"name": "curves"}, "mark": {"type": "line", "strokeWidth": 6.5}, "encoding": {**curve, "stroke": colour}},
        text("words", at("x"), at("y"), data="heads", fontWeight=700),
        {
            "mark": {"type": "point", "shape": "circle", "size": 200, "strokeWidth": 2},
            "encoding": {
                "x": at("_x"), "y": at("_y"), "fill": {"field": "_fill", "type": "nominal", "scale": None},
                "stroke": {"field": "_stroke", "type": "nominal", "scale": None},
            },
        },
    ]  # fmt: skip
    if words:
        how = {"dx": -7, "fontSize": 12, "lineHeight": 14}
        layers += [
            text(words, at("_x"), at("_words_y"), **how, stroke=PAPER, strokeWidth=4, strokeJoin="round"),
            text(words, at("_x"), at("_words_y"), **how),
        ]
    return layers


def _descent_narrow(rows: list[Row]) -> Spec:
    width, left, top, last = NARROW, 52, 66, 470
    lane = (width - left - 8) / LANES
    years = [int(year) for year in dict.fromkeys(row["year"] for row in rows)]
    y_of = {str(year): round(top + (year - years[0]) / (years[-1] - years[0]) * last, 1) for year in years}
    placed: list[Row] = []
    for year, y in y_of.items():
        own = [row for row in rows if row["year"] == year]
        for number in range(1, LANES + 1):
            here = [row for row in own if row["_lane"] == number]
            for index, row in enumerate(here):
                x = left + (number - 0.5) * lane + (index - (len(here) - 1) / 2) * 15
                placed.append({**row, "_x": round(x, 1), "_y": y, "_fill": _colour(number), "_stroke": _edge(number), "_mark": str(row["number"] or "")})
    curves = []
    for index, link in enumerate(_links(placed)):
        one, other = link["one"], link["other"]
        for part in range(9):
            t = part / 8
            smooth = t * t * (3 - 2 * t)
            curves.append(
                {
                    "link": index, "order": part, "x": round(one["_x"] + (other["_x"] - one["_x"]) * smooth, 1),
                    "y": round(one["_y"] + (other["_y"] - one["_y"]) * t, 1), "colour": _colour(link["lane"]), "edge": _edge(link["lane"]),
                }
            )  # fmt: skip
    heads = [{"words": year, "x": 0, "y": y + 5} for year, y in y_of.items()]
    posts = [{"x": left - 8, "x2": width, "y": y, "y2": y} for y in y_of.values()]
    names = [{"words": str(number) if number < LANES else "–", "x": left + (number - 0.5) * lane, "y": top + last + 32} for number in range(1, LANES + 1)]
    heads_above = [{**name, "y": 20} for name in names]
    layers = _flow("")
    layers += [
        text("words", at("x"), at("y"), data="names", align="center", fontWeight=700, lineHeight=14),
        text("words", at("x"), at("y"), data="above", align="center", fontWeight=700, lineHeight=14),
    ]
    return spec(width, top + last + 44, placed, layers, curves=curves, heads=heads, posts=posts, names=names, above=heads_above)
