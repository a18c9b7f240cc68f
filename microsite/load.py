"""From YAML files to `Facts`, or to every mistake at once.

Reading is done twice only when something is wrong: the fast pass builds plain values and validates them; if there is a mistake,
a second pass over the YAML nodes finds the line that it stands on.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import gc
import hashlib
import json
import re
import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from microsite import kept, sums
from microsite.model import ID, KINDS, UNFIT, Facts, Record, Ref

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"

FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

VERSION = 1
"""Raise it when `_plain` makes other values of the same text: what was kept of data files is then read anew."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in one data file, said so that it can be mended: where, which record, what, and what would be right."""

    file: str
    line: int
    record: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.record + ': ' if self.record else ''}{self.what}"


class DataError(Exception):
    """The data (or settings, or pages) cannot be used. Its text is the whole report, a line for each mistake."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        count = len(self.mistakes)
        super().__init__("\n".join([*map(str, self.mistakes), f"{count} mistake{'s' if count != 1 else ''}."]))


@functools.lru_cache(maxsize=4)
def load(data: Path = DATA) -> Facts:
    """Read and check every file of `data`; raises `DataError` with all mistakes. Called again, it returns the same `Facts`."""
    # Nothing that is read here is thrown away in circles, and looking for that would take longer the more there is.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _load(data)
    finally:
        if collecting:
            gc.enable()


def _load(data: Path) -> Facts:
    mistakes: list[Mistake] = []
    records: dict[str, dict[str, Record]] = {}
    files = {kind: _File(data / f"{kind}.yml") for kind in KINDS}
    taken: set[str] = set()
    for path in sorted(data.glob("*.y*ml")):
        if path.stem not in KINDS or path.suffix != ".yml":
            meant = [kind for kind in close(path.stem, KINDS) if not files[kind].path.exists()]
            taken |= set(meant[:1])
            remedy = f"; call it {meant[0]}.yml" if meant else "; take it away, or add the kind to microsite/model.py"
            mistakes.append(Mistake(shown(path), 1, "", f"no kind of record has this file name{remedy}"))
    context: dict[str, Any] = {}
    for kind, model in KINDS.items():
        # A file that only has the wrong name is no second mistake.
        records[kind] = files[kind].read(model, context, [] if kind in taken else mistakes)
        # With a language in doubt no text is held to have it.
        if kind == "languages" and files[kind].whole and len(records[kind]) == len(files[kind].ids):
            languages: Mapping[str, Any] = records[kind]
            context["languages"] = {name: frozenset(language.common) for name, language in languages.items()}
            context["partial"] = {name for name, language in languages.items() if not language.complete}
            if (first := next(iter(languages))) in context["partial"]:
                mistakes.append(files[kind].mistake(first, ("complete",), "complete: the first language has every text, as it stands in for the others; leave this out"))
    mentions: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    nowhere: dict[tuple[tuple[str, ...], str], list[Mistake]] = defaultdict(list)
    for kind, by_id in records.items():
        for record in by_id.values():
            for path, target_kinds, target in references(record):
                found = [name for name in target_kinds if target in files[name].ids]
                if found:
                    mentions[found[0], target].append((kind, record.id))
                elif all(files[name].whole for name in target_kinds):
                    known = [known_id for name in target_kinds for known_id in files[name].ids]
                    what = f"{_dotted(path)}: no record '{target}' in {' or '.join(f'{n}.yml' for n in target_kinds)}"
                    remedy = near(target, known) or "; enter it there first, or name one that is there"
                    nowhere[target_kinds, target].append(files[kind].mistake(record.id, path, what + remedy))
    mistakes += [_once(same) for same in nowhere.values()]
    # What several records say together is looked at once each of them is sound: else one mistake would be told twice.
    if not mistakes:
        mistakes += _descent_mistakes(records, files)
        mistakes += _negative_mistakes(records, files)
        mistakes += [files[kind].mistake(record_id, (), what) for kind, record_id, what in sums.mistakes(records)]
    if mistakes:
        raise DataError(_gathered(mistakes))
    return Facts(records, {key: tuple(dict.fromkeys(users)) for key, users in mentions.items()})


MOST_PLACES = 5


def _once(same: Sequence[Mistake]) -> Mistake:
    """Mistakes with one cause as one: the first, and where the others stand."""
    first, *others = sorted(same)
    places = [f"{mistake.file}:{mistake.line}" for mistake in others[:MOST_PLACES]]
    more = [f"{len(others) - MOST_PLACES} more places"] if len(others) > MOST_PLACES else []
    return replace(first, what=f"{first.what} (the same at {', '.join(places + more)})") if others else first


def _gathered(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes, those of many records with the very same words as one: what makes all of them wrong is one cause, such as a language left out."""
    by_words: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in dict.fromkeys(mistakes):
        by_words[mistake.what.rpartition(": ")[2]].append(mistake)
    return [mistake for same in by_words.values() for mistake in ([_once(same)] if len(same) > MOST_PLACES else same)]


