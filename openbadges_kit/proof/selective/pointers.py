"""JSON Pointers, and the part of a document that they select.

https://www.rfc-editor.org/rfc/rfc6901 and https://www.w3.org/TR/vc-di-ecdsa/#selectjsonld
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.jsonld.places import PlacedObject

__all__ = ["parse_pointer", "resolve_pointer", "select"]

# A credential has some hundred members. Beyond this it is no selection but an attack.
MAX_POINTERS: Final = 1024
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_BAD_ESCAPE: Final = re.compile(r"~(?![01])")
# What says which object it is, and of what kind, goes with every part of it.
_ALWAYS: Final = ("id", "type")

# What is wanted of a value: all of it (None), or of its members and elements those named.
_Wanted = dict[str, Any] | None


def parse_pointer(pointer: object) -> list[str]:
    """The steps of a JSON Pointer; none for the whole document.

    Raises MalformedDocument when it does not begin with `/`, and for a `~` that is neither `~0` nor `~1`.
    """
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")) or _BAD_ESCAPE.search(pointer):
        raise MalformedDocument(f"{pointer!r} is not a JSON Pointer")
    # ~1 first: ~01 stands for the two characters ~1, not for a slash.
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def resolve_pointer(document: JsonObject, pointer: str) -> Any:  # JSON
    """What the pointer points to. Raises MalformedDocument when that is nothing."""
    value: Any = document
    for step in parse_pointer(pointer):
        match value:
            case dict() if step in value:
                value = value[step]
            # 01 and 1 would be two pointers to one element, and - is the one after the last.
            case list() if _INDEX.fullmatch(step) and int(step) < len(value):
                value = value[int(step)]
            case _:
                raise MalformedDocument(f"{pointer!r} points to nothing")
    return value


def select(document: JsonObject, pointers: Iterable[str]) -> JsonObject | None:
    """The document with what the pointers point to, the way there, and its contexts; None without pointers.

    On the way each object keeps its `id` and `type`, and an array the elements asked for, in their order.
    Raises MalformedDocument for a pointer that points to nothing, and for more than 1024 of them.
    """
    pointers = list(pointers)
    if len(pointers) > MAX_POINTERS:
        raise MalformedDocument(f"more than {MAX_POINTERS} pointers")
    if not pointers:
        return None
    # Without its contexts no part of it means anything.
    wanted: _Wanted = {"@context": None}
    for pointer in pointers:
        resolve_pointer(document, pointer)
        wanted = _with_path(wanted, parse_pointer(pointer))
    selected: JsonObject = _part(document, wanted)
    return selected


def _with_path(wanted: _Wanted, steps: list[str]) -> _Wanted:
    if wanted is None or not steps:
        return None
    below = wanted
    for step in steps[:-1]:
        next_below = below.setdefault(step, {})
        if next_below is None:  # all of it is wanted already
            return wanted
        below = next_below
    below[steps[-1]] = None
    return wanted


def _part(value: Any, wanted: _Wanted) -> Any:  # JSON
    if wanted is None:
        return value
    if isinstance(value, list):
        return [_part(item, wanted[str(position)]) for position, item in enumerate(value) if str(position) in wanted]
    part: JsonObject = {}
    if isinstance(value, PlacedObject):
        part = PlacedObject()
        part.place = value.place
    for name, inner in value.items():
        # A type less, and the terms that it brings would mean nothing in the part.
        if name in _ALWAYS and (name in wanted or not str(inner).startswith("_:")):
            part[name] = inner
        elif name in wanted:
            part[name] = _part(inner, wanted[name])
    return part
