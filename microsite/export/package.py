"""The whole of the open data as a Data Package (version 2): every table with its schema, made from the models."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from microsite.export import tables
from microsite.export.tables import Column, Table
from microsite.model import Facts
from microsite.settings import LICENCE, settings, site_name, site_url

PROFILES = "https://datapackage.org/profiles/2.0"


@functools.lru_cache(maxsize=4)
def last_change(facts: Facts) -> str:
    """The day of the data: the last on which a source was read, a value compared with its source, or something corrected (ISO 8601)."""
    reviewed = (o.reviewed for figure in facts["figures"].values() for o in figure.observations)
    read = (source.accessed for source in facts["sources"].values() if source.accessed)
    return max((*reviewed, *read, *(change.date for change in facts["changes"].values())))


def version(facts: Facts) -> str:
    """The day of the data as a version number: 2026.11.22."""
    return ".".join(str(int(part)) for part in last_change(facts).split("-"))


def files(facts: Facts) -> dict[str, bytes]:
    """`open-data/datapackage.json`."""
    return {"open-data/datapackage.json": (json.dumps(package(facts), ensure_ascii=False, indent=1) + "\n").encode("utf-8")}


def package(facts: Facts) -> dict[str, Any]:
    """The description of the package."""
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "working-together",
        "id": f"{site_url()}open-data/datapackage.json",
        "title": f"{site_name()}: open data on co-operatives",
        "description": settings()["site_description"].strip() + " Every value names its source; texts are in English and Italian.",
        "homepage": site_url(),
        "version": version(facts),
        "created": f"{last_change(facts)}T00:00:00Z",
        "keywords": ["co-operatives", "cooperative principles", "statistics", "history", "cooperazione"],
        "licenses": [LICENCE],
        "contributors": [{"title": site_name(), "path": site_url(), "roles": ["creator", "maintainer"]}],
        "sources": [
            {"title": source.title, **({"path": source.URL} if source.URL else {})} for source in facts["sources"].values()
        ],
        "resources": [resource(table, tables.tables(facts)) for table in tables.tables(facts)],
    }  # fmt: skip


def resource(table: Table, everything: tuple[Table, ...]) -> dict[str, Any]:
    content = tables.as_csv(table.columns, table.rows)
    known = {other.name: other for other in everything}
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if keys := [key for column in table.columns if (key := foreign_key(table, column, known))]:
        schema["foreignKeys"] = keys
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "title": table.name.replace("-", " ").capitalize(),
        "description": table.meaning,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"$schema": f"{PROFILES}/tabledialect.json", "delimiter": ",", "lineTerminator": "\n", "header": True},
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "licenses": [LICENCE],
        "schema": schema,
    }


def field(column: Column) -> dict[str, Any]:
    """A column as a table schema tells it. A unit of measure cannot be told here: it stands in the column `unit` of the same row."""
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.pattern and column.type == "string":
        constraints["pattern"] = column.pattern
    if column.least is not None:
        constraints["minimum"] = column.least
    if column.most is not None:
        constraints["maximum"] = column.most
    made: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.meaning + _names(column)}
    if column.type == "list":
        made |= {"delimiter": tables.SEPARATOR, "itemType": column.members}
    return made | ({"constraints": constraints} if constraints else {})


def _names(column: Column) -> str:
    """What a foreign key cannot express: a list of ids, or ids of several kinds."""
    if not column.refers or (len(column.refers) == 1 and column.type != "list"):
        return ""
    return f" Holds ids of {' or '.join(column.refers)}."


def foreign_key(table: Table, column: Column, known: Mapping[str, Table]) -> dict[str, Any] | None:
    """A foreign key, where the column holds one id of one kind, and that kind has a row a record."""
    if column.type == "list" or len(column.refers) != 1 or "id" not in known[column.refers[0]].key or len(known[column.refers[0]].key) > 1:
        return None
    (kind,) = column.refers
    return {"fields": [column.name], "reference": {"resource": "" if kind == table.name else kind, "fields": ["id"]}}
