"""Charts and maps: each is drawn in both languages from exactly the rows of its table and CSV, says what is true, is small and has a name."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import macros
from microsite.draw import FORMS, Drawing, draw, render
from microsite.draw.base import spread, year_of
from microsite.draw.countries import WORLD, outlines, place, points
from microsite.edition import Edition, Page, PageError
from microsite.export import charts as export
from microsite.forms.charts import chart
from microsite.load import DATA, DataError, load
from microsite.model import Chart
from microsite.text import numbers

CHARTS = list(load()["charts"])
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def editions() -> dict[str, Edition]:
    made = {language: Edition(language) for language in load()["languages"]}
    for edition in made.values():
        edition.bind(macros.WORDS)
    return made


@pytest.fixture(scope="module")
def drawn(editions: dict[str, Edition]) -> Callable[[str, str], Drawing]:
    def of(language: str, chart_id: str) -> Drawing:
        edition = editions[language]
        return edition.kept(("drawn", chart_id), lambda: draw(edition, edition.facts["charts"][chart_id]))

    return of


both = pytest.mark.parametrize("language", ["en", "it"])
each = pytest.mark.parametrize("chart_id", CHARTS)


# --- what is drawn is what is told -----------------------------------------------------------------------------------


@both
@each
def test_drawing_table_and_csv_hold_the_same_rows(editions, drawn, language, chart_id):
    drawing = drawn(language, chart_id)
    keys = [column.key for column in drawing.columns]
    for spec in (drawing.wide, drawing.narrow):
        in_spec = sorted(json.dumps({key: row.get(key) for key in keys}) for row in spec["datasets"]["rows"])
        assert in_spec == sorted(json.dumps(row) for row in drawing.shown), "the drawing's data are the rows"
    written = list(csv.DictReader(io.StringIO(export.rows_csv(drawing))))
    as_text = [{key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value) for key, value in row.items()} for row in drawing.shown]
    assert written == as_text
    html = chart(Page(editions[language], "figures/work.md"), chart_id)
    assert len(re.findall(r"<tr><th scope=row", html)) == len(drawing.rows)
    for row in drawing.rows:
        if "value" in keys:  # ranges and all
            assert f'<data value="{row["value"]}">' in html


@each
def test_every_value_comes_from_the_records(drawn, chart_id):
    """No number is written into a chart: each row is an observation, event, exchange or point of the data."""
    facts = load()
    for row in drawn("en", chart_id).rows:
        if "figure" in row:
            assert (row["value"], row["year"], row["source"]) in {(o.value, o.year, o.source) for o in facts["figures"][row["figure"]].observations}
        elif "exchange" in row:
            assert row["year"] == facts["exchanges"][row["exchange"]].date
        elif "event" in row:
            assert row["year"] == facts["events"][row["event"]].date
        else:
            assert row["text"] in {point.text["en"] for point in facts["formulations"][row["formulation"]].points}


@each
def test_words_name_no_value(chart_id):
    """A headline, subtitle, label or note may name years and well-known names with numbers; values stand in the data only."""
    record = load()["charts"][chart_id]
    texts = [record.headline, record.subtitle, record.alt, record.notes, *(text for shown in record.figures for text in (shown.label, shown.group) if text)]
    for text in texts:
        for words in text.values():
            for number in re.findall(r"\d[\d.,]*", words):
                assert re.fullmatch(r"(1[6-9]|20)\d\d[.,]?|300[.,]?|2[78][.,]?", number), f"{chart_id}: {number} in '{words}'"


@each
def test_an_edition_changes_words_not_facts(drawn, chart_id):
    one, other = drawn("en", chart_id), drawn("it", chart_id)
    same = [key for key in ("figure", "value", "year", "source", "kind", "event", "exchange", "formulation", "milestone") if key in one.rows[0]]

    def facts_of(drawing: Drawing) -> list[str]:
        return sorted(json.dumps([row.get(key) for key in same]) for row in drawing.rows)

    assert facts_of(one) == facts_of(other)


def test_every_form_of_drawing_is_used():
    assert {record.form for record in load()["charts"].values()} == set(FORMS)


# --- the message is true ---------------------------------------------------------------------------------------------


def values(drawing: Drawing, figure: str) -> dict[str, float]:
    return {row["year"]: row["value"] for row in drawing.rows if row["figure"] == figure}


def world_members(d: Drawing) -> bool:
    counted = {row["series"] for row in d.rows}
    declared = [row["value"] for row in d.rows if row["figure"] == "ica-affiliated-members"]
    # Of the eight only those declared inside the Alliance and the repeated estimate count the same thing again, and neither grew.
    return len(counted) == len(d.rows) - 1 and declared == sorted(declared, reverse=True)


def world_co_operatives(d: Drawing) -> bool:
    _, second, third = (row["value"] for row in d.rows)
    return len({row["source"] for row in d.rows}) == 3 and round(second, -6) == third


def world_work(d: Drawing) -> bool:
    inside = values(d, "work-inside-world")["2017"]
    return all(0.09 < inside / total < 0.11 for year, total in values(d, "work-world").items() if year_of(year) >= 2017)


def work_taken_apart(d: Drawing) -> bool:
    whole, *parts = (row["value"] for row in d.rows)
    return round(parts[0] / whole, 1) == 0.9 and 0 <= whole - sum(parts) < 0.001 * whole


def top_300_turnover(d: Drawing) -> bool:
    return min(row["value"] for row in d.rows) > 2e12


def top_300_sectors(d: Drawing) -> bool:
    farming, insurance = values(d, "top-300-share-agriculture"), values(d, "top-300-share-insurance")
    return farming["2018"] < insurance["2018"] and farming["2023"] > insurance["2023"]


def credit_unions(d: Drawing) -> bool:
    members = [value for year, value in values(d, "credit-union-members-world").items() if int(year) >= 2021]
    unions = [value for year, value in values(d, "credit-unions-world").items() if int(year) >= 2021]
    countries = [value for year, value in values(d, "credit-union-countries").items() if int(year) >= 2021]
    fewer = unions == sorted(unions, reverse=True) and len(unions) > 1 and countries[0] > max(countries[1:])
    return fewer and members == sorted(members)


def members_and_population(d: Drawing) -> bool:
    return sum(row["value"] > row["population"] for row in d.rows) == 3


def rochdale_growth(d: Drawing) -> bool:
    members = values(d, "rochdale-members")
    return members["1848"] - members["1844"] < members["1850"] - members["1848"] and members["1848"] < 150 < members["1850"] / 2


def eu_counts(d: Drawing) -> bool:
    groups: dict[str, list[float]] = {}
    for row in d.rows:
        groups.setdefault(row["_group"], []).append(row["value"])
    return all(len(group) == len(set(group)) == 3 for group in groups.values())


def emilia_romagna_claims(d: Drawing) -> bool:
    claims = [row["value"] for row in d.rows if row["figure"].startswith("claim-")]
    counted = [end for row in d.rows if row["kind"] == "counted" for end in (row["value"], row["upper"]) if end]
    every = [o.value for o in load()["figures"]["claim-gdp-share-emilia-romagna"].observations]
    return sorted(claims) == sorted(every) and (min(claims), max(claims)) == (7, 30) and all(12.5 <= value < 14 for value in counted)


def world_known(d: Drawing) -> bool:
    return sum(row["newest"] >= 2020 for row in d.rows) / len(load()["countries"]) < 1 / 3


def exchanges_map(d: Drawing) -> bool:
    facts = load()["exchanges"]
    return 0.45 < sum("italy" in (*e.from_, *e.to) for e in facts.values()) / len(facts) < 0.5


def timeline_overview(d: Drawing) -> bool:
    facts = load()
    return sum(facts.continent(facts["events"][row["event"]].area) == "europe" for row in d.rows) > len(d.rows) / 2


def principles_descent(d: Drawing) -> bool:
    last = [row for row in d.rows if row["formulation"] == "manchester-1995"]
    return [row["principles"] for row in last if not row["_comes_from"]] == ["4"] and len(last) == 7


@each
def test_the_headline_is_true_of_its_data(drawn, chart_id):
    check = globals().get(chart_id.replace("-", "_"))
    assert check, f"{chart_id}: say here how its headline is computed"
    assert check(drawn("en", chart_id)), load()["charts"][chart_id].headline


@pytest.mark.parametrize("chart_id", [name for name, chart in load()["charts"].items() if chart.form in ("lines", "slope", "vintages")])
def test_the_years_of_the_subtitle_are_those_of_the_data(drawn, chart_id):
    drawing = drawn("en", chart_id)
    record = load()["charts"][chart_id]
    span = [int(row["_time"]) for row in drawing.rows]
    for words in record.subtitle.values():
        named = [int(year) for year in re.findall(r"\b(?:1[6-9]|20)\d\d\b", words)]
        assert (min(named), max(named)) in {(min(span), max(span)), (min(span) - 1, max(span))}, words


# --- small, named, legible -------------------------------------------------------------------------------------------


def svgs(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(found.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)) for found in re.findall(r"<svg .*?</svg>", html, re.S)]


@both
@each
def test_each_drawing_is_named_and_scales(editions, language, chart_id):
    record = load()["charts"][chart_id]
    html = chart(Page(editions[language], "figures/work.md"), chart_id)
    found = svgs(html)
    assert len(found) in (1, 2)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for svg in found:
        assert svg.get("role") == "img"
        title, desc, *_, body = svg
        assert (title.tag, desc.tag) == (f"{SVG}title", f"{SVG}desc")
        assert svg.get("aria-labelledby") == title.get("id")
        assert svg.get("aria-describedby") == desc.get("id")
        assert title.text == record.headline[language]
        assert desc.text.startswith(record.alt[language])
        if record.form in ("vintages", "parts", "lines", "slope", "disagree"):
            assert re.search(r"\d", desc.text.removeprefix(record.alt[language])), "the range of the values is said"
        assert body.get("aria-hidden") == "true"
        assert not {"width", "height", "font-family"} & set(svg.attrib)
        text = ElementTree.tostring(svg, encoding="unicode")
        assert not re.search(r"font-family|\s(?:role=\"graphics|aria-roledescription)", text)
        long = [value for element in svg.iter() for value in element.attrib.values() if re.search(r"\d\.\d\d", value)]
        assert long == [], "coordinates have one decimal"
        # Colours come from the page: no colour is fixed in the drawing.
        assert not re.search(r'(?:fill|stroke)="(?!none|transparent|var\(--|url\(#)', text), re.search(r'(?:fill|stroke)="(?!none|var|url)[^"]*"', text)


@both
@each
def test_drawings_are_small(editions, drawn, language, chart_id):
    drawing = drawn(language, chart_id)
    both_widths = dict.fromkeys(render.svg(spec, editions[language].cache) for spec in (drawing.wide, drawing.narrow))
    size = len(gzip.compress("".join(both_widths).encode()))
    assert size < (45_000 if load()["charts"][chart_id].form in ("known", "exchanges") else 15_000)


def test_the_drawings_of_a_page_stay_below_sixty_kilobytes(site):
    heavy = {}
    for path in site.rglob("*.html"):
        inline = "".join(re.findall(r'<div class="drawing".*?</div>', path.read_text("utf-8"), re.S))
        size = len(gzip.compress(inline.encode()))
        if size > 60_000:
            heavy[path.name] = size
    assert heavy == {}


def test_a_tidy_path_says_the_same_in_fewer_bytes():
    assert render._shorter("M10.04,20.06L12.5,20.06L12.5,-3L10.04,20.06Z") == "M10 20.1l2.5 0 0-23.1-2.5 23.1z"
    assert render._shorter("M0,0h10.123v5a2,2,0,1,1,0.25,0") == "M0,0h10.1v5a2,2,0,1,1,.2,0"


def test_labels_are_spread_without_overlap():
    assert spread([0, 50, 100], [10, 10, 10], 0, 200) == [0, 50, 100]
    assert spread([50, 50], [10, 10], 0, 200) == [45, 55]
    tops = spread([95, 96, 97], [10, 10, 10], 0, 100)
    assert tops == [70, 80, 90]


# --- kept ------------------------------------------------------------------------------------------------------------


def test_an_unchanged_drawing_is_not_drawn_again(editions, drawn, tmp_path, monkeypatch):
    calls = []
    convert = render._convert
    monkeypatch.setattr(render, "_convert", lambda text: calls.append(1) or convert(text))
    spec = drawn("en", "world-work").wide
    first = render.svg(spec, tmp_path)
    assert len(calls) == 1
    assert render.svg(spec, tmp_path) == first
    assert len(calls) == 1
    assert render.svg({**spec, "height": spec["height"] + 1}, tmp_path) != first
    assert len(calls) == 2


def test_a_warm_cache_draws_every_chart_without_the_converter(editions, drawn, monkeypatch):
    for language, edition in editions.items():
        for chart_id in CHARTS:
            render.svg(drawn(language, chart_id).wide, edition.cache)
    monkeypatch.setattr(render, "_convert", lambda text: pytest.fail("vl-convert was called"))
    for language, edition in editions.items():
        for chart_id in CHARTS:
            render.svg(drawn(language, chart_id).wide, edition.cache)


# --- maps ------------------------------------------------------------------------------------------------------------


def test_every_country_has_a_place_on_the_map():
    shapes = {geometry.get("id") for geometry in outlines()["objects"]["countries"]["geometries"]}
    assert [country.id for country in load()["countries"].values() if country.id not in points()] == []
    assert {country.id for country in load()["countries"].values() if country.isonum not in shapes} <= set(points())
    assert (WORLD / "README.md").is_file() and (WORLD / "LICENSE").is_file()


def test_points_lie_where_the_map_projects_them():
    """Our few lines of the projection agree with the converter's."""
    import vl_convert

    from microsite.draw.base import spec
    from microsite.draw.countries import projection

    lon, lat = points()["japan"]
    mark = {"mark": {"type": "circle"}, "encoding": {"longitude": {"datum": lon}, "latitude": {"datum": lat}}, "projection": projection(900)}
    drawn = vl_convert.vegalite_to_svg(spec(900, 400, [{}], [mark]))
    x, y = map(float, re.findall(r"translate\(([\d.]+),([\d.]+)\)", drawn)[-1])
    assert place(lon, lat, 900) == pytest.approx((x, y), abs=0.2)


