"""The catalogue for people: from a catalogue to its qualifications, their units, and the components of a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.catalogue.addresses import catalogue_iri, qualification_iri, ulo_iri
from issuer_service.catalogue.exchange import whole_qualification
from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.linked_data import catalogue_linked, qualification_linked
from issuer_service.catalogue.qualifications import catalogue_of, qualification_at
from issuer_service.catalogue.service import PublishedUlo
from issuer_service.catalogue.tables import Qualification, SkillsCatalogue, UloVersion
from issuer_service.errors import NotFound
from issuer_service.pages.rendering import render
from issuer_service.people.tables import Organisation
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.negotiation import HTML, JSON, JSON_LD, Accept, chosen
from openbadges_kit.skills.formats.plain_json import qualification_to_json
from openbadges_kit.skills.frameworks import FrameworkReference
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo

__all__ = [
    "DOMAINS",
    "Shelf",
    "ShownComponent",
    "ShownUlo",
    "Version",
    "router",
    "shelves",
    "shown_component",
    "shown_ulo",
]

router = APIRouter(include_in_schema=False)

DOMAINS: Final = {
    LearningDomain.RESPONSIBILITY: {"nl": "Verantwoordelijkheid", "en": "Responsibility"},
    LearningDomain.SKILL: {"nl": "Vaardigheden", "en": "Skills"},
    LearningDomain.KNOWLEDGE: {"nl": "Kennis", "en": "Knowledge"},
}
_ONE: Final = {
    LearningDomain.RESPONSIBILITY: {"nl": "verantwoordelijkheid", "en": "responsibility"},
    LearningDomain.SKILL: {"nl": "vaardigheid", "en": "skill"},
    LearningDomain.KNOWLEDGE: {"nl": "kennis", "en": "knowledge"},
}
_STANDING: Final = {
    VersionStatus.PUBLISHED: {"nl": "geldend", "en": "current"},
    VersionStatus.DEPRECATED: {"nl": "opgevolgd of afgeraden", "en": "followed by another, or advised against"},
    VersionStatus.WITHDRAWN: {"nl": "ingetrokken", "en": "withdrawn"},
}
_LEVELS: Final = {
    "nl": [one.dutch for one in SkillLevel],
    "en": [one.name.replace("_", " ").capitalize() for one in SkillLevel],
}
_SHOWN: Final = 500
_VARY: Final = "Accept, Accept-Language"
_FOR_PROGRAMS: Final = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}
_SPEAKABLE: Final = 20


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a unit in a list: where it stands and how."""

    number: str
    version: str
    title: str
    iri: str
    status: VersionStatus
    standing: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a public framework, in words."""

    framework: str
    code: str
    label: str
    language: str
    iri: str | None
    said: str


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """A component in a language: what it states, at which level it is asked for, and what it fits elsewhere."""

    code: str
    iri: str
    domain: str
    sentence: str
    language: str
    original: str | None
    level: str | None
    bloom: str | None
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class ShownUlo:
    """A unit in a language; what it says is a translation where `language` is not the unit's own."""

    title: str
    language: str
    is_translation: bool
    domains: dict[str, tuple[ShownComponent, ...]]
    references: tuple[Reference, ...]
    bloom: str | None
    standing: str


@router.get("/catalogues")
def catalogues(here: Here, language: Speaking) -> Response:
    """Every catalogue with its qualifications."""
    with here.reading() as session:
        return render("catalogues.html", language, catalogues=shelves(session, language, here.base_url))


@router.get("/catalogues/{organisation}/{slug}")
def catalogue(organisation: str, slug: str, here: Here, language: Speaking, accept: Accept = "") -> Response:
    """One catalogue: whose it is, where it comes from, and its qualifications; a page, linked data or plain JSON."""
    form = chosen(accept, JSON_LD, HTML, JSON)
    with here.reading() as session:
        row = session.scalar(
            select(SkillsCatalogue)
            .join(Organisation, Organisation.id == SkillsCatalogue.publisher_id)
            .where(Organisation.slug == organisation, SkillsCatalogue.slug == slug)
        )
        if row is None:
            raise NotFound("there is no such catalogue")
        shelf = _shelf(session, row, language, here.base_url)
        if form == HTML:
            return render("catalogue.html", language, vary=_VARY, catalogue=shelf)
        in_its_own = _shelf(session, row, "nl" if row.language == "nl" else "en", here.base_url)
        document = {
            "iri": shelf.iri,
            "title": row.title,
            "texts": row.texts,
            "language": row.language,
            "publisher": shelf.publisher,
            "licence": row.licence,
            "source": row.source,
            "isExample": row.is_example,
            "qualifications": [{"title": title, "iri": iri} for title, iri, _ in in_its_own.qualifications],
        }
    return JSONResponse(
        catalogue_linked(document) if form == JSON_LD else document, media_type=form, headers=_FOR_PROGRAMS
    )


