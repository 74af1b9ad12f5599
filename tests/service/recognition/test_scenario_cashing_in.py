"""Three loose proofs, one of an issuer elsewhere, become a recognised whole; what is known already is not done again.

Domain §1.12: criteria are published, proofs are laid along them, a teacher decides, and the badge for the set follows.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from issuer_service.catalogue.tables import UloVersion
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.recognising import recognise_on_lines
from issuer_service.workflow.outbox import Outbox
from openbadges_kit.vocabulary import SkosMatch
from tests.interop.packages import run_node
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import (
    THEIR_OUTCOME,
    THEIRS,
    ULO,
    Person,
    badge_file,
    foreign_badge,
    in_role,
    learner,
    match_in_crosswalk,
    publish_criteria,
    trust_the_issuer_elsewhere,
)
from tests.service.test_peers import what_a_verifier_fetches
from tests.service.test_setting_up import ulo_body

OTHER_ULO = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v2"


def shows(code: str) -> dict[str, Any]:
    return {"rule": "shows", "outcome": f"{ULO}/{code}" if code else ULO}


def all_of(*codes: str) -> dict[str, Any]:
    return {"rule": "all", "of": [shows(code) for code in codes]}


def opened(world: World) -> tuple[Person, Person, str]:
    """The holder, the teacher, and a request of the holder's."""
    holder = learner(world)
    body = {"criteria": "vakmanschap", "began_on": "2026-09-01"}
    request = holder.call("POST", "/recognition-requests", body, expect=201)
    return holder, in_role(world, Role.TEACHER), request["id"]


def hand_in_ours(world: World, holder: Person, request: str, credential_id: str) -> Any:  # JSON
    badge = {"badge": json.loads(badge_file(world, credential_id))}
    return holder.call("POST", f"/recognition-requests/{request}/badges", badge)


def hand_in_theirs(holder: Person, teacher: Person, request: str) -> str:
    """A badge of the issuer elsewhere, established to be theirs. Gives its id."""
    badge = foreign_badge()
    found = holder.call("POST", f"/recognition-requests/{request}/badges", {"badge": badge})
    path = f"/handed-in-badges/{found['badges'][0]['id']}/confirmation"
    teacher.call("POST", path, {"reason": "Legitimatie gezien."})
    return str(badge["id"])


def decide(teacher: Person, request: str, verdict: str, *, expect: int = 201, **more: Any) -> Any:  # JSON
    body = {"verdict": verdict, "reason": "Alles is aangetoond.", **more}
    return teacher.call("POST", f"/recognition-requests/{request}/decision", body, expect=expect)


def approved(world: World, award_id: str) -> str:
    """The badge of an award, approved where it was not yet, and signed. Gives its id."""
    world.call("POST", f"/v1/awards/{award_id}/approval", expect=200)
    world.jobs.do_all(world.handlers)
    return str(world.call("GET", f"/v1/awards/{award_id}", expect=200)["credential_id"])


@pytest.mark.both_databases
def test_three_loose_proofs_one_of_them_from_elsewhere_are_cashed_in(world: World) -> None:
    """R08, R09, R36, R37: loose proofs of several issuers are laid along published criteria and become one whole."""
    # The learner has two badges of ours, one for each time that they showed something, and one of an issuer elsewhere.
    first = world.first_badge()
    second = another_badge(world)
    asked = [shows("RO001"), {"rule": "shows", "outcome": f"{OTHER_ULO}/VO001"}, THEIR_RULE]
    publish_criteria(world, {"rule": "all", "of": asked})
    trust_the_issuer_elsewhere(world)
    holder, teacher, request = opened(world)

    before = holder.call("GET", f"/recognition-requests/{request}")
    assert [node["verdict"] for node in before["tree"]["below"]] == ["missing"] * 3
    assert len(before["still_needed"]) == 3
    found = hand_in_ours(world, holder, request, first)
    assert [node["verdict"] for node in found["before"]["below"]] == ["missing"] * 3
    assert [node["verdict"] for node in found["after"]["below"]] == ["satisfied", "missing", "missing"]
    found = hand_in_ours(world, holder, request, second)
    assert [node["verdict"] for node in found["before"]["below"]] == ["satisfied", "missing", "missing"]
    assert [node["verdict"] for node in found["after"]["below"]] == ["satisfied", "satisfied", "missing"]

    # What is not proved is not recognised, and it is said what lacks.
    refused = decide(teacher, request, "recognised", expect=422)
    assert [one["detail"] for one in refused["findings"]][1:] == ["Adviseren"]
    theirs = hand_in_theirs(holder, teacher, request)
    after = holder.call("GET", f"/recognition-requests/{request}")["tree"]
    assert (after["verdict"], after["below"][2]["by"][0]["issuer"]) == ("satisfied", THEIRS)

    decision = decide(teacher, request, "recognised")
    world.jobs.do_all(world.handlers)
    signed = teacher.call("GET", f"/recognition-requests/{request}/decision")
    composite_id = approved(world, decision["composite_award_id"])
    composite, itself = (json.loads(badge_file(world, one)) for one in (composite_id, signed["credential_id"]))

    # Both are signed, name the loose proofs as their evidence, and verify with others' verifiers as well.
    loose = {f"urn:uuid:{first}", f"urn:uuid:{second}", theirs}
    assert {one["id"] for one in itself["evidence"]} == loose
    assert {one["id"] for one in composite["evidence"]} == loose | {itself["id"]}
    results = composite["credentialSubject"]["result"]
    assert [one["status"] for one in results] == ["Completed"] * 3
    described = {one["id"] for one in composite["credentialSubject"]["achievement"]["resultDescription"]}
    assert {one["resultDescription"] for one in results} == described
    cases = [{"credential": one, "documents": what_a_verifier_fetches(world, one)} for one in (composite, itself)]
    for answer in run_node("verify.mjs", cases):
        for peer in ("digitalbazaar", "verifierCore"):
            assert answer[peer]["verified"], answer[peer]["errors"]
    # Where they say that their criteria are, they are.
    for one in (composite, itself):
        iri = one["credentialSubject"]["achievement"]["id"].removeprefix("https://badges.example")
        assert world.http.get(iri).status_code == 200, iri
    assert world.http.get(f"/badges/{composite_id}").status_code == 200

    # The decision is revoked as every badge is.
    world.call("POST", f"/v1/credentials/{signed['credential_id']}/revocation", {"reason": "vergissing"}, expect=200)
    decide(teacher, request, "refused", expect=409)


