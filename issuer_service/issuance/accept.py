"""Accept: one transaction, steps 1 to 5 of the issuance cycle (`docs/explanation/issuance-cycle.md`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.service import published_ulo
from issuer_service.clock import Randomness
from issuer_service.errors import Refused
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.tables import Award
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.service import KeyPurpose, active_key, issuer_profile, method_url
from issuer_service.status_lists.service import allocate, entry_json
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.issuance import prepare
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
from openbadges_kit.skills.achievement import results_of
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.verification.sentences import of_finding

__all__ = ["accept"]


def accept(
    session: Session, request: IssuanceRequest, *, base_url: str, now: datetime, randomness: Randomness
) -> Award:
    """Accept a request, or give back what was accepted for it before.

    Raises Refused with every finding of `prepare()` when the badge must not be signed.
    """
    # 1. A request made twice is accepted once.
    known = session.scalar(select(Award).where(Award.idempotency_key == request.idempotency_key))
    if known is not None:
        return known
    # 2. Resolve the achievement's version, the issuer's Profile and the id of its active key.
    published = published_ulo(session, request.ulo_version_id, base_url=base_url)
    organisation = session.get_one(Organisation, request.organisation_id)
    key = active_key(session, organisation.id, KeyPurpose.DATA_INTEGRITY)
    # 3. Allocate what is never used again: the credential's id and a place in a status list.
    credential_id = random_uuid(randomness)
    entry = allocate(session, organisation.id, now=now, randomness=randomness)
    # 4. Build the credential; prepare() makes the verifier's own checks and reports every finding at once.
    results = results_of(request.levels, ulo=published.ulo, rubric=published.rubric)
    unsecured = AchievementCredential(
        id=f"urn:uuid:{credential_id}",
        name=published.ulo.title,
        issuer=issuer_profile(organisation, base_url=base_url),
        valid_from=format_timestamp(now),
        awarded_date=format_timestamp(request.awarded_at),
        credential_subject=AchievementSubject(
            id=f"urn:uuid:{request.subject_id}",
            achievement=Achievement.from_json(published.achievement()),
            **({"result": results} if results else {}),
        ),
        credential_status=entry_json(entry, base_url=base_url),
    ).to_json()
    try:
        prepared = prepare(unsecured, verification_method=method_url(organisation, key, base_url=base_url), created=now)
    except IssuanceRefused as error:
        findings = tuple(of_finding(finding, "en") for finding in error.findings)
        raise Refused("this badge must not be signed", findings=findings) from error
    # 5. Record what we mean to sign. A crash from here on is resumed, not repeated.
    award = Award(
        id=random_uuid(randomness),
        idempotency_key=request.idempotency_key,
        organisation_id=organisation.id,
        person_id=request.person_id,
        assessor_id=request.assessor_id,
        ulo_version_id=request.ulo_version_id,
        evidence_id=request.evidence_id,
        four_eyes=request.four_eyes,
        credential_id=credential_id,
        status_list_id=entry.status_list_id,
        status_position=entry.position,
        key_id=key.id,
        created=now,
        document=prepared.document,
        accepted_at=now,
    )
    session.add(award)
    session.flush()
    return award
