"""The way from what is stored to a ULO and its Achievement, and taking over what was published elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.addresses import ulo_iri
from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.qualifications import qualification_for
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import RubricCriterion, RubricLevel, achievement_from_ulo
from openbadges_kit.skills.ulo import Ulo, ulo_from_rows
from openbadges_kit.skills.ulo_json import ulo_from_json, ulo_to_json

__all__ = [
    "PublishedUlo",
    "ValidatedElsewhere",
    "awardable_id_at",
    "awardable_ulo",
    "content_of",
    "import_ulo",
    "judged_components",
    "must_be_awardable",
    "must_be_new",
    "newest_version",
    "published_ulo",
    "published_versions",
    "rubric_from_json",
    "ulo_at",
    "version_at",
]

_COLUMNS: Final = (
    "ULO",
    "Code",
    "Actie werkwoord(en)",
    "Object van het werkwoord",
    "Voorzetsel",
    "Context",
    "Werkwoord vervoeging",
    "Regeleisen (conform)",
)
# What stands in columns of its own.
_IN_COLUMNS: Final = frozenset({"iri", "number", "version", "qualification", "catalogue"})
_AT: Final = select(UloVersion.id, UloVersion.status).where(
    UloVersion.qualification_slug == bindparam("qualification"),
    UloVersion.number == bindparam("unit"),
    UloVersion.version == bindparam("version_of_it"),
)
_RUBRICS: Final = select(UloVersion.id, UloVersion.rubric).where(UloVersion.id.in_(bindparam("these", expanding=True)))


@dataclass(frozen=True, slots=True)
class PublishedUlo:
    """A version of a ULO with its rubric, under the addresses of this service, and how it stands."""

    id: str
    ulo: Ulo
    rubric: tuple[RubricCriterion, ...]
    source: str
    status: VersionStatus = VersionStatus.PUBLISHED
    status_reason: str = ""
    replaced_by: str = ""
    validation: tuple[Mapping[str, Any], ...] = ()

    def achievement(self, language: str = "") -> dict[str, Any]:
        """The Achievement of this version, the same for everybody who issues it; in one of its languages.

        Raises KeyError for a language that it was not translated into.
        """
        # Whoever verifies need not know our extension for it: how well a reference fits is said in words.
        return achievement_from_ulo(self.ulo, rubric=self.rubric, language=language, plain=True).to_json()


@dataclass(frozen=True, slots=True)
class ValidatedElsewhere:
    """That experts validated a unit where it was published before: how, when, and by whose account."""

    method: str
    held_on: date
    by: str


def import_ulo(
    session: Session,
    table: str,
    *,
    catalogue: str,
    qualification: str,
    number: str,
    version: str,
    title: str,
    source: str,
    validated: ValidatedElsewhere,
    rubric: Sequence[dict[str, Any]],
    publisher_id: str,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> UloVersion:
    """Publish a version of a ULO that was published and validated elsewhere, from the catalogue's table as CSV.

    Raises Refused, naming row and column, for a table that makes no ULO, and Conflict when this version is
    there already, because a published version never changes, or when another organisation began the
    qualification, because its addresses are under that one's care.
    """
    rows = _rows(table)
    shelf = qualification_for(
        session,
        catalogue=catalogue,
        qualification=qualification,
        publisher_id=publisher_id,
        now=now,
        randomness=randomness,
    )
    must_be_new(session, shelf.slug, number, version)
    try:
        ulo = ulo_from_rows(
            rows,
            iri=ulo_iri(base_url, shelf.slug, number, version),
            number=number,
            version=version,
            title=title,
            qualification=qualification,
            catalogue=catalogue,
        )
        achievement_from_ulo(ulo, rubric=rubric_from_json(rubric))
    except MalformedDocument as error:
        raise Refused(str(error), field="table") from error
    stored = UloVersion(
        id=random_uuid(randomness),
        qualification_slug=shelf.slug,
        number=number,
        version=version,
        catalogue=catalogue,
        qualification=qualification,
        title=title,
        source=source,
        content=content_of(ulo),
        rubric=list(rubric),
        validation=[{"method": validated.method, "held_on": validated.held_on.isoformat(), "by": validated.by}],
        publisher_id=publisher_id,
        published_at=now,
        status=str(VersionStatus.PUBLISHED),
        status_reason="",
    )
    session.add(stored)
    session.flush()
    record(session, AuditEvent.ULO_PUBLISHED, about=stored.id, organisation_id=publisher_id)
    return stored


def must_be_new(session: Session, slug: str, number: str, version: str) -> None:
    """Raise Conflict when this version of a unit was published before."""
    if session.scalar(
        select(UloVersion.id).where(
            UloVersion.qualification_slug == slug, UloVersion.number == number, UloVersion.version == version
        )
    ):
        raise Conflict(f"ULO {number} version {version} was published before and never changes", field="version")


def content_of(ulo: Ulo) -> dict[str, Any]:
    """What a unit says, as it is stored: without what has columns of its own, and without this service's address."""
    return {name: value for name, value in ulo_to_json(ulo).items() if name not in _IN_COLUMNS}


def published_ulo(session: Session, ulo_version_id: str, *, base_url: str) -> PublishedUlo:
    """A version by its id. Raises NotFound."""
    stored = session.get(UloVersion, ulo_version_id)
    if stored is None:
        raise NotFound("there is no such version of a ULO", field="ulo_version_id")
    return _published(session, stored, base_url)


