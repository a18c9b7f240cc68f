"""What every form of drawing is made of: the rows as shown, their columns, and the frame of a Vega-Lite specification.

Rows are plain values. A key that begins with `_` is layout (a position, a label in the edition's words) and is in neither table nor CSV.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from microsite.model import Chart, Figure, Observation, Shown, parse_date
from microsite.text import numbers

if TYPE_CHECKING:
    from microsite.edition import Edition

Row = dict[str, Any]
Spec = dict[str, Any]

WIDE, NARROW = 620, 300
"""The widths that a drawing is made for, in units that are about a pixel: a page's column, and a small phone's."""
SIZE = 13
EM = 0.58
"""The mean width of a letter in ems, for a rather wide face: readers’ own faces differ."""
INK, MUTED, LINE, EDGE, PAPER = "var(--ink)", "var(--muted)", "var(--line)", "var(--edge)", "var(--paper)"
CHART, PALE, HATCH = "var(--chart)", "var(--chart-pale)", "url(#hatch)"

FILLS = {"counted": CHART, "self-reported": PALE, "estimated": HATCH, "rule": PAPER}
"""How a value came about, to be told apart without colour: full, pale with an outline, hatched."""


@dataclass(frozen=True)
class Column:
    """A column of the table and CSV: the rows' key, and what its values are: text, number, date, value, figure, source, entry."""

    key: str
    kind: str = "text"


@dataclass(frozen=True)
class Drawing:
    """A chart in one language: what is shown, and how. `key` explains fills or shapes: (swatch, words); `sources` are the works that it rests on."""

    rows: Sequence[Row]
    columns: Sequence[Column]
    wide: Spec
    narrow: Spec
    key: Sequence[tuple[str, str]] = ()
    sources: Sequence[str] = ()

    def __post_init__(self) -> None:
        # Where no value is a range, there is no column for its upper end.
        if not any(row.get("upper") is not None for row in self.rows):
            object.__setattr__(self, "columns", tuple(column for column in self.columns if column.key != "upper"))

    @property
    def figures(self) -> list[str]:
        """The series whose values are drawn."""
        found = [row[key] for row in self.rows for key in ("figure", "population_figure") if key in row]
        return list(dict.fromkeys(found))

    @property
    def shown(self) -> list[Row]:
        """The rows as table and CSV hold them."""
        return [{column.key: row.get(column.key) for column in self.columns} for row in self.rows]


def spec(width: int, height: float, rows: Sequence[Row], layers: Sequence[Spec], **datasets: Any) -> Spec:
    """A specification whose marks are drawn at positions given in units, from the top left; `rows` is its data."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": round(height),
        "padding": 0,
        "autosize": {"type": "none"},
        "background": None,
        "datasets": {"rows": list(rows), **datasets},
        "data": {"name": "rows"},
        "layer": list(layers),
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "lineBreak": "\n",
            "point": {"opacity": 1},
            "text": {"font": "sans-serif", "fontSize": SIZE, "lineHeight": SIZE + 4, "fill": INK, "align": "left", "baseline": "alphabetic"},
        },
    }


def at(field: str) -> Spec:
    """A position that a row gives in units."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def along(field: str, domain: Sequence[float], span: Sequence[float], **scale: Any) -> Spec:
    """A position that a value is scaled to: `domain` of the values onto `span` in units."""
    return {"field": field, "type": "quantitative", "scale": {"domain": list(domain), "range": list(span), "zero": False, "nice": False, **scale}, "axis": None}


def text(field: str, x: Spec, y: Spec, **mark: Any) -> Spec:
    """A layer of words."""
    data = {"data": {"name": mark.pop("data")}} if "data" in mark else {}
    keep = [{"filter": mark.pop("filter")}] if "filter" in mark else []
    return {**data, "transform": keep, "mark": {"type": "text", **mark}, "encoding": {"text": {"field": field}, "x": x, "y": y}}


