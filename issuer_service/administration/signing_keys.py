"""Signing keys over HTTP: which there are, another one, the end of one. No private key is in a request or an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.signing_keys.lifecycle import change_of, key_of, order_key, report_compromise, retire_key
from issuer_service.signing_keys.ring import StoreName, signatures_of
from issuer_service.signing_keys.service import KeyPurpose, method_url
from issuer_service.signing_keys.tables import KeyChange, SigningKeyRow
from issuer_service.web.dependencies import CallingToManageSigningKeys, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Reason

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["signing keys"])


class SigningKeyShown(BaseModel):
    """A key that signs for your organisation, or did."""

    id: str
    purpose: KeyPurpose
    number: int = Field(description="The first key for its purpose is 1, the one that followed it 2.")
    verification_method: str = Field(description="Its address in the issuer's DID document.")
    public_multikey: str
    store: StoreName = Field(description="Where its private half is kept.")
    created_at: datetime
    retired_at: datetime | None = Field(
        description="It signs nothing after this moment. What it signed still verifies."
    )
    compromised_since: datetime | None = Field(description="What it signed from this moment on does not verify.")
    signatures: int = Field(description="How much it signed: badges in both forms, status lists and probes.")


class KeyChangeShown(Shown):
    """Something that happened to a key, or is about to."""

    id: str
    kind: str
    purpose: KeyPurpose
    key_id: str | None = Field(description="The key that it happened to; the one that was in use, for a rotation.")
    new_key_id: str | None
    since: datetime | None
    reason: str
    asked_by: str | None = Field(description="A person's id; null when it was done on the machine itself.")
    asked_at: datetime
    done_at: datetime | None = Field(description="Null while a worker is still to make the new key.")
    problem: str | None = Field(description="Why the new key could not be made so far; it is tried again.")


class NewSigningKey(BaseModel):
    """Another key to be made."""

    model_config = ConfigDict(extra="forbid")

    purpose: KeyPurpose = Field(examples=["data-integrity"])
    reason: Reason = Field(examples=["jaarlijkse wisseling"])


class Retirement(BaseModel):
    """The end of a key that nothing follows."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["deze opleider geeft geen badges meer uit"])


class Compromise(BaseModel):
    """That a key may have been in other hands."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime = Field(
        description="From which moment on. Whoever has the key can write an earlier moment into what they sign: "
        "when in doubt, say when the key was made.",
        examples=["2026-11-20T09:00:00Z"],
    )
    reason: Reason = Field(examples=["back-up gestolen"])


class CredentialOfKey(BaseModel):
    """A badge that a key signed."""

    credential_id: str
    signed_at: datetime


@router.get("/signing-keys")
def get_signing_keys(here: Here, caller: CallingToManageSigningKeys, paging: Paging) -> Page[SigningKeyShown]:
    """Your organisation's signing keys, those that sign no longer as well."""
    with here.reading_for(caller) as session:
        show = _shower(session, here, caller)
        return page_of(session, select(SigningKeyRow), paging, order=[SigningKeyRow.id], show=show)


@router.post("/signing-keys", status_code=202, responses=problems(Kind.CONFLICT))
def post_signing_key(
    body: NewSigningKey, here: Here, caller: CallingToManageSigningKeys, request_key: RequestKey = None
) -> KeyChangeShown:
    """Have another key made, which signs from then on; the one in use is retired, and what it signed stays valid.

    A worker makes it. `GET /v1/signing-key-changes/{id}` says when it is there.
    """
    with here.transaction_for(caller) as session:

        def make() -> KeyChangeShown:
            change = order_key(
                session,
                caller.organisation_id,
                body.purpose,
                reason=body.reason,
                asked_by=caller.person_id,
                jobs=here.jobs,
                now=here.now(),
                randomness=here.randomness,
            )
            return KeyChangeShown.of(change)

        asked = Asked(request_key, caller, "/v1/signing-keys", body)
        return once(session, asked, now=here.now(), answer=KeyChangeShown, make=make)


