"""A kick-off and a return event that are planned: who comes is invited, told of what becomes of it, and reminded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.jobs.port import REMIND
from issuer_service.notices.tables import Notice
from issuer_service.workflow.candidate.definition import candidate_path, earlier_candidate_paths, surroundings
from issuer_service.workflow.candidate.meetings import REMIND_WITHIN
from issuer_service.workflow.process.checking import check_definition
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.library import latest
from tests.service.conftest import World
from tests.service.notices.posting import notices, value
from tests.service.workflow.office import Office

PLAN = {"starts_at": "2026-12-10T09:30+01:00", "hours": 3, "location": "Lokaal 1", "words": "Neem je pasje mee."}


def enrolled(world: World, stage: str = "tripartite_signed") -> tuple[Office, str]:
    """Somebody who is a learner at a provider, and their case."""
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, stage)
    return office, case_id


def told(world: World) -> list[Notice]:
    """What was told of meetings, in the order in which it was."""
    found = notices(world, "path-meeting")
    return sorted(found, key=lambda one: (one.written_at, one.round, one.purpose))


def purposes(world: World) -> list[str]:
    return [one.purpose.removeprefix("path-meeting-") for one in told(world)]


def plan(office: Office, case_id: str, what: str = "kickoff_plan", **changed: Any) -> None:
    office.step("teacher", case_id, "record", what, **{**PLAN, **changed})
    office.world.clock.moment += timedelta(minutes=1)


def remind(world: World) -> None:
    # As often as it is asked, it is told once.
    for _ in range(2):
        world.handlers[REMIND]("")


def test_who_comes_is_invited_once_told_again_when_it_is_moved_and_when_it_is_called_off(world: World) -> None:
    office, case_id = enrolled(world)
    plan(office, case_id)
    plan(office, case_id)
    plan(office, case_id, starts_at="2026-12-11T13:00+01:00", location="Lokaal 2")
    office.step("coach", case_id, "record", "kickoff_called_off", reason="De docent is ziek.")
    invited, moved, cancelled = told(world)
    assert purposes(world) == ["planned", "moved", "cancelled"]
    assert {one.person_id for one in (invited, moved, cancelled)} == {office.ids["candidate"]}
    assert invited.subject == "Kick-off op donderdag 10 december 2026, 09:30 tot 12:30 uur: P"
    assert "Waar: Lokaal 1\n\nToelichting: Neem je pasje mee." in invited.body
    assert "vrijdag 11 december 2026, 13:00 tot 16:00 uur" in moved.body
    assert "Reden: De docent is ziek." in cancelled.body
    # Nobody reads where it was to be after hearing that it is elsewhere.
    assert [one.state for one in (invited, moved, cancelled)] == ["dropped", "dropped", "waiting"]
    calendars = [one.calendar for one in (invited, moved, cancelled)]
    assert len({value(one, "UID") for one in calendars}) == 1
    numbers = [int(value(one, "SEQUENCE")) for one in calendars]
    assert numbers == sorted(set(numbers))
    assert [value(one, "STATUS") for one in calendars] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert value(calendars[1], "DTSTART") == "20261211T120000Z"


def test_who_was_invited_before_is_reminded_in_the_last_two_days_of_when_it_is(world: World) -> None:
    office, case_id = enrolled(world)
    plan(office, case_id, starts_at="2026-12-04T09:30+01:00")
    plan(office, case_id)
    began = world.clock.moment
    for days, said in ((2, 0), (13, 0), (18.5, 1), (19, 1)):
        world.clock.moment = began.replace(hour=9, minute=0) + timedelta(days=days)
        remind(world)
        assert purposes(world).count("reminder") == said, f"{days} days later"
    reminder = told(world)[-1]
    assert reminder.subject == "Binnenkort: Kick-off, donderdag 10 december 2026, 09:30 tot 12:30 uur"
    assert reminder.calendar == ""


def test_of_what_is_told_within_two_days_was_held_or_called_off_nobody_is_reminded(world: World) -> None:
    office, case_id = enrolled(world)
    plan(office, case_id)
    office.step("teacher", case_id, "record", "kickoff_called_off")
    plan(office, case_id)
    office.step("teacher", case_id, "record", "kickoff", held_on="2026-11-20")
    office.until(case_id, "contracted")
    office.step("employer", case_id, "move", "begin_work")
    soon = world.clock() + REMIND_WITHIN - timedelta(hours=1)
    plan(office, case_id, "return_event_plan", starts_at=soon.isoformat(timespec="minutes"))
    world.clock.moment += timedelta(hours=1)
    remind(world)
    world.clock.moment = world.clock.moment.replace(year=2026, month=12, day=9)
    remind(world)
    assert purposes(world) == ["planned", "cancelled", "planned", "planned"]


def test_each_return_event_is_another_meeting_and_whoever_stops_hears_that_it_is_not_for_them(world: World) -> None:
    office, case_id = enrolled(world, "contracted")
    office.step("employer", case_id, "move", "begin_work")
    plan(office, case_id, "return_event_plan")
    office.step("teacher", case_id, "record", "return_event_attended", held_on="2026-11-20")
    plan(office, case_id, "return_event_plan", starts_at="2027-01-10T09:30+01:00")
    office.step("teacher", case_id, "move", "stop")
    found = [one for one in told(world) if "Terugkombijeenkomst" in one.subject]
    assert [one.purpose for one in found] == [
        "path-meeting-planned",
        "path-meeting-planned",
        "path-meeting-cancelled",
    ]
    first, second, off = [value(one.calendar, "UID") for one in found]
    assert first != second
    assert off == second


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": "2026-11-19T09:30+01:00"}, "what is planned has to be yet to come"),
        ({"starts_at": "2026-12-10T09:30"}, "data.starts_at: give a moment"),
        ({"starts_at": "2026-12-10T25:30Z"}, "data.starts_at: give a moment"),
        ({"hours": 25}, "data.hours: give a number from 0 to 24"),
        ({"location": " "}, "data.location: give a text"),
    ],
)
def test_a_plan_without_a_moment_to_come_a_length_and_a_place_is_refused(
    world: World, changed: dict[str, Any], field: str
) -> None:
    office, case_id = enrolled(world)
    refused = office.step("teacher", case_id, "record", "kickoff_plan", expect=422, **{**PLAN, **changed})
    assert field in str(refused)
    assert told(world) == []


def test_a_path_that_began_under_the_first_version_goes_on_as_it_was_and_the_next_begins_under_the_second(
    world: World,
) -> None:
    office, here = Office(world, "katapult"), world.installation
    (first,) = earlier_candidate_paths()
    with here.transaction() as session:
        given: dict[str, Any] = {
            "organisation_id": office.made.organisation,
            "now": here.now(),
            "randomness": here.randomness,
        }
        old = latest(session, first, **given)
        # The version that travels with the code is not taken over from who has one of their own.
        assert latest(session, candidate_path(), **given).id == old.id
        old_id = old.id
    case_id = office.begin()
    assert office.case(case_id)["version"] == 2
    with here.transaction() as session:
        found = latest(session, candidate_path(), **given, earlier=earlier_candidate_paths())
        assert (found.version, found.id != old_id) == (2, True)
    office.until(case_id, "enrolled")
    move_back = {"to_definition_id": old_id, "rehearse": False}
    office.call("administrator", "POST", f"/v1/process-definitions/{found.id}/moves", move_back)
    assert office.case(case_id)["version"] == 1
    for day in ("2026-11-19", "2026-12-01"):
        office.step("teacher", case_id, "record", "kickoff", held_on=day)
    (kick_off,) = notices(world, "path-kickoff")
    assert "op 01-12-2026" in kick_off.subject
    office.until(case_id, "finished")


def test_a_definition_that_plans_without_what_an_invitation_says_is_refused() -> None:
    plain = candidate_path().model_dump(mode="json", by_alias=True)
    task = next(one for one in plain["tasks"] if one["key"] == "kickoff_plan")
    task["fields"] = [one for one in task["fields"] if one["key"] != "location"]
    task["fields"][1]["most"] = None
    task["plans"]["invites"] = ["teacher"]
    task["form"] = "series"
    assert check_definition(Definition.model_validate(plain), surroundings()) == (
        "tasks.kickoff_plan: what is planned is recorded, and again when it is moved: its form is record",
        "tasks.kickoff_plan: what plans a meeting has a required field `hours` that is a number, with `most`",
        "tasks.kickoff_plan: what plans a meeting has a required field `location` that is a text",
        "tasks.kickoff_plan.plans: teacher is no personal role",
    )


def test_the_first_version_can_be_used_as_well() -> None:
    assert [check_definition(one, surroundings()) for one in earlier_candidate_paths()] == [()]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_soon_is_found_by_its_moment(world: World) -> None:
    """And not by looking through every notice that was ever written. PostgreSQL looks through a table of few rows."""
    with world.installation.reading() as session:
        soon = select(Notice.id).where(Notice.purpose.in_(["a", "b"]), Notice.until > world.clock())
        text = soon.compile(session.get_bind(), compile_kwargs={"literal_binds": False, "render_postcompile": True})
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("a", "b", "2026"))
        assert "notice_until" in " ".join(str(row) for row in rows)
