"""From an author's draft to what badges refer to for ever: written, validated by experts, published, revised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from issuer_service.audit.events import AuditEvent
from issuer_service.delivery.service import ClaimLinks
from issuer_service.people.roles import Role
from tests.service.catalogue.office import CONTENT, Office
from tests.service.conftest import LEVELS, World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def badge_of(world: World, credential_id: str) -> Any:  # JSON
    links = ClaimLinks(world.installation.settings.secret.get_secret_value(), base_url="https://badges.example")
    return world.http.get(f"{links.link_to(credential_id)}/badge.json").json()


def test_from_author_to_a_new_version_while_old_badges_keep_theirs(world: World) -> None:
    """The whole story, with the sample's ULO: its first version has a badge already."""
    old_badge = badge_of(world, world.first_badge())
    office = Office(world)
    (first,) = world.http.get("/v1/ulo-versions").json()["items"]

    # The author begins the next version with what the first says, and changes one sentence.
    path = f"/v1/ulo-versions/{first['id']}/revisions"
    draft_id = office.call(Role.LD_DEVELOPER, "POST", path, {"version": "2"}, expect=201)["id"]
    draft = office.call(Role.LD_DEVELOPER, "GET", f"/v1/ulo-drafts/{draft_id}")
    content = draft["content"] | {"title": first["title"]}
    content["components"][1]["statement"] = "inschatten of een warmtepompsysteem haalbaar is"
    changed = {"content": content, "rubric": draft["rubric"], "source": "herziening"}
    office.call(Role.LD_DEVELOPER, "PUT", f"/v1/ulo-drafts/{draft_id}", changed)

    # Nobody publishes what no expert has validated (R07), and nobody changes what experts are looking at.
    office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft_id}/publication", expect=422)
    office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft_id}/submission")
    refused = office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft_id}/publication", expect=422)
    assert "R07" in refused["detail"]
    office.call(Role.LD_DEVELOPER, "PUT", f"/v1/ulo-drafts/{draft_id}", changed, expect=422)

    # An expert agrees, the curator publishes.
    assert office.agree(draft_id)["status"] == "validated"
    assert world.http.get(draft["iri"]).status_code == 404
    office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft_id}/publication")
    second = world.http.get(f"/v1/ulo-versions/{draft_id}").json()
    assert second["iri"] == draft["iri"] == "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v2"
    assert second["validation"] == [{"method": "workshop", "held_on": "2026-11-19", "experts": 1, "by": None}]

    # The first version is deprecated and says which one followed; its badge keeps it, and verifies.
    before = world.http.get(f"/v1/ulo-versions/{first['id']}").json()
    assert (before["status"], before["replaced_by"]) == ("deprecated", second["iri"])
    assert old_badge["credentialSubject"]["achievement"]["id"] == first["iri"]
    assert world.http.get(first["iri"]).json() | {"@context": ""} == old_badge["credentialSubject"]["achievement"] | {
        "@context": ""
    }
    assert world.http.post("/v1/verifications", json={"badge": old_badge}).json()["verdict"] == "valid"

    # A badge for the second version says the new sentence.
    new = {"reference": "s-1", "name": "Nina Nieuw", "email": "nina@post.example", "achievement": second["iri"],
           "evidence": "e-1", "levels": LEVELS}  # fmt: skip
    award = world.call("POST", "/v1/direct-awards", {**new, "approve": True}, expect=201)["award_id"]
    world.jobs.do_all(world.handlers)
    credential_id = world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"]
    achievement = badge_of(world, credential_id)["credentialSubject"]["achievement"]
    assert (achievement["id"], achievement["version"]) == (second["iri"], "2")
    assert any(
        one["targetName"] == "inschatten of een warmtepompsysteem haalbaar is" for one in achievement["alignment"]
    )

    # Withdrawn: no more badges for the first version, and the old one goes on being what it is.
    office.call(Role.CURATOR, "POST", f"/v1/ulo-versions/{first['id']}/withdrawal", {"reason": "norm vervallen"})
    world.call("POST", "/v1/direct-awards", {**new, "reference": "s-2", "achievement": first["iri"]}, expect=422)
    body = {"enrolment_id": world.setting.enrolments[1], "module_id": world.setting.module_id, "levels": LEVELS}
    assert "withdrawn" in world.call("POST", "/v1/module-results", body, expect=422)["detail"]
    assert world.http.post("/v1/verifications", json={"badge": old_badge}).json()["verdict"] == "valid"


