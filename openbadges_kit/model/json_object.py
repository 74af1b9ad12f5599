"""What all classes of the model share: a typed view of a JSON object that loses nothing.

The document is the truth, the model a view: a term that a class does not know is kept, a single value is
not made a list, and a number stays the number it was. What was signed is never written back by a model.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, ValidationError
from pydantic.alias_generators import to_camel

from openbadges_kit.documents import JsonObject
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

    Fields are snake_case in Python and camelCase on the wire.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", frozen=True, alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )

    @classmethod
    def from_json(cls, document: JsonObject, *, path: str = "$") -> Self:
        """Read the object. Raises MalformedDocument with the JSON path of the first thing amiss."""
        try:
            # by_name=False: otherwise a foreign term `target_name` would be taken for targetName.
            return cls.model_validate(document, by_alias=True, by_name=False)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = path
            for step in first["loc"]:
                where = child(where, step)
            raise MalformedDocument(f"{where}: {first['msg']}", path=where) from error

    def to_json(self) -> JsonObject:
        """The object as JSON: what was given, under the names of the wire, `type` included."""
        fields = type(self).model_fields
        given = {
            fields[name].alias or name: _to_json(getattr(self, name))
            for name in fields
            if name in self.model_fields_set or name in _ALWAYS_WRITTEN
        }
        return given | {name: _to_json(value) for name, value in (self.model_extra or {}).items()}


def _to_json(value: Any) -> Any:  # JSON
    if isinstance(value, JsonObjectModel):
        return value.to_json()
    if isinstance(value, list):
        return [_to_json(item) for item in value]
    if isinstance(value, dict):
        return {name: _to_json(item) for name, item in value.items()}
    return value
