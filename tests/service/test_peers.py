"""The badge that the service issued, verified by implementations that are not ours."""

from __future__ import annotations

import json
from typing import Any

from issuer_service.delivery.service import ClaimLinks
from tests.interop.packages import run_node
from tests.service.conftest import World


def what_a_verifier_fetches(world: World, badge: dict[str, Any]) -> dict[str, Any]:
    did, list_url = badge["issuer"]["id"], badge["credentialStatus"]["statusListCredential"]
    did_document = world.http.get("/issuers/voorbeeld-opleider/did.json").json()
    did_url = "https://badges.example/issuers/voorbeeld-opleider/did.json"
    return {did: did_document, did_url: did_document, list_url: world.http.get(list_url).json()}


def test_an_issued_badge_verifies_elsewhere_until_a_character_is_changed_or_it_is_revoked(world: World) -> None:
    credential_id = world.issue_badge()
    links = ClaimLinks(world.installation.settings.secret.get_secret_value(), base_url=world.installation.base_url)
    badge = world.http.get(f"{links.link_to(credential_id)}/badge.json").json()
    changed = json.loads(json.dumps(badge).replace("Warmtepompsysteem", "Warmtepompsystemen", 1))
    before = what_a_verifier_fetches(world, badge)
    world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "vergissing"}, expect=200)
    world.jobs.do_all(world.handlers)
    after = what_a_verifier_fetches(world, badge)
    cases = [(badge, before), (changed, before), (badge, after)]
    good, tampered, revoked = run_node("verify.mjs", [{"credential": c, "documents": d} for c, d in cases])
    for peer in ("digitalbazaar", "verifierCore"):
        assert good[peer]["verified"], good[peer]["errors"]
        assert good[peer]["revoked"] is False
        assert not tampered[peer]["verified"]
        assert revoked[peer]["revoked"] is True
