"""What JSON-LD drops because it belongs to nothing is under no signature, and is not let through with one."""

from __future__ import annotations

from typing import Any

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.verification.report import Outcome
from tests.kit.proof.documents import check_proofs, signed

FLOATING: list[JsonObject] = [
    {"@included": ["text"]},
    {"@included": [{"@id": "urn:text"}]},
    {"@graph": ["text"]},
    {"@graph": [["text"]]},
    {"@graph": [{"@id": "urn:text"}]},
    {"@graph": [{"@value": "text"}]},
    {"description": {"@language": "text"}},
    {"@nest": {"@graph": ["text"]}},
]


@pytest.mark.parametrize("members", FLOATING, ids=str)
def test_a_value_that_belongs_to_nothing_is_not_let_through(members: Any) -> None:
    document = signed()
    assert check_proofs({**document, **members}).outcome is Outcome.FAILED
    inside = {**document, "credentialSubject": {**document["credentialSubject"], **members}}
    assert check_proofs(inside).outcome is Outcome.FAILED


@pytest.mark.parametrize("keyword", ["@included", "@graph"])
def test_nor_under_another_name_for_the_keyword(keyword: str) -> None:
    document = signed()
    renamed = {**document, "@context": [*document["@context"], {"aside": keyword}], "aside": ["text"]}
    assert check_proofs(renamed).outcome is Outcome.FAILED