def judged_components(session: Session, ulo_version_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """By version, the components that its rubric judges; of those that are there."""
    found = session.execute(_RUBRICS, {"these": list(ulo_version_ids)})
    return {row.id: frozenset(one["component"] for one in row.rubric) for row in found}


def awardable_ulo(session: Session, ulo_version_id: str, *, base_url: str) -> PublishedUlo:
    """A version to award, by its id. Raises NotFound, and Refused for one that was withdrawn."""
    found = published_ulo(session, ulo_version_id, base_url=base_url)
    must_be_awardable(found)
    return found


def newest_version(session: Session, qualification: str, number: str) -> str:
    """The version of a unit that was published last and holds; of one that was withdrawn, the last. Raises NotFound."""
    rows = session.scalars(
        select(UloVersion)
        .where(UloVersion.qualification_slug == qualification, UloVersion.number == number)
        .order_by(UloVersion.published_at.desc(), UloVersion.version.desc())
    ).all()
    if not rows:
        raise NotFound("there is no such ULO")
    return next((row.version for row in rows if row.status == VersionStatus.PUBLISHED), rows[0].version)


def version_at(session: Session, *, qualification: str, number: str, version: str, base_url: str) -> PublishedUlo:
    """A version by the parts of its address, however it stands. Raises NotFound."""
    stored = session.scalar(
        select(UloVersion).where(
            UloVersion.qualification_slug == qualification,
            UloVersion.number == number,
            UloVersion.version == version,
        )
    )
    if stored is None:
        raise NotFound("there is no such version of a ULO")
    return _published(session, stored, base_url)


def published_versions(
    session: Session, slug: str, *, base_url: str, all_versions: bool
) -> list[tuple[PublishedUlo, datetime]]:
    """The versions of a qualification's units, by number, each with the moment since which it stands as it does."""
    query = select(UloVersion).where(UloVersion.qualification_slug == slug)
    if not all_versions:
        query = query.where(UloVersion.status == str(VersionStatus.PUBLISHED))
    rows = session.scalars(query.order_by(UloVersion.published_at, UloVersion.number, UloVersion.version)).all()
    known = {row.id: row for row in rows}
    return [(_published(session, row, base_url, known), row.status_at or row.published_at) for row in rows]


def ulo_at(session: Session, *, qualification: str, number: str, version: str, base_url: str) -> PublishedUlo:
    """A version to award, by the parts of its address. Raises NotFound, and Refused for one that was withdrawn."""
    found = version_at(session, qualification=qualification, number=number, version=version, base_url=base_url)
    must_be_awardable(found)
    return found


def awardable_id_at(session: Session, *, qualification: str, number: str, version: str) -> str:
    """The id of a version to award, by the parts of its address. Raises as `ulo_at`, which also reads what it says."""
    address = {"qualification": qualification, "unit": number, "version_of_it": version}
    found = session.execute(_AT, address).one_or_none()
    if found is None:
        raise NotFound("there is no such version of a ULO")
    if found.status == VersionStatus.WITHDRAWN:
        raise _withdrawn(number, version)
    return str(found.id)


def must_be_awardable(found: PublishedUlo) -> None:
    """Raise Refused for a version that was withdrawn: badges that are there keep it, and no others get it."""
    if found.status is VersionStatus.WITHDRAWN:
        raise _withdrawn(found.ulo.number, found.ulo.version)


def _withdrawn(number: str, version: str) -> Refused:
    return Refused(f"ULO {number} version {version} was withdrawn", field="ulo_version_id")


def rubric_from_json(rubric: Sequence[dict[str, Any]]) -> tuple[RubricCriterion, ...]:
    """A rubric as it is kept. Raises MalformedDocument when a required level is none of its levels."""
    return tuple(
        RubricCriterion(
            component=criterion["component"],
            levels=tuple(RubricLevel(**level) for level in criterion["levels"]),
            required_level=criterion["required_level"],
        )
        for criterion in rubric
    )


def _published(
    session: Session, stored: UloVersion, base_url: str, known: Mapping[str, UloVersion] = MappingProxyType({})
) -> PublishedUlo:
    follower = None
    if stored.replaced_by_id is not None:
        follower = known.get(stored.replaced_by_id) or session.get_one(UloVersion, stored.replaced_by_id)
    return PublishedUlo(
        stored.id,
        ulo_from_json(
            stored.content,
            iri=_iri(stored, base_url),
            number=stored.number,
            version=stored.version,
            title=stored.title,
            qualification=stored.qualification,
            catalogue=stored.catalogue,
        ),
        rubric_from_json(stored.rubric),
        stored.source,
        VersionStatus(stored.status),
        stored.status_reason,
        _iri(follower, base_url) if follower else "",
        tuple(stored.validation),
    )


def _iri(stored: UloVersion, base_url: str) -> str:
    return ulo_iri(base_url, stored.qualification_slug, stored.number, stored.version)


def _rows(table: str) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(table.splitlines())
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise Refused(f"the table lacks the columns: {', '.join(missing)}", field="table")
        return [{column: (row[column] or "").strip() for column in _COLUMNS} for row in reader]
    except csv.Error as error:
        raise Refused(f"this is no CSV: {error}", field="table") from error
