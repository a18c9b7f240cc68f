"""What a page is about, for machines: schema.org statements in JSON-LD, made from the data and the menu."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from microsite import places
from microsite.export import package, packs, tables
from microsite.export.questions.bank import Item
from microsite.model import Figure, Lesson, parse_date
from microsite.settings import LICENCE, site_name, site_url

if TYPE_CHECKING:
    from microsite.edition import Edition

Statement = dict[str, Any]
OPEN_DATA, GLOSSARY, HOME = "reference/open-data.md", "reference/glossary.md", "index.md"


def pages(edition: Edition, menu: Sequence[Any]) -> Mapping[str, str]:
    """For each page of the menu its statements as JSON that may stand in a `script` element."""
    figures: dict[str, list[Figure]] = {}
    for figure in edition.facts["figures"].values():
        figures.setdefault(places.figure_page(edition.facts, figure), []).append(figure)
    return {
        src: harmless({"@context": "https://schema.org", "@graph": statements(edition, src, trail, figures.get(src, ()))})
        for src, trail in trails(menu).items()
        if edition.has_page(src)
    }


def harmless(value: Any) -> str:
    """JSON with nothing in it that could end a `script` element or begin a comment there."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def statements(edition: Edition, src: str, trail: Sequence[tuple[str | None, str]], figures: Sequence[Figure]) -> list[Statement]:
    """All that is said of one page, on which these figures have their home."""
    made = [breadcrumbs(edition, trail)]
    if src == OPEN_DATA:
        made += [publisher(), whole(edition)]
    if src == GLOSSARY:
        made += glossary(edition)
    if figures:
        made += [publisher(), *(series(edition, figure) for figure in figures)]
    for lesson in edition.facts["lessons"].values():
        if src == packs.lesson_page(lesson):
            made += [publisher(), course(edition), *teaching(edition, lesson)]
    return made


# --- where a page stands ---------------------------------------------------------------------------------------------


def trails(menu: Sequence[Any]) -> dict[str, list[tuple[str | None, str]]]:
    """For each page of the menu the way to it from the home page: titles (None: the page's own) and pages.

    A section without a page of its own is left out, as nothing can lead there.
    """
    return dict(_trails(menu, [(title, src) for title, src in _entries(menu) if src == HOME]))


def _entries(menu: Sequence[Any]) -> Iterator[tuple[str | None, Any]]:
    for item in menu:
        yield from item.items() if isinstance(item, Mapping) else ((None, item),)


def _trails(menu: Sequence[Any], above: list[tuple[str | None, str]]) -> Iterator[tuple[str, list[tuple[str | None, str]]]]:
    for title, below in _entries(menu):
        if isinstance(below, str):
            if below.endswith(".md"):
                yield below, above if above and above[-1][1] == below else [*above, (title, below)]
        else:
            index = next((src for _, src in _entries(below) if isinstance(src, str) and src.endswith("index.md")), None)
            yield from _trails(below, [*above, (title, index)] if index else above)


def breadcrumbs(edition: Edition, trail: Sequence[tuple[str | None, str]]) -> Statement:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": title or edition.title(src), "item": edition.address(src)}
            for position, (title, src) in enumerate(trail, 1)
        ],
    }


# --- data sets -------------------------------------------------------------------------------------------------------

_PUBLISHER = {"@id": f"{site_url()}#publisher"}


def publisher() -> Statement:
    return {"@type": "Organization", **_PUBLISHER, "name": site_name(), "url": site_url()}


def _whole_id(edition: Edition) -> str:
    return edition.address(OPEN_DATA, "dataset")


def whole(edition: Edition) -> Statement:
    """The open data as one data set."""
    facts = edition.facts
    return {
        "@type": "Dataset",
        "@id": _whole_id(edition),
        "url": edition.address(OPEN_DATA),
        "name": edition.words["data"]["whole"],
        "description": edition.words["data"]["about"],
        "inLanguage": list(facts["languages"]),
        "license": LICENCE["path"],
        "creator": _PUBLISHER,
        "publisher": _PUBLISHER,
        "version": package.version(facts),
        "dateModified": package.last_change(facts),
        "isAccessibleForFree": True,
        "distribution": [
            _download("open-data/datapackage.json", "application/json"),
            *(
                _download(f"open-data/{table.name}.{ending}", kind)
                for table in tables.tables(facts)
                for ending, kind in (("csv", "text/csv"), ("json", "application/json"))
            ),
        ],
    }


def _download(path: str, kind: str) -> Statement:
    return {"@type": "DataDownload", "contentUrl": site_url() + path, "encodingFormat": kind}


def series(edition: Edition, figure: Figure) -> Statement:
    """One series of figures as a data set: what it measures, where, when, and where to get it."""
    address = edition.address(places.figure_page(edition.facts, figure), figure.id)
    return {
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": edition.text(figure.title),
        "description": " ".join(edition.text(text) for text in (figure.definition, figure.coverage, figure.caveat)),
        "inLanguage": edition.language,
        "license": LICENCE["path"],
        "creator": _PUBLISHER,
        "isPartOf": {"@id": _whole_id(edition)},
        "isAccessibleForFree": True,
        "dateModified": max(observation.reviewed for observation in figure.observations),
        "temporalCoverage": _period(figure),
        "spatialCoverage": {"@type": "Place", "name": edition.name("areas", figure.area)},
        "variableMeasured": {"@type": "PropertyValue", "name": edition.text(figure.title), "unitText": edition.text(edition.facts["units"][figure.unit].plural)},
        "distribution": _download(f"open-data/figures/{figure.id}.csv", "text/csv"),
    }  # fmt: skip


