"""A mechanic along the whole path, over HTTP, with badges on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from issuer_service.issuance.tables import Award
from issuer_service.people.tables import Membership
from issuer_service.persistence.columns import Table
from issuer_service.privacy.due import DataClass
from issuer_service.privacy.retention import DEFAULT_DAYS, expire
from issuer_service.workflow.candidate.path import exempt_on_path
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.process.service import events_of, state_of
from issuer_service.workflow.process.state import replay
from issuer_service.workflow.process.tables import CaseEvent, ProcessCase
from tests.service.conftest import World
from tests.service.workflow.office import Office


def awards_of(office: Office) -> list[Any]:
    """Everything that was awarded to the candidate, after all jobs were done."""
    office.world.jobs.do_all(office.world.handlers)
    with office.world.installation.reading() as session:
        return list(session.scalars(select(Award).where(Award.person_id == office.ids["candidate"])))


def said(refused: Any) -> list[tuple[str, str]]:
    """What a refusal says, each with the field that it names."""
    return [(one["field"], one["detail"]) for one in refused["findings"]]


def agreed(office: Office) -> None:
    """The company signs the agreement and comes to the job market."""
    office.until(office.begin("company-path", "employer"), "attending")


@pytest.mark.both_databases
def test_the_mechanic_becomes_a_learner_and_ends_with_badges_and_a_certificate(world: World) -> None:
    office = Office(world)
    office.settle(certificate_ulo_version_id=office.certificate)
    agreed(office)
    case_id = office.begin()
    office.until(case_id, "intent_signed")
    assert office.case(case_id)["enrolment_id"] is None
    shown = office.until(case_id, "enrolled")
    assert shown["enrolment_id"]
    with world.installation.reading() as session:
        roles = set(session.scalars(select(Membership.role).where(Membership.person_id == office.ids["candidate"])))
    assert "learner" in roles
    shown = office.until(case_id, "evaluated")
    assert shown["outcome"] == "completed"
    assert len(awards_of(office)) == 3
    lines = office.call("teacher", "GET", f"/v1/cases/{case_id}/awarding")["lines"]
    said = {(one["event"], one["what"]): one for one in lines}
    assert said["LearningCompleted", "certificate"]["award_id"]
    assert said["ProgrammeCompleted", "certificate"]["why_not"].endswith("when the learning part is completed")
    assert "completion_ulo_version_id" in said["ProgrammeCompleted", "completion"]["why_not"]
    # Told again, by an engine that forgot: no second badge.
    world.jobs.repeat_everything(world.handlers)
    assert len(awards_of(office)) == 3
    with world.installation.reading() as session:
        case = session.get_one(ProcessCase, case_id)
        assert replay(events_of(session, case)) == state_of(case)


def test_the_same_along_the_path_of_katapult_with_its_certificate_at_the_end(world: World) -> None:
    office = Office(world, "katapult")
    named = office.certificate
    office.settle(certificate_at="completed", certificate_ulo_version_id=named, completion_ulo_version_id=named)
    case_id = office.begin()
    office.until(case_id, "learning_completed")
    assert len(awards_of(office)) == 2
    office.until(case_id, "finished")
    # Certificate and completion name one achievement, on one piece of evidence: that is one badge.
    assert len(awards_of(office)) == 3


def test_a_certificate_is_of_an_achievement_whose_levels_nobody_need_judge(world: World) -> None:
    office = Office(world)
    path = f"/v1/programmes/{office.programme}"
    body = {"settings": {"certificate_ulo_version_id": office.made.with_rubric}}
    refused = office.call("administrator", "PATCH", path, body, expect=422)
    assert said(refused)[0][0] == "settings.certificate_ulo_version_id"
    refused = office.call("administrator", "PATCH", path, {"settings": {"max_duration_months": 0}}, expect=422)
    assert said(refused)[1][1].startswith("settings.max_duration_months: ")


def test_somebody_withdraws_after_two_badges_and_keeps_both_and_notes_on_them_have_an_end(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "advanced_modules")
    office.step("coach", case_id, "record", "coach_note", note="Thuis gaat het niet goed.")
    office.pass_next_module(case_id)
    assert len(awards_of(office)) == 2
    withdrawn = office.step("learner", case_id, "move", "withdraw", reason="found_work")
    assert withdrawn["case"]["outcome"] == "withdrawn"
    assert len(awards_of(office)) == 2
    shown = office.case(case_id)
    body = {"enrolment_id": shown["enrolment_id"], "module_id": office.modules["basic"], "levels": {}}
    office.call("teacher", "POST", "/v1/module-results", body, expect=422)

    # Begun anew, they are the learner that they were.
    again = office.begin()
    assert office.until(again, "enrolled")["enrolment_id"] == shown["enrolment_id"]
    assert len(awards_of(office)) == 2

    def notes() -> list[object]:
        with world.installation.reading() as session:
            query = select(CaseEvent.confidential).where(CaseEvent.case_id == case_id, CaseEvent.what == "coach_note")
            return list(session.scalars(query))

    days = DEFAULT_DAYS[DataClass.CASE_NOTES]
    for later, left in ((days, [{"note": "Thuis gaat het niet goed."}]), (1, [{}])):
        world.clock.advance(timedelta(days=later))
        expire(world.installation)
        assert notes() == left


def test_a_candidate_who_is_rejected_is_a_candidate_no_more_and_their_data_has_an_end(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(case_id, "intake")
    office.step("coach", case_id, "record", "intake_report", outcome="not_suitable", note="liever iets met zorg")
    office.step("am_candidates", case_id, "move", "reject")
    with world.installation.reading() as session:
        ended = select(Membership.ended_at).where(Membership.person_id == office.ids["candidate"])
        assert session.scalars(ended).one() is not None


def test_nobody_is_matched_with_a_company_that_has_not_signed_the_agreement(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(case_id, "preferences_given")
    refused = office.step("am_candidates", case_id, "record", "match", expect=422)
    assert said(refused) == [("data.employer", "this company has not signed the agreement yet")]
    agreed(office)
    office.step("am_candidates", case_id, "record", "match")


def test_what_is_confidential_is_seen_by_whom_it_is_for_and_by_nobody_else(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(case_id, "intake")
    office.step("coach", case_id, "record", "intake_report", note="alleen voor mijn ogen")
    for role in ("am_candidates", "teacher", "candidate", "am_companies", "administrator"):
        shown = [office.call(role, "GET", f"/v1/cases/{case_id}{more}") for more in ("", "/steps", "/events")]
        assert "alleen voor mijn ogen" not in str(shown), role
    assert "alleen voor mijn ogen" in str(office.call("coach", "GET", f"/v1/cases/{case_id}/events"))
    # Who has no part in an intake does not see how it went, nor that it was done.
    assert "intake_report" not in office.call("am_companies", "GET", f"/v1/cases/{case_id}")["facts"]
    told = [office.call("am_companies", "GET", f"/v1/cases/{case_id}/{more}") for more in ("steps", "events")]
    assert "intake_report" not in str(told)
    assert "intake" in [one["to"] for one in told[1]["items"]]


def test_the_employer_sees_a_case_from_the_match_on_and_not_before_it(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "selected")
    office.call("employer", "GET", f"/v1/cases/{case_id}", expect=404)
    office.until(case_id, "matched")
    assert "application" not in office.call("employer", "GET", f"/v1/cases/{case_id}")["facts"]
    assert [one["what"] for one in office.call("employer", "GET", "/v1/tasks")["items"]] == ["begin_application"]
    assert [one["id"] for one in office.call("employer", "GET", "/v1/cases")["items"]] == [case_id]


def test_a_work_list_says_what_waits_for_whom(world: World) -> None:
    office = Office(world)
    case_id = office.begin()

    def waits(role: str) -> list[str]:
        return [one["what"] for one in office.call(role, "GET", "/v1/tasks")["items"]]

    assert waits("am_candidates") == ["first_contact"]
    assert waits("candidate") == ["application"]
    office.until(case_id, "intake")
    assert (waits("am_candidates"), waits("candidate"), waits("coach")) == ([], [], ["intake_report"])


def test_two_who_take_a_step_at_once_are_told_apart(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    body = {"verb": "record", "what": "first_contact", "data": {"channel": "phone", "notice_shown": True}, "seen": 1}
    office.call("am_candidates", "POST", f"/v1/cases/{case_id}/steps", body)
    second = office.call("am_candidates", "POST", f"/v1/cases/{case_id}/steps", body, expect=409)
    assert said(second)[0][0] == "seen"


def test_a_result_that_was_never_assessed_does_not_count(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "basic_modules")
    forged = {"module": office.modules["basic"], "result": case_id, "passed": True}
    refused = office.step("teacher", case_id, "record", "module_result", expect=422, **forged)
    assert said(refused)[0][0] == "data.result"


def test_a_refusal_gives_every_reason_with_its_field(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    body = {"verb": "record", "what": "first_contact", "data": {"channel": "pigeon", "colour": "red"}}
    refused = office.call("am_candidates", "POST", f"/v1/cases/{case_id}/steps", body, expect=422)
    assert [detail for _, detail in said(refused)] == [
        "this step may not be taken",
        "data.colour: not a field of this",
        "data.channel: give one of email, phone, post, meeting",
        "data.notice_shown: missing; give true or false",
    ]


def test_whoever_is_erased_takes_their_path_along_and_others_keep_theirs(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "enrolled")
    office.call("administrator", "POST", f"/v1/people/{office.ids['candidate']}/erasure")
    office.call("am_candidates", "GET", f"/v1/cases/{case_id}", expect=404)
    with world.installation.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProcessCase)) == 0


def test_a_definition_is_changed_under_a_hundred_running_cases(world: World) -> None:
    office = Office(world, "katapult")
    first = office.begin()
    with world.installation.transaction() as session:
        template = session.get_one(ProcessCase, first)
        for number in range(99):
            columns = {one.key: getattr(template, one.key) for one in ProcessCase.__mapper__.column_attrs}
            session.add(ProcessCase(**{**columns, "id": f"{number:08d}-0000-4000-8000-000000000000"}))
    office.until(first, "applied")
    row = office.call("administrator", "GET", "/v1/process-definitions")["items"][0]
    old = office.call("administrator", "GET", f"/v1/process-definitions/{row['id']}")["definition"]
    new = {**old, "version": 3}
    new["stages"] = [{**one, "key": "welcomed"} if one["key"] == "interested" else one for one in old["stages"]]
    for kind in ("routes", "tasks"):
        places = "from" if kind == "routes" else "stages"
        new[kind] = [
            {**one, places: ["welcomed" if stage == "interested" else stage for stage in one[places]]}
            for one in old[kind]
        ]
    new["start"] = "welcomed"
    made = office.call("administrator", "POST", "/v1/process-definitions", {"definition": new})
    assert office.case(first)["version"] == 2
    move = f"/v1/process-definitions/{row['id']}/moves"
    refused = office.call("administrator", "POST", move, {"to_definition_id": made["id"]}, expect=422)
    assert said(refused)[1][1] == "stages.interested: interested is no stage of version 3"
    plan = {"to_definition_id": made["id"], "stages": {"interested": "welcomed"}}
    rehearsed = office.call("administrator", "POST", move, plan)
    assert rehearsed["rehearsed"]
    assert office.case(first)["version"] == 2
    done = office.call("administrator", "POST", move, {**plan, "rehearse": False})
    assert done["moved"] == rehearsed["moved"]
    assert sorted((one["to"], one["cases"]) for one in done["moved"]) == [("applied", 1), ("welcomed", 99)]
    assert office.case(first)["version"] == 3
    office.until(first, "finished")


def test_the_job_market_proposes_and_people_decide(world: World) -> None:
    office = Office(world)
    company = office.begin("company-path", "employer")
    office.until(company, "attending")
    case_id = office.begin()
    office.until(case_id, "job_market")
    path = f"/v1/programmes/{office.programme}/job-market"
    candidate, employer = office.ids["candidate"], office.ids["employer"]
    market = office.call("am_candidates", "GET", path)
    assert market["rounds"] == [[{"candidate_id": candidate, "company_id": employer}]]
    assert set(market["without_wishes"]) == {candidate, employer}
    office.step("candidate", case_id, "record", "candidate_preferences", employers=[employer])
    office.step("employer", company, "record", "preferences", candidates=[candidate])
    proposal = office.call("am_candidates", "GET", path)["proposals"][0]
    assert proposal["company_id"] == employer
    assert proposal["because"] == [{"company_id": employer, "reason": "both wish it"}]
    assert "match" not in office.case(case_id)["facts"]


@pytest.mark.both_databases
def test_figures_say_nothing_of_a_few(world: World) -> None:
    office = Office(world, "katapult")
    path = f"/v1/programmes/{office.programme}/figures"
    office.until(office.begin(), "applied")
    few = office.call("teacher", "GET", path)
    assert few["cases"] is None
    assert [(one["stage"], one["now_here"], one["median_days"]) for one in few["stages"]] == [
        ("applied", None, None),
        ("interested", 0, None),
    ]
    with world.installation.transaction() as session:
        template = session.scalars(select(ProcessCase)).one()
        begun, moved = session.scalars(
            select(CaseEvent).where(CaseEvent.act.in_(["begin", "move"])).order_by(CaseEvent.number)
        )
        for number in range(1, 13):
            later = template.began_at + timedelta(days=number)
            ended = {"ended_at": later, "outcome": "withdrawn" if number <= 2 else "completed"} if number <= 8 else {}
            case_id = f"{number:08d}-0000-4000-8000-000000000000"
            session.add(like(template, id=case_id, **ended))
            session.flush()
            session.add(like(begun, id=f"{number:08d}-1111-4000-8000-000000000000", case_id=case_id))
            session.add(like(moved, id=f"{number:08d}-2222-4000-8000-000000000000", case_id=case_id, at=later))
    more = office.call("teacher", "GET", path)
    assert more["cases"] == 13
    assert more["by_outcome"] == {"completed": None, "withdrawn": None}
    assert [one["now_here"] for one in more["stages"] if one["stage"] == "applied"] == [5]
    # Of 13 stays the middle one, of six completed the mean of the two in the middle; and two who left are too few.
    assert [(one["median_days"], one["ended_here"]) for one in more["stages"]] == [(None, 0), (6.0, None)]
    assert more["median_days_to_completion"] == 5.5
    assert more["median_days_to_first_badge"] is None


def like(row: Table, **otherwise: object) -> Table:
    """Another row that differs from this one in these columns."""
    columns = {one.key: getattr(row, one.key) for one in type(row).__mapper__.column_attrs}
    return type(row)(**{**columns, **otherwise})


def test_a_case_is_drawn_for_who_may_see_it(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    headers = {"Authorization": f"Bearer {office.made.keys['coach']}"}
    answered = world.http.get(f"/v1/cases/{case_id}/diagram.svg?lang=nl", headers=headers)
    assert answered.headers["content-type"].startswith("image/svg+xml")
    assert "hier" in answered.text


def test_what_is_recognised_is_not_learned_again(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "applied")
    here = world.installation
    with here.transaction() as session:
        exempted = exempt_on_path(
            session,
            person_id=office.ids["candidate"],
            module_id=office.modules["basic"],
            decision_id=case_id,
            caller=office.caller("teacher"),
            doing=doing_in(here, "candidate-path"),
        )
    assert exempted
    office.until(case_id, "go_no_go")
    assert "module_result" not in office.case(case_id)["facts"]
