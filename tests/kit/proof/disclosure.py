"""A badge with a base proof of ecdsa-sd-2023, what was derived from it, and what may be done to both."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.proof.configuration import unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_SD_2023
from openbadges_kit.proof.selective.ecdsa_sd_2023 import (
    DisclosureSecrets,
    add_base_proof,
    derive_document,
)
from openbadges_kit.proof.selective.proof_value import DerivedProofValue
from tests.kit.proof.documents import P256, badge, options

__all__ = [
    "BASE",
    "DERIVED",
    "MANDATORY",
    "POINTERS",
    "SECRETS",
    "VALUE",
    "WHOLE",
    "based",
    "changed",
    "leaves",
    "put",
    "said",
    "with_value",
]

SECRETS = DisclosureSecrets(ecdsa_key(bytes(range(3, 35))), bytes(range(32)))
MANDATORY = ("/issuer", "/validFrom", "/credentialSubject/achievement/name")


def based(
    document: JsonObject | None = None, mandatory: Iterable[str] = MANDATORY, secrets: DisclosureSecrets = SECRETS
) -> JsonObject:
    return add_base_proof(
        badge(P256) if document is None else document,
        proof_options=options(P256, ECDSA_SD_2023),
        signing_key=P256,
        secrets=secrets,
        mandatory_pointers=mandatory,
    )


def leaves(value: Any, pointer: str = "") -> Iterator[str]:
    """A pointer to each text, number, empty object and empty array."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [(f"{pointer}/{name}", inner) for name, inner in members]
    if not below:
        yield pointer
    for inner_pointer, inner in below:
        yield from leaves(inner, inner_pointer)


# A list in order is one value: it is shown whole or not at all.
POINTERS = sorted({
    pointer.partition("/allowedValue")[0] + ("/allowedValue" if "/allowedValue" in pointer else "")
    for pointer in leaves(badge(P256)) if not pointer.startswith("/@context")
})  # fmt: skip
BASE = based()
WHOLE = unsecured(BASE)


def changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return value + "x"
        case _:
            return value + 1


def put(document: JsonObject, pointer: str, value: Any) -> JsonObject:
    changed = copy.deepcopy(document)
    *steps, last = pointer.split("/")[1:]
    parent: Any = changed
    for step in steps:
        parent = parent[int(step) if isinstance(parent, list) else step]
    parent[int(last) if isinstance(parent, list) else last] = value
    return changed


def said(document: JsonObject) -> set[str]:
    """What a document says about named things and in literals, without the names of blank nodes."""
    return {
        " ".join("_" if term.startswith("_:") else term for term in quad)
        for quad in to_quads(unsecured(document), BUNDLED_CONTEXTS)
    }


def with_value(derived: JsonObject, **changes: Any) -> JsonObject:
    value = replace(DerivedProofValue.parse(derived["proof"][0]["proofValue"]), **changes)
    return {**derived, "proof": [{**derived["proof"][0], "proofValue": value.encode()}]}


DERIVED = derive_document(BASE, selective_pointers=["/name", "/credentialSubject/identifier"])
VALUE = DerivedProofValue.parse(DERIVED["proof"][0]["proofValue"])
