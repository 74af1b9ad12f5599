"""What the W3C's data model asks of a credential beyond what verification of a badge looks at.

https://www.w3.org/TR/vc-data-model-2.0/. A verifier is lenient about these, since what is signed cannot be mended;
whoever signs need not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import CREDENTIALS_V2, CredentialType

__all__ = ["find_problems", "find_problems_of_holder"]

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TEXTS: Final = ("name", "description")
_OF_A_TEXT: Final = frozenset({"@value", "@language", "@direction"})


def find_problems(credential: JsonObject) -> list[Finding]:
    """A finding for each place where the credential, as it was sent, is not what the data model allows."""
    findings = []
    contexts = as_list(credential.get("@context"))
    if contexts[:1] != [CREDENTIALS_V2]:
        # Version 1.1 is still verified, and nothing new is made of it.
        findings.append(Finding(Problem.CONTEXT_ORDER, "$['@context'][0]", {"expected": CREDENTIALS_V2}))
    if CredentialType.VERIFIABLE not in as_list(credential.get("type")):
        findings.append(Finding(Problem.WRONG_TYPE, "$.type", {"expected": str(CredentialType.VERIFIABLE)}))
    findings += _texts(credential, "$")
    if isinstance(credential.get("issuer"), dict):
        findings += _texts(credential["issuer"], "$.issuer")
    for path, schema in _each(credential, "credentialSchema"):
        if isinstance(schema, dict) and not _is_url(schema.get("id")):
            findings.append(Finding(Problem.NOT_AN_IRI, child(path, "id")))
    for path, proof in _each(credential, "proof"):
        if not isinstance(proof, dict):
            findings.append(Finding(Problem.WRONG_TYPE, path, {"expected": "object"}))
        elif not isinstance(proof.get("type"), str):
            findings.append(Finding(Problem.MISSING, child(path, "type")))
    return findings


def find_problems_of_holder(presentation: JsonObject) -> list[Finding]:
    """https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations: a holder is a URL, or an object with an id."""
    if "holder" not in presentation:
        return []
    holder = presentation["holder"]
    if isinstance(holder, dict):
        return [] if _is_url(holder.get("id")) else [Finding(Problem.NOT_AN_IRI, "$.holder.id")]
    return [] if _is_url(holder) else [Finding(Problem.NOT_AN_IRI, "$.holder")]


def _texts(value: JsonObject, path: str) -> Iterator[Finding]:
    """https://www.w3.org/TR/vc-data-model-2.0/#language-and-base-direction"""
    for name in _TEXTS:
        for here, text in _each(value, name, path):
            if isinstance(text, str):
                continue
            if not isinstance(text, dict) or not isinstance(text.get("@value"), str):
                yield Finding(Problem.WRONG_TYPE, here, {"expected": "text, or an object with @value"})
                continue
            for extra in text.keys() - _OF_A_TEXT:
                yield Finding(Problem.UNMAPPED_TERM, child(here, extra), {"term": extra})


def _each(value: JsonObject, name: str, path: str = "$") -> Iterator[tuple[str, Any]]:
    here = child(path, name)
    several = isinstance(value.get(name), list)
    # Not as_list(): a member that is there and null is not a member that is not there.
    items = value[name] if several else [value[name]] if name in value else []
    for position, item in enumerate(items):
        yield child(here, position) if several else here, item


def _is_url(value: object) -> bool:
    return isinstance(value, str) and _URL.fullmatch(value) is not None
