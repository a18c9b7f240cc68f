"""The editions that are complete hold the same pages and materials: one that stands in a single language stops the build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from microsite.load import ROOT, Mistake, shown
from microsite.model import Facts


def mistakes(facts: Facts, docs: Path = ROOT / "docs") -> Iterator[Mistake]:
    """The pages and materials that a complete edition lacks and another has, one message for each file."""
    complete = [language.id for language in facts["languages"].values() if language.complete]
    held = {language: {path.relative_to(docs / language).as_posix() for path in (docs / language).rglob("*.md")} for language in complete}
    for src in sorted(set().union(*held.values())):
        lacking = [language for language in complete if src not in held[language]]
        if lacking:
            there = next(language for language in complete if src in held[language])
            twins = " and ".join(shown(docs / language / src) for language in lacking)
            yield Mistake(shown(docs / there / src), 1, "", f"has no twin; write {twins}, or take this page out of every edition")
