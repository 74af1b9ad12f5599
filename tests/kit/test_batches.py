"""Many badges at once: each as if it were the only one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from openbadges_kit.batch_issuance import Issued, Refused, issue_many
from openbadges_kit.batch_of_documents import check_documents, issue_documents
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import IssuanceRefused, ProofGenerationError
from openbadges_kit.issuance import PreparedCredential, issue, prepare
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.signing_key import ecdsa_key, ed25519_key
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, EDDSA_JCS_2022
from openbadges_kit.verification.batch import Unreadable, verify_many
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.verifier import verify
from tests.kit.differential import REFERENCE

KEY = ed25519_key(bytes([7]) * 32)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GENERAL = ContextStore(compile_shapes=False, memoise=False)
ID, SUBJECT, LEVEL = "$.id", "$.credentialSubject.id", "$.credentialSubject.result[0].achievedLevel"


def document() -> JsonObject:
    badge: JsonObject = json.loads(REFERENCE.read_bytes())
    badge["issuer"]["id"] = did_of(KEY.public_key)
    return badge


def prepared(badge: JsonObject | None = None, **options: Any) -> PreparedCredential:
    method = verification_method_of(KEY.public_key)
    return prepare(badge or document(), verification_method=method, created=NOW, **options)


def one_by_one(row: dict[str, str], badge: JsonObject | None = None) -> bytes | tuple[Any, ...]:
    """What prepare() and issue() say to the document with the row's texts, without any memory of shapes."""
    filled = json.loads(json.dumps(badge or document()))
    for path, text in row.items():
        target: Any = filled
        *steps, last = [int(s) if s.isdigit() else s for s in path[2:].replace("[", ".").replace("]", "").split(".")]
        for step in steps:
            target = target[step]
        target[last] = text
    try:
        return dump_json(issue(prepared(filled, contexts=GENERAL), signing_key=KEY, contexts=GENERAL))
    except IssuanceRefused as error:
        return error.findings


def rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        yield {ID: f"urn:uuid:00000000-0000-4000-8000-{number:012}", SUBJECT: f"urn:example:learner:{number}"}


def outcome(result: Issued | Refused) -> bytes | tuple[Any, ...]:
    return result.document if isinstance(result, Issued) else result.findings


def test_a_batch_gives_byte_for_byte_what_prepare_and_issue_give() -> None:
    for row, result in zip(rows(30), issue_many(prepared(), rows(30), signing_key=KEY), strict=True):
        assert outcome(result) == one_by_one(row)
        assert isinstance(result, Issued)
        assert verify(result.document, now=NOW).verified


LEVELS = "https://skills.example.org/ulo/bicycles/2.3/v1/RO001/result"


