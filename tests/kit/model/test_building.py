"""What is built with the model is what Open Badges, its schemas and JSON-LD accept."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbadges_kit import vocabulary
from openbadges_kit.issuance import issue, issue_vc_jwt
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.model.achievement import (
    Achievement,
    Alignment,
    Criteria,
    Related,
    ResultDescription,
    RubricCriterionLevel,
)
from openbadges_kit.model.clr import Association, ClrCredential, ClrSubject
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject, Evidence, Result
from openbadges_kit.model.endorsement import EndorsementCredential, EndorsementSubject
from openbadges_kit.model.identity import IdentifierEntry, IdentityObject
from openbadges_kit.model.json_object import JsonObjectModel
from openbadges_kit.model.profile import Address, GeoCoordinates, Image, Profile
from openbadges_kit.model.verifiable_credential import (
    BitstringStatusListEntry,
    CredentialSchema,
    RefreshService,
    TermsOfUse,
)
from openbadges_kit.vocabulary import (
    AchievementType,
    AlignmentTargetType,
    AssociationType,
    IdentifierType,
    ResultStatusType,
    ResultType,
)
from tests.kit.model.documents_of import documents_of
from tests.kit.model.test_reading_and_writing_back import MODELS
from tests.kit.skills.badges import ISSUER, KEY, NOW, badge, prepared
from tests.published import published_json

A = "https://a.example"
words = st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=12)


@cache
def official(name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(published_json(f"schemas/{name}"))


def violations(document: dict[str, Any], *schemas: str) -> list[str]:
    return [error.message for name in schemas for error in official(name).iter_errors(document)]


def whole_profile(**given: Any) -> Profile:
    """A profile with every field that an organisation has."""
    return Profile(
        **{"id": f"{A}/issuers/1", **given},
        name="Voorbeeld Opleider",
        url=A,
        phone="+31 20 123 4567",
        description="Een opleider",
        image=Image(id=f"{A}/logo.png", caption="Logo"),
        email="info@a.example",
        address=Address(
            address_country="Nederland",
            address_country_code="NL",
            address_region="Utrecht",
            address_locality="Utrecht",
            street_address="Straat 1",
            post_office_box_number="1",
            postal_code="1234 AB",
            geo=GeoCoordinates(latitude=52.1, longitude=5),
        ),
        other_identifier=[IdentifierEntry(identifier="00AA", identifier_type="ext:institution_code")],
        official="De directeur",
        parent_org=Profile(id=f"{A}/issuers/2", name="Bestuur"),
        family_name="a",
        given_name="b",
        additional_name="c",
        patronymic_name="d",
        honorific_prefix="e",
        honorific_suffix="f",
        family_name_prefix="g",
        date_of_birth="2000-01-01",
    )


def whole_achievement(name: str = "Lassen") -> Achievement:
    """An achievement with every field."""
    alignment = Alignment(
        target_code="1",
        target_description="b",
        target_name="c",
        target_framework="d",
        target_type=AlignmentTargetType.CF_ITEM,
        target_url=f"{A}/framework/1",
    )
    return Achievement(
        id=f"{A}/achievements/1",
        achievement_type=AchievementType.COMPETENCY,
        name=name,
        description="d",
        criteria=Criteria(id=f"{A}/criteria", narrative="n"),
        alignment=[alignment],
        creator=whole_profile(),
        credits_available=1.5,
        endorsement_jwt=["eyJh.eyJi.c2ln"],
        field_of_study="0713",
        human_code="1.1",
        image=Image(id=f"{A}/image.png"),
        in_language="nl",
        other_identifier=[IdentifierEntry(identifier="x", identifier_type=IdentifierType.SYSTEM_ID)],
        related=[Related(id=f"{A}/achievements/0", in_language="en", version="0")],
        result_description=[
            ResultDescription(
                id=f"{A}/results/0",
                name="r",
                result_type=ResultType.LETTER_GRADE,
                alignment=[alignment],
                allowed_value=["B", "A"],
                required_value="B",
            ),
            ResultDescription(
                id=f"{A}/results/1", name="r", result_type=ResultType.RAW_SCORE, value_min="1", value_max="10"
            ),
            ResultDescription(
                id=f"{A}/results/2",
                name="r",
                result_type=ResultType.RUBRIC_CRITERION_LEVEL,
                required_level=f"{A}/levels/1",
                rubric_criterion_level=[
                    RubricCriterionLevel(
                        id=f"{A}/levels/1", name="l", level="1", points="5", description="d", alignment=[alignment]
                    )
                ],
            ),
        ],
        specialization="s",
        tag=["t"],
        version="1",
    )


def whole_badge(name: str = "Lassen", narrative: str = "n") -> AchievementCredential:
    """A badge with every field but the proof."""
    return AchievementCredential(
        id="urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name=name,
        description="d",
        image=Image(id=f"{A}/image.png"),
        issuer=whole_profile(id=ISSUER.id),
        valid_from="2026-11-20T09:00:00Z",
        valid_until="2030-11-20T09:00:00Z",
        awarded_date="2026-11-19T09:00:00Z",
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77",
            identifier=[
                IdentityObject.hash_of("a@a.example", identity_type=IdentifierType.EMAIL_ADDRESS, salt=bytes(16))
            ],
            activity_start_date="2026-01-01T00:00:00Z",
            activity_end_date="2026-06-01T00:00:00Z",
            credits_earned=2,
            achievement=whole_achievement(name),
            image=Image(id=f"{A}/subject.png"),
            license_number="L-1",
            narrative=narrative,
            result=[
                Result(result_description=f"{A}/results/0", value="A", status=ResultStatusType.COMPLETED),
                Result(result_description=f"{A}/results/1", value="7,5"),
                Result(
                    result_description=f"{A}/results/2",
                    achieved_level=f"{A}/levels/1",
                    alignment=[Alignment(target_name="a", target_url=f"{A}/x")],
                ),
            ],
            role="VP",
            source=whole_profile(),
            term="2026",
        ),
        credential_schema=[CredentialSchema(id=f"{A}/schema", type="JsonSchema")],
        credential_status=BitstringStatusListEntry(
            id=f"{A}/status/1#5",
            status_purpose="revocation",
            status_list_index="5",
            status_list_credential=f"{A}/status/1",
        ),
        refresh_service=RefreshService(id=f"{A}/refresh", type=f"{A}/Refresh"),
        terms_of_use=[TermsOfUse(id=f"{A}/terms", type=f"{A}/Terms")],
        evidence=[
            Evidence(id=f"{A}/evidence", narrative="n", name="n", description="d", genre="g", audience="a"),
        ],
    )


BOTH_FLAVOURS = ("achievementcredential.json", "achievementcredential.jsonld-flavour.json")


class TestBadgesThatAreBuilt:
    """A badge with every field is accepted by both official schemas and by prepare(), which asks JSON-LD."""

    @settings(max_examples=20)  # each is checked against two schemas and prepared
    @given(name=words, narrative=words)
    def test_whatever_its_texts(self, name: str, narrative: str) -> None:
        document = whole_badge(name, narrative).to_json()
        assert violations(document, *BOTH_FLAVOURS) == []
        assert json.loads(prepared(document).document) == document

    def test_every_field_of_the_official_schema_is_tried(self) -> None:
        document = whole_badge().to_json()
        schema = published_json("schemas/achievementcredential.json")

        def untried(here: Any, properties: dict[str, Any]) -> set[str]:
            return set(properties) - set(here) - {"endorsement", "endorsementJwt", "proof"}

        subject = document["credentialSubject"]
        achievement = subject["achievement"]
        described = [name for one in achievement["resultDescription"] for name in one]
        results = [name for one in subject["result"] for name in one]
        assert untried(document, schema["properties"]) == set()
        for here, kind in [
            (subject, "AchievementSubject"),
            (subject["identifier"][0], "IdentityObject"),
            (achievement, "Achievement"),
            (achievement["alignment"][0], "Alignment"),
            (achievement["criteria"], "Criteria"),
            (achievement["related"][0], "Related"),
            (achievement["creator"], "Profile"),
            (achievement["creator"]["address"], "Address"),
            (achievement["creator"]["address"]["geo"], "GeoCoordinates"),
            (achievement["creator"]["otherIdentifier"][0], "IdentifierEntry"),
            (achievement["creator"]["image"], "Image"),
            (described, "ResultDescription"),
            (achievement["resultDescription"][2]["rubricCriterionLevel"][0], "RubricCriterionLevel"),
            (results, "Result"),
            (document["evidence"][0], "Evidence"),
        ]:
            assert untried(here, schema["$defs"][kind]["properties"]) == set(), kind

    def test_a_profile_fits_its_schema(self) -> None:
        assert violations(whole_profile().to_json(), "profile.json") == []


class TestDocumentsWithinDocuments:
    """Endorsements and records hold what others signed, to the byte."""

    @staticmethod
    def endorsement(**given: Any) -> EndorsementCredential:
        return EndorsementCredential(
            **given,
            id="urn:uuid:2b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
            name="Gevalideerd",
            issuer=ISSUER,
            valid_from="2026-11-20T09:00:00Z",
            credential_subject=EndorsementSubject(id=f"{A}/achievements/1", endorsement_comment="Past bij het werk."),
        )

    def test_an_endorsement_goes_into_an_achievement_as_json_and_as_a_jwt(self) -> None:
        unsecured = self.endorsement().to_json()
        assert violations(unsecured, "endorsementcredential.json") == []
        signed = issue(prepared(unsecured), signing_key=KEY)
        token = issue_vc_jwt(
            prepared(unsecured), verification_method=f"{ISSUER.id}#jwt", signing_key=ecdsa_key(bytes(31) + b"\x01")
        )
        built = whole_badge()
        achievement = built.credential_subject.achievement.model_copy(
            update={"endorsement": [signed], "endorsement_jwt": [token]}
        )
        subject = built.credential_subject.model_copy(update={"achievement": achievement})
        document = built.model_copy(update={"credential_subject": subject}).to_json()
        assert violations(document, *BOTH_FLAVOURS) == []
        assert prepared(document).document
        held = document["credentialSubject"]["achievement"]
        assert json.dumps(held["endorsement"]) == json.dumps([signed])
        assert held["endorsementJwt"] == [token]
        assert EndorsementCredential.from_json(signed).credential_subject.endorsement_comment == "Past bij het werk."

    def test_a_record_of_badges_is_prepared(self) -> None:
        signed = issue(prepared(badge()), signing_key=KEY)
        record = ClrCredential(
            id="urn:uuid:3b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
            name="Mijn resultaten",
            issuer=ISSUER,
            valid_from="2026-11-20T09:00:00Z",
            partial=True,
            credential_subject=ClrSubject(
                id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77",
                achievement=[whole_achievement()],
                verifiable_credential=[signed],
                association=[
                    Association(
                        association_type=AssociationType.IS_PART_OF, source_id=signed["id"], target_id=f"{A}/line"
                    )
                ],
            ),
        ).to_json()
        assert json.loads(prepared(record).document) == record
        assert record["credentialSubject"]["verifiableCredential"] == [signed]


class TestBuiltObjectsSurvive:
    """What is built of the fields of any object is written, read back and equal."""

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
    @given(data=st.data())
    def test_build_write_read(self, model: type[JsonObjectModel], data: st.DataObject) -> None:
        view = model.from_json(data.draw(documents_of(model)))
        given = {name: getattr(view, name) for name in model.model_fields if name in view.model_fields_set}
        built = model.model_validate(given, by_name=True, by_alias=False)
        assert model.from_json(built.to_json()) == built


@pytest.mark.parametrize(
    ("enumeration", "definition", "member"),
    [
        (AchievementType, "Achievement", "achievementType"),
        (AlignmentTargetType, "Alignment", "targetType"),
        (ResultType, "ResultDescription", "resultType"),
        (ResultStatusType, "Result", "status"),
        (IdentifierType, "IdentifierEntry", "identifierType"),
    ],
)
def test_the_words_are_those_of_the_official_schema(enumeration: type[StrEnum], definition: str, member: str) -> None:
    described = published_json("schemas/achievementcredential.json")["$defs"][definition]["properties"][member]
    words_of_schema = described.get("enum") or described["oneOf"][0]["enum"]
    assert [str(word) for word in enumeration] == words_of_schema


def test_a_word_of_ones_own_begins_as_the_schema_asks() -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["achievementType"] = vocabulary.EXTENSION_PREFIX + "Designation"
    assert violations(document, *BOTH_FLAVOURS) == []
    assert prepared(document).document
    document["credentialSubject"]["achievement"]["achievementType"] = "Designation"
    assert violations(document, "achievementcredential.json")


def test_the_moment_of_the_tests_is_the_badges_own() -> None:
    assert badge()["validFrom"] == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
