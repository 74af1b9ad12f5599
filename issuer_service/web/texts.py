"""Texts as they may come in: nothing that a database cannot keep, nothing without an end."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

__all__ = ["EmailText", "Identifier", "LongText", "Named", "Reason", "without_nul"]

_SPACE: Final = 32
_DELETE: Final = 127


def _one_line(text: str) -> str:
    # PostgreSQL keeps no NUL, and nobody is called by a line break.
    if any(ord(character) < _SPACE or ord(character) == _DELETE for character in text):
        raise ValueError("should have no control characters")
    return text


def without_nul(text: str) -> str:
    """The text, when a database can keep it. Raises ValueError."""
    if "\0" in text:
        raise ValueError("should have no NUL character")
    return text


Identifier = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID as this service writes it."""

Named = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(_one_line)
]
EmailText = Annotated[
    str,
    StringConstraints(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", to_lower=True),
    AfterValidator(_one_line),
]
LongText = Annotated[str, StringConstraints(max_length=500_000), AfterValidator(without_nul)]
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), AfterValidator(without_nul)
]
"""Why somebody does something, in their own words."""
