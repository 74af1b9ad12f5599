"""Whatever a badge refers to stands at its address as a page, as linked data and as plain JSON."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from issuer_service.catalogue.examples import add_examples
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, organisation_by_slug
from issuer_service.web.negotiation import HTML, JSON, JSON_LD, chosen
from openbadges_kit.jsonld.processor import find_unmapped_terms
from tests.service.catalogue.office import Office
from tests.service.conftest import World

OFFERED = (JSON_LD, HTML, JSON)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
CATALOGUE = "/catalogues/voorbeeld-opleider/voorbeeldcatalogus-waterstof"
UNIT = "/ulo/waterstof-elektrolyse/1.1/v1"
EVERYTHING = (CATALOGUE, "/ulo/waterstof-elektrolyse", UNIT, f"{UNIT}/en", f"{UNIT}/VO001", f"{UNIT}/VO001/en")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSON_LD),
        ("*/*", JSON_LD),
        (BROWSER, HTML),
        ("application/json", JSON),
        ("application/*", JSON_LD),
        ("text/*", HTML),
        ("application/json;q=0.5, text/html;q=0.4", JSON),
        ("application/json;q=0.5, text/html;q=0.6", HTML),
        ("*/*;q=0.1, application/ld+json;q=0", HTML),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        ("application/ld+json;profile=x;q=0.2, application/json;q=0.3", JSON),
        ("application/json;q=high, text/html;q=0.1", HTML),
        ("nonsense, application/json", JSON),
    ],
)
def test_what_is_wanted_most_is_chosen(accept: str, form: str) -> None:
    assert chosen(accept, *OFFERED) == form


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "*/*;q=0", "nonsense"])
def test_what_is_not_there_is_refused(accept: str) -> None:
    with pytest.raises(HTTPException) as refused:
        chosen(accept, *OFFERED)
    assert refused.value.status_code == 406


@given(st.text(alphabet="texap/h*;q=.01,jsonld+ ", max_size=40))
def test_whatever_is_sent_is_answered_or_refused(accept: str) -> None:
    try:
        answer: object = chosen(accept, *OFFERED)
    except HTTPException as refused:
        answer = refused.status_code
    assert answer in {*OFFERED, 406}


@pytest.fixture
def shown(world: World) -> World:
    here = world.installation
    with here.transaction() as session:
        provider = organisation_by_slug(session, "voorbeeld-opleider")
        caller = Caller.in_role("", provider.id, Role.CURATOR)
        add_examples(session, caller=caller, base_url=here.base_url, now=here.now(), randomness=here.randomness)
    return world


def get(world: World, path: str, accept: str) -> Any:  # a response
    return world.http.get(path, headers={"Accept": accept}, follow_redirects=True)


def test_everything_stands_at_its_address_in_every_form(shown: World) -> None:
    for path in EVERYTHING:
        for form in OFFERED:
            answer = get(shown, path, form)
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, form), (path, form)
            assert "Accept" in answer.headers["vary"], (path, form)
        refused = get(shown, path, "image/png")
        assert refused.status_code == 406, path
        assert refused.headers["content-type"] == "application/problem+json"


def terms_of(value: Any) -> set[str]:  # JSON
    if isinstance(value, list):
        return set().union(*(terms_of(one) for one in value))
    if not isinstance(value, dict):
        return set()
    members = {name: inner for name, inner in value.items() if name != "@context"}
    return set(members).union(*(terms_of(inner) for inner in members.values()))


def test_linked_data_has_the_address_as_its_id_and_no_term_without_a_meaning(shown: World) -> None:
    for path in EVERYTHING:
        document = get(shown, path, JSON_LD).json()
        assert document["id"] == f"https://badges.example{path}"
        context = document["@context"]
        if isinstance(context, list):
            assert find_unmapped_terms(document) == (), path
        else:
            assert terms_of(document) <= set(context) | {"@language", "@value"}, path


def test_editions_refer_to_each_other(shown: World) -> None:
    dutch, english = (get(shown, path, JSON_LD).json() for path in (UNIT, f"{UNIT}/en"))
    assert (dutch["inLanguage"], english["inLanguage"]) == ("nl", "en")
    assert [one["id"] for one in dutch["related"]] == [english["id"]]
    assert english["name"] == "Placing and connecting an electrolyser safely"
    assert get(shown, f"{UNIT}/de", JSON_LD).status_code == 404
    assert get(shown, f"{UNIT}/VO001/de", JSON_LD).status_code == 404


def test_an_example_says_so_wherever_it_stands(shown: World) -> None:
    assert get(shown, CATALOGUE, JSON).json()["isExample"]
    assert get(shown, "/ulo/waterstof-elektrolyse", JSON).json()["isExample"]


def test_a_unit_without_a_version_leads_to_the_newest(shown: World) -> None:
    assert get(shown, "/ulo/waterstof-elektrolyse/1.1", JSON).json()["version"] == "1"
    assert get(shown, "/ulo/waterstof-elektrolyse/9.9", JSON).status_code == 404


def test_a_version_that_was_followed_or_withdrawn_says_so_in_every_form(world: World) -> None:
    office = Office(world)
    (first,) = world.http.get("/v1/ulo-versions").json()["items"]
    path = "/ulo/vakmanschap-warmtepompen/1.1/v1"
    revisions = f"/v1/ulo-versions/{first['id']}/revisions"
    office.publish(office.call(Role.LD_DEVELOPER, "POST", revisions, {"version": "2"}, expect=201)["id"])
    follower = first["iri"].removesuffix("1") + "2"
    plain = get(world, path, JSON)
    assert (plain.json()["standing"], plain.json()["replacedBy"]) == ("deprecated", follower)
    assert f'<{follower}>; rel="successor-version"' in get(world, path, JSON_LD).headers["link"]
    (concept, _) = get(world, "/ulo/vakmanschap-warmtepompen", JSON_LD).json()["hasTopConcept"]
    assert (concept["deprecated"], concept["isReplacedBy"]) == (True, follower)
    assert get(world, "/ulo/vakmanschap-warmtepompen/1.1", JSON).json()["version"] == "2"
    reason = {"reason": "norm vervallen"}
    office.call(Role.CURATOR, "POST", f"/v1/ulo-versions/{first['id']}/withdrawal", reason)
    assert get(world, path, JSON).json()["standingReason"] == "norm vervallen"
    assert get(world, f"{path}/VO001", JSON).json()["standing"] == "withdrawn"
    assert "ngetrokken" in get(world, f"{path}?lang=nl", HTML).text
