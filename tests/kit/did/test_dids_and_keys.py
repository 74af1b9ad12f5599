"""From a DID or URL to a key, and only to a key that its controller allows."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK

from openbadges_kit.did import did_jwk, did_key
from openbadges_kit.did.resolver import Resolver, remember
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base58, base64url, multibase
from openbadges_kit.errors import (
    KeyMaterialError,
    OpenBadgesError,
    ProofGenerationError,
    ProofVerificationError,
    ResolutionError,
)
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import JSON_WEB_KEY, JSON_WEB_KEY_2020, MULTIKEY, ProofPurpose
from tests.kit.samples import ISSUER_KEY, OTHER_KEY, P256_KEY, signed_unchecked, unsigned
from tests.published import published_json

P384_KEY = ecdsa_key(bytes(range(1, 49)), KeyAlgorithm.P384)
RSA_KEY = InMemoryKey(rsa.generate_private_key(65537, 2048))
ALL_KEYS = [ISSUER_KEY, P256_KEY, P384_KEY, RSA_KEY]
ASSERTION = ProofPurpose.ASSERTION_METHOD
CONTROLLER = "https://issuer.example.org/profile"


def published_did_keys(name: str) -> dict[str, Any]:
    vectors: dict[str, Any] = published_json(f"vectors/did-key/{name}.json")
    return vectors


class TestPublishedDidKeys:
    """Every did:key vector of a supported key gives its key, and the key gives the did:key back."""

    def test_ed25519(self) -> None:
        vectors = published_did_keys("ed25519-x25519")
        assert len(vectors) == 5
        for did, vector in vectors.items():
            method, published = Resolver().verification_method(did, purpose=ASSERTION), vector["verificationKeyPair"]
            in_base58, in_jwk = published.get("publicKeyBase58", "1"), published.get("publicKeyJwk", {}).get("x", "")
            assert method.public_key.key_bytes in {base58.decode(in_base58), base64url.decode(in_jwk)}
            assert method.id == f"{did}{published['id'].removeprefix(did)}"
            assert did_key.did_of(method.public_key) == did

    def test_nist_curves(self) -> None:
        vectors = published_did_keys("nist-curves")
        supported = {did: vector for did, vector in vectors.items() if _curve(vector) in {"P-256", "P-384"}}
        assert len(supported) == 5
        for did, vector in supported.items():
            published = vector["didDocument"]["verificationMethod"][0]
            method = Resolver().verification_method(published["id"], purpose=ASSERTION)
            assert did_key.did_of(method.public_key) == did
            if "publicKeyJwk" in published:
                assert method.public_key.jwk == published["publicKeyJwk"]

    def test_rsa(self) -> None:
        vectors = published_did_keys("rsa")
        assert len(vectors) == 2
        for did, vector in vectors.items():
            key = Resolver().verification_method(did, purpose=ASSERTION).public_key
            assert key.jwk == vector["publicKeyJwk"]
            assert PublicKey.from_jwk(vector["publicKeyJwk"]).multikey == key.multikey == did.removeprefix("did:key:")
            private = InMemoryKey.from_secret_jwk(vector["privateKeyJwk"])
            key.verify_signature(signature=private.sign(b"data"), data=b"data")

    @pytest.mark.parametrize("name", ["secp256k1", "bls12381"])
    def test_of_other_keys_it_is_said_that_they_cannot_be_used(self, name: str) -> None:
        for did in published_did_keys(name):
            with pytest.raises(ResolutionError):
                Resolver().verification_method(did, purpose=ASSERTION)


def _curve(vector: Any) -> object:  # JSON
    method = vector["didDocument"]["verificationMethod"][0]
    return "P-256" if method["type"] == "P256Key2021" else method["publicKeyJwk"]["crv"]


class TestKeys:
    """A key is the same key in every form it travels in."""

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    def test_public_forms(self, key: InMemoryKey) -> None:
        public = key.public_key
        assert PublicKey.from_multikey(public.multikey) == PublicKey.from_jwk(public.jwk) == public
        for type_ in (MULTIKEY, JSON_WEB_KEY, JSON_WEB_KEY_2020):
            method = VerificationMethod(f"{CONTROLLER}#1", CONTROLLER, public)
            assert VerificationMethod.parse(method.to_json(type_)) == method

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    def test_the_thumbprint_is_the_one_jwcrypto_computes(self, key: InMemoryKey) -> None:
        assert key.public_key.thumbprint == JWK(**key.public_key.jwk).thumbprint()

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    def test_a_private_jwk_is_the_same_key(self, key: InMemoryKey) -> None:
        again = InMemoryKey.from_secret_jwk(key.secret_jwk)
        assert again.public_key == key.public_key
        key.public_key.verify_signature(signature=again.sign(b"data"), data=b"data")
        with pytest.raises(ProofVerificationError):
            key.public_key.verify_signature(signature=again.sign(b"data"), data=b"date")

    def test_a_secret_rsa_key_has_no_multikey(self) -> None:
        with pytest.raises(KeyMaterialError):
            _ = RSA_KEY.secret_multikey

    def test_an_rsa_key_makes_no_data_integrity_proof(self) -> None:
        with pytest.raises(ProofGenerationError):
            signed_unchecked(unsigned(), RSA_KEY)

    def test_rsa_is_no_elliptic_curve(self) -> None:
        with pytest.raises(KeyMaterialError):
            ecdsa_key(bytes(32), KeyAlgorithm.RSA)

    @pytest.mark.parametrize(
        "jwk",
        [
            {"kty": "RSA", "n": base64url.encode(b"\xc1" * 128), "e": "AQAB"},
            {"kty": "RSA", "n": base64url.encode(b"\xc1" * 1200), "e": "AQAB"},
            {"kty": "RSA", "n": base64url.encode(b"\xc1" * 256), "e": base64url.encode(b"\xc1" * 6)},
            {"kty": "RSA", "n": base64url.encode(b"\xc1" * 256), "e": base64url.encode(b"\xc1" * 2000)},
            {"kty": "RSA", "n": "", "e": ""},
            {"kty": "RSA", "e": "AQAB"},
            {**RSA_KEY.public_key.jwk, "alg": "PS256"},
            {**RSA_KEY.public_key.jwk, "alg": "HS256"},
            {**RSA_KEY.public_key.jwk, "p": "AQAB"},
            {**P256_KEY.public_key.jwk, "use": "enc"},
            {**P256_KEY.public_key.jwk, "crv": "P-384"},
            {**P256_KEY.public_key.jwk, "kty": "OKP"},
            {**ISSUER_KEY.public_key.jwk, "kty": "EC"},
            {**ISSUER_KEY.public_key.jwk, "crv": ["Ed25519"]},
            {"kty": "oct", "k": "c2VjcmV0"},
            [],
        ],
        ids=[
            "RSA of 1024 bits", "RSA of 9600 bits", "RSA, long exponent", "RSA, very long exponent", "RSA, empty",
            "RSA without n", "for PS256", "for HS256", "with a private part", "for encryption", "another curve",
            "EC as OKP", "OKP as EC", "a list as curve", "symmetric", "an array",
        ],
    )  # fmt: skip
    def test_a_jwk_that_is_not_for_verifying_is_refused(self, jwk: JsonObject) -> None:
        with pytest.raises(KeyMaterialError):
            PublicKey.from_jwk(jwk)

    @pytest.mark.parametrize("jwk", [P256_KEY.public_key.jwk, {"kty": "oct", "k": "c2VjcmV0"}, {}, {"kty": 3}])
    def test_what_is_no_private_jwk_is_refused(self, jwk: JsonObject) -> None:
        with pytest.raises(KeyMaterialError):
            InMemoryKey.from_secret_jwk(jwk)

    def test_one_rsa_key_has_one_name(self) -> None:
        der = RSA_KEY.public_key.key_bytes
        with pytest.raises(KeyMaterialError):
            PublicKey(KeyAlgorithm.RSA, der + b"\0")
        with pytest.raises(KeyMaterialError):
            PublicKey(KeyAlgorithm.RSA, b"\0" * 4096)

    @given(st.binary(max_size=300))
    def test_whatever_the_bytes_only_a_key_error_comes_out(self, data: bytes) -> None:
        for prefix in (b"", b"\xed\x01", b"\x80\x24", b"\x81\x24", b"\x85\x24"):
            try:
                key = PublicKey.from_multikey(multibase.encode_base58(prefix + data))
            except KeyMaterialError:
                continue
            assert PublicKey.from_multikey(key.multikey) == key


class TestDidJwk:
    """A did:jwk is its own key."""

    @pytest.mark.parametrize("key", ALL_KEYS, ids=lambda key: str(key.public_key.algorithm))
    def test_it_resolves_to_the_key_with_and_without_fragment(self, key: InMemoryKey) -> None:
        did = did_jwk.did_of(key.public_key)
        for url in (did, f"{did}#0", did_jwk.verification_method_of(key.public_key)):
            method = Resolver().verification_method(url, purpose=ASSERTION)
            assert (method.public_key, method.controller, method.id) == (key.public_key, did, f"{did}#0")

    def test_the_example_of_its_specification(self) -> None:
        did = (
            "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyV"
            "jAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
        )
        key = Resolver().verification_method(did, purpose=ASSERTION).public_key
        assert key.jwk["x"] == "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"

    @pytest.mark.parametrize(
        "rest",
        ["", "e30", "W10", "====", "A" * 10_000, base64url.encode(dump_json({"kty": "RSA", "use": "enc"}))],
    )
    def test_what_holds_no_key_cannot_be_resolved(self, rest: str) -> None:
        with pytest.raises(ResolutionError):
            Resolver().verification_method(f"did:jwk:{rest}", purpose=ASSERTION)

    def test_another_fragment_is_another_method(self) -> None:
        with pytest.raises(ProofVerificationError):
            Resolver().verification_method(f"{did_jwk.did_of(P256_KEY.public_key)}#1", purpose=ASSERTION)


def controller_document(**changes: Any) -> JsonObject:
    methods = [
        VerificationMethod(f"{CONTROLLER}#{name}", CONTROLLER, key.public_key).to_json(type_)
        for name, key, type_ in (
            ("ed", ISSUER_KEY, MULTIKEY),
            ("p256", P256_KEY, JSON_WEB_KEY_2020),
            ("rsa", RSA_KEY, JSON_WEB_KEY),
            ("login", OTHER_KEY, MULTIKEY),
        )
    ]
    return {
        "id": CONTROLLER,
        "verificationMethod": [{"id": "#new", "type": "FutureKey2031"}, "#nothing", 7, *methods],
        "assertionMethod": [f"{CONTROLLER}#ed", "#p256", f"{CONTROLLER}#rsa", 9],
        "authentication": [f"{CONTROLLER}#login"],
    } | changes


class TestControllerDocuments:
    """Only a key that the controller allows for the purpose counts."""

    @pytest.mark.parametrize(("name", "key"), [("ed", ISSUER_KEY), ("p256", P256_KEY), ("rsa", RSA_KEY)])
    def test_multikey_and_both_jwk_kinds_are_found(self, name: str, key: InMemoryKey) -> None:
        resolver = Resolver({CONTROLLER: controller_document()})
        method = resolver.verification_method(f"{CONTROLLER}#{name}", purpose=ASSERTION)
        assert method.public_key == key.public_key
        assert resolver.method_with_key(CONTROLLER, key.public_key, purpose=ASSERTION) == method

    def test_a_key_for_logging_in_does_not_sign_badges(self) -> None:
        resolver = Resolver({CONTROLLER: controller_document()})
        with pytest.raises(ProofVerificationError):
            resolver.verification_method(f"{CONTROLLER}#login", purpose=ASSERTION)
        with pytest.raises(ProofVerificationError):
            resolver.method_with_key(CONTROLLER, OTHER_KEY.public_key, purpose=ASSERTION)
        method = resolver.verification_method(f"{CONTROLLER}#login", purpose=ProofPurpose.AUTHENTICATION)
        assert method.public_key == OTHER_KEY.public_key

    def test_a_method_may_stand_under_its_purpose_only(self) -> None:
        method = VerificationMethod(f"{CONTROLLER}#only", CONTROLLER, OTHER_KEY.public_key)
        document = {"id": CONTROLLER, "assertionMethod": {**method.to_json(), "id": "#only"}}
        resolver = Resolver({CONTROLLER: document})
        assert resolver.verification_method(f"{CONTROLLER}#only", purpose=ASSERTION) == method
        with pytest.raises(ProofVerificationError):
            resolver.verification_method(f"{CONTROLLER}#only", purpose=ProofPurpose.AUTHENTICATION)

    def test_a_method_of_another_controller_does_not_count(self) -> None:
        method = VerificationMethod(f"{CONTROLLER}#x", "https://else.example.org", OTHER_KEY.public_key).to_json()
        document = {"id": CONTROLLER, "verificationMethod": [method], "assertionMethod": [f"{CONTROLLER}#x"]}
        with pytest.raises(ProofVerificationError):
            Resolver({CONTROLLER: document}).verification_method(f"{CONTROLLER}#x", purpose=ASSERTION)
        with pytest.raises(ProofVerificationError):
            Resolver({CONTROLLER: document}).method_with_key(CONTROLLER, OTHER_KEY.public_key, purpose=ASSERTION)

    def test_a_document_of_another_name_is_not_used(self) -> None:
        with pytest.raises(ResolutionError):
            Resolver({CONTROLLER: controller_document(id="https://else.example.org")}).resolve(CONTROLLER)

    def test_a_key_of_a_kind_that_is_not_known_could_not_be_checked(self) -> None:
        document = controller_document(assertionMethod=["#new"])
        with pytest.raises(ResolutionError):
            Resolver({CONTROLLER: document}).verification_method(f"{CONTROLLER}#new", purpose=ASSERTION)

    def test_did_web_is_fetched_where_it_stands(self) -> None:
        did = "did:web:issuer.example.org%3A8443:schools:1"
        method = VerificationMethod(f"{did}#1", did, P256_KEY.public_key)
        document = {"id": did, "verificationMethod": [method.to_json()], "assertionMethod": [method.id]}
        pages = {"https://issuer.example.org:8443/schools/1/did.json": dump_json(document)}
        resolver = Resolver(fetch=pages.__getitem__)
        assert resolver.verification_method(f"{did}#1", purpose=ASSERTION) == method

    @pytest.mark.parametrize("url", ["http://issuer.example.org/x", "ftp://issuer.example.org", "did:other:1", "", "x"])
    def test_what_anybody_on_the_way_could_change_is_not_fetched(self, url: str) -> None:
        def fetch(address: str) -> bytes:
            pytest.fail(f"{address} was fetched")

        with pytest.raises(ResolutionError):
            Resolver(fetch=fetch).resolve(url)

    def test_within_one_machine_plain_http_will_do(self) -> None:
        url = "http://localhost:8000/issuer"
        assert Resolver(fetch=lambda _: dump_json({"id": url})).resolve(url) == {"id": url}

    @given(st.binary(max_size=80) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: dump_json({"id": v})))
    def test_whatever_is_served_only_the_kits_errors_come_out(self, page: bytes) -> None:
        with pytest.raises(OpenBadgesError):
            Resolver(fetch=lambda _: page).verification_method("https://a.example/#1", purpose=ASSERTION)


class TestRemember:
    """Within one verification each address is asked once, and there is an end to it."""

    def test_an_address_is_asked_once_also_when_it_fails(self) -> None:
        asked: list[str] = []

        def fetch(url: str) -> bytes:
            asked.append(url)
            if url.endswith("down"):
                raise ResolutionError("down")
            return b"{}"

        fetch_once = remember(fetch)
        for _ in range(3):
            assert fetch_once("https://a.example/up") == b"{}"
            with pytest.raises(ResolutionError):
                fetch_once("https://a.example/down")
        assert asked == ["https://a.example/up", "https://a.example/down"]

    def test_a_document_cannot_have_its_verifier_call_the_whole_world(self) -> None:
        asked: list[str] = []
        fetch_once = remember(lambda url: asked.append(url) or b"{}", max_fetches=2)  # type: ignore[func-returns-value]
        for number in (1, 2):
            fetch_once(f"https://{number}.example")
        with pytest.raises(ResolutionError):
            fetch_once("https://3.example")
        assert len(asked) == 2
