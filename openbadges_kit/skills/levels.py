"""Three scales that are never converted into each other (R12): skill levels, rubric levels, EQF/NLQF levels.

The skill levels are those of the skills-gap method (table 2 of the working method). Rubric levels belong
to a rubric. EQF and NLQF levels belong to a qualification, and only where it was inscaled.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["SkillLevel"]


class SkillLevel(IntEnum):
    """How far somebody masters one skill. Says nothing about a level of education."""

    BASIC_KNOWLEDGE = 1
    BASIC_SKILL = 2
    COMPETENT = 3
    EXPERIENCED = 4
    EXPERT = 5

    @property
    def dutch(self) -> str:
        """The name in the working method."""
        return ("Basiskennis", "Basisvaardig", "Competent", "Ervaren", "Expert")[self - 1]
