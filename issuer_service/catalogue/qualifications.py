"""Catalogues and their qualifications: whose they are, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.addresses import slug_of
from issuer_service.catalogue.tables import Qualification, SkillsCatalogue
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "NewCatalogue",
    "catalogue_of",
    "open_catalogue",
    "open_qualification",
    "own_qualification",
    "qualification_at",
    "qualification_for",
]


@dataclass(frozen=True, slots=True)
class NewCatalogue:
    """What a catalogue is to be. `texts` are its title in other languages, by language."""

    title: str
    language: str = "nl"
    licence: str = ""
    source: str = ""
    is_example: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


def open_catalogue(
    session: Session, asked: NewCatalogue, *, publisher_id: str, now: datetime, randomness: Randomness
) -> SkillsCatalogue:
    """Begin a catalogue. Raises Conflict for a title that the organisation has one of already."""
    slug = slug_of(asked.title, field="title")
    if _catalogue_called(session, slug, publisher_id) is not None:
        raise Conflict("this organisation has a catalogue of this title", field="title")
    made = SkillsCatalogue(
        id=random_uuid(randomness),
        publisher_id=publisher_id,
        slug=slug,
        title=asked.title,
        texts=dict(asked.texts),
        language=asked.language,
        licence=asked.licence,
        source=asked.source,
        is_example=asked.is_example,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    record(session, AuditEvent.CATALOGUE_OPENED, about=made.id, organisation_id=publisher_id)
    return made


def open_qualification(
    session: Session,
    *,
    catalogue_id: str,
    title: str,
    publisher_id: str,
    now: datetime,
    randomness: Randomness,
    scheme: str = "",
    slug: str = "",
    texts: Mapping[str, str] | None = None,
) -> Qualification:
    """Begin a qualification in a catalogue of the organisation's own.

    Raises NotFound for a catalogue that is not, and Conflict for a name in addresses that is taken.
    """
    catalogue = session.get(SkillsCatalogue, catalogue_id)
    if catalogue is None or catalogue.publisher_id != publisher_id:
        raise NotFound("there is no such catalogue of yours", field="catalogue_id")
    slug = slug or slug_of(title, field="title")
    if (taken := session.scalar(select(Qualification).where(Qualification.slug == slug))) is not None:
        whose = "there is one" if taken.publisher_id == publisher_id else "another organisation writes one"
        raise Conflict(f"{whose} at /ulo/{slug}", field="slug")
    made = Qualification(
        id=random_uuid(randomness),
        catalogue_id=catalogue.id,
        publisher_id=publisher_id,
        slug=slug,
        title=title,
        texts=dict(texts or {}),
        scheme=scheme,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    record(session, AuditEvent.QUALIFICATION_OPENED, about=made.id, organisation_id=publisher_id)
    return made


def qualification_for(
    session: Session, *, catalogue: str, qualification: str, publisher_id: str, now: datetime, randomness: Randomness
) -> Qualification:
    """The qualification of this title, begun with its catalogue where it is not there yet.

    Raises Conflict when another organisation writes it: its addresses are under that one's care.
    """
    slug = slug_of(qualification, field="qualification")
    found = session.scalar(select(Qualification).where(Qualification.slug == slug))
    if found is not None:
        if found.publisher_id != publisher_id:
            raise Conflict("another organisation writes this qualification", field="qualification")
        return found
    known = _catalogue_called(session, slug_of(catalogue, field="catalogue"), publisher_id)
    shelf = known or open_catalogue(
        session, NewCatalogue(catalogue), publisher_id=publisher_id, now=now, randomness=randomness
    )
    return open_qualification(
        session,
        catalogue_id=shelf.id,
        title=qualification,
        publisher_id=publisher_id,
        now=now,
        randomness=randomness,
    )


def own_qualification(session: Session, qualification_id: str, *, publisher_id: str) -> Qualification:
    """A qualification that this organisation writes. Raises NotFound."""
    found = session.get(Qualification, qualification_id)
    if found is None or found.publisher_id != publisher_id:
        raise NotFound("there is no such qualification of yours", field="qualification_id")
    return found


def qualification_at(session: Session, slug: str) -> Qualification:
    """The qualification with this name in addresses. Raises NotFound."""
    found = session.scalar(select(Qualification).where(Qualification.slug == slug))
    if found is None:
        raise NotFound("there is no such qualification")
    return found


def catalogue_of(session: Session, qualification: Qualification) -> SkillsCatalogue:
    """The catalogue that a qualification stands in."""
    return session.get_one(SkillsCatalogue, qualification.catalogue_id)


def _catalogue_called(session: Session, slug: str, publisher_id: str) -> SkillsCatalogue | None:
    return session.scalar(
        select(SkillsCatalogue).where(SkillsCatalogue.slug == slug, SkillsCatalogue.publisher_id == publisher_id)
    )
