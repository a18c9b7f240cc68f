"""Single faults in the data, the pages and the settings, made systematically from the real ones; and what is said of each.

`python tests/faults.py` makes every fault and writes `tests/faults.md`: how many of each kind in each file, how many were caught and how
well they were told. tests/test_faults.py holds the site to it.
"""

from __future__ import annotations

import functools
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import macros  # noqa: E402
from microsite import check, fields, places  # noqa: E402
from microsite import load as loading  # noqa: E402
from microsite.edition import Edition  # noqa: E402
from microsite.load import DataError, Mistake, load, references  # noqa: E402
from microsite.model import KINDS  # noqa: E402

TABLE = Path(__file__).with_name("faults.md")
REMEDY = re.compile(
    r"; |did you mean|is none of|where .* was expected|must be|\bhas .*, (?:and no|the)|needs exactly|names? (?:its|an?|where)|says (?:when|where)|has (?:one|two|three|at least)"
)
"""How a message says what would be right."""


@dataclass(frozen=True)
class Fault:
    """A file with one thing wrong. `content` None: the file is not there. `lines` are those on which it may be said to stand; none if it concerns
    the whole file. `says` is what the message must hold, as a pattern."""

    group: str
    kind: str
    file: str
    content: bytes | None
    lines: range | None = None
    says: str = ""
    instead: str = ""
    """Another name that the content stands under."""


@dataclass(frozen=True)
class Told:
    """What was said of a fault."""

    fault: Fault
    said: tuple[str, ...]
    crash: str = ""

    @property
    def caught(self) -> bool:
        return bool(self.said) and not self.crash

    @property
    def shortcomings(self) -> list[str]:
        """What a message lacks; none if it is whole."""
        if not self.caught:
            return [self.crash or "not caught"]
        message, fault = self.said[0], self.fault
        found = [f"{len(self.said)} messages"] if len(self.said) > 1 else []
        if not re.match(r"[\w./-]+:\d+: ", message):
            found.append("no file and line")
        elif Path(fault.file).name not in message and (not fault.instead or fault.instead not in message):
            found.append("another file")
        elif fault.lines and message.startswith(f"{fault.file}:"):
            named = [int(line) for line in re.findall(rf"^{re.escape(fault.file)}:(\d+)|\bline (\d+)", message) for line in line if line]
            if not any(line in fault.lines for line in named):
                found.append(f"line {named} instead of {fault.lines}")
        if not REMEDY.search(message):
            found.append("no remedy")
        if not re.search(fault.says, message):
            found.append(f"does not say “{fault.says}”")
        if "Traceback" in message:
            found.append("a traceback")
        return found


# --- the data: few records of each kind, as they stand in the files -------------------------------------------------------


@functools.cache
def sample() -> dict[str, str]:
    """The text of each data file cut down to a few of its records, and those that these name."""
    facts = load()
    chosen: dict[str, set[str]] = {kind: set() for kind in KINDS}

    def choose(kind: str, record_id: str) -> None:
        if record_id in chosen[kind]:
            return
        chosen[kind].add(record_id)
        for _, kinds, target in references(facts[kind][record_id]):
            choose(next(name for name in kinds if target in facts[name]), target)
        if kind in ("accounts", "questions"):
            record = facts[kind][record_id]
            for amount in record.lines if kind == "accounts" else record.numbers:
                if amount.line:
                    choose("accounts", amount.line.partition(".")[0])

    for kind in KINDS:
        records = list(facts[kind].values())
        choose(kind, records[0].id)
        choose(kind, max(records[:40], key=lambda record: len(record.model_fields_set)).id)
    for language in facts["languages"]:
        choose("languages", language)
    choose("questions", next(question.id for question in facts["questions"].values() if question.numbers))
    return {kind: _cut(kind, chosen[kind]) for kind in KINDS}


def _cut(kind: str, ids: set[str]) -> str:
    text = (loading.DATA / f"{kind}.yml").read_text("utf-8")
    head, *blocks = re.split(r"^(?=- )", text, flags=re.M)
    return head + "".join(block for block in blocks if re.match(r"- \{?id: [\"']?([\w-]+)", block)[1] in ids)  # type: ignore[index]


