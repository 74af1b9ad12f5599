"""Consents over HTTP: one's own, and those that somebody gave to whom records them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.people.consent import GivenBy, Purpose, consents_of, give_consent, withdraw_consent
from issuer_service.people.service import Caller, person_of
from issuer_service.people.tables import Consent
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingForOwnData, CallingToReadPeople, CallingToWritePeople, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.telling import keep_to_ourselves

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["privacy"])

Wording = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
Recipient = Annotated[str, StringConstraints(max_length=200, pattern=r"^[\x21-\x7e]*$")]


class NewConsent(BaseModel):
    """Something agreed to."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose = Field(examples=["registry"])
    recipient: Recipient = Field(
        default="", description="To whom, for `registry` and `employer-progress`.", examples=["register.example"]
    )
    wording: Wording = Field(description="Which version of your text was agreed to.", examples=["registers-2026-11"])
    given_by: GivenBy = Field(default=GivenBy.SELF, description="Under 16 it is a parent or guardian who agrees.")


class ConsentShown(Shown):
    """Something agreed to, and whether it was taken back."""

    id: str
    person_id: str
    purpose: Purpose
    recipient: str
    wording: str
    given_by: GivenBy
    given_at: datetime
    withdrawn_at: datetime | None


@router.get("/me/consents")
def get_my_consents(here: Here, caller: CallingForOwnData, paging: Paging) -> Page[ConsentShown]:
    """What you agreed to here."""
    return _page(here, caller, caller.person_id, paging)


@router.post("/me/consents", status_code=201)
def post_my_consent(
    body: NewConsent, here: Here, caller: CallingForOwnData, request_key: RequestKey = None
) -> ConsentShown:
    """Agree to something."""
    return _give(here, caller, caller.person_id, body, Asked(request_key, caller, "/v1/me/consents", body))


@router.post("/me/consents/{consent_id}/withdrawal", responses=problems(Kind.NOT_FOUND))
def post_my_withdrawal(consent_id: Identifier, here: Here, caller: CallingForOwnData) -> ConsentShown:
    """Take a consent back. A second time changes nothing."""
    return _withdraw(here, caller, caller.person_id, consent_id)


@router.get("/people/{person_id}/consents", responses=problems(Kind.NOT_FOUND))
def get_consents(person_id: Identifier, here: Here, caller: CallingToReadPeople, paging: Paging) -> Page[ConsentShown]:
    """What somebody agreed to."""
    return _page(here, caller, person_id, paging)


@router.post("/people/{person_id}/consents", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_consent(
    person_id: Identifier, body: NewConsent, here: Here, caller: CallingToWritePeople, request_key: RequestKey = None
) -> ConsentShown:
    """Record that somebody agreed."""
    path = f"/v1/people/{person_id}/consents"
    return _give(here, caller, person_id, body, Asked(request_key, caller, path, body))


@router.post("/people/{person_id}/consents/{consent_id}/withdrawal", responses=problems(Kind.NOT_FOUND))
def post_withdrawal(
    person_id: Identifier, consent_id: Identifier, here: Here, caller: CallingToWritePeople
) -> ConsentShown:
    """Record that somebody took a consent back. A second time changes nothing."""
    return _withdraw(here, caller, person_id, consent_id)


def _page(here: Installation, caller: Caller, person_id: str, paging: Paging) -> Page[ConsentShown]:
    with here.reading_for(caller) as session:
        person = person_of(session, person_id, organisation_id=caller.organisation_id)
        found = consents_of(person.id, organisation_id=caller.organisation_id)
        return page_of(session, found, paging, order=[Consent.given_at, Consent.id], show=ConsentShown.of)


def _give(here: Installation, caller: Caller, person_id: str, body: NewConsent, asked: Asked) -> ConsentShown:
    def make(session: Session) -> ConsentShown:
        made = give_consent(
            session,
            person_id,
            body.purpose,
            recipient=body.recipient,
            wording=body.wording,
            given_by=body.given_by,
            organisation_id=caller.organisation_id,
            recorded_by=caller.person_id,
            now=here.now(),
            randomness=here.randomness,
        )
        return ConsentShown.of(made)

    with here.transaction_for(caller) as session:
        return once(session, asked, now=here.now(), answer=ConsentShown, make=lambda: make(session))


def _withdraw(here: Installation, caller: Caller, person_id: str, consent_id: str) -> ConsentShown:
    with here.transaction_for(caller) as session:
        found = withdraw_consent(
            session,
            consent_id,
            person_id=person_id,
            organisation_id=caller.organisation_id,
            now=here.now(),
        )
        keep_to_ourselves(session, found)
        return ConsentShown.of(found)
