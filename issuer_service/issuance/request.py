"""What is asked for: who, what, why, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

__all__ = ["IssuanceRequest"]

_NAMESPACE: Final = UUID("5f0d9a4e-58c1-4f6b-9e0e-3f1f8f6a2b7d")


@dataclass(frozen=True, slots=True)
class IssuanceRequest:
    """One badge for one person. `levels` are what the assessment found, by component.

    `suspendable`: the badge can be suspended as well as revoked. `renews` is the badge that it takes the place of.
    """

    organisation_id: str
    person_id: str
    subject_id: str
    ulo_version_id: str
    evidence_id: str
    assessor_id: str
    awarded_at: datetime
    four_eyes: bool
    levels: Mapping[str, str] = field(default_factory=dict)
    suspendable: bool = False
    renews: str = ""

    @property
    def idempotency_key(self) -> str:
        """Same person, same achievement version, same evidence: same request."""
        if self.renews:
            return str(uuid5(_NAMESPACE, f"renews|{self.renews}"))
        return str(uuid5(_NAMESPACE, f"{self.person_id}|{self.ulo_version_id}|{self.evidence_id}"))
