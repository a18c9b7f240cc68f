"""The pages' own prose: no number outside a macro, short sentences, one spelling, quotation marks that are curly, own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from microsite.check import prose, typed
from microsite.load import ROOT, load

PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "materials" not in path.parts)

LONGEST, MEAN = 30, 18
"""Words in a sentence: the most, and the mean of a page."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of running text; headings and tables have none. A list item or a colon's end closes one."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.) )", text):
        if paragraph.lstrip().startswith(("#", "|")):
            continue
        for sentence in re.split(r"(?<=[.!?:;])[”’]?\s+", paragraph.strip()):
            if re.search(r"\w", sentence):
                yield " ".join(sentence.split())


def length(sentence: str) -> int:
    return len(re.findall(r"[\w’-]+", sentence))


COUNTING = r"\b(?:hundreds?|thousands?|millions?|billions?|dozens?|per ?cent|percent|cento|mila|milioni|miliardi|per cento)\b"


def findings(name: str, markdown: str, language: str = "en") -> Iterator[str]:
    # What stops the build.
    yield from (f"{name}:{line}: {what}" for line, what in typed(markdown))
    text = prose(markdown)
    for line in text.splitlines():
        # A macro in the same line may be what the word belongs to.
        if re.search(COUNTING, line, re.I) and "X" not in line:
            yield f"{name}: a number in words that comes from no macro: {line.strip()[:100]}"
        if language == "en" and (found := re.search(r"\b(?:cooperat\w*|coops?|Coops|Cooperat\w*(?! [A-Z]))\b", line)):
            yield f"{name}: '{found[0]}' is written with a hyphen here: {line.strip()[:100]}"
        if language == "en" and (found := re.search(r"\b\w*(?:organiz|recogniz|realiz|\bcolor|\blabor\b|center\b)\w*", line)):
            yield f"{name}: '{found[0]}' is not British spelling: {line.strip()[:100]}"
    lengths = []
    for sentence in sentences(text):
        lengths.append(length(sentence))
        if lengths[-1] > LONGEST:
            yield f"{name}: a sentence of {lengths[-1]} words: {sentence[:80]} ..."
    if lengths and sum(lengths) / len(lengths) > MEAN:
        yield f"{name}: sentences have {sum(lengths) / len(lengths):.1f} words on average; at most {MEAN}"
    if not markdown.rstrip().endswith("{{ sources_of_page() }}"):
        yield f"{name}: does not end with its sources"


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_the_prose_is_sound(path: Path) -> None:
    language = path.relative_to(ROOT / "docs").parts[0]
    assert list(findings(short(path), path.read_text("utf-8"), language)) == []


def section(markdown: str, anchor: str) -> str:
    found = re.search(rf"^## [^\n]*\{{ #{anchor} \}}\n(.*?)(?=^## |\Z)", markdown, re.S | re.M)
    assert found, f"no section #{anchor}"
    return prose(found[1])


PRINCIPLES = ("open-membership", "democratic-control", "economic-participation", "autonomy", "education", "co-operation", "community")
SECTIONS = ["statement", "short", "plain", "why", "practice", "hard", "misunderstood", "think", "check", "related"]


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_a_principle_is_told_whole_and_at_two_reading_levels(principle: str) -> None:
    markdown = (ROOT / "docs/en/principles" / f"{principle}.md").read_text("utf-8")
    assert re.findall(r"^## .*\{ #([a-z-]+) \}", markdown, re.M) == SECTIONS
    count = length(prose(markdown))
    assert 900 <= count <= 1600, f"{count} words"
    assert length(section(markdown, "short")) <= 0.4 * length(section(markdown, "plain"))


@pytest.mark.parametrize("lesson", ("l01", "l02", "l03"))
def test_a_first_lesson_is_told_at_two_reading_levels(lesson: str) -> None:
    markdown = (ROOT / "docs/en/lessons" / f"{lesson}.md").read_text("utf-8")
    told = re.findall(r"^## .*\{ #([a-z-]+) \}", markdown, re.M)
    first, *reading = told[told.index("predict") + 1 : told.index("activity")]
    assert first == "short" and reading
    text = section(markdown, first)
    lengths = [length(sentence) for sentence in sentences(text)]
    assert length(text) <= 0.4 * sum(length(section(markdown, anchor)) for anchor in reading)
    assert sum(lengths) <= 10 * len(lengths)
    assert f"](#{reading[0]})" in markdown.split("{ #short }\n\n")[1].split("\n")[0], "its first line says where the longer text begins"


def test_the_english_edition_tells_the_whole_subject() -> None:
    assert sum(length(prose(path.read_text("utf-8"))) for path in PAGES if "docs/en" in path.as_posix()) >= 22_000


def test_own_words() -> None:
    """No page repeats eight words in a row of a text that is quoted, but between quotation marks or in a quotation's own block."""
    facts = load()
    quoted: dict[tuple[str, ...], str] = {}
    for quotation in facts["quotations"].values():
        quoted |= {shingle: quotation.id for text in quotation.text.values() for shingle in shingles(text)}
    copied = [
        f"{short(path)}: repeats the quotation '{quoted[shingle]}': {' '.join(shingle)}"
        for path in PAGES
        for shingle in shingles(re.sub(r"“[^”]*”|«[^»]*»", " X ", prose(path.read_text("utf-8"))))
        if shingle in quoted
    ]
    assert copied == []


def shingles(text: str, size: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[\w’]+", text.lower())
    return (tuple(words[i : i + size]) for i in range(len(words) - size + 1))


GOOD = "---\ndescription: x\n---\n# Title\n\nYou see {{ figure('world-members') }} members.\n\n## More { #more }\n\nIt grew “fast”.\n\n{{ sources_of_page() }}\n"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("It grew", "In 1844 it grew", "a bare number"),
        ("It grew", "Two million people saw that it grew", "a number in words"),
        ("“fast”", '"fast"', "a straight quotation mark"),
        ("It grew", "It didn't grow", "a straight quotation mark"),
        ("It grew", "The cooperative grew", "written with a hyphen"),
        ("It grew", "The organization grew", "British spelling"),
        ("It grew", "It grew " + "and grew " * 20, "a sentence of"),
        ("It grew", "It grew " + "and grew " * 12 + ". It grew " + "and grew " * 12, "words on average"),
        ("## More { #more }", "## More", "has no id of its own"),
        ("## More { #more }", "## {{ year('x') }} { #more }", "a macro in a heading"),
        ("It grew", "<div>It grew</div>\n<b>x</b>", "raw HTML"),
        ("{{ sources_of_page() }}", "The end.", "does not end with its sources"),
    ],
)
def test_the_prose_check_sees(old: str, new: str, says: str) -> None:
    text = GOOD.replace("It grew", new, 1) if old == "It grew" else GOOD.replace(old, new)
    found = list(findings("a.md", text))
    assert any(says in finding for finding in found), found


def test_the_prose_check_lets_good_prose_pass() -> None:
    assert list(findings("a.md", GOOD)) == []


def test_the_own_words_check_sees_a_copy() -> None:
    assert set(shingles("one two three four five six seven eight nine")) & set(shingles("zero one two three four five six seven eight"))
