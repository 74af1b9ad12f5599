"""Every problem that the kit can find, by its stable code.

A code stands in reports and in the API; `verification/sentences.py` says it in Dutch and in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from openbadges_kit.vocabulary import ProblemType

__all__ = ["Problem", "problem_type"]


class Problem(StrEnum):
    """One kind of problem. The value never changes once it was released."""

    # The document
    MALFORMED = "malformed"
    MISSING = "missing"
    WRONG_TYPE = "wrong-type"
    NOT_A_CREDENTIAL = "not-a-credential"
    NOT_AN_IRI = "not-an-iri"
    NOT_A_TIMESTAMP = "not-a-timestamp"
    SCHEMA_VIOLATION = "schema-violation"
    STATED_SCHEMA_VIOLATION = "stated-schema-violation"
    SCHEMA_NOT_HAD = "schema-not-had"
    SCHEMA_UNKNOWN = "schema-unknown"
    DUPLICATE_ID = "duplicate-id"
    DIGEST_MISMATCH = "digest-mismatch"
    DIGEST_UNKNOWN = "digest-unknown"
    RESOURCE_NOT_HAD = "resource-not-had"
    UNKNOWN_RESULT_DESCRIPTION = "unknown-result-description"
    UNKNOWN_LEVEL = "unknown-level"
    BELOW_REQUIRED_LEVEL = "below-required-level"
    VALUE_NOT_ALLOWED = "value-not-allowed"
    VALUE_OUT_OF_RANGE = "value-out-of-range"
    BELOW_REQUIRED_VALUE = "below-required-value"
    CITIZEN_SERVICE_NUMBER = "citizen-service-number"
    NATIONAL_IDENTITY_NUMBER = "national-identity-number"
    LEVEL_NOT_REGISTERED = "level-not-registered"
    MICRO_CREDENTIAL_INCOMPLETE = "micro-credential-incomplete"
    MICRO_CREDENTIAL_NOT_ASSESSED = "micro-credential-not-assessed"
    # JSON-LD
    CONTEXT_ORDER = "context-order"
    CONTEXT_VERSION = "context-version"
    CONTEXT_EARLIER_STATE = "context-earlier-state"
    CONTEXT_NOT_BUNDLED = "context-not-bundled"
    UNMAPPED_TERM = "unmapped-term"
    NULL_VALUE = "null-value"
    RELATIVE_IRI = "relative-iri"
    NOT_IN_RDF = "not-in-rdf"
    JSON_LITERAL = "json-literal"
    LANGUAGE_TAG = "language-tag"
    HIDDEN_MEMBER = "hidden-member"
    NOT_JSON_LD = "not-json-ld"
    TOO_MUCH_WORK = "too-much-work"
    # Proof and issuer
    NO_PROOF = "no-proof"
    PROOF_UNKNOWN = "proof-unknown"
    PROOF_INVALID = "proof-invalid"
    PROOF_PURPOSE = "proof-purpose"
    PROOF_EXPIRED = "proof-expired"
    PREVIOUS_PROOF = "previous-proof"
    BASE_PROOF = "base-proof"
    KEY_NOT_HAD = "key-not-had"
    KEY_EXPIRED = "key-expired"
    KEY_COMPROMISED = "key-compromised"
    KEY_NOT_OF_ISSUER = "key-not-of-issuer"
    # Presentations
    NOT_A_PRESENTATION = "not-a-presentation"
    WRONG_CHALLENGE = "wrong-challenge"
    WRONG_DOMAIN = "wrong-domain"
    KEY_NOT_OF_HOLDER = "key-not-of-holder"
    # Time and status
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    PERIOD_REVERSED = "period-reversed"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_NOT_HAD = "status-not-had"
    STATUS_LIST_INVALID = "status-list-invalid"
    STATUS_LIST_ELSEWHERE = "status-list-elsewhere"
    STATUS_UNKNOWN = "status-unknown"
    STATUS_MESSAGE = "status-message"
    NEWER_VERSION = "newer-version"
    REFRESH_NOT_HAD = "refresh-not-had"
    REFRESHED_NOT_VALID = "refreshed-not-valid"
    # Others
    ENDORSEMENT_INVALID = "endorsement-invalid"
    ENDORSEMENT_OF_ANOTHER = "endorsement-of-another"
    RECIPIENT_ANOTHER = "recipient-another"
    RECIPIENT_NOT_NAMED = "recipient-not-named"
    REQUIRED_CHECK = "required-check"
    KEY_NOT_PINNED = "key-not-pinned"
    ISSUER_NOT_TRUSTED = "issuer-not-trusted"


_PROBLEM_TYPES: Final[Mapping[Problem, ProblemType]] = MappingProxyType(
    {
        Problem.CONTEXT_NOT_BUNDLED: ProblemType.PROOF_TRANSFORMATION,
        Problem.UNMAPPED_TERM: ProblemType.PROOF_TRANSFORMATION,
        Problem.NULL_VALUE: ProblemType.PROOF_TRANSFORMATION,
        Problem.RELATIVE_IRI: ProblemType.PROOF_TRANSFORMATION,
        Problem.NOT_IN_RDF: ProblemType.PROOF_TRANSFORMATION,
        Problem.JSON_LITERAL: ProblemType.PROOF_TRANSFORMATION,
        Problem.LANGUAGE_TAG: ProblemType.PROOF_TRANSFORMATION,
        Problem.HIDDEN_MEMBER: ProblemType.PROOF_TRANSFORMATION,
        Problem.NOT_JSON_LD: ProblemType.PROOF_TRANSFORMATION,
        Problem.TOO_MUCH_WORK: ProblemType.PROOF_TRANSFORMATION,
        Problem.NO_PROOF: ProblemType.PROOF_VERIFICATION,
        Problem.PROOF_UNKNOWN: ProblemType.PROOF_VERIFICATION,
        Problem.PROOF_INVALID: ProblemType.PROOF_VERIFICATION,
        Problem.PROOF_PURPOSE: ProblemType.PROOF_VERIFICATION,
        Problem.PROOF_EXPIRED: ProblemType.PROOF_VERIFICATION,
        Problem.PREVIOUS_PROOF: ProblemType.PROOF_VERIFICATION,
        Problem.BASE_PROOF: ProblemType.PROOF_VERIFICATION,
        Problem.KEY_NOT_HAD: ProblemType.PROOF_VERIFICATION,
        Problem.KEY_EXPIRED: ProblemType.CRYPTOGRAPHIC_SECURITY,
        Problem.KEY_COMPROMISED: ProblemType.CRYPTOGRAPHIC_SECURITY,
        Problem.KEY_NOT_PINNED: ProblemType.CRYPTOGRAPHIC_SECURITY,
        Problem.KEY_NOT_OF_ISSUER: ProblemType.CRYPTOGRAPHIC_SECURITY,
        Problem.WRONG_CHALLENGE: ProblemType.PROOF_VERIFICATION,
        Problem.WRONG_DOMAIN: ProblemType.PROOF_VERIFICATION,
        Problem.KEY_NOT_OF_HOLDER: ProblemType.CRYPTOGRAPHIC_SECURITY,
        Problem.REVOKED: ProblemType.STATUS_VERIFICATION,
        Problem.SUSPENDED: ProblemType.STATUS_VERIFICATION,
        Problem.STATUS_NOT_HAD: ProblemType.STATUS_RETRIEVAL,
        Problem.STATUS_LIST_INVALID: ProblemType.STATUS_VERIFICATION,
        Problem.STATUS_LIST_ELSEWHERE: ProblemType.STATUS_VERIFICATION,
        Problem.STATUS_UNKNOWN: ProblemType.STATUS_VERIFICATION,
        Problem.STATUS_MESSAGE: ProblemType.STATUS_VERIFICATION,
        Problem.NEWER_VERSION: ProblemType.STATUS_VERIFICATION,
        Problem.REFRESH_NOT_HAD: ProblemType.STATUS_RETRIEVAL,
        Problem.REFRESHED_NOT_VALID: ProblemType.STATUS_VERIFICATION,
    }
)


def problem_type(problem: Problem) -> ProblemType:
    """The URL by which the standards name the problem; MALFORMED_VALUE_ERROR where they have none of their own."""
    return _PROBLEM_TYPES.get(problem, ProblemType.MALFORMED_VALUE)
