"""Paths that do not go as hoped, over HTTP: a no-go at go/no-go, no match, another company, and giving up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.clock import os_randomness
from issuer_service.issuance.tables import Award
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_person
from issuer_service.people.tables import Membership
from issuer_service.workflow.process.service import events_of, state_of
from issuer_service.workflow.process.state import replay
from issuer_service.workflow.process.tables import ProcessCase
from tests.service.conftest import LEVELS, World
from tests.service.notices.posting import notices
from tests.service.workflow.office import Office


def awards_of(office: Office) -> list[str]:
    """What was awarded to the candidate, after all jobs were done."""
    office.world.jobs.do_all(office.world.handlers)
    with office.world.installation.reading() as session:
        return sorted(session.scalars(select(Award.id).where(Award.person_id == office.ids["candidate"])))


def said(refused: Any) -> list[str]:
    """The reasons of a refusal."""
    return [one["detail"] for one in refused["findings"]]


def waits(office: Office, role: str) -> list[str]:
    """What stands on somebody's work list."""
    return [one["what"] for one in office.call(role, "GET", "/v1/tasks")["items"]]


def told(office: Office, role: str, purpose: str) -> int:
    """How often somebody was written to about this."""
    return sum(one.person_id == office.ids[role] for one in notices(office.world, f"path-{purpose}"))


def roles_of(office: Office, *, ended: bool) -> set[str]:
    """What the candidate is, or is no more."""
    with office.world.installation.reading() as session:
        query = select(Membership).where(Membership.person_id == office.ids["candidate"])
        return {one.role for one in session.scalars(query) if (one.ended_at is not None) is ended}


def agreed(office: Office) -> None:
    """The company signs the agreement and comes to the job market."""
    office.until(office.begin("company-path", "employer"), "attending")


def another_company(office: Office) -> None:
    """Whoever is the company from here on; the one before it is `first`."""
    here = office.world.installation
    with here.transaction() as session:
        member = add_person(
            session,
            name="Iemand anders",
            email="ander@office.example",
            organisation_id=office.made.organisation,
            role=Role.EMPLOYER,
            randomness=os_randomness,
        )
        key = make_key(session, member, now=here.now(), randomness=os_randomness).secret
    office.ids = {**office.ids, "employer": member.person_id, "first": office.ids["employer"]}
    keys = {**office.made.keys, "employer": key, "first": office.made.keys["employer"]}
    office.made = replace(office.made, ids=office.ids, keys=keys)
    agreed(office)


@pytest.mark.both_databases
@pytest.mark.parametrize("preset", ["mhw", "katapult"])
def test_after_a_no_go_the_path_is_over_and_the_badge_of_the_basic_module_stays(world: World, preset: str) -> None:
    office = Office(world, preset)
    office.settle(certificate_ulo_version_id=office.certificate)
    agreed(office)
    case_id = office.begin()
    enrolment_id = office.until(case_id, "go_no_go")["enrolment_id"]
    badges = awards_of(office)
    assert len(badges) == 1

    # It takes three voices of three people, and then the decision that they took together.
    report: dict[str, Any] = {"decision": "no_go", "progress": "De praktijk bleef achter."}
    refused = office.step("teacher", case_id, "record", "go_no_go_report", expect=422, **report)
    assert "learner, teacher and coach did not all three say theirs yet" in said(refused)
    for role, opinion in (("learner", "go"), ("teacher", "no_go"), ("coach", "no_go")):
        grounds = f"Wat {role} ervan vindt"
        office.step(role, case_id, "record", "opinions", opinion=opinion, grounds=grounds)
    refused = office.step("teacher", case_id, "move", "no_go", expect=422)
    assert "the decision was not recorded yet" in " ".join(said(refused))
    office.step("teacher", case_id, "record", "go_no_go_report", **report)
    refused = office.step("teacher", case_id, "move", "go", expect=422)
    assert "the decision is no go" in said(refused)
    office.step("coach", case_id, "move", "no_go", expect=403)
    stopped = office.step("teacher", case_id, "move", "no_go")["case"]

    assert (stopped["stage"], stopped["outcome"], stopped["waiting"]) == ("stopped", "stopped", [])
    # Why each said what they said is nobody else's.
    seen_by_company = office.call("am_companies", "GET", f"/v1/cases/{case_id}/events")
    assert "ervan vindt" not in str(seen_by_company)
    for role in ("learner", "teacher", "coach", "am_candidates", "employer"):
        assert case_id not in [one["case_id"] for one in office.call(role, "GET", "/v1/tasks")["items"]], role
    assert told(office, "candidate", "stopped") == 1
    # What was earned stays, nothing is added, and nothing is taken any more.
    assert awards_of(office) == badges
    body = {"enrolment_id": enrolment_id, "module_id": office.modules["advanced"], "levels": LEVELS}
    office.call("teacher", "POST", "/v1/module-results", body, expect=422)
    world.jobs.repeat_everything(world.handlers)
    assert awards_of(office) == badges
    assert "learner" in roles_of(office, ended=False)
    with world.installation.reading() as session:
        case = session.get_one(ProcessCase, case_id)
        assert replay(events_of(session, case)) == state_of(case)


