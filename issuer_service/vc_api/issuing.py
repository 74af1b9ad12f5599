"""Issuing and deriving: the suites of the kit, with the checks of the W3C's data model before the signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from issuer_service.clock import Randomness
from issuer_service.vc_api import data_model
from issuer_service.vc_api.bodies import Options
from issuer_service.vc_api.suites import CONTEXTS, Signer
from issuer_service.vc_api.verifying import Means, only, without_asking_for_a_badge
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.findings import Finding
from openbadges_kit.issuance import prepare
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.problems import Problem
from openbadges_kit.proof.configuration import previous_proofs, unsecured
from openbadges_kit.proof.cryptosuite import Cryptosuite
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.proof.envelope import envelop_credential
from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets, add_base_proof, derive_document
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.report import Check, Outcome
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import DATA_INTEGRITY_PROOF, CredentialType, ProofPurpose

__all__ = ["Issuer", "derive"]

_BADGES: Final = frozenset({CredentialType.OPEN_BADGE, CredentialType.ACHIEVEMENT, CredentialType.ENDORSEMENT})
# What a verifier would find as well, and an issuer can know before there is a signature.
_BEFORE_SIGNING: Final = frozenset({Check.STRUCTURE, Check.CONTEXTS, Check.SCHEMA, Check.RELATED_RESOURCES})


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs, and what it takes. `status_of` gives the places of a credential's id in this suite's lists."""

    signer: Signer
    means: Means
    randomness: Randomness
    status_of: Callable[[JsonObject], JsonObject]

    def issue(self, credential: JsonObject, options: Options) -> JsonObject:
        """The secured credential.

        Its issuer's id is replaced by the one that signs; where it has a proof already, it must be that one, for
        what is signed cannot be changed. Raises IssuanceRefused with every finding, ProofGenerationError for
        options that do not fit, and whatever canonicalising raises.
        """
        suite = self.signer.suite
        options.must_be("type", DATA_INTEGRITY_PROOF)
        options.must_be("cryptosuite", suite.cryptosuite.name if suite.cryptosuite else "none")
        options.must_be("proofPurpose", str(ProofPurpose.ASSERTION_METHOD))
        options.must_be("verificationMethod", self.signer.verification_method)
        self._check(credential)
        document = self._completed(credential)
        if suite.with_status:
            document = self.status_of(document)
        # As for a badge: what JSON-LD would drop, no proof covers.
        nquads = canonical_nquads(unsecured(document), CONTEXTS)
        if _BADGES & set(document["type"]):
            # And a badge is a badge also here: with everything that is asked of one, and no citizen service number.
            prepare(
                unsecured(document),
                verification_method=self.signer.verification_method,
                created=self.means.now,
                contexts=CONTEXTS,
            )
        if suite.cryptosuite is None:
            return self._enveloped(document)
        return self._with_proof(document, suite.cryptosuite, options, nquads)

    def _check(self, credential: JsonObject) -> None:
        findings = data_model.find_problems(credential)
        resources = [one.get("id") for one in as_list(credential.get("relatedResource")) if isinstance(one, dict)]
        report = verify(
            unsecured(credential),
            now=self.means.now,
            resolver=self.means.resolver(),
            fetch=only(resources, self.means.fetch),
            contexts=CONTEXTS,
        )
        for result in report.results:
            if result.check in _BEFORE_SIGNING and result.outcome is Outcome.FAILED:
                findings += [one for one in without_asking_for_a_badge(result.findings) if one not in findings]
        if "credentialStatus" in credential and self.signer.suite.with_status:
            findings.append(Finding(Problem.VALUE_NOT_ALLOWED, "$.credentialStatus", {"value": "one of your own"}))
        if "proof" in credential and issuer_id(credential) != self.signer.issuer:
            findings.append(Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": self.signer.verification_method}))
        if findings:
            raise IssuanceRefused(tuple(findings))

    def _completed(self, credential: JsonObject) -> JsonObject:
        """The credential in the form in which it is given back, in this issuer's name."""
        issuer = credential["issuer"]
        return {
            **credential,
            "@context": as_list(credential["@context"]),
            "type": as_list(credential["type"]),
            "issuer": {**issuer, "id": self.signer.issuer} if isinstance(issuer, dict) else self.signer.issuer,
        }

    def _enveloped(self, document: JsonObject) -> JsonObject:
        token = encode_vc_jwt(
            document,
            verification_method=self.signer.verification_method,
            signing_key=self.signer.key,
            issued_at=self.means.now,
        )
        return envelop_credential(token)

    def _with_proof(
        self, document: JsonObject, cryptosuite: Cryptosuite, options: Options, nquads: bytes
    ) -> JsonObject:
        proof = build_proof_options(
            verification_method=self.signer.verification_method,
            created=self.means.now,
            cryptosuite=cryptosuite,
            proof_id=options.text("proofId"),
            previous_proof=options.texts("previousProof", or_one=True),
            challenge=options.text("challenge"),
            domain=options.text("domain"),
        )
        if previous_proofs(document, proof):
            # Whoever builds on a proof vouches for it: one that does not hold is not built on.
            self.means.judge_credential(document, frozenset({Check.PROOF})).must_hold()
        if cryptosuite.selective:
            secrets = DisclosureSecrets(ecdsa_key(self.randomness(32)), self.randomness(32))
            secured = add_base_proof(
                document,
                proof_options=proof,
                signing_key=self.signer.key,
                secrets=secrets,
                mandatory_pointers=options.texts("mandatoryPointers"),
                contexts=CONTEXTS,
            )
        else:
            secured = add_proof(
                document,
                proof_options=proof,
                signing_key=self.signer.key,
                contexts=CONTEXTS,
                canonical_nquads=nquads,
            )
        # 1EdTech's schema wants an array; the W3C's suites, where there is one proof, an object.
        if len(secured["proof"]) == 1 and not _BADGES & set(document["type"]):
            return {**secured, "proof": secured["proof"][0]}
        return secured


def derive(credential: JsonObject, options: Options) -> JsonObject:
    """What the holder shows: the mandatory part and what `selectivePointers` point to.

    Raises ProofGenerationError, and whatever canonicalising raises.
    """
    derived = derive_document(credential, selective_pointers=options.texts("selectivePointers"), contexts=CONTEXTS)
    return {**derived, "proof": derived["proof"][0]} if not isinstance(credential.get("proof"), list) else derived
