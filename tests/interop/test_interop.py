"""Badges across implementations: what the kit makes others accept, what others make the kit accepts.

@digitalbazaar/vc is the reference implementation of the W3C's test suites; @digitalcredentials/verifier-core is what
Learner Credential Wallet and VerifierPlus use; jose is the JWT library of most of the web.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import ResolutionError
from openbadges_kit.issuance import issue, issue_vc_jwt, prepare
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.skills.achievement import RubricCriterion, RubricLevel, achievement_from_ulo, results_of
from openbadges_kit.status.bitstring import build_status_list_credential
from openbadges_kit.verification.report import Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import MULTIKEY_V1
from tests.interop.packages import run_node
from tests.kit.samples import ISSUER_KEY, LIST_URL, P256_KEY, status_entry, unsigned
from tests.kit.ulo_samples import HEAT_PUMPS

# The peers look at the machine's clock, so nothing in here may expire or lie in the future.
CREATED: Final = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DID: Final = "did:web:school.example:issuers:7"
DID_URL: Final = "https://school.example/issuers/7/did.json"
KEY_URL: Final = f"{DID}#key-1"
JWT_KEY_URL: Final = f"{DID}#key-2"
PEERS: Final = ("digitalbazaar", "verifierCore")


def _did_document() -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/did/v1", MULTIKEY_V1],
        "id": DID,
        "verificationMethod": [
            VerificationMethod(KEY_URL, DID, ISSUER_KEY.public_key).to_json(),
            VerificationMethod(JWT_KEY_URL, DID, P256_KEY.public_key).to_json(),
        ],
        "assertionMethod": [KEY_URL, JWT_KEY_URL],
    }


def _unsigned_heat_pump_badge() -> JsonObject:
    rubric = tuple(
        RubricCriterion(
            component.code,
            (RubricLevel("onvoldoende", "Onvoldoende"), RubricLevel("voldoende", "Voldoende", points="6")),
            "voldoende",
        )
        for component in HEAT_PUMPS.components
    )
    achieved = {component.code: "voldoende" for component in HEAT_PUMPS.components}
    return unsigned(
        issuer={"id": DID, "type": ["Profile"], "name": "Opleider Ægir & Zoon “Techniek”"},
        validFrom="2024-02-01T12:00:00Z",
        name=HEAT_PUMPS.title,
        credentialStatus=status_entry(94_567),
        credentialSubject={
            "id": "urn:uuid:9d5a9a3e-8f1c-4f57-b1b2-2a1ffb3f0a55",
            "type": ["AchievementSubject"],
            "achievement": achievement_from_ulo(HEAT_PUMPS, rubric=rubric).to_json() | {"creditsAvailable": 3.5},
            "result": [result.to_json() for result in results_of(achieved, ulo=HEAT_PUMPS, rubric=rubric)],
        },
    )


def _signed_heat_pump_badge() -> JsonObject:
    prepared = prepare(_unsigned_heat_pump_badge(), verification_method=KEY_URL, created=CREATED)
    return issue(prepared, signing_key=ISSUER_KEY)


def _documents(revoked: tuple[int, ...] = ()) -> dict[str, JsonObject]:
    status_list = build_status_list_credential(url=LIST_URL, issuer=DID, set_indexes=revoked, valid_from=CREATED)
    options = build_proof_options(verification_method=KEY_URL, created=CREATED)
    return {
        DID: _did_document(),
        DID_URL: _did_document(),
        LIST_URL: add_proof(status_list, proof_options=options, signing_key=ISSUER_KEY),
    }


def _verify(badge: JsonObject | str, documents: dict[str, JsonObject]) -> Verdict:
    def fetch(url: str) -> bytes:
        if url not in documents:
            raise ResolutionError(f"no document for {url}")
        return dump_json(documents[url])

    return verify(badge, now=NOW, resolver=Resolver(documents), fetch=fetch).verdict


def _changed(badge: JsonObject, before: str, after: str) -> JsonObject:
    text = json.dumps(badge, ensure_ascii=False)
    assert text.count(before) >= 1
    changed: JsonObject = json.loads(text.replace(before, after, 1))
    return changed


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What the peers say of each case; one start of Node for all of them."""
    badge = _signed_heat_pump_badge()
    key_of_another = _changed(_did_document(), ISSUER_KEY.public_key.multikey, P256_KEY.public_key.multikey)
    cases = {
        "good": (badge, _documents()),
        "revoked": (badge, _documents((94_567,))),
        "neighbour revoked": (badge, _documents((94_566, 94_568))),
        "name changed": (_changed(badge, "haalbaarheid", "haalbaarheit"), _documents()),
        "level changed": (_changed(badge, '"achievedLevel": "http', '"achievedLevel": "httq'), _documents()),
        "index changed": (_changed(badge, '"94567"', '"94568"'), _documents()),
        "proof changed": (_changed(badge, '"proofValue": "z', '"proofValue": "z2'), _documents()),
        "list changed": (badge, _documents() | {LIST_URL: _changed(_documents()[LIST_URL], "2024-02", "2024-01")}),
        "other key": (badge, _documents() | {DID: key_of_another, DID_URL: key_of_another}),
    }
    data = [{"credential": credential, "documents": documents} for credential, documents in cases.values()]
    told = dict(zip(cases, run_node("verify.mjs", data), strict=True))
    for name, (credential, documents) in cases.items():
        told[name]["ours"] = _verify(credential, documents)
    return told


