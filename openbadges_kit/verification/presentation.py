"""Verifying what a holder shows: the holder's own signature, made for this verifier, and every badge in it.

https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations, as JSON with a Data Integrity proof or as a
vp+jwt; and an SD-JWT with a key binding, which is a presentation of one badge. Whether the holder is the one whom
a badge is about is for the caller to decide: compare `holder` with the subject's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from openbadges_kit.did import did_jwk
from openbadges_kit.did.resolver import Fetch, Resolver, offline, remember
from openbadges_kit.documents import JsonObject, UnverifiedDocument, as_list
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, OpenBadgesError, ProofVerificationError
from openbadges_kit.findings import Finding, child
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.problems import Problem
from openbadges_kit.proof.configuration import cryptosuite_of
from openbadges_kit.proof.data_integrity import verify_proof
from openbadges_kit.proof.envelope import is_enveloped, open_envelope
from openbadges_kit.proof.jws import Jws, parse_jws, verify_jws
from openbadges_kit.proof.key_binding import verify_key_binding
from openbadges_kit.proof.presentation import VP_JWT_TYPES
from openbadges_kit.proof.sd_jwt import SEPARATOR, SdJwt, parse_sd_jwt
from openbadges_kit.timestamps import parse_numeric_date
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.presentation_report import PresentationReport
from openbadges_kit.verification.proof_answers import answer_to_error, check_moments, refused_by_policy
from openbadges_kit.verification.received import recognize
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CREDENTIALS_V1, CREDENTIALS_V2, PresentationType, ProofPurpose

__all__ = ["PresentationReport", "verify_presentation"]

# Each is a verification of its own. A person shows some; beyond this it is work for work's sake.
MAX_CREDENTIALS: Final = 32
_STRICT: Final = Policy()
_Findings = list[Finding]


@dataclass(frozen=True, slots=True)
class _Means:
    """What every part of the verification is given."""

    now: datetime
    challenge: str | None
    domain: str | None
    resolver: Resolver
    fetch: Fetch
    contexts: ContextStore
    policy: Policy

    def verify(self, credential: Any) -> Report:  # JSON
        return verify(
            credential,
            now=self.now,
            resolver=self.resolver,
            fetch=self.fetch,
            contexts=self.contexts,
            policy=self.policy,
        )


def verify_presentation(
    received: bytes | str | JsonObject,
    *,
    now: datetime,
    expected_challenge: str | None,
    expected_domain: str | None,
    resolver: Resolver | None = None,
    fetch: Fetch = offline,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    policy: Policy = _STRICT,
) -> PresentationReport:
    """Verify a presentation: JSON, an envelope, a vp+jwt, or an SD-JWT with a key binding.

    `expected_challenge` is the nonce that this verifier gave out, once; `expected_domain` is who it is. None
    for either takes any: what one verifier was shown can then be shown to another. The other arguments are those of
    `verify`. Raises MalformedDocument when the input is no presentation at all, or one with more than 32 badges;
    everything else is in the report.
    """
    fetch_once = remember(fetch) if policy.online else offline
    known = Resolver(fetch=fetch_once) if resolver is None else resolver.for_one_verification(online=policy.online)
    means = _Means(now, expected_challenge, expected_domain, known, fetch_once, contexts, policy)
    found = recognize(received)
    if isinstance(found, dict) and is_enveloped(found):
        found = open_envelope(found)
    if isinstance(found, dict):
        return _verify_embedded(found, means)
    if SEPARATOR in found:
        return _verify_sd_jwt(found, means)
    return _verify_token(parse_jws(found), means)


def _verify_embedded(document: JsonObject, means: _Means) -> PresentationReport:
    credentials, unreadable = _verify_credentials(document, means)
    proofs = as_list(document.get("proof"))
    holder, findings, outcome = "", [Finding(Problem.NO_PROOF, "$.proof")], Outcome.FAILED
    # The holder signs once. A second proof would have to be somebody's, and nobody asked for it.
    if len(proofs) == 1:
        holder, outcome, findings = _verify_holders_proof(document, proofs[0], means)
    elif proofs:
        findings = [Finding(Problem.PROOF_UNKNOWN, "$.proof", {"reason": "more than one"})]
    result = CheckResult(Check.PROOF, outcome, tuple(findings))
    results = (_check_structure(document, unreadable), result)
    return PresentationReport(UnverifiedDocument(document), holder, results, credentials)


def _verify_holders_proof(document: JsonObject, proof: Any, means: _Means) -> tuple[str, Outcome, _Findings]:
    path = "$.proof"
    try:
        if not isinstance(proof, dict) or not isinstance(proof.get("verificationMethod"), str):
            raise ProofVerificationError("it names no verification method")
        if "previousProof" in proof:
            raise ProofVerificationError("it builds on another proof")
        refused = refused_by_policy(path, cryptosuite_of(proof).name, means.policy.cryptosuites)
        if refused is not None:
            return "", *refused
        findings = []
        if proof.get("proofPurpose") != ProofPurpose.AUTHENTICATION:
            value = str(proof.get("proofPurpose"))
            findings.append(Finding(Problem.PROOF_PURPOSE, child(path, "proofPurpose"), {"value": value}))
        findings += _expected(path, means, proof.get("challenge"), as_list(proof.get("domain")))
        method = means.resolver.verification_method(proof["verificationMethod"], purpose=ProofPurpose.AUTHENTICATION)
        verify_proof(document, proof=proof, public_key=method.public_key, contexts=means.contexts)
        # It was asked for just now, so the key must be good now, whatever `created` says.
        moments = {name: value for name, value in proof.items() if name == "expires"}
        findings += check_moments(path, moments, method, now=means.now)[1]
        findings += _holder_findings(document.get("holder"), method.controller)
    except OpenBadgesError as error:
        outcome, found = answer_to_error(error, path)
        return "", outcome, found
    return method.controller, Outcome.FAILED if findings else Outcome.PASSED, findings


def _verify_token(token: Jws, means: _Means) -> PresentationReport:
    claim = token.payload.get("vp")
    document = claim if isinstance(claim, dict) else {n: v for n, v in token.payload.items() if n not in _JWT_CLAIMS}
    credentials, unreadable = _verify_credentials(document, means)
    stated = document.get("holder", token.payload.get("iss"))
    holder = stated.get("id") if isinstance(stated, dict) else stated
    path, controller = "$", ""
    try:
        method = find_signing_method(
            token,
            resolver=means.resolver,
            controller=holder if isinstance(holder, str) else "",
            purpose=ProofPurpose.AUTHENTICATION,
        )
        verify_jws(token, public_key=method.public_key, types=VP_JWT_TYPES)
        findings = _expected(path, means, token.payload.get("nonce"), as_list(token.payload.get("aud")))
        findings += _algorithm_findings(path, token, means)
        findings += _period_findings(token, means)
        findings += check_moments(path, {}, method, now=means.now)[1]
        for one in (stated, token.payload.get("iss")):
            findings += _holder_findings(one, method.controller)
        controller, outcome = method.controller, Outcome.FAILED if findings else Outcome.PASSED
    except OpenBadgesError as error:
        outcome, findings = answer_to_error(error, path)
    result = CheckResult(Check.PROOF, outcome, tuple(findings))
    results = (_check_structure(document, unreadable), result)
    return PresentationReport(UnverifiedDocument(document), controller, results, credentials)


_JWT_CLAIMS: Final = frozenset({"iss", "sub", "aud", "nonce", "iat", "nbf", "exp", "jti"})


def _verify_sd_jwt(text: str, means: _Means) -> PresentationReport:
    token = parse_sd_jwt(text)
    report = means.verify(text)
    path, holder = "$", ""
    try:
        binding = token.key_binding
        holder, key = _confirmed_key(token, means.resolver)
        claims: Mapping[str, Any] = binding.payload if binding is not None else {}
        findings = []
        if binding is not None:
            findings += _expected(path, means, claims.get("nonce"), as_list(claims.get("aud")))
            findings += _algorithm_findings(path, binding, means)
        verify_key_binding(
            token,
            holder_key=key,
            expected_nonce=claims.get("nonce", ""),
            expected_audience=claims.get("aud", ""),
            now=means.now,
            clock_skew=means.policy.clock_skew,
        )
        outcome = Outcome.FAILED if findings else Outcome.PASSED
    except OpenBadgesError as error:
        outcome, findings = answer_to_error(error, path)
    result = CheckResult(Check.PROOF, outcome, tuple(findings))
    return PresentationReport(UnverifiedDocument(token.credential), holder, (result,), (report,))


def _confirmed_key(token: SdJwt, resolver: Resolver) -> tuple[str, PublicKey]:
    """Who holds it, by the issuer's word: https://www.rfc-editor.org/rfc/rfc7800#section-3"""
    confirmation = token.claims.get("cnf")
    if isinstance(confirmation, dict) and "jwk" in confirmation:
        try:
            key = PublicKey.from_jwk(confirmation["jwk"])
        except KeyMaterialError as error:
            raise ProofVerificationError(f"the holder's key in cnf cannot be used: {error}") from error
        return did_jwk.did_of(key), key
    if isinstance(confirmation, dict) and isinstance(confirmation.get("kid"), str):
        method = resolver.verification_method(confirmation["kid"], purpose=ProofPurpose.AUTHENTICATION)
        return method.controller, method.public_key
    raise ProofVerificationError("the token does not say by cnf whose it is")


