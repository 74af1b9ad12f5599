"""The people of the demonstration's provider who write, validate and publish learning outcomes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_person
from issuer_service.people.tables import Organisation
from tests.service.conftest import World

ROLES = (Role.LD_DEVELOPER, Role.EXPERT, Role.CURATOR, Role.ADMINISTRATOR)


class Office:
    """An author, an expert, a curator and an administrator, who call."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.keys: dict[Role, str] = {}
        self.ids: dict[Role, str] = {}
        for role in ROLES:
            self.add(role, str(role))

    def add(self, role: Role, name: str) -> str:
        """Somebody. Gives their id; the last one in a role is who calls in it."""
        here = self.world.installation
        with here.transaction() as session:
            provider = session.scalars(select(Organisation.id).where(Organisation.slug == "voorbeeld-opleider")).one()
            member = add_person(
                session,
                name=name,
                email=f"{name}@opleider.example",
                organisation_id=provider,
                role=role,
                randomness=here.randomness,
            )
            self.keys[role] = make_key(session, member, now=here.now(), randomness=here.randomness).secret
            self.ids[role] = member.person_id
            return member.person_id

    def call(self, role: Role, method: str, path: str, body: Any = None, *, expect: int = 200, **headers: str) -> Any:
        """What the API answers to somebody in this role: JSON, or None without a body."""
        answer = self.world.http.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.keys[role]}", **headers}
        )
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def qualification(self, title: str = "Waterstof") -> str:
        """A qualification in a catalogue of its own. Gives its id."""
        catalogue = self.call(Role.CURATOR, "POST", "/v1/catalogues", {"title": f"Catalogus {title}"}, expect=201)
        body = {"catalogue_id": catalogue["id"], "title": title}
        made = self.call(Role.CURATOR, "POST", "/v1/qualifications", body, expect=201)
        qualification_id: str = made["id"]
        return qualification_id

    def draft(self, qualification_id: str, number: str = "1.1", **changed: Any) -> Any:  # JSON
        """A draft, written by the author."""
        body = {"qualification_id": qualification_id, "number": number, "content": {**CONTENT, **changed}}
        return self.call(Role.LD_DEVELOPER, "POST", "/v1/ulo-drafts", body, expect=201)

    def agree(self, draft_id: str, *, agreed: bool = True, expect: int = 200) -> Any:  # JSON
        """The expert's word."""
        body = {"method": "workshop", "held_on": "2026-11-19", "agreed": agreed, "notes": "met vier monteurs"}
        return self.call(Role.EXPERT, "POST", f"/v1/ulo-drafts/{draft_id}/validations", body, expect=expect)

    def publish(self, draft_id: str) -> Any:  # JSON
        """All the way from draft to published."""
        self.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft_id}/submission")
        self.agree(draft_id)
        return self.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft_id}/publication")


CONTENT: dict[str, Any] = {
    "title": "Elektrolyser veilig aansluiten",
    "components": [
        {
            "code": "RO001",
            "verb": "bepaalt",
            "object": "de plaats van de gasdetectie",
            "preposition": "bij",
            "context": "een elektrolyser van ten hoogste 1 MW",
        },
        {"code": "VO001", "verb": "aansluiten", "object": "de waterstofleiding"},
        {"code": "KO001", "object": "explosiegrenzen van waterstof in lucht"},
    ],
}
