"""The map as a picture, as a list, and as data: they say the same, to everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET  # what is read was made here

import pytest
from PIL import Image

from issuer_service.drawing.style import STYLESHEET
from issuer_service.metro_map.data import as_data
from issuer_service.metro_map.layout import lay_out
from issuer_service.metro_map.network import MapLine, MapStation, Network
from issuer_service.metro_map.png import draw_png
from issuer_service.metro_map.scene import compose
from issuer_service.metro_map.signs import Shape, Stroke, Words, sign_of
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.svg import draw
from issuer_service.metro_map.twin import as_list, as_text
from issuer_service.metro_map.views import (
    MapView,
    Numbers,
    Standing,
    company_view,
    hours_to_go,
    line_view,
    person_view,
    with_next,
)
from tests.pictures import PICTURES
from tests.service.metro_map.networks import EXAMPLE, generated

_SVG = "{http://www.w3.org/2000/svg}"
_HERS = with_next(
    EXAMPLE,
    ["wagenpark", "monteur"],
    {
        "wat": Standing.EARNED,
        "veilig": Standing.RECOGNISED,
        "tanken": Standing.EXPIRED,
        "onderhoud": Standing.IN_PROGRESS,
    },
)


def _hers() -> MapView:
    return person_view(EXAMPLE, _HERS, "nl")


def _root(view: MapView) -> ET.Element:
    return ET.fromstring(draw(view, key="map").file())  # noqa: S314  # what is read was made here


def test_the_picture_has_a_title_and_a_description_and_says_its_language() -> None:
    root = _root(_hers())
    texts = {one.get("id"): one.text for one in root if one.tag in {f"{_SVG}title", f"{_SVG}desc"}}
    assert texts[root.get("aria-labelledby")] == "Waterstof in het vervoer"
    description = texts[root.get("aria-describedby")]
    assert description is not None
    assert description.startswith("12 stations op 3 lijnen.")
    assert "Nog 50 uur te gaan." in description
    assert root.get("lang") == "nl"
    assert root.get("role") == "group"


def test_stations_are_walked_through_in_the_order_of_the_list_each_once() -> None:
    view = _hers()
    walked = [one.get("aria-label") for one in _root(view).iter() if one.get("tabindex") == "0"]
    order = dict.fromkeys(key for line in EXAMPLE.lines for key in line.stations)
    assert walked == [view.about(key) for key in order]
    assert all(one.get("role") == "img" for one in _root(view).iter() if one.get("tabindex") == "0")


def test_what_is_only_to_be_looked_at_is_not_read_out() -> None:
    groups = [one for one in _root(_hers()) if one.tag == f"{_SVG}g"]
    assert all(one.get("aria-hidden") == "true" or one.get("aria-label") for one in groups)


def test_a_station_with_a_page_is_a_link_to_it() -> None:
    stations = tuple(replace(one, href=f"/station/{one.key}") for one in EXAMPLE.stations)
    root = _root(line_view(replace(EXAMPLE, stations=stations), "en"))
    links = [one for one in root if one.tag == f"{_SVG}a"]
    assert [one.get("href") for one in links][:2] == ["/station/wat", "/station/veilig"]
    assert all(one.get("tabindex") is None for one in links)


def test_the_list_says_of_every_station_how_it_stands_and_where_one_changes() -> None:
    text = as_text(_hers())
    assert text.splitlines()[:3] == [
        "Lijn 1: Ons wagenpark op waterstof",
        "  1. Wat is waterstof?, fase 1, 2 uur, behaald",
        "  2. Veilig werken met waterstof, fase 1, 4 uur, erkend, overstap op lijn 2 en lijn 3",
    ]
    english = as_text(person_view(EXAMPLE, _HERS, "en"))
    assert "  4. Onderhoud van brandstofcellen, phase 2, 8 hours, in progress, change to line 2" in english


def test_the_list_is_nested_and_is_as_long_as_the_lines() -> None:
    root = ET.fromstring(as_list(_hers()).__html__())  # noqa: S314  # what is read was made here
    assert [len(line.findall("ol/li")) for line in root.findall("li")] == [6, 5, 5]


def test_in_grey_every_standing_has_a_shape_of_its_own() -> None:
    shapes = set()
    for standing in Standing:
        marks = sign_of(standing, (0, 0))
        shapes.add(
            tuple(
                (one.points, one.radius, one.dash, one.fill == "paper") if isinstance(one, Shape) else one.points
                for one in marks
                if isinstance(one, Shape | Stroke)
            )
        )
    assert len(shapes) == len(Standing)


def test_in_grey_neighbouring_lines_differ_by_the_stripe_that_runs_in_them() -> None:
    stations = tuple(MapStation(str(number), "x") for number in range(10))
    lines = tuple(MapLine(str(n), "x", (str(2 * n), str(2 * n + 1))) for n in range(5))
    scene = compose(lay_out(Network(lines, stations)), line_view(Network(lines, stations), "nl"))
    stripes = [one.dash for one in scene.groups[0].marks if isinstance(one, Stroke) and one.paint == "stripe"]
    assert len(set(stripes)) == 4  # and the first line has none


def test_every_line_bears_its_number_on_the_map_and_in_the_key() -> None:
    scene = compose(lay_out(EXAMPLE), line_view(EXAMPLE, "nl"))
    for group in (scene.groups[1], scene.groups[-1]):
        words = [one.text for one in group.marks if isinstance(one, Words)]
        assert {"1", "2", "3"} <= set(words)


def test_every_colour_that_a_mark_names_is_in_the_stylesheet() -> None:
    named = set()
    for view in (_hers(), line_view(generated(5), "nl"), company_view(EXAMPLE, {}, "nl")):
        for one in _root(replace(view, network=replace(view.network, title="x"))).iter():
            named |= set((one.get("class") or "").split())
    assert {name for name in named if f".{name} " not in STYLESHEET} <= {"drawing"}


def test_a_person_sees_what_comes_next_after_what_was_earned_or_recognised() -> None:
    assert _HERS["meten"] is Standing.NEXT
    # An expired station is the one to take again; none after it is pointed at.
    assert [key for key, one in _HERS.items() if one is Standing.NEXT] == ["meten"]
    shorter = with_next(EXAMPLE, ["monteur"], {"meten": Standing.RECOGNISED, "veilig": Standing.RECOGNISED})
    assert [key for key, one in shorter.items() if one is Standing.NEXT] == ["leidingen"]
    assert hours_to_go(EXAMPLE, shorter) == hours_to_go(EXAMPLE, {}) - 8


def test_a_company_sees_numbers_but_not_of_so_few_that_one_knows_who_they_are() -> None:
    view = company_view(EXAMPLE, {"veilig": Numbers(120, 3), "wat": Numbers(4, 0)}, "en")
    assert view.network.station_of["veilig"].note == "120 done · <5 at it"
    assert "120 earned, fewer than 5 in progress" in view.about("veilig")
    assert "fewer than 5 earned, 0 in progress" in as_text(view)
    assert view.network.station_of["meten"].note == ""


@pytest.mark.parametrize("direction", Direction)
def test_as_a_png_it_is_the_same_picture_each_time(direction: Direction) -> None:
    made = draw_png(_hers(), direction=direction)
    with Image.open(BytesIO(made)) as picture:
        scene = compose(lay_out(EXAMPLE, direction=direction), _hers())
        assert picture.size == (2 * scene.width, 2 * scene.height)
    assert draw_png(_hers(), direction=direction) == made


def test_the_grey_png_has_no_colour_in_it() -> None:
    with Image.open(BytesIO(draw_png(_hers(), grey=True))) as picture:
        bands = picture.convert("RGB").split()
    assert bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes()


def test_as_data_it_has_places_ways_and_standings() -> None:
    data = json.loads(json.dumps(as_data(_hers())))
    assert [line["number"] for line in data["lines"]] == [1, 2, 3]
    veilig = next(one for one in data["stations"] if one["key"] == "veilig")
    assert veilig["standing"] == "recognised"
    assert veilig["lines"] == ["wagenpark", "monteur", "omgeving"]
    assert data["lines"][0]["ways"][0][0] == next(one for one in data["stations"] if one["key"] == "wat")["at"]


def test_a_name_of_anybodys_becomes_no_markup() -> None:
    name = '</text><script>alert("1")</script>'
    network = Network((MapLine("a", name, ("1", "2")),), (MapStation("1", name), MapStation("2", "x")), title=name)
    for made in (draw(line_view(network, "nl"), key="m").file(), as_list(line_view(network, "nl")).__html__()):
        assert "<script" not in made


def test_the_picture_in_the_documentation_is_how_a_map_looks() -> None:
    for path, make in PICTURES.items():
        assert path.read_text(encoding="utf-8") == make(), "make it anew: python -m tests.pictures"
