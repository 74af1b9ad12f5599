"""The people of the demonstration, one in every role and some more, and the day on which they do things.

What takes a year in earnest is told in seconds: every day of it is set, and the last one is today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.demo.setting import Setting
from issuer_service.demo.telling import call
from issuer_service.installation import Installation
from issuer_service.people.keys import MAX_LIFETIME, make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_person, organisation_by_slug
from issuer_service.people.tables import Membership

__all__ = ["PEOPLE", "Calendar", "Cast", "hire"]

PEOPLE: Final[Mapping[str, tuple[str, Role]]] = MappingProxyType(
    {
        "administrator": ("Bea Beheer", Role.ADMINISTRATOR),
        "am_candidates": ("Anna Aanmelding", Role.AM_CANDIDATES),
        "am_companies": ("Bas Bedrijven", Role.AM_COMPANIES),
        "coach": ("Coen Coach", Role.COACH),
        "broker": ("Maud Makelaar", Role.BROKER),
        "ld_developer": ("Lotte Leerlijn", Role.LD_DEVELOPER),
        "assessor": ("Bram Beoordeling", Role.ASSESSOR),
        "curator": ("Cato Catalogus", Role.CURATOR),
        "expert": ("Evi Expert", Role.EXPERT),
        "frontrunner": ("Koen Koploper", Role.FRONTRUNNER),
        "registrar": ("Rik Register", Role.REGISTRAR),
        "verifier": ("Vera Verificatie", Role.VERIFIER),
        "privacy_officer": ("Fenna Privacy", Role.PRIVACY_OFFICER),
        "warmte": ("Wim de Wit (Warmte BV)", Role.EMPLOYER),
        "koude": ("Karin Koster (Koude & Zn)", Role.EMPLOYER),
        "mo": ("Mo Amrani", Role.CANDIDATE),
        "lars": ("Lars Linders", Role.CANDIDATE),
        "iris": ("Iris Immink", Role.CANDIDATE),
        "joris": ("Joris Jager", Role.CANDIDATE),
        "kiki": ("Kiki Kramer", Role.CANDIDATE),
        "noor": ("Noor Nijland", Role.CANDIDATE),
        "pim": ("Pim Peters", Role.PARTICIPANT),
        "puck": ("Puck Post", Role.PARTICIPANT),
    }
)
"""By a short name, who there is beside the teacher and the two learners of the first chapters. None of them is real."""


@dataclass(slots=True)
class Calendar:
    """A clock that is set."""

    moment: datetime

    def __call__(self) -> datetime:
        """What the service takes for now."""
        return self.moment

    def pass_days(self, days: float) -> None:
        """Later."""
        self.moment += timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, each with a key to the API, and the day it is for them."""

    http: TestClient
    calendar: Calendar
    ids: Mapping[str, str]
    keys: Mapping[str, str] = field(repr=False)

    def call(self, who: str, method: str, path: str, body: Any = None) -> Any:  # JSON
        """Somebody calls the API, on their day. Raises StoryFailed for a refusal."""
        return call(self.http, method, path, body, token=self.keys[who])


def hire(session: Session, here: Installation, setting: Setting, *, since: datetime) -> tuple[dict[str, str], ...]:
    """Add the people to the provider. By short name, their ids and their keys."""
    organisation = organisation_by_slug(session, setting.issuer_slug)
    teacher = session.scalars(
        select(Membership).where(Membership.organisation_id == organisation.id, Membership.role == str(Role.TEACHER))
    ).one()
    members = {"teacher": teacher}
    for short, (name, role) in PEOPLE.items():
        members[short] = add_person(
            session,
            name=name,
            email=f"{short.replace('_', '-')}@opleider.example",
            organisation_id=organisation.id,
            role=role,
            randomness=here.randomness,
        )
    ids = {short: member.person_id for short, member in members.items()}
    keys = {
        short: make_key(
            session, member, name="demo", lifetime=MAX_LIFETIME, now=since, randomness=here.randomness
        ).secret
        for short, member in members.items()
    }
    return ids, keys
