"""Setting places in status lists, and publishing the lists."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.jobs.port import PUBLISH_STATUS_LIST, Jobs
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.ring import CountedKey, KeyRing, Use, record_uses
from issuer_service.signing_keys.service import KeyPurpose, active_key, did_of, method_url
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.publications import LISTS, Publications
from issuer_service.status_lists.tables import StatusEntry, StatusList
from openbadges_kit.documents import dump_json
from openbadges_kit.issuance import issue_status_list_token
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import build_status_entry, build_status_list_credential
from openbadges_kit.status.token_status_list import StatusReference, TokenStatus, build_status_list_claims
from openbadges_kit.vocabulary import StatusPurpose

__all__ = [
    "TIME_TO_LIVE",
    "PublishedList",
    "Standing",
    "change_status",
    "entry_json",
    "list_url",
    "publish",
    "publish_anew",
    "signed_lists",
    "token_claim",
    "token_url",
    "unpublished",
]

# A change is to be seen within a minute, so nobody keeps a list longer than half of one.
TIME_TO_LIVE: Final = timedelta(seconds=30)
_TOKEN_BITS: Final = 2


class Standing(StrEnum):
    """How a badge stands."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list in its two signed forms, and the keys that signed them."""

    credential: bytes
    token: str
    keys: tuple[CountedKey, ...]
    revoked: frozenset[int]
    suspended: frozenset[int]


def entry_json(place: Place, *, base_url: str) -> dict[str, Any]:
    """The place as it stands in a badge."""
    return build_status_entry(
        url=list_url(place.status_list_id, base_url=base_url), index=place.position, purpose=place.purpose
    )


def token_claim(place: Place, *, base_url: str) -> dict[str, Any]:
    """The place as the `status` claim of a badge that is a JWT."""
    return StatusReference(token_url(place.status_list_id, base_url=base_url), place.position).to_json()


def list_url(status_list_id: str, *, base_url: str) -> str:
    """Where a list is published as a Bitstring status list."""
    return f"{base_url}/status/{status_list_id}"


def token_url(status_list_id: str, *, base_url: str) -> str:
    """Where a list is published as a Token Status List."""
    return f"{list_url(status_list_id, base_url=base_url)}/token"


def change_status(
    session: Session,
    status_list_id: str,
    positions: Collection[int],
    standing: Standing,
    *,
    jobs: Jobs,
    now: datetime,
) -> None:
    """Set places of one list, and have it published; changes that come while it waits go with it.

    What is revoked stays revoked.
    """
    # Whoever publishes holds this row too: a change is either in what is published or sees that it is not.
    status_list = session.scalars(select(StatusList).where(StatusList.id == status_list_id).with_for_update()).one()
    values: dict[str, datetime | None]
    match standing:
        case Standing.REVOKED:
            values = {"set_at": now}
        case Standing.SUSPENDED:
            values = {"suspended_at": now}
        case Standing.VALID:
            values = {"suspended_at": None}
    session.execute(
        update(StatusEntry)
        .where(
            StatusEntry.status_list_id == status_list_id,
            StatusEntry.position.in_(positions),
            StatusEntry.set_at.is_(None),
        )
        .values(values)
    )
    _publish_soon(session, status_list, jobs=jobs)


def _publish_soon(session: Session, status_list: StatusList, *, jobs: Jobs) -> None:
    if status_list.version == status_list.published_version:
        status_list.version += 1
        key = f"{PUBLISH_STATUS_LIST}:{status_list.id}:{status_list.version}"
        jobs.enqueue(session, PUBLISH_STATUS_LIST, status_list.id, key=key)


def unpublished(session: Session) -> list[tuple[str, int]]:
    """The lists with changes that are not public yet, and the version that is to be."""
    found = session.execute(
        select(StatusList.id, StatusList.version).where(StatusList.version != StatusList.published_version)
    )
    return [(row.id, row.version) for row in found]


def publish_anew(session: Session, organisation_id: str, *, jobs: Jobs) -> None:
    """Have all lists of an issuer signed again: another key signs for it now."""
    lists = select(StatusList).where(StatusList.organisation_id == organisation_id, StatusList.published.is_not(None))
    for status_list in session.scalars(lists.order_by(StatusList.id).with_for_update()):
        _publish_soon(session, status_list, jobs=jobs)


