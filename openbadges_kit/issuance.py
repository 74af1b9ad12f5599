"""Prepare, then issue: only what passed the verifier's own checks can be signed, and exactly that is signed.

Not here: who may ask, who approves, and what is recorded (the service's ledger).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from openbadges_kit.documents import JsonObject, as_list, dump_json, load_own, parse_json_object
from openbadges_kit.errors import (
    ContextNotBundled,
    IssuanceRefused,
    MalformedDocument,
    ProofGenerationError,
    ProofTransformationError,
    UnmappedTerms,
    WorkLimitExceeded,
)
from openbadges_kit.findings import Finding
from openbadges_kit.jsonld.canonical_form import canonical_nquads, learn_shapes
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.proof.jws import encode_jws
from openbadges_kit.proof.sd_jwt_issuance import Salt, issue_sd_jwt
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.skills import guards
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.report import Outcome
from openbadges_kit.verification.verifier import check_contexts, check_schema, check_structure
from openbadges_kit.vocabulary import CREDENTIALS_V1, CREDENTIALS_V2, TokenType

if TYPE_CHECKING:
    from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets

__all__ = [
    "PreparedCredential",
    "issue",
    "issue_selectively_disclosable",
    "issue_status_list_token",
    "issue_vc_jwt",
    "issue_with_base_proof",
    "prepare",
    "prepared_alike",
]

_SEAL: Final = object()
# What a verifier decides by.
_NEVER_LEFT_OUT: Final = (
    "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema",
    "refreshService", "termsOfUse",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PreparedCredential:
    """Proof that a document passed every check before signing. Only prepare() makes one.

    All parts are kept as bytes: what was checked is what is signed, whatever happens to the caller's copy.
    """

    document: bytes
    encoded_proof_options: bytes
    canonical_nquads: bytes
    # Not a field: dataclasses.replace() would hand it on to another document.
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse to be made by hand."""
        if seal is not _SEAL:
            raise TypeError("a PreparedCredential comes from prepare()")

    @property
    def proof_options(self) -> JsonObject:
        """The proof as it will be made, without its value; a copy."""
        return parse_json_object(self.encoded_proof_options)


