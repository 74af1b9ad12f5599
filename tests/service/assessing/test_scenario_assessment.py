"""Assessment by a test matrix and a rubric: a plan that covers its unit, an assessor, a second look, a badge each.

Domain §1.12, steps 2 to 5: criteria become a matrix and a rubric, somebody is assessed, and awarded per component.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.catalogue.service import published_ulo
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import os_randomness
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_person
from issuer_service.people.tables import Membership
from issuer_service.privacy.retention import DataClass, expire
from openbadges_kit.skills.eu_vocabularies import AssessmentType
from tests.interop.packages import run_node
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import ULO, Person, badge_file, in_role, learner
from tests.service.test_peers import what_a_verifier_fetches

THEORY, PRACTICE = str(AssessmentType.WRITTEN_EXAM), str(AssessmentType.PRACTICAL)
LEVELS = [{"key": key, "name": key} for key in ("met-hulp", "zelfstandig", "voorbeeldig")]
RO001, VO001, KO001 = (f"{ULO}/{code}" for code in ("RO001", "VO001", "KO001"))


def components(world: World) -> list[str]:
    with world.installation.reading() as session:
        row = session.scalars(select(UloVersion.id)).one()
        ulo = published_ulo(session, row, base_url=world.installation.base_url).ulo
        return [one.iri for one in ulo.components]


def row(component: str, form: str, questions: int, **more: Any) -> dict[str, Any]:
    return {"component": component, "form": form, "questions": questions, **more}


def score(component: str, form: str, right: int) -> dict[str, Any]:
    return {"component": component, "form": form, "right": right}


def plan(world: World, **changed: Any) -> dict[str, Any]:
    """Knowledge is tested, skills are tested and judged, the responsibility is judged."""
    rows = [row(one, THEORY, 5) for one in components(world) if "/KO" in one]
    rows += [row(VO001, THEORY, 4, weight=1), row(VO001, PRACTICE, 2, weight=3, at_least=50)]
    judged = [one for one in components(world) if "/KO" not in one]
    with world.installation.reading() as session:
        version = session.scalars(select(UloVersion.id)).one()
    sound: dict[str, Any] = {
        "slug": "toetsplan",
        "title": "Toetsplan warmtepompen",
        "ulo_version_id": version,
        "matrix": {"rows": rows, "cut_score": 60, "conditions": {"supervised": True}},
        "rubric": [{"component": one, "levels": LEVELS, "required_level": "zelfstandig"} for one in judged],
    }
    return sound | changed


def published(world: World, **changed: Any) -> str:
    curator = in_role(world, Role.CURATOR)
    drafted = curator.call("POST", "/assessment-plans", plan(world, **changed), expect=201)["id"]
    curator.call("POST", f"/assessment-plans/{drafted}/publication")
    return str(drafted)


def member(world: World, role: Role, name: str) -> Person:
    """Somebody who is nobody else."""
    with world.installation.transaction() as session:
        theirs = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).first()
        assert theirs is not None
        made = add_person(
            session,
            name=name,
            email=f"{name.lower()}@opleider.example",
            organisation_id=theirs.organisation_id,
            role=role,
            randomness=os_randomness,
        )
        key = make_key(session, made, now=world.installation.now(), randomness=os_randomness)
        return Person(world, key.secret, made.person_id)


def assess(by: Person, plan_id: str, whom: Person, *, expect: int = 201, **found: Any) -> Any:  # JSON
    body = {"plan_id": plan_id, "person_id": whom.person_id, "taken_at": "2026-11-19T09:00:00Z"}
    return by.call("POST", "/assessments", {**body, "conditions": {"supervised": True}, **found}, expect=expect)


def award(by: Person, assessment: Any, *wanted: str, expect: int = 200) -> Any:  # JSON
    return by.call("POST", f"/assessments/{assessment['id']}/awards", {"components": wanted}, expect=expect)


@pytest.mark.both_databases
def test_what_an_assessor_finds_becomes_a_badge_per_component(world: World) -> None:
    """R08, R13, R14, R17: a badge for any part, which refers directly to the catalogue, after what was found."""
    plan_id, holder = published(world), learner(world)
    assessor, teacher = member(world, Role.ASSESSOR, "Bea"), in_role(world, Role.TEACHER)
    evidence = [{"name": "Werkstuk.pdf", "sha256": "a" * 64}]
    found = assess(
        assessor,
        plan_id,
        holder,
        scores=[score(KO001, THEORY, 4), score(VO001, THEORY, 1), score(VO001, PRACTICE, 2)],
        levels={RO001: "met-hulp", VO001: "voorbeeldig"},
        evidence=evidence,
    )
    # Whoever was assessed sees where they are strong and what is still missing.
    seen = {one["component"]: one for one in holder.call("GET", f"/assessments/{found['id']}")["outcome"]}
    assert (seen[KO001]["state"], seen[KO001]["score"]) == ("mastered", "80.0")
    assert (seen[VO001]["state"], seen[VO001]["score"], seen[VO001]["level"]) == ("mastered", "81.3", "voorbeeldig")
    assert seen[RO001]["missing"] == ["judged met-hulp, and zelfstandig is needed"]

    # Nothing is issued that is not mastered, and it is said what is missing.
    refused = award(teacher, found, VO001, RO001, f"{ULO}/KO002", expect=422)
    assert [one["detail"] for one in refused["findings"][1:]] == [
        f"{RO001}: judged met-hulp, and zelfstandig is needed",
        f"{ULO}/KO002: not tested: written_exam",
    ]
    awards = award(teacher, found, VO001, KO001)["awards"]
    assert award(teacher, found, VO001)["awards"] == {VO001: awards[VO001]}
    badges = {}
    for component, one in awards.items():
        world.call("POST", f"/v1/awards/{one}/approval", expect=200)
        world.jobs.do_all(world.handlers)
        credential_id = world.call("GET", f"/v1/awards/{one}", expect=200)["credential_id"]
        badges[component] = json.loads(badge_file(world, credential_id))
        assert world.http.get(f"/badges/{credential_id}").status_code == 200
    subject = badges[VO001]["credentialSubject"]
    assert (subject["achievement"]["id"], subject["achievement"]["achievementType"]) == (VO001, "Assessment")
    assert subject["achievement"]["alignment"][0]["targetUrl"] == VO001
    assert [one.get("achievedLevel", one.get("value")) for one in subject["result"]] == [
        f"{VO001}/result/voorbeeldig",
        "81.3",
    ]
    cases = [{"credential": one, "documents": what_a_verifier_fetches(world, one)} for one in badges.values()]
    for answer in run_node("verify.mjs", cases):
        assert answer["digitalbazaar"]["verified"], answer["digitalbazaar"]["errors"]


@ON_ONE_DATABASE
class TestAPlan:
    def test_one_that_leaves_a_component_unassessed_is_not_published_and_it_is_named(self, world: World) -> None:
        curator = in_role(world, Role.CURATOR)
        partly = plan(world, rubric=[{"component": "urn:stranger", "levels": LEVELS, "required_level": "met-hulp"}])
        drafted = curator.call("POST", "/assessment-plans", partly, expect=201)["id"]
        refused = curator.call("POST", f"/assessment-plans/{drafted}/publication", expect=422)
        told = [one["detail"] for one in refused["findings"][1:]]
        assert f"{RO001}: no row tests it and no criterion judges it" in told
        assert told[-1] == "urn:stranger: none of these components"
        whole = {name: value for name, value in plan(world).items() if name in {"title", "matrix", "rubric"}}
        curator.call("PUT", f"/assessment-plans/{drafted}", whole)
        curator.call("POST", f"/assessment-plans/{drafted}/publication")
        curator.call("PUT", f"/assessment-plans/{drafted}", whole, expect=409)
        assert curator.call("POST", "/assessment-plans", plan(world), expect=201)["version"] == 2

    def test_what_cannot_be_meant_is_refused(self, world: World) -> None:
        curator = in_role(world, Role.CURATOR)
        unmeant: list[dict[str, Any]] = [
            {"matrix": None, "rubric": []},
            {"rubric": [{"component": RO001, "levels": LEVELS, "required_level": "onbekend"}]},
            {"criteria_id": "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"},
        ]
        for wrong in unmeant:
            curator.call("POST", "/assessment-plans", plan(world, **wrong), expect=422)


@ON_ONE_DATABASE
class TestWhoAssesses:
    def test_who_assesses_themselves_is_marked_and_gets_no_badge(self, world: World) -> None:
        plan_id, holder, teacher = published(world), learner(world), in_role(world, Role.TEACHER)
        assert "own test" in assess(holder, plan_id, holder, scores=[score(KO001, THEORY, 5)], expect=422)["detail"]
        found = assess(holder, plan_id, holder, levels={RO001: "voorbeeldig"})
        assert found["self_assessed"]
        refused = award(teacher, found, RO001, expect=422)
        assert "says of themselves" in refused["detail"]
        teacher.call("POST", f"/assessments/{found['id']}/moderation", {"reason": "klopt"}, expect=422)

    def test_nobody_who_learns_assesses_another_or_sees_theirs(self, world: World) -> None:
        plan_id, holder, other = published(world), learner(world), learner(world, 1)
        assess(other, plan_id, holder, levels={}, expect=403)
        found = assess(in_role(world, Role.TEACHER), plan_id, holder)
        other.call("GET", f"/assessments/{found['id']}", expect=403)
        assert other.call("GET", "/assessments")["items"] == []
        assert len(holder.call("GET", "/assessments")["items"]) == 1

    def test_a_test_counts_under_its_conditions_and_within_its_rows(self, world: World) -> None:
        plan_id, holder, teacher = published(world), learner(world), in_role(world, Role.TEACHER)
        assess(teacher, plan_id, holder, conditions={}, expect=422)
        assess(teacher, plan_id, holder, scores=[score(KO001, THEORY, 6)], expect=422)
        assess(teacher, plan_id, holder, levels={RO001: "uitstekend"}, expect=422)
        assess(teacher, plan_id, holder, taken_at="2026-11-21T09:00:00Z", expect=422)


@ON_ONE_DATABASE
class TestSecondLooks:
    def test_a_colleague_moderates_and_what_changes_is_kept_beside_what_was(self, world: World) -> None:
        plan_id, holder = published(world), learner(world)
        first, second = member(world, Role.ASSESSOR, "Bea"), member(world, Role.ASSESSOR, "Cas")
        found = assess(first, plan_id, holder, levels={RO001: "met-hulp"})
        path = f"/assessments/{found['id']}/moderation"
        change = {"levels": {RO001: "zelfstandig"}, "reason": "Het verslag laat meer zien."}
        first.call("POST", path, change, expect=403)
        moderated = second.call("POST", path, change)
        assert (moderated["state"], moderated["reviews"][0]["changed"]) == ("moderated", True)
        assert next(one for one in moderated["outcome"] if one["component"] == RO001)["state"] == "mastered"

    def test_an_appeal_stops_badges_until_somebody_else_decided(self, world: World) -> None:
        plan_id, holder, teacher = published(world), learner(world), in_role(world, Role.TEACHER)
        assessor, another = member(world, Role.ASSESSOR, "Bea"), member(world, Role.TEACHER, "Dirk")
        found = assess(assessor, plan_id, holder, levels={RO001: "zelfstandig", VO001: "met-hulp"})
        path = f"/assessments/{found['id']}"
        another.call("POST", f"{path}/moderation", {"reason": "klopt"})
        assessor.call("POST", f"{path}/appeal", {"grounds": "namens hen"}, expect=403)
        appealed = holder.call("POST", f"{path}/appeal", {"grounds": "Ik deed het alleen."})
        assert (appealed["state"], appealed["reviews"][1]["due_at"]) == ("under-appeal", "2027-01-01T09:00:00Z")
        holder.call("POST", f"{path}/appeal", {"grounds": "nog eens"}, expect=409)
        award(teacher, found, RO001, expect=409)
        decided = {"levels": {RO001: "zelfstandig", VO001: "zelfstandig"}, "reason": "De opname laat het zien."}
        # Who moderated it had a part in it.
        another.call("POST", f"{path}/appeal-decision", decided, expect=403)
        settled = teacher.call("POST", f"{path}/appeal-decision", decided)
        assert (settled["state"], settled["reviews"][1]["changed"]) == ("settled", True)
        holder.call("POST", f"{path}/appeal", {"grounds": "nog eens"}, expect=409)
        award(teacher, found, RO001)

    def test_it_is_too_late_after_six_weeks(self, world: World) -> None:
        plan_id, holder = published(world), learner(world)
        found = assess(in_role(world, Role.TEACHER), plan_id, holder)
        world.clock.advance(timedelta(days=43))
        refused = holder.call("POST", f"/assessments/{found['id']}/appeal", {"grounds": "oneens"}, expect=422)
        assert "within 42 days" in refused["detail"]


@ON_ONE_DATABASE
def test_an_assessment_of_which_no_badge_came_goes_after_its_time_and_with_its_person(world: World) -> None:
    plan_id, holder, teacher = published(world), learner(world), in_role(world, Role.TEACHER)
    assess(teacher, plan_id, holder)
    kept = assess(teacher, plan_id, holder, levels={RO001: "zelfstandig"})
    award(teacher, kept, RO001)
    administrator = in_role(world, Role.ADMINISTRATOR)
    assert len(administrator.call("GET", f"/people/{holder.person_id}/data")["held"]["assessment"]) == 2
    world.clock.advance(timedelta(days=366))
    assert expire(world.installation)[DataClass.ASSESSMENTS] == 1
    steps = in_role(world, Role.ADMINISTRATOR).call("POST", f"/people/{holder.person_id}/erasure")["steps"]
    assert {"table": "assessment", "action": "removed", "rows": 1} in steps
