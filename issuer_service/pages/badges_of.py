"""What somebody earned on a path or along lines, and how far each badge of it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from issuer_service.issuance.tables import Award, Credential
from issuer_service.workflow.events import WorkflowEvent
from openbadges_kit.documents import parse_json_object

__all__ = ["Earned", "badges_by_award", "badges_of"]

Earned = tuple[str, Literal["signed", "waiting", "being-signed"], str]
"""The badge's name, how far it is, and its id once it is signed."""


def badges_of(session: Session, person_id: str | None, enrolment_id: str) -> tuple[Earned, ...]:
    """What was awarded for what happened to this enrolment."""
    evidence = select(WorkflowEvent.evidence_id).where(WorkflowEvent.enrolment_id == enrolment_id)
    found = _badges(session, Award.person_id == person_id, Award.evidence_id.in_(evidence))
    return tuple(found.values())


def badges_by_award(session: Session, awards: Collection[str]) -> dict[str, Earned]:
    """The badges of these awards, each by the id of its award."""
    return _badges(session, Award.id.in_(awards))


def _badges(session: Session, *where: ColumnElement[bool]) -> dict[str, Earned]:
    query = (
        select(Award.id, Award.document, Award.approved_at, Credential.id.label("credential_id"))
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(*where)
        .order_by(Award.accepted_at, Award.id)
    )
    rows = session.execute(query)
    return {row.id: _earned(row.document, row.approved_at is not None, row.credential_id or "") for row in rows}


def _earned(document: bytes, approved: bool, credential_id: str) -> Earned:  # noqa: FBT001  # as a row has it
    name = str(parse_json_object(document)["name"])
    return name, "signed" if credential_id else "being-signed" if approved else "waiting", credential_id
