"""What a fact is: one typed record for each kind of thing, and all of them together as read-only `Facts`.

The models are the one definition of the format of `data/*.yml`. The loader, the JSON Schemas for editors and the data
dictionary are all made from them; nothing else knows which keys a record may have.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    AllowInfNan,
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

_PART = re.compile(r"(?:([0-9]{3})X|([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?)([~?])?")
_SPACE = re.compile("[\t\n\r\x85\u2028\u2029]+| {2,}")
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that XML or HTML cannot hold."""
SURE = 3
"""So many different common words of another language, and none of its own, show that a text stands under the wrong language."""


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
        raise ValueError(f"'{text}' names no date at all; give it a beginning or an end")
    start, end = moments[0], moments[-1]
    if start and end and start[:3] != end[:3] and (start.year, start.month or 1, start.day or 1) > _last_day(end):
        raise ValueError(f"'{text}' ends before it begins; the earlier date stands first")
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
        raise ValueError(f"'{whole}' is no year between {EARLIEST} and {LATEST}; mend the slip of the pen")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"'{whole}' has no such month; write 01 to 12")
    if day is not None and not 1 <= day <= calendar.monthrange(year, month or 1)[1]:
        raise ValueError(f"'{whole}' has no such day; write 01 to {calendar.monthrange(year, month or 1)[1]}")
    return Moment(year, month, day, match[5] or "")


def _check_date(text: str) -> str:
    parse_date(text)
    return text


def _check_day(text: str) -> str:
    start, end = parse_date(text)
    if start != end or start is None or start.day is None or start.mark:
        raise ValueError(f"'{text}' is no single day; write '2026-11-22'")
    return text


def _one_line(text: str) -> str:
    """A text without the line breaks that it was typed with; refuses what no page and no file could show."""
    if unfit := UNFIT.search(text):
        raise ValueError(f"holds the control character U+{ord(unfit[0]):04X}; take it out")
    return _SPACE.sub(" ", text)


