"""After a backup was restored: nothing that was public is taken back, and nothing is given out twice.

A backup is of a moment. Since then badges were revoked, places in lists were given out, and keys followed each other;
verifiers have seen it. The folder of publications has seen it too, and from it the database is brought up to what is
public. Lists that were open when the backup was made are closed: which of their places were given out since then,
nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditHead
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import Jobs
from issuer_service.people.roles import OrganisationKind
from issuer_service.people.tables import Organisation
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.signing_keys.lifecycle import has_keys, is_ordered, order_key
from issuer_service.signing_keys.ring import StoreName
from issuer_service.signing_keys.service import KeyPurpose
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.status_lists.allocation import open_next
from issuer_service.status_lists.publications import KEYS, LISTS, MARKS, Publications
from issuer_service.status_lists.service import publish_anew
from issuer_service.status_lists.tables import StatusEntry, StatusList

__all__ = ["Restored", "after_restore", "keep_marks", "must_not_be_behind"]

_AT_ONCE: Final = 500
_REASON: Final = "restored from what was published"


@dataclass(slots=True)
class Restored:
    """What was brought back."""

    lists: int = 0
    places: int = 0
    badges: int = 0
    keys: int = 0
    opened: int = 0
    unknown: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """As a sentence for a terminal."""
        told = (
            f"{self.lists} lists were not known, {self.places} places and {self.badges} badges stand as they did in "
            f"public, {self.keys} keys were brought back or ended, {self.opened} new lists were opened"
        )
        return told + (
            f"; of organisations that the backup does not know: {', '.join(self.unknown)}" if self.unknown else ""
        )


def keep_marks(here: Installation) -> None:
    """Keep how far the audit trails have come, and every key's public half. Raises Unavailable."""
    _keep_marks(here, [Publications(here.settings.publication_folder)])


def _keep_marks(here: Installation, folders: Sequence[Publications]) -> None:
    if all(one.folder is None for one in folders):
        return
    with here.reading() as session:
        marks = {head.organisation_id: head.number for head in session.scalars(select(AuditHead))}
        keys = [_key_json(row) for row in session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.created_at))]
    for publications in folders:
        publications.keep(MARKS, "trails", marks)
        publications.keep(KEYS, "keys", {"keys": keys})


def must_not_be_behind(here: Installation) -> None:
    """Raise Unavailable when the database is older than what was published: a backup was restored, and no more."""
    publications = Publications(here.settings.publication_folder)
    with here.reading() as session:
        present = {row.id: row.version for row in session.execute(select(StatusList.id, StatusList.version))}
        heads = {row.organisation_id: row.number for row in session.scalars(select(AuditHead))}
    behind = any(kept["version"] > present.get(kept["id"], -1) for kept in publications.kept(LISTS))
    for marks in publications.kept(MARKS):
        behind = behind or any(number > heads.get(organisation_id, 0) for organisation_id, number in marks.items())
    if behind:
        raise Unavailable(
            "this database is older than what was published: after a backup was restored, "
            "run `issuer-service after-restore` before anything else"
        )


def after_restore(here: Installation, folders: Sequence[Publications]) -> Restored:
    """Bring a restored database up to what was published, by these folders. Done again, it does no harm."""
    restored = Restored()
    now = here.now()
    with here.transaction() as session:
        for organisation in session.scalars(select(Organisation)):
            record(session, AuditEvent.DATABASE_RESTORED, organisation_id=organisation.id)
        _restore_keys(session, _of_all(folders, KEYS), restored, now=now)
        for kept in _of_all(folders, LISTS):
            _restore_list(session, kept, restored, now=now)
        session.flush()
        for organisation in session.scalars(
            select(Organisation).where(Organisation.kind == OrganisationKind.PROVIDER).order_by(Organisation.id)
        ):
            restored.opened += open_next(session, organisation.id, now=now, randomness=here.randomness)
            _order_missing(session, organisation.id, jobs=here.jobs, now=now, randomness=here.randomness)
            publish_anew(session, organisation.id, jobs=here.jobs)
    # Until they are kept anew, the database would seem to be behind them for ever.
    _keep_marks(here, folders)
    return restored


def _of_all(folders: Sequence[Publications], kind: str) -> list[dict[str, Any]]:
    """The things of a kind in all folders; of the same list, the older first."""
    found = [kept for one in folders for kept in one.kept(kind)]
    return sorted(found, key=lambda kept: int(kept.get("version", 0)))


