"""In a real browser: on a phone nothing is cut off, text can be read in light and in dark, and drawings are heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from issuer_service.drawing.style import STYLESHEET
from issuer_service.pages.rendering import STATIC
from issuer_service.people.roles import Role
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.metroline.trying import Team
from tests.service.pages.browser import CHROMIUM, Browser, browser
from tests.service.pages.visitors import Visitor
from tests.service.workflow.office import Office

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here; the pages are still parsed")

STYLE: Final = f"<style>{(STATIC / 'style.css').read_text(encoding='utf-8')}{STYLESHEET}</style></head>"
# Every element with text of its own, whose colour is too close to what is behind it. Text in drawings has no background
# that a browser would tell of; its contrast is computed from the stylesheet.
TOO_CLOSE: Final = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => { for (let one = element; one; one = one.parentElement) {
    const found = rgb(getComputedStyle(one).backgroundColor); if (found[3] === 255) return found; }
    return rgb("Canvas"); };
  return [...document.body.querySelectorAll("*")].filter(one => !one.closest("svg") && one.checkVisibility()
      && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(one => { const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
      return [one.textContent.trim().slice(0, 40), (a + 0.05) / (b + 0.05)]; })
    .filter(([, ratio]) => ratio < 4.5);
})()"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def a_page(world: World, path: str, folder: Path) -> Path:
    """The page as a file with its style in it, so that the browser needs no network."""
    answer = world.http.get(path, headers={"Accept": "text/html"})
    file = folder / "page.html"
    file.write_text(answer.text.replace("</head>", STYLE), encoding="utf-8")
    return file


@ON_ONE_DATABASE
def test_every_page_on_a_phone_in_light_and_in_dark(world: World, chromium: Browser, tmp_path: Path) -> None:
    ulo = world.setting.ulo_iri.removeprefix("https://badges.example")
    for path in ("/", "/verify", "/skills", "/recognition", ulo, f"{ulo}/VO001", "/no-such-page"):
        file = a_page(world, path, tmp_path)
        for dark in (False, True):
            chromium.open(file, dark=dark)
            assert chromium.value("document.scrollingElement.scrollWidth") <= 390, path
            assert chromium.value(TOO_CLOSE) == [], f"{path}, {'dark' if dark else 'light'}"


@ON_ONE_DATABASE
def test_what_is_drawn_is_heard(world: World, chromium: Browser, tmp_path: Path) -> None:
    chromium.open(a_page(world, "/skills?lang=nl", tmp_path))
    heard = chromium.heard()
    assert ("image", "Skillsmapping autoschadeherstel (OOC, 2024)") in heard
    assert ("image", "Autoschadetechnicus") in heard
    assert ("table", "Autoschadetechnicus") in heard
    chromium.open(a_page(world, "/recognition?lang=nl", tmp_path))
    heard = chromium.heard()
    assert ("list", "Bewijsboom") in heard
    assert sum(role == "list" and name == "Bewijs" for role, name in heard) == 6


def test_text_that_cannot_be_read_is_found(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<head>{STYLE}<main class='verdict valid'>well</main><p style='color: #aab'>badly</p>", "utf-8")
    chromium.open(file)
    assert [text for text, _ in chromium.value(TOO_CLOSE)] == ["badly"]


def assert_fits(visitor: Visitor, chromium: Browser, folder: Path, *paths: str) -> None:
    """Every page on a phone, with all that can be opened open."""
    for path in paths:
        visitor.see(path)
        file = folder / "page.html"
        file.write_text(visitor.html.replace("</head>", STYLE), encoding="utf-8")
        for dark in (False, True):
            chromium.open(file, dark=dark)
            chromium.value("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert chromium.value("document.scrollingElement.scrollWidth") <= 390, path
            assert chromium.value(TOO_CLOSE) == [], f"{path}, {'dark' if dark else 'light'}"


@ON_ONE_DATABASE
def test_forms_made_from_a_definition_on_a_phone(world: World, chromium: Browser, tmp_path: Path) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(case_id, "intake")
    programme = f"/desk/programmes/{office.programme}"
    coach, anna = Visitor(world, office.ids["coach"]), Visitor(world, office.ids["am_candidates"])
    assert_fits(coach, chromium, tmp_path, "/work", f"/desk/cases/{case_id}", f"{programme}/figures")
    assert_fits(anna, chromium, tmp_path, "/desk/cases", f"{programme}/job-market")


@ON_ONE_DATABASE
def test_the_pages_of_a_line_on_a_phone(world: World, chromium: Browser, tmp_path: Path) -> None:
    team = Team(world)
    line = team.line([team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])])
    who, run = team.register(line), team.run(team.station("Meten", ["VO002"]))
    broker = Visitor(world, team.members[Role.BROKER])
    pages = (f"/desk/lines/{line}", f"/desk/runs/{run}", f"/desk/participations/{who}", "/desk/lines")
    assert_fits(broker, chromium, tmp_path, *pages)
