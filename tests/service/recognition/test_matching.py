"""What a badge proves: by the same IRI, by alignment, by a crosswalk, and what only a person can say."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import issuer_service
from issuer_service.catalogue.service import rubric_from_json
from issuer_service.recognition.matching import Match, MatchKind, matches
from issuer_service.recognition.proofs import Level
from openbadges_kit.documents import JsonObject
from openbadges_kit.skills.achievement import achievement_from_ulo, results_of
from openbadges_kit.skills.ulo import ulo_from_rows
from openbadges_kit.vocabulary import SkosMatch

DATA = Path(issuer_service.__file__).parent / "demo" / "data"
IRI = "https://ours.example/ulo/vakmanschap-warmtepompen/1.1/v1"
THEIRS = "https://theirs.example/outcomes/42"
ROWS = list(csv.DictReader((DATA / "warmtepompen.csv").read_text(encoding="utf-8").splitlines()))
ULO = ulo_from_rows(ROWS, iri=IRI, number="1.1", version="1", title="T", qualification="Q", catalogue="C")
RUBRIC = rubric_from_json(json.loads((DATA / "warmtepompen-rubric.json").read_text(encoding="utf-8")))
LEVELS = {"RO001": "zelfstandig", "VO001": "nog-niet", "VO002": "zelfstandig", "VO003": "zelfstandig"}


def badge(achievement: JsonObject | None = None, **subject: Any) -> JsonObject:
    return {
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "issuer": {"id": "did:web:ours.example", "type": "Profile"},
        "awardedDate": "2026-03-01T09:00:00Z",
        "credentialSubject": {"achievement": achievement or {"id": IRI}, **subject},
    }


def found(document: JsonObject, crosswalk: dict[str, dict[str, SkosMatch]] | None = None) -> dict[str, Match]:
    return {match.proof.shows: match for match in matches(document, crosswalk=crosswalk or {})}


def real_badge() -> JsonObject:
    results = [result.to_json() for result in results_of(LEVELS, ulo=ULO, rubric=RUBRIC)]
    return badge(achievement_from_ulo(ULO, rubric=RUBRIC).to_json(), result=results)


def test_a_badge_for_a_unit_proves_the_unit_and_the_components_that_were_reached() -> None:
    proofs = found(real_badge())
    assert proofs[IRI].kind is MatchKind.SAME_IRI
    assert proofs[f"{IRI}/RO001"].kind is MatchKind.ALIGNMENT
    assert proofs[f"{IRI}/RO001"].proof.level == Level(f"{IRI}/RO001/result", 3)
    assert proofs[f"{IRI}/KO001"].proof.level is None
    # It was assessed, and not reached.
    assert f"{IRI}/VO001" not in proofs


def test_it_is_the_issuers_of_that_day() -> None:
    proof = found(badge())[IRI].proof
    assert (proof.issuer, proof.awarded_on) == ("did:web:ours.example", date(2026, 3, 1))


class TestForeignBadges:
    foreign = badge({"id": "https://theirs.example/badge", "alignment": [{"type": ["Alignment"], "targetUrl": THEIRS}]})

    @pytest.mark.parametrize("match", [SkosMatch.EXACT, SkosMatch.CLOSE])
    def test_a_strong_match_of_a_crosswalk_counts(self, match: SkosMatch) -> None:
        proof = found(self.foreign, {THEIRS: {f"{IRI}/RO001": match}})[f"{IRI}/RO001"]
        assert (proof.kind, proof.by, proof.counts) == (MatchKind.CROSSWALK, THEIRS, True)

    @pytest.mark.parametrize("match", [SkosMatch.BROAD, SkosMatch.NARROW, SkosMatch.RELATED])
    def test_a_weak_one_is_for_a_person_to_decide(self, match: SkosMatch) -> None:
        proof = found(self.foreign, {THEIRS: {f"{IRI}/RO001": match}})[f"{IRI}/RO001"]
        assert (proof.kind, proof.counts) == (MatchKind.PROPOSED, False)

    def test_the_surest_way_is_the_one_that_is_told(self) -> None:
        crosswalk = {THEIRS: {THEIRS: SkosMatch.RELATED}}
        assert found(self.foreign, crosswalk)[THEIRS].kind is MatchKind.ALIGNMENT

    def test_a_level_on_their_scale_stays_on_their_scale(self) -> None:
        result = {
            "id": f"{THEIRS}/result",
            "rubricCriterionLevel": [{"id": "urn:level:good", "level": "2"}],
        }
        achievement = {"id": THEIRS, "resultDescription": [result]}
        reached = {"resultDescription": f"{THEIRS}/result", "achievedLevel": "urn:level:good", "status": "Completed"}
        proof = found(badge(achievement, result=[reached]), {THEIRS: {IRI: SkosMatch.EXACT}})[IRI].proof
        assert proof.level == Level(f"{THEIRS}/result", 2)


def test_hours_and_credits_are_read_where_the_badge_says_them() -> None:
    proof = found(badge({"id": IRI, "volumeOfLearning": "PT28H30M", "creditsAvailable": 1.5}))[IRI].proof
    assert (proof.hours, proof.credits) == (Decimal("28.50"), Decimal("1.5"))
    assert found(badge(creditsEarned=2))[IRI].proof.credits == 2


def test_a_designation_proves_no_learning_outcome() -> None:
    assert found(badge(role="VP"))[IRI].proof.designation == "VP"


@pytest.mark.parametrize("without", ["id", "issuer", "awardedDate", "credentialSubject"])
def test_what_cannot_be_named_or_dated_proves_nothing(without: str) -> None:
    document = badge()
    del document[without]
    assert matches(document, crosswalk={}) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["id", "level", "targetUrl", "status", "resultDescription"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(["alignment", "resultDescription", "creditsAvailable", "volumeOfLearning", "id"]),
    st.sampled_from(["result", "role", "creditsEarned", "achievement"]),
    json_values,
)
def test_whatever_a_signed_badge_says_it_is_answered(in_achievement: str, in_subject: str, value: Any) -> None:
    document = badge({"id": IRI, in_achievement: value})
    document["credentialSubject"][in_subject] = value
    assert all(match.proof.awarded_on <= datetime.now(UTC).date() for match in matches(document, crosswalk={}))
