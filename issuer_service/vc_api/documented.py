"""How the OpenAPI document tells of the VC-API: bodies are read by hand, so their form is said by hand."""

from __future__ import annotations

from typing import Any, Final

__all__ = [
    "ISSUED",
    "LIST",
    "STATUS_SET",
    "TO_DERIVE",
    "TO_ISSUE",
    "TO_SET_STATUS",
    "TO_VERIFY",
    "TO_VERIFY_PRESENTATION",
    "VERIFIED",
]

_Json = dict[str, Any]

_OBJECT: Final[_Json] = {"type": "object"}
_TEXTS: Final[_Json] = {"type": "array", "items": {"type": "string"}}
_DOCUMENT_OR_TOKEN: Final[_Json] = {"anyOf": [{"type": "object"}, {"type": "string"}]}
_SUBJECT: Final[_Json] = {"id": "did:example:subject", "alumniOf": "Voorbeeldopleider"}
_UNSECURED: Final[_Json] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    "credentialSubject": _SUBJECT,
}
_PROOF: Final[_Json] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-11-20T09:00:00Z",
    "verificationMethod": "did:key:z6Mkr…#z6Mkr…",
    "proofPurpose": "assertionMethod",
    "proofValue": "z5Lb…",
}
_SECURED: Final[_Json] = {**_UNSECURED, "proof": _PROOF}
_CHECKS: Final[_Json] = {
    "checks": {**_TEXTS, "description": "proof, credentialStatus, credentialSchema, validityPeriod; all when left out."}
}
_PROBLEM: Final[_Json] = {
    "type": "object",
    "required": ["type", "title", "detail", "path"],
    "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "path")},
}
_PROBLEMS: Final[_Json] = {"type": "array", "items": _PROBLEM}


def _body(required: str, properties: _Json, example: _Json) -> _Json:
    schema = {"type": "object", "required": [required], "properties": properties}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


def _answer(status: int, description: str, schema: _Json, example: Any, media_type: str = "application/json") -> Any:
    return {status: {"description": description, "content": {media_type: {"schema": schema, "example": example}}}}


def _options(properties: _Json) -> _Json:
    return {"type": "object", "properties": properties}


TO_ISSUE: Final = _body(
    "credential",
    {
        "credential": _OBJECT,
        "options": _options(
            {
                "mandatoryPointers": {**_TEXTS, "description": "ecdsa-sd-2023: JSON Pointers to what always stays."},
                "proofId": {"type": "string", "description": "The id of the proof, for others to build on."},
                "previousProof": {
                    "anyOf": [{"type": "string"}, _TEXTS],
                    "description": "The ids of the proofs that this one builds on; each is verified first.",
                },
                "challenge": {"type": "string"},
                "domain": {"type": "string"},
            }
        ),
    },
    {"credential": _UNSECURED, "options": {}},
)
TO_VERIFY: Final = _body(
    "verifiableCredential",
    {"verifiableCredential": _DOCUMENT_OR_TOKEN, "options": _options(_CHECKS)},
    {"verifiableCredential": _SECURED, "options": {"checks": ["proof"]}},
)
TO_DERIVE: Final = _body(
    "verifiableCredential",
    {"verifiableCredential": _OBJECT, "options": _options({"selectivePointers": _TEXTS})},
    {"verifiableCredential": _SECURED, "options": {"selectivePointers": ["/credentialSubject/alumniOf"]}},
)
TO_SET_STATUS: Final = _body(
    "credentialId",
    {
        "credentialId": {"type": "string"},
        "credentialStatus": {"type": "object", "properties": {"statusPurpose": {"enum": ["revocation", "suspension"]}}},
        "status": {"type": "boolean", "default": True},
    },
    {
        "credentialId": "urn:uuid:3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10",
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
    },
)
TO_VERIFY_PRESENTATION: Final = _body(
    "verifiablePresentation",
    {
        "verifiablePresentation": _DOCUMENT_OR_TOKEN,
        "options": _options({**_CHECKS, "challenge": {"type": "string"}, "domain": {"type": "string"}}),
    },
    {
        "verifiablePresentation": {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [_SECURED],
            "proof": {
                **_PROOF,
                "proofPurpose": "authentication",
                "challenge": "uTgpz4Nka",
                "domain": "verifier.example",
            },
        },
        "options": {"challenge": "uTgpz4Nka", "domain": "verifier.example"},
    },
)

ISSUED: Final = _answer(201, "The secured credential.", _OBJECT, _SECURED)
VERIFIED: Final = _answer(
    200,
    "It verifies.",
    {
        "type": "object",
        "required": ["verified", "checks", "warnings", "errors", "problemDetails"],
        "properties": {
            "verified": {"const": True},
            "checks": _TEXTS,
            "warnings": _PROBLEMS,
            "errors": {"type": "array", "maxItems": 0},
            "problemDetails": _PROBLEMS,
        },
    },
    {"verified": True, "checks": ["proof"], "warnings": [], "errors": [], "problemDetails": []},
)
STATUS_SET: Final = _answer(
    200,
    "How it stands.",
    {
        "type": "object",
        "required": ["credentialId", "statusPurpose", "status"],
        "properties": {
            "credentialId": {"type": "string"},
            "statusPurpose": {"type": "string"},
            "status": {"type": "boolean"},
        },
    },
    {
        "credentialId": "urn:uuid:3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10",
        "statusPurpose": "revocation",
        "status": True,
    },
)
LIST: Final = _answer(
    200,
    "The signed list.",
    _OBJECT,
    {**_SECURED, "type": ["VerifiableCredential", "BitstringStatusListCredential"]},
    "application/vc",
)
