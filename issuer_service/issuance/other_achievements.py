"""The unsigned badge for what is no whole ULO: a set of criteria, a decision on it, a designation, a component."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from issuer_service.catalogue.tables import AchievementVersion
from issuer_service.errors import NotFound
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.service import issuer_profile
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.service import entry_json
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
from openbadges_kit.timestamps import format_timestamp

__all__ = ["AchievementTemplate", "achievement_template"]


@dataclass(frozen=True, slots=True)
class AchievementTemplate:
    """A badge of one version of an achievement by one issuer, without what is one person's."""

    shared: dict[str, Any]
    base_url: str

    def unsecured(
        self, request: IssuanceRequest, *, credential_id: str, place: Place, valid_from: datetime
    ) -> dict[str, Any]:
        """The badge for a request, with its details."""
        details = request.details
        subject = {**self.shared["credentialSubject"], "id": f"urn:uuid:{request.subject_id}"}
        said: dict[str, Any] = {
            "result": list(details.results),
            "role": details.role,
            "licenseNumber": details.license_number,
            "narrative": details.narrative,
        }
        subject |= {term: value for term, value in said.items() if value}
        badge = {
            **self.shared,
            "id": f"urn:uuid:{credential_id}",
            "validFrom": format_timestamp(valid_from),
            "awardedDate": format_timestamp(request.awarded_at),
            "credentialSubject": subject,
            "credentialStatus": entry_json(place, base_url=self.base_url),
        }
        if details.evidence:
            badge["evidence"] = list(details.evidence)
        if details.valid_until is not None:
            badge["validUntil"] = format_timestamp(details.valid_until)
        return badge


def achievement_template(
    session: Session, organisation: Organisation, achievement_version_id: str, *, base_url: str
) -> AchievementTemplate:
    """The template of a published achievement. Raises NotFound for an unknown version."""
    version = session.get(AchievementVersion, achievement_version_id)
    if version is None:
        raise NotFound("there is no such version of an achievement", field="achievement_version_id")
    shared = AchievementCredential(
        id="urn:uuid:",
        name=version.title,
        issuer=issuer_profile(organisation, base_url=base_url),
        valid_from="",
        awarded_date="",
        credential_subject=AchievementSubject(id="", achievement=Achievement.from_json(version.content)),
    ).to_json()
    return AchievementTemplate(shared, base_url)
