"""Sign: steps 7 and 8 of the issuance cycle, for a chunk of awards, by a durable job.

The work is done outside a transaction, so that workers do it side by side also where only one may write; what
is recorded is decided in one. Whoever comes second finds the first one's badge and records nothing; whoever was
overtaken by the end of a key signs again, with the key that is in use now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.issuance.telling import tell_signed
from issuer_service.jobs.port import SIGN, Jobs, JobState
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_rows
from issuer_service.signing_keys.ring import CountedKey, KeyRing, KeyUnreachable, Use, record_uses
from issuer_service.signing_keys.service import KeyPurpose, active_key, did_document, did_of, method_url
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.publications import Publications
from issuer_service.status_lists.service import list_url, publish, signed_lists, token_claim, token_url
from issuer_service.status_lists.tables import StatusList
from openbadges_kit.batch_issuance import Refused
from openbadges_kit.batch_of_documents import issue_documents
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.errors import IssuanceRefused, OpenBadgesError, ResolutionError
from openbadges_kit.verification.batch import Unreadable, verify_many
from openbadges_kit.verification.report import Report
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["CHUNK", "sign_again_what_was_lost", "sign_chunk"]

# Enough that the database is asked seldom, and few enough that a crash costs a second's work.
CHUNK: Final = 500
_AT_ONCE: Final = nullcontext()
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Signer:
    """What signing for one organisation takes, looked up once for a chunk."""

    organisation: Organisation
    method: str
    key: CountedKey
    jwt_method: str
    jwt_key: CountedKey
    purposes: Mapping[str, StatusPurpose]
    resolver: Resolver
    documents: Mapping[str, bytes]
    newest_list: datetime
    base_url: str
    now: datetime

    @property
    def keys(self) -> tuple[CountedKey, CountedKey]:
        """The keys of both forms of a badge."""
        return self.key, self.jwt_key

    def fetch(self, url: str) -> bytes:
        """A status list as verifiers will fetch it."""
        if url not in self.documents:
            raise ResolutionError(f"{url} is not a status list of these awards")
        return self.documents[url]


@dataclass(slots=True)
class _Outcome:
    """What came of a chunk before it is recorded."""

    signers: list[_Signer] = field(default_factory=list)
    signed: dict[str, tuple[Credential, _Signer]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    unreachable: list[KeyUnreachable] = field(default_factory=list)
    latest: datetime = _LONG_AGO


def sign_chunk(
    chunk: str, *, here: Installation, ring: KeyRing, turn: AbstractContextManager[object] = _AT_ONCE
) -> int:
    """Sign the approved awards of a chunk, each once, in one's `turn`. Gives how many were recorded.

    An award that cannot be signed is left with its problem and does not stop the others. Raises KeyUnreachable when
    an issuer's key cannot sign now: what it was to sign is left as it was, for the job to be done again.
    """
    recorded = 0
    while True:
        with turn:
            outcome = _sign_all(chunk, here=here, ring=ring)
        with here.transaction() as session:
            fresh, overtaken = _record(session, chunk, outcome, here=here, ring=ring)
        recorded += fresh
        if not overtaken:
            break
    for problem in outcome.unreachable:
        raise problem
    return recorded


def _sign_all(chunk: str, *, here: Installation, ring: KeyRing) -> _Outcome:
    outcome, now = _Outcome(), here.now()
    with here.reading() as session:
        awards = _to_sign(session, chunk)
        signers: dict[str, _Signer] = {}
        for organisation_id in sorted({award.organisation_id for award in awards}):
            try:
                signers[organisation_id] = _signer(
                    session,
                    session.get_one(Organisation, organisation_id),
                    [award for award in awards if award.organisation_id == organisation_id],
                    base_url=here.base_url,
                    ring=ring,
                    now=now,
                )
            except KeyUnreachable as error:
                outcome.unreachable.append(error)
    for organisation_id, signer in signers.items():
        outcome.signers.append(signer)
        try:
            _sign([award for award in awards if award.organisation_id == organisation_id], signer, outcome)
        except KeyUnreachable as error:
            outcome.unreachable.append(error)
    return outcome


def sign_again_what_was_lost(
    session: Session, *, jobs: Jobs, older_than: datetime, with_problems: bool, randomness: Randomness
) -> int:
    """Enqueue again what was approved before then, has no badge, and no job that still is to come.

    The number of awards. Even the loss of the engine's tables then costs nothing. What could not be signed is
    tried again `with_problems`.
    """
    rows = session.execute(
        select(Award.id, Award.signing_chunk)
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(
            Award.approved_at < older_than,
            Credential.id.is_(None),
            true() if with_problems else Award.problem.is_(None),
        )
        .order_by(Award.problem.is_not(None), Award.approved_at, Award.id)
        .limit(CHUNK * 40)
    ).all()
    states = jobs.states_of({f"{SIGN}:{row.signing_chunk}" for row in rows})
    coming = {JobState.WAITING, JobState.RUNNING}
    lost = [row.id for row in rows if states[f"{SIGN}:{row.signing_chunk}"] not in coming]
    for start in range(0, len(lost), CHUNK):
        chunk = random_uuid(randomness)
        session.execute(update(Award).where(Award.id.in_(lost[start : start + CHUNK])).values(signing_chunk=chunk))
        jobs.enqueue(session, SIGN, chunk, key=f"{SIGN}:{chunk}")
    return len(lost)


def _to_sign(session: Session, chunk: str) -> Sequence[Award]:
    return session.scalars(
        select(Award)
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(Award.signing_chunk == chunk, Award.approved_at.is_not(None), Credential.id.is_(None))
        .order_by(Award.id)
    ).all()


def _signer(
    session: Session,
    organisation: Organisation,
    awards: Sequence[Award],
    *,
    base_url: str,
    ring: KeyRing,
    now: datetime,
) -> _Signer:
    # With the key that is in use now, and not the one of when the award was accepted: what waited long for its
    # approval must not bring a retired key back.
    row = active_key(session, organisation.id, KeyPurpose.DATA_INTEGRITY)
    jwt_row = active_key(session, organisation.id, KeyPurpose.JWT)
    key, jwt_key = ring.open(row), ring.open(jwt_row)
    lists = [session.get_one(StatusList, list_id) for list_id in {award.status_list_id for award in awards}]
    documents: dict[str, bytes] = {}
    for status_list in lists:
        credential, token = status_list.published, status_list.published_token
        if credential is None or token is None:
            # Its first badge: the list is published when that badge is recorded.
            made = signed_lists(session, status_list, base_url=base_url, ring=ring, now=now)
            credential, token = made.credential, made.token
            for mine, theirs in zip((key, jwt_key), made.keys, strict=True):
                mine.signatures += theirs.signatures
        documents[list_url(status_list.id, base_url=base_url)] = credential
        documents[token_url(status_list.id, base_url=base_url)] = token.encode()
    did = did_of(organisation, base_url=base_url)
    return _Signer(
        organisation,
        method_url(organisation, row, base_url=base_url),
        key,
        method_url(organisation, jwt_row, base_url=base_url),
        jwt_key,
        {status_list.id: StatusPurpose(status_list.purpose) for status_list in lists},
        Resolver({did: did_document(session, organisation, base_url=base_url)}),
        documents,
        max([one.published_at for one in lists if one.published_at is not None], default=now),
        base_url,
        now,
    )


def _sign(awards: Sequence[Award], signer: _Signer, outcome: _Outcome) -> None:
    """Sign an organisation's awards: those of one achievement, accepted at one moment, as one batch.

    Raises KeyUnreachable; then none of them is signed.
    """
    batches: dict[tuple[str, datetime], list[Award]] = {}
    for award in awards:
        batches.setdefault((award.ulo_version_id or str(award.achievement_version_id), award.created), []).append(award)
    signed: list[Credential] = []
    for batch in batches.values():
        try:
            signed += _sign_batch(batch, signer, outcome)
        except KeyUnreachable:
            raise
        except (ServiceError, OpenBadgesError) as error:
            outcome.problems |= {award.id: str(error)[:500] for award in batch}
    outcome.latest = max(outcome.latest, *[award.created for award in awards])
    _verify(signed, signer, max(signer.now, signer.newest_list, *[award.created for award in awards]), outcome)


def _sign_batch(awards: Sequence[Award], signer: _Signer, outcome: _Outcome) -> Iterator[Credential]:
    # 7. Check again what came back from storage, and sign exactly that.
    issued = issue_documents(
        [award.document for award in awards],
        verification_method=signer.method,
        created=awards[0].created,
        signing_key=signer.key,
    )
    for award, one in zip(awards, issued, strict=True):
        if isinstance(one, Refused):
            outcome.problems[award.id] = str(IssuanceRefused(one.findings))[:500]
        elif one.prepared.document != award.document:
            outcome.problems[award.id] = f"award {award.id}: what is stored is not what was accepted"
        else:
            place = Place(award.status_list_id, award.status_position, signer.purposes[award.status_list_id])
            jwt = one.as_vc_jwt(
                verification_method=signer.jwt_method,
                signing_key=signer.jwt_key,
                claims={"status": token_claim(place, base_url=signer.base_url)},
            )
            yield Credential(
                id=award.credential_id,
                award_id=award.id,
                document=one.document,
                jwt=jwt,
                signed_at=signer.now,
                key_id=signer.key.row_id,
                jwt_key_id=signer.jwt_key.row_id,
            )


def _verify(signed: Sequence[Credential], signer: _Signer, moment: datetime, outcome: _Outcome) -> None:
    """By the verifier's own path, with the lists that verifiers will fetch, each of which is verified once.

    `moment` is no earlier than any award and list. A clock that was set back since would find a badge and its list
    of the future, and keep the badge from its holder for as long as it is wrong.
    """
    forms: list[bytes | str] = [form for one in signed for form in (one.document, one.jwt)]
    reports = verify_many(forms, now=moment, resolver=signer.resolver, fetch=signer.fetch)
    for one, of_document, of_jwt in zip(signed, reports, reports, strict=True):
        reasons = [reason for report in (of_document, of_jwt) for reason in _reasons(report)]
        if reasons:
            outcome.problems[one.award_id] = f"award {one.award_id} does not verify: {' '.join(reasons)}"[:500]
        else:
            outcome.signed[one.award_id] = one, signer


def _reasons(report: Report | Unreadable) -> list[str]:
    if isinstance(report, Unreadable):
        return [report.reason]
    return [] if report.verified else [*report.reasons("en")] or ["it was not checked"]


def _record(session: Session, chunk: str, outcome: _Outcome, *, here: Installation, ring: KeyRing) -> tuple[int, bool]:
    """Record what was signed. Gives how much of it, and whether a key ended in the meantime and some is left over."""
    # 8. Record the secured documents byte for byte, and tell of them, in the same transaction.
    # On PostgreSQL these rows keep another worker waiting until this one has committed.
    locked = session.scalars(
        select(Award.id)
        .where(Award.id.in_(outcome.signed), Award.approved_at.is_not(None))
        .order_by(Award.id)
        .with_for_update()
    ).all()
    known = set(session.scalars(select(Credential.award_id).where(Credential.award_id.in_(locked))))
    # Held before anything else of a key is written, so that nobody waits for somebody who waits.
    in_use = _held(session, outcome)
    now = here.now()
    for signer in outcome.signers:
        record_uses(
            session,
            signer.keys,
            Use.BADGES,
            about_id=chunk,
            latest=max(signer.now, outcome.latest),
            now=now,
            randomness=here.randomness,
        )
    wanted = [outcome.signed[award_id] for award_id in locked if award_id not in known]
    fresh = [one for one, signer in wanted if all(key.row_id in in_use for key in signer.keys)]
    if fresh:
        insert_rows(session, Credential, [_columns(one) for one in fresh])
        tell_signed(session, chunk, fresh)
        lists = select(Award.status_list_id).where(Award.id.in_([one.award_id for one in fresh])).distinct()
        for list_id in session.scalars(
            select(StatusList.id)
            .where(StatusList.id.in_(lists), StatusList.published.is_(None))
            .order_by(StatusList.id)
        ).all():
            publish(
                session,
                list_id,
                base_url=here.base_url,
                ring=ring,
                publications=Publications(here.settings.publication_folder),
                now=now,
                randomness=here.randomness,
            )
    for award_id, problem in outcome.problems.items():
        structlog.get_logger().error("an award could not be signed", award=award_id)
        session.execute(update(Award).where(Award.id == award_id).values(problem=problem))
    return len(fresh), len(fresh) < len(wanted)


def _held(session: Session, outcome: _Outcome) -> set[str]:
    """The keys that are in use still, and stay so until this transaction has ended."""
    used = sorted({key.row_id for signer in outcome.signers for key in signer.keys})
    query = select(SigningKeyRow.id).where(SigningKeyRow.id.in_(used), SigningKeyRow.retired_at.is_(None))
    return set(session.scalars(query.order_by(SigningKeyRow.id).with_for_update(read=True)))


def _columns(credential: Credential) -> dict[str, object]:
    names = ("id", "award_id", "document", "jwt", "signed_at", "key_id", "jwt_key_id")
    return {name: getattr(credential, name) for name in names}