@router.get("/ulo/{qualification}")
def qualification(qualification: str, here: Here, language: Speaking, accept: Accept = "") -> Response:
    """A qualification: its units, each with its versions and how they stand; a page, linked data or plain JSON."""
    form = chosen(accept, JSON_LD, HTML, JSON)
    with here.reading() as session:
        row = qualification_at(session, qualification)
        if form != HTML:
            whole = whole_qualification(session, row, base_url=here.base_url, all_versions=True)
            in_catalogue = _shelf(session, catalogue_of(session, row), language, here.base_url).iri
            linked = form == JSON_LD
            document = qualification_linked(whole, catalogue=in_catalogue) if linked else qualification_to_json(whole)
            return JSONResponse(document, media_type=form, headers=_FOR_PROGRAMS)
        versions = _versions(session, row.slug, language, here.base_url)
        shelf = _shelf(session, catalogue_of(session, row), language, here.base_url)
        title, scheme = row.texts.get(language, row.title), row.scheme
    units = {
        number: [one for one in versions if one.number == number]
        for number in dict.fromkeys(one.number for one in versions)
    }
    return render("qualification.html", language, vary=_VARY, title=title, scheme=scheme, catalogue=shelf, units=units)


def shown_ulo(published: PublishedUlo, language: Language) -> ShownUlo:
    """A unit as its page shows it."""
    ulo = published.ulo
    translated = next((one for one in ulo.translations if one.language == language), None)
    return ShownUlo(
        title=translated.title if translated else ulo.title,
        language=translated.language if translated else ulo.language,
        is_translation=translated is not None,
        domains={
            DOMAINS[domain][language]: tuple(shown_component(ulo, one, language) for one in ulo.components_of(domain))
            for domain in LearningDomain
        },
        references=tuple(_references(ulo.references, ulo, language)),
        bloom=ulo.bloom.name_in(language) if ulo.bloom else None,
        standing=_STANDING[published.status][language],
    )


def shown_component(ulo: Ulo, one: Component, language: Language) -> ShownComponent:
    """A component as its page, and that of its unit, show it."""
    translated = next((translation for translation in ulo.translations if translation.language == language), None)
    level = one.required_skill_level
    return ShownComponent(
        code=one.code,
        iri=one.iri,
        domain=_ONE[one.domain][language],
        sentence=translated.statement(one.code) if translated else one.sentence,
        language=language if translated else ulo.language,
        original=one.sentence if translated else None,
        level=f"{int(level)} – {_LEVELS[language][level - 1]}" if level else None,
        bloom=one.bloom.name_in(language) if one.bloom else None,
        references=tuple(_references(one.references, ulo, language)),
    )


def _references(references: Iterable[FrameworkReference], ulo: Ulo, language: Language) -> Iterable[Reference]:
    for one in references:
        yield Reference(
            framework=str(one.framework),
            # A code that nobody would say aloud is in the address already.
            code=one.code if len(one.code) <= _SPEAKABLE else "",
            label=one.label,
            language=one.label_language or ulo.language,
            # An address that is no page (a URN, say) is shown, and leads nowhere.
            iri=one.iri if one.iri.startswith(("https://", "http://")) else None,
            said=one.plain(language).description,
        )


def shelves(session: Session, language: Language, base_url: str) -> list[Shelf]:
    """Every catalogue, by its title."""
    rows = session.scalars(select(SkillsCatalogue).order_by(SkillsCatalogue.title, SkillsCatalogue.id).limit(_SHOWN))
    return [_shelf(session, row, language, base_url) for row in rows]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue with its qualifications: of each its title, its address, and how many units it has."""

    title: str
    iri: str
    publisher: str
    publisher_slug: str
    licence: str
    source: str
    is_example: bool
    qualifications: tuple[tuple[str, str, int], ...]


def _shelf(session: Session, row: SkillsCatalogue, language: Language, base_url: str) -> Shelf:
    publisher = session.get(Organisation, row.publisher_id) if row.publisher_id else None
    slug = publisher.slug if publisher else ""
    units = (
        select(func.count(UloVersion.number.distinct()))
        .where(UloVersion.qualification_slug == Qualification.slug)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Qualification, units)
        .where(Qualification.catalogue_id == row.id)
        .order_by(Qualification.title, Qualification.id)
        .limit(_SHOWN)
    )
    return Shelf(
        title=row.texts.get(language, row.title),
        iri=catalogue_iri(base_url, slug, row.slug),
        publisher=publisher.name if publisher else "",
        publisher_slug=slug,
        licence=row.licence,
        source=row.source,
        is_example=row.is_example,
        qualifications=tuple(
            (one.texts.get(language, one.title), qualification_iri(base_url, one.slug), count) for one, count in rows
        ),
    )


def _versions(session: Session, slug: str, language: Language, base_url: str) -> list[Version]:
    rows = session.scalars(
        select(UloVersion)
        .where(UloVersion.qualification_slug == slug)
        .order_by(UloVersion.number, UloVersion.published_at.desc())
        .limit(_SHOWN)
    )
    return [
        Version(
            number=row.number,
            version=row.version,
            title=row.title,
            iri=ulo_iri(base_url, slug, row.number, row.version),
            status=VersionStatus(row.status),
            standing=_STANDING[VersionStatus(row.status)][language],
        )
        for row in rows
    ]
