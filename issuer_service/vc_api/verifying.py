"""Verifying for the VC-API: the kit's verifier, asked for a credential of any kind and for the checks that are named.

A badge is verified at `/v1/verifications`, where issuer and key are always bound. Here `checks: ["proof"]` asks for
the proof alone, because the published vectors name issuers that do not control their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer_service.vc_api import data_model
from issuer_service.vc_api.suites import CONTEXTS, Suite
from openbadges_kit.did.resolver import Fetch, Resolver
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument, ProofGenerationError, ResolutionError
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.proof.envelope import is_enveloped
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.presentation import verify_presentation
from openbadges_kit.verification.report import Check, Outcome, Report
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CredentialType

__all__ = ["ALL_CHECKS", "Judgement", "Means", "checks_named", "only", "without_asking_for_a_badge"]

# Whom a verifier trusts is nobody's business here.
ALL_CHECKS: Final = frozenset(Check) - {Check.TRUST, Check.RECIPIENT}
_NAMES: Final = {
    "proof": Check.PROOF,
    "credentialStatus": Check.STATUS,
    "status": Check.STATUS,
    "credentialSchema": Check.SCHEMA,
    "validityPeriod": Check.VALIDITY_PERIOD,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What stands in the way, what is worth knowing, and what was looked at."""

    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    checks: frozenset[Check]

    def must_hold(self) -> None:
        """Raise ProofGenerationError when something stands in the way."""
        if self.problems:
            raise ProofGenerationError("what this builds on does not hold: " + "; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Means:
    """What everything is verified with. `documents` are the controller documents of this service's own issuers."""

    now: datetime
    documents: dict[str, JsonObject]
    fetch: Fetch

    def resolver(self) -> Resolver:
        """Knows this service's issuers, keys that are their own name, and what can be fetched."""
        return Resolver(self.documents, self.fetch)

    def judge_credential(
        self, received: JsonObject | str, checks: frozenset[Check], suite: Suite | None = None
    ) -> Judgement:
        """Do these checks pass, the proof always among them, under this suite where one is given?

        Raises MalformedDocument for what is no credential at all.
        """
        report = verify(received, now=self.now, resolver=self.resolver(), fetch=self.fetch, contexts=CONTEXTS)
        problems, warnings = _sorted(report, checks)
        if suite is not None and not _is_of(suite, received, report):
            problems.append(Finding(Problem.PROOF_UNKNOWN, "$.proof", {"reason": f"none of it is of {suite.name}"}))
        return Judgement(tuple(problems), tuple(warnings), checks)

    def judge_presentation(
        self, received: JsonObject | str, checks: frozenset[Check], *, challenge: str | None, domain: str | None
    ) -> Judgement:
        """Did its holder sign it, for this challenge and domain where they are given, and does all that it shows hold?

        Raises MalformedDocument for what is no presentation at all.
        """
        report = verify_presentation(
            received,
            now=self.now,
            expected_challenge=challenge,
            expected_domain=domain,
            resolver=self.resolver(),
            fetch=self.fetch,
            contexts=CONTEXTS,
        )
        problems = [one for result in report.results if result.outcome is not Outcome.PASSED for one in result.findings]
        problems += data_model.find_problems_of_holder(report.document)
        if not problems and not any(one.check is Check.PROOF for one in report.results):
            problems.append(Finding(Problem.NO_PROOF, "$.proof"))
        warnings: list[Finding] = []
        for position, credential in enumerate(report.credentials):
            path = child("$.verifiableCredential", position)
            wrong, odd = _sorted(credential, checks)
            problems += [Finding(one.code, path + one.path.removeprefix("$"), one.details) for one in wrong]
            warnings += [Finding(one.code, path + one.path.removeprefix("$"), one.details) for one in odd]
            # https://www.w3.org/TR/vc-data-model-2.0/#presentations-including-holder-claims
            if issuer_id(credential.document) == report.holder and "holder" not in report.document:
                problems.append(Finding(Problem.MISSING, "$.holder"))
        return Judgement(tuple(problems), tuple(warnings), checks)


def checks_named(names: Iterable[str]) -> frozenset[Check]:
    """The checks that a request names; all of them when it names none. Raises MalformedDocument for an unknown one."""
    named = list(names)
    if unknown := [name for name in named if name not in _NAMES]:
        raise MalformedDocument(
            f"the check {unknown[0]!r} is not known; there are {', '.join(_NAMES)}", path="$.options.checks"
        )
    # A proof is always looked at: without one there is nothing to say of a document.
    return frozenset({_NAMES[name] for name in named} | {Check.PROOF}) if named else ALL_CHECKS


def only(urls: Sequence[object], fetch: Fetch) -> Fetch:
    """A fetch of these addresses, and of no others."""

    def fetch_one(url: str) -> bytes:
        if url not in urls:
            raise ResolutionError(f"{url} is not asked for before there is a signature")
        return fetch(url)

    return fetch_one


def without_asking_for_a_badge(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, without the one that a credential is no badge."""
    return [one for one in findings if one.code is not Problem.NOT_A_CREDENTIAL]


def _sorted(report: Report, checks: frozenset[Check]) -> tuple[list[Finding], list[Finding]]:
    """(what stands in the way, what is only odd) of the checks that count."""
    problems: list[Finding] = []
    warnings: list[Finding] = []
    is_credential = CredentialType.VERIFIABLE in as_list(report.document.get("type"))
    for result in report.results:
        if result.check not in checks:
            continue
        findings = without_asking_for_a_badge(result.findings) if is_credential else list(result.findings)
        stands_in_the_way = result.outcome in {Outcome.FAILED, Outcome.COULD_NOT_CHECK}
        (problems if stands_in_the_way else warnings).extend(findings)
        if result.check is Check.PROOF and result.outcome is not Outcome.PASSED and not findings:
            problems.append(Finding(Problem.NO_PROOF, "$.proof"))
    return problems, warnings


def _is_of(suite: Suite, received: JsonObject | str, report: Report) -> bool:
    if suite.cryptosuite is None:
        return isinstance(received, str) or is_enveloped(received)
    if suite.with_status:
        # Lists are what this one is about, and others sign what is in theirs as they like.
        return True
    proofs = [one for one in as_list(report.document.get("proof")) if isinstance(one, dict)]
    return any(one.get("cryptosuite") == suite.cryptosuite.name for one in proofs)
