"""Every page is read as a screen reader reads it, in both languages, and its colours can be told apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from issuer_service.clock import os_randomness
from issuer_service.delivery.service import ClaimLinks
from issuer_service.pages.rendering import STATIC, render
from issuer_service.people.tables import Person
from issuer_service.web.sessions import make_login_link
from openbadges_kit.rendering.badge_image import contrast
from tests.service.conftest import ON_ONE_DATABASE, SECRET, World
from tests.service.drawing.stylesheets import colours
from tests.service.pages.screen_reader import findings, read

HTML: Final = {"Accept": "text/html"}
PUBLIC: Final = ("/", "/verify", "/login", "/skills", "/recognition", "/catalogues", "/no-such-page")
TEXT, GRAPHICS = 4.5, 3.0
STYLE: Final = (Path(STATIC) / "style.css").read_text(encoding="utf-8")


def assert_read(world: World, path: str, *, status: int = 200) -> None:
    for language in ("nl", "en"):
        answer = world.http.get(f"{path}?lang={language}", headers=HTML)
        assert answer.status_code == status, path
        assert findings(answer.text) == [], f"{path} in {language}"


@ON_ONE_DATABASE
class TestEveryPage:
    def test_for_anybody(self, world: World) -> None:
        for path in PUBLIC:
            assert_read(world, path, status=404 if path == "/no-such-page" else 200)
        ulo = world.setting.ulo_iri.removeprefix("https://badges.example")
        catalogue = f"/catalogues/{world.setting.issuer_slug}/skills-catalogus"
        for path in (
            catalogue,
            ulo.rpartition("/1.1/")[0],
            ulo,
            f"{ulo}/VO001",
            f"/issuers/{world.setting.issuer_slug}",
        ):
            assert_read(world, path)

    def test_for_who_has_a_badge(self, world: World) -> None:
        badge = world.first_badge()
        links = ClaimLinks(SECRET, base_url="https://badges.example")
        assert_read(world, f"/badges/{badge}")
        assert_read(world, links.link_to(badge).removeprefix("https://badges.example"))

    def test_for_who_is_signed_in(self, world: World) -> None:
        world.pass_module()
        with world.installation.transaction() as session:
            teacher = session.scalars(select(Person).where(Person.email == "dana@opleider.example")).one()
            token = make_login_link(session, teacher.id, now=world.installation.now(), randomness=os_randomness)
        assert_read(world, f"/login/link/{token}")
        world.http.post(f"/login/link/{token}")
        assert_read(world, "/work")


def test_the_page_of_the_api() -> None:
    """Of one operation: all of them take seconds, and are made by the same lines."""
    schema = {"$ref": "#/components/schemas/NewRequest"}
    post = {
        "summary": "Post Request",
        "security": [{"bearer": []}],
        "parameters": [{"name": "request_id", "in": "path", "required": True, "description": "Which."}],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"201": {"description": "Made"}},
    }
    api = {
        "info": {"title": "Issuer service", "version": "1"},
        "paths": {"/v1/requests/{request_id}": {"post": post, "get": {"description": "One.", "responses": {}}}},
        "components": {"schemas": {"NewRequest": {"type": "object"}}},
    }
    page = bytes(render("documentation.html", "en", api=api).body).decode()
    assert findings(page) == []
    assert "Needs an access token." in read(page).text()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("<svg></svg>", "a drawing has no role or no name"),
        ('<input name="level">', "the field level has no label"),
        ("<h4>Deep</h4>", "after <h1> comes <h4>: Deep"),
        ('<p style="color: red">x</p>', "<p> has a style or a script, which our own policy refuses"),
        ("<table><tr><td>1</td></tr></table>", "a table has no heads"),
        ('<div aria-labelledby="gone">x</div>', "aria-labelledby of <div> names gone, which is not there"),
        ("<ul><p>x</p></ul>", "a list has something in it that is no item"),
        ('<img src="/x.png">', "an image has no alternative text"),
        ('<button type="submit"></button>', "a <button> has no name"),
    ],
)
def test_what_is_lacking_is_found(broken: str, said: str) -> None:
    page = (
        '<html lang="nl"><head><title>x</title></head><body><a href="#content">x</a><header><nav>x</nav></header>'
        f'<main id="content"><h1>x</h1>{broken}</main><footer>x</footer></body></html>'
    )
    assert findings(page) == [said]
    assert findings(page.replace(broken, "")) == []


def test_a_page_that_ends_nothing_is_no_page() -> None:
    with pytest.raises(ValueError, match="not well-formed"):
        read("<main><p>x</main>")


class TestTheColoursOfAPage:
    PAIRS = (
        *(("--ink", paper) for paper in ("--paper", "--soft")),
        *(("--accent", paper) for paper in ("--paper", "--soft")),
        ("--paper", "--accent"),
        *((f"--{one}", paper) for one in ("good", "bad", "unsure") for paper in ("--paper", f"--{one}-soft")),
    )

    @pytest.mark.parametrize("way", ["light", "dark"])
    def test_text_can_be_read(self, way: str) -> None:
        found = colours(STYLE, way)
        ratios = {pair: contrast(found[pair[0]], found[pair[1]]) for pair in self.PAIRS}
        assert {pair: ratio for pair, ratio in ratios.items() if ratio < TEXT} == {}

    @pytest.mark.parametrize("way", ["light", "dark"])
    def test_the_edge_of_what_is_used_can_be_seen(self, way: str) -> None:
        found = colours(STYLE, way)
        assert contrast(found["--edge"], found["--paper"]) >= GRAPHICS
        assert contrast(found["--accent"], found["--paper"]) >= GRAPHICS

    def test_no_colour_stands_outside_the_ones_that_are_computed(self) -> None:
        rules = re.sub(r"--[a-z-]+:[^;]+;", "", STYLE)
        # Behind a QR code it is white whatever the page is: cameras want it so.
        assert re.findall(r"#[0-9a-fA-F]{3,6}\b", rules) == ["#fff"]
