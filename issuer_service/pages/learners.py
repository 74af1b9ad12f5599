"""Who learns here, for the lists that staff choose from."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership, Person

__all__ = ["learners_of"]

_WHO_LEARNS: Final = (Role.LEARNER, Role.CANDIDATE, Role.PARTICIPANT)
_SHOWN: Final = 200


def learners_of(session: Session, caller: Caller) -> list[tuple[str, str]]:
    """Their ids and names, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == caller.organisation_id,
            Membership.role.in_([str(role) for role in _WHO_LEARNS]),
            Membership.ended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
        .limit(_SHOWN)
    )
    return [(row.id, row.name) for row in rows]
