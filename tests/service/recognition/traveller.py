"""Somebody with a badge who has it recognised, begins a path and joins a line, in any order; and what it comes to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from issuer_service.jobs.port import TAKE_OVER
from issuer_service.people.roles import Role
from issuer_service.recognition.taking_over import gather_setting_out, take_over
from issuer_service.workflow.metroline.tables import ReachedOutcome
from issuer_service.workflow.setting_out import SettingOut
from tests.service.conftest import World
from tests.service.recognition.people import ULO, Person, badge_file, in_role, key_of, learner, publish_criteria

__all__ = ["DECISIONS", "End", "Traveller"]

PART = {"part": "veilig werken", "outcomes": [f"{ULO}/RO001"], "minutes_saved": 90}
DECISIONS = ("whole", "whole again", "part")


@dataclass
class Made:
    """What there is, by id and key."""

    person: str
    administrator: str
    course: str
    module: str
    line: str
    requests: dict[str, str]


@dataclass
class End:
    """What it came to: modules, stations, the line, who is still to be looked at, the company's map, outcomes."""

    exempted: list[str]
    standings: list[str]
    state: str
    left: int
    company: Any  # JSON
    reached: list[tuple[str, ...]]


class Traveller:
    """Somebody with a badge and three requests for recognition; a path to begin and a line to join."""

    case: str = ""
    participation: str = ""

    def __init__(self, world: World) -> None:
        assert world.database is not None
        self.world = world
        world.jobs.forget()
        self.made = world.database.holding("a traveller with a badge", self._make, on="installed")
        world.jobs.forget()
        self.administrator = Person(world, self.made.administrator)
        self.teacher = in_role(world, Role.TEACHER)

    def _make(self) -> Made:
        world = self.world
        badge = {"badge": json.loads(badge_file(world, world.first_badge()))}
        publish_criteria(world, {"rule": "shows", "outcome": f"{ULO}/RO001"})
        holder, key = learner(world), key_of(world, Role.ADMINISTRATOR)
        requests = {}
        for name in DECISIONS:
            body = {"criteria": "vakmanschap", "began_on": "2026-09-01"}
            requests[name] = holder.call("POST", "/recognition-requests", body, expect=201)["id"]
            holder.call("POST", f"/recognition-requests/{requests[name]}/badges", badge)
        office = Person(world, key)
        ulo = office.call("GET", "/ulo-versions")["items"][0]["id"]
        of_line = office.call("GET", "/programmes")["items"][0]["id"]
        course = office.call("POST", "/programmes", {"title": "P", "preset": "katapult"}, expect=201)["id"]
        module = {"title": "Warmtepompen", "phase": "basic", "ulo_version_id": ulo}
        module_id = office.call("POST", f"/programmes/{course}/modules", module, expect=201)["id"]
        drawn = {"hours": 4, "work_form": "workshop", "provider": "Opleider"}
        bodies = [{**drawn, "title": code, "outcomes": {ulo: [code]}} for code in ("RO001", "VO001")]
        stations = [office.call("POST", "/stations", body, expect=201)["id"] for body in bodies]
        line = office.call("POST", "/metrolines", {"programme_id": of_line, "title": "L"}, expect=201)["id"]
        stops = [{"station_id": one, "phase": 1} for one in stations]
        office.call("PUT", f"/metrolines/{line}/stops", {"stops": stops})
        return Made(holder.person_id, key, course, module_id, line, requests)

    def do(self, what: str) -> None:
        """One of the decisions, or setting out on the path or on the line."""
        self.world.clock.advance(timedelta(minutes=1))
        if what == "path":
            self.begin()
        elif what == "line":
            self.join()
        else:
            self.decide(what)

    def begin(self) -> None:
        path = f"/programmes/{self.made.course}/cases"
        self.case = self.administrator.call("POST", path, {"person_id": self.made.person}, expect=201)["id"]

    def join(self) -> None:
        path, body = (
            f"/metrolines/{self.made.line}/participations",
            {"person_id": self.made.person, "company": "Jansen"},
        )
        self.participation = self.administrator.call("POST", path, body, expect=201)["id"]

    def decide(self, what: str) -> Any:  # JSON
        exempted = PART if what == "part" else {"module_id": self.made.module, "minutes_saved": 480}
        body = {"verdict": "recognised", "reason": "Aangetoond.", "exemptions": [exempted]}
        return self.teacher.call("POST", f"/recognition-requests/{self.made.requests[what]}/decision", body, expect=201)

    def look(self, *, times: int = 1) -> None:
        """Have a worker look at who set out, and do what it finds so many times."""
        installation = self.world.installation
        gather_setting_out(installation)
        found = [about for job, about in self.world.jobs.taken.values() if job == TAKE_OVER]
        for about in found * times:
            take_over(about, here=installation)
        # Each has had its time; a job that is done again is another matter.
        self.world.jobs.forget()

    def exempted(self) -> list[str]:
        """The modules that need not be taken, as often as it happened."""
        items = self.teacher.call("GET", f"/cases/{self.case}/events")["items"]
        return [one["data"]["module"] for one in items if one["what"] == "exemption"]

    def on_the_map(self) -> list[str]:
        shown = self.administrator.call("GET", f"/participations/{self.participation}/map?lang=en")
        return [one["standing"] for one in shown["stations"]]

    def on_the_map_of_the_company(self) -> Any:  # JSON
        path = f"/metrolines/{self.made.line}/company-map?company=Jansen&lang=en"
        return self.administrator.call("GET", path)["stations"]

    def end_in_the_plain_order(self, decisions: tuple[str, ...]) -> End:
        """What it comes to where everything is decided of somebody who is on their way; found out once."""
        assert self.world.database is not None

        def go() -> End:
            other = Traveller(self.world)
            for what in ("path", "line", *decisions):
                other.do(what)
            other.look()
            return other.end()

        return self.world.database.holding(f"a traveller at the end of {decisions}", go, on="a traveller with a badge")

    def end(self) -> End:
        """All that it came to."""
        with self.world.installation.reading() as session:
            reached = session.execute(select(ReachedOutcome.kind, ReachedOutcome.about_id, ReachedOutcome.component))
            outcomes = sorted(tuple(row) for row in reached)
            left = session.scalar(select(func.count()).select_from(SettingOut))
        state = self.administrator.call("GET", f"/participations/{self.participation}")["state"]
        company = self.on_the_map_of_the_company()
        return End(self.exempted(), self.on_the_map(), state, left or 0, company, outcomes)
