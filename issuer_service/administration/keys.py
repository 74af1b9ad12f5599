"""API keys over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.errors import Kind, Refused
from issuer_service.installation import Installation
from issuer_service.people.keys import MAX_LIFETIME, key_of, make_key, membership_for_key, revoke_key
from issuer_service.people.roles import Role, Scope, scopes_of
from issuer_service.people.service import Caller
from issuer_service.people.tables import ApiKey, Membership
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToManageKeys, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1/keys", tags=["keys"])


class NewKey(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Named = Field(examples=["Koppeling leeromgeving"])
    membership_id: Identifier | None = Field(
        default=None,
        description="In whose name: a person's role here. Left out, your own. An administrator may make one for "
        "somebody else, but none that approves: who certifies makes that key themselves.",
    )
    scopes: list[Scope] | None = Field(
        default=None, max_length=50, description="Left out, all that may be given.", examples=[["awards:read"]]
    )
    lifetime_days: int = Field(default=90, ge=1, le=MAX_LIFETIME.days)


class KeyShown(Shown):
    """A key, without its secret, which nobody has but its holder."""

    id: str
    name: str
    membership_id: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the hour.")
    revoked_at: datetime | None


class KeyMade(KeyShown):
    """A made key."""

    secret: str | None = Field(default=None, description="The key itself. Shown this once; null when sent again.")


@router.get("")
def get_keys(here: Here, caller: CallingToManageKeys, paging: Paging) -> Page[KeyShown]:
    """Your keys; for an administrator, all of the organisation."""
    statement = select(ApiKey).join(Membership, Membership.id == ApiKey.membership_id)
    if Role.ADMINISTRATOR not in caller.roles:
        statement = statement.where(Membership.person_id == caller.person_id)
    with here.reading_for(caller) as session:
        return page_of(session, statement, paging, order=[ApiKey.id], show=KeyShown.of)


@router.post("", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_key(body: NewKey, here: Here, caller: CallingToManageKeys, request_key: RequestKey = None) -> KeyMade:
    """Make a key. A key makes no key that may do more than itself."""
    with here.transaction_for(caller) as session:
        return once(
            session,
            Asked(request_key, caller, "/v1/keys", body),
            now=here.now(),
            answer=KeyMade,
            make=lambda: _make(session, body, here, caller),
            secrets=frozenset({"secret"}),
        )


@router.get("/{key_id}", responses=problems(Kind.NOT_FOUND))
def get_key(key_id: Identifier, here: Here, caller: CallingToManageKeys) -> KeyShown:
    """A key, and when it was last used."""
    with here.reading_for(caller) as session:
        return KeyShown.of(key_of(session, key_id, caller=caller))


@router.post("/{key_id}/revocation", responses=problems(Kind.NOT_FOUND))
def post_key_revocation(key_id: Identifier, here: Here, caller: CallingToManageKeys) -> KeyShown:
    """End a key at once. A second time changes nothing."""
    with here.transaction_for(caller) as session:
        return KeyShown.of(revoke_key(session, key_id, caller=caller, now=here.now()))


def _make(session: Session, body: NewKey, here: Installation, caller: Caller) -> KeyMade:
    membership = membership_for_key(session, body.membership_id, caller=caller)
    mine = membership.person_id == caller.person_id
    if not mine:
        # A key of limited scopes would otherwise be worth as much as an administrator.
        caller.must_have(Scope.ORGANISATION_WRITE)
    limit = caller.scopes if mine and Role(membership.role) in caller.roles else _for_others(membership)
    wanted = frozenset(body.scopes) if body.scopes is not None else limit & scopes_of([Role(membership.role)])
    if beyond := sorted(wanted - limit):
        raise Refused(f"you cannot give: {', '.join(beyond)}", field="scopes")
    made = make_key(
        session,
        membership,
        name=body.name,
        scopes=wanted,
        lifetime=timedelta(days=body.lifetime_days),
        now=here.now(),
        randomness=here.randomness,
        created_by=caller.person_id,
    )
    return KeyMade(**KeyShown.of(made.row).model_dump(), secret=made.secret)


def _for_others(membership: Membership) -> frozenset[Scope]:
    return scopes_of([Role(membership.role)]) - {Scope.AWARDS_APPROVE}