def another_badge(world: World) -> str:
    """A badge of the same learner, for a second unit. Gives its id."""
    curator, administrator = in_role(world, Role.CURATOR), in_role(world, Role.ADMINISTRATOR)
    ulo = curator.call("POST", "/ulo-versions", {**ulo_body(), "version": "2"}, expect=201)
    programme = administrator.call("GET", "/programmes")["items"][0]["id"]
    module = {"title": "Nog een", "phase": "basic", "ulo_version_id": ulo["id"]}
    made = administrator.call("POST", f"/programmes/{programme}/modules", module, expect=201)
    levels = {one["component"]: one["required_level"] for one in ulo_body()["rubric"]}
    result = {"enrolment_id": world.setting.enrolments[0], "module_id": made["id"], "levels": levels}
    world.call("POST", "/v1/module-results", result, expect=201)
    world.jobs.do_all(world.handlers)
    return approved(world, world.call("GET", "/v1/awards", expect=200)["items"][0]["id"])


THEIR_RULE = {"rule": "shows", "outcome": THEIR_OUTCOME, "title": "Adviseren"}


@ON_ONE_DATABASE
class TestWhoDecides:
    def test_nobody_decides_on_their_own_proofs(self, world: World) -> None:
        publish_criteria(world, all_of("RO001"))
        teacher = in_role(world, Role.TEACHER)
        body = {"criteria": "vakmanschap", "began_on": "2026-09-01"}
        request = teacher.call("POST", "/recognition-requests", body, expect=201)["id"]
        assert "own proofs" in decide(teacher, request, "refused", expect=403)["detail"]

    @pytest.mark.parametrize("role", [Role.COACH, Role.ASSESSOR, Role.ADMINISTRATOR])
    def test_only_a_teacher_decides(self, world: World, role: Role) -> None:
        publish_criteria(world, all_of("RO001"))
        _, teacher, request = opened(world)
        decide(in_role(world, role), request, "refused", expect=403)
        refused = decide(teacher, request, "refused")
        assert (refused["award_id"], refused["composite_award_id"]) == (None, None)

    def test_a_badge_that_was_revoked_since_it_was_handed_in_counts_no_more(self, world: World) -> None:
        first = world.first_badge()
        publish_criteria(world, all_of("RO001"))
        holder, teacher, request = opened(world)
        hand_in_ours(world, holder, request, first)
        world.call("POST", f"/v1/credentials/{first}/revocation", {"reason": "vergissing"}, expect=200)
        world.jobs.do_all(world.handlers)
        refused = decide(teacher, request, "recognised", expect=422)
        assert "does not verify any more" in refused["findings"][1]["detail"]


