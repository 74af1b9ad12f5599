"""Qualifications in and out over HTTP, as CSV, JSON, CASE 1.1 or OEAPI 6. What is published, everybody may take."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from issuer_service.catalogue.authoring import Method
from issuer_service.catalogue.exchange import (
    Format,
    export_qualification,
    form_of,
    import_units,
    whole_qualification,
)
from issuer_service.catalogue.service import ValidatedElsewhere
from issuer_service.catalogue.tables import Qualification
from issuer_service.errors import Kind, NotFound, Refused
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToWriteCatalogue, Here
from issuer_service.web.texts import Identifier, without_nul

__all__ = ["router"]

router = APIRouter(prefix="/v1/qualifications", tags=["catalogue"])

_HEAD: Final = (
    "ULO,Code,Actie werkwoord(en),Object van het werkwoord,Voorzetsel,Context,Werkwoord vervoeging,"
    "Regeleisen (conform)\n"
)
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": _HEAD},
            "application/json": {"schema": {}, "example": {"format": "skills-catalogue-1", "units": []}},
        },
    }
}


class RowFindingShown(BaseModel):
    """What is amiss in a row, and how to mend it."""

    row: int = Field(description="As a spreadsheet numbers it; of JSON the item, from 1; 0 where it is of no one row.")
    field: str = Field(examples=["Code"])
    finding: str = Field(examples=["the component code 'XO001' is not RO, VO or KO and three digits"])
    mend: str = Field(examples=["write RO, VO or KO and three digits, each code once in a unit"])
    unit: str = Field(description="The number of the unit that it keeps out.", examples=["1.2"])


class ImportReport(BaseModel):
    """What an import did, or would do."""

    dry_run: bool
    published: bool = Field(description="Whether they came in as published versions; otherwise they are drafts.")
    taken: int = Field(description="How many units came in.", examples=[12])
    findings: list[RowFindingShown]


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/{qualification_id}/imports", responses=problems(Kind.NOT_FOUND), openapi_extra=_BODY)
def post_import(
    qualification_id: Identifier,
    here: Here,
    caller: CallingToWriteCatalogue,
    content: Annotated[bytes, Depends(_body)],
    form: Annotated[
        Format | None, Query(alias="format", description="What is sent; left out, it is told by what it looks like.")
    ] = None,
    version: Annotated[
        str, Query(pattern=r"^[A-Za-z0-9.-]{1,20}$", description="Of units whose table gives none.")
    ] = "1",
    dry_run: Annotated[bool, Query(description="Say of each row what is amiss, and take nothing in.")] = False,  # noqa: FBT002  # FastAPI calls by name
    validated_by: Annotated[
        str, Query(max_length=200, description="By whose account experts validated them; then they are published.")
    ] = "",
    validated_how: Annotated[Method, Query(description="How the experts were heard.")] = Method.WORKSHOP,
    validated_on: Annotated[date | None, Query(description="When; needed with `validated_by`.")] = None,
) -> ImportReport:
    """Take units in: as drafts, or as published versions where experts validated them elsewhere (R07).

    A unit with a row that is amiss is kept out and told, and leaves the rest. Sent again, nothing comes in twice.
    """
    if b"\0" in content or b"\\u0000" in content:
        # PostgreSQL keeps no NUL.
        raise Refused("should have no NUL character", field="body")
    without_nul(validated_by)
    validated = None
    if validated_by.strip():
        if validated_on is None:
            raise Refused("say when the experts were heard", field="validated_on")
        validated = ValidatedElsewhere(str(validated_how), validated_on, validated_by.strip())
    with here.transaction_for(caller) as session:
        done = import_units(
            session,
            content,
            qualification_id=qualification_id,
            form=form or form_of(content),
            version=version,
            validated=validated,
            dry_run=dry_run,
            caller=caller,
            base_url=here.base_url,
            now=here.now(),
            randomness=here.randomness,
        )
    return ImportReport(
        dry_run=dry_run,
        published=validated is not None,
        taken=len(done.taken),
        findings=[RowFindingShown.model_validate(one, from_attributes=True) for one in done.findings],
    )


@router.get(
    "/{qualification_id}/export",
    responses={
        **problems(Kind.NOT_FOUND),
        200: {"description": "The file", "content": _BODY["requestBody"]["content"]},
    },
    response_class=Response,
)
def get_export(
    qualification_id: Identifier,
    here: Here,
    form: Annotated[Format, Query(alias="format", description="The form that is wanted.")] = Format.CSV,
    only_table: Annotated[bool, Query(description="Of CSV the columns of the catalogue's table and no more.")] = False,  # noqa: FBT002  # FastAPI calls by name
    all_versions: Annotated[bool, Query(description="With what was followed or withdrawn.")] = False,  # noqa: FBT002  # FastAPI calls by name
) -> Response:
    """What is published of a qualification, in one file. Open to everybody."""
    with here.reading() as session:
        shelf = session.get(Qualification, qualification_id)
        if shelf is None:
            raise NotFound("there is no such qualification")
        whole = whole_qualification(session, shelf, base_url=here.base_url, all_versions=all_versions)
    text, media_type = export_qualification(whole, form, only_table=only_table)
    ending = "csv" if form is Format.CSV else "json"
    return Response(
        text,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{shelf.slug}.{ending}"',
            "Access-Control-Allow-Origin": "*",
        },
    )
