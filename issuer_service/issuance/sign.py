"""Sign: steps 7 and 8 of the issuance cycle, for a chunk of awards, by a durable job.

The work is done outside a transaction, so that workers do it side by side also where only one may write; what
is recorded is decided in one. Whoever comes second finds the first one's badge and records nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import insert, select, true, update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.issuance.telling import tell_signed
from issuer_service.jobs.port import OFFER, SIGN, Jobs, JobState
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.service import KeyPurpose, active_key, did_document, did_of, method_url, open_key
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.signing_keys.vault import Vault
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.service import list_url, publish, signed_lists, token_claim, token_url
from issuer_service.status_lists.tables import StatusList
from openbadges_kit.batch_issuance import Refused
from openbadges_kit.batch_of_documents import issue_documents
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.errors import IssuanceRefused, MalformedDocument, OpenBadgesError, ResolutionError
from openbadges_kit.issuance import issue_vc_jwt
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.verification.batch import Unreadable, verify_many
from openbadges_kit.verification.report import Report
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["CHUNK", "sign_again_what_was_lost", "sign_chunk"]

# Enough that the database is asked seldom, and few enough that a crash costs a second's work.
CHUNK: Final = 250


@dataclass(frozen=True, slots=True)
class _Signer:
    """What signing for one organisation takes, looked up once for a chunk."""

    organisation: Organisation
    keys: Mapping[str, tuple[str, InMemoryKey]]
    jwt_method: str
    jwt_key: InMemoryKey
    purposes: Mapping[str, StatusPurpose]
    resolver: Resolver
    documents: Mapping[str, bytes]
    newest_list: datetime
    base_url: str
    now: datetime

    def fetch(self, url: str) -> bytes:
        """A status list as verifiers will fetch it."""
        if url not in self.documents:
            raise ResolutionError(f"{url} is not a status list of these awards")
        return self.documents[url]


@dataclass(slots=True)
class _Outcome:
    """What came of a chunk before it is recorded."""

    signed: dict[str, Credential] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def sign_chunk(chunk: str, *, here: Installation, vault: Vault) -> int:
    """Sign the approved awards of a chunk, each once. Gives how many were recorded.

    An award that cannot be signed is left with its problem and does not stop the others.
    """
    now = here.now()
    with here.reading() as session:
        awards = _to_sign(session, chunk)
        signers = _signers(session, awards, base_url=here.base_url, vault=vault, now=now)
    outcome = _Outcome()
    for organisation_id, signer in signers.items():
        _sign([award for award in awards if award.organisation_id == organisation_id], signer, outcome)
    with here.transaction() as session:
        return _record(session, chunk, outcome, base_url=here.base_url, vault=vault, jobs=here.jobs, now=now)


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


def _signers(
    session: Session, awards: Sequence[Award], *, base_url: str, vault: Vault, now: datetime
) -> dict[str, _Signer]:
    return {
        organisation_id: _signer(
            session,
            session.get_one(Organisation, organisation_id),
            [award for award in awards if award.organisation_id == organisation_id],
            base_url=base_url,
            vault=vault,
            now=now,
        )
        for organisation_id in {award.organisation_id for award in awards}
    }


def _signer(
    session: Session,
    organisation: Organisation,
    awards: Sequence[Award],
    *,
    base_url: str,
    vault: Vault,
    now: datetime,
) -> _Signer:
    rows = [session.get_one(SigningKeyRow, key_id) for key_id in {award.key_id for award in awards}]
    jwt_row = active_key(session, organisation.id, KeyPurpose.JWT)
    lists = [session.get_one(StatusList, list_id) for list_id in {award.status_list_id for award in awards}]
    documents: dict[str, bytes] = {}
    for status_list in lists:
        credential, token = status_list.published, status_list.published_token
        if credential is None or token is None:
            # Its first badge: the list is published when that badge is recorded.
            made = signed_lists(session, status_list, base_url=base_url, vault=vault, now=now)
            credential, token = made.credential, made.token
        documents[list_url(status_list.id, base_url=base_url)] = credential
        documents[token_url(status_list.id, base_url=base_url)] = token.encode()
    did = did_of(organisation, base_url=base_url)
    return _Signer(
        organisation,
        {row.id: (method_url(organisation, row, base_url=base_url), open_key(row, vault)) for row in rows},
        method_url(organisation, jwt_row, base_url=base_url),
        open_key(jwt_row, vault),
        {status_list.id: StatusPurpose(status_list.purpose) for status_list in lists},
        Resolver({did: did_document(session, organisation, base_url=base_url)}),
        documents,
        max([one.published_at for one in lists if one.published_at is not None], default=now),
        base_url,
        now,
    )


def _sign(awards: Sequence[Award], signer: _Signer, outcome: _Outcome) -> None:
    """Sign an organisation's awards: those of one achievement, accepted at one moment for one key, as one batch."""
    batches: dict[tuple[str, str, datetime], list[Award]] = {}
    for award in awards:
        batches.setdefault((award.ulo_version_id, award.key_id, award.created), []).append(award)
    signed: list[Credential] = []
    for batch in batches.values():
        try:
            signed += _sign_batch(batch, signer, outcome)
        except (ServiceError, OpenBadgesError) as error:
            outcome.problems |= {award.id: str(error)[:500] for award in batch}
    _verify(signed, signer, max(signer.now, signer.newest_list, *[award.created for award in awards]), outcome)