def _check_text(text: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Each language of the site once, and under each what is not surely another's. The context tells the languages with their common words,
    and which of them may lack a text."""
    context = info.context or {}
    known: Mapping[str, frozenset[str]] | None = context.get("languages")
    if known is not None:
        missing = [language for language in known if language not in text and language not in context.get("partial", ())]
        if missing:
            raise ValueError(f"the text is missing in: {', '.join(missing)}; it has {', '.join(text) or 'none'}")
        extra = [language for language in text if language not in known]
        if extra:
            raise ValueError(f"no edition has the language: {', '.join(extra)} (data/languages.yml has {', '.join(known)}); enter it there, or take it out here")
        for language, own in known.items():
            words = text.get(language, "").split()
            if own.isdisjoint(words):
                for other, common in known.items():
                    if len(common.intersection(words)) >= SURE:
                        raise ValueError(f"the text under '{language}' is in the language '{other}'; each stands under its own")
    return text


@dataclass(frozen=True)
class Ref:
    """Marks a string as the id of a record of another kind; the loader checks that it resolves."""

    kinds: tuple[str, ...]


def ref(*kinds: str) -> Ref:
    return Ref(kinds)


Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_one_line)]
"""A name or code that is the same in every language; never empty."""
Text = Annotated[dict[str, Words], AfterValidator(_check_text)]
"""A human-readable text: a map from language to words, one for every edition that is complete."""
Id = Annotated[str, StringConstraints(pattern=ID)]
Date = Annotated[str, AfterValidator(_check_date)]
"""An EDTF date as a quoted string; see `parse_date`."""
Day = Annotated[str, AfterValidator(_check_day)]
Url = Annotated[str, StringConstraints(pattern=r"""^https?://[^\s\x00-\x1f\x7f<>"\\^`{|}]+$""")]
Number = StrictInt | Annotated[StrictFloat, AllowInfNan(False)]

SourceId = Annotated[Id, ref("sources")]
AreaId = Annotated[Id, ref("areas", "countries")]
PrincipleId = Annotated[Id, ref("principles")]
FigureId = Annotated[Id, ref("figures")]
OrganisationId = Annotated[Id, ref("organisations")]
PersonId = Annotated[Id, ref("people")]
TermId = Annotated[Id, ref("glossary")]
CORRECTABLE = (
    "figures", "events", "people", "organisations", "countries", "exchanges", "cases", "findings", "misconceptions", "principles",
    "glossary", "quotations",
)  # fmt: skip
"""The kinds that tell facts. Where two of them have the same id, a change means the one that stands first here."""
RecordId = Annotated[Id, ref(*CORRECTABLE)]

Continent = Literal["africa", "asia", "europe", "north-america", "south-america", "oceania"]
Family = Literal["consumer", "credit", "worker", "agricultural", "housing", "social", "insurance", "other"]
"""Families of co-operation, by what members do together. `social` serves people in need of care or work; `other` covers
health, energy, education, fishing, platforms and general history."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Record(Model):
    """Anything that has a place of its own in the data: `id` never changes its meaning."""

    id: Id
    """The record’s permanent name. It never changes its meaning, and is the record’s address on its page."""


class Sourced(Record):
    """A record whose every statement rests on the sources it names, the most direct first."""

    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    """The sources that the record rests on, the most direct first."""


class Language(Record):
    """A language that the site has an edition in. `locale` is Babel's name, `csl` the citation processor's."""

    name: Words
    """The language’s own name for itself."""
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}_[A-Z]{2}$")]
    """The locale that numbers and dates are written in, as the library Babel names it."""
    csl: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}-[A-Z]{2}$")]
    """The locale that citations are written in, as the Citation Style Language names it."""
    complete: StrictBool = True
    """Whether every text has this language. An edition that is not complete shows what it lacks in the site’s first language."""
    common: tuple[Words, ...] = ()
    """Frequent short words that no other language of the site has: they show when a text stands under the wrong language."""


# --- sources ---------------------------------------------------------------------------------------------------------


class Name(Model):
    """A CSL name: a person (`family`, `given`) or a body (`literal`)."""

    family: Words | None = None
    """A person’s family name."""
    given: Words | None = None
    """A person’s given names."""
    literal: Words | None = None
    """The name of a body, in one piece."""

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
    """What kind of work it is, in the terms of the Citation Style Language."""
    title: Words
    """The title, in the work’s own language."""
    author: tuple[Name, ...] = ()
    """Who wrote it."""
    editor: tuple[Name, ...] = ()
    """Who edited it."""
    issued: Date | None = None
    """When it came out."""
    container_title: Words | None = Field(None, alias="container-title")
    """The journal, book or site that it is part of."""
    publisher: Words | None = None
    """Who published it."""
    publisher_place: Words | None = Field(None, alias="publisher-place")
    """Where it was published."""
    volume: Words | None = None
    """The volume."""
    issue: Words | None = None
    """The issue."""
    page: Words | None = None
    """The pages."""
    number: Words | None = None
    """The number of a report, law or document."""
    edition: Words | None = None
    """The edition."""
    DOI: Words | None = None
    """The digital object identifier."""
    ISBN: Words | None = None
    """The book number."""
    URL: Url | None = None
    """The address at which it was read."""
    accessed: Day | None = None
    """The day on which it was read there."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    """The language that it is written in."""
    kind: Literal["primary", "official-statistics", "apex", "research", "press", "secondary", "portal", "law"]
    """How near the source stands to what it tells."""
    remark: Text | None = None
    """What to keep in mind when using it."""
    archive: Url | None = None
    """Where a copy is kept."""

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
    """The unit’s name for one."""
    plural: Text
    """The unit’s name for many."""
    kind: Literal["count", "money", "per-cent", "index", "measure"]
    """What sort of measure it is."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """The ISO 4217 code of a unit of money."""


class Observation(Model):
    """One value of a series as one source published it, for the time it speaks of (`year`).

    `certainty` is how the value itself is meant; `kind` how it came about (`rule`: a law or statute sets it); `source` with
    `locator` where it is found; `also` names other works that agree. `upper` makes it a range. `derived` says how a published value was converted.
    """

    year: Date
    """The time that the value speaks of."""
    value: Number
    """The value as the source published it, in the unit of the series; of a range, the lower end."""
    upper: Number | None = None
    """The upper end, if a range was published."""
    certainty: Literal["exact", "rounded", "estimate", "at-least"]
    """How the value itself is meant."""
    kind: Literal["counted", "estimated", "self-reported", "rule"]
    """How the value came about; `rule` means that a law or statute sets it."""
    source: SourceId
    """The source that published the value."""
    locator: Words | None = None
    """The place in the source: a page, a table, a section."""
    also: tuple[SourceId, ...] = ()
    """Other sources that give the same value."""
    note: Text | None = None
    """What to know about this one value."""
    derived: Text | None = None
    """How the published value was converted into the unit of the series."""
    reviewed: Day
    """The day on which the value was last compared with its source."""

    @model_validator(mode="after")
    def _range(self) -> Observation:
        if self.upper is not None and self.upper <= self.value:
            raise ValueError(f"upper ({self.upper}) must be greater than value ({self.value})")
        if self.source in self.also:
            raise ValueError(f"'{self.source}' is the source already; 'also' is for others that agree")
        start, end = parse_date(self.year)
        if (moment := start or end) and moment.year > int(self.reviewed[:4]):
            raise ValueError(f"the value speaks of {self.year}, after it was reviewed ({self.reviewed}); one of the two is wrong")
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
    """The name of the series."""
    topic: Topic
    """The subject that the series belongs to, and with it the page of its home."""
    unit: Annotated[Id, ref("units")]
    """What the values count."""
    area: AreaId
    """The part of the world that the values speak of."""
    definition: Text
    """What is counted."""
    term: TermId | None = None
    """The entry of the glossary that explains what is counted."""
    coverage: Text
    """Who or what is in, and who or what is out."""
    caveat: Text
    """What to know before using the values."""
    organisation: OrganisationId | None = None
    """The organisation that the series is about."""
    not_with: tuple[FigureId, ...] = ()
    """Series that look alike and must not be compared with this one or added to it."""
    observations: Annotated[tuple[Observation, ...], Field(min_length=1)]
    """The values, oldest first. A later one never overwrites an earlier one."""

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
    """The wording in each language."""
    original: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    """The language that it was written or spoken in."""
    original_text: Words | None = None
    """The original wording, if it is in a language that the site has no edition in."""
    translation: Literal["official", "in-use", "ours"]
    """Whose the translation is."""
    kind: Literal["statement", "law", "historical", "claim"]
    """What sort of words they are."""
    speaker: Text
    """Whose words they are."""
    date: Date | None = None
    """When they were written or spoken."""
    source: SourceId
    """The source that holds the original wording."""
    locator: Words | None = None
    """The place in the source."""
    also: tuple[SourceId, ...] = ()
    """Other sources with the same wording."""
    translation_sources: tuple[SourceId, ...] = ()
    """The sources that hold the translation."""
    note: Text | None = None
    """What to know about the original."""
    translation_note: Text | None = None
    """What to know about the translation."""

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
    """Its number in the Statement of 1995."""
    name: Text
    """Its official name."""
    short_name: Text
    """A short name for lists and marks."""
    statement: Annotated[Id, ref("quotations")]
    """The quotation that holds its exact wording."""
    gist: Text
    """The principle in one plain sentence of ours."""
    history: Text
    """Where it comes from and what changed in 1995."""


class Value(Sourced):
    """One of the ten values of the 1995 Statement: six of the co-operative, four (`ethical`) of its members."""

    order: Annotated[StrictInt, Field(ge=1, le=10)]
    """Its place among the ten."""
    name: Text
    """Its name in the Statement."""
    group: Literal["co-operative", "ethical"]
    """Whether the Statement gives it to co-operatives or to their members."""
    meaning: Text
    """What it means, in our words."""


class FormulationPoint(Model):
    """One rule within a formulation, in our words. `principles` names those of 1995 that it is, or lives on in; `comes_from`
    the keys of the points that it comes from, in the formulation that this one `follows`."""

    key: Id
    """The point’s name within its formulation."""
    number: Annotated[StrictInt, Field(ge=1, le=9)] | None = None
    """Its number, if it had one."""
    text: Text
    """What it says, in our words."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles of 1995 that it is, or lives on in."""
    comes_from: tuple[Id, ...] = ()
    """The points of the formulation before it that it comes from."""


class Formulation(Sourced):
    """The principles as one time put them: Rochdale's practice of 1844, and the Alliance's of 1937, 1966 and 1995."""

    date: Date
    """When it was adopted or practised."""
    name: Text
    """What it is called."""
    body: Text
    """Who adopted it."""
    place: Text
    """Where."""
    summary: Text
    """What it says as a whole."""
    note: Text | None = None
    """What to know about it."""
    follows: Annotated[Id, ref("formulations")] | None = None
    """The formulation that it took the place of."""
    points: Annotated[tuple[FormulationPoint, ...], Field(min_length=1)]
    """Its rules, in their order."""


# --- history and the world -------------------------------------------------------------------------------------------


class Area(Record):
    """A part of the world that is not a country: the world, a continent, the European Union, a region, a town."""

    name: Text
    """The area’s name."""
    continent: Continent | None = None
    """The continent that it lies in; empty for the world and for areas across continents."""
    part_of: AreaId | None = None
    """The larger area that it belongs to."""


class Milestone(Model):
    """A first: when, and what it was."""

    date: Date
    """When it was."""
    text: Text
    """What it was."""
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    """The sources that tell of it."""


class Country(Sourced):
    """A country in the data. `missing` says what was looked for and not found."""

    iso2: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """The ISO 3166-1 code of two letters."""
    isonum: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    """The ISO 3166-1 code of three digits."""
    name: Text
    """The country’s name."""
    continent: Continent
    """The continent whose page it stands on."""
    apex: Words | None = None
    """The national body of co-operatives."""
    first_law: Milestone | None = None
    """The first law on co-operatives."""
    first_coop: Milestone | None = None
    """The first co-operative that the sources know of."""
    note: Text | None = None
    """What else to know."""
    missing: Text | None = None
    """What was looked for and not found."""


class OtherDate(Model):
    """A date that another source gives for the same event."""

    date: Date
    """The other date."""
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    """The sources that give it."""
    note: Text | None = None
    """What may explain the difference."""


class Event(Sourced):
    """Something that happened on a date in a place. `other_dates` and `disputed` keep what sources do not agree on."""

    date: Date
    """When it happened."""
    title: Text
    """The event in one line."""
    text: Text
    """What happened."""
    area: AreaId
    """The country or area where it happened."""
    place: Text | None = None
    """The town or house."""
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    """The families of co-operation that it concerns."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that it speaks to."""
    people: tuple[PersonId, ...] = ()
    """The people who took part."""
    organisations: tuple[OrganisationId, ...] = ()
    """The organisations that took part."""
    other_dates: tuple[OtherDate, ...] = ()
    """Dates that other sources give for the same event."""
    disputed: Text | None = None
    """What the sources do not agree on, or what is legend."""
    milestone: StrictBool = False
    """Whether a timeline of one page must not miss it."""


class Person(Sourced):
    """Somebody of the movement, no longer alive or spoken of only in a public office."""

    name: Words
    """The person’s name."""
    sort_name: Words
    """The name as an index sorts it."""
    born: Date | None = None
    """Date of birth."""
    died: Date | None = None
    """Date of death."""
    areas: Annotated[tuple[AreaId, ...], Field(min_length=1)]
    """Where the person worked."""
    role: Text
    """What the person was, in a few words."""
    text: Text
    """What the person did."""
    families: tuple[Family, ...] = ()
    """The families of co-operation that the person worked for."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that the person’s work speaks to."""
    disputed: Text | None = None
    """What the sources do not agree on, or what is legend."""

    @model_validator(mode="after")
    def _lived(self) -> Person:
        born, died = (parse_date(date)[0] if date else None for date in (self.born, self.died))
        if born and died and died.year < born.year:
            raise ValueError(f"died ({self.died}) comes before born ({self.born}); are they swapped?")
        return self


class Organisation(Sourced):
    """A co-operative, a federation or a body of the movement. Its figures are the series that name it."""

    name: Words
    """Its own name."""
    english: Words | None = None
    """Its name in English, if its own is in another language."""
    area: AreaId
    """Where it is at home."""
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    """The families of co-operation that it belongs to."""
    form: Text
    """What sort of body it is."""
    founded: Date | None = None
    """When it was founded."""
    text: Text
    """What it is and does."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that it shows at work."""
    url: Url | None = None
    """Its own site."""


class Exchange(Sourced):
    """Something passed between co-operatives of different countries."""

    from_: Annotated[tuple[AreaId, ...], Field(min_length=1, alias="from")]
    """Where it came from."""
    to: Annotated[tuple[AreaId, ...], Field(min_length=1)]
    """Where it went."""
    both_ways: StrictBool = False
    """Whether it went both ways."""
    date: Date | None = None
    """When it took place."""
    kinds: Annotated[
        tuple[Literal["knowledge", "training", "finance", "trade", "advice", "visit", "agreement", "relief"], ...], Field(min_length=1)
    ]
    """What was passed on."""
    title: Text
    """The exchange in one line."""
    text: Text
    """What happened."""
    partners: Text
    """Who dealt with whom."""
    organisations: tuple[OrganisationId, ...] = ()
    """The organisations of this site that took part."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that it speaks to."""
    note: Text | None = None
    """What limits what is known."""


class Case(Sourced):
    """A co-operative put to the test. `outcome` says how it went; `lesson` what it tells about the principles named."""

    name: Words
    """The co-operative’s name."""
    area: AreaId
    """Where it is."""
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    """The families of co-operation that it belongs to."""
    date: Date
    """When the story took place."""
    outcome: Literal["grew", "failed", "scandal", "converted", "captured", "saved", "renewed", "settled", "open"]
    """How it went."""
    title: Text
    """The story in one line."""
    text: Text
    """What happened."""
    lesson: Text
    """What it puts to the test."""
    principles: Annotated[tuple[PrincipleId, ...], Field(min_length=1)]
    """The principles that it speaks to, the nearest first."""
    organisation: OrganisationId | None = None
    """The organisation’s own entry."""
    note: Text | None = None
    """What else to know."""


class Finding(Sourced):
    """A result of research, or a critic's argument, with what limits it."""

    date: Date
    """When it was published."""
    topic: Literal["survival", "productivity", "crises", "critics", "participation", "wider-effects"]
    """What was studied."""
    leaning: Literal["for", "mixed", "against"]
    """Whether it speaks for co-operatives, against them, or both."""
    title: Text
    """The result in one line."""
    text: Text
    """What was found, and how."""
    caveat: Text
    """What limits it."""
    area: AreaId
    """Where it was studied."""
    families: tuple[Family, ...] = ()
    """The families of co-operation that were studied."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that it speaks to."""


class Term(Record):
    """A word of the movement. `definition` is ours; `sources` only where it rests on a law or a body's usage."""

    term: Text
    """The word."""
    definition: Text
    """What it means, in our words."""
    more: Text | None = None
    """More about it."""
    see: tuple[TermId, ...] = ()
    """Words that belong with it."""
    sources: tuple[SourceId, ...] = ()
    """The sources of the meaning, where it rests on a law or a body’s usage."""


class Misconception(Sourced):
    """What is often said, whether it holds, and how we know."""

    claim: Text
    """What is often said."""
    verdict: Literal["wrong", "half-true", "out-of-date"]
    """Whether it holds."""
    truth: Text
    """What is true."""
    evidence: Text
    """How we know."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles that it touches."""
    figures: tuple[FigureId, ...] = ()
    """The series that speak to it."""


class Change(Sourced):
    """A correction of something that this site had published: what it was, what it is now, and why. New records are no corrections."""

    date: Day
    """The day of the correction."""
    title: Text
    """The correction in one line."""
    records: Annotated[tuple[RecordId, ...], Field(min_length=1)]
    """The records that were corrected."""
    part: Literal["value", "unit", "certainty", "kind", "definition", "coverage", "caveat", "text", "source"]
    """What was corrected in them."""
    what: Text
    """How it read before, and how it reads now."""
    why: Text
    """Why it was wrong or unclear."""


# --- teaching --------------------------------------------------------------------------------------------------------

LessonId = Annotated[Id, ref("lessons")]
QuestionId = Annotated[Id, ref("questions")]
Verb = Literal["identify", "explain", "compare", "calculate", "argue", "design"]
Level = Literal["recall", "understand", "apply", "argue"]


class Amount(Model):
    """A number that a text may show as `{key}`: exactly one of `value` (invented for the exercise), `figure` (with `year` and, if several
    speak of it, `source`), `line` (of an account, as `account-id.key`) or `formula` (of other keys: `+ - * / ( )` and numbers)."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    """The name that texts and formulas use."""
    value: Number | None = None
    """A number made up for the exercise."""
    figure: FigureId | None = None
    """The series that the number is taken from."""
    year: Date | None = None
    """The observation's year; without it the latest."""
    source: SourceId | None = None
    """The observation's source, where several speak of the year."""
    line: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z][a-z0-9_]*$")] | None = None
    """A line of an account: `account-id.key`."""
    formula: Words | None = None
    """A sum over keys that stand before this one."""
    digits: Annotated[StrictInt, Field(ge=0, le=6)] | None = None
    """Round to so many decimals (the text must say so)."""
    unit: Annotated[Id, ref("units")] | None = None
    """The unit to show; a figure brings its own."""

    @model_validator(mode="after")
    def _one(self) -> Amount:
        given = [name for name in ("value", "figure", "line", "formula") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"'{self.key}' needs exactly one of value, figure, line, formula; it has {', '.join(given) or 'none'}")
        return self


