"""From YAML files to `Facts`, or to every mistake at once.

Reading is done twice only when something is wrong: the fast pass builds plain values and validates them; if there is a mistake,
a second pass over the YAML nodes finds the line that it stands on.
"""

from __future__ import annotations

import difflib
import functools
import gc
import re
import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from microsite import sums
from microsite.model import KINDS, Facts, Record, Ref

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    """The data cannot be used. Its text is the whole report, a line for each mistake."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        count = len(self.mistakes)
        super().__init__("\n".join([*map(str, self.mistakes), f"{count} mistake{'s' if count != 1 else ''} in the data."]))


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
    for path in sorted(data.glob("*.y*ml")):
        if path.stem not in KINDS or path.suffix != ".yml":
            mistakes.append(Mistake(_shown(path), 1, "", f"no kind of record has this file name{near(path.stem, KINDS)}"))
    languages: tuple[str, ...] | None = None
    for kind, model in KINDS.items():
        records[kind] = files[kind].read(model, languages, mistakes)
        if kind == "languages":
            languages = tuple(records[kind])
    mentions: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for kind, by_id in records.items():
        for record in by_id.values():
            for path, target_kinds, target in references(record):
                found = [name for name in target_kinds if target in files[name].ids]
                if found:
                    mentions[found[0], target].append((kind, record.id))
                else:
                    known = [known_id for name in target_kinds for known_id in files[name].ids]
                    what = f"{_dotted(path)}: no record '{target}' in {' or '.join(f'{n}.yml' for n in target_kinds)}"
                    mistakes.append(files[kind].mistake(record.id, path, what + near(target, known)))
    mistakes += _descent_mistakes(records, files)
    mistakes += [files[kind].mistake(record_id, (), what) for kind, record_id, what in sums.mistakes(records)]
    if mistakes:
        raise DataError(mistakes)
    return Facts(records, {key: tuple(dict.fromkeys(users)) for key, users in mentions.items()})


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


# --- one file --------------------------------------------------------------------------------------------------------


class _File:
    """One data file: its records, and the line of anything in it once that is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = _shown(path)
        self.ids: set[str] = set()
        """The ids that stand in the file, those of records with mistakes too: naming one of them is no second mistake."""

    def read(self, model: type[Record], languages: tuple[str, ...] | None, mistakes: list[Mistake]) -> dict[str, Record]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            mistakes.append(Mistake(self.name, 1, "", "the file is missing; every kind of record has its file"))
            return {}
        except UnicodeDecodeError as error:
            line = self.path.read_bytes()[: error.start].count(b"\n") + 1
            mistakes.append(Mistake(self.name, line, "", f"is not UTF-8 (byte {error.object[error.start]:#04x}); save it as UTF-8"))
            return {}
        try:
            items, doubled = _plain(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).split("\n")[0]
            mistakes.append(Mistake(self.name, mark.line + 1 if mark else 1, "", f"is not YAML: {problem}; check indent, quotes and colons"))
            return {}
        mistakes += [Mistake(self.name, line, "", f"the key '{key}' is given twice; keep one") for key, line in doubled]
        if not isinstance(items, list) or not items:
            mistakes.append(Mistake(self.name, 1, "", "holds no list of records; each begins with '- id: ...'"))
            return {}
        records: dict[str, Record] = {}
        for index, item in enumerate(items):
            record_id = item.get("id") if isinstance(item, dict) else None
            self.ids |= {record_id} if isinstance(record_id, str) else set()
            try:
                record = model.model_validate(item, context={"languages": languages})
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    what = _explain(detail, model)
                    mistakes.append(self.mistake(index, detail["loc"], what, name=str(record_id or f"record {index + 1}")))
                continue
            if record.id in records:
                mistakes.append(self.mistake(index, ("id",), "another record in this file has this id; ids are unique", name=record.id))
            records[record.id] = record
        return records

    def mistake(self, record: str | int, path: tuple[str | int, ...], what: str, name: str = "") -> Mistake:
        """A mistake at `path` within the record of that id or place in the list."""
        return Mistake(self.name, self._line(record, path), name or str(record), what)

    @functools.cached_property
    def _nodes(self) -> yaml.Node:
        return yaml.compose(self.path.read_text(encoding="utf-8"), Loader=_FAST)

    def _line(self, record: str | int, path: tuple[str | int, ...]) -> int:
        index = record if isinstance(record, int) else [_child(node, "id").value for node in self._nodes.value].index(record)
        node = self._nodes.value[index]
        for step in path:
            step = {"from_": "from"}.get(step, step) if isinstance(step, str) else step
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node.start_mark.line + 1


