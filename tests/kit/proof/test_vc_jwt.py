"""Badges as JSON Web Tokens: signed, read by others, and refused when anything about them is amiss."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from openbadges_kit.baking.png import unbake_png
from openbadges_kit.baking.svg import unbake_svg
from openbadges_kit.did import did_jwk
from openbadges_kit.did.resolver import Fetch, Resolver, offline
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import (
    MalformedDocument,
    OpenBadgesError,
    ProofGenerationError,
    ProofVerificationError,
)
from openbadges_kit.issuance import issue_vc_jwt, prepare
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.envelope import envelop_credential, open_envelope
from openbadges_kit.proof.jws import encode_jws, parse_jws
from openbadges_kit.proof.vc_jwt import encode_vc_jwt, parse_vc_jwt, verify_vc_jwt
from openbadges_kit.verification.report import Check, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CREDENTIALS_V1, CREDENTIALS_V2
from tests.kit.did.test_dids_and_keys import ALL_KEYS, P384_KEY, RSA_KEY
from tests.kit.samples import ISSUER_KEY, NOW, OTHER_KEY, P256_KEY, unsigned
from tests.published import published

CONTROLLER = "https://issuer.example.org/profile"


def document_of(*methods: VerificationMethod) -> JsonObject:
    return {
        "id": CONTROLLER,
        "verificationMethod": [method.to_json("JsonWebKey") for method in methods],
        "assertionMethod": [method.id for method in methods],
    }


def method_of(key: InMemoryKey, **changes: Any) -> VerificationMethod:
    return VerificationMethod(f"{CONTROLLER}#key-1", CONTROLLER, key.public_key, **changes)


def badge(**changes: Any) -> JsonObject:
    return unsigned(**{"issuer": {"id": CONTROLLER, "type": ["Profile"], "name": "Fietsschool"}, **changes})


def token_of(document: JsonObject | None = None, key: InMemoryKey = P256_KEY, **header: Any) -> str:
    """A VC-JWT with a header and payload of the test's making; a header of None leaves the name out."""
    full = {"typ": "vc+jwt", "kid": f"{CONTROLLER}#key-1", **header}
    full = {name: value for name, value in full.items() if value is not None}
    return encode_jws(document or badge(), header=full, signing_key=key)


def verified(
    token: str | bytes | JsonObject, key: InMemoryKey = P256_KEY, *, fetch: Fetch = offline, **changes: Any
) -> Report:
    return verify(token, now=NOW, resolver=Resolver({CONTROLLER: document_of(method_of(key, **changes))}, fetch))


def outcome(report: Report, check: Check) -> Outcome:
    return next(result.outcome for result in report.results if result.check is check)


