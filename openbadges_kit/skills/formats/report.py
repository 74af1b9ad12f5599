"""What an import found: what could be taken in, and row by row what could not, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openbadges_kit.skills.qualification import Entry

__all__ = ["Addresses", "Imported", "RowFinding"]

Addresses = Callable[[str, str], str]
"""Gives the IRI of a unit by its number and its version."""


@dataclass(frozen=True, slots=True)
class RowFinding:
    """Something amiss: in which row (of a table; of a list of JSON the item, from 1), in which field, how to mend it.

    `unit` is the number of the unit that it keeps out, where it is known.
    """

    row: int
    field: str
    finding: str
    mend: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """The units that are whole, in their order, and what kept others out, or was left out of one.

    A unit of which one row is amiss is kept out as a whole: without that row it would be another unit.
    """

    entries: tuple[Entry, ...]
    findings: tuple[RowFinding, ...]
