"""Qualifications in and out, in the formats of the library: drafts to work on, or what was published elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.addresses import qualification_iri, ulo_iri
from issuer_service.catalogue.life_cycle import DraftStatus, VersionStatus
from issuer_service.catalogue.qualifications import catalogue_of, own_qualification
from issuer_service.catalogue.service import ValidatedElsewhere, content_of, published_versions
from issuer_service.catalogue.tables import Qualification, UloDraft, UloVersion
from issuer_service.clock import Randomness
from issuer_service.errors import Refused
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.case import case_package
from openbadges_kit.skills.formats.case_reading import read_case_package
from openbadges_kit.skills.formats.oeapi import learning_outcomes, read_learning_outcomes
from openbadges_kit.skills.formats.plain_json import qualification_to_json, read_units
from openbadges_kit.skills.formats.report import Imported, RowFinding
from openbadges_kit.skills.formats.table import read_table, write_table
from openbadges_kit.skills.qualification import Entry, Standing, rubric_to_json
from openbadges_kit.skills.qualification import Qualification as WholeQualification

__all__ = ["Format", "TakenIn", "export_qualification", "form_of", "import_units", "whole_qualification"]

_ADDRESS_PART: Final = re.compile(r"[A-Za-z0-9.-]{1,20}")
_MAX_TITLE: Final = 200


class Format(StrEnum):
    """In which form a qualification comes or goes."""

    CSV = "csv"
    JSON = "json"
    CASE = "case"
    OEAPI = "oeapi"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did, or would do: which units came in, as number and version, and what is amiss in which row."""

    taken: tuple[tuple[str, str], ...]
    findings: tuple[RowFinding, ...]


