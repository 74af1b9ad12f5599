"""JSON documents at the border: read strictly, written plainly.

Not here: what a document means (`model/`) and whether it may be trusted (`verification/`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NewType

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import child

__all__ = [
    "JsonObject",
    "UnverifiedDocument",
    "VerifiedDocument",
    "as_list",
    "check_json",
    "dump_json",
    "load_own",
    "members",
    "parse_json",
    "parse_json_object",
    "walk",
]

JsonObject = dict[str, Any]

# Received, and nothing more: only verify() turns the first into the second.
UnverifiedDocument = NewType("UnverifiedDocument", JsonObject)
VerifiedDocument = NewType("VerifiedDocument", JsonObject)

# A badge with an embedded image takes some 100 kB; a CLR with many takes more. Beyond this it is an attack.
MAX_DOCUMENT_BYTES: Final = 4 * 1024 * 1024
# JSON-LD processing recurses: deeper than this and the interpreter's own limit would answer instead.
MAX_DEPTH: Final = 64


def parse_json_object(data: bytes | str) -> JsonObject:
    """Read a JSON object as strictly as a signature needs it.

    Raises MalformedDocument for anything but one object, and like `parse_json`.
    """
    document = parse_json(data)
    if not isinstance(document, dict):
        raise MalformedDocument("not a JSON object")
    return document


def parse_json(data: bytes | str) -> Any:  # JSON
    """Read a JSON text of any kind.

    Raises MalformedDocument for anything but one value in UTF-8, for a name that occurs twice in an
    object (two readers could see two documents), for NaN and Infinity, for a lone surrogate, and
    beyond 4 MiB or 64 levels.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(f"larger than {MAX_DOCUMENT_BYTES} bytes")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_unique_names, parse_constant=_refuse_constant)
        # A lone surrogate ("\ud800") passes json.loads and can be neither written nor hashed.
        text.encode()
        if "\\ud" in text or "\\uD" in text:
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise MalformedDocument("not text in UTF-8") from error
    except RecursionError as error:
        raise MalformedDocument(f"nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise MalformedDocument(f"not JSON: {error}") from error
    check_depth(document)
    return document


def check_json(document: JsonObject) -> None:
    """Raise MalformedDocument unless the object is one that `parse_json_object` could have given.

    For what others parsed: json.loads takes NaN, lone surrogates and any depth.
    """
    check_depth(document)
    try:
        size = len(dump_json(document))
    except (TypeError, ValueError) as error:
        raise MalformedDocument(f"not JSON: {error}") from error
    if size > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(f"larger than {MAX_DOCUMENT_BYTES} bytes")


def check_depth(document: Any) -> None:  # JSON
    """Raise MalformedDocument when the document is nested deeper than MAX_DEPTH."""
    level: list[Any] = [document] if isinstance(document, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise MalformedDocument(f"nested deeper than {MAX_DEPTH} levels")


def dump_json(document: JsonObject | list[Any]) -> bytes:
    """The document as UTF-8, in the order of its members: what is stored, baked and served."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def load_own(data: bytes) -> JsonObject:
    """What dump_json() made of a document, read back: for nobody else's bytes, since nothing of them is checked."""
    document: JsonObject = json.loads(data)
    return document


def as_list(value: Any) -> list[Any]:  # JSON
    """JSON-LD's one-or-many: nothing is an empty list, a single value a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def members(value: Any) -> Iterator[tuple[str | int | None, Any]]:  # JSON
    """`walk` without the paths, which take most of its time: for questions whose answer is nearly always no."""
    stack: list[tuple[str | int | None, Any]] = [(None, value)]
    while stack:
        member = stack.pop()
        yield member
        item = member[1]
        if isinstance(item, dict):
            stack.extend(reversed(item.items()))
        elif isinstance(item, list):
            stack.extend([(index, item[index]) for index in range(len(item) - 1, -1, -1)])


def walk(value: Any, path: str = "$") -> Iterator[tuple[str, str | int | None, Any]]:  # JSON
    """Every value below and including `value`, as (JSON path, its own name or index, value)."""
    stack: list[tuple[str, str | int | None, Any]] = [(path, None, value)]
    while stack:
        here, step, item = stack.pop()
        yield here, step, item
        inside: Any = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
        stack.extend((child(here, name), name, inner) for name, inner in reversed(list(inside)))


def _unique_names(pairs: list[tuple[str, Any]]) -> JsonObject:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} occurs twice in one object")
    return document


def _refuse_constant(constant: str) -> Any:  # json's own signature
    raise ValueError(f"{constant} is not a JSON number")
