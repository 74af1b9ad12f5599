"""Quads as the text of their terms, in the escaping of canonical N-Quads.

https://www.w3.org/TR/rdf-canon/#canonical-quads
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["XSD_STRING", "Quad", "escaped", "iri", "literal"]

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_ESCAPED: Final = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]')
_SHORT_ESCAPES: Final = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


class Quad(NamedTuple):
    """A statement. A term is `<iri>`, `_:label` or `"literal"…`; the default graph is the empty text."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """The quad as a line of N-Quads."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} .\n"


def iri(value: str) -> str:
    """The term of an IRI."""
    return f"<{value}>"


def literal(value: str, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """The term of a literal."""
    text = f'"{escaped(value)}"'
    if language is not None and datatype == _LANG_STRING:
        return f"{text}@{language}"
    return text if datatype == XSD_STRING else f"{text}^^<{datatype}>"


def escaped(value: str) -> str:
    """The text of a literal between its quotes."""
    # Most texts have nothing to escape, and this says so several times faster than the expression.
    if value.isprintable() and '"' not in value and "\\" not in value:
        return value
    return _ESCAPED.sub(_escape, value)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04X}"
