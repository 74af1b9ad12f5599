"""API keys: hashed, limited to scopes, expiring, revocable, and it shows when one was last used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import NotAllowed, NotFound, NotKnown, Refused
from issuer_service.people.roles import Role, Scope, scopes_of
from issuer_service.people.service import Caller
from issuer_service.people.tables import ApiKey, Membership
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import columns_of

__all__ = ["KEY_PREFIX", "MadeKey", "hash_of", "key_of", "make_key", "revoke_key", "use_key"]

KEY_PREFIX: Final = "obk_"
"""By this a key is told from a token of an identity provider, and found by who looks for lost secrets."""

_LIFETIME: Final = timedelta(days=90)
MAX_LIFETIME: Final = timedelta(days=366)
# Writing it at each call would make every read a write.
_LAST_USE_STEP: Final = timedelta(hours=1)
_SCOPES: Final = {str(scope): scope for scope in Scope}
_KEYS: Final = columns_of(ApiKey)
_MEMBERS: Final = columns_of(Membership)
_HOLDER: Final = (
    select(
        *(_KEYS.c[name] for name in ("id", "scopes", "expires_at", "last_used_at", "revoked_at")),
        *(_MEMBERS.c[name] for name in ("person_id", "organisation_id", "role")),
    )
    .join_from(_KEYS, _MEMBERS, _MEMBERS.c.id == _KEYS.c.membership_id)
    .where(_KEYS.c.key_sha256 == bindparam("key_sha256"))
)


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key, and the secret that is shown this once."""

    row: ApiKey
    secret: str


def make_key(
    session: Session,
    membership: Membership,
    *,
    now: datetime,
    randomness: Randomness,
    name: str = "",
    scopes: Iterable[Scope] | None = None,
    lifetime: timedelta = _LIFETIME,
    created_by: str | None = None,
) -> MadeKey:
    """A key for the API in the name of this member, for all that the role may do or for less.

    Raises Refused for a scope that the role does not have, and for a lifetime longer than a year.
    """
    possible = scopes_of([Role(membership.role)])
    wanted = possible if scopes is None else frozenset(scopes)
    if beyond := sorted(wanted - possible):
        raise Refused(f"a {membership.role} does not have: {', '.join(beyond)}", field="scopes")
    if not timedelta(0) < lifetime <= MAX_LIFETIME:
        raise Refused(f"a key lasts from 1 to {MAX_LIFETIME.days} days", field="lifetime_days")
    secret = KEY_PREFIX + randomness(24).hex()
    session.flush()
    row = ApiKey(
        id=random_uuid(randomness),
        key_sha256=hash_of(secret),
        membership_id=membership.id,
        name=name,
        scopes=sorted(wanted),
        created_by=created_by,
        created_at=now,
        expires_at=now + lifetime,
    )
    session.add(row)
    session.flush()
    record(
        session,
        AuditEvent.ACCESS_KEY_MADE,
        about=row.id,
        organisation_id=membership.organisation_id,
        actor_id=created_by,
        details={"membership": membership.id, "role": membership.role, "scopes": row.scopes},
    )
    return MadeKey(row, secret)


def use_key(session: Session, secret: str, *, now: datetime) -> tuple[Caller, str | None]:
    """The holder of a key; and the key's id when its last use is to be recorded anew.

    Raises NotKnown for a key that is unknown, revoked or expired: which of these is not told.
    """
    # Asked for every call, and never remembered from one to the next: a key that was revoked does not hold.
    key = session.execute(_HOLDER, {"key_sha256": hash_of(secret)}).one_or_none()
    if key is None or key.revoked_at is not None or key.expires_at <= now:
        raise NotKnown("this key is not known, or no longer holds")
    roles = frozenset({Role(key.role)})
    scopes = scopes_of(roles) & {_SCOPES[scope] for scope in key.scopes if scope in _SCOPES}
    stale = key.last_used_at is None or now - key.last_used_at >= _LAST_USE_STEP
    return Caller(key.person_id, key.organisation_id, roles, scopes), key.id if stale else None


def record_use(session: Session, key_id: str, *, now: datetime) -> None:
    """Note that the key was used."""
    session.get_one(ApiKey, key_id).last_used_at = now


def key_of(session: Session, key_id: str, *, caller: Caller) -> ApiKey:
    """A key that the caller may see: their own, and for an administrator all of the organisation.

    Raises NotFound for any other.
    """
    row = session.execute(
        select(ApiKey, Membership).join(Membership, Membership.id == ApiKey.membership_id).where(ApiKey.id == key_id)
    ).one_or_none()
    if row is None or not _may_see(row.Membership, caller):
        raise NotFound("there is no such key", field="key_id")
    found: ApiKey = row.ApiKey
    return found


def revoke_key(session: Session, key_id: str, *, caller: Caller, now: datetime) -> ApiKey:
    """End a key at once; a second time changes nothing. Raises NotFound for one the caller may not see."""
    key = key_of(session, key_id, caller=caller)
    if key.revoked_at is None:
        key.revoked_at = now
        record(
            session,
            AuditEvent.ACCESS_KEY_REVOKED,
            about=key.id,
            organisation_id=caller.organisation_id,
            actor_id=caller.person_id,
        )
    return key


def membership_for_key(session: Session, membership_id: str | None, *, caller: Caller) -> Membership:
    """In whose name the caller may make a key: their own; an administrator also for others, but not to approve.

    Raises NotFound for a membership of another organisation, NotAllowed for somebody else's.
    """
    if membership_id is None:
        found = session.scalar(
            select(Membership)
            .where(
                Membership.person_id == caller.person_id,
                Membership.organisation_id == caller.organisation_id,
                Membership.role.in_([str(role) for role in caller.roles]),
            )
            .order_by(Membership.role)
            .limit(1)
        )
    else:
        found = session.get(Membership, membership_id)
    if found is None or found.organisation_id != caller.organisation_id:
        raise NotFound("there is no such membership", field="membership_id")
    if found.person_id != caller.person_id and Role.ADMINISTRATOR not in caller.roles:
        raise NotAllowed("a key is made in one's own name")
    return found


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is 192 random bits: there is nothing to guess, and so nothing to slow down."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _may_see(membership: Membership, caller: Caller) -> bool:
    if membership.organisation_id != caller.organisation_id:
        return False
    return membership.person_id == caller.person_id or Role.ADMINISTRATOR in caller.roles
