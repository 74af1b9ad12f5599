"""What was proved already, as a rule looks at it: verified beforehand, and matched to learning outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

__all__ = ["NO_AMOUNT", "Level", "Proof"]

NO_AMOUNT: Final = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Level:
    """A step of one scale. Steps of two scales are never compared: nothing converts a skill level to another's."""

    scale: str
    rank: int


@dataclass(frozen=True, slots=True)
class Proof:
    """One learning outcome that one credential proves. A credential for four components is four proofs.

    `shows` is the IRI of a component, a unit, an achievement, or, for a designation, of its scheme; `designation` is
    then "VOP", "VP" or "WV". `hours` (study load) and `credits` (EC) are the credential's, and count once for each.
    """

    credential: str
    shows: str
    issuer: str
    awarded_on: date
    level: Level | None = None
    designation: str | None = None
    hours: Decimal = NO_AMOUNT
    credits: Decimal = NO_AMOUNT
