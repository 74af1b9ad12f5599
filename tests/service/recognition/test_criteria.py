"""Sets of criteria: drafted, found sound, published for a cohort, revised for the next, and never changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from issuer_service.people.roles import Role
from issuer_service.recognition.rules import CriteriaSet
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import key_of

ULO = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1"


def shows(outcome: str, rank: int | None = None) -> dict[str, Any]:
    level = {} if rank is None else {"level": {"scale": f"{outcome}/result", "rank": rank}}
    return {"rule": "shows", "outcome": outcome, **level}


def all_of(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"rule": "all", "of": list(rules)}


def criteria(rule: dict[str, Any], **changed: Any) -> dict[str, Any]:
    title = {"nl": "Vakmanschap", "en": "Craftsmanship"}
    return {
        "slug": "vakmanschap",
        "kind": "scheme",
        "title": title,
        "rule": rule,
        "cohorts_from": "2026-01-01",
    } | changed


class Curator:
    """Writes criteria over the API."""

    def __init__(self, world: World) -> None:
        self._http, self._key = world.http, key_of(world, Role.CURATOR)

    def call(self, method: str, path: str, body: Any = None, *, expect: int) -> Any:  # JSON
        answer = self._http.request(method, path, json=body, headers={"Authorization": f"Bearer {self._key}"})
        assert answer.status_code == expect, answer.text
        return answer.json()

    def draft(self, rule: dict[str, Any], **changed: Any) -> Any:  # JSON
        return self.call("POST", "/v1/criteria-sets", criteria(rule, **changed), expect=201)

    def publish(self, drafted: Any, *, expect: int = 200) -> Any:  # JSON
        return self.call("POST", f"/v1/criteria-sets/{drafted['id']}/publication", expect=expect)

    def findings(self, drafted: Any) -> set[tuple[str, str, bool]]:
        found = self.call("GET", f"/v1/criteria-sets/{drafted['id']}/findings", expect=200)["findings"]
        return {(one["code"], one["path"], one["hinders"]) for one in found}


@pytest.fixture
def curator(world: World) -> Curator:
    return Curator(world)


@pytest.mark.both_databases
def test_a_published_version_never_changes_and_its_revision_is_for_the_next_cohort(
    world: World, curator: Curator
) -> None:
    first = curator.draft(shows(f"{ULO}/RO001", 3))
    curator.call("PUT", f"/v1/criteria-sets/{first['id']}", without_slug(criteria(shows(ULO))), expect=200)
    published = curator.publish(first)
    assert (published["version"], published["rule"]["outcome"]) == (1, ULO)
    refused = curator.call("PUT", f"/v1/criteria-sets/{first['id']}", without_slug(criteria(shows(ULO))), expect=409)
    assert "never changes" in refused["detail"]
    second = curator.draft(shows(f"{ULO}/VO001"), cohorts_from="2026-09-01")
    curator.call("POST", "/v1/criteria-sets", criteria(shows(ULO)), expect=409)
    curator.publish(second)
    first_now = curator.call("GET", f"/v1/criteria-sets/{first['id']}", expect=200)
    assert (first_now["rule"], first_now["cohorts_until"]) == (published["rule"], None)
    assert first_now["superseded_from"] == "2026-09-01"
    for day, version in (("2026-08-31", 1), ("2026-09-01", 2)):
        path = f"/v1/criteria-sets?slug=vakmanschap&began_on={day}"
        assert [one["version"] for one in curator.call("GET", path, expect=200)["items"]] == [version]
    # At its own address, for everybody.
    assert world.http.get("/criteria/voorbeeld-opleider/vakmanschap/v1").json()["rule"] == published["rule"]
    assert world.http.get("/criteria/voorbeeld-opleider/vakmanschap/v3").status_code == 404


def without_slug(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "slug"}


@ON_ONE_DATABASE
class TestWhatAReviewerWouldSay:
    def test_what_hinders_is_named_with_its_place(self, curator: Curator) -> None:
        rule = all_of(
            shows(f"{ULO}/RO001", 9),
            shows(f"{ULO}/RO999"),
            {"rule": "only", "issuers": ["did:web:stranger.example"], "of": shows(f"{ULO}/VO001")},
            {"rule": "excluded", "outcome": f"{ULO}/VO001"},
            {"rule": "some", "at_least": 2, "of": [shows(ULO), shows(ULO)]},
        )
        drafted = curator.draft(rule)
        assert curator.findings(drafted) == {
            ("no-such-level", "rule.of.0.outcome", True),
            ("outcome-unknown", "rule.of.1.outcome", True),
            ("issuers-not-trusted", "rule.of.2.issuers", True),
            ("asked-and-excluded", "rule.of.3", True),
            ("asked-twice", "rule.of.4.of.1", True),
        }
        refused = curator.publish(drafted, expect=422)
        assert len(refused["findings"]) == 6
        assert "no-such-level" in json.dumps(refused)

    def test_what_cannot_be_known_here_is_a_hint(self, curator: Curator) -> None:
        drafted = curator.draft(shows("https://elsewhere.example/outcome"), title={"nl": "Vakmanschap"})
        assert curator.findings(drafted) == {
            ("outcome-elsewhere", "rule.outcome", False),
            ("title-in-one-language", "title", False),
        }
        curator.publish(drafted)

    def test_criteria_that_ask_for_nothing_are_not_published(self, curator: Curator) -> None:
        drafted = curator.draft({"rule": "excluded", "outcome": ULO})
        assert curator.findings(drafted) == {("only-excludes", "rule", True)}

    def test_a_cohort_has_one_version(self, curator: Curator) -> None:
        curator.publish(curator.draft(shows(ULO), cohorts_until="2026-08-31"))
        codes = {
            day: {code for code, _, _ in curator.findings(drafted)}
            for day in ("2025-09-01", "2026-08-31", "2026-09-01", "2026-10-01")
            if (drafted := redrafted(curator, day))
        }
        assert codes == {
            "2025-09-01": {"cohorts-begin-earlier"},
            "2026-08-31": {"cohorts-overlap"},
            "2026-09-01": set(),
            "2026-10-01": {"cohorts-gap"},
        }

    def test_a_rule_that_cannot_be_meant_is_refused_with_the_place(self, curator: Curator) -> None:
        refused = curator.call("POST", "/v1/criteria-sets", criteria({"rule": "all", "of": []}), expect=422)
        assert "rule" in refused["findings"][0]["field"]
        late = criteria(shows(ULO), cohorts_until="2025-01-01")
        assert "lies before" in json.dumps(curator.call("POST", "/v1/criteria-sets", late, expect=422))
        deep = shows(ULO)
        for _ in range(300):
            deep = all_of(deep)
        curator.call("POST", "/v1/criteria-sets", criteria(deep), expect=422)


def redrafted(curator: Curator, day: str) -> Any:  # JSON
    """The draft of the second version, for who begins on that day."""
    listed = curator.call("GET", "/v1/criteria-sets?published=false", expect=200)["items"]
    if not listed:
        return curator.draft(shows(ULO), cohorts_from=day)
    changed = without_slug(criteria(shows(ULO), cohorts_from=day))
    return curator.call("PUT", f"/v1/criteria-sets/{listed[0]['id']}", changed, expect=200)


@ON_ONE_DATABASE
def test_what_is_shown_is_a_rule_again(curator: Curator) -> None:
    rule = all_of({"rule": "total", "unit": "hours", "at_least": "40.5", "of": [f"{ULO}/VO002", f"{ULO}/VO001"]})
    drafted = curator.draft(rule)
    again = CriteriaSet.model_validate(
        {"iri": drafted["iri"]} | {name: drafted[name] for name in ("version", "kind", "title", "rule", "cohorts_from")}
    )
    assert again.rule.model_dump(mode="json")["of"][0]["of"] == [f"{ULO}/VO001", f"{ULO}/VO002"]
    curator.call("PUT", f"/v1/criteria-sets/{drafted['id']}", without_slug(criteria(drafted["rule"])), expect=200)


@ON_ONE_DATABASE
def test_an_issuer_is_trusted_with_a_ground_until_that_ends(world: World) -> None:
    headers = {"Authorization": f"Bearer {key_of(world, Role.ADMINISTRATOR)}"}
    body = {"issuer": "did:web:ander.example", "name": "Een ander", "ground": "Zelfde toetsmatrijs."}
    made = world.http.post("/v1/trusted-issuers", json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert world.http.post("/v1/trusted-issuers", json=body, headers=headers).status_code == 409
    ended = world.http.post(f"/v1/trusted-issuers/{made.json()['id']}/end", headers=headers)
    assert ended.json()["ended_at"] is not None
    # It may be trusted again, with a ground of its own.
    assert world.http.post("/v1/trusted-issuers", json=body, headers=headers).status_code == 201
