"""Endorsements of published units over HTTP. Reading them is open to everybody."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.catalogue.tables import UloEndorsement
from issuer_service.errors import Kind
from issuer_service.issuance.endorsing import ask_endorsement, endorsement_url, signed_endorsement
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToPublishCatalogue, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Reason

__all__ = ["router"]

router = APIRouter(tags=["catalogue"])


class NewEndorsement(BaseModel):
    """An organisation's word for a unit."""

    model_config = ConfigDict(extra="forbid")

    comment: Reason = Field(examples=["Gevalideerd in een workshop met vier monteurs"])


class EndorsementShown(BaseModel):
    """An endorsement, signed or on its way to be."""

    id: str
    url: str = Field(description="Where the signed credential stands for everybody.")
    comment: str
    requested_at: datetime
    signed_at: datetime | None


@router.get("/v1/ulo-versions/{ulo_version_id}/endorsements")
def get_endorsements(ulo_version_id: Identifier, here: Here, paging: Paging) -> Page[EndorsementShown]:
    """Who stands behind a version. Open to everybody."""
    with here.reading() as session:
        asked = select(UloEndorsement).where(UloEndorsement.ulo_version_id == ulo_version_id)
        return page_of(session, asked, paging, order=[UloEndorsement.id], show=lambda row: _shown(row, here.base_url))


@router.post(
    "/v1/ulo-versions/{ulo_version_id}/endorsements",
    status_code=201,
    responses=problems(Kind.NOT_FOUND, Kind.CONFLICT, Kind.UNAVAILABLE),
)
def post_endorsement(
    ulo_version_id: Identifier,
    body: NewEndorsement,
    here: Here,
    caller: CallingToPublishCatalogue,
    request_key: RequestKey = None,
) -> EndorsementShown:
    """Endorse a published version, of your own or of another. A job signs it within a moment."""
    with here.transaction_for(caller) as session:

        def make() -> EndorsementShown:
            made = ask_endorsement(
                session,
                ulo_version_id,
                comment=body.comment,
                caller=caller,
                jobs=here.jobs,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return _shown(made, here.base_url)

        asked = Asked(request_key, caller, f"/v1/ulo-versions/{ulo_version_id}/endorsements", body)
        return once(session, asked, now=here.now(), answer=EndorsementShown, make=make)


@router.get("/endorsements/{endorsement_id}", responses=problems(Kind.NOT_FOUND), response_class=Response)
def get_endorsement(endorsement_id: Identifier, here: Here) -> Response:
    """An endorsement as it was signed."""
    with here.reading() as session:
        document = signed_endorsement(session, endorsement_id)
    return Response(document, media_type="application/vc", headers={"Access-Control-Allow-Origin": "*"})


def _shown(row: UloEndorsement, base_url: str) -> EndorsementShown:
    return EndorsementShown(
        id=row.id,
        url=endorsement_url(row.id, base_url=base_url),
        comment=row.comment,
        requested_at=row.requested_at,
        signed_at=row.signed_at,
    )
