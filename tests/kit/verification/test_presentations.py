"""What a holder shows counts for the one who asked, at the moment of asking, and with every badge in it."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did import did_jwk, did_key
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument, ProofGenerationError
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.proof.envelope import envelop_presentation
from openbadges_kit.proof.jws import encode_jws
from openbadges_kit.proof.key_binding import bind_key, holder_confirmation
from openbadges_kit.proof.presentation import build_presentation, encode_vp_jwt, sign_presentation
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.verification.presentation import MAX_CREDENTIALS, PresentationReport, verify_presentation
from openbadges_kit.vocabulary import ProofPurpose
from tests.kit.proof.test_sd_jwt import NAME, issued
from tests.kit.proof.test_sd_jwt import badge as sd_jwt_badge
from tests.kit.samples import ISSUER_KEY, NOW, OTHER_KEY, P256_KEY, signed, status_entry
from tests.kit.status.asking import as_token

HOLDER = did_key.did_of(OTHER_KEY.public_key)
METHOD = did_key.verification_method_of(OTHER_KEY.public_key)
CHALLENGE, DOMAIN = "3f9a", "https://verifier.example.org"


def presented(*credentials: JsonObject | str, **changes: Any) -> JsonObject:
    """A signed presentation; members of it may be replaced before it is signed."""
    presentation = build_presentation(credentials or [signed()], holder=HOLDER) | changes
    presentation = {name: value for name, value in presentation.items() if value is not None}
    return sign_presentation(
        presentation,
        challenge=CHALLENGE,
        domain=DOMAIN,
        verification_method=METHOD,
        created=NOW,
        signing_key=OTHER_KEY,
    )


def as_vp_jwt(presentation: JsonObject | None = None, **changes: Any) -> str:
    arguments: dict[str, Any] = {
        "nonce": CHALLENGE,
        "audience": DOMAIN,
        "verification_method": METHOD,
        "issued_at": NOW,
        "signing_key": OTHER_KEY,
        **changes,
    }
    return encode_vp_jwt(presentation or build_presentation([signed()], holder=HOLDER), **arguments)


def bound(**changes: Any) -> str:
    holder_key = changes.pop("holder_key", OTHER_KEY)
    text = issued(claims={"cnf": changes.pop("cnf", holder_confirmation(OTHER_KEY.public_key))})
    arguments: dict[str, Any] = {"nonce": CHALLENGE, "audience": DOMAIN, "issued_at": NOW, **changes}
    return bind_key(select_disclosures(text, disclose=[NAME]), signing_key=holder_key, **arguments)


def verified(received: bytes | str | JsonObject, **changes: Any) -> PresentationReport:
    arguments: dict[str, Any] = {"now": NOW, "expected_challenge": CHALLENGE, "expected_domain": DOMAIN, **changes}
    return verify_presentation(received, **arguments)


def codes(report: PresentationReport) -> set[Problem]:
    return {finding.code for result in report.results for finding in result.findings}


EVERY_FORM = pytest.mark.parametrize(
    "make",
    [presented, as_vp_jwt, lambda: envelop_presentation(as_vp_jwt()), bound],
    ids=["Data Integrity", "vp+jwt", "enveloped", "SD-JWT"],
)


class TestEveryForm:
    """The same rules hold for a presentation whatever secures it."""

    @EVERY_FORM
    def test_it_is_verified_for_the_one_who_asked(self, make: Any) -> None:
        report = verified(make())
        assert report.verified
        assert report.reasons("nl") == ()
        assert report.holder in {HOLDER, did_jwk.did_of(OTHER_KEY.public_key)}
        assert [one.verified for one in report.credentials] == [True]

    @EVERY_FORM
    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"expected_challenge": "another"}, Problem.WRONG_CHALLENGE),
            ({"expected_domain": "https://else.example.org"}, Problem.WRONG_DOMAIN),
        ],
        ids=["challenge", "domain"],
    )
    def test_it_is_not_for_another_request_or_verifier(self, make: Any, changes: Any, problem: Problem) -> None:
        report = verified(make(), **changes)
        assert not report.verified
        assert codes(report) == {problem}
        assert len(report.reasons("en")) == 1

    @EVERY_FORM
    def test_a_verifier_may_ask_for_neither(self, make: Any) -> None:
        assert verified(make(), expected_challenge=None, expected_domain=None).verified


class TestBadgesInIt:
    """Each badge is verified as if it came alone."""

    def test_badges_of_every_form_may_stand_in_one(self) -> None:
        report = verified(presented(signed(), as_token(sd_jwt_badge() | {"issuer": signed()["issuer"]}), issued()))
        assert report.verified
        assert len(report.credentials) == 3

    def test_one_that_is_not_valid_spoils_it(self) -> None:
        changed = signed() | {"name": "Een ander"}
        report = verified(presented(signed(), changed))
        assert [one.verified for one in report.credentials] == [True, False]
        assert not report.verified
        assert report.reasons("en")

    def test_one_that_could_not_be_checked_spoils_it(self) -> None:
        assert not verified(presented(signed(credentialStatus=status_entry()))).verified

    def test_the_holders_signature_covers_them(self) -> None:
        document = presented()
        other = signed(name="Twee lekke banden plakken")
        assert not verified(document | {"verifiableCredential": [other]}).verified
        assert not verified(document | {"verifiableCredential": []}).verified

    def test_without_any_it_is_for_logging_in(self) -> None:
        report = verified(presented(verifiableCredential=None))
        assert report.verified
        assert report.credentials == ()

    def test_what_is_no_badge_is_told_and_the_others_are_verified(self) -> None:
        token = as_vp_jwt(build_presentation([signed()], holder=HOLDER) | {"verifiableCredential": [signed(), 7, "x"]})
        report = verified(token)
        assert [finding.path for result in report.results for finding in result.findings] == [
            "$.verifiableCredential[1]",
            "$.verifiableCredential[2]",
        ]
        assert [one.verified for one in report.credentials] == [True]
        assert not report.verified

    def test_there_is_an_end_to_how_many_are_looked_at(self) -> None:
        with pytest.raises(MalformedDocument):
            verified(as_vp_jwt(build_presentation(["x"] * (MAX_CREDENTIALS + 1), holder=HOLDER)))


class TestDataIntegrity:
    """Only the holder's own proof, made to authenticate, counts."""

    @pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
    def test_every_suite_signs_one(self, name: str) -> None:
        key = OTHER_KEY if name.startswith("eddsa") else P256_KEY
        document = sign_presentation(
            build_presentation([signed()], holder=did_key.did_of(key.public_key)),
            challenge=CHALLENGE,
            domain=DOMAIN,
            verification_method=did_key.verification_method_of(key.public_key),
            created=NOW,
            signing_key=key,
            cryptosuite=CRYPTOSUITES[name],
        )
        assert verified(document).verified
        document["proof"][0]["challenge"] = "another"
        assert not verified(document, expected_challenge="another").verified

    def test_an_unsigned_one_is_rejected(self) -> None:
        report = verified(build_presentation([signed()], holder=HOLDER))
        assert not report.verified
        assert codes(report) == {Problem.NO_PROOF}

    @pytest.mark.parametrize(
        "proof", [7, "x", {}, {"type": "DataIntegrityProof"}, {"verificationMethod": 7}, [[]], [None]]
    )
    def test_a_proof_that_is_none_is_rejected(self, proof: object) -> None:
        report = verified(build_presentation([signed()], holder=HOLDER) | {"proof": proof})
        assert not report.verified

    def test_a_proof_made_to_assert_is_not_one_to_authenticate(self) -> None:
        document = build_presentation([signed()], holder=HOLDER)
        options = build_proof_options(verification_method=METHOD, created=NOW, challenge=CHALLENGE, domain=DOMAIN)
        report = verified(add_proof(document, proof_options=options, signing_key=OTHER_KEY))
        assert codes(report) == {Problem.PROOF_PURPOSE}

    def test_a_second_proof_is_nobodys(self) -> None:
        document = presented()
        assert not verified(document | {"proof": document["proof"] * 2}).verified

    def test_a_proof_that_builds_on_another_is_not_taken(self) -> None:
        document = presented()
        document["proof"][0]["previousProof"] = "urn:uuid:1"
        assert codes(verified(document)) == {Problem.PROOF_INVALID}

    def test_several_domains_are_not_one(self) -> None:
        options = build_proof_options(
            verification_method=METHOD, created=NOW, proof_purpose=ProofPurpose.AUTHENTICATION, challenge=CHALLENGE
        ) | {"domain": [DOMAIN, "https://else.example.org"]}
        document = add_proof(build_presentation([], holder=HOLDER), proof_options=options, signing_key=OTHER_KEY)
        assert codes(verified(document)) == {Problem.WRONG_DOMAIN}

    def test_somebody_else_cannot_sign_for_the_holder(self) -> None:
        report = verified(presented(holder=did_key.did_of(ISSUER_KEY.public_key)))
        assert codes(report) == {Problem.KEY_NOT_OF_HOLDER}
        assert verified(presented(holder={"id": HOLDER})).verified
        assert verified(presented(holder=None)).holder == HOLDER

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"expires": NOW - timedelta(seconds=1)}, Problem.KEY_EXPIRED),
            ({"revoked": NOW - timedelta(seconds=1)}, Problem.KEY_COMPROMISED),
        ],
    )
    def test_the_holders_key_must_be_good_now(self, changes: dict[str, Any], problem: Problem) -> None:
        holder = "https://holder.example.org"
        method = VerificationMethod(f"{holder}#1", holder, OTHER_KEY.public_key, **changes)
        page = {"id": holder, "authentication": [method.to_json()]}
        document = sign_presentation(
            build_presentation([], holder=holder),
            challenge=CHALLENGE,
            domain=DOMAIN,
            verification_method=method.id,
            created=NOW - timedelta(days=30),
            signing_key=OTHER_KEY,
        )
        report = verified(document, resolver=Resolver({holder: page}))
        assert codes(report) == {problem}

    def test_a_key_for_badges_is_not_one_to_authenticate_with(self) -> None:
        holder = "https://holder.example.org"
        method = VerificationMethod(f"{holder}#1", holder, OTHER_KEY.public_key)
        page = {"id": holder, "assertionMethod": [method.to_json()]}
        token = as_vp_jwt(build_presentation([], holder=holder), verification_method=method.id)
        assert codes(verified(token, resolver=Resolver({holder: page}))) == {Problem.PROOF_INVALID}
        assert codes(verified(token)) == {Problem.KEY_NOT_HAD}

    def test_what_is_no_presentation_is_none(self) -> None:
        assert Problem.NOT_A_PRESENTATION in codes(verified(signed()))
        assert Problem.CONTEXT_ORDER in codes(
            verified(as_vp_jwt(build_presentation([], holder=HOLDER) | {"@context": []}))
        )


