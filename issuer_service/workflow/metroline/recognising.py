"""What is recognised of somebody shortens the lines that they travel: to what they know they need not go."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.service import published_ulo
from issuer_service.persistence.tenancy import Mostly
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.reaching import COMPONENT, STATION
from issuer_service.workflow.metroline.tables import LineStop, Participation, ReachedOutcome, Station
from issuer_service.workflow.metroline.travelling import assess

__all__ = ["recognise_on_lines"]


def recognise_on_lines(
    session: Session,
    acting: Acting,
    *,
    person_id: str,
    outcomes: Collection[str],
    participation_id: str | None = None,
) -> list[Station]:
    """Have recognised outcomes, by their IRIs, count at every station on the way of somebody that leads to them.

    Each counts at the level that its rubric needs: that much was recognised, and nobody judged more. One of a ULO that
    was withdrawn counts nowhere any more. Along one line where `participation_id` is given. The stations concerned.
    Raises what `assess` does.
    """
    if not outcomes:
        return []
    query = (
        select(Participation, Station)
        .join(Enrolment, Enrolment.id == Participation.enrolment_id)
        .join(LineStop, LineStop.metroline_id == Participation.metroline_id)
        .join(Station, Station.id == LineStop.station_id)
        .where(
            Enrolment.person_id == person_id,
            Mostly(Participation.organisation_id == acting.caller.organisation_id),
            Participation.state != str(ParticipationState.DROPPED_OUT),
        )
        .order_by(Participation.registered_at, Participation.id, LineStop.position)
    )
    if participation_id is not None:
        query = query.where(Participation.id == participation_id)
    found: dict[str, Station] = {}
    for participation, station in session.execute(query).all():
        levels = _needed_levels(session, acting, participation.enrolment_id, station, frozenset(outcomes))
        if levels:
            assess(session, acting, participation, station, levels, recognised=True)
            found[station.id] = station
    return list(found.values())


def _needed_levels(
    session: Session, acting: Acting, enrolment_id: str, station: Station, outcomes: frozenset[str]
) -> dict[str, dict[str, str]]:
    """By ULO and component of the station the level that is needed, of what was recognised and not reached yet."""
    query = select(ReachedOutcome.about_id, ReachedOutcome.component).where(
        ReachedOutcome.enrolment_id == enrolment_id, ReachedOutcome.kind.in_((COMPONENT, STATION))
    )
    reached = {(row.about_id, row.component) for row in session.execute(query)}
    levels: dict[str, dict[str, str]] = {}
    if (station.id, "") in reached:
        # By what was reached along another line, which is written down there.
        return levels
    for ulo_version_id, codes in station.outcomes.items():
        published = published_ulo(session, ulo_version_id, base_url=acting.base_url)
        if published.status is VersionStatus.WITHDRAWN:
            continue
        for criterion in published.rubric:
            code = criterion.component
            known = (ulo_version_id, code) in reached or published.ulo.component(code).iri not in outcomes
            if code in codes and not known:
                levels.setdefault(ulo_version_id, {})[code] = criterion.required_level
    return levels
