"""The decision on a request: by a teacher, never the holder; signed, revocable, with the proofs that it rests on.

Granted, the badge for the whole set follows, and waits for approval as every badge does. What somebody need not do
again is recorded with the hours that it saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.achievements import address_of, published_achievement
from issuer_service.catalogue.service import published_ulo
from issuer_service.errors import NotAllowed, NotFound, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.accept import accept
from issuer_service.issuance.approve import approve
from issuer_service.issuance.request import BadgeDetails, IssuanceRequest
from issuer_service.issuance.tables import Award
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.tables import Module, Programme
from issuer_service.recognition.achievements import (
    DECISION,
    SET,
    decision_achievement,
    results_of_items,
    set_achievement,
)
from issuer_service.recognition.cashing_tables import Exemption, HandedIn, RecognitionDecision, RecognitionRequest
from issuer_service.recognition.evaluation import Node
from issuer_service.recognition.requests import must_be_open, request_of
from issuer_service.recognition.rules import Shows
from issuer_service.recognition.shortening import shorten_lines, shorten_path
from issuer_service.recognition.showing import needed_shown, tree_shown
from issuer_service.recognition.trust import trusted_issuers
from issuer_service.recognition.units import Units
from issuer_service.recognition.weighing import Handed, criteria_of_request, handed_in_of, tree_of
from issuer_service.verifying.service import verify_from_elsewhere
from openbadges_kit.model.achievement import Achievement

__all__ = ["DecisionVerdict", "Exempted", "decide", "verify_again"]


class DecisionVerdict(StrEnum):
    """What was decided."""

    RECOGNISED = "recognised"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Exempted:
    """What somebody need not do again: a module, or a part of one or of something else, on these outcomes."""

    outcomes: tuple[str, ...]
    minutes_saved: int
    module_id: str | None = None
    part: str = ""


_GENRE: Final = "credential"


def verify_again(request_id: str, *, here: Installation, caller: Caller) -> dict[str, tuple[str, ...]]:
    """What of a request does not verify any more, with the reasons: a badge may have been revoked since.

    Before the transaction of the decision, because it may go outside.
    """
    with here.reading_for(caller) as session:
        request = request_of(session, request_id, caller=caller)
        kept = {one.row.id: one.row.received for one in handed_in_of(session, request) if one.row.verified}
    reports = {one: verify_from_elsewhere(received, here=here) for one, received in kept.items()}
    return {one: report.reasons("en") for one, report in reports.items() if not report.verified}


def decide(
    session: Session,
    request_id: str,
    *,
    verdict: DecisionVerdict,
    reason: str,
    exemptions: Sequence[Exempted],
    fallen: Mapping[str, tuple[str, ...]],
    caller: Caller,
    here: Installation,
) -> RecognitionDecision:
    """Decide, once and for good. `fallen` are the badges that do not verify any more.

    Raises NotAllowed for another role than teacher and for the holder, Conflict for a request that is not open, and
    Refused, saying what is missing, for recognition of what is not proved.
    """
    caller.must_be(Role.TEACHER)
    request = request_of(session, request_id, caller=caller, hold=True)
    if request.person_id == caller.person_id:
        raise NotAllowed("nobody decides on their own proofs")
    must_be_open(session, request)
    for one, reasons in fallen.items():
        row = session.get_one(HandedIn, one)
        row.verified, row.reasons = False, list(reasons)[:20]
    session.flush()
    today = here.now().date()
    tree = tree_of(session, request, base_url=here.base_url, on=today)
    proved = frozenset(number for number, node in _items(tree) if node.satisfied)
    _must_be_proved(session, verdict, tree, proved, fallen)
    decision = RecognitionDecision(
        id=random_uuid(here.randomness),
        request_id=request.id,
        verdict=str(verdict),
        reason=reason,
        tree=tree_shown(tree, on=today).model_dump(mode="json"),
        decided_by=caller.person_id,
        decided_at=here.now(),
    )
    session.add(decision)
    session.flush()
    recognised = _exempt(session, request, decision, exemptions, verdict=verdict, here=here)
    whole = [one.module_id for one in exemptions if one.module_id is not None and not one.part]
    whose = request.person_id
    shorten_path(session, person_id=whose, module_ids=whole, decision_id=decision.id, caller=caller, here=here)
    shorten_lines(session, person_id=whose, outcomes=recognised, caller=caller, here=here)
    if verdict is not DecisionVerdict.REFUSED:
        _Awarding(session, request, decision, tree, proved, caller, here).award()
    record(
        session,
        AuditEvent.RECOGNITION_DECIDED,
        about=request.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"decision": decision.id, "verdict": str(verdict), "exemptions": len(exemptions)},
    )
    return decision


def _items(tree: Node) -> list[tuple[int, Node]]:
    """The outcomes that are asked for, numbered as in the achievement."""
    return list(enumerate((node for node in _all(tree) if isinstance(node.rule, Shows)), start=1))


def _all(node: Node) -> Iterator[Node]:
    yield node
    for one in node.below:
        yield from _all(one)


def _must_be_proved(
    session: Session,
    verdict: DecisionVerdict,
    tree: Node,
    proved: frozenset[int],
    fallen: Mapping[str, tuple[str, ...]],
) -> None:
    gone = [f"{session.get_one(HandedIn, one).name} does not verify any more" for one in fallen]
    if verdict is DecisionVerdict.RECOGNISED and not tree.satisfied:
        findings = (*gone, *needed_shown(tree))
        raise Refused("these criteria are not satisfied yet", field="verdict", findings=findings)
    if verdict is DecisionVerdict.PARTLY and not proved:
        raise Refused("nothing of these criteria is proved", field="verdict", findings=tuple(gone))


def _exempt(
    session: Session,
    request: RecognitionRequest,
    decision: RecognitionDecision,
    exemptions: Sequence[Exempted],
    *,
    verdict: DecisionVerdict,
    here: Installation,
) -> frozenset[str]:
    """Record what somebody need not do again. The outcomes that it rests on, by their IRIs."""
    if exemptions and verdict is DecisionVerdict.REFUSED:
        raise Refused("a refusal exempts nobody from anything", field="exemptions")
    trusted = trusted_issuers(session, request.organisation_id, base_url=here.base_url)
    counted = [proof for one in handed_in_of(session, request) for proof in one.proofs() if proof.issuer in trusted]
    shown = {proof.shows for proof in counted if proof.designation is None}
    findings, recognised = [], set[str]()
    for number, one in enumerate(exemptions):
        needed = set(one.outcomes)
        if one.module_id is not None and not one.part:
            # The whole of a module only for who proved the whole of its unit.
            needed |= _whole_of(session, one.module_id, request.organisation_id, here.base_url)
        findings += [f"exemptions.{number}: {outcome} is not proved" for outcome in sorted(needed - shown)]
        recognised |= needed
        session.add(
            Exemption(
                id=random_uuid(here.randomness),
                decision_id=decision.id,
                module_id=one.module_id,
                part=one.part,
                outcomes=sorted(needed),
                minutes_saved=one.minutes_saved,
            )
        )
    if findings:
        raise Refused("nobody is exempted from what is not proved", field="exemptions", findings=tuple(findings))
    return frozenset(recognised)


def _whole_of(session: Session, module_id: str, organisation_id: str, base_url: str) -> set[str]:
    module = session.scalar(
        select(Module)
        .join(Programme, Programme.id == Module.programme_id)
        .where(Module.id == module_id, Programme.organisation_id == organisation_id)
    )
    if module is None:
        raise NotFound("there is no such module", field="module_id")
    return {one.iri for one in published_ulo(session, module.ulo_version_id, base_url=base_url).ulo.components}


@dataclass(frozen=True, slots=True)
class _Awarding:
    """From a decision to its signed form, and to the badge for the whole set."""

    session: Session
    request: RecognitionRequest
    decision: RecognitionDecision
    tree: Node
    proved: frozenset[int]
    caller: Caller
    here: Installation

    def award(self) -> None:
        """The decision is approved by who took it; the badge for the set waits for approval as every badge does."""
        session, here, decision = self.session, self.here, self.decision
        criteria = criteria_of_request(session, self.request, base_url=here.base_url)
        units = Units(session, base_url=here.base_url)
        evidence = tuple(self._evidence())
        results = results_of_items(criteria, self.proved)
        slug = f"recognition-{self.request.criteria_id}"
        made = decision_achievement(criteria, address_of(slug, base_url=here.base_url), units)
        details = BadgeDetails(results=results, evidence=evidence, narrative=self._exempted())
        award = self._accept(DECISION, slug, made, details)
        decision.award_id = award.id
        if decision.verdict == DecisionVerdict.RECOGNISED:
            itself = {"id": f"urn:uuid:{award.credential_id}", "type": ["Evidence"], "name": str(made.name)}
            details = BadgeDetails(results=results, evidence=(*evidence, {**itself, "genre": _GENRE}))
            slug = f"criteria-{self.request.criteria_id}"
            decision.composite_award_id = self._accept(SET, slug, set_achievement(criteria, units), details).id
        session.flush()
        approve(session, award.id, caller=self.caller, now=here.now())

    def _accept(self, kind: str, slug: str, achievement: Achievement, details: BadgeDetails) -> Award:
        session, here, request = self.session, self.here, self.request
        version = published_achievement(
            session,
            kind=kind,
            slug=slug,
            content=achievement,
            publisher_id=request.organisation_id,
            now=here.now(),
            randomness=here.randomness,
        )
        asked = IssuanceRequest(
            organisation_id=request.organisation_id,
            person_id=request.person_id,
            subject_id=request.subject_id,
            ulo_version_id="",
            achievement_version_id=version.id,
            evidence_id=self.decision.id,
            assessor_id=self.caller.person_id,
            awarded_at=here.now(),
            four_eyes=False,
            details=details,
        )
        return accept(session, asked, base_url=here.base_url, now=here.now(), randomness=here.randomness)

    def _evidence(self) -> Iterator[dict[str, Any]]:
        """The loose proofs that counted, by their ids."""
        used = {proof.credential for node in _all(self.tree) for proof in node.by}
        for one in handed_in_of(self.session, self.request):
            if _is_used(one, used):
                named = {"name": one.row.name or one.row.credential, "genre": _GENRE}
                yield {"id": one.row.credential, "type": ["Evidence"], **named}

    def _exempted(self) -> str:
        rows = self.session.scalars(select(Exemption).where(Exemption.decision_id == self.decision.id)).all()
        lines = []
        for row in rows:
            module = self.session.get(Module, row.module_id) if row.module_id else None
            what = ": ".join(text for text in (module.title if module else "", row.part) if text)
            hours, minutes = divmod(row.minutes_saved, 60)
            lines.append(f"- {what} ({hours} uur" + (f" {minutes} minuten)" if minutes else ")"))
        return "Vrijgesteld van:\n\n" + "\n".join(lines) if lines else ""


def _is_used(handed: Handed, used: set[str]) -> bool:
    return handed.counts and any(proof.credential in used for proof in handed.proofs())