def _check_structure(document: JsonObject, unreadable: _Findings) -> CheckResult:
    findings = [*unreadable]
    if PresentationType.VERIFIABLE not in as_list(document.get("type")):
        reason = {"reason": "its type is not VerifiablePresentation"}
        findings.append(Finding(Problem.NOT_A_PRESENTATION, "$.type", reason))
    if as_list(document.get("@context"))[:1] not in ([CREDENTIALS_V2], [CREDENTIALS_V1]):
        findings.append(Finding(Problem.CONTEXT_ORDER, "$['@context'][0]", {"expected": CREDENTIALS_V2}))
    return CheckResult(Check.STRUCTURE, Outcome.FAILED if findings else Outcome.PASSED, tuple(findings))


def _verify_credentials(document: JsonObject, means: _Means) -> tuple[tuple[Report, ...], _Findings]:
    """A report for each badge, and a finding for each that is none."""
    credentials = as_list(document.get("verifiableCredential"))
    if len(credentials) > MAX_CREDENTIALS:
        raise MalformedDocument(f"a presentation of more than {MAX_CREDENTIALS} badges", path="$.verifiableCredential")
    reports, unreadable = [], []
    for position, credential in enumerate(credentials):
        try:
            reports.append(means.verify(credential))
        except MalformedDocument as error:
            path = child("$.verifiableCredential", position)
            unreadable.append(Finding(Problem.MALFORMED, path, {"reason": str(error)}))
    return tuple(reports), unreadable


