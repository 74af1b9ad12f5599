"""Accept: one transaction, steps 1 to 5 of the issuance cycle (`docs/explanation/issuance-cycle.md`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Refused, Unavailable
from issuer_service.issuance.approve import approve, approve_new
from issuer_service.issuance.document import BadgeTemplate, template_for
from issuer_service.issuance.other_achievements import achievement_template
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.tables import Award
from issuer_service.issuance.telling import tell_accepted, tell_approved
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import columns_of, insert_rows
from issuer_service.signing_keys.service import KeyPurpose, active_key, method_url
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.status_lists.allocation import Place, allocate
from openbadges_kit.batch_issuance import Refused as CheckRefused
from openbadges_kit.batch_of_documents import check_documents
from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.issuance import prepare
from openbadges_kit.verification.sentences import of_finding
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["Intention", "Issuing", "accept", "intended_many", "issuing", "status_purpose"]


# Made once: to make a statement takes longer than to send it.
_KNOWN: Final = select(Award).where(Award.idempotency_key == bindparam("key"))
_ISSUER: Final = (
    select(Organisation, SigningKeyRow)
    .join(SigningKeyRow, SigningKeyRow.organisation_id == Organisation.id)
    .where(
        Organisation.id == bindparam("whose", String),
        SigningKeyRow.purpose == bindparam("purpose"),
        SigningKeyRow.retired_at.is_(None),
    )
)


class Template(Protocol):
    """Makes the unsigned badge for a request."""

    def unsecured(
        self, request: IssuanceRequest, /, *, credential_id: str, place: Place, valid_from: datetime
    ) -> dict[str, Any]:
        """The badge. Raises MalformedDocument for a level that the rubric does not have."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """Who issues, and with which key."""

    organisation: Organisation
    key: SigningKeyRow
    template: Callable[[str], BadgeTemplate]
    other: Callable[[IssuanceRequest], Template]
    base_url: str


def issuing(session: Session, organisation_id: str, *, base_url: str) -> Issuing:
    """What it takes to issue for an organisation. Raises Unavailable when it has no key."""
    found = session.execute(
        _ISSUER, {"whose": organisation_id, "purpose": str(KeyPurpose.DATA_INTEGRITY)}
    ).one_or_none()
    if found is None:
        # Which of the two it is that there is none of.
        active_key(session, session.get_one(Organisation, organisation_id).id, KeyPurpose.DATA_INTEGRITY)
        raise Unavailable("the key of this issuer was just changed; try again")
    organisation, key = found

    def template(ulo_version_id: str) -> BadgeTemplate:
        return template_for(session, organisation, ulo_version_id, base_url=base_url)

    def other(request: IssuanceRequest) -> Template:
        return achievement_template(session, organisation, request.achievement_version_id, base_url=base_url)

    return Issuing(organisation, key, template, other, base_url)


def accept(
    session: Session,
    request: IssuanceRequest,
    *,
    base_url: str,
    now: datetime,
    randomness: Randomness,
    approver: Caller | None = None,
) -> Award:
    """Accept a request, or give back what was accepted for it before; with an approver, approve it too.

    Raises Refused with every finding of `prepare()` when the badge must not be signed, and what `approve` raises.
    """
    # 1. A request made twice is accepted once.
    known = session.scalar(_KNOWN, {"key": request.idempotency_key})
    if known is not None:
        return known if approver is None else approve(session, known.id, caller=approver, now=now)
    # 2. Resolve the achievement's version, the issuer's Profile and the id of its active key.
    issuer = issuing(session, request.organisation_id, base_url=base_url)
    template: Template = issuer.template(request.ulo_version_id) if request.ulo_version_id else issuer.other(request)
    # 3. Allocate what is never used again: the credential's id and a place in a status list.
    purpose = status_purpose(request)
    place = allocate(session, request.organisation_id, purpose=purpose, now=now, randomness=randomness)
    # 4. Build the credential; prepare() makes the verifier's own checks and reports every finding at once.
    award = _intended(issuer, Intention(request, template, place), now=now, randomness=randomness)
    # 5. Record what we mean to sign. A crash from here on is resumed, not repeated.
    if approver is not None:
        # In one with its acceptance: nobody else has seen it, and so nobody has refused it.
        approve_new(award, caller=approver, now=now)
    insert_rows(session, Award, [{column.name: getattr(award, column.name) for column in columns_of(Award).c}])
    tell_accepted(session, award.id, [award])
    if approver is not None:
        whose = request.organisation_id
        tell_approved(session, award.id, [award.id], organisation_id=whose, actor_id=approver.person_id)
    return award


def status_purpose(request: IssuanceRequest) -> StatusPurpose:
    """The kind of list that the badge is in. A badge has one entry, and a revocation cannot be taken back."""
    return StatusPurpose.SUSPENSION if request.suspendable else StatusPurpose.REVOCATION


@dataclass(frozen=True, slots=True)
class Intention:
    """A request, with what its badge is made of and the place that it is given."""

    request: IssuanceRequest
    template: Template
    place: Place


def _intended(issuer: Issuing, intention: Intention, *, now: datetime, randomness: Randomness) -> Award:
    """What is meant to be signed for a request, checked and not yet recorded.

    Raises Refused with every finding of `prepare()` when the badge must not be signed.
    """
    (outcome,) = intended_many(issuer, [intention], now=now, randomness=randomness)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def intended_many(
    issuer: Issuing, intentions: Sequence[Intention], *, now: datetime, randomness: Randomness
) -> list[Award | Refused]:
    """What is meant to be signed for each, or why it must not be; those of one template are checked together."""
    outcomes: dict[int, Award | Refused] = {}
    # The fewer texts differ within a group, the faster it goes.
    groups: dict[str, list[_Draft]] = defaultdict(list)
    for number, intention in enumerate(intentions):
        credential_id = random_uuid(randomness)
        try:
            unsecured = intention.template.unsecured(
                intention.request, credential_id=credential_id, place=intention.place, valid_from=now
            )
        except MalformedDocument as error:
            outcomes[number] = Refused(str(error), field="levels")
        else:
            groups[intention.request.awards].append(_Draft(number, credential_id, unsecured))
    method = method_url(issuer.organisation, issuer.key, base_url=issuer.base_url)
    for drafts in groups.values():
        for draft, checked in zip(drafts, _checked(drafts, method, now), strict=True):
            intention = intentions[draft.number]
            if isinstance(checked, bytes):
                award = _award(issuer, intention, draft, checked, now=now, randomness=randomness)
                outcomes[draft.number] = award
            else:
                findings = tuple(of_finding(finding, "en") for finding in checked.findings)
                outcomes[draft.number] = Refused("this badge must not be signed", findings=findings)
    return [outcomes[number] for number in range(len(intentions))]


@dataclass(frozen=True, slots=True)
class _Draft:
    number: int
    credential_id: str
    unsecured: dict[str, Any]


def _checked(drafts: Sequence[_Draft], method: str, now: datetime) -> Sequence[bytes | IssuanceRefused | CheckRefused]:
    if len(drafts) > 1:
        return check_documents([one.unsecured for one in drafts], verification_method=method, created=now)
    # Of one that is alone nothing is kept by which others could be recognised.
    try:
        return [prepare(drafts[0].unsecured, verification_method=method, created=now).document]
    except IssuanceRefused as error:
        return [error]


def _award(
    issuer: Issuing,
    intention: Intention,
    draft: _Draft,
    document: bytes,
    *,
    now: datetime,
    randomness: Randomness,
) -> Award:
    request, place = intention.request, intention.place
    return Award(
        id=random_uuid(randomness),
        idempotency_key=request.idempotency_key,
        organisation_id=request.organisation_id,
        person_id=request.person_id,
        assessor_id=request.assessor_id,
        ulo_version_id=request.ulo_version_id or None,
        achievement_version_id=request.achievement_version_id or None,
        evidence_id=request.evidence_id,
        four_eyes=request.four_eyes,
        credential_id=draft.credential_id,
        status_list_id=place.status_list_id,
        status_position=place.position,
        key_id=issuer.key.id,
        created=now,
        document=document,
        accepted_at=now,
    )
