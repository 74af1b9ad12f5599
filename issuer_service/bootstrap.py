"""Where implementations are chosen, and jobs get their handlers. Nothing else wires anything."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from issuer_service.audit.verification import verify_trail
from issuer_service.awarding.gather import gather_events
from issuer_service.awarding.putting_off import put_off
from issuer_service.awarding.service import awards_for_event, tell_refused, unhandled_events
from issuer_service.bulk.chunk import do_chunk
from issuer_service.bulk.service import unfinished
from issuer_service.clock import Clock, Randomness, os_randomness, system_clock
from issuer_service.delivery.notices import notify_chunk, notify_refusal, refusals_without_notice, without_notice
from issuer_service.delivery.registries import deliver
from issuer_service.delivery.service import ClaimLinks, offer_chunk, without_offer
from issuer_service.errors import Refused, ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.endorsing import sign_endorsement, unsigned_endorsements
from issuer_service.issuance.gather import gather
from issuer_service.issuance.sign import sign_again_what_was_lost, sign_chunk
from issuer_service.jobs.dbos_engine import DbosJobs, prepare_tables
from issuer_service.jobs.port import (
    AUDIT,
    AWARD,
    BULK,
    CHANGE_KEY,
    CREATE_KEYS,
    DELIVER,
    ENDORSE,
    EXPIRE,
    FORGET,
    GATHER,
    NOTIFY,
    OFFER,
    PROBE_KEYS,
    PUBLISH_STATUS_LIST,
    RECONCILE,
    REFUSED,
    REMIND,
    REVERIFY,
    SEND_NOTICES,
    SIGN,
    SIGN_ONE,
    TAKE_OVER,
    TELL_WEBHOOK,
    Handlers,
    JobState,
)
from issuer_service.notices.mail_server import MailServer, mail_server
from issuer_service.notices.sending import SENT_EVERY, send_due
from issuer_service.operations.restoring import keep_marks
from issuer_service.outbound import Outbound
from issuer_service.people.tables import Organisation
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.migration import migrate
from issuer_service.privacy.reminders import remind_of_offers
from issuer_service.privacy.retention import expire
from issuer_service.recognition.taking_over import gather_setting_out, take_over
from issuer_service.settings import Settings
from issuer_service.signing_keys.lifecycle import carry_out, create_keys, has_keys, note_problem, undone_changes
from issuer_service.signing_keys.probe import PROBED_EVERY, probe_keys
from issuer_service.signing_keys.ring import KeyRing, KeyUnreachable
from issuer_service.signing_keys.stores import key_ring
from issuer_service.status_lists.publications import Publications
from issuer_service.status_lists.service import publish, publish_anew, unpublished
from issuer_service.verifying.again import reverify
from issuer_service.webhooks.happenings import (
    announce_issued,
    announce_refusal,
    announce_refused_by_teacher,
    announce_revoked,
)
from issuer_service.webhooks.service import tell
from issuer_service.workflow.candidate.meetings import remind_of_meetings
from issuer_service.workflow.metroline.telling import remind_of_runs
from issuer_service.workflow.process.reminding import remind_of_tasks
from openbadges_kit.errors import OpenBadgesError

__all__ = ["handlers", "install", "open_installation", "resume_lost_work", "schedule_upkeep"]

LOST_AFTER: Final = timedelta(seconds=30)
"""How old something is before it counts as lost when no job is to come for it."""
REMEMBERED_FOR: Final = timedelta(days=7)
"""How long the engine remembers a job that was done, for whoever asks what happened."""


def open_installation(
    settings: Settings, *, now: Clock = system_clock, randomness: Randomness = os_randomness
) -> Installation:
    """The installation that the settings describe. Nothing is connected yet."""
    engine = create_database_engine(settings.database_url)
    return Installation(settings, engine, DbosJobs(engine), now, randomness)


def install(installation: Installation) -> None:
    """Make or bring up to date the tables of the service and of its jobs."""
    migrate(installation.engine)
    prepare_tables(installation.engine)


@dataclass(frozen=True, slots=True)
class _Worker:
    """What does the jobs. Only here are keys opened: an API process never signs."""

    here: Installation
    ring: KeyRing
    links: ClaimLinks
    outbound: Outbound
    mail_server: MailServer | None

    def create_keys(self, organisation_id: str) -> None:
        now, randomness = self.here.now(), self.here.randomness
        with self.here.transaction() as session:
            if not has_keys(session, organisation_id):
                organisation = session.get_one(Organisation, organisation_id)
                create_keys(session, organisation, ring=self.ring, now=now, randomness=randomness)

    def change_key(self, change_id: str) -> None:
        here = self.here
        try:
            with here.transaction() as session:
                organisation_id = carry_out(
                    session, change_id, ring=self.ring, now=here.now(), randomness=here.randomness
                )
        except KeyUnreachable as error:
            with here.transaction() as session:
                note_problem(session, change_id, str(error))
            raise
        keep_marks(here)
        # In a transaction of its own: whoever publishes a list holds the list first and the key next.
        with here.transaction() as session:
            publish_anew(session, organisation_id, jobs=here.jobs)

    def probe_keys(self, _: str) -> None:
        probe_keys(here=self.here, ring=self.ring)
        keep_marks(self.here)

    def award(self, event_id: str) -> None:
        here = self.here
        try:
            with here.transaction() as session:
                awards_for_event(session, event_id, base_url=here.base_url, now=here.now(), randomness=here.randomness)
        except (ServiceError, OpenBadgesError) as reason:
            with here.transaction() as session:
                put_off(session, event_id, reason, now=here.now())
                if isinstance(reason, Refused):
                    tell_refused(session, event_id)
                    announce_refusal(session, event_id, reason, jobs=here.jobs, now=here.now())
            raise

    def gather(self, _: str) -> None:
        gather_events(self.here)
        gather(self.here)
        gather_setting_out(self.here)

    def take_over(self, setting_out_id: str) -> None:
        take_over(setting_out_id, here=self.here)

    def sign(self, chunk: str) -> None:
        self._sign(chunk, turn=nullcontext())

    def _sign(self, chunk: str, *, turn: AbstractContextManager[object]) -> None:
        try:
            sign_chunk(chunk, here=self.here, ring=self.ring, turn=turn)
        except KeyUnreachable:
            # What other keys signed is there.
            self.offer(chunk)
            raise
        # Before the job is done, and by no job of its own: one that is cut off here is done again, and offers.
        self.offer(chunk)

    def bulk(self, about: str) -> None:
        for chunk in do_chunk(about, here=self.here):
            self._sign(chunk, turn=self.here.bulk_turn)

    def offer(self, chunk: str) -> None:
        here = self.here
        with here.transaction() as session:
            offer_chunk(session, chunk, links=self.links, now=here.now(), randomness=here.randomness)
            announce_issued(session, chunk, base_url=here.base_url, jobs=here.jobs, now=here.now())

    def notify(self, chunk: str) -> None:
        here = self.here
        with here.transaction() as session:
            notify_chunk(session, chunk, now=here.now(), randomness=here.randomness)
            announce_revoked(session, chunk, base_url=here.base_url, jobs=here.jobs, now=here.now())

    def refused(self, award_id: str) -> None:
        here = self.here
        with here.transaction() as session:
            notify_refusal(session, award_id, now=here.now(), randomness=here.randomness)
            announce_refused_by_teacher(session, award_id, jobs=here.jobs, now=here.now())

    def tell(self, delivery_id: str) -> None:
        tell(delivery_id, here=self.here, outbound=self.outbound)

    def deliver(self, delivery_id: str) -> None:
        deliver(delivery_id, here=self.here, outbound=self.outbound)

    def publish(self, status_list_id: str) -> None:
        here = self.here
        with here.transaction() as session:
            publish(
                session,
                status_list_id,
                base_url=here.base_url,
                ring=self.ring,
                publications=Publications(here.settings.publication_folder),
                now=here.now(),
                randomness=here.randomness,
            )

    def endorse(self, endorsement_id: str) -> None:
        here = self.here
        with here.transaction() as session:
            sign_endorsement(
                session,
                endorsement_id,
                base_url=here.base_url,
                ring=self.ring,
                now=here.now(),
                randomness=here.randomness,
            )

    def reverify(self, about: str) -> None:
        reverify(about, here=self.here)

    def verify_audit_trail(self, _: str) -> None:
        with self.here.reading() as session:
            chains = verify_trail(session, self.here.trail)
        log = structlog.get_logger()
        for one in chains:
            # In the log the end of a chain is where who changes the database does not reach it.
            ends = {"organisation": one.organisation_id, "entries": one.entries, "sha256": one.sha256}
            if one.holds:
                log.info("audit trail holds", **ends)
            else:
                log.error("audit trail does not hold", entry=one.wrong_at, reason=one.reason, **ends)

    def expire(self, _: str) -> None:
        remind_of_offers(self.here, self.links)
        taken = {str(data_class): count for data_class, count in expire(self.here).items() if count}
        structlog.get_logger().info("data that has had its time was taken", **taken)

    def remind(self, _: str) -> None:
        now = self.here.now()
        remind_of_runs(self.here, now=now)
        remind_of_meetings(self.here, now=now)
        remind_of_tasks(self.here, now=now)

    def send_notices(self, _: str) -> None:
        if self.mail_server is not None:
            send_due(self.here, self.mail_server)

    def reconcile(self, _: str) -> None:
        resume_lost_work(self.here)

    def forget(self, _: str) -> None:
        if isinstance(self.here.jobs, DbosJobs):
            self.here.jobs.forget_done(before=self.here.now() - REMEMBERED_FOR)


def handlers(installation: Installation) -> Handlers:
    """What does each job."""
    settings = installation.settings
    ring = key_ring(settings, installation.randomness)
    outbound = Outbound(allowed=settings.outbound_allowed_networks)
    secret = settings.secret.get_secret_value()
    worker = _Worker(
        installation, ring, ClaimLinks(secret, base_url=installation.base_url), outbound, mail_server(settings)
    )
    return {
        CHANGE_KEY: worker.change_key,
        CREATE_KEYS: worker.create_keys,
        ENDORSE: worker.endorse,
        AUDIT: worker.verify_audit_trail,
        AWARD: worker.award,
        BULK: worker.bulk,
        GATHER: worker.gather,
        SIGN: worker.sign,
        SIGN_ONE: worker.sign,
        OFFER: worker.offer,
        NOTIFY: worker.notify,
        REFUSED: worker.refused,
        TAKE_OVER: worker.take_over,
        TELL_WEBHOOK: worker.tell,
        DELIVER: worker.deliver,
        PROBE_KEYS: worker.probe_keys,
        PUBLISH_STATUS_LIST: worker.publish,
        REMIND: worker.remind,
        REVERIFY: worker.reverify,
        SEND_NOTICES: worker.send_notices,
        RECONCILE: worker.reconcile,
        EXPIRE: worker.expire,
        FORGET: worker.forget,
    }


def schedule_upkeep(installation: Installation) -> None:
    """Have the jobs that come back done from now on; a schedule that is known stays as it is."""
    now, jobs = installation.now(), installation.jobs
    tonight = now.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1 if now.hour >= 2 else 0)  # noqa: PLR2004
    with installation.transaction() as session:
        jobs.schedule(session, RECONCILE, every=timedelta(seconds=30), first=now)
        jobs.schedule(session, REVERIFY, every=timedelta(days=1), first=tonight)
        jobs.schedule(session, EXPIRE, every=timedelta(days=1), first=tonight + timedelta(hours=1))
        jobs.schedule(session, AUDIT, every=timedelta(days=1), first=tonight)
        jobs.schedule(session, FORGET, every=timedelta(hours=1), first=now)
        jobs.schedule(session, REMIND, every=timedelta(hours=1), first=now)
        jobs.schedule(session, SEND_NOTICES, every=SENT_EVERY, first=now)
        jobs.schedule(session, PROBE_KEYS, every=PROBED_EVERY, first=now)


def resume_lost_work(installation: Installation, *, with_problems: bool = False) -> int:
    """Enqueue again what should have been done by now and has no job that still is to come.

    The number of things enqueued. Even the loss of the engine's tables then costs nothing but the time. Awards that
    could not be signed are tried again `with_problems`.
    """
    here, moment = installation, installation.now()
    with here.transaction() as session:
        older_than = moment - LOST_AFTER
        found = [
            *((AWARD, one) for one in unhandled_events(session, older_than=older_than, now=moment)),
            *((BULK, one) for one in unfinished(session, older_than=older_than)),
            *((OFFER, one) for one in without_offer(session, older_than=older_than)),
            *((NOTIFY, one) for one in without_notice(session, older_than=older_than)),
            *((REFUSED, one) for one in refusals_without_notice(session, older_than=older_than)),
            *((ENDORSE, one) for one in unsigned_endorsements(session, older_than=older_than)),
            *((CHANGE_KEY, one) for one in undone_changes(session, older_than=older_than)),
        ]
        lists = unpublished(session)
        lost = [(job, about, f"{job}:{about}") for job, about in found]
        lost += [(PUBLISH_STATUS_LIST, one, f"{PUBLISH_STATUS_LIST}:{one}:{version}") for one, version in lists]
        states = here.jobs.states_of([key for _, _, key in lost])
        again = random_uuid(here.randomness)
        count = 0
        for job, about, key in lost:
            if states[key] not in {JobState.WAITING, JobState.RUNNING}:
                here.jobs.enqueue(session, job, about, key=f"{key}:{again}")
                count += 1
        return count + sign_again_what_was_lost(
            session, jobs=here.jobs, older_than=older_than, with_problems=with_problems, randomness=here.randomness
        )
