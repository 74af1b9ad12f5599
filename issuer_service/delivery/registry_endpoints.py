"""Registries, and the delivery of badges to them, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select

from issuer_service.delivery.registries import DeliveryState, add_registry, ask_delivery, end_registry
from issuer_service.delivery.tables import Registry, RegistryDelivery
from issuer_service.errors import Kind
from issuer_service.issuance.standing import credential_of
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToManageRegistries, CallingToReadAwards, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["registries"])

Recipient = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class NewRegistry(BaseModel):
    """A registry that takes badges in."""

    model_config = ConfigDict(extra="forbid")

    recipient: Recipient = Field(
        description="Its name, as it stands as the recipient in the consents of holders.", examples=["register.example"]
    )
    url: str = Field(
        min_length=9,
        max_length=2048,
        description="The https address, reachable from the internet, that badges are posted to.",
        examples=["https://register.example/badges"],
    )


class RegistryShown(BaseModel):
    """A registry."""

    id: str
    recipient: str = Field(examples=["register.example"])
    url: str = Field(examples=["https://register.example/badges"])
    added_at: datetime
    ended_at: datetime | None


class NewRegistryDelivery(BaseModel):
    """Where to."""

    model_config = ConfigDict(extra="forbid")

    registry_id: Identifier


class RegistryDeliveryShown(BaseModel):
    """A delivery of a badge to a registry."""

    id: str
    credential_id: str
    registry_id: str
    state: DeliveryState
    asked_at: datetime
    attempts: int
    last_tried_at: datetime | None
    last_outcome: str | None
    delivered_at: datetime | None


@router.get("/registries")
def get_registries(here: Here, caller: CallingToManageRegistries, paging: Paging) -> Page[RegistryShown]:
    """The registries that your organisation delivers to, or did."""
    with here.reading_for(caller) as session:
        return page_of(session, select(Registry), paging, order=[Registry.id], show=_shown)


@router.post("/registries", status_code=201, responses=problems(Kind.CONFLICT))
def post_registry(
    body: NewRegistry, here: Here, caller: CallingToManageRegistries, request_key: RequestKey = None
) -> RegistryShown:
    """Record a registry. Nothing is sent to it before a delivery is asked for, and its holder agrees."""
    with here.transaction_for(caller) as session:
        return once(
            session,
            Asked(request_key, caller, "/v1/registries", body),
            now=here.now(),
            answer=RegistryShown,
            make=lambda: _shown(
                add_registry(
                    session,
                    organisation_id=caller.organisation_id,
                    recipient=body.recipient,
                    url=body.url,
                    now=here.now(),
                    randomness=here.randomness,
                )
            ),
        )


@router.post("/registries/{registry_id}/end", responses=problems(Kind.NOT_FOUND))
def post_registry_end(registry_id: Identifier, here: Here, caller: CallingToManageRegistries) -> RegistryShown:
    """Deliver nothing more to a registry, nor what still waits. A second time changes nothing."""
    with here.transaction_for(caller) as session:
        return _shown(end_registry(session, registry_id, organisation_id=caller.organisation_id, now=here.now()))


@router.get("/credentials/{credential_id}/registry-deliveries", responses=problems(Kind.NOT_FOUND))
def get_registry_deliveries(
    credential_id: Identifier, here: Here, caller: CallingToReadAwards, paging: Paging
) -> Page[RegistryDeliveryShown]:
    """To which registries a badge was delivered or is to be, and with what outcome."""
    with here.reading_for(caller) as session:
        credential, _ = credential_of(session, credential_id, organisation_id=caller.organisation_id)
        return page_of(
            session,
            select(RegistryDelivery).where(RegistryDelivery.credential_id == credential.id),
            paging,
            order=[RegistryDelivery.id],
            show=_delivery_shown,
        )


@router.post("/credentials/{credential_id}/registry-deliveries", status_code=202, responses=problems(Kind.NOT_FOUND))
def post_registry_delivery(
    credential_id: Identifier,
    body: NewRegistryDelivery,
    here: Here,
    caller: CallingToManageRegistries,
    request_key: RequestKey = None,
) -> RegistryDeliveryShown:
    """Have a badge delivered to a registry that its holder agreed to. Asked twice, it is delivered once."""
    with here.transaction_for(caller) as session:
        return once(
            session,
            Asked(request_key, caller, f"/v1/credentials/{credential_id}/registry-deliveries", body),
            now=here.now(),
            answer=RegistryDeliveryShown,
            make=lambda: _delivery_shown(
                ask_delivery(
                    session,
                    credential_id,
                    body.registry_id,
                    organisation_id=caller.organisation_id,
                    jobs=here.jobs,
                    now=here.now(),
                )
            ),
        )


def _shown(registry: Registry) -> RegistryShown:
    return RegistryShown.model_validate(registry, from_attributes=True)


def _delivery_shown(delivery: RegistryDelivery) -> RegistryDeliveryShown:
    return RegistryDeliveryShown.model_validate(delivery, from_attributes=True)
