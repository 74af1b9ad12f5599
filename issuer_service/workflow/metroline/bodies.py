"""What is sent in and shown of lines, stations, runs and participations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from issuer_service.web.texts import Identifier, Named
from issuer_service.workflow.metroline.arranging import WorkForm
from issuer_service.workflow.metroline.canvases import CanvasKind
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.runs import RunState
from issuer_service.workflow.process.definition import Words

__all__ = [
    "AssessmentMade",
    "AttendanceShown",
    "CanvasShown",
    "Form",
    "Intake",
    "LineShown",
    "NewAssessment",
    "NewAttendance",
    "NewCanvas",
    "NewLine",
    "NewParticipation",
    "NewReferral",
    "NewRun",
    "NewStation",
    "NewStops",
    "ParticipationShown",
    "RunChange",
    "RunShown",
    "StationShown",
    "StopShown",
    "ToMoment",
    "ToRunState",
    "ToStage",
]

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{1,6}$")]
Told = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Hours = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
ByComponent = Annotated[dict[Code, Named], Field(max_length=50)]
_ULO = "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    @classmethod
    def of(cls, row: object, **more: Any) -> Self:
        """What is shown of a row, with what it does not know itself."""
        known = {name: getattr(row, name) for name in cls.model_fields if name not in more}
        return cls(**known, **more)


class NewLine(_Body):
    """A line to be opened."""

    programme_id: Identifier = Field(description="The working method that it is arranged within.")
    title: Named = Field(examples=["Ons wagenpark op waterstof"])
    outcomes: list[Identifier] = Field(
        [], max_length=20, description="The versions of ULOs that it is to lead to.", examples=[[_ULO]]
    )
    badge_ulo_version_id: Identifier | None = Field(None, description="What is awarded for the whole line.")


class StopShown(_Shown):
    """A station of a line."""

    station_id: str
    title: str
    hours: float
    position: int
    phase: int
    required: bool
    place: list[int] | None


class LineShown(_Shown):
    """A line: how far its design is, where it may go, and what is unlike the advice."""

    id: str
    programme_id: str
    title: str
    outcomes: list[str]
    badge_ulo_version_id: str | None
    stage: str
    iteration: int
    opened_at: datetime
    next_stages: list[str] = Field(description="Where the design can go from here, ready or not.")
    warnings: list[str]
    phases: list[Words] = Field(description="What its phases are called, the first one first.")
    stops: list[StopShown]


class NewCanvas(_Body):
    """A canvas, by its kind."""

    kind: CanvasKind
    content: dict[str, Any] = Field(
        examples=[{"questions": ["Hoe kunnen we ons wagenpark op waterstof laten rijden?"]}]
    )


class CanvasShown(_Shown):
    """A canvas as it was written. Of a value proposition, the sentence that it makes."""

    id: str
    number: int
    kind: str
    iteration: int
    content: dict[str, Any]
    written_at: datetime
    sentence: str | None = None


class ToStage(_Body):
    """Where the design goes."""

    stage: Stage = Field(examples=["analysing"])


class NewStop(_Body):
    """A station that a line calls at."""

    station_id: Identifier
    phase: int = Field(ge=1, le=3)
    required: bool = True
    place: Annotated[list[Annotated[int, Field(ge=0, le=100)]], Field(min_length=2, max_length=2)] | None = Field(
        None,
        description="The column and the row where it stands on the map; left out, a place is found.",
        examples=[[3, 1]],
    )


class NewStops(_Body):
    """The stations of a line, in its order."""

    stops: list[NewStop] = Field(max_length=40)


class NewStation(_Body):
    """A station to be added."""

    title: Named = Field(examples=["Veilig werken met waterstof"])
    hours: Hours = Field(examples=[4])
    work_form: WorkForm = Field(examples=["workshop"])
    provider: Short = Field("", examples=["Voorbeeld Opleider"])
    outcomes: dict[Identifier, list[Code]] = Field(
        {}, max_length=10, description="By version of a ULO, the components it leads to.", examples=[{_ULO: ["VO001"]}]
    )
    badge_ulo_version_id: Identifier | None = Field(None, description="What is awarded for it, if it has a badge.")


class StationShown(_Shown):
    """A station."""

    id: str
    title: str
    hours: float
    work_form: str
    provider: str
    outcomes: dict[str, list[str]]
    badge_ulo_version_id: str | None


class NewRun(_Body):
    """A run to be planned; what is left out is filled in later."""

    starts_at: AwareDatetime | None = None
    hours: Hours | None = Field(None, examples=[4])
    location: Short = ""
    provider: Short | None = None
    capacity: int = Field(0, ge=0, le=10_000)
    preparation: Told = ""
    materials: Told = ""


class RunChange(_Body):
    """What is filled in of a run."""

    starts_at: AwareDatetime | None = None
    hours: Hours | None = Field(None, examples=[4])
    location: Short | None = None
    provider: Short | None = None
    capacity: int | None = Field(None, ge=0, le=10_000)
    preparation: Told | None = None
    materials: Told | None = None
    good: Told | None = None
    improve: Told | None = None
    checked: list[str] | None = Field(None, max_length=10, examples=[["materials", "aids", "rooms"]])


class RunShown(_Shown):
    """A run, and what is unlike the advice."""

    id: str
    station_id: str
    state: str
    starts_at: datetime | None
    hours: float
    location: str
    provider: str
    capacity: int
    preparation: str
    materials: str
    checked: list[str]
    good: str
    improve: str
    announced_at: datetime | None
    sequence: int
    warnings: list[str]


class ToRunState(_Body):
    """Where a run goes."""

    state: RunState = Field(examples=["scheduled"])


class ToMoment(_Body):
    """When a run is held instead."""

    starts_at: AwareDatetime


class NewParticipation(_Body):
    """Somebody to be registered for a line."""

    person_id: Identifier
    company: Short = Field("", examples=["Transport Jansen"])


class ParticipationShown(_Shown):
    """Somebody's travel along a line."""

    id: str
    metroline_id: str
    enrolment_id: str
    company: str
    state: str
    intake: dict[str, Any]
    evaluation: dict[str, Any]
    referral: dict[str, Any] = Field(
        description="Empty, or `case_id` of the path that they were referred to, `opened` (false: it was there "
        "already), `programme_id`, and what they had `reached`."
    )
    registered_at: datetime


