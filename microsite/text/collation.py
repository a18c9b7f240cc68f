"""The order of words in a list, as a reader of any of the editions' languages looks for them."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that are no plain letter with an accent, and where they are looked for."""


def collated(words: str) -> str:
    """A sort key: é stands beside e, capitals beside small letters, and other marks count for nothing but that, like a space, they end a word:
    “dell’arte” stands before “della”."""
    plain = unicodedata.normalize("NFKD", words.casefold().translate(_LETTERS))
    kept = (" " if not c.isalnum() else c for c in plain if not unicodedata.combining(c) and c not in "«»“”„‘\"")
    return " ".join("".join(kept).split())
