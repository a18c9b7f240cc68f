"""One truth: a value changed in data/figures.yml changes every place that shows it, and nothing else."""

from __future__ import annotations

import pytest

import macros
from microsite.edition import Edition
from microsite.load import load
from microsite.model import Facts


def rendered(facts: Facts) -> dict[str, str]:
    """Every English page after its macros, before Markdown."""
    edition = Edition("en", facts)
    edition.bind(macros.WORDS)
    return {src: edition.render(src) for src in edition.usage}


@pytest.fixture(scope="module")
def today() -> dict[str, str]:
    return rendered(load())


@pytest.mark.parametrize("figure_id", ["members-world", "rochdale-members", "mondragon-people-employed", "members-france"])
def test_one_value_changes_every_place_that_shows_it_and_nothing_else(today: dict[str, str], figure_id: str) -> None:
    facts = load()
    figure = facts["figures"][figure_id]
    last = figure.observations[-1]
    changed = last.model_copy(update={"value": last.value + 987_654.25, "upper": None})
    figure = figure.model_copy(update={"observations": (*figure.observations[:-1], changed)})
    other = rendered(Facts(dict(facts.records) | {"figures": dict(facts["figures"]) | {figure_id: figure}}, facts.mentions))
    edition = Edition("en")
    edition.bind(macros.WORDS)
    differ = {src for src in today if today[src] != other[src]}
    assert differ, "no page shows the changed value"
    # The page of downloads shows how large each file is, and one more digit makes a file larger.
    differ -= {"reference/open-data.md"}
    assert differ <= {src for src, page in edition.usage.items() if ("figures", figure_id) in page.used}
    shown = f'value="{changed.value}"'
    for src in differ:
        # A page may show only what is computed from the value.
        assert shown in other[src] or "computed" in other[src], src
        assert today[src].count(f'value="{last.value}"') >= other[src].count(f'value="{last.value}"')