class TestIssued:
    """What is issued verifies, here and elsewhere, and one changed byte breaks it."""

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    @pytest.mark.parametrize("with_vc_claim", [False, True])
    def test_every_algorithm_verifies_with_and_without_a_vc_claim(
        self, key: InMemoryKey, *, with_vc_claim: bool
    ) -> None:
        did = did_jwk.did_of(key.public_key)
        url = did_jwk.verification_method_of(key.public_key)
        issuer = {"id": did, "type": ["Profile"], "name": "Fietsschool"}
        prepared = prepare(unsigned(issuer=issuer), verification_method=url, created=NOW)
        compact = issue_vc_jwt(prepared, verification_method=url, signing_key=key, with_vc_claim=with_vc_claim)
        report = verify(compact, now=NOW)
        assert report.verified
        assert report.document == unsigned(issuer=issuer)
        assert parse_vc_jwt(compact).payload["iat"] == NOW.timestamp()
        assert ("vc" in parse_vc_jwt(compact).payload) is with_vc_claim

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    def test_jwcrypto_verifies_what_is_issued_and_rejects_it_changed(self, key: InMemoryKey) -> None:
        compact = encode_vc_jwt(badge(), verification_method=f"{CONTROLLER}#1", signing_key=key)
        peer = JWS()
        peer.deserialize(compact, JWK(**key.public_key.jwk))
        assert json.loads(peer.payload)["name"] == badge()["name"]
        header, _, signature = compact.split(".")
        changed = base64url.encode(dump_json(badge(name="Een ander")))
        with pytest.raises(Exception, match="Verification failed"):
            JWS().deserialize(f"{header}.{changed}.{signature}", JWK(**key.public_key.jwk))

    @pytest.mark.parametrize("key", [P256_KEY, P384_KEY, RSA_KEY, ISSUER_KEY], ids=["ES256", "ES384", "RS256", "EdDSA"])
    def test_what_jwcrypto_signs_verifies_and_changed_it_does_not(self, key: InMemoryKey) -> None:
        algorithm = parse_jws(encode_jws({}, header={}, signing_key=key)).header["alg"]
        peer = JWS(dump_json(badge()))
        peer.add_signature(
            JWK(**key.secret_jwk), protected=json.dumps({"alg": algorithm, "kid": f"{CONTROLLER}#key-1"})
        )
        compact = peer.serialize(compact=True)
        assert verified(compact, key).verified
        header, _, signature = compact.split(".")
        changed = f"{header}.{base64url.encode(dump_json(badge(name='Een ander')))}.{signature}"
        assert verified(changed, key).verdict is Verdict.NOT_VALID

    @given(position=st.integers(min_value=0), bit=st.integers(0, 7))
    def test_any_changed_bit_of_the_signed_part_is_noticed(self, position: int, bit: int) -> None:
        token = parse_vc_jwt(token_of())
        data = bytearray(dump_json(token.payload))
        data[position % len(data)] ^= 1 << bit
        header, _, signature = token.compact.split(".")
        changed = f"{header}.{base64url.encode(bytes(data))}.{signature}"
        with contextlib.suppress(MalformedDocument):
            assert not verified(changed).verified

    def test_a_retired_rsa_key_still_verifies_what_it_signed(self) -> None:
        compact = encode_vc_jwt(badge(), verification_method=f"{CONTROLLER}#key-1", signing_key=RSA_KEY, issued_at=NOW)
        document = document_of(method_of(RSA_KEY, expires=NOW + timedelta(days=1)))
        later = NOW + timedelta(days=400)
        assert verify(compact, now=later, resolver=Resolver({CONTROLLER: document})).verified

    def test_a_credential_with_a_proof_is_not_signed_again(self) -> None:
        with pytest.raises(ProofGenerationError):
            encode_vc_jwt(badge(proof=[]), verification_method="#1", signing_key=P256_KEY)

    def test_only_the_holder_and_the_status_stand_beside_the_badge(self) -> None:
        claims = {"cnf": {"jwk": OTHER_KEY.public_key.jwk}, "status": {"status_list": {"idx": 1, "uri": "https://a"}}}
        compact = encode_vc_jwt(badge(), verification_method="#1", signing_key=P256_KEY, claims=claims)
        assert parse_vc_jwt(compact).payload.items() >= claims.items()
        assert parse_vc_jwt(compact).credential == badge()
        with pytest.raises(ProofGenerationError):
            encode_vc_jwt(badge(), verification_method="#1", signing_key=P256_KEY, claims={"exp": 0})

    def test_a_key_of_another_issuer_does_not_sign(self) -> None:
        prepared = prepare(badge(), verification_method=f"{CONTROLLER}#key-1", created=NOW)
        with pytest.raises(ProofGenerationError):
            issue_vc_jwt(prepared, verification_method="https://else.example.org#1", signing_key=P256_KEY)


