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
CLR_2_0_1: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
OPEN_BADGES_EXTENSIONS: Final = OPEN_BADGES_V3P0 + "extensions.json"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"
DID_V1: Final = "https://www.w3.org/ns/did/v1"
JWS_2020_V1: Final = "https://w3id.org/security/suites/jws-2020/v1"
ULO_V1: Final = "https://skills.example.org/ns/ulo/v1"
ULO_V1_SCHEMA: Final = "https://skills.example.org/ns/ulo/v1/schema.json"

OPEN_BADGES_CONTEXTS: Final = frozenset(
    OPEN_BADGES_V3P0 + name
    for name in ("context.json", "context-3.0.1.json", "context-3.0.2.json", "context-3.0.3.json")
)

BAKED_PNG_KEYWORD: Final = "openbadgecredential"
BAKED_SVG_NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
BAKED_SVG_ELEMENT: Final = "credential"
SVG_NAMESPACE: Final = "http://www.w3.org/2000/svg"

MEDIA_TYPE_VC: Final = "application/vc"
MEDIA_TYPE_VC_JWT: Final = "application/vc+jwt"
MEDIA_TYPE_VC_SD_JWT: Final = "application/vc+sd-jwt"
MEDIA_TYPE_VP_JWT: Final = "application/vp+jwt"


class TokenType(StrEnum):
    """The `typ` of tokens, https://www.iana.org/assignments/media-types/ without `application/`."""

    JWT = "jwt"
    VC_JWT = "vc+jwt"
    VC_LD_JWT = "vc+ld+jwt"
    VC_LD_JSON_JWT = "vc+ld+json+jwt"
    VP_JWT = "vp+jwt"
    VP_LD_JWT = "vp+ld+jwt"
    VC_SD_JWT = "vc+sd-jwt"
    SD_JWT_VC = "dc+sd-jwt"
    KEY_BINDING = "kb+jwt"
    STATUS_LIST = "statuslist+jwt"


IDENTITY_HASH_ALGORITHM: Final = "sha256"


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


ENVELOPED_VERIFIABLE_CREDENTIAL: Final = "EnvelopedVerifiableCredential"


class PresentationType(StrEnum):
    """Types of presentations, https://www.w3.org/TR/vc-data-model-2.0/#types."""

    VERIFIABLE = "VerifiablePresentation"
    ENVELOPED = "EnvelopedVerifiablePresentation"


EXTENSION_PREFIX: Final = "ext:"
"""What a term of one's own begins with, in the enumerations of Open Badges that may be extended."""


class ObjectType(StrEnum):
    """Types of what is in a badge, https://www.imsglobal.org/spec/ob/v3p0/#data-models"""

    ACHIEVEMENT = "Achievement"
    ACHIEVEMENT_SUBJECT = "AchievementSubject"
    ALIGNMENT = "Alignment"
    EVIDENCE = "Evidence"
    IDENTIFIER_ENTRY = "IdentifierEntry"
    IDENTITY_OBJECT = "IdentityObject"
    PROFILE = "Profile"
    RELATED = "Related"
    RESULT = "Result"
    RESULT_DESCRIPTION = "ResultDescription"
    RUBRIC_CRITERION_LEVEL = "RubricCriterionLevel"


class AchievementType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.achievementtype.class"""

    ACHIEVEMENT = "Achievement"
    APPRENTICESHIP_CERTIFICATE = "ApprenticeshipCertificate"
    ASSESSMENT = "Assessment"
    ASSIGNMENT = "Assignment"
    ASSOCIATE_DEGREE = "AssociateDegree"
    AWARD = "Award"
    BADGE = "Badge"
    BACHELOR_DEGREE = "BachelorDegree"
    CERTIFICATE = "Certificate"
    CERTIFICATE_OF_COMPLETION = "CertificateOfCompletion"
    CERTIFICATION = "Certification"
    COMMUNITY_SERVICE = "CommunityService"
    COMPETENCY = "Competency"
    COURSE = "Course"
    CO_CURRICULAR = "CoCurricular"
    DEGREE = "Degree"
    DIPLOMA = "Diploma"
    DOCTORAL_DEGREE = "DoctoralDegree"
    FIELDWORK = "Fieldwork"
    GENERAL_EDUCATION_DEVELOPMENT = "GeneralEducationDevelopment"
    JOURNEYMAN_CERTIFICATE = "JourneymanCertificate"
    LEARNING_PROGRAM = "LearningProgram"
    LICENSE = "License"
    MEMBERSHIP = "Membership"
    PROFESSIONAL_DOCTORATE = "ProfessionalDoctorate"
    QUALITY_ASSURANCE_CREDENTIAL = "QualityAssuranceCredential"
    MASTER_CERTIFICATE = "MasterCertificate"
    MASTER_DEGREE = "MasterDegree"
    MICRO_CREDENTIAL = "MicroCredential"
    RESEARCH_DOCTORATE = "ResearchDoctorate"
    SECONDARY_SCHOOL_DIPLOMA = "SecondarySchoolDiploma"


class AlignmentTargetType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.alignmenttargettype.class"""

    CEASN_COMPETENCY = "ceasn:Competency"
    CETERMS_CREDENTIAL = "ceterms:Credential"
    CF_ITEM = "CFItem"
    CF_RUBRIC = "CFRubric"
    CF_RUBRIC_CRITERION = "CFRubricCriterion"
    CF_RUBRIC_CRITERION_LEVEL = "CFRubricCriterionLevel"
    CTDL = "CTDL"


