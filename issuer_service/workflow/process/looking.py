"""Where somebody looks who was written to about a case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from issuer_service.people.roles import SCOPES, Role, Scope
from issuer_service.people.service import roles_of
from issuer_service.workflow.process.tables import ProcessCase
from issuer_service.workflow.process.worklist import parties_of

__all__ = ["where_to_look"]


def where_to_look(session: Session, case: ProcessCase, person_id: str, *, base_url: str) -> str:
    """The page of the case, for who has a part in it and a role that sees cases; for others, where people sign in."""
    held = roles_of(session, person_id, organisation_id=case.organisation_id)
    sees_cases = any(Scope.CASES_READ in SCOPES[Role(one.role)] for one in held)
    if sees_cases and person_id in parties_of(session, case.id).values():
        return f"{base_url}/desk/cases/{case.id}"
    return f"{base_url}/login"
