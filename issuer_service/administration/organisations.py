"""Organisations over HTTP: the operator opens them, each looks after its own."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import act_as, record
from issuer_service.errors import Kind, Refused
from issuer_service.installation import Installation
from issuer_service.jobs.port import CREATE_KEYS
from issuer_service.people.keys import make_key
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import Caller, add_organisation, add_person
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import Calling, CallingToManageOrganisations, CallingToWriteOrganisation, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import EmailText, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["organisations"])


class FirstAdministrator(BaseModel):
    """Who will look after the organisation."""

    model_config = ConfigDict(extra="forbid")

    name: Named = Field(examples=["Ada Beheer"])
    email: EmailText = Field(examples=["ada@opleider.example"])


class NewOrganisation(BaseModel):
    """An organisation to be opened."""

    model_config = ConfigDict(extra="forbid")

    kind: OrganisationKind = Field(examples=["provider"])
    slug: str = Field(
        min_length=2,
        max_length=80,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        description="Its name in addresses and in every badge. It never changes.",
        examples=["voorbeeld-opleider"],
    )
    name: Named = Field(examples=["Voorbeeld Opleider"])
    administrator: FirstAdministrator


class OrganisationShown(Shown):
    """An organisation."""

    id: str
    kind: OrganisationKind
    slug: str
    name: str
    country_code: str


class OrganisationMade(OrganisationShown):
    """An opened organisation, with the key of its administrator."""

    administrator_id: str
    administrator_key: str | None = Field(
        default=None, description="An API key of the administrator. Shown this once; null when sent again."
    )


class OrganisationChange(BaseModel):
    """What may change of an organisation."""

    model_config = ConfigDict(extra="forbid")

    name: Named = Field(examples=["Voorbeeld Opleider BV"])


@router.get("/organisations")
def get_organisations(here: Here, _caller: CallingToManageOrganisations, paging: Paging) -> Page[OrganisationShown]:
    """All organisations here. For the operator, who sees nobody's people and no badges."""
    with here.reading() as session:
        return page_of(
            session,
            select(Organisation),
            paging,
            order=[Organisation.id],
            show=OrganisationShown.of,
        )


@router.post("/organisations", status_code=201, responses=problems(Kind.CONFLICT))
def post_organisation(
    body: NewOrganisation, here: Here, caller: CallingToManageOrganisations, request_key: RequestKey = None
) -> OrganisationMade:
    """Open an organisation with its first administrator. A provider gets its keys within moments."""
    if body.kind is OrganisationKind.OPERATOR:
        raise Refused("an installation has one operator", field="kind")
    asked = Asked(request_key, caller, "/v1/organisations", body)
    # Not confined: what is opened is not the operator's own.
    with here.transaction() as session:
        act_as(session, organisation_id=caller.organisation_id, person_id=caller.person_id)
        return once(
            session,
            asked,
            now=here.now(),
            answer=OrganisationMade,
            make=lambda: _open(session, body, here, caller),
            secrets=frozenset({"administrator_key"}),
        )


@router.get("/organisation")
def get_own_organisation(here: Here, caller: Calling) -> OrganisationShown:
    """The organisation that you are here for."""
    with here.reading_for(caller) as session:
        return OrganisationShown.of(session.get_one(Organisation, caller.organisation_id))


@router.patch("/organisation")
def patch_own_organisation(
    body: OrganisationChange, here: Here, caller: CallingToWriteOrganisation
) -> OrganisationShown:
    """Change the organisation's name. What was signed keeps the old one."""
    with here.transaction_for(caller) as session:
        organisation = session.get_one(Organisation, caller.organisation_id)
        organisation.name = body.name
        record(session, AuditEvent.ORGANISATION_CHANGED, about=organisation.id, details={"fields": ["name"]})
        return OrganisationShown.of(organisation)


def _open(session: Session, body: NewOrganisation, here: Installation, caller: Caller) -> OrganisationMade:
    organisation = add_organisation(session, kind=body.kind, slug=body.slug, name=body.name, randomness=here.randomness)
    session.flush()
    administrator = add_person(
        session,
        name=body.administrator.name,
        email=body.administrator.email,
        organisation_id=organisation.id,
        role=Role.ADMINISTRATOR,
        randomness=here.randomness,
    )
    key = make_key(
        session,
        administrator,
        name="first",
        now=here.now(),
        randomness=here.randomness,
        created_by=caller.person_id,
    )
    if body.kind is OrganisationKind.PROVIDER:
        # By the worker: this process never opens the vault.
        here.jobs.enqueue(session, CREATE_KEYS, organisation.id, key=f"{CREATE_KEYS}:{organisation.id}")
    return OrganisationMade(
        **OrganisationShown.of(organisation).model_dump(),
        administrator_id=administrator.person_id,
        administrator_key=key.secret,
    )
