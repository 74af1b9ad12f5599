"""The settings of a programme, and the presets of the two working methods.

Each setting names the row of the comparison (D…) or the gap (G…) that it decides; `docs/reference/candidate-path.md`
lists them all, also those for which a decision stands in the place of a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from issuer_service.errors import Refused

__all__ = ["PRESETS", "ProgrammeSettings", "changed", "preset"]

TargetGroup = Literal["school_leavers", "professionals"]


class ProgrammeSettings(BaseModel):
    """How one programme works. What a setting makes obligatory is asked of every case that is under way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Whom it is for, and how they come in
    target_groups: tuple[TargetGroup, ...] = Field(("school_leavers", "professionals"), min_length=1)  # D01
    application_channel: Literal["form", "portal"] = "form"  # D02
    scan_required: bool = Field(description="D03: everybody who applies is scanned before the intake.")
    scan_personality_default: bool = True  # D04, G2
    intake_required: bool = Field(description="D07: nobody is selected without a talk with a coach.")
    # From selected to matched
    company_training: Literal["advised", "offered"] = "advised"  # D08
    application_training_required: bool  # D09
    job_market_required: bool = False  # D10
    company_agreement_required: bool = False  # D12
    job_guarantee_offered: bool = False  # D24
    # Learning
    tripartite_required: bool  # D17, G12
    kickoff_required: bool  # D18
    coaching_required: bool = False  # D19
    workshops_offered: bool = False  # D19
    training_cost: Literal["company", "company_preferred"] = "company_preferred"  # D21
    max_duration_months: int | None = Field(ge=1, le=60)  # D23
    assignment_required: bool = False  # D16
    # Working
    work_experience_required: bool = False  # D14
    return_events_required: bool  # D15, D26
    return_events_minimum: int = Field(1, ge=1, le=20)  # D26
    evaluation_required: bool = False  # D27
    # The metroline
    broker_must_be_neutral: bool = True  # D29, G7
    ld_developer_in_metroline: bool = True  # D30
    commitment: Literal["manifest", "covenant"] = "manifest"  # D31
    first_phase: Literal["activation_and_inspiration", "inspiration"] = "activation_and_inspiration"  # D33
    needs_by_interview: bool = True  # D34
    canvas_required: bool = False  # D35
    alignment_required: bool  # D36
    # What is awarded
    badge_per_module: bool = True  # R18
    badge_per_component: bool = False  # R08
    badge_per_station: bool = True  # B-3
    badge_per_line: bool = True  # B-3
    attendance_proof: bool = Field(default=False, description="G11: a proof that somebody was there, and of no skill.")
    certificate_at: Literal["learning_completed", "completed"] = "learning_completed"  # G1
    certificate_ulo_version_id: str | None = Field(None, max_length=36, description="What the certificate awards.")
    completion_ulo_version_id: str | None = Field(
        None, max_length=36, description="What is awarded besides when the whole path was completed; optional."
    )
    badges_valid_months: int | None = Field(
        None, ge=1, le=1200, description="For how many months a badge holds, from when it was earned; null for ever."
    )
    four_eyes: bool = False  # who assessed may approve, unless this is set


PRESETS: Final[Mapping[str, ProgrammeSettings]] = MappingProxyType(
    {
        "katapult": ProgrammeSettings(
            scan_required=False,
            intake_required=False,
            application_training_required=False,
            tripartite_required=True,
            kickoff_required=False,
            max_duration_months=None,
            return_events_required=False,
            alignment_required=False,
        ),
        "mhw": ProgrammeSettings(
            target_groups=("professionals",),
            application_channel="portal",
            scan_required=True,
            intake_required=True,
            company_training="offered",
            application_training_required=True,
            job_market_required=True,
            company_agreement_required=True,
            job_guarantee_offered=True,
            tripartite_required=False,
            kickoff_required=True,
            coaching_required=True,
            workshops_offered=True,
            training_cost="company",
            max_duration_months=6,
            work_experience_required=True,
            return_events_required=True,
            evaluation_required=True,
            broker_must_be_neutral=False,
            ld_developer_in_metroline=False,
            commitment="covenant",
            first_phase="inspiration",
            needs_by_interview=False,
            canvas_required=True,
            alignment_required=True,
        ),
    }
)


def preset(name: str) -> ProgrammeSettings:
    """The settings of a working method. Raises Refused for an unknown one."""
    if name not in PRESETS:
        raise Refused(f"choose one of: {', '.join(PRESETS)}", field="preset")
    return PRESETS[name]


def changed(settings: ProgrammeSettings, wanted: Mapping[str, Any]) -> ProgrammeSettings:
    """The settings with these in the place of theirs. Raises Refused, naming each that is none or has no such value."""
    try:
        return ProgrammeSettings.model_validate({**settings.model_dump(), **wanted})
    except ValidationError as error:
        findings = tuple(f"settings.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Refused("these settings are not possible", field="settings", findings=findings) from error
