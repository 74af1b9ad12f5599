"""Publishing versions of ULOs over HTTP. Reading the catalogue is open to everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.administration.showing import Shown
from issuer_service.catalogue.service import import_ulo, published_ulo
from issuer_service.catalogue.tables import UloVersion
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToWriteCatalogue, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, LongText, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1/ulo-versions", tags=["catalogue"])


class NewLevel(BaseModel):
    """A level of a rubric."""

    model_config = ConfigDict(extra="forbid")

    key: Named = Field(examples=["zelfstandig"])
    name: Named = Field(examples=["Zelfstandig"])
    description: Named = Field(examples=["Doet het zonder hulp"])


class NewCriterion(BaseModel):
    """How one component is judged."""

    model_config = ConfigDict(extra="forbid")

    component: Named = Field(examples=["VO001"])
    levels: list[NewLevel] = Field(min_length=1, max_length=20)
    required_level: Named = Field(examples=["zelfstandig"])


class NewUloVersion(BaseModel):
    """A version of a ULO, from the catalogue's table."""

    model_config = ConfigDict(extra="forbid")

    table: LongText = Field(
        description="The catalogue's table as CSV.",
        examples=[
            "ULO,Code,Actie werkwoord(en),Object van het werkwoord,Voorzetsel,Context,Werkwoord vervoeging,"
            "Regeleisen (conform)\n"
        ],
    )
    catalogue: Named = Field(examples=["Skills-Catalogus"])
    qualification: Named = Field(max_length=80, examples=["Vakmanschap Warmtepompen"])
    number: str = Field(max_length=20, pattern=r"^[A-Za-z0-9.-]+$", examples=["1.1"])
    version: str = Field(max_length=20, pattern=r"^[A-Za-z0-9.-]+$", examples=["1"])
    title: Named = Field(examples=["Warmtepompsysteem bepalen"])
    source: Named = Field(examples=["Skills-Catalogus, november 2026"])
    rubric: list[NewCriterion] = Field(default=[], max_length=200)


class UloVersionShown(Shown):
    """A published version of a ULO."""

    id: str
    iri: str = Field(description="Where it stands for everybody, and what badges refer to.")
    qualification: str
    number: str
    version: str
    title: str
    published_at: datetime


@router.get("")
def get_ulo_versions(here: Here, paging: Paging) -> Page[UloVersionShown]:
    """Every published version. Open to everybody."""
    with here.reading() as session:
        return page_of(
            session,
            select(UloVersion),
            paging,
            order=[UloVersion.id],
            show=lambda row: _shown(row, published_ulo(session, row.id, base_url=here.base_url).ulo.iri),
        )


@router.get("/{ulo_version_id}", responses=problems(Kind.NOT_FOUND))
def get_ulo_version(ulo_version_id: Identifier, here: Here) -> UloVersionShown:
    """A published version. Open to everybody."""
    with here.reading() as session:
        published = published_ulo(session, ulo_version_id, base_url=here.base_url)
        return _shown(session.get_one(UloVersion, published.id), published.ulo.iri)


@router.post("", status_code=201, responses=problems(Kind.CONFLICT))
def post_ulo_version(
    body: NewUloVersion, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> UloVersionShown:
    """Publish a version. It never changes; a qualification is written by the organisation that began it."""
    with here.transaction_for(caller) as session:

        def make() -> UloVersionShown:
            stored = import_ulo(
                session,
                body.table,
                catalogue=body.catalogue,
                qualification=body.qualification,
                number=body.number,
                version=body.version,
                title=body.title,
                source=body.source,
                rubric=_rubric(body),
                publisher_id=caller.organisation_id,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return _shown(stored, published_ulo(session, stored.id, base_url=here.base_url).ulo.iri)

        asked = Asked(request_key, caller, "/v1/ulo-versions", body)
        return once(session, asked, now=here.now(), answer=UloVersionShown, make=make)


def _rubric(body: NewUloVersion) -> list[dict[str, Any]]:
    return [criterion.model_dump() for criterion in body.rubric]


def _shown(row: UloVersion, iri: str) -> UloVersionShown:
    return UloVersionShown(
        id=row.id,
        iri=iri,
        qualification=row.qualification,
        number=row.number,
        version=row.version,
        title=row.title,
        published_at=row.published_at,
    )