class TestVpJwt:
    """A token's own claims count as well."""

    def test_a_vp_claim_is_read(self) -> None:
        payload = {
            "vp": build_presentation([signed()], holder=HOLDER),
            "iss": HOLDER,
            "aud": [DOMAIN],
            "nonce": CHALLENGE,
        }
        token = encode_jws(payload, header={"typ": "JWT", "kid": METHOD}, signing_key=OTHER_KEY)
        assert verified(token).verified

    @pytest.mark.parametrize(
        ("claims", "problem"),
        [
            ({"exp": NOW.timestamp() - 1}, Problem.PROOF_EXPIRED),
            ({"nbf": NOW.timestamp() + 999}, Problem.NOT_YET_VALID),
            ({"iat": NOW.timestamp() + 999}, Problem.NOT_YET_VALID),
            ({"iat": "now"}, Problem.MALFORMED),
            ({"iss": "did:example:1"}, Problem.KEY_NOT_OF_HOLDER),
            ({"aud": [DOMAIN, "https://else.example.org"]}, Problem.WRONG_DOMAIN),
            ({"aud": None}, Problem.WRONG_DOMAIN),
            ({"holder": ["x"]}, Problem.KEY_NOT_OF_HOLDER),
        ],
        ids=str,
    )
    def test_a_claim_that_does_not_hold_rejects_it(self, claims: JsonObject, problem: Problem) -> None:
        payload = build_presentation([], holder=HOLDER) | {"iss": HOLDER, "aud": DOMAIN, "nonce": CHALLENGE} | claims
        report = verified(encode_jws(payload, header={"typ": "vp+jwt", "kid": METHOD}, signing_key=OTHER_KEY))
        assert not report.verified
        assert problem in codes(report)

    @pytest.mark.parametrize("typ", ["vc+jwt", "kb+jwt", "dc+sd-jwt", 7])
    def test_a_token_of_another_type_is_no_presentation(self, typ: object) -> None:
        payload = build_presentation([], holder=HOLDER) | {"aud": DOMAIN, "nonce": CHALLENGE}
        report = verified(encode_jws(payload, header={"typ": typ, "kid": METHOD}, signing_key=OTHER_KEY))
        assert codes(report) == {Problem.PROOF_INVALID}

    def test_a_token_signed_by_nobody_is_rejected(self) -> None:
        header, payload, _ = as_vp_jwt().split(".")
        assert not verified(f"{header}.{payload}.").verified

    def test_without_a_holder_it_is_the_one_whose_key_it_is(self) -> None:
        presentation = build_presentation([], holder=HOLDER)
        del presentation["holder"]
        assert verified(as_vp_jwt(presentation)).holder == HOLDER

    def test_one_with_a_proof_is_not_signed_again(self) -> None:
        with pytest.raises(ProofGenerationError):
            as_vp_jwt(presented())


