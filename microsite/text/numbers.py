"""Numbers as an edition writes them. Nothing is rounded here: a number is shortened only where no digit is lost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal, get_currency_symbol

from microsite.model import Unit

NBSP, MINUS = "\u00a0", "\u2212"
SIGNIFICANT = 5
"""A number from a million up with no more digits than this that matter is written with a word: 11.213 billion."""


def number(value: int | float, locale: str) -> str:
    """A number in full or, from a million up, with "million" and so on if that loses nothing: 724,904,821 but 1.2 billion."""
    exact = Decimal(str(value))
    digits = len(exact.normalize().as_tuple().digits)
    if abs(exact) >= 1_000_000 and digits <= SIGNIFICANT:
        short = format_compact_decimal(exact, format_type="long", locale=locale, fraction_digits=SIGNIFICANT)
        # Italian has no word of its own for a million millions: 2.789 miliardi, and not 2,789 mila miliardi.
        if short.endswith("mila miliardi") and exact % 10**12:
            short = f"{in_full(float(exact / 10**9), locale)} miliardi"
        return short.replace(" ", NBSP).replace("-", MINUS)
    return in_full(value, locale)


def in_full(value: int | float, locale: str, decimals: int = 0) -> str:
    """A number with all its digits, and at least so many decimals, for columns that are read down: 350,000,000; 26.0."""
    pattern = f"#,##0.{'0' * decimals}" if decimals else None
    return format_decimal(Decimal(str(value)), format=pattern, locale=locale, decimal_quantization=False).replace("-", MINUS)


def size(count: int, locale: str) -> str:
    """The size of a file of so many bytes: 0.4 kB, 12 kB, 1.6 MB."""
    unit, scale = ("MB", 1e6) if count >= 999_500 else ("kB", 1e3)
    shown = count / scale
    return f"{format_decimal(shown, '0' if shown >= 9.95 else '0.0', locale=locale)}{NBSP}{unit}"


def money(value: int | float, locale: str) -> str:
    """A sum of money without its currency: pence, if there are any, with both digits (181.60), else as `number`."""
    if value == int(value) or abs(value) >= 1_000_000:
        return number(value, locale)
    return format_decimal(Decimal(str(value)), format="#,##0.00", locale=locale).replace("-", MINUS)


def amount(shown: str, value: int | float, name: str, unit: Unit, locale: str, patterns: Mapping[str, str]) -> str:
    """A formatted number with its unit, which goes by this name: £28, 12 per cent, 70,085 jobs. `patterns` are the edition's: money, per-cent and count,
    and of money and count a long one for numbers that end in a word (5 milioni di soci)."""
    long = "-long" if abs(value) >= 1_000_000 and not shown[-1].isdigit() else ""
    if unit.kind == "money":
        symbol = get_currency_symbol(unit.currency, locale=locale)
        symbol += NBSP if symbol[-1].isalpha() else ""
        return patterns[f"money{long}"].format(symbol=symbol, number=shown, unit=name).replace(" ", NBSP, 1)
    return patterns["per-cent" if unit.kind == "per-cent" else f"count{long}"].format(number=shown, unit=name)
