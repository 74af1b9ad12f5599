"""What a definition looks like before anybody draws it: stages in rows, and which row each route goes from and to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from issuer_service.workflow.process.checking import reached
from issuer_service.workflow.process.definition import ANYWHERE, Definition, Direction, Route, Stage, holds

__all__ = ["Edge", "Plan", "planned"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A route between two rows; several with the same rows are one. `lane` is how far from them it runs, 0 between."""

    origin: int
    to: int
    direction: Direction
    lane: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows from the first stage down, and the routes between them.

    An end that only exits lead to has no row: `exits_of` names it where it can be reached, `exits` where that is
    everywhere. As lines they would cover all the rest.
    """

    rows: tuple[Stage, ...]
    edges: tuple[Edge, ...]
    exits: tuple[Stage, ...]
    exits_of: Mapping[str, tuple[Stage, ...]]


def planned(definition: Definition, settings: Mapping[str, Any] | None = None) -> Plan:
    """The plan, of what is in reach under these settings; of everything where none are given. Always the same."""

    def drawn(route: Route) -> bool:
        return (settings is None or holds(route.when, settings)) and ANYWHERE not in route.origins

    shown = {stage.key for stage in definition.stages} if settings is None else reached(definition, settings)
    routes = [route for route in definition.routes if drawn(route)]
    exits_of = _exits(definition, routes)
    routes = [route for route in routes if route.direction is not Direction.EXIT]
    depth = _depths(definition, routes)
    rows = sorted(
        (stage for stage in definition.stages if stage.key in shown and stage.key in depth),
        key=lambda stage: (bool(stage.ends), depth[stage.key]),
    )
    place = {stage.key: number for number, stage in enumerate(rows)}
    pairs: dict[tuple[int, int], Direction] = {}
    for route in routes:
        for origin in route.origins:
            if origin in place and route.to in place:
                pairs.setdefault((place[origin], place[route.to]), route.direction)
    anywhere = {route.to for route in definition.routes if ANYWHERE in route.origins}
    exits = tuple(stage for stage in definition.stages if stage.key in anywhere)
    return Plan(tuple(rows), _with_lanes(pairs), exits, exits_of)


def _exits(definition: Definition, routes: Iterable[Route]) -> dict[str, tuple[Stage, ...]]:
    found: dict[str, dict[str, Stage]] = {}
    for route in routes:
        if route.direction is Direction.EXIT:
            for origin in route.origins:
                found.setdefault(origin, {})[route.to] = definition.stage_by_key[route.to]
    return {origin: tuple(some.values()) for origin, some in found.items()}


def _depths(definition: Definition, routes: Iterable[Route]) -> dict[str, int]:
    """The longest way to each stage by forward routes, so that these go down. A way back within them is left out."""
    depth = {definition.start: 0}
    forward = [route for route in routes if route.direction is not Direction.BACK]
    for _ in definition.stages:
        for route in forward:
            for origin in route.origins:
                if origin in depth and depth.get(route.to, -1) < depth[origin] + 1 <= len(definition.stages):
                    depth[route.to] = depth[origin] + 1
    return depth


def _with_lanes(pairs: Mapping[tuple[int, int], Direction]) -> tuple[Edge, ...]:
    """Short ones run nearest; two that would lie over each other get lanes of their own, forward and others apart."""
    taken: dict[bool, list[list[tuple[int, int]]]] = {True: [], False: []}
    edges = []
    for (origin, to), direction in sorted(pairs.items(), key=lambda one: (abs(one[0][1] - one[0][0]), one[0])):
        if to == origin + 1 and direction is Direction.FORWARD:
            edges.append(Edge(origin, to, direction, 0))
            continue
        low, high = min(origin, to), max(origin, to)
        lanes = taken[direction is Direction.FORWARD]
        lane = next(
            (n for n, spans in enumerate(lanes) if all(high <= one or low >= other for one, other in spans)),
            len(lanes),
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((low, high))
        edges.append(Edge(origin, to, direction, lane + 1))
    return tuple(edges)