def form_of(data: bytes) -> Format:
    """What a file is, by how it begins and by the words that only one form has."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return Format.CSV
    if b'"CFDocument"' in data:
        return Format.CASE
    return Format.OEAPI if b'"learningOutcomeId"' in data else Format.JSON


def import_units(
    session: Session,
    data: bytes,
    *,
    qualification_id: str,
    form: Format,
    version: str,
    validated: ValidatedElsewhere | None,
    dry_run: bool,
    caller: Caller,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> TakenIn:
    """Take units in as drafts; `validated` elsewhere, as published versions. One that is amiss leaves the rest.

    What is there already stays as it is and is told, so an import may be sent again. Raises Refused for what is not
    of this form at all, NotFound for a qualification that is not the caller's, and NotAllowed for publishing
    without its scope.
    """
    shelf = own_qualification(session, qualification_id, publisher_id=caller.organisation_id)
    if validated is not None:
        caller.must_have(Scope.CATALOGUE_PUBLISH)
    catalogue = catalogue_of(session, shelf).title
    try:
        read = _read(data, form, shelf, catalogue=catalogue, version=version, base_url=base_url)
    except MalformedDocument as error:
        raise Refused(str(error), field="body") from error
    entries, findings = _fit(session, shelf, read, published=validated is not None)
    if not dry_run and entries:
        if validated is None:
            session.add_all(_drafts(entries, shelf, caller=caller, now=now, randomness=randomness))
        else:
            _publish(session, entries, shelf, catalogue, validated, now=now, randomness=randomness)
        details = {"units": len(entries), "published": validated is not None, "format": str(form)}
        record(
            session,
            AuditEvent.CATALOGUE_IMPORTED,
            about=shelf.id,
            organisation_id=caller.organisation_id,
            details=details,
        )
    taken = tuple((entry.ulo.number, entry.ulo.version) for entry in entries)
    return TakenIn(taken, tuple(sorted(findings, key=lambda one: one.row)))


def whole_qualification(
    session: Session, shelf: Qualification, *, base_url: str, all_versions: bool
) -> WholeQualification:
    """A qualification with its published versions; if they are asked for, those that were followed or withdrawn too."""
    catalogue = catalogue_of(session, shelf)
    owner = session.get(Organisation, shelf.publisher_id) if shelf.publisher_id else None
    versions = published_versions(session, shelf.slug, base_url=base_url, all_versions=all_versions)
    moments = [shelf.opened_at, *(moment for _, moment in versions)]
    return WholeQualification(
        iri=qualification_iri(base_url, shelf.slug),
        title=shelf.title,
        catalogue=catalogue.title,
        owner=owner.name if owner else "",
        changed=max(moments),
        entries=tuple(Entry(one.ulo, one.rubric, Standing(str(one.status)), one.replaced_by) for one, _ in versions),
        language=catalogue.language,
        texts=tuple(shelf.texts.items()),
        licence=catalogue.licence,
        scheme=shelf.scheme,
        source=catalogue.source,
        is_example=catalogue.is_example,
    )


def export_qualification(whole: WholeQualification, form: Format, *, only_table: bool = False) -> tuple[str, str]:
    """The qualification in that form, and its media type."""
    match form:
        case Format.CSV:
            return write_table(whole.entries, only_table=only_table), "text/csv; charset=utf-8"
        case Format.JSON:
            document: Any = qualification_to_json(whole)
        case Format.CASE:
            document = case_package(whole)
        case Format.OEAPI:
            items = learning_outcomes(whole.entries)
            document = {
                "pageSize": len(items),
                "pageNumber": 1,
                "hasPreviousPage": False,
                "hasNextPage": False,
                "totalPages": 1,
                "items": items,
            }
        case _:
            assert_never(form)
    return json.dumps(document, ensure_ascii=False), "application/json"


def _read(data: bytes, form: Format, shelf: Qualification, *, catalogue: str, version: str, base_url: str) -> Imported:
    def iri_of(number: str, its_version: str) -> str:
        return ulo_iri(base_url, shelf.slug, number, its_version)

    names: dict[str, Any] = {"qualification": shelf.title, "catalogue": catalogue}
    if form is Format.CSV:
        return read_table(data, iri_of=iri_of, version=version, **names)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedDocument(f"this is no JSON: {error}") from error
    match form:
        case Format.JSON:
            return read_units(document, iri_of=iri_of)
        case Format.CASE:
            return read_case_package(document, iri_of=iri_of, **names)
        case Format.OEAPI:
            return read_learning_outcomes(document, iri_of=iri_of, **names)


def _fit(
    session: Session, shelf: Qualification, read: Imported, *, published: bool
) -> tuple[list[Entry], list[RowFinding]]:
    """Those of the units that can be taken in here, and what is amiss with the others."""
    there = {
        (row.number, row.version)
        for row in session.execute(
            select(UloVersion.number, UloVersion.version).where(UloVersion.qualification_slug == shelf.slug)
        )
    } | {
        (row.number, row.version)
        for row in session.execute(
            select(UloDraft.number, UloDraft.version).where(UloDraft.qualification_id == shelf.id)
        )
    }
    entries, findings = [], list(read.findings)
    for entry in read.entries:
        ulo = entry.ulo
        why = ""
        mend = "mend the unit and import it again"
        if not (_ADDRESS_PART.fullmatch(ulo.number) and _ADDRESS_PART.fullmatch(ulo.version)):
            why = "number and version stand in addresses: at most 20 letters, digits, dots and hyphens"
        elif len(ulo.title) > _MAX_TITLE:
            why = f"the title is longer than {_MAX_TITLE} characters"
        elif (ulo.number, ulo.version) in there:
            why = f"version {ulo.version} is there already, and stays as it is"
            mend = "leave it out, or give it another version"
        elif not published and entry.standing is not Standing.PUBLISHED:
            why = f"version {ulo.version} is {entry.standing}: there is nothing to publish"
        if why:
            findings.append(RowFinding(0, "ULO", why, mend, ulo.number))
        else:
            entries.append(entry)
    return entries, findings


def _drafts(
    entries: Sequence[Entry], shelf: Qualification, *, caller: Caller, now: datetime, randomness: Randomness
) -> list[UloDraft]:
    return [
        UloDraft(
            id=random_uuid(randomness),
            organisation_id=caller.organisation_id,
            qualification_id=shelf.id,
            number=entry.ulo.number,
            version=entry.ulo.version,
            title=entry.ulo.title,
            source="",
            content=content_of(entry.ulo),
            rubric=rubric_to_json(entry.rubric),
            status=str(DraftStatus.DRAFT),
            author_id=caller.person_id,
            created_at=now,
            changed_at=now,
            returned_because="",
        )
        for entry in entries
    ]


def _publish(
    session: Session,
    entries: Sequence[Entry],
    shelf: Qualification,
    catalogue: str,
    validated: ValidatedElsewhere,
    *,
    now: datetime,
    randomness: Randomness,
) -> None:
    account = {"method": validated.method, "held_on": validated.held_on.isoformat(), "by": validated.by}
    rows = [
        UloVersion(
            id=random_uuid(randomness),
            qualification_slug=shelf.slug,
            number=entry.ulo.number,
            version=entry.ulo.version,
            catalogue=catalogue,
            qualification=shelf.title,
            title=entry.ulo.title,
            publisher_id=shelf.publisher_id,
            source=validated.by,
            content=content_of(entry.ulo),
            rubric=rubric_to_json(entry.rubric),
            validation=[account],
            published_at=now,
            status=str(VersionStatus(str(entry.standing))),
            status_at=None if entry.standing is Standing.PUBLISHED else now,
            status_reason="",
        )
        for entry in entries
    ]
    session.add_all(rows)
    session.flush()
    # By the end of its address: whoever wrote the file had another base than this service.
    ids = {f"/{row.number}/v{row.version}": row.id for row in rows}
    for row, entry in zip(rows, entries, strict=True):
        end = re.search(r"/[^/]+/v[^/]+$", entry.replaced_by)
        if end is not None:
            row.replaced_by_id = ids.get(end[0])