def _period(figure: Figure) -> str:
    """From the first year to the last that the series speaks of, as ISO 8601; `..` for an open end."""
    moments = [parse_date(observation.year) for observation in figure.observations]
    starts, ends = ([moment.year for pair in moments if (moment := pair[side])] for side in (0, 1))
    first = f"{min(starts)}" if starts else ".."
    last = ".." if any(end is None for _, end in moments) else f"{max(ends)}"
    return first if first == last else f"{first}/{last}"


# --- words -----------------------------------------------------------------------------------------------------------


def glossary(edition: Edition) -> list[Statement]:
    """The glossary as a set of defined terms."""
    whole_set = edition.address(GLOSSARY)
    terms = [
        {
            "@type": "DefinedTerm",
            "@id": edition.address(GLOSSARY, term.id),
            "termCode": term.id,
            "name": edition.text(term.term),
            "description": edition.text(term.definition),
            "inDefinedTermSet": whole_set,
        }
        for term in edition.facts["glossary"].values()
    ]
    return [
        {
            "@type": "DefinedTermSet",
            "@id": whole_set,
            "url": whole_set,
            "name": edition.title(GLOSSARY),
            "inLanguage": edition.language,
            "license": LICENCE["path"],
            "hasDefinedTerm": terms,
        }
    ]


# --- lessons ---------------------------------------------------------------------------------------------------------

_QUIZ = "check"
"""The section of a lesson's page with its questions."""
_FEATURES = ("structuralNavigation", "tableOfContents", "readingOrder", "alternativeText", "displayTransformability")
_QUESTION_TYPES = {
    "single": "Multiple choice", "multiple": "Checkbox", "truefalse": "True or false", "numeric": "Numeric", "match": "Matching",
    "order": "Ordering", "short": "Short answer",
}  # fmt: skip


def course(edition: Edition) -> Statement:
    """The lessons as a whole, of which each is a part."""
    address = edition.address("lessons/index.md")
    return {"@type": "Collection", "@id": address, "url": address, "name": edition.words["lesson"]["all"], "publisher": _PUBLISHER}


def teaching(edition: Edition, lesson: Lesson) -> list[Statement]:
    """A lesson and its quiz: for whom, how long, what it teaches, the lines of frameworks that an activity meets, what to take along."""
    address = packs.address(edition, lesson)
    common = {
        "inLanguage": edition.language,
        "typicalAgeRange": f"{lesson.age[0]}-{lesson.age[1]}",
        "isAccessibleForFree": True,
        "license": LICENCE["path"],
        "author": _PUBLISHER,
        "dateModified": lesson.versions[-1].date,
        "accessMode": ["textual", "visual"],
        "accessModeSufficient": {"@type": "ItemList", "itemListElement": ["textual"]},
        "accessibilityFeature": list(_FEATURES),
        "accessibilityHazard": "none",
        "audience": {"@type": "EducationalAudience", "educationalRole": "student"},
    } | ({"educationalLevel": edition.words["lesson"]["level"]} if lesson.age[0] >= 14 else {})
    goals = [edition.text(objective.text) for objective in lesson.objectives]
    asked = [question for question in edition.facts["questions"].values() if question.lesson == lesson.id]
    tested = {question.objective for question in asked}
    whole = {
        "@type": "LearningResource",
        "@id": address,
        "url": address,
        "name": edition.text(lesson.title),
        "description": edition.text(lesson.summary),
        "learningResourceType": ["lesson plan", edition.text(lesson.kind)],
        "timeRequired": f"PT{lesson.minutes}M",
        "version": lesson.versions[-1].version,
        "teaches": goals,
        "keywords": [edition.name("glossary", term) for term in lesson.keywords],
        "isPartOf": {"@id": edition.address("lessons/index.md")},
        **common,
        "encoding": [
            {**_file(offer.path, "application/zip"), "name": offer.title} for offer in packs.offers(edition, lesson)
        ],
    }  # fmt: skip
    if lines := [_line(edition, line) for line in (*lesson.curriculum, *lesson.competences)]:
        whole["educationalAlignment"] = lines
    if not asked:
        return [whole]
    quiz = {
        "@type": "Quiz",
        "@id": f"{address}#{_QUIZ}",
        "url": f"{address}#{_QUIZ}",
        "name": f"{edition.text(lesson.title)}: {edition.words['lesson']['quiz']}",
        "learningResourceType": "quiz",
        "isPartOf": {"@id": address},
        "assesses": [edition.text(objective.text) for objective in lesson.objectives if objective.key in tested] or goals,
        **common,
        "hasPart": [
            {"@type": "Question", "eduQuestionType": _QUESTION_TYPES[question.type], "text": Item(edition, question).asked} for question in asked
        ],
    }
    return [{**whole, "hasPart": {"@id": quiz["@id"]}}, quiz]


def _file(path: str, kind: str) -> Statement:
    return {"@type": "MediaObject", "contentUrl": site_url() + path, "encodingFormat": kind}


def _line(edition: Edition, line: Any) -> Statement:
    """A line of an outside framework. It says what an activity touches, and claims no more: `educationalSubject`, with the activity in words."""
    made = {
        "@type": "AlignmentObject",
        "alignmentType": "educationalSubject",
        "educationalFramework": edition.words["systems"][line.system],
        "targetName": edition.text(line.line),
        "description": edition.text(line.activity),
    }
    address = edition.facts["sources"][line.source].URL
    return made | ({"targetUrl": address} if address else {})
