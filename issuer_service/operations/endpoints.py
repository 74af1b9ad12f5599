"""Health over HTTP, for load balancers and alarms."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from issuer_service.errors import Kind, Unavailable
from issuer_service.operations.health import SERVING, check_readiness
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import Here

__all__ = ["router"]

router = APIRouter(tags=["operations"])


class Alive(BaseModel):
    """That the process answers."""

    status: Literal["alive"] = "alive"


class CheckShown(BaseModel):
    """The answer to one question."""

    name: str = Field(examples=["signing"])
    passed: bool
    detail: str = Field(examples=["2 keys sign"])


class Readiness(BaseModel):
    """That the installation is well, and what was found."""

    ready: Literal[True] = True
    checks: list[CheckShown]


@router.get("/healthz")
def get_health() -> Alive:
    """The process answers. Nothing else is asked: when the database is away, starting anew helps nobody."""
    return Alive()


@router.get("/readyz", responses=problems(Kind.UNAVAILABLE))
def get_readiness(
    here: Here,
    response: Response,
    asked_for: Annotated[
        Literal["everything", "serving"],
        Query(
            alias="for",
            description="`serving`: may this process get requests, for a load balancer. `everything`: are badges "
            "signed as well, for an alarm. An award is safe in a process that serves while the signing waits.",
        ),
    ] = "everything",
) -> Readiness:
    """The database answers and has the newest schema, every key was seen to sign, and no award waits too long.

    Not ready, the answer is a problem whose findings say what is amiss.
    """
    checks = check_readiness(here, SERVING if asked_for == "serving" else ())
    amiss = tuple(f"{check.name}: {check.detail}" for check in checks if not check.passed)
    if amiss:
        raise Unavailable("not ready", findings=amiss)
    response.headers["Cache-Control"] = "no-store"
    shown = [CheckShown(name=check.name, passed=check.passed, detail=check.detail) for check in checks]
    return Readiness(checks=shown)
