"""A JSON document with places for texts in it: written from the texts that stand there, and read back to them.

What stands between the places is the same bytes in every document of a pattern, so that reading one is comparing
bytes and not parsing them. What is read is what `parse_json_object` would read: no escapes, no control characters,
UTF-8. Anything else is read as nothing, and goes the long way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, Final

from openbadges_kit.documents import JsonObject, dump_json

__all__ = ["Pattern", "Place", "filled", "pattern_of", "tree_of"]

Place = tuple[str | int, ...]
"""The way to a value in a document: names and indexes."""

# What a JSON string has in another form than as itself, or may not have.
_SPECIAL: Final = re.compile(rb"[\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The texts of a document are given and had in the order of its `places`."""

    document: JsonObject
    places: tuple[Place, ...]
    tree: dict[Any, Any]
    # With the quotation marks. Which text stands behind each but the last, and the last ends in the last brace.
    between: tuple[bytes, ...]
    order: tuple[int, ...]
    # The other way round: the how manieth text in the document stands at each place.
    standing: tuple[int, ...]

    def filled(self, texts: Sequence[str]) -> JsonObject:
        """The document with other texts; whatever has none of them in it is shared with others."""
        document: JsonObject = filled(self.document, self.tree, texts)
        return document

    def written(self, texts: Sequence[str]) -> bytes:
        """As dump_json() writes it. Raises UnicodeEncodeError for a lone surrogate."""
        pieces = [self.between[0]]
        for number, following in zip(self.order, self.between[1:], strict=True):
            pieces += (encode_basestring(texts[number])[1:-1].encode(), following)
        return b"".join(pieces)

    def texts_of(self, document: JsonObject, source: JsonObject) -> tuple[str, ...] | None:
        """The texts of a document that shares all else with the `source`, of which the pattern was made.

        None for one that does not, however equal: an equal one may still be written otherwise.
        """
        texts = [""] * len(self.places)
        return tuple(texts) if _shared(document, source, self.tree, texts) else None

    def read(self, data: bytes) -> tuple[tuple[str, ...], bytes] | None:
        """The texts, and what comes behind the last member of the pattern: a brace, or a comma and more members.

        None for bytes that are not of this pattern, or only perhaps.
        """
        first, *others = self.between
        if not data.startswith(first):
            return None
        others[-1] = others[-1][:-1]
        here, found = len(first), []
        for following in others:
            end = data.find(b'"', here)
            if end < 0 or not data.startswith(following, end):
                return None
            found.append(data[here:end])
            here = end + len(following)
        # All at once, since looking at each takes longer: there is no quotation mark in any of them.
        joined = b'"'.join(found)
        if _SPECIAL.search(joined):
            return None
        try:
            texts = joined.decode().split('"')
        except UnicodeDecodeError:
            return None
        return tuple([texts[number] for number in self.standing]), data[here:]


def pattern_of(document: JsonObject, places: Sequence[Place]) -> Pattern | None:
    """The pattern of documents that differ from this one in the texts at the places; None where there is none."""
    if not places:
        return None
    text, number, tree = dump_json(document).decode(), 0, tree_of(places)
    while f"<{number}|" in text:
        number += 1
    marked = dump_json(filled(document, tree, [f"<{number}|{place}>" for place in range(len(places))])).decode()
    parts = re.split(rf"<{number}\|([0-9]+)>", marked)
    between, order = tuple(part.encode() for part in parts[::2]), tuple(map(int, parts[1::2]))
    if len(order) != len(places):
        return None
    standing = tuple(sorted(range(len(order)), key=order.__getitem__))
    return Pattern(document, tuple(places), tree, between, order, standing)


def tree_of(places: Sequence[Place]) -> dict[Any, Any]:
    """The places as a tree of steps, with the position of each at its end."""
    tree: dict[Any, Any] = {}
    for position, steps in enumerate(places):
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step, {})
        branch[steps[-1]] = position
    return tree


def filled(value: Any, tree: dict[Any, Any], texts: Sequence[str]) -> Any:  # JSON
    """The value with the texts in their places; what has none of them is shared."""
    copied = value.copy()
    for step, branch in tree.items():
        copied[step] = texts[branch] if type(branch) is int else filled(value[step], branch, texts)
    return copied


def _shared(value: Any, source: Any, tree: dict[Any, Any], texts: list[str]) -> bool:  # JSON
    """Are all members the very same, but for those of the tree? These texts are put where they belong."""
    if type(value) is dict and type(source) is dict:
        if tuple(value) != tuple(source):
            return False
        members: Any = value.items()
    elif type(value) is list and type(source) is list and len(value) == len(source):
        members = enumerate(value)
    else:
        return False
    for step, inner in members:
        branch = tree.get(step)
        if branch is None:
            known = source[step]
            # Equal is not enough for all: True is equal to 1, and equal objects may have another order.
            if inner is not known and not (type(inner) is str is type(known) and inner == known):
                return False
        elif type(branch) is int:
            if type(inner) is not str:
                return False
            texts[branch] = inner
        elif not _shared(inner, source[step], branch, texts):
            return False
    return True
