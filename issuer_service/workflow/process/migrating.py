"""A case that goes on under another version of its definition: explicit, and with a reason wherever it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.reducer import Actor, Refusal, Taken
from issuer_service.workflow.process.state import Act, CaseState, Happened, evolve

__all__ = ["migrate", "unmapped"]


def unmapped(old: Definition, new: Definition, stages: Mapping[str, str]) -> tuple[str, ...]:
    """What is amiss with a plan: stages of the old version for which it names no stage of the new one."""
    found = [f"stages.{stage}: no stage of version {old.version}" for stage in stages if stage not in old.stage_by_key]
    for stage in old.stages:
        to = stages.get(stage.key, stage.key)
        if to not in new.stage_by_key:
            found.append(f"stages.{stage.key}: {to} is no stage of version {new.version}")
        elif not stage.ends and new.stage_by_key[to].ends:
            found.append(f"stages.{stage.key}: {to} is an end, and nobody is put to an end by a new version")
    return tuple(found)


def migrate(
    new: Definition, state: CaseState, stages: Mapping[str, str], actor: Actor, *, role: str, now: datetime
) -> Taken | Refusal:
    """Go on under the new version. What was recorded stays, also for tasks that the new version does not have."""
    to = stages.get(state.stage, state.stage)
    if to not in new.stage_by_key:
        return Refusal((f"stages.{state.stage}: {to} is no stage of version {new.version}",))
    data = {"version": new.version, "from": state.stage}
    event = Happened(state.number + 1, Act.MIGRATE, "migrate", role, actor.person_id, now, to, data)
    return Taken(event, evolve(state, event))
