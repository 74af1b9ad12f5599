"""The example of the working method: a skills mapping that was published, and units made up to close its gaps with."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from issuer_service.assessment.closing_gaps import Offer
from issuer_service.assessment.skills_mapping import Cell, SkillsMapping, read_mapping

__all__ = ["Misprint", "ooc_mapping", "ooc_misprints", "ooc_units"]

_DATA: Final = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Misprint:
    """A gap that was published otherwise than its own levels say."""

    specialism: str
    occupation: str
    cell: Cell
    published: int


@cache
def ooc_mapping() -> SkillsMapping:
    """Thirteen specialisms of car body repair and three occupations, made for the training fund OOC in 2024."""
    return read_mapping(_sample())


@cache
def ooc_misprints() -> tuple[Misprint, ...]:
    """Where the published gap does not follow from the published levels."""
    cells = ooc_mapping().cells
    rows = csv.DictReader(_sample().splitlines())
    read = [(row["specialism"], row["occupation"], int(row["gap as published"])) for row in rows]
    return tuple(
        Misprint(specialism, occupation, cells[specialism, occupation], published)
        for specialism, occupation, published in read
        if cells[specialism, occupation].gap != published
    )


@cache
def ooc_units() -> tuple[tuple[Offer, str], ...]:
    """Units that nobody offers, each with its title: an example of what could close those gaps."""
    titles: dict[str, str] = {}
    hours: dict[str, Decimal] = {}
    reaches: dict[str, dict[str, int]] = {}
    for row in csv.DictReader((_DATA / "example-units.csv").read_text(encoding="utf-8").splitlines()):
        titles[row["unit"]], hours[row["unit"]] = row["title"], Decimal(row["hours"])
        reaches.setdefault(row["unit"], {})[row["specialism"]] = int(row["level"])
    return tuple((Offer(unit, reaches[unit], hours[unit]), title) for unit, title in titles.items())


def _sample() -> str:
    return (_DATA / "ooc-2024.csv").read_text(encoding="utf-8")