@pytest.mark.parametrize(
    "row",
    [
        {SUBJECT: "geen kenmerk"}, {SUBJECT: "urn:x\u2028"}, {SUBJECT: "urn:é"}, {SUBJECT: ""}, {SUBJECT: "_:b0"},
        {SUBJECT: "https://a.example/bsn/111222333"}, {SUBJECT: "urn:uuid:1"}, {SUBJECT: document()["id"]},
        {"$.name": "Burgerservicenummer 111222333"}, {"$.name": "111222333"}, {"$.name": ""},
        {"$.name": '"\\\n\x00%s|<0|0>'},
        {"$.name": "\ud800"}, {"$.name": "a" * 200_000}, {"$.description": "\U0001f6b2 {0} %d"},
        {"$.validFrom": "gisteren"}, {"$.validFrom": "2040-01-01T00:00:00Z"},
        {"$.validFrom": "2026-11-20T09:00:00+01:00"},
        {"$.validUntil": "2020-01-01T00:00:00Z"}, {"$.awardedDate": "2026-02-30T00:00:00Z"},
        {LEVEL: f"{LEVELS}/onvoldoende"}, {LEVEL: f"{LEVELS}/uitstekend"}, {LEVEL: f"{LEVELS}/voldoende"},
        {"$.credentialSubject.result[0].status": "Failed"}, {"$.credentialSubject.result[0].status": "Onbekend"},
        {"$.issuer.id": "did:example:1"}, {"$.issuer.name": "Iemand anders"}, {"$.type[1]": "AchievementCredential"},
        {"$['@context'][1]": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"},
        {"$.credentialSubject.achievement.achievementType": "MicroCredential"},
        {"$.credentialSubject.achievement.alignment[0].targetUrl": "https://nlqf.nl/niveau/4"},
        {"$.credentialSubject.achievement.alignment[0].targetCode": "111222333"},
        {"$.credentialSubject.achievement.alignment[0].targetName": "111222333"},
        {"$.credentialSubject.achievement.tag[0]": "versnelling"}, {"$.evidence[0].id": document()["id"]},
        {"$.evidence[0].id": "https://fietsschool.example.org/bewijs/5f3c1c1e/gesprek"},
    ],
)  # fmt: skip
def test_a_hostile_row_gets_the_answer_of_prepare_and_issue(row: dict[str, str]) -> None:
    row = {ID: "urn:uuid:00000000-0000-4000-8000-000000000000", **row}
    keyed = {path.replace("['@context']", ".@context"): text for path, text in row.items()}
    for store in (ContextStore(), ContextStore(compile_shapes=False)):
        results = list(issue_many(prepared(), [row, *rows(1)], signing_key=KEY, contexts=store))
        assert outcome(results[0]) == one_by_one(keyed)
        assert isinstance(results[1], Issued), "one bad row stopped the rest"


@pytest.mark.parametrize(
    "row", [{SUBJECT: "urn:x"}, {ID: "urn:x", "$.unknown": "x"}, {ID: "urn:x", "$.name": 1}, None, [], {ID: None}]
)
def test_a_row_that_does_not_fit_the_badge_is_refused_and_the_rest_go_on(row: Any) -> None:
    results = list(issue_many(prepared(), [row, *rows(2)], signing_key=KEY))
    assert isinstance(results[0], Refused)
    assert {finding.code for finding in results[0].findings} <= {Problem.MISSING, Problem.WRONG_TYPE}
    assert [result.position for result in results] == [0, 1, 2]
    assert all(isinstance(result, Issued) for result in results[1:])


def test_rows_that_differ_in_other_places_are_one_batch() -> None:
    mixed = [{ID: f"urn:x:{n}", **({"$.name": f"Naam {n}"} if n % 2 else {SUBJECT: f"urn:y:{n}"})} for n in range(6)]
    for row, result in zip(mixed, issue_many(prepared(), mixed, signing_key=KEY), strict=True):
        assert outcome(result) == one_by_one(row)


def test_more_kinds_of_rows_than_templates_are_still_issued() -> None:
    paths = [f"$.evidence[{n}].{name}" for n in range(2) for name in ("id", "name", "narrative", "genre")]
    many = [
        {ID: f"urn:x:{n}", path: "https://a.example/1"} for n, path in enumerate([*paths, "$.name", "$.description"])
    ]
    for row, result in zip(many, issue_many(prepared(), many, signing_key=KEY), strict=True):
        assert outcome(result) == one_by_one(row)


def test_a_key_for_another_suite_is_refused_before_any_row() -> None:
    with pytest.raises(ProofGenerationError):
        issue_many(prepared(), rows(1), signing_key=ecdsa_key(bytes([7]) * 32))


def test_other_suites_go_the_same_way() -> None:
    key = ecdsa_key(bytes([7]) * 32)
    badge = document()
    badge["issuer"]["id"] = did_of(key.public_key)
    method = verification_method_of(key.public_key)
    ready = prepare(badge, verification_method=method, created=NOW, cryptosuite=ECDSA_RDFC_2019)
    by_jcs = prepared(cryptosuite=EDDSA_JCS_2022)
    for results in (issue_many(ready, rows(2), signing_key=key), issue_many(by_jcs, rows(2), signing_key=KEY)):
        assert all(isinstance(one, Issued) and verify(one.document, now=NOW).verified for one in results)


def test_rows_are_read_as_badges_are_asked_for() -> None:
    read = []

    def endless() -> Iterator[dict[str, str]]:
        for row in rows(10**9):
            read.append(row)
            yield row

    badges = issue_many(prepared(), endless(), signing_key=KEY)
    for _ in range(3):
        next(badges)
    assert len(read) == 3


def test_a_row_can_be_issued_in_other_forms_of_what_was_signed() -> None:
    for row, result in zip(rows(3), issue_many(prepared(), rows(3), signing_key=KEY), strict=True):
        filled = document() | {"id": row[ID]}
        filled["credentialSubject"]["id"] = row[SUBJECT]
        assert isinstance(result, Issued)
        assert result.prepared == prepared(filled, contexts=GENERAL)


def test_documents_of_one_shape_are_issued_as_prepare_and_issue_would() -> None:
    badges = [document() | {"id": f"urn:x:{number}", "name": f"Naam {number % 2}"} for number in range(6)]
    badges[0]["name"] = badges[3]["name"] = "111222333"
    badges[1]["validFrom"] = "2026-11-20T10:00:00Z"
    badges[2]["credentialSubject"]["achievement"]["creditsAvailable"] = True
    badges[4]["credentialSubject"]["achievement"]["creditsAvailable"] = 1
    badges.append({"type": object()})
    badges.append({name: badges[5][name] for name in reversed(badges[5])})
    method = verification_method_of(KEY.public_key)
    results = issue_documents(badges, verification_method=method, created=NOW, signing_key=KEY)
    assert [result.position for result in results] == list(range(8))
    assert [isinstance(result, Issued) for result in results] == [False, True, False, False, True, True, False, True]
    for badge, result in zip(badges, results, strict=True):
        try:
            expected: Any = dump_json(issue(prepared(badge, contexts=GENERAL), signing_key=KEY, contexts=GENERAL))
        except IssuanceRefused as error:
            expected = error.findings
        assert outcome(result) == expected


def test_one_document_alone_and_none_at_all_are_issued_too() -> None:
    method = verification_method_of(KEY.public_key)
    one = issue_documents([document()], verification_method=method, created=NOW, signing_key=KEY)
    assert [outcome(result) for result in one] == [one_by_one({})]
    assert issue_documents([], verification_method=method, created=NOW, signing_key=KEY) == []


def test_documents_are_checked_as_prepare_would() -> None:
    badges = [document() | {"id": f"urn:x:{number}", "name": f"Naam {number}"} for number in range(4)]
    badges[2]["name"] = "111222333"
    method = verification_method_of(KEY.public_key)
    results = check_documents(badges, verification_method=method, created=NOW)
    assert isinstance(results[2], Refused)
    for badge, result in zip(badges, results, strict=True):
        try:
            expected: Any = prepared(badge, contexts=GENERAL).document
        except IssuanceRefused as error:
            expected = Refused(2, error.findings)
        assert result == expected
        (alone,) = check_documents([badge], verification_method=method, created=NOW)
        assert alone == (Refused(0, result.findings) if isinstance(result, Refused) else expected)


def test_texts_that_look_like_places_are_texts() -> None:
    badge = document() | {"name": "\0000", "description": "<0|0>"}
    for row, result in zip(rows(2), issue_many(prepared(badge), rows(2), signing_key=KEY), strict=True):
        assert outcome(result) == one_by_one(row, badge)


def test_a_row_whose_texts_are_too_long_together_is_refused_as_prepare_refuses_it() -> None:
    badge = document()
    badge["evidence"] = [{"id": f"urn:x:{n}", "type": ["Evidence"], "name": f"{n}"} for n in range(50)]
    row = {ID: "urn:y:1", **{f"$.evidence[{n}].name": "a" * 99_999 for n in range(50)}}
    (result,) = issue_many(prepared(badge), [row], signing_key=KEY)
    assert outcome(result) == one_by_one(row, badge)
    assert isinstance(result, Refused)


def test_many_are_verified_and_an_unreadable_one_does_not_stop_the_rest() -> None:
    badges = [one.document for one in issue_many(prepared(), rows(3), signing_key=KEY) if isinstance(one, Issued)]
    forged = badges[1].replace(b"Een versnelling", b"Een wiel")
    results = list(verify_many([badges[0], b"no badge", forged, badges[2]], now=NOW))
    assert isinstance(results[1], Unreadable)
    assert [isinstance(result, Report) and result.verified for result in results] == [True, False, False, True]
