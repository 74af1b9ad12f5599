"""The page on which a teacher assesses a module: of each component of its ULO, the level of the rubric."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from issuer_service.catalogue.service import PublishedUlo, published_ulo
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.pages.case_words import name_of
from issuer_service.pages.desk import Desk, Looking, Sending, Sent
from issuer_service.pages.process_words import Said
from issuer_service.pages.refusals import said
from issuer_service.people.roles import Scope
from issuer_service.programme.service import module_of
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.outbox import Outbox
from issuer_service.workflow.process.service import case_of
from issuer_service.workflow.process.tables import ProcessCase

__all__ = ["Judged", "judged", "router"]

router = APIRouter(prefix="/desk/cases", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """A component that is judged, and its levels from low to high: key, name, description, and whether it suffices."""

    name: str
    statement: str
    levels: tuple[tuple[str, str, str, bool], ...]
    chosen: str
    problem: str


@router.get("/{case_id}/modules/{module_id}")
def module_page(case_id: Identifier, module_id: Identifier, desk: Looking) -> Response:
    """A module with its rubric."""
    return _page(case_id, module_id, desk)


@router.post("/{case_id}/modules/{module_id}")
def assess_page(case_id: Identifier, module_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Record how somebody did. What is missing is named, and what was chosen stays chosen."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.RESULTS_WRITE)
    try:
        with here.transaction_for(caller) as session:
            case, _, _ = case_of(session, case_id, caller)
            enrolment_id = _enrolment(case)
            levels = {key.removeprefix("level."): str(value) for key, value in sent.items() if key.startswith("level.")}
            record_module_result(
                session,
                RecordModuleResult(enrolment_id, module_id, levels),
                caller=caller,
                events=Outbox(here.randomness),
                here=here,
            )
    except (Conflict, Refused) as error:
        return _page(case_id, module_id, desk, sent=sent, error=error)
    return desk.to(f"/desk/cases/{case_id}", "&done=module_result")


def judged(
    ulo: PublishedUlo,
    only: frozenset[str] | None,
    prefix: str,
    sent: FormData | None,
    language: Language,
    *,
    all_needed: bool = True,
) -> tuple[Judged, ...]:
    """The components of a ULO that its rubric judges, or some of them, with what was chosen for each."""
    statements = {one.code: one.sentence for one in ulo.ulo.components}
    wanted = {"nl": "Kies een niveau.", "en": "Choose a level."}[language]
    found = []
    for criterion in ulo.rubric:
        if only is not None and criterion.component not in only:
            continue
        name = f"{prefix}{criterion.component}"
        chosen = "" if sent is None else str(sent.get(name, ""))
        levels = tuple((one.key, one.name, one.description, criterion.reaches(one.key)) for one in criterion.levels)
        missing = all_needed and sent is not None and chosen not in {one.key for one in criterion.levels}
        statement = f"{criterion.component} – {statements.get(criterion.component, '')}"
        found.append(Judged(name, statement, levels, chosen, wanted if missing else ""))
    return tuple(found)


def _page(
    case_id: str,
    module_id: str,
    desk: Desk,
    *,
    sent: FormData | None = None,
    error: Conflict | Refused | None = None,
) -> Response:
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.RESULTS_WRITE)
    with here.reading_for(caller) as session:
        case, _, _ = case_of(session, case_id, caller)
        _enrolment(case)
        module = module_of(session, module_id, programme_id=case.programme_id or "")
        ulo = published_ulo(session, module.ulo_version_id, base_url=here.base_url)
        criteria = judged(ulo, None, "level.", sent, language)
        amiss: list[Said] = []
        if error is not None and not any(one.problem for one in criteria):
            amiss = [said(one, language) for one in (str(error), *error.findings)]
        return desk.page(
            "assess_module.html",
            status=422 if error is not None else 200,
            case_id=case.id,
            person=name_of(session, case.person_id),
            module=module.title,
            ulo=ulo.ulo,
            address=f"/desk/cases/{case.id}/modules/{module.id}",
            criteria=criteria,
            failed=error is not None,
            amiss=amiss,
        )


def _enrolment(case: ProcessCase) -> str:
    if case.enrolment_id is None:
        raise NotFound("nobody is enrolled here yet")
    return case.enrolment_id
