"""What all classes of the model share: a typed view of a JSON object that loses nothing.

The document is the truth, the model a view: a term that a class does not know is kept, a single value is
not made a list, a number stays the number it was, and members keep their order. What was signed is never
written back by a model: an embedded credential stays the JSON object that its issuer signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Self, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PrivateAttr, StrictFloat, StrictInt, ValidationError
from pydantic.alias_generators import to_camel

from openbadges_kit.documents import JsonObject, check_depth
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import child

__all__ = ["JsonObjectModel", "LanguageText", "Number", "OneOrMany"]

T = TypeVar("T")
OneOrMany = Annotated[T | list[T], Field(union_mode="left_to_right")]
"""JSON-LD's one-or-many, kept as it came."""

Number = StrictInt | StrictFloat
"""A JSON number; 3 stays 3 and 3.5 stays 3.5."""

LanguageText = str | dict[str, Any] | list[dict[str, Any]]
"""A text, or the language-tagged objects of https://www.w3.org/TR/vc-data-model-2.0/#language-and-base-direction."""


# They have defaults, and an object without them is none of its class.
_ALWAYS_WRITTEN: Final = frozenset({"type", "context"})


class JsonObjectModel(BaseModel):
    """A typed view of a JSON-LD object. Terms it does not know, it keeps.

    Fields are snake_case in Python and camelCase on the wire. Two views are equal when their class and
    their JSON are.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        # Building the validators of all classes takes longer than issuing a badge; most programs use a few.
        defer_build=True,
    )

    # The names of the members as they were read, in their order; None in an object that was built.
    _members: tuple[str, ...] | None = PrivateAttr(default=None)

    @classmethod
    def from_json(cls, document: JsonObject, *, path: str = "$") -> Self:
        """Read the object. Raises MalformedDocument with the JSON path of what is amiss."""
        if isinstance(document, dict):
            check_depth(document)
        try:
            # by_name=False: otherwise a foreign term `target_name` would be taken for targetName.
            view = cls.model_validate(document, by_alias=True, by_name=False)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
            # Each branch of a union complains; whoever got furthest into the document says what is amiss.
            places = [_place(document, found["loc"]) for found in errors]
            furthest = max(range(len(places)), key=lambda position: len(places[position]))
            where = reduce(child, places[furthest], path)
            raise MalformedDocument(f"{where}: {errors[furthest]['msg']}", path=where) from error
        _remember_members(view, document)
        return view

    def to_json(self) -> JsonObject:
        """The object as JSON, under the names of the wire: what was read or given, in the order it was read.

        An object that was built has its `type`, given or not; one that was read has what it had.
        """
        fields = _fields_on_the_wire(type(self))
        extra = self.model_extra or {}
        written: JsonObject = {}
        done = set()
        for member in self._members or ():
            if member in extra:
                written[member] = _to_json(extra[member])
            elif member in fields:
                written[member] = _to_json(getattr(self, fields[member]))
                done.add(fields[member])
        for name, field in type(self).model_fields.items():
            given = name in self.model_fields_set or (name in _ALWAYS_WRITTEN and self._members is None)
            # A foreign member `target_name` is in model_fields_set as well, and does not mean the field.
            if given and name not in done and name not in extra:
                written[field.alias or name] = _to_json(getattr(self, name))
        return written | {name: _to_json(value) for name, value in extra.items() if name not in written}

    def __eq__(self, other: object) -> bool:
        """Are they views, of one class, of the same JSON?"""
        if not isinstance(other, JsonObjectModel):
            return NotImplemented
        return type(self) is type(other) and self.to_json() == other.to_json()

    # They hold lists and objects.
    __hash__ = None  # type: ignore[assignment]


@cache
def _fields_on_the_wire(model: type[JsonObjectModel]) -> Mapping[str, str]:
    """The field that each member is read into; a member of an earlier version may be read into a field of this one."""
    fields: dict[str, str] = {}
    for name, field in model.model_fields.items():
        choices = field.validation_alias.choices if isinstance(field.validation_alias, AliasChoices) else [field.alias]
        fields |= {choice: name for choice in choices if isinstance(choice, str)}
    return MappingProxyType(fields)


def _remember_members(view: JsonObjectModel, document: JsonObject) -> None:
    view._members = tuple(document)  # noqa: SLF001  # the class's own
    fields = _fields_on_the_wire(type(view))
    for member, value in document.items():
        if isinstance(value, dict | list) and member in fields:
            _remember_within(getattr(view, fields[member]), value)


def _remember_within(value: Any, read: Any) -> None:  # JSON
    if isinstance(value, JsonObjectModel) and isinstance(read, dict):
        _remember_members(value, read)
    elif isinstance(value, list) and isinstance(read, list):
        for item, read_item in zip(value, read, strict=True):
            _remember_within(item, read_item)


def _to_json(value: Any) -> Any:  # JSON
    if isinstance(value, JsonObjectModel):
        return value.to_json()
    if isinstance(value, list):
        return [_to_json(item) for item in value]
    if isinstance(value, dict):
        return {name: _to_json(item) for name, item in value.items()}
    return value


def _place(document: Any, location: tuple[int | str, ...]) -> list[int | str]:  # JSON
    """The steps of pydantic's location that are steps in the document; the others name branches of a union."""
    place: list[int | str] = []
    here = document
    for step in location:
        if isinstance(here, dict) and (step in here or step == location[-1]):
            place.append(step)
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int):
            place.append(step)
            here = here[step]
    return place
