"""Contexts that published vectors use and the project does not bundle, because no badge needs them."""

from __future__ import annotations

from openbadges_kit.jsonld.context_store import ContextStore
from tests.interop.packages import package_json

EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
CITIZENSHIP_V4RC1 = "https://w3id.org/citizenship/v4rc1"


def examples_store() -> ContextStore:
    """The bundled contexts with the W3C's examples vocabulary, whose whole content is this one line."""
    return ContextStore({EXAMPLES_V2: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}})


def citizenship_store() -> ContextStore:
    """The bundled contexts with the citizenship vocabulary; skips, or fails in CI, without Node's packages."""
    context = package_json("@digitalbazaar/citizenship-context/contexts/v4rc1.jsonld")
    return ContextStore({CITIZENSHIP_V4RC1: context})
