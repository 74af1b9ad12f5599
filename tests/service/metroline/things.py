"""A metroline at a provider, for whoever asks who may do what with it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.tables import UloVersion
from issuer_service.installation import Installation
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.workflow.metroline.arranging import WorkForm
from issuer_service.workflow.metroline.holding import plan_run
from issuer_service.workflow.metroline.lines import Acting, Stop, add_station, arrange, open_line
from issuer_service.workflow.metroline.travelling import register
from issuer_service.workflow.outbox import Outbox

__all__ = ["draw_a_line"]


def draw_a_line(session: Session, here: Installation, organisation_id: str, teacher_id: str) -> dict[str, str]:
    """A line with a station, a draft of a run, and somebody whose travel has ended. Their ids."""
    programme = session.scalars(select(Programme).where(Programme.organisation_id == organisation_id)).one()
    enrolment = session.scalars(select(Enrolment).where(Enrolment.programme_id == programme.id)).first()
    assert enrolment is not None
    ulo = session.scalars(
        select(UloVersion.id).where(UloVersion.publisher_id == organisation_id, UloVersion.number == "1.1")
    ).one()
    caller = Caller.in_role(teacher_id, organisation_id, Role.BROKER, Role.TEACHER)
    acting = Acting(caller, here.now(), here.randomness, here.base_url, Outbox(here.randomness))
    line = open_line(session, acting, programme_id=programme.id, title="Ons wagenpark", outcomes=[ulo])
    station = add_station(
        session,
        acting,
        title="Veilig werken",
        hours=4,
        work_form=WorkForm.WORKSHOP,
        provider="Opleider",
        outcomes={ulo: ["RO001"]},
    )
    arrange(session, acting, line, [Stop(station.id, 1)])
    run = plan_run(session, acting, station.id, {"starts_at": here.now() + timedelta(days=21)})
    participation = register(session, acting, line, person_id=enrolment.person_id)
    participation.state = "referred"
    session.flush()
    return {"metroline": line.id, "station": station.id, "station_run": run.id, "participation": participation.id}
