"""Does a document fit the official Open Badges 3.0 JSON Schema, and those of extensions that it names?

The bundled one is the JSON-LD flavour, which takes single values where the plain one wants arrays. A badge of
the first years is held to the same schema, with what it has other names for under the names of today.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.jsonld.bundle import bundled_schema
from openbadges_kit.problems import Problem
from openbadges_kit.schema.free_places import takes_any_text
from openbadges_kit.vocabulary import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES_V3P0, ULO_V1_SCHEMA

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = [
    "ACHIEVEMENT_CREDENTIAL_SCHEMA",
    "ENDORSEMENT_CREDENTIAL_SCHEMA",
    "SCHEMAS",
    "find_schema_violations",
    "schema_takes_any_text",
]

ACHIEVEMENT_CREDENTIAL_SCHEMA: Final = OPEN_BADGES_V3P0 + "schema/json/ob_v3p0_achievementcredential_schema.json"
ENDORSEMENT_CREDENTIAL_SCHEMA: Final = OPEN_BADGES_V3P0 + "schema/json/ob_v3p0_endorsementcredential_schema.json"
SCHEMAS: Final = (ACHIEVEMENT_CREDENTIAL_SCHEMA, ENDORSEMENT_CREDENTIAL_SCHEMA, ULO_V1_SCHEMA)
_NAMES_OF_TODAY: Final = MappingProxyType({"issuanceDate": "validFrom", "expirationDate": "validUntil"})
# A document of another kind breaks nearly every rule; the first dozen say enough.
MAX_VIOLATIONS: Final = 12


def find_schema_violations(document: JsonObject, schema: str = ACHIEVEMENT_CREDENTIAL_SCHEMA) -> tuple[Finding, ...]:
    """A finding for each place where the document does not fit the schema, one of `SCHEMAS`.

    Nor one that its `credentialSchema` names, where that is a bundled one; none is fetched.
    """
    current = _under_the_names_of_today(document)
    findings: list[Finding] = []
    for url in dict.fromkeys((schema, *_named(document))):
        for error in _validator(url).iter_errors(current):
            findings.append(
                Finding(Problem.SCHEMA_VIOLATION, _path(error.instance_path), {"reason": _reason(error.message)})
            )
            if len(findings) == MAX_VIOLATIONS:
                return tuple(findings)
    return tuple(findings)


def schema_takes_any_text(
    document: JsonObject, place: tuple[str | int, ...], schema: str = ACHIEVEMENT_CREDENTIAL_SCHEMA
) -> bool:
    """Does `find_schema_violations` find the same in the document, whatever text stands at the place?"""
    if as_list(document.get("@context"))[:1] == [CREDENTIALS_V1]:
        return False
    return schema != ENDORSEMENT_CREDENTIAL_SCHEMA and all(
        takes_any_text(url, place) for url in (schema, *_named(document))
    )


def _named(document: JsonObject) -> list[str]:
    named = [schema.get("id") for schema in as_list(document.get("credentialSchema")) if isinstance(schema, dict)]
    return [url for url in SCHEMAS if url in named]


def _under_the_names_of_today(document: JsonObject) -> JsonObject:
    contexts = as_list(document.get("@context"))
    if contexts[:1] != [CREDENTIALS_V1]:
        return document
    renamed = {_NAMES_OF_TODAY.get(name, name): value for name, value in document.items()}
    return renamed | {"@context": [CREDENTIALS_V2, *contexts[1:]]}


@cache
def _validator(url: str) -> jsonschema_rs.Draft201909Validator:
    import jsonschema_rs  # noqa: PLC0415  # a few milliseconds that a program that never validates need not pay

    if url != ENDORSEMENT_CREDENTIAL_SCHEMA:
        return jsonschema_rs.Draft201909Validator(bundled_schema(url))
    # The schema of a badge holds that of the endorsements that come with it.
    whole = bundled_schema(ACHIEVEMENT_CREDENTIAL_SCHEMA)
    return jsonschema_rs.Draft201909Validator(
        {"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": "#/$defs/EndorsementCredential"}
    )


def _path(steps: list[Any]) -> str:
    path = "$"
    for step in steps:
        path = child(path, step)
    return path


def _reason(message: str) -> str:
    # The message quotes the value, which may be a whole image; and what is in a badge need not be in a log.
    return message if len(message) <= 200 else message[:80] + " … " + message[-100:]  # noqa: PLR2004
