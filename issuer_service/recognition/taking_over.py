"""Whoever begins a path or joins a line after something was recognised of them need not do that again either.

A decision shortens what somebody is on at that moment. For who sets out later it is looked up then: what was decided
for them by this organisation, whole modules for a path and outcomes for a line, as long as it is in force. In whichever
order it comes, it comes to the same, and once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.errors import NotAllowed, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import TAKE_OVER
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.persistence.tenancy import confine
from issuer_service.programme.tables import Module
from issuer_service.recognition.cashing_tables import Exemption, RecognitionDecision, RecognitionRequest
from issuer_service.recognition.shortening import shorten_lines, shorten_path
from issuer_service.workflow.process.tables import ProcessCase
from issuer_service.workflow.setting_out import SettingOut, Way

__all__ = ["gather_setting_out", "take_over"]

# Of each it is asked only whether there is anything to look up. More wait for the next look.
_MOST: Final = 100
_LOST_AFTER: Final = timedelta(minutes=5)
"""When it is looked again where a job came to no end."""
_AGAIN_AFTER: Final = timedelta(hours=1)
"""When it is tried again where the path did not allow it yet."""
_ASKED: Final = exists().where(RecognitionRequest.person_id == SettingOut.person_id)


def gather_setting_out(here: Installation) -> int:
    """Make a job for whoever set out and once asked for recognition; of anybody else there is nothing to take over.

    The number of those who set out. A decision that is under way meanwhile is on a request that stands already, or sees
    for itself that they set out.
    """
    now = here.now()
    with here.reading() as session:
        # Looked at many times a second; and on SQLite whoever may write keeps everybody else from writing.
        if session.scalar(select(SettingOut.id).where(SettingOut.due_at <= now).limit(1)) is None:
            return 0
    with here.transaction() as session:
        due = session.execute(
            select(SettingOut.id, SettingOut.due_at, _ASKED.label("asked"))
            .where(SettingOut.due_at <= now)
            .order_by(SettingOut.due_at, SettingOut.id)
            .limit(_MOST)
            .with_for_update(skip_locked=True, of=SettingOut)
        ).all()
        asked = [row for row in due if row.asked]
        others = [row.id for row in due if not row.asked]
        session.execute(delete(SettingOut).where(SettingOut.id.in_(others)))
        for row in asked:
            here.jobs.enqueue(session, TAKE_OVER, row.id, key=f"{TAKE_OVER}:{row.id}:{row.due_at.isoformat()}")
        # Should its job be lost, it is due again; a job that comes twice finds nothing the second time.
        later = update(SettingOut).where(SettingOut.id.in_([row.id for row in asked]))
        session.execute(later.values(due_at=now + _LOST_AFTER))
    return len(due)


def take_over(setting_out_id: str, *, here: Installation) -> None:
    """Have what is recognised of somebody who set out shorten what they set out on; a second time changes nothing.

    Where the path does not allow it at its stage, it is tried again every hour until it does or the path has ended.
    """
    with here.reading() as session:
        row = session.get(SettingOut, setting_out_id)
    if row is None:
        return
    try:
        with here.transaction() as session:
            confine(session, row.organisation_id)
            _take_over(session, row, here)
    except (Refused, NotAllowed) as error:
        # Why may quote what somebody wrote.
        structlog.get_logger().warning(
            "what was recognised is not taken over yet", about=row.about_id, error=type(error).__name__
        )
        with here.transaction() as session:
            again = update(SettingOut).where(SettingOut.id == row.id)
            session.execute(again.values(due_at=here.now() + _AGAIN_AFTER))


def _take_over(session: Session, row: SettingOut, here: Installation) -> None:
    # Whoever decides holds the request: a decision meanwhile either sees that they set out, or is seen here.
    theirs = RecognitionRequest.person_id == row.person_id
    held = select(RecognitionRequest.id).where(theirs).order_by(RecognitionRequest.id).with_for_update()
    session.execute(held).all()
    done: Any = session.execute(delete(SettingOut).where(SettingOut.id == row.id))
    if done.rowcount == 0:
        return
    count = 0
    for one in _in_force(session, row.person_id):
        caller = Caller.in_role(one.decided_by, row.organisation_id, Role.TEACHER)
        match Way(row.way):
            case Way.PATH:
                case = session.get(ProcessCase, row.about_id)
                leading = select(Module.id).where(Module.programme_id == (case.programme_id if case else None))
                count += shorten_path(
                    session,
                    person_id=row.person_id,
                    module_ids=[module_id for module_id in session.scalars(leading) if module_id in one.modules],
                    decision_id=one.decision_id,
                    caller=caller,
                    here=here,
                )
            case Way.LINE:
                count += shorten_lines(
                    session,
                    person_id=row.person_id,
                    outcomes=one.outcomes,
                    caller=caller,
                    here=here,
                    participation_id=row.about_id,
                )
    if count:
        # Each step is in the trail as the word of who decided; that it was taken now is nobody's doing.
        details = {"way": row.way, "shortened": count}
        record(
            session,
            AuditEvent.RECOGNITION_TAKEN_OVER,
            about=row.about_id,
            organisation_id=row.organisation_id,
            details=details,
        )


@dataclass(frozen=True, slots=True)
class _Recognised:
    """What one decision exempts from: whole modules, and all outcomes that its exemptions rest on, by their IRIs."""

    decision_id: str
    decided_by: str
    modules: frozenset[str]
    outcomes: frozenset[str]


def _in_force(session: Session, person_id: str) -> Iterator[_Recognised]:
    """The decisions that exempt somebody from something and were not taken back, the earliest first."""
    decisions = session.scalars(
        select(RecognitionDecision)
        .join(RecognitionRequest, RecognitionRequest.id == RecognitionDecision.request_id)
        .where(RecognitionRequest.person_id == person_id, _holds())
        .order_by(RecognitionDecision.decided_at, RecognitionDecision.id)
    ).all()
    exemptions = _exemptions(session, [one.id for one in decisions])
    for decision in decisions:
        rows = exemptions.get(decision.id, ())
        modules = frozenset(row.module_id for row in rows if row.module_id is not None and not row.part)
        outcomes = frozenset(outcome for row in rows for outcome in row.outcomes)
        yield _Recognised(decision.id, decision.decided_by, modules, outcomes)


def _holds() -> ColumnElement[bool]:
    """That the decision, which is a badge, was not revoked and is not suspended; or that it was made anew since."""
    itself, signed = aliased(Award), aliased(Credential)
    anew, signed_anew = aliased(Award), aliased(Credential)
    taken_back = (
        select(signed.id)
        .where(
            signed.award_id == RecognitionDecision.award_id,
            or_(signed.revoked_at.is_not(None), signed.suspended_at.is_not(None)),
        )
        .exists()
    )
    renewed = (
        select(anew.id)
        .join(itself, itself.achievement_version_id == anew.achievement_version_id)
        .outerjoin(signed_anew, signed_anew.award_id == anew.id)
        .where(
            itself.id == RecognitionDecision.award_id,
            anew.evidence_id == RecognitionDecision.id,
            anew.id != itself.id,
            signed_anew.revoked_at.is_(None),
            signed_anew.suspended_at.is_(None),
        )
        .exists()
    )
    return or_(~taken_back, renewed)


def _exemptions(session: Session, decision_ids: Sequence[str]) -> Mapping[str, list[Exemption]]:
    found: dict[str, list[Exemption]] = {}
    for row in session.scalars(select(Exemption).where(Exemption.decision_id.in_(decision_ids))):
        found.setdefault(row.decision_id, []).append(row)
    return found
