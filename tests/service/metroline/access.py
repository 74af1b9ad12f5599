"""Who may do what with lines, stations, runs and participations: rows of the access matrix.

Each is: who may, the status at home, the status on another's, the path's things, the body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from issuer_service.people.roles import Role

__all__ = ["METROLINE_ROWS"]

_READ: Final = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.TEACHER,
        Role.COACH,
        Role.AM_CANDIDATES,
        Role.AM_COMPANIES,
        Role.BROKER,
        Role.LD_DEVELOPER,
        Role.ASSESSOR,
        Role.CURATOR,
    }
)
_WRITE: Final = frozenset({Role.ADMINISTRATOR, Role.AM_COMPANIES, Role.BROKER, Role.LD_DEVELOPER})
_RUN: Final = frozenset({Role.ADMINISTRATOR, Role.AM_COMPANIES, Role.BROKER, Role.TEACHER})
_REFER: Final = frozenset({Role.ADMINISTRATOR, Role.AM_COMPANIES})
_TEACHER: Final = frozenset({Role.TEACHER})

_Row = tuple[frozenset[Role], int, int | None, Callable[[Any], dict[str, str]], Callable[[Any, int], Any] | None]


def _none(_: Any) -> dict[str, str]:
    return {}


def _line(things: Any) -> dict[str, str]:
    return {"metroline_id": things.metroline}


def _station(things: Any) -> dict[str, str]:
    return {"station_id": things.station}


def _run(things: Any) -> dict[str, str]:
    return {"run_id": things.station_run}


def _who(things: Any) -> dict[str, str]:
    return {"participation_id": things.participation}


def _new_station(_: Any, __: int) -> Any:  # JSON
    return {"title": "Meten", "hours": 4, "work_form": "workshop"}


def _assessment(things: Any, _: int) -> Any:  # JSON
    levels = {things.personal[0]: {"RO001": "zelfstandig"}}
    return {"participation_id": things.participation, "station_id": things.station, "levels": levels}


def _attendance(things: Any, _: int) -> Any:  # JSON
    return {"participation_id": things.participation, "attended": True}


METROLINE_ROWS: Final[dict[tuple[str, str], _Row]] = {
    ("get", "/v1/metrolines"): (_READ, 200, None, _none, None),
    ("post", "/v1/metrolines"): (
        _WRITE,
        201,
        404,
        _none,
        lambda t, _: {"programme_id": t.programme, "title": "Waterstof"},
    ),
    ("get", "/v1/metrolines/{metroline_id}"): (_READ, 200, 404, _line, None),
    ("get", "/v1/metrolines/{metroline_id}/canvases"): (_READ, 200, 404, _line, None),
    ("post", "/v1/metrolines/{metroline_id}/canvases"): (
        _WRITE,
        201,
        404,
        _line,
        lambda _, __: {"kind": "how-might-we", "content": {"questions": ["Hoe kunnen we …?"]}},
    ),
    # From where it is, nobody can go there.
    ("post", "/v1/metrolines/{metroline_id}/stage"): (_WRITE, 422, 404, _line, lambda _, __: {"stage": "executing"}),
    ("put", "/v1/metrolines/{metroline_id}/stops"): (
        _WRITE,
        200,
        404,
        _line,
        lambda t, _: {"stops": [{"station_id": t.station, "phase": 1}]},
    ),
    ("get", "/v1/metrolines/{metroline_id}/participations"): (_RUN, 200, 404, _line, None),
    # Who is registered already is not registered again.
    ("post", "/v1/metrolines/{metroline_id}/participations"): (
        _RUN,
        409,
        404,
        _line,
        lambda t, _: {"person_id": t.person},
    ),
    ("get", "/v1/metrolines/{metroline_id}/map"): (_READ, 200, 404, _line, None),
    ("get", "/v1/metrolines/{metroline_id}/company-map"): (_RUN, 422, 422, _line, None),
    ("get", "/v1/stations"): (_READ, 200, None, _none, None),
    ("post", "/v1/stations"): (_WRITE, 201, None, _none, _new_station),
    ("get", "/v1/stations/{station_id}/runs"): (_READ, 200, 404, _station, None),
    ("post", "/v1/stations/{station_id}/runs"): (_RUN, 201, 404, _station, lambda _, __: {"location": "Campus"}),
    ("get", "/v1/station-runs/{run_id}"): (_READ, 200, 404, _run, None),
    ("patch", "/v1/station-runs/{run_id}"): (_RUN, 200, 404, _run, lambda _, n: {"location": f"Lokaal {n}"}),
    # A draft has far to go before it is closed, put off, or anybody was there.
    ("post", "/v1/station-runs/{run_id}/state"): (_RUN, 422, 404, _run, lambda _, __: {"state": "closed"}),
    ("post", "/v1/station-runs/{run_id}/rescheduling"): (
        _RUN,
        422,
        404,
        _run,
        lambda _, __: {"starts_at": "2027-06-01T09:00:00Z"},
    ),
    ("post", "/v1/station-runs/{run_id}/attendances"): (_RUN, 422, 404, _run, _attendance),
    ("get", "/v1/station-runs/{run_id}/calendar"): (_READ, 200, 404, _run, None),
    # Whose travel has ended, goes nowhere else.
    ("get", "/v1/participations/{participation_id}"): (_RUN, 200, 404, _who, None),
    ("post", "/v1/participations/{participation_id}/intake"): (_RUN, 422, 404, _who, lambda _, __: {"wishes": "x"}),
    ("post", "/v1/participations/{participation_id}/evaluation"): (
        _RUN,
        422,
        404,
        _who,
        lambda _, __: {"outcomes_reached": True, "company_goals_supported": True},
    ),
    ("post", "/v1/participations/{participation_id}/dropping-out"): (_RUN, 422, 404, _who, None),
    ("post", "/v1/participations/{participation_id}/referral"): (
        _REFER,
        422,
        404,
        _who,
        lambda t, _: {"programme_id": t.programme},
    ),
    ("get", "/v1/participations/{participation_id}/map"): (_RUN, 200, 404, _who, None),
    ("post", "/v1/station-assessments"): (_TEACHER, 201, 404, _none, _assessment),
}
