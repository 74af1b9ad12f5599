"""Giving out places in status lists, setting them, and publishing the lists."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.service import KeyPurpose, active_key, did_of, method_url, open_key
from issuer_service.signing_keys.vault import Vault
from issuer_service.status_lists.tables import StatusEntry, StatusList
from openbadges_kit.documents import dump_json
from openbadges_kit.model.credential import BitstringStatusListEntry
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import MINIMUM_ENTRIES, build_status_list_credential
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["allocate", "entry_json", "list_url", "publish", "set_status"]

# Fuller than this and drawing a free place at random takes too many tries; the next list is opened.
_FULL_AT: Final = 0.75
_TRIES: Final = 64


def allocate(session: Session, organisation_id: str, *, now: datetime, randomness: Randomness) -> StatusEntry:
    """A free place, drawn at random, so that its number says nothing about when it was given out."""
    status_list = _open_list(session, organisation_id, now=now, randomness=randomness)
    for _ in range(_TRIES):
        position = int.from_bytes(randomness(8), "big") % status_list.entries
        if session.get(StatusEntry, (status_list.id, position)) is None:
            entry = StatusEntry(status_list_id=status_list.id, position=position)
            session.add(entry)
            session.flush()
            return entry
    raise Unavailable("no free place was found in the status list; try again")


def entry_json(entry: StatusEntry, *, base_url: str) -> BitstringStatusListEntry:
    """The place as it stands in a badge."""
    url = list_url(entry.status_list_id, base_url=base_url)
    return BitstringStatusListEntry(
        id=f"{url}#{entry.position}",
        status_purpose=str(StatusPurpose.REVOCATION),
        status_list_index=str(entry.position),
        status_list_credential=url,
    )


def list_url(status_list_id: str, *, base_url: str) -> str:
    """Where a list is published."""
    return f"{base_url}/status/{status_list_id}"


def set_status(session: Session, status_list_id: str, position: int, *, now: datetime) -> None:
    """Set the bit. It is not public before the list is published again."""
    entry = session.get_one(StatusEntry, (status_list_id, position))
    if entry.set_at is None:
        entry.set_at = now
    session.get_one(StatusList, status_list_id).version += 1


def publish(session: Session, status_list_id: str, *, base_url: str, vault: Vault, now: datetime) -> StatusList:
    """Sign the list as it stands and keep it for everybody to fetch."""
    status_list = session.get_one(StatusList, status_list_id)
    organisation = session.get_one(Organisation, status_list.organisation_id)
    positions = session.scalars(
        select(StatusEntry.position).where(
            StatusEntry.status_list_id == status_list_id, StatusEntry.set_at.is_not(None)
        )
    )
    credential = build_status_list_credential(
        url=list_url(status_list_id, base_url=base_url),
        issuer=did_of(organisation, base_url=base_url),
        set_indexes=positions,
        valid_from=now,
        purpose=StatusPurpose(status_list.purpose),
        entries=status_list.entries,
    )
    key = active_key(session, organisation.id, KeyPurpose.DATA_INTEGRITY)
    options = build_proof_options(verification_method=method_url(organisation, key, base_url=base_url), created=now)
    secured = add_proof(credential, proof_options=options, signing_key=open_key(key, vault))
    status_list.published, status_list.published_at = dump_json(secured), now
    return status_list


def _open_list(session: Session, organisation_id: str, *, now: datetime, randomness: Randomness) -> StatusList:
    newest = session.scalar(
        select(StatusList)
        .where(StatusList.organisation_id == organisation_id)
        .order_by(StatusList.opened_at.desc(), StatusList.id)
        .limit(1)
    )
    if newest is not None:
        given = session.scalar(
            select(func.count()).select_from(StatusEntry).where(StatusEntry.status_list_id == newest.id)
        )
        if (given or 0) < newest.entries * _FULL_AT:
            return newest
    opened = StatusList(
        id=random_uuid(randomness),
        organisation_id=organisation_id,
        purpose=str(StatusPurpose.REVOCATION),
        entries=MINIMUM_ENTRIES,
        opened_at=now,
    )
    session.add(opened)
    session.flush()
    return opened
