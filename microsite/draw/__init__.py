"""Charts and maps: facts and a chart's record in, the rows as shown and a Vega-Lite specification out; `render` draws it.

Each form of drawing is one pure function; a new one is a function, its name in `FORMS` and in the model's `Chart.form`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from microsite.draw import bars, countries, crossings, history, years
from microsite.draw.base import Column, Drawing
from microsite.model import Chart

if TYPE_CHECKING:
    from microsite.edition import Edition

__all__ = ["FORMS", "Column", "Drawing", "draw"]

FORMS: Mapping[str, Callable[[Edition, Chart], Drawing]] = {
    "vintages": bars.vintages,
    "parts": bars.parts,
    "disagree": bars.disagree,
    "lines": years.lines,
    "slope": years.slope,
    "against-population": countries.against_population,
    "known": countries.known,
    "exchanges": crossings.exchanges,
    "decades": history.decades,
    "descent": history.descent,
}


def draw(edition: Edition, chart: Chart) -> Drawing:
    """A chart in an edition's language. Raises ValueError, naming chart and series, if what it asks for is not there."""
    return FORMS[chart.form](edition, chart)
