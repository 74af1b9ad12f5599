"""Skills mapping at work: what is needed, what people have, and the gap, computed whenever it is asked for.

What somebody says of themselves and what others found are told apart, and stay so: what was assessed, or is shown by a
badge of ours that holds, is what a gap is computed from; where there is neither, the answer says that it rests on their
own word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from issuer_service.assessment.closing_gaps import Closing, Offer, close
from issuer_service.assessment.skills_mapping import (
    HIGHEST,
    Cell,
    GroupGap,
    SkillsMapping,
    gaps,
    group_gaps,
    read_mapping,
)
from issuer_service.assessment.skills_tables import SkillLevelRecord, SkillsMappingRow, SkillsUnit
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.addresses import ulo_iri
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, person_of
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "PersonGap",
    "Source",
    "Standing",
    "add_mapping",
    "add_unit",
    "group_gap",
    "mapping_of",
    "mappings_of",
    "person_gap",
    "read_cells",
    "record_level",
]

_STAFF = frozenset({Role.ASSESSOR, Role.TEACHER, Role.COACH})
_ASSESSES = frozenset({Role.ASSESSOR, Role.TEACHER})


class Source(StrEnum):
    """By whose word a level is."""

    SELF = "self"
    ASSESSED = "assessed"
    BADGE = "badge"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with one specialism: needed, said, assessed, shown by a badge; the gap, and what it is computed from.

    `current` is the level that counts and `shown_by` what shows it; `rests_on` is None where nothing is known.
    """

    specialism: str
    required: int
    self_assessed: int | None
    assessed: int | None
    by_badge: int | None
    current: int | None
    shown_by: str
    rests_on: Source | None
    gap: int


@dataclass(frozen=True, slots=True)
class _Has:
    """A level that somebody has, since when, by whose word."""

    level: int
    since: datetime
    shown_by: str
    source: Source


@dataclass(frozen=True, slots=True)
class PersonGap:
    """Somebody's gap for an occupation, and the fewest units that close it."""

    standings: tuple[Standing, ...]
    closing: Closing


def add_mapping(
    session: Session, table: str, *, title: str, source: str, caller: Caller, now: datetime, randomness: Randomness
) -> SkillsMappingRow:
    """Keep a mapping from CSV. Raises Refused, naming every row that cannot be meant."""
    mapping = read_mapping(table)
    row = SkillsMappingRow(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        title=title,
        source=source,
        cells=[
            {"specialism": key[0], "occupation": key[1], "current": cell.current, "required": cell.required}
            for key, cell in mapping.cells.items()
        ],
        added_by=caller.person_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.SKILLS_MAPPED, row.id, caller)
    return row


def add_unit(
    session: Session,
    mapping_id: str,
    *,
    ulo: str,
    reaches: Mapping[str, int],
    minutes: int,
    caller: Caller,
    randomness: Randomness,
) -> SkillsUnit:
    """Say which levels a unit leads to. Raises Refused for what the mapping has not, Conflict for a unit it has."""
    row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
    specialisms = read_cells(row).specialisms
    findings = [f"reaches.{one}: the mapping has no such specialism" for one in reaches if one not in specialisms]
    if findings:
        raise Refused("this unit does not fit the mapping", field="reaches", findings=tuple(findings))
    if session.scalar(select(SkillsUnit.id).where(SkillsUnit.mapping_id == row.id, SkillsUnit.ulo == ulo)):
        raise Conflict("this unit is in the mapping already", field="ulo")
    unit = SkillsUnit(id=random_uuid(randomness), mapping_id=row.id, ulo=ulo, reaches=dict(reaches), minutes=minutes)
    session.add(unit)
    session.flush()
    _tell(session, AuditEvent.SKILLS_MAPPED, row.id, caller)
    return unit