class Text:
    """The text of a data file, and where in it everything stands."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.file = f"data/{kind}.yml"
        self.text = sample()[kind]
        # Marks of the reader in Python count characters, those of libyaml do not everywhere.
        self.nodes = yaml.compose(self.text, Loader=yaml.SafeLoader)
        self.records = list(load()[kind][self._id(node)] for node in self.nodes.value)

    def _id(self, node: yaml.MappingNode) -> str:
        return next(value.value for key, value in node.value if key.value == "id")

    def lines(self, start: int, end: int) -> range:
        """The lines of a stretch of the text, and those beside it."""
        return range(self.text[:start].count("\n"), self.text[:end].rstrip().count("\n") + 5)

    def fault(self, group: str, kind: str, start: int, end: int, by: str, says: str = "", within: tuple[int, int] | None = None) -> Fault:
        made = self.text[:start] + by + self.text[end:]
        return Fault(group, kind, self.file, made.encode(), self.lines(*(within or (start, end))), says)

    def span(self, node: yaml.Node) -> tuple[int, int]:
        start, end = node.start_mark.index, node.end_mark.index
        return start, start + len(self.text[start:end].rstrip())

    def places(self) -> Iterator[Place]:
        """Every key of the first record that has it, at any depth, once a path."""
        seen: set[tuple[str, ...]] = set()
        for record, node in zip(self.records, self.nodes.value, strict=True):
            for place in self._places(node, fields.of_kind(self.kind), (), self.span(node)):
                if place.path not in seen:
                    seen.add(place.path)
                    place.record = record.id
                    yield place

    def _places(self, node: yaml.MappingNode, known: Iterable[fields.Field], path: tuple[str, ...], record: tuple[int, int]) -> Iterator[Place]:
        by_key = {field.key: field for field in known}
        keys = [(key, value) for key, value in node.value]
        for index, (key, value) in enumerate(keys):
            field = by_key[key.value]
            after = keys[index + 1][0].start_mark.index if index + 1 < len(keys) else None
            yield Place(self, node, key, value, field, (*path, field.key), after, record)
            for inner in value.value if field.inner and isinstance(value, yaml.SequenceNode) else [value] if field.inner else []:
                yield from self._places(inner, field.inner, (*path, field.key), record)


text_of = functools.cache(Text)


class Place:
    """A key with its value in the text of a data file."""

    record: str

    def __init__(self, text: Text, parent: yaml.MappingNode, key: yaml.Node, value: yaml.Node, field: fields.Field, path: tuple[str, ...], after: int | None, whole: tuple[int, int]) -> None:
        self.text, self.parent, self.key, self.value, self.field, self.path, self.after, self.whole = text, parent, key, value, field, path, after, whole

    @property
    def top(self) -> bool:
        return len(self.path) == 1

    def set(self, group: str, kind: str, by: str, says: str = "") -> Fault:
        """The value replaced."""
        return self.text.fault(group, kind, *self.text.span(self.value), by, says)

    def drop(self) -> Fault:
        start = self.key.start_mark.index
        end = self.after or self.text.span(self.value)[1]
        return self.text.fault("keys", "key dropped", start, end, "", f"the key '{self.field.key}' is missing", self.whole)

    def before(self, group: str, kind: str, words: str, says: str) -> Fault:
        """Something put before the key."""
        start = self.key.start_mark.index
        indent = " " * self.key.start_mark.column
        glue = ", " if self.parent.flow_style else f"\n{indent}"
        return self.text.fault(group, kind, start, start, words + glue, says)

    def words(self) -> str:
        start, end = self.text.span(self.value)
        return self.text.text[start:end]


def misspelt(word: str) -> str:
    """A word with one letter doubled in its middle."""
    at = next(at for at in range(len(word) // 2, -1, -1) if word[at].isalnum())
    return word[:at] + word[at] + word[at:] if len(word) > 2 else word + "x"


def of_data() -> Iterator[Fault]:
    for kind in KINDS:
        text = text_of(kind)
        places = list(text.places())
        yield from _keys(text, places)
        yield from _values(places)
        yield from _ids(text)
        yield from _files(text)


MOST = 2
"""Faults of one kind in one file, on different keys."""


def _some(chosen: Iterable[Place]) -> list[Place]:
    """The first few, and the last, which lies deepest."""
    found = list(chosen)
    return found if len(found) <= MOST else [*found[: MOST - 1], found[-1]]


def _keys(text: Text, places: list[Place]) -> Iterator[Fault]:
    for place in _some(place for place in places if place.field.required and place.field.key != "id"):
        yield place.drop()
    plain = [place for place in places if isinstance(place.value, yaml.ScalarNode) and "\n" not in place.words()]
    for place in _some(plain):
        yield place.before("keys", "key given twice", f"{place.field.key}: {place.words()}", f"the key '{place.field.key}' is given twice; keep one")
    for place in _some(place for place in places if place.field.key != "id"):
        wrong = misspelt(place.field.key)
        yield text.fault("keys", "key misspelt", *text.span(place.key), wrong, rf"{wrong}: no such key; did you mean .*{place.field.key}")
    yield places[-1].before("keys", "unknown key", "colour-of-binding: red", "no such key; known here are|no such key; did you mean")


def _values(places: list[Place]) -> Iterator[Fault]:
    by_type: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.field.many and place.field.type != "group" and not isinstance(place.value, yaml.SequenceNode):
            continue
        by_type["list" if isinstance(place.value, yaml.SequenceNode) else place.field.type].append(place)
    # texts
    for place in _some(by_type["text"]):
        (en, one), (it, other) = place.value.value
        text = place.text
        yield place.set("texts", "text without languages", "Some words", "where a map was expected, such as")
        yield text.fault("texts", "language missing", en.start_mark.index, it.start_mark.index, "", "the text is missing in: en", text.span(place.value))
        yield text.fault("texts", "language misspelt", *text.span(it), "ti", "the text is missing in: it; it has en, ti", text.span(place.value))
        yield text.fault("texts", "text empty", *text.span(one), "''", "is empty; fill it", text.span(place.value))
        yield text.fault("texts", "text left out", *text.span(other), "~", "nothing where text was expected; write it", text.span(place.value))
        yield text.fault("texts", "control character written as an escape", *text.span(one), r'"Bell \a"', r"U\+0007; take it out", text.span(place.value))
    sure = [place for place in by_type["text"] if _telling(place)]
    for place in _some(sure):
        (_, one), (_, other) = place.value.value
        text = place.text
        (a, b), (c, d) = text.span(one), text.span(other)
        whole, content = text.span(place.value), text.text
        yield text.fault("texts", "languages swapped", a, d, content[c:d] + content[b:c] + content[a:b], "is in the language '(en|it)'; each stands under its own", whole)
        yield text.fault("texts", "not translated", c, d, content[a:b], "the text under 'it' is in the language 'en'", whole)
    # words, names, choices
    for place in _some(by_type["words"]):
        yield place.set("types", "text as number", "12", r"a number \(12\) where text was expected; put it in quotes")
        yield place.set("types", "list where a text belongs", "[a, b]", "a list .* where text was expected; write it")
    for place in _some(by_type["choice"]):
        yield place.set("choices", "choice misspelt", misspelt(place.words()), "is none of .*did you mean")
        yield place.set("choices", "choice unknown", "zebra", "'zebra' is none of ")
    for place in _some(by_type["list"]):
        yield place.set("types", "text where a list belongs", "some-words", r"where a list was expected, such as \[a, b\]")
        if place.field.required and place.field.type != "whole number" and place.path not in EMPTY_ALLOWED:
            yield place.set("types", "list empty", "[]", "is empty; fill it")
    # references
    for place in _some(place for place in places if place.field.refers):
        known = place.value.value[0] if isinstance(place.value, yaml.SequenceNode) else place.value
        span = place.text.span(known)
        for name, wrong in (("id misspelt", misspelt(known.value)), ("id of nothing", "nobody-knows-this-1")):
            yield place.text.fault("references", name, *span, wrong, rf"no record '{wrong}' in " + (".*did you mean " if name == "id misspelt" else ""))
    # numbers
    for place in _some(by_type["number"] + by_type["whole number"]):
        yield place.set("numbers", "number as text", f"'{place.words()}'", "where a number, without quotes")
        yield place.set("numbers", "number with a comma", f"{place.words()},5" if not place.parent.flow_style else f"'{place.words()},5'", "where a number, without quotes")
    if numbers := by_type["number"]:
        yield numbers[0].set("numbers", "number without end", ".inf", "inf where a number was expected")
    for place in _some(place for place in by_type["number"] + by_type["whole number"] if place.field.least is not None or place.path == ("observations", "value")):
        yield place.set("numbers", "negative where impossible", "-5", "is never negative|is too small; ")
    for place in _some(place for place in by_type["whole number"] if place.field.most is not None):
        yield place.set("numbers", "number too great", "4000", "is too great; ")
    for place in _some(by_type["yes or no"]):
        yield place.set("types", "word where true or false belongs", "maybe", "where true or false was expected")
    # dates
    for place in _some(by_type["date"] + by_type["day"]):
        says = r"is no date; write '1844'|is no single day; write '2026-11-22'"
        yield place.set("dates", "date in words", "'last year'", says)
        yield place.set("dates", "year without quotes", "1844", r"a number \(1844\) where text was expected; put it in quotes")
        yield place.set("dates", "year impossible", "'3844'", "no year between 1000 and 2100")
        yield place.set("dates", "month impossible", "'1990-13-01'", "no such month; ")
        yield place.set("dates", "day impossible", "'1990-02-30'", "no such day; ")
        yield place.set("dates", "end before beginning", "'1990/1980'", "ends before it begins; |is no single day; ")
    for place in by_type["date"]:
        if place.path == ("observations", "year"):
            yield place.set("dates", "year after the review", "'2077'", "after it was reviewed .*; one of the two is wrong")
        if place.path == ("died",):
            yield place.text.fault("dates", "death before birth", *place.text.span(place.value), "'1101'", "comes before born .*; are they swapped", place.whole)
    # addresses and codes
    for place in places:
        if place.field.pattern.startswith("^https?"):
            yield place.set("choices", "address without https", "'www.example.org'", "an address begins with https://")
            yield place.set("choices", "address with a space", "'https://example.org/a b'", "an address begins with https://")
        elif place.field.type == "words" and place.field.pattern and place.top:
            yield place.set("choices", "code of the wrong form", "'x 1'", "has the wrong form; ")


EMPTY_ALLOWED = {("materials",), ("curriculum",)}
"""Required lists that may be empty."""


def _telling(place: Place) -> bool:
    """Whether both wordings of a text show their language."""
    common = {language.id: frozenset(language.common) for language in load()["languages"].values()}
    return all(len(common[key.value].intersection(value.value.split())) >= 3 for key, value in place.value.value) and all(
        common[other].isdisjoint(value.value.split()) for key, value in place.value.value for other in common if other != key.value
    )


def _ids(text: Text) -> Iterator[Fault]:
    node = text.nodes.value[0]
    key, value = next((key, value) for key, value in node.value if key.value == "id")
    span, whole = text.span(value), text.span(node)
    yield text.fault("ids", "id with a capital", *span, value.value.title(), "has the wrong form; an id is lower-case words")
    yield text.fault("ids", "id with a space", *span, f"{value.value} too", "has the wrong form; an id is lower-case words")
    yield text.fault("ids", "id empty", *span, "''", "wrong form; an id is lower-case words")
    following = next(k for k, _ in node.value[1:])
    yield text.fault("ids", "id dropped", key.start_mark.index, following.start_mark.index, "", "the key 'id' is missing; it is required", whole)
    block = re.search(r"^- .*?(?=^- |\Z)", text.text, re.S | re.M)
    assert block
    end = block.end()
    yield Fault("ids", "record given twice", text.file, (text.text[:end] + block[0] + text.text[end:]).encode(), text.lines(end, end + len(block[0])), "another record in this file has this id .line .*; ids are unique")
    if text.kind == "languages":
        rest = text.text[:block.start()] + text.text[end:]
        yield Fault("ids", "record dropped that others name", text.file, rest.encode(), None, r"no edition has the language: en \(data/languages.yml has it\); enter it there")
        return
    named: dict[str, set[str]] = defaultdict(set)
    for _, kinds, target in (reference for kind in KINDS for record in text_of(kind).records for reference in references(record)):
        if text.kind in kinds:
            named[target].add(re.escape(" or ".join(f"{kind}.yml" for kind in kinds)))
    for record, node in zip(text.records, text.nodes.value, strict=True):
        if record.id in named and len(text.records) > 1:
            start, end = node.start_mark.index - 2, text.span(node)[1] + 1
            says = rf"no record '{record.id}' in ({'|'.join(sorted(named[record.id]))});"
            yield Fault("ids", "record dropped that others name", text.file, (text.text[:start] + text.text[end:]).encode(), None, says)
            value = next(value for key, value in node.value if key.value == "id")
            yield Fault("ids", "id changed that others name", text.file, text.text.replace(f"id: {value.value}", f"id: {value.value}-renamed", 1).encode(), None, says)
            break


def _files(text: Text) -> Iterator[Fault]:
    content = text.text.encode()
    end = text.span(text.nodes.value[0])[1]
    start = text.nodes.value[0].start_mark.index
    whole = text.lines(start, end + 2)
    last = text.lines(len(text.text.rstrip()), len(text.text.rstrip()))

    def yml(kind: str, at: int, words: str, says: str = "is not YAML: .*; check the indent", lines: range = whole, until: int | None = None) -> Fault:
        return Fault("YAML", kind, text.file, (text.text[:at] + words + text.text[at if until is None else until :]).encode(), lines, says)

    yield yml("quotation mark not closed", len(text.text.rstrip()), '\n- id: "half-closed\n', lines=last)
    yield yml("bracket not closed", len(text.text.rstrip()), "\n- {id: half-closed\n", lines=last)
    yield yml("tab as indent", len(text.text.rstrip()), "\n- id: tabbed\n\tname: x\n", lines=last)
    yield yml("colon missing", len(text.text.rstrip()), "\n- id: no-colon\n  name\n  form: x\n", lines=last)
    yield yml("indent wrong", len(text.text.rstrip()), "\n- id: indented\n   name: x\n  form: y\n", lines=last)
    yield yml("words between records", len(text.text.rstrip()), "\nsome words\n", lines=last)
    yield yml("alias of nothing", len(text.text.rstrip()), "\n- *nothing\n", lines=last)
    yield yml("record without keys", len(text.text.rstrip()), "\n- just-a-word\n", "the record: text .* where a map was expected", lines=last)
    yield yml("number of five thousand digits", len(text.text.rstrip()), f"\n- {'9' * 5000}\n", "put what is no plain number in quotes", lines=range(10**6))
    yield Fault("files", "saved as Latin-1", text.file, text.text.replace("\n- ", "\n# caffè\n- ", 1).encode("latin-1", "replace"), range(1, 10**6), r"is not UTF-8 .*; save it as UTF-8")
    yield Fault("files", "saved as UTF-16", text.file, text.text.encode("utf-16"), None, r"is not UTF-8 .*; save it as UTF-8")
    yield Fault("files", "control character", text.file, content.replace(b"- ", b"- \x07", 1), range(1, 10), r"U\+0007; take it out")
    yield Fault("files", "cut off by zero bytes", text.file, content[: len(content) // 2].decode("utf-8", "ignore").encode() + b"\0" * 8, range(1, 10**6), r"U\+0000; take it out")
    yield Fault("files", "file empty", text.file, b"", None, "holds no list of records; each begins with '- id: ...'")
    yield Fault("files", "comments only", text.file, b"# to do\n", None, "holds no list of records; each begins with '- id: ...'")
    yield Fault("files", "map instead of a list", text.file, b"id: one\nname: two\n", None, "holds no list of records; each begins with '- id: ...'")
    yield Fault("files", "file missing", text.file, None, None, "the file is missing; put it back")
    yield Fault("files", "file of another ending", text.file, content, None, f"no kind of record has this file name; call it {text.kind}.yml", f"data/{text.kind}.yaml")
    yield Fault("files", "file name misspelt", text.file, content, None, f"no kind of record has this file name; call it {text.kind}.yml", f"data/{misspelt(text.kind)}.yml")


# --- pages ----------------------------------------------------------------------------------------------------------------

PAGES = {
    "en": ("tradition/before-rochdale.md", "principles/autonomy.md", "lessons/l02.md"),
    "it": ("tradition/families.md", "principles/education.md"),
}
"""Pages that faults are made in."""
STUB = "# A page\n"


@functools.cache
def page_text(language: str, src: str) -> str:
    """A page without its links to sections that macros make on others, which stand as stubs beside it."""
    text = (ROOT / "docs" / language / src).read_text("utf-8")
    return re.sub(r"\]\(([^)#]*\.md)#[^)]*\)", r"](\1)", text)


def _page(file: str, text: str) -> Iterator[Fault]:
    at = re.search(r"^## .*\n\n", text, re.M)
    assert at
    line = text[: at.end()].count("\n") + 1
    ids = re.findall(r"^## .*\{ #([\w-]+) \}", text, re.M)

    def put(group: str, kind: str, words: str, says: str, extra: int = 0) -> Fault:
        return Fault(group, kind, file, (text[: at.end()] + words + "\n\n" + text[at.end() :]).encode(), range(line, line + 1 + extra), says)

    for kind, words, says in (
        ("unknown macro", "{{ population_of('italy') }}", r"there is no macro 'population_of'; "),
        ("macro misspelt", "You see {{ figur('members-world') }}.", r"there is no macro 'figur'; did you mean .*figure"),
        ("id of nothing", "{{ figure('no-series-of-this-name-1') }}", r"no record 'no-series-of-this-name-1' in data/figures.yml"),
        ("id misspelt", "{{ figure('members-wrld') }}", r"no record 'members-wrld' .*did you mean .*members-world"),
        ("source misspelt", "It is so. {{ cite('mill-rochdal') }}", r"did you mean .*mill-rochdale"),
        ("argument missing", "{{ figure() }}", r"figure\(\): missing a required argument.*; "),
        ("argument too many", "{{ person('robert-owen', 'Owen', 'Robert') }}", r"person\(\): too many positional arguments.*; "),
        ("unknown option", "{{ figure('members-world', colour='red') }}", r"figure\(\): got an unexpected keyword argument 'colour'.*; "),
        ("year without a value", "{{ figure('rochdale-members', '1066') }}", r"no such observation; it has 1844"),
        ("number where an id belongs", "{{ figure(12) }}", r"no record '12' in data/figures.yml"),
        ("page of nowhere", "{{ see('no/such/page.md', 'more') }}", r"no edition has such a page; "),
        ("division by nought", "{{ 1 / 0 }}", r"a macro fails: ZeroDivisionError: .*; "),
        ("unknown filter", "{{ 'words' | shout }}", r"a macro cannot be read: No filter named 'shout'"),
    ):
        yield put("macros", kind, words, says)
    for kind, words, says in (
        ("macro not closed", "{{ figure('members-world')", r"a macro cannot be read: .*; write \{\{"),
        ("macro closed by one brace", "{{ figure('members-world') }", r"a macro cannot be read: .*; write \{\{"),
        ("quotation mark of a macro not closed", "{{ figure('members-world) }}", r"a macro cannot be read: .*; write \{\{"),
        ("block of another language", "{% for %}", r"a macro cannot be read: .*; write \{\{"),
        ("id of a heading without spaces", "## More {#more}", r"a macro cannot be read: .*\{ #id \}"),
    ):
        yield put("macros", kind, words, says, extra=10**6)
    for kind, words, says in (
        ("bare number", "In 1844 it began.", r"a bare number \(1844\); let it come from the data"),
        ("bare number in a list", "- about 28 weavers", r"a bare number \(28\); let it come from the data"),
        ("straight quotation marks", 'They called it "fair".', r"a straight quotation mark .*; write “ ”"),
        ("straight apostrophe", "It's fair.", r"a straight quotation mark .*; write “ ”"),
        ("raw HTML link", '<a href="people.html">People</a>', r"raw HTML \(<a href=.*; write it in Markdown"),
        ("raw HTML", "<div>Words</div>", r"raw HTML \(<div>\); write it in Markdown"),
        ("script", "<script>alert()</script>", r"raw HTML \(<script>\); write it in Markdown"),
    ):
        yield put("prose", kind, words, says)
    for kind, words, says in (
        ("link to no page", "[Words](nothing-here.md)", r"the link 'nothing-here.md' leads to no page; "),
        ("link misspelt", f"[Words]({misspelt(Path(file).stem)}.md)", r"leads to no page; did you mean "),
        ("section of nowhere", "[Words](#no-section-like-it)", r"leads to no section: .* has no id 'no-section-like-it'; "),
        ("section misspelt", f"[Words](#{misspelt(ids[0])})", rf"leads to no section: .*; did you mean .*{ids[0]}"),
        ("section of nowhere on another page", "[Words](../index.md#no-section-like-it)", r"leads to no section: index.md has no id 'no-section-like-it'; "),
        ("link from the root", "[Words](/tradition/index.html)", r"begins with '/' and does not work from disk; begin it at this page"),
        ("link to the built page", "[Words](people.html)", r"leads to no page; name a page as it is in the folder, with .md"),
        ("link that runs a script", "[Words](javascript:alert())", r"leads nowhere from disk; begin it with https://"),
        ("link to a disk", "[Words](file:///home/me/x.pdf)", r"leads nowhere from disk; begin it with https://"),
    ):
        yield put("links", kind, words, says)
    for kind, words, says in (
        ("heading without id", "## Some words", r"has no id of its own; end it with one"),
        ("id of a heading given twice", f"## Some words {{ #{ids[0]} }}", rf"another heading has the id '{ids[0]}' \(line \d+\); ids are unique"),
        ("level of heading left out", "#### Some words { #some-words }", r"no level may be left out: write '###'"),
        ("second title", "# Some words", r"a second title; a page has one"),
        ("macro in a heading", "## In {{ year('rochdale-1844') }} { #in-that-year }", r"a macro in a heading stays unrendered"),
    ):
        # The same id stands on the first section, or the one that was put before it.
        yield put("headings", kind, words, says, extra=10**6 if "twice" in kind else 0)
    yield Fault("files", "saved as Latin-1", file, (text + "\ncaffè\n").encode("latin-1", "replace"), range(1, 10**6), "is not UTF-8 .*; save it as UTF-8")
    yield Fault("files", "file empty", file, b"\n", None, "is empty; begin it with its title")
    yield Fault("files", "control character", file, text.encode() + b"a\x1bb\n", range(1, 10**6), r"U\+001B; take it out")
    yield Fault("files", "front matter that is no YAML", file, re.sub(r"\A(?:---\n.*?\n---\n)?", "---\ndescription: 'half\n---\n", text, count=1, flags=re.S).encode(), range(1, 5), "are not YAML: .*; put texts in quotes")
    yield Fault("headings", "no title", file, re.sub(r"^# .*\n", "", text, count=1, flags=re.M).encode(), range(1, line + 1), "no level may be left out: write '#'")


# --- settings --------------------------------------------------------------------------------------------------------------


def of_settings() -> Iterator[Fault]:
    for file in ("mkdocs.yml", "mkdocs.it.yml"):
        text = (ROOT / file).read_text("utf-8")
        key = re.search(r"^docs_dir: (.*)\n", text, re.M)
        entry = re.search(r"^( +- )(.*: )?(tradition/people\.md)\n", text, re.M)
        assert key and entry
        end = len(text.rstrip())

        def change(kind: str, start: int, stop: int, by: str, says: str, anywhere: bool = False, text: str = text, file: str = file) -> Fault:
            line = text[:start].count("\n") + 1
            return Fault("settings", kind, file, (text[:start] + by + text[stop:]).encode(), range(1, 10**6) if anywhere else range(line, line + 3), says)

        top = key.start()
        yield change("unknown setting", top, top, "colour_of_binding: red\n", "no setting is called 'colour_of_binding'; ")
        yield change("setting misspelt", top, top, "site_nmae: Words\n", "no setting is called 'site_nmae'; did you mean .*site_name")
        yield change("setting given twice", top, top, key[0], "the key 'docs_dir' is given twice; keep one")
        yield change("folder of nowhere", key.start(1), key.end(1), "docs/nowhere", "there is no folder 'docs/nowhere'; ")
        yield change("tab as indent", top, top, "a:\n\tb: c\n", "is not YAML: .*; check the indent")
        yield change("bracket not closed", top, top, "watch: [data\n", "is not YAML: .*; check the indent", anywhere=True)
        yield change("quotation mark not closed", end, end, '\n  - Page: "x.md\n', "is not YAML: .*; check the indent", anywhere=True)
        yield change("colon missing", top, top, "site_author\n", "is not YAML: .*; check the indent")
        yield change("page that no menu names", entry.start(), entry.end(), "", "no entry leads to the page 'tradition/people.md'.*; add it to the menu", anywhere=True)
        yield change("menu entry to no page", end, end, "\n  - More: nothing/here.md\n", "there is no page 'nothing/here.md' .*; ")
        yield change("menu entry misspelt", entry.start(3), entry.end(3), "tradition/peple.md", "there is no page 'tradition/peple.md' .*; did you mean .*tradition/people.md")
        yield change("menu entry given twice", entry.end(), entry.end(), entry[0], "stands in the menu already, in line .*; keep one")
        if file == "mkdocs.yml":
            for kind, right in (("plugin misspelt", "macros"), ("Markdown extension misspelt", "attr_list")):
                found = re.search(rf"^  {right}:", text, re.M)
                assert found
                yield change(kind, found.start() + 2, found.end() - 1, misspelt(right), rf"no (plugin|markdown extension) is called '{misspelt(right)}'; did you mean .*{right}")
        yield Fault("settings", "saved as Latin-1", file, text.replace("site_name", "# caffè\nsite_name", 1).encode("latin-1", "replace"), range(1, 10**6), "is not UTF-8 .*; save it as UTF-8")
        yield Fault("settings", "file missing", file, None, None, "the file is missing; put it back")
        yield Fault("settings", "file empty", file, b"", None, "holds no settings; each is a line such as")


# --- what is said ------------------------------------------------------------------------------------------------------------


@contextmanager
def _rooted(folder: Path) -> Iterator[None]:
    """Messages name files from the project's folder; here it is another. A file that was sound once is not read again."""
    root, read = loading.ROOT, loading._File.read
    known: dict[Any, tuple[Any, set[str]]] = {}

    def read_once(file: Any, model: Any, context: Any, mistakes: list[Mistake]) -> Any:
        key = (file.path, file.path.read_bytes() if file.path.exists() else None, str({name: sorted(held) for name, held in context.items()}))
        if key in known:
            records, file.ids = known[key]
            file.whole = True
            return records
        before = len(mistakes)
        records = read(file, model, context, mistakes)
        if len(mistakes) == before and file.whole:
            known[key] = records, file.ids
        return records

    loading.ROOT, loading._File.read = folder, read_once  # type: ignore[method-assign]
    try:
        yield
    finally:
        loading.ROOT, loading._File.read = root, read  # type: ignore[method-assign]