class AccountLine(Amount):
    """A line of an account: an amount with its words. `total` sets it apart as a sum."""

    text: Text
    """What the line is."""
    total: StrictBool = False
    """Whether the line sums up lines above it."""


class Account(Sourced):
    """Numbers to compute with in class. `model` ones are invented (real rules, made-up amounts) and always shown as such."""

    title: Text
    """What the account shows."""
    model: StrictBool
    """Whether the amounts are invented."""
    unit: Annotated[Id, ref("units")]
    """What the lines count, where they do not say otherwise."""
    note: Text | None = None
    """What to know before computing."""
    lines: Annotated[tuple[AccountLine, ...], Field(min_length=1)]
    """The lines from top to bottom."""


class Option(Model):
    """An answer to choose, with the reason why it is right or wrong."""

    text: Text
    """The answer as a pupil reads it."""
    correct: StrictBool = False
    """Whether it is right."""
    why: Text
    """Why it is right, or what makes it tempting and wrong."""


class Pair(Model):
    """Two things that belong together, and why."""

    left: Text
    """What is given."""
    right: Text
    """What belongs to it."""
    why: Text
    """Why they belong together."""


class Step(Model):
    """Something to be put in order, and why it stands where it does. Steps are entered in the right order."""

    text: Text
    """What is put in order."""
    why: Text
    """Why it stands here."""


