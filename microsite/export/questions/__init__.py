"""The question bank for other programs: one module a format, a file for each edition and each set of questions."""

from __future__ import annotations

from types import ModuleType

from microsite.edition import Edition
from microsite.export.questions import anki, gift, moodle, qti, sheet
from microsite.export.questions.bank import Set, sets
from microsite.model import Facts

FOLDER = "downloads/questions"
"""Where the files stand, below the site's root."""
FORMATS = (gift, moodle, qti, sheet, anki)
"""The modules that make them: each has `content(set)`, and the ending of its files' names."""


def path(language: str, set_id: str, ending: str) -> str:
    """Where a file stands, below the site's root."""
    return f"{FOLDER}/{language}/{set_id}.{ending}"


def files(facts: Facts) -> dict[str, bytes]:
    """Every set in every complete edition's language and every format that can ask its questions."""
    made = {}
    for language in (name for name, one in facts["languages"].items() if one.complete):
        for one in sets(Edition(language, facts)):
            made |= {path(language, one.id, format.ENDING): format.content(one) for format in formats(one)}
    return made


def formats(one: Set) -> list[ModuleType]:
    """Those that can ask at least one question of a set."""
    return [format for format in FORMATS if format is not qti or any(item.type in qti.TYPES for item in one.items)]
