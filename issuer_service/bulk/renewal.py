"""Badges that are made anew: the same claim, under a new id, a new place and the key of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.tables import Award, Credential
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.service import entry_json
from issuer_service.status_lists.tables import StatusList
from openbadges_kit.documents import parse_json_object
from openbadges_kit.timestamps import format_timestamp, parse_timestamp
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["Renewal", "renewed"]


@dataclass(frozen=True, slots=True)
class Renewal:
    """What was claimed, to be claimed again. It stands in for a template: the claim is kept word for word."""

    request: IssuanceRequest
    document: dict[str, Any]
    base_url: str

    def unsecured(
        self, _request: IssuanceRequest, *, credential_id: str, place: Place, valid_from: datetime
    ) -> dict[str, Any]:
        """The badge anew."""
        return {
            **self.document,
            "id": f"urn:uuid:{credential_id}",
            "validFrom": format_timestamp(valid_from),
            "credentialStatus": entry_json(place, base_url=self.base_url),
        }


def renewed(
    session: Session, credential_ids: Sequence[str], *, organisation_id: str, base_url: str
) -> dict[str, Renewal]:
    """What to make anew, by the badge that it takes the place of; what was revoked is left out."""
    found = session.execute(
        select(Credential.id, Award, StatusList.purpose)
        .join(Award, Award.id == Credential.award_id)
        .join(StatusList, StatusList.id == Award.status_list_id)
        .where(
            Credential.id.in_(credential_ids),
            Award.organisation_id == organisation_id,
            Credential.revoked_at.is_(None),
            Credential.erased_at.is_(None),
        )
    )
    made = {}
    for row in found:
        document, award = parse_json_object(row.Award.document), row.Award
        request = IssuanceRequest(
            organisation_id=organisation_id,
            person_id=award.person_id,
            subject_id=document["credentialSubject"]["id"].removeprefix("urn:uuid:"),
            ulo_version_id=award.ulo_version_id or "",
            achievement_version_id=award.achievement_version_id or "",
            evidence_id=award.evidence_id,
            assessor_id=award.assessor_id,
            awarded_at=parse_timestamp(document["awardedDate"]),
            four_eyes=award.four_eyes,
            suspendable=row.purpose == StatusPurpose.SUSPENSION,
            renews=row.id,
        )
        made[row.id] = Renewal(request, document, base_url)
    return made
