"""What is held on people, erasing them, and for how long what is kept, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.privacy.due import DataClass
from issuer_service.privacy.erasure import Erased, erase_now, erasure_of, rehearse
from issuer_service.privacy.export import export_person
from issuer_service.privacy.retention import MOST_DAYS, days_of, set_days, what_is_due
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingForOwnData, CallingToGuardPrivacy, Here
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["privacy"])

Days = Annotated[int, Field(ge=1, le=MOST_DAYS)] | None


class PersonalData(BaseModel):
    """Everything that is held on one person: the rows of each table."""

    person_id: str
    exported_at: datetime
    held: dict[str, list[dict[str, Any]]]


class StepShown(BaseModel):
    """What happens to how many rows."""

    table: str
    action: str
    rows: int


class ErasureShown(BaseModel):
    """What erasing somebody does."""

    person_id: str
    erased_at: datetime | None = Field(description="Null when this is a rehearsal and nothing has happened.")
    steps: list[StepShown]


class Retention(BaseModel):
    """For how many days each class of data is kept; null is for ever."""

    model_config = ConfigDict(extra="forbid")

    days: dict[DataClass, Days] = Field(examples=[{"messages": 60, "unclaimed-badges": None}])


class DueShown(BaseModel):
    """What of a class has had its time: how many, and the ids of the first hundred."""

    data_class: DataClass
    days: int
    count: int
    ids: list[str]


class WhatIsDue(BaseModel):
    """What the job will take at its next turn."""

    due: list[DueShown]


@router.get("/me/data")
def get_my_data(here: Here, caller: CallingForOwnData) -> PersonalData:
    """Everything that your organisation holds on you."""
    return _export(here, caller, caller.person_id)


@router.get("/people/{person_id}/data", responses=problems(Kind.NOT_FOUND))
def get_data(person_id: Identifier, here: Here, caller: CallingToGuardPrivacy) -> PersonalData:
    """Everything that is held on somebody, for whom they asked. That it was exported stands in the audit trail."""
    return _export(here, caller, person_id)


@router.get("/people/{person_id}/erasure", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def get_erasure(person_id: Identifier, here: Here, caller: CallingToGuardPrivacy) -> ErasureShown:
    """What erasing somebody would do, row by row; of whom was erased, what it did."""
    with here.reading_for(caller) as session:
        done = erasure_of(session, person_id, organisation_id=caller.organisation_id)
    if done is not None:
        return _shown(done)
    return _shown(rehearse(person_id, here=here, caller=caller), rehearsal=True)


@router.post("/people/{person_id}/erasure", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_erasure(person_id: Identifier, here: Here, caller: CallingToGuardPrivacy) -> ErasureShown:
    """Erase somebody, for good. A second time changes nothing. Copies of badges that they gave away stay verifiable."""
    return _shown(erase_now(person_id, here=here, caller=caller))


@router.get("/retention")
def get_retention(here: Here, caller: CallingToGuardPrivacy) -> Retention:
    """For how long your organisation keeps what."""
    with here.reading_for(caller) as session:
        return Retention(days=days_of(session, caller.organisation_id))


@router.put("/retention")
def put_retention(body: Retention, here: Here, caller: CallingToGuardPrivacy) -> Retention:
    """Set for how long; what is left out stays as it is. It holds from the next turn of the job on."""
    with here.transaction_for(caller) as session:
        set_days(session, caller.organisation_id, body.days)
        session.flush()
        return Retention(days=days_of(session, caller.organisation_id))


@router.get("/retention/due")
def get_due(here: Here, caller: CallingToGuardPrivacy) -> WhatIsDue:
    """What the job would take now: a dry run."""
    with here.reading_for(caller) as session:
        due = what_is_due(session, caller.organisation_id, now=here.now(), randomness=here.randomness)
    return WhatIsDue(due=[DueShown.model_validate(one, from_attributes=True) for one in due])


def _export(here: Installation, caller: Caller, person_id: str) -> PersonalData:
    with here.transaction_for(caller) as session:
        held = export_person(session, person_id, organisation_id=caller.organisation_id)
    return PersonalData(person_id=person_id, exported_at=here.now(), held=held)


def _shown(erased: Erased, *, rehearsal: bool = False) -> ErasureShown:
    steps = [StepShown.model_validate(step, from_attributes=True) for step in erased.steps]
    return ErasureShown(person_id=erased.person_id, erased_at=None if rehearsal else erased.erased_at, steps=steps)
