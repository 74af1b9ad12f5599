"""The shape of a document: all of it but its free strings.

Two documents of one shape and under one set of contexts take the same way through JSON-LD, and differ only
in the text that ends up in the slots of their quads. What can steer JSON-LD belongs to the shape: the order
and the names of members, the lengths of arrays, numbers and booleans, `type`, and whatever stands under a
name that begins with `@`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from openbadges_kit.documents import MAX_DEPTH, JsonObject
from openbadges_kit.patterns import Place

__all__ = ["Shape", "leaf_places", "shape_of", "with_leaves"]

# A shape is kept in memory and walked for every document: what is larger is not one of many alike.
MAX_LEAVES: Final = 4096
# `type` selects contexts, and so do the keywords; these two only carry text.
_FREE_KEYWORDS: Final = frozenset({"@id", "@value"})
_FIXED: Final = "type"


class Shape(NamedTuple):
    """`key` identifies the shape, `leaves` are the document's free strings in the order of the walk."""

    key: tuple[Any, ...]
    leaves: list[str]


class _Shapeless(Exception):  # never leaves this module
    """The value has no shape: no JSON, too deep or too large."""


def shape_of(document: JsonObject) -> Shape | None:
    """The document's shape; None for what is no JSON of plain Python types, too deep or too large."""
    key: list[Any] = []
    leaves: list[str] = []
    try:
        _walk_object(document, key, leaves, MAX_DEPTH)
    except (_Shapeless, TypeError):
        return None
    return Shape(tuple(key), leaves)


def with_leaves(document: JsonObject, leaves: list[str]) -> JsonObject:
    """The document with other free strings, given in the order of the walk."""
    rest = iter(leaves)
    replaced: JsonObject = _replaced_object(document, rest)
    return replaced


def leaf_places(value: Any, place: Place = ()) -> Iterator[Place]:  # JSON
    """Where each free string stands, in the order of the walk: the names and indexes on the way to it."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaf_places(inner, (*place, index))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not _is_fixed(name):
                yield from leaf_places(inner, (*place, name))


def _is_fixed(name: str) -> bool:
    return name == _FIXED or (name[:1] == "@" and name not in _FREE_KEYWORDS)


def _walk_object(value: Any, key: list[Any], leaves: list[str], depth: int) -> None:  # JSON
    # The key must say everything unambiguously: a dict is the tuple of its names, a list its length, a free
    # string None, a number or boolean its own text, and a fixed value a tuple that begins with None.
    if type(value) is not dict or depth == 0 or len(leaves) > MAX_LEAVES:
        raise _Shapeless
    add, free = key.append, leaves.append
    add(tuple(value))
    for name, inner in value.items():
        if name == _FIXED or (name[:1] == "@" and name not in _FREE_KEYWORDS):
            # Most types are a list of one.
            one = type(inner) is list and len(inner) == 1 and type(inner[0]) is str
            add((None, (0, inner[0]) if one else _frozen(inner, depth - 1)))
        elif type(inner) is str:
            add(None)
            free(inner)
        elif type(inner) is dict:
            _walk_object(inner, key, leaves, depth - 1)
        else:
            _walk_other(inner, key, leaves, depth - 1)


def _walk_other(value: Any, key: list[Any], leaves: list[str], depth: int) -> None:  # JSON
    kind = type(value)
    if kind is list:
        if depth == 0 or len(leaves) > MAX_LEAVES:
            raise _Shapeless
        key.append(len(value))
        for inner in value:
            if type(inner) is dict:
                _walk_object(inner, key, leaves, depth - 1)
            elif type(inner) is str:
                key.append(None)
                leaves.append(inner)
            else:
                _walk_other(inner, key, leaves, depth - 1)
    elif kind is bool or kind is int or kind is float:
        # The text, because 1 == True == 1.0 and 0.0 == -0.0, and each is another literal.
        key.append(repr(value))
    else:
        raise _Shapeless


def _frozen(value: Any, depth: int) -> Any:  # JSON
    kind = type(value)
    if kind is str:
        return value
    if depth == 0:
        raise _Shapeless
    if kind is list:
        return (0, *[_frozen(inner, depth - 1) for inner in value])
    if kind is dict:
        return (1, *[(name, _frozen(inner, depth - 1)) for name, inner in value.items()])
    if kind is bool or kind is int or kind is float or value is None:
        return (2, repr(value))
    raise _Shapeless


def _replaced_object(value: JsonObject, rest: Any) -> Any:  # JSON
    return {name: inner if _is_fixed(name) else _replaced(inner, rest) for name, inner in value.items()}


def _replaced(value: Any, rest: Any) -> Any:  # JSON
    if type(value) is str:
        return next(rest)
    if type(value) is dict:
        return _replaced_object(value, rest)
    if type(value) is list:
        return [_replaced(inner, rest) for inner in value]
    return value
