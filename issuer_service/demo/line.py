"""A metroline: designed by a team, held station by station, travelled by its participants; over the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from issuer_service.demo.cast import Cast

__all__ = ["Line", "assess", "design", "plan_run", "register", "run_station"]

_PROPOSITION: Final = MappingProxyType(
    {
        "who": "maakbedrijven in de regio",
        "wants": "sneller aan reserveonderdelen willen komen",
        "but": "niet weten welke zij zelf kunnen printen",
        "what": "een metrolijn",
        "aimed_at": "hun eigen werkvoorbereiders",
        "offers": "vakkennis en een proef op de eigen vloer",
        "so_that": "zelf kunnen kiezen, printen en onderbouwen",
        "validated": True,
    }
)
_STATIONS: Final = (
    ("Wat kun je printen?", 4, "company-visit", 1, {"1.1": ["VO001", "KO001"]}),
    ("Kies je onderdeel", 4, "workshop", 2, {"1.1": ["RO001"]}),
    ("Plan je proef", 4, "masterclass", 2, {"1.4": ["VO001", "KO001"]}),
    ("De proef op je eigen vloer", 8, "practical", 3, {"1.4": ["RO001", "VO002"]}),
)
_COMPANIES: Final = ("Draaierij Jansen", "Mulder Pompen", "Vos Techniek")
_LEVEL: Final = "3"
_LOOKED_BACK: Final = MappingProxyType({"good": "Iedereen had iets van thuis mee.", "improve": "Meer printers."})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was designed: its id, and its stations, each with the components that it leads to."""

    id: str
    stations: Mapping[str, Mapping[str, list[str]]]


def design(cast: Cast, programme_id: str, units: Mapping[str, str]) -> Line:
    """From the companies' question to a line that can be held. `units` are the versions of ULOs by their numbers."""
    body: dict[str, Any] = {
        "programme_id": programme_id,
        "title": "3D-printen in de productie",
        "outcomes": list(units.values()),
    }
    line: str = cast.call("broker", "POST", "/v1/metrolines", body)["id"]
    _canvas(
        cast, line, "commitment", document="Manifest", companies=["Draaierij Jansen", "Mulder Pompen", "Vos Techniek"]
    )
    _to(cast, line, "analysing")
    _canvas(cast, line, "how-might-we", questions=["Hoe kunnen we zelf reserveonderdelen printen?"])
    _canvas(cast, line, "value-proposition", **_PROPOSITION)
    _to(cast, line, "designing_outcomes")
    _to(cast, line, "arranging")
    stations: dict[str, Mapping[str, list[str]]] = {}
    stops = []
    for title, hours, form, phase, outcomes in _STATIONS:
        led_to = {units[number]: codes for number, codes in outcomes.items()}
        body = {"title": title, "hours": hours, "work_form": form, "provider": "Voorbeeld Opleider", "outcomes": led_to}
        made = cast.call("broker", "POST", "/v1/stations", body)["id"]
        stations[made] = led_to
        stops.append({"station_id": made, "phase": phase})
    cast.call("broker", "PUT", f"/v1/metrolines/{line}/stops", {"stops": stops})
    return Line(line, MappingProxyType(stations))


def plan_run(cast: Cast, station_id: str, starts_at: datetime) -> str:
    """A run, planned and announced. Gives its id."""
    body = {
        "starts_at": starts_at.isoformat(),
        "location": "Werkplaats, Campus Oost",
        "capacity": 12,
        "preparation": "Neem een tekening mee van een onderdeel uit je eigen bedrijf.",
        "materials": "Schuifmaat, laptop",
    }
    run: str = cast.call("broker", "POST", f"/v1/stations/{station_id}/runs", body)["id"]
    for state in ("scheduled", "announced"):
        cast.call("broker", "POST", f"/v1/station-runs/{run}/state", {"state": state})
    return run


def prepare_run(cast: Cast, run: str) -> None:
    """What was needed is there."""
    cast.call("broker", "PATCH", f"/v1/station-runs/{run}", {"checked": ["materials", "aids", "rooms"]})
    cast.call("broker", "POST", f"/v1/station-runs/{run}/state", {"state": "prepared"})


def run_station(cast: Cast, line: Line, station_id: str, run: str, participations: list[str]) -> None:
    """A run is held: who was there is written down, what they showed is assessed, and it is looked back upon."""
    prepare_run(cast, run)
    cast.call("teacher", "POST", f"/v1/station-runs/{run}/state", {"state": "running"})
    for who in participations:
        body = {"participation_id": who, "attended": True}
        cast.call("teacher", "POST", f"/v1/station-runs/{run}/attendances", body)
        assess(cast, line, station_id, who, run=run)
    for state, details in (
        ("reflected", {"good": "Iedereen had iets van thuis mee.", "improve": "Meer printers."}),
        ("closed", {}),
    ):
        cast.call("teacher", "PATCH", f"/v1/station-runs/{run}", details)
        cast.call("teacher", "POST", f"/v1/station-runs/{run}/state", {"state": state})


def register(cast: Cast, line: Line, who: str) -> str:
    """Somebody takes part, and says why. Gives the participation's id."""
    body = {"person_id": cast.ids[who], "company": "Mulder Pompen"}
    made: str = cast.call("broker", "POST", f"/v1/metrolines/{line.id}/participations", body)["id"]
    intake = {"wishes": "Zelf een onderdeel printen", "expectations": "Veel doen", "needs": "Tijd naast het werk"}
    cast.call("broker", "POST", f"/v1/participations/{made}/intake", intake)
    return made


def assess(cast: Cast, line: Line, station_id: str, participation_id: str, *, run: str) -> None:
    """The teacher records that everything the station leads to was reached."""
    levels = {ulo: dict.fromkeys(codes, _LEVEL) for ulo, codes in line.stations[station_id].items()}
    body = {"participation_id": participation_id, "station_id": station_id, "run_id": run, "levels": levels}
    cast.call("teacher", "POST", "/v1/station-assessments", body)


def _canvas(cast: Cast, line: str, kind: str, **content: Any) -> None:
    cast.call("broker", "POST", f"/v1/metrolines/{line}/canvases", {"kind": kind, "content": content})


def _to(cast: Cast, line: str, stage: str) -> None:
    cast.call("broker", "POST", f"/v1/metrolines/{line}/stage", {"stage": stage})