def _expected(path: str, means: _Means, challenge: object, domains: list[Any]) -> _Findings:
    """Without these two, a presentation that somebody saw could be shown again, or to somebody else."""
    findings = []
    if means.challenge is not None and challenge != means.challenge:
        findings.append(Finding(Problem.WRONG_CHALLENGE, path))
    if means.domain is not None and domains != [means.domain]:
        findings.append(Finding(Problem.WRONG_DOMAIN, path, {"value": ", ".join(map(str, domains))[:200]}))
    return findings


def _algorithm_findings(path: str, token: Jws, means: _Means) -> _Findings:
    refused = refused_by_policy(path, token.algorithm, means.policy.algorithms)
    return [] if refused is None else refused[1]


def _holder_findings(holder: object, controller: str) -> _Findings:
    identifier = holder.get("id") if isinstance(holder, dict) else holder
    if identifier is None or identifier == controller:
        return []
    return [Finding(Problem.KEY_NOT_OF_HOLDER, "$.holder", {"value": controller})]


def _period_findings(token: Jws, means: _Means) -> _Findings:
    findings = []
    latest = means.now + means.policy.clock_skew
    for claim in ("nbf", "iat", "exp"):
        if claim not in token.payload:
            continue
        moment = parse_numeric_date(token.payload[claim], path=child("$", claim))
        if claim == "exp" and moment < means.now:
            findings.append(Finding(Problem.PROOF_EXPIRED, "$.exp", {"value": moment.isoformat()}))
        elif claim != "exp" and moment > latest:
            findings.append(Finding(Problem.NOT_YET_VALID, child("$", claim), {"value": moment.isoformat()}))
    return findings