class Question(Sourced):
    """One question of the bank. `options` for single, multiple and truefalse; `answer` for numeric; `pairs` for match; `steps` for order;
    `accepted` for short. Texts may show `numbers` as `{key}`; a literal brace is not allowed."""

    type: Literal["single", "multiple", "truefalse", "numeric", "match", "order", "short"]
    """How it is answered."""
    lesson: LessonId | None = None
    """The lesson it checks."""
    objective: Id | None = None
    """The key of the lesson's objective it checks."""
    principles: tuple[PrincipleId, ...] = ()
    """The principles it is about."""
    level: Level
    """What it asks of the pupil."""
    stem: Text
    """The question itself, never negative."""
    numbers: tuple[Amount, ...] = ()
    """The numbers that the texts show."""
    options: tuple[Option, ...] = ()
    """Answers to choose from."""
    answer: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    """For numeric questions: the key of the number asked for."""
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    """For numeric questions: how far off an answer may be, in the unit of the answer."""
    unit: Annotated[Id, ref("units")] | None = None
    """For numeric questions: the unit of the answer."""
    pairs: tuple[Pair, ...] = ()
    """Things to match."""
    steps: tuple[Step, ...] = ()
    """Things to order, in the right order."""
    accepted: tuple[Text, ...] = ()
    """For short questions: answers that count as right."""
    feedback: Text
    """What everybody should take away."""
    misconception: Annotated[Id, ref("misconceptions")] | None = None
    """The misconception that the wrong answers come from."""
    updated: Day
    """When it was last changed."""

    @model_validator(mode="after")
    def _whole(self) -> Question:
        if not self.lesson and not self.principles:
            raise ValueError("a question belongs to a lesson or to a principle")
        if self.objective and not self.lesson:
            raise ValueError("an objective belongs to a lesson: name the lesson")
        wanted = {
            "single": "options", "multiple": "options", "truefalse": "options", "numeric": "answer", "match": "pairs", "order": "steps",
            "short": "accepted",
        }[self.type]  # fmt: skip
        for name in ("options", "answer", "pairs", "steps", "accepted"):
            if bool(getattr(self, name)) != (name == wanted):
                raise ValueError(f"a {self.type} question has {wanted}" + (f", and no {name}" if name != wanted else ""))
        right = sum(option.correct for option in self.options)
        if self.type in ("single", "truefalse") and right != 1:
            raise ValueError(f"a {self.type} question has one correct option; this has {right}")
        if self.type == "single" and not 3 <= len(self.options) <= 5:
            raise ValueError("a single question has three to five options")
        if self.type == "truefalse" and len(self.options) != 2:
            raise ValueError("a truefalse question has two options, true and false")
        if self.type == "multiple" and (right < 2 or right == len(self.options)):
            raise ValueError("a multiple question has at least two correct options and at least one wrong one")
        if self.type in ("match", "order") and len(self.pairs or self.steps) < 3:
            raise ValueError(f"a {self.type} question has at least three {wanted}")
        if self.type == "numeric" and (self.tolerance is None or self.unit is None or self.answer not in {n.key for n in self.numbers}):
            raise ValueError("a numeric question names tolerance, unit and, as answer, the key of one of its numbers")
        return self