def test_who_was_stopped_by_a_no_go_may_begin_anew_as_the_learner_that_they_were(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    before = office.until(case_id, "go_no_go")
    for role in ("learner", "teacher", "coach"):
        office.step(role, case_id, "record", "opinions", opinion="no_go")
    office.step("teacher", case_id, "record", "go_no_go_report", decision="no_go")
    office.step("teacher", case_id, "move", "no_go")
    again = office.begin()
    assert office.until(again, "enrolled")["enrolment_id"] == before["enrolment_id"]
    # What was passed on the path before is not passed on this one; a teacher may exempt from it for the badge.
    assert "module_result" not in office.case(again)["facts"]
    (badge,) = awards_of(office)
    data: dict[str, Any] = {"module": office.modules["basic"], "grounds": "earlier_badge", "decision": badge}
    office.step("teacher", again, "record", "exemption", **data)
    office.until(again, "advanced_modules")
    body = {"enrolment_id": before["enrolment_id"], "module_id": office.modules["advanced"], "levels": LEVELS}
    office.call("teacher", "POST", "/v1/module-results", body)
    office.step("teacher", again, "move", "certify")
    assert len(awards_of(office)) == 2


@pytest.mark.both_databases
def test_after_no_match_the_candidate_tries_again_is_not_trained_twice_and_goes_on_with_another_company(
    world: World,
) -> None:
    office = Office(world)
    agreed(office)
    case_id = office.begin()
    office.until(case_id, "preferences_given")
    # A11: each wishes another. A match of one-sided wishes is refused, and they go back to A8.
    office.step("am_companies", case_id, "record", "employer_preferences", employers=[office.ids["coach"]])
    assert "the wish is not mutual" in said(
        office.step("am_candidates", case_id, "record", "match", expect=422, employer=office.ids["employer"])
    )
    refused = office.step("candidate", case_id, "move", "retry", expect=403)
    assert "am_candidates" in refused["detail"]
    back = office.step("am_candidates", case_id, "move", "retry", explanation="geen klik")["case"]
    assert back["stage"] == "selected"
    assert {"candidate_preferences", "employer_preferences", "match"}.isdisjoint(back["facts"])
    assert "application_training_attended" in back["facts"]
    refused = office.step("am_candidates", case_id, "move", "train", expect=422)
    assert "the application training was attended already" in said(refused)
    assert [one["what"] for one in back["waiting"]] == ["to_job_market"]

    # The second time there is another company; each is told once, and of the second job market too.
    another_company(office)
    office.until(case_id, "matched")
    assert told(office, "candidate", "application-training-invitation") == 1
    assert told(office, "candidate", "job-market-programme") == 2
    assert (told(office, "candidate", "match-candidate"), told(office, "employer", "match-employer")) == (1, 1)
    assert told(office, "first", "match-employer") == 0
    office.call("first", "GET", f"/v1/cases/{case_id}", expect=404)
    assert office.until(case_id, "enrolled")["enrolment_id"]


@pytest.mark.both_databases
def test_whom_a_company_does_not_take_is_matched_anew_and_that_company_sees_nothing_of_them_any_more(
    world: World,
) -> None:
    office = Office(world)
    agreed(office)
    case_id = office.begin()
    office.until(case_id, "applying")
    office.step("employer", case_id, "record", "application_outcome", outcome="not_accepted")
    refused = office.step("am_candidates", case_id, "move", "sign_intent", expect=422)
    assert "the company did not take the candidate" in said(refused)
    assert "retry" in waits(office, "am_candidates")
    office.step("am_candidates", case_id, "move", "retry")
    another_company(office)
    office.call("first", "GET", f"/v1/cases/{case_id}", expect=404)
    # Of its own path it goes on to see everything.
    assert [one["process"] for one in office.call("first", "GET", "/v1/cases")["items"]] == ["company-path"]
    assert waits(office, "first") == ["preferences"]
    office.until(case_id, "matched")
    assert told(office, "candidate", "match-candidate") == 2
    assert (told(office, "first", "match-employer"), told(office, "employer", "match-employer")) == (1, 1)
    office.until(case_id, "intent_signed")


@pytest.mark.parametrize("stage", ["matched", "applying"])
def test_who_stops_without_a_match_is_a_candidate_no_more_and_no_company_sees_them(world: World, stage: str) -> None:
    office = Office(world)
    agreed(office)
    case_id = office.begin()
    office.until(case_id, stage)
    office.call("employer", "GET", f"/v1/cases/{case_id}")
    ended = office.step("am_candidates", case_id, "move", "give_up_matching")["case"]
    assert (ended["outcome"], ended["waiting"]) == ("no_match", [])
    assert told(office, "candidate", "no-match") == 1
    assert roles_of(office, ended=True) == {"candidate"}
    office.call("employer", "GET", f"/v1/cases/{case_id}", expect=404)
    assert awards_of(office) == []
    # Another time it may be another company.
    assert office.case(office.begin())["stage"] == "interested"
