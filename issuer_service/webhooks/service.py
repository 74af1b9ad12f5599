"""Making webhooks, announcing what happened, and telling it until it is heard or given up."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused, Unavailable
from issuer_service.installation import Installation
from issuer_service.jobs.port import TELL_WEBHOOK, Jobs
from issuer_service.outbound import PAUSES, Outbound, check_url
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.webhooks.tables import Webhook, WebhookDelivery
from openbadges_kit.timestamps import format_timestamp

__all__ = ["PAUSES", "Happening", "Secrets", "WebhookEvent", "add_webhook", "announce", "end_webhook", "tell"]

_NAMESPACE: Final = UUID("c7b1f6a2-0b57-4e0b-a2f0-51a3f4a1e0c9")
MOST_PER_ORGANISATION: Final = 20


class WebhookEvent(StrEnum):
    """What is told."""

    CREDENTIAL_ISSUED = "credential.issued"
    CREDENTIAL_REVOKED = "credential.revoked"
    AWARD_REFUSED = "award.refused"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened. `about_id` tells it from any other of its kind; `data` is told with it."""

    event: WebhookEvent
    about_id: str
    data: Mapping[str, object]


class Secrets:
    """The secret of each webhook. It follows from the installation's secret: none is stored, none can be stolen."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"webhooks|" + secret.encode()).digest()

    def of(self, webhook_id: str) -> str:
        """The secret that the receiver was shown."""
        return "whsec_" + hmac.digest(self._key, webhook_id.encode(), "sha256").hex()

    def signature(self, webhook_id: str, *, delivery_id: str, moment: datetime, body: bytes) -> str:
        """HMAC-SHA-256 over the delivery's id, the moment in seconds and the body, joined by full stops.

        The moment is signed as well, so that a receiver can refuse one that somebody recorded and sends again.
        """
        signed = f"{delivery_id}.{int(moment.timestamp())}.".encode() + body
        return "v1=" + hmac.digest(self.of(webhook_id).encode(), signed, "sha256").hex()


def add_webhook(
    session: Session,
    *,
    organisation_id: str,
    url: str,
    events: Iterable[WebhookEvent],
    now: datetime,
    randomness: Randomness,
) -> Webhook:
    """Have an address told. Raises Refused for one that is never called, Conflict when there are too many."""
    check_url(url)
    known = session.scalars(
        select(Webhook).where(Webhook.organisation_id == organisation_id, Webhook.ended_at.is_(None))
    ).all()
    if len(known) >= MOST_PER_ORGANISATION:
        raise Conflict(f"an organisation has at most {MOST_PER_ORGANISATION} webhooks")
    wanted = sorted({str(event) for event in events})
    if not wanted:
        raise Refused("choose at least one event", field="events")
    webhook = Webhook(
        id=random_uuid(randomness), organisation_id=organisation_id, url=url, events=wanted, created_at=now
    )
    session.add(webhook)
    session.flush()
    details = {"events": wanted}
    record(session, AuditEvent.WEBHOOK_ADDED, about=webhook.id, organisation_id=organisation_id, details=details)
    return webhook


def webhook_of(session: Session, webhook_id: str, *, organisation_id: str) -> Webhook:
    """A webhook of this organisation. Raises NotFound."""
    found = session.get(Webhook, webhook_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("there is no such webhook", field="webhook_id")
    return found


def end_webhook(session: Session, webhook_id: str, *, organisation_id: str, now: datetime) -> None:
    """Tell an address nothing more; what was told stays on record."""
    webhook = webhook_of(session, webhook_id, organisation_id=organisation_id)
    if webhook.ended_at is None:
        webhook.ended_at = now
        record(session, AuditEvent.WEBHOOK_ENDED, about=webhook.id, organisation_id=organisation_id)


def announce(
    session: Session, organisation_id: str, happenings: Sequence[Happening], *, jobs: Jobs, now: datetime
) -> int:
    """Have every address that asked for it told, in this transaction. The number of things to be told anew."""
    webhooks = session.scalars(
        select(Webhook).where(Webhook.organisation_id == organisation_id, Webhook.ended_at.is_(None))
    ).all()
    made = 0
    for webhook in webhooks:
        for happening in happenings:
            if happening.event not in webhook.events:
                continue
            delivery_id = str(uuid5(_NAMESPACE, f"{webhook.id}|{happening.event}|{happening.about_id}"))
            if session.get(WebhookDelivery, delivery_id) is not None:
                continue
            session.add(
                WebhookDelivery(
                    id=delivery_id,
                    webhook_id=webhook.id,
                    event=str(happening.event),
                    about_id=happening.about_id,
                    body=_body(delivery_id, happening, now),
                    created_at=now,
                )
            )
            session.flush()
            jobs.enqueue(session, TELL_WEBHOOK, delivery_id, key=f"{TELL_WEBHOOK}:{delivery_id}:0")
            made += 1
    return made


def tell(delivery_id: str, *, here: Installation, outbound: Outbound) -> None:
    """Try once to tell; when it is not heard, a later job tries again. The database is not held meanwhile."""
    with here.reading() as session:
        delivery = session.get_one(WebhookDelivery, delivery_id)
        webhook = session.get_one(Webhook, delivery.webhook_id)
    if delivery.delivered_at is not None or delivery.given_up_at is not None:
        return
    moment = here.now()
    heard, outcome = (False, "the webhook was ended")
    if webhook.ended_at is None:
        heard, outcome = _post(delivery, webhook, here=here, outbound=outbound, moment=moment)
    with here.transaction() as session:
        row = session.scalars(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()).one()
        if row.attempts != delivery.attempts:
            # Another worker took the same attempt over; it has seen to the next one.
            return
        row.attempts += 1
        row.last_tried_at, row.last_outcome = moment, outcome[:300]
        if heard:
            row.delivered_at = moment
        elif webhook.ended_at is not None or row.attempts > len(PAUSES):
            row.given_up_at = moment
        else:
            here.jobs.enqueue(
                session,
                TELL_WEBHOOK,
                delivery_id,
                key=f"{TELL_WEBHOOK}:{delivery_id}:{row.attempts}",
                delay=PAUSES[row.attempts - 1],
            )


def _post(
    delivery: WebhookDelivery, webhook: Webhook, *, here: Installation, outbound: Outbound, moment: datetime
) -> tuple[bool, str]:
    secrets = Secrets(here.settings.secret.get_secret_value())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "openbadges-kit issuer_service",
        "Webhook-Id": delivery.id,
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": secrets.signature(webhook.id, delivery_id=delivery.id, moment=moment, body=delivery.body),
    }
    try:
        answer = outbound.call("POST", webhook.url, headers=headers, body=delivery.body)
    except (Refused, Unavailable) as error:
        return False, str(error)
    return 200 <= answer.status < 300, f"answered {answer.status}"  # noqa: PLR2004  # success, in HTTP


def _body(delivery_id: str, happening: Happening, now: datetime) -> bytes:
    body = {
        "id": delivery_id,
        "event": str(happening.event),
        "occurred_at": format_timestamp(now),
        "data": dict(happening.data),
    }
    return json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
