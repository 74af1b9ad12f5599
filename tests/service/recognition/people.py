"""People at work on recognition, by role, and an issuer elsewhere whose badges they hand in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from issuer_service.delivery.service import ClaimLinks
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_role
from issuer_service.people.tables import Membership
from issuer_service.programme.tables import Enrolment
from openbadges_kit.did.did_key import did_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.keys.signing_key import ed25519_key
from tests.kit.samples import signed
from tests.service.conftest import World

ULO = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1"
THEIR_KEY = ed25519_key(bytes(range(64, 96)))
THEIRS = did_of(THEIR_KEY.public_key)
THEIR_OUTCOME = "https://elders.example/leeruitkomst/42"
HOLDER_KEY = ed25519_key(bytes(range(96, 128)))
HOLDER = did_of(HOLDER_KEY.public_key)


def key_of(world: World, role: Role) -> str:
    """The key of the teacher in another role."""
    with world.installation.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
        member = add_role(
            session,
            teacher.person_id,
            role,
            organisation_id=teacher.organisation_id,
            randomness=world.installation.randomness,
        )
        made = make_key(session, member, now=world.installation.now(), randomness=world.installation.randomness)
        return made.secret


class Person:
    """Somebody who calls the API."""

    def __init__(self, world: World, key: str, person_id: str = "") -> None:
        self.world, self.person_id = world, person_id
        self._headers = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:  # JSON
        answer = self.world.http.request(method, f"/v1{path}", json=body, headers=self._headers)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def upload(self, path: str, data: bytes, *, expect: int = 200) -> Any:  # JSON
        answer = self.world.http.post(f"/v1{path}", files={"file": ("badge", data)}, headers=self._headers)
        assert answer.status_code == expect, answer.text
        return answer.json()


def in_role(world: World, role: Role) -> Person:
    """Somebody of the staff, in one role: the person who is the teacher, and nobody who learns."""
    return Person(world, world.setting.teacher_token if role is Role.TEACHER else key_of(world, role))


def learner(world: World, number: int = 0) -> Person:
    """One of the two who learn, by a key of their own."""
    with world.installation.transaction() as session:
        enrolment = session.get_one(Enrolment, world.setting.enrolments[number])
        member = session.scalars(select(Membership).where(Membership.person_id == enrolment.person_id)).one()
        made = make_key(session, member, now=world.installation.now(), randomness=world.installation.randomness)
        return Person(world, made.secret, enrolment.person_id)


def unsigned_foreign() -> JsonObject:
    """The same before it was signed."""
    return {name: value for name, value in foreign_badge().items() if name != "proof"}


def foreign_badge(outcome: str = THEIR_OUTCOME, **subject: Any) -> JsonObject:
    """A badge of an issuer elsewhere, for an outcome of another catalogue."""
    about = {
        "id": HOLDER,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": outcome,
            "type": ["Achievement"],
            "name": "Adviseren over warmtepompen",
            "description": "Adviseert een opdrachtgever.",
            "criteria": {"narrative": "Laat het zien."},
        },
    }
    return signed(THEIR_KEY, id=f"urn:uuid:{uuid4()}", credentialSubject={**about, **subject})


def publish_criteria(
    world: World, rule: dict[str, Any], slug: str = "vakmanschap", kind: str = "scheme"
) -> Any:  # JSON
    """Criteria for everybody who began this year."""
    curator = in_role(world, Role.CURATOR)
    title = {"nl": "Vakmanschap warmtepompen", "en": "Heat pump craftsmanship"}
    body = {"slug": slug, "kind": "scheme", "title": title, "rule": rule, "cohorts_from": "2026-01-01"}
    drafted = curator.call("POST", "/criteria-sets", body, expect=201)
    return curator.call("POST", f"/criteria-sets/{drafted['id']}/publication")


def trust_the_issuer_elsewhere(world: World) -> None:
    body = {"issuer": THEIRS, "name": "Elders", "ground": "Zelfde toetsmatrijs; bezocht op 3 maart 2026."}
    in_role(world, Role.ADMINISTRATOR).call("POST", "/trusted-issuers", body, expect=201)


def match_in_crosswalk(world: World, ours: str, match: str) -> None:
    body = {"theirs": THEIR_OUTCOME, "ours": ours, "match": match, "ground": "Vergeleken met hun docenten."}
    in_role(world, Role.CURATOR).call("POST", "/crosswalk", body, expect=201)


def badge_file(world: World, credential_id: str, form: str = "badge.json") -> bytes:
    """A badge of ours as its holder downloads it."""
    here = world.installation
    links = ClaimLinks(here.settings.secret.get_secret_value(), base_url=here.base_url)
    return world.http.get(f"{links.link_to(credential_id)}/{form}").content
