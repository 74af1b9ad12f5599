"""The pages that anybody may see: a badge, verification, the catalogue, an issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import select

from issuer_service.catalogue.addresses import qualification_iri
from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.linked_data import component_json
from issuer_service.catalogue.service import PublishedUlo, newest_version, published_ulo, version_at
from issuer_service.catalogue.tables import UloVersion
from issuer_service.delivery.forms import badge_picture, date_in_words
from issuer_service.errors import Kind, NotFound
from issuer_service.installation import Installation
from issuer_service.issuance.standing import standing_of
from issuer_service.issuance.tables import Award, Credential
from issuer_service.pages.catalogue import shelves, shown_component, shown_ulo
from issuer_service.pages.rendering import render
from issuer_service.people.consent import Purpose, consented, page_is_public
from issuer_service.people.service import OrganisationKind, organisation_by_slug
from issuer_service.people.tables import Organisation, Person
from issuer_service.problem_details import problems
from issuer_service.signing_keys.service import did_document, issuer_profile
from issuer_service.status_lists.service import Standing
from issuer_service.verifying.service import verify_badge
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.negotiation import HTML, JSON, JSON_LD, NEGOTIATED, Accept, chosen
from openbadges_kit.documents import parse_json_object
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.rendering.qr_code import draw_qr_code
from openbadges_kit.skills.formats.plain_json import entry_to_json
from openbadges_kit.skills.kinds import achievement_of_component
from openbadges_kit.skills.qualification import Entry
from openbadges_kit.skills.ulo import Component, LearningDomain
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.sentences import CHECKS, OUTCOMES, of_finding
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

__all__ = ["home_values", "router"]

router = APIRouter(tags=["public"])

_MAX_UPLOAD = 20 * 1024 * 1024
_OPEN = {"Access-Control-Allow-Origin": "*"}


@router.get("/", include_in_schema=False)
def home(here: Here, language: Speaking) -> Response:
    """Where a visitor begins."""
    return render("home.html", language, **home_values(here, language))


def home_values(here: Installation, language: Language) -> dict[str, Any]:
    """What the first page shows."""
    with here.reading() as session:
        # One of them: a catalogue may have thousands.
        first = session.scalar(
            select(UloVersion.id).where(UloVersion.status == VersionStatus.PUBLISHED).order_by(UloVersion.published_at)
        )
        ulo = published_ulo(session, first, base_url=here.base_url).ulo.iri if first else None
        catalogues = shelves(session, language, here.base_url)
        issuers = session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.PROVIDER)).all()
    return {"ulo": ulo, "catalogues": catalogues, "issuers": issuers}


@router.get("/badges/{credential_id}", include_in_schema=False)
def badge_page(credential_id: str, here: Here, language: Speaking) -> Response:
    """A badge for whoever was shown its address: what was achieved, and whether it still holds.

    The levels reached are shown with consent. Of a badge that was erased, and of one whose holder is not of age and
    did not agree to a page, only how it stands is.
    """
    shown = _shown_of(credential_id, here)
    if shown.document is None:
        return render("standing.html", language, standing=shown.standing, erased=shown.erased)
    document = shown.document
    report = verify_badge(document, here=here)
    badge = parse_json_object(document)
    url = f"{here.base_url}/badges/{credential_id}"
    return render(
        "badge.html",
        language,
        badge=badge,
        achievement=badge["credentialSubject"]["achievement"],
        results=_results(badge) if shown.levels else [],
        components=_components(badge),
        awarded=date_in_words(badge["awardedDate"], language),
        report=report,
        reasons=report.reasons(language),
        credential_id=credential_id,
        url=url,
        # Our own SVG of our own URL: nothing of a visitor's is in it.
        qr_code=Markup(draw_qr_code(url)),  # noqa: S704
    )


@router.get("/badges/{credential_id}/picture.png", include_in_schema=False)
def badge_picture_file(credential_id: str, here: Here) -> Response:
    """The picture of a badge, without the badge in it."""
    shown = _shown_of(credential_id, here)
    if shown.document is None:
        raise NotFound("there is no picture of this badge")
    return Response(
        badge_picture(shown.document),
        media_type="image/png",
        headers={"Cache-Control": "public, max-age=86400"},
    )


@router.get("/verify", include_in_schema=False)
def verify_page(language: Speaking) -> Response:
    """Where a badge is laid to be verified."""
    return render("verify.html", language, report=None, checks=[], problem="")


@router.post("/verify", include_in_schema=False)
def verify_upload(
    here: Here, language: Speaking, file: UploadFile | None = None, text: Annotated[str, Form()] = ""
) -> Response:
    """Verify a file or a text. Nothing of it is kept."""
    data = file.file.read(_MAX_UPLOAD + 1) if file is not None and file.filename else text.encode()
    try:
        if len(data) > _MAX_UPLOAD:
            raise MalformedDocument(f"larger than {_MAX_UPLOAD} bytes")
        report = verify_badge(data, here=here)
    except MalformedDocument as error:
        return render("verify.html", language, status=400, report=None, checks=[], problem=str(error))
    return render("verify.html", language, report=report, checks=_checks(report, language), problem="")


@router.get("/ulo/{qualification}/{number}", include_in_schema=False)
def newest(qualification: str, number: str, here: Here) -> Response:
    """A unit without a version leads to its newest one: badges refer to versions, people need not."""
    with here.reading() as session:
        version = newest_version(session, qualification, number)
    return RedirectResponse(f"/ulo/{qualification}/{number}/v{version}", 303)


@router.get(
    "/ulo/{qualification}/{number}/v{version}",
    responses={**problems(Kind.NOT_FOUND), **NEGOTIATED},
    response_class=Response,
)
def ulo(qualification: str, number: str, version: str, here: Here, language: Speaking, accept: Accept = "") -> Response:
    """A version of a ULO: a page, the Achievement that is awarded for it, or plain JSON with how it stands."""
    found = _ulo_at(here, qualification, number, version)
    form = chosen(accept, JSON_LD, HTML, JSON)
    if form == HTML:
        return _ulo_page(found, qualification, here, language)
    return _document(found, form, found.achievement())


@router.get(
    "/ulo/{qualification}/{number}/v{version}/{code}",
    responses={**problems(Kind.NOT_FOUND), **NEGOTIATED},
    response_class=Response,
)
def component(
    qualification: str,
    number: str,
    version: str,
    code: str,
    here: Here,
    language: Speaking,
    accept: Accept = "",
) -> Response:
    """A component of a ULO, or the ULO in another language: a page, its Achievement, or plain JSON."""
    found = _ulo_at(here, qualification, number, version)
    form = chosen(accept, JSON_LD, HTML, JSON)
    if code in {one.language for one in found.ulo.translations}:
        if form == HTML:
            return _ulo_page(found, qualification, here, "en" if code == "en" else "nl")
        return _document(found, form, found.achievement(code))
    one = _component_of(found, code)
    if form == HTML:
        return render(
            "component.html",
            language,
            vary="Accept, Accept-Language",
            ulo=found.ulo,
            shown=shown_component(found.ulo, one, language),
            criterion=next((criterion for criterion in found.rubric if criterion.component == code), None),
            qualification_iri=qualification_iri(here.base_url, qualification),
        )
    made = achievement_of_component(found.ulo, code, rubric=found.rubric).to_json()
    return _document(found, form, made, component_json(found, one))


@router.get("/ulo/{qualification}/{number}/v{version}/{code}/result", include_in_schema=False)
@router.get("/ulo/{qualification}/{number}/v{version}/{code}/result/{level}", include_in_schema=False)
def result(qualification: str, number: str, version: str, code: str) -> Response:
    """A result description or a level of it stands on the page of its component."""
    return RedirectResponse(f"/ulo/{qualification}/{number}/v{version}/{code}", 303)


@router.get(
    "/ulo/{qualification}/{number}/v{version}/{code}/{edition}",
    responses={**problems(Kind.NOT_FOUND), **NEGOTIATED},
    response_class=Response,
)
def component_edition(
    qualification: str, number: str, version: str, code: str, edition: str, here: Here, accept: Accept = ""
) -> Response:
    """A component in another language: a page, its Achievement, or plain JSON."""
    found = _ulo_at(here, qualification, number, version)
    one = _component_of(found, code)
    if edition not in {translation.language for translation in found.ulo.translations}:
        raise NotFound(f"this ULO was not translated into {edition}")
    form = chosen(accept, JSON_LD, HTML, JSON)
    if form == HTML:
        return RedirectResponse(f"/ulo/{qualification}/{number}/v{version}/{code}?lang={edition}", 303)
    made = achievement_of_component(found.ulo, code, rubric=found.rubric, language=edition).to_json()
    return _document(found, form, made, component_json(found, one))


@router.get("/issuers/{slug}", responses=problems(Kind.NOT_FOUND), response_class=Response)
def issuer(slug: str, here: Here, language: Speaking, accept: Annotated[str, Header()] = "") -> Response:
    """An issuer: for browsers a page, for programs its Open Badges Profile."""
    with here.reading() as session:
        organisation = organisation_by_slug(session, slug)
    profile = issuer_profile(organisation, base_url=here.base_url)
    if "text/html" in accept:
        return render("issuer.html", language, organisation=organisation, profile=profile)
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3], **profile.to_json()}
    return JSONResponse(document, media_type="application/ld+json", headers={**_OPEN, "Vary": "Accept"})


@router.get("/issuers/{slug}/did.json", responses=problems(Kind.NOT_FOUND), response_class=Response)
def issuer_did(slug: str, here: Here) -> Response:
    """The issuer's DID document, with the keys by which its badges are verified."""
    with here.reading() as session:
        document = did_document(session, organisation_by_slug(session, slug), base_url=here.base_url)
    return JSONResponse(document, media_type="application/did+json", headers=_OPEN)


