"""Programmes, their modules and who is enrolled, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.catalogue.service import awardable_ulo
from issuer_service.errors import Kind, Refused
from issuer_service.installation import Installation
from issuer_service.people.service import person_of
from issuer_service.problem_details import problems
from issuer_service.programme.service import (
    add_module,
    change_settings,
    enrol,
    enrolment_of,
    open_programme,
    programme_of,
)
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.web.dependencies import (
    CallingToEnrol,
    CallingToManageProgrammes,
    CallingToReadProgrammes,
    Here,
)
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["programmes"])


class NewProgramme(BaseModel):
    """A programme to be opened."""

    model_config = ConfigDict(extra="forbid")

    title: Named = Field(examples=["Omscholing tot warmtepompmonteur"])
    preset: Literal["katapult", "mhw"] = Field(description="The working method whose settings it begins with.")


class ProgrammeShown(Shown):
    """A programme and its settings."""

    id: str
    title: str
    preset: str
    settings: dict[str, Any]


class NewSettings(BaseModel):
    """Settings to be changed. They hold from now on, for who is under way as well."""

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, Any] = Field(
        min_length=1, max_length=60, examples=[{"certificate_at": "completed", "four_eyes": True}]
    )


class NewModule(BaseModel):
    """A module to be added."""

    model_config = ConfigDict(extra="forbid")

    title: Named = Field(examples=["Welk systeem past?"])
    phase: Literal["basic", "advanced"] = Field(examples=["basic"])
    ulo_version_id: Identifier = Field(description="The version of the ULO that it leads to.")


class ModuleShown(Shown):
    """A module of a programme."""

    id: str
    programme_id: str
    title: str
    phase: str
    ulo_version_id: str


class NewEnrolment(BaseModel):
    """Somebody to be enrolled."""

    model_config = ConfigDict(extra="forbid")

    person_id: Identifier = Field(examples=["3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"])


class EnrolmentShown(Shown):
    """Who is a learner of a programme, and since when."""

    id: str
    person_id: str
    programme_id: str
    enrolled_at: datetime


@router.get("/programmes")
def get_programmes(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[ProgrammeShown]:
    """The programmes of your organisation."""
    with here.reading_for(caller) as session:
        return page_of(session, select(Programme), paging, order=[Programme.id], show=ProgrammeShown.of)


@router.post("/programmes", status_code=201)
def post_programme(
    body: NewProgramme, here: Here, caller: CallingToManageProgrammes, request_key: RequestKey = None
) -> ProgrammeShown:
    """Open a programme with the settings of a working method."""
    with here.transaction_for(caller) as session:

        def make() -> ProgrammeShown:
            made = open_programme(
                session,
                organisation_id=caller.organisation_id,
                title=body.title,
                preset_name=body.preset,
                randomness=here.randomness,
            )
            return ProgrammeShown.of(made)

        asked = Asked(request_key, caller, "/v1/programmes", body)
        return once(session, asked, now=here.now(), answer=ProgrammeShown, make=make)


@router.get("/programmes/{programme_id}", responses=problems(Kind.NOT_FOUND))
def get_programme(programme_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> ProgrammeShown:
    """A programme and its settings."""
    with here.reading_for(caller) as session:
        return ProgrammeShown.of(programme_of(session, programme_id, organisation_id=caller.organisation_id))


@router.patch("/programmes/{programme_id}", responses=problems(Kind.NOT_FOUND))
def patch_programme(
    programme_id: Identifier, body: NewSettings, here: Here, caller: CallingToManageProgrammes
) -> ProgrammeShown:
    """Change settings of a programme: what is obligatory, and what is awarded when."""
    with here.transaction_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        for named in ("certificate_ulo_version_id", "completion_ulo_version_id"):
            if body.settings.get(named) is not None:
                _must_need_no_levels(session, str(body.settings[named]), named, here)
        return ProgrammeShown.of(change_settings(session, programme, body.settings))


def _must_need_no_levels(session: Session, ulo_version_id: str, setting: str, here: Installation) -> None:
    if awardable_ulo(session, ulo_version_id, base_url=here.base_url).rubric:
        # A certificate says that everything was passed; nobody judges for it how well, and no badge may say so.
        raise Refused("this has a rubric, and its levels would be judged by nobody", field=f"settings.{setting}")


@router.get("/programmes/{programme_id}/modules", responses=problems(Kind.NOT_FOUND))
def get_modules(
    programme_id: Identifier, here: Here, caller: CallingToReadProgrammes, paging: Paging
) -> Page[ModuleShown]:
    """The modules of a programme."""
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        statement = select(Module).where(Module.programme_id == programme.id)
        return page_of(session, statement, paging, order=[Module.id], show=ModuleShown.of)


@router.post("/programmes/{programme_id}/modules", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_module(
    programme_id: Identifier,
    body: NewModule,
    here: Here,
    caller: CallingToManageProgrammes,
    request_key: RequestKey = None,
) -> ModuleShown:
    """Add a module that leads to a version of a ULO."""
    with here.transaction_for(caller) as session:

        def make() -> ModuleShown:
            programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
            ulo = awardable_ulo(session, body.ulo_version_id, base_url=here.base_url)
            made = add_module(
                session,
                programme_id=programme.id,
                title=body.title,
                phase=body.phase,
                ulo_version_id=ulo.id,
                randomness=here.randomness,
            )
            return ModuleShown.of(made)

        asked = Asked(request_key, caller, f"/v1/programmes/{programme_id}/modules", body)
        return once(session, asked, now=here.now(), answer=ModuleShown, make=make)


@router.get("/programmes/{programme_id}/enrolments", responses=problems(Kind.NOT_FOUND))
def get_enrolments(
    programme_id: Identifier, here: Here, caller: CallingToReadProgrammes, paging: Paging
) -> Page[EnrolmentShown]:
    """Who is enrolled in a programme."""
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        statement = select(Enrolment).where(Enrolment.programme_id == programme.id)
        return page_of(session, statement, paging, order=[Enrolment.id], show=EnrolmentShown.of)


@router.post(
    "/programmes/{programme_id}/enrolments", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT)
)
def post_enrolment(
    programme_id: Identifier, body: NewEnrolment, here: Here, caller: CallingToEnrol, request_key: RequestKey = None
) -> EnrolmentShown:
    """Make somebody a learner (cursist) of the programme."""
    with here.transaction_for(caller) as session:

        def make() -> EnrolmentShown:
            programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
            person = person_of(session, body.person_id, organisation_id=caller.organisation_id)
            made = enrol(
                session,
                person_id=person.id,
                programme_id=programme.id,
                now=here.now(),
                randomness=here.randomness,
            )
            return EnrolmentShown.of(made)

        asked = Asked(request_key, caller, f"/v1/programmes/{programme_id}/enrolments", body)
        return once(session, asked, now=here.now(), answer=EnrolmentShown, make=make)


@router.get("/enrolments/{enrolment_id}", responses=problems(Kind.NOT_FOUND))
def get_enrolment(enrolment_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> EnrolmentShown:
    """An enrolment."""
    with here.reading_for(caller) as session:
        return EnrolmentShown.of(enrolment_of(session, enrolment_id, organisation_id=caller.organisation_id))
