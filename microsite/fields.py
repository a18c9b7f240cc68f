"""What the models say of their keys: for the flat tables, their schemas and the data dictionary."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from pydantic import AfterValidator, BaseModel, StringConstraints

from microsite import model as models
from microsite.model import KINDS, Ref


@dataclass(frozen=True)
class Field:
    """One key of a record. `type` is a word for a reader; `refers` names the kinds that it may hold the id of, `inner` the keys within it."""

    key: str
    attribute: str
    type: Literal["text", "words", "id", "choice", "number", "whole number", "yes or no", "date", "day", "name", "group"]
    many: bool
    required: bool
    meaning: str
    choices: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    inner: tuple[Field, ...] = ()


@functools.cache
def fields(model: type[BaseModel]) -> tuple[Field, ...]:
    """The keys of a model, in its order, but its id first."""
    found = [_field(name, info) for name, info in model.model_fields.items()]
    return tuple(sorted(found, key=lambda field: field.key != "id"))


def _field(name: str, info: Any) -> Field:
    annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    bases, metadata, many = [], [], False
    for base, extra, in_tuple in _leaves(annotation):
        bases.append(base)
        metadata += extra
        many = many or in_tuple
    base = bases[0]
    refers = tuple(kind for item in metadata if isinstance(item, Ref) for kind in item.kinds)
    checks = {item.func for item in metadata if isinstance(item, AfterValidator)}
    inner: tuple[Field, ...] = ()
    choices: tuple[str, ...] = ()
    if typing.get_origin(base) is dict:
        kind = "text"
    elif typing.get_origin(base) is Literal:
        kind, choices = "choice", typing.get_args(base)
    elif base is bool:
        kind = "yes or no"
    elif set(bases) == {int}:
        kind = "whole number"
    elif set(bases) == {int, float}:
        kind = "number"
    elif models._check_day in checks:
        kind = "day"
    elif models._check_date in checks:
        kind = "date"
    elif base is models.Name:
        kind = "name"
    elif isinstance(base, type) and issubclass(base, BaseModel):
        kind, inner = "group", fields(base)
    else:
        kind = "id" if refers or name in ("id", "key") else "words"
    patterns = [item.pattern for item in metadata if isinstance(item, StringConstraints) and item.pattern] if kind in ("id", "words") else []
    return Field(
        key=info.alias or name,
        attribute=name,
        type=kind,  # type: ignore[arg-type]
        many=many,
        required=info.is_required(),
        meaning=info.description or "",
        choices=choices,
        refers=refers,
        pattern=str(patterns[0]) if patterns else "",
        least=next((item.ge for item in metadata if isinstance(item, Ge)), None),  # type: ignore[misc]
        most=next((item.le for item in metadata if isinstance(item, Le)), None),  # type: ignore[misc]
        inner=inner,
    )


def _leaves(annotation: Any, many: bool = False) -> Iterator[tuple[Any, list[Any], bool]]:
    """The plain types within an annotation, with what is said of them and whether they stand in a list."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        for base, metadata, in_list in _leaves(arguments[0], many):
            # What is said of the list as a whole (its least length) says nothing of its members.
            yield base, metadata + [item for item in arguments[1:] if _of_member(item, in_list)], in_list
    elif origin in (typing.Union, types.UnionType):
        for argument in arguments:
            if argument is not types.NoneType:
                yield from _leaves(argument, many)
    elif origin is tuple:
        yield from _leaves(arguments[0], True)
    else:
        yield annotation, [], many


def _of_member(item: Any, in_list: bool) -> bool:
    return not (in_list and type(item).__name__ == "MinLen")


def of_kind(kind: str) -> tuple[Field, ...]:
    """The keys of a kind of record."""
    return fields(KINDS[kind])