class TestWhatATokenMayNotDo:
    """A token does not choose how it is verified."""

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "none"},
            {"alg": "HS256"},
            {"alg": "RS256"},
            {"alg": "EdDSA"},
            {"alg": 7},
            {"alg": ["ES256"]},
            {"crit": ["b64"], "b64": False},
            {"typ": "vp+jwt"},
            {"typ": "kb+jwt"},
            {"typ": "statuslist+jwt"},
            {"typ": "dc+sd-jwt"},
            {"typ": 7},
        ],
        ids=str,
    )
    def test_another_algorithm_extension_or_type_is_refused(self, header: JsonObject) -> None:
        report = verified(token_of(**header))
        assert outcome(report, Check.PROOF) is Outcome.FAILED
        assert report.verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "VC+JWT", "application/vc+jwt", "vc+ld+jwt", None])
    def test_the_types_that_badges_travel_under_are_taken(self, typ: str | None) -> None:
        assert verified(token_of(typ=typ)).verified

    def test_the_newer_name_of_eddsa_is_taken(self) -> None:
        token = token_of(key=ISSUER_KEY, alg="Ed25519")
        assert verified(token, ISSUER_KEY).verified
        assert parse_jws(token).algorithm == "EdDSA"  # by which a policy knows it

    def test_a_public_key_is_no_shared_secret(self) -> None:
        header = base64url.encode(dump_json({"alg": "HS256", "kid": f"{CONTROLLER}#key-1"}))
        secret = JWK(kty="oct", k=base64url.encode(RSA_KEY.public_key.key_bytes))
        peer = JWS(dump_json(badge()))
        peer.add_signature(secret, protected=base64url.decode(header).decode())
        assert verified(peer.serialize(compact=True), RSA_KEY).verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize(
        "payload",
        [
            badge() | {"iss": "https://else.example.org"},
            badge() | {"sub": "did:example:other"},
            badge() | {"jti": "urn:uuid:00000000-0000-0000-0000-000000000000"},
            badge() | {"nbf": 1},
            badge() | {"nbf": "2026-11-20T09:00:00Z"},
            badge() | {"nbf": True},
            badge(validUntil="2027-11-20T09:00:00Z") | {"exp": 4_000_000_000},
            badge() | {"vc": badge(name="Een ander")},
            badge(name=None) | {"name": "Een ander", "vc": badge()},
        ],
        ids=["iss", "sub", "jti", "nbf", "nbf as text", "nbf as truth", "exp", "vc", "beside vc"],
    )
    def test_two_readers_cannot_see_two_badges(self, payload: JsonObject) -> None:
        assert verified(token_of(payload)).verdict is Verdict.NOT_VALID

    def test_a_second_more_or_less_is_no_contradiction(self) -> None:
        assert verified(token_of(badge() | {"nbf": NOW.timestamp() + 0.5})).verified

    def test_a_token_that_expired_is_expired_whatever_its_badge_says(self) -> None:
        report = verified(token_of(badge() | {"exp": NOW.timestamp() - 60}))
        assert [finding.code for finding in report.findings] == [Problem.EXPIRED]
        report = verified(token_of(badge(validFrom=None) | {"nbf": NOW.timestamp() + 600}))
        assert Problem.NOT_YET_VALID in [finding.code for finding in report.findings]
        report = verified(token_of(badge() | {"exp": "soon"}))
        assert Problem.NOT_A_TIMESTAMP in [finding.code for finding in report.findings]

    @pytest.mark.parametrize("iat", ["now", 10**20, None, {}])
    def test_a_moment_that_is_none_is_no_excuse(self, iat: object) -> None:
        report = verified(token_of(badge() | {"iat": iat}), expires=NOW - timedelta(days=1))
        assert outcome(report, Check.PROOF) is Outcome.FAILED


