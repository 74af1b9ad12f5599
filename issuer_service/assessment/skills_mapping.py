"""Skills mapping: the level that people have of each specialism, the level their occupation asks for, and the gap.

Levels are 1 to 5, and 0 where a specialism does not apply. They say nothing about a level of education. A gap is
computed whenever it is asked for and stored nowhere: a stored one goes on existing after its levels changed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from issuer_service.errors import Refused

__all__ = ["SMALLEST_GROUP", "Cell", "GroupGap", "SkillsMapping", "gaps", "group_gaps", "read_mapping"]

HIGHEST: Final = 5
# Of fewer people an average would tell the others what one of them can do.
SMALLEST_GROUP: Final = 5
_COLUMNS: Final = ("specialism", "occupation", "current", "required")


@dataclass(frozen=True, slots=True)
class Cell:
    """One specialism in one occupation."""

    current: int
    required: int

    @property
    def gap(self) -> int:
        """How many levels are still to be gained; more than is asked for is no negative gap."""
        return max(0, self.required - self.current)

    @property
    def applies(self) -> bool:
        """Whether this occupation has to do with the specialism at all."""
        return self.required > 0


@dataclass(frozen=True, slots=True)
class SkillsMapping:
    """What a group of experts found for a field of work. Every specialism has a cell in every occupation."""

    specialisms: tuple[str, ...]
    occupations: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]

    def profile(self, occupation: str) -> Mapping[str, int]:
        """The level that the occupation asks for, of each specialism that applies to it.

        Raises:
            Refused: the mapping has no such occupation.
        """
        if occupation not in self.occupations:
            raise Refused(f"give one of {', '.join(self.occupations)}", field="occupation")
        asked = {specialism: self.cells[specialism, occupation] for specialism in self.specialisms}
        return {specialism: cell.required for specialism, cell in asked.items() if cell.applies}


@dataclass(frozen=True, slots=True)
class GroupGap:
    """How far a group is from what is asked of one specialism. None where the group is too small to be told of."""

    people: int
    below: int | None
    mean_gap: Decimal | None


def read_mapping(table: str) -> SkillsMapping:
    """A mapping from CSV with the columns specialism, occupation, current and required; others are not looked at.

    Raises:
        Refused: naming every row that cannot be meant, and every cell that is missing or there twice.
    """
    reader = csv.DictReader(table.splitlines())
    if lacking := [column for column in _COLUMNS if column not in (reader.fieldnames or ())]:
        raise Refused(f"the table lacks the columns: {', '.join(lacking)}", field="table")
    cells: dict[tuple[str, str], Cell] = {}
    findings = []
    for row in reader:
        specialism, occupation, *levels = ((row[column] or "").strip() for column in _COLUMNS)
        place = f"row {reader.line_num}"
        if not specialism or not occupation:
            findings.append(f"{place}: give a specialism and an occupation")
        elif not all(level.isascii() and level.isdigit() and int(level) <= HIGHEST for level in levels):
            findings.append(f"{place}: levels are 1 to {HIGHEST}, or 0 where the specialism does not apply")
        elif (specialism, occupation) in cells:
            findings.append(f"{place}: {specialism} of {occupation} is there twice")
        else:
            cells[specialism, occupation] = Cell(*map(int, levels))
    specialisms, occupations = (tuple(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    findings += [
        f"{specialism} of {occupation} is missing"
        for specialism in specialisms
        for occupation in occupations
        if (specialism, occupation) not in cells
    ]
    if findings or not cells:
        raise Refused("this table is no skills mapping", field="table", findings=tuple(findings))
    return SkillsMapping(specialisms, occupations, cells)


def gaps(required: Mapping[str, int], current: Mapping[str, int]) -> dict[str, int]:
    """Of each specialism that is asked for, how many levels somebody is short. What was not assessed counts as none."""
    return {specialism: Cell(current.get(specialism, 0), level).gap for specialism, level in required.items()}


def group_gaps(required: Mapping[str, int], people: Sequence[Mapping[str, int]]) -> dict[str, GroupGap]:
    """The same of a group: how many are below what is asked for, and by how much the group is short on average."""
    if len(people) < SMALLEST_GROUP:
        return dict.fromkeys(required, GroupGap(len(people), None, None))
    found = {}
    for specialism, level in required.items():
        short = [Cell(one.get(specialism, 0), level).gap for one in people]
        mean = (Decimal(sum(short)) / len(short)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        found[specialism] = GroupGap(len(people), sum(gap > 0 for gap in short), mean)
    return found
