"""What a provider has where proofs are cashed in, one of each kind, by the names of the access matrix."""

from __future__ import annotations

from sqlalchemy.orm import Session

from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.recognition.criteria import draft_criteria
from issuer_service.recognition.rules import CriteriaSet
from issuer_service.recognition.trust import trust_issuer


def cash_in(session: Session, installation: Installation, organisation_id: str, staff_id: str) -> dict[str, str]:
    """Make them, in the name of one person of the provider's. Gives their ids."""
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
    return {"criteria": published.id, "criteria_draft": draft.id, "trusted": trusted.id}