@router.get("/documentation", include_in_schema=False)
def documentation(request: Request, language: Speaking) -> Response:
    """The API, for people; `/openapi.json` says the same to programs."""
    return render("documentation.html", language, api=request.app.openapi())


@dataclass(frozen=True, slots=True)
class _Shown:
    """What of a badge anybody may see: its document or only its standing; and whether the levels with it."""

    document: bytes | None
    levels: bool
    standing: Standing
    erased: bool


def _shown_of(credential_id: str, here: Here) -> _Shown:
    with here.reading() as session:
        found = session.get(Credential, credential_id)
        if found is None:
            raise NotFound("there is no such badge")
        holder = session.get_one(Person, session.get_one(Award, found.award_id).person_id)
        erased = found.erased_at is not None
        public = not erased and page_is_public(session, holder)
        levels = public and consented(session, holder.id, Purpose.GRADE)
        return _Shown(found.document if public else None, levels, standing_of(found), erased)


def _ulo_at(here: Here, qualification: str, number: str, version: str) -> PublishedUlo:
    with here.reading() as session:
        return version_at(session, qualification=qualification, number=number, version=version, base_url=here.base_url)


def _ulo_page(found: PublishedUlo, qualification: str, here: Installation, language: Language) -> Response:
    return render(
        "ulo.html",
        language,
        vary="Accept, Accept-Language",
        published=found,
        ulo=found.ulo,
        shown=shown_ulo(found, language),
        qualification_iri=qualification_iri(here.base_url, qualification),
    )


