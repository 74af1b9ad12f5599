"""Is it a credential, with the members that make it one, each of the right kind?

https://www.w3.org/TR/vc-data-model-2.0/#basic-concepts
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.vocabulary import CredentialType

__all__ = ["find_problems", "is_iri"]

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_KNOWN_TYPES: Final = frozenset(CredentialType) - {CredentialType.VERIFIABLE}
_TYPED_MEMBERS: Final = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence")


def find_problems(document: JsonObject) -> list[Finding]:
    """A finding for each member that is missing or of the wrong kind."""
    findings = [
        Finding(Problem.MISSING, child("$", name))
        for name in ("@context", "type", "issuer", "credentialSubject")
        if name not in document
    ]
    findings += _types(document)
    findings += _identifiers(document)
    findings += _timestamps(document)
    for name in _TYPED_MEMBERS:
        for position, item in enumerate(as_list(document.get(name))):
            path = child(child("$", name), position) if isinstance(document[name], list) else child("$", name)
            if not isinstance(item, dict):
                findings.append(Finding(Problem.WRONG_TYPE, path, {"expected": "object"}))
            elif not as_list(item.get("type")):
                findings.append(Finding(Problem.MISSING, child(path, "type")))
    return findings


def is_iri(text: str) -> bool:
    """May the text identify a credential, its issuer or its subject?"""
    return _IRI.fullmatch(text) is not None


def _types(document: JsonObject) -> list[Finding]:
    types = as_list(document.get("type"))
    if not all(isinstance(name, str) for name in types):
        return [Finding(Problem.WRONG_TYPE, "$.type", {"expected": "string"})]
    if types and (CredentialType.VERIFIABLE not in types or not _KNOWN_TYPES & set(types)):
        return [Finding(Problem.NOT_A_CREDENTIAL, "$.type")]
    return []


def _identifiers(document: JsonObject) -> list[Finding]:
    findings = []
    issuer = document.get("issuer")
    subjects = as_list(document.get("credentialSubject"))
    candidates = [("$.id", document["id"])] if "id" in document else []
    if "issuer" in document:
        candidates.append(("$.issuer.id", issuer.get("id")) if isinstance(issuer, dict) else ("$.issuer", issuer))
    if "credentialSubject" in document and (not subjects or not all(isinstance(s, dict) and s for s in subjects)):
        findings.append(Finding(Problem.WRONG_TYPE, "$.credentialSubject", {"expected": "object"}))
    candidates += [
        ("$.credentialSubject.id", subject["id"])
        for subject in subjects
        if isinstance(subject, dict) and "id" in subject
    ]
    # An id that is no IRI drops out of the RDF, and the protection of what hangs on it goes with it.
    findings += [
        Finding(Problem.NOT_AN_IRI, path)
        for path, value in candidates
        if not (isinstance(value, str) and is_iri(value))
    ]
    return findings


def _timestamps(document: JsonObject) -> list[Finding]:
    findings = []
    moments: dict[str, datetime] = {}
    for name in ("validFrom", "issuanceDate", "validUntil", "expirationDate", "awardedDate"):
        if name in document:
            try:
                moments[name] = parse_timestamp(document[name])
            except MalformedDocument:
                findings.append(Finding(Problem.NOT_A_TIMESTAMP, child("$", name)))
    # The second pair is that of version 1.1.
    for start, end in (("validFrom", "validUntil"), ("issuanceDate", "expirationDate")):
        if moments.keys() >= {start, end} and moments[end] < moments[start]:
            findings.append(Finding(Problem.PERIOD_REVERSED, child("$", end)))
    return findings
