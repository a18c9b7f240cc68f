"""A CSV for each chart and language: exactly the rows that its drawing shows, with their columns' keys as heads."""

from __future__ import annotations

import csv
import io
from typing import Any

from microsite.draw import Drawing, draw
from microsite.edition import Edition
from microsite.export.tables import harmless
from microsite.model import Facts


def path(language: str, chart_id: str) -> str:
    """Where a chart's rows stand, below the site's root."""
    return f"open-data/charts/{language}/{chart_id}.csv"


def rows_csv(drawing: Drawing) -> str:
    """The rows as CSV: values as the data has them, dates in EDTF, nothing where there is nothing; no text that becomes a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.key for column in drawing.columns], lineterminator="\n")
    writer.writeheader()
    for row in drawing.shown:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else value


def files(facts: Facts) -> dict[str, bytes]:
    """Every chart's rows in every language."""
    made = {}
    for language in facts["languages"]:
        edition = Edition(language, facts)
        for chart in facts["charts"].values():
            made[path(language, chart.id)] = rows_csv(draw(edition, chart)).encode()
    return made