@router.get("/signing-keys/{key_id}", responses=problems(Kind.NOT_FOUND))
def get_signing_key(key_id: Identifier, here: Here, caller: CallingToManageSigningKeys) -> SigningKeyShown:
    """A signing key, and how much it signed."""
    with here.reading_for(caller) as session:
        return _shower(session, here, caller)(key_of(session, key_id, organisation_id=caller.organisation_id))


@router.post("/signing-keys/{key_id}/retirement", responses=problems(Kind.NOT_FOUND))
def post_retirement(
    key_id: Identifier, body: Retirement, here: Here, caller: CallingToManageSigningKeys
) -> SigningKeyShown:
    """Have a key sign nothing more, and none in its place: for an issuer that stops. A second time changes nothing."""
    with here.transaction_for(caller) as session:
        row = retire_key(
            session,
            key_id,
            organisation_id=caller.organisation_id,
            reason=body.reason,
            asked_by=caller.person_id,
            now=here.now(),
            randomness=here.randomness,
        )
        return _shower(session, here, caller)(row)


@router.post("/signing-keys/{key_id}/compromise", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_compromise(
    key_id: Identifier, body: Compromise, here: Here, caller: CallingToManageSigningKeys
) -> SigningKeyShown:
    """Say that a key may have been in other hands. What it signed since then fails at once, with this reason.

    A key that was in use signs nothing more, and a worker makes another. The badges that fail are listed by
    `/v1/signing-keys/{key_id}/credentials`, and can be issued anew with a bulk run.
    """
    with here.transaction_for(caller) as session:
        row = report_compromise(
            session,
            key_id,
            organisation_id=caller.organisation_id,
            since=body.since,
            reason=body.reason,
            asked_by=caller.person_id,
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
        return _shower(session, here, caller)(row)


@router.get("/signing-keys/{key_id}/credentials", responses=problems(Kind.NOT_FOUND))
def get_credentials_of_key(
    key_id: Identifier,
    here: Here,
    caller: CallingToManageSigningKeys,
    paging: Paging,
    since: Annotated[
        AwareDatetime | None, Query(description="Only what says that it was signed then or later.")
    ] = None,
) -> Page[CredentialOfKey]:
    """The badges that a key signed, in either form."""
    with here.reading_for(caller) as session:
        row = key_of(session, key_id, organisation_id=caller.organisation_id)
        statement = (
            select(Credential)
            .join(Award, Award.id == Credential.award_id)
            .where(or_(Credential.key_id == row.id, Credential.jwt_key_id == row.id))
        )
        if since is not None:
            # The moment in the proof, which verifiers go by, and not that of signing.
            statement = statement.where(Award.created >= since)
        return page_of(
            session,
            statement,
            paging,
            order=[Credential.id],
            show=lambda one: CredentialOfKey(credential_id=one.id, signed_at=one.signed_at),
        )


@router.get("/signing-key-changes")
def get_key_changes(here: Here, caller: CallingToManageSigningKeys, paging: Paging) -> Page[KeyChangeShown]:
    """What happened to your organisation's keys: by whom, when and why."""
    with here.reading_for(caller) as session:
        return page_of(session, select(KeyChange), paging, order=[KeyChange.id], show=KeyChangeShown.of)


@router.get("/signing-key-changes/{change_id}", responses=problems(Kind.NOT_FOUND))
def get_key_change(change_id: Identifier, here: Here, caller: CallingToManageSigningKeys) -> KeyChangeShown:
    """One of them, and whether the new key is there."""
    with here.reading_for(caller) as session:
        return KeyChangeShown.of(change_of(session, change_id, organisation_id=caller.organisation_id))


def _shower(session: Session, here: Installation, caller: Caller) -> Callable[[SigningKeyRow], SigningKeyShown]:
    organisation = session.get_one(Organisation, caller.organisation_id)

    def show(row: SigningKeyRow) -> SigningKeyShown:
        return SigningKeyShown(
            id=row.id,
            purpose=KeyPurpose(row.purpose),
            number=row.number,
            verification_method=method_url(organisation, row, base_url=here.base_url),
            public_multikey=row.public_multikey,
            store=StoreName(row.store),
            created_at=row.created_at,
            retired_at=row.retired_at,
            compromised_since=row.compromised_since,
            signatures=signatures_of(session, [row.id]).get(row.id, 0),
        )

    return show
