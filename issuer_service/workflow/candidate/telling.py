"""Telling people what happened on a path: by what a definition `tells`, who hears of it, and how often.

The text says what happened and where to look. What was recorded stays behind the sign-in: a mail is read by whoever has
the screen, and forwarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.notices.purposes import path_purpose
from issuer_service.notices.writing import Occasion, Recipient, notice_for, overtake, put_down
from issuer_service.people.consent import Purpose, consented
from issuer_service.people.roles import Role
from issuer_service.people.tables import Consent, Organisation, Person
from issuer_service.persistence.finding import find
from issuer_service.programme.tables import Programme
from issuer_service.workflow.candidate.meetings import tell_of_meetings
from issuer_service.workflow.process.looking import where_to_look
from issuer_service.workflow.process.service import Doing
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, ProcessCase

__all__ = ["RECORDS", "TOLD", "Who", "keep_to_ourselves", "telling_on_path"]


class Who(StrEnum):
    """Who hears of it."""

    SUBJECT = "subject"  # whose path it is
    EMPLOYER = "employer"  # the company that they were matched with


@dataclass(frozen=True, slots=True)
class Told:
    """How something is told. `again`: each time that it happens, and not once on a path.

    `day` is the field of the record that says when it is; told after that day, it would be of no use. `with_consent`:
    only while whose path it is agrees.
    """

    who: Who
    again: bool = False
    day: str = ""
    with_consent: bool = False


_TO_SUBJECT: Final = Told(Who.SUBJECT)

TOLD: Final[Mapping[str, Told]] = MappingProxyType(
    {
        "information": _TO_SUBJECT,
        "info_session_confirmed": _TO_SUBJECT,
        "trial_study_invitation": _TO_SUBJECT,
        "application_received": _TO_SUBJECT,
        "scan_invitation": _TO_SUBJECT,
        "intake_invitation": _TO_SUBJECT,
        "exemption": Told(Who.SUBJECT, again=True),
        "selected": _TO_SUBJECT,
        "application_training_invitation": _TO_SUBJECT,
        "job_market_programme": Told(Who.SUBJECT, again=True),
        "match_candidate": Told(Who.SUBJECT, again=True),
        "match_employer": Told(Who.EMPLOYER, again=True),
        "enrolment_link": _TO_SUBJECT,
        "start_package": _TO_SUBJECT,
        "controller_notice": _TO_SUBJECT,
        "kickoff_invitation": Told(Who.SUBJECT, again=True, day="held_on"),
        "progress": Told(Who.EMPLOYER, with_consent=True),
        "learning_completed": _TO_SUBJECT,
        "conversion_of_intent_due": Told(Who.EMPLOYER),
        "withdrawal_confirmed": _TO_SUBJECT,
        "rejection": _TO_SUBJECT,
        "no_match": _TO_SUBJECT,
        "stopped": _TO_SUBJECT,
        "company_invitation": _TO_SUBJECT,
    }
)
"""By the name in a definition. What is planned is told by `meetings.py`; a name that stands neither here nor there
nor in `RECORDS` is recorded and told to nobody."""

RECORDS: Final = frozenset(
    {
        "company_agreement",
        "evaluation_form",
        "evaluation_report",
        "go_no_go_report",
        "intake_report",
        "letter_of_intent",
        "profile",
        "return_event_reminder",
        "tripartite",
    }
)
"""What is kept in the case, for who may see it there: whoever it concerns had a part in recording it."""


def telling_on_path(here: Installation) -> Callable[[Session, ProcessCase, CaseEvent, Doing], None]:
    """What tells of a step of a path, for `Doing`."""

    def tell(session: Session, case: ProcessCase, event: CaseEvent, doing: Doing) -> None:
        for name in event.tells:
            told = TOLD.get(name)
            if told is not None:
                _tell(session, case, event, doing, name=name, told=told, base_url=here.base_url)
        tell_of_meetings(session, case, event, doing, here)

    return tell


def keep_to_ourselves(session: Session, consent: Consent) -> None:
    """Do not send what waits and was to be told by a consent that was taken back."""
    if consent.purpose != Purpose.EMPLOYER or consent.withdrawn_at is None:
        return
    purposes = [path_purpose(name) for name, told in TOLD.items() if told.with_consent]
    for case_id in session.scalars(select(ProcessCase.id).where(ProcessCase.person_id == consent.person_id)).all():
        overtake(session, case_id, purposes, by="the consent was taken back")


def _tell(
    session: Session,
    case: ProcessCase,
    event: CaseEvent,
    doing: Doing,
    *,
    name: str,
    told: Told,
    base_url: str,
) -> None:
    until, day = _until(event, told)
    person = _person(session, case, told.who)
    if person is None or (until is not None and until <= doing.now):
        return
    if told.with_consent and not _agreed(session, case, person):
        return
    programme = find(session, Programme, case.programme_id) if case.programme_id else None
    provider = find(session, Organisation, case.organisation_id)
    occasion = Occasion(
        path_purpose(name),
        case.organisation_id,
        "" if provider is None else provider.name,
        event.id if told.again else case.id,
        until=until,
    )
    values = {
        "programme": "" if programme is None else programme.title,
        "link": where_to_look(session, case, person.id, base_url=base_url),
        "day": "" if day is None else f"{day:%d-%m-%Y}",
    }
    recipient = Recipient(person.id, person.name, person.language)
    put_down(session, [notice_for(recipient, occasion, values, now=doing.now, randomness=doing.randomness)])


def _until(event: CaseEvent, told: Told) -> tuple[datetime | None, date | None]:
    """The end of the day that the record names, and the day."""
    if not told.day:
        return None, None
    day = date.fromisoformat(str(event.data[told.day]))
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=event.at.tzinfo), day


def _person(session: Session, case: ProcessCase, who: Who) -> Person | None:
    person_id = case.person_id
    if who is Who.EMPLOYER:
        employer = select(CaseParty.person_id).where(CaseParty.case_id == case.id, CaseParty.role == str(Role.EMPLOYER))
        person_id = session.scalar(employer)
    person = None if person_id is None else find(session, Person, person_id)
    return None if person is None or person.erased_at is not None else person


def _agreed(session: Session, case: ProcessCase, employer: Person) -> bool:
    """Whether it may be told to this employer: a consent names them by their name or by their id."""
    return case.person_id is not None and any(
        consented(session, case.person_id, Purpose.EMPLOYER, recipient=one) for one in (employer.name, employer.id)
    )
