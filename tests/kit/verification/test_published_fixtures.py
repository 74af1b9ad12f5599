"""1EdTech's public fixtures: each gets the outcome that its name promises, from the check that it promises.

The verification methods there are `https://issuer#key`, with the key in the fragment. A verifier that trusted a
fragment would let anybody sign for anybody; these tests make a controller document of it and register that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import ResolutionError
from openbadges_kit.problems import Problem
from openbadges_kit.verification.received import parse_received
from openbadges_kit.verification.report import Check, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from tests.published import published

FOLDER = "vectors/1edtech/ob30/"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STATUS_LIST = "bit-string-list/testlist"
Found = set[tuple[Problem, str]]


@dataclass(frozen=True)
class Row:
    """What a fixture comes to. `found` are the findings of the check, in full."""

    file: str
    verdict: Verdict
    check: Check
    outcome: Outcome
    found: frozenset[tuple[Problem, str]] = frozenset()


def row(file: str, verdict: Verdict, check: Check, outcome: Outcome, *found: tuple[Problem, str]) -> Row:
    return Row(file, verdict, check, outcome, frozenset(found))


ROWS = [
    row("simple.json", Verdict.VALID, Check.PROOF, Outcome.PASSED),
    row("simple-json.png", Verdict.VALID, Check.PROOF, Outcome.PASSED),
    # It begins with a DOCTYPE.
    row("simple-json.svg", Verdict.VALID, Check.PROOF, Outcome.PASSED),
    row("simple-jwt.png", Verdict.VALID, Check.PROOF, Outcome.PASSED),
    row("simple-jwt.svg", Verdict.VALID, Check.PROOF, Outcome.PASSED),
    row("simple-did-key-method.json", Verdict.VALID, Check.ISSUER_BINDING, Outcome.PASSED),
    row(
        "simple-multiple-proofs.json",
        Verdict.VALID,
        Check.PROOF,
        Outcome.PASSED,
        (Problem.PROOF_UNKNOWN, "$.proof[0]"),
    ),
    row(
        "simple_v1.json",
        Verdict.VALID,
        Check.CONTEXTS,
        Outcome.PASSED,
        (Problem.CONTEXT_VERSION, "$['@context'][0]"),
        (Problem.CONTEXT_VERSION, "$['@context'][1]"),
    ),
    # It names the schema of an endorsement, which is bundled.
    row("endorsement-valid.json", Verdict.VALID, Check.SCHEMA, Outcome.PASSED),
    row(STATUS_LIST, Verdict.VALID, Check.PROOF, Outcome.PASSED),
    row(
        "bit-string-list/credential-status-revoked.json",
        Verdict.NOT_VALID,
        Check.STATUS,
        Outcome.FAILED,
        (Problem.REVOKED, "$.credentialStatus"),
    ),
    row(
        "simple-err-proof-value.json",
        Verdict.NOT_VALID,
        Check.PROOF,
        Outcome.FAILED,
        (Problem.PROOF_INVALID, "$.proof[0]"),
    ),
    row(
        "simple-err-expired.json",
        Verdict.NOT_VALID,
        Check.VALIDITY_PERIOD,
        Outcome.FAILED,
        (Problem.EXPIRED, "$.validUntil"),
    ),
    row(
        "simple-err-context.json",
        Verdict.NOT_VALID,
        Check.CONTEXTS,
        Outcome.FAILED,
        (Problem.CONTEXT_ORDER, "$['@context'][0]"),
        (Problem.CONTEXT_ORDER, "$['@context'][1]"),
    ),
    row(
        "simple-err-type.json",
        Verdict.NOT_VALID,
        Check.STRUCTURE,
        Outcome.FAILED,
        (Problem.NOT_A_CREDENTIAL, "$.type"),
        (Problem.MISSING, "$.credentialSubject.achievement"),
    ),
    # Its own proof holds; its endorsements are under a suite of a misspelt name, and were valid until 2020.
    row("complete.json", Verdict.NOT_VALID, Check.PROOF, Outcome.PASSED),
]


def bytes_of(file: str) -> bytes:
    return published(FOLDER + file).read_bytes()


def fetch(url: str) -> bytes:
    """The list's URL ends like its file; its id is another URL."""
    if not url.endswith(STATUS_LIST):
        raise ResolutionError(f"{url} is not there")
    return bytes_of(STATUS_LIST)