def record_level(
    session: Session,
    mapping_id: str,
    *,
    person_id: str,
    specialism: str,
    level: int,
    shown_by: str,
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> SkillLevelRecord:
    """Keep a level: of oneself as one's own word, of another as assessed.

    Raises NotAllowed for another's without being an assessor or a teacher, and Refused for a specialism that the
    mapping has not, a level that is none, and an assessment without what shows it.
    """
    own = person_id == caller.person_id
    if not own and _ASSESSES.isdisjoint(caller.roles):
        raise NotAllowed("an assessor or a teacher assesses others; everybody says what they can do themselves")
    person_of(session, person_id, organisation_id=caller.organisation_id)
    row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
    if specialism not in read_cells(row).specialisms:
        raise Refused("the mapping has no such specialism", field="specialism")
    if not 0 <= level <= HIGHEST:
        raise Refused(f"levels are 0 to {HIGHEST}", field="level")
    if not own and not shown_by:
        raise Refused("say what shows it: a badge, an assessment, what was seen", field="shown_by")
    earlier = select(func.max(SkillLevelRecord.number)).where(
        SkillLevelRecord.mapping_id == row.id, SkillLevelRecord.person_id == person_id
    )
    made = SkillLevelRecord(
        id=random_uuid(randomness),
        mapping_id=row.id,
        person_id=person_id,
        number=(session.scalar(earlier) or 0) + 1,
        specialism=specialism,
        level=level,
        source=str(Source.SELF if own else Source.ASSESSED),
        shown_by=shown_by,
        recorded_by=caller.person_id,
        recorded_at=now,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("another level of theirs is being recorded: try again") from error
    _tell(session, AuditEvent.SKILL_LEVEL_RECORDED, made.id, caller)
    return made


def person_gap(
    session: Session, mapping_id: str, occupation: str, person_id: str, *, caller: Caller, base_url: str
) -> PersonGap:
    """Somebody's gap. Raises NotAllowed for another's without being staff, and Refused for an unknown occupation."""
    if person_id != caller.person_id and _STAFF.isdisjoint(caller.roles):
        raise NotAllowed("you may see a gap of your own; a coach, an assessor or a teacher sees others'")
    row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
    person_of(session, person_id, organisation_id=caller.organisation_id)
    required = read_cells(row).profile(occupation)
    held = _held(session, row, base_url=base_url, person_id=person_id).get(person_id, {})
    counting = {one: found for one in required if (found := _counting(held, one)) is not None}
    current = {one: found.level for one, found in counting.items()}
    short = gaps(required, current)
    standings = []
    for one, level in required.items():
        levels = {source: found.level for source in Source if (found := held.get((one, source))) is not None}
        counts = counting.get(one)
        standings.append(
            Standing(
                specialism=one,
                required=level,
                self_assessed=levels.get(Source.SELF),
                assessed=levels.get(Source.ASSESSED),
                by_badge=levels.get(Source.BADGE),
                current=None if counts is None else counts.level,
                shown_by="" if counts is None else counts.shown_by,
                rests_on=None if counts is None else counts.source,
                gap=short[one],
            )
        )
    return PersonGap(tuple(standings), close(required, current, _offers(session, row)))


def group_gap(
    session: Session, mapping_id: str, occupation: str, *, caller: Caller, base_url: str
) -> dict[str, GroupGap]:
    """The gap of everybody here whose levels are known; of too few people nothing is told but how many they are."""
    row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
    required = read_cells(row).profile(occupation)
    people = [
        {one: found.level for one in required if (found := _counting(held, one)) is not None}
        for held in _held(session, row, base_url=base_url).values()
    ]
    return group_gaps(required, people)


def mapping_of(session: Session, mapping_id: str, *, organisation_id: str) -> SkillsMappingRow:
    """A mapping of this organisation's. Raises NotFound, also for another's."""
    row = session.scalar(
        select(SkillsMappingRow).where(
            SkillsMappingRow.id == mapping_id, SkillsMappingRow.organisation_id == organisation_id
        )
    )
    if row is None:
        raise NotFound("there is no such skills mapping", field="mapping_id")
    return row


def mappings_of(organisation_id: str) -> Select[SkillsMappingRow]:
    """The mappings of an organisation, as a query."""
    return select(SkillsMappingRow).where(SkillsMappingRow.organisation_id == organisation_id)


def read_cells(row: SkillsMappingRow) -> SkillsMapping:
    """A mapping as it is computed with, in the order in which it came."""
    cells = {(one["specialism"], one["occupation"]): Cell(one["current"], one["required"]) for one in row.cells}
    specialisms, occupations = (tuple(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    return SkillsMapping(specialisms, occupations, cells)


_Held = dict[tuple[str, Source], _Has]


def _held(session: Session, row: SkillsMappingRow, *, base_url: str, person_id: str | None = None) -> dict[str, _Held]:
    """By person, what was said and assessed last, and what their badges show; of one person where one is asked for."""
    found: dict[str, _Held] = defaultdict(dict)
    query = select(SkillLevelRecord).where(SkillLevelRecord.mapping_id == row.id)
    if person_id is not None:
        query = query.where(SkillLevelRecord.person_id == person_id)
    for one in session.scalars(query.order_by(SkillLevelRecord.number)):
        source = Source(one.source)
        found[one.person_id][one.specialism, source] = _Has(one.level, one.recorded_at, one.shown_by, source)
    reaches = {one.ulo: one.reaches for one in _units(session, row)}
    for badge in session.execute(_badges(row.organisation_id, person_id)):
        iri = ulo_iri(base_url, badge.qualification_slug, badge.number, badge.version)
        for specialism, level in reaches.get(iri, {}).items():
            held = found[badge.person_id]
            known = held.get((specialism, Source.BADGE))
            if known is None or known.level < level:
                shown_by = f"urn:uuid:{badge.credential_id}"
                held[specialism, Source.BADGE] = _Has(level, badge.signed_at, shown_by, Source.BADGE)
    return found


def _badges(organisation_id: str, person_id: str | None) -> Select[str, str, datetime, str, str, str]:
    """The badges for units that hold now."""
    query = (
        select(
            Award.person_id,
            Award.credential_id,
            Credential.signed_at,
            UloVersion.qualification_slug,
            UloVersion.number,
            UloVersion.version,
        )
        .join(Credential, Credential.award_id == Award.id)
        .join(UloVersion, UloVersion.id == Award.ulo_version_id)
        .where(
            Award.organisation_id == organisation_id,
            Credential.revoked_at.is_(None),
            Credential.suspended_at.is_(None),
            Credential.erased_at.is_(None),
        )
        .order_by(Credential.signed_at, Credential.id)
    )
    return query if person_id is None else query.where(Award.person_id == person_id)


def _counting(held: _Held, specialism: str) -> _Has | None:
    """What others found, the later of two where it is lower; one's own word where nobody found anything."""
    assessed, badge = held.get((specialism, Source.ASSESSED)), held.get((specialism, Source.BADGE))
    if assessed is not None and badge is not None:
        return badge if badge.level > assessed.level and badge.since > assessed.since else assessed
    return assessed or badge or held.get((specialism, Source.SELF))


def _offers(session: Session, row: SkillsMappingRow) -> list[Offer]:
    return [Offer(one.ulo, one.reaches, Decimal(one.minutes) / 60) for one in _units(session, row)]


def _units(session: Session, row: SkillsMappingRow) -> Sequence[SkillsUnit]:
    return session.scalars(select(SkillsUnit).where(SkillsUnit.mapping_id == row.id).order_by(SkillsUnit.ulo)).all()


def _tell(session: Session, what: AuditEvent, about: str, caller: Caller) -> None:
    record(session, what, about=about, organisation_id=caller.organisation_id, actor_id=caller.person_id)