class ResultType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.resulttype.class"""

    GRADE_POINT_AVERAGE = "GradePointAverage"
    LETTER_GRADE = "LetterGrade"
    PERCENT = "Percent"
    PERFORMANCE_LEVEL = "PerformanceLevel"
    PREDICTED_SCORE = "PredictedScore"
    RAW_SCORE = "RawScore"
    RESULT = "Result"
    RUBRIC_CRITERION = "RubricCriterion"
    RUBRIC_CRITERION_LEVEL = "RubricCriterionLevel"
    RUBRIC_SCORE = "RubricScore"
    SCALED_SCORE = "ScaledScore"
    STATUS = "Status"


class ResultStatusType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.resultstatustype.class"""

    COMPLETED = "Completed"
    ENROLLED = "Enrolled"
    FAILED = "Failed"
    IN_PROGRESS = "InProgress"
    ON_HOLD = "OnHold"
    PROVISIONAL = "Provisional"
    WITHDREW = "Withdrew"


class IdentifierType(StrEnum):
    """https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.identifiertypeenum.class"""

    NAME = "name"
    SOURCED_ID = "sourcedId"
    SYSTEM_ID = "systemId"
    PRODUCT_ID = "productId"
    USER_NAME = "userName"
    ACCOUNT_ID = "accountId"
    EMAIL_ADDRESS = "emailAddress"
    NATIONAL_IDENTITY_NUMBER = "nationalIdentityNumber"
    ISBN = "isbn"
    ISSN = "issn"
    LIS_SOURCED_ID = "lisSourcedId"
    ONE_ROSTER_SOURCED_ID = "oneRosterSourcedId"
    SIS_SOURCED_ID = "sisSourcedId"
    LTI_CONTEXT_ID = "ltiContextId"
    LTI_DEPLOYMENT_ID = "ltiDeploymentId"
    LTI_TOOL_ID = "ltiToolId"
    LTI_PLATFORM_ID = "ltiPlatformId"
    LTI_USER_ID = "ltiUserId"
    IDENTIFIER = "identifier"


class AssociationType(StrEnum):
    """https://www.imsglobal.org/spec/clr/v2p0/#org.1edtech.clr.v2p0.associationtype.class"""

    EXACT_MATCH_OF = "exactMatchOf"
    IS_CHILD_OF = "isChildOf"
    IS_PARENT_OF = "isParentOf"
    IS_PART_OF = "isPartOf"
    IS_PEER_OF = "isPeerOf"
    IS_RELATED_TO = "isRelatedTo"
    PRECEDES = "precedes"
    REPLACED_BY = "replacedBy"


class SkosMatch(StrEnum):
    """https://www.w3.org/TR/skos-reference/#mapping"""

    EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
    CLOSE = "http://www.w3.org/2004/02/skos/core#closeMatch"
    BROAD = "http://www.w3.org/2004/02/skos/core#broadMatch"
    NARROW = "http://www.w3.org/2004/02/skos/core#narrowMatch"
    RELATED = "http://www.w3.org/2004/02/skos/core#relatedMatch"


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
ED25519_SIGNATURE_2020: Final = "Ed25519Signature2020"
BITSTRING_STATUS_LIST_ENTRY: Final = "BitstringStatusListEntry"
ONE_EDTECH_SCHEMA_VALIDATOR: Final = "1EdTechJsonSchemaValidator2019"
ONE_EDTECH_REVOCATION_LIST: Final = "1EdTechRevocationList"
ONE_EDTECH_CREDENTIAL_REFRESH: Final = "1EdTechCredentialRefresh"
BITSTRING_STATUS_LIST: Final = "BitstringStatusList"
ENDORSEMENT_SUBJECT: Final = "EndorsementSubject"
MULTIKEY: Final = "Multikey"
JSON_WEB_KEY: Final = "JsonWebKey"
JSON_WEB_KEY_2020: Final = "JsonWebKey2020"

# The extension's own types, see contexts/own/ulo-v1.json.
MICRO_CREDENTIAL_ACHIEVEMENT: Final = "MicroCredentialAchievement"
UNIT_OF_LEARNING_OUTCOME: Final = "UnitOfLearningOutcome"
ULO_COMPONENT: Final = "UloComponent"
QUALITY_ASSURANCE: Final = "QualityAssurance"
FRAMEWORK_ALIGNMENT: Final = "FrameworkAlignment"
JSON_SCHEMA: Final = "JsonSchema"
