"""Every event that earns something leads to exactly one request, however often and in whatever order it is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.awarding.rules import RULES, outstanding_lines
from issuer_service.bootstrap import handlers
from issuer_service.catalogue.achievements import published_achievement
from issuer_service.clock import os_randomness
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import AWARD
from issuer_service.people.tables import Organisation
from issuer_service.programme.settings import PRESETS, ProgrammeSettings, changed
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import EventKind, WorkflowEvent
from openbadges_kit.model.achievement import Achievement, Criteria
from tests.service.conftest import World
from tests.service.workflow.everything import STEPS, Everything, award

_FLAGS = ("badge_per_module", "badge_per_component", "badge_per_station", "badge_per_line", "attendance_proof")
_settings = st.builds(
    lambda preset, wanted: changed(PRESETS[preset], wanted),
    st.sampled_from(sorted(PRESETS)),
    st.fixed_dictionaries(
        {
            **dict.fromkeys(_FLAGS, st.booleans()),
            "certificate_at": st.sampled_from(["learning_completed", "completed"]),
            "certificate_ulo_version_id": st.sampled_from([None, "certificate", "certificate of a later year"]),
            "completion_ulo_version_id": st.sampled_from([None, "completion"]),
        }
    ),
)
_told = st.lists(st.tuples(st.sampled_from(EventKind), _settings), max_size=30)


class TestEachLineOfTheTableIsAwardedOnce:
    """Whatever is told, in whatever order, while the programme changes: no line awards twice for one event."""

    @given(told=_told)
    def test_however_often_and_whatever_the_programme_awards_meanwhile(
        self, told: list[tuple[EventKind, ProgrammeSettings]]
    ) -> None:
        made: dict[EventKind, set[str]] = {kind: set() for kind in EventKind}
        awarded = Counter[tuple[EventKind, str]]()
        for kind, programme in told:
            lines = [rule.key for rule in outstanding_lines(kind, programme, made[kind])]
            awarded.update((kind, key) for key in lines)
            made[kind].update(lines)
        assert set(awarded.values()) <= {1}
        for kind, programme in told:
            assert not outstanding_lines(kind, programme, {rule.key for rule in RULES if rule.event == kind})

    @given(programme=_settings)
    def test_a_certificate_is_awarded_at_one_moment_where_one_is_named(self, programme: ProgrammeSettings) -> None:
        lines = [rule.key for kind in EventKind for rule in outstanding_lines(kind, programme, ())]
        assert lines.count("certificate") == (programme.certificate_ulo_version_id is not None)
        assert lines.count("completion") == (programme.completion_ulo_version_id is not None)


def test_every_event_that_can_be_told_has_a_line_and_a_step_that_tells_it() -> None:
    assert {rule.event for rule in RULES} == set(EventKind) == {kind for kinds in STEPS.values() for kind in kinds}


def everything_happened(world: World, preset: str, certificate_at: str) -> Everything:
    """All of it, told and not yet looked at; made once, and put back for every example."""
    assert world.database is not None

    def make() -> Everything:
        made = Everything(world, preset)
        made.settle(certificate_at=certificate_at)
        made.prepare("complete")
        made.do("complete")
        made.draw_line()
        made.do("attend")
        made.do("assess")
        return made

    made = world.database.holding(f"everything {preset} {certificate_at}", make, on="installed")
    made.world = made.office.world = world
    world.jobs.forget()
    return made


def expected(made: Everything) -> Counter[str]:
    """What is to be awarded, by the version of the ULO or the kind of achievement."""
    office = made.office
    # Two modules lead to the same ULO, and so does the line.
    named = [office.made.with_rubric] * 3 + [office.certificate, made.completion]
    return Counter([*named, "ext:Station", "LearningProgram", "CertificateOfCompletion", *["Assessment"] * 4])


def awarded(made: Everything) -> Counter[str]:
    """What was awarded; all of it to whom it happened to, under the number that they have with this provider."""
    with made.world.installation.reading() as session:
        awards = session.scalars(select(Award).where(Award.organisation_id == made.office.made.organisation)).all()
        (enrolment,) = session.scalars(select(Enrolment).where(Enrolment.person_id == made.office.ids["candidate"]))
        assert {award.person_id for award in awards} <= {enrolment.person_id}
        subjects = [json.loads(award.document)["credentialSubject"] for award in awards]
        assert {one["id"] for one in subjects} <= {f"urn:uuid:{enrolment.subject_id}"}
        kinds = [one["achievement"]["achievementType"] for one in subjects]
        return Counter(award.ulo_version_id or kind for award, kind in zip(awards, kinds, strict=True))


def tell(world: World, events: Iterable[str]) -> None:
    """Have a worker, of whom there may be several, look at these."""
    look_at = handlers(world.installation)[AWARD]
    for event in events:
        look_at(event)


@pytest.mark.parametrize(
    ("preset", "certificate_at"), [("mhw", "learning_completed"), ("katapult", "completed")], ids=["A21", "A24"]
)
# An example takes a second: to look for a smaller one would take minutes.
@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_every_event_of_both_workflows_is_awarded_once(
    world: World, preset: str, certificate_at: str, draw: st.DataObject
) -> None:
    made = everything_happened(world, preset, certificate_at)
    with world.installation.reading() as session:
        events = list(session.scalars(select(WorkflowEvent.id).order_by(WorkflowEvent.id)))
    some = draw.draw(st.lists(st.sampled_from(events), max_size=8), label="told")
    tell(world, some)
    if draw.draw(st.booleans(), label="the line runs otherwise from now on"):
        made.arrange_anew()
    if draw.draw(st.booleans(), label="two workers"):
        both = draw.draw(st.lists(st.sampled_from(events), min_size=1, max_size=4), label="told to two at a time")
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(lambda some: tell(world, some), (both, both[::-1])))
    # Whoever had the jobs is gone, and what they were about is found.
    award(world.installation, world.jobs, lost=True)
    assert awarded(made) == expected(made)
    tell(world, draw.draw(st.permutations([*events, *some]), label="and all of it again"))
    made.arrange_anew()
    tell(world, events)
    assert awarded(made) == expected(made)


@pytest.mark.both_databases
def test_what_two_award_for_the_first_time_at_once_is_published_once(world: World) -> None:
    here = world.installation
    with here.reading() as session:
        publisher_id = session.scalars(select(Organisation.id)).one()
    content = Achievement(
        id="https://badges.example/achievements/x/v1",
        achievement_type="LearningProgram",
        name="X",
        description="X",
        criteria=Criteria(narrative="X"),
        version="1",
    )

    def publish(session: Session) -> str:
        details: dict[str, Any] = {"publisher_id": publisher_id, "now": here.now(), "randomness": os_randomness}
        return published_achievement(session, kind="line", slug="x", content=content, **details).id

    def at_the_same_time() -> str:
        with here.transaction() as session:
            return publish(session)

    with ThreadPoolExecutor(1) as other:
        with here.transaction() as session:
            ours = publish(session)
            theirs = other.submit(at_the_same_time)
            # It waits until this one is committed: it has nothing to give before.
            with pytest.raises(TimeoutError):
                theirs.result(timeout=0.3)
        assert theirs.result(timeout=30) == ours


def test_what_a_programme_awards_only_now_is_awarded_when_it_is_told_again(world: World) -> None:
    made = everything_happened(world, "mhw", "learning_completed")
    office = made.office
    office.settle(certificate_ulo_version_id=None, badge_per_component=False)
    award(world.installation, world.jobs)
    lacking = Counter({office.certificate: 1, "Assessment": 4})
    assert awarded(made) == expected(made) - lacking

    with world.installation.reading() as session:
        enrolment = session.scalars(select(Enrolment.id).where(Enrolment.person_id == office.ids["candidate"])).one()
    path = f"/v1/enrolments/{enrolment}/awarding"
    assert office.call("teacher", "POST", path) == {"events": 0}
    office.settle(certificate_ulo_version_id=office.certificate, badge_per_component=True)
    assert not_awarded(office.call("teacher", "GET", path)) == {"LearningCompleted": 1, "ComponentReached": 4}
    for told in (5, 0):
        assert office.call("teacher", "POST", path) == {"events": told}
        award(world.installation, world.jobs)
    assert awarded(made) == expected(made)
    assert not_awarded(office.call("teacher", "GET", path)) == {}


def not_awarded(shown: Any) -> Counter[str]:
    """What happened, and was to be awarded, and was not."""
    lines = [one for one in shown["lines"] if one["awards"] and one["happened_at"] and one["award_id"] is None]
    return Counter(one["event"] for one in lines)
