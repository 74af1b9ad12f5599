"""Handing in: each credential is verified, known to be about the person or not, and matched to learning outcomes.

Verifying may go outside and takes its time, so it is done before the transaction that keeps what was found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.cashing_tables import HandedIn, ProofMatch, RecognitionRequest
from issuer_service.recognition.crosswalk import crosswalk_of
from issuer_service.recognition.matching import Match, matches
from issuer_service.recognition.proofs import Proof
from issuer_service.signing_keys.service import did_of
from issuer_service.verifying.service import verify_from_elsewhere, verify_presentation_here
from openbadges_kit.documents import JsonObject, as_list, dump_json
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.problems import Problem
from openbadges_kit.skills.guards import find_problems
from openbadges_kit.verification.received import recognize
from openbadges_kit.verification.report import Report
from openbadges_kit.vocabulary import IdentifierType

__all__ = ["PROOF", "About", "Looked", "MatchState", "hand_in", "look_at_badge", "look_at_presentation"]

PROOF: Final[TypeAdapter[Proof]] = TypeAdapter(Proof)
MOST_IN_A_REQUEST: Final = 100
MOST_BYTES: Final = 1024 * 1024
# More than any curriculum has; a badge may name as many as it has room for.
MOST_MATCHES: Final = 500
LONGEST_ADDRESS: Final = 2000
_UUID_URN: Final = "urn:uuid:"
_SHORT: Final = 300
_NUMBERS: Final = frozenset({Problem.CITIZEN_SERVICE_NUMBER, Problem.NATIONAL_IDENTITY_NUMBER})


class About(StrEnum):
    """How a credential is known to be about the person."""

    OURS = "ours"  # this organisation issued it to them
    HOLDER = "holder"  # a wallet proved the key that the badge names as its subject
    ADDRESS = "address"  # it names their e-mail address, or its hash
    CONFIRMED = "confirmed"  # somebody here established it, and said how
    UNKNOWN = "unknown"  # it may be anybody's: it does not count until somebody establishes it

    @property
    def counts(self) -> bool:
        """Whether it is known well enough to count."""
        return self is not About.UNKNOWN


class MatchState(StrEnum):
    """Whether a match counts."""

    COUNTS = "counts"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Looked:
    """A credential that was verified, and not kept yet. `holder` is who showed it, where a wallet did."""

    received: bytes
    report: Report
    holder: str = ""


def look_at_badge(received: bytes | str, *, here: Installation) -> list[Looked]:
    """Verify a badge as JSON, JWT, SD-JWT, PNG or SVG. Raises MalformedDocument for what is none of them."""
    # What is in a picture is kept, and the picture is not.
    found = recognize(received)
    text = dump_json(found) if isinstance(found, dict) else found.encode()
    return [Looked(text, verify_from_elsewhere(text, here=here))]


def look_at_presentation(received: bytes | str, *, challenge: str, here: Installation) -> list[Looked]:
    """Verify what a wallet shows. Raises Refused when the holder did not sign it for this request."""
    found = recognize(received)
    report = verify_presentation_here(received, challenge=challenge, here=here)
    if not report.holder or any(one.outcome != "passed" for one in report.results):
        raise Refused(
            "this presentation was not signed by its holder for this request: use its challenge and domain",
            field="presentation",
            findings=report.reasons("en"),
        )
    return [
        Looked(text, one, report.holder)
        for text, one in zip(_texts_in(found, report.document), report.credentials, strict=True)
    ]


def _texts_in(found: JsonObject | str, presentation: JsonObject) -> Iterator[bytes]:
    if "verifiableCredential" not in presentation:
        yield found.encode() if isinstance(found, str) else dump_json(found)
        return
    for one in as_list(presentation["verifiableCredential"]):
        yield one.encode() if isinstance(one, str) else dump_json(one)


def hand_in(
    session: Session,
    request: RecognitionRequest,
    looked: Looked,
    *,
    caller: Caller,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> HandedIn:
    """Keep a credential with its request, and what it shows. Handed in again it is looked at anew, and kept once.

    Raises Refused for one that is somebody else's, that holds a citizen service number, or that is too large, and for
    more of them than a person reads.
    """
    document = looked.report.document
    _must_be_fit_to_keep(looked, now)
    about = _about(session, request, looked, base_url=base_url)
    row = _row_for(session, request, _id_of(looked), randomness)
    row.received, row.verified = looked.received, looked.report.verified
    row.reasons = list(looked.report.reasons("en"))[:20]
    row.issuer, row.issuer_name, row.name = _said_of(document)
    # What somebody established is not undone by handing it in again.
    if row.about != About.CONFIRMED:
        row.about = str(about)
    row.handed_in_by, row.handed_in_at = caller.person_id, now
    session.flush()
    _match(session, request, row, document, randomness)
    record(
        session,
        AuditEvent.PROOF_HANDED_IN,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"request": request.id, "verified": row.verified, "about": row.about},
    )
    return row


def _must_be_fit_to_keep(looked: Looked, now: datetime) -> None:
    if len(looked.received) > MOST_BYTES:
        raise Refused(f"this badge has more than {MOST_BYTES} bytes", field="badge")
    found = [one for one in find_problems(looked.report.document, now=now) if one.code in _NUMBERS]
    if found:
        # Only the place: the number itself goes into no answer, no row and no log.
        detail = "this badge holds a citizen service number, which may not be kept here"
        raise Refused(detail, field="badge", findings=tuple(one.path for one in found))


def _about(session: Session, request: RecognitionRequest, looked: Looked, *, base_url: str) -> About:
    document = looked.report.document
    own = did_of(session.get_one(Organisation, request.organisation_id), base_url=base_url)
    identifier = _id_of(looked)
    if _issuer_of(document)[0] == own and looked.report.verified:
        whose = session.scalar(
            select(Award.person_id).where(
                Award.credential_id == identifier.removeprefix(_UUID_URN),
                Award.organisation_id == request.organisation_id,
            )
        )
        if whose == request.person_id:
            return About.OURS
        if whose is not None:
            raise Refused("this badge was issued to somebody else", field="badge")
    subjects = [one for one in as_list(document.get("credentialSubject")) if isinstance(one, dict)]
    if looked.holder and any(one.get("id") == looked.holder for one in subjects):
        return About.HOLDER
    email = session.get_one(Person, request.person_id).email
    if email and any(_names(subject, email) for subject in subjects):
        return About.ADDRESS
    return About.UNKNOWN


def _names(subject: JsonObject, email: str) -> bool:
    for entry in as_list(subject.get("identifier")):
        try:
            named = IdentityObject.from_json(entry)
        except MalformedDocument:
            continue
        if named.matches(email, identity_type=IdentifierType.EMAIL_ADDRESS):
            return True
    return False


def _row_for(session: Session, request: RecognitionRequest, credential: str, randomness: Randomness) -> HandedIn:
    ours = HandedIn.request_id == request.id
    known = session.scalar(select(HandedIn).where(ours, HandedIn.credential == credential))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).select_from(HandedIn).where(ours)) or 0) >= MOST_IN_A_REQUEST:
        raise Conflict(f"a request has at most {MOST_IN_A_REQUEST} badges")
    row = HandedIn(id=random_uuid(randomness), request_id=request.id, credential=credential, about=str(About.UNKNOWN))
    session.add(row)
    return row


def _match(
    session: Session, request: RecognitionRequest, row: HandedIn, document: JsonObject, randomness: Randomness
) -> None:
    """What it shows, found anew; what a person said of a match stays said."""
    decided = select(ProofMatch).where(ProofMatch.handed_in_id == row.id, ProofMatch.decided_by.is_not(None))
    kept = {one.outcome: one for one in session.scalars(decided)}
    session.execute(delete(ProofMatch).where(ProofMatch.handed_in_id == row.id, ProofMatch.decided_by.is_(None)))
    if not row.verified:
        return
    found = matches(document, crosswalk=crosswalk_of(session, request.organisation_id))
    for match in [one for one in found if _can_be_kept(one)][:MOST_MATCHES]:
        if match.proof.shows in kept:
            continue
        session.add(
            ProofMatch(
                id=random_uuid(randomness),
                handed_in_id=row.id,
                outcome=match.proof.shows,
                kind=str(match.kind),
                found_by=match.by,
                proof=PROOF.dump_python(match.proof, mode="json"),
                state=str(MatchState.COUNTS if match.counts else MatchState.PROPOSED),
            )
        )
    session.flush()


def _can_be_kept(match: Match) -> bool:
    """Whether what the badge names is an address at all: whoever signs may write anything there."""
    return all(0 < len(iri) <= LONGEST_ADDRESS and iri.isprintable() for iri in (match.proof.shows, match.by))


def _id_of(looked: Looked) -> str:
    """The credential's own id; of one without, or with one that nobody could read, the hash of what came."""
    identifier = looked.report.document.get("id")
    if isinstance(identifier, str) and 0 < len(identifier) <= _SHORT and identifier.isprintable():
        return identifier
    return f"urn:sha256:{hashlib.sha256(looked.received).hexdigest()}"


def _issuer_of(document: JsonObject) -> tuple[str, str]:
    issuer: Any = document.get("issuer")
    if isinstance(issuer, dict):
        return _text(issuer.get("id")), _text(issuer.get("name"))
    return _text(issuer), ""


def _said_of(document: JsonObject) -> tuple[str, str, str]:
    """Issuer, its name, and the name of what was achieved, as the badge says them."""
    issuer, issuer_name = _issuer_of(document)
    for subject in as_list(document.get("credentialSubject")):
        achievement = subject.get("achievement") if isinstance(subject, dict) else None
        if isinstance(achievement, dict) and achievement.get("name"):
            return issuer, issuer_name, _text(achievement["name"])
    return issuer, issuer_name, _text(document.get("name"))


def _text(value: object) -> str:
    # PostgreSQL keeps no NUL, and a name may be a text per language.
    if isinstance(value, dict):
        value = next((one for one in value.values() if isinstance(one, str)), "")
    return value.replace("\0", "")[:_SHORT] if isinstance(value, str) else ""
