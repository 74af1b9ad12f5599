"""Who and what there is before the story begins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from issuer_service.catalogue.service import ValidatedElsewhere, import_ulo, published_ulo
from issuer_service.installation import Installation
from issuer_service.people.keys import make_key
from issuer_service.people.service import OrganisationKind, Role, add_organisation, add_person
from issuer_service.programme.service import add_module, enrol, open_programme
from issuer_service.signing_keys.lifecycle import create_keys
from issuer_service.signing_keys.service import did_of
from issuer_service.signing_keys.stores import key_ring

__all__ = ["Setting", "set_up"]

_DATA: Final = Path(__file__).resolve().parent / "data"
_SOURCE: Final = "Make Hydrogen Work – Werkwijze toolbox (februari 2025), paragraaf 5.2"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the story needs to know of it."""

    issuer_slug: str
    issuer_did: str
    ulo_iri: str
    module_id: str
    enrolments: tuple[str, str]
    teacher_token: str


def set_up(session: Session, installation: Installation) -> Setting:
    """A provider with keys, the sample ULO, a programme, a teacher and two learners."""
    now, randomness, base_url = installation.now(), installation.randomness, installation.base_url
    provider = add_organisation(
        session,
        kind=OrganisationKind.PROVIDER,
        slug="voorbeeld-opleider",
        name="Voorbeeld Opleider",
        randomness=randomness,
    )
    create_keys(session, provider, ring=key_ring(installation.settings, randomness), now=now, randomness=randomness)
    stored = import_ulo(
        session,
        (_DATA / "warmtepompen.csv").read_text(encoding="utf-8"),
        catalogue="Skills-Catalogus",
        qualification="Vakmanschap Warmtepompen",
        number="1.1",
        version="1",
        title="Warmtepompsysteem bepalen",
        source=_SOURCE,
        # The working method has learning outcomes validated before it publishes them, and does not say by whom.
        validated=ValidatedElsewhere("workshop", date(2025, 2, 1), by=_SOURCE),
        rubric=json.loads((_DATA / "warmtepompen-rubric.json").read_bytes()),
        publisher_id=provider.id,
        base_url=base_url,
        now=now,
        randomness=randomness,
    )
    session.flush()
    programme = open_programme(
        session,
        organisation_id=provider.id,
        title="Omscholing tot warmtepompmonteur",
        preset_name="mhw",
        randomness=randomness,
    )
    module = add_module(
        session,
        programme_id=programme.id,
        title="Welk systeem past?",
        phase="basic",
        ulo_version_id=stored.id,
        randomness=randomness,
    )
    teacher = add_person(
        session,
        name="Dana Docent",
        email="dana@opleider.example",
        organisation_id=provider.id,
        role=Role.TEACHER,
        randomness=randomness,
    )
    learners = [
        add_person(
            session,
            name=name,
            email=email,
            organisation_id=provider.id,
            role=Role.LEARNER,
            randomness=randomness,
        )
        for name, email in (("Michael Monteur", "michael@post.example"), ("Sophie Sleutel", "sophie@post.example"))
    ]
    first, second = (
        enrol(session, person_id=learner.person_id, programme_id=programme.id, now=now, randomness=randomness).id
        for learner in learners
    )
    return Setting(
        issuer_slug=provider.slug,
        issuer_did=did_of(provider, base_url=base_url),
        ulo_iri=published_ulo(session, stored.id, base_url=base_url).ulo.iri,
        module_id=module.id,
        enrolments=(first, second),
        teacher_token=make_key(session, teacher, name="demo", now=now, randomness=randomness).secret,
    )
