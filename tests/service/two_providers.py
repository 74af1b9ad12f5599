"""Two providers with the same kinds of things, and somebody in every role at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.commandline import operator_key
from issuer_service.bootstrap import handlers
from issuer_service.bulk.service import Kind, begin
from issuer_service.catalogue.authoring import Written, write_draft
from issuer_service.catalogue.life_cycle import DraftStatus, VersionStatus
from issuer_service.catalogue.tables import Qualification, UloDraft, UloVersion
from issuer_service.clock import os_randomness
from issuer_service.delivery.registries import add_registry
from issuer_service.demo.setting import set_up
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.notices.tables import Notice
from issuer_service.people.consent import Purpose, give_consent
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import ApiKey, Membership, Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.signing_keys.lifecycle import carry_out, order_key
from issuer_service.signing_keys.service import KeyPurpose
from issuer_service.signing_keys.stores import key_ring
from issuer_service.webhooks.service import WebhookEvent, add_webhook
from issuer_service.workflow.candidate.path import begin_path
from issuer_service.workflow.outbox import Outbox
from issuer_service.workflow.process.service import Doing
from tests.service.conftest import LEVELS, World, settings_for
from tests.service.databases import KeptDatabase
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.metroline.things import draw_a_line
from tests.service.recognition.things import cash_in
from tests.service.serving import Client


@dataclass(frozen=True)
class Things:
    """What there is at one provider, by id."""

    person: str
    role: str
    key: str
    programme: str
    module: str
    enrolment: str
    award: str
    credential: str
    webhook: str
    notice: str
    registry: str
    bulk_run: str
    signing_key: str
    key_change: str
    consent: str
    criteria: str
    criteria_draft: str
    trusted: str
    catalogue: str
    qualification: str
    draft: str
    withdrawn_ulo: str
    crosswalk: str
    request: str
    handed_in: str
    match: str
    request_to_decide: str
    designation: str
    metroline: str
    station: str
    station_run: str
    participation: str
    plan: str
    plan_draft: str
    assessment: str
    mapping: str
    newcomer: str
    case: str
    definition: str
    personal: tuple[str, ...]

    def with_key(self, key: str) -> Things:
        """The same, but for the key that is asked for."""
        return replace(self, key=key)


@dataclass(frozen=True)
class Member:
    """Somebody of the first provider: their key, and the id of a spare one."""

    key: str
    spare: str


@dataclass(frozen=True)
class TwoProviders:
    """What is ours, what is another's, and our people by role."""

    ours: Things
    theirs: Things
    people: Mapping[Role, Member]


def new_award(n: int) -> dict[str, Any]:
    """A direct award to somebody new."""
    return {
        "reference": f"s-{n}",
        "name": "Iemand",
        "email": f"iemand{n}@post.example",
        "achievement": "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1",
        "evidence": f"e-{n}",
        "levels": LEVELS,
    }


@contextmanager
def two_providers(database: KeptDatabase) -> Iterator[tuple[TwoProviders, Installation, Client]]:
    """The providers in that database, and the application that serves them."""
    settings = settings_for(database.url)
    installation = Installation(settings, database.engine, JobsByHand(), SettableClock(), os_randomness)
    with Client(installation) as http:
        yield database.holding("two providers", lambda: _make(installation, http)), installation, http


def _make(installation: Installation, http: Client) -> TwoProviders:
    with installation.transaction() as session:
        operator_key(session, installation, slug="operator", name="Olga", email="olga@host.example")
    ours = _provider(installation, http)
    with installation.transaction() as session:
        # The first is renamed, so that the demonstration's setting fits twice.
        session.scalars(select(Organisation).where(Organisation.slug == "voorbeeld-opleider")).one().slug = "eerste"
        for ulo in session.scalars(select(UloVersion)):
            ulo.qualification_slug = "van-de-eerste"
        for shelf in session.scalars(select(Qualification)):
            shelf.slug = "van-de-eerste"
    theirs = _provider(installation, http)
    with installation.transaction() as session:
        return TwoProviders(ours, theirs, {role: _member(session, installation, role) for role in Role})


def _provider(installation: Installation, http: Client) -> Things:
    with installation.transaction() as session:
        setting = set_up(session, installation)
    jobs = installation.jobs
    assert isinstance(jobs, JobsByHand)
    world = World(installation, setting, jobs, SettableClock(), handlers(installation), http)
    world.issue_badge(0)
    world.pass_module(1)
    with installation.transaction() as session:
        return _things(session, installation, setting.issuer_slug)


