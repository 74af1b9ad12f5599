"""Dealing with a chunk of a run's rows: all that is recorded of it, or nothing, however often it is begun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuer_service.audit.trail import act_as
from issuer_service.bulk.renewal import renewed
from issuer_service.bulk.requests import Recipients, achievement_of, request_of
from issuer_service.bulk.rows import AwardRow, BadgeRow, findings_of
from issuer_service.bulk.service import Kind, RowState
from issuer_service.bulk.tables import BulkRow, BulkRun
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.accept import Intention, Issuing, Template, intended_many, issuing, status_purpose
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.standing import change_many
from issuer_service.issuance.tables import Award
from issuer_service.issuance.telling import tell_accepted, tell_approved
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_rows
from issuer_service.status_lists.allocation import Place, allocate_some
from issuer_service.status_lists.service import Standing
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["do_chunk"]

_NOWHERE: Final = "00000000-0000-4000-8000-000000000000"


@dataclass(slots=True)
class _Verdicts:
    """What was found of the rows of a chunk, before anything is recorded."""

    refused: dict[int, list[str]] = field(default_factory=dict)
    requests: dict[int, IssuanceRequest] = field(default_factory=dict)
    awards: dict[int, Award] = field(default_factory=dict)


def do_chunk(about: str, *, here: Installation) -> list[str]:
    """Deal with the rows of a chunk that nobody has dealt with. `about` is the run's id and the first row's number.

    Gives what is to be signed and offered then, by the same job, which is not done before that is. Begun again, it
    gives that again, and what was done is passed over: nobody waits for another job to be taken, and nothing is lost.
    """
    run_id, _, first = about.partition(":")
    with here.reading() as session:
        run = session.get_one(BulkRun, run_id)
        rows = _waiting(session, run, int(first))
    if rows:
        match Kind(run.kind):
            case Kind.AWARD:
                _award(run, rows, here)
            case Kind.REVOKE:
                _revoke(run, rows, here)
            case Kind.REISSUE:
                _reissue(run, rows, here)
    if not run.approve or run.dry_run:
        return []
    with here.reading() as session:
        return _signing_chunks(session, run, int(first))


def _signing_chunks(session: Session, run: BulkRun, first: int) -> list[str]:
    query = (
        select(Award.signing_chunk)
        .join(BulkRow, BulkRow.award_id == Award.id)
        .where(
            BulkRow.bulk_run_id == run.id,
            BulkRow.number.between(first, first + run.chunk_size - 1),
            Award.approved_at.is_not(None),
        )
        .distinct()
    )
    return sorted(chunk for chunk in session.scalars(query) if chunk is not None)


def _waiting(session: Session, run: BulkRun, first: int, *, lock: bool = False) -> Sequence[BulkRow]:
    query = (
        select(BulkRow)
        .where(
            BulkRow.bulk_run_id == run.id,
            BulkRow.number.between(first, first + run.chunk_size - 1),
            BulkRow.state == str(RowState.WAITING),
        )
        .order_by(BulkRow.number)
    )
    return session.scalars(query.with_for_update() if lock else query).all()


def _award(run: BulkRun, rows: Sequence[BulkRow], here: Installation) -> None:
    verdicts = _Verdicts()
    with here.bulk_turn, here.reading() as session:
        issuer = issuing(session, run.organisation_id, base_url=here.base_url)
        recipients = _read(session, run, rows, verdicts, here)
        _intend(run, issuer, _templates(issuer, verdicts), verdicts, here)
    with here.transaction() as session:
        # Whoever was here first has dealt with them; what was drawn and prepared here is forgotten.
        waiting = {row.number for row in _waiting(session, run, rows[0].number, lock=True)}
        if waiting != {row.number for row in rows}:
            return
        if run.dry_run:
            _settle(session, run, dict.fromkeys(verdicts.awards, RowState.SOUND), {}, verdicts.refused)
            return
        act_as(session, organisation_id=run.organisation_id, person_id=run.requested_by)
        used = {AwardRow.model_validate(row.content).reference for row in rows if row.number in verdicts.awards}
        recipients.add_new(session, used, here.randomness)
        accepted = _accept(session, run, verdicts, here)
        _settle(session, run, dict.fromkeys(accepted, RowState.ACCEPTED), accepted, verdicts.refused)


def _templates(issuer: Issuing, verdicts: _Verdicts) -> dict[int, Template]:
    """What each badge is made of; the rows of an achievement that there is none for are refused."""
    made: dict[str, Template] = {}
    for ulo_version_id in {request.ulo_version_id for request in verdicts.requests.values()}:
        try:
            made[ulo_version_id] = issuer.template(ulo_version_id)
        except ServiceError as error:
            for number in [n for n, r in verdicts.requests.items() if r.ulo_version_id == ulo_version_id]:
                verdicts.refused[number] = [f"achievement: {error}"]
                del verdicts.requests[number]
    return {number: made[request.ulo_version_id] for number, request in verdicts.requests.items()}


def _read(
    session: Session, run: BulkRun, rows: Sequence[BulkRow], verdicts: _Verdicts, here: Installation
) -> Recipients:
    own_email = session.get_one(Person, run.requested_by).email.lower()
    read: dict[int, AwardRow] = {}
    for row in rows:
        try:
            read[row.number] = AwardRow.model_validate(row.content)
        except ValidationError as error:
            verdicts.refused[row.number] = findings_of(error)
    recipients = Recipients.of(session, run.organisation_id, [row.reference for row in read.values()])
    versions: dict[str, str] = {}
    for number, asked in read.items():
        try:
            if asked.achievement not in versions:
                versions[asked.achievement] = achievement_of(session, asked.achievement, base_url=here.base_url)
        except ServiceError as error:
            verdicts.refused[number] = [f"achievement: {error}"]
            continue
        if asked.email == own_email:
            verdicts.refused[number] = ["email: nobody awards a badge to themselves"]
            continue
        verdicts.requests[number] = request_of(
            asked,
            recipient=recipients.ids_of(asked, here.randomness),
            ulo_version_id=versions[asked.achievement],
            organisation_id=run.organisation_id,
            assessor_id=run.requested_by,
            now=here.now(),
        )
    return recipients


def _intend(
    run: BulkRun, issuer: Issuing, templates: Mapping[int, Template], verdicts: _Verdicts, here: Installation
) -> None:
    """Prepare every badge: in a dry run for a place that there is not, so that nothing is given out for it."""
    places = {} if run.dry_run else _places(run.organisation_id, verdicts.requests, here)
    intentions = [
        Intention(request, templates[number], places.get(number) or Place(_NOWHERE, 0, status_purpose(request)))
        for number, request in verdicts.requests.items()
    ]
    outcomes = intended_many(issuer, intentions, now=here.now(), randomness=here.randomness)
    for number, outcome in zip(verdicts.requests, outcomes, strict=True):
        if isinstance(outcome, Award):
            verdicts.awards[number] = outcome
        else:
            verdicts.refused[number] = [
                f"{outcome.field}: {outcome}" if outcome.field else str(outcome),
                *outcome.findings,
            ]


def _places(organisation_id: str, requests: dict[int, IssuanceRequest], here: Installation) -> dict[int, Place]:
    places: dict[int, Place] = {}
    for purpose in (StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION):
        waiting = [number for number, request in requests.items() if status_purpose(request) is purpose]
        while waiting:
            # In a transaction of its own: places that a crash leaves unused are never used, and nobody waits.
            with here.transaction() as session:
                found = allocate_some(
                    session, organisation_id, len(waiting), purpose=purpose, now=here.now(), randomness=here.randomness
                )
            for place in found:
                places[waiting.pop()] = place
    return places


def _accept(session: Session, run: BulkRun, verdicts: _Verdicts, here: Installation) -> dict[int, str]:
    """Record the awards; the same award asked for before, or twice in this chunk, is accepted once."""
    keys = {award.idempotency_key for award in verdicts.awards.values()}
    known: dict[str, str] = {
        row.idempotency_key: row.id
        for row in session.execute(select(Award.id, Award.idempotency_key).where(Award.idempotency_key.in_(keys)))
    }
    accepted: dict[int, str] = {}
    fresh: list[dict[str, Any]] = []
    chunk = random_uuid(here.randomness)
    told: list[Award] = []
    for number, award in verdicts.awards.items():
        if award.idempotency_key not in known:
            known[award.idempotency_key] = award.id
            fresh.append(_columns(award, run, chunk, here))
            told.append(award)
        accepted[number] = known[award.idempotency_key]
    tell_accepted(session, chunk, told, refused=len(verdicts.refused))
    if fresh:
        insert_rows(session, Award, fresh)
        if run.approve:
            ids = [award.id for award in told]
            tell_approved(session, chunk, ids, organisation_id=run.organisation_id, actor_id=run.requested_by)
    return accepted


def _columns(award: Award, run: BulkRun, chunk: str, here: Installation) -> dict[str, Any]:
    columns = {
        name: getattr(award, name)
        for name in (
            "id", "idempotency_key", "organisation_id", "person_id", "assessor_id", "ulo_version_id", "evidence_id",
            "four_eyes", "credential_id", "status_list_id", "status_position", "key_id", "created", "document",
            "accepted_at", "achievement_version_id",
        )
    }  # fmt: skip
    if run.approve:
        columns |= {"approved_by": run.requested_by, "approved_at": here.now(), "signing_chunk": chunk}
    return columns


def _revoke(run: BulkRun, rows: Sequence[BulkRow], here: Installation) -> None:
    with here.transaction() as session:
        waiting = _waiting(session, run, rows[0].number, lock=True)
        badges, refused = _badges(waiting)
        refused |= _change(session, run, badges, here) if not run.dry_run else {}
        state = RowState.SOUND if run.dry_run else RowState.ACCEPTED
        _settle(session, run, {number: state for number in badges if number not in refused}, {}, refused)


def _reissue(run: BulkRun, rows: Sequence[BulkRow], here: Installation) -> None:
    verdicts = _Verdicts()
    badges, verdicts.refused = _badges(rows)
    with here.bulk_turn, here.reading() as session:
        issuer = issuing(session, run.organisation_id, base_url=here.base_url)
        old = renewed(session, list(badges.values()), organisation_id=run.organisation_id, base_url=here.base_url)
        for number, badge in badges.items():
            if badge not in old:
                verdicts.refused[number] = ["there is no such badge, or it was revoked"]
            else:
                verdicts.requests[number] = old[badge].request
        templates = {number: old[badges[number]] for number in verdicts.requests}
        _intend(run, issuer, templates, verdicts, here)
    with here.transaction() as session:
        waiting = {row.number for row in _waiting(session, run, rows[0].number, lock=True)}
        if waiting != {row.number for row in rows}:
            return
        if run.dry_run:
            _settle(session, run, dict.fromkeys(verdicts.awards, RowState.SOUND), {}, verdicts.refused)
            return
        act_as(session, organisation_id=run.organisation_id, person_id=run.requested_by)
        # The new one and the end of the old one together: nobody is left with neither, or with both for good.
        accepted = _accept(session, run, verdicts, here)
        _change(session, run, {number: badges[number] for number in accepted}, here)
        _settle(session, run, dict.fromkeys(accepted, RowState.ACCEPTED), accepted, verdicts.refused)


def _badges(rows: Sequence[BulkRow]) -> tuple[dict[int, str], dict[int, list[str]]]:
    badges, refused = {}, {}
    for row in rows:
        try:
            badges[row.number] = BadgeRow.model_validate(row.content).credential_id
        except ValidationError as error:
            refused[row.number] = findings_of(error)
    return badges, refused


def _change(session: Session, run: BulkRun, badges: dict[int, str], here: Installation) -> dict[int, list[str]]:
    refused = change_many(
        session,
        list(badges.values()),
        Standing.REVOKED,
        caller=Caller.in_role(run.requested_by, run.organisation_id, Role.TEACHER),
        reason=run.reason,
        jobs=here.jobs,
        now=here.now(),
        randomness=here.randomness,
    )
    return {number: [refused[badge]] for number, badge in badges.items() if badge in refused}


def _settle(
    session: Session,
    run: BulkRun,
    states: dict[int, RowState],
    awards: dict[int, str],
    refused: dict[int, list[str]],
) -> None:
    rows: list[dict[str, Any]] = [
        {"bulk_run_id": run.id, "number": n, "state": str(state), "award_id": awards.get(n), "findings": []}
        for n, state in states.items()
    ]
    rows += [
        {"bulk_run_id": run.id, "number": n, "state": str(RowState.REFUSED), "award_id": None, "findings": findings}
        for n, findings in refused.items()
    ]
    if rows:
        session.execute(update(BulkRow), rows)
