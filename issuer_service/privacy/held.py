"""What is held, said the same way everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ACCESS", "ACCOUNT", "CONTRACT", "Held"]

CONTRACT: Final = "contract with the learner"
ACCESS: Final = "security of access"
ACCOUNT: Final = "to account for what was done"


@dataclass(frozen=True, slots=True)
class Held:
    """Columns of a table that say something of a person; what, why it is held, how it ends."""

    table: str
    columns: tuple[str, ...]
    what: str
    why: str
    kept: str
    on_erasure: str
