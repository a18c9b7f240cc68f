"""The data: what is wrong is reported whole and clearly; what is there adds up, resolves and is quoted word for word."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from microsite import load as loading
from microsite.load import DATA, DataError, load, references, schemas
from microsite.model import KINDS, parse_date

LEAST = {
    "events": 100, "people": 25, "organisations": 42, "countries": 60, "exchanges": 60, "glossary": 55, "misconceptions": 24,
    "cases": 50, "findings": 25, "principles": 7, "values": 10, "formulations": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def facts():
    return load()


# --- what is there ---------------------------------------------------------------------------------------------------


def test_there_is_as_much_as_the_site_promises(facts):
    assert {kind: len(facts[kind]) for kind, least in LEAST.items() if len(facts[kind]) < least} == {}
    assert sum(len(figure.observations) for figure in facts["figures"].values()) >= 300


def test_events_happen_on_every_inhabited_continent(facts):
    counted = Counter(facts.continent(event.area) for event in facts["events"].values())
    assert {"africa", "asia", "europe", "north-america", "south-america", "oceania"} <= set(counted)


def test_every_observation_names_a_known_source(facts):
    bare = [f.id for f in facts["figures"].values() for o in f.observations if o.source not in facts["sources"]]
    assert bare == []


def test_no_source_no_unit_and_no_area_is_idle(facts):
    """A source that nothing rests on is clutter; those that only a page cites are looked for in the pages."""
    prose = "\n".join(path.read_text("utf-8") for path in (loading.ROOT / "docs").rglob("*.md"))
    idle = [
        f"{kind}: {record_id}"
        for kind, record_id in loading.unused(facts)
        if kind in ("sources", "units", "areas") and not re.search(rf"['\"]{re.escape(record_id)}['\"]", prose)
    ]
    kept = {"areas: " + continent for continent in ("africa", "asia", "europe", "north-america", "south-america", "oceania")}
    assert sorted(set(idle) - kept) == []


def test_references_lead_both_ways(facts):
    for kind, record in facts.all():
        for _, kinds, target in references(record):
            there = next(name for name in kinds if target in facts[name])
            assert (kind, record.id) in facts.mentions[there, target]


def test_the_seven_principles_are_numbered_and_named_by_the_statement_of_1995(facts):
    assert sorted(p.number for p in facts["principles"].values()) == [1, 2, 3, 4, 5, 6, 7]
    points = facts["formulations"]["manchester-1995"].points
    assert [point.number for point in points] == [1, 2, 3, 4, 5, 6, 7]
    for point in points:
        assert [facts["principles"][p].number for p in point.principles] == [point.number]


STATEMENT = {
    "definition": "A co-operative is an autonomous association of persons united voluntarily to meet their common economic, social, "
    "and cultural needs and aspirations through a jointly-owned and democratically-controlled enterprise.",
    "guidelines": "The co-operative principles are guidelines by which co-operatives put their values into practice.",
    "open-membership": "Co-operatives are voluntary organisations, open to all persons able to use their services and willing to "
    "accept the responsibilities of membership, without gender, social, racial, political or religious discrimination.",
    "co-operation": "Co-operatives serve their members most effectively and strengthen the co-operative movement by working together "
    "through local, national, regional and international structures.",
    "community": "Co-operatives work for the sustainable development of their communities through policies approved by their members.",
}
"""The Statement on the Co-operative Identity (International Co-operative Alliance, 1995), typed in a second time from the source."""


@pytest.mark.parametrize("quotation", STATEMENT)
def test_the_statement_is_quoted_word_for_word(facts, quotation):
    """Words, not commas and hyphens: on those the Alliance's own printings differ."""

    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    assert words(facts["quotations"][quotation].text["en"]) == words(STATEMENT[quotation])


def test_parts_add_up_to_their_totals(facts):
    """The work that the second CICOPA report counts: employees, worker-members and self-employed producers."""
    series = facts["figures"]
    total = _value(series, "work-world", "2017")
    parts = [_value(series, name, "2017") for name in ("employees-world", "worker-members-world", "producer-members-world")]
    assert abs(sum(parts) - total) <= 0.005 * total


def _value(series, figure_id: str, year: str) -> float:
    return next(o.value for o in series[figure_id].observations if year in o.year)


