"""What a fact is: one typed record for each kind of thing, and all of them together as read-only `Facts`.

The models are the one definition of the format of `data/*.yml`. The loader, the JSON Schemas for editors and the data
dictionary are all made from them; nothing else knows which keys a record may have.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

# --- small types -----------------------------------------------------------------------------------------------------

ID = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
EARLIEST, LATEST = 1000, 2100
"""A year outside these bounds is taken for a slip of the pen."""

_PART = re.compile(r"(?:(\d{3})X|(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?)([~?])?")


class Moment(NamedTuple):
    """One end of a date: year, month and day as far as known; `mark` is `~` (about), `?` (uncertain), `X` (a decade) or empty."""

    year: int
    month: int | None
    day: int | None
    mark: str


def parse_date(text: str) -> tuple[Moment | None, Moment | None]:
    """Read an EDTF date (ISO 8601-2, the part of it used here) as start and end.

    `1844`, `1844-12`, `1844-12-21`, each with `~` (about) or `?` (uncertain), a decade `196X`, or an interval `1894/1923`,
    `1956/..` (still going), `../1923`. A single date has itself as its end. Raises ValueError that says what is wrong and what would be right.
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError(f"'{text}' has more than one '/'; an interval is written '1894/1923'")
    moments = [None if part == ".." and len(parts) == 2 else _moment(part, text) for part in parts]
    if moments == [None, None]:
        raise ValueError(f"'{text}' names no date at all")
    start, end = moments[0], moments[-1]
    if start and end and start[:3] != end[:3] and (start.year, start.month or 1, start.day or 1) > _last_day(end):
        raise ValueError(f"'{text}' ends before it begins")
    return start, end


def _last_day(moment: Moment) -> tuple[int, int, int]:
    return moment.year + (9 if moment.mark == "X" else 0), moment.month or 12, moment.day or 31


def _moment(part: str, whole: str) -> Moment:
    match = _PART.fullmatch(part)
    if not match:
        raise ValueError(
            f"'{whole}' is no date; write '1844', '1844-12', '1844-12-21', '1844~' (about) or '1894/1923' (from/to), in quotes"
        )
    if match[1]:
        return Moment(int(match[1]) * 10, None, None, "X")
    year, month, day = (int(value) if value else None for value in match.groups()[1:4])
    assert year is not None
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"'{whole}' is no year between {EARLIEST} and {LATEST}")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"'{whole}' has no such month")
    if day is not None and not 1 <= day <= calendar.monthrange(year, month or 1)[1]:
        raise ValueError(f"'{whole}' has no such day")
    return Moment(year, month, day, match[5] or "")


def _check_date(text: str) -> str:
    parse_date(text)
    return text


def _check_day(text: str) -> str:
    start, end = parse_date(text)
    if start != end or start is None or start.day is None or start.mark:
        raise ValueError(f"'{text}' is no single day; write '2026-11-22'")
    return text


def _check_text(text: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    known = (info.context or {}).get("languages")
    if known is not None:
        missing = [language for language in known if language not in text]
        if missing:
            raise ValueError(f"the text is missing in: {', '.join(missing)}")
        extra = [language for language in text if language not in known]
        if extra:
            raise ValueError(f"no edition has the language: {', '.join(extra)} (known: {', '.join(known)})")
    return text


@dataclass(frozen=True)
class Ref:
    """Marks a string as the id of a record of another kind; the loader checks that it resolves."""

    kinds: tuple[str, ...]


def ref(*kinds: str) -> Ref:
    return Ref(kinds)


Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""A name or code that is the same in every language; never empty."""
Text = Annotated[dict[str, Words], AfterValidator(_check_text)]
"""A human-readable text: a map from language to words, one for every edition."""
Id = Annotated[str, StringConstraints(pattern=ID)]
Date = Annotated[str, AfterValidator(_check_date)]
"""An EDTF date as a quoted string; see `parse_date`."""
Day = Annotated[str, AfterValidator(_check_day)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
Number = StrictInt | StrictFloat

SourceId = Annotated[Id, ref("sources")]
AreaId = Annotated[Id, ref("areas", "countries")]
PrincipleId = Annotated[Id, ref("principles")]
FigureId = Annotated[Id, ref("figures")]
OrganisationId = Annotated[Id, ref("organisations")]
PersonId = Annotated[Id, ref("people")]
TermId = Annotated[Id, ref("glossary")]

Continent = Literal["africa", "asia", "europe", "north-america", "south-america", "oceania"]
Family = Literal["consumer", "credit", "worker", "agricultural", "housing", "social", "insurance", "other"]
"""Families of co-operation, by what members do together. `social` serves people in need of care or work; `other` covers
health, energy, education, fishing, platforms and general history."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(Model):
    """Anything that has a place of its own in the data: `id` never changes its meaning."""

    id: Id


class Sourced(Record):
    """A record whose every statement rests on the sources it names, the most direct first."""

    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]


