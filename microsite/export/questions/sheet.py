"""CSV: one row a question, the same columns whatever its type, for spreadsheets, forms and games in class."""

from __future__ import annotations

from typing import Any

from microsite.export.questions.bank import Item, Set
from microsite.export.tables import SEPARATOR, Column, ExportError, as_csv

ENDING = "csv"
ROOM = 8
"""Answers, pairs or steps that a row has room for."""
_BEFORE = ("id", "language", "lesson", "objective", "principles", "type", "level", "question")
_AFTER = ("right", "tolerance", "unit", "feedback", "misconception", "sources", "updated")
_LISTS = ("principles", "sources")
COLUMNS = tuple(
    Column(name, "list" if name in _LISTS else "string", "")
    for name in (*_BEFORE, *(f"{kind}_{place}" for kind in ("option", "partner", "reason") for place in range(1, ROOM + 1)), *_AFTER)
)
"""The columns; `question_files.columns` of the interface words says what each holds."""


def content(one: Set) -> bytes:
    return as_csv(COLUMNS, [_row(item) for item in one.items])


def _row(item: Item) -> dict[str, Any]:
    q = item.question
    row: dict[str, Any] = {
        "id": q.id, "language": item.edition.language, "lesson": q.lesson, "objective": q.objective, "principles": list(q.principles), "type": q.type,
        "level": q.level, "question": item.stem, "right": _right(item), "tolerance": q.tolerance, "unit": item.unit or None,
        "feedback": item.feedback, "misconception": q.misconception, "sources": list(q.sources), "updated": q.updated,
    }  # fmt: skip
    shown = item.choices or item.parts
    if len(shown) > ROOM:
        raise ExportError(f"data/questions.yml: {q.id}: {len(shown)} answers; a row of the CSV has room for {ROOM}")
    for place, part in enumerate(shown, 1):
        row |= {f"option_{place}": part.text, f"partner_{place}": getattr(part, "partner", None), f"reason_{place}": part.why}
    return row


def _right(item: Item) -> int | float | str | None:
    """The numbers of the right options; of a numeric question the number, of a short one what counts, of an order the options' numbers in it."""
    if item.choices:
        return SEPARATOR.join(str(place) for place, choice in enumerate(item.choices, 1) if choice.right)
    if item.type == "order":
        return SEPARATOR.join(str(place) for _, place in sorted((part.key, place) for place, part in enumerate(item.parts, 1)))
    if item.type == "short":
        return SEPARATOR.join(item.accepted)
    return item.number
