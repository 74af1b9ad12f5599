"""A passed module becomes a signed, claimed, verifiable and revocable badge."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from PIL import Image
from sqlalchemy import func, select

from issuer_service.delivery.service import ClaimLinks
from issuer_service.delivery.tables import Offer
from issuer_service.issuance.tables import Award, Credential
from issuer_service.notices.tables import Notice
from openbadges_kit.baking.png import unbake_png
from openbadges_kit.documents import parse_json_object
from tests.published import published_json
from tests.service.conftest import LEVELS, ON_ONE_DATABASE, World


def links(world: World) -> ClaimLinks:
    return ClaimLinks(world.installation.settings.secret.get_secret_value(), base_url=world.installation.base_url)


def count(world: World, table: type) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def verdict(world: World, badge: Any, language: str = "en") -> dict[str, Any]:  # JSON
    answer = world.http.post(f"/v1/verifications?lang={language}", json={"badge": badge})
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


@ON_ONE_DATABASE
class TestTheBadge:
    def test_it_is_collected_in_three_forms_of_the_same_badge(self, world: World) -> None:
        link = links(world).link_to(world.first_badge())
        page = world.http.get(link)
        document, token, picture = (
            world.http.get(f"{link}/{name}") for name in ("badge.json", "badge.jwt", "badge.png")
        )
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert unbake_png(picture.content) == document.content
        with Image.open(io.BytesIO(picture.content)) as image:
            image.verify()
            assert image.size == (512, 512)
        assert verdict(world, document.json())["verdict"] == "valid"
        assert verdict(world, token.text)["verdict"] == "valid"

    def test_looking_at_it_is_not_collecting_it(self, world: World) -> None:
        link = links(world).link_to(world.first_badge())
        assert self.claimed_at(world) is None
        world.http.get(link)
        assert self.claimed_at(world) is None
        world.http.get(f"{link}/badge.json")
        assert self.claimed_at(world) == world.clock.moment

    def claimed_at(self, world: World) -> datetime | None:
        with world.installation.reading() as session:
            return session.scalars(select(Offer)).one().claimed_at

    def test_it_fits_both_flavours_of_the_official_schema(self, world: World) -> None:
        badge = world.http.get(f"{links(world).link_to(world.first_badge())}/badge.json").json()
        for flavour in ("achievementcredential.json", "achievementcredential.jsonld-flavour.json"):
            schema = jsonschema_rs.Draft201909Validator(published_json(f"schemas/{flavour}"))
            assert [error.message for error in schema.iter_errors(badge)] == []

    def test_nobodys_name_or_address_is_in_it(self, world: World) -> None:
        link = links(world).link_to(world.first_badge())
        for name in ("badge.json", "badge.jwt", "badge.png"):
            content = world.http.get(f"{link}/{name}").content.lower()
            for personal in (b"michael", b"monteur", b"post.example", b"dana"):
                assert personal not in content

    def test_its_addresses_resolve_to_what_it_says(self, world: World) -> None:
        badge = world.http.get(f"{links(world).link_to(world.first_badge())}/badge.json").json()
        achievement = badge["credentialSubject"]["achievement"]
        served = world.http.get(achievement["id"]).json()
        assert {name: value for name, value in served.items() if name != "@context"} == achievement
        codes = [alignment["targetCode"] for alignment in achievement["alignment"]]
        assert codes == [
            f"1.1/{code}" for code in ("RO001", "VO001", "VO002", "VO003", "KO001", "KO002", "KO003", "KO004")
        ]
        for alignment in achievement["alignment"]:
            component = world.http.get(alignment["targetUrl"], headers={"Accept": "application/json"}).json()
            assert component["id"] == alignment["targetUrl"]
            assert component["statement"] == alignment["targetDescription"]
        assert world.http.get(badge["issuer"]["url"]).json()["id"] == badge["issuer"]["id"]

    def test_it_refers_to_the_sample_ulo_word_for_word(self, world: World) -> None:
        served = world.http.get("/ulo/vakmanschap-warmtepompen/1.1/v1").json()
        statements = {a["targetCode"]: a["targetDescription"] for a in served["alignment"]}
        assert statements["1.1/RO001"] == (
            "bepaalt welk warmtepompsysteem bij welke bouwkundige en technische randvoorwaarden geschikt is"
        )
        assert statements["1.1/VO001"] == "inschatten van de haalbaarheid voor een warmtepompsysteem"
        assert statements["1.1/VO002"] == "beoordelen Programma van Eisen op voor de installatie relevante aspecten"
        assert statements["1.1/KO003"] == "mogelijkheden van de verschillende warmtepompsystemen en toepassingsgebied"

    def test_it_carries_the_level_that_was_reached(self, world: World) -> None:
        subject = world.http.get(f"{links(world).link_to(world.first_badge())}/badge.json").json()["credentialSubject"]
        reached = {r["resultDescription"].split("/")[-2]: r["achievedLevel"].split("/")[-1] for r in subject["result"]}
        assert reached == LEVELS

    @pytest.mark.parametrize("changed", ["name", "validFrom", "awardedDate"])
    def test_changed_anywhere_it_no_longer_verifies(self, world: World, changed: str) -> None:
        badge = world.http.get(f"{links(world).link_to(world.first_badge())}/badge.json").json()
        badge[changed] = badge[changed].replace("e", "a").replace("2026", "2025")
        report = verdict(world, badge)
        assert report["verdict"] == "not-valid"
        assert "proof-invalid" in json.dumps(report)


@ON_ONE_DATABASE
class TestWhoMayDoWhat:
    def test_without_a_token_nothing_is_recorded(self, world: World) -> None:
        answer = world.http.post("/v1/module-results", json={"enrolment_id": "x", "module_id": "y", "levels": {}})
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_a_token_ends(self, world: World) -> None:
        world.clock.advance(timedelta(days=91))
        assert "no longer holds" in world.call("GET", "/v1/awards", expect=401)["detail"]

    def test_another_providers_enrolment_is_not_there(self, world: World) -> None:
        body = {
            "enrolment_id": "00000000-0000-4000-8000-000000000000",
            "module_id": world.setting.module_id,
            "levels": LEVELS,
        }
        problem = world.call("POST", "/v1/module-results", body, expect=404)
        assert problem["findings"][0]["field"] == "enrolment_id"

    def test_a_level_outside_the_rubric_is_named(self, world: World) -> None:
        body = {
            "enrolment_id": world.setting.enrolments[0],
            "module_id": world.setting.module_id,
            "levels": {**LEVELS, "VO001": "fantastisch", "KO009": "goed"},
        }
        problem = world.call("POST", "/v1/module-results", body, expect=422)
        details = [finding["detail"] for finding in problem["findings"]]
        assert any(detail.startswith("levels.VO001: give one of nog-niet") for detail in details)
        assert "levels.KO009: not in the rubric" in details

    def test_a_misspelt_field_is_named(self, world: World) -> None:
        body = {"enrolment": "x", "module_id": world.setting.module_id, "levels": {}}
        problem = world.call("POST", "/v1/module-results", body, expect=422)
        assert {finding["field"] for finding in problem["findings"]} == {"body.enrolment_id", "body.enrolment"}

    def test_a_guessed_claim_link_opens_nothing(self, world: World) -> None:
        credential_id = world.first_badge()
        assert world.http.get(f"/claim/{credential_id}.{'0' * 40}").status_code == 404
        assert world.http.get(f"/claim/{credential_id}").status_code == 404


class TestExactlyOnce:
    def test_below_the_required_level_there_is_no_badge(self, world: World) -> None:
        assert world.pass_module(levels={**LEVELS, "VO003": "nog-niet"})["passed"] is False
        assert count(world, Award) == 0

    def test_every_job_done_twice_gives_one_badge_one_offer_one_message(self, world: World) -> None:
        world.first_badge()
        world.jobs.repeat_everything(world.handlers)
        assert [count(world, table) for table in (Award, Credential, Offer, Notice)] == [1, 1, 1, 1]

    def test_nothing_is_signed_before_it_is_approved(self, world: World) -> None:
        world.pass_module()
        assert (count(world, Award), count(world, Credential)) == (1, 0)

    def test_approving_twice_signs_once(self, world: World) -> None:
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        for _ in range(2):
            world.call("POST", f"/v1/awards/{award}/approval", expect=200)
            world.jobs.do_all(world.handlers)
        assert count(world, Credential) == 1

    def test_what_is_signed_is_what_was_accepted(self, world: World) -> None:
        world.first_badge()
        with world.installation.reading() as session:
            award, credential = session.scalars(select(Award)).one(), session.scalars(select(Credential)).one()
        accepted, signed = parse_json_object(award.document), parse_json_object(credential.document)
        assert {name: value for name, value in signed.items() if name != "proof"} == accepted

    def test_a_learners_two_badges_name_the_same_subject_and_two_learners_another(self, world: World) -> None:
        first, second = world.issue_badge(0), world.issue_badge(1)
        with world.installation.reading() as session:
            documents = [parse_json_object(session.get_one(Credential, one).document) for one in (first, second)]
        subjects = {document["credentialSubject"]["id"] for document in documents}
        places = {document["credentialStatus"]["statusListIndex"] for document in documents}
        assert len(subjects) == len(places) == 2


class TestRevocation:
    def test_a_revoked_badge_no_longer_verifies_and_says_why(self, world: World) -> None:
        credential_id = world.first_badge()
        badge = world.http.get(f"{links(world).link_to(credential_id)}/badge.json").json()
        world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "vergissing"}, expect=200)
        world.jobs.do_all(world.handlers)
        report = verdict(world, badge, "nl")
        assert report["verdict"] == "not-valid"
        assert "De uitgever heeft deze badge ingetrokken." in json.dumps(report)
        assert "ingetrokken" in world.http.get(f"/badges/{credential_id}").text

    def test_it_leaves_other_badges_as_they_are(self, world: World) -> None:
        first, second = world.issue_badge(0), world.issue_badge(1)
        world.call("POST", f"/v1/credentials/{first}/revocation", {"reason": "vergissing"}, expect=200)
        world.jobs.do_all(world.handlers)
        other = world.http.get(f"{links(world).link_to(second)}/badge.json").json()
        assert verdict(world, other)["verdict"] == "valid"

    def test_a_reason_is_needed(self, world: World) -> None:
        credential_id = world.first_badge()
        world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": ""}, expect=422)
        problem = world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "  "}, expect=422)
        assert problem["findings"][0]["field"] == "reason"

    def test_the_list_is_fetched_again_only_when_it_changed(self, world: World) -> None:
        credential_id = world.first_badge()
        badge = world.http.get(f"{links(world).link_to(credential_id)}/badge.json").json()
        url = badge["credentialStatus"]["statusListCredential"]
        etag = world.http.get(url).headers["ETag"]
        assert world.http.get(url, headers={"If-None-Match": etag}).status_code == 304
        world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "vergissing"}, expect=200)
        world.jobs.do_all(world.handlers)
        assert world.http.get(url, headers={"If-None-Match": etag}).status_code == 200


@ON_ONE_DATABASE
class TestPages:
    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_public_page_is_there_in_both_languages(self, world: World, language: str) -> None:
        credential_id = world.first_badge()
        ulo = "/ulo/vakmanschap-warmtepompen/1.1/v1"
        pages = ["/", f"/badges/{credential_id}", "/verify", "/documentation", ulo, f"{ulo}/VO001"]
        for page in [*pages, "/issuers/voorbeeld-opleider"]:
            answer = world.http.get(f"{page}?lang={language}", headers={"Accept": "text/html"})
            assert answer.status_code == 200, page
            assert f'<html lang="{language}">' in answer.text
            assert "<script" not in answer.text
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

    def test_a_picture_laid_on_the_verification_page_is_verified(self, world: World) -> None:
        picture = world.http.get(f"{links(world).link_to(world.first_badge())}/badge.png").content
        answer = world.http.post("/verify?lang=en", files={"file": ("badge.png", picture, "image/png")})
        assert "This badge is valid." in answer.text

    def test_something_else_laid_there_is_answered_with_what_to_do(self, world: World) -> None:
        answer = world.http.post("/verify?lang=nl", data={"text": "hallo"})
        assert answer.status_code == 400
        assert "Kies het bestand dat je hebt gekregen" in answer.text

    def test_the_qr_code_stands_on_the_badge_page(self, world: World) -> None:
        assert "<svg" in world.http.get(f"/badges/{world.first_badge()}").text
