"""Badges of which the holder chooses what to show."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did import did_jwk
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofGenerationError, ProofVerificationError
from openbadges_kit.issuance import issue_selectively_disclosable, prepare
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.proof.envelope import envelop_credential
from openbadges_kit.proof.jws import encode_jws
from openbadges_kit.proof.key_binding import holder_confirmation
from openbadges_kit.proof.sd_jwt import MAX_DIGESTS, MAX_DISCLOSURES, Disclosure, digest_of, parse_sd_jwt, verify_sd_jwt
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.proof.sd_jwt_issuance import issue_sd_jwt
from openbadges_kit.verification.report import Check, Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import NOW, P256_KEY, unsigned

ISSUER: Final = did_jwk.did_of(P256_KEY.public_key)
METHOD: Final = did_jwk.verification_method_of(P256_KEY.public_key)
# ES256 is the algorithm that the Dutch profile and the reference implementation take.
HOLDER_KEY: Final = ecdsa_key(bytes(range(40, 72)))
NAME: Final = "/credentialSubject/achievement/name"
TAG: Final = "/credentialSubject/achievement/tag/1"
ACHIEVEMENT: Final = "/credentialSubject/achievement"
SUBJECT_ID: Final = "/credentialSubject/id"


def badge(**changes: Any) -> JsonObject:
    return unsigned(**{"issuer": {"id": ISSUER, "type": ["Profile"], "name": "Fietsschool"}, **changes})


def salts() -> Callable[[], bytes]:
    """A different salt each time, the same ones in every run."""
    counter = itertools.count()
    return lambda: hashlib.sha256(str(next(counter)).encode()).digest()[:16]


def issued(
    credential: JsonObject | None = None, disclosable: tuple[str, ...] = (NAME, TAG, ACHIEVEMENT), **changes: Any
) -> str:
    arguments: dict[str, Any] = {
        "disclosable": disclosable,
        "salt": salts(),
        "verification_method": METHOD,
        "signing_key": P256_KEY,
        "issued_at": NOW,
        **changes,
    }
    return issue_sd_jwt(credential or badge(), **arguments)


class TestIssued:
    """The holder may leave out what is disclosable, and nothing else."""

    @pytest.mark.parametrize("vct", [None, "https://issuer.example.org/vct/badge"])
    def test_the_whole_token_is_the_whole_badge(self, vct: str | None) -> None:
        prepared = prepare(badge(), verification_method=METHOD, created=NOW)
        text = issue_selectively_disclosable(
            prepared,
            disclosable=[NAME, ACHIEVEMENT],
            salt=salts(),
            verification_method=METHOD,
            signing_key=P256_KEY,
            vct=vct,
            claims={"cnf": holder_confirmation(HOLDER_KEY.public_key)},
            decoys=3,
        )
        report = verify(text, now=NOW)
        assert report.verified
        assert report.document == badge()
        token = parse_sd_jwt(text)
        assert token.jws.type == ("vc+sd-jwt" if vct is None else "dc+sd-jwt")
        assert token.claims.get("vct") == vct
        assert token.claims["iss"] == ISSUER

    def test_an_envelope_of_it_verifies_too(self) -> None:
        assert verify(envelop_credential(issued()), now=NOW).verified

    def test_the_signed_part_tells_nothing_of_what_is_disclosable(self) -> None:
        credential = badge(name="Geheim een", description="Geheim twee")
        payload = dump_json(parse_sd_jwt(issued(credential, ("/name", "/description", SUBJECT_ID))).jws.payload)
        assert b"Geheim" not in payload
        assert credential["credentialSubject"]["id"].encode() not in payload

    @given(st.data())
    def test_a_selection_reveals_exactly_what_was_asked(self, data: st.DataObject) -> None:
        """Whatever is chosen is there, with what it stands in; whatever else is disclosable is not."""
        leaves = ["/name", SUBJECT_ID, NAME, TAG, "/credentialSubject/achievement/tag/0", ACHIEVEMENT]
        disclosable = tuple(data.draw(st.sets(st.sampled_from(leaves))))
        chosen = data.draw(st.sets(st.sampled_from(disclosable))) if disclosable else set()
        shown = parse_sd_jwt(select_disclosures(issued(disclosable=disclosable), disclose=chosen))
        expected = chosen | {outer for outer in disclosable if any(inner.startswith(f"{outer}/") for inner in chosen)}
        # The first tag left out, the second is the first of those that are left.
        assert len(shown.disclosures) == len(expected)
        hidden = set(disclosable) - expected
        text = dump_json(shown.credential).decode()
        for pointer, value in (
            ("/name", '"name":"Een lekke band plakken","issuer"'),
            (SUBJECT_ID, "4f0c6c1a"),
            (TAG, '"band"'),
        ):
            is_hidden = any(pointer == outer or pointer.startswith(f"{outer}/") for outer in hidden)
            if pointer != "/name":
                assert (value in text) is not is_hidden
            else:
                assert ("name" in shown.credential) is not is_hidden
        verify_sd_jwt(shown, public_key=P256_KEY.public_key)

    def test_the_same_salts_give_the_same_disclosures(self) -> None:
        assert parse_sd_jwt(issued()).disclosures == parse_sd_jwt(issued()).disclosures

    def test_decoys_hide_how_many_there_are(self) -> None:
        payload = parse_sd_jwt(issued(disclosable=("/name",), decoys=4)).jws.payload
        assert len(payload["_sd"]) == 5
        assert payload["_sd"] == sorted(payload["_sd"])

    @pytest.mark.parametrize(
        "pointer",
        [
            "/issuer",
            "/issuer/id",
            "/@context",
            "/type",
            "/type/0",
            "/validFrom",
            "/iss",
            "/vct",
            "/cnf",
            "/nope",
            "",
            "name",
        ],
    )
    def test_what_a_verifier_cannot_do_without_is_always_disclosed(self, pointer: str) -> None:
        with pytest.raises(ProofGenerationError):
            issued(disclosable=(pointer,))

    def test_of_the_issuer_all_but_who_it_is_may_be_left_out(self) -> None:
        text = issued(disclosable=("/issuer/name",))
        assert verify(text, now=NOW).verified
        assert "name" not in parse_sd_jwt(select_disclosures(text, disclose=())).credential["issuer"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"credential": badge(proof=[])},
            {"credential": badge(_sd=[])},
            {"credential": badge(name={"...": "x"})},
            {"claims": {"exp": 1}},
            {"salt": lambda: b"too short"},
            {"salt": lambda: b"always the same!"},
        ],
        ids=["proof", "_sd", "...", "another claim", "short salt", "same salt"],
    )
    def test_what_would_be_ambiguous_or_could_be_guessed_is_not_issued(self, changes: dict[str, Any]) -> None:
        with pytest.raises(ProofGenerationError):
            issued(**changes)

    def test_what_is_not_disclosable_cannot_be_selected(self) -> None:
        with pytest.raises(ProofGenerationError):
            select_disclosures(issued(), disclose=["/name"])


def crafted(payload: JsonObject, *disclosures: list[Any], tail: str = "", typ: str = "vc+sd-jwt") -> str:
    """A token of an issuer who signs anything; None in a payload's `_sd` stands for the next disclosure's digest."""
    encoded = [base64url.encode(json.dumps(parts).encode()) for parts in disclosures]
    digests = iter([digest_of(one, "sha-256") for one in encoded])

    def filled(value: Any) -> Any:
        if value == "NEXT":
            return next(digests)
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        return [filled(inner) for inner in value] if isinstance(value, list) else value

    compact = encode_jws(filled(payload), header={"typ": typ, "kid": METHOD}, signing_key=P256_KEY)
    return "~".join([compact, *encoded, tail])


class TestStrictReading:
    """https://www.rfc-editor.org/rfc/rfc9901#section-7.1: in each of these cases the SD-JWT MUST be rejected."""

    @pytest.mark.parametrize(
        "text",
        [
            crafted({"_sd": []}, ["salt", "name", "value"]),
            crafted({"_sd": ["NEXT"]}, ["salt", "name", "value"]).replace("~", "~~"),
            crafted({"_sd": ["NEXT"], "name": "x"}, ["salt", "name", "value"]),
            crafted({"_sd": ["NEXT", "NEXT"]}, ["s1", "name", 1], ["s2", "name", 2]),
            crafted({"_sd": ["same", "same"]}),
            crafted({"_sd": ["same"], "a": {"_sd": ["same"]}}),
            crafted({"_sd": ["same"], "a": [{"...": "same"}]}),
            crafted({"_sd": "digest"}),
            crafted({"_sd": [7]}),
            crafted({"a": [{"...": 7}]}),
            crafted({"a": [{"...": "digest", "b": 1}]}),
            crafted({"a": {"...": "digest"}}),
            crafted({"a": {"_sd_alg": "sha-256"}}),
            crafted({"_sd": ["NEXT"]}, ["salt", "value"]),
            crafted({"a": [{"...": "NEXT"}]}, ["salt", "name", "value"]),
            crafted({"_sd": ["NEXT"]}, ["salt", "_sd", ["digest"]]),
            crafted({"_sd": ["NEXT"]}, ["salt", "...", "digest"]),
            crafted({"_sd": ["NEXT"]}, ["salt", 7, "value"]),
            crafted({"_sd": ["NEXT"]}, [7, "name", "value"]),
            crafted({"_sd": ["NEXT"]}, ["salt", "name", "value", "more"]),
            crafted({"_sd": ["NEXT"]}, ["salt"]),
            crafted({"_sd_alg": "md5"}),
            crafted({"_sd_alg": ["sha-256"]}),
            crafted({"_sd_alg": None}),
            crafted({}) + "x",
            crafted({}).replace("~", ""),
            crafted({}, tail="eyJ.x"),
            "~",
            crafted({}) + "AAAA~" * (MAX_DISCLOSURES + 2),
            crafted({"_sd": [str(number) for number in range(MAX_DIGESTS + 1)]}),
        ],
        ids=[
            "not referred to", "empty disclosures", "there already", "two of one name", "digest twice", "twice, deeper",
            "twice, in an array", "_sd is no array", "_sd holds a number", "... holds a number", "... beside others",
            "... outside an array", "_sd_alg inside", "element as member", "member as element", "named _sd",
            "named ...", "name is a number", "salt is a number", "four parts", "one part", "md5", "hash is an array",
            "hash is null",
            "binding is no token", "no tilde", "binding is broken", "tilde only", "too many", "too many decoys",
        ],
    )  # fmt: skip
    def test_it_is_rejected(self, text: str) -> None:
        with pytest.raises(MalformedDocument):
            parse_sd_jwt(text)

    def test_a_token_larger_than_any_badge_is_not_read(self) -> None:
        with pytest.raises(MalformedDocument):
            parse_sd_jwt("~" * 12_000_000)

    def test_a_disclosure_that_comes_twice_is_rejected(self) -> None:
        compact, disclosure, _ = crafted({"_sd": ["NEXT"]}, ["salt", "name", "value"]).split("~")
        with pytest.raises(MalformedDocument):
            parse_sd_jwt(f"{compact}~{disclosure}~{disclosure}~")

    def test_digests_that_nothing_discloses_leave_no_trace(self) -> None:
        token = parse_sd_jwt(crafted({"_sd": ["decoy"], "a": [1, {"...": "decoy2"}, {"_sd": ["decoy3"]}]}))
        assert token.claims == {"a": [1, {}]}

    def test_a_chain_of_disclosures_has_an_end(self) -> None:
        inner: list[Any] = ["salt", "leaf", 1]
        disclosures: list[str] = []
        for level in range(80):
            encoded = base64url.encode(json.dumps(inner).encode())
            disclosures.append(encoded)
            inner = ["salt", f"level{level}", {"_sd": [digest_of(encoded, "sha-256")]}]
        compact = encode_jws(inner[2], header={"typ": "vc+sd-jwt"}, signing_key=P256_KEY)
        with pytest.raises(MalformedDocument):
            parse_sd_jwt("~".join([compact, *disclosures, ""]))
        assert (
            len(
                parse_sd_jwt(
                    "~".join(
                        [
                            encode_jws(
                                {"_sd": [digest_of(disclosures[9], "sha-256")]}, header={}, signing_key=P256_KEY
                            ),
                            *disclosures[:10],
                            "",
                        ]
                    )
                ).disclosures
            )
            == 10
        )

    @pytest.mark.parametrize("hash_name", ["sha-384", "sha-512"])
    def test_longer_hashes_are_known(self, hash_name: str) -> None:
        encoded = base64url.encode(b'["salt","name","value"]')
        payload = {"_sd": [digest_of(encoded, hash_name)], "_sd_alg": hash_name}
        compact = encode_jws(payload, header={}, signing_key=P256_KEY)
        assert parse_sd_jwt(f"{compact}~{encoded}~").claims == {"name": "value"}

    @pytest.mark.parametrize("name", ["validUntil", "credentialStatus", "exp", "cnf", "issuer", "type"])
    def test_what_must_always_be_disclosed_is_not_taken_from_a_disclosure(self, name: str) -> None:
        document = {key: value for key, value in badge(validUntil="2030-01-01T00:00:00Z").items() if key != name}
        value = {"issuer": badge()["issuer"], "type": badge()["type"]}.get(name, {})
        text = crafted({**document, "_sd": ["NEXT"]}, ["salt", name, value])
        with pytest.raises(ProofVerificationError):
            verify_sd_jwt(parse_sd_jwt(text), public_key=P256_KEY.public_key)

    def test_a_claim_that_contradicts_the_badge_is_rejected(self) -> None:
        report = verify(crafted(badge() | {"iss": "https://else.example.org"}), now=NOW)
        assert report.verdict is Verdict.NOT_VALID

    def test_a_token_of_another_type_is_no_badge(self) -> None:
        for typ in ("kb+jwt", "JWT", "vc+jwt"):
            report = verify(crafted(badge(), typ=typ), now=NOW)
            assert next(result.outcome for result in report.results if result.check is Check.PROOF) is Outcome.FAILED

    @given(st.binary(max_size=60) | st.lists(st.none() | st.integers() | st.text()).map(dump_json))
    def test_whatever_is_in_a_disclosure_only_the_kits_error_comes_out(self, data: bytes) -> None:
        with contextlib.suppress(MalformedDocument):
            Disclosure.parse(base64url.encode(data))
        with contextlib.suppress(MalformedDocument):
            parse_sd_jwt(
                crafted({"_sd": [digest_of(base64url.encode(data), "sha-256")]}) + base64url.encode(data) + "~"
            )