class TestValidation:
    """R07: experts validate before it is used; the author is not one of them."""

    def test_nobody_validates_what_they_wrote_themselves(self, office: Office) -> None:
        qualification = office.qualification()
        draft = office.draft(qualification)["id"]
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        # The author is given the role of expert as well.
        author = office.ids[Role.LD_DEVELOPER]
        office.call(Role.ADMINISTRATOR, "POST", f"/v1/people/{author}/roles", {"role": "expert"}, expect=201)
        body = {"method": "interview", "held_on": "2026-11-19", "agreed": True, "expert_ids": [author]}
        path = f"/v1/ulo-drafts/{draft}/validations"
        assert "R07" in office.call(Role.CURATOR, "POST", path, body, expect=403)["detail"]

    def test_only_experts_validate(self, office: Office) -> None:
        draft = office.draft(office.qualification())["id"]
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        body = {"method": "interview", "held_on": "2026-11-19", "agreed": True}
        refused = office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/validations", body, expect=422)
        assert refused["findings"][0]["field"] == "expert_ids"

    def test_one_who_objects_stands_in_the_way_until_they_agree(self, office: Office) -> None:
        draft = office.draft(office.qualification())["id"]
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        office.agree(draft)
        office.add(Role.EXPERT, "tweede")
        assert office.agree(draft, agreed=False)["status"] == "in-review"
        office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/publication", expect=422)
        office.world.clock.advance(timedelta(minutes=1))
        assert office.agree(draft)["status"] == "validated"

    def test_what_was_returned_and_changed_is_validated_anew(self, office: Office) -> None:
        draft = office.draft(office.qualification())["id"]
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        office.agree(draft)
        reason = {"reason": "noem de norm"}
        office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/return", reason)
        assert office.call(Role.EXPERT, "GET", f"/v1/ulo-drafts/{draft}")["returned_because"] == "noem de norm"
        office.world.clock.advance(timedelta(minutes=1))
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/publication", expect=422)
        assert office.call(Role.EXPERT, "GET", f"/v1/ulo-drafts/{draft}")["validations"] == []

    def test_a_workshop_with_several_experts_is_told_by_number_and_not_by_name(self, office: Office) -> None:
        experts = [office.ids[Role.EXPERT], office.add(Role.EXPERT, "tweede")]
        draft = office.draft(office.qualification())["id"]
        office.call(Role.LD_DEVELOPER, "POST", f"/v1/ulo-drafts/{draft}/submission")
        body = {"method": "workshop", "held_on": "2026-11-19", "agreed": True, "expert_ids": experts}
        office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/validations", body)
        office.call(Role.CURATOR, "POST", f"/v1/ulo-drafts/{draft}/publication")
        shown = office.world.http.get(f"/v1/ulo-versions/{draft}")
        assert shown.json()["validation"][0]["experts"] == 2
        assert not any(expert in shown.text for expert in experts)


class TestWriting:
    def test_hints_give_their_reason_and_stop_nobody(self, office: Office) -> None:
        """R02, R03 and R04 are hints; the author's own statement is taken as it is."""
        weak = {"code": "VO001", "verb": "begrijpen", "object": "waterstof in 8 lessen"}
        content = [CONTENT["components"][0], weak, CONTENT["components"][2]]
        draft = office.draft(office.qualification(), components=content)
        assert {one["code"] for one in draft["hints"]} == {"vague-verb", "delivery"}
        assert all("(R0" in one["reason"] for one in draft["hints"])
        assert office.publish(draft["id"])["status"] == "published"

    def test_r01_what_belongs_to_a_course_is_refused_with_the_reason(self, office: Office) -> None:
        body = {"qualification_id": office.qualification(), "number": "1.1", "content": {**CONTENT, "hours": 8}}
        refused = office.call(Role.LD_DEVELOPER, "POST", "/v1/ulo-drafts", body, expect=422)
        assert refused["findings"][0] == {
            "field": "content.hours",
            "detail": "how, where and with whom it is learnt belongs to the course, not to the learning outcome (R01)",
        }

    @pytest.mark.parametrize("code", ["RO001", "VO001", "KO001"])
    def test_r05_a_unit_is_whole(self, office: Office, code: str) -> None:
        """One responsibility, a skill or more, knowledge or more."""
        components = [one for one in CONTENT["components"] if one["code"] != code]
        body = {
            "qualification_id": office.qualification(),
            "number": "1.1",
            "content": {**CONTENT, "components": components},
        }
        assert code[:2] in office.call(Role.LD_DEVELOPER, "POST", "/v1/ulo-drafts", body, expect=422)["detail"]

    def test_a_version_is_written_once(self, office: Office) -> None:
        qualification = office.qualification()
        office.publish(office.draft(qualification)["id"])
        body = {"qualification_id": qualification, "number": "1.1", "content": CONTENT}
        office.call(Role.LD_DEVELOPER, "POST", "/v1/ulo-drafts", body, expect=409)

    def test_a_draft_is_seen_by_nobody_else(self, office: Office) -> None:
        draft = office.draft(office.qualification())
        assert office.world.http.get("/v1/ulo-drafts").status_code == 401
        assert draft["id"] not in office.world.http.get("/v1/ulo-versions?limit=200").text
        assert office.world.http.get(draft["iri"]).status_code == 404

    def test_sent_again_it_is_begun_once(self, office: Office) -> None:
        body = {"qualification_id": office.qualification(), "number": "1.1", "content": CONTENT}
        asked = {"Idempotency-Key": "een-ontwerp-van-mij"}
        first, second = (
            office.call(Role.LD_DEVELOPER, "POST", "/v1/ulo-drafts", body, expect=201, **asked) for _ in range(2)
        )
        assert first == second


def test_every_step_is_in_the_audit_trail(office: Office) -> None:
    draft = office.draft(office.qualification())["id"]
    office.publish(draft)
    told = [one["event"] for one in office.call(Role.ADMINISTRATOR, "GET", "/v1/audit?limit=200")["items"]
            if one["about"] == draft]  # fmt: skip
    steps = [AuditEvent.ULO_DRAFTED, AuditEvent.ULO_SUBMITTED, AuditEvent.ULO_VALIDATED, AuditEvent.ULO_PUBLISHED]
    assert sorted(told) == sorted(str(one) for one in steps)