def _child(node: yaml.Node, step: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _plain(text: str) -> tuple[Any, list[tuple[str, int]]]:
    """The YAML text as plain values, and the keys that stand twice in one map, with their lines.

    PyYAML keeps the last of two equal keys without a word, so the maps are watched while they are built.
    """
    doubled: list[tuple[str, int]] = []

    class Loader(_FAST):  # type: ignore[misc]
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            result = super().construct_mapping(node, deep)
            if len(result) != len(node.value):
                seen: set[str] = set()
                for key, _ in node.value:
                    if key.value in seen:
                        doubled.append((key.value, key.start_mark.line + 1))
                    seen.add(key.value)
            return result

    loader = Loader(text)
    try:
        return loader.get_single_data(), doubled
    finally:
        loader.dispose()


# --- saying what is wrong --------------------------------------------------------------------------------------------


def _explain(detail: Any, model: type[BaseModel]) -> str:
    """pydantic's finding in words that say what would be right."""
    path, kind, given = detail["loc"], detail["type"], detail["input"]
    context = detail.get("ctx", {})
    where = _dotted(path)
    if kind == "missing":
        return f"the key '{path[-1]}' is missing{' in ' + _dotted(path[:-1]) if path[:-1] else ''}; it is required"
    if kind == "extra_forbidden":
        return f"{where}: no such key{near(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", context["expected"])
        return f"{where}: '{given}' is none of {', '.join(allowed)}{near(str(given), allowed)}"
    if kind == "string_pattern_mismatch":
        return f"{where}: '{given}' has the wrong form{_FORMS.get(context['pattern'], '')}"
    if kind == "string_type":
        return f"{where}: {_named(given)} where text was expected; put it in quotes"
    if kind in ("int_type", "float_type", "bool_type"):
        what = "true or false" if kind == "bool_type" else "a number, without quotes, with a point for decimals"
        return f"{'.'.join(map(str, path[:-1])) if path[-1] in ('int', 'float') else where}: {_named(given)} where {what} was expected"
    if kind in ("string_too_short", "too_short"):
        return f"{where}: is empty; fill it or leave the key out if it is optional"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return f"{where}: {_named(given)} where a map was expected, such as {{en: ..., it: ...}}"
    if kind == "tuple_type":
        return f"{where}: {_named(given)} where a list was expected, such as [a, b]"
    if kind == "value_error":
        return f"{where + ': ' if where else ''}{context['error']}"
    return f"{where}: {detail['msg']}"


_FORMS = {
    KINDS["sources"].model_fields["id"].metadata[0].pattern: "; an id is lower-case words with hyphens, such as 'world-members'",
    r"^https?://[^\s]+$": "; an address begins with https:// or http:// and has no spaces",
    r"^[A-Z]{2}$": "; an ISO 3166-1 code is two capitals, such as 'IT'",
    r"^\d{3}$": "; a numeric ISO 3166-1 code is three digits in quotes, such as '032'",
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
    return re.sub(r"\.(?=\[)", "", ".".join(f"[{step + 1}]" if isinstance(step, int) else step.rstrip("_") for step in path))


def near(word: str, known: Iterable[str]) -> str:
    """The known words that look like `word`, as the end of a sentence; empty if none does."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _shown(path: Path) -> str:
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
    return [(kind, record.id) for kind, record in facts.all() if (kind, record.id) not in named]