def prepare(
    unsecured: JsonObject,
    *,
    verification_method: str,
    created: datetime,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> PreparedCredential:
    """Check what is about to be signed, as a verifier will.

    `verification_method` is the URL of the key that will sign, and must be the issuer's; `created` becomes
    the proof's. Raises IssuanceRefused with every finding at once: a term that no context defines, a
    result at odds with its description, a missing member, a citizen service number, each with its JSON path.
    """
    try:
        # What is signed is read back from bytes: nothing that is no JSON, and nothing that the caller can still change.
        document = dump_json(unsecured)
        unsecured = parse_json_object(document)
    except (MalformedDocument, TypeError, ValueError) as error:
        raise IssuanceRefused((Finding(Problem.MALFORMED, "$", {"reason": str(error)}),)) from error
    findings = [
        finding
        for result in (check_structure(unsecured), check_contexts(unsecured), check_schema(unsecured))
        if result.outcome is Outcome.FAILED
        for finding in result.findings
    ]
    if as_list(unsecured.get("@context"))[:1] == [CREDENTIALS_V1]:
        # A verifier only warns of it; nothing new is made of it.
        findings.append(Finding(Problem.CONTEXT_ORDER, "$['@context'][0]", {"expected": CREDENTIALS_V2}))
    if "proof" in unsecured:
        findings.append(Finding(Problem.WRONG_TYPE, "$.proof", {"expected": "document without a proof"}))
    if verification_method.partition("#")[0] != issuer_id(unsecured):
        findings.append(Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": verification_method}))
    findings += guards.find_problems(unsecured, now=created)
    observed = contexts.observing()
    nquads, in_json_ld = _canonicalized(unsecured, observed)
    findings += in_json_ld
    if findings:
        raise IssuanceRefused(tuple(findings))
    learn_shapes(observed)
    options = build_proof_options(verification_method=verification_method, created=created, cryptosuite=cryptosuite)
    return PreparedCredential(document, dump_json(options), nquads, _SEAL)


def prepared_alike(prepared: PreparedCredential, *, document: bytes, canonical_nquads: bytes) -> PreparedCredential:
    """For `batch_issuance`, which asked of the document whatever prepare() asks: one to be signed like another."""
    return PreparedCredential(document, prepared.encoded_proof_options, canonical_nquads, _SEAL)


def issue(
    prepared: PreparedCredential, *, signing_key: SigningKey, contexts: ContextStore = BUNDLED_CONTEXTS
) -> JsonObject:
    """The prepared document with its Data Integrity proof. Ed25519 gives the same proof every time.

    Raises ProofGenerationError when the key is not one for the prepared cryptosuite.
    """
    return add_proof(
        load_own(prepared.document),
        proof_options=prepared.proof_options,
        signing_key=signing_key,
        contexts=contexts,
        canonical_nquads=prepared.canonical_nquads,
    )


def issue_with_base_proof(
    prepared: PreparedCredential,
    *,
    signing_key: SigningKey,
    secrets: DisclosureSecrets,
    mandatory_pointers: Collection[str],
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> JsonObject:
    """The prepared document with a base proof of ecdsa-sd-2023, from which its holder derives what it shows.

    `mandatory_pointers` are JSON Pointers to what stays in each derived document, beside the issuer, the period and
    the status, which always stay: what Open Badges requires of a badge should be among them, or a verifier will
    miss it. Raises ProofGenerationError when the document was prepared for another suite, the key is none for it,
    or a pointer points to nothing.
    """
    from openbadges_kit.proof.selective.ecdsa_sd_2023 import add_base_proof  # noqa: PLC0415  # few need it

    document = load_own(prepared.document)
    # Without this, a holder could leave out that the badge has expired or where to see that it was revoked.
    decisive = [f"/{name}" for name in _NEVER_LEFT_OUT if name in document]
    mandatory_pointers = [*decisive, *(pointer for pointer in mandatory_pointers if pointer not in decisive)]
    return add_base_proof(
        document,
        proof_options=prepared.proof_options,
        signing_key=signing_key,
        secrets=secrets,
        mandatory_pointers=mandatory_pointers,
        contexts=contexts,
    )


def issue_vc_jwt(
    prepared: PreparedCredential,
    *,
    verification_method: str,
    signing_key: SigningKey,
    with_vc_claim: bool = False,
    claims: JsonObject | None = None,
) -> str:
    """The prepared document as a VC-JWT, signed with another key of the same issuer.

    `with_vc_claim` and `claims` are those of `encode_vc_jwt`. Raises ProofGenerationError when the key's URL
    is not the issuer's, or for another claim.
    """
    return encode_vc_jwt(
        _document_for(prepared, verification_method),
        verification_method=verification_method,
        signing_key=signing_key,
        issued_at=_created(prepared),
        with_vc_claim=with_vc_claim,
        claims=claims,
        written=prepared.document,
    )


def issue_selectively_disclosable(
    prepared: PreparedCredential,
    *,
    disclosable: Collection[str],
    salt: Salt,
    verification_method: str,
    signing_key: SigningKey,
    vct: str | None = None,
    claims: JsonObject | None = None,
    decoys: int = 0,
) -> str:
    """The prepared document as an SD-JWT, of which the holder may leave out what is `disclosable`.

    The arguments and errors are those of `issue_sd_jwt`; ProofGenerationError also when the key's URL is not
    the issuer's.
    """
    return issue_sd_jwt(
        _document_for(prepared, verification_method),
        disclosable=disclosable,
        salt=salt,
        verification_method=verification_method,
        signing_key=signing_key,
        issued_at=_created(prepared),
        vct=vct,
        claims=claims,
        decoys=decoys,
    )


def issue_status_list_token(claims: JsonObject, *, verification_method: str, signing_key: SigningKey) -> str:
    """The claims of a token status list (`build_status_list_claims`) as the token that stands at its address.

    https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-5.1
    """
    header: JsonObject = {"typ": str(TokenType.STATUS_LIST), "kid": verification_method}
    return encode_jws(claims, header=header, signing_key=signing_key)


def _document_for(prepared: PreparedCredential, verification_method: str) -> JsonObject:
    document = load_own(prepared.document)
    if verification_method.partition("#")[0] != issuer_id(document):
        raise ProofGenerationError(f"{verification_method} is not a key of {issuer_id(document)}")
    return document


def _created(prepared: PreparedCredential) -> datetime:
    return parse_timestamp(prepared.proof_options["created"])


def _canonicalized(document: JsonObject, contexts: ContextStore) -> tuple[bytes, tuple[Finding, ...]]:
    """The canonical form, or what stands in its way."""
    try:
        return canonical_nquads(document, contexts), ()
    except UnmappedTerms as error:
        return b"", error.findings
    except ContextNotBundled as error:
        return b"", (Finding(Problem.CONTEXT_NOT_BUNDLED, "$['@context']", {"value": error.url}),)
    except WorkLimitExceeded:
        return b"", (Finding(Problem.TOO_MUCH_WORK, "$"),)
    except (ProofTransformationError, MalformedDocument) as error:
        return b"", (Finding(Problem.NOT_JSON_LD, "$", {"reason": str(error)}),)
