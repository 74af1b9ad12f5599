"""Lines as a network to be drawn, and how people stand on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from issuer_service.errors import NotFound, Refused
from issuer_service.metro_map.network import MapLine, MapStation, MapUnfit, Network
from issuer_service.metro_map.views import MapView, Numbers, Standing, company_view, line_view, person_view, with_next
from issuer_service.metro_map.words import Language
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.reaching import COMPONENT, STATION
from issuer_service.workflow.metroline.tables import (
    Attendance,
    LineStop,
    Metroline,
    Participation,
    ReachedOutcome,
    Station,
    StationAssessment,
    StationRun,
)

__all__ = ["lines_with", "map_of_company", "map_of_lines", "map_of_participation", "network_of"]

_TITLES = {"nl": "Metrokaart", "en": "Metro map"}


def lines_with(session: Session, line: Metroline) -> list[Metroline]:
    """The line, and the lines that it meets."""
    ours = select(LineStop.station_id).where(LineStop.metroline_id == line.id)
    meeting = select(LineStop.metroline_id).where(LineStop.station_id.in_(ours), LineStop.metroline_id != line.id)
    others = session.scalars(select(Metroline).where(Metroline.id.in_(meeting)).order_by(Metroline.opened_at))
    return [line, *others]


def network_of(session: Session, lines: Sequence[Metroline], language: Language) -> Network:
    """The network of these lines. Raises NotFound when there is nothing to draw, Refused for what cannot be drawn."""
    keys = [line.id for line in lines]
    query = (
        select(LineStop, Station)
        .join(Station, Station.id == LineStop.station_id)
        .where(LineStop.metroline_id.in_(keys))
        .order_by(LineStop.metroline_id, LineStop.position)
    )
    stops: dict[str, list[str]] = {key: [] for key in keys}
    stations: dict[str, MapStation] = {}
    places: dict[str, tuple[int, int]] = {}
    for row in session.execute(query):
        stop, station = row.LineStop, row.Station
        stops[stop.metroline_id].append(station.id)
        stations.setdefault(station.id, MapStation(station.id, station.title, stop.phase, station.hours))
        if stop.place is not None and tuple(stop.place) not in places.values():
            places.setdefault(station.id, (stop.place[0], stop.place[1]))
    drawn = tuple(MapLine(line.id, line.title, tuple(stops[line.id])) for line in lines if stops[line.id])
    if not drawn:
        raise NotFound("there are no stations to draw yet")
    title = drawn[0].name if len(drawn) == 1 else _TITLES[language]
    try:
        return Network(drawn, tuple(stations.values()), title=title, places=places)
    except MapUnfit as unfit:
        raise Refused(str(unfit), field="metroline_id") from unfit


def map_of_lines(session: Session, lines: Sequence[Metroline], language: Language) -> MapView:
    """The lines as anybody may see them. Raises as `network_of` does."""
    return line_view(network_of(session, lines, language), language)


def map_of_participation(
    session: Session, participation: Participation, language: Language, *, lapsed: Collection[str] = ()
) -> MapView:
    """The lines that a person travels in one programme, and how they stand on them. Raises as `network_of` does.

    The line that is asked for is among them, also for who left it: what they earned there stays. `lapsed` are the
    stations whose badge holds no more; that is known to who issues them.
    """
    left = str(ParticipationState.DROPPED_OUT)
    query = (
        select(Metroline, Participation.state)
        .join(Participation, Participation.metroline_id == Metroline.id)
        .where(
            Participation.enrolment_id == participation.enrolment_id,
            or_(Participation.state != left, Participation.id == participation.id),
        )
        .order_by(Participation.registered_at, Participation.id)
    )
    rows = session.execute(query).all()
    lines = [row.Metroline for row in rows]
    network = network_of(session, lines, language)
    known = _standings(session, participation.enrolment_id, network)
    known |= {key: Standing.EXPIRED for key in lapsed if key in known}
    return person_view(
        network, with_next(network, [row.Metroline.id for row in rows if row.state != left], known), language
    )


def map_of_company(session: Session, line: Metroline, company: str, language: Language) -> MapView:
    """A line, and how many people of a company are where. Raises as `network_of` does."""
    network = network_of(session, [line], language)
    ours = select(Participation.enrolment_id).where(
        Participation.metroline_id == line.id, Participation.company == company
    )
    reached = _counted(
        session,
        select(ReachedOutcome.about_id, func.count(func.distinct(ReachedOutcome.enrolment_id)))
        .where(ReachedOutcome.kind == STATION, ReachedOutcome.enrolment_id.in_(ours))
        .group_by(ReachedOutcome.about_id),
    )
    there = (
        select(StationRun.station_id, func.count(func.distinct(Attendance.enrolment_id)))
        .join(StationRun, StationRun.id == Attendance.station_run_id)
        .outerjoin(
            ReachedOutcome,
            (ReachedOutcome.enrolment_id == Attendance.enrolment_id)
            & (ReachedOutcome.kind == STATION)
            & (ReachedOutcome.about_id == StationRun.station_id),
        )
        .where(Attendance.enrolment_id.in_(ours), Attendance.attended, ReachedOutcome.id.is_(None))
        .group_by(StationRun.station_id)
    )
    busy = _counted(session, there)
    numbers = {key: Numbers(reached.get(key, 0), busy.get(key, 0)) for key in network.station_of}
    return company_view(network, numbers, language)


def _counted(session: Session, query: object) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}  # type: ignore[call-overload]  # a select of two columns


def _standings(session: Session, enrolment_id: str, network: Network) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    stations = list(network.station_of)
    for station_id in _begun(session, enrolment_id, stations):
        found[station_id] = Standing.IN_PROGRESS
    reached = (
        select(ReachedOutcome.about_id, StationAssessment.recognised)
        .join(StationAssessment, StationAssessment.id == ReachedOutcome.assessment_id)
        .where(ReachedOutcome.enrolment_id == enrolment_id, ReachedOutcome.kind == STATION)
    )
    for row in session.execute(reached):
        found[row.about_id] = Standing.RECOGNISED if row.recognised else Standing.EARNED
    return {key: standing for key, standing in found.items() if key in network.station_of}


def _begun(session: Session, enrolment_id: str, stations: Sequence[str]) -> Iterable[str]:
    """Where they were, and whose outcomes they reached in part."""
    there = (
        select(StationRun.station_id)
        .join(Attendance, Attendance.station_run_id == StationRun.id)
        .where(Attendance.enrolment_id == enrolment_id, Attendance.attended)
    )
    yield from session.scalars(there)
    rows = session.execute(
        select(ReachedOutcome.about_id, ReachedOutcome.component).where(
            ReachedOutcome.enrolment_id == enrolment_id, ReachedOutcome.kind == COMPONENT
        )
    )
    components = {(row.about_id, row.component) for row in rows}
    for station in session.scalars(select(Station).where(Station.id.in_(stations))):
        led_to = {(ulo, code) for ulo, codes in station.outcomes.items() for code in codes}
        if led_to & components:
            yield station.id