def controllers_of(file: str) -> dict[str, JsonObject]:
    """A controller document of the issuer with the key that the fixture names."""
    received = parse_received(bytes_of(file))
    issuer: Any = received.document["issuer"]
    identifier = issuer if isinstance(issuer, str) else issuer["id"]
    methods: list[Any] = []
    if received.token is not None:
        jwk = received.token.jws.header["jwk"]
        methods = [{"id": identifier + "#jwk", "type": "JsonWebKey", "controller": identifier, "publicKeyJwk": jwk}]
    for proof in as_list(received.document.get("proof")):
        url = proof.get("verificationMethod", "")
        controller, _, key = url.partition("#")
        if controller == identifier:
            methods.append({"id": url, "type": "Multikey", "controller": controller, "publicKeyMultibase": key})
        elif controller:
            # The issuer has no key of its own, and names the did:key that speaks for it.
            methods.append(url)
    return {identifier: {"id": identifier, "assertionMethod": methods}}


def report_on(file: str, *, with_documents: bool = True) -> Report:
    documents = controllers_of(STATUS_LIST) | controllers_of(file) if with_documents else {}
    return verify(bytes_of(file), now=NOW, resolver=Resolver(documents), fetch=fetch)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
class TestEachFixture:
    """One row, one claim."""

    def test_comes_to_what_its_name_promises(self, row: Row) -> None:
        report = report_on(row.file)
        assert report.verdict is row.verdict, report.reasons("en")
        result = next(result for result in report.results if result.check is row.check)
        assert result.outcome is row.outcome
        assert {(finding.code, finding.path) for finding in result.findings} == row.found

    def test_is_never_valid_without_its_issuers_keys(self, row: Row) -> None:
        report = report_on(row.file, with_documents=False)
        assert report.verdict in {Verdict.UNSETTLED, Verdict.NOT_VALID}
        undecided = {result.check for result in report.results if result.outcome is Outcome.COULD_NOT_CHECK}
        assert undecided & {Check.PROOF, Check.ISSUER_BINDING} or row.file.startswith(
            ("simple-err-context", "simple-err-type")
        )
        if row.verdict is Verdict.VALID:
            assert report.verdict is Verdict.UNSETTLED

    def test_says_each_of_its_problems_in_both_languages(self, row: Row) -> None:
        report = report_on(row.file)
        for language in ("nl", "en"):
            sentences = report.reasons(language)
            assert len(sentences) == len([finding for result in report.blocking for finding in result.findings])
            assert all(sentences)


def test_only_the_named_thing_is_wrong_where_the_name_is_of_one_thing() -> None:
    for file, check in (
        ("simple-err-proof-value.json", Check.PROOF),
        ("simple-err-expired.json", Check.VALIDITY_PERIOD),
        ("bit-string-list/credential-status-revoked.json", Check.STATUS),
    ):
        assert [result.check for result in report_on(file).blocking] == [check]


def test_a_json_ld_error_does_not_end_the_looking() -> None:
    for file in ("simple-err-type.json", "simple-err-context.json"):
        blocking = {result.check for result in report_on(file).blocking}
        assert {Check.STRUCTURE, Check.PROOF} <= blocking
    found = {(finding.code, finding.path) for finding in report_on("simple-err-type.json").findings}
    assert (Problem.RELATIVE_IRI, "$.type[1]") in found


def test_the_complete_badge_lists_what_could_not_be_had() -> None:
    results = {result.check: result for result in report_on("complete.json").results}
    assert results[Check.SCHEMA].outcome is Outcome.PASSED
    assert results[Check.STATUS].outcome is results[Check.REFRESH].outcome is Outcome.COULD_NOT_CHECK
    endorsements = results[Check.ENDORSEMENTS]
    assert endorsements.outcome is Outcome.FAILED
    assert len(endorsements.findings) == 5
    named = [finding.details["reason"] for finding in endorsements.findings]
    assert all("/schema/endorsementcredential.json" in reason for reason in named)
    # A level of another result description than the one it names.
    assert {(finding.code, finding.path) for finding in results[Check.STRUCTURE].findings} == {
        (Problem.UNKNOWN_LEVEL, "$.credentialSubject.result[1].achievedLevel")
    }


def test_a_key_of_another_issuer_does_not_sign_for_this_one() -> None:
    documents = controllers_of("simple.json")
    (issuer,) = documents
    key = next(iter(documents.values()))["assertionMethod"]
    stranger = "https://stranger.example/"
    moved = [method | {"id": method["id"].replace(issuer, stranger), "controller": stranger} for method in key]
    document = parse_received(bytes_of("simple.json")).document
    document["proof"][0]["verificationMethod"] = moved[0]["id"]
    known: dict[str, JsonObject] = {issuer: {"id": issuer}, stranger: {"id": stranger, "assertionMethod": moved}}
    report = verify(document, now=NOW, resolver=Resolver(known))
    binding = next(result for result in report.results if result.check is Check.ISSUER_BINDING)
    assert binding.outcome is Outcome.FAILED
    assert report.verdict is Verdict.NOT_VALID
