"""From a metroline to a path of one's own: whoever is referred has a case there, in the same transaction.

Only here are both workflows known: a line knows of no paths, and a path of no lines.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Conflict, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.programme.service import programme_of
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.workflow.candidate.path import Referral, begin_path, hold, path_in_programme
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.tables import Participation
from issuer_service.workflow.metroline.travelling import participation_of, refer
from issuer_service.workflow.process.service import Doing

__all__ = ["REFERRED_BY", "paths_to_refer_to", "refer_to_path"]

REFERRED_BY: Final = (Role.AM_COMPANIES, Role.ADMINISTRATOR)
"""Participants are referred through the account manager of the companies (R32)."""
_MOST: Final = 200


def refer_to_path(
    session: Session, acting: Acting, participation_id: str, *, programme_id: str, doing: Doing
) -> Participation:
    """Refer somebody to the path of a programme, and open their case there.

    Who has a case under way there keeps that one; `referral` says which it is. What they reached goes along:
    `brought_to` shows it in the case, and a teacher grants exemptions on it.
    Raises NotAllowed for who may not refer, NotFound for an unknown participation or programme, Refused for a programme
    without a path and for who is under way on the line, and Conflict for who is, or was, a learner of that programme.
    """
    caller = acting.caller
    caller.must_be(*REFERRED_BY)
    participation = participation_of(session, participation_id)
    programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)

    def open_path(enrolment: Enrolment) -> tuple[str, bool]:
        _must_have_path(session, programme.id)
        hold(session, enrolment.person_id)
        known = path_in_programme(session, person_id=enrolment.person_id, programme_id=programme.id)
        if known is not None and known.ended_at is None:
            return known.id, False
        travelling = (
            select(Participation.enrolment_id)
            .join(Enrolment, Enrolment.id == Participation.enrolment_id)
            .where(Enrolment.person_id == enrolment.person_id)
        )
        referral = Referral(
            by=tuple(map(str, REFERRED_BY)),
            data={"participation": participation.id},
            travelling=frozenset(session.scalars(travelling)),
        )
        try:
            made = begin_path(
                session,
                programme_id=programme.id,
                person_id=enrolment.person_id,
                caller=caller,
                doing=doing,
                referral=referral,
            )
        except Conflict as error:
            which = f": case {known.id}" if known is not None else ""
            raise Conflict(f"{error}{which}", field="programme_id") from error
        return made.id, True

    return refer(session, acting, participation, programme_id=programme.id, open_path=open_path)


def paths_to_refer_to(session: Session, caller: Caller) -> list[tuple[str, str]]:
    """The programmes of the caller's organisation that have a path, by id, with their titles."""
    query = (
        select(Programme.id, Programme.title)
        .where(
            Programme.organisation_id == caller.organisation_id,
            select(Module.id).where(Module.programme_id == Programme.id).exists(),
        )
        .order_by(Programme.title, Programme.id)
        .limit(_MOST)
    )
    return [(row.id, row.title) for row in session.execute(query)]


def _must_have_path(session: Session, programme_id: str) -> None:
    if session.scalar(select(Module.id).where(Module.programme_id == programme_id).limit(1)) is None:
        raise Refused(
            "this programme has no modules, and so no path to refer somebody to; add its modules, or choose another",
            field="programme_id",
        )
