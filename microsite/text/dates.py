"""Dates as an edition writes them, from the EDTF strings of the data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day

from babel import Locale
from babel.dates import format_date, format_skeleton

from microsite.model import Moment, parse_date


def moment(at: Moment, locale: str, patterns: Mapping[str, str]) -> str:
    """One end of a date in words: 21 December 1844, about 1850, the 1960s."""
    if at.mark == "X":
        return patterns["decade"].format(year=at.year)
    if at.month is None:
        shown = str(at.year)
    elif at.day is None:
        shown = format_skeleton("yMMMM", Day(at.year, at.month, 1), locale=locale)
    else:
        shown = format_date(Day(at.year, at.month, at.day), _pattern(at.day, locale), locale=locale)
    return patterns["about"].format(shown) if at.mark else shown


def _pattern(day: int, locale: str) -> str:
    """How a day is written in full, in Babel's pattern language: 21 December 1844. Italian gives the first of a month as an ordinal."""
    pattern = Locale.parse(locale).date_formats["long"].pattern
    return pattern.replace("d", "d'º'") if day == 1 and locale.startswith("it") else pattern


def date(text: str, locale: str, patterns: Mapping[str, str]) -> str:
    """A date or interval in words; `patterns` are the edition's: about, decade, since, until, span."""
    start, end = parse_date(text)
    if start == end and start:
        return moment(start, locale, patterns)
    if start and end:
        dash = "–" if start.month is None and end.month is None and "X" not in (start.mark, end.mark) else " – "
        return moment(start, locale, patterns) + dash + moment(end, locale, patterns)
    if start:
        return patterns["since"].format(moment(start, locale, patterns))
    assert end
    return patterns["until"].format(moment(end, locale, patterns))


def years(text: str, patterns: Mapping[str, str]) -> str:
    """Only the years of a date: 1844, 1894–1923, about 1750."""
    start, end = parse_date(text)
    shown = [patterns["decade"].format(year=at.year) if at.mark == "X" else f"{at.year}" for at in (start, end) if at]
    words = shown[0] if shown[0] == shown[-1] else "–".join(shown)
    if any(at and at.mark in ("~", "?") for at in (start, end)):
        words = patterns["about"].format(words)
    if start is None or end is None:
        return patterns["since" if start else "until"].format(words)
    return words


def machine(text: str) -> str | None:
    """What a `<time datetime>` may hold for this date, or None: HTML knows no intervals, decades or doubts."""
    start, end = parse_date(text)
    if start != end or start is None or start.mark:
        return None
    return text


def first_year(text: str) -> int:
    """The year that a date begins with (or, if open at its start, ends with), for sorting."""
    start, end = parse_date(text)
    at = start or end
    assert at
    return at.year
