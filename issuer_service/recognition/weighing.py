"""Weighing: what of a request counts as proof, what a person has to say first, and the tree that comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.cashing_tables import HandedIn, ProofMatch, RecognitionRequest
from issuer_service.recognition.criteria import as_criteria
from issuer_service.recognition.evaluation import Held, Node, evaluate
from issuer_service.recognition.handing_in import PROOF, About, MatchState
from issuer_service.recognition.matching import MatchKind, matches
from issuer_service.recognition.proofs import Level, Proof
from issuer_service.recognition.requests import must_be_open, request_of
from issuer_service.recognition.rules import CriteriaSet
from issuer_service.recognition.tables import CriteriaVersion
from issuer_service.recognition.trust import trusted_issuers
from openbadges_kit.verification.received import parse_received

__all__ = [
    "Handed",
    "add_match",
    "confirm",
    "criteria_of_request",
    "decide_match",
    "handed_in_of",
    "match_of",
    "tree_of",
]

_OWN: Final = "nobody decides on their own proofs"


@dataclass(frozen=True, slots=True)
class Handed:
    """A credential of a request with its matches."""

    row: HandedIn
    matches: Sequence[ProofMatch]

    @property
    def counts(self) -> bool:
        """Whether it verified and is known to be about the person."""
        return self.row.verified and About(self.row.about).counts

    def proofs(self) -> list[Proof]:
        """What counts of it; nothing of what does not count."""
        states = {MatchState.COUNTS, MatchState.ACCEPTED}
        return [PROOF.validate_python(one.proof) for one in self.matches if one.state in states] if self.counts else []


def handed_in_of(session: Session, request: RecognitionRequest) -> list[Handed]:
    """What was handed in for a request, in the order in which it was."""
    query = select(HandedIn).where(HandedIn.request_id == request.id)
    rows = session.scalars(query.order_by(HandedIn.handed_in_at, HandedIn.id)).all()
    found: dict[str, list[ProofMatch]] = defaultdict(list)
    some = select(ProofMatch).where(ProofMatch.handed_in_id.in_([row.id for row in rows]))
    for match in session.scalars(some.order_by(ProofMatch.outcome)):
        found[match.handed_in_id].append(match)
    return [Handed(row, found[row.id]) for row in rows]


def criteria_of_request(session: Session, request: RecognitionRequest, *, base_url: str) -> CriteriaSet:
    """The version that a request is laid along."""
    organisation = session.get_one(Organisation, request.organisation_id)
    return as_criteria(session.get_one(CriteriaVersion, request.criteria_id), organisation, base_url=base_url)


def tree_of(
    session: Session, request: RecognitionRequest, *, base_url: str, on: date, without: Collection[str] = ()
) -> Node:
    """The proof tree of a request on a day; `without` some of the credentials, to see what these add."""
    handed = [one for one in handed_in_of(session, request) if one.row.id not in without]
    trusted = trusted_issuers(session, request.organisation_id, base_url=base_url)
    criteria = criteria_of_request(session, request, base_url=base_url)
    held = Held(proof for one in handed for proof in one.proofs())
    return evaluate(criteria.rule, held, on=on, trusted=trusted)


def confirm(session: Session, handed_in_id: str, *, reason: str, caller: Caller) -> HandedIn:
    """Somebody here established that a credential is about the person, and says how.

    Raises Conflict for one of which that is known already, and NotAllowed for one's own.
    """
    row, request = _of(session, handed_in_id, caller)
    if About(row.about) is not About.UNKNOWN:
        raise Conflict("this badge is known to be theirs", field="badge_id")
    row.about, row.about_reason, row.confirmed_by = str(About.CONFIRMED), reason, caller.person_id
    _tell(session, AuditEvent.PROOF_CONFIRMED, row.id, request, caller)
    return row


def add_match(
    session: Session,
    handed_in_id: str,
    *,
    outcome: str,
    level: Level | None,
    reason: str,
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> ProofMatch:
    """A person finds that a credential shows an outcome that nothing in it names, at a level where they found one.

    Raises Refused for a credential that did not verify, and Conflict for an outcome that is matched already.
    """
    row, request = _of(session, handed_in_id, caller)
    if not row.verified:
        raise Refused("this badge did not verify, and proves nothing", field="badge_id", findings=tuple(row.reasons))
    known = select(ProofMatch).where(ProofMatch.handed_in_id == row.id, ProofMatch.outcome == outcome)
    if session.scalar(known) is not None:
        raise Conflict("this outcome is matched already: decide on that match", field="outcome")
    found = matches(parse_received(row.received).document, crosswalk={})
    if not found:
        raise Refused("this badge names no issuer, date or achievement", field="badge_id")
    # Not the level that the badge says of something else: one scale says nothing of another.
    proof = replace(found[0].proof, shows=outcome, level=level)
    match = ProofMatch(
        id=random_uuid(randomness),
        handed_in_id=row.id,
        outcome=outcome,
        kind=str(MatchKind.PROPOSED),
        found_by="person",
        proof=PROOF.dump_python(proof, mode="json"),
        state=str(MatchState.ACCEPTED),
        decided_by=caller.person_id,
        decided_at=now,
        reason=reason,
    )
    session.add(match)
    session.flush()
    _tell(session, AuditEvent.PROOF_MATCHED, match.id, request, caller)
    return match


def decide_match(
    session: Session,
    match_id: str,
    *,
    accept: bool,
    reason: str,
    caller: Caller,
    now: datetime,
    level: Level | None = None,
) -> ProofMatch:
    """A person's word on a match: a proposed one counts from now on or not, a found one may be refused.

    A `level` is what that person found on our scale, where the badge has one of its own or none.
    """
    match, request = match_of(session, match_id, caller=caller)
    if level is not None:
        match.proof = PROOF.dump_python(replace(PROOF.validate_python(match.proof), level=level), mode="json")
    match.state = str(MatchState.ACCEPTED if accept else MatchState.REFUSED)
    match.decided_by, match.decided_at, match.reason = caller.person_id, now, reason
    _tell(session, AuditEvent.PROOF_MATCHED, match.id, request, caller)
    return match


def match_of(session: Session, match_id: str, *, caller: Caller) -> tuple[ProofMatch, RecognitionRequest]:
    """A match of a request that is open, and that request, held. Raises NotFound, Conflict and NotAllowed."""
    match = session.get(ProofMatch, match_id)
    if match is None:
        raise NotFound("there is no such match", field="match_id")
    _, request = _of(session, match.handed_in_id, caller)
    return match, request


def _of(session: Session, handed_in_id: str, caller: Caller) -> tuple[HandedIn, RecognitionRequest]:
    row = session.get(HandedIn, handed_in_id)
    if row is None:
        raise NotFound("there is no such badge in a request", field="badge_id")
    request = request_of(session, row.request_id, caller=caller, hold=True)
    if request.person_id == caller.person_id:
        raise NotAllowed(_OWN)
    must_be_open(session, request)
    return row, request


def _tell(session: Session, what: AuditEvent, about: str, request: RecognitionRequest, caller: Caller) -> None:
    record(
        session,
        what,
        about=about,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"request": request.id},
    )
