"""From a row to a request: who the recipient is, which achievement is meant, and whether it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.bulk.rows import AwardRow
from issuer_service.bulk.tables import Recipient
from issuer_service.catalogue.service import awardable_id_at
from issuer_service.clock import Randomness
from issuer_service.errors import NotFound
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_rows

__all__ = ["Recipients", "achievement_of", "request_of"]

_EVIDENCE: Final = UUID("0f7a3f55-6d1c-4d39-9f7e-2f1f0a5f8a11")
_PARTS: Final = 3
_RECIPIENTS: Final = select(Recipient.reference, Recipient.person_id, Recipient.subject_id).where(
    Recipient.organisation_id == bindparam("whose", String),
    Recipient.reference.in_(bindparam("references", expanding=True)),
)


@dataclass(slots=True)
class Recipients:
    """The recipients of some rows: those that are known, and those that are to be added."""

    organisation_id: str
    known: dict[str, tuple[str, str]]
    new: dict[str, tuple[str, str, AwardRow]]

    @classmethod
    def of(cls, session: Session, organisation_id: str, references: Sequence[str]) -> Recipients:
        """Look up the recipients by their provider's numbers."""
        found = session.execute(_RECIPIENTS, {"whose": organisation_id, "references": references})
        return cls(organisation_id, {row.reference: (row.person_id, row.subject_id) for row in found}, {})

    def ids_of(self, row: AwardRow, randomness: Randomness) -> tuple[str, str]:
        """The person's and the subject's id of a row's recipient, drawn for one that is not known yet."""
        if row.reference in self.known:
            return self.known[row.reference]
        if row.reference not in self.new:
            self.new[row.reference] = (random_uuid(randomness), random_uuid(randomness), row)
        person_id, subject_id, _ = self.new[row.reference]
        return person_id, subject_id

    def add_new(self, session: Session, references: set[str], randomness: Randomness) -> None:
        """Record the new ones among `references`: a person, a learner of the provider, known by its number."""
        added = {reference: found for reference, found in self.new.items() if reference in references}
        if not added:
            return
        people: list[dict[str, Any]] = []
        members: list[dict[str, Any]] = []
        recipients: list[dict[str, Any]] = []
        for reference, (person_id, subject_id, row) in added.items():
            people.append({"id": person_id, "name": row.name, "email": row.email, "language": row.language})
            members.append(
                {
                    "id": random_uuid(randomness),
                    "person_id": person_id,
                    "organisation_id": self.organisation_id,
                    "role": str(Role.LEARNER),
                }
            )
            recipients.append(
                {
                    "id": random_uuid(randomness),
                    "organisation_id": self.organisation_id,
                    "reference": reference,
                    "person_id": person_id,
                    "subject_id": subject_id,
                }
            )
        insert_rows(session, Person, people)
        insert_rows(session, Membership, members)
        insert_rows(session, Recipient, recipients)
        details = {"people": [one["id"] for one in people], "role": str(Role.LEARNER)}
        record(session, AuditEvent.PEOPLE_ADDED, organisation_id=self.organisation_id, details=details)


def achievement_of(session: Session, named: str, *, base_url: str) -> str:
    """The id of the version of a ULO that is named by its address or its id. Raises NotFound."""
    prefix = f"{base_url}/ulo/"
    if not named.startswith(prefix):
        return named
    parts = named.removeprefix(prefix).split("/")
    if len(parts) != _PARTS or not parts[2].startswith("v"):
        raise NotFound("there is no such version of a ULO", field="achievement")
    return awardable_id_at(session, qualification=parts[0], number=parts[1], version=parts[2][1:])


def request_of(
    row: AwardRow,
    *,
    recipient: tuple[str, str],
    ulo_version_id: str,
    organisation_id: str,
    assessor_id: str,
    now: datetime,
) -> IssuanceRequest:
    """What a row asks for."""
    levels: Mapping[str, str] = row.levels
    return IssuanceRequest(
        organisation_id=organisation_id,
        person_id=recipient[0],
        subject_id=recipient[1],
        ulo_version_id=ulo_version_id,
        evidence_id=str(uuid5(_EVIDENCE, f"{organisation_id}|{row.evidence}")),
        assessor_id=assessor_id,
        awarded_at=row.awarded_at or now,
        four_eyes=False,
        levels=levels,
        suspendable=row.suspendable,
    )