def _restore_keys(session: Session, kept: Iterable[dict[str, Any]], restored: Restored, *, now: datetime) -> None:
    rows = {row.id: row for row in session.scalars(select(SigningKeyRow).with_for_update())}
    owners = set(session.scalars(select(Organisation.id)))
    # Those that ended first: where one key follows another, the index lets only one of them sign.
    shown = sorted((one for file in kept for one in file["keys"]), key=lambda one: one["retired_at"] is None)
    for one in shown:
        retired, compromised = (_moment(one[name]) for name in ("retired_at", "compromised_since"))
        row = rows.get(one["id"])
        if row is None and one["organisation_id"] in owners:
            # The private half of a key that was in the database alone is lost with it.
            lost = one["store"] == StoreName.DATABASE
            values = {**one, "created_at": _moment(one["created_at"]), "retired_at": retired or (now if lost else None)}
            row = rows[one["id"]] = SigningKeyRow(**{**values, "compromised_since": compromised})
            session.add(row)
            restored.keys += 1
        elif row is not None and (retired, compromised) != (row.retired_at, row.compromised_since):
            if retired is not None and row.retired_at is None:
                row.retired_at, row.encrypted_secret = retired, None
                restored.keys += 1
            if compromised is not None:
                row.compromised_since = min(compromised, row.compromised_since or compromised)
        session.flush()


def _restore_list(session: Session, kept: dict[str, Any], restored: Restored, *, now: datetime) -> None:
    status_list = session.get(StatusList, kept["id"], with_for_update=True)
    if status_list is None:
        if session.get(Organisation, kept["organisation_id"]) is None:
            restored.unknown.append(kept["organisation_id"])
            return
        # Badges that the backup does not know point to it.
        status_list = StatusList(
            id=kept["id"],
            organisation_id=kept["organisation_id"],
            purpose=kept["purpose"],
            number=kept["number"],
            entries=kept["entries"],
            opened_at=now,
            version=0,
            published_version=0,
        )
        session.add(status_list)
        session.flush()
        restored.lists += 1
    if kept["version"] < status_list.version:
        return
    status_list.version = kept["version"]
    status_list.published_version = kept["version"]
    status_list.published, status_list.published_token = kept["credential"].encode(), kept["token"]
    status_list.published_at = _moment(kept["published_at"])
    revoked, suspended = set(kept["revoked"]), set(kept["suspended"])
    session.flush()
    _restore_places(session, status_list.id, revoked, suspended, restored, now=now)


def _restore_places(
    session: Session, list_id: str, revoked: set[int], suspended: set[int], restored: Restored, *, now: datetime
) -> None:
    query = select(StatusEntry).where(StatusEntry.status_list_id == list_id)
    known = {entry.position: entry for entry in session.scalars(query)}
    missing = sorted((revoked | suspended) - known.keys())
    for start in range(0, len(missing), _AT_ONCE):
        some = missing[start : start + _AT_ONCE]
        insert_or_ignore(session, StatusEntry, [{"status_list_id": list_id, "position": one} for one in some])
    changed: set[int] = set(missing)
    changed |= {one.position for one in known.values() if one.set_at is None and one.position in revoked}
    changed |= {one.position for one in known.values() if (one.suspended_at is not None) != (one.position in suspended)}
    for position in sorted(changed):
        place = (StatusEntry.status_list_id == list_id, StatusEntry.position == position)
        awards = select(Award.id).where(Award.status_list_id == list_id, Award.status_position == position)
        badge = Credential.award_id.in_(awards.scalar_subquery())
        if position in revoked:
            session.execute(update(StatusEntry).where(*place, StatusEntry.set_at.is_(None)).values(set_at=now))
            values: dict[str, Any] = {"revoked_at": now, "revocation_reason": _REASON}
            done = session.execute(update(Credential).where(badge, Credential.revoked_at.is_(None)).values(values))
        else:
            moment = now if position in suspended else None
            session.execute(update(StatusEntry).where(*place).values(suspended_at=moment))
            done = session.execute(update(Credential).where(badge).values(suspended_at=moment))
        restored.badges += done.rowcount  # type: ignore[attr-defined]  # a CursorResult, which an update gives
    restored.places += len(changed)


def _order_missing(
    session: Session, organisation_id: str, *, jobs: Jobs, now: datetime, randomness: Randomness
) -> None:
    if not has_keys(session, organisation_id):
        return
    for purpose in KeyPurpose:
        in_use = select(SigningKeyRow.id).where(
            SigningKeyRow.organisation_id == organisation_id,
            SigningKeyRow.purpose == str(purpose),
            SigningKeyRow.retired_at.is_(None),
        )
        if session.scalar(in_use) is None and not is_ordered(session, organisation_id, purpose):
            order_key(
                session,
                organisation_id,
                purpose,
                reason=_REASON,
                asked_by=None,
                jobs=jobs,
                now=now,
                randomness=randomness,
            )


def _key_json(row: SigningKeyRow) -> dict[str, Any]:
    names = ("id", "organisation_id", "purpose", "number", "store", "label", "fragment", "public_multikey")
    moments = ("created_at", "retired_at", "compromised_since")
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    for name in moments:
        moment: datetime | None = getattr(row, name)
        shown[name] = moment.isoformat() if moment is not None else None
    return shown


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