class TestVcdm11:
    """A `vc` claim as in VCDM 1.1 gets back what was moved out of it."""

    def test_members_come_back_from_the_claims(self) -> None:
        claim = {"@context": [CREDENTIALS_V1], "type": ["VerifiableCredential"], "credentialSubject": {"name": "A"}}
        payload = {"iss": CONTROLLER, "jti": "urn:x:1", "sub": "did:example:s", "nbf": 1000, "exp": 2000, "vc": claim}
        assert parse_vc_jwt(token_of(payload)).credential == claim | {
            "issuer": CONTROLLER,
            "id": "urn:x:1",
            "credentialSubject": {"id": "did:example:s", "name": "A"},
            "issuanceDate": "1970-01-01T00:16:40Z",
            "expirationDate": "1970-01-01T00:33:20Z",
        }

    def test_what_is_there_is_not_replaced_and_must_agree(self) -> None:
        claim = {"@context": [CREDENTIALS_V1], "issuer": {"id": CONTROLLER}, "issuanceDate": "1970-01-01T00:16:40Z"}
        token = parse_vc_jwt(token_of({"iss": CONTROLLER, "nbf": 1000, "vc": claim}))
        assert token.credential == claim
        verify_vc_jwt(token, public_key=P256_KEY.public_key)
        other = parse_vc_jwt(token_of({"iss": CONTROLLER, "nbf": 99, "vc": claim}))
        with pytest.raises(ProofVerificationError):
            verify_vc_jwt(other, public_key=P256_KEY.public_key)

    def test_a_claim_that_is_no_moment_is_malformed(self) -> None:
        with pytest.raises(MalformedDocument):
            verified(token_of({"nbf": 10**20, "vc": {}}))


class TestWhoseKey:
    """A key that comes with the token is nobody's until the issuer's document says so."""

    @staticmethod
    def with_own_key(key: InMemoryKey) -> str:
        return token_of(key=key, kid=None, jwk=key.public_key.jwk)

    def test_a_jwk_in_the_header_that_the_issuer_lists_is_the_issuers(self) -> None:
        assert verified(self.with_own_key(P256_KEY)).verified

    def test_a_jwk_in_the_header_that_the_issuer_does_not_list_is_not(self) -> None:
        report = verified(self.with_own_key(OTHER_KEY))
        assert outcome(report, Check.PROOF) is outcome(report, Check.ISSUER_BINDING) is Outcome.FAILED

    def test_without_the_issuers_document_it_could_not_be_checked(self) -> None:
        report = verify(self.with_own_key(P256_KEY), now=NOW)
        assert report.verdict is Verdict.UNSETTLED
        assert outcome(report, Check.ISSUER_BINDING) is Outcome.COULD_NOT_CHECK

    def test_a_key_from_an_address_of_its_own_must_be_listed_too(self) -> None:
        url = "https://keys.example.org/1"

        def serving(key: InMemoryKey) -> Fetch:
            return lambda _: dump_json(key.public_key.jwk)

        assert verified(token_of(kid=url), fetch=serving(P256_KEY)).verified
        report = verified(token_of(kid=url, key=OTHER_KEY), fetch=serving(OTHER_KEY))
        assert outcome(report, Check.ISSUER_BINDING) is Outcome.FAILED
        assert verified(token_of(kid=url)).verdict is Verdict.UNSETTLED
        # What stands at the address of a kid may also be a document of its own: that of somebody else.
        other = {"id": url, "verificationMethod": [], "assertionMethod": []}
        assert not verified(token_of(kid=url), fetch=lambda _: dump_json(other)).verified
        report = verified(token_of(kid=url), fetch=lambda _: dump_json({"kty": "oct", "k": "AA"}))
        assert report.verdict is Verdict.UNSETTLED

    def test_a_kid_may_be_a_name_within_the_issuers_document(self) -> None:
        assert verified(token_of(kid="key-1")).verified
        assert verified(token_of(kid="#key-1")).verified
        assert not verified(token_of(kid="#key-2")).verified

    def test_the_key_of_somebody_else_is_not_the_issuers(self) -> None:
        url = did_jwk.verification_method_of(OTHER_KEY.public_key)
        report = verified(token_of(kid=url, key=OTHER_KEY))
        assert outcome(report, Check.PROOF) is Outcome.PASSED
        assert outcome(report, Check.ISSUER_BINDING) is Outcome.FAILED

    @pytest.mark.parametrize("header", [{"kid": None}, {"kid": ""}, {"kid": 7}, {"kid": None, "jwk": {"kty": "oct"}}])
    def test_a_token_without_a_usable_key_does_not_verify(self, header: JsonObject) -> None:
        assert verified(token_of(**header)).verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize(
        ("name", "unbake"), [("simple-jwt.png", unbake_png), ("simple-jwt.svg", unbake_svg)], ids=["png", "svg"]
    )
    def test_the_published_jwts_verify_once_their_issuer_lists_their_key(
        self, name: str, unbake: Callable[[bytes], bytes]
    ) -> None:
        data = published(f"vectors/1edtech/ob30/{name}").read_bytes()
        assert verify(data, now=NOW).verdict is Verdict.UNSETTLED
        issuer = "https://1edtech.edu/issuers/565049"
        key = PublicKey.from_jwk(parse_vc_jwt(unbake(data).decode()).header["jwk"])
        method = VerificationMethod(f"{issuer}#1", issuer, key)
        document = document_of(method) | {"id": issuer}
        assert verify(data, now=NOW, resolver=Resolver({issuer: document})).verified


