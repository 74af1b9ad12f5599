"""Lines and what was thought of them, stations and their runs, and who travels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = [
    "Attendance",
    "LineStop",
    "Metroline",
    "MetrolineCanvas",
    "MetrolineStep",
    "Participation",
    "ReachedOutcome",
    "Station",
    "StationAssessment",
    "StationRun",
]


class Metroline(Table):
    """A line of learning, arranged within a programme. `iteration` counts the rounds of its design cycle.

    `outcomes` are the versions of ULOs that it is to lead to, `badge_ulo_version_id` what is awarded for the whole.
    """

    __tablename__ = "metroline"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(String(200))
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    badge_ulo_version_id: Mapped[str | None] = mapped_column(ForeignKey("ulo_version.id"))
    stage: Mapped[str] = mapped_column(String(30))
    iteration: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MetrolineCanvas(Table):
    """What was written down of a line. Append-only: the last of a kind is the one that holds."""

    __tablename__ = "metroline_canvas"
    __tenant_by__ = "metroline_id"
    __table_args__ = (UniqueConstraint("metroline_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    metroline_id: Mapped[str] = mapped_column(ForeignKey("metroline.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    iteration: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MetrolineStep(Table):
    """A step of a line's design cycle. Append-only."""

    __tablename__ = "metroline_step"
    __tenant_by__ = "metroline_id"
    __table_args__ = (UniqueConstraint("metroline_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    metroline_id: Mapped[str] = mapped_column(ForeignKey("metroline.id"))
    number: Mapped[int]
    iteration: Mapped[int]
    from_stage: Mapped[str] = mapped_column(String(30))
    to_stage: Mapped[str] = mapped_column(String(30))
    taken_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Station(Table):
    """A stop, of one line or of several. `outcomes` has by version of a ULO the components that it leads to.

    `badge_ulo_version_id` is what is awarded for it, where it has a badge of its own.
    """

    __tablename__ = "station"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    hours: Mapped[float] = mapped_column(Float)
    work_form: Mapped[str] = mapped_column(String(30))
    provider: Mapped[str] = mapped_column(String(200))
    outcomes: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    badge_ulo_version_id: Mapped[str | None] = mapped_column(ForeignKey("ulo_version.id"))


class LineStop(Table):
    """That a line calls at a station: as the how manieth, in which phase. `place` is where it stands on the map."""

    __tablename__ = "line_stop"
    __tenant_by__ = "metroline_id"
    __table_args__ = (UniqueConstraint("metroline_id", "position"), Index("line_stop_station", "station_id"))

    metroline_id: Mapped[str] = mapped_column(ForeignKey("metroline.id"), primary_key=True)
    station_id: Mapped[str] = mapped_column(ForeignKey("station.id"), primary_key=True)
    position: Mapped[int]
    phase: Mapped[int]
    required: Mapped[bool] = mapped_column(Boolean)
    place: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True), default=None)


class StationRun(Table):
    """One holding of a station. `sequence` counts how often calendars have to change it."""

    __tablename__ = "station_run"
    __table_args__ = (Index("station_run_station", "station_id", "starts_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    station_id: Mapped[str] = mapped_column(ForeignKey("station.id"))
    state: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    hours: Mapped[float] = mapped_column(Float)
    location: Mapped[str] = mapped_column(String(200), default="")
    provider: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[int] = mapped_column(default=0)
    preparation: Mapped[str] = mapped_column(String(2000), default="")
    materials: Mapped[str] = mapped_column(String(2000), default="")
    checked: Mapped[list[str]] = mapped_column(JSON)
    good: Mapped[str] = mapped_column(String(2000), default="")
    improve: Mapped[str] = mapped_column(String(2000), default="")
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Participation(Table):
    """Somebody's travel along a line. `referral` is what went with them to a path of their own."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("metroline_id", "enrolment_id"),
        Index("participation_enrolment", "enrolment_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    metroline_id: Mapped[str] = mapped_column(ForeignKey("metroline.id"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    company: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    intake: Mapped[dict[str, Any]] = mapped_column(JSON)
    evaluation: Mapped[dict[str, Any]] = mapped_column(JSON)
    referral: Mapped[dict[str, Any]] = mapped_column(JSON)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attendance(Table):
    """That somebody was at a run, or was not. It proves no skill."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("station_run_id", "enrolment_id"), Index("attendance_enrolment", "enrolment_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    station_run_id: Mapped[str] = mapped_column(ForeignKey("station_run.id"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    attended: Mapped[bool] = mapped_column(Boolean)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StationAssessment(Table):
    """How somebody did at a station: by version of a ULO, per component, the level of its rubric. Never changed.

    `recognised`: what they brought with them was recognised, and they need not go there.
    """

    __tablename__ = "station_assessment"
    __table_args__ = (
        Index("station_assessment_enrolment", "enrolment_id"),
        Index("station_assessment_run", "station_run_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[str] = mapped_column(ForeignKey("station.id"))
    station_run_id: Mapped[str | None] = mapped_column(ForeignKey("station_run.id"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    levels: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    recognised: Mapped[bool] = mapped_column(Boolean)


class ReachedOutcome(Table):
    """That somebody reached a component, a ULO, the outcomes of a station, or a line: each once, and for good.

    `about_id` is the version of the ULO, the station or the line; `level` that of a component.
    """

    __tablename__ = "reached_outcome"
    __table_args__ = (UniqueConstraint("enrolment_id", "kind", "about_id", "component"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str] = mapped_column(String(12))
    about_id: Mapped[str] = mapped_column(String(36))
    component: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(100))
    assessment_id: Mapped[str] = mapped_column(ForeignKey("station_assessment.id"), index=True)
    reached_at: Mapped[datetime] = mapped_column(UtcDateTime)
