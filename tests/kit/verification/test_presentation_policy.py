"""What the verifier decides for itself holds for what a holder shows, and what it comes to is said in one verdict."""

from __future__ import annotations

import pytest

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ResolutionError
from openbadges_kit.problems import Problem
from openbadges_kit.proof.presentation import build_presentation, sign_presentation
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Verdict
from tests.kit.samples import NOW, OTHER_KEY, signed, status_entry
from tests.kit.verification.test_presentations import (
    CHALLENGE,
    DOMAIN,
    HOLDER,
    as_vp_jwt,
    bound,
    codes,
    presented,
    verified,
)


class TestTheVerifiersPolicy:
    """What the verifier decides for itself holds for the holder's signature as for the badges'."""

    @pytest.mark.parametrize(
        ("received", "policy"),
        [
            (presented(), Policy(cryptosuites=frozenset({"ecdsa-rdfc-2019"}))),
            (as_vp_jwt(), Policy(algorithms=frozenset({"ES256"}))),
            (bound(), Policy(algorithms=frozenset({"ES256"}))),
        ],
        ids=["data-integrity", "vp-jwt", "key-binding"],
    )
    def test_a_signature_of_a_kind_that_is_not_allowed_is_none(
        self, received: str | JsonObject, policy: Policy
    ) -> None:
        assert verified(received).verified
        report = verified(received, policy=policy)
        assert report.verdict is Verdict.NOT_VALID
        assert codes(report) == {Problem.PROOF_UNKNOWN}

    def test_offline_the_holders_document_is_not_fetched_either(self) -> None:
        asked: list[str] = []

        def fetch(url: str) -> bytes:
            asked.append(url)
            raise ResolutionError("down")

        method = "did:web:holder.example.org#key-1"
        shown = sign_presentation(
            build_presentation([signed()], holder="did:web:holder.example.org"),
            challenge=CHALLENGE,
            domain=DOMAIN,
            verification_method=method,
            created=NOW,
            signing_key=OTHER_KEY,
        )
        for means in ({"fetch": fetch}, {"resolver": Resolver(fetch=fetch)}):
            asked.clear()
            assert verified(shown, policy=Policy(online=False), **means).verdict is Verdict.UNSETTLED
            assert asked == []
            assert verified(shown, **means).verdict is Verdict.UNSETTLED
            assert asked == ["https://holder.example.org/.well-known/did.json"]

    def test_the_verdict_is_the_worst_of_all_and_is_told_in_both_languages(self) -> None:
        stranger = Policy(trusted_issuers=frozenset({"did:web:a.example"}))
        unsettled = presented(signed(), signed(credentialStatus=status_entry()))
        forged = presented(signed() | {"name": "Iets anders"})
        for shown, policy, verdict, sentence in (
            (presented(), Policy(), "valid", "Wat hier wordt getoond is geldig."),
            (presented(), stranger, "valid-issuer-unknown", "maar niet elke uitgever staat op uw lijst."),
            (unsettled, Policy(), "unsettled", "kon niet worden vastgesteld."),
            (forged, Policy(), "not-valid", "Wat hier wordt getoond is niet geldig."),
        ):
            report = verified(shown, policy=policy)
            told = report.to_json("nl")
            assert (told["verdict"], told["verified"]) == (verdict, verdict.startswith("valid"))
            assert told["summary"].endswith(sentence)
            assert (told["holder"], len(told["credentials"])) == (HOLDER, len(report.credentials))