def test_percentages_are_percentages(facts):
    wrong = [
        (f.id, o.value)
        for f in facts["figures"].values()
        if facts["units"][f.unit].kind == "per-cent"
        for o in f.observations
        if not -100 <= o.value <= 1000
    ]
    assert wrong == []


def test_texts_hold_no_markup_and_no_typewriter_quotes(facts):
    found = []
    for kind, record in facts.all():
        for text in _texts(record.model_dump(by_alias=True, exclude={"original_text"})):
            if re.search(r"[<>]|\{\{|\{%|\*\*|\]\(|(?<=\w)'(?=\w)|(?<!\w)\"", text):
                found.append(f"{kind}: {record.id}: {text[:80]}")
    assert found == []


def _texts(value, inside_text: bool = False):
    if isinstance(value, dict):
        languages = set(value) == {"en", "it"}
        for item in value.values():
            yield from _texts(item, languages)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str) and inside_text:
        yield value


def test_disagreements_are_kept(facts):
    turin = next(event for event in facts["events"].values() if "turin" in event.id and event.other_dates)
    years = {parse_date(date)[0].year for date in (turin.date, *(other.date for other in turin.other_dates))}
    assert {1853, 1854} <= years
    founders = {(o.value, o.upper) for o in facts["figures"]["rochdale-founders"].observations}
    assert len(founders) >= 2


# --- the format for editors ------------------------------------------------------------------------------------------


def test_each_file_names_its_schema_and_the_schemas_are_the_models():
    for kind, schema in schemas().items():
        first = (DATA / f"{kind}.yml").read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schemas/{kind}.json", kind
        kept = json.loads((DATA / "schemas" / f"{kind}.json").read_text("utf-8"))
        assert kept == json.loads(json.dumps(schema)), f"data/schemas/{kind}.json is out of date: run `python -m microsite schemas`"


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("schemas")))


