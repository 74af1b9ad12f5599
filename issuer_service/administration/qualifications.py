"""Catalogues and qualifications over HTTP. Reading them is open to everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.administration.showing import Shown
from issuer_service.catalogue.addresses import catalogue_iri, qualification_iri
from issuer_service.catalogue.bodies import LanguageCode, SlugText, Titles
from issuer_service.catalogue.qualifications import NewCatalogue, open_catalogue, open_qualification
from issuer_service.catalogue.tables import Qualification, SkillsCatalogue
from issuer_service.errors import Kind, NotFound
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToWriteCatalogue, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Named, without_nul

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["catalogue"])

Longer = Annotated[str, StringConstraints(max_length=300), AfterValidator(without_nul)]


class CatalogueBody(BaseModel):
    """A catalogue to begin."""

    model_config = ConfigDict(extra="forbid")

    title: Named = Field(examples=["Skills-Catalogus Fietstechniek"])
    texts: Titles = Field(
        default={}, description="The title in other languages.", examples=[{"en": "Skills catalogue of bicycles"}]
    )
    language: LanguageCode = Field(default="nl", examples=["nl"])
    licence: Longer = Field(default="", examples=["https://creativecommons.org/licenses/by/4.0/"])
    source: Longer = Field(default="", examples=["Werkgroep fietstechniek"])
    is_example: bool = Field(default=False, description="Made up to show how it works; it says so wherever it stands.")


class QualificationBody(BaseModel):
    """A qualification to begin."""

    model_config = ConfigDict(extra="forbid")

    catalogue_id: Identifier
    title: Named = Field(examples=["Fietstechniek"])
    slug: SlugText | None = Field(
        default=None, description="Its name in addresses, for ever; left out, made of the title.", examples=["fietsen"]
    )
    texts: Titles = Field(
        default={}, description="The title in other languages.", examples=[{"en": "Bicycle mechanics"}]
    )
    scheme: Longer = Field(default="", description="The scheme (regeling) that it belongs to.", examples=[""])


class CatalogueShown(Shown):
    """A catalogue."""

    id: str
    iri: str = Field(description="Where it stands for everybody.")
    title: str
    texts: Titles
    language: str
    licence: str
    source: str
    is_example: bool
    opened_at: datetime


class QualificationShown(Shown):
    """A qualification of a catalogue."""

    id: str
    iri: str = Field(description="Where it stands for everybody.")
    catalogue_id: str
    slug: str
    title: str
    texts: Titles
    scheme: str
    opened_at: datetime


@router.get("/catalogues")
def get_catalogues(here: Here, paging: Paging) -> Page[CatalogueShown]:
    """Every catalogue. Open to everybody."""
    with here.reading() as session:
        return page_of(
            session,
            select(SkillsCatalogue),
            paging,
            order=[SkillsCatalogue.id],
            show=lambda row: _catalogue(session, row, here.base_url),
        )


@router.get("/catalogues/{catalogue_id}", responses=problems(Kind.NOT_FOUND))
def get_catalogue(catalogue_id: Identifier, here: Here) -> CatalogueShown:
    """A catalogue. Open to everybody."""
    with here.reading() as session:
        found = session.get(SkillsCatalogue, catalogue_id)
        if found is None:
            raise NotFound("there is no such catalogue")
        return _catalogue(session, found, here.base_url)


@router.post("/catalogues", status_code=201, responses=problems(Kind.CONFLICT))
def post_catalogue(
    body: CatalogueBody, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> CatalogueShown:
    """Begin a catalogue."""
    with here.transaction_for(caller) as session:

        def make() -> CatalogueShown:
            asked_for = NewCatalogue(**body.model_dump())
            made = open_catalogue(
                session,
                asked_for,
                publisher_id=caller.organisation_id,
                now=here.now(),
                randomness=here.randomness,
            )
            return _catalogue(session, made, here.base_url)

        asked = Asked(request_key, caller, "/v1/catalogues", body)
        return once(session, asked, now=here.now(), answer=CatalogueShown, make=make)


@router.get("/qualifications")
def get_qualifications(here: Here, paging: Paging) -> Page[QualificationShown]:
    """Every qualification of every catalogue. Open to everybody."""
    with here.reading() as session:
        return page_of(
            session,
            select(Qualification),
            paging,
            order=[Qualification.id],
            show=lambda row: _qualification(row, here.base_url),
        )


@router.get("/qualifications/{qualification_id}", responses=problems(Kind.NOT_FOUND))
def get_qualification(qualification_id: Identifier, here: Here) -> QualificationShown:
    """A qualification. Open to everybody."""
    with here.reading() as session:
        found = session.get(Qualification, qualification_id)
        if found is None:
            raise NotFound("there is no such qualification")
        return _qualification(found, here.base_url)


@router.post("/qualifications", status_code=201, responses=problems(Kind.CONFLICT, Kind.NOT_FOUND))
def post_qualification(
    body: QualificationBody, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> QualificationShown:
    """Begin a qualification in a catalogue of yours."""
    with here.transaction_for(caller) as session:

        def make() -> QualificationShown:
            made = open_qualification(
                session,
                catalogue_id=body.catalogue_id,
                title=body.title,
                slug=body.slug or "",
                texts=body.texts,
                scheme=body.scheme,
                publisher_id=caller.organisation_id,
                now=here.now(),
                randomness=here.randomness,
            )
            return _qualification(made, here.base_url)

        asked = Asked(request_key, caller, "/v1/qualifications", body)
        return once(session, asked, now=here.now(), answer=QualificationShown, make=make)


def _catalogue(session: Session, row: SkillsCatalogue, base_url: str) -> CatalogueShown:
    owner = session.get(Organisation, row.publisher_id) if row.publisher_id else None
    shown = {name: getattr(row, name) for name in CatalogueShown.model_fields if name != "iri"}
    return CatalogueShown(iri=catalogue_iri(base_url, owner.slug if owner else "-", row.slug), **shown)


def _qualification(row: Qualification, base_url: str) -> QualificationShown:
    shown = {name: getattr(row, name) for name in QualificationShown.model_fields if name != "iri"}
    return QualificationShown(iri=qualification_iri(base_url, row.slug), **shown)
