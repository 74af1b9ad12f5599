"""The candidate path as it travels with the code, and what a definition of it may lean on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from issuer_service.people.roles import Role
from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.process.checking import Surroundings
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.shipped import read_definition

__all__ = [
    "CANDIDATE_PATH",
    "COMPANY_PATH",
    "EFFECTS",
    "candidate_path",
    "company_path",
    "earlier_candidate_paths",
    "surroundings",
]

CANDIDATE_PATH: Final = "candidate-path"
COMPANY_PATH: Final = "company-path"
EFFECTS: Final = frozenset({"bind_employer", "release_employer", "enrol", "end_candidacy", "module_result"})
"""What a step may do besides being recorded; each is done in `path.py`, in the transaction of the step."""

_FOLDER: Final = Path(__file__).resolve().parent / "definitions"


@cache
def candidate_path() -> Definition:
    """The path of one person, A0 to A25: its second version, in which a kick-off and a return event are planned."""
    return read_definition(_FOLDER / "candidate-path-1", _FOLDER / "candidate-path-2")


@cache
def earlier_candidate_paths() -> tuple[Definition, ...]:
    """The versions that travelled with the code before: what began under one of them goes on under it."""
    return (read_definition(_FOLDER / "candidate-path-1"),)


@cache
def company_path() -> Definition:
    """The first version of the path of a company, F: from invited to its preferences."""
    return read_definition(_FOLDER / "company-path-1")


def surroundings() -> Surroundings:
    """The roles, events, effects and settings that a definition may name."""
    return Surroundings(
        roles=frozenset(map(str, Role)),
        emits=frozenset(map(str, EventKind)),
        effects=EFFECTS,
        presets={name: settings.model_dump(mode="json") for name, settings in PRESETS.items()},
    )
