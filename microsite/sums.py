"""Numbers in texts and exercises: taken from the figures, from an account, or computed. Exact fractions until they are shown."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from microsite.model import Account, Amount, Figure, Observation

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""Where a text shows a number: `{key}`."""

_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class SumError(ValueError):
    """A number cannot be had. The text says which, why, and what would be right."""


@dataclass(frozen=True)
class Number:
    """A number with its unit (an id of units.yml) and where it comes from."""

    value: Fraction
    unit: str | None
    figures: tuple[tuple[str, str], ...] = ()
    """The (series, source) that it is taken or computed from."""

    @property
    def shown(self) -> int | float:
        """The value as a number with a finite decimal form, as `text.numbers` wants it."""
        return int(self.value) if self.value.denominator == 1 else float(self.value)


def numbers(records: Mapping[str, Mapping[str, Any]], amounts: Sequence[Amount], unit: str | None = None) -> dict[str, Number]:
    """Every amount by its key, computed in their order; `unit` is that of amounts that name none. Raises SumError."""
    found: dict[str, Number] = {}
    for amount in amounts:
        if amount.key in found:
            raise SumError(f"the key '{amount.key}' is given twice")
        found[amount.key] = _number(records, amount, found, unit)
    return found


def account(records: Mapping[str, Mapping[str, Any]], record: Account) -> dict[str, Number]:
    """The lines of an account by their keys."""
    return numbers(records, record.lines, record.unit)


def _number(records: Mapping[str, Mapping[str, Any]], amount: Amount, known: Mapping[str, Number], unit: str | None) -> Number:
    if amount.value is not None:
        made = Number(Fraction(str(amount.value)), amount.unit or unit)
    elif amount.figure is not None:
        figure = records["figures"].get(amount.figure)
        if figure is None:
            raise SumError(f"'{amount.key}': no series '{amount.figure}'")
        seen = observation(figure, amount.year, amount.source)
        made = Number(Fraction(str(seen.value)), amount.unit or figure.unit, ((figure.id, seen.source),))
    elif amount.line is not None:
        account_id, _, key = amount.line.partition(".")
        there = records["accounts"].get(account_id)
        if there is None or key not in (lines := account(records, there)):
            raise SumError(f"'{amount.key}': no line '{amount.line}' in accounts.yml")
        made = lines[key]
        made = Number(made.value, amount.unit or made.unit, made.figures)
    else:
        assert amount.formula is not None
        value, used = _evaluate(amount.formula, known, amount.key)
        made = Number(value, amount.unit or unit, tuple(dict.fromkeys(f for key in used for f in known[key].figures)))
    if amount.digits is not None:
        quantum = Decimal(1).scaleb(-amount.digits)
        exact = Decimal(made.value.numerator) / Decimal(made.value.denominator)
        made = Number(Fraction(exact.quantize(quantum, ROUND_HALF_UP)), made.unit, made.figures)
    return made


def observation(figure: Figure, year: str | None, source: str | None) -> Observation:
    """The observation of a series for a year (the latest without one) and, if several speak of it, a source. Raises SumError."""
    found = [o for o in figure.observations if (year is None or o.year == str(year)) and (source is None or o.source == source)]
    if not found:
        known = ", ".join(f"{o.year} ({o.source})" for o in figure.observations)
        raise SumError(f"the series has no such observation; it has {known}")
    if year is not None and len(found) > 1:
        raise SumError(f"several observations; say which with source: {', '.join(o.source for o in found)}")
    return found[-1]


def _evaluate(formula: str, known: Mapping[str, Number], key: str) -> tuple[Fraction, list[str]]:
    used: list[str] = []

    def of(node: ast.AST) -> Fraction:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](of(node.left), of(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -of(node.operand)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return Fraction(str(node.value))
        if isinstance(node, ast.Name):
            if node.id not in known:
                raise SumError(f"'{key}': the formula names '{node.id}', which does not stand before it (known: {', '.join(known) or 'none'})")
            used.append(node.id)
            return known[node.id].value
        raise SumError(f"'{key}': the formula '{formula}' may hold keys, numbers, + - * / and brackets only")

    try:
        return of(ast.parse(formula, mode="eval").body), used
    except SyntaxError:
        raise SumError(f"'{key}': the formula '{formula}' cannot be read") from None
    except ZeroDivisionError:
        raise SumError(f"'{key}': the formula '{formula}' divides by nought") from None


def mistakes(records: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the numbers of accounts and questions, as (kind, record id, what)."""
    for kind, get in (("accounts", lambda r: (r.lines, r.unit)), ("questions", lambda r: (r.numbers, None))):
        for record in records.get(kind, {}).values():
            try:
                known = numbers(records, *get(record))
            except SumError as error:
                yield kind, record.id, str(error)
                continue
            for number_key, number in known.items():
                denominator = number.value.denominator
                while denominator % 2 == 0:
                    denominator //= 2
                while denominator % 5 == 0:
                    denominator //= 5
                if denominator != 1:
                    yield kind, record.id, f"'{number_key}' has no end of decimals; round it with digits"
            for text in texts(record.model_dump()):
                for place in PLACE.findall(text):
                    if kind == "questions" and place not in known:
                        yield kind, record.id, f"the text shows '{{{place}}}', which is none of its numbers ({', '.join(known) or 'none'})"
                if re.search(r"[{}]", PLACE.sub("", text)):
                    yield kind, record.id, f"a brace in the text that is no number: {text[:60]}"


def texts(value: Any) -> Iterator[str]:
    """Every string within plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
