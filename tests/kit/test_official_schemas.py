"""Whatever the kit issues fits the official JSON Schemas: 1EdTech's plain, JSON-LD and lenient flavours.

The schemas are the published files beside the project and not the bundled one, which the kit's own check uses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jsonschema_rs
import pytest

from openbadges_kit import bake, issue, issue_many, issue_selectively_disclosable, issue_vc_jwt, issue_with_base_proof
from openbadges_kit.baking.picture import unbake
from openbadges_kit.batch_issuance import Issued
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.issuance import PreparedCredential, prepare
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.model.endorsement import EndorsementCredential, EndorsementSubject
from openbadges_kit.model.profile import Profile
from openbadges_kit.proof.cryptosuite import (
    CRYPTOSUITES,
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    ECDSA_SD_2023,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
)
from openbadges_kit.proof.sd_jwt import parse_sd_jwt
from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets, derive_document
from openbadges_kit.proof.vc_jwt import parse_vc_jwt
from openbadges_kit.verification.verifier import verify
from tests.kit.proof.documents import P384
from tests.kit.samples import ISSUER_KEY, NOW, OTHER_KEY, P256_KEY, signed, status_entry, unsigned
from tests.published import published_json

FLAVOURS = (
    "achievementcredential.json",
    "achievementcredential.jsonld-flavour.json",
    "anyachievementcredential.jsonld-flavour.json",
)
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
ACHIEVEMENT = "https://skills.example.org/ulo/bicycles/1.4/v1"


@cache
def official(name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(published_json(f"schemas/{name}"), validate_formats=True)


def violations(document: JsonObject, name: str) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in official(name).iter_errors(document)]


def endorsement() -> JsonObject:
    """Somebody else's word for the achievement, signed."""
    credential = EndorsementCredential(
        id="urn:uuid:2b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name="Een aanbeveling",
        issuer=Profile(id=did_of(OTHER_KEY.public_key), name="Branche"),
        valid_from="2026-11-20T09:00:00Z",
        credential_subject=EndorsementSubject(id=ACHIEVEMENT, endorsement_comment="Goed."),
    )
    method = verification_method_of(OTHER_KEY.public_key)
    return issue(prepare(credential.to_json(), verification_method=method, created=NOW), signing_key=OTHER_KEY)


def ready(key: InMemoryKey, suite: str = EDDSA_RDFC_2022.name) -> tuple[PreparedCredential, str]:
    """A badge with a status, an end and an endorsement, and the URL of the key."""
    method = verification_method_of(key.public_key)
    badge = unsigned(
        issuer={"id": did_of(key.public_key), "type": ["Profile"], "name": "Fietsschool"},
        validUntil="2030-11-20T09:00:00Z",
        credentialStatus=status_entry(),
        endorsement=[endorsement()],
    )
    return prepare(badge, verification_method=method, created=NOW, cryptosuite=CRYPTOSUITES[suite]), method


def with_proof(key: InMemoryKey, suite: str) -> JsonObject:
    return issue(ready(key, suite)[0], signing_key=key)


def with_base_proof() -> JsonObject:
    return issue_with_base_proof(
        ready(P256_KEY, ECDSA_SD_2023.name)[0],
        signing_key=P256_KEY,
        secrets=DisclosureSecrets(P256_KEY, bytes(range(32))),
        mandatory_pointers=["/name", "/credentialSubject/type", "/credentialSubject/achievement"],
    )


def in_a_token(*, with_vc_claim: bool) -> JsonObject:
    prepared, method = ready(P256_KEY)
    token = issue_vc_jwt(prepared, verification_method=method, signing_key=P256_KEY, with_vc_claim=with_vc_claim)
    return parse_vc_jwt(token).credential


def in_an_sd_jwt(vct: str | None) -> JsonObject:
    prepared, method = ready(P256_KEY)
    salts = iter(range(1, 100))
    token = issue_selectively_disclosable(
        prepared,
        disclosable=["/credentialSubject/id"],
        salt=lambda: next(salts).to_bytes(16),
        verification_method=method,
        signing_key=P256_KEY,
        vct=vct,
    )
    return parse_sd_jwt(token).credential


def of_a_batch() -> JsonObject:
    (one,) = issue_many(ready(ISSUER_KEY)[0], [{"$.id": "urn:uuid:1"}], signing_key=ISSUER_KEY)
    assert isinstance(one, Issued)
    return parse_json_object(one.document)


ISSUED: dict[str, Callable[[], JsonObject]] = {
    "eddsa-rdfc-2022": lambda: with_proof(ISSUER_KEY, EDDSA_RDFC_2022.name),
    "eddsa-jcs-2022": lambda: with_proof(ISSUER_KEY, EDDSA_JCS_2022.name),
    "ecdsa-rdfc-2019": lambda: with_proof(P256_KEY, ECDSA_RDFC_2019.name),
    "ecdsa-jcs-2019": lambda: with_proof(P384, ECDSA_JCS_2019.name),
    "ecdsa-sd-2023": with_base_proof,
    "derived": lambda: derive_document(with_base_proof(), selective_pointers=[]),
    "vc-jwt": lambda: in_a_token(with_vc_claim=False),
    "vc-jwt-with-vc-claim": lambda: in_a_token(with_vc_claim=True),
    "sd-jwt": lambda: in_an_sd_jwt(None),
    "sd-jwt-vc": lambda: in_an_sd_jwt("https://school.example/types/badge"),
    "batch": of_a_batch,
    "baked": lambda: parse_json_object(unbake(bake(PICTURE, dump_json(with_proof(ISSUER_KEY, EDDSA_RDFC_2022.name))))),
}


@pytest.mark.parametrize("form", ISSUED)
def test_what_is_issued_fits_every_flavour(form: str) -> None:
    document = ISSUED[form]()
    for name in FLAVOURS:
        assert violations(document, name) == [], name
        # The schema looks: the same document without its issuer does not fit.
        assert violations({member: value for member, value in document.items() if member != "issuer"}, name)


def test_an_endorsement_fits_its_own_schema() -> None:
    assert violations(endorsement(), "endorsementcredential.json") == []


def test_two_statuses_fit_no_flavour_and_so_are_neither_issued_nor_valid() -> None:
    """Revocation and suspension at once are good in VCDM 2.0; Open Badges takes one object."""
    several = signed() | {"credentialStatus": [status_entry(), status_entry(purpose="suspension")]}
    for name in FLAVOURS:
        assert any("is not of type" in one or "anyOf" in one for one in violations(several, name)), name
    report = verify(several, now=NOW)
    assert "$.credentialStatus" in {finding.path for finding in report.findings}
