"""Is a document another one with other texts in a few known places, and which texts are they?

The badges of one achievement are. Python writes a document as bytes, with the type of every value and the order of
every member, many times faster than the walk that takes its shape; what stands between the known places must be those
very bytes. A document that is not recognised has its shape taken. What this rests on stands in
`docs/explanation/compiled-shapes.md`.
"""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.shape import with_leaves

__all__ = ["Between", "between_leaves", "encoded", "find_texts"]

# The last version of the format in which equal documents are equal bytes: later ones refer back to what came before.
_VERSION: Final = 2
# How a text is written: this, four bytes of length, the smallest first, and UTF-8 in which a surrogate may stand alone.
_TEXT: Final = b"u"
_LENGTH_BYTES: Final = 4

Between = tuple[bytes, ...]
"""What stands before, between and behind the texts."""


def encoded(document: JsonObject) -> bytes | None:
    """The document as bytes; None for what is no JSON of plain Python types."""
    try:
        return marshal.dumps(document, _VERSION)
    except ValueError:
        return None


def between_leaves(document: JsonObject, leaves: Sequence[str], varying: Sequence[int]) -> Between | None:
    """What documents have in common that differ from this one in the `varying` leaves, in order; None in doubt."""
    number, known = 0, encoded(document)
    while known is not None and f"<{number}|".encode() in known:
        number += 1
    marks = {leaf: f"<{number}|{leaf}>" for leaf in varying}
    rest = encoded(with_leaves(document, [marks.get(leaf, text) for leaf, text in enumerate(leaves)]))
    if known is None or rest is None:
        return None
    between: list[bytes] = []
    for mark in marks.values():
        before, found, rest = rest.partition(_TEXT + _written(mark))
        if not found:
            return None
        between.append(before + _TEXT)
    between.append(rest)
    common = tuple(between)
    return common if find_texts(known, common) == [leaves[leaf] for leaf in varying] else None


def find_texts(data: bytes, between: Between) -> list[str] | None:
    """The texts in an encoded document; None when anything else in it is another."""
    first = between[0]
    if not data.startswith(first):
        return None
    here, texts = len(first), []
    for following in between[1:]:
        begin = here + _LENGTH_BYTES
        end = begin + int.from_bytes(data[here:begin], "little")
        if not data.startswith(following, end):
            return None
        texts.append(data[begin:end].decode("utf-8", "surrogatepass"))
        here = end + len(following)
    return texts if here == len(data) else None


def _written(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(_LENGTH_BYTES, "little") + data
