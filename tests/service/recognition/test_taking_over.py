"""What was recognised before somebody sets out shortens their path and line, as what is recognised on the way does.

R34: in whichever order somebody has their badges recognised, begins a path and joins a line, it comes to the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.jobs.port import TAKE_OVER
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import Caller, add_organisation
from issuer_service.people.tables import Membership
from issuer_service.programme.tables import Module
from issuer_service.recognition.cashing_tables import RecognitionRequest
from issuer_service.recognition.deciding import DecisionVerdict, Exempted, decide
from issuer_service.recognition.taking_over import gather_setting_out, take_over
from issuer_service.workflow.metroline.tables import StationAssessment
from issuer_service.workflow.setting_out import SettingOut
from tests.service.conftest import World, settings_for
from tests.service.crash import DyingInstallation
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.pages.visitors import teacher
from tests.service.recognition.people import Person, key_of, learner
from tests.service.recognition.traveller import DECISIONS, Traveller
from tests.service.workflow.test_kill import in_a_process_that_dies

# By the decisions: how many modules need not be taken, how the stations stand, and how the line.
COMES_TO = {
    DECISIONS: (1, ["recognised", "recognised"], "line_completed"),
    ("part",): (0, ["recognised", "next"], "registered"),
}


@pytest.mark.both_databases
# An example takes half a second: to look for a smaller one would take a minute.
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_in_whichever_order_it_is_recognised_begun_and_joined_it_comes_to_the_same(
    world: World, draw: st.DataObject
) -> None:
    decisions = draw.draw(st.sampled_from(sorted(COMES_TO)))
    one = Traveller(world)
    for what in draw.draw(st.permutations(["path", "line", *decisions])):
        one.do(what)
        if draw.draw(st.booleans()):
            one.look(times=draw.draw(st.integers(1, 2)))
    one.look()
    end = one.end()
    assert (len(end.exempted), end.standings, end.state, end.left) == (*COMES_TO[decisions], 0)
    assert end == one.end_in_the_plain_order(decisions)


@pytest.mark.both_databases
def test_what_was_recognised_before_is_seen_on_the_path_and_the_line_that_somebody_sets_out_on(world: World) -> None:
    one = Traveller(world)
    # Begun and joined before, as somebody else: nobody's recognition is another's.
    path, body = f"/programmes/{one.made.course}/cases", {"person_id": learner(world, 1).person_id}
    other = one.administrator.call("POST", path, body, expect=201)["id"]
    decision = one.decide("whole")
    world.jobs.do_all(world.handlers)
    one.do("path")
    one.do("line")
    world.jobs.do_all(world.handlers)

    (told,) = one.teacher.call("GET", f"/cases/{one.case}/events")["items"][1:]
    assert (told["what"], told["role"]) == ("exemption", "teacher")
    assert told["data"] == {"module": one.made.module, "grounds": "recognition", "decision": decision["id"]}
    shown = one.teacher.call("GET", f"/cases/{one.case}")
    assert list(shown["facts"]["exemption"]["by_module"]) == [one.made.module]
    assert one.on_the_map() == ["recognised", "recognised"]
    assert "Verleen vrijstelling voor een module" in teacher(world).see(f"/desk/cases/{one.case}")
    assert "exemption" not in one.teacher.call("GET", f"/cases/{other}")["facts"]
    # Whoever did it is the teacher who decided; that it was done now was nobody's doing.
    for about in (one.case, one.participation):
        trail = one.administrator.call("GET", f"/audit?about={about}")["items"]
        assert (trail[-1]["event"], trail[-1]["actor_id"]) == ("recognition.taken-over", None)
        assert trail[-1]["details"]["shortened"] >= 1


def test_who_had_a_part_recognised_is_heard_before_they_begin_all_the_same(world: World) -> None:
    one = Traveller(world)
    one.do("part")
    one.do("line")
    one.look()
    assert one.on_the_map() == ["recognised", "next"]
    heard = {"wishes": "Meten", "expectations": "", "needs": ""}
    assert one.administrator.call("POST", f"/participations/{one.participation}/intake", heard)["state"] == "intake"


class TestWhatIsInForce:
    def signed(self, one: Traveller) -> str:
        one.decide("whole")
        one.world.jobs.do_all(one.world.handlers)
        path = f"/recognition-requests/{one.made.requests['whole']}/decision"
        return str(one.teacher.call("GET", path)["credential_id"])

    def test_a_decision_that_was_revoked_shortens_nothing_any_more(self, world: World) -> None:
        one = Traveller(world)
        path, body = f"/v1/credentials/{self.signed(one)}/revocation", {"reason": "vergissing"}
        world.call("POST", path, body, expect=200)
        one.do("path")
        one.do("line")
        one.look()
        assert (one.exempted(), one.on_the_map()) == ([], ["next", "not-yet"])

    def test_one_whose_badge_was_made_anew_does(self, world: World) -> None:
        one = Traveller(world)
        headers = {"Authorization": f"Bearer {world.setting.teacher_token}", "Idempotency-Key": "made-anew"}
        rows = [{"credential_id": self.signed(one)}]
        query = "?kind=reissue&reason=sleutel&approve=true"
        sent = world.http.post(f"/v1/bulk-runs{query}", json=rows, headers=headers)
        assert sent.status_code < 300, sent.text
        world.jobs.do_all(world.handlers)
        one.do("path")
        one.look()
        assert one.exempted() == [one.made.module]

    def test_what_another_organisation_recognised_is_none_of_ours(self, world: World) -> None:
        one = Traveller(world)
        one.decide("whole")
        with world.installation.transaction() as session:
            other = add_organisation(
                session, kind=OrganisationKind.PROVIDER, slug="een-ander", name="Een ander", randomness=os_randomness
            )
            session.flush()
            for request in session.scalars(select(RecognitionRequest)):
                request.organisation_id = other.id
        one.do("path")
        one.do("line")
        one.look()
        assert (one.exempted(), one.on_the_map()) == ([], ["next", "not-yet"])


def test_for_who_never_had_anything_recognised_no_job_is_made(world: World) -> None:
    one = Traveller(world)
    body = {"person_id": learner(world, 1).person_id}
    one.administrator.call("POST", f"/programmes/{one.made.course}/cases", body, expect=201)
    assert gather_setting_out(world.installation) == 1
    assert TAKE_OVER not in [job for job, _ in world.jobs.taken.values()]
    with world.installation.reading() as session:
        assert session.scalar(select(func.count()).select_from(SettingOut)) == 0


def test_where_a_path_allows_no_exemption_yet_it_is_taken_over_when_it_does(world: World) -> None:
    one = Traveller(world)
    one.begin()
    row = one.administrator.call("GET", "/process-definitions")["items"][0]["id"]
    own = one.administrator.call("GET", f"/process-definitions/{row}")["definition"]
    own["version"] += 1
    own["tasks"] = [
        {**task, "stages": ["info_session"]} if task["key"] == "exemption" else task for task in own["tasks"]
    ]
    one.administrator.call("POST", "/process-definitions", {"definition": own}, expect=201)
    office = Person(world, key_of(world, Role.AM_CANDIDATES))
    office.call(
        "POST", f"/cases/{one.case}/steps", {"verb": "move", "what": "withdraw", "data": {"reason": "other_route"}}
    )
    one.decide("whole")
    one.do("path")
    one.look()
    assert one.exempted() == []
    office.call("POST", f"/cases/{one.case}/steps", {"verb": "move", "what": "to_info_session"})
    one.look()
    assert one.exempted() == []
    world.clock.advance(timedelta(hours=1))
    one.look()
    assert one.exempted() == [one.made.module]


def test_a_job_that_was_lost_comes_again_and_one_that_comes_twice_changes_nothing(world: World) -> None:
    one = Traveller(world)
    one.do("whole")
    one.do("path")
    gather_setting_out(world.installation)
    world.jobs.forget()
    one.look()
    assert one.exempted() == []
    world.clock.advance(timedelta(minutes=5))
    one.look(times=3)
    assert one.exempted() == [one.made.module]


@pytest.mark.both_databases
@pytest.mark.parametrize("way", ["path", "line"])
def test_killed_around_setting_out_and_around_looking_it_is_taken_over_once(world: World, way: str) -> None:
    one = Traveller(world)
    one.do("whole")
    here, url = world.installation, world.installation.settings.database_url

    def living() -> Installation:
        # Connections and jobs of its own: what it enqueued dies with it.
        clock = SettableClock()
        clock.moment = world.clock.moment
        return Installation(settings_for(url), here.engine, JobsByHand(), clock, os_randomness)

    def dies(do: Callable[[], object]) -> None:
        here.engine.dispose()
        in_a_process_that_dies(lambda: (do(), None)[1])

    def waiting() -> Sequence[str]:
        with here.reading() as session:
            return session.scalars(select(SettingOut.id)).all()

    def assessed() -> int:
        with here.reading() as session:
            return session.scalar(select(func.count()).select_from(StationAssessment)) or 0

    one.do(way)
    (about,) = waiting()
    # Killed while it is gathered, then after, with its job; and then while it is taken over.
    dies(lambda: gather_setting_out(DyingInstallation(living())))
    dies(lambda: gather_setting_out(living()))
    dies(lambda: handlers(DyingInstallation(living()))[TAKE_OVER](about))
    assert waiting() == [about]
    world.clock.advance(timedelta(minutes=5))
    for _ in range(2):
        one.look(times=2)
    assert waiting() == []
    if way == "path":
        assert one.exempted() == [one.made.module]
    else:
        assert (one.on_the_map(), assessed()) == (["recognised", "recognised"], 2)


def test_a_module_is_named_by_the_decision_and_no_other_is_taken_off(world: World) -> None:
    one = Traveller(world)
    with world.installation.reading() as session:
        ulo = session.get_one(Module, one.made.module).ulo_version_id
    more = {"title": "Nog een", "phase": "basic", "ulo_version_id": ulo}
    one.administrator.call("POST", f"/programmes/{one.made.course}/modules", more, expect=201)
    one.do("whole")
    one.do("path")
    one.look()
    assert one.exempted() == [one.made.module]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_decision_that_is_under_way_while_they_set_out_is_waited_for(world: World) -> None:
    one, here = Traveller(world), world.installation
    with here.reading() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
    caller = Caller.in_role(member.person_id, member.organisation_id, Role.TEACHER)

    def is_waited_for() -> bool:
        with here.reading() as session:
            return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    with ThreadPoolExecutor(1) as threads:
        with here.transaction_for(caller) as session:
            decide(
                session,
                one.made.requests["whole"],
                verdict=DecisionVerdict.RECOGNISED,
                reason="Aangetoond.",
                exemptions=[Exempted((), 480, one.made.module)],
                fallen={},
                caller=caller,
                here=here,
            )
            one.do("path")
            gather_setting_out(here)
            (about,) = (about for job, about in world.jobs.taken.values() if job == TAKE_OVER)
            taking = threads.submit(take_over, about, here=here)
            while not is_waited_for() and not taking.done():
                time.sleep(0.01)
        taking.result()
    assert one.exempted() == [one.made.module]
