"""What somebody hands in is theirs: it is exported, it goes after its time, and it goes with them."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from issuer_service.people.roles import Role
from issuer_service.privacy.retention import DataClass, expire
from issuer_service.recognition.cashing_tables import HandedIn, ProofMatch, RecognitionRequest
from tests.service.conftest import World
from tests.service.recognition.people import ULO, badge_file, in_role, learner, publish_criteria


def handed_in_by(world: World) -> str:
    """Somebody with a request and a badge in it. Gives who."""
    credential_id = world.first_badge()
    publish_criteria(world, {"rule": "shows", "outcome": ULO})
    holder = learner(world)
    body = {"criteria": "vakmanschap", "began_on": "2026-09-01"}
    request = holder.call("POST", "/recognition-requests", body, expect=201)
    badge = json.loads(badge_file(world, credential_id))
    holder.call("POST", f"/recognition-requests/{request['id']}/badges", {"badge": badge})
    return holder.person_id


def left(world: World) -> list[int]:
    with world.installation.reading() as session:
        return [len(session.scalars(select(table)).all()) for table in (RecognitionRequest, HandedIn, ProofMatch)]


def test_it_is_exported_with_what_was_found_of_it_and_goes_with_whom_it_is_about(world: World) -> None:
    person_id = handed_in_by(world)
    administrator = in_role(world, Role.ADMINISTRATOR)
    held = administrator.call("GET", f"/people/{person_id}/data")["held"]
    assert held["handed_in"][0]["received"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert {"recognition_request", "proof_match"} <= set(held)
    administrator.call("POST", f"/people/{person_id}/erasure")
    assert left(world) == [0, 0, 0]


def test_what_nobody_decided_on_goes_after_its_time(world: World) -> None:
    handed_in_by(world)
    world.clock.advance(timedelta(days=180))
    assert expire(world.installation)[DataClass.RECOGNITION_PROOFS] == 0
    world.clock.advance(timedelta(days=1))
    assert expire(world.installation)[DataClass.RECOGNITION_PROOFS] == 1
    assert left(world) == [0, 0, 0]
