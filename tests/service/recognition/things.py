"""What a provider has where proofs are cashed in, one of each kind, by the names of the access matrix."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.assessing.assessments import record_assessment
from issuer_service.assessing.plans import draft_plan, publish_plan
from issuer_service.assessing.skills import add_mapping
from issuer_service.assessment.matrix import Conditions
from issuer_service.assessment.outcome import Plan
from issuer_service.catalogue.service import published_ulo
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.cashing_tables import Designation, HandedIn, ProofMatch, RecognitionRequest
from issuer_service.recognition.criteria import draft_criteria
from issuer_service.recognition.crosswalk import add_to_crosswalk
from issuer_service.recognition.handing_in import PROOF, About, MatchState
from issuer_service.recognition.matching import MatchKind
from issuer_service.recognition.proofs import Proof
from issuer_service.recognition.requests import open_request
from issuer_service.recognition.rules import CriteriaSet
from issuer_service.recognition.trust import trust_issuer
from openbadges_kit.documents import dump_json
from openbadges_kit.vocabulary import SkosMatch


def cash_in(
    session: Session, installation: Installation, organisation_id: str, staff_id: str, person_id: str
) -> dict[str, str]:
    """Make them, in the name of one person of the provider's and for another. Gives their ids."""
    now = installation.now()
    caller = Caller.in_role(staff_id, organisation_id, Role.TEACHER)
    criteria = CriteriaSet.model_validate(
        {
            "iri": "urn:draft",
            "version": 1,
            "kind": "scheme",
            "title": {"nl": "Vakmanschap"},
            "rule": {"rule": "shows", "outcome": "https://elsewhere.example/outcome"},
            "cohorts_from": "2026-01-01",
        }
    )
    published, draft = (
        draft_criteria(session, criteria, slug, caller=caller, now=now, randomness=os_randomness)
        for slug in ("vakmanschap", "in-de-maak")
    )
    published.published_by, published.published_at = staff_id, now
    trusted = trust_issuer(
        session,
        issuer="did:web:elsewhere.example",
        name="Elders",
        ground="bezocht",
        caller=caller,
        now=now,
        randomness=os_randomness,
    )
    entry = add_to_crosswalk(
        session,
        theirs="https://theirs.example/outcome",
        ours="https://elsewhere.example/outcome",
        match=SkosMatch.BROAD,
        ground="vergeleken",
        caller=caller,
        now=now,
        randomness=os_randomness,
    )
    session.flush()
    request, request_to_decide = (
        open_request(
            session,
            person_id=person_id,
            slug="vakmanschap",
            began_on=date(2026, 9, 1),
            caller=caller,
            now=now,
            randomness=os_randomness,
        )
        for _ in range(2)
    )
    handed_in, match = _handed_in(session, request, staff_id, now)
    return {
        "criteria": published.id,
        "criteria_draft": draft.id,
        "trusted": trusted.id,
        "crosswalk": entry.id,
        "request": request.id,
        "handed_in": handed_in,
        "match": match,
        "request_to_decide": request_to_decide.id,
        **_assessed(session, caller, person_id, installation),
        "designation": _designation(session, organisation_id, staff_id, person_id, now),
    }


def _designation(session: Session, organisation_id: str, staff_id: str, person_id: str, now: datetime) -> str:
    """One whose badge is the one that they have."""
    badge = select(Credential.award_id).join(Award, Award.id == Credential.award_id)
    row = Designation(
        id=random_uuid(os_randomness),
        organisation_id=organisation_id,
        person_id=person_id,
        scheme="https://regeling.example/1",
        scheme_title="Regeling",
        kind="VP",
        tasks=[],
        grounds=[],
        experience="tien jaar",
        register_number="",
        valid_from=now.date(),
        valid_until=now.date(),
        designated_by=staff_id,
        decided_by=staff_id,
        decided_at=now,
        award_id=session.scalars(badge.where(Award.person_id == person_id)).first(),
    )
    session.add(row)
    session.flush()
    return row.id


def _handed_in(session: Session, request: RecognitionRequest, staff_id: str, now: datetime) -> tuple[str, str]:
    """A badge that verified, of which it is not known whose it is, with a proposed match."""
    badge = {
        "id": "urn:uuid:badge",
        "issuer": "did:web:elsewhere.example",
        "awardedDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"achievement": {"id": "https://theirs.example/outcome"}},
    }
    row = HandedIn(
        id=random_uuid(os_randomness),
        request_id=request.id,
        credential="urn:uuid:badge",
        issuer="did:web:elsewhere.example",
        issuer_name="Elders",
        name="Een badge",
        received=dump_json(badge),
        verified=True,
        reasons=[],
        about=str(About.UNKNOWN),
        handed_in_by=staff_id,
        handed_in_at=now,
    )
    session.add(row)
    session.flush()
    proof = Proof("urn:uuid:badge", "https://elsewhere.example/outcome", "did:web:elsewhere.example", date(2026, 1, 1))
    match = ProofMatch(
        id=random_uuid(os_randomness),
        handed_in_id=row.id,
        outcome=proof.shows,
        kind=str(MatchKind.PROPOSED),
        found_by="https://theirs.example/outcome",
        proof=PROOF.dump_python(proof, mode="json"),
        state=str(MatchState.PROPOSED),
    )
    session.add(match)
    session.flush()
    return row.id, match.id


def _assessed(session: Session, caller: Caller, person_id: str, installation: Installation) -> dict[str, str]:
    """A published plan, a draft, what somebody was found to master by it, and a skills mapping."""
    now, base_url = installation.now(), installation.base_url
    version = session.scalars(select(UloVersion).where(UloVersion.publisher_id == caller.organisation_id)).first()
    assert version is not None
    components = published_ulo(session, version.id, base_url=base_url).ulo.components
    levels = ({"key": "nog-niet", "name": "Nog niet"}, {"key": "goed", "name": "Goed"})
    rubric = [{"component": one.iri, "levels": levels, "required_level": "goed"} for one in components]
    published, draft = (
        draft_plan(
            session,
            Plan.model_validate({"rubric": rubric}),
            slug=slug,
            title="Toetsplan",
            ulo_version_id=version.id,
            criteria_id=None,
            caller=caller,
            base_url=base_url,
            now=now,
            randomness=os_randomness,
        )
        for slug in ("toetsplan", "in-de-maak")
    )
    publish_plan(session, published.id, caller=caller, now=now)
    assessment = record_assessment(
        session,
        plan_id=published.id,
        person_id=person_id,
        taken_at=now,
        taken_under=Conditions(),
        scores=[],
        levels={},
        evidence=[],
        caller=caller,
        now=now,
        randomness=os_randomness,
    )
    table = "specialism,occupation,current,required\nEV,Monteur,1,3\n"
    mapping = add_mapping(session, table, title="M", source="S", caller=caller, now=now, randomness=os_randomness)
    return {"plan": published.id, "plan_draft": draft.id, "assessment": assessment.id, "mapping": mapping.id}
