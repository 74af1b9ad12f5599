"""Definitions as an organisation uses them: taken over when they are first needed, and published in new versions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.workflow.process.checking import Surroundings, check_definition
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.tables import ProcessCase, ProcessDefinition

__all__ = ["definition_of", "latest", "publish", "read", "row_of"]

# Each takes some 300 kB. An installation has as many as organisations have changed, and one for all who changed none.
_MOST_KEPT: Final = 200
_MOST_IDS: Final = 10_000
_kept: Final[OrderedDict[str, Definition]] = OrderedDict()
_by_id: Final[OrderedDict[str, Definition]] = OrderedDict()
_lock: Final = threading.Lock()


def definition_of(session: Session, case: ProcessCase) -> Definition:
    """What a case follows. The case was found by who may see it, and so its definition is not looked up each time."""
    with _lock:
        known = _by_id.get(case.definition_id)
    return known or read(session.get_one(ProcessDefinition, case.definition_id))


def read(row: ProcessDefinition) -> Definition:
    """A definition that was published; kept, because a version never changes."""
    with _lock:
        known = _kept.get(row.sha256)
    made = known or Definition.model_validate(row.content)
    with _lock:
        for kept, key, most in ((_kept, row.sha256, _MOST_KEPT), (_by_id, row.id, _MOST_IDS)):
            kept[key] = made
            kept.move_to_end(key)
            if len(kept) > most:
                kept.popitem(last=False)
    return made


def row_of(session: Session, definition_id: str, *, organisation_id: str) -> ProcessDefinition:
    """A definition of this organisation. Raises NotFound, also for another's."""
    found = session.get(ProcessDefinition, definition_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("there is no such definition", field="definition_id")
    return found


def latest(
    session: Session,
    shipped: Definition,
    *,
    organisation_id: str,
    now: datetime,
    randomness: Randomness,
    earlier: Sequence[Definition] = (),
) -> ProcessDefinition:
    """The last version that the organisation published; the one that travels with the code where it published none.

    `earlier` are those that travelled with it before: who has one of them, and none of their own, takes this one over.
    """
    found = session.scalar(
        select(ProcessDefinition)
        .where(ProcessDefinition.organisation_id == organisation_id, ProcessDefinition.name == shipped.name)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    if found is not None and not _outdated(found, shipped, earlier):
        return found
    return _add(session, shipped, organisation_id=organisation_id, now=now, randomness=randomness)


def _outdated(row: ProcessDefinition, shipped: Definition, earlier: Sequence[Definition]) -> bool:
    # By what it says, read as it is read today: the hash in the row is of how it was written then.
    return row.version < shipped.version and read(row).sha256 in {one.sha256 for one in earlier}


def publish(
    session: Session,
    content: dict[str, Any],
    around: Surroundings,
    *,
    organisation_id: str,
    now: datetime,
    randomness: Randomness,
) -> ProcessDefinition:
    """Publish the next version. Cases that are under way go on under theirs until they are moved.

    Raises Refused with everything that is amiss, and Conflict for a version that does not follow the last one.
    """
    try:
        definition = Definition.model_validate(content)
    except ValidationError as error:
        findings = tuple(f"definition.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:50])
        raise Refused("this is no definition of a process", field="definition", findings=findings) from error
    amiss = check_definition(definition, around)
    if amiss:
        raise Refused("this definition cannot be used", field="definition", findings=amiss)
    last = session.scalar(
        select(ProcessDefinition.version)
        .where(ProcessDefinition.organisation_id == organisation_id, ProcessDefinition.name == definition.name)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    # The first is the one that travels with the code.
    if definition.version <= (last or 1):
        raise Conflict(
            f"version {last or 1} is there already; this one needs a higher number", field="definition.version"
        )
    return _add(session, definition, organisation_id=organisation_id, now=now, randomness=randomness)


def _add(
    session: Session, definition: Definition, *, organisation_id: str, now: datetime, randomness: Randomness
) -> ProcessDefinition:
    row = ProcessDefinition(
        id=random_uuid(randomness),
        organisation_id=organisation_id,
        name=definition.name,
        version=definition.version,
        sha256=definition.sha256,
        content=definition.model_dump(mode="json", by_alias=True),
        published_at=now,
    )
    session.add(row)
    session.flush()
    details = {"name": definition.name, "version": definition.version}
    record(session, AuditEvent.PROCESS_PUBLISHED, about=row.id, organisation_id=organisation_id, details=details)
    return row
