"""Loose proofs add up: criteria are published, and the second learner's badge is laid along them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from issuer_service.demo.setting import Setting
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership, Organisation
from issuer_service.recognition.criteria import draft_criteria, publish_criteria
from issuer_service.recognition.rules import AllOf, CriteriaSet, Kind, LevelAsked, Shows
from issuer_service.recognition.trust import known_here

__all__ = ["CRITERIA", "publish_example_criteria", "who_has"]

CRITERIA: Final = "warmtepompen-vakmanschap"


def publish_example_criteria(installation: Installation, setting: Setting) -> None:
    """Publish what it takes to be recognised: two outcomes of the sample ULO, and one that nobody has proved yet."""
    today = installation.now().date()
    competent = LevelAsked(scale=f"{setting.ulo_iri}/RO001/result", rank=3)
    rule = AllOf(
        title="Vakmanschap warmtepompen",
        of=(
            Shows(outcome=f"{setting.ulo_iri}/RO001", level=competent),
            Shows(outcome=f"{setting.ulo_iri}/VO001"),
            Shows(
                title="Veilig werken met koudemiddel", outcome="https://veiligwerken.example/leeruitkomst/koudemiddel"
            ),
        ),
    )
    with installation.transaction() as session:
        provider = session.scalars(select(Organisation).where(Organisation.slug == setting.issuer_slug)).one()
        teacher = session.scalars(
            select(Membership).where(Membership.organisation_id == provider.id, Membership.role == str(Role.TEACHER))
        ).one()
        caller = Caller.in_role(teacher.person_id, provider.id, Role.CURATOR)
        criteria = CriteriaSet(
            iri="urn:criteria",
            version=1,
            kind=Kind.SCHEME,
            title={"nl": "Vakmanschap warmtepompen", "en": "Heat pump craftsmanship"},
            rule=rule,
            cohorts_from=today,
        )
        drafted = draft_criteria(
            session, criteria, CRITERIA, caller=caller, now=installation.now(), randomness=installation.randomness
        )
        publish_criteria(
            session,
            drafted.id,
            caller=caller,
            known=known_here(session, provider.id, base_url=installation.base_url),
            base_url=installation.base_url,
            now=installation.now(),
        )


def who_has(installation: Installation, credential_id: str) -> tuple[str, str]:
    """Whose badge it is, by their id, and the badge as it was signed."""
    with installation.reading() as session:
        credential = session.get_one(Credential, credential_id)
        return session.get_one(Award, credential.award_id).person_id, credential.document.decode()
