"""Handing in: whatever form a badge has, it is verified, known to be about the person or not, and matched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from issuer_service.people.roles import Role
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.proof.presentation import build_presentation, sign_presentation
from openbadges_kit.vocabulary import SkosMatch
from tests.kit.samples import NOW, signed_unchecked
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import (
    HOLDER,
    HOLDER_KEY,
    THEIR_KEY,
    THEIR_OUTCOME,
    ULO,
    Person,
    badge_file,
    foreign_badge,
    in_role,
    learner,
    match_in_crosswalk,
    publish_criteria,
    trust_the_issuer_elsewhere,
    unsigned_foreign,
)


def asks_for(outcome: str) -> dict[str, Any]:
    return {"rule": "shows", "outcome": outcome}


def request_by(person: Person, **more: str) -> Any:  # JSON
    return person.call(
        "POST", "/recognition-requests", {"criteria": "vakmanschap", "began_on": "2026-09-01", **more}, expect=201
    )


def hand_in(person: Person, request: Any, badge: Any, *, expect: int = 200) -> Any:  # JSON
    return person.call("POST", f"/recognition-requests/{request['id']}/badges", {"badge": badge}, expect=expect)


@ON_ONE_DATABASE
class TestWhateverFormItHas:
    @pytest.mark.parametrize("form", ["badge.json", "badge.jwt", "badge.png"])
    def test_a_badge_of_ours_counts_by_itself(self, world: World, form: str) -> None:
        credential_id = world.first_badge()
        publish_criteria(world, asks_for(f"{ULO}/RO001"))
        holder = learner(world)
        request = request_by(holder)
        found = holder.upload(
            f"/recognition-requests/{request['id']}/badge-files", badge_file(world, credential_id, form)
        )
        (badge,) = found["badges"]
        assert (badge["verified"], badge["about"], badge["counts"]) == (True, "ours", True)
        assert (found["before"]["verdict"], found["after"]["verdict"]) == ("missing", "satisfied")
        (proof,) = found["after"]["by"]
        assert (proof["credential"], proof["age_days"]) == (f"urn:uuid:{credential_id}", 0)
        assert proof["level"] == {"scale": f"{ULO}/RO001/result", "rank": 3}

    def test_the_same_badge_is_kept_once(self, world: World) -> None:
        credential_id = world.first_badge()
        publish_criteria(world, asks_for(ULO))
        holder = learner(world)
        request = request_by(holder)
        hand_in(holder, request, json.loads(badge_file(world, credential_id)))
        hand_in(holder, request, badge_file(world, credential_id, "badge.jwt").decode())
        assert len(holder.call("GET", f"/recognition-requests/{request['id']}")["badges"]) == 1

    def test_what_is_no_badge_is_refused_and_named(self, world: World) -> None:
        publish_criteria(world, asks_for(ULO))
        holder = learner(world)
        request = request_by(holder)
        hand_in(holder, request, "just some words", expect=400)
        body = {"badge": {"id": "x"}, "presentation": {}}
        holder.call("POST", f"/recognition-requests/{request['id']}/badges", body, expect=422)
        holder.upload(f"/recognition-requests/{request['id']}/badge-files", b"\x89PNG\r\n\x1a\n", expect=400)

    def test_a_badge_that_does_not_verify_is_shown_with_the_reason_and_proves_nothing(self, world: World) -> None:
        credential_id = world.first_badge()
        publish_criteria(world, asks_for(ULO))
        badge = json.loads(badge_file(world, credential_id)) | {"name": "Iets anders"}
        holder = learner(world)
        found = hand_in(holder, request_by(holder), badge)
        (shown,) = found["badges"]
        assert not shown["verified"]
        assert shown["reasons"]
        assert (shown["matches"], found["after"]["verdict"]) == ([], "missing")

    def test_a_badge_with_a_citizen_service_number_is_not_kept(self, world: World) -> None:
        publish_criteria(world, asks_for(ULO))
        holder = learner(world)
        request = request_by(holder)
        refused = hand_in(holder, request, foreign_badge() | {"description": "bsn 123456782"}, expect=422)
        assert "123456782" not in json.dumps(refused)
        assert holder.call("GET", f"/recognition-requests/{request['id']}")["badges"] == []


@pytest.mark.both_databases
def test_whatever_a_signed_badge_names_what_is_no_address_is_not_kept(world: World) -> None:
    publish_criteria(world, asks_for(THEIR_OUTCOME))
    sound = unsigned_foreign()
    odd = ["https://x.example/" + "a" * 3000, *(f"https://x.example/{n}" for n in range(600))]
    sound["credentialSubject"]["achievement"]["alignment"] = [
        {"type": ["Alignment"], "targetName": "x", "targetUrl": one} for one in odd
    ]
    holder = learner(world)
    found = hand_in(holder, request_by(holder), signed_unchecked(sound, THEIR_KEY))
    (shown,) = found["badges"]
    assert shown["verified"]
    named = [one["outcome"] for one in shown["matches"]]
    assert len(named) == 500
    assert max(map(len, named)) <= 2000


@ON_ONE_DATABASE
class TestWhoseItIs:
    def test_a_badge_that_was_issued_to_somebody_else_is_refused(self, world: World) -> None:
        credential_id = world.first_badge()
        publish_criteria(world, asks_for(ULO))
        other = learner(world, 1)
        refused = hand_in(other, request_by(other), json.loads(badge_file(world, credential_id)), expect=422)
        assert "somebody else" in refused["detail"]

    def test_a_badge_that_may_be_anybodys_counts_once_somebody_established_it(self, world: World) -> None:
        publish_criteria(world, asks_for(THEIR_OUTCOME))
        trust_the_issuer_elsewhere(world)
        holder, teacher = learner(world), in_role(world, Role.TEACHER)
        request = request_by(holder)
        found = hand_in(holder, request, foreign_badge())
        (badge,) = found["badges"]
        assert (badge["about"], found["after"]["verdict"]) == ("unknown", "missing")
        holder.call("POST", f"/handed-in-badges/{badge['id']}/confirmation", {"reason": "van mij"}, expect=403)
        body = {"reason": "Legitimatie gezien."}
        assert teacher.call("POST", f"/handed-in-badges/{badge['id']}/confirmation", body)["counts"]
        now = teacher.call("GET", f"/recognition-requests/{request['id']}")
        assert (now["tree"]["verdict"], now["still_needed"]) == ("satisfied", [])

    def test_a_badge_that_names_their_address_is_theirs(self, world: World) -> None:
        publish_criteria(world, asks_for(THEIR_OUTCOME))
        named = IdentityObject.hash_of("Michael@post.example", identity_type="emailAddress", salt=bytes(16)).to_json()
        holder, other = learner(world), learner(world, 1)
        assert hand_in(holder, request_by(holder), foreign_badge(identifier=[named]))["badges"][0]["about"] == "address"
        assert hand_in(other, request_by(other), foreign_badge(identifier=[named]))["badges"][0]["about"] == "unknown"

    def test_a_wallet_proves_whose_it_is_for_this_request_only(self, world: World) -> None:
        publish_criteria(world, asks_for(THEIR_OUTCOME))
        holder = learner(world)
        request = request_by(holder)

        def show(challenge: str, *, expect: int) -> Any:  # JSON
            shown = sign_presentation(
                build_presentation([foreign_badge()], holder=HOLDER),
                challenge=challenge,
                domain=request["domain"],
                verification_method=verification_method_of(HOLDER_KEY.public_key),
                created=NOW,
                signing_key=HOLDER_KEY,
            )
            path = f"/recognition-requests/{request['id']}/badges"
            return holder.call("POST", path, {"presentation": shown}, expect=expect)

        assert show(request["challenge"], expect=200)["badges"][0]["about"] == "holder"
        assert "challenge" in json.dumps(show("that of another request", expect=422))


@ON_ONE_DATABASE
class TestWhatItShows:
    def test_of_an_issuer_elsewhere_it_counts_when_that_one_is_trusted(self, world: World) -> None:
        publish_criteria(world, asks_for(f"{ULO}/VO003"))
        match_in_crosswalk(world, f"{ULO}/VO003", SkosMatch.EXACT)
        holder, teacher = learner(world), in_role(world, Role.TEACHER)
        request = request_by(holder)
        (badge,) = hand_in(holder, request, foreign_badge())["badges"]
        teacher.call("POST", f"/handed-in-badges/{badge['id']}/confirmation", {"reason": "gezien"})
        (short,) = teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]["short"]
        assert short["why_not"] == "issuer-does-not-count"
        trust_the_issuer_elsewhere(world)
        assert teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]["verdict"] == "satisfied"

    def test_what_only_resembles_an_outcome_waits_for_a_person(self, world: World) -> None:
        level = {"scale": f"{ULO}/VO003/result", "rank": 3}
        publish_criteria(world, asks_for(f"{ULO}/VO003") | {"level": level})
        trust_the_issuer_elsewhere(world)
        match_in_crosswalk(world, f"{ULO}/VO003", SkosMatch.BROAD)
        holder, teacher, theirs = learner(world), in_role(world, Role.TEACHER), foreign_badge()
        request = request_by(holder)
        (badge,) = hand_in(holder, request, theirs)["badges"]
        teacher.call("POST", f"/handed-in-badges/{badge['id']}/confirmation", {"reason": "gezien"})
        match = next(one for one in badge["matches"] if one["outcome"] == f"{ULO}/VO003")
        assert (match["kind"], match["state"]) == ("proposed", "proposed")
        path = f"/proof-matches/{match['id']}/decision"
        decide = {"accept": True, "reason": "Hun beschrijving dekt dit."}
        holder.call("POST", path, decide, expect=403)
        teacher.call("POST", path, decide)
        tree = teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]
        # R12: their badge says nothing of our scale, until a person does.
        assert (tree["verdict"], tree["short"][0]["why_not"]) == ("partly", "level-of-another-scale")
        teacher.call("POST", path, decide | {"level": level})
        assert teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]["verdict"] == "satisfied"
        teacher.call("POST", path, {"accept": False, "reason": "Bij nader inzien niet."})
        assert teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]["verdict"] == "missing"
        # What a person said stays said, when the badge comes again.
        again = hand_in(holder, request, theirs)["badges"][0]
        assert {one["outcome"]: one["state"] for one in again["matches"]}[f"{ULO}/VO003"] == "refused"
        assert again["about"] == "confirmed"

    def test_a_person_may_find_what_nothing_in_the_badge_names(self, world: World) -> None:
        publish_criteria(world, asks_for(f"{ULO}/VO001"))
        trust_the_issuer_elsewhere(world)
        holder, teacher = learner(world), in_role(world, Role.TEACHER)
        request = request_by(holder)
        (badge,) = hand_in(holder, request, foreign_badge())["badges"]
        teacher.call("POST", f"/handed-in-badges/{badge['id']}/confirmation", {"reason": "gezien"})
        found = {"outcome": f"{ULO}/VO001", "reason": "Het werkstuk laat dit zien."}
        teacher.call("POST", f"/handed-in-badges/{badge['id']}/matches", found, expect=201)
        teacher.call("POST", f"/handed-in-badges/{badge['id']}/matches", found, expect=409)
        assert teacher.call("GET", f"/recognition-requests/{request['id']}")["tree"]["verdict"] == "satisfied"


@pytest.mark.both_databases
def test_a_coach_hands_in_for_somebody_and_who_learns_only_for_themselves(world: World) -> None:
    publish_criteria(world, asks_for(ULO))
    holder, other, coach = learner(world), learner(world, 1), in_role(world, Role.COACH)
    request = request_by(coach, person_id=holder.person_id)
    assert [one["id"] for one in holder.call("GET", "/recognition-requests")["items"]] == [request["id"]]
    assert other.call("GET", "/recognition-requests")["items"] == []
    other.call("GET", f"/recognition-requests/{request['id']}", expect=403)
    body = {"criteria": "vakmanschap", "began_on": "2026-09-01", "person_id": holder.person_id}
    other.call("POST", "/recognition-requests", body, expect=403)
    late = {"criteria": "vakmanschap", "began_on": "2025-09-01"}
    assert "none applies" in holder.call("POST", "/recognition-requests", late, expect=422)["detail"]
    holder.call("POST", f"/recognition-requests/{request['id']}/withdrawal")
    hand_in(coach, request, foreign_badge(), expect=409)
