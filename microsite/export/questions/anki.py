"""Flash cards as text for Anki. The first column is a card's permanent id: importing a newer file changes cards and keeps what was learned."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from html import escape

from microsite.export.questions.bank import Item, Set
from microsite.settings import site_name

ENDING = "tsv"
_LETTERS = ' type="A"'


def content(one: Set) -> bytes:
    """Header lines that Anki reads, then a card a line: id, front, back, tags."""
    language = one.edition.facts["languages"][one.edition.language].name
    text = io.StringIO(newline="")
    # Named columns would have to bear the names that the note's fields have in the learner's language; without names, order decides.
    text.write(f"#separator:tab\n#html:true\n#guid column:1\n#tags column:4\n#deck:{site_name()}::{language}\n")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows((card_id(item), _front(item), _back(item), " ".join(item.tags)) for item in one.items)
    return text.getvalue().encode("utf-8")


def card_id(item: Item) -> str:
    """The card's id: the question's, with the language, so that one collection can hold both."""
    return f"{item.edition.language}-{item.id}"


def _front(item: Item) -> str:
    front = f"<p>{_e(item.asked)}</p>"
    if item.type == "multiple":
        front += f"<p><i>{_e(item.words['several'])}</i></p>"
    if item.choices:
        front += _list("ol", [_e(choice.text) for choice in item.choices], _LETTERS)
    elif item.type == "match":
        partners = sorted({part.partner for part in item.parts}, key=str.casefold)
        front += _list("ul", [_e(part.text) for part in item.parts]) + _list("ul", map(_e, partners))
    elif item.parts:
        front += _list("ul", [_e(part.text) for part in item.parts])
    return front


def _back(item: Item) -> str:
    if item.choices:
        marks = {True: f"✓ {item.words['right']}", False: f"✗ {item.words['wrong']}"}
        back = _list("ol", [f"<b>{_e(marks[c.right])}:</b> {_e(c.text)}<br>{_e(c.why)}" for c in item.choices], _LETTERS)
    elif item.type == "match":
        back = _list("ul", [f"{_e(part.text)} – <b>{_e(part.partner)}</b><br>{_e(part.why)}" for part in item.parts])
    elif item.parts:
        back = _list("ol", [f"<b>{_e(part.text)}</b><br>{_e(part.why)}" for part in sorted(item.parts, key=lambda part: part.key)])
    elif item.number is not None:
        back = f"<p><b>{_e(item.answer)}</b></p>"
    else:
        back = _list("ul", [f"<b>{_e(answer)}</b>" for answer in item.accepted])
    return f"{back}<p>{_e(item.feedback)}</p>"


def _e(text: str) -> str:
    return escape(text, quote=False)


def _list(kind: str, items: Iterable[str], style: str = "") -> str:
    return f"<{kind}{style}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"
