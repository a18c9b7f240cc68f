"""How large the files for others are, in words, for the forms that offer them."""

from __future__ import annotations

from collections.abc import Callable

from microsite import export
from microsite.edition import Edition
from microsite.text import numbers


def sizes(edition: Edition) -> Callable[[str], str]:
    """A function from a file's path below the site's root to its size in words; raises KeyError for a file that the build does not write."""
    return lambda path: numbers.size(len(export.files(edition.facts)[path]), edition.locale)
