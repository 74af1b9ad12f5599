"""Schemas that a badge names, resources that it vouches for, endorsements, and contexts of an earlier state."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, ResolutionError, WorkLimitExceeded
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS
from openbadges_kit.problems import Problem
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.schema.stated import MAX_SCHEMA_BYTES, find_stated_violations
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import MAX_NESTING, MAX_OTHER_DOCUMENTS, verify
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3, OPEN_BADGES_EXTENSIONS
from tests.kit.samples import ISSUER, ISSUER_KEY, NOW, OTHER_KEY, signed_unchecked, unsigned

SCHEMA = "https://school.example/schema.json"
PICTURE = "https://school.example/picture.png"


def serving(documents: Mapping[str, bytes]) -> Any:
    def fetch(url: str) -> bytes:
        if url not in documents:
            raise ResolutionError(f"{url} is not there")
        return documents[url]

    return fetch


def result_of(report: Report, check: Check) -> CheckResult:
    return next(result for result in report.results if result.check is check)


def found(result: CheckResult) -> list[tuple[Problem, str]]:
    return [(finding.code, finding.path) for finding in result.findings]


class TestSchemas:
    def check(self, named: Any, documents: Mapping[str, bytes] | None = None) -> CheckResult:
        contexts = [CREDENTIALS_V2, OPEN_BADGES_3_0_3, OPEN_BADGES_EXTENSIONS]
        badge = signed_unchecked(unsigned(**{"@context": contexts, "credentialSchema": named}))
        return result_of(verify(badge, now=NOW, fetch=serving(documents or {})), Check.SCHEMA)

    @pytest.mark.parametrize("type_", ["1EdTechJsonSchemaValidator2019", "JsonSchema"])
    def test_a_badge_is_held_to_the_schema_that_it_names(self, type_: str) -> None:
        named = {"id": SCHEMA, "type": type_}
        fits, fits_not = b'{"required": ["name"]}', b'{"properties": {"name": {"maxLength": 3}}}'
        assert self.check(named, {SCHEMA: fits}).outcome is Outcome.PASSED
        result = self.check([named], {SCHEMA: fits_not})
        assert (result.outcome, found(result)) == (Outcome.FAILED, [(Problem.STATED_SCHEMA_VIOLATION, "$.name")])

    @pytest.mark.parametrize("served", [{}, {SCHEMA: b"<html>"}, {SCHEMA: b'{"type": 5}'}, {SCHEMA: b'{"$ref": "#"}'}])
    def test_a_schema_that_cannot_be_had_or_used_settles_nothing(self, served: Mapping[str, bytes]) -> None:
        result = self.check({"id": SCHEMA, "type": "JsonSchema"}, served)
        assert (result.outcome, found(result)) == (
            Outcome.COULD_NOT_CHECK,
            [(Problem.SCHEMA_NOT_HAD, "$.credentialSchema")],
        )

    def test_one_that_does_not_say_where_it_is_settles_nothing(self) -> None:
        assert found(self.check([{"type": "JsonSchema"}]))[-1] == (Problem.SCHEMA_NOT_HAD, "$.credentialSchema[0]")

    def test_one_of_an_unknown_kind_is_a_warning(self) -> None:
        for named in ([{"id": SCHEMA, "type": "JsonSchemaCredential"}], ["x"]):
            result = result_of(verify(unsigned(credentialSchema=named), now=NOW), Check.SCHEMA)
            assert (Problem.SCHEMA_UNKNOWN, "$.credentialSchema[0]") in found(result)
        assert self.check({"id": SCHEMA, "type": "JsonSchemaCredential"}).outcome is Outcome.PASSED

    def test_the_official_one_is_at_hand_and_its_findings_are_not_said_twice(self) -> None:
        url = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
        named = {"id": url, "type": "1EdTechJsonSchemaValidator2019"}
        assert self.check(named).outcome is Outcome.PASSED
        badge = signed_unchecked(unsigned(validFrom=None, credentialSchema=named | {"type": "JsonSchema"}))
        assert len(result_of(verify(badge, now=NOW), Check.SCHEMA).findings) == 1

    def test_too_many_are_not_fetched(self) -> None:
        result = self.check([{"id": f"{SCHEMA}?{n}", "type": "JsonSchema"} for n in range(9)])
        assert found(result) == [(Problem.SCHEMA_NOT_HAD, "$.credentialSchema")]


class TestSchemasOfStrangers:
    """A schema is a program, and a stranger wrote it."""

    def find(self, schema: Any) -> list[str]:
        data = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
        return [finding.path for finding in find_stated_violations(unsigned(), data, url=SCHEMA, path="$")]

    def test_references_inside_it_are_followed(self) -> None:
        schema: JsonObject = {
            "$id": SCHEMA,
            "$defs": {"a/b": {"maxLength": 3}, "c": {"$ref": "#/$defs/a~1b", "allOf": [{"minLength": 1}]}},
            "properties": {"name": {"$ref": "#/$defs/c"}, "$ref": {"type": "string"}, "type": {"items": True}},
        }
        assert self.find(schema) == ["$.name"]

    @pytest.mark.parametrize(
        "schema",
        [
            {"$ref": "https://other.example/"},
            {"$ref": "#/$defs/nowhere"},
            {"$ref": "#name"},
            {"$ref": "#/%24defs"},
            {"$dynamicRef": "#a"},
            {"properties": {"a": {"$id": "https://other.example/"}}},
            {"pattern": "(?=a)"},
            {"$schema": "https://other.example/"},
        ],
    )
    def test_what_is_not_supported_is_refused(self, schema: JsonObject) -> None:
        with pytest.raises(MalformedDocument):
            self.find(schema)

    @pytest.mark.parametrize(
        "schema",
        [
            {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
            {
                "$ref": "#/$defs/0",
                "$defs": {f"{n}": {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(30)} | {"30": {}},
            },
            {"$ref": "#/$defs/0", "$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(2000)}},
            {"anyOf": [{"pattern": "a"}] * 101},
            {"patternProperties": {f"a{n}": {} for n in range(101)}},
            b" " * (MAX_SCHEMA_BYTES + 1),
        ],
        ids=["itself", "doubling", "a long way", "patterns", "more patterns", "size"],
    )
    def test_work_without_end_is_refused(self, schema: Any) -> None:
        with pytest.raises(WorkLimitExceeded):
            self.find(schema)

    def test_a_pattern_that_backtracks_elsewhere_does_not_here(self) -> None:
        document = unsigned(name="a" * 50_000 + "!")
        schema = b'{"properties": {"name": {"pattern": "^(a+)+$"}}}'
        assert len(find_stated_violations(document, schema, url=SCHEMA, path="$")) == 1

    def test_no_more_violations_are_told_than_help(self) -> None:
        assert len(self.find({"allOf": [{"required": [f"x{n}"]} for n in range(50)]})) == 12


class TestRelatedResources:
    DATA = b"a picture"
    SRI = "sha384-" + base64.b64encode(hashlib.sha384(DATA).digest()).decode()
    MULTIBASE = multibase.encode_base58(b"\x12\x20" + hashlib.sha256(DATA).digest())

    def check(self, resource: Any, data: bytes | None = DATA) -> CheckResult:
        served = {} if data is None else {PICTURE: data}
        badge = signed_unchecked(unsigned()) | {"relatedResource": resource}
        return result_of(verify(badge, now=NOW, fetch=serving(served)), Check.RELATED_RESOURCES)

    def test_what_still_has_its_digest_passes(self) -> None:
        for digests in ({"digestSRI": self.SRI}, {"digestMultibase": self.MULTIBASE}):
            result = self.check([{"id": PICTURE, **digests}])
            assert (result.outcome, found(result)) == (Outcome.PASSED, [])

    def test_what_was_changed_since_fails(self) -> None:
        resource = {"id": PICTURE, "digestSRI": self.SRI, "digestMultibase": self.MULTIBASE}
        result = self.check(resource, b"another picture")
        assert (result.outcome, found(result)) == (Outcome.FAILED, [(Problem.DIGEST_MISMATCH, "$.relatedResource")])

    def test_what_cannot_be_had_is_a_warning(self) -> None:
        result = self.check([{"id": PICTURE, "digestSRI": self.SRI}], None)
        assert (result.outcome, found(result)) == (
            Outcome.NOT_APPLICABLE,
            [(Problem.RESOURCE_NOT_HAD, "$.relatedResource[0]")],
        )

    @pytest.mark.parametrize(
        ("resource", "problem", "path"),
        [
            ("x", Problem.WRONG_TYPE, "[0]"),
            ({"digestSRI": SRI}, Problem.MISSING, "[0].id"),
            ({"id": PICTURE}, Problem.MISSING, "[0].digestSRI"),
            ({"id": PICTURE, "digestSRI": "md5-xx"}, Problem.DIGEST_UNKNOWN, "[0].digestSRI"),
            ({"id": PICTURE, "digestSRI": "sha256-?"}, Problem.DIGEST_UNKNOWN, "[0].digestSRI"),
            ({"id": PICTURE, "digestSRI": "sha256-AAAA"}, Problem.DIGEST_UNKNOWN, "[0].digestSRI"),
            ({"id": PICTURE, "digestSRI": 5}, Problem.DIGEST_UNKNOWN, "[0].digestSRI"),
            ({"id": PICTURE, "digestSRI": []}, Problem.DIGEST_UNKNOWN, "[0].digestSRI"),
            ({"id": PICTURE, "digestMultibase": "z1"}, Problem.DIGEST_UNKNOWN, "[0].digestMultibase"),
        ],
    )
    def test_a_resource_without_a_digest_that_can_be_compared_fails(
        self, resource: Any, problem: Problem, path: str
    ) -> None:
        result = self.check([resource])
        assert (result.outcome, found(result)) == (Outcome.FAILED, [(problem, "$.relatedResource" + path)])

    def test_the_same_resource_twice_fails(self) -> None:
        result = self.check([{"id": PICTURE, "digestSRI": self.SRI}] * 2)
        assert found(result) == [(Problem.DUPLICATE_ID, "$.relatedResource[1].id")]

    def test_too_many_are_not_fetched(self) -> None:
        result = self.check([{"id": f"{PICTURE}?{n}", "digestSRI": self.SRI} for n in range(17)])
        assert result.outcome is Outcome.COULD_NOT_CHECK


def endorsement(subject: str, number: int = 1, **changes: Any) -> JsonObject:
    issuer = {"id": did_of(OTHER_KEY.public_key), "type": ["Profile"], "name": "Een inspectie"}
    document = unsigned(
        id=f"urn:uuid:90a3a0ac-3a0e-4b9b-8d3c-{number:012x}",
        type=["VerifiableCredential", "EndorsementCredential"],
        issuer=issuer,
        credentialSubject={"id": subject, "type": ["EndorsementSubject"], "endorsementComment": "Goed."},
        **changes,
    )
    return signed_unchecked(document, OTHER_KEY)


class TestEndorsements:
    def check(self, badge: JsonObject) -> CheckResult:
        return result_of(verify(signed_unchecked(badge), now=NOW), Check.ENDORSEMENTS)

    @pytest.mark.parametrize(
        "subject", [ISSUER, unsigned()["id"], unsigned()["credentialSubject"]["achievement"]["id"]]
    )
    def test_one_of_the_badge_its_issuer_or_its_achievement_counts(self, subject: str) -> None:
        assert self.check(unsigned(endorsement=[endorsement(subject)])).outcome is Outcome.PASSED

    def test_praise_of_something_else_does_not(self) -> None:
        result = self.check(unsigned(endorsement=endorsement("https://famous.example/")))
        assert (result.outcome, found(result)) == (
            Outcome.FAILED,
            [(Problem.ENDORSEMENT_OF_ANOTHER, "$.endorsement")],
        )

    def test_what_stands_with_the_achievement_is_not_about_the_issuer(self) -> None:
        badge = unsigned()
        badge["credentialSubject"]["achievement"]["endorsement"] = [endorsement(ISSUER)]
        assert found(self.check(badge)) == [
            (Problem.ENDORSEMENT_OF_ANOTHER, "$.credentialSubject.achievement.endorsement[0]")
        ]

    def test_an_endorsement_does_not_vouch_for_what_it_names_itself(self) -> None:
        inner = endorsement(
            "https://famous.example/", evidence=[{"id": "https://famous.example/", "type": ["Evidence"]}]
        )
        assert found(self.check(unsigned(endorsement=[inner]))) == [
            (Problem.ENDORSEMENT_OF_ANOTHER, "$.endorsement[0]")
        ]

    def test_documents_within_documents_are_counted_together(self) -> None:
        """Three levels of thirty-two each would be thirty thousand verifications."""
        many = [endorsement(ISSUER, n) for n in range(8)]
        for document in many:
            document["endorsement"] = [endorsement(ISSUER, 100 + n) for n in range(12)]
        result = self.check(unsigned() | {"id": "urn:uuid:5b7f1c0e-3a52-4a53-9f0e-0c9d1c3a7e99"})
        assert result.outcome is Outcome.NOT_APPLICABLE
        badge = unsigned() | {"proof": [], "endorsement": many}
        reasons = " ".join(verify(badge, now=NOW).reasons("en"))
        assert f"more than {MAX_OTHER_DOCUMENTS} other documents" in reasons

    def test_documents_within_documents_are_followed_three_deep(self) -> None:
        innermost = endorsement(ISSUER, 1)
        for number in range(2, 6):
            innermost = endorsement(ISSUER, number) | {"endorsement": [innermost]}
        reasons = " ".join(verify(unsigned() | {"endorsement": [innermost]}, now=NOW).reasons("en"))
        assert f"more than {MAX_NESTING} deep" in reasons


class TestContextsOfAnEarlierState:
    """1EdTech gave context 3.0.3 the term `jti` in 2026; before, a badge could define it for itself."""

    def badge(self, **changes: Any) -> JsonObject:
        contexts = [CREDENTIALS_V2, OPEN_BADGES_3_0_3, {"jti": "https://school.example/terms#jti"}]
        return add_proof(
            unsigned(**{"@context": contexts, "jti": "4711", **changes}),
            proof_options=build_proof_options(
                verification_method=verification_method_of(ISSUER_KEY.public_key), created=NOW
            ),
            signing_key=ISSUER_KEY,
            contexts=BUNDLED_CONTEXTS.with_earlier_states(),
        )

    def test_a_badge_signed_under_it_is_valid_with_a_warning(self) -> None:
        report = verify(self.badge(), now=NOW)
        assert report.verdict is Verdict.VALID, report.reasons("en")
        assert found(result_of(report, Check.PROOF)) == [(Problem.CONTEXT_EARLIER_STATE, "$.proof[0]")]

    def test_its_signature_counts_all_the_same(self) -> None:
        assert verify(self.badge() | {"jti": "4712"}, now=NOW).verdict is Verdict.NOT_VALID

    def test_what_is_wrong_is_said_of_the_contexts_of_today(self) -> None:
        broken = self.badge() | {"unheardOf": 1}
        assert Problem.CONTEXT_EARLIER_STATE not in {finding.code for finding in verify(broken, now=NOW).findings}

    def test_a_document_that_it_could_not_change_is_not_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: object) -> None:
            raise AssertionError("tried under the earlier state")

        monkeypatch.setattr(type(BUNDLED_CONTEXTS), "with_earlier_states", refuse)
        plain = signed_unchecked(unsigned()) | {"name": "Iets anders"}
        assert verify(plain, now=NOW).verdict is Verdict.NOT_VALID
        over_json = self.badge_over_json() | {"name": "Iets anders"}
        assert verify(over_json, now=NOW).verdict is Verdict.NOT_VALID

    def badge_over_json(self) -> JsonObject:
        return signed_unchecked(unsigned(jti="urn:x:y"), cryptosuite="eddsa-jcs-2022")


def test_a_list_of_served_bytes_is_read_once() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b'{"required": ["name"]}'

    named = [{"id": SCHEMA, "type": "JsonSchema"}] * 3
    report = verify(signed_unchecked(unsigned(credentialSchema=named)), now=NOW, fetch=fetch)
    assert (result_of(report, Check.SCHEMA).outcome, asked) == (Outcome.PASSED, [SCHEMA])
    assert dump_json(report.to_json())
