"""The status lists of what the VC-API issues: a place for each, set and lifted over HTTP, signed when asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.persistence.upsert import insert_those_that_are_new
from issuer_service.vc_api.suites import CONTEXTS, Signer
from issuer_service.vc_api.tables import VcApiStatus
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import MINIMUM_ENTRIES, build_status_entry, build_status_list_credential
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["PURPOSES", "add_place", "list_url", "set_status", "signed_list"]

PURPOSES: Final = (StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION)
# Whoever tries things out does not fill a list; whoever fills it is not trying things out.
MOST_PLACES: Final = 100_000
MAX_ID_CHARACTERS: Final = 500
TIME_TO_LIVE: Final = timedelta(seconds=1)
_COLUMNS: Final = {
    StatusPurpose.REVOCATION: VcApiStatus.revoked_at,
    StatusPurpose.SUSPENSION: VcApiStatus.suspended_at,
}


def list_url(suite: str, purpose: StatusPurpose, *, base_url: str) -> str:
    """Where a list stands."""
    return f"{base_url}/vc-api/{suite}/status-lists/{purpose}"


def add_place(
    session: Session, signer: Signer, credential_id: str, *, base_url: str, now: datetime, randomness: Randomness
) -> list[JsonObject]:
    """The `credentialStatus` of a new credential, one entry per purpose.

    Raises MalformedDocument for an id of more than 500 characters, and Conflict when there are 100,000 places.
    """
    if len(credential_id) > MAX_ID_CHARACTERS:
        raise MalformedDocument(f"an id of more than {MAX_ID_CHARACTERS} characters", path="$.id")
    if (session.scalar(select(func.count()).select_from(VcApiStatus)) or 0) >= MOST_PLACES:
        raise Conflict(f"the lists of this suite have {MOST_PLACES} places, and all are taken")

    while True:  # at worst three of four places are taken, so that a free one is drawn soon
        # 131,072 places: a number of 17 bits, each as likely as any other.
        position = int.from_bytes(randomness(3), "big") % MINIMUM_ENTRIES
        row = {"position": position, "credential_id": credential_id, "issued_at": now}
        if insert_those_that_are_new(session, VcApiStatus, [row], giving="position"):
            break
    return [
        build_status_entry(url=list_url(signer.suite.name, purpose, base_url=base_url), index=position, purpose=purpose)
        for purpose in PURPOSES
    ]


def set_status(session: Session, credential_id: str, purpose: StatusPurpose, *, value: bool, now: datetime) -> None:
    """Set or lift the status of what was issued under this id.

    Raises NotFound when nothing was, and MalformedDocument for a revocation that is to be lifted.
    """
    if purpose is StatusPurpose.REVOCATION and not value:
        raise MalformedDocument("what is revoked stays revoked; a suspension can be lifted", path="$.status")
    column = _COLUMNS[purpose]
    statement = update(VcApiStatus).where(VcApiStatus.credential_id == credential_id)
    changed = session.scalars(statement.values({column: now if value else None}).returning(VcApiStatus.position))
    if not changed.all():
        raise NotFound("nothing was issued here under this id", field="credentialId")


def signed_list(
    session: Session, signer: Signer, purpose: StatusPurpose, *, base_url: str, now: datetime
) -> JsonObject:
    """The list as it stands, signed for whoever asked."""
    column = _COLUMNS[purpose]
    credential = build_status_list_credential(
        url=list_url(signer.suite.name, purpose, base_url=base_url),
        issuer=signer.issuer,
        set_indexes=session.scalars(select(VcApiStatus.position).where(column.is_not(None))),
        valid_from=now,
        purpose=purpose,
        ttl=TIME_TO_LIVE,
    )
    options = build_proof_options(
        verification_method=signer.verification_method,
        created=now,
        cryptosuite=signer.suite.cryptosuite or EDDSA_RDFC_2022,
    )
    return add_proof(credential, proof_options=options, signing_key=signer.key, contexts=CONTEXTS)
