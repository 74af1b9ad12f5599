"""Webhooks over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToManageWebhooks, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.webhooks.service import Secrets, WebhookEvent, add_webhook, end_webhook, webhook_of
from issuer_service.webhooks.tables import Webhook, WebhookDelivery

__all__ = ["router"]

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


class NewWebhook(BaseModel):
    """An address that wants to be told."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        min_length=9,
        max_length=2048,
        description="An https address that is reachable from the internet.",
        examples=["https://lms.opleider.example/hooks/badges"],
    )
    events: list[WebhookEvent] = Field(min_length=1, max_length=10, examples=[["credential.issued"]])


class WebhookShown(BaseModel):
    """A webhook."""

    id: str
    url: str
    events: list[WebhookEvent]
    created_at: datetime
    ended_at: datetime | None


class WebhookMade(WebhookShown):
    """A made webhook."""

    secret: str | None = Field(
        default=None, description="With this the receiver checks signatures. Shown this once; null when sent again."
    )


class DeliveryShown(BaseModel):
    """Something that was told, or is to be."""

    id: str
    event: WebhookEvent
    about_id: str
    created_at: datetime
    attempts: int
    last_tried_at: datetime | None
    last_outcome: str | None
    delivered_at: datetime | None
    given_up_at: datetime | None


@router.get("")
def get_webhooks(here: Here, caller: CallingToManageWebhooks, paging: Paging) -> Page[WebhookShown]:
    """Your organisation's webhooks."""
    with here.reading_for(caller) as session:
        return page_of(session, select(Webhook), paging, order=[Webhook.id], show=_shown)


@router.post("", status_code=201, responses=problems(Kind.CONFLICT))
def post_webhook(
    body: NewWebhook, here: Here, caller: CallingToManageWebhooks, request_key: RequestKey = None
) -> WebhookMade:
    """Have an address told when a badge is issued or revoked, or an award is refused."""
    with here.transaction_for(caller) as session:

        def make() -> WebhookMade:
            webhook = add_webhook(
                session,
                organisation_id=caller.organisation_id,
                url=body.url,
                events=body.events,
                now=here.now(),
                randomness=here.randomness,
            )
            secret = Secrets(here.settings.secret.get_secret_value()).of(webhook.id)
            return WebhookMade(**_shown(webhook).model_dump(), secret=secret)

        return once(
            session,
            Asked(request_key, caller, "/v1/webhooks", body),
            now=here.now(),
            answer=WebhookMade,
            make=make,
            secrets=frozenset({"secret"}),
        )


@router.delete("/{webhook_id}", status_code=204, responses=problems(Kind.NOT_FOUND))
def delete_webhook(webhook_id: Identifier, here: Here, caller: CallingToManageWebhooks) -> Response:
    """Tell this address nothing more."""
    with here.transaction_for(caller) as session:
        end_webhook(session, webhook_id, organisation_id=caller.organisation_id, now=here.now())
    return Response(status_code=204)


@router.get("/{webhook_id}/deliveries", responses=problems(Kind.NOT_FOUND))
def get_deliveries(
    webhook_id: Identifier, here: Here, caller: CallingToManageWebhooks, paging: Paging
) -> Page[DeliveryShown]:
    """What was told to this address, and with what outcome."""
    with here.reading_for(caller) as session:
        webhook = webhook_of(session, webhook_id, organisation_id=caller.organisation_id)
        return page_of(
            session,
            select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id),
            paging,
            order=[WebhookDelivery.created_at, WebhookDelivery.id],
            show=lambda row: DeliveryShown.model_validate(row, from_attributes=True),
        )


def _shown(webhook: Webhook) -> WebhookShown:
    return WebhookShown.model_validate(webhook, from_attributes=True)