def references(record: BaseModel) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...], str]]:
    """Every id in a record that names another record: its path within the record, the kinds it may be of, the id."""
    for path, kinds in _reference_paths(type(record)):
        yield from _follow(record, path, kinds, ())


def _follow(
    value: Any, path: tuple[str, ...], kinds: tuple[str, ...], where: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...], str]]:
    if value is None:
        return
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _follow(item, path, kinds, (*where, index))
    elif path:
        yield from _follow(getattr(value, path[0]), path[1:], kinds, (*where, path[0]))
    else:
        yield where, kinds, value


@functools.cache
def _reference_paths(model: type[BaseModel]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    found = []
    for name, info in model.model_fields.items():
        annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        found += [((name, *rest), kinds) for rest, kinds in _in_annotation(annotation)]
    return tuple(found)


def _in_annotation(annotation: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = typing.get_args(annotation)
        yield from (((), item.kinds) for item in metadata if isinstance(item, Ref))
        yield from _in_annotation(inner)
    elif origin in (tuple, UnionType, typing.Union):
        for argument in typing.get_args(annotation):
            yield from _in_annotation(argument)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _reference_paths(annotation)


def _descent_mistakes(records: Mapping[str, Mapping[str, Any]], files: Mapping[str, _File]) -> Iterator[Mistake]:
    """`comes_from` names keys of the formulation that this one follows, which no single model can know."""
    for formulation in records["formulations"].values():
        before = records["formulations"].get(formulation.follows)
        known = [point.key for point in before.points] if before else []
        for index, point in enumerate(formulation.points):
            for key in point.comes_from:
                if key not in known:
                    path = ("points", index, "comes_from")
                    what = f"{_dotted(path)}: no point '{key}' in the formulation '{formulation.follows}'{near(key, known)}"
                    yield files["formulations"].mistake(formulation.id, path, what)


def _negative_mistakes(records: Mapping[str, Mapping[str, Any]], files: Mapping[str, _File]) -> Iterator[Mistake]:
    """What is counted is never less than nothing."""
    for figure in records["figures"].values():
        if records["units"][figure.unit].kind == "count":
            for index, observation in enumerate(figure.observations):
                if observation.value < 0:
                    path = ("observations", index, "value")
                    yield files["figures"].mistake(figure.id, path, f"{_dotted(path)}: {observation.value} {figure.unit}; a count is never negative")


# --- one file --------------------------------------------------------------------------------------------------------


class _File:
    """One data file: its records, and the line of anything in it once that is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = shown(path)
        self.ids: set[str] = set()
        """The ids that stand in the file, those of records with mistakes too: naming one of them is no second mistake."""
        self.whole = False
        """Whether these are all the ids that are meant to stand there: in a file that cannot be read, or with an id that is no id, nobody knows."""

    def read(self, model: type[Record], context: Mapping[str, Any], mistakes: list[Mistake]) -> dict[str, Record]:
        items, wrong = read_yaml(self.path)
        mistakes += wrong
        if items is None and wrong:
            return {}
        if not isinstance(items, list) or not items:
            mistakes.append(Mistake(self.name, 1, "", "holds no list of records; each begins with '- id: ...'"))
            return {}
        self.whole = True
        records: dict[str, Record] = {}
        for index, item in enumerate(items):
            record_id = item.get("id") if isinstance(item, dict) else None
            if isinstance(record_id, str) and re.fullmatch(ID, record_id):
                self.ids.add(record_id)
            else:
                self.whole = False
            try:
                record = model.model_validate(item, context=context)
            except ValidationError as error:
                for detail in _causes(error.errors(include_url=False)):
                    what = _explain(detail, model)
                    mistakes.append(self.mistake(index, detail["loc"], what, name=str(record_id or f"record {index + 1}")))
                continue
            if record.id in records:
                what = f"another record in this file has this id (line {self._line(record.id, ('id',))}); ids are unique"
                mistakes.append(self.mistake(index, ("id",), what, name=record.id))
            else:
                records[record.id] = record
        return records

    def mistake(self, record: str | int, path: tuple[str | int, ...], what: str, name: str = "") -> Mistake:
        """A mistake at `path` within the record of that id or place in the list."""
        return Mistake(self.name, self._line(record, path), name or str(record), what)

    @functools.cached_property
    def _nodes(self) -> yaml.Node:
        return yaml.compose(self.path.read_text(encoding="utf-8-sig"), Loader=FAST)

    def _line(self, record: str | int, path: tuple[str | int, ...]) -> int:
        index = record if isinstance(record, int) else [getattr(_child(node, "id"), "value", None) for node in self._nodes.value].index(record)
        node = self._nodes.value[index]
        for step in path:
            step = {"from_": "from"}.get(step, step) if isinstance(step, str) else step
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node.start_mark.line + 1


def below(node: Any, key: str) -> Any:
    """The node under a key of a composed YAML map; None if the node is no map, or has no such key."""
    found = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in found if name.value == key), None)


def read_yaml(path: Path) -> tuple[Any, list[Mistake]]:
    """The plain values of a YAML file, and what is wrong with it as a file; None if it cannot be read at all."""

    def mistake(what: str, line: int = 1) -> Mistake:
        return Mistake(shown(path), line, "", what)

    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return None, [mistake("the file is missing; put it back")]
    except OSError as error:
        return None, [mistake(f"cannot be read: {error.strerror}; let it be a file that you may read")]
    except UnicodeDecodeError as error:
        return None, [mistake(f"is not UTF-8 (byte {content[error.start]:#04x}); save it as UTF-8", content[: error.start].count(b"\n") + 1)]
    if unfit := UNFIT.search(text):
        return None, [mistake(f"holds the control character U+{ord(unfit[0]):04X}; take it out", text[: unfit.start()].count("\n") + 1)]
    try:
        items, doubled = _kept(path, text) if path.parent == DATA else _plain(text)
    except yaml.YAMLError as error:
        problem, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        what = " ".join(filter(None, (getattr(error, "context", None), getattr(error, "problem", None)))) or str(error).split("\n")[0]
        since = f" (it begins in line {begun.line + 1})" if begun and problem and begun.line != problem.line else ""
        remedy = "check the indent (spaces, no tabs), quotes, brackets and colons"
        return None, [mistake(f"is not YAML: {what}{since}; {remedy}", problem.line + 1 if problem else 1)]
    except (ValueError, RecursionError) as error:
        return None, [mistake(f"is not YAML that can be read: {error}; put what is no plain number in quotes")]
    return items, [mistake(f"the key '{key}' is given twice; keep one", line) for key, line in doubled]


def _child(node: yaml.Node, step: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None


def _kept(path: Path, text: str) -> tuple[Any, list[tuple[str, int]]]:
    """The same as `_plain`, read from the cache if the text of the file is still that which was read last: that takes a tenth of the time."""
    mark = hashlib.sha256(f"{VERSION} {yaml.__version__} {text}".encode()).hexdigest()
    place = ROOT / ".cache" / "data" / f"{path.stem}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(place.read_text(encoding="utf-8"))
        if known["of"] == mark:
            return known["values"], []
    values, doubled = _plain(text)
    # A cache that cannot be written is none; what JSON has no word for is read anew each time.
    with contextlib.suppress(OSError, ValueError, TypeError):
        written = json.dumps({"of": mark, "values": values}, ensure_ascii=False)
        if not doubled and json.loads(written)["values"] == values:
            kept.write(place, written)
    return values, doubled


def _plain(text: str) -> tuple[Any, list[tuple[str, int]]]:
    """The YAML text as plain values, and the keys that stand twice in one map, with their lines.

    PyYAML keeps the last of two equal keys without a word, so the maps are watched while they are built.
    """
    doubled: list[tuple[str, int]] = []

    class Loader(FAST):  # type: ignore[misc]
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            result = super().construct_mapping(node, deep)
            if len(result) != len(node.value):
                seen: set[str] = set()
                for key, _ in node.value:
                    if key.value in seen:
                        doubled.append((key.value, key.start_mark.line + 1))
                    seen.add(key.value)
            return result

    # A date is text here, with quotes or without; made into a date, a day that does not exist would end the reading.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)
    loader = Loader(text)
    try:
        return loader.get_single_data(), doubled
    finally:
        loader.dispose()


# --- saying what is wrong --------------------------------------------------------------------------------------------


def _causes(details: Sequence[Any]) -> Iterator[Any]:
    """pydantic's findings, without those that follow from another: a key that is missing because it is misspelt beside, a list that is too
    short because of what is wrong with its members."""
    extra = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    for detail in details:
        path = detail["loc"]
        if detail["type"] == "missing" and any(loc[:-1] == path[:-1] and close(str(loc[-1]), [str(path[-1])]) for loc in extra):
            continue
        if detail["type"] == "int_type" and any(other["loc"][:-1] == path[:-1] and other["type"] == "finite_number" for other in details):
            continue
        if detail["type"] == "too_short" and any(len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in details):
            continue
        yield detail


def _explain(detail: Any, model: type[BaseModel]) -> str:
    """pydantic's finding in words that say what would be right."""
    path, kind, given = detail["loc"], detail["type"], detail["input"]
    context = detail.get("ctx", {})
    # Where a whole number and one with decimals may stand, pydantic tells of both.
    path = path[:-1] if path and path[-1] in ("int", "float") else path
    place = _dotted(path) or "the record"
    if kind == "missing":
        if isinstance(path[-1], int):
            return f"{_dotted(path[:-1])}: has too few members; one more is required"
        return f"the key '{path[-1]}' is missing{' in ' + _dotted(path[:-1]) if path[:-1] else ''}; it is required"
    if kind == "extra_forbidden":
        keys = _keys(model, path[:-1])
        return f"{place}: no such key{near(str(path[-1]), keys) or '; known here are ' + ', '.join(keys)}"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", context["expected"])
        return f"{place}: '{given}' is none of {', '.join(allowed)}{near(str(given), allowed)}"
    if kind == "string_pattern_mismatch":
        return f"{place}: '{given}' has the wrong form{_FORMS.get(context['pattern'], '; it must match ' + context['pattern'])}"
    if kind == "string_type":
        remedy = "put it in quotes" if isinstance(given, (bool, int, float)) else "write it, or leave the key out if it is optional"
        return f"{place}: {_named(given)} where text was expected; {remedy}"
    if kind in ("int_type", "float_type", "bool_type"):
        what = "true or false" if kind == "bool_type" else "a number, without quotes, with a point for decimals"
        return f"{place}: {_named(given)} where {what} was expected"
    if kind == "finite_number":
        return f"{place}: {given} where a number was expected that can be written down"
    if kind in ("greater_than_equal", "less_than_equal"):
        least, most = context.get("ge"), context.get("le")
        return f"{place}: {given} is too {'small' if most is None else 'great'}; {f'{least} is the least' if most is None else f'{most} is the most'}"
    if kind in ("string_too_short", "too_short"):
        least = context.get("min_length", 1)
        return f"{place}: is empty; fill it or leave the key out if it is optional" if kind == "string_too_short" or not given else f"{place}: has too few members; at least {least}"
    if kind == "too_long":
        return f"{place}: has too many members; at most {context['max_length']}"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return f"{place}: {_named(given)} where a map was expected, such as {'{id: ...}' if not path else '{en: ..., it: ...}'}"
    if kind == "tuple_type":
        return f"{place}: {_named(given)} where a list was expected, such as [a, b]"
    if kind == "value_error":
        return f"{place + ': ' if path else ''}{context['error']}"
    return f"{place}: {detail['msg']}"


_FORMS = {
    KINDS["sources"].model_fields["id"].metadata[0].pattern: "; an id is lower-case words with hyphens, such as 'world-members'",
    r"""^https?://[^\s\x00-\x1f\x7f<>"\\^`{|}]+$""": "; an address begins with https:// or http:// and has no spaces, quotes or brackets",
    r"^[0-9]+(?:\.[0-9]+)*$": "; a version is numbers with points between, such as '1.2'",
    r"^[A-Z]{2}$": "; an ISO 3166-1 code is two capitals, such as 'IT'",
    r"^[0-9]{3}$": "; a numeric ISO 3166-1 code is three digits in quotes, such as '032'",
    r"^[A-Z]{3}$": "; an ISO 4217 code is three capitals, such as 'EUR'",
}


def _keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a path within a record."""
    for step in path:
        if isinstance(step, int):
            continue
        info = model.model_fields.get(step) or next((f for f in model.model_fields.values() if f.alias == step), None)
        inner = next(_models(info.annotation), None) if info else None
        if inner is None:
            return []
        model = inner
    return [info.alias or name for name, info in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def _named(value: Any) -> str:
    if value is None:
        return "nothing"
    kinds = {bool: "true/false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a map"}
    shown = repr(value)
    return f"{kinds.get(type(value), f'a {type(value).__name__}')} ({shown if len(shown) <= 40 else shown[:37] + '...'})"


def _dotted(path: tuple[str | int, ...]) -> str:
    return re.sub(r"\.(?=\[)", "", ".".join(f"[{step + 1}]" if isinstance(step, int) else str(step).rstrip("_") for step in path))


def close(word: str, known: Iterable[str]) -> list[str]:
    """The known words that look like `word`, the nearest first."""
    return difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)


def near(word: str, known: Iterable[str]) -> str:
    """The known words that look like `word`, as the end of a sentence; empty if none does."""
    found = close(word, known)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def shown(path: Path) -> str:
    """A path as a reader of the report knows it: from the project's folder if it lies there."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(Path(path.parent.name) / path.name)


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each data file, by kind, for editors that check YAML while it is typed."""
    made = {}
    for kind, model in KINDS.items():
        schema = TypeAdapter(list[model]).json_schema()  # type: ignore[valid-type]
        made[kind] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"data/{kind}.yml", **schema}
    return made


def unused(facts: Facts, pages: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The (kind, id) of records that no other record and none of the page mentions in `pages` names."""
    named = set(facts.mentions) | set(pages)
    # Every edition uses its language, and every country its continent.
    named |= {("languages", name) for name in facts["languages"]} | {("areas", country.continent) for country in facts["countries"].values()}
    return [(kind, record.id) for kind, record in facts.all() if (kind, record.id) not in named]