def _said(faults: Iterable[Fault], folder: Path, find: Callable[[Fault], Iterable[Mistake]]) -> Iterator[Told]:
    """Make each fault in its file below `folder`, look what is said, and mend it."""
    for fault in faults:
        path = folder / fault.file
        sound = path.read_bytes()
        wrong = folder / (fault.instead or fault.file)
        path.unlink()
        if fault.content is not None:
            wrong.write_bytes(fault.content)
        try:
            yield Told(fault, tuple(map(str, find(fault))))
        except Exception as error:
            yield Told(fault, (), f"{type(error).__name__}: {error}")
        finally:
            wrong.unlink(missing_ok=True)
            path.write_bytes(sound)


def _load(folder: Path) -> list[Mistake]:
    try:
        loading._load(folder)
    except DataError as error:
        return error.mistakes
    return []


def told_of_data(folder: Path) -> Iterator[Told]:
    (folder / "data").mkdir()
    for kind, text in sample().items():
        (folder / "data" / f"{kind}.yml").write_text(text, "utf-8")
    with _rooted(folder):
        assert _load(folder / "data") == [], "the sample itself is sound"
        yield from _said(of_data(), folder, lambda _: _load(folder / "data"))


def told_of_pages(folder: Path) -> Iterator[Told]:
    for language in PAGES:
        for path in (ROOT / "docs" / language).rglob("*.md"):
            src = path.relative_to(ROOT / "docs" / language).as_posix()
            if not src.startswith(places.MATERIALS):
                made = folder / "docs" / language / src
                made.parent.mkdir(parents=True, exist_ok=True)
                made.write_text(STUB, "utf-8")
    # What does not depend on the pages is made once.
    known: dict[str, dict[str, Any]] = {language: {} for language in PAGES}

    def find(file: str) -> list[Mistake]:
        language = file.split("/")[1]
        edition = Edition(language, docs=folder / "docs")
        edition.__dict__.update(known[language])
        edition.bind(macros.WORDS)
        try:
            return list(check.pages(edition))
        finally:
            known[language] = {name: edition.__dict__[name] for name in ("citations", "templates") if name in edition.__dict__}

    with _rooted(folder):
        for language, sources in PAGES.items():
            for src in sources:
                file = f"docs/{language}/{src}"
                # One page at a time is whole; all others are stubs, which take no time.
                (folder / file).write_text(page_text(language, src), "utf-8")
                assert (found := find(file)) == [], found
                yield from _said(_page(file, page_text(language, src)), folder, lambda fault: find(fault.file))
                (folder / file).write_text(STUB, "utf-8")


