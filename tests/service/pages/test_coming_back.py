"""Whoever follows a link of a mail comes to its page, through signing in where that is needed, and to no other site."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer_service.clock import os_randomness
from issuer_service.web.returning import own_page
from issuer_service.web.sessions import make_login_link
from issuer_service.workflow.process.looking import where_to_look
from issuer_service.workflow.process.tables import ProcessCase
from tests.service.conftest import World
from tests.service.notices.posting import announced, notices
from tests.service.workflow.office import Office

ELSEWHERE = (
    "https://evil.example/desk",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "/%0d%0aSet-Cookie:x",
    "/desk\r\nSet-Cookie: x=1",
    "javascript:alert(1)",
    "/desk@evil.example:80",
    "desk",
    "",
    "/login?to=/login",
    "/logout",
    "/" + "a" * 600,
)


@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_is_no_page_of_ours_leads_nowhere(text: str) -> None:
    assert own_page(text) == ""


@given(st.text(st.sampled_from("/\\:@?#.%a0\t\r\n ;"), max_size=12))
def test_whatever_is_followed_stays_on_this_host(text: str) -> None:
    page = own_page(f"/{text}")
    # As a browser reads it: a backslash is a slash, and tabs and ends of lines are nothing.
    read = re.sub(r"[\t\r\n]", "", page).replace("\\", "/")
    assert urlsplit(read).netloc == ""
    assert urlsplit(read).scheme == ""


def signing_in(world: World, person_id: str) -> str:
    with world.installation.transaction() as session:
        return make_login_link(session, person_id, now=world.installation.now(), randomness=os_randomness)


def test_a_mail_of_a_path_leads_to_its_case_through_signing_in(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    (written,) = notices(world, "path-information")
    found = re.search(r"https?://\S+", written.body)
    assert found is not None
    page = urlsplit(found[0]).path
    assert page == f"/desk/cases/{case_id}"
    browser = world.http
    # Looked at without being signed in, it says so, and how to come back.
    refused = browser.get(f"{page}?lang=en", headers={"Accept": "text/html"})
    assert refused.status_code == 401
    way = re.search(r'href="(/login\?to=[^"]+)"', refused.text)
    assert way is not None
    assert unquote(way[1].partition("to=")[2]) == f"{page}?lang=en"
    browser.get(way[1])
    link = signing_in(world, office.ids["candidate"])
    there = browser.post(f"/login/link/{link}", follow_redirects=False)
    assert there.headers["Location"] == f"{page}?lang=en"
    assert "Geïnteresseerd" in browser.get(f"{page}?lang=nl").text
    # And once: who signs in again later begins at their work.
    again = browser.post(f"/login/link/{signing_in(world, office.ids['candidate'])}", follow_redirects=False)
    assert again.headers["Location"] == "/work"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site_by_signing_in(world: World, to: str) -> None:
    office = Office(world)
    link = signing_in(world, office.ids["candidate"])
    world.http.get(f"/login?to={quote(to, safe='')}")
    world.http.cookies.set("going-to", quote(to, safe=""), path="/login")
    answer = world.http.post(f"/login/link/{link}", follow_redirects=False)
    assert answer.headers["Location"] == "/work"


def test_a_company_is_led_to_its_case_and_who_has_no_part_in_it_to_where_people_sign_in(world: World) -> None:
    office = Office(world)
    case_id = office.begin("company-path", "employer")
    assert f"/desk/cases/{case_id}" in notices(world, "path-company")[0].body
    with world.installation.reading() as session:
        case = session.get_one(ProcessCase, case_id)
        assert (
            where_to_look(session, case, office.ids["coach"], base_url="https://x.example") == "https://x.example/login"
        )


def test_a_mail_of_a_run_leads_to_the_travel_of_whom_it_is_for(world: World) -> None:
    _, _, people = announced(world)
    bodies = [one.body for one in notices(world, "run-announced")]
    assert sorted(re.findall(r"/desk/participations/(\S+)", "".join(bodies))) == sorted(people)