class Objective(Model):
    """What a pupil can do after the lesson: one observable verb."""

    key: Id
    """Its name within the lesson."""
    verb: Verb
    """The observable verb."""
    level: Level
    """The level of the verb."""
    text: Text
    """The objective in the pupil's words."""


class LessonStep(Model):
    """A part of the lesson with its minutes."""

    key: Id
    """Its name within the lesson: the id of its section on the page, where it has one."""
    minutes: Annotated[StrictInt, Field(ge=1)]
    """How long it takes."""
    title: Text
    """What happens, in a few words."""
    form: Literal["plenary", "alone", "pairs", "groups"]
    """How the class works."""
    cut: StrictBool = False
    """Whether it falls away if there are only thirty minutes."""


class CurriculumLine(Model):
    """A line of an outside framework and the activity that meets it. `source` gives its address and when it was looked at."""

    system: Literal["it-educazione-civica", "it-costituzione", "it-formazione-scuola-lavoro", "eu-entrecomp", "eu-greencomp", "eu-lifecomp", "other"]
    """The framework."""
    line: Text
    """The line's own name or heading."""
    source: SourceId
    """Where the line stands."""
    activity: Text
    """Which activity meets it, and how."""


class Goal(Model):
    """A goal of the United Nations that the lesson touches, and why."""

    number: Annotated[StrictInt, Field(ge=1, le=17)]
    """The goal's number."""
    why: Text
    """In one sentence, why."""


