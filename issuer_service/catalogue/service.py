"""Importing a ULO, and the way from a stored version to a ULO and its Achievement."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.tables import UloVersion
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import RubricCriterion, RubricLevel, achievement_from_ulo
from openbadges_kit.skills.ulo import Ulo, ulo_from_rows

__all__ = ["PublishedUlo", "import_ulo", "published_ulo", "rubric_from_json", "ulo_at"]

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


@dataclass(frozen=True, slots=True)
class PublishedUlo:
    """A version of a ULO with its rubric, under the addresses of this service."""

    id: str
    ulo: Ulo
    rubric: tuple[RubricCriterion, ...]
    source: str

    def achievement(self) -> dict[str, Any]:
        """The Achievement of this version, the same for everybody who issues it."""
        return achievement_from_ulo(self.ulo, rubric=self.rubric).to_json()


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
    rubric: Sequence[dict[str, Any]],
    publisher_id: str,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> UloVersion:
    """Publish a version of a ULO from the catalogue's table as CSV.

    Raises Refused, naming row and column, for a table that makes no ULO, and Conflict when this version is
    there already, because a published version never changes, or when another organisation began the
    qualification, because its addresses are under that one's care.
    """
    rows = _rows(table)
    slug = _slug(qualification)
    if not slug:
        raise Refused("needs a letter or a digit, to make an address of", field="qualification")
    if session.scalar(
        select(UloVersion.id).where(UloVersion.qualification_slug == slug, UloVersion.publisher_id != publisher_id)
    ):
        raise Conflict("another organisation writes this qualification", field="qualification")
    if session.scalar(
        select(UloVersion).where(
            UloVersion.qualification_slug == slug, UloVersion.number == number, UloVersion.version == version
        )
    ):
        raise Conflict(f"ULO {number} version {version} was published before and never changes", field="version")
    stored = UloVersion(
        id=random_uuid(randomness),
        qualification_slug=slug,
        number=number,
        version=version,
        catalogue=catalogue,
        qualification=qualification,
        title=title,
        source=source,
        rows=rows,
        rubric=list(rubric),
        publisher_id=publisher_id,
        published_at=now,
    )
    try:
        _published(stored, base_url).achievement()
    except MalformedDocument as error:
        raise Refused(str(error), field="table") from error
    session.add(stored)
    session.flush()
    record(session, AuditEvent.ULO_PUBLISHED, about=stored.id, organisation_id=publisher_id)
    return stored


def published_ulo(session: Session, ulo_version_id: str, *, base_url: str) -> PublishedUlo:
    """A version by its id. Raises NotFound."""
    stored = session.get(UloVersion, ulo_version_id)
    if stored is None:
        raise NotFound("there is no such version of a ULO", field="ulo_version_id")
    return _published(stored, base_url)


def ulo_at(session: Session, *, qualification: str, number: str, version: str, base_url: str) -> PublishedUlo:
    """A version by the parts of its address. Raises NotFound."""
    stored = session.scalar(
        select(UloVersion).where(
            UloVersion.qualification_slug == qualification,
            UloVersion.number == number,
            UloVersion.version == version,
        )
    )
    if stored is None:
        raise NotFound("there is no such version of a ULO")
    return _published(stored, base_url)


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


def _published(stored: UloVersion, base_url: str) -> PublishedUlo:
    iri = f"{base_url}/ulo/{stored.qualification_slug}/{stored.number}/v{stored.version}"
    ulo = ulo_from_rows(
        stored.rows,
        iri=iri,
        number=stored.number,
        version=stored.version,
        title=stored.title,
        qualification=stored.qualification,
        catalogue=stored.catalogue,
    )
    return PublishedUlo(stored.id, ulo, rubric_from_json(stored.rubric), stored.source)


def _rows(table: str) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(table.splitlines())
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise Refused(f"the table lacks the columns: {', '.join(missing)}", field="table")
        return [{column: (row[column] or "").strip() for column in _COLUMNS} for row in reader]
    except csv.Error as error:
        raise Refused(f"this is no CSV: {error}", field="table") from error


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
