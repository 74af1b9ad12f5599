"""An organisation puts its signed word behind a published unit: for everybody to read, and to verify."""

from __future__ import annotations

import json
from datetime import timedelta

from issuer_service.bootstrap import LOST_AFTER, resume_lost_work
from issuer_service.people.roles import Role
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.verification.verifier import verify
from tests.service.catalogue.office import Office
from tests.service.conftest import World


def test_a_version_is_endorsed_once_signed_by_a_job_and_verified_by_anybody(world: World) -> None:
    office = Office(world)
    (version,) = world.http.get("/v1/ulo-versions").json()["items"]
    path = f"/v1/ulo-versions/{version['id']}/endorsements"
    body = {"comment": "Gevalideerd in een workshop met vier monteurs"}
    office.call(Role.LD_DEVELOPER, "POST", path, body, expect=403)
    asked = office.call(Role.CURATOR, "POST", path, body, expect=201)
    office.call(Role.CURATOR, "POST", path, body, expect=409)
    address = asked["url"].removeprefix("https://badges.example")
    assert world.http.get(address).status_code == 404
    world.jobs.do_all(world.handlers)
    document = world.http.get(address).json()
    assert document["id"] == asked["url"]
    assert document["credentialSubject"]["id"] == version["iri"]
    assert document["credentialSubject"]["endorsementComment"] == body["comment"]
    did = world.http.get("/issuers/voorbeeld-opleider/did.json").json()
    report = verify(document, now=world.clock(), resolver=Resolver({did["id"]: did}))
    assert report.verified, report.reasons("en")
    (listed,) = world.http.get(path).json()["items"]
    assert listed["signed_at"] is not None


def test_what_no_job_signed_is_signed_after_all(world: World) -> None:
    office = Office(world)
    (version,) = world.http.get("/v1/ulo-versions").json()["items"]
    body = {"comment": "Aanbevolen"}
    asked = office.call(Role.CURATOR, "POST", f"/v1/ulo-versions/{version['id']}/endorsements", body, expect=201)
    world.jobs.forget()
    world.clock.advance(LOST_AFTER + timedelta(seconds=1))
    assert resume_lost_work(world.installation) >= 1
    world.jobs.do_all(world.handlers)
    first = world.http.get(asked["url"].removeprefix("https://badges.example"))
    assert json.loads(first.content)["proof"]
