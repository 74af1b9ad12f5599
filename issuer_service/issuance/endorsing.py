"""An organisation's signed word for a published unit: asked for by who may publish, and signed by a job.

An EndorsementCredential of its own, beside the unit and not in it: what was published never changes, and more than one
may endorse it. https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.service import published_ulo
from issuer_service.catalogue.tables import UloEndorsement
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.jobs.port import ENDORSE, Jobs
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.ring import KeyRing, Use, record_uses
from issuer_service.signing_keys.service import KeyPurpose, active_key, issuer_profile, method_url
from openbadges_kit.documents import dump_json
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.model.endorsement import EndorsementCredential, EndorsementSubject
from openbadges_kit.timestamps import format_timestamp

__all__ = ["ask_endorsement", "endorsement_url", "sign_endorsement", "signed_endorsement", "unsigned_endorsements"]


def endorsement_url(endorsement_id: str, *, base_url: str) -> str:
    """Where the endorsement stands for everybody, and what it is called."""
    return f"{base_url}/endorsements/{endorsement_id}"


def ask_endorsement(
    session: Session,
    ulo_version_id: str,
    *,
    comment: str,
    caller: Caller,
    jobs: Jobs,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> UloEndorsement:
    """Have a published version endorsed by the caller's organisation.

    Raises NotFound for a version that is not there, and Conflict where this organisation endorsed it already.
    """
    published_ulo(session, ulo_version_id, base_url=base_url)
    if session.scalar(
        select(UloEndorsement.id).where(
            UloEndorsement.ulo_version_id == ulo_version_id,
            UloEndorsement.organisation_id == caller.organisation_id,
        )
    ):
        raise Conflict("this organisation has endorsed this version already")
    # Who cannot sign hears it now, and not from a job.
    active_key(session, caller.organisation_id, KeyPurpose.DATA_INTEGRITY)
    made = UloEndorsement(
        id=random_uuid(randomness),
        ulo_version_id=ulo_version_id,
        organisation_id=caller.organisation_id,
        comment=comment,
        requested_at=now,
    )
    session.add(made)
    session.flush()
    record(session, AuditEvent.ULO_ENDORSED, about=ulo_version_id, organisation_id=caller.organisation_id)
    jobs.enqueue(session, ENDORSE, made.id, key=f"{ENDORSE}:{made.id}")
    return made


def sign_endorsement(
    session: Session, endorsement_id: str, *, base_url: str, ring: KeyRing, now: datetime, randomness: Randomness
) -> None:
    """Sign what was asked for; a second time does nothing. Raises KeyUnreachable."""
    row = session.scalars(select(UloEndorsement).where(UloEndorsement.id == endorsement_id).with_for_update()).one()
    if row.document is not None:
        return
    organisation = session.get_one(Organisation, row.organisation_id)
    ulo = published_ulo(session, row.ulo_version_id, base_url=base_url).ulo
    endorsement = EndorsementCredential(
        id=endorsement_url(row.id, base_url=base_url),
        name=f"ULO {ulo.number}: {ulo.title}",
        issuer=issuer_profile(organisation, base_url=base_url),
        valid_from=format_timestamp(row.requested_at),
        credential_subject=EndorsementSubject(id=ulo.iri, endorsement_comment=row.comment),
    )
    key = active_key(session, organisation.id, KeyPurpose.DATA_INTEGRITY, hold=True)
    opened = ring.open(key)
    method = method_url(organisation, key, base_url=base_url)
    prepared = prepare(endorsement.to_json(), verification_method=method, created=row.requested_at)
    row.document, row.signed_at = dump_json(issue(prepared, signing_key=opened)), now
    record_uses(
        session, [opened], Use.ENDORSEMENT, about_id=row.id, latest=row.requested_at, now=now, randomness=randomness
    )


def signed_endorsement(session: Session, endorsement_id: str) -> bytes:
    """The endorsement as it was signed. Raises NotFound, also while it is not signed yet."""
    row = session.get(UloEndorsement, endorsement_id)
    if row is None or row.document is None:
        raise NotFound("there is no such endorsement, or it is not signed yet")
    return row.document


def unsigned_endorsements(session: Session, *, older_than: datetime) -> Sequence[str]:
    """Those that should have been signed by then."""
    return session.scalars(
        select(UloEndorsement.id).where(UloEndorsement.document.is_(None), UloEndorsement.requested_at < older_than)
    ).all()