@ON_ONE_DATABASE
class TestExemptions:
    """R34: what was shown already shortens the training, and is proved as what it is."""

    def test_a_module_whose_unit_is_proved_is_not_done_again(self, world: World) -> None:
        first = world.first_badge()
        publish_criteria(world, all_of("RO001", "KO001") | {"of": [*all_of("RO001")["of"], THEIR_RULE]})
        holder, teacher, request = opened(world)
        hand_in_ours(world, holder, request, first)
        exempted = {"module_id": world.setting.module_id, "minutes_saved": 480}
        decision = decide(teacher, request, "partly", exemptions=[exempted])
        assert (decision["minutes_saved"], decision["composite_award_id"]) == (480, None)
        world.jobs.do_all(world.handlers)
        signed = teacher.call("GET", f"/recognition-requests/{request}/decision")
        badge = json.loads(badge_file(world, signed["credential_id"]))
        subject = badge["credentialSubject"]
        assert subject["achievement"]["achievementType"] == "ext:RecognitionOfPriorLearning"
        assert "Welk systeem past? (8 uur)" in subject["narrative"]
        # It says what was proved, and claims nothing else.
        assert len(subject["result"]) == 1

    def test_what_is_recognised_shortens_the_path_and_the_line_that_somebody_is_on_at_once(self, world: World) -> None:
        first = world.first_badge()
        publish_criteria(world, all_of("RO001"))
        holder, teacher, request = opened(world)
        administrator = in_role(world, Role.ADMINISTRATOR)
        ulo = administrator.call("GET", "/ulo-versions")["items"][0]["id"]
        of_line = administrator.call("GET", "/programmes")["items"][0]["id"]
        course = administrator.call("POST", "/programmes", {"title": "P", "preset": "katapult"}, expect=201)["id"]
        module = {"title": "Warmtepompen", "phase": "basic", "ulo_version_id": ulo}
        module_id = administrator.call("POST", f"/programmes/{course}/modules", module, expect=201)["id"]
        begun = administrator.call("POST", f"/programmes/{course}/cases", {"person_id": holder.person_id}, expect=201)
        drawn = {"hours": 4, "work_form": "workshop", "provider": "Opleider"}
        bodies = [{**drawn, "title": code, "outcomes": {ulo: [code]}} for code in ("RO001", "VO001")]
        stations = [administrator.call("POST", "/stations", body, expect=201)["id"] for body in bodies]
        line = administrator.call("POST", "/metrolines", {"programme_id": of_line, "title": "L"}, expect=201)["id"]
        stops = [{"station_id": one, "phase": 1} for one in stations]
        administrator.call("PUT", f"/metrolines/{line}/stops", {"stops": stops})
        body = {"person_id": holder.person_id}
        who = administrator.call("POST", f"/metrolines/{line}/participations", body, expect=201)["id"]

        def on_the_map() -> list[str]:
            shown = administrator.call("GET", f"/participations/{who}/map?lang=en")
            return [*(one["standing"] for one in shown["stations"]), "8 hours to go" in shown["description"]]

        assert on_the_map() == ["next", "not-yet", True]
        hand_in_ours(world, holder, request, first)
        part = {"part": "veilig werken", "outcomes": [f"{ULO}/RO001"], "minutes_saved": 90}
        exemptions = [{"module_id": module_id, "minutes_saved": 480}, part]
        decision = decide(teacher, request, "recognised", exemptions=exemptions)
        by_module = administrator.call("GET", f"/cases/{begun['id']}")
        told = teacher.call("GET", f"/cases/{begun['id']}/events")["items"][-1]
        assert (told["what"], told["role"]) == ("exemption", "teacher")
        assert told["data"] == {"module": module_id, "grounds": "recognition", "decision": decision["id"]}
        assert by_module["number"] == 2
        assert on_the_map() == ["recognised", "recognised", False]

        # Of a unit that was withdrawn since, nothing counts on a line any more; and no decision fails for it.
        other = learner(world, 1).person_id
        administrator.call("POST", f"/metrolines/{line}/participations", {"person_id": other}, expect=201)
        administrator.call("POST", f"/ulo-versions/{ulo}/withdrawal", {"reason": "vervallen"})
        here = world.installation
        with here.transaction() as session:
            publisher = session.get_one(UloVersion, ulo).publisher_id or ""
            caller = Caller.in_role(other, publisher, Role.TEACHER)
            acting = Acting(caller, here.now(), here.randomness, here.base_url, Outbox(here.randomness))
            assert recognise_on_lines(session, acting, person_id=other, outcomes=[f"{ULO}/RO001"]) == []

    def test_nobody_is_exempted_from_what_is_not_proved(self, world: World) -> None:
        publish_criteria(world, all_of("RO001", "VO003"))
        match_in_crosswalk(world, f"{ULO}/VO003", SkosMatch.EXACT)
        trust_the_issuer_elsewhere(world)
        holder, teacher, request = opened(world)
        hand_in_theirs(holder, teacher, request)
        whole = {"module_id": world.setting.module_id, "minutes_saved": 480}
        refused = decide(teacher, request, "partly", exemptions=[whole], expect=422)
        assert any(f"{ULO}/RO001 is not proved" in one["detail"] for one in refused["findings"])
        part = whole | {"part": "adviesgesprek", "outcomes": [f"{ULO}/VO003"], "minutes_saved": 90}
        assert decide(teacher, request, "partly", exemptions=[part])["minutes_saved"] == 90
