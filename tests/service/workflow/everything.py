"""Somebody to whom everything happens that may be worth a badge: on a path, and along a line of the same programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from issuer_service.awarding.gather import gather_events
from issuer_service.bootstrap import handlers, resume_lost_work
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.jobs.port import AWARD
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.metroline.arranging import WorkForm
from issuer_service.workflow.metroline.holding import plan_run, run_of
from issuer_service.workflow.metroline.lines import Acting, Stop, add_station, arrange, line_of, open_line, station_of
from issuer_service.workflow.metroline.travelling import assess, participation_of, record_attendance, register
from issuer_service.workflow.outbox import Outbox
from issuer_service.workflow.process.reducer import Step
from issuer_service.workflow.process.service import case_of, take_step
from tests.service.conftest import LEVELS, World
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.test_setting_up import ulo_body
from tests.service.workflow.office import Office

STEPS: Final[Mapping[str, tuple[EventKind, ...]]] = {
    "module": (EventKind.MODULE_PASSED,),
    "certify": (EventKind.LEARNING_COMPLETED,),
    "complete": (EventKind.PROGRAMME_COMPLETED,),
    "attend": (EventKind.STATION_ATTENDED,),
    "assess": (
        EventKind.COMPONENT_REACHED,
        EventKind.STATION_OUTCOME_REACHED,
        EventKind.ULO_REACHED,
        EventKind.LINE_COMPLETED,
    ),
}
"""Every step that tells of something, with what it tells."""

# Where a case has to stand for a step, or that there has to be a line.
_BEFORE: Final = {"module": "advanced_modules", "certify": "advanced_modules", "complete": "contracted"}


def award(here: Installation, jobs: JobsByHand, *, lost: bool = False) -> None:
    """Have everything that was told looked at; also where the jobs for it were `lost` once."""
    gather_events(here)
    if lost:
        jobs.forget()
        assert isinstance(here.now, SettableClock)
        here.now.advance(timedelta(minutes=5))
        resume_lost_work(here)
    jobs.do_all({AWARD: handlers(here)[AWARD]})


@dataclass
class Line:
    """What there is of a line, by id."""

    line: str
    station: str
    other_station: str
    run: str
    participation: str


class Everything:
    """An office whose programme awards everything that can be awarded, and a candidate who does it all."""

    case: str
    line: Line

    def __init__(self, world: World, preset: str) -> None:
        self.office = Office(world, preset)
        self.world = world

    def settle(self, **settings: Any) -> None:
        """Have the programme award all there is."""
        completion = {**ulo_body(), "qualification": "Voltooiing", "rubric": []}
        self.completion: str = self.office.call("administrator", "POST", "/v1/ulo-versions", completion)["id"]
        self.office.settle(
            attendance_proof=True,
            badge_per_component=True,
            certificate_ulo_version_id=self.office.certificate,
            completion_ulo_version_id=self.completion,
            **settings,
        )

    def prepare(self, step: str) -> None:
        """Have everything there that comes before a step."""
        if step not in _BEFORE:
            self.draw_line()
            return
        self.office.until(self.office.begin("company-path", "employer"), "attending")
        self.case = self.office.begin()
        self.office.until(self.case, _BEFORE[step])
        if step == "certify":
            self.office.pass_next_module(self.case)
        if step == "complete":
            # Katapult has no need of it, and allows it.
            self.office.step("employer", self.case, "move", "begin_work")
            self.office.step("employer", self.case, "record", "work_experience_ended")
            self.office.step("teacher", self.case, "record", "return_event_attended")

    def do(self, step: str, here: Installation | None = None) -> None:
        """Take a step, in one transaction."""
        steps: Mapping[str, Callable[[Installation], None]] = {
            "module": self._module,
            "certify": lambda at: self._move(at, "certify"),
            "complete": lambda at: self._move(at, "complete"),
            "attend": self._attend,
            "assess": self._assess,
        }
        steps[step](here or self.world.installation)

    def draw_line(self) -> None:
        """A line with two stations, of which one is enough, a run that was begun, and the candidate on it."""
        here = self.world.installation
        with here.transaction() as session:
            acting = self._acting(here)
            ulo = session.scalars(select(UloVersion.id).where(UloVersion.id == self.office.made.with_rubric)).one()
            line = open_line(session, acting, programme_id=self.office.programme, title="Ons wagenpark", outcomes=[ulo])
            more: dict[str, Any] = {"hours": 4, "work_form": WorkForm.WORKSHOP, "provider": "Opleider"}
            station = add_station(session, acting, title="Veilig werken", outcomes={ulo: sorted(LEVELS)}, **more)
            other = add_station(session, acting, title="Nog eens", outcomes={ulo: sorted(LEVELS)}, **more)
            arrange(session, acting, line, [Stop(station.id, 1)])
            run = plan_run(session, acting, station.id, {"starts_at": here.now() + timedelta(days=21)})
            run.state = "running"
            who = register(session, acting, line, person_id=self.office.ids["candidate"])
            self.line = Line(line.id, station.id, other.id, run.id, who.id)

    def arrange_anew(self) -> None:
        """The line runs otherwise from now on: for whoever completes it now, it is another achievement."""
        with self.world.installation.transaction() as session:
            line = line_of(session, self.line.line)
            stops = [Stop(self.line.other_station, 1), Stop(self.line.station, 2)]
            arrange(session, self._acting(self.world.installation), line, stops)
            station_of(session, self.line.station).title = "Veiliger werken"

    def _acting(self, here: Installation) -> Acting:
        caller = Caller.in_role(self.office.ids["teacher"], self.office.made.organisation, Role.TEACHER, Role.BROKER)
        return Acting(caller, here.now(), os_randomness, here.base_url, Outbox(os_randomness))

    def _module(self, here: Installation) -> None:
        with here.transaction() as session:
            case, _, _ = case_of(session, self.case, self.office.caller("teacher"))
            record_module_result(
                session,
                RecordModuleResult(str(case.enrolment_id), self.office.modules["advanced"], LEVELS),
                caller=self.office.caller("teacher"),
                events=Outbox(os_randomness),
                here=here,
            )

    def _move(self, here: Installation, route: str) -> None:
        with here.transaction() as session:
            case, _, actor = case_of(session, self.case, self.office.caller("teacher"))
            take_step(session, case, Step("move", route), actor, doing=doing_in(here, "candidate-path"))

    def _attend(self, here: Installation) -> None:
        with here.transaction() as session:
            run, who = run_of(session, self.line.run), participation_of(session, self.line.participation)
            record_attendance(session, self._acting(here), run, who, attended=True)

    def _assess(self, here: Installation) -> None:
        with here.transaction() as session:
            who, station = participation_of(session, self.line.participation), station_of(session, self.line.station)
            assess(session, self._acting(here), who, station, {self.office.made.with_rubric: LEVELS})