class Intake(_Body):
    """What somebody wishes, expects and needs."""

    wishes: Told = ""
    expectations: Told = ""
    needs: Told = ""


class Form(_Body):
    """An evaluation form."""

    outcomes_reached: bool = Field(description="Were the learning outcomes reached?")
    company_goals_supported: bool = Field(description="Were the company's goals supported?")
    good: list[Told] = Field([], max_length=50)
    improve: list[Told] = Field([], max_length=50)


class NewReferral(_Body):
    """To which programme somebody is referred."""

    programme_id: Identifier = Field(description="One with modules: only it has a path to go along.")


class NewAttendance(_Body):
    """That somebody was at a run, or was not."""

    participation_id: Identifier
    attended: bool


class AttendanceShown(_Shown):
    """An attendance as it was recorded."""

    id: str
    station_run_id: str
    attended: bool
    recorded_at: datetime


class NewAssessment(_Body):
    """How somebody did at a station."""

    participation_id: Identifier
    station_id: Identifier
    run_id: Identifier | None = Field(None, description="The run at which it was seen.")
    recognised: bool = Field(
        default=False, description="Not at the station, but by what they brought with them: it need not be visited."
    )
    levels: dict[Identifier, ByComponent] = Field(
        max_length=10,
        description="By version of a ULO, the level reached per component.",
        examples=[{_ULO: {"VO001": "goed"}}],
    )


class AssessmentMade(BaseModel):
    """The recorded assessment, and what was newly reached by it."""

    id: str
    assessed_at: datetime
    reached: list[dict[str, str]] = Field(
        description="Components, stations, ULOs and lines, each once.",
        examples=[[{"kind": "station", "about_id": _ULO}]],
    )
