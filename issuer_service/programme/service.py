"""Opening a programme, adding modules, enrolling people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.settings import ProgrammeSettings, changed, preset
from issuer_service.programme.tables import Enrolment, Module, Programme

__all__ = [
    "add_module",
    "change_settings",
    "enrol",
    "enrolment_of",
    "module_of",
    "open_programme",
    "programme_of",
    "settings_of",
]


def open_programme(
    session: Session, *, organisation_id: str, title: str, preset_name: str, randomness: Randomness
) -> Programme:
    """A programme with the settings of a working method. Raises Refused for an unknown preset."""
    programme = Programme(
        id=random_uuid(randomness),
        organisation_id=organisation_id,
        title=title,
        preset=preset_name,
        settings=preset(preset_name).model_dump(mode="json"),
    )
    session.add(programme)
    details = {"preset": preset_name}
    record(session, AuditEvent.PROGRAMME_OPENED, about=programme.id, organisation_id=organisation_id, details=details)
    return programme


def change_settings(session: Session, programme: Programme, wanted: Mapping[str, Any]) -> Programme:
    """Settings in the place of others, from now on. Raises Refused, naming each that is not possible."""
    settings = changed(ProgrammeSettings.model_validate(programme.settings), wanted)
    programme.settings = settings.model_dump(mode="json")
    details = {"settings": sorted(wanted)}
    record(
        session,
        AuditEvent.PROGRAMME_CHANGED,
        about=programme.id,
        organisation_id=programme.organisation_id,
        details=details,
    )
    return programme


def add_module(
    session: Session, *, programme_id: str, title: str, phase: str, ulo_version_id: str, randomness: Randomness
) -> Module:
    """Add a module that leads to a ULO."""
    module = Module(
        id=random_uuid(randomness),
        programme_id=programme_id,
        title=title,
        phase=phase,
        ulo_version_id=ulo_version_id,
    )
    session.flush()
    session.add(module)
    organisation_id = session.get_one(Programme, programme_id).organisation_id
    record(session, AuditEvent.MODULE_ADDED, about=module.id, organisation_id=organisation_id)
    return module


def enrol(session: Session, *, person_id: str, programme_id: str, now: datetime, randomness: Randomness) -> Enrolment:
    """Make somebody a learner of the programme. Raises Conflict when they are one already."""
    session.flush()
    programme = session.get_one(Programme, programme_id)
    known = session.execute(
        select(Enrolment, Programme.organisation_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.person_id == person_id)
    ).all()
    if any(row.Enrolment.programme_id == programme_id for row in known):
        raise Conflict("already enrolled in this programme", field="person_id")
    same_provider = [row.Enrolment.subject_id for row in known if row.organisation_id == programme.organisation_id]
    enrolment = Enrolment(
        id=random_uuid(randomness),
        person_id=person_id,
        programme_id=programme_id,
        subject_id=same_provider[0] if same_provider else random_uuid(randomness),
        enrolled_at=now,
    )
    session.add(enrolment)
    record(session, AuditEvent.PERSON_ENROLLED, about=enrolment.id, organisation_id=programme.organisation_id)
    return enrolment


def enrolment_of(session: Session, enrolment_id: str, *, organisation_id: str) -> Enrolment:
    """An enrolment at this provider. Raises NotFound, also for another provider's."""
    found = session.scalar(
        select(Enrolment)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.id == enrolment_id, Programme.organisation_id == organisation_id)
    )
    if found is None:
        raise NotFound("there is no such enrolment", field="enrolment_id")
    return found


def programme_of(session: Session, programme_id: str, *, organisation_id: str) -> Programme:
    """A programme of this provider. Raises NotFound, also for another's."""
    found = session.get(Programme, programme_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("there is no such programme", field="programme_id")
    return found


def module_of(session: Session, module_id: str, *, programme_id: str) -> Module:
    """A module of this programme. Raises NotFound, also for another programme's."""
    found = session.get(Module, module_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("there is no such module in this programme", field="module_id")
    return found


def settings_of(session: Session, programme_id: str) -> ProgrammeSettings:
    """The settings of a programme, as they stand."""
    return ProgrammeSettings.model_validate(session.get_one(Programme, programme_id).settings)
