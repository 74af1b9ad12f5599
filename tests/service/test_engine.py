"""Workers take over from the dead, schedules are kept by one of them, and lost work is found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

from sqlalchemy import delete, select, update

from issuer_service.awarding.gather import gather_events
from issuer_service.bootstrap import LOST_AFTER, resume_lost_work, schedule_upkeep
from issuer_service.delivery.tables import Offer
from issuer_service.issuance.gather import gather
from issuer_service.issuance.tables import Award, Credential, ReverificationFinding
from issuer_service.jobs.dbos_engine import DbosJobs
from issuer_service.jobs.gatherer import gathering
from issuer_service.jobs.keeper import DEAD_AFTER, Keeper
from issuer_service.jobs.port import BULK, GATHER, OFFER, RECONCILE, REVERIFY, SEND_NOTICES, SIGN, SIGN_ONE, JobState
from issuer_service.jobs.schedule import start_due
from issuer_service.jobs.tables import ScheduledJob, Worker
from issuer_service.verifying.again import latest_round
from openbadges_kit.documents import parse_json_object
from tests.service.conftest import World

MINUTE = timedelta(minutes=1)
NOWHERE = "00000000-0000-4000-8000-000000000000"


class Stopwatch:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def keeper(world: World, executor: str, stopwatch: Stopwatch) -> Keeper:
    here = world.installation
    return Keeper(here.engine, world.jobs, executor=executor, now=here.now, monotonic=stopwatch)


def workers(world: World) -> set[str]:
    with world.installation.reading() as session:
        return set(session.scalars(select(Worker.executor)))


class TestTakingOver:
    def test_the_jobs_of_a_silent_worker_are_begun_again_by_another(self, world: World) -> None:
        stopwatch = Stopwatch()
        living, silent = keeper(world, "living", stopwatch), keeper(world, "silent", stopwatch)
        silent.beat()
        world.jobs.begun_by = {"sign:1": "silent", "sign:2": "living"}
        living.turn()
        stopwatch.seconds += DEAD_AFTER.total_seconds()
        living.turn()
        assert world.jobs.begun_by == {"sign:1": "silent", "sign:2": "living"}
        stopwatch.seconds += 1
        living.turn()
        assert world.jobs.begun_by == {"sign:2": "living"}
        assert workers(world) == {"living"}

    def test_a_worker_that_wakes_after_it_was_buried_is_one_of_them_again(self, world: World) -> None:
        stopwatch = Stopwatch()
        living, frozen = keeper(world, "living", stopwatch), keeper(world, "frozen", stopwatch)
        frozen.beat()
        living.turn()
        stopwatch.seconds += DEAD_AFTER.total_seconds() + 1
        living.turn()
        frozen.turn()
        assert workers(world) == {"living", "frozen"}

    def test_a_clock_that_jumps_kills_nobody(self, world: World) -> None:
        stopwatch = Stopwatch()
        first, second = keeper(world, "first", stopwatch), keeper(world, "second", stopwatch)
        second.beat()
        first.turn()
        world.clock.advance(timedelta(days=400))
        first.turn()
        world.clock.advance(timedelta(days=-800))
        first.turn()
        assert workers(world) == {"first", "second"}

    def test_the_jobs_of_a_worker_that_left_are_begun_again_at_once(self, world: World) -> None:
        stopwatch = Stopwatch()
        living, leaving = keeper(world, "living", stopwatch), keeper(world, "leaving", stopwatch)
        leaving.beat()
        world.jobs.begun_by = {"sign:1": "leaving"}
        leaving.leave()
        living.turn()
        assert world.jobs.begun_by == {}


class TestSchedules:
    def due(self, world: World) -> list[str]:
        with world.installation.transaction() as session:
            return start_due(session, world.jobs, now=world.clock())

    def test_whoever_asks_first_starts_it_and_nobody_else(self, world: World) -> None:
        schedule_upkeep(world.installation)
        assert RECONCILE in self.due(world)
        assert self.due(world) == []
        world.clock.advance(MINUTE)
        assert set(self.due(world)) == {RECONCILE, SEND_NOTICES}

    def test_turns_that_were_missed_are_not_made_up_for(self, world: World) -> None:
        schedule_upkeep(world.installation)
        world.clock.advance(timedelta(hours=5))
        assert RECONCILE in self.due(world)
        assert self.due(world) == []

    def test_a_clock_that_is_set_back_stops_no_schedule(self, world: World) -> None:
        schedule_upkeep(world.installation)
        self.due(world)
        world.clock.advance(timedelta(days=-30))
        assert RECONCILE in self.due(world)

    def test_each_turn_is_a_job_of_its_own(self, world: World) -> None:
        schedule_upkeep(world.installation)
        for _ in range(3):
            self.due(world)
            world.clock.advance(MINUTE)
        assert {f"{RECONCILE}:{turn}" for turn in (1, 2, 3)} <= set(world.jobs.taken)
        with world.installation.reading() as session:
            assert session.get_one(ScheduledJob, RECONCILE).runs == 3


class TestReconciling:
    def approved(self, world: World) -> str:
        world.pass_module()
        award: str = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        return award

    def test_a_badge_whose_job_was_lost_is_made_after_all(self, world: World) -> None:
        award = self.approved(world)
        world.jobs.states.clear()
        world.jobs.taken.clear()
        assert resume_lost_work(world.installation) == 0
        world.clock.advance(LOST_AFTER + MINUTE)
        assert resume_lost_work(world.installation) == 1
        world.jobs.do_all(world.handlers)
        assert world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"] is not None

    def test_a_badge_that_was_signed_and_not_offered_is_offered_after_all(self, world: World) -> None:
        self.approved(world)
        world.jobs.do_all(world.handlers)
        with world.installation.transaction() as session:
            session.execute(delete(Offer))
        world.clock.advance(LOST_AFTER + MINUTE)
        assert resume_lost_work(world.installation) == 1
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            assert len(session.scalars(select(Offer.credential_id)).all()) == 1

    def test_a_job_that_waits_is_not_enqueued_again(self, world: World) -> None:
        self.approved(world)
        world.handlers[GATHER]("")
        world.clock.advance(LOST_AFTER + MINUTE)
        for _ in range(3):
            assert resume_lost_work(world.installation) == 0

    def test_an_event_nobody_looked_at_an_offer_and_a_notice_are_found_too(self, world: World) -> None:
        self.lose(world, "award", world.pass_module)
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        self.lose(world, SIGN_ONE, lambda: world.call("POST", f"/v1/awards/{award}/approval", expect=200))
        credential = world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"]
        path = f"/v1/credentials/{credential}/revocation"
        self.lose(world, "notify", lambda: world.call("POST", path, {"reason": "x"}, expect=200))
        self.lose(world, "publish-status-list", lambda: None)

    def lose(self, world: World, lost: str, act: Callable[[], object]) -> None:
        """Act, lose the jobs of that kind, and see that they are done after all."""
        kept = world.handlers
        world.handlers = {**kept, lost: lambda _: None}
        act()
        world.jobs.do_all(world.handlers)
        world.handlers = kept
        world.clock.advance(LOST_AFTER + MINUTE)
        resume_lost_work(world.installation)
        world.jobs.do_all(world.handlers)
        world.clock.advance(LOST_AFTER + MINUTE)
        assert resume_lost_work(world.installation) == 0


class TestChunks:
    def test_awards_that_are_approved_one_at_a_time_are_gathered_and_signed_by_one_job(self, world: World) -> None:
        for enrolment in (0, 1):
            world.pass_module(enrolment)
        for award in world.call("GET", "/v1/awards", expect=200)["items"]:
            world.call("POST", f"/v1/awards/{award['id']}/approval", expect=200)
        world.jobs.do_all(world.handlers)
        assert sum(job == SIGN_ONE for job, _ in world.jobs.taken.values()) == 1
        with world.installation.reading() as session:
            assert len(session.scalars(select(Credential.id)).all()) == 2

    def test_what_was_gathered_is_not_gathered_again(self, world: World) -> None:
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        assert gather(world.installation) == 0
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        assert [gather(world.installation) for _ in range(2)] == [1, 0]

    def two_approved(self, world: World) -> list[str]:
        world.pass_module(0)
        world.pass_module(1)
        awards = [award["id"] for award in world.call("GET", "/v1/awards", expect=200)["items"]]
        body = {"award_ids": [*awards, NOWHERE]}
        done = world.call("POST", "/v1/award-approvals", body, expect=200)
        assert sorted(done["approved"]) == sorted(awards)
        assert done["refused"] == {NOWHERE: "there is no such award"}
        return awards

    def test_awards_that_are_approved_together_are_signed_by_one_job(self, world: World) -> None:
        self.two_approved(world)
        assert sum(job == SIGN for job, _ in world.jobs.taken.values()) == 1
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            assert len(session.scalars(select(Credential.id)).all()) == 2

    def test_one_that_was_changed_in_storage_is_not_signed_and_does_not_stop_the_other(self, world: World) -> None:
        changed, sound = self.two_approved(world)
        with world.installation.transaction() as session:
            award = session.get_one(Award, changed)
            award.document = award.document.replace(b'"awardedDate"', b'"awardedDat3"')
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            assert list(session.scalars(select(Credential.award_id))) == [sound]
            assert session.get_one(Award, changed).problem

    def test_signed_again_a_badge_is_the_same_to_the_byte(self, world: World) -> None:
        self.two_approved(world)
        world.jobs.do_all(world.handlers)
        before = self.documents(world)
        with world.installation.transaction() as session:
            chunk = session.scalars(select(Award.signing_chunk)).first()
            for table in (Offer, Credential):
                session.execute(delete(table))
        world.handlers[SIGN](str(chunk))
        assert self.documents(world) == before

    def documents(self, world: World) -> dict[str, bytes]:
        with world.installation.reading() as session:
            return {one.award_id: one.document for one in session.scalars(select(Credential))}


class TestGathering:
    def test_a_database_that_is_away_for_a_moment_ends_no_gathering(self) -> None:
        tried, tried_again = Event(), Event()

        def gather_in_vain() -> None:
            (tried_again if tried.is_set() else tried).set()
            raise ConnectionError

        with gathering(gather_in_vain):
            assert tried_again.wait(timeout=60)

    def test_two_workers_that_gather_at_once_take_each_event_and_each_award_once(self, world: World) -> None:
        for enrolment in (0, 1):
            world.record_result(enrolment)
        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(lambda _: gather_events(world.installation), range(4))) == 2
        world.jobs.do_all(world.handlers)
        for award in world.call("GET", "/v1/awards", expect=200)["items"]:
            world.call("POST", f"/v1/awards/{award['id']}/approval", expect=200)
        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(lambda _: gather(world.installation), range(4))) == 2
        world.jobs.do_all(world.handlers)
        assert sum(job == SIGN_ONE for job, _ in world.jobs.taken.values()) in {1, 2}


class TestVerifyingAgain:
    def test_what_changed_in_storage_is_found_and_reported(self, world: World) -> None:
        sound, damaged, revoked = world.issue_badge(0), world.issue_badge(1), None
        with world.installation.transaction() as session:
            document = session.get_one(Credential, damaged).document
            assert b"Voorbeeld Opleider" in document
            changed = document.replace(b"Voorbeeld Opleider", b"Voorbeeld Ontleder")
            session.execute(update(Credential).where(Credential.id == damaged).values(document=changed))
        world.call("POST", f"/v1/credentials/{sound}/revocation", {"reason": "vergissing"}, expect=200)
        world.jobs.do_all(world.handlers)
        world.handlers[REVERIFY]("")
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            latest = latest_round(session)
        assert latest is not None
        done, findings = latest
        assert (done.checked, done.failed, done.finished_at is not None) == (2, 1, True)
        assert [finding.credential_id for finding in findings] == [damaged]
        assert "proof-invalid" in findings[0].reasons
        assert revoked is None

    def test_a_round_that_was_cut_off_goes_on_where_it_was(self, world: World) -> None:
        world.issue_badge()
        world.handlers[REVERIFY]("")
        for key in [key for key, (job, _) in world.jobs.taken.items() if job == REVERIFY]:
            world.jobs.states[key] = JobState.FAILED
        world.handlers[REVERIFY]("")
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            latest = latest_round(session)
            assert session.scalars(select(ReverificationFinding)).all() == []
        assert latest is not None
        assert (latest[0].checked, latest[0].finished_at is not None) == (1, True)


def test_what_somebody_waits_for_does_not_stand_behind_a_bulk_run(world: World) -> None:
    jobs = DbosJobs(world.installation.engine)
    with world.installation.transaction() as session:
        for job in (BULK, SIGN, SIGN_ONE, OFFER):
            jobs.enqueue(session, job, "it", key=job)
    queue_of = {one.workflow_id: one.queue_name for one in jobs._client.list_workflows(load_input=False)}
    assert queue_of[BULK] == queue_of[SIGN] != queue_of[SIGN_ONE] == queue_of[OFFER]


def test_what_is_signed_is_still_what_was_accepted(world: World) -> None:
    credential = world.issue_badge()
    with world.installation.reading() as session:
        row = session.get_one(Credential, credential)
        award = session.get_one(Award, row.award_id)
    signed = parse_json_object(row.document)
    signed.pop("proof")
    assert signed == parse_json_object(award.document)
