"""What is asked for: who, what, why, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

__all__ = ["BadgeDetails", "IssuanceRequest"]

_NAMESPACE: Final = UUID("5f0d9a4e-58c1-4f6b-9e0e-3f1f8f6a2b7d")


@dataclass(frozen=True, slots=True)
class BadgeDetails:
    """What one badge says beside its achievement, in the badge's own terms as JSON.

    `role`, `license_number` and `valid_until` are those of a designation; `narrative` is made of data, never written.
    """

    results: tuple[dict[str, Any], ...] = ()
    evidence: tuple[dict[str, Any], ...] = ()
    role: str = ""
    license_number: str = ""
    narrative: str = ""
    valid_until: datetime | None = None


_NO_DETAILS: Final = BadgeDetails()


@dataclass(frozen=True, slots=True)
class IssuanceRequest:
    """One badge for one person. `levels` are what the assessment found, by component.

    It is for a version of a ULO or, where `ulo_version_id` is empty, for the one of another achievement.

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
    achievement_version_id: str = ""
    details: BadgeDetails = _NO_DETAILS

    @property
    def awards(self) -> str:
        """The version that is awarded, of a ULO or of another achievement."""
        return self.ulo_version_id or self.achievement_version_id

    @property
    def idempotency_key(self) -> str:
        """Same person, same achievement version, same evidence: same request."""
        if self.renews:
            return str(uuid5(_NAMESPACE, f"renews|{self.renews}"))
        return str(uuid5(_NAMESPACE, f"{self.person_id}|{self.awards}|{self.evidence_id}"))
