"""Published versions of ULOs over HTTP: taking over, deprecating, withdrawing. Reading them is open to everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.administration.showing import Shown
from issuer_service.catalogue.authoring import Method, revise
from issuer_service.catalogue.bodies import DraftSummary, NewCriterion, Number, Version
from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.publication import deprecate, withdraw
from issuer_service.catalogue.service import PublishedUlo, ValidatedElsewhere, import_ulo, published_ulo
from issuer_service.catalogue.showing import draft_summary
from issuer_service.catalogue.tables import UloVersion
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToPublishCatalogue, CallingToWriteCatalogue, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, LongText, Named, Reason

__all__ = ["router"]

router = APIRouter(prefix="/v1/ulo-versions", tags=["catalogue"])


class NewValidation(BaseModel):
    """That experts validated a unit where it comes from."""

    model_config = ConfigDict(extra="forbid")

    method: Method
    held_on: date = Field(examples=["2025-02-01"])
    by: Named = Field(description="By whose account.", examples=["Skills-Catalogus"])


class NewUloVersion(BaseModel):
    """A version of a ULO that was published elsewhere, from the catalogue's table."""

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
    number: Number = Field(examples=["1.1"])
    version: Version = Field(examples=["1"])
    title: Named = Field(examples=["Warmtepompsysteem bepalen"])
    source: Named = Field(examples=["Skills-Catalogus, november 2026"])
    validation: NewValidation
    rubric: list[NewCriterion] = Field(default=[], max_length=200)


class NewRevision(BaseModel):
    """Which version a revision is to be."""

    model_config = ConfigDict(extra="forbid")

    version: Version = Field(examples=["2"])


class WhyNot(BaseModel):
    """Why a version is advised against or taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["De norm waarnaar dit verwijst is vervallen"])


class ValidationShown(BaseModel):
    """How a version was validated: by how many experts, or by whose account."""

    method: str = Field(examples=["workshop"])
    held_on: date
    experts: int | None = Field(default=None, examples=[3])
    by: str | None = None


class UloVersionShown(Shown):
    """A published version of a ULO."""

    id: str
    iri: str = Field(description="Where it stands for everybody, and what badges refer to.")
    qualification: str
    number: str
    version: str
    title: str
    published_at: datetime
    status: VersionStatus
    status_reason: str
    replaced_by: str = Field(description="The IRI of the version that followed it; empty without one.")
    validation: list[ValidationShown]


@router.get("")
def get_ulo_versions(here: Here, paging: Paging) -> Page[UloVersionShown]:
    """Every published version, the deprecated and the withdrawn as well. Open to everybody."""
    with here.reading() as session:
        return page_of(
            session,
            select(UloVersion),
            paging,
            order=[UloVersion.id],
            show=lambda row: _shown(row, published_ulo(session, row.id, base_url=here.base_url)),
        )


@router.get("/{ulo_version_id}", responses=problems(Kind.NOT_FOUND))
def get_ulo_version(ulo_version_id: Identifier, here: Here) -> UloVersionShown:
    """A published version. Open to everybody."""
    with here.reading() as session:
        published = published_ulo(session, ulo_version_id, base_url=here.base_url)
        return _shown(session.get_one(UloVersion, published.id), published)


@router.post("", status_code=201, responses=problems(Kind.CONFLICT))
def post_ulo_version(
    body: NewUloVersion, here: Here, caller: CallingToPublishCatalogue, request_key: RequestKey = None
) -> UloVersionShown:
    """Take over a version that was published and validated elsewhere. What is written here begins as a draft.

    It never changes; a qualification is written by the organisation that began it.
    """
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
                validated=ValidatedElsewhere(str(body.validation.method), body.validation.held_on, body.validation.by),
                rubric=_rubric(body),
                publisher_id=caller.organisation_id,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return _shown(stored, published_ulo(session, stored.id, base_url=here.base_url))

        asked = Asked(request_key, caller, "/v1/ulo-versions", body)
        return once(session, asked, now=here.now(), answer=UloVersionShown, make=make)


@router.post("/{ulo_version_id}/revisions", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_revision(
    ulo_version_id: Identifier,
    body: NewRevision,
    here: Here,
    caller: CallingToWriteCatalogue,
    request_key: RequestKey = None,
) -> DraftSummary:
    """Begin the next version, as a draft with what this one says. This one stays what it is."""
    with here.transaction_for(caller) as session:

        def make() -> DraftSummary:
            draft = revise(
                session,
                ulo_version_id,
                version=body.version,
                caller=caller,
                now=here.now(),
                randomness=here.randomness,
            )
            return draft_summary(session, draft, base_url=here.base_url)

        asked = Asked(request_key, caller, f"/v1/ulo-versions/{ulo_version_id}/revisions", body)
        return once(session, asked, now=here.now(), answer=DraftSummary, make=make)


@router.post("/{ulo_version_id}/deprecation", responses=problems(Kind.NOT_FOUND))
def post_deprecation(
    ulo_version_id: Identifier, body: WhyNot, here: Here, caller: CallingToPublishCatalogue
) -> UloVersionShown:
    """Advise against a version. Who is on the way may still get its badge."""
    with here.transaction_for(caller) as session:
        stored = deprecate(session, ulo_version_id, reason=body.reason, caller=caller, now=here.now())
        return _shown(stored, published_ulo(session, stored.id, base_url=here.base_url))


@router.post("/{ulo_version_id}/withdrawal", responses=problems(Kind.NOT_FOUND))
def post_withdrawal(
    ulo_version_id: Identifier, body: WhyNot, here: Here, caller: CallingToPublishCatalogue
) -> UloVersionShown:
    """Take a version back. No badge is awarded for it any more; the badges that are there keep what they refer to."""
    with here.transaction_for(caller) as session:
        stored = withdraw(session, ulo_version_id, reason=body.reason, caller=caller, now=here.now())
        return _shown(stored, published_ulo(session, stored.id, base_url=here.base_url))


def _rubric(body: NewUloVersion) -> list[dict[str, Any]]:
    return [criterion.model_dump() for criterion in body.rubric]


def _shown(row: UloVersion, published: PublishedUlo) -> UloVersionShown:
    return UloVersionShown(
        id=row.id,
        iri=published.ulo.iri,
        qualification=row.qualification,
        number=row.number,
        version=row.version,
        title=row.title,
        published_at=row.published_at,
        status=published.status,
        status_reason=published.status_reason,
        replaced_by=published.replaced_by,
        validation=[ValidationShown.model_validate(one) for one in row.validation],
    )
