"""From what a caller shows to who is calling: an API key of ours, or a token of the identity provider."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import NotAllowed, NotKnown
from issuer_service.installation import Installation
from issuer_service.outbound import Outbound
from issuer_service.people.keys import KEY_PREFIX, record_use, use_key
from issuer_service.people.roles import Role, Scope, scopes_of
from issuer_service.people.service import Caller
from issuer_service.people.tables import ExternalIdentity, Membership, Organisation
from issuer_service.settings import Settings
from issuer_service.web.identity import IdentityProvider, KnownSubject
from issuer_service.web.rate_limits import RateLimits

__all__ = ["Gates", "caller_at", "gates_of", "who_is_calling"]

ORGANISATION_HEADER = "Organisation"


@dataclass(frozen=True, slots=True)
class Gates:
    """What this process keeps between requests to tell who is calling, and how often."""

    identity: IdentityProvider
    limits: RateLimits

    @classmethod
    def of(cls, settings: Settings) -> Gates:
        """The gates that the settings describe. Nothing is called yet."""
        outbound = Outbound(allowed=settings.outbound_allowed_networks)
        return cls(IdentityProvider(settings, outbound), RateLimits(settings))


def gates_of(request: Request) -> Gates:
    """The gates of the application that this request came to."""
    gates: Gates = request.app.state.gates
    return gates


def who_is_calling(here: Installation, shown: str, request: Request) -> Caller:
    """Who is calling. Raises NotKnown, and TooMany where too many wrong keys came from."""
    gates = gates_of(request)
    gates.limits.must_not_be_guessing(request)
    try:
        if shown.startswith(KEY_PREFIX):
            return _by_key(here, shown)
        subject = gates.identity.subject_of(shown, now=here.now())
        with here.reading() as session:
            return _of_subject(session, subject, organisation=request.headers.get(ORGANISATION_HEADER))
    except NotKnown:
        gates.limits.count_guess(request)
        raise


def caller_at(session: Session, person_ids: list[str], organisation_id: str) -> Caller | None:
    """Whichever of these records of one person this organisation has, with all their roles there; None without."""
    found = session.scalars(
        select(Membership).where(Membership.person_id.in_(person_ids), Membership.organisation_id == organisation_id)
    ).all()
    if not found:
        return None
    person_id = found[0].person_id
    roles = [Role(one.role) for one in found if one.person_id == person_id]
    return Caller.in_role(person_id, organisation_id, *roles)


def _by_key(here: Installation, shown: str) -> Caller:
    with here.reading() as session:
        caller, key_id = use_key(session, shown, now=here.now())
    if key_id is not None:
        with here.transaction() as session:
            record_use(session, key_id, now=here.now())
    return caller


def _of_subject(session: Session, subject: KnownSubject, *, organisation: str | None) -> Caller:
    rows = session.execute(
        select(ExternalIdentity.person_id, Organisation.id, Organisation.slug)
        .join(Membership, Membership.person_id == ExternalIdentity.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(ExternalIdentity.issuer == subject.issuer, ExternalIdentity.subject == subject.subject)
    ).all()
    chosen = {row.id for row in rows if organisation is None or row.slug == organisation}
    if not rows:
        raise NotKnown("nobody here is linked to this token's subject")
    if len(chosen) != 1:
        names = ", ".join(sorted({row.slug for row in rows}))
        raise NotAllowed(f"say for which organisation, in the header {ORGANISATION_HEADER}: {names}")
    caller = caller_at(session, [row.person_id for row in rows], chosen.pop())
    if caller is None:
        raise NotKnown("nobody here is linked to this token's subject")
    granted = {scope for scope in Scope if scope in subject.scopes}
    return Caller(caller.person_id, caller.organisation_id, caller.roles, scopes_of(caller.roles) & granted)
