"""Sets of criteria (regeling, curriculum, module, path): drafted, found sound, published, and from then on unchanged.

A revision is the next version, for the cohorts that begin from its first day on. Who began earlier keeps theirs.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.criteria_findings import Finding, Known, find_in
from issuer_service.recognition.rules import CriteriaSet, Kind, Rule
from issuer_service.recognition.tables import CriteriaVersion

__all__ = [
    "as_criteria",
    "change_draft",
    "criteria_iri",
    "criteria_of",
    "draft_criteria",
    "findings_of",
    "listed",
    "publish_criteria",
    "published_at",
    "rule_json",
]

_RULE: Final[TypeAdapter[Rule]] = TypeAdapter(Rule)
_A_DAY: Final = timedelta(days=1)


def criteria_iri(row: CriteriaVersion, organisation: Organisation, *, base_url: str) -> str:
    """Where the set stands for everybody, whichever version; a version is below it, at `/v2`."""
    return f"{base_url}/criteria/{organisation.slug}/{row.slug}"


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as it is kept and shown: the same rule is the same JSON."""
    kept: dict[str, Any] = rule.model_dump(mode="json", exclude_none=True)
    return kept


def as_criteria(row: CriteriaVersion, organisation: Organisation, *, base_url: str) -> CriteriaSet:
    """A version as a rule is evaluated: with the cohorts that it applies to by now."""
    until = row.cohorts_until
    if row.superseded_from is not None:
        last = row.superseded_from - _A_DAY
        until = last if until is None else min(until, last)
    return CriteriaSet(
        iri=criteria_iri(row, organisation, base_url=base_url),
        version=row.version,
        kind=Kind(row.kind),
        title={language: row.title[language] for language in ("nl", "en") if language in row.title},
        rule=_RULE.validate_python(row.rule),
        cohorts_from=row.cohorts_from,
        cohorts_until=until,
    )


def draft_criteria(
    session: Session, criteria: CriteriaSet, slug: str, *, caller: Caller, now: datetime, randomness: Randomness
) -> CriteriaVersion:
    """Begin the next version of the set with this name. Raises Conflict while another draft of it is there."""
    this_set = (CriteriaVersion.organisation_id == caller.organisation_id, CriteriaVersion.slug == slug)
    draft = select(CriteriaVersion.id).where(*this_set, CriteriaVersion.published_at.is_(None))
    if session.scalar(draft.limit(1)) is not None:
        raise Conflict("there is a draft of these criteria already: change that one", field="slug")
    latest = session.scalar(select(func.max(CriteriaVersion.version)).where(*this_set)) or 0
    row = CriteriaVersion(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        slug=slug,
        version=latest + 1,
        written_by=caller.person_id,
        written_at=now,
    )
    _write(row, criteria)
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.CRITERIA_DRAFTED, row, caller)
    return row


def change_draft(
    session: Session, criteria_id: str, criteria: CriteriaSet, *, caller: Caller, now: datetime
) -> CriteriaVersion:
    """Write a draft anew. Raises Conflict for a version that was published, because that never changes."""
    row = criteria_of(session, criteria_id, organisation_id=caller.organisation_id, hold=True)
    if row.published_at is not None:
        raise Conflict("this version was published and never changes: draft the next one", field="criteria_id")
    _write(row, criteria)
    row.written_by, row.written_at = caller.person_id, now
    _tell(session, AuditEvent.CRITERIA_CHANGED, row, caller)
    return row


