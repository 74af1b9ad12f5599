"""Where the moment of the certificate is changed between somebody's A21 and A24, they get one, and not two or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from issuer_service.awarding.moments import Moment, other_moment
from issuer_service.awarding.rules import outstanding_lines
from issuer_service.bootstrap import handlers
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import AWARD
from issuer_service.programme.settings import PRESETS, ProgrammeSettings, changed
from issuer_service.workflow.events import EventKind, WorkflowEvent
from tests.service.conftest import World
from tests.service.workflow.everything import award
from tests.service.workflow.office import Office

MOMENTS: Final = (EventKind.LEARNING_COMPLETED, EventKind.PROGRAMME_COMPLETED)
EARLY, LATE = "learning_completed", "completed"


class TestOfTwoMomentsOneGivesIt:
    """Whatever the programme wants at each look, and in whatever order and however often they are looked at."""

    @staticmethod
    def looked_at(looks: list[tuple[EventKind, ProgrammeSettings]]) -> int:
        """How many certificates come of these looks."""
        moments = {str(kind): Moment(str(kind), "case", looked_at=False, awarded=False) for kind in MOMENTS}
        given_out = 0
        for kind, programme in looks:
            this = moments[str(kind)]
            made = ["certificate"] if this.awarded else []
            lines = outstanding_lines(kind, programme, made, other_moment(tuple(moments.values()), this.event_id))
            given_here = [rule.key for rule in lines].count("certificate")
            given_out += given_here
            moments[str(kind)] = replace(this, looked_at=True, awarded=this.awarded or given_here == 1)
        return given_out

    named = st.sampled_from([EARLY, LATE]).map(
        lambda at: changed(PRESETS["mhw"], {"certificate_at": at, "certificate_ulo_version_id": "certificate"})
    )
    looks = st.lists(st.tuples(st.sampled_from(MOMENTS), named), max_size=8)

    @given(looks=looks, first=st.tuples(named, named), order=st.permutations(MOMENTS))
    def test_exactly_one_where_both_were_looked_at(
        self,
        looks: list[tuple[EventKind, ProgrammeSettings]],
        first: tuple[ProgrammeSettings, ProgrammeSettings],
        order: list[EventKind],
    ) -> None:
        assert self.looked_at([*zip(order, first, strict=True), *looks]) == 1

    @given(looks=looks, unnamed=st.booleans())
    def test_never_two(self, looks: list[tuple[EventKind, ProgrammeSettings]], *, unnamed: bool) -> None:
        bare = changed(PRESETS["mhw"], {"certificate_ulo_version_id": None})
        assert self.looked_at([(kind, bare if unnamed else wanted) for kind, wanted in looks] + looks) <= 1


def certificates(office: Office) -> int:
    """How many the candidate has."""
    with office.world.installation.reading() as session:
        query = select(Award.id).where(Award.ulo_version_id == office.certificate)
        return len(session.scalars(query).all())


def lines(office: Office, case_id: str) -> dict[str, Any]:
    """What is said of the certificate, by event."""
    shown = office.call("teacher", "GET", f"/v1/cases/{case_id}/awarding")["lines"]
    return {one["event"]: one for one in shown if one["what"] == "certificate"}


@pytest.mark.both_databases
@pytest.mark.parametrize(("at_first", "then"), [(EARLY, LATE), (LATE, EARLY)], ids=["A21 to A24", "A24 to A21"])
def test_it_is_given_once_where_the_setting_changes_between_the_two(world: World, at_first: str, then: str) -> None:
    office = Office(world, "katapult")
    office.settle(certificate_at=at_first, certificate_ulo_version_id=office.certificate)
    case_id = office.begin()
    office.until(case_id, "learning_completed")
    award(world.installation, world.jobs)
    assert certificates(office) == (1 if at_first == EARLY else 0)
    office.settle(certificate_at=then)
    to_come = lines(office, case_id)["ProgrammeCompleted"]
    assert to_come["awards"] is (at_first == LATE)
    if at_first == EARLY:
        assert to_come["why_not"] == "it was awarded at the other moment of this path"
    office.until(case_id, "finished")
    award(world.installation, world.jobs, lost=True)
    assert certificates(office) == 1
    # Told again in whatever way, and with the setting as it was: still one.
    enrolment = office.case(case_id)["enrolment_id"]
    for setting in (at_first, then):
        office.settle(certificate_at=setting)
        office.call("teacher", "POST", f"/v1/enrolments/{enrolment}/awarding")
        award(world.installation, world.jobs)
        world.jobs.repeat_everything({AWARD: handlers(world.installation)[AWARD]})
        assert certificates(office) == 1
    shown = lines(office, case_id)
    assert [bool(shown[str(kind)]["award_id"]) for kind in MOMENTS] == [at_first == EARLY, at_first == LATE]


@pytest.mark.both_databases
@pytest.mark.parametrize("settings_at_look", [(EARLY, LATE), (LATE, EARLY)])
@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "the later one first"])
def test_it_is_given_once_also_where_nobody_looked_before_both_had_happened(
    world: World, settings_at_look: tuple[str, str], *, reverse: bool
) -> None:
    office = Office(world, "katapult")
    office.settle(certificate_ulo_version_id=office.certificate)
    office.until(office.begin(), "finished")
    with world.installation.reading() as session:
        events = {row.kind: row.id for row in session.scalars(select(WorkflowEvent))}
    order = [events[str(kind)] for kind in MOMENTS]
    look_at = handlers(world.installation)[AWARD]
    for setting, event in zip(settings_at_look, reversed(order) if reverse else order, strict=True):
        office.settle(certificate_at=setting)
        look_at(event)
    assert certificates(office) == 1


def test_who_walks_the_path_anew_is_given_the_certificate_of_the_new_one(world: World) -> None:
    office = Office(world, "katapult")
    office.settle(certificate_ulo_version_id=office.certificate)
    first = office.begin()
    office.until(first, "learning_completed")
    award(world.installation, world.jobs)
    office.step("teacher", first, "move", "stop")
    office.settle(certificate_at=LATE)
    second = office.begin()
    office.until(second, "finished")
    award(world.installation, world.jobs)
    assert certificates(office) == 2