def test_each_arc_can_be_chosen_by_continent_and_kind(editions):
    html = chart(Page(editions["en"], "international/across-borders.md"), "exchanges-map")
    arcs = re.findall(r'<path data-continent="([a-z -]+)" data-kind="([a-z ]+)" marker-end="url\(#__chart-exchanges-map-arrow\)"', html)
    assert len(arcs) == len(draw(editions["en"], load()["charts"]["exchanges-map"]).rows)
    assert 'data-follows="exchanges"' in html


def test_a_choice_of_kind_hides_arcs_too(site, visit):
    reader = visit()
    page = reader.open(site / "international" / "across-borders.html")
    shown = "[...document.querySelectorAll('.drawing [data-kind]')].filter(arc => arc.style.display !== 'none').map(arc => arc.dataset.kind)"
    everything = len(page.evaluate(shown))
    page.select_option("#exchanges-kind", "trade")
    kinds = page.evaluate(shown)
    assert 0 < len(kinds) < everything
    assert all("trade" in kind.split() for kind in kinds)
    assert reader.complaints == []


SMALLEST = """() => Math.min(99, ...[...document.querySelectorAll('.drawing svg')].filter(drawn => drawn.clientWidth).flatMap(drawn =>
  [...drawn.querySelectorAll('text')].map(words => words.getAttribute('font-size') * drawn.clientWidth / drawn.viewBox.baseVal.width)))"""
