"""What happens on a path is told to whom it concerns, once; and what is due is reminded of."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import event, select

from issuer_service.jobs.port import REMIND
from issuer_service.notices.tables import Notice
from issuer_service.people.consent import Purpose, give_consent
from issuer_service.workflow.process.reminding import LATE_FOR
from issuer_service.workflow.process.tables import CaseTask
from tests.service.conftest import World
from tests.service.notices.posting import notices
from tests.service.workflow.office import Office


def told(office: Office, role: str, prefix: str = "path-") -> Counter[str]:
    """By purpose, how often somebody in that role was written to."""
    found = [one for one in notices(office.world, prefix) if one.person_id == office.ids[role]]
    return Counter(one.purpose.removeprefix(prefix) for one in found)


def test_along_the_whole_path_each_hears_what_concerns_them_once(world: World) -> None:
    office = Office(world)
    office.until(office.begin("company-path", "employer"), "attending")
    case_id = office.begin()
    office.until(case_id, "evaluated")
    assert told(office, "candidate") == Counter(
        [
            "information",
            "application-received",
            "scan-invitation",
            "intake-invitation",
            "selected",
            "application-training-invitation",
            "job-market-programme",
            "match-candidate",
            "enrolment-link",
            "start-package",
            "controller-notice",
            *["meeting-planned"] * 2,
            "learning-completed",
        ]
    )
    # Of progress nothing: the learner did not agree that this company is told.
    assert told(office, "employer") == Counter(
        ["company-invitation", "job-market-programme", "match-employer", "conversion-of-intent-due"]
    )
    with world.installation.reading() as session:
        bodies = "".join(session.scalars(select(Notice.body).where(Notice.person_id == office.ids["employer"])))
    assert "Iemand candidate" not in bodies


def test_a_company_hears_of_progress_with_the_learners_consent(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    here = world.installation
    with here.transaction() as session:
        give_consent(
            session,
            office.ids["candidate"],
            Purpose.EMPLOYER,
            wording="2026-1",
            organisation_id=office.made.organisation,
            recorded_by=office.ids["candidate"],
            now=here.now(),
            randomness=here.randomness,
            recipient="Iemand employer",
        )
    office.until(case_id, "advanced_modules")
    assert told(office, "employer")["progress"] == 1
    (consent,) = office.call("candidate", "GET", "/v1/me/consents")["items"]
    office.call("candidate", "POST", f"/v1/me/consents/{consent['id']}/withdrawal")
    (progress,) = notices(world, "path-progress")
    assert (progress.state, progress.last_outcome) == ("dropped", "the consent was taken back")


def test_who_withdraws_hears_that_what_they_earned_remains_theirs(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(case_id, "applied")
    office.step("candidate", case_id, "move", "withdraw")
    (goodbye,) = notices(world, "path-withdrawal")
    assert "blijven van jou" in goodbye.body


def due_tasks(world: World, *conditions: object) -> list[CaseTask]:
    with world.installation.reading() as session:
        return list(session.scalars(select(CaseTask).where(*conditions).order_by(CaseTask.due_at)))  # type: ignore[arg-type]  # conditions


def test_whose_task_was_due_is_reminded_once_late_where_a_turn_was_missed(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "intent_signed")
    mine = due_tasks(world, CaseTask.person_id == office.ids["candidate"])[0]

    def turn(to: timedelta) -> list[str]:
        """What was reminded of when it is so long after the task was due."""
        world.clock.moment = mine.due_at + to
        for _ in range(2):
            world.handlers[REMIND]("")
        return [one.about_id for one in notices(world, "task-due")]

    assert turn(timedelta(hours=-1)) == []
    assert turn(LATE_FOR) == [], "so late that nobody can expect it any more"
    assert turn(timedelta(days=3)) == [mine.id]
    assert turn(timedelta(days=1)) == [mine.id], "not again for a clock that was set back"
    (reminder,) = notices(world, "task-due")
    assert "wacht nog op je" in reminder.body


def test_what_was_done_is_not_reminded_of(world: World) -> None:
    office = Office(world, "katapult")
    case_id = office.begin()
    office.until(case_id, "intent_signed")
    (mine,) = due_tasks(world, CaseTask.person_id == office.ids["candidate"])
    office.until(case_id, "enrolled")
    world.clock.moment = mine.due_at + timedelta(days=1)
    world.handlers[REMIND]("")
    assert mine.id not in {one.about_id for one in notices(world, "task-due")}


def test_staff_are_told_in_the_morning_how_many_tasks_came_due_since_the_last_time(world: World) -> None:
    office = Office(world, "katapult")
    office.begin()
    tasks = due_tasks(world, CaseTask.role == "am_candidates")
    assert tasks
    digests = []
    for days, hour in ((1, 4), (1, 8), (1, 12), (2, 9), (3, 9)):
        world.clock.moment = tasks[-1].due_at.replace(hour=hour) + timedelta(days=days)
        world.handlers[REMIND]("")
        digests.append(len([one for one in notices(world, "work-due") if one.person_id == office.ids["am_candidates"]]))
    assert digests == [0, 1, 1, 1, 1]
    (digest,) = (one for one in notices(world, "work-due") if one.person_id == office.ids["am_candidates"])
    assert digest.subject == f"Op je werklijst: {len(tasks)} over tijd"


def test_when_staff_were_last_told_is_a_stretch_of_an_index_and_not_all_that_was_ever_told(world: World) -> None:
    office = Office(world, "katapult")
    office.begin()
    (task, *_) = due_tasks(world, CaseTask.role == "am_candidates")
    world.clock.moment = task.due_at.replace(hour=9) + timedelta(days=1)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = world.installation.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        world.handlers[REMIND]("")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert notices(world, "work-due")
    (of_staff,) = (one for one in asked if "max(notice.written_at)" in one)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            values = ("2026",) * of_staff.count("?")
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {of_staff}", values)]
        (of_notices,) = (line for line in plan if " notice " in line)
        assert "(person_id=? AND purpose=? AND about_id=? AND round>?)" in of_notices
