"""Registries that a provider delivers badges to: one badge to one registry, and only while its holder agrees to that.

The holder is asked once, by a consent that names the registry. Whether it still holds is looked up in the moment that
something is sent, because days may lie between asking for a delivery and a registry that answers.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.delivery.tables import Registry, RegistryDelivery
from issuer_service.errors import Conflict, NotFound, Refused, Unavailable
from issuer_service.installation import Installation
from issuer_service.issuance.standing import credential_of
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import DELIVER, Jobs
from issuer_service.outbound import PAUSES, Outbound, check_url
from issuer_service.people.consent import Purpose, consented
from issuer_service.persistence.identifiers import random_uuid

__all__ = ["DeliveryState", "add_registry", "ask_delivery", "deliver", "end_registry"]

_NAMESPACE: Final = UUID("2f0a2f5e-6a5d-4a0e-8a43-6f0f5b1c7d19")
_MEDIA_TYPE: Final = "application/vc+ld+json"
MOST_PER_ORGANISATION: Final = 50


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"  # the holder took the consent back before it was sent
    STOPPED = "stopped"  # the badge was revoked or erased, or the registry ended, before it was sent
    GIVEN_UP = "given-up"


_OPEN: Final = frozenset({DeliveryState.WAITING, DeliveryState.DELIVERED})


def add_registry(
    session: Session, *, organisation_id: str, recipient: str, url: str, now: datetime, randomness: Randomness
) -> Registry:
    """Record where a registry takes badges in. `recipient` is its name in the consents of holders.

    Raises Refused for an address that is never called, and Conflict for a name that is in use or too many of them.
    """
    check_url(url)
    known = session.scalars(
        select(Registry.recipient).where(Registry.organisation_id == organisation_id, Registry.ended_at.is_(None))
    ).all()
    if recipient in known:
        raise Conflict(f"{recipient} is there already; end it first to give it another address", field="recipient")
    if len(known) >= MOST_PER_ORGANISATION:
        raise Conflict(f"an organisation has at most {MOST_PER_ORGANISATION} registries; end one first")
    registry = Registry(
        id=random_uuid(randomness), organisation_id=organisation_id, recipient=recipient, url=url, added_at=now
    )
    session.add(registry)
    session.flush()
    record(session, AuditEvent.REGISTRY_ADDED, about=registry.id, organisation_id=organisation_id)
    return registry


def end_registry(session: Session, registry_id: str, *, organisation_id: str, now: datetime) -> Registry:
    """Deliver nothing more to a registry; a second time changes nothing. Raises NotFound."""
    registry = _registry_of(session, registry_id, organisation_id)
    if registry.ended_at is None:
        registry.ended_at = now
        record(session, AuditEvent.REGISTRY_ENDED, about=registry.id, organisation_id=organisation_id)
    return registry


def ask_delivery(
    session: Session, credential_id: str, registry_id: str, *, organisation_id: str, jobs: Jobs, now: datetime
) -> RegistryDelivery:
    """Have a badge delivered to a registry. What is under way or was delivered is not delivered a second time.

    What was stopped or given up is tried anew. Raises NotFound, and Refused where the holder does not agree, the badge
    is revoked or erased, or the registry was ended.
    """
    credential, award = credential_of(session, credential_id, organisation_id=organisation_id)
    registry = _registry_of(session, registry_id, organisation_id)
    # Two who ask at once would each find no delivery; and a badge is not revoked or erased while it is looked at.
    session.refresh(credential, with_for_update=True)
    state, why_not = _why_not(session, credential, award, registry)
    if why_not:
        field = "registry_id" if state is DeliveryState.WITHDRAWN or registry.ended_at else "credential_id"
        raise Refused(why_not, field=field)
    delivery_id = str(uuid5(_NAMESPACE, f"{credential.id}|{registry.id}"))
    delivery = session.get(RegistryDelivery, delivery_id, with_for_update=True)
    if delivery is not None and delivery.state in _OPEN:
        return delivery
    if delivery is None:
        delivery = RegistryDelivery(id=delivery_id, credential_id=credential.id, registry_id=registry.id)
        session.add(delivery)
    delivery.state, delivery.asked_at, delivery.attempts = str(DeliveryState.WAITING), now, 0
    session.flush()
    details = {"registry": registry.id, "delivery": delivery.id}
    record(session, AuditEvent.DELIVERY_ASKED, about=credential.id, organisation_id=organisation_id, details=details)
    jobs.enqueue(session, DELIVER, delivery.id, key=_key(delivery))
    return delivery


def deliver(delivery_id: str, *, here: Installation, outbound: Outbound) -> None:
    """Try once to deliver; when it is not taken, a later job tries again. The database is not held meanwhile."""
    with here.reading() as session:
        delivery = session.get_one(RegistryDelivery, delivery_id)
        registry = session.get_one(Registry, delivery.registry_id)
        credential = session.get_one(Credential, delivery.credential_id)
        award = session.get_one(Award, credential.award_id)
        state, outcome = _why_not(session, credential, award, registry)
    if delivery.state != DeliveryState.WAITING:
        return
    moment, tried = here.now(), not outcome
    if tried:
        state, outcome = _post(delivery.id, registry.url, credential.document, outbound=outbound)
    with here.transaction() as session:
        query = select(RegistryDelivery).where(RegistryDelivery.id == delivery_id).with_for_update()
        row = session.scalars(query).one()
        if (row.attempts, row.asked_at, row.state) != (delivery.attempts, delivery.asked_at, delivery.state):
            # Another worker took the same attempt over; it has seen to the next one.
            return
        row.last_outcome = outcome[:300]
        if tried:
            row.attempts, row.last_tried_at = row.attempts + 1, moment
        if state is DeliveryState.WAITING and row.attempts > len(PAUSES):
            state = DeliveryState.GIVEN_UP
        row.state = str(state)
        if state is DeliveryState.WAITING:
            here.jobs.enqueue(session, DELIVER, row.id, key=_key(row), delay=PAUSES[row.attempts - 1])
            return
        row.delivered_at = moment if state is DeliveryState.DELIVERED else None
        details = {"registry": registry.id, "delivery": row.id, "state": row.state}
        about, organisation_id = credential.id, award.organisation_id
        record(session, AuditEvent.DELIVERY_ENDED, about=about, organisation_id=organisation_id, details=details)


def _why_not(session: Session, credential: Credential, award: Award, registry: Registry) -> tuple[DeliveryState, str]:
    """Why nothing may be sent at this moment, and what becomes of the delivery then; no words where it may be."""
    if registry.ended_at is not None:
        return DeliveryState.STOPPED, f"{registry.recipient} was ended here; record it anew"
    if credential.erased_at is not None:
        return DeliveryState.STOPPED, "this badge was erased"
    if credential.revoked_at is not None:
        return DeliveryState.STOPPED, "this badge was revoked"
    if not consented(session, award.person_id, Purpose.REGISTRY, recipient=registry.recipient):
        agree = f"have them agree to the purpose `{Purpose.REGISTRY}` with the recipient {registry.recipient}"
        return DeliveryState.WITHDRAWN, f"the holder does not agree to delivery to {registry.recipient}: {agree}"
    return DeliveryState.WAITING, ""


def _post(delivery_id: str, url: str, document: bytes, *, outbound: Outbound) -> tuple[DeliveryState, str]:
    headers = {
        "Content-Type": _MEDIA_TYPE,
        "User-Agent": "openbadges-kit issuer_service",
        # The same each time, so that a registry whose answer was lost takes a badge in once.
        "Idempotency-Key": delivery_id,
    }
    try:
        answer = outbound.call("POST", url, headers=headers, body=document)
    except (Refused, Unavailable) as error:
        return DeliveryState.WAITING, str(error)
    taken = 200 <= answer.status < 300  # noqa: PLR2004  # success, in HTTP
    return (DeliveryState.DELIVERED if taken else DeliveryState.WAITING), f"answered {answer.status}"


def _key(delivery: RegistryDelivery) -> str:
    return f"{DELIVER}:{delivery.id}:{int(delivery.asked_at.timestamp() * 1000)}:{delivery.attempts}"


def _registry_of(session: Session, registry_id: str, organisation_id: str) -> Registry:
    found = session.get(Registry, registry_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("there is no such registry", field="registry_id")
    return found