class LessonVersion(Model):
    """A published state of a lesson."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+(?:\.[0-9]+)*$")]
    """The version’s number, which stands in the names of files."""
    date: Day
    """The day it was published."""
    what: Text
    """What changed."""


class Lesson(Sourced):
    """A lesson: what its page, its teacher page, its packs and its metadata share. Its prose stands in `docs/<language>/lessons/`."""

    number: Annotated[StrictInt, Field(ge=1)]
    """Its place in the set."""
    title: Text
    """The page's title."""
    summary: Text
    """What it is, in 200 characters at most."""
    question: Text
    """The one question that the lesson answers."""
    kind: Text
    """What sort of lesson it is, such as a simulation."""
    age: Annotated[tuple[StrictInt, StrictInt], Field(min_length=2, max_length=2)]
    """The youngest and the oldest it is meant for."""
    minutes: Annotated[StrictInt, Field(ge=30)]
    """How long it takes; the steps add up to it."""
    objectives: Annotated[tuple[Objective, ...], Field(min_length=2, max_length=4)]
    """What pupils can do afterwards."""
    prior: tuple[LessonId, ...] = ()
    """Lessons to be done before; none if empty."""
    principles: Annotated[tuple[PrincipleId, ...], Field(min_length=1)]
    """The principles it is about."""
    keywords: Annotated[tuple[TermId, ...], Field(min_length=3)]
    """The words of this lesson."""
    materials: tuple[Text, ...]
    """What to have ready."""
    group: Text
    """Size and kind of groups."""
    steps: Annotated[tuple[LessonStep, ...], Field(min_length=3)]
    """The lesson's course, with minutes."""
    curriculum: tuple[CurriculumLine, ...]
    """Lines of frameworks that an activity meets."""
    competences: tuple[CurriculumLine, ...] = ()
    """Lines of competence frameworks that an activity meets."""
    sdg: Annotated[tuple[Goal, ...], Field(max_length=2)] = ()
    """At most two goals of the United Nations."""
    figures: tuple[FigureId, ...] = ()
    """The series that the lesson works with."""
    accounts: tuple[Annotated[Id, ref("accounts")], ...] = ()
    """The accounts that the lesson works with."""
    repeats: QuestionId | None = None
    """A question of an earlier lesson, asked again."""
    authors: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Who wrote it."""
    status: Literal["draft", "reviewed", "classroom-tested"]
    """How far it was tried."""
    tested: Text | None = None
    """Where and when it was tried in a class."""
    versions: Annotated[tuple[LessonVersion, ...], Field(min_length=1)]
    """Its published states, the newest last."""

    @model_validator(mode="after")
    def _adds_up(self) -> Lesson:
        total = sum(step.minutes for step in self.steps)
        if total != self.minutes:
            raise ValueError(f"the steps take {total} minutes, the lesson says {self.minutes}")
        for language, summary in self.summary.items():
            if len(summary) > 200:
                raise ValueError(f"summary.{language} has {len(summary)} characters; at most 200")
        if (self.status == "classroom-tested") != bool(self.tested):
            raise ValueError("a classroom-tested lesson says where and when (tested), any other does not")
        if self.age[0] > self.age[1]:
            raise ValueError("age is [youngest, oldest]")
        return self


# --- drawings --------------------------------------------------------------------------------------------------------


class Shown(Model):
    """A series in a chart: which of its observations are drawn, and the short words that stand beside them."""

    figure: FigureId
    """The series."""
    label: Text | None = None
    """The words beside its values; without them its title."""
    group: Text | None = None
    """Words that set it and the series after it off from others."""
    years: tuple[Date, ...] = ()
    """The years to draw; without them all."""
    sources: tuple[SourceId, ...] = ()
    """The works whose values are drawn; without them all."""


class ChartOptions(Model):
    """What a form of drawing may be told."""

    whole: FigureId | None = None
    """The series that parts are taken from."""
    name_years: tuple[Date, ...] = ()
    """Years whose values are written on the drawing, beside the first and the last."""
    name_areas: tuple[AreaId, ...] = ()
    """Countries that are named on the drawing."""
    since: tuple[StrictInt, ...] = ()
    """The years at which a map changes its colour, newest first, or the year at which a timeline begins."""


class Chart(Record):
    """A drawing of facts. It holds words only: every value comes from the records that it names."""

    form: Literal[
        "vintages", "parts", "lines", "slope", "disagree", "against-population", "known", "exchanges", "decades", "descent",
    ]  # fmt: skip
    """The kind of drawing."""
    headline: Text
    """What to see, in ten words or fewer."""
    subtitle: Text
    """Measure, place and period."""
    alt: Text
    """What the drawing shows, for those who do not see it."""
    notes: Text
    """What to know before using it."""
    figures: tuple[Shown, ...] = ()
    """The series that it draws, in order; none if it draws all records of a kind."""
    options: ChartOptions = ChartOptions()
    """What its form is told."""

    @model_validator(mode="after")
    def _short(self) -> Chart:
        for language, words in self.headline.items():
            if (count := len(words.split())) > 10:
                raise ValueError(f"the headline ({language}) has {count} words; ten or fewer say what to see")
        return self

    @model_validator(mode="after")
    def _figures(self) -> Chart:
        of_records = self.form in ("exchanges", "decades", "descent")
        if of_records == bool(self.figures):
            raise ValueError(f"a chart of the form '{self.form}' {'draws all records of a kind and names no' if of_records else 'names its'} figures")
        if (self.form == "parts") != bool(self.options.whole):
            raise ValueError("options.whole names the series that is taken apart; the form 'parts' has it, and no other")
        if (self.form in ("known", "decades")) != bool(self.options.since):
            raise ValueError("options.since gives years; the forms 'known' and 'decades' have it, and no others")
        if list(self.options.since) != sorted(self.options.since, reverse=True):
            raise ValueError("options.since stands newest first")
        return self


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
    "changes": Change,
    "charts": Chart,
    "accounts": Account,
    "questions": Question,
    "lessons": Lesson,
}
"""Each kind of record by the name of its file: `figures` stands in `data/figures.yml`."""


@dataclass(frozen=True, eq=False)
class Facts:
    """All records, by kind and id, in the order of the files. Read-only, so what is made from them can be kept for as long as they are."""

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

    def resolve(self, record_id: str, kinds: Sequence[str]) -> tuple[str, str]:
        """The (kind, id) of a record whose id may be of several kinds: the first that has it, as the loader takes it."""
        return next(kind for kind in kinds if record_id in self[kind]), record_id

    def area(self, area_id: str) -> Area | Country:
        """The country or other area of that id."""
        return self["countries"].get(area_id) or self["areas"][area_id]

    def continent(self, area_id: str) -> str | None:
        """The continent that an area lies in; None for the world and for areas across continents."""
        return self.area(area_id).continent
