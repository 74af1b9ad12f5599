"""Whole qualifications come in and go out; one bad row leaves the rest, and nothing comes in twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import issuer_service
from issuer_service.people.roles import Role
from tests.service.catalogue.office import Office
from tests.service.conftest import World

SAMPLE = (Path(issuer_service.__file__).parent / "demo" / "data" / "warmtepompen.csv").read_text(encoding="utf-8")
HEAD, _, ROWS = SAMPLE.partition("\n")
VALIDATED: dict[str, Any] = {"validated_by": "De bron", "validated_on": "2025-02-01"}


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def table(*numbers: str) -> str:
    return HEAD + "\n" + "".join(ROWS.replace("1.1,", f"{number},") for number in numbers)


def send(
    office: Office, qualification: str, data: str, role: Role = Role.CURATOR, *, expect: int = 200, **query: Any
) -> Any:  # JSON
    answer = office.world.http.post(
        f"/v1/qualifications/{qualification}/imports",
        params=query,
        content=data.encode(),
        headers={"Authorization": f"Bearer {office.keys[role]}"},
    )
    assert answer.status_code == expect, answer.text
    return answer.json()


def export(office: Office, qualification: str, **query: Any) -> str:
    answer = office.world.http.get(f"/v1/qualifications/{qualification}/export", params=query)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_sample_comes_in_and_goes_out_in_every_form(office: Office) -> None:
    """*Vakmanschap Warmtepompen*: the same CSV byte for byte, and by way of each other form the same again."""
    first = office.qualification("Warmtepompen een")
    assert send(office, first, SAMPLE, **VALIDATED) == {
        "dry_run": False, "published": True, "taken": 1, "findings": [],
    }  # fmt: skip
    assert export(office, first) == SAMPLE
    for form in ("json", "case", "oeapi"):
        other = office.qualification(f"Warmtepompen {form}")
        assert send(office, other, export(office, first, format=form), **VALIDATED)["findings"] == []
        assert export(office, other) == SAMPLE, form
    package = json.loads(export(office, first, format="case"))
    assert package["CFDocument"]["uri"] == "https://badges.example/ulo/warmtepompen-een"
    assert [one["fullStatement"] for one in package["CFItems"]][2] == (
        "inschatten van de haalbaarheid voor een warmtepompsysteem"
    )
    outcomes = json.loads(export(office, first, format="oeapi"))["items"]
    assert [one["primaryCode"]["code"] for one in outcomes][:3] == ["1.1", "1.1/RO001", "1.1/VO001"]


def test_one_bad_row_leaves_the_rest(office: Office) -> None:
    qualification = office.qualification()
    bad = table("1.1", "1.2", "1.3").replace("1.2,VO002", "1.2,XX002")
    answer = send(office, qualification, bad)
    assert answer["taken"] == 2
    (finding,) = answer["findings"]
    assert (finding["row"], finding["field"], finding["unit"]) == (12, "Code", "1.2")
    assert "RO, VO or KO" in finding["mend"]
    # Mended and sent again: what is there stays, what was missing comes in.
    answer = send(office, qualification, table("1.1", "1.2", "1.3"))
    assert answer["taken"] == 1
    assert {one["unit"] for one in answer["findings"]} == {"1.1", "1.3"}


def test_without_validation_they_are_drafts_and_go_their_way(office: Office) -> None:
    qualification = office.qualification()
    send(office, qualification, SAMPLE, Role.LD_DEVELOPER)
    assert export(office, qualification) == HEAD + "\n"
    (draft,) = office.call(Role.LD_DEVELOPER, "GET", "/v1/ulo-drafts")["items"]
    assert office.publish(draft["id"])["status"] == "published"
    assert export(office, qualification) == SAMPLE


def test_a_dry_run_says_the_same_and_does_nothing(office: Office) -> None:
    qualification = office.qualification()
    assert send(office, qualification, SAMPLE, dry_run=True)["taken"] == 1
    assert send(office, qualification, SAMPLE, dry_run=True)["taken"] == 1
    assert office.call(Role.CURATOR, "GET", "/v1/ulo-drafts")["items"] == []


def test_r07_an_author_does_not_publish_by_importing(office: Office) -> None:
    qualification = office.qualification()
    send(office, qualification, SAMPLE, Role.LD_DEVELOPER, expect=403, **VALIDATED)
    refused = send(office, qualification, SAMPLE, validated_by="De bron", expect=422)
    assert refused["findings"][0]["field"] == "validated_on"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Code\n", "lacks the columns"),
        ("{", "no JSON"),
        ('{"CFDocument": 3}', "CFPackage"),
        ("[" * 100_000, "no JSON"),
        ('{"a": "\\u0000"}', "NUL"),
    ],
)
def test_what_is_of_no_form_is_refused(office: Office, data: str, said: str) -> None:
    assert said in send(office, office.qualification(), data, expect=422)["detail"]


def test_versions_that_were_followed_come_along_when_they_are_asked(office: Office) -> None:
    first = office.qualification("Eerste")
    send(office, first, SAMPLE, **VALIDATED)
    (version,) = [
        one for one in office.world.http.get("/v1/ulo-versions").json()["items"] if one["qualification"] == "Eerste"
    ]
    path = f"/v1/ulo-versions/{version['id']}/revisions"
    office.publish(office.call(Role.LD_DEVELOPER, "POST", path, {"version": "2"}, expect=201)["id"])
    whole = json.loads(export(office, first, format="json", all_versions=True))
    assert [(one["version"], one.get("standing")) for one in whole["units"]] == [("1", "deprecated"), ("2", None)]
    second = office.qualification("Tweede")
    assert send(office, second, json.dumps(whole), **VALIDATED)["taken"] == 2
    again = json.loads(export(office, second, format="json", all_versions=True))
    assert again["units"][0]["replacedBy"] == "https://badges.example/ulo/tweede/1.1/v2"


def test_hundreds_of_units_take_no_query_each(office: Office) -> None:
    """The small form of five thousand units in less than thirty seconds."""
    qualification = office.qualification()
    numbers = [f"{number}.1" for number in range(1, 151)]
    assert send(office, qualification, table(*numbers), **VALIDATED) == {
        "dry_run": False, "published": True, "taken": 150, "findings": [],
    }  # fmt: skip
    assert export(office, qualification).count("\n") == 150 * 8 + 1