@pytest.mark.parametrize("peer", PEERS)
def test_a_badge_of_the_kit_verifies(peer: str, answers: dict[str, Any]) -> None:
    answer = answers["good"][peer]
    assert answer["verified"], answer["errors"]
    assert answer["revoked"] is False
    assert answers["good"]["ours"] is Verdict.VALID


def test_a_badge_of_the_kit_fits_the_schema_that_the_peer_takes(answers: dict[str, Any]) -> None:
    assert answers["good"]["verifierCore"]["fitsSchema"]


@pytest.mark.parametrize("peer", PEERS)
def test_a_revoked_badge_is_reported_as_revoked(peer: str, answers: dict[str, Any]) -> None:
    assert answers["revoked"][peer]["revoked"] is True
    assert answers["neighbour revoked"][peer]["revoked"] is False
    assert answers["revoked"]["ours"] is Verdict.NOT_VALID
    assert answers["neighbour revoked"]["ours"] is Verdict.VALID


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("case", ["name changed", "level changed", "index changed", "proof changed"])
def test_a_changed_badge_verifies_nowhere(case: str, peer: str, answers: dict[str, Any]) -> None:
    assert not answers[case][peer]["verified"]
    assert answers[case]["ours"] is not Verdict.VALID


def test_a_badge_signed_with_another_key_than_the_issuers_verifies_nowhere(answers: dict[str, Any]) -> None:
    """Not asked of verifier-core, which keeps the key of the issuer that it saw before."""
    assert not answers["other key"]["digitalbazaar"]["verified"]
    assert answers["other key"]["ours"] is Verdict.NOT_VALID


def test_a_changed_status_list_settles_nothing(answers: dict[str, Any]) -> None:
    assert answers["list changed"]["digitalbazaar"]["revoked"] is None
    assert answers["list changed"]["verifierCore"]["revoked"] is None
    assert answers["list changed"]["ours"] is Verdict.UNSETTLED


def test_a_badge_of_the_peer_verifies_with_the_kit_and_not_after_one_changed_character() -> None:
    request = {
        "credential": _unsigned_heat_pump_badge(),
        "seed": bytes(range(32)).hex(),
        "verificationMethod": KEY_URL,
        "created": "2024-02-01T12:00:00Z",
    }
    [badge] = run_node("sign.mjs", [request])
    assert _verify(badge, _documents()) is Verdict.VALID
    assert _verify(badge, _documents((94_567,))) is Verdict.NOT_VALID
    assert _verify(_changed(badge, "haalbaarheid", "haalbaarheit"), _documents()) is Verdict.NOT_VALID
    # Ed25519 has one signature for each document: the same canonical form must give the same proof.
    [theirs], [ours] = [badge["proof"]], _signed_heat_pump_badge()["proof"]
    assert theirs["proofValue"] == ours["proofValue"]


def test_jwts_go_both_ways_and_not_after_one_changed_character() -> None:
    prepared = prepare(_unsigned_heat_pump_badge(), verification_method=KEY_URL, created=CREATED)
    keys: dict[str, tuple[InMemoryKey, str]] = {"ES256": (P256_KEY, JWT_KEY_URL), "EdDSA": (ISSUER_KEY, KEY_URL)}
    verify_requests, sign_requests, tokens = [], [], {}
    for algorithm, (key, url) in keys.items():
        token = tokens[algorithm] = issue_vc_jwt(prepared, verification_method=url, signing_key=key)
        header, payload, signature = token.split(".")
        changed = base64url.decode(payload).replace(b"haalbaarheid", b"haalbaarheit", 1)
        forged = f"{header}.{base64url.encode(changed)}.{signature}"
        verify_requests += [{"token": text, "jwk": key.public_key.jwk} for text in (token, forged)]
        assert _verify(forged, _documents()) is Verdict.NOT_VALID
        sign_requests.append(
            {
                "payload": _unsigned_heat_pump_badge(),
                "header": {"alg": algorithm, "typ": "vc+jwt", "kid": url},
                "jwk": key.public_key.jwk | {"d": base64url.encode(_secret_bytes(key))},
            }
        )
    answer = run_node("jwt.mjs", {"verify": verify_requests, "sign": sign_requests})
    assert [told["verified"] for told in answer["verify"]] == [True, False, True, False]
    for told in answer["verify"][::2]:
        assert told["payload"]["credentialSubject"] == _unsigned_heat_pump_badge()["credentialSubject"]
        assert told["payload"]["iss"] == DID
    for token in answer["sign"]:
        assert _verify(token, _documents()) is Verdict.VALID
        assert _verify(token, _documents((94_567,))) is Verdict.NOT_VALID


def _secret_bytes(key: InMemoryKey) -> bytes:
    return bytes(range(32)) if key is ISSUER_KEY else bytes(range(1, 33))