def told_of_settings(folder: Path) -> Iterator[Told]:
    for file in ("mkdocs.yml", "mkdocs.it.yml"):
        shutil.copy(ROOT / file, folder / file)
    for path in (ROOT / "docs").rglob("*.md"):
        made = folder / path.relative_to(ROOT)
        made.parent.mkdir(parents=True, exist_ok=True)
        made.touch()
    with _rooted(folder):
        assert [*check.settings(folder / "mkdocs.yml"), *check.settings(folder / "mkdocs.it.yml")] == []
        yield from _said(of_settings(), folder, lambda fault: check.settings(folder / fault.file))


@functools.cache
def everything() -> tuple[Told, ...]:
    """Every fault with what was said of it."""
    found: list[Told] = []
    for told in (told_of_data, told_of_pages, told_of_settings):
        with tempfile.TemporaryDirectory() as folder:
            found += told(Path(folder).resolve())
    return tuple(found)


# --- the table -----------------------------------------------------------------------------------------------------------------


def table(told: Iterable[Told]) -> str:
    """All faults as Markdown: by file and group, and by kind with an example of what is said."""
    told = list(told)
    groups = list(dict.fromkeys(one.fault.group for one in told))
    cells: dict[tuple[str, str], list[Told]] = defaultdict(list)
    kinds: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        cells[one.fault.file, one.fault.group].append(one)
        kinds[one.fault.group, one.fault.kind].append(one)

    def counted(some: list[Told]) -> str:
        if not some:
            return ""
        caught, well = sum(one.caught for one in some), sum(not one.shortcomings for one in some)
        return str(len(some)) if caught == well == len(some) else f"{len(some)}: {caught} caught, {well} well told"

    files = list(dict.fromkeys(one.fault.file for one in told))
    lines = [
        "<!-- Made by `python tests/faults.py`; tests/test_faults.py sees that it is up to date. -->",
        "# Faults, and what is said of them",
        "",
        "Each fault is a single one, made in a copy of the real data, pages and settings. It is *caught* if the build ends because of it, and *well told* if",
        "there is one message with the file, the line where there is one, and what would be right, and no Python traceback.",
        "",
        f"**{len(told)} faults tried, {sum(one.caught for one in told)} caught, {sum(not one.shortcomings for one in told)} well told.**",
        "",
        "## By file",
        "",
        "A bare number: so many were tried, and all of them were caught and well told.",
        "",
        f"| file | {' | '.join(groups)} |",
        "|---" * (len(groups) + 1) + "|",
        *(f"| {file} | {' | '.join(counted(cells[file, group]) for group in groups)} |" for file in files),
        "",
        "## By kind",
        "",
        "| group | kind | tried | caught | well told | for example |",
        "|---|---|---|---|---|---|",
    ]
    for (group, kind), some in kinds.items():
        example = next(iter(some[0].said), "").replace("|", "\\|").replace("<", "&lt;").replace("{", "&#123;").replace("*", "\\*")
        # Without the number of the line, which changes with every record before it.
        example = re.sub(r"(?<=\.yml|.\.md):\d+(?=:)", "", example)
        example = re.sub(r"9{50,}|(?<=: )Exceeds.*?;", "…", example)
        caught, well = sum(one.caught for one in some), sum(not one.shortcomings for one in some)
        lines.append(f"| {group} | {kind} | {len(some)} | {caught} | {well} | {example} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    told = everything()
    TABLE.write_text(table(told), "utf-8")
    lacking = [one for one in told if one.shortcomings]
    for one in lacking:
        print(f"{one.fault.file}: {one.fault.kind}: {'; '.join(one.shortcomings)}", *one.said[:3], sep="\n    ")
    print(f"{len(told)} faults, {len(lacking)} not caught or not well told", Counter(one.fault.group for one in told))
