"""Reading and writing back loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import MAX_DEPTH
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model import reading
from openbadges_kit.model.achievement import Achievement, Alignment, Criteria
from openbadges_kit.model.clr import ClrCredential
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
from openbadges_kit.model.endorsement import EndorsementCredential
from openbadges_kit.model.envelope import (
    EnvelopedVerifiableCredential,
    EnvelopedVerifiablePresentation,
    VerifiablePresentation,
)
from openbadges_kit.model.json_object import JsonObjectModel
from openbadges_kit.model.profile import Profile
from openbadges_kit.model.verifiable_credential import BitstringStatusListEntry, CredentialStatus, VerifiableCredential
from tests.kit.model.documents_of import documents_of
from tests.published import published, published_json

FIXTURES = (
    "complete.json",
    "endorsement-valid.json",
    "simple-did-key-method.json",
    "simple-err-expired.json",
    "simple-err-proof-value.json",
    "simple-err-type.json",
    "simple-multiple-proofs.json",
    "simple.json",
    "simple_v1.json",
    "bit-string-list/credential-status-revoked.json",
    "bit-string-list/testlist",
)


def subclasses(model: type[JsonObjectModel]) -> set[type[JsonObjectModel]]:
    below = set(model.__subclasses__())
    return below.union(*(subclasses(one) for one in below))


# Importing `reading` has imported them all.
MODELS = sorted(
    (model for model in subclasses(JsonObjectModel) if model.__module__.startswith(reading.__package__)),
    key=lambda model: model.__name__,
)


def text_of(document: Any) -> str:
    """The JSON text: it tells 1 from 1.0 and from true, and sees the order of members."""
    return json.dumps(document)


class TestAnyObjectSurvives:
    """What any class of the model reads, it writes back as it was: every member, its value and its place."""

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
    @given(data=st.data())
    def test_read_write_read(self, model: type[JsonObjectModel], data: st.DataObject) -> None:
        document = data.draw(documents_of(model))
        view = model.from_json(document)
        written = view.to_json()
        assert text_of(written) == text_of(document)
        assert model.from_json(written) == view


def test_every_class_of_the_data_model_is_among_those_that_are_tried() -> None:
    names = {model.__name__ for model in MODELS}
    assert names >= {
        "Achievement", "AchievementCredential", "AchievementSubject", "Address", "Alignment", "Association",
        "BitstringStatusListEntry", "ClrCredential", "ClrSubject", "CredentialSchema", "CredentialStatus", "Criteria",
        "EndorsementCredential", "EndorsementSubject", "EnvelopedVerifiableCredential",
        "EnvelopedVerifiablePresentation", "Evidence", "GeoCoordinates", "IdentifierEntry", "IdentityObject", "Image",
        "Profile", "RefreshService", "Related", "Result", "ResultDescription", "RubricCriterionLevel", "TermsOfUse",
        "VerifiableCredential", "VerifiablePresentation",
    }  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_of_1edtech_survives(name: str) -> None:
    document = published_json(f"vectors/1edtech/ob30/{name}")
    assert text_of(reading.read_credential(document).to_json()) == text_of(document)


def test_all_fixtures_of_1edtech_are_tried() -> None:
    folder = published("vectors/1edtech/ob30")
    there = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.suffix in {".json", ""}}
    assert {name for name in there if (folder / name).is_file()} == {*FIXTURES, "simple-err-context.json"}


def test_a_badge_without_an_achievement_is_read_as_a_credential_only() -> None:
    document = published_json("vectors/1edtech/ob30/simple-err-context.json")
    with pytest.raises(MalformedDocument) as caught:
        reading.read_credential(document)
    assert caught.value.path == "$.credentialSubject.achievement"
    assert text_of(VerifiableCredential.from_json(document).to_json()) == text_of(document)


class TestUnknownTermsSurviveAtEveryLevel:
    """A term that the model does not know stays where it was, whatever object it is in."""

    @pytest.mark.parametrize("name", FIXTURES)
    def test_in_every_object_of_a_fixture(self, name: str) -> None:
        document = published_json(f"vectors/1edtech/ob30/{name}")
        places = 0

        def marked(value: Any) -> Any:
            nonlocal places
            if isinstance(value, dict):
                places += 1
                return {"target_name": places} | {key: marked(inner) for key, inner in value.items()} | {"x": [None]}
            return [marked(item) for item in value] if isinstance(value, list) else value

        everywhere = marked(document)
        assert places > 2
        assert text_of(reading.read_credential(everywhere).to_json()) == text_of(everywhere)


def test_a_name_in_several_languages_stays_as_it_was() -> None:
    names = [{"@value": "Lassen", "@language": "nl"}, {"@value": "Welding", "@language": "en"}]
    profile = Profile.from_json({"id": "https://a.example", "type": "Profile", "name": names})
    assert profile.name == names
    assert profile.to_json()["name"] == names


def test_a_single_value_is_not_made_a_list_nor_a_list_a_single_value() -> None:
    one = {"type": "Alignment", "targetName": "a", "targetUrl": "https://a.example"}
    for alignment in (one, [one], [one, one]):
        document = {
            "id": "https://a.example",
            "type": ["Achievement"],
            "name": "n",
            "description": "d",
            "criteria": {},
            "alignment": alignment,
        }
        assert Achievement.from_json(document).to_json() == document


@pytest.mark.parametrize("credits_available", [3, 3.0, 0.5, 2**70])
def test_a_number_stays_the_number_it_was(credits_available: float) -> None:
    document = {
        "id": "https://a.example",
        "name": "n",
        "description": "d",
        "criteria": {"narrative": "c"},
        "creditsAvailable": credits_available,
    }
    assert text_of(Achievement.from_json(document).to_json()) == text_of(document)


def test_a_truth_value_is_no_number_and_a_text_no_truth_value() -> None:
    base = {"id": "https://a.example", "name": "n", "description": "d", "criteria": {}}
    with pytest.raises(MalformedDocument) as caught:
        Achievement.from_json({**base, "creditsAvailable": True})
    assert caught.value.path == "$.creditsAvailable"
    with pytest.raises(MalformedDocument):
        ClrCredential.from_json({"partial": "true"})


def test_an_object_that_was_built_gets_its_type_and_context() -> None:
    alignment = Alignment(target_name="a", target_url="https://a.example")
    assert alignment.to_json() == {"type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example"}
    assert Alignment.from_json(alignment.to_json()) == alignment


def test_an_object_that_was_read_without_a_type_gets_none() -> None:
    document = {"targetName": "a", "targetUrl": "https://a.example"}
    assert Alignment.from_json(document).to_json() == document


def test_a_changed_copy_of_what_was_read_keeps_the_rest_in_place() -> None:
    document = {"x": 1, "targetUrl": "https://a.example", "targetName": "a"}
    changed = Alignment.from_json(document).model_copy(update={"target_name": "b", "target_code": "1"})
    assert text_of(changed.to_json()) == text_of(
        {"x": 1, "targetUrl": "https://a.example", "targetName": "b", "targetCode": "1"}
    )


def test_two_objects_of_other_classes_are_not_equal_though_their_json_is() -> None:
    assert Criteria.from_json({}) == Criteria()
    assert CredentialStatus.from_json({"type": "t"}) != Criteria.from_json({"type": "t"})
    assert Criteria() != "{}"


class TestVersionOneOfTheDataModel:
    """VCDM 1.1 is read into the same view."""

    def test_its_dates_are_the_period(self) -> None:
        document = published_json("vectors/1edtech/ob30/simple_v1.json")
        view = AchievementCredential.from_json({**document, "expirationDate": "2030-01-01T00:00:00Z"})
        assert (view.valid_from, view.valid_until) == ("2010-01-01T00:00:00Z", "2030-01-01T00:00:00Z")
        assert view.to_json()["expirationDate"] == "2030-01-01T00:00:00Z"
        assert "validUntil" not in view.to_json()

    def test_with_both_the_later_name_counts_and_both_stay(self) -> None:
        document = published_json("vectors/1edtech/ob30/simple_v1.json") | {"validFrom": "2011-01-01T00:00:00Z"}
        view = AchievementCredential.from_json(document)
        assert view.valid_from == "2011-01-01T00:00:00Z"
        assert text_of(view.to_json()) == text_of(document)

    def test_a_badge_with_neither_is_refused_with_the_place(self) -> None:
        document = published_json("vectors/1edtech/ob30/simple.json")
        del document["validFrom"]
        with pytest.raises(MalformedDocument) as caught:
            AchievementCredential.from_json(document)
        assert caught.value.path == "$.validFrom"


class TestPlaces:
    """The error names the place in the document, and no branch of a union."""

    def test_in_a_list_of_alternatives(self) -> None:
        document = published_json("vectors/1edtech/ob30/complete.json")
        del document["credentialSubject"]["achievement"]["resultDescription"][1]["rubricCriterionLevel"][0]["id"]
        with pytest.raises(MalformedDocument) as caught:
            AchievementCredential.from_json(document)
        assert caught.value.path == ("$.credentialSubject.achievement.resultDescription[1].rubricCriterionLevel[0].id")

    @given(
        where=st.sampled_from(
            ["issuer", "credentialSubject", "image", "evidence", "name", "type", "@context", "proof"]
        ),
        value=st.sampled_from([5, 5.5, True, [5], [[]], {"id": 5}, [{"id": []}]]),
    )
    def test_whatever_is_there_only_malformed_document_comes_out(self, where: str, value: Any) -> None:
        document = published_json("vectors/1edtech/ob30/complete.json") | {where: value}
        try:
            view = reading.read_credential(document)
        except MalformedDocument:
            return
        assert text_of(view.to_json()) == text_of(document)

    def test_nesting_without_end_is_refused(self) -> None:
        document: dict[str, Any] = {"id": "https://a.example"}
        for _ in range(MAX_DEPTH + 1):
            document = {"id": "https://a.example", "parentOrg": document}
        with pytest.raises(MalformedDocument, match="nested deeper"):
            Profile.from_json(document)

    def test_what_is_no_object_is_refused(self) -> None:
        with pytest.raises(MalformedDocument):
            Profile.from_json([])  # type: ignore[arg-type]


class TestReader:
    """A document becomes the view that its type names."""

    @pytest.mark.parametrize(
        ("name", "view"),
        [
            ("complete.json", AchievementCredential),
            ("endorsement-valid.json", EndorsementCredential),
            ("simple-err-type.json", VerifiableCredential),
            ("bit-string-list/testlist", VerifiableCredential),
        ],
    )
    def test_by_its_type(self, name: str, view: type) -> None:
        assert type(reading.read_credential(published_json(f"vectors/1edtech/ob30/{name}"))) is view

    def test_a_learner_record_holds_credentials_as_they_were_signed(self) -> None:
        badge = published_json("vectors/1edtech/ob30/simple.json")
        record = {
            "type": ["VerifiableCredential", "ClrCredential"],
            "id": "urn:uuid:6f1c0b5e-2f0a-4a55-9a44-0d3d3f0a7b10",
            "name": "Record",
            "issuer": "https://a.example",
            "validFrom": "2026-01-01T00:00:00Z",
            "partial": True,
            "credentialSubject": {
                "type": ["ClrSubject"],
                "verifiableCredential": [badge],
                "association": [
                    {
                        "type": "Association",
                        "associationType": "isPartOf",
                        "sourceId": "https://a.example/1",
                        "targetId": "https://a.example/2",
                    }
                ],
            },
        }
        view = reading.read_credential(record)
        assert isinstance(view, ClrCredential)
        assert view.issuer_id == "https://a.example"
        assert view.credential_subject.verifiable_credential == [badge]
        assert text_of(view.to_json()) == text_of(record)

    def test_a_presentation_holds_credentials_as_they_were_signed(self) -> None:
        badge = published_json("vectors/1edtech/ob30/simple.json")
        document = {"type": "VerifiablePresentation", "holder": "did:example:1", "verifiableCredential": badge}
        view = reading.read_presentation(document)
        assert isinstance(view, VerifiablePresentation)
        assert view.verifiable_credential == badge

    def test_envelopes_are_told_from_what_is_in_them(self) -> None:
        envelope = EnvelopedVerifiableCredential.of("eyJh.eyJi.c2ln")
        assert envelope.to_json() == {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": "data:application/vc+jwt,eyJh.eyJi.c2ln",
            "type": "EnvelopedVerifiableCredential",
        }
        read = reading.read_credential(envelope.to_json())
        assert isinstance(read, EnvelopedVerifiableCredential)
        assert (read.media_type, read.token) == ("application/vc+jwt", "eyJh.eyJi.c2ln")
        presentation = {"id": "data:application/vp+jwt,a.b.c", "type": "EnvelopedVerifiablePresentation"}
        assert reading.read_presentation(presentation).to_json() == presentation

    @pytest.mark.parametrize(
        "url",
        ["https://a.example/x,y", "data:,a.b.c", "data:application/vc+jwt,", "data:a;base64,YQ", "data:a,%41", ""],
    )
    def test_an_envelope_around_no_token_is_refused(self, url: str) -> None:
        envelope = EnvelopedVerifiableCredential.from_json({"id": url, "type": "EnvelopedVerifiableCredential"})
        with pytest.raises(MalformedDocument):
            _ = envelope.token

    @pytest.mark.parametrize("kind", [None, "Profile", [], 5, [5]])
    def test_another_type_is_refused(self, kind: object) -> None:
        with pytest.raises(MalformedDocument, match="VerifiableCredential"):
            reading.read_credential({"type": kind})
        with pytest.raises(MalformedDocument, match="VerifiablePresentation"):
            reading.read_presentation({"type": kind})


def test_a_status_of_a_known_kind_is_read_as_one_and_another_as_it_is() -> None:
    document = published_json("vectors/1edtech/ob30/bit-string-list/credential-status-revoked.json")
    entry = AchievementCredential.from_json(document).credential_status
    assert isinstance(entry, BitstringStatusListEntry)
    assert entry.status_list_index == 23
    listed = published_json("vectors/1edtech/ob30/complete.json")
    status = AchievementCredential.from_json(listed).credential_status
    assert type(status) is CredentialStatus


def test_a_view_cannot_be_changed() -> None:
    subject = AchievementSubject.from_json(published_json("vectors/1edtech/ob30/complete.json")["credentialSubject"])
    with pytest.raises(ValueError, match="frozen"):
        subject.role = "x"  # type: ignore[misc]


def test_a_member_that_a_later_name_displaced_is_kept_beside_it() -> None:
    document = {"validUntil": "2030-01-01T00:00:00Z", "expirationDate": ["x"], "issuer": "i", "credentialSubject": {}}
    view = VerifiableCredential.from_json(document)
    assert view.valid_until == "2030-01-01T00:00:00Z"
    assert text_of(view.to_json()) == text_of(document)


def test_an_envelope_around_a_presentation_names_its_media_type() -> None:
    envelope = EnvelopedVerifiablePresentation.of("a.b.c")
    assert (envelope.id, envelope.media_type) == ("data:application/vp+jwt,a.b.c", "application/vp+jwt")
