"""The rows of the access matrix that are about cases, their processes, and what is awarded for them."""

from __future__ import annotations

from typing import Any

from issuer_service.people.roles import Role
from issuer_service.workflow.candidate.definition import candidate_path
from tests.service.access_roles import READS_AWARDS
from tests.service.access_row import Row
from tests.service.two_providers import Things

ADMINISTRATOR, TEACHER = Role.ADMINISTRATOR, Role.TEACHER
ONLY_ADMINISTRATOR = frozenset({ADMINISTRATOR})


def new_definition(things: Things, n: int) -> dict[str, Any]:
    plain = candidate_path().model_dump(mode="json", by_alias=True)
    return {"definition": {**plain, "version": 2 + n}}


PERSONAL = frozenset({Role.CANDIDATE, Role.LEARNER, Role.PARTICIPANT, Role.EMPLOYER})
TAKES_PART = PERSONAL | {
    ADMINISTRATOR,
    TEACHER,
    Role.COACH,
    Role.AM_CANDIDATES,
    Role.AM_COMPANIES,
    Role.BROKER,
    Role.LD_DEVELOPER,
    Role.ASSESSOR,
}
# Whoever has a case of their own finds that one, and not the one that is asked for; and some have no part in this path.
NOT_THEIRS = dict.fromkeys(PERSONAL | {Role.BROKER, Role.LD_DEVELOPER, Role.ASSESSOR}, 404)

READS_PROGRAMMES = (TAKES_PART - PERSONAL) | {Role.CURATOR}

CASE_ROWS: dict[tuple[str, str], Row] = {
    ("post", "/v1/programmes/{programme_id}/cases"): Row(
        TAKES_PART,
        201,
        404,
        lambda t: {"programme_id": t.programme},
        lambda t, _: {"person_id": t.newcomer},
        # Who may not begin a case is told so; of one person there is one that is under way.
        dict.fromkeys(TAKES_PART - {Role.AM_CANDIDATES}, 403) | {ADMINISTRATOR: 409},
    ),
    ("get", "/v1/cases"): Row(TAKES_PART),
    ("get", "/v1/tasks"): Row(TAKES_PART),
    ("get", "/v1/cases/{case_id}"): Row(TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS),
    ("get", "/v1/cases/{case_id}/steps"): Row(TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS),
    ("get", "/v1/cases/{case_id}/brought"): Row(TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS),
    ("get", "/v1/cases/{case_id}/events"): Row(TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS),
    ("post", "/v1/cases/{case_id}/steps"): Row(
        TAKES_PART,
        200,
        404,
        lambda t: {"case_id": t.case},
        lambda _, __: {"verb": "record", "what": "first_contact", "data": {"channel": "email", "notice_shown": True}},
        {role: 403 for role in TAKES_PART if role is not Role.AM_CANDIDATES} | NOT_THEIRS,
    ),
    ("get", "/v1/cases/{case_id}/awarding"): Row(
        TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS
    ),
    ("get", "/v1/enrolments/{enrolment_id}/awarding"): Row(
        READS_AWARDS, 200, 404, lambda t: {"enrolment_id": t.enrolment}
    ),
    ("post", "/v1/enrolments/{enrolment_id}/awarding"): Row(
        frozenset({ADMINISTRATOR, TEACHER}), 200, 404, lambda t: {"enrolment_id": t.enrolment}
    ),
    ("get", "/v1/programmes/{programme_id}/awarding"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    ("patch", "/v1/programmes/{programme_id}"): Row(
        ONLY_ADMINISTRATOR,
        200,
        404,
        lambda t: {"programme_id": t.programme},
        lambda _, __: {"settings": {"coaching_required": True}},
    ),
    ("get", "/v1/programmes/{programme_id}/job-market"): Row(
        frozenset({Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH}),
        200,
        404,
        lambda t: {"programme_id": t.programme},
    ),
    ("get", "/v1/programmes/{programme_id}/figures"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    ("get", "/v1/cases/{case_id}/diagram.svg"): Row(
        TAKES_PART, 200, 404, lambda t: {"case_id": t.case}, own_of=NOT_THEIRS
    ),
    ("get", "/v1/process-definitions/{definition_id}/diagram.svg"): Row(
        TAKES_PART, 200, 404, lambda t: {"definition_id": t.definition}
    ),
    ("get", "/v1/process-definitions/{definition_id}/diagram.mmd"): Row(
        TAKES_PART, 200, 404, lambda t: {"definition_id": t.definition}
    ),
    ("get", "/v1/process-definitions"): Row(TAKES_PART),
    ("get", "/v1/process-definitions/{definition_id}"): Row(
        TAKES_PART, 200, 404, lambda t: {"definition_id": t.definition}
    ),
    ("post", "/v1/process-definitions"): Row(ONLY_ADMINISTRATOR, 201, body=new_definition),
    ("post", "/v1/process-definitions/{definition_id}/moves"): Row(
        ONLY_ADMINISTRATOR,
        422,
        404,
        lambda t: {"definition_id": t.definition},
        # Nobody is moved to where they are.
        body=lambda t, _: {"to_definition_id": t.definition},
    ),
}