class Language(Record):
    """A language that the site has an edition in. `locale` is Babel's name, `csl` the citation processor's."""

    name: Words
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}_[A-Z]{2}$")]
    csl: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}-[A-Z]{2}$")]


# --- sources ---------------------------------------------------------------------------------------------------------


class Name(Model):
    """A CSL name: a person (`family`, `given`) or a body (`literal`)."""

    family: Words | None = None
    given: Words | None = None
    literal: Words | None = None

    @model_validator(mode="after")
    def _either(self) -> Name:
        if bool(self.family) == bool(self.literal):
            raise ValueError("a name is either a person (family, given) or a body (literal)")
        return self


class Source(Record):
    """A work that a fact rests on: a CSL item (Citation Style Language), with three keys of our own.

    `kind` tells a reader how near it stands to the fact, `remark` what to keep in mind, `archive` where a copy is kept.
    """

    type: Literal[
        "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter", "dataset",
        "document", "entry-dictionary", "entry-encyclopedia", "interview", "legislation", "motion_picture", "paper-conference",
        "post-weblog", "regulation", "report", "speech", "thesis", "treaty", "webpage",
    ]  # fmt: skip
    title: Words
    author: tuple[Name, ...] = ()
    editor: tuple[Name, ...] = ()
    issued: Date | None = None
    container_title: Words | None = Field(None, alias="container-title")
    publisher: Words | None = None
    publisher_place: Words | None = Field(None, alias="publisher-place")
    volume: Words | None = None
    issue: Words | None = None
    page: Words | None = None
    number: Words | None = None
    edition: Words | None = None
    DOI: Words | None = None
    ISBN: Words | None = None
    URL: Url | None = None
    accessed: Day | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    kind: Literal["primary", "official-statistics", "apex", "research", "press", "secondary", "portal", "law"]
    remark: Text | None = None
    archive: Url | None = None

    @model_validator(mode="after")
    def _findable(self) -> Source:
        if not (self.author or self.editor or self.publisher or self.container_title):
            raise ValueError("a source names an author, editor, publisher or container-title")
        if not (self.URL or self.DOI or self.ISBN or self.publisher):
            raise ValueError("a source says where to find it: URL, DOI, ISBN or publisher")
        if self.URL and not self.accessed:
            raise ValueError("a source with a URL says when it was looked at: accessed: '2026-11-22'")
        return self


# --- figures ---------------------------------------------------------------------------------------------------------


class Unit(Record):
    """What a value counts. `name` and `plural` follow the number; a unit of money names its ISO 4217 currency."""

    name: Text
    plural: Text
    kind: Literal["count", "money", "per-cent", "index", "measure"]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class Observation(Model):
    """One value of a series as one source published it, for the time it speaks of (`year`).

    `certainty` is how the value itself is meant; `kind` how it came about (`rule`: a law or statute sets it); `source` with
    `locator` where it is found; `also` names other works that agree. `upper` makes it a range. `derived` says how a published value was converted.
    """

    year: Date
    value: Number
    upper: Number | None = None
    certainty: Literal["exact", "rounded", "estimate", "at-least"]
    kind: Literal["counted", "estimated", "self-reported", "rule"]
    source: SourceId
    locator: Words | None = None
    also: tuple[SourceId, ...] = ()
    note: Text | None = None
    derived: Text | None = None
    reviewed: Day

    @model_validator(mode="after")
    def _range(self) -> Observation:
        if self.upper is not None and self.upper <= self.value:
            raise ValueError(f"upper ({self.upper}) must be greater than value ({self.value})")
        if self.source in self.also:
            raise ValueError(f"'{self.source}' is the source already; 'also' is for others that agree")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source, *self.also)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        start, end = parse_date(self.year)
        moment = end or start
        assert moment is not None
        return moment.year, moment.month or 0, moment.day or 0


Topic = Literal[
    "members", "enterprises", "work", "finance", "europe", "italy", "countries", "rochdale", "organisations", "law", "context"
]
"""The page on which a series has its home; see `microsite.places`."""


