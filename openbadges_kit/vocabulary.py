"""The words on the wire: every term, URL and media type that a standard spells, spelled once.

Not here: sentences for people (`verification/sentences.py`) and limits (beside what they limit).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES_V3P0: Final = "https://purl.imsglobal.org/spec/ob/v3p0/"
OPEN_BADGES_3_0_3: Final = OPEN_BADGES_V3P0 + "context-3.0.3.json"
OPEN_BADGES_EXTENSIONS: Final = OPEN_BADGES_V3P0 + "extensions.json"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"
DID_V1: Final = "https://www.w3.org/ns/did/v1"
JWS_2020_V1: Final = "https://w3id.org/security/suites/jws-2020/v1"
ULO_V1: Final = "https://skills.example.org/ns/ulo/v1"

OPEN_BADGES_CONTEXTS: Final = frozenset(
    OPEN_BADGES_V3P0 + name
    for name in ("context.json", "context-3.0.1.json", "context-3.0.2.json", "context-3.0.3.json")
)

BAKED_PNG_KEYWORD: Final = "openbadgecredential"

MEDIA_TYPE_VC: Final = "application/vc"
MEDIA_TYPE_VC_JWT: Final = "application/vc+jwt"


class ProblemType(StrEnum):
    """The URLs by which the standards name what went wrong."""

    PROOF_GENERATION = "https://w3id.org/security#PROOF_GENERATION_ERROR"
    PROOF_VERIFICATION = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    PROOF_TRANSFORMATION = "https://w3id.org/security#PROOF_TRANSFORMATION_ERROR"
    CRYPTOGRAPHIC_SECURITY = "https://w3id.org/security#CRYPTOGRAPHIC_SECURITY_ERROR"
    MALFORMED_VALUE = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
    STATUS_RETRIEVAL = "https://www.w3.org/TR/vc-data-model#STATUS_RETRIEVAL_ERROR"
    STATUS_VERIFICATION = "https://www.w3.org/TR/vc-data-model#STATUS_VERIFICATION_ERROR"
    STATUS_LIST_LENGTH = "https://www.w3.org/TR/vc-data-model#STATUS_LIST_LENGTH_ERROR"


class CredentialType(StrEnum):
    """Types of credentials, https://www.w3.org/TR/vc-data-model-2.0/#types."""

    VERIFIABLE = "VerifiableCredential"
    OPEN_BADGE = "OpenBadgeCredential"
    ACHIEVEMENT = "AchievementCredential"
    ENDORSEMENT = "EndorsementCredential"
    CLR = "ClrCredential"
    STATUS_LIST = "BitstringStatusListCredential"


class AchievementType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.achievementtype.class"""

    CERTIFICATE = "Certificate"
    CERTIFICATE_OF_COMPLETION = "CertificateOfCompletion"
    CERTIFICATION = "Certification"
    COMPETENCY = "Competency"
    COURSE = "Course"
    LEARNING_PROGRAM = "LearningProgram"
    MICRO_CREDENTIAL = "MicroCredential"


class ResultType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.resulttype.class"""

    PERCENT = "Percent"
    RAW_SCORE = "RawScore"
    RUBRIC_CRITERION_LEVEL = "RubricCriterionLevel"
    STATUS = "Status"


class ResultStatusType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.resultstatustype.class"""

    COMPLETED = "Completed"
    FAILED = "Failed"


class StatusPurpose(StrEnum):
    """https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry"""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    REFRESH = "refresh"
    MESSAGE = "message"


class ProofPurpose(StrEnum):
    """https://www.w3.org/TR/vc-data-integrity/#proof-purposes"""

    ASSERTION_METHOD = "assertionMethod"
    AUTHENTICATION = "authentication"


DATA_INTEGRITY_PROOF: Final = "DataIntegrityProof"
BITSTRING_STATUS_LIST_ENTRY: Final = "BitstringStatusListEntry"
BITSTRING_STATUS_LIST: Final = "BitstringStatusList"
MULTIKEY: Final = "Multikey"
JSON_WEB_KEY: Final = "JsonWebKey"
JSON_WEB_KEY_2020: Final = "JsonWebKey2020"