def _component_of(found: PublishedUlo, code: str) -> Component:
    try:
        return found.ulo.component(code)
    except KeyError as error:
        raise NotFound(f"this ULO has no component {code}") from error


def _document(
    found: PublishedUlo, form: str, achievement: dict[str, Any], plain: dict[str, Any] | None = None
) -> Response:
    """For programs; a version that was followed names its follower, https://www.rfc-editor.org/rfc/rfc5829."""
    headers = {**_OPEN, "Vary": "Accept"}
    if found.replaced_by:
        headers["Link"] = f'<{found.replaced_by}>; rel="successor-version"'
    if form == JSON_LD:
        document = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3], **achievement}
        return JSONResponse(document, media_type=JSON_LD, headers=headers)
    if plain is None:
        standing = {"standing": str(found.status), "standingReason": found.status_reason}
        entry = entry_to_json(Entry(found.ulo, found.rubric, replaced_by=found.replaced_by))
        plain = {**entry, **standing, "validation": [dict(one) for one in found.validation]}
    return JSONResponse(plain, headers=headers)


def _results(badge: dict[str, Any]) -> list[dict[str, str]]:
    """What was judged and the level that was reached, in words."""
    subject = badge["credentialSubject"]
    descriptions = {item["id"]: item for item in subject["achievement"].get("resultDescription", [])}
    shown = []
    for one in subject.get("result", []):
        description = descriptions[one["resultDescription"]]
        if "achievedLevel" not in one:
            # Of a set of criteria: that the item was proved, and not at which level.
            continue
        levels = {level["id"]: level["name"] for level in description["rubricCriterionLevel"]}
        shown.append({"name": description["name"], "level": levels[one["achievedLevel"]]})
    return shown


def _components(badge: dict[str, Any]) -> dict[LearningDomain, list[dict[str, str]]]:
    alignments = badge["credentialSubject"]["achievement"]["alignment"]
    return {
        domain: [a for a in alignments if a.get("targetCode", "").rpartition("/")[2].startswith(domain)]
        for domain in LearningDomain
    }


def _checks(report: Report, language: Language) -> list[dict[str, Any]]:
    column = 0 if language == "nl" else 1
    return [
        {
            "name": CHECKS[result.check][column],
            "outcome": str(result.outcome),
            "answer": OUTCOMES[result.outcome][column],
            "sentences": [of_finding(finding, language) for finding in result.findings],
        }
        for result in report.results
    ]