def spoil(data: Path, kind: str, old: str, new: str) -> int:
    """Replace the first `old` in a file by `new`; returns the line that it stood on."""
    path = data / f"{kind}.yml"
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {kind}.yml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def report(data: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        load(data)
    return [str(mistake) for mistake in caught.value.mistakes]


BAD_UNIT = """
- id: nothings
  name: {en: nothing, it: niente}
  plural: {en: nothings, it: niente}
"""


@pytest.mark.parametrize(
    ("kind", "old", "new", "says"),
    [
        ("units", "kind: count", "knid: count", ["people: knid: no such key; did you mean kind"]),
        ("units", "kind: count", "kind: count, kind: count", ["the key 'kind' is given twice"]),
        ("units", "kind: count", "kind: counts", ["'counts' is none of count, money", "did you mean count?"]),
        ("units", "{en: person, it: persona}", "{en: person}", ["people: name: the text is missing in: it"]),
        ("units", "{en: person, it: persona}", "{en: person, it: persona, de: Person}", ["no edition has the language: de"]),
        ("units", "{en: person, it: persona}", "person", ["name: text ('person') where a map was expected"]),
        ("units", "{en: person, it: persona}", "{en: person, it: ''}", ["name.it: is empty"]),
        ("units", "id: people", "id: People", ["'People' has the wrong form; an id is lower-case words with hyphens"]),
        ("units", "id: people", "id: memberships", ["another record in this file has this id"]),
        ("areas", "part_of: world", "part_of: wrold", ["part_of: no record 'wrold' in areas.yml or countries.yml; did you mean world"]),
        ("figures", 'reviewed: "2026-11-22"', 'reviewed: "2026-11"', ["'2026-11' is no single day"]),
        ("languages", "- {id: en", "- [id: en", ["is not YAML"]),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_remedy(data, kind, old, new, says):
    if kind == "figures" and old not in (data / "figures.yml").read_text("utf-8"):
        old = old.replace('"', "'")
    line = spoil(data, kind, old, new)
    found = report(data)
    for words in says:
        hits = [mistake for mistake in found if words in mistake]
        assert hits, f"{words!r} not in {found[:5]}"
        assert hits[0].startswith(f"data/{kind}.yml:"), hits[0]
        place = int(hits[0].split(":")[1])
        assert abs(place - line) <= 1, f"line {place} instead of {line}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("year", "1844-13"), "no such month"),
        (("year", "3844"), "no year between"),
        (("year", "eighteen"), "is no date"),
        (("year", 1995), "put it in quotes"),
        (("value", "800000000"), "a number, without quotes"),
        (("value", True), "a number"),
        (("source", None), "source"),
        (("source", "nobody-knows"), "no record 'nobody-knows' in sources.yml"),
        (("certainty", "sure"), "is none of exact, rounded, estimate, at-least"),
        (("upper", 1), "must be greater than value"),
    ],
)
def test_a_bad_observation_is_reported(data, change, says):
    """The first observation of the first series, made wrong in one way."""
    import yaml

    path = data / "figures.yml"
    figures = yaml.safe_load(path.read_text("utf-8"))
    key, value = change
    figures[0]["observations"] = figures[0]["observations"][:1]
    if value is None:
        del figures[0]["observations"][0][key]
    else:
        figures[0]["observations"][0][key] = value
    path.write_text(yaml.safe_dump(figures[:1], allow_unicode=True), "utf-8")
    for kind in ("misconceptions", "organisations"):
        (data / f"{kind}.yml").write_text((data / f"{kind}.yml").read_text("utf-8"), "utf-8")
    found = [mistake for mistake in report(data) if mistake.startswith("data/figures.yml:") and figures[0]["id"] in mistake]
    assert any(says in mistake for mistake in found), found[:4]


def test_all_mistakes_are_reported_at_once(data):
    spoil(data, "units", "{en: person, it: persona}", "{en: person}")
    spoil(data, "areas", "part_of: world", "part_of: wrold")
    spoil(data, "principles", "number: 1", "number: 8")
    (data / "values.yml").unlink()
    (data / "heroes.yml").write_text("[]", "utf-8")
    (data / "people.yml").write_bytes(b"- id: caf\xe9\n")
    found = report(data)
    for file in ("units", "areas", "principles", "values", "heroes", "people"):
        assert any(mistake.startswith(f"data/{file}.yml:") for mistake in found), file
    assert str(DataError([])).startswith("0 mistakes")


def test_the_descent_of_a_point_must_exist(data):
    text = (data / "formulations.yml").read_text("utf-8")
    key = re.search(r"comes_from: \[([a-z0-9-]+)", text)
    assert key
    spoil(data, "formulations", key[0], "comes_from: [" + key[1] + "x")
    assert any(f"no point '{key[1]}x' in the formulation" in mistake and f"did you mean {key[1]}" in mistake for mistake in report(data))


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("1844", True), ("1844-12", True), ("1844-12-21", True), ("1844~", True), ("196X", True), ("1894/1923", True), ("1956/..", True),
        ("../1923", True), ("2024/2024", True), ("1960-02-29", True),
        ("44", False), ("1844-13", False), ("1843-02-29", False), ("1923/1894", False), ("../..", False), ("c. 1844", False), ("", False),
        ("1844/1850/1860", False), ("0001", False), ("9999", False),
    ],
)  # fmt: skip
def test_dates_are_read_or_refused(text, ok):
    if ok:
        parse_date(text)
    else:
        with pytest.raises(ValueError):
            parse_date(text)


def test_every_kind_has_its_file():
    assert sorted(path.stem for path in DATA.glob("*.yml")) == sorted(KINDS)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("- {id: a, year: 1844, share: 0.5, none: , sure: true, day: 2026-11-22}\n", True),
        ("- {1844: a}\n", False),  # a key that would come back as a text
        ("- {share: .nan}\n", False),
        ("- {id: a, id: b}\n", False),
    ],
    ids=["plain", "number as key", "no number", "key given twice"],
)
def test_a_file_that_has_not_changed_is_taken_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, again: bool) -> None:
    monkeypatch.setattr(loading, "ROOT", tmp_path)
    monkeypatch.setattr(loading, "DATA", tmp_path / "data")
    reads: list[str] = []
    plain = loading._plain
    monkeypatch.setattr(loading, "_plain", lambda text: reads.append(text) or plain(text))
    path = tmp_path / "data" / "figures.yml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    first, second = loading.read_yaml(path), loading.read_yaml(path)
    assert repr(first) == repr(second)
    assert len(reads) == (1 if again else 2)
    path.write_text("- {id: changed}\n", "utf-8")
    assert loading.read_yaml(path) == ([{"id": "changed"}], [])
    for broken in ("", "{", "[]", '{"of": 1}'):
        for kept in (tmp_path / ".cache/data").glob("*"):
            kept.write_text(broken, "utf-8")
        assert loading.read_yaml(path) == ([{"id": "changed"}], [])