def _sign_batch(awards: Sequence[Award], signer: _Signer, outcome: _Outcome) -> Iterator[Credential]:
    # 7. Check again what came back from storage, and sign exactly that.
    method, key = signer.keys[awards[0].key_id]
    read: list[tuple[Award, JsonObject]] = []
    for award in awards:
        try:
            read.append((award, parse_json_object(award.document)))
        except MalformedDocument as error:
            outcome.problems[award.id] = str(error)[:500]
    issued = issue_documents(
        [document for _, document in read],
        verification_method=method,
        created=awards[0].created,
        signing_key=key,
    )
    for (award, _), one in zip(read, issued, strict=True):
        if isinstance(one, Refused):
            outcome.problems[award.id] = str(IssuanceRefused(one.findings))[:500]
        elif one.prepared.document != award.document:
            outcome.problems[award.id] = f"award {award.id}: what is stored is not what was accepted"
        else:
            place = Place(award.status_list_id, award.status_position, signer.purposes[award.status_list_id])
            jwt = issue_vc_jwt(
                one.prepared,
                verification_method=signer.jwt_method,
                signing_key=signer.jwt_key,
                claims={"status": token_claim(place, base_url=signer.base_url)},
            )
            yield Credential(
                id=award.credential_id, award_id=award.id, document=one.document, jwt=jwt, signed_at=signer.now
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
            outcome.signed[one.award_id] = one


def _reasons(report: Report | Unreadable) -> list[str]:
    if isinstance(report, Unreadable):
        return [report.reason]
    return [] if report.verified else [*report.reasons("en")] or ["it was not checked"]


def _record(
    session: Session, chunk: str, outcome: _Outcome, *, base_url: str, vault: Vault, jobs: Jobs, now: datetime
) -> int:
    # 8. Record the secured documents byte for byte, and have them delivered, in the same transaction.
    # On PostgreSQL these rows keep another worker waiting until this one has committed.
    locked = session.scalars(
        select(Award.id)
        .where(Award.id.in_(outcome.signed), Award.approved_at.is_not(None))
        .order_by(Award.id)
        .with_for_update()
    ).all()
    known = set(session.scalars(select(Credential.award_id).where(Credential.award_id.in_(locked))))
    fresh = [outcome.signed[award_id] for award_id in locked if award_id not in known]
    if fresh:
        session.execute(
            insert(Credential),
            [
                {
                    "id": one.id,
                    "award_id": one.award_id,
                    "document": one.document,
                    "jwt": one.jwt,
                    "signed_at": one.signed_at,
                }
                for one in fresh
            ],
        )
        tell_signed(session, chunk, fresh)
        lists = select(Award.status_list_id).where(Award.id.in_([one.award_id for one in fresh])).distinct()
        for list_id in session.scalars(
            select(StatusList.id)
            .where(StatusList.id.in_(lists), StatusList.published.is_(None))
            .order_by(StatusList.id)
        ).all():
            publish(session, list_id, base_url=base_url, vault=vault, now=now)
    for award_id, problem in outcome.problems.items():
        structlog.get_logger().error("an award could not be signed", award=award_id)
        session.execute(update(Award).where(Award.id == award_id).values(problem=problem))
    # Also when another chunk's job recorded them all: some may have come over from that chunk to this one.
    jobs.enqueue(session, OFFER, chunk, key=f"{OFFER}:{chunk}")
    return len(fresh)
