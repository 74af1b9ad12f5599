"""Where does a JSON Schema ask nothing of a text, so that every text gives the same answer?

For a batch of documents that differ in some texts: what was asked of one document need not be asked of the next
where no part of the schema looks at those texts. In doubt the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from openbadges_kit.documents import as_list
from openbadges_kit.jsonld.bundle import bundled_schema

__all__ = ["takes_any_text"]

# Notes for people. `format` is one of them in this draft: https://json-schema.org/draft/2019-09/schema#
_NOTES: Final = frozenset({
    "$schema", "$id", "$defs", "$comment", "title", "description", "format", "default", "examples", "deprecated",
})  # fmt: skip
# What is asked of objects and arrays as such, and not of what is in them; and of a value, its type.
_OF_THE_WHOLE: Final = frozenset({
    "type", "required", "dependentRequired", "minItems", "maxItems", "minProperties", "maxProperties",
})  # fmt: skip
# Schemas that are held against the same value: a list of them, or one.
_OF_THE_SAME: Final = frozenset({"allOf", "anyOf", "oneOf", "if", "then", "else", "not"})
_OF_MEMBERS: Final = frozenset({"properties", "additionalProperties", "propertyNames"})
_OF_ITEMS: Final = frozenset({"items", "contains"})
# The only place that references lead to.
_DEFINITIONS: Final = "#/$defs/"


class _InDoubt(Exception):  # never leaves this module
    """Something about the schema is not plain enough to tell."""


@cache
def takes_any_text(url: str, place: tuple[str | int, ...]) -> bool:
    """Is what the bundled schema says to a document the same for every text at this place of it?"""
    schema = bundled_schema(url)
    try:
        return all(_is_indifferent(found, schema, 0) for found in _reaching(schema, schema, place, 0))
    except (_InDoubt, RecursionError):
        return False


def _reaching(value: Any, schema: Any, place: Sequence[str | int], depth: int) -> Iterator[Any]:  # JSON
    """The parts of the schema that are held against the value at the place, whatever the values on the way."""
    if not isinstance(value, dict | bool):
        raise _InDoubt
    if not place or isinstance(value, bool):
        yield value
        return
    for name, inner in value.items():
        if name == "$ref":
            yield from _reaching(_referred(inner, schema, depth), schema, place, depth + 1)
        elif name in _OF_THE_SAME:
            for one in as_list(inner):
                yield from _reaching(one, schema, place, depth)
        elif name in _OF_MEMBERS | _OF_ITEMS:
            yield from _inside(name, value, schema, place, depth)
        elif name not in _NOTES | _OF_THE_WHOLE:
            raise _InDoubt


def _inside(name: str, value: Any, schema: Any, place: Sequence[str | int], depth: int) -> Iterator[Any]:  # JSON
    step, properties = place[0], value.get("properties", {})
    if name in _OF_ITEMS:
        held = isinstance(step, int)
    else:
        held = (name == "properties" and step in properties) or (
            name == "additionalProperties" and isinstance(step, str) and step not in properties
        )
    if held:
        inner = properties[step] if name == "properties" else value[name]
        yield from _reaching(inner, schema, place[1:], depth)


def _is_indifferent(value: Any, schema: Any, depth: int) -> bool:  # JSON
    """Does this part of the schema say the same to every text?"""
    if isinstance(value, bool):
        return True
    for name, inner in value.items():
        if name == "$ref":
            indifferent = _is_indifferent(_referred(inner, schema, depth), schema, depth + 1)
        elif name in _OF_THE_SAME:
            indifferent = all(_is_indifferent(one, schema, depth) for one in as_list(inner))
        else:
            # What is asked of members and items is not asked of a text.
            indifferent = name in _NOTES | _OF_THE_WHOLE | _OF_MEMBERS | _OF_ITEMS
        if not indifferent:
            return False
    return True


def _referred(reference: str, schema: Any, depth: int) -> Any:  # JSON
    if not reference.startswith(_DEFINITIONS) or depth > 64:  # noqa: PLR2004  # a circle
        raise _InDoubt
    return schema["$defs"][reference.removeprefix(_DEFINITIONS)]