class TestSdJwt:
    """A badge with a key binding is a presentation by the one whom its issuer named."""

    def test_the_holder_may_be_named_by_a_url(self) -> None:
        report = verified(bound(cnf={"kid": METHOD}))
        assert report.verified
        assert report.holder == HOLDER

    @pytest.mark.parametrize(
        "changes",
        [
            {"cnf": {"jwk": {"kty": "oct", "k": "AA"}}},
            {"cnf": {"kid": "did:example:1#1"}},
            {"cnf": {"kid": 7}},
            {"cnf": "me"},
            {"holder_key": ISSUER_KEY},
            {"issued_at": NOW - timedelta(minutes=30)},
        ],
        ids=str,
    )
    def test_anybody_else_is_not_the_holder(self, changes: dict[str, Any]) -> None:
        report = verified(bound(**changes))
        assert not report.verified
        assert [one.verified for one in report.credentials] == [True]

    def test_without_a_key_binding_nobody_has_signed(self) -> None:
        report = verified(issued(claims={"cnf": holder_confirmation(OTHER_KEY.public_key)}))
        assert codes(report) == {Problem.PROOF_INVALID}

    def test_a_forged_badge_names_no_holder(self) -> None:
        text = bound()
        header, payload, rest = text.split(".", 2)
        signature, tilde, tail = rest.partition("~")
        flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
        assert not verified(f"{header}.{payload}.{flipped}{tilde}{tail}").verified


members = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "kid", "jwk"]), inner),
)


@given(
    st.sampled_from(["holder", "proof", "verifiableCredential", "type", "@context", "vp", "cnf", "aud", "nonce"]),
    members,
)
def test_whatever_is_shown_only_the_kits_error_comes_out(name: str, value: object) -> None:
    document = build_presentation([], holder=HOLDER) | {name: value}
    with contextlib.suppress(MalformedDocument):
        assert not verified(document).verified
    with contextlib.suppress(MalformedDocument):
        assert not verified(
            encode_jws(document, header={"typ": "vp+jwt", "kid": METHOD}, signing_key=OTHER_KEY)
        ).verified


@given(st.binary() | st.text())
def test_whatever_the_bytes_only_the_kits_error_comes_out(data: bytes | str) -> None:
    with pytest.raises(MalformedDocument):
        verified(data)