def publish_criteria(
    session: Session, criteria_id: str, *, caller: Caller, known: Known, base_url: str, now: datetime
) -> CriteriaVersion:
    """Publish a draft; a second time changes nothing. An open end of the version before it closes.

    Raises Refused with every finding that stands in the way.
    """
    row = criteria_of(session, criteria_id, organisation_id=caller.organisation_id, hold=True)
    if row.published_at is not None:
        return row
    found = findings_of(session, row, known=known, base_url=base_url)
    if hindering := [one for one in found if one.hinders]:
        raise Refused(
            "these criteria cannot be published yet", field="rule", findings=tuple(str(one) for one in hindering)
        )
    for earlier in _published(session, row):
        if earlier.cohorts_until is None and earlier.superseded_from is None:
            earlier.superseded_from = row.cohorts_from
    row.published_by, row.published_at = caller.person_id, now
    session.flush()
    _tell(session, AuditEvent.CRITERIA_PUBLISHED, row, caller)
    return row


def findings_of(session: Session, row: CriteriaVersion, *, known: Known, base_url: str) -> list[Finding]:
    """What a reviewer would say of a version, before or after its publication."""
    organisation = session.get_one(Organisation, row.organisation_id)
    earlier = [as_criteria(one, organisation, base_url=base_url) for one in _published(session, row)]
    return find_in(as_criteria(row, organisation, base_url=base_url), earlier=earlier, known=known)


def criteria_of(session: Session, criteria_id: str, *, organisation_id: str, hold: bool = False) -> CriteriaVersion:
    """A version of this organisation's. Raises NotFound, also for another's."""
    query = select(CriteriaVersion).where(
        CriteriaVersion.id == criteria_id, CriteriaVersion.organisation_id == organisation_id
    )
    row = session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise NotFound("there is no such version of criteria", field="criteria_id")
    return row


def listed(
    organisation_id: str, *, slug: str | None, kind: Kind | None, published: bool | None, began_on: date | None
) -> Select[CriteriaVersion]:
    """The versions of an organisation, as a query; `began_on` leaves the published ones of that day's cohort."""
    query = select(CriteriaVersion).where(CriteriaVersion.organisation_id == organisation_id)
    if slug is not None:
        query = query.where(CriteriaVersion.slug == slug)
    if kind is not None:
        query = query.where(CriteriaVersion.kind == str(kind))
    if published is not None:
        query = query.where(CriteriaVersion.published_at.is_not(None) == published)
    if began_on is not None:
        query = query.where(
            CriteriaVersion.published_at.is_not(None),
            CriteriaVersion.cohorts_from <= began_on,
            or_(CriteriaVersion.cohorts_until.is_(None), CriteriaVersion.cohorts_until >= began_on),
            or_(CriteriaVersion.superseded_from.is_(None), CriteriaVersion.superseded_from > began_on),
        )
    return query


def published_at(session: Session, *, organisation: str, slug: str, version: int) -> CriteriaVersion:
    """A published version by the parts of its address. Raises NotFound."""
    found = session.scalar(
        select(CriteriaVersion)
        .join(Organisation, Organisation.id == CriteriaVersion.organisation_id)
        .where(
            Organisation.slug == organisation,
            CriteriaVersion.slug == slug,
            CriteriaVersion.version == version,
            CriteriaVersion.published_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound("there are no such criteria")
    return found


def _published(session: Session, row: CriteriaVersion) -> list[CriteriaVersion]:
    """The published versions of the same set that came before."""
    return list(
        session.scalars(
            select(CriteriaVersion)
            .where(
                CriteriaVersion.organisation_id == row.organisation_id,
                CriteriaVersion.slug == row.slug,
                CriteriaVersion.version < row.version,
                CriteriaVersion.published_at.is_not(None),
            )
            .order_by(CriteriaVersion.version)
        )
    )


def _tell(session: Session, what: AuditEvent, row: CriteriaVersion, caller: Caller) -> None:
    record(
        session,
        what,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"version": row.version},
    )


def _write(row: CriteriaVersion, criteria: CriteriaSet) -> None:
    row.kind, row.rule = str(criteria.kind), rule_json(criteria.rule)
    row.title = {str(language): text for language, text in criteria.title.items()}
    row.cohorts_from, row.cohorts_until = criteria.cohorts_from, criteria.cohorts_until
