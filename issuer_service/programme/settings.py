"""The settings of a programme, and the presets of the two working methods.

Each setting names the row of the comparison (D…) or the gap (G…) that it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from issuer_service.errors import Refused

__all__ = ["PRESETS", "ProgrammeSettings", "preset"]


@dataclass(frozen=True, slots=True)
class ProgrammeSettings:
    """How one programme works."""

    scan_required: bool  # D03
    intake_required: bool  # D07
    application_training_required: bool  # D09
    tripartite_required: bool  # D17
    kickoff_required: bool  # D18
    max_duration_months: int | None  # D23
    return_events_required: bool  # D15, D26
    alignment_required: bool  # D36
    badge_per_module: bool = True  # R18
    certificate_at: Literal["learning_completed", "completed"] = "learning_completed"  # G1
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
            scan_required=True,
            intake_required=True,
            application_training_required=True,
            tripartite_required=False,
            kickoff_required=True,
            max_duration_months=6,
            return_events_required=True,
            alignment_required=True,
        ),
    }
)


def preset(name: str) -> ProgrammeSettings:
    """The settings of a working method. Raises Refused for an unknown one."""
    if name not in PRESETS:
        raise Refused(f"choose one of: {', '.join(PRESETS)}", field="preset")
    return PRESETS[name]
