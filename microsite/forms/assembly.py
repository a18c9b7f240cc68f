"""The assembly of a lesson: one vote counted by heads, by shares and by use, and one surplus divided in the same three ways.

Two accounts of the lesson hold the members: `<lesson>-shares` and `<lesson>-purchases`, a line each; `<lesson>-surplus` says in its
line `left` what there is to divide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from microsite import sums
from microsite.edition import Page
from microsite.forms.blocks import block
from microsite.load import near
from microsite.sums import Number


@dataclass(frozen=True)
class Voter:
    """A member of the model co-operative: one head, some shares, some use."""

    key: str
    name: str
    shares: Number
    purchases: Number


@dataclass(frozen=True)
class Count:
    """One way of counting: how much weight stands behind yes, no and all members, and whether the motion passes."""

    key: str
    yes: Fraction
    no: Fraction
    all: Fraction

    @property
    def passed(self) -> bool:
        """More than half of the weight that voted yes or no."""
        return self.yes > self.no


def voters(page: Page, lesson_id: str) -> list[Voter]:
    """The members in the order of the account of shares; both accounts must name the same ones."""
    lines, numbers = {}, {}
    for part in ("shares", "purchases"):
        record = page.get("accounts", f"{lesson_id}-{part}", "assembly", told=True)
        lines[part] = {line.key: page.edition.text(line.text) for line in record.lines if not line.total}
        numbers[part] = sums.account(page.edition.facts.records, record)
    if odd := lines["shares"].keys() ^ lines["purchases"].keys():
        raise page.fail(f"assembly('{lesson_id}'): {', '.join(sorted(odd))} stands in only one of the accounts of shares and purchases")
    return [Voter(key, name, numbers["shares"][key], numbers["purchases"][key]) for key, name in lines["shares"].items()]


def counts(members: Sequence[Voter], yes: Sequence[str], no: Sequence[str]) -> list[Count]:
    """The same vote counted by heads, by shares and by use. `yes` and `no` are keys of members; whoever is in neither abstains."""
    weights = {
        "heads": {m.key: Fraction(1) for m in members},
        "shares": {m.key: m.shares.value for m in members},
        "use": {m.key: m.purchases.value for m in members},
    }
    none = Fraction(0)
    return [
        Count(way, sum((w[k] for k in yes), none), sum((w[k] for k in no), none), sum(w.values(), none)) for way, w in weights.items()
    ]


def assembly(page: Page, lesson_id: str, yes: Sequence[str] = ()) -> Markup:
    """The counter of votes. Without a script it is a table to fill in by hand, with one worked example in which the members
    named in `yes` vote yes and all others no; with a script each member's vote can be chosen."""
    members = voters(page, lesson_id)
    known = [member.key for member in members]
    for key in yes:
        if key not in known:
            raise page.fail(f"assembly('{lesson_id}'): no member '{key}'{near(key, known)} (members: {', '.join(known)})")
    no = [key for key in known if key not in yes]
    names = [member.name for member in members if member.key in yes]
    counted = counts(members, yes, no)
    return block(
        page.render(
            "assembly", lesson=lesson_id, members=members, yes=yes, names=names, counts=counted, parts=[per_cent(c.yes, c.all) for c in counted],
            unit=members[0].purchases.unit, whole=lambda value: int(value) if value.denominator == 1 else float(value),
        )
    )  # fmt: skip


def division(page: Page, lesson_id: str) -> Markup:
    """What each member would get of the surplus by heads, by shares and by use: an answer, so not for a pupil's page. Where the
    lesson speaks of money paid in and not of shares, the columns are called and ordered as on its worksheet."""
    members = voters(page, lesson_id)
    record = page.get("accounts", f"{lesson_id}-surplus", "division", told=True)
    left = sums.account(page.edition.facts.records, record)["left"]
    weights = {
        "heads": [Fraction(1)] * len(members),
        "shares": [m.shares.value for m in members],
        "use": [m.purchases.value for m in members],
    }
    names = page.edition.words["assembly"]["ways"]
    if members[0].shares.unit == left.unit:
        weights, names = dict(reversed(weights.items())), page.edition.words["assembly"]["parts"]
    columns = [(names[way], [round(float(left.value * weight / sum(of, Fraction(0))), 2) for weight in of]) for way, of in weights.items()]
    return block(
        page.render("division", members=members, columns=columns, left=left, money=lambda value: page.edition.quantity(Number(Fraction(str(value)), left.unit), True))
    )  # fmt: skip


def per_cent(part: Fraction, whole: Fraction) -> float:
    """What part of a whole something is, in per cent with one decimal."""
    return round(float(part / whole * 100), 1)
