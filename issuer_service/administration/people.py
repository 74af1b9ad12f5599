"""People and what they are in the organisation, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.errors import Kind, Refused
from issuer_service.people.consent import AgeGroup
from issuer_service.people.roles import Role, Scope
from issuer_service.people.service import (
    Caller,
    add_person,
    add_role,
    change_person,
    end_candidacy,
    person_of,
    remove_role,
    roles_of,
)
from issuer_service.people.tables import Person
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import Calling, CallingToReadPeople, CallingToWritePeople, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import EmailText, Identifier, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["people"])


class WhoIAm(BaseModel):
    """Who is calling, and what they may do."""

    person_id: str
    organisation_id: str
    roles: list[Role]
    scopes: list[Scope]


class NewPerson(BaseModel):
    """Somebody to be registered, with their first role."""

    model_config = ConfigDict(extra="forbid")

    name: Named = Field(examples=["Dana Docent"])
    email: EmailText = Field(examples=["dana@opleider.example"])
    role: Role = Field(examples=["teacher"])
    language: Literal["nl", "en"] = "nl"
    age_group: AgeGroup | None = Field(
        default=None, description="That they are not of age, where you know it. A date of birth is not kept."
    )


class PersonChange(BaseModel):
    """What may change of a person. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Named | None = Field(default=None, examples=["Dana Docent-de Vries"])
    email: EmailText | None = None
    language: Literal["nl", "en"] | None = None
    age_group: AgeGroup | Literal["of-age"] | None = None


class NewRole(BaseModel):
    """A role to be given."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(examples=["coach"])


class RoleShown(Shown):
    """What somebody is here. `id` is what an API key is made for."""

    id: str
    role: Role
    ended_at: datetime | None = Field(description="Of a candidacy: when it ended without a place.")


class PersonShown(BaseModel):
    """Somebody whom the organisation knows."""

    id: str
    name: str
    email: str
    language: str
    age_group: AgeGroup | None
    roles: list[RoleShown]


@router.get("/me")
def get_me(caller: Calling) -> WhoIAm:
    """Who you are here, and what your key or token may do."""
    return WhoIAm(
        person_id=caller.person_id,
        organisation_id=caller.organisation_id,
        roles=sorted(caller.roles),
        scopes=sorted(caller.scopes),
    )


@router.get("/people")
def get_people(here: Here, caller: CallingToReadPeople, paging: Paging) -> Page[PersonShown]:
    """The people of your organisation."""
    with here.reading_for(caller) as session:
        return page_of(
            session,
            select(Person),
            paging,
            order=[Person.id],
            show=lambda person: _shown(session, person, caller),
        )


@router.post("/people", status_code=201, responses=problems(Kind.CONFLICT))
def post_person(
    body: NewPerson, here: Here, caller: CallingToWritePeople, request_key: RequestKey = None
) -> PersonShown:
    """Register somebody in your organisation."""
    _must_be_able_to_give(body.role, caller)
    with here.transaction_for(caller) as session:

        def make() -> PersonShown:
            membership = add_person(
                session,
                name=body.name,
                email=body.email,
                organisation_id=caller.organisation_id,
                role=body.role,
                randomness=here.randomness,
                language=body.language,
                age_group=str(body.age_group) if body.age_group else None,
            )
            return _shown(session, session.get_one(Person, membership.person_id), caller)

        asked = Asked(request_key, caller, "/v1/people", body)
        return once(session, asked, now=here.now(), answer=PersonShown, make=make)


@router.get("/people/{person_id}", responses=problems(Kind.NOT_FOUND))
def get_person(person_id: Identifier, here: Here, caller: CallingToReadPeople) -> PersonShown:
    """Somebody of your organisation."""
    with here.reading_for(caller) as session:
        return _shown(session, person_of(session, person_id, organisation_id=caller.organisation_id), caller)


@router.patch("/people/{person_id}", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def patch_person(person_id: Identifier, body: PersonChange, here: Here, caller: CallingToWritePeople) -> PersonShown:
    """Correct what is held on somebody. What was signed has no name in it and stays as it is."""
    with here.transaction_for(caller) as session:
        held = roles_of(session, person_id, organisation_id=caller.organisation_id)
        for one in held:
            _must_be_able_to_give(Role(one.role), caller)
        person = change_person(
            session, person_id, body.model_dump(exclude_none=True), organisation_id=caller.organisation_id
        )
        return _shown(session, person, caller)


@router.post("/people/{person_id}/candidacy-end", responses=problems(Kind.NOT_FOUND))
def post_candidacy_end(person_id: Identifier, here: Here, caller: CallingToWritePeople) -> RoleShown:
    """The procedure ended and this candidate was not selected: from here on runs the time that they are kept."""
    with here.transaction_for(caller) as session:
        ended = end_candidacy(session, person_id, organisation_id=caller.organisation_id, now=here.now())
        return RoleShown.of(ended)


@router.post("/people/{person_id}/roles", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_role(
    person_id: Identifier, body: NewRole, here: Here, caller: CallingToWritePeople, request_key: RequestKey = None
) -> RoleShown:
    """Give somebody another role. One that they have changes nothing."""
    _must_be_able_to_give(body.role, caller)
    with here.transaction_for(caller) as session:
        asked = Asked(request_key, caller, f"/v1/people/{person_id}/roles", body)
        return once(
            session,
            asked,
            now=here.now(),
            answer=RoleShown,
            make=lambda: RoleShown.of(
                add_role(
                    session,
                    person_id,
                    body.role,
                    organisation_id=caller.organisation_id,
                    randomness=here.randomness,
                )
            ),
        )


@router.delete("/people/{person_id}/roles/{role}", status_code=204, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def delete_role(person_id: Identifier, role: Role, here: Here, caller: CallingToWritePeople) -> Response:
    """Take a role away, and every key made for it. An organisation keeps an administrator."""
    _must_be_able_to_give(role, caller)
    with here.transaction_for(caller) as session:
        remove_role(session, person_id, role, organisation_id=caller.organisation_id)
    return Response(status_code=204)


def _must_be_able_to_give(role: Role, caller: Caller) -> None:
    """Who is no administrator registers candidates and learners, and nobody who may do more than they may."""
    if role is Role.OPERATOR:
        raise Refused("the operator is made on the machine itself", field="role")
    if role not in {Role.CANDIDATE, Role.LEARNER, Role.PARTICIPANT}:
        caller.must_be(Role.ADMINISTRATOR)


def _shown(session: Session, person: Person, caller: Caller) -> PersonShown:
    return PersonShown(
        id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        age_group=AgeGroup(person.age_group) if person.age_group else None,
        roles=[RoleShown.of(one) for one in roles_of(session, person.id, organisation_id=caller.organisation_id)],
    )