"""The size in pixels of the smallest words in the drawings that show."""


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_one_drawing_shows_at_each_width_and_none_runs_out_of_the_page(site, visit, width):
    reader = visit(viewport={"width": width, "height": 800})
    for name in ("figures/members", "figures/finance", "figures/countries/index", "tradition/principles-through-time", "tradition/timeline"):
        page = reader.open(site / f"{name}.html")
        for drawing in page.query_selector_all(".chart .drawing"):
            seen = [svg for svg in drawing.query_selector_all("svg") if svg.is_visible()]
            assert len(seen) == 1, name
            box = seen[0].bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, name
        size = page.evaluate(SMALLEST)
        assert size >= 10.4, f"{name}: words of {size:.1f} px"


# --- the page and the file -------------------------------------------------------------------------------------------


@both
def test_the_csv_beside_a_chart_is_written_and_has_the_size_that_is_named(site, editions, drawn, language):
    folder = site / "open-data" / "charts" / language
    assert {path.stem for path in folder.glob("*.csv")} == set(CHARTS)
    html = (site / editions[language].root / "figures/work.html").read_text("utf-8")
    up = "../" * (2 if editions[language].root else 1)
    size = numbers.size((folder / "world-work.csv").stat().st_size, editions[language].locale)
    assert re.search(rf'href="{up}open-data/charts/{language}/world-work\.csv" download>[^<]*</a> \(CSV, {size}\)', html)
    assert (folder / "world-work.csv").read_bytes() == export.rows_csv(drawn(language, "world-work")).encode()