class Figure(Record):
    """A series of observations: one thing, measured one way, for one area, oldest first.

    `definition` says what is counted, `coverage` who is in and who is out, `caveat` what to know before using it. `not_with`
    names series that look alike and must not be compared or added.
    """

    title: Text
    topic: Topic
    unit: Annotated[Id, ref("units")]
    area: AreaId
    definition: Text
    term: TermId | None = None
    coverage: Text
    caveat: Text
    organisation: OrganisationId | None = None
    not_with: tuple[FigureId, ...] = ()
    observations: Annotated[tuple[Observation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _placed(self) -> Figure:
        if self.topic == "organisations" and not self.organisation:
            raise ValueError("a series on the topic 'organisations' names its organisation, in whose entry it stands")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Figure:
        keys = [observation.sort_key for observation in self.observations]
        if keys != sorted(keys):
            raise ValueError("observations stand oldest first, by year")
        seen: set[tuple[str, str]] = set()
        for observation in self.observations:
            if (observation.year, observation.source) in seen:
                raise ValueError(f"two observations for {observation.year} from {observation.source}; one thing, measured one way")
            seen.add((observation.year, observation.source))
        return self


# --- identity and principles -----------------------------------------------------------------------------------------


class Quotation(Record):
    """Exact words of others. `text` holds the wording in each language, `original` names the one it was written in; `note` is about
    the original, `translation_note` about the other wording.

    `translation` says whose the other wording is: `official`, `in-use` (by the movement, with no single official text; for both
    `translation_sources` names where it stands) or `ours`.
    """

    text: Text
    original: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    original_text: Words | None = None
    translation: Literal["official", "in-use", "ours"]
    kind: Literal["statement", "law", "historical", "claim"]
    speaker: Text
    date: Date | None = None
    source: SourceId
    locator: Words | None = None
    also: tuple[SourceId, ...] = ()
    translation_sources: tuple[SourceId, ...] = ()
    note: Text | None = None
    translation_note: Text | None = None

    @model_validator(mode="after")
    def _translated(self) -> Quotation:
        if (self.translation != "ours") != bool(self.translation_sources):
            raise ValueError("a translation that is not ours names its translation_sources; one of ours has none")
        if self.original not in self.text and not self.original_text:
            raise ValueError(f"the original is in '{self.original}', which is no edition's language: give original_text")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the original wording stands."""
        return (self.source, *self.also)


class Principle(Sourced):
    """One of the seven principles of 1995. Its exact wording is the quotation named by `statement`."""

    number: Annotated[StrictInt, Field(ge=1, le=7)]
    name: Text
    short_name: Text
    statement: Annotated[Id, ref("quotations")]
    gist: Text
    history: Text


class Value(Sourced):
    """One of the ten values of the 1995 Statement: six of the co-operative, four (`ethical`) of its members."""

    order: Annotated[StrictInt, Field(ge=1, le=10)]
    name: Text
    group: Literal["co-operative", "ethical"]
    meaning: Text


class FormulationPoint(Model):
    """One rule within a formulation, in our words. `principles` names those of 1995 that it is, or lives on in; `comes_from`
    the keys of the points that it comes from, in the formulation that this one `follows`."""

    key: Id
    number: Annotated[StrictInt, Field(ge=1, le=9)] | None = None
    text: Text
    principles: tuple[PrincipleId, ...] = ()
    comes_from: tuple[Id, ...] = ()


class Formulation(Sourced):
    """The principles as one time put them: Rochdale's practice of 1844, and the Alliance's of 1937, 1966 and 1995."""

    date: Date
    name: Text
    body: Text
    place: Text
    summary: Text
    note: Text | None = None
    follows: Annotated[Id, ref("formulations")] | None = None
    points: Annotated[tuple[FormulationPoint, ...], Field(min_length=1)]


# --- history and the world -------------------------------------------------------------------------------------------


class Area(Record):
    """A part of the world that is not a country: the world, a continent, the European Union, a region, a town."""

    name: Text
    continent: Continent | None = None
    part_of: AreaId | None = None


class Milestone(Model):
    """A first: when, and what it was."""

    date: Date
    text: Text
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]


class Country(Sourced):
    """A country in the data. `missing` says what was looked for and not found."""

    iso2: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    isonum: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    name: Text
    continent: Continent
    apex: Words | None = None
    first_law: Milestone | None = None
    first_coop: Milestone | None = None
    note: Text | None = None
    missing: Text | None = None


class OtherDate(Model):
    """A date that another source gives for the same event."""

    date: Date
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    note: Text | None = None


class Event(Sourced):
    """Something that happened on a date in a place. `other_dates` and `disputed` keep what sources do not agree on."""

    date: Date
    title: Text
    text: Text
    area: AreaId
    place: Text | None = None
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    principles: tuple[PrincipleId, ...] = ()
    people: tuple[PersonId, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    other_dates: tuple[OtherDate, ...] = ()
    disputed: Text | None = None
    milestone: StrictBool = False


class Person(Sourced):
    """Somebody of the movement, no longer alive or spoken of only in a public office."""

    name: Words
    sort_name: Words
    born: Date | None = None
    died: Date | None = None
    areas: Annotated[tuple[AreaId, ...], Field(min_length=1)]
    role: Text
    text: Text
    families: tuple[Family, ...] = ()
    principles: tuple[PrincipleId, ...] = ()
    disputed: Text | None = None


class Organisation(Sourced):
    """A co-operative, a federation or a body of the movement. Its figures are the series that name it."""

    name: Words
    english: Words | None = None
    area: AreaId
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    form: Text
    founded: Date | None = None
    text: Text
    principles: tuple[PrincipleId, ...] = ()
    url: Url | None = None


class Exchange(Sourced):
    """Something passed between co-operatives of different countries."""

    from_: Annotated[tuple[AreaId, ...], Field(min_length=1, alias="from")]
    to: Annotated[tuple[AreaId, ...], Field(min_length=1)]
    both_ways: StrictBool = False
    date: Date | None = None
    kinds: Annotated[
        tuple[Literal["knowledge", "training", "finance", "trade", "advice", "visit", "agreement", "relief"], ...], Field(min_length=1)
    ]
    title: Text
    text: Text
    partners: Text
    organisations: tuple[OrganisationId, ...] = ()
    principles: tuple[PrincipleId, ...] = ()
    note: Text | None = None


class Case(Sourced):
    """A co-operative put to the test. `outcome` says how it went; `lesson` what it tells about the principles named."""

    name: Words
    area: AreaId
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    date: Date
    outcome: Literal["grew", "failed", "scandal", "converted", "captured", "saved", "renewed", "open"]
    title: Text
    text: Text
    lesson: Text
    principles: Annotated[tuple[PrincipleId, ...], Field(min_length=1)]
    organisation: OrganisationId | None = None
    note: Text | None = None


class Finding(Sourced):
    """A result of research, or a critic's argument, with what limits it."""

    date: Date
    topic: Literal["survival", "productivity", "crises", "critics", "participation", "wider-effects"]
    leaning: Literal["for", "mixed", "against"]
    title: Text
    text: Text
    caveat: Text
    area: AreaId
    families: tuple[Family, ...] = ()
    principles: tuple[PrincipleId, ...] = ()


class Term(Record):
    """A word of the movement. `definition` is ours; `sources` only where it rests on a law or a body's usage."""

    term: Text
    definition: Text
    more: Text | None = None
    see: tuple[TermId, ...] = ()
    sources: tuple[SourceId, ...] = ()


class Misconception(Sourced):
    """What is often said, whether it holds, and how we know."""

    claim: Text
    verdict: Literal["wrong", "half-true", "out-of-date"]
    truth: Text
    evidence: Text
    principles: tuple[PrincipleId, ...] = ()
    figures: tuple[FigureId, ...] = ()


# --- everything together ---------------------------------------------------------------------------------------------

KINDS: Mapping[str, type[Record]] = {
    "languages": Language,
    "sources": Source,
    "units": Unit,
    "areas": Area,
    "countries": Country,
    "figures": Figure,
    "quotations": Quotation,
    "principles": Principle,
    "values": Value,
    "formulations": Formulation,
    "events": Event,
    "people": Person,
    "organisations": Organisation,
    "exchanges": Exchange,
    "cases": Case,
    "findings": Finding,
    "glossary": Term,
    "misconceptions": Misconception,
}
"""Each kind of record by the name of its file: `figures` stands in `data/figures.yml`."""


@dataclass(frozen=True)
class Facts:
    """All records, by kind and id, in the order of the files. Read-only."""

    records: Mapping[str, Mapping[str, Any]]
    mentions: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """For each (kind, id): the (kind, id) of the records that name it."""

    def __getitem__(self, kind: str) -> Mapping[str, Any]:
        return self.records[kind]

    def all(self) -> Iterator[tuple[str, Record]]:
        """Every record with its kind."""
        for kind, records in self.records.items():
            for record in records.values():
                yield kind, record

    def area(self, area_id: str) -> Area | Country:
        """The country or other area of that id."""
        return self["countries"].get(area_id) or self["areas"][area_id]

    def continent(self, area_id: str) -> str | None:
        """The continent that an area lies in; None for the world and for areas across continents."""
        return self.area(area_id).continent
