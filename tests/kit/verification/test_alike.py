"""Badges like one that verified: recognised or not, each gets the report that it would get alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.batch_issuance import Issued, issue_many
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject, UnverifiedDocument, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.issuance import issue_vc_jwt
from openbadges_kit.proof.vc_jwt import REGISTERED_CLAIMS
from openbadges_kit.verification import alike
from openbadges_kit.verification.alike import Likenesses
from openbadges_kit.verification.batch import Unreadable, verify_many
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Check, Outcome, Report
from openbadges_kit.verification.verifier import verify
from tests.kit.test_batches import KEY, NOW, document, prepared, rows


def badges(count: int = 4) -> list[bytes]:
    return [one.document for one in issued(count)]


def issued(count: int) -> list[Issued]:
    made = issue_many(prepared(), rows(count), signing_key=KEY)
    return [one for one in made if isinstance(one, Issued)]


def tokens(count: int = 4) -> list[str]:
    method = verification_method_of(KEY.public_key)
    return [issue_vc_jwt(one.prepared, verification_method=method, signing_key=KEY) for one in issued(count)]


def alone(received: bytes | str, **options: Any) -> JsonObject | str:
    try:
        return verify(received, now=NOW, **options).to_json()
    except MalformedDocument as error:
        return str(error)


def together(received: Sequence[bytes | str], **options: Any) -> list[JsonObject | str]:
    reports = verify_many(received, now=NOW, **options)
    return [one.to_json() if isinstance(one, Report) else one.reason for one in reports]


def recognised(good: Sequence[bytes | str], then: bytes | str) -> bool:
    likenesses = Likenesses()
    for one in good:
        likenesses.learn(one, verify(one, now=NOW))
    return likenesses.recognise(then) is not None


@pytest.mark.parametrize("made", [badges, tokens], ids=["proof", "token"])
def test_the_second_badge_of_a_kind_is_recognised_and_has_the_report_that_it_would_have_alone(
    made: Callable[[], list[bytes | str]],
) -> None:
    first, second, *rest = made()
    assert recognised([first], second)
    assert together([first, second, *rest]) == [alone(one) for one in (first, second, *rest)]


def test_a_badge_and_its_token_are_two_kinds() -> None:
    assert not recognised([badges()[0]], tokens()[1])
    assert not recognised([tokens()[0]], badges()[1])


CHANGES: dict[str, Callable[[JsonObject], object]] = {
    "another holder": lambda badge: badge["credentialSubject"].update(id="urn:x:iemand-anders"),
    "no id": lambda badge: badge["credentialSubject"].update(id=""),
    "another moment": lambda badge: badge.update(validFrom="2026-11-20T09:00:01Z"),
    "not yet": lambda badge: badge.update(validFrom="2030-01-01T00:00:00Z"),
    "no moment": lambda badge: badge.update(validFrom="gisteren"),
    "a higher level": lambda badge: badge["credentialSubject"]["result"][0].update(achievedLevel="urn:x:hoog"),
    "another name": lambda badge: badge.update(name="Iets anders"),
    "another issuer": lambda badge: badge["issuer"].update(name="Een ander"),
    "a member more": lambda badge: badge.update(termsOfUse={"type": "X"}),
    "a member less": lambda badge: badge.pop("name"),
    "an expired proof": lambda badge: badge["proof"][0].update(expires="2020-01-01T00:00:00Z"),
    "another purpose": lambda badge: badge["proof"][0].update(proofPurpose="authentication"),
    "another suite": lambda badge: badge["proof"][0].update(cryptosuite="eddsa-jcs-2022"),
    "made later": lambda badge: badge["proof"][0].update(created="2026-11-20T10:00:00Z"),
    "made at no moment": lambda badge: badge["proof"][0].update(created="ooit"),
    "made at a number": lambda badge: badge["proof"][0].update(created=7),
    "no value": lambda badge: badge["proof"][0].pop("proofValue"),
    "a value that is none": lambda badge: badge["proof"][0].update(proofValue=[]),
    "two proofs": lambda badge: badge["proof"].append(badge["proof"][0]),
    "no proof": lambda badge: badge.update(proof=[]),
    "a proof that is none": lambda badge: badge.update(proof=["x"]),
    "a proof by itself": lambda badge: badge.update(proof=badge["proof"][0]),
    "another context": lambda badge: badge["@context"].append("https://example.org/onbekend"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_badge_that_was_changed_gets_the_answer_behind_good_ones_that_it_gets_alone(change: str) -> None:
    first, second, third, _ = badges()
    badge = json.loads(second)
    CHANGES[change](badge)
    hostile = dump_json(badge)
    answers = together([first, third, hostile, second])
    assert answers[2] == alone(hostile)
    assert isinstance(answers[2], str) or answers[2]["verified"] is (change in {"two proofs", "a proof by itself"})
    assert answers[3] == alone(second), "one bad badge spoiled the next"


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=2))
def test_bytes_that_were_changed_get_the_answer_behind_a_good_badge_that_they_get_alone(at: int, new: bytes) -> None:
    first, second = badges(2)
    place = at % len(second)
    hostile = second[:place] + new + second[place + len(new) :]
    assert together([first, hostile])[1] == alone(hostile)


CLAIMS: dict[str, JsonObject] = {
    "another holder": {"sub": "urn:x:iemand-anders"},
    "another issuer": {"iss": "did:example:iemand-anders"},
    "not yet": {"nbf": 4_000_000_000},
    "over": {"exp": 1},
    "a vc claim": {"vc": {}},
    "a member of the credential": {"description": "anders"},
    "an unknown claim": {"zomaar": 1},
    "a status that is none": {"status": 1},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_token_with_other_claims_gets_the_answer_behind_good_ones_that_it_gets_alone(claim: str) -> None:
    first, second, third, _ = tokens()
    header, payload, _ = second.split(".")
    changed = base64url.encode(dump_json({**json.loads(base64url.decode(payload)), **CLAIMS[claim]}))
    # Signed by the issuer itself: what keeps it out is what it says.
    signature = base64url.encode(KEY.sign(f"{header}.{changed}".encode()))
    hostile = f"{header}.{changed}.{signature}"
    assert together([first, third, hostile, second])[2:] == [alone(hostile), alone(second)]


@pytest.mark.parametrize("spoiled", ["header", "payload", "signature", "a part more", "a part less"])
def test_a_token_that_was_spoiled_gets_the_answer_that_it_gets_alone(spoiled: str) -> None:
    first, second = tokens(2)
    parts = dict(zip(("header", "payload", "signature"), second.split("."), strict=True))
    if spoiled in parts:
        parts[spoiled] = parts[spoiled][:-2] + "!!"
    hostile = ".".join(parts.values())
    hostile = (
        f"{hostile}.x"
        if spoiled == "a part more"
        else hostile.rpartition(".")[0]
        if spoiled == "a part less"
        else hostile
    )
    assert together([first, hostile])[1] == alone(hostile)


def test_levels_that_nobody_had_before_are_asked_about() -> None:
    iri = "https://skills.example.org/ulo/bicycles/2.3/v1/RO001/result"
    place = "$.credentialSubject.result[0].achievedLevel"
    levels = [f"{iri}/voldoende", f"{iri}/uitstekend", f"{iri}/voldoende"]
    some = [{**row, place: level} for row, level in zip(rows(3), levels, strict=True)]
    made = [one.document for one in issue_many(prepared(), some, signing_key=KEY) if isinstance(one, Issued)]
    assert recognised(made[:1], made[1])
    assert together(made) == [alone(one) for one in made]


def test_what_depends_on_the_policy_and_the_moment_is_asked_of_each() -> None:
    made = badges(3)
    policy = Policy(trusted_issuers=frozenset(), required=frozenset())
    assert together(list(made), policy=policy) == [alone(one, policy=policy) for one in made]
    moments = iter([NOW, NOW - timedelta(days=400), NOW])
    verified = [isinstance(one, Report) and one.verified for one in verify_many(made, now=lambda: next(moments))]
    assert verified == [True, False, True]


def test_a_badge_with_endorsements_or_a_schema_of_its_own_teaches_nothing() -> None:
    members: list[JsonObject] = [{"endorsement": []}, {"credentialSchema": []}, {"iss": "x"}]
    for member in members:
        report = verify(badges(1)[0], now=NOW)
        changed = Report({**report.document, **member}, report.results)  # type: ignore[arg-type]
        likenesses = Likenesses()
        likenesses.learn(badges(1)[0], changed)
        assert likenesses.recognise(badges(2)[1]) is None


def test_only_so_many_kinds_are_known_and_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MAX_LIKENESSES", 1)
    other = document() | {"name": "Een andere"}
    (another,) = [
        one.document for one in issue_many(prepared(other), rows(1), signing_key=KEY) if isinstance(one, Issued)
    ]
    first, second = badges(2)
    assert not recognised([first, another], second)
    assert recognised([another, first], second)
    assert together([first, b"{", second])[1] == Unreadable(alone(b"{")).reason  # type: ignore[arg-type]


def test_a_badge_that_is_too_large_or_no_text_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = badges(2)
    assert not recognised([first], b"ey")
    assert not recognised([first], "{}")
    monkeypatch.setattr(alike, "MAX_DOCUMENT_BYTES", 10)
    assert not recognised([first], second)


def without_claims(token: str, ending: bytes) -> str:
    header, payload, signature = token.split(".")
    badge = {k: v for k, v in json.loads(base64url.decode(payload)).items() if k not in REGISTERED_CLAIMS}
    return f"{header}.{base64url.encode(dump_json(badge)[:-1] + ending)}.{signature}"


@pytest.mark.parametrize("ending", [b"}", b" }", b"x"], ids=["no claims", "a space", "no end"])
def test_a_token_that_ends_otherwise_gets_the_answer_that_it_gets_alone(ending: bytes) -> None:
    first, second = tokens(2)
    hostile = without_claims(second, ending)
    assert together([first, hostile, second])[1:] == [alone(hostile), alone(second)]


SECURED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z1"}
TEACHING_NOTHING: dict[str, JsonObject] = {
    "a newer version somewhere": {"refreshService": {"id": "urn:x"}},
    "a proof of an unknown kind": {"proof": [{"type": "Onbekend", "proofValue": "z1"}]},
    "a proof of which a part is shown": {"proof": [{**SECURED, "cryptosuite": "ecdsa-sd-2023"}]},
    "a proof that is none": {"proof": ["x"]},
    "a proof without a value": {"proof": [{**SECURED, "proofValue": 1}]},
}


@pytest.mark.parametrize("why", TEACHING_NOTHING)
def test_what_must_be_asked_of_each_badge_teaches_nothing(why: str) -> None:
    report = verify(badges(1)[0], now=NOW)
    likenesses = Likenesses()
    likenesses.learn(
        badges(1)[0], replace(report, document=UnverifiedDocument({**report.document, **TEACHING_NOTHING[why]}))
    )
    assert likenesses.recognise(badges(2)[1]) is None


def test_a_document_without_a_schema_a_token_with_a_claim_of_its_own_and_one_without_a_text_teach_nothing() -> None:
    (badge,), (token,), likenesses = badges(1), tokens(1), Likenesses()
    report, of_token = verify(badge, now=NOW), verify(token, now=NOW)
    no_schema = [replace(r, outcome=Outcome.NOT_APPLICABLE) if r.check is Check.SCHEMA else r for r in report.results]
    likenesses.learn(badge, replace(report, results=tuple(no_schema)))
    likenesses.learn(
        token, replace(of_token, document=UnverifiedDocument({**of_token.document, "iss": "did:example:1"}))
    )
    likenesses.learn(badge, replace(report, document=UnverifiedDocument({"proof": [SECURED]})))
    assert likenesses.recognise(badge) is None
    assert likenesses.recognise(token) is None
