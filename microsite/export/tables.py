"""The data as flat tables, CSV and JSON: one table a kind, one row a record. A list inside a record becomes rows or a joined cell.

- A text is a column for each language: `title_en`, `title_it`. A group of keys is prefixed: `first_law_date`.
- A series of figures is a row for each observation, with the columns of the series repeated; so is a formulation for each of its points.
- Another list of groups is a table of its own, such as `events-other-dates`.
- Any other list is one cell, its members joined by `|`; in JSON it is a list.
- In CSV, a text that a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from microsite.fields import Field, of_kind
from microsite.model import KINDS, Facts, parse_date

SEPARATOR = "|"
"""Between the members of a list in one cell."""
ROWS = {"figures": "observations", "formulations": "points"}
"""Kinds with a row for each member of a list, and that list's key."""
EDTF = r"(\.\.|\d{3}X[~?]?|\d{4}(-\d{2}){0,2}[~?]?)(/(\.\.|\d{3}X[~?]?|\d{4}(-\d{2}){0,2}[~?]?))?"


class ExportError(Exception):
    """The data cannot be written in a format. Its text names the record and what would be right."""


Type = Literal["string", "number", "integer", "boolean", "date", "list"]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its type as a table schema names it, and what its cells must be like."""

    name: str
    type: Type
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    refers: tuple[str, ...] = ()
    """The kinds of record that the cell may hold the id of."""
    least: int | None = None
    most: int | None = None
    members: Literal["string", "integer"] = "string"
    """Of a list: the type of its members."""


@dataclass(frozen=True)
class Table:
    """A flat table. `key` names the columns that tell its rows apart, `kind` the kind of record that it is made of."""

    name: str
    kind: str
    meaning: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    key: tuple[str, ...] = ()


# --- from records to rows --------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4)
def tables(facts: Facts) -> tuple[Table, ...]:
    """Every table, in the order of the kinds; rows in the order of the data files."""
    return tuple(table for kind in KINDS for table in _tables_of(facts, kind))


def _tables_of(facts: Facts, kind: str) -> Iterator[Table]:
    languages = {name: language.complete for name, language in facts["languages"].items()}
    records = facts[kind].values()
    own = [field for field in of_kind(kind) if not _is_list_of_groups(field)]
    lists = [field for field in of_kind(kind) if _is_list_of_groups(field)]
    columns = [column for field in own for column in _columns(field, languages)]
    flat = {record.id: _row(record, own, languages, f"{kind}.yml: {record.id}") for record in records}
    meaning = first_paragraph(KINDS[kind].__doc__ or "")
    if kind in ROWS:
        (inside,) = (field for field in lists if field.key == ROWS[kind])
        lists.remove(inside)
        columns += [column for field in inside.inner for column in _columns(field, languages)] + (_YEARS if kind == "figures" else [])
        rows = tuple(
            {**flat[record.id], **_row(item, inside.inner, languages, f"{kind}.yml: {record.id}"), **(_years(item) if kind == "figures" else {})}
            for record in records
            for item in getattr(record, inside.attribute)
        )
        key = ("id", "year", "source") if kind == "figures" else ("id", "key")
        yield Table(kind, kind, f"{meaning} One row is one of its {inside.key}.", tuple(columns), rows, key)
    else:
        if kind == "sources":
            columns.append(_ARCHIVE)
            flat = {record.id: {**flat[record.id], _ARCHIVE.name: nearest_copy(record)} for record in records}
        yield Table(kind, kind, meaning, tuple(columns), tuple(flat.values()), ("id",))
    for field in lists:
        place = [
            Column("of", "string", f"The record of {kind} that this belongs to.", True, refers=(kind,)),
            Column("position", "integer", "Its place among those of the record, from 1.", True, least=1),
        ]
        inner = [column for part in field.inner for column in _columns(part, languages)]
        rows = tuple(
            {"of": record.id, "position": position, **_row(item, field.inner, languages, f"{kind}.yml: {record.id}")}
            for record in records
            for position, item in enumerate(getattr(record, field.attribute), 1)
        )
        yield Table(f"{kind}-{field.key.replace('_', '-')}", kind, field.meaning, (*place, *inner), rows, ("of", "position"))


def _is_list_of_groups(field: Field) -> bool:
    return field.type == "group" and field.many


_TYPES: Mapping[str, Type] = {"number": "number", "whole number": "integer", "yes or no": "boolean", "day": "date"}
_YEARS = [
    Column("first_year", "integer", "The first year that the value speaks of, as a plain number; empty if it is open.", least=1000, most=2109),
    Column("last_year", "integer", "The last year that the value speaks of, as a plain number; empty if it is open.", least=1000, most=2109),
]
_ARCHIVE = Column(
    "archive_search", "string",
    "Where the Internet Archive looks for the copy nearest to the day on which the source was read; whether it keeps one was not checked.",
    pattern=r"https://web\.archive\.org/web/\d{8}/https?://.*",
)  # fmt: skip


def nearest_copy(source: Any) -> str | None:
    """The address that leads to the archived copy of a source nearest to the day it was read, if there is one; None for what has no address."""
    return f"https://web.archive.org/web/{source.accessed.replace('-', '')}/{source.URL}" if source.URL and source.accessed else None


def _years(observation: Any) -> Row:
    start, end = parse_date(observation.year)
    return {"first_year": start and start.year, "last_year": end and end.year + (9 if end.mark == "X" else 0)}


def _columns(field: Field, languages: Mapping[str, bool], prefix: str = "", required: bool = True) -> Iterator[Column]:
    name, required = prefix + field.key, required and field.required
    if field.type == "group":
        for part in field.inner:
            for column in _columns(part, languages, f"{name}_", required):
                yield replace(column, meaning=f"{field.meaning} {column.meaning}")
    elif field.type == "text":
        for language, complete in languages.items():
            yield Column(f"{name}_{language}", "list" if field.many else "string", f"{field.meaning} ({language})", required and complete)
    elif field.many:
        members = "integer" if field.type == "whole number" else "string"
        yield Column(name, "list", f"{field.meaning} Joined by {SEPARATOR}.", required, refers=field.refers, members=members)
    else:
        pattern = EDTF if field.type == "date" else field.pattern
        yield Column(
            name, _TYPES.get(field.type, "string"), field.meaning, required, field.choices, pattern, field.refers, field.least, field.most
        )  # fmt: skip


def _row(record: Any, fields: Iterable[Field], languages: Iterable[str], where: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in fields:
        value = getattr(record, field.attribute, None)
        if field.type == "group":
            row |= {f"{field.key}_{key}": cell for key, cell in _row(value, field.inner, languages, where).items()}
        elif field.type == "text":
            texts = {language: [text.get(language, "") for text in value] if field.many else value and value.get(language) for language in languages}
            row |= {f"{field.key}_{language}": text for language, text in texts.items()}
        elif field.many:
            row[field.key] = [_name(item) if field.type == "name" else item for item in value or ()]
        else:
            row[field.key] = value
    for key, cell in row.items():
        if isinstance(cell, list) and any(SEPARATOR in str(member) for member in cell):
            raise ExportError(f"data/{where}: {key}: '{SEPARATOR}' joins the members of a list and may stand in none; write it another way")
    return row


def _name(name: Any) -> str:
    return name.literal or ", ".join(part for part in (name.family, name.given) if part)


def first_paragraph(text: str) -> str:
    """The first paragraph of a docstring on one line, without code marks."""
    return " ".join(text.split("\n\n")[0].replace("`", "").split())


# --- from rows to files ----------------------------------------------------------------------------------------------


def files(facts: Facts) -> dict[str, bytes]:
    """`open-data/<table>.csv` and `.json` for each table, and `open-data/figures/<id>.csv` for each series."""
    made: dict[str, bytes] = {}
    for table in tables(facts):
        made[f"open-data/{table.name}.csv"] = as_csv(table.columns, table.rows)
        made[f"open-data/{table.name}.json"] = as_json(table)
    return made | {f"open-data/figures/{name}.csv": of_series(facts, name) for name in facts["figures"]}


def as_csv(columns: Iterable[Column], rows: Iterable[Row]) -> bytes:
    """UTF-8 without a mark, a comma between cells, LF at the end of a line, a header row."""
    columns = tuple(columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(row.get(column.name)) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return harmless(SEPARATOR.join(map(str, value)) if isinstance(value, list) else value)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{text}" if re.match(r"[\s\u0000-\u001f]*[=+\-@＝＋－＠]|[\t\r\n]", text) else text


def as_json(table: Table) -> bytes:
    """A list of objects, a row a line, with the table's columns as keys; no cell is left out, empty ones are null."""
    names = [column.name for column in table.columns]
    rows = (json.dumps({name: row.get(name) for name in names}, ensure_ascii=False) for row in table.rows)
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode("utf-8")


_OF_SERIES = ("id", "title", "area", "unit", "year", "first_year", "last_year", "value", "upper", "certainty", "kind", "source")
_MORE_OF_SERIES = ("locator", "also", "note", "derived", "reviewed")


def of_series(facts: Facts, figure_id: str) -> bytes:
    """A small table for one series, for somebody who wants only that: its source is named in words too."""
    columns, rows = _series(facts)
    return as_csv(columns, rows[figure_id])


@functools.lru_cache(maxsize=4)
def _series(facts: Facts) -> tuple[list[Column], dict[str, list[Row]]]:
    """The columns of these tables, and their rows by series."""
    (table,) = (table for table in tables(facts) if table.name == "figures")
    by_base = [(column, re.sub(rf"_({'|'.join(facts['languages'])})$", "", column.name)) for column in table.columns]
    first, last = ([column for name in names for column, base in by_base if base == name] for names in (_OF_SERIES, _MORE_OF_SERIES))
    named = [Column("source_title", "string", "The source’s title."), Column("source_url", "string", "The source’s address.")]
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        source = facts["sources"][row["source"]]
        rows.setdefault(row["id"], []).append({**row, "source_title": source.title, "source_url": source.URL})
    return [*first, *named, *last], rows
