"""Sign: steps 7 and 8 of the issuance cycle, one transaction, by a durable job; and revocation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import NotFound, Refused, Unavailable
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import OFFER, PUBLISH_STATUS_LIST, Jobs
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.service import (
    KeyPurpose,
    active_key,
    did_document,
    did_of,
    method_url,
    open_key,
)
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.signing_keys.vault import Vault
from issuer_service.status_lists.service import list_url, publish, set_status
from issuer_service.status_lists.tables import StatusList
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import dump_json, parse_json_object
from openbadges_kit.errors import ResolutionError
from openbadges_kit.issuance import issue, issue_vc_jwt, prepare
from openbadges_kit.verification.verifier import verify

__all__ = ["approved_without_credential", "credential_of", "revoke", "sign"]


def sign(session: Session, award_id: str, *, base_url: str, vault: Vault, jobs: Jobs, now: datetime) -> Credential:
    """Sign an approved award, once: a second call finds the first one's credential.

    Raises Unavailable when what was signed does not verify, so that nothing is stored of it.
    """
    # On PostgreSQL this row keeps a second worker waiting until the first has committed.
    award = session.scalars(select(Award).where(Award.id == award_id).with_for_update()).one()
    known = session.scalar(select(Credential).where(Credential.award_id == award_id))
    if known is not None:
        return known
    if award.approved_at is None:
        raise Refused("nobody has approved this award")
    organisation = session.get_one(Organisation, award.organisation_id)
    # 7. Check again what came back from storage, and sign exactly that.
    key = session.get_one(SigningKeyRow, award.key_id)
    prepared = prepare(
        parse_json_object(award.document),
        verification_method=method_url(organisation, key, base_url=base_url),
        created=award.created,
    )
    if prepared.document != award.document:
        raise Unavailable(f"award {award.id}: what is stored is not what was accepted")
    secured = dump_json(issue(prepared, signing_key=open_key(key, vault)))
    jwt_key = active_key(session, organisation.id, KeyPurpose.JWT)
    jwt = issue_vc_jwt(
        prepared,
        verification_method=method_url(organisation, jwt_key, base_url=base_url),
        signing_key=open_key(jwt_key, vault),
    )
    _verify_as_others_will(session, organisation, award, (secured, jwt), base_url=base_url, vault=vault, now=now)
    # 8. Record the secured document byte for byte, and have it delivered, in the same transaction.
    credential = Credential(id=award.credential_id, award_id=award.id, document=secured, jwt=jwt, signed_at=now)
    session.add(credential)
    session.flush()
    jobs.enqueue(session, OFFER, credential.id, key=f"{OFFER}:{credential.id}")
    return credential


def revoke(
    session: Session, credential_id: str, *, caller: Caller, reason: str, jobs: Jobs, now: datetime
) -> Credential:
    """Revoke a badge, with the reason; a second time changes nothing.

    Raises NotAllowed for another role, NotFound outside one's own organisation, and Refused without a reason.
    """
    caller.must_be(Role.TEACHER, Role.ADMINISTRATOR)
    credential, award = credential_of(session, credential_id, organisation_id=caller.organisation_id)
    if not reason.strip():
        raise Refused("say why the badge is revoked", field="reason")
    if credential.revoked_at is None:
        credential.revoked_at, credential.revoked_by = now, caller.person_id
        credential.revocation_reason = reason.strip()
        set_status(session, award.status_list_id, award.status_position, now=now)
        session.flush()
        version = session.get_one(StatusList, award.status_list_id).version
        jobs.enqueue(
            session,
            PUBLISH_STATUS_LIST,
            award.status_list_id,
            key=f"{PUBLISH_STATUS_LIST}:{award.status_list_id}:{version}",
        )
    return credential


def credential_of(session: Session, credential_id: str, *, organisation_id: str) -> tuple[Credential, Award]:
    """A badge of this organisation, and its award. Raises NotFound, also for another's."""
    credential = session.get(Credential, credential_id)
    award = session.get(Award, credential.award_id) if credential is not None else None
    if credential is None or award is None or award.organisation_id != organisation_id:
        raise NotFound("there is no such badge", field="credential_id")
    return credential, award


def approved_without_credential(session: Session) -> list[str]:
    """The awards whose signing may have been lost with the engine's tables; a worker asks when it starts."""
    return list(
        session.scalars(
            select(Award.id)
            .outerjoin(Credential, Credential.award_id == Award.id)
            .where(Award.approved_at.is_not(None), Credential.id.is_(None))
        )
    )


def _verify_as_others_will(
    session: Session,
    organisation: Organisation,
    award: Award,
    secured: tuple[bytes, str],
    *,
    base_url: str,
    vault: Vault,
    now: datetime,
) -> None:
    """Verify the JSON and the JWT by the verifier's own path, with the list that verifiers will fetch."""
    status_list = session.get_one(StatusList, award.status_list_id)
    if status_list.published is None:
        publish(session, status_list.id, base_url=base_url, vault=vault, now=now)
    lists = {list_url(status_list.id, base_url=base_url): status_list.published}

    def fetch(url: str) -> bytes:
        found = lists.get(url)
        if found is None:
            raise ResolutionError(f"{url} is not this award's status list")
        return found

    did = did_of(organisation, base_url=base_url)
    resolver = Resolver({did: did_document(session, organisation, base_url=base_url)})
    for form in secured:
        report = verify(form, now=now, resolver=resolver, fetch=fetch)
        if not report.verified:
            raise Unavailable(f"award {award.id} does not verify: {' '.join(report.reasons('en'))}")
