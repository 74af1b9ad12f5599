"""VOP, VP and WV (domain §1.11): separate acts within one scheme, by whoever may, on what it takes, until a day."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership
from issuer_service.programme.tables import Enrolment
from issuer_service.recognition.cashing_tables import Designation
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import badge_file, in_role, learner

SCHEME = "https://regeling.example/koudemiddelen"


def teacher_id(world: World) -> str:
    with world.installation.reading() as session:
        return session.scalars(select(Membership.person_id).where(Membership.role == str(Role.TEACHER))).one()


def asked(world: World, kind: str, *, who: int = 0, by: str = "", **more: Any) -> dict[str, Any]:
    with world.installation.reading() as session:
        person_id = session.get_one(Enrolment, world.setting.enrolments[who]).person_id
    period = {"valid_from": "2026-11-20", "valid_until": "2027-11-19"}
    scheme = {"scheme": SCHEME, "scheme_title": "Werken met koudemiddelen", "kind": kind}
    return {"person_id": person_id, "designated_by": by or teacher_id(world), **scheme, **period, **more}


def designate(world: World, body: dict[str, Any], *, expect: int = 201) -> Any:  # JSON
    return world.call("POST", "/v1/designations", body, expect=expect)


def as_vp(world: World) -> Any:  # JSON
    """The first learner, on the badge that they have."""
    grounds = [world.first_badge()]
    return designate(
        world, asked(world, "VP", grounds=grounds, experience="Zes jaar monteur.", register_number="VP-42")
    )


@pytest.mark.both_databases
def test_a_vp_designates_a_vop_for_tasks_and_both_are_badges_of_their_own(world: World) -> None:
    """R10: an act is for the officer who bears the responsibility, and who that is says the scheme."""
    vp = as_vp(world)
    vop = designate(world, asked(world, "VOP", who=1, by=vp["person_id"], tasks=["Leidingen op lekkage controleren"]))
    assert (vop["designated_as"], vop["scheme"]) == (vp["id"], SCHEME)
    world.jobs.do_all(world.handlers)
    said = {}
    for designation, role in ((vp, "VP"), (vop, "VOP")):
        credential_id = world.call("GET", f"/v1/awards/{designation['award_id']}", expect=200)["credential_id"]
        badge = json.loads(badge_file(world, credential_id))
        subject = badge["credentialSubject"]
        said[role] = subject.get("narrative", "")
        assert (subject["role"], subject["achievement"]["achievementType"]) == (role, "ext:Designation")
        assert badge["validUntil"] == "2027-11-20T00:00:00Z"
        assert subject["achievement"]["alignment"][0]["targetUrl"] == SCHEME
        iri = subject["achievement"]["id"].removeprefix("https://badges.example")
        assert world.http.get(iri).json()["name"] == subject["achievement"]["name"]
    assert said["VP"] == ""
    assert said["VOP"].endswith("- Leidingen op lekkage controleren")
    holder, other = learner(world), learner(world, 1)
    assert [one["kind"] for one in holder.call("GET", "/designations")["items"]] == ["VP"]
    assert [one["kind"] for one in other.call("GET", "/designations")["items"]] == ["VOP"]


@ON_ONE_DATABASE
class TestWhatItTakes:
    @pytest.mark.parametrize(
        ("kind", "missing"),
        [
            ("VOP", {"tasks", "designated_by"}),
            ("VP", {"grounds", "experience"}),
            ("WV", {"grounds"}),
        ],
    )
    def test_what_is_not_met_is_said(self, world: World, kind: str, missing: set[str]) -> None:
        refused = designate(world, asked(world, kind), expect=422)
        assert {one["detail"].partition(":")[0] for one in refused["findings"][1:]} == missing

    def test_the_vp_of_another_scheme_designates_no_vop_in_this_one(self, world: World) -> None:
        vp = as_vp(world)
        elsewhere = asked(world, "VOP", who=1, by=vp["person_id"], tasks=["Vullen"]) | {"scheme": f"{SCHEME}/2"}
        assert "same scheme" in designate(world, elsewhere, expect=422)["findings"][1]["detail"]

    def test_a_badge_that_is_revoked_or_somebody_elses_is_no_ground(self, world: World) -> None:
        badge = world.first_badge()
        theirs = asked(world, "WV", who=1, grounds=[badge])
        assert "no such badge" in designate(world, theirs, expect=422)["findings"][1]["detail"]
        world.call("POST", f"/v1/credentials/{badge}/revocation", {"reason": "vergissing"}, expect=200)
        assert "revoked" in designate(world, asked(world, "WV", grounds=[badge]), expect=422)["findings"][1]["detail"]

    def test_nobody_designates_themselves(self, world: World) -> None:
        mine = asked(world, "WV") | {"person_id": teacher_id(world)}
        designate(world, mine, expect=403)
        body = asked(world, "VOP", by=asked(world, "VOP")["person_id"], tasks=["x"])
        designate(world, body, expect=403)
        in_role(world, Role.COACH).call("POST", "/designations", asked(world, "WV"), expect=403)

    def test_it_is_once_at_a_time_and_may_end_before_its_day(self, world: World) -> None:
        vp = as_vp(world)
        again = asked(world, "VP", grounds=vp["grounds"], experience="Zes jaar monteur.")
        designate(world, again, expect=409)
        end = {"reason": "Werkt niet meer binnen deze regeling."}
        world.call("POST", f"/v1/designations/{vp['id']}/end", end, expect=409)  # its badge is being signed
        world.jobs.do_all(world.handlers)
        assert world.call("POST", f"/v1/designations/{vp['id']}/end", end, expect=200)["ended_at"]
        credential_id = world.call("GET", f"/v1/awards/{vp['award_id']}", expect=200)["credential_id"]
        assert world.call("GET", f"/v1/credentials/{credential_id}", expect=200)["standing"] == "revoked"
        # Who is designated no more, designates nobody.
        vop = asked(world, "VOP", who=1, by=vp["person_id"], tasks=["Vullen"])
        designate(world, vop, expect=422)
        designate(world, again)
        designate(world, vop)


def test_no_badge_that_is_earned_designates_anybody(world: World) -> None:
    """Domain §1.11: a designation is not a learning outcome, and is not issued automatically from a course."""
    world.first_badge()
    with world.installation.reading() as session:
        assert session.scalars(select(Designation)).all() == []
