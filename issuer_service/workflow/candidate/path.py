"""Somebody's path through a programme: begun, and what its steps do besides being recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from issuer_service.assessment.tables import ModuleResult
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_role, end_candidacy, person_of, roles_of
from issuer_service.people.tables import Person
from issuer_service.programme.service import enrol, programme_of, settings_of
from issuer_service.programme.tables import Enrolment, Module
from issuer_service.workflow.candidate.company import has_agreed
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH, candidate_path, earlier_candidate_paths
from issuer_service.workflow.process.library import definition_of, latest
from issuer_service.workflow.process.reducer import Actor, Step
from issuer_service.workflow.process.service import Doing, Effect, begin_case, take_step
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, ProcessCase, ProcessDefinition
from issuer_service.workflow.setting_out import Way, set_out

__all__ = [
    "EFFECTS",
    "Referral",
    "begin_path",
    "exempt_on_path",
    "hold",
    "path_in_programme",
    "path_of_enrolment",
    "record_on_path",
]

_EMPLOYER: Final = str(Role.EMPLOYER)
_EXEMPTION: Final = "exemption"
_MAY_BEGIN_ANEW: Final = frozenset({"withdrawn", "stopped"})


@dataclass(frozen=True, slots=True)
class Referral:
    """What leads somebody to a path beside their own interest: who may refer, and what the case begins with.

    `travelling` are the enrolments that they have for the lines that they travel: no path led to these, and whoever has
    one is no learner of that programme yet.
    """

    by: tuple[str, ...]
    data: Mapping[str, str]
    travelling: frozenset[str]


def begin_path(
    session: Session,
    *,
    programme_id: str,
    person_id: str,
    caller: Caller,
    doing: Doing,
    referral: Referral | None = None,
) -> ProcessCase:
    """Somebody is interested in a programme, or was referred to it.

    Who withdrew or was stopped may begin anew. Raises NotFound for a programme or a person of another organisation, and
    Conflict for who is on this path already, or is or was a learner of the programme without having left it so.
    """
    programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
    person = person_of(session, person_id, organisation_id=caller.organisation_id)
    hold(session, person.id)
    enrolled = session.scalar(_enrolment(person.id, programme.id))
    before = path_of_enrolment(session, enrolled.id) if enrolled is not None else None
    if enrolled is not None and not _may_begin(before, enrolled.id, referral):
        raise Conflict("already enrolled in this programme", field="person_id")
    row = latest(
        session,
        candidate_path(),
        organisation_id=caller.organisation_id,
        now=doing.now,
        randomness=doing.randomness,
        earlier=earlier_candidate_paths(),
    )
    case = begin_case(
        session,
        row,
        caller=caller,
        doing=doing,
        programme_id=programme.id,
        person_id=person.id,
        data={} if referral is None else referral.data,
        also=() if referral is None else referral.by,
    )
    set_out(
        session,
        Way.PATH,
        case.id,
        organisation_id=case.organisation_id,
        person_id=person.id,
        now=doing.now,
        randomness=doing.randomness,
    )
    return case


def _may_begin(before: ProcessCase | None, enrolment_id: str, referral: Referral | None) -> bool:
    if before is not None:
        return before.outcome in _MAY_BEGIN_ANEW
    return referral is not None and enrolment_id in referral.travelling


def hold(session: Session, person_id: str) -> None:
    """Hold somebody for this transaction: of two who open a path for them at a time, the second sees the first's."""
    # A row that only points at them, as every row about them does, waits for nobody.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def path_in_programme(session: Session, *, person_id: str, programme_id: str) -> ProcessCase | None:
    """The last path of somebody through a programme, under way or ended; None for who never had one."""
    return session.scalar(
        select(ProcessCase)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(
            ProcessDefinition.name == CANDIDATE_PATH,
            ProcessCase.person_id == person_id,
            ProcessCase.programme_id == programme_id,
        )
        .order_by(ProcessCase.ended_at.is_not(None), ProcessCase.began_at.desc(), ProcessCase.id)
        .limit(1)
    )


def _enrolment(person_id: str, programme_id: str) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.programme_id == programme_id)


def path_of_enrolment(session: Session, enrolment_id: str) -> ProcessCase | None:
    """The path that led to an enrolment; None for who was enrolled without one.

    Of who began anew it is the one that is under way, and else the last.
    """
    return session.scalar(
        select(ProcessCase)
        .where(ProcessCase.enrolment_id == enrolment_id)
        .order_by(ProcessCase.ended_at.is_not(None), ProcessCase.began_at.desc(), ProcessCase.id)
        .limit(1)
    )


def record_on_path(session: Session, result: ModuleResult, *, caller: Caller, doing: Doing) -> None:
    """Have a module's result count on the learner's path, where they are on one.

    A module that was passed stays passed. Raises Refused where modules are not, or no more, taken.
    """
    case = path_of_enrolment(session, result.enrolment_id)
    if case is None:
        return
    known = case.facts.get("module_result", {}).get("by_module", {}).get(result.module_id)
    if known is not None and known["data"]["passed"]:
        return
    data = {"module": result.module_id, "result": result.id, "passed": result.passed}
    actor = Actor(caller.person_id, frozenset(map(str, caller.roles)))
    take_step(session, case, Step("record", "module_result", data), actor, doing=doing)


