"""The layout of the map: what holds for every network."""

from __future__ import annotations

import os
from functools import cache
from itertools import combinations, pairwise
from math import hypot

import pytest

from issuer_service.metro_map.layout import RADIUS, Direction, MapLayout, lay_out
from issuer_service.metro_map.network import MapLine, MapStation, MapUnfit, Network
from issuer_service.metro_map.scene import distance_to as _distance
from tests.service.metro_map.networks import EXAMPLE, generated

# Two hundred take most of a minute: `make properties` draws them all.
_HOW_MANY = 200 if os.environ.get("PROPERTIES") == "many" else 12
_drawn = cache(lambda seed, direction: lay_out(generated(seed), direction=direction))

every_network = pytest.mark.parametrize("seed", range(_HOW_MANY))


def _layouts(seed: int) -> list[MapLayout]:
    return [_drawn(seed, direction) for direction in Direction]


@every_network
def test_no_two_stations_share_a_cell(seed: int) -> None:
    for layout in _layouts(seed):
        assert len({station.place for station in layout.stations}) == len(layout.stations)
        assert len({station.at for station in layout.stations}) == len(layout.stations)


@every_network
def test_every_part_of_a_line_is_at_a_multiple_of_45_degrees(seed: int) -> None:
    for layout in _layouts(seed):
        for stretch in layout.stretches:
            for (x, y), (to_x, to_y) in pairwise(stretch.points):
                dx, dy = abs(to_x - x), abs(to_y - y)
                assert dx < 0.05 or dy < 0.05 or abs(dx - dy) < 0.05, stretch


@every_network
def test_no_line_crosses_a_station_that_it_does_not_call_at(seed: int) -> None:
    for layout in _layouts(seed):
        for stretch in layout.stretches:
            calls = layout.network.station_of
            stations = {line.key: line.stations for line in layout.network.lines}[stretch.line]
            for station in layout.stations:
                if station.key not in stations:
                    for start, end in pairwise(stretch.points):
                        assert _distance(station.at, start, end) > RADIUS, (stretch, calls[station.key])


@every_network
def test_no_line_passes_a_station_of_its_own_on_its_way_to_another(seed: int) -> None:
    for layout in _layouts(seed):
        for stretch in layout.stretches:
            for station in layout.stations:
                if station.key not in {stretch.start, stretch.end}:
                    assert all(_distance(station.at, a, b) > RADIUS for a, b in pairwise(stretch.points))


@every_network
def test_no_name_lies_over_another_or_over_a_station_or_outside_the_picture(seed: int) -> None:
    for layout in _layouts(seed):
        boxes = [station.name.box for station in layout.stations]
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
        for box in boxes:
            assert box.left >= 0
            assert box.top >= 0
            assert box.right <= layout.width
            assert box.bottom <= layout.height
            for station in layout.stations:
                x, y = station.at
                nearest = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
                assert hypot(x - nearest[0], y - nearest[1]) > RADIUS


@every_network
def test_every_stretch_leads_from_its_station_to_its_next(seed: int) -> None:
    for layout in _layouts(seed):
        at = {station.key: station.at for station in layout.stations}
        for line in layout.network.lines:
            stretches = layout.of_line(line.key)
            assert [(one.start, one.end) for one in stretches] == list(pairwise(line.stations))
            for one in stretches:
                # Beside it where several lines go together.
                assert hypot(one.points[0][0] - at[one.start][0], one.points[0][1] - at[one.start][1]) < 40
                assert hypot(one.points[-1][0] - at[one.end][0], one.points[-1][1] - at[one.end][1]) < 40


@every_network
def test_the_same_network_is_always_laid_out_the_same(seed: int) -> None:
    assert lay_out(generated(seed)) == _drawn(seed, Direction.RIGHTWARDS)


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
