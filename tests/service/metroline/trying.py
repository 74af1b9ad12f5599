"""A line to try things on: a team, three companies' worth of people, and short names for the calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from issuer_service.catalogue.tables import UloVersion
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Organisation
from issuer_service.programme.service import open_programme
from tests.service.conftest import LEVELS, World

__all__ = ["LEVELS", "PROPOSITION", "Team"]

PROPOSITION = {
    "who": "bedrijven met een wagenpark",
    "wants": "willen rijden op waterstof",
    "but": "te weinig monteurs vinden",
    "what": "een metrolijn",
    "aimed_at": "hun eigen monteurs",
    "offers": "vakkennis",
    "so_that": "hun wagens zelf onderhouden",
    "validated": True,
}


class Team:
    """The people around a line, each with a key, and the line's programme."""

    def __init__(self, world: World, *, preset: str = "katapult") -> None:
        self.world, self.serial = world, count()
        here = world.installation
        self.keys: dict[Role, str] = {Role.TEACHER: world.setting.teacher_token}
        self.people: list[str] = []
        self.members: dict[Role, str] = {}
        with here.transaction() as session:
            self.organisation = session.scalars(select(Organisation.id)).first() or ""
            for role in (Role.BROKER, Role.AM_COMPANIES, Role.LD_DEVELOPER, Role.ADMINISTRATOR):
                member = self._add(session, str(role), role)
                self.members[role] = member.person_id
                self.keys[role] = make_key(session, member, now=here.now(), randomness=here.randomness).secret
            self.people = [self._add(session, f"deelnemer{n}", Role.PARTICIPANT).person_id for n in range(3)]
            programme = open_programme(
                session,
                organisation_id=self.organisation,
                title="Metrolijnen",
                preset_name=preset,
                randomness=here.randomness,
            )
            self.programme = programme.id
            self.ulo = session.scalars(select(UloVersion.id)).first() or ""

    def _add(self, session: Any, name: str, role: Role) -> Any:  # a membership
        return add_person(
            session,
            name=name,
            email=f"{name}@post.example",
            organisation_id=self.organisation,
            role=role,
            randomness=self.world.installation.randomness,
        )

    def call(
        self, method: str, path: str, body: Any = None, *, role: Role = Role.BROKER, expect: int | None = None
    ) -> Any:  # JSON
        """Call the API in a role; what is made answers 201, and the rest 200, unless something else is expected."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        answer = self.world.http.request(method, f"/v1/{path}", json=body, headers=headers)
        assert answer.status_code in ({expect} if expect else {200, 201}), answer.text
        return answer.json() if answer.headers["content-type"].endswith("json") else answer

    def caller(self, role: Role = Role.BROKER) -> Caller:
        """Who they are in that role, for what is done past the API."""
        return Caller.in_role(self.members[role], self.organisation, role)

    def amiss(self, path: str, body: Any, *, role: Role = Role.BROKER) -> list[str]:
        """What is wrong with a call that is refused, beside that it is."""
        found = self.call("POST", path, body, role=role, expect=422)["findings"]
        return [one["detail"] for one in found[1:]]

    def station(self, title: str, components: list[str], **more: Any) -> str:
        """A station that leads to these components."""
        outcomes = {self.ulo: components} if components else {}
        body = {"title": title, "hours": 4, "work_form": "workshop", "provider": "Opleider", "outcomes": outcomes}
        made: str = self.call("POST", "stations", {**body, **more})["id"]
        return made

    def line(self, stations: list[str], **more: Any) -> str:
        """A line that calls at these stations."""
        body = {"programme_id": self.programme, "title": "Ons wagenpark op waterstof", "outcomes": [self.ulo], **more}
        line: str = self.call("POST", "metrolines", body)["id"]
        stops = [{"station_id": one, "phase": min(3, 1 + n)} for n, one in enumerate(stations)]
        self.call("PUT", f"metrolines/{line}/stops", {"stops": stops})
        return line

    def register(self, line: str, person: int = 0, company: str = "Jansen") -> str:
        """Somebody on the line."""
        body = {"person_id": self.people[person], "company": company}
        made: str = self.call("POST", f"metrolines/{line}/participations", body)["id"]
        return made

    def module(self, programme: str = "") -> str:
        """A module that leads to the ULO: with it, the programme has a path."""
        body = {"title": "Onderhoud", "phase": "basic", "ulo_version_id": self.ulo}
        path = f"programmes/{programme or self.programme}/modules"
        made: str = self.call("POST", path, body, role=Role.ADMINISTRATOR)["id"]
        return made

    def run(self, station: str, *, days: int = 21, upto: str = "announced") -> str:
        """A run of a station in so many days, brought to that state."""
        body = {
            "starts_at": (self.world.clock() + timedelta(days=days)).isoformat(),
            "location": "Campus",
            "capacity": 12,
            "preparation": "Lees het blad",
            "materials": "Schoenen",
        }
        run: str = self.call("POST", f"stations/{station}/runs", body)["id"]
        for state in ("scheduled", "announced"):
            self.call("POST", f"station-runs/{run}/state", {"state": state})
            if state == upto:
                break
        return run

    def hold(self, run: str) -> None:
        """Prepare a run that was announced, and begin it when it is time."""
        self.call("PATCH", f"station-runs/{run}", {"checked": ["materials", "aids", "rooms"]})
        self.call("POST", f"station-runs/{run}/state", {"state": "prepared"})
        self.world.clock.advance(timedelta(days=21))
        self.call("POST", f"station-runs/{run}/state", {"state": "running"})

    def assess(self, participation: str, station: str, codes: list[str], **more: Any) -> list[dict[str, str]]:
        """The teacher finds that these components were reached. What was new by it."""
        levels = {self.ulo: {code: LEVELS[code] for code in codes}}
        body = {"participation_id": participation, "station_id": station, "levels": levels, **more}
        reached: list[dict[str, str]] = self.call("POST", "station-assessments", body, role=Role.TEACHER)["reached"]
        return reached

    def awards(self) -> list[Mapping[str, Any]]:
        """What was asked for, once all jobs are done."""
        self.world.jobs.do_all(self.world.handlers)
        items: list[Mapping[str, Any]] = self.call("GET", "awards", role=Role.TEACHER)["items"]
        return items
