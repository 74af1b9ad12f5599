"""The layout of the map: what holds for every network, measured from the picture and the data."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import combinations, pairwise
from math import hypot

import pytest

from issuer_service.metro_map.layout import lay_out
from issuer_service.metro_map.network import MAX_STOPS, MapLine, MapStation, MapUnfit, Network
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.views import Standing, company_view, line_view, person_view
from issuer_service.metro_map.ways import remembered_plan
from tests.service.metro_map.networks import EXAMPLE, any_network, generated
from tests.service.metro_map.pictured import Pictured, distance, measured

_HOW_MANY = 200 if os.environ.get("PROPERTIES") == "many" else 12


@pytest.mark.parametrize("drawn_by_lot", [generated, any_network])
@pytest.mark.parametrize("seed", range(_HOW_MANY))
def test_nothing_lies_over_anything_else_and_lines_are_straight_or_at_45_degrees(
    drawn_by_lot: Callable[[int], Network], seed: int
) -> None:
    for direction in Direction:
        picture = measured(line_view(drawn_by_lot(seed), "nl"), direction)
        _stations_have_a_cell_each(picture)
        _lines_turn_by_45_degrees_and_never_back(picture)
        _lines_keep_off_stations_between_which_they_do_not_go(picture)
        _names_lie_over_no_name_and_no_sign(picture)
        _every_line_has_its_number(picture)
        _all_of_it_is_in_the_picture(picture)


def _stations_have_a_cell_each(picture: Pictured) -> None:
    assert len({tuple(one["place"]) for one in picture.data["stations"]}) == len(picture.signs)
    for one, other in combinations(picture.signs.values(), 2):
        assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
    for key, place in picture.network.places.items():
        assert next(one["place"] for one in picture.data["stations"] if one["key"] == key) == list(place)


def _lines_turn_by_45_degrees_and_never_back(picture: Pictured) -> None:
    for part in picture.parts:
        dx, dy = abs(part.end[0] - part.start[0]), abs(part.end[1] - part.start[1])
        # Coordinates are written with two decimals.
        assert min(dx, dy, abs(dx - dy)) < 0.021, part
    for one, other in pairwise(picture.parts):
        if (one.line, one.between) == (other.line, other.between):
            assert one.end == other.start
            along = [(part.end[0] - part.start[0], part.end[1] - part.start[1]) for part in (one, other)]
            cosine = (along[0][0] * along[1][0] + along[0][1] * along[1][1]) / (hypot(*along[0]) * hypot(*along[1]))
            assert cosine > -0.01, (one, other)


def _lines_keep_off_stations_between_which_they_do_not_go(picture: Pictured) -> None:
    for part in picture.parts:
        for key, sign in picture.signs.items():
            if key not in part.between:
                assert distance(sign.x, sign.y, part) > sign.radius + part.width / 2, (part, key)


def _names_lie_over_no_name_and_no_sign(picture: Pictured) -> None:
    rows = [row for name in picture.names.values() for row in name]
    assert not any(one.overlaps(other) for one, other in combinations(rows, 2))
    for row in rows:
        for sign in (*picture.signs.values(), *picture.bullets):
            assert row.distance_to(sign.x, sign.y) > sign.radius


def _every_line_has_its_number(picture: Pictured) -> None:
    assert len(picture.bullets) >= len(picture.network.lines)
    for one, other in combinations((*picture.bullets, *picture.signs.values()), 2):
        assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius


def _all_of_it_is_in_the_picture(picture: Pictured) -> None:
    for row in (row for name in picture.names.values() for row in name):
        assert row.left >= 0
        assert row.top >= 0
        assert row.right <= picture.width
        assert row.bottom <= picture.height
    for part in picture.parts:
        for x, y in (part.start, part.end):
            assert min(x, y, picture.width - x, picture.height - y) > part.width / 2


def test_the_same_network_is_laid_out_the_same_by_a_process_that_never_saw_it() -> None:
    network = generated(5)
    seen = [lay_out(network, direction=direction) for direction in Direction]
    remembered_plan.cache_clear()
    assert [lay_out(network, direction=direction) for direction in Direction] == seen


def test_how_people_stand_moves_no_line_and_no_station() -> None:
    standings = {"wat": Standing.EARNED, "veilig": Standing.IN_PROGRESS}
    views = (line_view(EXAMPLE, "nl"), person_view(EXAMPLE, standings, "en"), company_view(EXAMPLE, {}, "nl"))
    drawn = [measured(view, Direction.RIGHTWARDS) for view in views]
    assert drawn[0].parts == drawn[1].parts == drawn[2].parts
    assert [(one.x, one.y) for one in drawn[0].signs.values()] == [(one.x, one.y) for one in drawn[1].signs.values()]


def test_a_station_stands_where_somebody_put_it_and_no_other_stands_there() -> None:
    network = Network(EXAMPLE.lines, EXAMPLE.stations, places={"veilig": (4, 2), "besluit": (0, 0)})
    places = {station.key: station.place for station in lay_out(network).stations}
    assert places["veilig"] == (4, 2)
    assert places["besluit"] == (0, 0)
    assert len(set(places.values())) == len(places)


def test_stations_that_lines_share_are_where_they_meet() -> None:
    assert {key for key, lines in EXAMPLE.lines_at.items() if len(lines) > 1} == {"veilig", "onderhoud", "regels"}
    assert EXAMPLE.lines_at["veilig"] == ["wagenpark", "monteur", "omgeving"]


def test_lines_that_go_the_same_way_lie_beside_each_other() -> None:
    stations = tuple(MapStation(key, key) for key in "abc")
    lines = (MapLine("1", "1", ("a", "b", "c")), MapLine("2", "2", ("c", "b")))
    ways = {(one.line, one.start): one.points for one in lay_out(Network(lines, stations)).stretches}
    assert {y for _, y in ways["1", "b"]} == {44.0}
    assert {y for _, y in ways["2", "c"]} == {52.0}


def test_of_a_line_on_its_own_everything_is_on_one_straight_line() -> None:
    stations = tuple(MapStation(key, key) for key in "abcdef")
    layout = lay_out(Network((MapLine("1", "1", tuple("abcdef")),), stations))
    assert {y for one in layout.stretches for _, y in one.points} == {48.0}


@pytest.mark.parametrize(
    ("lines", "stations", "places", "amiss"),
    [
        ((MapLine("1", "1", ("a", "b")),), "a", {}, "calls at b"),
        ((MapLine("1", "1", ("a", "a")),), "a", {}, "two of station of line 1 a"),
        ((MapLine("1", "1", ("a",)),), "ab", {}, "no line calls at b"),
        ((MapLine("1", "1", ("a",)), MapLine("1", "1", ("a",))), "a", {}, "two of line 1"),
        ((MapLine("1", "1", ("a", "b")),), "ab", {"a": (1, 1), "b": (1, 1)}, "a and b are given the same place"),
        ((MapLine("1", "1", ("a",)),), "a", {"c": (1, 1)}, "c, which is no station"),
        ((MapLine("1", "1", ("a",)),), "a", {"a": (-1, 1)}, "outside the map"),
        ((MapLine("1", "1", ("a",)),), "a", {"a": (401, 1)}, "outside the map"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(
    lines: tuple[MapLine, ...], stations: str, places: dict[str, tuple[int, int]], amiss: str
) -> None:
    with pytest.raises(MapUnfit, match=amiss):
        Network(lines, tuple(MapStation(key, key) for key in stations), places=places)


def test_a_map_is_as_large_as_a_stranger_can_have_drawn_at_little_cost() -> None:
    keys = [str(number) for number in range(MAX_STOPS // 2 + 1)]
    stations = tuple(MapStation(key, key) for key in keys)
    with pytest.raises(MapUnfit, match=f"{2 * len(keys)} stops on one map; at most {MAX_STOPS}"):
        Network((MapLine("1", "1", tuple(keys)), MapLine("2", "2", tuple(keys))), stations)