def test_a_chart_brings_its_sources_to_the_page_and_cites_itself(editions):
    page = Page(editions["en"], "figures/work.md")
    html = chart(page, "world-work")
    assert "cicopa-2017" in page.sources
    assert ("figures", "work-world") in page.used
    assert 'href="#chart-world-work"' in html
    assert "Inside co-operatives work a tenth" in html.partition('class="cite-as"')[2]
    assert "figures/work.html#chart-world-work" in html.partition('class="cite-as"')[2]


@both
def test_a_citation_is_finished_and_the_same_wherever_the_chart_stands(editions, language):
    def cited(src: str, chart_id: str) -> str:
        return re.search(r'class="cite-as">(.*?)</p>', chart(Page(editions[language], src), chart_id))[1]

    for chart_id in CHARTS:
        words = cited("figures/work.md", chart_id)
        assert re.search(r"\b20\d\d\.", words), words
        assert f"#chart-{chart_id}" in words
    assert cited("index.md", "exchanges-map") == cited("international/across-borders.md", "exchanges-map")


def test_a_chart_stands_on_a_page_once(editions):
    page = Page(editions["en"], "figures/work.md")
    chart(page, "world-work")
    with pytest.raises(PageError, match="stands on this page already"):
        chart(page, "world-work")
    with pytest.raises(PageError, match="did you mean world-work"):
        chart(page, "world-wrok")