def rules(data: str, **mark: Any) -> Spec:
    """A layer of straight lines from (x, y) to (x2, y2) of a dataset, in units."""
    style = {"stroke": LINE, "strokeWidth": 1, **mark}
    return {"data": {"name": data}, "mark": {"type": "rule", **style}, "encoding": {"x": at("x"), "y": at("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}}


def wrap(words: str, width: float, size: int = SIZE) -> str:
    """Words in lines that fit a width in units, as near as can be said without the reader's fonts."""
    return "\n".join(textwrap.wrap(words, max(8, int(width / (size * EM))), break_on_hyphens=False, break_long_words=False))


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Where labels stand one below the other, each as near as can be to where it is `wanted` (its top, in rising order), none on another.

    Labels that would overlap are taken together and centred on the mean of what they want; all stay between `low` and `high` if they fit.
    """
    groups: list[list[int]] = []
    tops: list[float] = []

    def top_of(group: list[int]) -> float:
        before, total = 0.0, 0.0
        for index in group:
            total += wanted[index] - before
            before += heights[index]
        return min(max(total / len(group), low), max(low, high - before))

    for index in range(len(wanted)):
        groups.append([index])
        tops.append(top_of(groups[-1]))
        while len(groups) > 1 and tops[-2] + sum(heights[i] for i in groups[-2]) > tops[-1]:
            last = groups.pop()
            tops.pop()
            groups[-1] += last
            tops[-1] = top_of(groups[-1])
    places = [0.0] * len(wanted)
    for group, top in zip(groups, tops, strict=True):
        for index in group:
            places[index] = round(top, 1)
            top += heights[index]
    return places


def lines_of(words: str) -> int:
    return words.count("\n") + 1


# --- observations ----------------------------------------------------------------------------------------------------


def observations(edition: Edition, shown: Shown) -> list[Observation]:
    """Those of a series that a chart shows, oldest first."""
    return [
        o
        for o in edition.facts["figures"][shown.figure].observations
        if (not shown.years or o.year in shown.years) and (not shown.sources or o.source in shown.sources)
    ]


OBSERVED = (
    Column("series", "figure"), Column("year", "date"), Column("value", "value"), Column("upper", "upper"), Column("unit", "unit"),
    Column("certainty", "certainty"), Column("kind", "kind"), Column("source", "source"),
)  # fmt: skip
"""The columns of a chart of observations."""


def observed(edition: Edition, shown: Shown, o: Observation) -> Row:
    """An observation as a row."""
    figure: Figure = edition.facts["figures"][shown.figure]
    return {
        "figure": figure.id,
        "series": edition.text(shown.label or figure.title),
        "year": o.year,
        "value": o.value,
        "upper": o.upper,
        "unit": figure.unit,
        "certainty": o.certainty,
        "kind": o.kind,
        "source": o.source,
        "_shown": short(edition, o.value, figure.unit, o.upper),
        "_time": time(o.year),
    }


def rows_of(edition: Edition, chart: Chart) -> list[Row]:
    """Every observation that a chart shows, series by series. What a chart asks for and the series has not is an error."""
    rows = []
    for shown in chart.figures:
        found = observations(edition, shown)
        missing = set(shown.years) - {o.year for o in found}
        if missing or not found:
            raise ValueError(f"charts.yml: {chart.id}: {shown.figure} has no observation for {', '.join(sorted(missing)) or 'what is asked'}")
        rows += [{**observed(edition, shown, o), "_group": edition.text(shown.group) if shown.group else ""} for o in found]
    return rows


def sources_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["source"] for row in rows))


def time(year: str) -> float:
    """Where a date stands on an axis of years: in the middle of what it names; one that is still open at its beginning."""
    start, end = parse_date(year)
    ends = [m for m in (start, end) if m]

    def middle(m: Any) -> float:
        if m.mark == "X":
            return m.year + 5
        return m.year + ((m.month - 0.5) / 12 if m.month else 0.5)

    chosen = ends if start and end else ends[:1]
    return round(sum(map(middle, chosen)) / len(chosen), 3)


def year_of(year: str) -> int:
    """The last year that a date speaks of (of an open one, the first)."""
    start, end = parse_date(year)
    moment = end or start
    assert moment
    return moment.year


def written(edition: Edition, value: float, unit: str, upper: float | None = None, certainty: str = "exact", **how: Any) -> str:
    """A value in the edition's words."""
    return edition.value(SimpleNamespace(value=value, upper=upper, certainty=certainty), unit, **how)  # type: ignore[arg-type]


def short(edition: Edition, value: float, unit: str, upper: float | None = None) -> str:
    """A value as it stands on a drawing: bare, for the subtitle names currency and unit; per cent with their sign."""
    kind = edition.facts["units"][unit].kind
    form = numbers.money if kind == "money" else numbers.number
    shown = "–".join(form(end, edition.locale) for end in (value, upper) if end is not None)
    return f"{shown}%" if kind == "per-cent" else shown


def kinds_key(edition: Edition, rows: Iterable[Row]) -> list[tuple[str, str]]:
    """The fills of a chart of observations, explained; none if all are of one kind."""
    kinds = [kind for kind in FILLS if kind in {row["kind"] for row in rows}]
    return [(kind, edition.words["kinds"][kind]) for kind in kinds]
