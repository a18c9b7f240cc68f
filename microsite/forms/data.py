"""Forms that speak of the data themselves: what can be downloaded, how to cite it, what each key means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from microsite.edition import Page
from microsite.export import package, tables
from microsite.fields import Field, of_kind
from microsite.forms.blocks import block, heading
from microsite.model import KINDS
from microsite.text import numbers


def open_data(page: Page) -> Markup:
    """Every table of the open data with its number of rows, as CSV and JSON with their sizes."""
    everything = tables.tables(page.edition.facts)
    counts = {table.name: numbers.in_full(len(table.rows), page.edition.locale) for table in everything}
    return block(page.render("open-data", tables=everything, counts=counts))


def open_data_file(page: Page, name: str) -> Markup:
    """A link to one file for others, with its type and size: `open_data_file('datapackage.json')`."""
    kinds = page.edition.words["data"]["formats"]
    if name not in kinds:
        raise page.fail(f"open_data_file('{name}'): the build writes no such file below open-data/; there are: {', '.join(kinds)}")
    path = f"open-data/{name}"
    return Markup('<a href="{}" download>{}</a> ({}{})').format(page.file(path), name, kinds[name], page.size(path))


def open_data_series(page: Page) -> Markup:
    """How many series have a small table of their own."""
    return Markup('<span class="computed">{}</span>').format(len(page.edition.facts["figures"]))


def open_data_version(page: Page) -> Markup:
    """The version of the data and the day it speaks of."""
    facts = page.edition.facts
    day = package.last_change(facts)
    return Markup('{} (<time datetime="{}">{}</time>)').format(package.version(facts), day, page.edition.date(day))


def open_data_citation(page: Page) -> Markup:
    """A finished citation of the open data as a whole."""
    edition = page.edition
    title, address = edition.words["data"]["whole"], edition.address("reference/open-data.md")
    cited = edition.cite_part(title, address, package.last_change(edition.facts), package.version(edition.facts))
    return block(Markup('<p class="cite-as">{}</p>').format(cited))


# --- the data dictionary ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A line of the data dictionary: the key's path within the record, and what the model says of it."""

    path: str
    field: Field
    required: bool


def data_dictionary(page: Page) -> Markup:
    """Each kind of record with each of its keys: what may stand there, whether it must, what it means."""
    parts = []
    for kind, model in KINDS.items():
        about = tables.first_paragraph(model.__doc__ or "")
        parts.append(heading(3, page.edition.words["data"]["kinds"].get(kind, kind), f"kind-{kind}"))
        parts.append(block(page.render("dictionary", kind=kind, about=about, keys=list(_keys(of_kind(kind))))))
    return Markup().join(parts)


def _keys(fields: tuple[Field, ...], path: str = "", required: bool = True) -> Iterator[Key]:
    for field in fields:
        here = f"{path}{field.key}"
        yield Key(here, field, required and field.required)
        yield from _keys(field.inner, f"{here}{'[]' if field.many else ''}.", field.required)
