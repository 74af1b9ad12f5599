"""The holder's signature behind an SD-JWT, and how another implementation sees all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofVerificationError
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.proof.jws import encode_jws, parse_jws
from openbadges_kit.proof.key_binding import bind_key, holder_confirmation, verify_key_binding
from openbadges_kit.proof.sd_jwt import digest_of, parse_sd_jwt
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.verification.report import Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.proof.test_sd_jwt import HOLDER_KEY, METHOD, NAME, badge, issued
from tests.kit.samples import NOW, OTHER_KEY, P256_KEY


class TestKeyBinding:
    """The holder's signature is for this verifier, this moment and these disclosures."""

    @staticmethod
    def bound(text: str | None = None, **changes: Any) -> str:
        arguments: dict[str, Any] = {
            "nonce": "n-1",
            "audience": "https://verifier.example.org",
            "issued_at": NOW,
            "signing_key": HOLDER_KEY,
            **changes,
        }
        return bind_key(text or select_disclosures(issued(), disclose=[NAME]), **arguments)

    @staticmethod
    def verify(text: str, **changes: Any) -> None:
        arguments: dict[str, Any] = {
            "holder_key": HOLDER_KEY.public_key,
            "expected_nonce": "n-1",
            "expected_audience": "https://verifier.example.org",
            "now": NOW,
            **changes,
        }
        verify_key_binding(parse_sd_jwt(text), **arguments)

    def test_it_holds_as_it_was_made(self) -> None:
        self.verify(self.bound())
        self.verify(self.bound(), now=NOW + timedelta(minutes=4))
        self.verify(self.bound(), now=NOW - timedelta(seconds=30), clock_skew=timedelta(minutes=1))

    @pytest.mark.parametrize(
        "changes",
        [
            {"expected_nonce": "n-2"},
            {"expected_audience": "https://else.example.org"},
            {"holder_key": OTHER_KEY.public_key},
            {"holder_key": ecdsa_key(bytes(range(50, 82))).public_key},
            {"now": NOW + timedelta(minutes=6)},
            {"now": NOW - timedelta(minutes=1)},
        ],
        ids=["nonce", "audience", "another kind of key", "another key", "too old", "from the future"],
    )
    def test_it_holds_for_nothing_else(self, changes: dict[str, Any]) -> None:
        with pytest.raises(ProofVerificationError):
            self.verify(self.bound(), **changes)

    def test_it_does_not_hold_for_other_disclosures(self) -> None:
        binding = self.bound().rpartition("~")[2]
        with pytest.raises(ProofVerificationError):
            self.verify(select_disclosures(issued(), disclose=[]) + binding)

    def test_without_it_the_holder_has_not_signed(self) -> None:
        with pytest.raises(ProofVerificationError):
            self.verify(issued())

    def test_a_token_of_another_type_is_no_binding(self) -> None:
        with pytest.raises(ProofVerificationError):
            self.verify(issued() + issued().partition("~")[0])

    def test_binding_again_replaces_the_binding(self) -> None:
        self.verify(self.bound(self.bound(nonce="n-0")))

    def test_a_moment_that_is_none_is_malformed(self) -> None:
        text = issued()
        payload = {
            "nonce": "n-1",
            "aud": "https://verifier.example.org",
            "sd_hash": digest_of(text, "sha-256"),
            "iat": "now",
        }
        with pytest.raises(MalformedDocument):
            self.verify(text + encode_jws(payload, header={"typ": "kb+jwt"}, signing_key=HOLDER_KEY))


class TestWithSdJwtFromPyPI:
    """The reference implementation reads ours and we read its, and both reject what was changed."""

    @staticmethod
    def jwk(private: JsonObject) -> JWK:
        return JWK(**private)

    def test_it_verifies_ours_and_rejects_it_changed(self) -> None:
        text = TestKeyBinding.bound(
            select_disclosures(
                issued(claims={"cnf": holder_confirmation(HOLDER_KEY.public_key)}, decoys=2), disclose=[NAME]
            )
        )

        def key(_issuer: str, _header: dict[str, Any]) -> JWK:
            return self.jwk(P256_KEY.public_key.jwk)

        payload = SDJWTVerifier(text, key, "https://verifier.example.org", "n-1").get_verified_payload()
        assert payload["credentialSubject"]["achievement"]["name"] == "Een lekke band plakken"
        assert payload["credentialSubject"]["achievement"]["tag"] == ["fiets"]
        header, signed, rest = text.split(".", 2)
        changed = base64url.encode(
            dump_json(parse_jws(text.partition("~")[0]).payload | {"validFrom": "2020-01-01T00:00:00Z"})
        )
        assert changed != signed
        with pytest.raises(Exception, match="Verification failed"):
            SDJWTVerifier(f"{header}.{changed}.{rest}", key, "https://verifier.example.org", "n-1")

    def test_we_verify_its_and_reject_it_changed(self) -> None:
        subject = {SDObj("id"): "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11", **badge()["credentialSubject"]}
        subject = {key: value for key, value in subject.items() if key != "id" or isinstance(key, SDObj)}
        subject["achievement"] = {**subject["achievement"], "tag": [SDObj("fiets"), SDObj("band")]}
        claims = {SDObj(name) if name == "name" else name: value for name, value in badge().items()}
        claims |= {"credentialSubject": subject, "cnf": holder_confirmation(HOLDER_KEY.public_key)}
        peer = SDJWTIssuer(
            claims,
            self.jwk(P256_KEY.secret_jwk),
            sign_alg="ES256",
            add_decoy_claims=True,
            extra_header_parameters={"typ": "vc+sd-jwt", "kid": METHOD},
        )
        report = verify(peer.sd_jwt_issuance, now=NOW)
        assert report.verified
        assert report.document == badge()
        holder = SDJWTHolder(peer.sd_jwt_issuance)
        holder.create_presentation(
            {"credentialSubject": {"achievement": {"tag": [False, True]}}},
            "n-1",
            "https://verifier.example.org",
            self.jwk(HOLDER_KEY.secret_jwk),
            sign_alg="ES256",
        )
        now = NOW
        shown = parse_sd_jwt(holder.sd_jwt_presentation)
        assert shown.key_binding is not None
        verify_key_binding(
            shown,
            holder_key=HOLDER_KEY.public_key,
            expected_nonce="n-1",
            expected_audience="https://verifier.example.org",
            now=now,
            # The library takes the moment from its own clock.
            max_age=timedelta(days=36_500),
            clock_skew=timedelta(days=36_500),
        )
        assert shown.credential["credentialSubject"]["achievement"]["tag"] == ["band"]
        assert "name" not in shown.credential
        compact, _, rest = holder.sd_jwt_presentation.partition("~")
        header, _, signature = compact.split(".")
        changed = base64url.encode(dump_json(parse_jws(compact).payload | {"validFrom": "2020-01-01T00:00:00Z"}))
        assert verify(f"{header}.{changed}.{signature}~{rest}", now=NOW).verdict is Verdict.NOT_VALID
