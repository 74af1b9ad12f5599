"""Claiming a badge behind its link, in whatever form its holder wants."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from issuer_service.delivery.certificate import certificate_pdf
from issuer_service.delivery.forms import baked_png
from issuer_service.delivery.service import ClaimLinks, claim, holder_of, look_at
from issuer_service.issuance.tables import Credential
from issuer_service.pages.rendering import render
from issuer_service.web.dependencies import Here, Speaking
from openbadges_kit.documents import parse_json_object
from openbadges_kit.vocabulary import MEDIA_TYPE_VC, MEDIA_TYPE_VC_JWT

__all__ = ["router"]

# Whoever has the link has the badge: no cache and no search engine keeps it, and no other site learns of it.
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}

router = APIRouter(prefix="/claim", include_in_schema=False)


@router.get("/{token}")
def claim_page(token: str, here: Here, language: Speaking) -> Response:
    """The badge, with its forms to download."""
    with here.reading() as session:
        credential = look_at(session, _links(here).credential_of(token))
    badge = parse_json_object(credential.document)
    page = render("claim.html", language, badge=badge, token=token, credential=credential)
    page.headers.update(_PRIVATE)
    return page


@router.get("/{token}/badge.json")
def claim_json(token: str, here: Here) -> Response:
    """The signed badge, byte for byte as it was signed."""
    return _download(_claimed(token, here).document, MEDIA_TYPE_VC, "badge.json")


@router.get("/{token}/badge.jwt")
def claim_jwt(token: str, here: Here) -> Response:
    """The badge as a JWT."""
    return _download(_claimed(token, here).jwt.encode(), MEDIA_TYPE_VC_JWT, "badge.jwt")


@router.get("/{token}/badge.png")
def claim_png(token: str, here: Here) -> Response:
    """The picture that carries the signed badge."""
    return _download(baked_png(_claimed(token, here).document), "image/png", "badge.png")


@router.get("/{token}/badge.pdf")
def claim_pdf(token: str, here: Here, language: Speaking) -> Response:
    """The badge as a certificate to print, with its holder's name on it and the signed badge attached."""
    with here.transaction() as session:
        credential = claim(session, _links(here).credential_of(token), now=here.now())
        holder = holder_of(session, credential)
    pdf = certificate_pdf(
        credential.document,
        page=f"{here.base_url}/badges/{credential.id}",
        verifier=f"{here.base_url}/verify",
        holder=holder,
        language=language,
    )
    return _download(pdf, "application/pdf", "badge.pdf")


def _claimed(token: str, here: Here) -> Credential:
    with here.transaction() as session:
        return claim(session, _links(here).credential_of(token), now=here.now())


def _links(here: Here) -> ClaimLinks:
    return ClaimLinks(here.settings.secret.get_secret_value(), base_url=here.base_url)


def _download(data: bytes, media_type: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers={**_PRIVATE, **disposition})
