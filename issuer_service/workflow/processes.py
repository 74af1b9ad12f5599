"""The processes that this service knows: what travels with the code, what they may lean on, what their effects do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from issuer_service.workflow.candidate.definition import (
    CANDIDATE_PATH,
    COMPANY_PATH,
    candidate_path,
    company_path,
    surroundings,
)
from issuer_service.workflow.candidate.path import EFFECTS
from issuer_service.workflow.process.checking import Surroundings
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.service import Effect

__all__ = ["PROCESSES", "Process"]


@dataclass(frozen=True, slots=True)
class Process:
    """One process."""

    shipped: Callable[[], Definition]
    surroundings: Callable[[], Surroundings]
    effects: Mapping[str, Effect]


PROCESSES: Final[Mapping[str, Process]] = MappingProxyType(
    {
        CANDIDATE_PATH: Process(candidate_path, surroundings, EFFECTS),
        COMPANY_PATH: Process(company_path, surroundings, EFFECTS),
    }
)
"""By the name of their definition."""