def exempt_on_path(
    session: Session, *, person_id: str, module_id: str, decision_id: str, caller: Caller, doing: Doing
) -> bool:
    """Have a recognised module shorten the path that somebody is on through its programme; whether it did.

    It does not where they are on none, and where they need not take it already.
    """
    module = session.get(Module, module_id)
    case = session.scalar(
        select(ProcessCase)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(
            ProcessDefinition.name == CANDIDATE_PATH,
            ProcessCase.person_id == person_id,
            ProcessCase.programme_id == (module.programme_id if module is not None else None),
            ProcessCase.ended_at.is_(None),
        )
        .limit(1)
    )
    # An organisation may have a path of its own, which knows of no exemptions: it is recognised all the same.
    if case is None or _EXEMPTION not in definition_of(session, case).task_by_key:
        return False
    if module_id in case.facts.get(_EXEMPTION, {}).get("by_module", {}):
        return False
    data = {"module": module_id, "grounds": "recognition", "decision": decision_id}
    actor = Actor(caller.person_id, frozenset(map(str, caller.roles)))
    take_step(session, case, Step("record", _EXEMPTION, data), actor, doing=doing)
    return True


def _enrol(session: Session, case: ProcessCase, event: CaseEvent, doing: Doing) -> None:
    """From here on a candidate is a learner: another role, and another who is responsible for their data."""
    person_id, programme_id = case.person_id, case.programme_id
    if person_id is None or programme_id is None:
        raise Refused("only somebody on a programme's path is enrolled", field="what")
    organisation_id, randomness = case.organisation_id, doing.randomness
    # Who begins anew is the learner that they were, with the badges that they have.
    known = session.scalar(_enrolment(person_id, programme_id))
    made = known or enrol(session, person_id=person_id, programme_id=programme_id, now=event.at, randomness=randomness)
    session.flush()
    case.enrolment_id = made.id
    add_role(session, person_id, Role.LEARNER, organisation_id=organisation_id, randomness=randomness)
    session.execute(delete(CaseParty).where(CaseParty.case_id == case.id, CaseParty.role == str(Role.CANDIDATE)))
    _bind(session, case, str(Role.LEARNER), person_id)


def _bind_employer(session: Session, case: ProcessCase, event: CaseEvent, _doing: Doing) -> None:
    """The company's own steps are this employer's from here on, and nobody else's."""
    employer_id = str(event.data["employer"])
    held = roles_of(session, employer_id, organisation_id=case.organisation_id)
    if not any(one.role == _EMPLOYER for one in held):
        raise NotFound("there is no such employer", field="data.employer")
    asked = case.programme_id is not None and settings_of(session, case.programme_id).company_agreement_required
    if asked and not has_agreed(session, employer_id, organisation_id=case.organisation_id):
        raise Refused("this company has not signed the agreement yet", field="data.employer")
    _release_employer(session, case, event, _doing)
    _bind(session, case, _EMPLOYER, employer_id)


def _release_employer(session: Session, case: ProcessCase, _event: CaseEvent, _doing: Doing) -> None:
    session.execute(delete(CaseParty).where(CaseParty.case_id == case.id, CaseParty.role == _EMPLOYER))


def _end_candidacy(session: Session, case: ProcessCase, event: CaseEvent, doing: Doing) -> None:
    """The time after which a candidate's data goes begins; a learner's does not. No company sees a candidate on."""
    if case.enrolment_id is None and case.person_id is not None:
        _release_employer(session, case, event, doing)
        # Who was a candidate of nothing but this: with another path under way they still are one.
        others = select(ProcessCase.id).where(
            ProcessCase.person_id == case.person_id, ProcessCase.ended_at.is_(None), ProcessCase.id != case.id
        )
        if session.scalar(others.limit(1)) is None:
            with suppress(NotFound):
                end_candidacy(session, case.person_id, organisation_id=case.organisation_id, now=event.at)


def _module_result(session: Session, case: ProcessCase, event: CaseEvent, _doing: Doing) -> None:
    """Only what was assessed counts, as it was assessed."""
    result = session.get(ModuleResult, str(event.data["result"]))
    known = result is not None and (
        (result.enrolment_id, result.module_id, result.passed)
        == (case.enrolment_id, event.data["module"], event.data["passed"])
    )
    if not known:
        raise Refused("a module's result is recorded at /v1/module-results", field="data.result")


def _bind(session: Session, case: ProcessCase, role: str, person_id: str) -> None:
    session.add(CaseParty(case_id=case.id, role=role, organisation_id=case.organisation_id, person_id=person_id))
    session.flush()


EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        "bind_employer": _bind_employer,
        "end_candidacy": _end_candidacy,
        "enrol": _enrol,
        "module_result": _module_result,
        "release_employer": _release_employer,
    }
)