class TestEnveloped:
    """A token inside a JSON object counts as the token, and the object as nothing."""

    def test_it_verifies_as_the_token_inside(self) -> None:
        report = verified(envelop_credential(token_of()) | {"name": "Professor"})
        assert report.verified
        assert report.document == badge()

    @pytest.mark.parametrize(
        "changes",
        [
            {"@context": "https://www.w3.org/2018/credentials/v1"},
            {"@context": []},
            {"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]},
            {"type": [["EnvelopedVerifiableCredential"], "EnvelopedVerifiableCredential"]},
            {"type": "EnvelopedVerifiablePresentation"},
            {"id": "data:application/vp+jwt,eyJhbGciOiJub25lIn0.e30."},
            {"id": "data:text/plain,eyJ"},
            {"id": "application/vc+jwt,eyJ"},
            {"id": "data:application/vc+jwt"},
            {"id": 7},
            {"id": None},
        ],
        ids=str,
    )
    def test_another_context_type_or_id_is_refused(self, changes: JsonObject) -> None:
        with pytest.raises(MalformedDocument):
            open_envelope({**envelop_credential(token_of()), **changes})

    def test_the_context_is_the_one_of_vcdm_2(self) -> None:
        assert envelop_credential(token_of())["@context"] == CREDENTIALS_V2


class TestHostileTokens:
    """Whatever text comes in, only the kit's errors come out."""

    @given(
        st.text()
        | st.from_regex(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~[A-Za-z0-9_-]*)*", fullmatch=True)
    )
    def test_any_text(self, text: str) -> None:
        with pytest.raises(OpenBadgesError):
            parse_vc_jwt(text)
        with contextlib.suppress(MalformedDocument):
            verify(text, now=NOW)

    @given(
        header=st.dictionaries(
            st.sampled_from(["alg", "kid", "jwk", "typ", "crit"]), st.none() | st.text() | st.booleans()
        ),
        payload=st.dictionaries(
            st.sampled_from(
                ["vc", "iss", "sub", "nbf", "exp", "iat", "issuer", "credentialSubject", "validFrom", "@context"]
            ),
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats(allow_nan=False, allow_infinity=False)
                | st.text(),
                lambda inner: st.lists(inner, max_size=3),
            ),
        ),
    )
    def test_any_header_and_payload(self, header: JsonObject, payload: JsonObject) -> None:
        with contextlib.suppress(MalformedDocument):
            assert not verified(encode_jws(payload, header=header, signing_key=P256_KEY)).verified

    def test_a_token_larger_than_a_document_is_not_read(self) -> None:
        with pytest.raises(MalformedDocument):
            parse_vc_jwt("eyJ" + "A" * 6_000_000 + "..")