def test_every_chart_stands_on_a_page():
    edition = Edition("en")
    edition.bind(macros.WORDS)
    shown = {record for page in edition.usage.values() for kind, record in page.used if kind == "charts"}
    assert set(CHARTS) - shown == set()


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("form: vintages", "form: pie", "'pie' is none of vintages, parts"),
        ("  form: vintages\n", "  form: vintages\n  colour: red\n", "colour: no such key"),
        ("{figure: ica-affiliated-members,", "{figure: ica-affiliated-membres,", "did you mean ica-affiliated-members"),
        ("Each total counts something else, so they show no growth", "a b c d e f g h i j k", "has 11 words; ten or fewer"),
        ("  options: {whole: work-world}\n", "", "options.whole names the series"),
        ("  options: {since: [2020, 2010]}\n", "  options: {since: [2010, 2020]}\n", "newest first"),
    ],
)
def test_a_bad_record_is_reported(tmp_path, old, new, says):
    data = Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("schemas")))
    path = data / "charts.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        load(data)
    assert any(str(m).startswith("data/charts.yml:") and says in str(m) for m in caught.value.mistakes), caught.value


def test_a_year_that_a_series_has_not_is_refused(editions):
    record: Chart = load()["charts"]["world-work"]
    bad = record.model_copy(update={"figures": (record.figures[0].model_copy(update={"years": ("1066",)}),)})
    with pytest.raises(ValueError, match=r"world-work: claim-100-million-jobs has no observation for 1066"):
        draw(editions["en"], bad)