def _things(session: Session, installation: Installation, slug: str) -> Things:
    organisation = session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
    of_theirs = Membership.organisation_id == organisation.id
    webhook = add_webhook(
        session,
        organisation_id=organisation.id,
        url="https://lms.example/hook",
        events=[WebhookEvent.CREDENTIAL_ISSUED],
        now=installation.now(),
        randomness=os_randomness,
    )
    registry = add_registry(
        session,
        organisation_id=organisation.id,
        recipient="register.example",
        url="https://register.example/in",
        now=installation.now(),
        randomness=os_randomness,
    )
    teacher = session.scalars(select(Membership).where(of_theirs, Membership.role == str(Role.TEACHER))).one()
    bulk_run = begin(
        session,
        [new_award(0)],
        kind=Kind.AWARD,
        key="a-run",
        dry_run=True,
        approve=False,
        reason="",
        caller=Caller.in_role(teacher.person_id, organisation.id, Role.TEACHER),
        jobs=installation.jobs,
        now=installation.now(),
        randomness=os_randomness,
    )
    programme = session.scalars(select(Programme).where(Programme.organisation_id == organisation.id)).one()
    enrolments = session.scalars(select(Enrolment).where(Enrolment.programme_id == programme.id)).all()
    awards = session.scalars(select(Award).where(Award.organisation_id == organisation.id)).all()
    waiting = next(one for one in awards if one.approved_at is None)
    credential = session.scalars(select(Credential.id).where(Credential.award_id.in_([one.id for one in awards]))).one()
    key = session.scalars(select(ApiKey.id).join(Membership, Membership.id == ApiKey.membership_id).where(of_theirs))
    signing_key, key_change = _retired_key(session, installation, organisation.id)
    consent = give_consent(
        session,
        enrolments[0].person_id,
        Purpose.GRADE,
        wording="pagina-2026-11",
        organisation_id=organisation.id,
        recorded_by=teacher.person_id,
        now=installation.now(),
        randomness=os_randomness,
    )
    metroline = draw_a_line(session, installation, organisation.id, teacher.person_id)
    draft = _published_draft(session, installation, teacher)
    withdrawn = _withdrawn_version(session, organisation.id)
    recognition = cash_in(session, installation, organisation.id, teacher.person_id, enrolments[0].person_id)
    newcomer, somebody = (_candidate(session, organisation.id, number) for number in range(2))
    case = begin_path(
        session,
        programme_id=programme.id,
        person_id=somebody,
        caller=Caller.in_role(teacher.person_id, organisation.id, Role.ADMINISTRATOR),
        doing=Doing(Outbox(os_randomness), installation.now(), os_randomness),
    )
    return Things(
        **recognition,
        **metroline,
        person=enrolments[0].person_id,
        role=enrolments[1].person_id,
        key=key.first() or "",
        programme=programme.id,
        module=session.scalars(select(Module.id).where(Module.programme_id == programme.id)).one(),
        enrolment=enrolments[0].id,
        award=waiting.id,
        credential=credential,
        webhook=webhook.id,
        notice=session.scalars(
            select(Notice.id).where(Notice.organisation_id == organisation.id, Notice.purpose == "badge-offered")
        ).one(),
        registry=registry.id,
        bulk_run=bulk_run.id,
        signing_key=signing_key,
        key_change=key_change,
        consent=consent.id,
        catalogue=session.get_one(Qualification, draft.qualification_id).catalogue_id,
        qualification=draft.qualification_id,
        draft=draft.id,
        withdrawn_ulo=withdrawn.id,
        newcomer=newcomer,
        case=case.id,
        definition=case.definition_id,
        personal=(
            session.scalars(select(UloVersion.id).where(UloVersion.number == "1.1")).first() or "",
            programme.id,
            waiting.id,
            credential,
            webhook.id,
            registry.id,
            case.id,
            case.definition_id,
            *recognition.values(),
            *metroline.values(),
            draft.id,
            *session.scalars(select(Membership.person_id).where(of_theirs)),
        ),
    )


def _published_draft(session: Session, installation: Installation, author: Membership) -> UloDraft:
    """A draft that went all its way, so that whoever may do something with it hears why not."""
    mine = Qualification.publisher_id == author.organisation_id
    published = session.scalars(
        select(UloVersion).where(UloVersion.publisher_id == author.organisation_id, UloVersion.number == "1.1")
    ).one()
    draft = write_draft(
        session,
        Written({**published.content, "title": published.title}, [], "test"),
        qualification_id=session.scalars(select(Qualification.id).where(mine)).one(),
        number="8.8",
        version="1",
        caller=Caller.in_role(author.person_id, author.organisation_id, Role.LD_DEVELOPER),
        base_url=installation.base_url,
        now=installation.now(),
        randomness=os_randomness,
    )
    draft.status = str(DraftStatus.PUBLISHED)
    return draft


def _withdrawn_version(session: Session, organisation_id: str) -> UloVersion:
    published = session.scalars(
        select(UloVersion).where(UloVersion.publisher_id == organisation_id, UloVersion.number == "1.1")
    ).one()
    columns = {name: getattr(published, name) for name in UloVersion.__table__.columns.keys()}  # noqa: SIM118  # SQLAlchemy's
    changed = {"id": random_uuid(os_randomness), "number": "9.9", "status": str(VersionStatus.WITHDRAWN)}
    withdrawn = UloVersion(**{**columns, **changed})
    session.add(withdrawn)
    session.flush()
    return withdrawn


def _candidate(session: Session, organisation_id: str, number: int) -> str:
    member = add_person(
        session,
        name="Kim Kandidaat",
        email=f"kim{number}@post.example",
        organisation_id=organisation_id,
        role=Role.CANDIDATE,
        randomness=os_randomness,
    )
    return member.person_id


def _retired_key(session: Session, installation: Installation, organisation_id: str) -> tuple[str, str]:
    """A key that another has followed, and how that came about."""
    now = installation.now()
    change = order_key(
        session,
        organisation_id,
        KeyPurpose.DATA_INTEGRITY,
        reason="jaarlijks",
        asked_by=None,
        jobs=JobsByHand(),
        now=now,
        randomness=os_randomness,
    )
    ring = key_ring(installation.settings, os_randomness)
    carry_out(session, change.id, ring=ring, now=now, randomness=os_randomness)
    return str(change.key_id), change.id


def _member(session: Session, installation: Installation, role: Role) -> Member:
    slug = "operator" if role is Role.OPERATOR else "eerste"
    organisation = session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
    member = add_person(
        session,
        name=str(role),
        email=f"{role}@eerste.example",
        organisation_id=organisation.id,
        role=role,
        randomness=os_randomness,
    )
    now = installation.now()
    main = make_key(session, member, now=now, randomness=os_randomness)
    spare = make_key(session, member, now=now, randomness=os_randomness)
    return Member(main.secret, spare.row.id)
