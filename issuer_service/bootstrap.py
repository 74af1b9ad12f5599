"""Where implementations are chosen, and jobs get their handlers. Nothing else wires anything."""

from __future__ import annotations

from issuer_service.awarding.service import award_for_event
from issuer_service.clock import Clock, Randomness, os_randomness, system_clock
from issuer_service.delivery.service import ClaimLinks, offer
from issuer_service.installation import Installation
from issuer_service.issuance.sign import approved_without_credential, sign
from issuer_service.jobs.dbos_engine import DbosJobs, prepare_tables
from issuer_service.jobs.port import AWARD, CREATE_KEYS, OFFER, PUBLISH_STATUS_LIST, SIGN, Handlers
from issuer_service.people.tables import Organisation
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import migrate
from issuer_service.settings import Settings
from issuer_service.signing_keys.service import create_keys, has_keys
from issuer_service.signing_keys.vault import Vault
from issuer_service.status_lists.service import publish

__all__ = ["handlers", "install", "open_installation", "resume_lost_work"]


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


def handlers(installation: Installation) -> Handlers:
    """What does each job. Only here is the vault opened: an API process never signs."""
    base_url, now, randomness = installation.base_url, installation.now, installation.randomness
    vault = Vault(installation.settings.secret.get_secret_value(), randomness=randomness)
    links = ClaimLinks(installation.settings.secret.get_secret_value(), base_url=base_url)

    def award_event(event_id: str) -> None:
        with installation.transaction() as session:
            award_for_event(session, event_id, base_url=base_url, now=now(), randomness=randomness)

    def sign_award(award_id: str) -> None:
        with installation.transaction() as session:
            sign(session, award_id, base_url=base_url, vault=vault, jobs=installation.jobs, now=now())

    def offer_badge(credential_id: str) -> None:
        with installation.transaction() as session:
            offer(session, credential_id, links=links, now=now(), randomness=randomness)

    def publish_list(status_list_id: str) -> None:
        with installation.transaction() as session:
            publish(session, status_list_id, base_url=base_url, vault=vault, now=now())

    def make_keys(organisation_id: str) -> None:
        with installation.transaction() as session:
            organisation = session.get_one(Organisation, organisation_id)
            if not has_keys(session, organisation_id):
                create_keys(session, organisation, vault=vault, now=now(), randomness=randomness)

    return {
        CREATE_KEYS: make_keys,
        AWARD: award_event,
        SIGN: sign_award,
        OFFER: offer_badge,
        PUBLISH_STATUS_LIST: publish_list,
    }


def resume_lost_work(installation: Installation) -> int:
    """Enqueue again what was approved and has no badge; a job that is known already is taken in once.

    The number of awards looked at. Done when a worker starts: even the loss of the engine's tables then
    costs nothing.
    """
    with installation.transaction() as session:
        awards = approved_without_credential(session)
        for award_id in awards:
            installation.jobs.enqueue(session, SIGN, award_id, key=f"{SIGN}:{award_id}")
    return len(awards)
