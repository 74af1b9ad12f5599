"""Catalogues, qualifications and components as documents for programs: plain JSON, and JSON-LD in the words of DCMI,
DCAT and SKOS (https://www.w3.org/TR/skos-reference/), each with its context in it, so that nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from issuer_service.catalogue.service import PublishedUlo
from openbadges_kit.skills.qualification import Qualification, Standing
from openbadges_kit.skills.ulo import Component
from openbadges_kit.skills.ulo_json import component_to_json

__all__ = ["catalogue_linked", "component_json", "qualification_linked"]

_CONTEXT: Final = {
    "dct": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "id": "@id",
    "type": "@type",
    "title": "dct:title",
    "publisher": "dct:publisher",
    "licence": "dct:license",
    "source": "dct:source",
    "isPartOf": {"@id": "dct:isPartOf", "@type": "@id"},
    "hasPart": {"@id": "dct:hasPart", "@type": "@id", "@container": "@set"},
    "hasTopConcept": {"@id": "skos:hasTopConcept", "@container": "@set"},
    "notation": "skos:notation",
    "prefLabel": "skos:prefLabel",
    "definition": "skos:definition",
    "isReplacedBy": {"@id": "dct:isReplacedBy", "@type": "@id"},
    "deprecated": "owl:deprecated",
}


def catalogue_linked(document: Mapping[str, Any]) -> dict[str, Any]:
    """A catalogue as linked data, of its plain JSON."""
    return {
        "@context": _CONTEXT,
        "id": document["iri"],
        "type": "dcat:Catalog",
        "title": _texts({document["language"]: document["title"], **document["texts"]}),
        **{name: document[name] for name in ("publisher", "licence", "source") if document[name]},
        "hasPart": [one["iri"] for one in document["qualifications"]],
    }


def qualification_linked(whole: Qualification, *, catalogue: str) -> dict[str, Any]:
    """A qualification as linked data; what was followed or withdrawn is `deprecated`, and says what came after it."""
    concepts = []
    for entry in whole.entries:
        ulo = entry.ulo
        titles = {ulo.language: ulo.title} | {one.language: one.title for one in ulo.translations}
        concept: dict[str, Any] = {
            "id": ulo.iri,
            "type": "skos:Concept",
            "notation": ulo.number,
            "prefLabel": _texts(titles),
            "definition": _texts({ulo.language: ulo.sentence}),
            "hasPart": [component.iri for component in ulo.components],
        }
        if entry.standing is not Standing.PUBLISHED:
            concept["deprecated"] = True
        if entry.replaced_by:
            concept["isReplacedBy"] = entry.replaced_by
        concepts.append(concept)
    return {
        "@context": _CONTEXT,
        "id": whole.iri,
        "type": "skos:ConceptScheme",
        "title": _texts({whole.language: whole.title, **dict(whole.texts)}),
        "isPartOf": catalogue,
        "hasTopConcept": concepts,
    }


def component_json(published: PublishedUlo, component: Component) -> dict[str, Any]:
    """A component as plain JSON, with how its unit stands."""
    said = {one.language: one.statement(component.code) for one in published.ulo.translations}
    return {
        **component_to_json(component, published.ulo),
        "id": component.iri,
        "domain": component.domain.name.lower(),
        "statement": component.sentence,
        "translations": said,
        "isPartOf": published.ulo.iri,
        "standing": str(published.status),
        "replacedBy": published.replaced_by,
    }


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text} for language, text in texts.items()]