def publish(
    session: Session,
    status_list_id: str,
    *,
    base_url: str,
    ring: KeyRing,
    publications: Publications,
    now: datetime,
    randomness: Randomness,
) -> StatusList:
    """Sign the list as it stands and keep it for everybody to fetch. Raises KeyUnreachable and Unavailable."""
    status_list = session.scalars(select(StatusList).where(StatusList.id == status_list_id).with_for_update()).one()
    signed = signed_lists(session, status_list, base_url=base_url, ring=ring, now=now, hold=True)
    record_uses(
        session, signed.keys, Use.STATUS_LIST, about_id=status_list.id, latest=now, now=now, randomness=randomness
    )
    status_list.published, status_list.published_token = signed.credential, signed.token
    status_list.published_at, status_list.published_version = now, status_list.version
    record(
        session,
        AuditEvent.STATUS_LIST_SIGNED,
        about=status_list.id,
        organisation_id=status_list.organisation_id,
        details={"version": status_list.version, "signatures": 2},
    )
    publications.keep(LISTS, status_list.id, _kept(status_list, signed))
    return status_list


def _kept(status_list: StatusList, signed: PublishedList) -> dict[str, Any]:
    return {
        "id": status_list.id,
        "organisation_id": status_list.organisation_id,
        "purpose": status_list.purpose,
        "number": status_list.number,
        "entries": status_list.entries,
        "version": status_list.version,
        "published_at": status_list.published_at.isoformat() if status_list.published_at is not None else None,
        "revoked": sorted(signed.revoked),
        "suspended": sorted(signed.suspended),
        "credential": signed.credential.decode(),
        "token": signed.token,
    }


def signed_lists(
    session: Session, status_list: StatusList, *, base_url: str, ring: KeyRing, now: datetime, hold: bool = False
) -> PublishedList:
    """Both forms of a list as it stands, signed; nothing is kept. Raises KeyUnreachable.

    Whoever keeps them `hold`s the keys: published after its key was retired, a list would not verify.
    """
    organisation = session.get_one(Organisation, status_list.organisation_id)
    entries = session.execute(
        select(StatusEntry.position, StatusEntry.set_at).where(
            StatusEntry.status_list_id == status_list.id,
            StatusEntry.set_at.is_not(None) | StatusEntry.suspended_at.is_not(None),
        )
    ).all()
    revoked = {entry.position for entry in entries if entry.set_at is not None}
    suspended = {entry.position for entry in entries} - revoked
    purpose = StatusPurpose(status_list.purpose)
    # A list of suspensions holds what is revoked too: a suspension that is never lifted. A list of revocations
    # has no suspended badges in it, because a revocation cannot be taken back:
    # https://www.w3.org/TR/vc-bitstring-status-list/#statuspurpose
    credential = build_status_list_credential(
        url=list_url(status_list.id, base_url=base_url),
        issuer=did_of(organisation, base_url=base_url),
        set_indexes=revoked if purpose is StatusPurpose.REVOCATION else revoked | suspended,
        valid_from=now,
        purpose=purpose,
        entries=status_list.entries,
        ttl=TIME_TO_LIVE,
    )
    key = active_key(session, organisation.id, KeyPurpose.DATA_INTEGRITY, hold=hold)
    jwt_key = active_key(session, organisation.id, KeyPurpose.JWT, hold=hold)
    opened, jwt_opened = ring.open(key), ring.open(jwt_key)
    options = build_proof_options(verification_method=method_url(organisation, key, base_url=base_url), created=now)
    secured = add_proof(credential, proof_options=options, signing_key=opened)
    claims = build_status_list_claims(
        uri=token_url(status_list.id, base_url=base_url),
        entries=status_list.entries,
        issued_at=now,
        values={
            **dict.fromkeys(revoked, int(TokenStatus.INVALID)),
            **dict.fromkeys(suspended, int(TokenStatus.SUSPENDED)),
        },
        bits=_TOKEN_BITS,
        ttl=TIME_TO_LIVE,
    )
    token = issue_status_list_token(
        claims,
        verification_method=method_url(organisation, jwt_key, base_url=base_url),
        signing_key=jwt_opened,
    )
    return PublishedList(dump_json(secured), token, (opened, jwt_opened), frozenset(revoked), frozenset(suspended))
