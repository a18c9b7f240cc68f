"""What is legal is never refused: valid records, made by the thousand from the models, are loaded, come back as they went in, and are shown."""

from __future__ import annotations

import datetime
import functools
import string
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

import macros
import pytest
from microsite import load as loading
from microsite.edition import Edition, Page
from microsite.fields import Field, of_kind
from microsite.forms import blocks, inline
from microsite.load import DATA, DataError, load
from microsite.model import KINDS, UNFIT, Facts, parse_date

MANY = settings(
    derandomize=True, database=None, deadline=None, max_examples=60, phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)  # fmt: skip
"""The same examples in every run."""
LANGUAGES = ("en", "it")

# --- values ----------------------------------------------------------------------------------------------------------------

SCRIPTS = ("áàäñç øåß", "Русский", "Ελληνικά", "日本語の文", "한국어", "العربية", "עברית", "हिन्दी", "ไทย", "𐐷𝄞🙂", "e\u0301", "\u200f\u200e\u200d\ufeff\u00ad")
SIGNS = "<>&\"'`´‘’“”«»{}[]()*_~#=+-@|\\/$%^!?;:,. \u00a0\u202f–—…"


def is_fit(text: str) -> bool:
    return not UNFIT.search(text) and bool(text.strip())


words = st.one_of(
    st.text(st.sampled_from(string.ascii_letters + string.digits + SIGNS + "".join(SCRIPTS)), min_size=1, max_size=40),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    st.sampled_from(["no", "null", "~", "1844", "1e9", "0x1f", "2026-11-22", "12:30", "- a", "? b", "a: b", "# c", "&d", "*e", "!f", "%g", "@h", "'i", '"j', "<<", "=k", "x" * 10_000]),
).filter(is_fit)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> dict[str, str]:
    return {language: draw(words) for language in LANGUAGES}


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, tuple[int, int, int]]:
    """A date as far as it is known, and its first day."""
    year, month, day = draw(st.integers(1000, 2026)), draw(st.integers(1, 12)), draw(st.integers(1, 28))
    form = draw(st.sampled_from(("{y}", "{y}-{m:02}", "{y}-{m:02}-{d:02}", "{e}X")))
    known = {"{y}": (year, 1, 1), "{y}-{m:02}": (year, month, 1), "{e}X": (year // 10 * 10, 1, 1)}.get(form, (year, month, day))
    return form.format(y=year, m=month, d=day, e=year // 10) + draw(st.sampled_from(("", "~", "?"))), known


@st.composite
def dates(draw: st.DrawFn) -> str:
    one, other = sorted((draw(moments()), draw(moments())), key=lambda moment: moment[1])
    return draw(st.sampled_from((one[0], f"{one[0]}/{other[0]}", f"{one[0]}/..", f"../{one[0]}")))


days = st.dates(min_value=datetime.date(2026, 1, 1), max_value=datetime.date(2027, 12, 31)).map(str)
whole = st.integers(-(10**15), 10**15)
numbers = st.one_of(whole, st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False))


def values(field: Field) -> st.SearchStrategy[Any]:
    """What may stand under a key that holds one thing, by its type."""
    facts = load()
    if field.refers:
        return st.sampled_from([record for kind in field.refers for record in facts[kind]][:20])
    if field.choices:
        return st.sampled_from(field.choices)
    if field.pattern:
        return st.sampled_from({"http": ["https://example.org/a?b=c&d#e", "http://été.example/%C3%A9"]}.get(field.pattern[1:5], [""])).filter(bool)
    return {
        "text": texts(), "words": words, "number": numbers, "whole number": st.integers(field.least or 0, field.most or 10**9), "yes or no": st.booleans(),
        "date": dates(), "day": days,
    }[field.type]  # fmt: skip


@st.composite
def varied(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A real record whose texts, words, dates, choices and references are others, and whose optional keys are there or not."""
    record = draw(st.sampled_from(list(load()[kind].values())[:30])).model_dump(mode="json", by_alias=True, exclude_unset=True)
    for field in of_kind(kind):
        if field.key == "id" or (kind, field.key) in BOUND:
            continue
        if not field.required and draw(st.booleans()):
            record.pop(field.key, None)
        elif field.type in ("text", "words", "choice", "date", "day", "yes or no", "id") and not (field.pattern and not field.pattern.startswith("^http")):
            if field.type == "id" and not field.refers:
                continue
            one = values(field)
            record[field.key] = draw(st.lists(one, min_size=1, max_size=4)) if field.many else draw(one)
    return record


BOUND = {
    # What depends on another key, or on the texts.
    *(("quotations", key) for key in ("translation", "translation_sources", "original_text", "original")),
    *(("sources", key) for key in ("author", "editor", "publisher", "container-title", "URL", "DOI", "ISBN", "accessed")),
    *(("people", key) for key in ("born", "died")),
    *(("figures", key) for key in ("topic", "organisation", "unit")),
    ("formulations", "follows"),
    *(("charts", key) for key in ("form", "figures", "options", "headline")),
    *(("questions", key) for key in ("type", "options", "answer", "pairs", "steps", "accepted", "tolerance", "unit", "objective", "lesson", "numbers", "principles")),
    *(("lessons", key) for key in ("steps", "status", "tested", "age", "keywords", "summary", "minutes")),
    *(("accounts", key) for key in ("lines",)),
}


# --- the loader --------------------------------------------------------------------------------------------------------------


def squeezed(value: Any) -> Any:
    """Texts with every run of spaces as one: how many there were is not kept."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: squeezed(item) for key, item in value.items()}
    return [squeezed(item) for item in value] if isinstance(value, (list, tuple)) else value


@functools.cache
def context() -> dict[str, Any]:
    return {"languages": {name: frozenset() for name in LANGUAGES}}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "languages"])
def test_a_valid_record_is_loaded_and_comes_back(kind: str, tmp_path: Path) -> None:
    """Through YAML as PyYAML writes it: in lines or in braces, with letters as they are or as escapes."""

    @MANY
    @given(varied(kind), st.booleans(), st.booleans())
    def check(record: dict[str, Any], flow: bool, letters: bool) -> None:
        text = yaml.safe_dump([record], allow_unicode=letters, default_flow_style=flow, sort_keys=False, width=10**6 if flow else 100)
        path = tmp_path / f"{kind}.yml"
        path.write_text(text, "utf-8")
        mistakes: list[loading.Mistake] = []
        found = loading._File(path).read(KINDS[kind], context(), mistakes)
        assert mistakes == []
        kept = found[record["id"]].model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert squeezed(kept) == squeezed(record)

    check()


@MANY
@given(dates())
def test_every_date_that_can_be_written_is_read(text: str) -> None:
    start, end = parse_date(text)
    assert start or end


@MANY
@given(st.lists(numbers, min_size=1, max_size=5))
def test_every_number_is_kept_as_it_is(values: list[float]) -> None:
    figure = next(iter(load()["figures"].values())).model_dump(mode="json", by_alias=True, exclude_unset=True)
    one = figure["observations"][0]
    years = (f"{1900 + place}" for place in range(len(values)))
    figure["observations"] = [{**one, "value": value, "year": year} for value, year in zip(values, years, strict=True)]
    figure["observations"][0].pop("upper", None)
    read = yaml.load(yaml.safe_dump(figure), Loader=loading.FAST)
    assert [o.value for o in KINDS["figures"].model_validate(read, context=context()).observations] == values


@pytest.mark.parametrize("change", [lambda c: b"\xef\xbb\xbf" + c, lambda c: c.replace(b"\n", b"\r\n"), lambda c: c + b"\n\n# the end\n", lambda c: b"---\n" + c, lambda c: c.rstrip(b"\n")])
def test_files_as_any_editor_saves_them_are_read_alike(tmp_path: Path, change: Any) -> None:
    """With a byte order mark, with the line ends of Windows, with or without an end of the last line."""
    for path in DATA.glob("*.yml"):
        (tmp_path / path.name).write_bytes(change(path.read_bytes()))
    assert loading._load(tmp_path).records == load().records


def test_a_broken_sample_is_refused(tmp_path: Path) -> None:
    """The tests above would see a refusal."""
    path = tmp_path / "units.yml"
    path.write_text("- {id: x, kind: count, name: {en: a}, plural: {en: a, it: b}}\n", "utf-8")
    mistakes: list[loading.Mistake] = []
    loading._File(path).read(KINDS["units"], context(), mistakes)
    assert len(mistakes) == 1
    with pytest.raises(DataError):
        loading._load(tmp_path)


# --- what pages make of them -----------------------------------------------------------------------------------------------------


@functools.cache
def whole(language: str) -> Edition:
    return Edition(language)


def with_record(kind: str, record: dict[str, Any], language: str) -> Page:
    facts = load()
    made = KINDS[kind].model_validate(record, context=context())
    edition = Edition(language, Facts(dict(facts.records) | {kind: dict(facts[kind]) | {made.id: made}}, facts.mentions))
    edition.__dict__["citations"] = whole(language).citations
    edition.bind(macros.WORDS)
    return Page(edition, "index.md")


FORMS = {
    "quotations": blocks.quote, "cases": blocks.story, "findings": blocks.evidence, "misconceptions": blocks.misconception, "exchanges": blocks.passage,
    "events": blocks.happening, "people": blocks.portrait, "glossary": inline.term,
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMS)
def test_a_valid_record_is_shown(kind: str) -> None:
    """No text, date or choice that the loader takes makes a form fail, in either language."""

    @settings(MANY, max_examples=12)
    @given(varied(kind), st.sampled_from(LANGUAGES))
    def check(record: dict[str, Any], language: str) -> None:
        page = with_record(kind, record, language)
        page.edition.__dict__["usage"] = {}
        assert isinstance(FORMS[kind](page, record["id"]), Markup)

    check()
